#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""diunactl against a real diunad: what it does, what it says, how it ends.

tests/integration/ctl.py --diunad PATH speaks TAP; diunactl lies beside diunad.
Exit codes are those of diunactl(1), the larger ones from sysexits.h.
"""

import contextlib
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import daemon as station  # noqa: E402

OK, REFUSED, USAGE, NO_INPUT, UNAVAILABLE, CONFIG = 0, 1, 64, 66, 69, 78


class Ctl(unittest.TestCase):
    """One daemon for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = station.Daemon(station.config(), preview=False).ready()
        cls.url = f"http://127.0.0.1:{cls.daemon.port}"

    @classmethod
    def tearDownClass(cls):
        code = cls.daemon.stop()
        cls.daemon.close()
        if code:
            raise AssertionError(f"diunad ended with {code}")

    def environment(self, **changes):
        path = os.path.dirname(os.path.abspath(station.DIUNAD))
        return {**os.environ, "DIUNA_URL": self.url, "PATH": path + ":" + os.environ["PATH"],
                **changes}

    def run_ctl(self, *words, **changes):
        return subprocess.run(["diunactl", *words], capture_output=True, text=True,
                              timeout=station.LIMIT, env=self.environment(**changes), check=False,
                              stdin=subprocess.DEVNULL)

    def ctl(self, *words):
        """Its output; it has to succeed, without a word on standard error."""
        done = self.run_ctl(*words)
        self.assertEqual((done.returncode, done.stderr), (OK, ""), words)
        return done.stdout

    def fails(self, code, pattern, *words, **changes):
        """It ends with @code, and says why on standard error only."""
        done = self.run_ctl(*words, **changes)
        self.assertEqual(done.returncode, code, f"{words}: {done.stderr}")
        self.assertRegex(done.stderr, pattern)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def zone(self, name="A"):
        return self.daemon.get(f"/zones/{name}")


