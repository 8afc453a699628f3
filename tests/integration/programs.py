#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""External animations: programs that make a zone's pictures, and all that can be wrong with one.

tests/integration/programs.py --diunad PATH speaks TAP.
"""

import ctypes
import os
import re
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon as station  # noqa: E402
from daemon import LIMIT, DaemonTest, config, picture  # noqa: E402

EXAMPLES = os.path.join(station.ROOT, "scripts", "animations")
BLUE, GREEN, RED = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def shell(script):
    return ["/bin/sh", "-c", script]


def python(script):
    return [sys.executable, "-c", "import os, signal, sys, time\nout = sys.stdout.buffer\n" + script]


# One picture of zone A, 4 pixels, each 1 2 3; and what it does not heed
ONE = "out.write(bytes([1, 2, 3]) * 4); out.flush()\n"
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
SLEEP = "time.sleep(600)\n"


class ProgramTest(DaemonTest):
    def begin(self, changes=None, start=None, **programs):
        """A daemon with these programs: each a command, or a dictionary; @start: of zone A."""
        whole = config(**(changes or {}))
        whole["programs"] = [
            {"id": name, **(program if isinstance(program, dict) else {"command": program})}
            for name, program in programs.items()]
        if start:
            whole["zones"][0]["start"]["animation"] = {"id": start}
        return self.start(whole).ready()

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def show(self, daemon, name, zone="A"):
        daemon.put(f"/zones/{zone}/animation", {"animation_id": name})

    def processes(self):
        """What /proc/PID/stat says behind the name, of each process."""
        found = {}
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:
                    found[int(name)] = stat.read().rpartition(")")[2].split()
            except OSError:
                continue
        return found

    def children(self, daemon):
        """Processes of the daemon's, as (pid, state)."""
        return [(pid, fields[0]) for pid, fields in self.processes().items()
                if int(fields[1]) == daemon.process.pid]

    def wait_for(self, what, question):
        deadline = time.monotonic() + LIMIT
        while not (answer := question()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come true")
            time.sleep(0.02)
        return answer

    def wait_reason(self, daemon, pattern):
        """Health says so, and the zone shows its colour again."""
        self.wait_for(pattern, lambda: re.search(
            pattern, daemon.get("/system/health")["reason"] or ""))
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "STATIC")

    def alive(self, daemon):
        """Another zone still does what it is told, and the daemon ends well, with nobody left."""
        daemon.put("/zones/C/color", {"color": {"mode": "RGB", "rgb": [3, 2, 1]}})
        self.wait_for("light", lambda: daemon.frame()[30:] == bytes([3, 2, 1]) * 5)
        self.assertEqual([c for c in self.children(daemon) if c[1] == "Z"], [])


