#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every route of the API, asked well and badly by curl.

tests/integration/routes.py --diunad PATH speaks TAP. The table below has to name each operation
of daemon/api/openapi.json, which a unit test holds against the daemon's own table of routes.
"""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon as station  # noqa: E402

V1 = "/api/v1"
UNKNOWN = ("?none=1", None, 400, "none")    # a parameter that no route has
JUNK = ("", {"junk": 1}, 422, "/junk")      # a member that no body has
FRAME = bytes(station.FRAME)
HUE = {"color": {"mode": "HUE", "hue": 240}}
COLOR = ("", {"color": {"mode": "HUE", "hue": 361}}, 422, "/color/hue")
BRIGHTNESS = ("", {"brightness": 101}, 422, "/brightness")
IS_ON = ("", {"is_on": 1}, 422, "/is_on")
MODE = ("", {"render_mode": "DISCO"}, 422, "/render_mode")
ANIMATION = ("", {"animation_id": "NONE"}, 422, "/animation_id")
CONFIG = {"config": {"frames": {"fps": 30}}}
BAD_CONFIG = ("", {"config": {"frames": {"fps": 0}}}, 422, "/config/frames/fps")

# Method, path as the document has it, path of the good request, its body, its status; then what is
# added to the path or stands in place of it (from a slash on), body, status and field of the bad one.
# In the order in which they are asked: what is used was made before.
TABLE = [
    ("GET", "/healthz", "", None, 200, UNKNOWN),
    ("GET", "/readyz", "", None, 200, UNKNOWN),
    ("GET", "/metrics", "", None, 200, UNKNOWN),
    ("GET", V1 + "/zones", "", None, 200, UNKNOWN),
    ("GET", V1 + "/zones/{zone}", "A", None, 200, (V1 + "/zones/D", None, 404, "zone")),
    ("PATCH", V1 + "/zones/{zone}", "A", {"is_on": True, "brightness": 60}, 204, BRIGHTNESS),
    ("PUT", V1 + "/zones/{zone}/is-on", "a", {"is_on": True}, 204, IS_ON),
    ("PUT", V1 + "/zones/{zone}/brightness", "A", {"brightness": 80}, 204, BRIGHTNESS),
    ("PUT", V1 + "/zones/{zone}/color", "A", HUE, 204, COLOR),
    ("PUT", V1 + "/zones/{zone}/animation", "A", {"animation_id": "breathe"}, 204, ANIMATION),
    ("PUT", V1 + "/zones/{zone}/animation/parameters", "A", {"parameters": {"speed": 80}}, 204,
     ("", {"parameters": {"speed": 101}}, 422, "/parameters/speed")),
    ("POST", V1 + "/zones/{zone}/animation/stop", "A", None, 204, JUNK),
    ("PUT", V1 + "/zones/{zone}/render-mode", "A", {"render_mode": "STATIC"}, 204, MODE),
    ("GET", V1 + "/groups", "", None, 200, UNKNOWN),
    ("PUT", V1 + "/groups/{zone}/is-on", "BOTH", {"is_on": True}, 204, IS_ON),
    ("PUT", V1 + "/groups/{zone}/brightness", "BOTH", {"brightness": 80}, 204, BRIGHTNESS),
    ("PUT", V1 + "/groups/{zone}/color", "BOTH", HUE, 204, COLOR),
    ("PUT", V1 + "/groups/{zone}/animation", "BOTH", {"animation_id": "SNAKE"}, 204, ANIMATION),
    ("PUT", V1 + "/groups/{zone}/animation/parameters", "BOTH", {"parameters": {"speed": 80}}, 204,
     ("", {"parameters": {"none": 1}}, 422, "/parameters/none")),
    ("POST", V1 + "/groups/{zone}/animation/stop", "BOTH", None, 204, JUNK),
    ("PUT", V1 + "/groups/{zone}/render-mode", "BOTH", {"render_mode": "STATIC"}, 204, MODE),
    ("GET", V1 + "/animations", "", None, 200, UNKNOWN),
    ("GET", V1 + "/animations/{animation}", "fire", None, 200,
     (V1 + "/animations/none", None, 404, "animation")),
    ("GET", V1 + "/animations/{animation}/miniature", "FIRE", None, 200,
     (V1 + "/animations/none/miniature", None, 404, "animation")),
    ("GET", V1 + "/palettes", "", None, 200, UNKNOWN),
    ("PUT", V1 + "/presets/{preset}", "lake", {"rgb": [1, 60, 90]}, 204,
     ("", {"rgb": [1, 60]}, 422, "/rgb")),
    ("GET", V1 + "/presets/{preset}", "lake", None, 200,
     (V1 + "/presets/none", None, 404, "preset")),
    ("PATCH", V1 + "/presets/{preset}", "lake", {"name": "pond"}, 204,
     ("", {"name": ""}, 422, "/name")),
    ("GET", V1 + "/presets", "", None, 200, UNKNOWN),
    ("POST", V1 + "/presets/{preset}/recall", "pond", {"zone": "A"}, 204,
     ("", {"zone": "D"}, 422, "/zone")),
    ("DELETE", V1 + "/presets/{preset}", "pond", None, 204,
     (V1 + "/presets/none", None, 404, "preset")),
    ("PUT", V1 + "/scenes/{scene}", "evening", None, 204, JUNK),
    ("GET", V1 + "/scenes/{scene}", "evening", None, 200,
     (V1 + "/scenes/none", None, 404, "scene")),
    ("PATCH", V1 + "/scenes/{scene}", "evening", {"position": 0}, 204,
     ("", {"position": 999}, 422, "/position")),
    ("GET", V1 + "/scenes", "", None, 200, UNKNOWN),
    ("POST", V1 + "/scenes/{scene}/recall", "evening", {"transition_ms": 0}, 204,
     ("", {"transition_ms": 60001}, 422, "/transition_ms")),
    ("DELETE", V1 + "/scenes/{scene}", "evening", None, 204,
     (V1 + "/scenes/none", None, 404, "scene")),
    ("GET", V1 + "/export", "", None, 200, UNKNOWN),
    ("POST", V1 + "/import", "", {"version": 2, "presets": [], "scenes": []}, 204,
     ("", {"version": 2, "presets": 1, "scenes": []}, 422, "/presets")),
    ("GET", V1 + "/panel", "", None, 200, UNKNOWN),
    *[("POST", f"{V1}/panel/{name}", "", None, 204, JUNK) for name in (
        "edit-mode", "lamp-white", "power-toggle", "animation-toggle", "select-next",
        "select-previous", "target-next")],
    ("POST", V1 + "/panel/adjust", "", {"steps": 2}, 204, ("", {"steps": 101}, 422, "/steps")),
    ("POST", V1 + "/frame-by-frame/enter", "", None, 204, JUNK),
    # the first step is still being made while they are asked: that is told, too
    *[("POST", f"{V1}/frame-by-frame/{name}", "", None, (204, 409), JUNK) for name in (
        "previous", "next", "play", "pause")],
    ("POST", V1 + "/frame-by-frame/leave", "", None, 204, JUNK),
    ("GET", V1 + "/inputs", "", None, 200, UNKNOWN),
    ("GET", V1 + "/actions", "", None, 200, UNKNOWN),
    ("GET", V1 + "/bindings", "", None, 200, UNKNOWN),
    ("PUT", V1 + "/bindings", "", {"bindings": [{"key": "Z", "action": "POWER"}]}, 204,
     ("", {"bindings": [{"key": "Z", "action": "NONE"}]}, 422, "/bindings/0/action")),
    ("DELETE", V1 + "/bindings", "", None, 204, UNKNOWN),
    ("GET", V1 + "/outputs", "", None, 200, UNKNOWN),
    ("GET", V1 + "/outputs/{output}", "main", None, 200,
     (V1 + "/outputs/none", None, 404, "output")),
    ("PUT", V1 + "/outputs/{output}/frame", "main", FRAME, 204, ("", FRAME[1:], 422, "")),
    ("DELETE", V1 + "/outputs/{output}/frame", "main", None, 204,
     (V1 + "/outputs/none/frame", None, 404, "output")),
    ("GET", V1 + "/config", "", None, 200, UNKNOWN),
    ("PUT", V1 + "/config", "", CONFIG, 204, BAD_CONFIG),
    ("PATCH", V1 + "/config", "", CONFIG, 204, BAD_CONFIG),
    ("POST", V1 + "/config/validate", "", CONFIG, 204, BAD_CONFIG),
    ("DELETE", V1 + "/config", "", None, 204, UNKNOWN),
    ("GET", V1 + "/system/frames", "", None, 200, UNKNOWN),
    ("PUT", V1 + "/system/frames/fps", "", {"fps": 30}, 204, ("", {"fps": 241}, 422, "/fps")),
    ("POST", V1 + "/system/frames/pause", "", None, 204, JUNK),
    ("POST", V1 + "/system/frames/step", "", None, 204, JUNK),
    ("POST", V1 + "/system/frames/resume", "", None, 204, JUNK),
    ("GET", V1 + "/system/health", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/info", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/thermal", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/power", "", None, 200, UNKNOWN),
    ("POST", V1 + "/system/reload", "", None, 204, JUNK),
    ("GET", V1 + "/system/tasks", "?status=running&category=RENDER", None, 200,
     ("?status=lost", None, 400, "status")),
    ("GET", V1 + "/system/tasks/tree", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/tasks/active", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/tasks/failed", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/tasks/summary", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/tasks/{task}", "1", None, 200,
     (V1 + "/system/tasks/0", None, 404, "task")),
    # the light loop goes on as long as the station does
    ("POST", V1 + "/system/tasks/{task}/cancel", "1", None, 409,
     (V1 + "/system/tasks/0/cancel", None, 404, "task")),
    ("GET", V1 + "/system/transitions", "", None, 200, UNKNOWN),
    ("GET", V1 + "/system/transitions/{cause}", "scene", None, 200,
     (V1 + "/system/transitions/none", None, 404, "cause")),
    ("PUT", V1 + "/system/transitions/{cause}", "scene", {"ms": 300}, 204,
     ("", {"ms": 60001}, 422, "/ms")),
    ("GET", V1 + "/logger/levels", "", None, 200, UNKNOWN),
    ("PUT", V1 + "/logger/levels", "", {"levels": {"API": "DEBUG"}}, 204,
     ("", {"levels": {"API": "LOUD"}}, 422, "/levels/API")),
    ("GET", V1 + "/logger/categories", "", None, 200, UNKNOWN),
    ("GET", V1 + "/logger/recent", "?limit=5&level=INFO", None, 200,
     ("?limit=1001", None, 400, "limit")),
    ("GET", V1 + "/events", "?limit=5", None, 200, ("?since=x", None, 400, "since")),
    # curl opens no WebSocket here, and is told how
    ("GET", V1 + "/live", "", None, 426, ("?topics=none", None, 400, "topics")),
    ("GET", V1 + "/events/stream", "", None, 200, ("?topics=none", None, 400, "topics")),
    ("POST", V1 + "/system/shutdown", "", None, 204, JUNK),
]


class Routes(station.DaemonTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        whole = station.config()
        whole["zones"].append({"id": "BOTH", "members": ["A", "B"]})
        self.daemon = self.start(whole, preview=False, arguments=(
            "--state", os.path.join(folder.name, "state.json"))).ready()

    def curl(self, method, path, body):
        """Status and text."""
        command = ["curl", "-s", "-X", method, "--max-time", str(station.LIMIT),
                   "-w", "\n%{http_code}", f"http://127.0.0.1:{self.daemon.port}{path}"]
        raw = isinstance(body, bytes)
        if body is not None:
            command += ["-H", "Content-Type: application/" + ("octet-stream" if raw else "json"),
                        "--data-binary", "@-"]
        if path.startswith(V1 + "/events/stream") and "none" not in path:
            command += ["--max-time", "5"]      # it goes on for ever
        done = subprocess.run(command, input=body if raw else json.dumps(body).encode(),
                              stdout=subprocess.PIPE, check=False)
        text, status = done.stdout.decode().rsplit("\n", 1)
        return int(status), text

    def test_complete(self):
        """the table names every operation that the document has, and each once"""
        status, text = self.curl("GET", V1 + "/openapi.json", None)
        self.assertEqual(status, 200)
        described = sorted((method.upper(), path) for path, methods in
                           json.loads(text)["paths"].items() for method in methods)
        self.assertEqual(sorted((method, path) for method, path, *_ in TABLE), described)

    def test_routes(self):
        """each route takes what is right, and refuses what is wrong by its name"""
        for method, template, item, body, status, bad in TABLE:
            path = template
            if "{" in template:
                path = template[:template.index("{")] + item + template[template.index("}") + 1:]
                query = ""
            else:
                query = item
            wrong, wrong_body, wrong_status, field = bad
            target = wrong if wrong.startswith("/") else path + wrong
            got, text = self.curl(method, target, wrong_body)
            what = f"{method} {target} {wrong_body!r:.60}: {got} {text}"
            self.assertEqual(got, wrong_status, what)
            error = json.loads(text)["errors"][0]
            self.assertEqual(error["field"], field, what)
            self.assertTrue(error["allowed"], what)

            got, text = self.curl(method, path + query, body)
            what = f"{method} {path}{query} {body!r:.60}: {got} {text}"
            self.assertIn(got, status if isinstance(status, tuple) else (status,), what)
            self.assertEqual(bool(text), got != 204, what)
        # the last one was the shutdown
        self.assertEqual(self.daemon.wait(), 0)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Routes,)))