class Commands(Ctl):
    def test_zones(self):
        """zones are listed, one a line, and one is shown with its parameters"""
        lines = self.ctl("zones").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["A", "B", "C"])
        self.ctl("zone", "a", "effect", "fire")
        self.assertRegex(self.ctl("zone", "A"), r"(?s)^A .* FIRE\n.*  speed=\d+\n")
        self.ctl("zone", "a", "stop")

    def test_power(self):
        """on and off switch a zone"""
        for word, wanted in (("off", False), ("on", True)):
            self.ctl("zone", "a", word)
            self.assertIs(self.zone()["is_on"], wanted)

    def test_brightness(self):
        """brightness is a whole number of percent"""
        self.ctl("zone", "a", "brightness", "40")
        self.assertEqual(self.zone()["brightness"], 40)
        self.fails(REFUSED, "from 0 to 100", "zone", "a", "brightness", "101")
        self.fails(USAGE, "percent", "zone", "a", "brightness", "bright")
        self.fails(USAGE, "percent", "zone", "a", "brightness")
        self.assertEqual(self.zone()["brightness"], 40)

    def test_color(self):
        """every way to say a colour gives this colour, also over an animation"""
        for words, rgb in (
                # corners of the colour circle, and a preset of the original
                (("red",), [255, 0, 0]), (("#00ff00",), [0, 255, 0]),
                (("hue", "240"), [0, 0, 255]), (("rgb", "1", "2", "3"), [1, 2, 3]),
                (("hsv", "0", "0", "100"), [255, 255, 255])):
            self.ctl("effect", "a", "rainbow")
            self.ctl("zone", "a", "color", *words)
            self.assertEqual(self.zone()["color"]["rgb"], rgb)
            self.assertEqual(self.zone()["render_mode"], "STATIC")
        self.ctl("zone", "a", "color", "kelvin", "2700")
        self.assertEqual(self.zone()["color"]["kelvin"], 2700)

    def test_color_wrong(self):
        """a colour that is none is refused in words and changes nothing"""
        before = self.zone()
        self.fails(REFUSED, "from 0 to 360", "zone", "a", "color", "hue", "361")
        self.fails(REFUSED, "did you mean \"?red", "zone", "a", "color", "redd")
        self.fails(REFUSED, "hexadecimal", "zone", "a", "color", "#12")
        self.fails(USAGE, "wants 3 numbers", "zone", "a", "color", "rgb", "1")
        self.fails(USAGE, "no whole number", "zone", "a", "color", "hue", "blue")
        self.fails(USAGE, "a colour is", "zone", "a", "color", "very", "red")
        self.fails(USAGE, "a colour is", "zone", "a", "color")
        self.assertEqual(self.zone(), before)

    def test_effect(self):
        """an effect starts with parameters, and they change alone"""
        self.ctl("effect", "a", "fire", "speed=70", "palette=ocean")
        animation = self.zone()["animation"]
        self.assertEqual(animation["id"], "FIRE")
        self.assertEqual(animation["parameters"]["speed"], 70)
        self.assertEqual(animation["parameters"]["palette"], "ocean")
        self.ctl("effect", "a", "speed=20")
        self.assertEqual(self.zone()["animation"]["parameters"]["speed"], 20)
        self.fails(REFUSED, 'did you mean "speed"', "effect", "a", "sped=20")
        self.fails(USAGE, "no parameter", "effect", "a", "fire", "fast")
        self.fails(REFUSED, 'did you mean "FIRE"', "effect", "a", "fir")
        self.ctl("effect", "a", "rainbow", "reverse=on")
        self.assertIs(self.zone()["animation"]["parameters"]["reverse"], True)

    def test_group(self):
        """each member of a group gets an effect and its parameters"""
        whole = station.config()
        whole["zones"].append({"id": "BOTH", "members": ["A", "B"]})
        daemon = station.Daemon(whole, preview=False).ready()
        self.addCleanup(daemon.close)
        at = {"DIUNA_URL": f"http://127.0.0.1:{daemon.port}"}
        for words, speed in ((("fire", "speed=70"), 70), (("speed=20",), 20)):
            done = self.run_ctl("group", "both", "effect", *words, **at)
            self.assertEqual((done.returncode, done.stderr), (OK, ""), words)
            for name in ("A", "B"):
                animation = daemon.get(f"/zones/{name}")["animation"]
                self.assertEqual((animation["id"], animation["parameters"]["speed"]),
                                 ("FIRE", speed))
        self.fails(REFUSED, "no group", "group", "a", "effect", "speed=9", **at)
        self.fails(REFUSED, 'did you mean "speed"', "group", "both", "effect", "sped=9", **at)
        self.assertEqual(daemon.stop(), 0)

    def test_effects(self):
        """effects and palettes are listed, and the parameters of one"""
        names = [line.split()[0] for line in self.ctl("effects").splitlines()]
        self.assertEqual(names, [a["id"] for a in self.daemon.get("/animations")["animations"]])
        self.assertRegex(self.ctl("effects", "fire"), r"(?m)^  speed +Speed; 1 to 100 %; \d+$")
        self.assertRegex(self.ctl("palettes"), r"(?m)^ocean +#[0-9a-f]{6} ")

    def test_scenes(self):
        """a scene is saved, listed, recalled, renamed and deleted; its name may be anything"""
        name = "Küche / 50 %"
        self.ctl("zone", "a", "color", "red")
        self.ctl("scene", "save", name)
        self.ctl("zone", "a", "color", "blue")
        self.assertIn(name, self.ctl("scene"))
        self.ctl("scene", "recall", name.upper().replace("Ü", "ü"), "fade=0")
        self.assertEqual(self.zone()["color"]["preset_name"], "red")
        self.ctl("scene", "rename", name, "evening")
        self.assertEqual(self.ctl("scene", "list").split()[0], "evening")
        self.fails(REFUSED, "transition_ms", "scene", "recall", "evening", "fade=-1")
        self.fails(USAGE, "fade=", "scene", "recall", "evening", "slowly")
        self.ctl("scene", "delete", "evening")
        self.fails(REFUSED, "no scene", "scene", "recall", "evening")
        self.fails(USAGE, "which", "scene", "recall")

    def test_presets(self):
        """a preset is saved, shown on one zone, and deleted"""
        self.ctl("preset", "save", "mine", "#ff8001")
        self.assertRegex(self.ctl("preset"), r"(?m)^mine +#ff8001  own$")
        self.ctl("preset", "recall", "mine", "zone=b", "fade=0")
        self.assertEqual(self.zone("B")["color"]["rgb"], [255, 128, 1])
        self.fails(USAGE, "RRGGBB", "preset", "save", "mine", "orange")
        self.fails(USAGE, "RRGGBB", "preset", "save", "mine", "#ff80011")
        self.ctl("preset", "delete", "mine")

    def test_panel(self):
        """the panel's buttons and knobs work"""
        self.assertRegex(self.ctl("panel"), "^zone A, turning changes ")
        self.ctl("panel", "next")
        self.assertRegex(self.ctl("panel"), "^zone B, ")
        self.ctl("panel", "previous")
        self.ctl("zone", "a", "color", "red")
        self.ctl("zone", "a", "brightness", "50")
        self.ctl("panel", "adjust", "-1")
        self.assertLess(self.zone()["brightness"], 50)
        self.fails(USAGE, "panel", "panel", "jump")

    def test_system(self):
        """tasks, log and health are told"""
        self.assertRegex(self.ctl("tasks"), r"(?m)^ +\d+ +running +API +HTTP API")
        self.assertEqual(self.ctl("tasks", "failed"), "")
        self.assertRegex(self.ctl("log"), r"(?m)INFO +API: listening on")
        self.assertEqual(len(self.ctl("log", "2").splitlines()), 2)
        self.assertRegex(self.ctl("health"), "^healthy\noutput main ")

    def test_cancel(self):
        """an effect's task is cancelled by its number; others and none are refused"""
        self.ctl("effect", "a", "fire")
        tasks = self.daemon.get("/system/tasks/active")["tasks"]
        fire = next(task["id"] for task in tasks if task["category"] == "ANIMATION")
        self.ctl("tasks", "cancel", str(fire))
        self.assertEqual(self.zone()["render_mode"], "STATIC")
        self.fails(REFUSED, "diunactl: .", "tasks", "cancel", "1")
        self.fails(REFUSED, "task", "tasks", "cancel", "999999")

    def test_log_follow(self):
        """log -f gives what was, then each line as it comes, and ends with the daemon"""
        other = station.Daemon(station.config(), preview=False).ready()
        process = subprocess.Popen(
            ["diunactl", "log", "-f"], stdout=subprocess.PIPE, text=True,
            env=self.environment(DIUNA_URL=f"http://127.0.0.1:{other.port}"))
        lines = iter(process.stdout.readline, "")
        self.assertTrue(any("ready: " in line for line in lines))
        os.kill(other.process.pid, signal.SIGHUP)   # a reload is told in the log
        self.assertTrue(any("reload" in line.lower() or "configuration" in line for line in lines))
        other.stop()
        process.communicate(timeout=station.LIMIT)
        other.close()

    def test_config(self):
        """the configuration is shown, checked, changed, and as in the files again"""
        with tempfile.TemporaryDirectory() as folder:
            daemon = station.Daemon(station.config(state={"path": os.path.join(folder, "state.json")}),
                                    preview=False).ready()
            self.addCleanup(daemon.close)
            at = {"DIUNA_URL": f"http://127.0.0.1:{daemon.port}"}
            file = os.path.join(folder, "change.json")

            def change(word, text):
                with open(file, "w", encoding="utf-8") as out:
                    out.write(text)
                done = self.run_ctl("config", word, file, **at)
                self.assertEqual((done.returncode, done.stderr), (OK, ""))
                return done.stdout

            def shown():
                return json.loads(self.run_ctl("config", **at).stdout)

            before = shown()
            self.assertEqual(before["frames"]["fps"], 20)      # of daemon.py
            self.assertEqual(change("check", '{"frames": {"fps": 33}}'), "")
            self.assertEqual(shown(), before)
            self.assertEqual(change("set", '{"frames": {"fps": 33}}'), "")
            self.assertEqual(shown()["frames"]["fps"], 33)
            self.assertEqual(change("merge", '{"log": {"level": "error"}}'), "")
            self.assertEqual((shown()["frames"]["fps"], shown()["log"]["level"]), (33, "error"))
            # a frame rate is live, colours of an output are not: diuna.conf(5)
            outputs = json.dumps({"outputs": [{**before["outputs"][0], "colors": [{"gamma": 1}]}]})
            self.assertEqual(change("merge", outputs), "outputs at the daemon's next start\n")
            whole = json.loads(self.run_ctl("config", "--json", **at).stdout)
            self.assertEqual((sorted(whole["own"]), whole["waiting"]), (["frames", "log", "outputs"], ["outputs"]))
            self.assertEqual(self.run_ctl("config", "reset", **at).returncode, OK)
            self.assertEqual(shown(), before)
            for text, pattern in (('{"frames": {"fps": 0}}', "frames.*fps"), ('{"http": {"port": 1}}', "http")):
                with open(file, "w", encoding="utf-8") as out:
                    out.write(text)
                for word in ("check", "set", "merge"):
                    self.fails(REFUSED, pattern, "config", word, file, **at)
            self.assertEqual(shown(), before)
            with open(file, "w", encoding="utf-8") as out:
                out.write('{\n"frames": \x01}')
            self.fails(NO_INPUT, "change.json:2: ", "config", "set", file, **at)
            self.fails(NO_INPUT, "No such file", "config", "set", file + "x", **at)
            self.fails(NO_INPUT, "-:", "config", "set", "-", **at)      # of /dev/null
            self.fails(USAGE, "check FILE", "config", "set", **at)
            self.fails(USAGE, "check FILE", "config", "put", file, **at)
            self.assertEqual(daemon.stop(), 0)

    def test_json(self):
        """--json gives the daemon's answer, wherever it stands"""
        for words in (("--json", "zones"), ("zones", "--json")):
            self.assertEqual(json.loads(self.ctl(*words)), self.daemon.get("/zones"))
        for words in (("zone", "a"), ("effects", "fire"), ("palettes",), ("scene",), ("preset",),
                      ("panel",), ("tasks",), ("health",), ("config",)):
            json.loads(self.ctl(*words, "--json"))
        problem = json.loads(self.fails(REFUSED, "status", "zone", "x", "--json"))
        self.assertEqual(problem["status"], 404)

    def test_usage(self):
        """what is no command is refused with what was meant"""
        self.assertIn('did you mean "zones"', self.fails(USAGE, "no command", "zoness"))
        self.fails(USAGE, "Usage", )
        self.fails(USAGE, "wants a value", "zones", "--url")
        self.fails(USAGE, "not \"blink\"", "zone", "a", "blink")
        self.assertIn("Usage: diunactl", self.ctl("--help"))
        for line in re.findall(r"(?m)^  ([a-z]+) ", self.ctl("--help")):
            self.assertIn(f"Usage: diunactl {line}", self.ctl(line, "--help"))

    def test_unreachable(self):
        """a daemon that is not there, or is something else, is told as such"""
        with station.socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.fails(UNAVAILABLE, "does diunad run", "zones", "--url",
                       f"http://127.0.0.1:{free.getsockname()[1]}")
        self.fails(UNAVAILABLE, "rotocol", "zones", "--url", "gopher://127.0.0.1")
        self.fails(UNAVAILABLE, "rotocol", "zones", "--url", "file:///etc/passwd#")

        class Other(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if "zones" in self.path else 500)
                self.end_headers()
                self.wfile.write(b"<html>hello</html>")

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Other)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        self.fails(UNAVAILABLE, "is it diunad", "zones", DIUNA_URL=url)
        self.fails(UNAVAILABLE, "is it diunad", "health", DIUNA_URL=url)
        server.shutdown()

    def test_terminal(self):
        """what another server says cannot command the terminal"""
        class Evil(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                zone = {"id": "\x1b[2J", "display_name": "\x9b31mred\u202e", "color": {}, "is_on": True}
                self.wfile.write(json.dumps({"zones": [zone]}).encode())

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Evil)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = self.run_ctl("zones", "--url", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        self.assertEqual(done.returncode, OK)
        self.assertNotRegex(done.stdout, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]")

    def test_token_file(self):
        """the token comes from a file, and a file without one is refused"""
        self.fails(NO_INPUT, "No such file", "zones", "--token-file", "/nonexistent")
        self.fails(NO_INPUT, "no token", "zones", "--token-file=/dev/null")
        seen = []

        class Listener(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append(self.headers["Authorization"])
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"zones": []}')

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # a token alone, and as the daemon's own file has it
        for text in ("s3cret\n", "control s3cret\n"):
            with tempfile.NamedTemporaryFile("w") as file:
                file.write(text)
                file.flush()
                self.ctl("zones", "--token-file", file.name, "--url",
                         f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        self.assertEqual(seen, ["Bearer s3cret"] * 2)

    def test_identify_strips(self):
        """identify knows 16 strips, and more of them, which no diunad has, harm nothing"""
        taken = []

        class Many(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"outputs": [{"name": "main", "channels": [{"pixels": 1, "components": 3}] * 40}]})
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body.encode())

            def do_PUT(self):
                taken.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Many)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = self.run_ctl("identify", "main:16", "white", DIUNA_URL=f"http://127.0.0.1:{server.server_port}")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        # LIGHT of identify.c is 96
        self.assertEqual(taken, [bytes(15 * 3) + bytes([96] * 3)])

    def test_identify_wrong(self):
        """identify says what is no test, no output and no strip"""
        self.fails(USAGE, "walk, ruler", "identify", "blink")
        self.fails(USAGE, "diunactl identify", "identify")
        self.fails(USAGE, "1 to 16", "identify", "main:0", "walk")
        self.fails(REFUSED, "no output \"attic\"", "identify", "attic", "ruler")
        self.fails(REFUSED, "no such strip", "identify", "main:3", "ruler")

    def test_order(self):
        """the order of colours is found from what the thirds look like"""
        for configured, seen, order in (
                ("GRB", "rgb", "GRB"), ("grb", "GRB", "RGB"),
                # wired BRG, driven as RGB: byte 1, for red, lights blue; 2 red; 3 green
                ("RGB", "brg", "BRG"), ("GRB", "rbg", "BRG"),
                # white stays
                ("GRBW", "grb", "RGBW"), ("WRGB", "bgr", "WBGR")):
            self.assertEqual(self.ctl("identify", "order", configured, seen), f"order={order}\n")
        for words in (("GRX", "rgb"), ("GRR", "rgb"), ("", "rgb"), ("RGBWW", "rgb"), ("\x1b[2", "rgb")):
            self.assertNotIn("\x1b", self.fails(USAGE, "an order has", "identify", "order", *words))
        for words in (("GRB", "rrr"), ("GRB", "rg"), ("GRB", "rgbw"), ("GRB", "")):
            self.fails(USAGE, "thirds look like", "identify", "order", *words)

    def test_raw_wrong(self):
        """raw says what is no device and no file"""
        self.fails(NO_INPUT, "No such file", "raw", "/nonexistent")
        self.fails(UNAVAILABLE, "no device of diuna", "raw", "/dev/zero", "--device", "/dev/null")
        self.fails(USAGE, "from 1 to 1000", "raw", "--fps", "0", "/dev/zero")
        self.fails(USAGE, "FILE", "raw")
        self.fails(REFUSED, "no output", "raw", "/dev/zero", "--output", "attic")
        self.fails(NO_INPUT, "no whole frame of 45 bytes", "raw", "/dev/null", "--output", "main")

    def test_full_output(self):
        """an output that takes nothing is an error"""
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run(["diunactl", "zones"], stdout=full, stderr=subprocess.PIPE,
                                  env=self.environment(), timeout=station.LIMIT, check=False)
        self.assertEqual(done.returncode, 74)