class Showing(ProgramTest):
    def test_shows(self):
        """a program's pictures show on its zone, one after the other, and nowhere else"""
        daemon = self.begin(COUNT=python(
            "for i in range(250):\n  out.write(bytes([i, 0, 255 - i]) * 4)\n  out.flush()\n" + SLEEP))
        self.show(daemon, "count")
        daemon.wait_frame(picture((0, 0, 255), GREEN, BLUE))
        for i in range(1, 50):
            self.assertEqual(daemon.frame(), picture((i, 0, 255 - i), GREEN, BLUE))

    def test_listed(self):
        """programs are listed with the animations, and what their commands are is not told"""
        daemon = self.begin(MINE={"command": shell("sleep 600"), "display_name": "My own",
                                  "description": "what it shows"})
        animation = daemon.get("/animations/mine")
        self.assertEqual(animation, {"id": "MINE", "display_name": "My own",
                                     "description": "what it shows", "parameters": []})
        self.assertIn(animation, daemon.get("/animations")["animations"])
        self.assertNotIn("sleep 600", str(daemon.get("/animations")))

    def test_only_by_name(self):
        """a command cannot be asked for, only the name of one that is configured"""
        daemon = self.begin(MINE=shell("sleep 600"))
        for asked in ("/bin/true", "NOTHING", ["/bin/true"]):
            status, _ = daemon.ask("PUT", "/zones/A/animation", {"animation_id": asked})
            self.assertEqual(status // 100, 4)
        self.assertEqual(self.children(daemon), [])

    def test_start(self):
        """a zone may start in a program, and is in it again after a restart"""
        path = os.path.join(self.folder(), "state.json")
        whole = config(programs=[{"id": "ONE", "command": python(ONE + SLEEP)}])
        first = self.start(whole, arguments=("--state", path)).ready()
        self.show(first, "ONE")
        first.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        self.assertEqual(first.stop(), 0)
        second = self.start(whole, arguments=("--state", path)).ready()
        second.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        third = self.begin(ONE=python(ONE + SLEEP), start="one")
        third.wait_frame(picture((1, 2, 3), GREEN, BLUE))

    def test_environment(self):
        """a program finds the zone's geometry and nothing of ours"""
        path = os.path.join(self.folder(), "environment")
        daemon = self.begin(LOOK=python(
            "text = '\\n'.join(sorted(f'{k}={v}' for k, v in os.environ.items() if k != 'LC_CTYPE'))\n"
            "fds = sorted(int(fd) for fd in os.listdir('/proc/self/fd'))[:-1]\n"
            f"open({path!r}, 'w').write(f'{{text}}\\n{{fds}} {{os.getcwd()}} "
            "{os.getsid(0) == os.getpid()} {sys.stdin.read()!r}')\n" + ONE + SLEEP))
        self.show(daemon, "LOOK")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read().splitlines(), [
                "DIUNA_FPS=20", "DIUNA_HEIGHT=1", "DIUNA_PIXELS=4", "DIUNA_WIDTH=4",
                "DIUNA_ZONE=A", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin",
                "[0, 1, 2] / True ''"])

    def test_transition(self):
        """what showed stays until the first picture, then the transition begins"""
        daemon = self.begin({"transitions": {"startup": {"ms": 0}, "mode": {"ms": 1000}, "animation": {"ms": 1000}}},
                            LATE=python("time.sleep(1)\n" + "while True:\n  out.write(bytes([0, 255, 0]) * 4)\n"))
        daemon.wait_frame(station.START)
        self.show(daemon, "LATE")
        seen = []
        while not seen or seen[-1] != (0, 255, 0):
            seen.append(tuple(daemon.frame()[:3]))
        # red goes evenly to green: it is never dark, and never green before
        self.assertEqual(seen, sorted(seen, reverse=True))
        self.assertTrue(any(0 < r < 255 and 0 < g < 255 for r, g, _ in seen))

    def test_stop(self):
        """a program ends when its zone shows something else, and another one may follow"""
        daemon = self.begin(ONE=python(ONE + SLEEP), TWO=python(ONE.replace("1, 2", "7, 7") + SLEEP))
        self.show(daemon, "ONE")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        self.show(daemon, "TWO")
        daemon.wait_frame(picture((7, 7, 3), GREEN, BLUE))
        self.wait_for("only one runs", lambda: len(self.children(daemon)) == 1)
        self.assertEqual(daemon.ask("POST", "/zones/A/animation/stop")[0], 204)
        daemon.wait_frame(station.START)
        self.wait_for("none runs", lambda: not self.children(daemon))
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")

    def test_done(self):
        """a program that ends well leaves its last picture"""
        daemon = self.begin(ONE=python(ONE))
        self.show(daemon, "ONE")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        self.wait_for("it ended", lambda: not self.children(daemon))
        daemon.put("/zones/C/color", {"color": {"mode": "RGB", "rgb": [9, 9, 9]}})
        daemon.wait_frame(picture((1, 2, 3), GREEN, (9, 9, 9)))
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "ANIMATION")
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")

    def test_live(self):
        """of a live program only the newest picture shows"""
        daemon = self.begin(LIVE={"live": True, "command": python(
            "out.write(b''.join(bytes([i, 0, 0]) * 4 for i in range(1, 201))); out.flush()\n" + SLEEP)})
        self.show(daemon, "LIVE")
        shown = []
        while not shown or shown[-1][:3] != bytes([200, 0, 0]):
            shown.append(daemon.frame())
        # 200 pictures in one write fit into a pipe: at most a few of them are seen
        self.assertLess(len(shown), 100)

    def test_brightness_and_power(self):
        """brightness and power hold for programs, and a dark zone's program waits"""
        daemon = self.begin(MANY=python("while True:\n  " + ONE.replace("1, 2, 3", "255, 0, 0")))
        self.show(daemon, "MANY")
        daemon.put("/zones/A/brightness", {"brightness": 20})
        # 20 % of 255 is 51
        daemon.wait_frame(picture((51, 0, 0), GREEN, BLUE))
        daemon.put("/zones/A/is-on", {"is_on": False})
        daemon.wait_frame(picture((0, 0, 0), GREEN, BLUE))
        before = daemon.switches()
        time.sleep(1)
        # it fills its pipe once, and nobody wakes up for that more than once
        self.assertLess(daemon.switches() - before, 10)
        daemon.put("/zones/A/is-on", {"is_on": True})
        daemon.wait_frame(picture((51, 0, 0), GREEN, BLUE))

    def test_no_wake_ups(self):
        """a program that has drawn its picture and waits costs no wake-up"""
        daemon = self.begin(STILL=python(ONE + SLEEP))
        self.show(daemon, "STILL")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        time.sleep(1)
        before = daemon.switches()
        time.sleep(3)
        self.assertEqual(daemon.switches() - before, 0)

    def test_end(self):
        """the daemon ends with its programs, also with one that has to be killed"""
        daemon = self.begin(ONE=python(ONE + SLEEP), DEAF=python(DEAF + ONE + SLEEP))
        self.show(daemon, "DEAF")
        self.show(daemon, "ONE", "B")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        pids = [pid for pid, _ in self.children(daemon)]
        self.assertEqual(len(pids), 2)
        self.assertEqual(daemon.stop(), 0)
        for pid in pids:
            self.assertFalse(os.path.exists(f"/proc/{pid}"))
        daemon.wait_log("shutdown: programs done")


