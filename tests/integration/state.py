#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What diunad remembers: over a restart, a kill at any moment, and a disk that does not want.

tests/integration/state.py --diunad PATH speaks TAP.
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon as station  # noqa: E402
from daemon import START, DaemonTest, config, picture  # noqa: E402

KILLS = 200
STATIONS = 8        # that are killed side by side, as each mostly waits
AS_ROOT = ["sudo", "-n"] if os.getuid() else []  # for disks that are full or read-only
LOST_AT_MOST = 2.0  # seconds of acknowledged changes, as the design promises


def red(value):
    return {"color": {"mode": "RGB", "rgb": [value, 0, 0]}}


class StateTest(DaemonTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "state.json")

    def begin(self, configuration=None, **options):
        return self.start(configuration, arguments=("--state", self.path), **options).ready()

    def files(self):
        return sorted(os.listdir(self.folder))


class Restoring(StateTest):
    def test_restart(self):
        """colours, brightness, power, animations and parameters are there again after a restart"""
        daemon = self.begin()
        daemon.put("/zones/A/color", {"color": {"mode": "HUE", "hue": 240}})
        daemon.put("/zones/A/brightness", {"brightness": 20})
        daemon.put("/zones/B/animation", {"animation_id": "SNAKE"})
        daemon.put("/zones/B/animation/parameters", {"parameters": {"speed": 7}})
        daemon.put("/zones/C/color", {"color": {"mode": "PRESET", "preset_name": "mint"}})
        daemon.put("/zones/C/is-on", {"is_on": False})
        before = daemon.get("/zones")
        self.assertEqual(daemon.stop(), 0)
        again = self.begin()
        self.assertEqual(again.get("/zones"), before)
        self.assertEqual(again.get("/system/health")["status"], "healthy")

    def wait_saved(self, *words):
        """Until the file has all of these: it is written at most 1.5 s after a change."""
        end = time.monotonic() + station.LIMIT
        text = ""
        while not all(word in text for word in words):
            self.assertLess(time.monotonic(), end, text)
            time.sleep(0.05)
            if os.path.exists(self.path):
                with open(self.path, encoding="utf-8") as file:
                    text = file.read()

    def press(self, daemon, button):
        status, answer = daemon.ask("POST", "/panel/" + button)
        self.assertEqual(status, 204, answer)

    def test_panel(self):
        """killed while the lamp is white and power is off, both are given back exactly after it"""
        whole = config()
        whole["zones"][2]["id"] = "LAMP"
        whole["zones"][1]["start"]["is_on"] = False
        daemon = self.begin(whole)
        daemon.put("/zones/LAMP/brightness", {"brightness": 20})
        before = daemon.get("/zones")
        self.press(daemon, "select-next")
        self.press(daemon, "lamp-white")
        self.press(daemon, "power-toggle")
        self.wait_saved('"lamp"', '"was_on"')
        daemon.process.kill()
        daemon.wait()

        again = self.begin(whole)
        panel = again.get("/panel")
        self.assertEqual((panel["lamp_white"], panel["power_off"], panel["zone"]),
                         (True, True, "B"))
        self.press(again, "power-toggle")
        # the original's warm_white is 255, 200, 150
        again.wait_frame(picture((255, 0, 0), (0, 0, 0), (255, 200, 150)))
        self.press(again, "lamp-white")
        self.assertEqual(again.get("/zones"), before)
        again.stop()
        last = self.begin(whole).get("/panel")
        self.assertEqual((last["lamp_white"], last["power_off"]), (False, False))

    def test_transitions(self):
        """a transition and a frame rate that were set by the API are the same after a kill"""
        daemon = self.begin()
        wanted = {"ms": 700, "kind": "fade", "easing": "quad_in"}
        daemon.put("/system/transitions/power", wanted)
        self.wait_saved('"transitions"', "quad_in")
        daemon.put("/system/frames/fps", {"fps": 33})
        self.wait_saved('"fps": 33')
        daemon.process.kill()
        daemon.wait()
        whole = config()
        whole["transitions"]["mode"]["ms"] = 123
        again = self.begin(whole)
        self.assertEqual(again.get("/system/transitions/power"), wanted)
        # what no command has set is the configuration's
        self.assertEqual(again.get("/system/transitions/mode")["ms"], 123)
        self.assertEqual(again.get("/system/frames")["fps"], 33)

    def test_shows(self):
        """what is restored shows in the first frame"""
        daemon = self.begin()
        daemon.put("/zones/A/color", red(9))
        daemon.stop()
        self.assertEqual(self.begin().frame(), picture((9, 0, 0), (0, 255, 0), (0, 0, 255)))

    def test_other_zones(self):
        """a zone that is new has its start values, one that is gone is no trouble"""
        daemon = self.begin()
        daemon.put("/zones/A/color", red(9))
        daemon.put("/zones/B/color", red(8))
        daemon.stop()
        whole = config()
        whole["zones"][0]["id"] = "NEW"
        self.begin(whole).wait_frame(picture((255, 0, 0), (8, 0, 0), (0, 0, 255)))

    def test_untouched(self):
        """where nothing was changed nothing is written"""
        self.begin().stop()
        self.assertEqual(self.files(), [])

    def test_folder_of_systemd(self):
        """state.json in STATE_DIRECTORY is used when nothing else is said"""
        daemon = self.start(environment={"STATE_DIRECTORY": self.folder + ":/other"}).ready()
        daemon.put("/zones/A/brightness", {"brightness": 5})
        daemon.stop()
        self.assertEqual(self.files(), ["state.json"])

    def test_configured(self):
        """the path may stand in the configuration, and an option goes before it"""
        whole = config(state={"path": self.path})
        daemon = self.start(whole).ready()
        daemon.put("/zones/A/brightness", {"brightness": 5})
        daemon.stop()
        self.assertEqual(self.files(), ["state.json"])
        daemon = self.start(whole, arguments=("--state", "none")).ready()
        self.assertEqual(daemon.get("/zones/A")["brightness"], 100)
        daemon.wait_log("the state is not kept")