class Identify(unittest.TestCase):
    def test_pictures(self):
        """identify shows a ruler, thirds and white on the strip meant, and the zones again after"""
        # daemon.py: strips of 10 and 5 pixels; LIGHT of identify.c is 96
        daemon = station.Daemon(station.config()).ready()
        with contextlib.closing(daemon):
            def ctl(*words):
                path = os.path.dirname(os.path.abspath(station.DIUNAD))
                done = subprocess.run([f"{path}/diunactl", "identify", *words], check=True, text=True,
                                      capture_output=True, timeout=station.LIMIT,
                                      env={**os.environ, "DIUNA_URL": f"http://127.0.0.1:{daemon.port}"})
                return done.stdout

            red, green, blue, gray = b"\x60\0\0", b"\0\x60\0", b"\0\0\x60", b"\6\6\6"
            self.assertIn("tenth", ctl("main:1", "ruler", "600"))
            daemon.wait_frame(green + gray * 8 + green + bytes(5 * 3))
            ctl("colors", "600")
            # a third of 10 and of 5: pixel i is of part i * 3 / n, rounded down
            daemon.wait_frame(red * 4 + green * 3 + blue * 3 + red * 2 + green * 2 + blue)
            ctl("main", "white", "1")
            daemon.wait_frame(b"\x60" * station.FRAME)
            daemon.wait_frame(station.START)
            self.assertIn("pixel 5", ctl("main:2", "walk"))
            daemon.wait_frame(bytes(14 * 3) + b"\x60" * 3)
            daemon.wait_frame(station.START)
            self.assertEqual(daemon.stop(), 0)

    def test_raw(self):
        """raw plays a file through the daemon, over the zones, frame by frame"""
        daemon = station.Daemon(station.config()).ready()
        shown = [bytes([i] * station.FRAME) for i in (10, 200, 77)]
        with contextlib.closing(daemon), tempfile.NamedTemporaryFile() as file:
            # a frame that is cut off is the end
            file.write(b"".join(shown) + b"cut")
            file.flush()
            path = os.path.dirname(os.path.abspath(station.DIUNAD))
            process = subprocess.Popen(
                [f"{path}/diunactl", "raw", file.name, "--fps", "1", "--output", "main"],
                env={**os.environ, "DIUNA_URL": f"http://127.0.0.1:{daemon.port}"})
            for frame in shown:
                daemon.wait_frame(frame)
            self.assertEqual(process.wait(station.LIMIT), OK)
            daemon.wait_frame(station.START)
            self.assertEqual(daemon.stop(), 0)


    def test_raw_again(self):
        """raw plays standard input, and with --loop a file again and again until it is ended"""
        daemon = station.Daemon(station.config()).ready()
        one, two = (bytes([i] * station.FRAME) for i in (31, 32))
        command = [os.path.join(os.path.dirname(os.path.abspath(station.DIUNAD)), "diunactl"), "raw", "--fps", "2",
                   "--output", "main"]
        environment = {**os.environ, "DIUNA_URL": f"http://127.0.0.1:{daemon.port}"}
        with contextlib.closing(daemon), tempfile.NamedTemporaryFile() as file:
            process = subprocess.Popen([*command, "-"], env=environment, stdin=subprocess.PIPE)
            process.stdin.write(two[:7])        # a pipe gives a frame in pieces
            process.stdin.flush()
            process.stdin.write(two[7:])
            process.stdin.close()
            daemon.wait_frame(two)
            self.assertEqual(process.wait(station.LIMIT), OK)
            file.write(one + two)
            file.flush()
            process = subprocess.Popen([*command, "--loop", file.name], env=environment)
            for frame in (one, two, one, two, one):
                daemon.wait_frame(frame)
            process.terminate()
            self.assertEqual(process.wait(station.LIMIT), -signal.SIGTERM)
            daemon.wait_frame(station.START)
            # a file that was emptied meanwhile: the end, and no search for frames without a pause
            process = subprocess.Popen([*command, "--loop", file.name], env=environment, stderr=subprocess.PIPE)
            daemon.wait_frame(two)
            file.truncate(0)
            self.assertIn(b"no whole frame", process.communicate(timeout=station.LIMIT)[1])
            self.assertEqual(process.returncode, NO_INPUT)
            # what cannot be begun anew cannot be played again
            done = subprocess.run([*command, "--loop", "-"], env=environment, input=one, capture_output=True,
                                  timeout=station.LIMIT, check=False)
            self.assertEqual(done.returncode, 74)
            self.assertIn(b"--loop: Illegal seek", done.stderr)
            self.assertEqual(daemon.stop(), 0)

    def test_nothing_left(self):
        """without file descriptors left it says so, and how far it came"""
        daemon = station.Daemon(station.config(), preview=False).ready()
        codes = set()
        with contextlib.closing(daemon), tempfile.NamedTemporaryFile() as file:
            file.write(bytes(station.FRAME))
            file.flush()
            for limit in range(4, 16):
                done = subprocess.run(
                    ["prlimit", f"--nofile={limit}", os.path.join(os.path.dirname(os.path.abspath(station.DIUNAD)), "diunactl"),
                     "raw", file.name, "--fps", "1000", "--output", "main"], check=False, capture_output=True,
                    env={**os.environ, "DIUNA_URL": f"http://127.0.0.1:{daemon.port}"}, timeout=station.LIMIT)
                codes.add(done.returncode)
                self.assertEqual(done.returncode == OK, not done.stderr, limit)
            self.assertEqual(daemon.stop(), 0)
        self.assertLessEqual({OK, 71}, codes)
        self.assertLessEqual(codes, {OK, UNAVAILABLE, 71})