class Examples(ProgramTest):
    def test_examples(self):
        """each example in the tree shows, on a strip and on a matrix"""
        whole = {"zones": [
            {"id": "A", "output": "main", "first": 0, "count": 4},
            {"id": "B", "output": "main", "first": 4, "count": 6, "matrix": {"width": 3, "height": 2}},
        ]}
        names = sorted(n for n in os.listdir(EXAMPLES) if not n.endswith(".md"))
        self.assertGreaterEqual(len(names), 3)
        daemon = self.begin(whole, **{n.partition(".")[0].upper(): [os.path.join(EXAMPLES, n)]
                                      for n in names})
        for name in names:
            for zone in "AB":
                self.show(daemon, name.partition(".")[0], zone)
            ids = [t["id"] for t in daemon.get("/system/tasks")["tasks"]]
            self.assertEqual(len(ids), len(set(ids)))
            # the clock moves once a second
            seen = {daemon.frame() for _ in range(3)}
            self.assertGreater(len(seen), 1, name)
            self.assertEqual(daemon.get("/system/health")["reason"], None, name)
        self.assertEqual(daemon.stop(), 0)


class Faults(ProgramTest):
    def test_floods(self):
        """a program floods both streams with 100 MB each, and nothing else suffers"""
        # both at once, each by a process of its own; 8000 pixels take 24000 bytes a frame
        mark = os.path.join(self.folder(), "written")
        zones = [{"id": "A", "output": "main", "first": 0, "count": 8000},
                 {"id": "C", "output": "main", "channel": 1, "first": 0, "count": 5,
                  "start": {"color": {"mode": "RGB", "rgb": [0, 0, 255]}}}]
        daemon = self.start(config(
            outputs=[{"name": "main", "type": "virtual", "channels": [{"pixels": 8000},
                                                                      {"pixels": 5}]}],
            zones=zones, frames={"fps": 240},
            programs=[{"id": "FLOOD", "live": True, "command": shell(
                "yes | head -c 100000000 >&2 & head -c 100000000 /dev/zero; wait; "
                f"touch {mark}; sleep 600")}]), preview=False).ready()
        self.show(daemon, "FLOOD")
        self.wait_for("both are written", lambda: os.path.exists(mark))
        with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
            anonymous = int(re.search(r"RssAnon:\s+(\d+)", status.read())[1])
        print(f"# RssAnon {anonymous} kB, {len(daemon.log)} lines of log, "
              f"{daemon.get('/system/health')['frames']['loop_stalls']} stalls")
        self.assertLess(anonymous, 4096)
        self.assertLess(len(daemon.log), 2000)
        daemon.put("/zones/C/brightness", {"brightness": 50})
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        self.assertEqual(daemon.stop(), 0)

    def test_deaf(self):
        """a program that ignores SIGTERM is killed"""
        daemon = self.begin(DEAF=python(DEAF + ONE + SLEEP), ONE=python(ONE + SLEEP))
        self.show(daemon, "DEAF")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        self.show(daemon, "ONE")
        daemon.wait_log("DEAF does not heed SIGTERM and is killed")
        self.wait_for("the other runs", lambda: len(self.children(daemon)) == 1 and
                      "program ONE on A" in [t["description"] for t in
                                             daemon.get("/system/tasks/active")["tasks"]])
        self.alive(daemon)

    def unkillable(self, pid):
        """Holds a process so that not even SIGKILL ends it: its end waits for us, who trace it."""
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long] * 4
        seize, trace_exit, detach = 0x4206, 0x40, 17       # linux/ptrace.h
        if libc.ptrace(seize, pid, 0, trace_exit) < 0:
            raise OSError(ctypes.get_errno(), "ptrace")

        def let_go():
            os.waitpid(pid, 0x40000000)         # __WALL: it stands at its end
            # not to go on with us: its parent could not reap it before we have
            libc.ptrace(detach, pid, 0, 0)
        return let_go

    def test_unkillable(self):
        """a program that not even SIGKILL ends is reported and left behind, and reaped at last"""
        daemon = self.begin(STUCK=python(ONE + SLEEP))
        self.show(daemon, "STUCK")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        pid = self.children(daemon)[0][0]
        let_go = self.unkillable(pid)
        self.assertEqual(self.cancel(daemon, "program STUCK on A"), 204)
        daemon.wait_log("STUCK was killed and does not end; it is left behind")
        task = self.wait_for("the task's end", lambda: next(iter(
            t for t in daemon.get("/system/tasks/failed")["tasks"]
            if t["description"] == "program STUCK on A"), None))
        self.assertEqual(task["error"], "does not end, not even by SIGKILL, and is left behind")
        # it is nobody's business any more
        self.show(daemon, "RAINBOW")
        before = daemon.frame()
        self.wait_for("motion", lambda: daemon.frame() != before)
        let_go()
        daemon.wait_log("a program that was left behind has ended")
        # told in the handler of its end, reaped right after that
        self.wait_for("it is reaped", lambda: not self.children(daemon))
        self.alive(daemon)
        self.assertEqual(daemon.stop(), 0)

    def cancel(self, daemon, description):
        task, = [t["id"] for t in daemon.get("/system/tasks/active")["tasks"]
                 if t["description"] == description]
        return daemon.ask("POST", f"/system/tasks/{task}/cancel")[0]

    def test_cancel(self):
        """a program's task can be cancelled: the zone is static, and TERM, then KILL ends a deaf one"""
        daemon = self.begin(DEAF=python(DEAF + ONE + SLEEP))
        self.show(daemon, "DEAF")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        self.assertEqual(self.cancel(daemon, "program DEAF on A"), 204)
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "STATIC")
        daemon.wait_log("DEAF does not heed SIGTERM and is killed")
        self.wait_for("its end", lambda: not self.children(daemon))
        self.wait_for("the record", lambda: ("program DEAF on A", "cancelled") in [
            (t["description"], t["status"]) for t in daemon.get("/system/tasks")["tasks"]])
        self.alive(daemon)

    def test_cancel_late(self):
        """who cancels a program that is ending already does not stop what its zone shows by now"""
        daemon = self.begin(DEAF=python(DEAF + ONE + SLEEP))
        self.show(daemon, "DEAF")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        self.show(daemon, "RAINBOW")
        # two seconds to heed SIGTERM
        self.assertEqual(self.cancel(daemon, "program DEAF on A"), 204)
        zone = daemon.get("/zones/A")
        self.assertEqual((zone["render_mode"], zone["animation"]["id"]), ("ANIMATION", "RAINBOW"))
        self.wait_for("its end", lambda: not self.children(daemon))
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "ANIMATION")
        self.alive(daemon)

    def test_family(self):
        """what a program started itself goes with it"""
        daemon = self.begin(FAMILY=shell(
            "sleep 600 & sleep 600 & printf '\\001\\002\\003\\001\\002\\003\\001\\002\\003\\001\\002\\003'; "
            "echo I am $$ >&2; wait"))
        self.show(daemon, "FAMILY")
        group = daemon.wait_log(r"I am (\d+)")[1]
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))

        def members():
            # fields of proc(5) behind the name: state, parent, process group
            return [fields for fields in self.processes().values()
                    if fields[2] == group and fields[0] != "Z"]
        self.assertEqual(len(members()), 3)
        self.show(daemon, "RAINBOW")
        # who is no child of ours is reaped by whoever is init here
        self.wait_for("the end of them all", lambda: not members())

    def test_dies(self):
        """a program that dies at once is tried five times, then the zone shows its colour"""
        daemon = self.begin(DIES=shell("echo I die >&2; exit 3"))
        self.show(daemon, "DIES")
        self.wait_reason(daemon, "zone A: DIES ended with code 3")
        failed = [t for t in daemon.get("/system/tasks/failed")["tasks"]
                  if t["description"] == "program DIES on A"]
        self.assertEqual([t["error"] for t in failed], ["ended with code 3"] * 5)
        daemon.wait_frame(station.START)
        # asked for again it is tried again, and another animation heals
        self.show(daemon, "DIES")
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "ANIMATION")
        self.show(daemon, "RAINBOW")
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        self.alive(daemon)

    def test_dies_1000_times(self):
        """a program that dies at once, asked for 1000 times, is started rarely and leaves nothing"""
        daemon = self.begin(DIES=shell("exit 1"))
        daemon.get("/zones")        # the connection is one of them
        fds = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        began = time.monotonic()
        for _ in range(1000):
            self.show(daemon, "DIES")
            daemon.ask("POST", "/zones/A/animation/stop")
        took = time.monotonic() - began
        self.wait_for("the last one is gone", lambda: not self.children(daemon))
        summary = daemon.get("/system/tasks/summary")
        # one start in 0.1 s at most
        self.assertLessEqual(summary["failed"] + summary["cancelled"] - 1000, took / 0.1 + 2)
        self.wait_for("no descriptor more",
                      lambda: len(os.listdir(f"/proc/{daemon.process.pid}/fd")) == fds)
        self.alive(daemon)

    def test_killed(self):
        """a program that is killed is started again, and its zone goes on"""
        daemon = self.begin(MANY=python("while True:\n  " + ONE))
        self.show(daemon, "MANY")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        first = self.children(daemon)[0][0]
        daemon.frames.clear()
        os.kill(first, signal.SIGKILL)
        self.wait_for("another one", lambda: [p for p, s in self.children(daemon)
                                              if p != first and s != "Z"])
        # its pipe of 4096 bytes has room for 341 pictures of 12: they are not played to the end
        self.assertLess(len(daemon.frames), 200)
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "ANIMATION")
        # it is the same task, started once more
        self.assertEqual([(t["status"], t["restarts"])
                          for t in sorted(daemon.get("/system/tasks")["tasks"], key=lambda t: t["id"])
                          if t["description"] == "program MANY on A"],
                         [("failed", 0), ("running", 1)])
        self.alive(daemon)

    def test_second_signal(self):
        """a daemon that ends at once, told twice, leaves no program behind, not even a deaf one"""
        daemon = self.begin(changes={"transitions": {"shutdown": {"ms": 4000}}},
                            ONE=python(DEAF + ONE + SLEEP))
        self.show(daemon, "ONE")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        child = self.children(daemon)[0][0]
        daemon.signal(signal.SIGTERM)
        daemon.wait_log("shutdown: commands done")
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait(), 143)
        # whoever it is left to may take its time to reap it
        self.wait_for("its end", lambda: self.processes().get(child, ["Z"])[0] == "Z")

    def test_nobody_waits(self):
        """a program's end is seen also by a daemon that was started with SIGCHLD ignored"""
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            daemon = self.begin(FAILS=shell("exit 3"))
        finally:
            signal.signal(signal.SIGCHLD, before)
        self.show(daemon, "FAILS")
        self.wait_reason(daemon, "FAILS ended with code 3")
        self.alive(daemon)
        self.assertEqual(daemon.stop(), 0)

    def test_closes(self):
        """a program that closes its output and lives on is ended"""
        daemon = self.begin(CLOSES=python(ONE + "os.close(1); " + SLEEP))
        self.show(daemon, "CLOSES")
        daemon.wait_frame(picture((1, 2, 3), GREEN, BLUE))
        # 2 s of grace, then SIGTERM, which is 15
        self.wait_for("its end", lambda: "was ended by signal 15" in
                      str(daemon.get("/system/tasks/failed")))
        self.alive(daemon)

    def test_half(self):
        """a program that ends in the middle of a picture has failed"""
        daemon = self.begin(HALF=python(ONE + "out.write(b'abc'); out.flush()\n"))
        self.show(daemon, "HALF")
        self.wait_reason(daemon, "HALF ended in the middle of a picture")
        self.alive(daemon)

    def test_never(self):
        """a program that never writes is given up, and one that falls silent too"""
        daemon = self.begin(
            NEVER={"command": python(SLEEP), "start_ms": 100},
            TRICKLE={"command": python("while True:\n  out.write(b'a'); out.flush(); time.sleep(0.2)\n"),
                     "start_ms": 200},
            SILENT={"command": python(ONE + SLEEP), "silence_ms": 100})
        self.show(daemon, "NEVER")
        self.wait_reason(daemon, "NEVER made no picture in time")
        self.show(daemon, "SILENT")
        self.wait_reason(daemon, "SILENT made no picture for too long")
        # 12 bytes in 2.4 s are too slow for 0.2 s, though there is always something to read
        self.show(daemon, "TRICKLE")
        self.wait_reason(daemon, "TRICKLE made no picture in time")
        self.alive(daemon)

    def test_not_there(self):
        """a program that is not there or not executable is told as such"""
        daemon = self.begin(MISSING=["/nonexistent/program"], FOLDER=["/etc"])
        self.show(daemon, "MISSING")
        self.wait_reason(daemon, "MISSING cannot be started: No such file or directory")
        self.show(daemon, "FOLDER")
        self.wait_reason(daemon, "FOLDER cannot be started: Permission denied")
        self.alive(daemon)

    def test_too_many(self):
        """a seventeenth program is one too many, and the sixteen go on"""
        zones = [{"id": f"Z{i}", "output": "main", "first": i, "count": 1} for i in range(17)]
        daemon = self.start(config(
            outputs=[{"name": "main", "type": "virtual", "channels": [{"pixels": 17}]}], zones=zones,
            programs=[{"id": "ONE", "command": shell("printf '\\001\\002\\003'; sleep 600")}]),
            preview=False).ready()
        for i in range(17):
            self.show(daemon, "ONE", f"Z{i}")
        self.wait_for("sixteen", lambda: len(self.children(daemon)) == 16)
        self.wait_for("the fault", lambda: daemon.get("/system/health")["reason"] ==
                      "zone Z16: ONE is one program too many")
        self.assertEqual(daemon.get("/zones/Z16")["render_mode"], "STATIC")
        self.assertEqual(daemon.stop(), 0)

    def test_switching(self):
        """switched 1000 times as fast as can be, the right program runs at the end, alone"""
        daemon = self.begin(ONE=python("while True:\n  " + ONE),
                            TWO=python("while True:\n  " + ONE.replace("1, 2, 3", "4, 5, 6")))
        daemon.get("/zones")        # the connection is one of them
        fds = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        for i in range(1000):
            self.show(daemon, ("ONE", "RAINBOW", "TWO")[i % 3])
        self.show(daemon, "TWO")
        daemon.frames.clear()
        daemon.wait_frame(picture((4, 5, 6), GREEN, BLUE))
        self.wait_for("one process", lambda: len(self.children(daemon)) == 1)
        self.show(daemon, "RAINBOW")
        self.wait_for("no process", lambda: not self.children(daemon))
        self.wait_for("no descriptor more",
                      lambda: len(os.listdir(f"/proc/{daemon.process.pid}/fd")) == fds)
        self.alive(daemon)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Showing, Examples, Faults)))
