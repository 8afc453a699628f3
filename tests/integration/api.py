#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The HTTP API of a real diunad, asked well and badly.

tests/integration/api.py --diunad PATH speaks TAP. After every request that is
refused the zones have to be as they were before it.
"""

import contextlib
import http.client
import json
import os
import socket
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import daemon as station  # noqa: E402

JSON = {"Content-Type": "application/json"}
BODY_MAX = 65536            # issue "First light": a body over 64 KiB is refused
DRAIN_MAX = 1024 * 1024     # longer bodies are not read to their end
IMPORT_MAX = 1024 * 1024
BODIES_MAX = 16 * 1024 * 1024   # of all bodies under way, daemon/api/api.h
# What every answer has to carry (OWASP secure headers, for an API that serves no pages).
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
# RFC 9110, section 15
TITLES = {
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    413: "Content Too Large", 415: "Unsupported Media Type", 421: "Misdirected Request",
    422: "Unprocessable Content",
}


class Raw:
    """A socket that speaks bytes, and reads answers one by one."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), station.LIMIT)
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def answer(self, method="GET"):
        """Status, headers in lower case and body; None when the connection has ended."""
        try:
            line = self.file.readline()
        except ConnectionResetError:
            return None
        if not line:
            return None
        status = int(line.split()[1])
        headers = {}
        while (line := self.file.readline().strip()):
            name, value = line.decode("latin-1").split(":", 1)
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = b"" if method == "HEAD" or status < 200 else self.file.read(length)
        return status, headers, body

    def is_closed(self):
        try:
            return self.file.read(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.file.close()
        self.socket.close()


class HttpTest(unittest.TestCase):
    """One daemon for all tests of a class: what one leaves behind shows in the next."""

    @classmethod
    def setUpClass(cls):
        configuration = station.config()
        configuration["http"]["hosts"] = ["lights.example"]
        configuration["zones"][0]["display_name"] = 'Küche "oben" \\ 厨房 💡'
        cls.daemon = station.Daemon(configuration, preview=False).ready()
        cls.port = cls.daemon.port

    @classmethod
    def tearDownClass(cls):
        code = cls.daemon.stop()
        cls.daemon.close()
        if code:
            raise AssertionError(f"diunad ended with {code}")

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and JSON (None without a body) of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=station.LIMIT)
        with contextlib.closing(connection):
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
            if headers is None:
                headers = JSON if body is not None else {}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read()
        for name, value in SAFE.items():
            self.assertEqual(response.getheader(name), value, f"{method} {path}")
        if text:
            kind = "application/json" if response.status == 200 else "application/problem+json"
            self.assertEqual(response.getheader("Content-Type"), kind)
            self.assertIn("default-src 'none'", response.getheader("Content-Security-Policy"))
        return response.status, response.headers, json.loads(text) if text else None

    def get(self, path):
        status, _, answer = self.ask("GET", "/api/v1" + path)
        self.assertEqual(status, 200, answer)
        return answer

    def put(self, path, body, method="PUT"):
        status, _, answer = self.ask(method, "/api/v1" + path, body)
        self.assertEqual((status, answer), (204, None))

    def check_problem(self, status, answer, path):
        """A whole problem document (RFC 9457)."""
        self.assertEqual(answer["status"], status)
        self.assertEqual(answer["type"], "about:blank")
        self.assertEqual(answer["title"], TITLES[status])
        self.assertTrue(answer["detail"])
        self.assertEqual(answer["instance"], path.split("?")[0])
        for error in answer.get("errors", []):
            self.assertIn(error["in"], ("body", "query", "path", "header", "method"))
            self.assertTrue(error["allowed"])
            self.assertIn("field", error)

    @contextlib.contextmanager
    def unchanged(self):
        before = self.get("/zones")
        yield
        self.assertEqual(self.get("/zones"), before)

    def refused(self, wanted, method, path, body=None, headers=None, field=None, value=None,
                allowed=None):
        """Refused with this status, naming field, value and what is allowed; nothing changed."""
        with self.unchanged():
            status, got, answer = self.ask(method, path, body, headers)
        self.assertEqual(status, wanted, f"{method} {path} {str(body)[:200]}: {answer}")
        self.check_problem(status, answer, path)
        if field is not None:
            errors = {error["field"]: error for error in answer["errors"]}
            self.assertIn(field, errors)
            if value is not None:
                self.assertEqual(errors[field]["value"], value)
            if allowed is not None:
                self.assertIn(allowed, errors[field]["allowed"])
        return got, answer