class Naming(StateTest):
    """Presets and scenes, through the API and over restarts."""

    def ok(self, daemon, method, path, body=None):
        status, answer = daemon.ask(method, path, body)
        self.assertEqual(status, 204, answer)

    def refused(self, daemon, wanted, method, path, body=None):
        status, answer = daemon.ask(method, path, body)
        self.assertEqual(status, wanted, answer)
        self.assertTrue(answer["detail"] or answer["errors"], answer)

    def own(self, daemon):
        return [preset["name"] for preset in daemon.get("/presets")["presets"] if preset["own"]]

    def scenes(self, daemon):
        return [scene["name"] for scene in daemon.get("/scenes")["scenes"]]

    def test_presets(self):
        """a preset is made, used, changed, renamed and removed, and zones follow it"""
        daemon = self.begin()
        self.assertEqual(daemon.get("/presets")["count"], 21)
        self.ok(daemon, "PUT", "/presets/Sea%20foam", {"rgb": [1, 2, 3]})
        self.assertEqual(daemon.get("/presets/sea%20FOAM"),
                         {"name": "Sea foam", "rgb": [1, 2, 3], "own": True})
        daemon.put("/zones/A/color", {"color": {"mode": "PRESET", "preset_name": "sea foam"}})
        daemon.wait_frame(picture((1, 2, 3), (0, 255, 0), (0, 0, 255)))
        self.ok(daemon, "PUT", "/presets/Sea%20foam", {"rgb": [4, 5, 6]})
        daemon.wait_frame(picture((4, 5, 6), (0, 255, 0), (0, 0, 255)))
        self.ok(daemon, "PATCH", "/presets/Sea%20foam", {"name": "Foam"})
        color = {"mode": "PRESET", "preset_name": "Foam", "rgb": [4, 5, 6]}
        self.assertEqual(daemon.get("/zones/A")["color"], color)
        daemon.stop()
        daemon = self.begin()
        self.assertEqual(daemon.get("/zones/A")["color"], color)
        self.ok(daemon, "DELETE", "/presets/foam")
        self.assertEqual(daemon.get("/zones/A")["color"], {"mode": "RGB", "rgb": [4, 5, 6]})
        self.assertEqual(self.own(daemon), [])

    def test_preset_recall(self):
        """a preset is recalled on one zone or on all, also those that are off or animated"""
        daemon = self.begin()
        self.ok(daemon, "PUT", "/presets/x", {"rgb": [7, 8, 9]})
        self.ok(daemon, "POST", "/presets/x/recall", {"zone": "b", "transition_ms": 0})
        daemon.wait_frame(picture((255, 0, 0), (7, 8, 9), (0, 0, 255)))
        daemon.put("/zones/A/is-on", {"is_on": False})
        daemon.put("/zones/C/animation", {"animation_id": "RAINBOW"})
        self.ok(daemon, "POST", "/presets/x/recall")
        daemon.wait_frame(picture((7, 8, 9), (7, 8, 9), (7, 8, 9)))

    def test_preset_order(self):
        """presets are put in order, and that lasts"""
        daemon = self.begin()
        for name in "abc":
            self.ok(daemon, "PUT", f"/presets/{name}", {"rgb": [1, 1, 1]})
        self.ok(daemon, "PATCH", "/presets/c", {"position": 0})
        self.assertEqual(self.own(daemon), ["c", "a", "b"])
        daemon.stop()
        self.assertEqual(self.own(self.begin()), ["c", "a", "b"])

    def test_scenes(self):
        """a scene is saved and recalled with a transition; rename, order and removal last"""
        daemon = self.begin()
        daemon.put("/zones/A/color", red(9))
        daemon.put("/zones/B/animation", {"animation_id": "SNAKE"})
        daemon.put("/zones/C/is-on", {"is_on": False})
        scene = {zone["id"]: zone for zone in daemon.get("/zones")["zones"]}
        for name in ("Film", "Work", "Gone"):
            self.ok(daemon, "PUT", f"/scenes/{name}")
        self.ok(daemon, "DELETE", "/scenes/gone")
        self.ok(daemon, "PATCH", "/scenes/film", {"name": "Film night"})
        self.ok(daemon, "PATCH", "/scenes/work", {"position": 0})
        for zone in daemon.get("/scenes/work")["zones"]:
            for key, value in zone.items():
                self.assertEqual(scene[zone["id"]][key], value)
        daemon.stop()

        daemon = self.begin()
        self.assertEqual(self.scenes(daemon), ["Work", "Film night"])
        daemon.put("/zones/A/color", red(200))
        daemon.ask("POST", "/zones/B/animation/stop")
        daemon.put("/zones/C/is-on", {"is_on": True})
        daemon.wait_frame(picture((200, 0, 0), (0, 255, 0), (0, 0, 255)))
        self.ok(daemon, "POST", "/scenes/film%20night/recall", {"transition_ms": 1000})
        # on the way from 200 to 9 something between them shows
        seen = set()
        while 9 not in seen:
            seen.add(daemon.frame()[0])
        self.assertTrue(seen - {200, 9}, seen)
        after = {zone["id"]: zone for zone in daemon.get("/zones")["zones"]}
        self.assertEqual(after, scene)

    def test_export(self):
        """what one station exports another imports, beside what it has"""
        daemon = self.begin()
        self.ok(daemon, "PUT", "/presets/x", {"rgb": [7, 8, 9]})
        daemon.put("/zones/A/color", {"color": {"mode": "PRESET", "preset_name": "x"}})
        self.ok(daemon, "PUT", "/scenes/one")
        export = daemon.get("/export")
        daemon.stop()
        os.unlink(self.path)

        daemon = self.begin()
        self.ok(daemon, "PUT", "/presets/y", {"rgb": [1, 1, 1]})
        self.ok(daemon, "POST", "/import", export)
        self.assertEqual(self.own(daemon), ["y", "x"])
        self.ok(daemon, "POST", "/scenes/one/recall")
        daemon.wait_frame(picture((7, 8, 9), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(daemon.get("/zones/A")["color"]["preset_name"], "x")

    def test_refused(self):
        """what is not allowed is refused with its reason, and nothing is changed"""
        daemon = self.begin()
        self.ok(daemon, "PUT", "/presets/x", {"rgb": [7, 8, 9]})
        self.ok(daemon, "PUT", "/scenes/one")
        self.ok(daemon, "PUT", "/scenes/two")
        before = daemon.get("/export")
        for wanted, method, path, body in (
                (409, "PUT", "/presets/red", {"rgb": [1, 1, 1]}),
                (409, "DELETE", "/presets/red", None),
                (409, "PATCH", "/presets/x", {"name": "RED"}),
                (409, "PATCH", "/scenes/one", {"name": "two"}),
                (404, "DELETE", "/presets/y", None),
                (404, "GET", "/scenes/three", None),
                (404, "POST", "/scenes/three/recall", None),
                (422, "PUT", "/presets/y", {"rgb": [1, 1, 256]}),
                (422, "PUT", "/presets/%20", {"rgb": [1, 1, 1]}),
                (422, "PUT", "/scenes/" + 32 * "x", None),
                (422, "PATCH", "/scenes/one", {}),
                (422, "PATCH", "/scenes/one", {"name": "a", "position": 0}),
                (422, "PATCH", "/scenes/one", {"name": "a\n"}),
                (422, "PATCH", "/scenes/one", {"position": 2}),
                (422, "POST", "/scenes/one/recall", {"transition_ms": 60001}),
                (422, "POST", "/scenes/one/recall", {"zone": "A"}),
                (422, "POST", "/presets/x/recall", {"zone": "nowhere"}),
                (422, "POST", "/import", {"version": 2, "presets": [], "scenes": 1}),
                (422, "POST", "/import", {"version": 99, "presets": [], "scenes": []}),
                (405, "POST", "/scenes/one", {})):
            with self.subTest(method=method, path=path, body=body):
                self.refused(daemon, wanted, method, path, body)
        self.assertEqual(daemon.get("/export"), before)

    def test_limits(self):
        """there is room for 64 own presets and 32 scenes, and for them all in one import"""
        daemon = self.begin()
        for number in range(64):
            self.ok(daemon, "PUT", f"/presets/p{number}", {"rgb": [1, 1, number]})
        self.refused(daemon, 409, "PUT", "/presets/more", {"rgb": [1, 1, 1]})
        for number in range(32):
            self.ok(daemon, "PUT", f"/scenes/s{number}")
        self.refused(daemon, 409, "PUT", "/scenes/more")
        export = daemon.get("/export")
        self.ok(daemon, "POST", "/import", export)
        self.assertEqual(daemon.get("/export"), export)


class Damage(StateTest):
    def test_damaged(self):
        """a damaged file is kept aside, said once, and the start values show"""
        with open(self.path, "w", encoding="ascii") as out:
            out.write('{"version": 1, "zones": [')
        daemon = self.begin()
        daemon.wait_frame(START)
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        daemon.put("/zones/A/brightness", {"brightness": 5})
        daemon.stop()
        said = [line for line in daemon.log if "damaged" in line]
        self.assertEqual(len(said), 1, said)
        kept = [name for name in self.files() if name.startswith("state.json.damaged-")]
        self.assertEqual(self.files(), ["state.json", *kept])
        with open(os.path.join(self.folder, kept[0]), encoding="ascii") as file:
            self.assertEqual(file.read(), '{"version": 1, "zones": [')
        self.assertEqual(self.begin().get("/zones/A")["brightness"], 5)

    def test_unreadable(self):
        """a file that cannot be read is left alone: health tells, and nothing is saved over it"""
        # nobody, not even root, can open it: Too many levels of symbolic links
        os.symlink("state.json", self.path)
        daemon = self.begin()
        daemon.wait_frame(START)
        reason = "the state is not saved: Too many levels of symbolic links"
        self.assertEqual(daemon.get("/system/health")["reason"], reason)
        daemon.put("/zones/A/brightness", {"brightness": 5})
        self.assertEqual(daemon.get("/system/health")["reason"], reason)
        self.assertEqual(daemon.stop(), 1)
        said = [line for line in daemon.log if "STATE" in line]
        self.assertEqual(len(said), 1, said)
        self.assertIn("nothing is saved over it", said[0])
        self.assertTrue(os.path.islink(self.path))
        self.assertEqual(self.files(), ["state.json"])

    def test_half_written(self):
        """what a crash left half written beside the file is no matter"""
        daemon = self.begin()
        daemon.put("/zones/A/brightness", {"brightness": 5})
        daemon.stop()
        with open(self.path + ".new", "w", encoding="ascii") as out:
            out.write("{")
        daemon = self.begin()
        self.assertEqual(daemon.get("/zones/A")["brightness"], 5)
        daemon.put("/zones/A/brightness", {"brightness": 6})
        daemon.stop()
        self.assertEqual(self.files(), ["state.json"])
        self.assertEqual(self.begin().get("/zones/A")["brightness"], 6)


class Disks(StateTest):
    def mount(self):
        """A file system of 64 KiB in the folder."""
        command = [*AS_ROOT, "mount", "-t", "tmpfs", "-o", f"size=64k,mode=700,uid={os.getuid()}",
                   "tmpfs", self.folder]
        if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, [*AS_ROOT, "umount", "-l", self.folder], check=True)

    def reason(self, daemon, wanted):
        """Waits until health gives a reason that has the words wanted, or None."""
        end = time.monotonic() + station.LIMIT
        while time.monotonic() < end:
            reason = daemon.get("/system/health")["reason"]
            if reason == wanted or (wanted and reason and wanted in reason):
                return
            time.sleep(0.05)
        raise AssertionError(f"health says {reason!r}, not {wanted!r}")

    def light_goes_on(self, daemon):
        for value in range(1, 20):
            daemon.put("/zones/A/color", red(value))
            daemon.wait_frame(picture((value, 0, 0), (0, 255, 0), (0, 0, 255)))

    def test_full(self):
        """a full disk: the light goes on, health tells, and it is saved when there is room"""
        self.mount()
        filler = os.path.join(self.folder, "filler")
        with open(filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(4096))
            except OSError:
                pass
        daemon = self.begin()
        self.light_goes_on(daemon)
        self.reason(daemon, "the state is not saved: No space left on device")
        self.light_goes_on(daemon)
        os.unlink(filler)
        self.reason(daemon, None)
        said = [line for line in daemon.log if "cannot be saved" in line]
        self.assertEqual(len(said), 1, said)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.begin().get("/zones/A")["color"]["rgb"], [19, 0, 0])

    def test_read_only(self):
        """a read-only disk: likewise, and the old state is there at the next start"""
        self.mount()
        daemon = self.begin()
        daemon.put("/zones/A/color", red(200))
        daemon.stop()
        subprocess.run([*AS_ROOT, "mount", "-o", "remount,ro", self.folder], check=True)
        daemon = self.begin()
        self.assertEqual(daemon.get("/zones/A")["color"]["rgb"], [200, 0, 0])
        self.light_goes_on(daemon)
        self.reason(daemon, "the state is not saved: Read-only file system")
        self.assertIn("the state is not saved: Read-only file system",
                      [e["text"] for e in daemon.get("/events?type=system")["events"]
                       if e["kind"] == "error"])
        # what could not be saved is a failure that the exit code tells
        self.assertEqual(daemon.stop(), 1)
        self.assertEqual(self.begin().get("/zones/A")["color"]["rgb"], [200, 0, 0])

    def test_hanging(self):
        """a disk that hangs: likewise, and the end does not wait for it"""
        # a FIFO that nobody reads hangs whoever opens it to write
        os.mkfifo(self.path + ".new")
        daemon = self.begin()
        self.light_goes_on(daemon)
        self.reason(daemon, "the state is not saved: Connection timed out")
        self.light_goes_on(daemon)
        daemon.signal(15)
        self.assertEqual(daemon.wait(), 1)

    def test_awake(self):
        """a disk that hung and woke up is used again"""
        os.mkfifo(self.path + ".new")
        daemon = self.begin()
        daemon.put("/zones/A/color", red(7))
        self.reason(daemon, "Connection timed out")
        os.close(os.open(self.path + ".new", os.O_RDONLY | os.O_NONBLOCK))
        self.reason(daemon, None)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.begin().get("/zones/A")["color"]["rgb"], [7, 0, 0])

    def test_clock(self):
        """a wall clock that jumps by days changes nothing"""
        library = os.path.join(self.folder, "clock_jump.so")
        source = os.path.join(station.ROOT, "tests", "lib", "clock_jump.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, source], check=True)
        daemon = self.begin(environment={"LD_PRELOAD": library})
        for value in (1, 2, 3):
            daemon.put("/zones/A/color", red(value))
            saved = f'{value},\n     0,\n     0'
            end = time.monotonic() + station.LIMIT
            while not (os.path.exists(self.path) and saved in open(self.path).read()):
                self.assertLess(time.monotonic(), end, "it was not saved")
                time.sleep(0.05)
        self.assertEqual(daemon.stop(), 0)


class Reloading(DaemonTest):
    """SIGHUP, as systemd's reload sends it."""

    def rewrite(self, daemon, whole):
        path = os.path.join(daemon.folder, "config.json")
        with open(path, "w", encoding="utf-8") as out:
            out.write(whole if isinstance(whole, str) else json.dumps(whole))

    def reload(self, daemon, whole, said):
        self.rewrite(daemon, whole)
        with daemon.news:
            daemon.log.clear()
        daemon.signal(signal.SIGHUP)
        daemon.wait_log(said)

    def test_live(self):
        """rate, log level, names and enabled zones change at once, the rest is said to wait"""
        daemon = self.start(config()).ready()
        daemon.wait_frame(START)
        daemon.put("/zones/A/color", red(9))
        whole = config(frames={"fps": 50}, log={"level": "warning"}, http={"port": 1})
        whole["zones"][0]["display_name"] = "Renamed"
        whole["zones"][1]["enabled"] = False
        whole["zones"][2]["first"], whole["zones"][2]["count"] = 1, 2
        # the level that is said in the new file counts already: a reload is no warning
        self.rewrite(daemon, whole)
        daemon.signal(signal.SIGHUP)
        daemon.wait_frame(picture((9, 0, 0), (0, 0, 0), (0, 0, 255)))
        self.assertEqual(daemon.get("/zones/A")["display_name"], "Renamed")
        self.assertEqual(set(daemon.get("/logger/levels")["recorded"].values()), {"WARNING"})
        whole["log"]["level"] = "info"
        whole["zones"][1]["enabled"] = True
        self.reload(daemon, whole, "waits for the next start in: zones, http")
        daemon.wait_frame(picture((9, 0, 0), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(daemon.stop(), 0)

    def test_moved(self):
        """zones change places between two frames, and one more or less waits for the start"""
        daemon = self.start(config()).ready()
        daemon.wait_frame(START)
        with daemon.news:
            daemon.frames.clear()
        whole = config()
        whole["zones"][0]["first"] = 6
        whole["zones"][1]["first"], whole["zones"][1]["reversed"] = 0, False
        self.reload(daemon, whole, r"read again$")
        moved = bytes((0, 255, 0)) * 6 + bytes((255, 0, 0)) * 4 + bytes((0, 0, 255)) * station.AUX
        # no frame shows one zone at its new place and another at its old one
        self.assertEqual(daemon.frame(), moved)

        more = json.loads(json.dumps(whole))
        more["zones"][0]["first"] = 0
        more["zones"][1]["first"] = 4
        more["zones"].append({"id": "D", "output": "main", "first": 0, "count": 2, "layer": 1})
        self.reload(daemon, more, "waits for the next start in: zones$")
        self.assertEqual(daemon.ask("GET", "/zones/D")[0], 404)
        less = json.loads(json.dumps(whole))
        less["zones"].pop()
        self.reload(daemon, less, "waits for the next start in: zones$")
        self.assertEqual(daemon.ask("GET", "/zones/C")[0], 200)
        # nothing of either has moved
        daemon.put("/zones/C/color", red(9))
        self.assertEqual(daemon.frame(), moved[:30] + bytes((9, 0, 0)) * station.AUX)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.start(more).ready().ask("GET", "/zones/D")[0], 200)

    def test_wrong(self):
        """a file that is wrong or gone keeps the old configuration, and says where it is wrong"""
        daemon = self.start(config()).ready()
        self.reload(daemon, "{", "the old configuration stays: .*config.json:1:1")
        self.reload(daemon, config(frames={"fps": 0}),
                    "the old configuration stays: .*config.json: /frames/fps: 0 is not allowed")
        with daemon.news:
            daemon.log.clear()
        os.unlink(os.path.join(daemon.folder, "config.json"))
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("the old configuration stays: .*No such file")
        daemon.put("/zones/A/color", red(9))
        daemon.wait_frame(picture((9, 0, 0), (0, 255, 0), (0, 0, 255)))

    def test_many(self):
        """50 reloads in a row drop no frame, and the last one counts"""
        # without a viewer, who might be too slow for a frame
        daemon = self.start(station.animated(), preview=False).ready()
        for number in range(50):
            whole = station.animated()
            whole["zones"][0]["display_name"] = f"Name {number}"
            self.rewrite(daemon, whole)
            daemon.signal(signal.SIGHUP)
            time.sleep(0.01)
        end = time.monotonic() + station.LIMIT
        while daemon.get("/zones/A")["display_name"] != "Name 49":
            self.assertLess(time.monotonic(), end, "the last one does not count")
            time.sleep(0.01)
        for output in daemon.get("/system/health")["outputs"]:
            self.assertGreater(output["frames"]["rendered"], 0)
            self.assertEqual(output["frames"]["dropped"], 0, output)
        self.assertEqual(daemon.stop(), 0)

    def test_notify(self):
        """systemd is told when a reload begins, with its time, and when it is over"""
        path = os.path.join(tempfile.mkdtemp(), "notify")
        self.addCleanup(shutil.rmtree, os.path.dirname(path))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service:
            service.bind(path)
            service.settimeout(station.LIMIT)

            def told(key):
                while True:
                    fields = dict(line.split("=", 1)
                                  for line in service.recv(4096).decode().split("\n") if line)
                    if key in fields:
                        return fields
            daemon = self.start(config(), environment={"NOTIFY_SOCKET": path})
            told("READY")
            daemon.ready()
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            daemon.signal(signal.SIGHUP)
            began = int(told("RELOADING")["MONOTONIC_USEC"])
            self.assertLessEqual(before, began)
            self.assertLessEqual(began, time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
            told("READY")

    def test_hanging(self):
        """a reload that a hanging disk holds up is over for systemd, and the old configuration stays"""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service:
            service.bind(path)
            service.settimeout(station.LIMIT)

            def wait_told(wanted):
                while wanted not in service.recv(4096).decode().split("\n"):
                    pass
            daemon = self.start(config(), environment={"NOTIFY_SOCKET": path})
            wait_told("READY=1")
            daemon.ready()
            # whoever opens a FIFO that nobody writes to waits
            file = os.path.join(daemon.folder, "config.json")
            os.rename(file, file + ".good")
            os.mkfifo(file)
            daemon.signal(signal.SIGHUP)
            wait_told("RELOADING=1")
            wait_told("READY=1")
            daemon.wait_log("the old configuration stays: the files cannot be read")
            daemon.put("/zones/A/color", red(9))
            daemon.wait_frame(picture((9, 0, 0), (0, 255, 0), (0, 0, 255)))
            daemon.signal(signal.SIGHUP)
            daemon.wait_log("the old configuration stays until files can be read")
            # the disk wakes up: what was asked for last is done
            with open(file, "w", encoding="ascii"):
                os.rename(file + ".good", file)
            daemon.wait_log("too late to be taken")
            wait_told("RELOADING=1")
            wait_told("READY=1")
            daemon.wait_log("the configuration was read again")
        self.assertEqual(daemon.stop(), 0)

    def test_ending(self):
        """a reload while the daemon ends is no trouble"""
        daemon = self.start(config()).ready()
        daemon.signal(signal.SIGTERM)
        for _ in range(10):
            if daemon.process.poll() is None:
                daemon.signal(signal.SIGHUP)
        self.assertEqual(daemon.wait(), 0)


class Disk(threading.Thread):
    """How late this machine is while the test runs: a wait and a safe write, over and over."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = folder
        self.worst = 0.0
        self.stopping = threading.Event()

    def run(self):
        path = os.path.join(self.folder, "control")
        folder = os.open(self.folder, os.O_RDONLY)
        while not self.stopping.is_set():
            begun = time.monotonic()
            time.sleep(0.05)
            with open(path + ".new", "wb") as out:
                out.write(bytes(4096))
                out.flush()
                os.fsync(out.fileno())
            os.rename(path + ".new", path)
            os.fsync(folder)
            self.worst = max(self.worst, time.monotonic() - begun - 0.05)
        os.close(folder)


class Victim(threading.Thread):
    """One station that is changed and killed again and again."""

    def __init__(self, test, number, kills):
        super().__init__(daemon=True)
        self.test = test
        self.kills = kills
        self.random = random.Random(number)
        self.path = os.path.join(test.folder, f"state-{number}.json")
        self.value = 0
        self.killed = 0
        self.lost = []          # seconds of acknowledged changes that each kill cost
        self.failure = None

    def run(self):
        try:
            past = []
            for _ in range(self.kills):
                past = self.live_once(past)
                self.killed += 1
        except Exception as error:  # told by the main thread
            self.failure = repr(error)

    def live_once(self, past):
        """@past: what was acknowledged before, as (rgb, when, or None if it never was)."""
        daemon = station.Daemon(config(), preview=False, arguments=("--state", self.path))
        try:
            daemon.ready()
            restored = daemon.get("/zones/A")["color"]["rgb"]
            self.judge(past, restored)
            past = [(restored, time.monotonic())]
            end = time.monotonic() + self.random.uniform(0, 2.5)
            killed = []
            killer = threading.Timer(end - time.monotonic(), self.kill, (daemon, killed))
            killer.start()
            try:
                while True:
                    self.value += 1
                    rgb = [self.value >> 16, self.value >> 8 & 255, self.value & 255]
                    past.append((rgb, None))
                    daemon.put("/zones/A/color", {"color": {"mode": "RGB", "rgb": rgb}})
                    past[-1] = (rgb, time.monotonic())
                    # at times it is silent for long enough to be saved
                    time.sleep(0.7 if self.random.random() < 0.05 else self.random.uniform(0, 0.1))
            except (OSError, http.client.HTTPException):
                pass
            killer.join()
            daemon.process.wait()
            past.append((None, killed[0]))
            return past
        finally:
            daemon.close()

    @staticmethod
    def kill(daemon, killed):
        killed.append(time.monotonic())
        daemon.process.kill()

    def judge(self, past, restored):
        if not past:
            return
        *changes, (_, killed) = past
        index = next((i for i, (rgb, _) in enumerate(changes) if rgb == restored), None)
        if index is None:
            raise AssertionError(f"{restored} was never asked for, only {changes}")
        later = [when for _, when in changes[index + 1:] if when is not None]
        self.lost.append(killed - later[0] if later else 0.0)


class Killing(StateTest):
    def test_kill(self):
        """killed at 200 random moments: each time back to a state of at most 2 s before"""
        disk = Disk(self.folder)
        disk.start()
        victims = [Victim(self, i, KILLS // STATIONS) for i in range(STATIONS)]
        for victim in victims:
            victim.start()
        for victim in victims:
            victim.join()
        disk.stopping.set()
        disk.join()
        for victim in victims:
            self.assertIsNone(victim.failure)
        lost = [seconds for victim in victims for seconds in victim.lost]
        print(f"# {sum(v.killed for v in victims)} kills lost at most {max(lost):.2f} s, "
              f"this machine was late by up to {disk.worst:.2f} s")
        self.assertEqual(sum(v.killed for v in victims), KILLS)
        self.assertTrue(any(seconds > 0 for seconds in lost), "no kill came before a save")
        # the daemon cannot be earlier than the machine lets it
        self.assertLessEqual(max(lost), LOST_AT_MOST + disk.worst)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Restoring, Naming, Damage, Disks, Reloading, Killing)))
