#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The live channel of a real diunad: what clients are told, say and look at, well and badly.

tests/integration/live.py --diunad PATH speaks TAP. The protocol is in
daemon/api/README.md; frames are those of RFC 6455.
"""

import contextlib
import http.client
import json
import os
import re
import socket
import struct
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import daemon as station  # noqa: E402
from websocket import BINARY, CLOSE, PING, PONG, TEXT, Refused, WebSocket  # noqa: E402

LIVE = "/api/v1/live"
TOPICS = {"zones", "panel", "library", "tasks", "health", "inputs", "log"}    # those that are on at first
WAITING_MAX = 512 * 1024        # README.md, "Limits"
RED = {"color": {"mode": "RGB", "rgb": [255, 0, 0]}}


def rgb(*values):
    return {"color": {"mode": "RGB", "rgb": list(values)}}


class LiveTest(unittest.TestCase):
    """One daemon for all tests of a class."""

    @classmethod
    def configuration(cls):
        return station.config()

    @classmethod
    def setUpClass(cls):
        cls.daemon = station.Daemon(cls.configuration(), preview=False).ready()
        cls.port = cls.daemon.port

    @classmethod
    def tearDownClass(cls):
        code = cls.daemon.stop()
        cls.daemon.close()
        if code:
            raise AssertionError(f"diunad ended with {code}")

    def open(self, topics=None, **options):
        path = LIVE if topics is None else f"{LIVE}?topics={topics}"
        client = WebSocket(self.port, path, limit=station.LIMIT, **options)
        self.addCleanup(client.close)
        return client

    def put(self, path, body):
        """By another client, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=station.LIMIT)
        with contextlib.closing(connection):
            connection.request("PUT", "/api/v1" + path, json.dumps(body),
                               {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
        self.assertEqual(response.status, 204)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=station.LIMIT)
        with contextlib.closing(connection):
            connection.request("GET", "/api/v1" + path)
            return json.loads(connection.getresponse().read())


class Telling(LiveTest):
    def test_snapshot(self):
        """the first message is a snapshot of what GET tells"""
        snapshot = self.open().hear()
        self.assertEqual(snapshot["type"], "snapshot")
        self.assertEqual(set(snapshot["seq"]), TOPICS)
        self.assertEqual(snapshot["zones"], self.get("/zones")["zones"])
        self.assertEqual(snapshot["presets"], self.get("/presets")["presets"])
        self.assertEqual(snapshot["scenes"], self.get("/scenes")["scenes"])
        self.assertEqual(snapshot["panel"], self.get("/panel"))
        self.assertEqual(snapshot["frames"], self.get("/system/frames"))
        self.assertEqual(snapshot["health"]["status"], "healthy")
        self.assertIn("light loop", [task["description"] for task in snapshot["tasks"]])
        self.assertTrue(0 < len(snapshot["logs"]) <= 100)
        self.assertNotIn("events", snapshot)

    def test_change(self):
        """a change is told to all, whole, with the next number, and before its answer"""
        clients = [self.open("zones") for _ in range(3)]
        numbers = [client.hear()["seq"]["zones"] for client in clients]
        clients[0].say({"type": "request", "id": 5, "method": "PUT",
                        "path": "/api/v1/zones/b/color", "body": rgb(1, 2, 3)})
        told = clients[0].hear()
        self.assertEqual((told["type"], told["seq"]), ("zones", numbers[0] + 1))
        self.assertEqual(clients[0].hear(), {"type": "answer", "id": 5, "status": 204})
        self.assertEqual(told["zones"], [self.get("/zones/B")])
        self.assertEqual(told["zones"][0]["color"]["rgb"], [1, 2, 3])
        for client, number in zip(clients[1:], numbers[1:]):
            again = client.hear()
            self.assertEqual((again["seq"], again["zones"]), (number + 1, told["zones"]))
        self.put("/zones/B/color", rgb(3, 2, 1))
        self.assertEqual(clients[2].hear()["seq"], numbers[2] + 2)

    def test_topics(self):
        """only what was asked for is told, and other topics can be chosen"""
        client = self.open("panel")
        self.assertEqual(set(client.hear()), {"type", "seq", "panel", "frames", "transitions"})
        self.put("/zones/A/brightness", {"brightness": 50})
        client.say({"type": "subscribe", "topics": ["zones", "EVENTS"], "id": 9})
        answer = client.hear()
        self.assertEqual((answer["type"], answer["id"]), ("snapshot", 9))
        self.assertEqual(set(answer["seq"]), {"zones", "events"})
        self.assertEqual(answer["zones"][0]["brightness"], 50)
        self.assertIn("web_command", [event["type"] for event in answer["events"][-8:]])
        self.put("/zones/A/brightness", {"brightness": 51})
        kinds, zones = [], []
        # in any order
        while not zones or "zone_static_state_changed" not in kinds:
            told = client.hear()
            kinds += [event["type"] for event in told.get("events", [])]
            zones = told.get("zones", zones)
        self.assertEqual(zones[0]["brightness"], 51)
        client.say({"type": "subscribe", "topics": [], "id": 10})
        self.assertEqual(client.hear("snapshot"), {"type": "snapshot", "id": 10, "seq": {}})

    def test_library(self):
        """presets and scenes are told when they change"""
        client = self.open("library")
        client.hear()
        self.put("/presets/sea", {"rgb": [1, 60, 90]})
        self.assertIn({"name": "sea", "rgb": [1, 60, 90], "own": True},
                      client.hear("library")["presets"])
        self.assertEqual(client.ask("PUT", "/api/v1/scenes/evening")[0], 204)
        self.assertEqual([s["name"] for s in self.get("/scenes")["scenes"]], ["evening"])

    def test_preset(self):
        """a zone whose preset has another name is told"""
        self.put("/presets/lake", {"rgb": [1, 60, 90]})
        self.put("/zones/C/color", {"color": {"mode": "PRESET", "preset_name": "lake"}})
        client = self.open("zones")
        client.hear()
        client.say({"type": "request", "id": 1, "method": "PATCH",
                    "path": "/api/v1/presets/lake", "body": {"name": "pond"}})
        told = client.hear()
        self.assertEqual(told["type"], "zones")
        self.assertEqual(told["zones"], [self.get("/zones/C")])
        self.assertEqual(told["zones"][0]["color"]["preset_name"], "pond")

    def test_inputs(self):
        """bindings that change are told, with the inputs"""
        client = self.open("inputs")
        told = client.hear()
        self.assertEqual({key: told[key] for key in ("own", "bindings")}, self.get("/bindings"))
        self.assertEqual(told["inputs"], self.get("/inputs")["inputs"])
        wanted = self.get("/bindings")["bindings"][:1]
        self.put("/bindings", {"bindings": wanted})
        told = client.hear()
        self.assertEqual((told["type"], told["own"], told["bindings"]), ("inputs", True, wanted))
        client.say({"type": "request", "id": 1, "method": "DELETE", "path": "/api/v1/bindings"})
        self.assertFalse(client.hear("inputs")["own"])

    def test_tasks(self):
        """tasks that begin and end are told"""
        client = self.open("tasks")
        client.hear()
        self.put("/zones/A/animation", {"animation_id": "RAINBOW"})
        begun = client.hear("tasks")["tasks"]
        self.assertEqual([task["category"] for task in begun], ["ANIMATION"])
        self.assertEqual(begun[0]["status"], "running")
        self.put("/zones/A/render-mode", {"render_mode": "STATIC"})
        while begun[0]["status"] == "running":
            begun = [task for task in client.hear("tasks")["tasks"]
                     if task["id"] == begun[0]["id"]] or begun
        self.assertIn(begun[0]["status"], ("completed", "cancelled"))

    def test_log(self):
        """lines of the log follow the snapshot without a gap"""
        client = self.open("log")
        last = client.hear()["logs"][-1]["seq"]
        self.daemon.signal(1)       # SIGHUP: the configuration is read again, which is logged
        lines = client.hear("log")["logs"]
        self.assertEqual(lines[0]["seq"], last + 1)
        self.assertTrue(any("configuration" in line["message"] for line in lines))

    def test_panel(self):
        """the panel and the frame rate are told"""
        client = self.open("panel")
        client.hear()
        self.put("/system/frames/fps", {"fps": 33})
        self.assertEqual(client.hear("panel")["frames"], {"fps": 33, "paused": False})

    def test_transitions(self):
        """a transition that is changed is told with the panel"""
        client = self.open("panel")
        self.assertEqual(client.hear()["transitions"], self.get("/system/transitions"))
        changed = {"ms": 1234, "kind": "fade", "easing": "sine_in_out"}
        self.put("/system/transitions/scene", changed)
        told = client.hear("panel")["transitions"]
        self.assertEqual(told["scene"], changed)
        self.assertEqual(told, self.get("/system/transitions"))

    def test_again(self):
        """a client that missed something asks for a snapshot again"""
        client = self.open("zones")
        first = client.hear()
        self.put("/zones/C/brightness", {"brightness": 12})
        client.hear("zones")
        client.say({"type": "snapshot", "id": 1})
        again = client.hear("snapshot")
        self.assertEqual(again["seq"]["zones"], first["seq"]["zones"] + 1)
        self.assertEqual(again["zones"][2]["brightness"], 12)

    def test_stream(self):
        """the same messages come as server-sent events"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=station.LIMIT)
        with contextlib.closing(connection):
            connection.request("GET", "/api/v1/events/stream?topics=zones")
            response = connection.getresponse()
            self.assertEqual(response.status, 200)
            self.assertEqual(response.getheader("Content-Type"), "text/event-stream")
            self.assertEqual(response.getheader("Cache-Control"), "no-store")

            def event():
                kind, data, end = (response.readline().decode() for _ in range(3))
                self.assertEqual((kind[:7], data[:6], end), ("event: ", "data: ", "\n"))
                return kind[7:].strip(), json.loads(data[6:])
            kind, snapshot = event()
            self.assertEqual((kind, snapshot["type"]), ("snapshot", "snapshot"))
            self.assertEqual(snapshot["zones"], self.get("/zones")["zones"])
            for brightness in (70, 71, 72):
                self.put("/zones/C/brightness", {"brightness": brightness})
                kind, change = event()
                self.assertEqual(kind, "zones")
                self.assertEqual(change["zones"][0]["brightness"], brightness)

    def test_events(self):
        """what happened is remembered in order"""
        self.put("/zones/A/brightness", {"brightness": 44})
        events = self.get("/events?limit=1000")["events"]
        numbers = [event["seq"] for event in events]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertIn("ready", [event.get("kind") for event in events])
        self.assertEqual(self.get("/events?limit=1")["count"], 1)


class Asking(LiveTest):
    def test_get(self):
        """GET by message gives what GET by HTTP gives"""
        client = self.open("")
        client.hear()
        for path in ("/api/v1/zones", "/api/v1/zones/a", "/api/v1/animations/FIRE", "/healthz"):
            status, answer = client.ask("GET", path)
            self.assertEqual(status, 200)
            if path != "/healthz":
                self.assertEqual(answer["body"], self.get(path[7:]))

    def test_problems(self):
        """requests are validated as by HTTP, and refused ones change nothing"""
        client = self.open("")
        client.hear()
        before = self.get("/zones")
        for method, path, body, status, field in (
                ("PUT", "/api/v1/zones/A/brightness", {"brightness": 101}, 422, "/brightness"),
                ("PUT", "/api/v1/zones/A/brightness", {"bright": 1}, 422, "/bright"),
                ("PUT", "/api/v1/zones/X/brightness", {"brightness": 1}, 404, "zone"),
                ("PUT", "/api/v1/zones/A/color", {"color": {"mode": "HUE"}}, 422, "/color/hue"),
                ("DELETE", "/api/v1/zones", None, 405, "/method"),
                ("GET", "/api/v1/nothing", None, 404, None),
                ("GET", "/api/v1/live", None, 404, None),
                ("GET", "/api/v1/events/stream", None, 404, None)):
            got, answer = client.ask(method, path, body, number=77)
            self.assertEqual(got, status, answer)
            self.assertEqual(answer["problem"]["status"], status)
            self.assertEqual(answer["problem"]["instance"], path)
            if field:
                self.assertEqual(answer["problem"]["errors"][0]["field"], field)
        self.assertEqual(self.get("/zones"), before)

    def test_nonsense(self):
        """messages that make no sense are answered with what is allowed, and the client stays"""
        client = self.open("")
        client.hear()
        for text, status in (
                ("", 400), ("{", 400), ("[]", 422), ("1", 422), ('"x"', 422), ("{}", 422),
                ('{"type":1}', 422), ('{"type":"subscrib"}', 422),
                ('{"type":"subscribe","topics":["zone"]}', 422),
                ('{"type":"subscribe","topics":"zones"}', 422),
                ('{"type":"subscribe","topics":["zones"],"more":1}', 422),
                ('{"type":"snapshot","id":"x"}', 422), ('{"type":"snapshot","id":1.5}', 422),
                ('{"type":"snapshot","type":"snapshot"}', 400),
                ('{"type":"request"}', 422), ('{"type":"request","method":"GET"}', 422),
                ('{"type":"request","method":"GET","path":1}', 422),
                ('{"type":"preview"}', 422), ('{"type":"preview","fps":61,"zones":["A"]}', 422),
                ('{"type":"preview","fps":-1}', 422),
                ('{"type":"preview","fps":1,"zones":["D"]}', 422),
                ('{"type":"preview","fps":1,"outputs":["A"]}', 422),
                ("[" * 100 + "]" * 100, 400), ('{"type":"snapshot","x":"\\u0000"}', 400)):
            client.send(client.frame(TEXT, text.encode()))
            answer = client.hear()
            self.assertEqual((answer["type"], answer["id"]), ("answer", None), text)
            self.assertEqual(answer["status"], status, text)
            self.assertEqual(answer["problem"]["status"], status)
            self.assertTrue(answer["problem"]["detail"])
        self.assertEqual(client.ask("GET", "/api/v1/zones/A")[0], 200)

    def test_many(self):
        """more requests than may wait are answered 503, none is lost"""
        client = self.open("")
        client.hear()
        count = 100
        client.send(b"".join(client.frame(TEXT, json.dumps(
            {"type": "request", "id": i, "method": "PUT", "path": "/api/v1/zones/A/brightness",
             "body": {"brightness": i}}).encode()) for i in range(count)))
        answers = [client.hear("answer") for _ in range(count)]
        self.assertEqual({answer["id"] for answer in answers}, set(range(count)))
        statuses = {answer["status"] for answer in answers}
        self.assertLessEqual(statuses, {204, 503})
        # at least the 16 that may wait were done
        self.assertGreaterEqual(sum(a["status"] == 204 for a in answers), 16)


class Looking(LiveTest):
    @classmethod
    def configuration(cls):
        # a channel of RGBW, a zone that runs backwards, a matrix of 3 x 2 wired as a snake that
        # hangs turned by 90 degrees, and a group of two
        whole = station.config()
        whole["outputs"][0]["channels"] = [{"pixels": 10}, {"pixels": 5, "components": 4}]
        whole["zones"] += [
            {"id": "M", "output": "main", "first": 0, "count": 6, "layer": 1, "enabled": True,
             "matrix": {"width": 3, "height": 2, "serpentine": True, "rotation": 90},
             "start": {"is_on": False}}]
        return whole

    def test_pictures(self):
        """the picture of a zone or output is what shows, at once and after each change"""
        self.put("/zones/C/color", rgb(5, 6, 7))
        client = self.open("")
        client.hear()
        client.say({"type": "preview", "fps": 60, "zones": ["b", "C"], "outputs": ["main"],
                    "id": 1})
        self.assertEqual(client.hear()["status"], 204)
        found = {}
        while len(found) < 3 or found[1, 2] != bytes((5, 6, 7)) * 5:
            kind, index, number, pixels = client.picture()
            found[kind, index] = pixels
        while found[0, 0][30:] != found[1, 2]:
            kind, index, number, pixels = client.picture()
            found[kind, index] = pixels
        self.assertEqual(found[1, 1], bytes((0, 255, 0)) * 6)
        self.assertEqual(found[1, 2], bytes((5, 6, 7)) * 5)
        self.assertEqual(found[0, 0], bytes((255, 0, 0)) * 4 + bytes((0, 255, 0)) * 6 +
                         bytes((5, 6, 7)) * 5)
        self.put("/zones/B/color", rgb(9, 8, 7))
        found = {}
        while found.get((1, 1)) != bytes((9, 8, 7)) * 6:
            kind, index, number, pixels = client.picture()
            found[kind, index] = pixels
        # end: an answer, and no picture after it although something changes
        client.say({"type": "preview", "fps": 0, "id": 2})
        self.assertEqual(client.hear("answer")["id"], 2)
        self.put("/zones/B/color", rgb(1, 1, 1))
        client.say({"type": "snapshot", "id": 3})
        self.assertEqual(client.read()[0], TEXT)

    def test_white(self):
        """the white of RGBW pixels is added to what is seen"""
        self.put("/zones/C/color", rgb(5, 6, 7))
        client = self.open("")
        client.hear()
        client.say({"type": "preview", "fps": 60, "zones": ["C"]})
        while client.picture()[3] != bytes((5, 6, 7)) * 5:
            pass

    def test_late(self):
        """who comes while nothing moves gets the picture that shows"""
        for _ in range(3):
            client = self.open("")
            client.hear()
            client.say({"type": "preview", "fps": 1, "zones": ["A"]})
            self.assertEqual(client.picture()[3], bytes((255, 0, 0)) * 4)

    def test_rate(self):
        """pictures come in order, at the rate asked for, the last one too"""
        client = self.open("")
        client.hear()
        client.say({"type": "preview", "fps": 2, "zones": ["A"]})
        first = client.picture()[2]
        # ten changes, answered one by one, take less than the half second to the next picture
        for value in range(10):
            self.put("/zones/A/color", rgb(value, 0, 0))
        numbers = []
        while True:
            _, _, number, pixels = client.picture()
            numbers.append(number)
            if pixels == bytes((9, 0, 0)) * 4:
                break
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreater(numbers[0], first)
        self.put("/zones/A/color", RED)


class Opening(LiveTest):
    def refused(self, status, headers=None, path=LIVE):
        with self.assertRaises(Refused) as refused:
            WebSocket(self.port, path, headers, station.LIMIT)
        self.assertEqual(refused.exception.status, status)
        problem = json.loads(refused.exception.body)
        self.assertEqual(problem["status"], status)
        return refused.exception.headers

    def test_upgrade(self):
        """what is no opening of a WebSocket is told so"""
        self.assertEqual(self.refused(426, {"Upgrade": None})["sec-websocket-version"], "13")
        self.refused(426, {"Connection": "keep-alive"})
        self.refused(426, {"Upgrade": "h2c"})
        self.refused(426, {"Sec-WebSocket-Version": "8"})
        self.refused(426, {"Sec-WebSocket-Version": None})
        for key in (None, "", "abc", "A" * 24, "A" * 22 + "=A", "A" * 23 + "="):
            self.refused(400, {"Sec-WebSocket-Key": key})
        self.refused(400, path=LIVE + "?topics=zone")
        self.refused(400, path=LIVE + "?token=x")

    def test_list(self):
        """tokens of the headers may stand in lists, in any case"""
        client = self.open(headers={"Connection": "keep-alive, UPGRADE", "Upgrade": "WebSocket"})
        self.assertEqual(client.hear()["type"], "snapshot")

    def test_protocol(self):
        """the subprotocol is taken when it is offered, and no other"""
        client = self.open(headers={"Sec-WebSocket-Protocol": "chat, diuna.v1"})
        self.assertEqual(client.headers["sec-websocket-protocol"], "diuna.v1")
        client = self.open(headers={"Sec-WebSocket-Protocol": "chat, diuna.v10"})
        self.assertNotIn("sec-websocket-protocol", client.headers)

    def test_foreign(self):
        """pages of other sites, and other names of the host, open nothing"""
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{self.port + 1}"):
            self.refused(403, {"Origin": origin})
        self.refused(421, {"Host": "evil.example"})
        client = self.open(headers={"Origin": f"http://127.0.0.1:{self.port}"})
        self.assertEqual(client.hear()["type"], "snapshot")

    def test_early(self):
        """messages sent together with the opening are heard"""
        text = json.dumps({"type": "request", "id": 4, "method": "GET",
                           "path": "/api/v1/zones/A"}).encode()
        early = bytes([0x81, 0x80 | len(text)]) + bytes(4) + text       # masked with zeroes
        client = self.open("", early=early)
        self.assertEqual(client.hear("answer")["body"]["id"], "A")

    def test_head(self):
        """HEAD opens nothing"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=station.LIMIT)
        with contextlib.closing(connection):
            connection.request("HEAD", LIVE, headers={"Upgrade": "websocket",
                                                      "Connection": "Upgrade"})
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.status, 426)
            connection.request("HEAD", "/api/v1/events/stream")
            self.assertEqual(connection.getresponse().status, 200)