class Reading(HttpTest):
    def test_zones(self):
        """zones are listed with all that clients know of them"""
        answer = self.get("/zones")
        self.assertEqual(answer["count"], 3)
        self.assertEqual([zone["id"] for zone in answer["zones"]], ["A", "B", "C"])
        zone = answer["zones"][1]
        # the configuration of daemon.py: zone B, 6 pixels, green
        self.assertEqual(zone["pixel_count"], 6)
        self.assertEqual(zone["color"], {"mode": "RGB", "rgb": [0, 255, 0]})
        self.assertEqual(zone["render_mode"], "STATIC")
        self.assertIs(zone["is_on"], True)
        for key in ("display_name", "brightness", "animation", "fits", "enabled", "output"):
            self.assertIn(key, zone)

    def test_zone(self):
        """one zone is given by its id in any case, also with escapes"""
        for name in ("A", "a", "%41", "%61"):
            self.assertEqual(self.get(f"/zones/{name}"), self.get("/zones")["zones"][0])

    def test_name(self):
        """a zone's name may hold any character"""
        self.assertEqual(self.get("/zones/A")["display_name"], 'Küche "oben" \\ 厨房 💡')

    def test_animations(self):
        """animations are listed with their parameters, and given one by one"""
        answer = self.get("/animations")
        names = [animation["id"] for animation in answer["animations"]]
        self.assertEqual(answer["count"], len(names))
        # issue "First light": solid, breathe, rainbow, snake
        self.assertLessEqual({"SOLID", "BREATHE", "RAINBOW", "SNAKE"}, set(names))
        for animation in answer["animations"]:
            self.assertEqual(self.get(f"/animations/{animation['id'].lower()}"), animation)
            for parameter in animation["parameters"]:
                self.assertLessEqual({"name", "label", "type", "default"}, set(parameter))
                if parameter["type"] not in ("bool", "palette"):
                    self.assertTrue(
                        parameter["min"] <= parameter["default"] <= parameter["max"])

    def test_health(self):
        """health says how the daemon is"""
        answer = self.get("/system/health")
        self.assertEqual(answer["status"], "healthy")
        self.assertIsNone(answer["reason"])
        frames = answer["outputs"][0].pop("frames")
        self.assertEqual(answer["outputs"], [
            {"name": "main", "type": "virtual", "present": True, "error": None}])
        self.assertEqual(set(frames), {"rendered", "skipped", "dropped", "foreign"})
        self.assertGreater(frames["rendered"], 0)
        self.assertGreater(answer["tasks"]["active"], 0)
        self.assertRegex(answer["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(self.ask("GET", "/healthz")[0], 200)

    def test_tasks(self):
        """tasks are listed whole, active, failed, and counted"""
        tasks = self.get("/system/tasks")
        active = self.get("/system/tasks/active")
        summary = self.get("/system/tasks/summary")
        self.assertEqual(tasks["count"], len(tasks["tasks"]))
        self.assertEqual(active["count"], summary["active"])
        self.assertTrue(all(task["status"] == "running" for task in active["tasks"]))
        self.assertEqual(self.get("/system/tasks/failed"), {"count": 0, "tasks": []})
        categories = {task["category"] for task in active["tasks"]}
        self.assertLessEqual({"RENDER", "API"}, categories)
        self.assertEqual(sum(summary["active_by_category"].values()), summary["active"])

    def test_logger(self):
        """the log's levels, categories and newest lines are given"""
        self.assertEqual(self.get("/logger/levels")["levels"],
                         ["ERROR", "WARNING", "INFO", "DEBUG"])
        self.assertIn("API", self.get("/logger/categories")["categories"])
        answer = self.get("/logger/recent?limit=1")
        self.assertEqual((answer["count"], len(answer["logs"])), (1, 1))
        lines = self.get("/logger/recent?limit=1000")["logs"]
        self.assertTrue(any("listening" in line["message"] for line in lines))
        self.assertEqual([line["seq"] for line in lines],
                         sorted(line["seq"] for line in lines))

    def test_head(self):
        """HEAD gives the headers of GET without the body"""
        for path in ("/api/v1/zones", "/api/v1/animations", "/api/v1/system/tasks", "/healthz"):
            raw = Raw(self.port)
            raw.send(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                     f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head = raw.answer("HEAD")
            body = raw.answer()
            self.assertEqual(head[0], 200)
            self.assertEqual(head[1]["content-length"], body[1]["content-length"])
            self.assertEqual(int(body[1]["content-length"]), len(body[2]))
            raw.close()

    def test_options(self):
        """OPTIONS tells the methods of a path"""
        for path, allow in (("/api/v1/zones", "GET, HEAD, OPTIONS"),
                            ("/api/v1/zones/A/color", "PUT, OPTIONS"),
                            ("/api/v1/system/tasks/tree", "GET, HEAD, OPTIONS"),
                            ("/api/v1/zones/A/animation/stop", "POST, OPTIONS")):
            status, headers, _ = self.ask("OPTIONS", path)
            self.assertEqual((status, headers["Allow"]), (204, allow))

    def test_http_1_0(self):
        """a client of HTTP/1.0 is answered and its connection closed"""
        raw = Raw(self.port)
        raw.send("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        self.assertEqual(raw.answer()[0], 200)
        self.assertTrue(raw.is_closed())
        raw.close()


class Changing(HttpTest):
    def zone(self, name="A"):
        return self.get(f"/zones/{name}")

    def test_is_on(self):
        """is-on is read back as it was written"""
        for wanted in (False, True):
            self.put("/zones/A/is-on", {"is_on": wanted})
            self.assertIs(self.zone()["is_on"], wanted)

    def test_brightness(self):
        """every brightness from 0 to 100 is read back as it was written"""
        for wanted in (*range(101), 80):
            self.put("/zones/a/brightness", {"brightness": wanted})
            self.assertEqual(self.zone()["brightness"], wanted)

    def test_color(self):
        """colours of all modes are read back as they were written"""
        for color, rgb in (
                # hues at the corners of the colour circle
                ({"mode": "HUE", "hue": 0}, [255, 0, 0]),
                ({"mode": "HUE", "hue": 60}, [255, 255, 0]),
                ({"mode": "HUE", "hue": 120}, [0, 255, 0]),
                ({"mode": "HUE", "hue": 240}, [0, 0, 255]),
                ({"mode": "HUE", "hue": 360}, [255, 0, 0]),
                # the original's presets
                ({"mode": "PRESET", "preset_name": "warm_white"}, [255, 200, 150]),
                ({"mode": "PRESET", "preset_name": "cool_white"}, [200, 220, 255]),
                ({"mode": "PRESET", "preset_name": "off"}, [0, 0, 0]),
                ({"mode": "RGB", "rgb": [1, 2, 3]}, [1, 2, 3]),
                # full green, the rest at 255 x (1 - 0.4) = 153
                ({"mode": "HSV", "hsv": [120, 40, 100]}, [153, 255, 153]),
                ({"mode": "HEX", "hex": "#ff8000"}, [255, 128, 0])):
            self.put("/zones/A/color", {"color": color})
            self.assertEqual(self.zone()["color"], {**color, "rgb": rgb})
        self.put("/zones/A/color", {"color": {"mode": "preset", "preset_name": "WHITE"}})
        self.assertEqual(self.zone()["color"]["preset_name"], "white")

    def test_animation(self):
        """an animation is chosen, its parameters set, and stopped"""
        self.put("/zones/B/animation", {"animation_id": "breathe"})
        zone = self.zone("B")
        self.assertEqual((zone["render_mode"], zone["animation"]["id"]), ("ANIMATION", "BREATHE"))
        self.put("/zones/B/animation/parameters", {"parameters": {"speed": 80, "intensity": 75}})
        parameters = self.zone("B")["animation"]["parameters"]
        self.assertEqual((parameters["speed"], parameters["intensity"]), (80, 75))
        others = {name: value for name, value in zone["animation"]["parameters"].items()
                  if name not in ("speed", "intensity")}
        self.assertEqual({name: parameters[name] for name in others}, others)
        running = [task["description"] for task in self.get("/system/tasks/active")["tasks"]
                   if task["category"] == "ANIMATION"]
        self.assertTrue(any("BREATHE" in text for text in running), running)
        self.put("/zones/B/animation/stop", None, "POST")
        self.assertEqual(self.zone("B")["render_mode"], "STATIC")
        self.put("/zones/B/animation/stop", {}, "POST")

    def test_render_mode(self):
        """the render mode is read back as it was written"""
        for mode in ("ANIMATION", "STATIC", "animation", "static"):
            self.put("/zones/C/render-mode", {"render_mode": mode})
            self.assertEqual(self.zone("C")["render_mode"], mode.upper())

    def test_chunked(self):
        """a body in chunks is put together"""
        raw = Raw(self.port)
        raw.send("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in ('{"bright', 'ness"', ":1", "7}"):
            raw.send(f"{len(piece):x}\r\n{piece}\r\n")
        raw.send("0\r\n\r\n")
        self.assertEqual(raw.answer()[0], 204)
        self.assertEqual(self.zone()["brightness"], 17)
        raw.close()

    def test_bytes(self):
        """a request that comes byte by byte is as good as any"""
        body = '{"brightness": 19}'
        raw = Raw(self.port)
        raw.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in (f"PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                     f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                     f"{body}").encode():
            raw.send(bytes([byte]))
        self.assertEqual(raw.answer()[0], 204)
        self.assertEqual(self.zone()["brightness"], 19)
        raw.close()

    def test_pipeline(self):
        """requests sent without waiting are answered in their order, changes included"""
        raw = Raw(self.port)
        requests = ""
        for value in range(20):
            body = json.dumps({"brightness": value})
            requests += ("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                         "Content-Type: application/json\r\n"
                         f"Content-Length: {len(body)}\r\n\r\n{body}"
                         "GET /api/v1/zones/A HTTP/1.1\r\nHost: localhost\r\n\r\n")
        raw.send(requests)
        for value in range(20):
            self.assertEqual(raw.answer()[0], 204)
            status, _, body = raw.answer()
            self.assertEqual((status, json.loads(body)["brightness"]), (200, value))
        raw.close()

    def test_expect(self):
        """a client that asks before it sends its body is told to go on"""
        body = '{"brightness": 23}'
        raw = Raw(self.port)
        raw.send("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                 "Content-Type: application/json\r\nExpect: 100-continue\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n")
        self.assertEqual(raw.answer()[0], 100)
        raw.send(body)
        self.assertEqual(raw.answer()[0], 204)
        raw.close()

    def test_largest(self):
        """a body of exactly 64 KiB is taken, one byte more is not"""
        body = '{"brightness": 29}'
        self.put("/zones/A/brightness", body + " " * (BODY_MAX - len(body)))
        self.assertEqual(self.zone()["brightness"], 29)
        self.refused(413, "PUT", "/api/v1/zones/A/brightness",
                     body + " " * (BODY_MAX - len(body) + 1))

    def test_hosts(self):
        """every name of this server is let in, and pages of its own may change things"""
        for host in ("localhost", "127.0.0.1", "[::1]", "lights.example", "LIGHTS.example"):
            for port in ("", ":80", f":{self.port}"):
                status = self.ask("PUT", "/api/v1/zones/A/is-on", {"is_on": True},
                                  {**JSON, "Host": host + port, "Origin": f"http://{host}{port}"})
                self.assertEqual(status[0], 204)


class Refusing(HttpTest):
    def test_json(self):
        """what is not JSON is refused with line and column"""
        for body in ("", " ", "{", "brightness=5", '{"brightness":5', '{"brightness":5,}',
                     "{'brightness':5}", '{"brightness":NaN}', '{"brightness":Infinity}',
                     '{"brightness":05}', '{"brightness":5} {}', '{"brightness":5}\0',
                     '{"brightness":5,"brightness":6}', '{"brightness":1e999}',
                     '{"brightness":99999999999999999999}', '{"a\\u0000":1}', b"\xff\xfe{}",
                     b'{"brightness":"\xc3\x28"}', b"\xef\xbb\xbf{}", "[" * 60000,
                     '{"a":' * 17 + "1" + "}" * 17):
            _, answer = self.refused(400, "PUT", "/api/v1/zones/A/brightness", body)
            if not isinstance(body, str) or not body.startswith(("[[", '{"a":{')):
                self.assertRegex(answer["detail"], r"line \d+, column \d+")

    def test_is_on(self):
        """is-on takes true and false only"""
        for value in (0, 1, "true", None, [], {}, 1.0):
            self.refused(422, "PUT", "/api/v1/zones/A/is-on", {"is_on": value},
                         field="/is_on", value=value, allowed="true or false")

    def test_brightness(self):
        """brightness takes integers from 0 to 100 only"""
        for value in (-1, 101, 256, 2**31, 2**63 - 1, 50.5, 50.0, "50", True, None, [50], {}):
            self.refused(422, "PUT", "/api/v1/zones/A/brightness", {"brightness": value},
                         field="/brightness", value=value, allowed="a whole number from 0 to 100")

    def test_color(self):
        """a colour's wrong part is named"""
        for color, field, allowed in (
                ("red", "/color", "an object"), ([255, 0, 0], "/color", "an object"),
                (None, "/color", "an object"), ({}, "/color/mode", '"HUE"'),
                ({"mode": "CMYK"}, "/color/mode", '"HUE", "PRESET", "RGB"'),
                ({"mode": "HUE"}, "/color/hue", "0 to 360"),
                ({"mode": "HUE", "hue": 361}, "/color/hue", "0 to 360"),
                ({"mode": "HUE", "hue": -1}, "/color/hue", "0 to 360"),
                ({"mode": "HUE", "hue": "240"}, "/color/hue", "0 to 360"),
                ({"mode": "HUE", "hue": 240.5}, "/color/hue", "0 to 360"),
                ({"mode": "PRESET"}, "/color/preset_name", '"red"'),
                ({"mode": "PRESET", "preset_name": "warm_whit"}, "/color/preset_name",
                 'did you mean "warm_white"?'),
                ({"mode": "RGB", "rgb": [0, 0]}, "/color/rgb", "3 integers"),
                ({"mode": "RGB", "rgb": [0, 0, 0, 0]}, "/color/rgb", "3 integers"),
                ({"mode": "RGB", "rgb": "ff0000"}, "/color/rgb", "3 integers"),
                ({"mode": "RGB", "rgb": [0, 256, 0]}, "/color/rgb/1", "0 to 255"),
                ({"mode": "RGB", "rgb": [-1, 0, 0]}, "/color/rgb/0", "0 to 255"),
                ({"mode": "RGB", "rgb": [0, 0, "0"]}, "/color/rgb/2", "0 to 255"),
                ({"mode": "HSV", "hsv": [0, 0, 101]}, "/color/hsv/2", "0 to 100"),
                ({"mode": "KELVIN", "kelvin": 800}, "/color/kelvin", "1000 to 15000"),
                ({"mode": "HEX", "hex": "#12345g"}, "/color/hex", "hexadecimal"),
                ({"mode": "HUE", "hue": 1, "rgb": [0, 0, 0]}, "/color/rgb", '"hue"'),
                ({"mode": "HUE", "hue": 1, "saturation": 5}, "/color/saturation", '"hue"')):
            self.refused(422, "PUT", "/api/v1/zones/A/color", {"color": color}, field=field,
                         allowed=allowed)

    def test_members(self):
        """members that are missing, unknown or misspelt are named"""
        path = "/api/v1/zones/A/brightness"
        self.refused(422, "PUT", path, {}, field="/brightness")
        _, answer = self.refused(422, "PUT", path, {"brightnes": 5}, field="/brightnes", value=5)
        self.assertIn('did you mean "brightness"?', answer["detail"])
        self.refused(422, "PUT", path, {"brightness": 5, "x/y~z": 1}, field="/x~1y~0z", value=1)
        self.refused(422, "PUT", path, [5], field="", allowed="an object")
        self.refused(422, "PUT", path, "5", field="", allowed="an object")
        self.refused(422, "PUT", path, {f"k{i}": i for i in range(1000)})

    def test_animation(self):
        """unknown animations, modes and parameters are named"""
        zone = "/api/v1/zones/B"
        self.refused(422, "PUT", zone + "/animation", {"animation_id": "RAINBOWS"},
                     field="/animation_id", value="RAINBOWS", allowed='did you mean "RAINBOW"?')
        self.refused(422, "PUT", zone + "/animation", {"animation_id": 3}, field="/animation_id")
        self.refused(422, "PUT", zone + "/render-mode", {"render_mode": "BLINK"},
                     field="/render_mode", value="BLINK", allowed='"STATIC", "ANIMATION"')
        self.put("/zones/B/animation", {"animation_id": "BREATHE"})
        path = zone + "/animation/parameters"
        for parameters, field, allowed in (
                ({"speed": 0}, "/parameters/speed", "1 to 100"),
                ({"speed": 101}, "/parameters/speed", "1 to 100"),
                ({"speed": 5.0}, "/parameters/speed", "1 to 100"),
                ({"speed": 5, "sparkle": 1}, "/parameters/sparkle", '"speed"'),
                ({}, "/parameters", "at least one"), ([], "/parameters", "at least one"),
                (None, "/parameters", "at least one")):
            self.refused(422, "PUT", path, {"parameters": parameters}, field=field,
                         allowed=allowed)
        self.refused(422, "POST", zone + "/animation/stop", {"now": True}, field="/now")
        self.put("/zones/B/animation/stop", None, "POST")

    def test_unknown(self):
        """unknown zones, animations and paths are not found"""
        _, answer = self.refused(404, "GET", "/api/v1/zones/AA", field="zone", value="AA",
                                 allowed='"A", "B", "C"')
        self.refused(404, "PUT", "/api/v1/zones/D/is-on", {"is_on": True}, field="zone")
        _, answer = self.refused(404, "GET", "/api/v1/animations/RAINBO", field="animation")
        self.assertIn('did you mean "RAINBOW"?', answer["detail"])
        for path in ("/api", "/api/v1", "/api/v1/", "/api/v2/zones", "/api/v1/zones/",
                     "/api/v1/zones/A/", "/api/v1//zones", "/api/v1/zones/A/colour",
                     "/api/v1/zones/%00", "/api/v1/zones%00", "/api/v1/zones/%zz",
                     "/api/v1/zones/A%2Fcolor", "/api/v1/../v1/zones", "/API/V1/ZONES",
                     "/api/v1/zones/" + "A" * 200, "/favicon.ico", "/api/v1/zones/%C3%28"):
            self.refused(404, "GET", path)

    def test_method(self):
        """a wrong method is told which are right"""
        for method, path, allow in (
                ("POST", "/api/v1/zones", "GET, HEAD, OPTIONS"),
                ("DELETE", "/api/v1/zones/A", "GET, HEAD, PATCH, OPTIONS"),
                ("GET", "/api/v1/zones/A/is-on", "PUT, OPTIONS"),
                ("POST", "/api/v1/zones/A/color", "PUT, OPTIONS"),
                ("PATCH", "/api/v1/zones/A/color", "PUT, OPTIONS"),
                ("PUT", "/api/v1/zones/A/animation/stop", "POST, OPTIONS"),
                ("GET", "/api/v1/zones/A/animation/stop", "POST, OPTIONS"),
                ("TRACE", "/healthz", "GET, HEAD, OPTIONS"),
                ("BREW", "/healthz", "GET, HEAD, OPTIONS")):
            headers, _ = self.refused(405, method, path)
            self.assertEqual(headers["Allow"], allow)

    def test_content_type(self):
        """a body that is not declared as JSON is not taken"""
        for kind in (None, "text/plain", "application/x-www-form-urlencoded",
                     "multipart/form-data; boundary=x", "application/jsonx",
                     "application/json; charset=latin1"):
            headers = {"Content-Type": kind} if kind else {}
            self.refused(415, "PUT", "/api/v1/zones/A/is-on", '{"is_on":false}', headers,
                         field="Content-Type", allowed="application/json")
        self.refused(415, "POST", "/api/v1/zones/A/animation/stop", "x=1",
                     {"Content-Type": "text/plain"})

    def test_host(self):
        """requests for other names are misdirected, whatever they ask"""
        for host in ("evil.example", f"evil.example:{self.port}", "localhost.evil.example", "::1",
                     "127.0.0.2", "localhost:80x", ""):
            for method, path, body in (("GET", "/api/v1/zones", None),
                                       ("GET", "/healthz", None),
                                       ("PUT", "/api/v1/zones/A/is-on", '{"is_on":false}')):
                self.refused(421, method, path, body, {**JSON, "Host": host}, field="Host",
                             value=host, allowed="localhost")

    def test_no_host(self):
        """a request without a Host, or with two, is a bad one"""
        for headers in ("", "Host: localhost\r\nHost: localhost\r\n",
                        "Host: localhost\r\nhost: evil.example\r\n"):
            raw = Raw(self.port)
            raw.send(f"GET /api/v1/zones HTTP/1.1\r\n{headers}\r\n")
            self.assertEqual(raw.answer()[0], 400)
            raw.close()

    def test_origin(self):
        """pages of other sites cannot change anything, but may be open"""
        for origin in ("http://evil.example", "https://evil.example", "null", "",
                       "http://localhost:1", f"http://127.0.0.1:{self.port}"):
            headers = {**JSON, "Host": f"localhost:{self.port}", "Origin": origin}
            self.refused(403, "PUT", "/api/v1/zones/A/is-on", '{"is_on":false}', headers,
                         field="Origin", value=origin)
            self.refused(403, "POST", "/api/v1/zones/A/animation/stop", None, headers)
            status, got, _ = self.ask("GET", "/api/v1/zones", None, headers)
            self.assertEqual(status, 200)
            self.assertIsNone(got["Access-Control-Allow-Origin"])

    def test_query(self):
        """query parameters are checked, also those that nobody asked for"""
        for limit in ("0", "1001", "-1", "1.0", "abc", "", "%31001", "%zz", "1%2", "1+", "+1",
                      "99999999999999999999"):
            self.refused(400, "GET", f"/api/v1/logger/recent?limit={limit}", field="limit",
                         allowed="a whole number from 1 to 1000")
        self.refused(400, "GET", "/api/v1/logger/recent?limit", field="limit")
        self.refused(400, "GET", "/api/v1/logger/recent?limit=1&limit=2", field="limit",
                     allowed="one value, given once")
        self.assertEqual(len(self.get("/logger/recent?limit=%32")["logs"]), 2)
        self.refused(400, "GET", "/api/v1/logger/recent?limits=5", field="limits", value="5")
        self.refused(400, "GET", "/api/v1/zones/A?limit=5", field="limit",
                     allowed="no parameter")
        self.refused(400, "GET", "/api/v1/zones?limit=5", field="limit",
                     allowed="these parameters only: is_on, enabled, group")
        self.refused(400, "PUT", "/api/v1/zones/A/is-on?is_on=false", {"is_on": False},
                     field="is_on")

    def test_get_changes_nothing(self):
        """GET and HEAD never change anything, with or without a body"""
        with self.unchanged():
            for path in ("/api/v1/zones", "/api/v1/zones/A", "/api/v1/animations"):
                self.assertEqual(self.ask("GET", path, '{"is_on":false}')[0], 200)
                self.assertEqual(self.ask("HEAD", path)[0], 200)


class Hostile(HttpTest):
    def setUp(self):
        self.before = self.get("/zones")

    def tearDown(self):
        self.assertEqual(self.get("/zones"), self.before)
        self.assertEqual(self.get("/system/health")["status"], "healthy")

    def put_head(self, length, extra=""):
        return ("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                f"Content-Type: application/json\r\nContent-Length: {length}\r\n{extra}\r\n")

    def test_half_open(self):
        """clients that stop in the middle of anything keep nobody from being served"""
        starts = ("", "G", "GET /healthz", "GET /healthz HTTP/1.1\r\nHost: loc",
                  self.put_head(100), self.put_head(100) + '{"brightness":5')
        half = []
        for _ in range(8):
            for start in starts:
                raw = Raw(self.port)
                raw.send(start)
                half.append(raw)
        self.assertEqual(self.ask("GET", "/healthz")[0], 200)
        for index, raw in enumerate(half):
            # half of them leave in order, the others at once
            if index % 2:
                raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            raw.close()

    def test_oversized(self):
        """bodies that are too long are refused, and the connection lives on if it can"""
        raw = Raw(self.port)
        raw.send(self.put_head(BODY_MAX + 1))
        raw.send(b" " * (BODY_MAX + 1))
        self.assertEqual(raw.answer()[0], 413)
        raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(raw.answer()[0], 200)
        raw.close()

        for length in (DRAIN_MAX + 1, 2**40, 2**63 - 1):
            raw = Raw(self.port)
            raw.send(self.put_head(length))
            self.assertEqual(raw.answer()[0], 413)
            self.assertTrue(raw.is_closed())
            raw.close()

        raw = Raw(self.port)
        raw.send(self.put_head(BODY_MAX + 1, "Expect: 100-continue\r\n"))
        self.assertEqual(raw.answer()[0], 413)
        raw.close()

    def test_endless(self):
        """a body in chunks without an end is cut off"""
        raw = Raw(self.port)
        raw.send("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        with self.assertRaises(OSError):
            while sent < 64 * DRAIN_MAX:
                raw.send(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
                sent += 0x4000
        raw.close()

    def test_long_chunks(self):
        """a body in chunks of more than 1 MiB gets its answer, too"""
        for length in (DRAIN_MAX + 1, 4 * DRAIN_MAX):
            raw = Raw(self.port)
            self.addCleanup(raw.close)
            raw.send("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                     "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                     f"{length:x}\r\n")
            raw.send(b" " * length)
            raw.send("\r\n0\r\n\r\n")
            self.assertEqual(raw.answer()[0], 413)

    def memory(self, key):
        """A line of /proc/PID/status, in bytes."""
        with open(f"/proc/{self.daemon.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status
                        if line.startswith(key + ":")) * 1024

    def peak(self):
        """The most memory that the daemon has had, in bytes."""
        return self.memory("VmHWM")

    def test_many_values(self):
        """what a long body of many small values took is given back"""
        body = '{"version":3,"presets":[],"scenes":[' + ",".join(["[]"] * 340000) + "]}"
        self.assertLess(len(body), IMPORT_MAX)
        self.assertGreater(len(body), BODY_MAX)
        before, peak = self.memory("RssAnon"), self.peak()
        self.refused(422, "POST", "/api/v1/import", body, JSON)
        # an empty array of jansson is far more than 40 bytes, and there are 340,000
        self.assertGreater(self.peak() - peak, 340000 * 40)
        self.assertLess(self.memory("RssAnon") - before, 4 * IMPORT_MAX)

    def test_many_bodies(self):
        """long bodies that come at once have a limit together, and those over it are told so"""
        body, count, before = IMPORT_MAX - 1, 40, self.peak()
        clients = []
        for _ in range(count):
            raw = Raw(self.port)
            self.addCleanup(raw.close)
            raw.send("POST /api/v1/import HTTP/1.1\r\nHost: localhost\r\n"
                     f"Content-Type: application/json\r\nContent-Length: {body}\r\n\r\n")
            raw.send(b" " * (body - 1))
            clients.append(raw)
        for raw in clients:
            raw.send("x")
        answers = [raw.answer() for raw in clients]
        statuses = [status for status, _, _ in answers]
        # blanks and an x are no JSON
        self.assertEqual(set(statuses), {400, 503}, statuses)
        # as much again for the holes of the heap; without the limit it would be 40 MiB
        self.assertLess(self.peak() - before, BODIES_MAX * 2)
        self.assertEqual({headers.get("retry-after") for status, headers, _ in answers
                          if status == 503}, {"1"})
        # and what they took is given back
        self.refused(400, "POST", "/api/v1/import", " " * (body - 1) + "x", JSON)

    def test_chunks(self):
        """an oversized body in chunks is refused, malformed chunks too"""
        head = ("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        raw = Raw(self.port)
        raw.send(head)
        for _ in range(5):
            raw.send(b"4000\r\n" + b" " * 0x4000 + b"\r\n")
        raw.send("0\r\n\r\n")
        self.assertEqual(raw.answer()[0], 413)
        raw.close()
        for chunk in ("x\r\n", "-1\r\n", "5\r\n12345678", "ffffffffffffffffff\r\n"):
            raw = Raw(self.port)
            raw.send(head + chunk)
            self.assertIn(raw.answer()[0], (400, 413))
            raw.close()

    def test_framing(self):
        """requests whose end could be understood in two ways are refused and closed"""
        # as chunks it is a whole body, so that only the headers can be what is wrong
        body = '11\r\n{"brightness": 5}\r\n0\r\n\r\n'
        for headers in (
                f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n",
                f"Content-Length: {len(body)}\r\nContent-Length: {len(body)}\r\n",
                f"Content-Length: {len(body)}\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: \r\n",
                "Content-Length: -5\r\n", "Content-Length: 0x11\r\n", "Content-Length: 1 7\r\n",
                "Content-Length: +17\r\n"):
            raw = Raw(self.port)
            raw.send("PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n"
                     f"Content-Type: application/json\r\n{headers}\r\n{body}")
            answer = raw.answer()
            self.assertIsNotNone(answer, headers)
            self.assertEqual(answer[0], 400, headers)
            self.assertEqual(answer[1]["connection"], "close")
            # libmicrohttpd 0.9.75 sends its own refusals' headers twice: read to the end
            with contextlib.suppress(ConnectionResetError):
                raw.file.read()
            raw.close()

    def test_headers(self):
        """a flood of headers, a long line and nonsense are refused"""
        for request, statuses in (
                ("GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                 + "".join(f"X-{i}: {'a' * 60}\r\n" for i in range(2000)) + "\r\n", (431,)),
                ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + "a" * 200000 + "\r\n\r\n",
                 (431,)),
                ("GET /" + "a" * 200000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n", (414, 431)),
                ("GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n", (505,)),
                ("GET /healthz HTTP/x\r\nHost: localhost\r\n\r\n", (400,)),
                ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", (400,)),
                ("\r\n\r\n\r\n hello\r\n\r\n", (400,))):
            raw = Raw(self.port)
            with contextlib.suppress(OSError):
                raw.send(request)
            answer = raw.answer()
            if answer:
                self.assertIn(answer[0], statuses, request[:60])
            raw.close()

    def test_absolute(self):
        """other forms of a target are not found"""
        for target in ("http://localhost/healthz", "*", "localhost:80", "//healthz",
                       "healthz", "/healthz#x"):
            raw = Raw(self.port)
            raw.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertEqual(raw.answer()[0], 404, target)
            raw.close()

    def test_deaf(self):
        """clients that never read their answers keep nobody from being served"""
        deaf = []
        for _ in range(16):
            raw = Raw(self.port)
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.socket.setblocking(False)
            with contextlib.suppress(OSError):
                while True:
                    raw.send("GET /api/v1/animations HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
            deaf.append(raw)
        self.assertEqual(self.ask("GET", "/api/v1/zones")[0], 200)
        for raw in deaf:
            raw.close()


class Many(HttpTest):
    def test_clients(self):
        """fifty clients that stay connected all read what they wrote"""
        errors = []
        start = threading.Barrier(50)

        def client(index):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                        timeout=station.LIMIT)
                start.wait()
                zone = "ABC"[index % 3]
                for turn in range(20):
                    body = json.dumps({"brightness": (index + turn) % 101})
                    connection.request("PUT", f"/api/v1/zones/{zone}/brightness", body, JSON)
                    response = connection.getresponse()
                    response.read()
                    if response.status != 204:
                        errors.append(response.status)
                    connection.request("GET", f"/api/v1/zones/{zone}")
                    response = connection.getresponse()
                    answer = json.loads(response.read())
                    if response.status != 200 or not 0 <= answer["brightness"] <= 100:
                        errors.append(answer)
                connection.close()
            except Exception as error:  # whatever it is, the test is to show it
                errors.append(repr(error))

        threads = [threading.Thread(target=client, args=(index,)) for index in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])

    def test_last_write(self):
        """a change is seen by every client once it was answered"""
        others = [http.client.HTTPConnection("127.0.0.1", self.port, timeout=station.LIMIT)
                  for _ in range(10)]
        for value in range(50):
            self.put("/zones/A/brightness", {"brightness": value})
            for other in others:
                other.request("GET", "/api/v1/zones/A")
                self.assertEqual(json.loads(other.getresponse().read())["brightness"], value)
        for other in others:
            other.close()


class Ending(unittest.TestCase):
    def test_end(self):
        """the end closes all connections, busy, idle and half open, and frees the port"""
        daemon = station.Daemon(station.config(), preview=False).ready()
        self.addCleanup(daemon.close)
        raws = [Raw(daemon.port) for _ in range(30)]
        for index, raw in enumerate(raws):
            if index % 3 == 0:
                raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertEqual(raw.answer()[0], 200)
            elif index % 3 == 1:
                raw.send("PUT /api/v1/zones/A/is-on HTTP/1.1\r\nHost: loc")
        stop = threading.Event()
        statuses = set()

        def write():
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port,
                                                    timeout=station.LIMIT)
            while not stop.is_set():
                try:
                    connection.request("PUT", "/api/v1/zones/A/brightness", '{"brightness":5}',
                                       JSON)
                    response = connection.getresponse()
                    response.read()
                    statuses.add(response.status)
                except (OSError, http.client.HTTPException):
                    return

        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        self.assertEqual(daemon.stop(), 0)
        stop.set()
        for writer in writers:
            writer.join()
        self.assertLessEqual(statuses, {204, 503})
        for raw in raws:
            self.assertTrue(raw.is_closed())
            raw.close()
        with self.assertRaises(ConnectionRefusedError):
            Raw(daemon.port)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Reading, Changing, Refusing, Hostile, Many, Ending)))
