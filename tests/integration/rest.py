#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the HTTP API has besides zones and the library: outputs, tasks, log, system, figures.

tests/integration/rest.py --diunad PATH speaks TAP.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import daemon as station  # noqa: E402

BYTES = {"Content-Type": "application/octet-stream"}
JSON = {"Content-Type": "application/json"}


class RestTest(station.DaemonTest):
    def open(self, configuration=None, **options):
        return self.start(configuration, **options).ready()

    def ask(self, daemon, method, path, body=None, headers=None):
        """Status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=station.LIMIT)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers = {**JSON, **(headers or {})}
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, response.headers, text

    def get(self, daemon, path):
        status, _, text = self.ask(daemon, "GET", "/api/v1" + path)
        self.assertEqual(status, 200, text)
        return json.loads(text)


class Outputs(RestTest):
    FRAME = "/api/v1/outputs/main/frame"

    def test_geometry(self):
        """an output tells its channels, one after the other"""
        daemon = self.open()
        output = self.get(daemon, "/outputs")["outputs"][0]
        self.assertEqual(output["frame_bytes"], station.FRAME)
        self.assertEqual([(c["first"], c["pixels"], c["components"]) for c in output["channels"]],
                         [(0, station.PIXELS, 3), (station.PIXELS, station.AUX, 3)])
        output.pop("frames")
        one = self.get(daemon, "/outputs/MAIN")
        one.pop("frames")
        self.assertEqual(one, output)

    def test_frame(self):
        """a raw frame covers all zones until it is taken away"""
        daemon = self.open()
        daemon.wait_frame(station.START)
        raw = bytes(range(station.FRAME))
        self.assertEqual(self.ask(daemon, "PUT", self.FRAME, raw, BYTES)[0], 204)
        daemon.wait_frame(raw)
        # what is changed beneath it shows afterwards
        daemon.put("/zones/A/color", {"color": {"mode": "RGB", "rgb": [1, 2, 3]}})
        self.assertEqual(self.ask(daemon, "DELETE", self.FRAME)[0], 204)
        daemon.wait_frame(station.picture((1, 2, 3), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(self.ask(daemon, "DELETE", self.FRAME)[0], 204)

    def test_expiry(self):
        """a raw frame ends by itself, also when nothing else moves"""
        daemon = self.open()
        daemon.wait_frame(station.START)
        raw = b"\x80" * station.FRAME
        self.assertEqual(self.ask(daemon, "PUT", self.FRAME + "?ttl_ms=300", raw, BYTES)[0], 204)
        daemon.wait_frame(raw)
        daemon.wait_frame(station.START)

    def test_rest(self):
        """a raw frame covers pixels of no zone too, and leaves nothing of itself behind"""
        whole = station.config()
        del whole["zones"][2]       # nothing is on the second channel
        daemon = self.open(whole)
        raw = b"\xff" * station.FRAME
        self.assertEqual(self.ask(daemon, "PUT", self.FRAME, raw, BYTES)[0], 204)
        daemon.wait_frame(raw)
        self.assertEqual(self.ask(daemon, "DELETE", self.FRAME)[0], 204)
        daemon.wait_frame(bytes((255, 0, 0)) * 4 + bytes((0, 255, 0)) * 6 + bytes(15))

    def test_refused(self):
        """what is no frame of the output is refused with the bytes that it has"""
        daemon = self.open()
        for bytes_ in (0, 1, station.FRAME - 1, station.FRAME + 1):
            status, _, text = self.ask(daemon, "PUT", self.FRAME, b"x" * bytes_, BYTES)
            self.assertEqual(status, 422)
            self.assertIn(f"{station.FRAME} bytes", json.loads(text)["errors"][0]["allowed"])
        for headers in ({}, JSON, {"Content-Type": "text/plain"}):
            status, _, _ = self.ask(daemon, "PUT", self.FRAME, b"x" * station.FRAME, headers)
            self.assertEqual(status, 415)
        for query in ("?ttl_ms=0", "?ttl_ms=3600001", "?ttl_ms=x", "?ttl=1"):
            status, _, _ = self.ask(daemon, "PUT", self.FRAME + query, b"x" * station.FRAME,
                                    BYTES)
            self.assertEqual(status, 400)
        status, _, _ = self.ask(daemon, "PUT", "/api/v1/outputs/none/frame", b"x", BYTES)
        self.assertEqual(status, 404)
        status, _, _ = self.ask(daemon, "PUT", self.FRAME, b"x" * (4 * 131072 + 1), BYTES)
        self.assertEqual(status, 413)
        daemon.wait_frame(station.START)


class Editing(RestTest):
    ZONE = "/api/v1/zones/A"

    def test_patch(self):
        """several members of a zone change at once, and the others stay"""
        daemon = self.open()
        daemon.wait_frame(station.START)
        status, _, _ = self.ask(daemon, "PATCH", self.ZONE, {
            "brightness": 20, "color": {"mode": "RGB", "rgb": [0, 0, 255]}})
        self.assertEqual(status, 204)
        # 20 % of 255 is 51; no frame with only one of the two is shown
        self.assertEqual(daemon.frame(),
                         station.picture((0, 0, 51), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(self.ask(daemon, "PATCH", self.ZONE, {
            "animation": {"id": "fire", "parameters": {"intensity": 33}}})[0], 204)
        zone = self.get(daemon, "/zones/A")
        self.assertEqual((zone["render_mode"], zone["animation"]["id"], zone["brightness"]),
                         ("ANIMATION", "FIRE", 20))
        self.assertEqual(zone["animation"]["parameters"]["intensity"], 33)
        self.assertEqual(self.ask(daemon, "PATCH", self.ZONE, {
            "animation": {"parameters": {"intensity": 44}}, "render_mode": "STATIC"})[0], 204)
        zone = self.get(daemon, "/zones/A")
        self.assertEqual((zone["render_mode"], zone["animation"]["parameters"]["intensity"]),
                         ("STATIC", 44))
        self.assertEqual(zone["color"]["rgb"], [0, 0, 255])
        self.assertEqual(self.ask(daemon, "PATCH", self.ZONE, {"is_on": False})[0], 204)
        self.assertIs(self.get(daemon, "/zones/A")["is_on"], False)

    def test_patch_refused(self):
        """a patch of which a part is wrong changes nothing"""
        daemon = self.open()
        before = self.get(daemon, "/zones")
        for body, field in (
                ({}, ""), ([], ""), ({"brightness": 5, "colour": 1}, "/colour"),
                ({"is_on": False, "brightness": 101}, "/brightness"),
                ({"brightness": None}, "/brightness"),
                ({"is_on": False, "animation": {"id": "FIR"}}, "/animation/id"),
                ({"is_on": False, "animation": {"id": "FIRE", "parameters": {"x": 1}}},
                 "/animation/parameters/x"),
                ({"is_on": False, "animation": {"parameters": {}}}, "/animation/parameters"),
                ({"is_on": False, "render_mode": "X"}, "/render_mode"),
                ({"color": {"mode": "HUE"}, "is_on": False}, "/color/hue")):
            status, _, text = self.ask(daemon, "PATCH", self.ZONE, body)
            self.assertEqual(status, 422, body)
            self.assertEqual(json.loads(text)["errors"][0]["field"], field)
        self.assertEqual(self.get(daemon, "/zones"), before)

    def test_match(self):
        """who edits what another one has changed since is told so"""
        daemon = self.open()
        _, headers, _ = self.ask(daemon, "GET", self.ZONE)
        tag = headers["ETag"]
        self.assertRegex(tag, r'^"[0-9a-f]{16}"$')
        status, _, text = self.ask(daemon, "GET", self.ZONE, headers={"If-None-Match": tag})
        self.assertEqual((status, text), (304, b""))
        path = self.ZONE + "/brightness"
        self.assertEqual(self.ask(daemon, "PUT", path, {"brightness": 5},
                                  {"If-Match": f'"x", {tag}'})[0], 204)
        status, _, text = self.ask(daemon, "PUT", path, {"brightness": 6}, {"If-Match": tag})
        self.assertEqual((status, json.loads(text)["status"]), (412, 412))
        self.assertEqual(self.ask(daemon, "PATCH", self.ZONE, {"brightness": 6},
                                  {"If-Match": tag})[0], 412)
        self.assertEqual(self.get(daemon, "/zones/A")["brightness"], 5)
        # what another zone does is no change of this one
        tag = self.ask(daemon, "GET", self.ZONE)[1]["ETag"]
        daemon.put("/zones/B/brightness", {"brightness": 5})
        self.assertEqual(self.ask(daemon, "PUT", path, {"brightness": 6},
                                  {"If-Match": tag})[0], 204)
        self.assertEqual(self.ask(daemon, "PUT", path, {"brightness": 7},
                                  {"If-Match": "*"})[0], 204)
        status, _, _ = self.ask(daemon, "GET", self.ZONE, headers={"If-None-Match": tag})
        self.assertEqual(status, 200)

    def test_match_others(self):
        """bindings and transitions have tags, too, that change with them and not else"""
        daemon = self.open()
        for whole, path, body in (
                ("/bindings", "/bindings", {"bindings": [{"key": "Z", "action": "POWER"}]}),
                ("/system/transitions/scene", "/system/transitions/scene", {"ms": 123})):
            tag = self.ask(daemon, "GET", "/api/v1" + whole)[1]["ETag"]
            self.assertTrue(tag, whole)
            self.assertEqual(self.ask(daemon, "GET", "/api/v1" + whole)[1]["ETag"], tag)
            for status in (204, 412):
                self.assertEqual(self.ask(daemon, "PUT", "/api/v1" + path, body,
                                          {"If-Match": tag})[0], status, path)

    def test_group_parameters(self):
        """parameters of a group are those of each member, if all play the same"""
        whole = station.config()
        whole["zones"].append({"id": "BOTH", "members": ["A", "B"]})
        daemon = self.open(whole)
        daemon.put("/groups/BOTH/animation", {"animation_id": "SNAKE"})
        path = "/groups/both/animation/parameters"
        daemon.put(path, {"parameters": {"speed": 77}})
        for zone in "AB":
            self.assertEqual(self.get(daemon, f"/zones/{zone}")["animation"]["parameters"]["speed"],
                             77)
        daemon.put("/zones/B/animation", {"animation_id": "FIRE"})
        status, _, text = self.ask(daemon, "PUT", "/api/v1" + path, {"parameters": {"speed": 78}})
        self.assertEqual(status, 409, text)
        self.assertEqual(self.get(daemon, "/zones/A")["animation"]["parameters"]["speed"], 77)

    def test_zones_filter(self):
        """lists of zones are filtered, and the whole list stays whole beside them"""
        whole = station.config()
        whole["zones"].append({"id": "BOTH", "members": ["A", "B"]})
        whole["zones"][1]["enabled"] = False
        daemon = self.open(whole)
        daemon.put("/zones/A/is-on", {"is_on": False})
        everything = [zone["id"] for zone in self.get(daemon, "/zones")["zones"]]
        self.assertEqual(everything[:2] + everything[-1:], ["A", "B", "BOTH"])
        # a group is off at first
        for query, wanted in (("group=true", ["BOTH"]), ("group=FALSE", everything[:-1]),
                              ("enabled=false", ["B"]), ("is_on=false", ["A", "BOTH"]),
                              ("is_on=false&group=false", ["A"]),
                              ("is_on=true&group=true", [])):
            answer = self.get(daemon, "/zones?" + query)
            self.assertEqual([zone["id"] for zone in answer["zones"]], wanted, query)
            self.assertEqual(answer["count"], len(wanted), query)
            self.assertEqual(self.get(daemon, "/zones")["count"], len(everything))
        self.assertEqual(self.get(daemon, "/groups?is_on=true")["count"], 0)
        self.assertEqual(self.get(daemon, "/groups?is_on=false")["count"], 1)
        # a part has a tag of its own
        path = "/api/v1/zones?group=true"
        tag = self.ask(daemon, "GET", path)[1]["ETag"]
        self.assertNotEqual(self.ask(daemon, "GET", "/api/v1/zones")[1]["ETag"], tag)
        self.assertEqual(self.ask(daemon, "GET", path, headers={"If-None-Match": tag})[0], 304)
        for query in ("group=1", "is_on=", "is_on", "enabled=true&enabled=true", "x=1"):
            status, _, text = self.ask(daemon, "GET", "/api/v1/zones?" + query)
            self.assertEqual((status, json.loads(text)["errors"][0]["in"]), (400, "query"))

    def test_transitions(self):
        """transitions are set by cause, each member for itself"""
        daemon = self.open()
        path = "/api/v1/system/transitions/"
        self.assertEqual(self.ask(daemon, "PUT", path + "POWER", {"ms": 700})[0], 204)
        self.assertEqual(self.ask(daemon, "PUT", path + "power",
                                  {"kind": "fade", "easing": "quad_in"})[0], 204)
        wanted = {"ms": 700, "kind": "fade", "easing": "quad_in"}
        self.assertEqual(self.get(daemon, "/system/transitions/power"), wanted)
        self.assertEqual(self.get(daemon, "/system/transitions")["power"], wanted)
        for name, body, status in (("power", {}, 422), ("power", {"ms": 60001}, 422),
                                   ("shutdown", {"ms": 4001}, 422), ("power", {"kind": "x"}, 422),
                                   ("power", {"ms": 1, "x": 1}, 422), ("none", {"ms": 1}, 404)):
            self.assertEqual(self.ask(daemon, "PUT", path + name, body)[0], status, body)
        self.assertEqual(self.get(daemon, "/system/transitions/power"), wanted)


class Tasks(RestTest):
    def test_cancel(self):
        """an animation's task can be cancelled, the station's own cannot"""
        daemon = self.open()
        daemon.put("/zones/A/animation", {"animation_id": "FIRE"})
        task = self.get(daemon, "/system/tasks?category=ANIMATION&status=running")["tasks"][0]
        path = f"/api/v1/system/tasks/{task['id']}/cancel"
        self.assertEqual(self.ask(daemon, "POST", path)[0], 204)
        self.assertEqual(self.get(daemon, f"/system/tasks/{task['id']}")["status"], "cancelled")
        self.assertEqual(self.get(daemon, "/zones/A")["render_mode"], "STATIC")
        self.assertEqual(self.ask(daemon, "POST", path)[0], 409)
        # whatever else goes on is refused, and why it is
        for category in ("RENDER", "HARDWARE", "API", "BACKGROUND"):
            part = self.get(daemon, f"/system/tasks?category={category}")["tasks"][0]["id"]
            status, _, text = self.ask(daemon, "POST", f"/api/v1/system/tasks/{part}/cancel")
            self.assertEqual(status, 409, category)
            self.assertIn(f"is a task of category {category}, ", json.loads(text)["detail"])
        for number, status in ((999999, 404), ("x", 404)):
            self.assertEqual(self.ask(daemon, "POST", f"/api/v1/system/tasks/{number}/cancel")[0],
                             status)

    def test_filter(self):
        """tasks are filtered by status and category, in any case"""
        daemon = self.open()
        daemon.put("/zones/A/animation", {"animation_id": "FIRE"})
        for query, wanted in (("status=running&category=animation", ["running"]),
                              ("status=FAILED", [])):
            tasks = self.get(daemon, "/system/tasks?" + query)
            self.assertEqual([task["status"] for task in tasks["tasks"]], wanted)
            self.assertEqual(tasks["count"], len(wanted))
        for query in ("status=done", "category=LIGHT", "status=running&status=failed", "x=1"):
            status, _, text = self.ask(daemon, "GET", "/api/v1/system/tasks?" + query)
            self.assertEqual((status, json.loads(text)["errors"][0]["in"]), (400, "query"))

    def test_one(self):
        """a task is given by its id"""
        daemon = self.open()
        for task in self.get(daemon, "/system/tasks")["tasks"]:
            self.assertEqual(self.get(daemon, f"/system/tasks/{task['id']}")["description"],
                             task["description"])
        for name in ("0", "01", "99999", "x", "-1"):
            self.assertEqual(self.ask(daemon, "GET", f"/api/v1/system/tasks/{name}")[0], 404)

    def test_tree(self):
        """the tree of tasks has each task once, under its parent"""
        daemon = self.open()
        found = {}

        def walk(tasks, parent):
            for task in tasks:
                self.assertNotIn(task["id"], found)
                found[task["id"]] = parent
                walk(task["children"], task["id"])
        walk(self.get(daemon, "/system/tasks/tree")["tasks"], None)
        wanted = {task["id"]: task["parent"] for task in
                  self.get(daemon, "/system/tasks")["tasks"]}
        self.assertEqual(found, wanted)


class Log(RestTest):
    def test_levels(self):
        """levels of categories change while it runs, all of a request or none"""
        daemon = self.open()
        path = "/api/v1/logger/levels"
        before = self.get(daemon, "/logger/levels")["recorded"]
        for body in ({"levels": {"API": "DEBUG", "EVENT": "LOUD"}}, {"levels": []}, {}, [],
                     {"levels": {"APIS": "DEBUG"}}, {"levels": {}, "x": 1}):
            self.assertEqual(self.ask(daemon, "PUT", path, body)[0], 422, body)
        self.assertEqual(self.get(daemon, "/logger/levels")["recorded"], before)
        status, _, _ = self.ask(daemon, "PUT", path, {"levels": {"event": "DEBUG"}})
        self.assertEqual(status, 204)
        self.assertEqual(self.get(daemon, "/logger/levels")["recorded"],
                         {**before, "EVENT": "DEBUG"})
        daemon.put("/zones/A/brightness", {"brightness": 3})
        daemon.wait_log("DEBUG EVENT")

    def test_filter(self):
        """lines are filtered by level and category, and given from a number on"""
        daemon = self.open()
        lines = self.get(daemon, "/logger/recent?category=system&level=info")["logs"]
        self.assertTrue(lines)
        self.assertEqual({line["category"] for line in lines}, {"SYSTEM"})
        self.assertLessEqual({line["level"] for line in lines}, {"INFO", "WARNING", "ERROR"})
        last = self.get(daemon, "/logger/recent")["logs"][-1]["seq"]
        self.assertEqual(self.get(daemon, f"/logger/recent?since={last - 1}")["logs"][0]["seq"],
                         last)
        self.assertEqual(self.get(daemon, f"/logger/recent?since={last + 1000}")["logs"], [])

    def test_events(self):
        """events are filtered by type, and given from a number on"""
        daemon = self.open()
        daemon.put("/zones/A/brightness", {"brightness": 3})
        events = self.get(daemon, "/events?type=web_command")["events"]
        self.assertEqual([event["zone"] for event in events], ["A"])
        self.assertEqual(self.get(daemon, f"/events?type=web_command&since={events[0]['seq']}")
                         ["events"], [])

    def test_events_of_commands(self):
        """the event of a command names its zone, if it is about one; a question is no command"""
        daemon = self.open()
        for i in range(2):
            daemon.put(f"/scenes/s{i}", None)
        daemon.put("/zones/B/is-on", {"is_on": False})
        # the second scene is not the second zone
        for path, body in (("/scenes/s1/recall", {}), ("/presets/blue/recall", {"zone": "C"}),
                           ("/presets/red/recall", {})):
            self.assertEqual(daemon.ask("POST", path, body)[0], 204)
        self.assertEqual(self.ask(daemon, "GET", "/readyz")[0], 200)
        events = self.get(daemon, "/events?type=web_command")["events"]
        self.assertEqual([event["zone"] for event in events],
                         [None, None, "B", None, "C", None])


class System(RestTest):
    def test_figures(self):
        """figures are as Prometheus wants them"""
        daemon = self.open(station.animated())
        for _ in range(5):
            daemon.frame()
        status, headers, text = self.ask(daemon, "GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        subprocess.run(["promtool", "check", "metrics"], input=text, check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        values = dict(line.rsplit(" ", 1) for line in text.decode().splitlines()
                      if not line.startswith("#"))
        # the last one may have been read before it was counted
        self.assertGreaterEqual(int(values['diuna_output_frames_total{output="main"}']), 4)
        self.assertEqual(int(values["diuna_zones_animated"]), 3)
        self.assertEqual(int(values['diuna_tasks_running{category="ANIMATION"}']), 3)
        self.assertEqual(int(values["diuna_event_handler_failures_total"]), 0)
        daemon.put("/zones/A/brightness", {"brightness": 40})
        text = self.ask(daemon, "GET", "/metrics")[2].decode()
        published, = re.findall(r"^diuna_events_published_total (\d+)$", text, re.M)
        # at least web_command and zone_static_state_changed
        self.assertGreaterEqual(int(published), int(values["diuna_events_published_total"]) + 2)

    def test_hang(self):
        """a light loop that hangs while frames are due is told, and one that goes on as well"""
        daemon = self.open(station.animated())
        self.assertEqual(self.ask(daemon, "GET", "/healthz")[0], 200)
        self.assertEqual(self.ask(daemon, "GET", "/readyz")[0], 200)
        light = daemon.process.pid      # the light loop is the first thread
        with station.held(light):
            # it answers nothing for 5 s, and frames are due for more than 2 s then
            status, _, text = self.ask(daemon, "GET", "/readyz")
            self.assertEqual(status, 504, text)
            self.assertEqual(self.ask(daemon, "GET", "/healthz")[0], 503)
        while self.ask(daemon, "GET", "/healthz")[0] != 200:
            daemon.frame()
        self.assertEqual(self.ask(daemon, "GET", "/readyz")[0], 200)

    def test_reload(self):
        """a reload by request reads the configuration again"""
        daemon = self.open()
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/system/reload")[0], 204)
        daemon.wait_log("configuration was read again")

    def test_shutdown(self):
        """a shutdown by request is an end in order"""
        daemon = self.open()
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/system/shutdown")[0], 204)
        self.assertEqual(daemon.wait(), 0)

    def test_info(self):
        """it tells what it is and since when it runs"""
        daemon = self.open()
        info = self.get(daemon, "/system/info")
        self.assertEqual((info["name"], info["pid"]), ("diuna", daemon.process.pid))
        said = subprocess.run([station.DIUNAD, "--version"], check=True, stdout=subprocess.PIPE,
                              text=True).stdout
        self.assertEqual(said, f"diunad {info['version']}\n")
        self.assertGreaterEqual(info["uptime"], 0)

    def test_board(self):
        """how hot the board is, and whether its supply is weak, as the files of its sensors say"""
        with tempfile.TemporaryDirectory() as folder:
            files = {"sensor": "81499\n", "supply": "1\n"}
            for name, text in files.items():
                with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                    file.write(text)
            # looked at while frames move
            daemon = self.open(station.animated(thermal={
                "sensor": os.path.join(folder, "sensor"), "supply": os.path.join(folder, "supply"),
                "hot_c": 81, "cool_c": 70}))
            while self.get(daemon, "/system/thermal")["temperature_c"] is None:
                pass
            self.assertEqual(self.get(daemon, "/system/thermal"),
                             {"temperature_c": 81, "hot": True})
            self.assertEqual(self.get(daemon, "/system/power"),
                             {"low_voltage": True, "power_off": False})
        # without a sensor nothing is known
        daemon = self.open(station.config(thermal={"sensor": "/nowhere"}))
        self.assertEqual(self.get(daemon, "/system/thermal"),
                         {"temperature_c": None, "hot": False})
        self.assertEqual(self.ask(daemon, "POST", "/api/v1/panel/power-toggle")[0], 204)
        self.assertEqual(self.get(daemon, "/system/power"),
                         {"low_voltage": False, "power_off": True})


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Outputs, Editing, Tasks, Log, System)))