class Frames(LiveTest):
    def ended(self, code, *frames):
        """Frames that end the connection with this code."""
        client = self.open("")
        client.hear()
        with contextlib.suppress(ConnectionError):
            for frame in frames:
                client.send(client.frame(**frame))
        self.assertEqual(client.close_code(), code, frames)
        self.assertIsNone(client.read())

    def test_protocol_errors(self):
        """frames against the protocol end the connection with 1002"""
        text = b'{"type":"snapshot"}'
        for frames in (
                [dict(opcode=TEXT, payload=text, mask=False)],
                [dict(opcode=TEXT, payload=text, rsv=4)],
                [dict(opcode=TEXT, payload=text, rsv=2)],
                [dict(opcode=TEXT, payload=text, rsv=1)],
                [dict(opcode=PING, payload=b"", rsv=4)],
                [dict(opcode=TEXT, payload=b"{", fin=False),
                 dict(opcode=0, payload=b"}", rsv=1)],
                [dict(opcode=3, payload=b"")], [dict(opcode=11, payload=b"")],
                [dict(opcode=0, payload=b"x")],
                [dict(opcode=TEXT, payload=b"{", fin=False), dict(opcode=TEXT, payload=b"}")],
                [dict(opcode=PING, payload=b"x" * 126)],
                [dict(opcode=PING, payload=b"x", fin=False)],
                [dict(opcode=CLOSE, payload=b"x")],
                [dict(opcode=CLOSE, payload=struct.pack(">H", 999))],
                *[[dict(opcode=CLOSE, payload=struct.pack(">H", code))]
                  for code in (0, 1004, 1005, 1006, 1015, 2999, 5000, 65535)],
                [dict(opcode=CLOSE, payload=struct.pack(">H", 1000) + b"x" * 124)],
                [dict(opcode=TEXT, payload=b"x", length=1 << 63)]):
            self.ended(1002, *frames)

    def test_lengths(self):
        """a length in more bytes than it needs ends the connection with 1002 (RFC 6455, 5.2)"""
        for head in (b"\x81\xfe\x00\x02", b"\x81\xff" + struct.pack(">Q", 2),
                     b"\x81\xff" + struct.pack(">Q", 65535)):
            client = self.open("")
            client.hear()
            client.send(head + bytes(4) + b"{}")
            self.assertEqual(client.close_code(), 1002, head)

    def test_utf8(self):
        """a text that is not UTF-8 ends the connection with 1007"""
        for text in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"):
            self.ended(1007, dict(opcode=TEXT, payload=text))
        self.ended(1007, dict(opcode=CLOSE, payload=struct.pack(">H", 1000) + b"\xff"))
        self.ended(1007, dict(opcode=TEXT, payload=b"\xe2", fin=False),
                   dict(opcode=0, payload=b"\x28\xa1"))

    def test_kinds(self):
        """binary messages end the connection with 1003, long ones with 1009"""
        self.ended(1003, dict(opcode=BINARY, payload=b"x"))
        self.ended(1009, dict(opcode=TEXT, payload=b"x", length=65537))
        self.ended(1009, dict(opcode=TEXT, payload=b"x" * 40000, fin=False),
                   dict(opcode=0, payload=b"x" * 40000))

    def test_close(self):
        """a close frame is answered with its code, then the connection ends"""
        self.ended(1000, dict(opcode=CLOSE, payload=struct.pack(">H", 1000)))
        self.ended(4000, dict(opcode=CLOSE, payload=struct.pack(">H", 4000) + b"bye"))
        self.ended(1001, dict(opcode=CLOSE, payload=struct.pack(">H", 1001)))
        self.ended(0, dict(opcode=CLOSE, payload=b""))

    def test_ping(self):
        """a ping is answered with its payload, also inside a fragmented text"""
        client = self.open("")
        client.hear()
        text = json.dumps({"type": "snapshot", "id": 3}).encode()
        client.send(client.frame(TEXT, text[:5], fin=False))
        client.send(client.frame(PING, b"are you there"))
        client.send(client.frame(0, text[5:9], fin=False))
        client.send(client.frame(0, b"", fin=False))
        self.assertEqual(client.read(), (PONG, b"are you there"))
        client.send(client.frame(0, text[9:]))
        self.assertEqual(client.hear()["id"], 3)

    def test_pieces(self):
        """a text may come in many pieces, and in too many ends the connection with 1008"""
        client = self.open("")
        client.hear()

        def pieces(text):
            for i, byte in enumerate(text):
                yield client.frame(0 if i else TEXT, bytes([byte]), fin=i == len(text) - 1)
        text = json.dumps({"type": "snapshot", "id": 6}).encode().ljust(1024)
        client.send(b"".join(pieces(text)))
        self.assertEqual(client.hear()["id"], 6)
        with contextlib.suppress(ConnectionError):
            client.send(b"".join(pieces(text + b" ")))
        self.assertEqual(client.close_code(), 1008)

    def test_last(self):
        """nothing comes after a close frame, also when that had to wait"""
        client = self.open("zones", receive_buffer=4096)
        client.hear()
        # none of it is read: more than the buffers of both sides take
        for i in range(24):
            client.say({"type": "request", "id": i, "method": "GET", "path": "/api/v1/animations"})
        client.send(client.frame(BINARY, b"x"))
        other = self.open("zones")
        other.hear()
        for brightness in (3, 4):
            self.put("/zones/B/brightness", {"brightness": brightness})
            other.hear("zones")
        self.assertEqual(client.close_code(), 1003)
        self.assertIsNone(client.read())

    def test_bytes(self):
        """frames that come byte by byte are understood"""
        client = self.open("")
        client.hear()
        for byte in client.frame(TEXT, json.dumps({"type": "snapshot", "id": 8}).encode()):
            client.send(bytes([byte]))
        self.assertEqual(client.hear()["id"], 8)

    def test_flood(self):
        """a client that says too much is closed with 1008"""
        client = self.open("")
        client.hear()
        with contextlib.suppress(ConnectionError):
            client.send(client.frame(TEXT, b"{}") * 1000)
        self.assertEqual(client.close_code(), 1008)