class Completion(Ctl):
    FOLDER = os.path.join(ROOT, "scripts/packaging/completion")

    def shell(self, command, *words):
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=True,
                              env=self.environment(), timeout=station.LIMIT, stdin=subprocess.DEVNULL)
        self.assertEqual(done.stderr, "")
        return done.stdout.split("\n")

    def complete(self, line):
        """What bash offers after @line."""
        script = f"""
            . {self.FOLDER}/diunactl.bash
            compopt() {{ :; }}
            COMP_WORDS=({line}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
            _diunactl
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        return [word for word in self.shell(["bash", "-c"], script) if word]

    def complete_zsh(self, line):
        """What zsh is given after @line; it takes of it what begins as the last word does."""
        script = f"""
            compadd() {{ shift; print -l -- "$@" }}
            _files() {{ print -- FILES }}
            words=({line}) CURRENT=${{#words}} PREFIX=${{words[-1]}}
            . {self.FOLDER}/_diunactl
        """
        begin = line.split()[-1].strip("'")
        return [word for word in self.shell(["zsh", "-fc"], script) if word.startswith(begin) and word]

    def complete_fish(self, line):
        """What fish offers after @line."""
        script = f"source {self.FOLDER}/diunactl.fish; complete -C {json.dumps(line.strip(chr(39)))}"
        return [word.split("\t")[0] for word in self.shell(["fish", "--no-config", "-c"], script) if word]

    def test_words(self):
        """bash completes commands, zones, verbs, effects, parameters and presets"""
        self.assertEqual(self.complete("diunactl zo"), ["zones", "zone"])
        self.assertEqual(self.complete("diunactl zone ''"), ["a", "b", "c"])
        self.assertEqual(self.complete("diunactl zone a o"), ["on", "off"])
        self.assertIn("fire", self.complete("diunactl effect a fi"))
        self.assertIn("speed=", self.complete("diunactl effect a fire sp"))
        self.assertIn("red", self.complete("diunactl zone a color re"))
        self.assertEqual(self.complete("diunactl --json scene re"), ["recall", "rename"])
        self.assertIn("--url", self.complete("diunactl zones --u"))

    def test_all_commands(self):
        """every shell's completion knows every command, and no other"""
        known = re.findall(r"(?m)^  ([a-z]+) ", self.ctl("--help"))
        for name in ("diunactl.bash", "_diunactl", "diunactl.fish"):
            with open(os.path.join(ROOT, "scripts/packaging/completion", name), encoding="utf-8") as file:
                text = file.read()
            lists = re.findall(r"zones zone [a-z ]+", text)
            self.assertEqual([sorted(line.split()) for line in lists], [sorted(known)], name)

    @unittest.skipUnless(os.path.exists("/usr/bin/zsh") and os.path.exists("/usr/bin/fish"),
                         "neither zsh nor fish")
    def test_syntax(self):
        """zsh and fish can read theirs"""
        subprocess.run(["zsh", "-n", f"{self.FOLDER}/_diunactl"], check=True)
        subprocess.run(["fish", "-n", f"{self.FOLDER}/diunactl.fish"], check=True)
        for complete in (self.complete, self.complete_zsh, self.complete_fish):
            at = f"--url {self.url}"
            for line, words in (("diunactl zo", ["zone", "zones"]), (f"diunactl {at} zone ''", ["a", "b", "c"]),
                                ("diunactl --json zone a o", ["off", "on"]),
                                (f"diunactl scene {at} re", ["recall", "rename"]),
                                ("diunactl effect a comet_", []), ("diunactl effect a com", ["comet"]),
                                ("diunactl panel ed", ["edit"]), ("diunactl identify ru", ["ruler"]),
                                ("diunactl watch --t", ["--title", "--token-file"]),
                                ("diunactl raw --l", ["--loop"])):
                self.assertEqual(sorted(complete(line)), words, f"{complete.__name__}: {line}")

    def test_options(self):
        """every shell's completion knows every option that --help has"""
        known = set(re.findall(r"--[a-z-]+", self.ctl("--help") + self.ctl("watch", "--help")))
        for name in ("diunactl.bash", "_diunactl", "diunactl.fish"):
            with open(os.path.join(self.FOLDER, name), encoding="utf-8") as file:
                text = file.read()
            if name.endswith("fish"):
                named = {"--" + option for option in re.findall(r"(?m)^complete .* -l ([a-z-]+)", text)} | {"--help"}
            else:
                named = set(re.findall(r"--[a-z][a-z-]+", text))
            self.assertEqual(named, known, name)


class Documents(Ctl):
    def setUp(self):
        with open(os.path.join(ROOT, "scripts/packaging/demo.json"), encoding="utf-8") as file:
            configuration = json.load(file)
        configuration["http"]["port"] = 0
        self.demo = station.Daemon(configuration, preview=False).ready()

    def tearDown(self):
        self.demo.stop()
        self.demo.close()

    def lines(self, word):
        """The README's lines that begin with @word, with those that go on joined."""
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            text = file.read().replace("\\\n", "")
        # a text in quotes may go on over lines
        return re.findall(rf"(?m)^    ({word} (?:[^'\n]|'[^']*')*)$", text)

    def run_lines(self, lines):
        for line in lines:
            line = line.replace("127.0.0.1:8080", f"127.0.0.1:{self.demo.port}")
            done = subprocess.run(
                ["timeout", "5", "bash", "-c", line], capture_output=True, text=True, check=False,
                timeout=station.LIMIT, stdin=subprocess.DEVNULL,
                env=self.environment(DIUNA_URL=f"http://127.0.0.1:{self.demo.port}"))
            # 124: it goes on until it is ended
            self.assertIn(done.returncode, (0, 124), f"{line}\n{done.stderr}")
            self.assertNotIn("about:blank", done.stdout, line)

    def test_curl(self):
        """the README's ten lines for curl work on the demo"""
        lines = self.lines("curl")
        self.assertGreaterEqual(len(lines), 10)
        self.run_lines(lines)

    def test_diunactl(self):
        """the README's ten lines for diunactl work on the demo"""
        lines = self.lines("diunactl")
        self.assertGreaterEqual(len(lines), 10)
        self.run_lines(lines)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Commands, Identify, Completion, Documents)))