class Slow(LiveTest):
    def memory(self):
        with open(f"/proc/{self.daemon.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"RssAnon:\s*(\d+)", status.read())[1]) * 1024

    def test_never_reads(self):
        """a client that never reads is closed at its limit, and others are served"""
        client = self.open("zones", receive_buffer=4096)
        other = self.open("zones")
        other.hear()
        before = self.memory()
        most = 0
        # a message of one zone is 400 bytes or more: so many fill any buffers
        for i in range(4000):
            self.daemon.put("/zones/B/brightness", {"brightness": i % 100})
            other.hear("zones")
            if not i % 100:
                most = max(most, self.memory() - before)
        self.assertLess(most, 2 * WAITING_MAX)
        # what was under way, and then the end
        self.assertIn(client.close_code(), (1013, None))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.daemon.process.pid}/fd"))

    def test_stream_never_reads(self):
        """a stream of events that nobody reads is closed at its limit, and gives its place back"""
        # its connection stays
        self.daemon.put("/zones/B/brightness", {"brightness": 0})
        other = self.open("library")
        other.hear()
        self.get("/zones")
        before = self.descriptors()
        client = socket.socket()
        self.addCleanup(client.close)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", self.port))
        client.sendall(b"GET /api/v1/events/stream?topics=library HTTP/1.1\r\n"
                       b"Host: localhost\r\n\r\n")
        client.recv(100)
        # beyond the limit the kernel takes what it likes
        for i in range(20000):
            # each tells all presets
            self.daemon.put(f"/presets/own{i % 30}", {"rgb": [i % 256, 0, 0]})
            other.hear("library")
            if not i % 50 and self.descriptors() <= before:
                break
        self.assertLessEqual(self.descriptors(), before)

    def test_flood_of_openings(self):
        """many clients that open and vanish leave nothing behind"""
        self.get("/zones")
        before = self.descriptors()
        for _ in range(200):
            client = WebSocket(self.port, limit=station.LIMIT)
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        for _ in range(20):
            client = socket.create_connection(("127.0.0.1", self.port), station.LIMIT)
            client.sendall(b"GET /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.recv(100)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        # whoever still streams is noticed with the next message
        for value in range(200):
            self.put("/zones/A/brightness", {"brightness": value % 100})
            if self.descriptors() <= before + 1:
                break
        self.assertLessEqual(self.descriptors(), before + 1)


class Ending(unittest.TestCase):
    def test_end(self):
        """at the end of the daemon all clients are told, 1001"""
        daemon = station.Daemon(station.config(), preview=False).ready()
        self.addCleanup(daemon.close)
        client = WebSocket(daemon.port)
        self.addCleanup(client.close)
        client.hear()
        stream = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=station.LIMIT)
        stream.request("GET", "/api/v1/events/stream?topics=")
        response = stream.getresponse()
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(client.close_code(), 1001)
        response.read()
        stream.close()

    def test_idle(self):
        """clients that listen while nothing happens cost no wake-ups"""
        daemon = station.Daemon(station.config(), preview=False).ready()
        self.addCleanup(daemon.close)
        client = WebSocket(daemon.port)
        self.addCleanup(client.close)
        client.say({"type": "preview", "fps": 60, "zones": ["A"]})
        client.picture()
        # what the beginning left to do is done when nothing more was told for a while
        client.socket.settimeout(2)
        with self.assertRaises(TimeoutError):
            while True:
                client.read()
        before = daemon.switches()
        with self.assertRaises(TimeoutError):
            client.socket.recv(1)
        self.assertLessEqual(daemon.switches() - before, 4)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Telling, Asking, Looking, Opening, Frames, Slow, Ending)))
