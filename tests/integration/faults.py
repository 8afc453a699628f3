#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong around diunad: heat, a process that is stopped, calls without end; and what it costs.

tests/integration/faults.py --diunad PATH speaks TAP. With DIUNA_LONG in the environment what
takes long takes as long as it does in life: a minute.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon as station  # noqa: E402
from daemon import LIMIT, DaemonTest, animated, config, picture  # noqa: E402
from websocket import WebSocket  # noqa: E402

LONG = bool(os.environ.get("DIUNA_LONG"))
CALLS = 60000 if LONG else 6000     # 1000 in a second: a minute of them, or six seconds
STOPPED = 60 if LONG else 10        # seconds
STILL = 12                          # seconds: two periods of the sensor, of 5 s each, and more


class FaultTest(DaemonTest):
    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def wait_for(self, what, question):
        deadline = time.monotonic() + LIMIT
        while not (answer := question()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come true")
            time.sleep(0.05)
        return answer

    def status(self, daemon, key):
        """A line of /proc/PID/status, in kB."""
        with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as status:
            return int(re.search(rf"^{key}:\s+(\d+)", status.read(), re.M)[1])


class Heat(FaultTest):
    """A file stands for the sensor, another one for the supply's alarm."""

    def begin(self, temperature, moving=True, **limits):
        folder = self.folder()
        self.sensor = os.path.join(folder, "temp")
        self.supply = os.path.join(folder, "alarm")
        self.write(self.sensor, temperature)
        self.write(self.supply, 0)
        thermal = {"sensor": self.sensor, "supply": self.supply, **limits}
        whole = (animated if moving else config)(thermal=thermal, log={"level": "debug"})
        return self.start(whole).ready()

    def write(self, path, number):
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(f"{number}\n")
        os.rename(path + ".new", path)

    def thermal(self, daemon):
        return daemon.get("/system/health")["thermal"]

    def test_heat(self):
        """above 80 degrees there are fewer frames, below 70 as many as before, and all are told"""
        daemon = self.begin(81500)
        daemon.wait_log("81 degrees: at most 30 frames a second")
        # what is logged is published right afterwards
        self.wait_for("the news", lambda: self.thermal(daemon) ==
                      {"temperature_c": 81, "hot": True, "low_voltage": False})
        health = daemon.get("/system/health")
        self.assertEqual((health["status"], health["reason"]),
                         ("degraded", "hot: 81 degrees, so fewer frames a second"))
        self.write(self.sensor, 75000)
        self.wait_for("75 degrees", lambda: self.thermal(daemon)["temperature_c"] == 75)
        self.assertTrue(self.thermal(daemon)["hot"])
        self.write(self.sensor, 69900)
        daemon.wait_log("69 degrees: as many frames a second as are wanted")
        self.wait_for("health", lambda: daemon.get("/system/health")["status"] == "healthy")

    def test_supply(self):
        """a supply with too little voltage is told, and that it is well again"""
        daemon = self.begin(40000)
        self.wait_for("the temperature", lambda: self.thermal(daemon)["temperature_c"] == 40)
        self.write(self.supply, 1)
        daemon.wait_log("the supply's voltage is too low")
        self.wait_for("the news", lambda: self.thermal(daemon)["low_voltage"])
        self.assertEqual(daemon.get("/system/health")["reason"], "the supply's voltage is too low")
        self.write(self.supply, 0)
        daemon.wait_log("the supply's voltage is as it should be again")
        self.wait_for("health", lambda: daemon.get("/system/health")["status"] == "healthy")

    def test_no_sensor(self):
        """without a sensor, or with one that is broken, nothing is limited and it is said once"""
        daemon = self.begin(90000)
        self.wait_for("heat", lambda: self.thermal(daemon)["hot"])
        self.write(self.sensor, "warm")
        daemon.wait_log("no temperature from .*temp: Invalid argument")
        self.wait_for("the news", lambda: self.thermal(daemon) ==
                      {"temperature_c": None, "hot": False, "low_voltage": False})
        os.unlink(self.sensor)
        time.sleep(6)
        self.assertEqual(len([line for line in daemon.log if "no temperature" in line]), 1)
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")

    def test_period(self):
        """while frames move the sensor is looked at now and then, not with every frame"""
        daemon = self.begin(40000)
        self.wait_for("the temperature", lambda: self.thermal(daemon)["temperature_c"] == 40)
        path = f"/proc/{daemon.process.pid}/task/{daemon.thread('diuna-files')}/status"

        def wakes():
            with open(path, encoding="ascii") as status:
                return int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read(), re.M)[1])
        before = wakes()
        for _ in range(40):
            daemon.frame()
        # 40 frames are 2 s, or more on a slow machine; every 5 s there is one look
        self.assertLess(wakes() - before, 20)

    def test_still(self):
        """while nothing moves the sensor wakes nobody up"""
        daemon = self.begin(90000, moving=False)
        daemon.put("/zones/A/brightness", {"brightness": 50})
        time.sleep(1)
        before = daemon.switches()
        time.sleep(12)              # two periods of 5 s, and more
        self.assertEqual(daemon.switches() - before, 0)

    def test_wrong_limits(self):
        """limits the wrong way round are refused with their place"""
        daemon = self.start(config(thermal={"hot_c": 60, "cool_c": 61}))
        daemon.wait_log(r'/thermal: "cool_c" is 61, but not above "hot_c", which is 60')
        self.assertEqual(daemon.wait(), 78)


class Rough(FaultTest):
    def test_stopped(self):
        """stopped for a while by SIGSTOP it goes on where it was, without catching up"""
        daemon = self.start(animated()).ready()
        daemon.frame()
        before = daemon.get("/system/health")["frames"]["started"]
        daemon.signal(signal.SIGSTOP)
        time.sleep(STOPPED)
        daemon.frames.clear()
        daemon.signal(signal.SIGCONT)
        daemon.connection.close()       # idle for longer than the server keeps one
        for _ in range(20):
            daemon.frame()
        # there would have been 20 frames a second: they are not made up for
        self.assertLess(daemon.get("/system/health")["frames"]["started"] - before, 20 * STOPPED)
        daemon.put("/zones/A/animation", {"animation_id": "SNAKE"})
        self.assertEqual(daemon.get("/zones/A")["animation"]["id"], "SNAKE")
        self.assertEqual(daemon.stop(), 0)

    def test_calls(self):
        """thousands of start, stop and switch calls on one zone: the last one counts, and it is alone"""
        daemon = self.start().ready()
        daemon.get("/zones")
        fds = len(os.listdir(f"/proc/{daemon.process.pid}/fd"))
        names = ("RAINBOW", "SNAKE", "FIRE", "BREATHE")
        began = time.monotonic()
        for i in range(CALLS):
            if i % 3 == 2:
                self.assertEqual(daemon.ask("POST", "/zones/A/animation/stop")[0], 204)
            else:
                daemon.put("/zones/A/animation", {"animation_id": names[i // 3 % 4]})
        print(f"# {CALLS / (time.monotonic() - began):.0f} calls a second")
        daemon.put("/zones/A/animation", {"animation_id": "SNAKE"})
        active = [t["description"] for t in daemon.get("/system/tasks/active")["tasks"]
                  if t["category"] == "ANIMATION"]
        self.assertEqual(active, ["SNAKE on A"])
        self.assertEqual(daemon.get("/zones/A")["animation"]["id"], "SNAKE")
        self.assertEqual(len(os.listdir(f"/proc/{daemon.process.pid}/fd")), fds)
        daemon.ask("POST", "/zones/A/animation/stop")
        daemon.frames.clear()
        daemon.put("/zones/A/color", {"color": {"mode": "RGB", "rgb": [5, 6, 7]}})
        daemon.wait_frame(picture((5, 6, 7), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")

    def test_all_at_once(self):
        """one key changes 200 zones, and nothing of that is lost on the way"""
        zones = [{"id": f"Z{i}", "output": "main", "first": i, "count": 1} for i in range(200)]
        ours, theirs = os.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        daemon = self.start(config(
            outputs=[{"name": "main", "type": "virtual", "channels": [{"pixels": 200}]}],
            zones=zones, inputs=[{"name": "terminal", "type": "terminal"}],
            transitions={"scene": {"ms": 200}},
            bindings=[{"input": "terminal", "gesture": "press", "key": "x", "action": "recall_scene",
                       "scene": "still"}]), preview=False, terminal=theirs).ready()
        self.wait_for("the terminal", lambda: daemon.get("/inputs")["inputs"][0]["present"])
        daemon.put("/scenes/still", None)
        for zone in zones:
            daemon.put(f"/zones/{zone['id']}/animation", {"animation_id": "RAINBOW"})
        os.write(ours, b"x")
        self.wait_for("all still", lambda: all(
            zone["render_mode"] == "STATIC" for zone in daemon.get("/zones")["zones"]))
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual([line for line in daemon.log if " lost" in line], [])


class Parts(FaultTest):
    """Parts that fail while the light goes on."""

    def fail_api(self, daemon):
        """Makes the kernel refuse the wait of the API's loop, until its thread has ended."""
        thread = daemon.thread("diuna-api")
        with subprocess.Popen(["strace", "-q", "-o", "/dev/null", "-p", str(thread), "-e",
                               "inject=epoll_wait,epoll_pwait,epoll_pwait2:error=EIO"],
                              stderr=subprocess.DEVNULL) as strace:
            self.addCleanup(strace.kill)
            # whatever it waits for, it is to wait again
            while strace.poll() is None:
                with contextlib.suppress(OSError), socket.create_connection(
                        ("127.0.0.1", daemon.port), timeout=1):
                    time.sleep(0.05)
        daemon.connection.close()

    def wait_api(self, daemon):
        def answers():
            with contextlib.suppress(OSError, http.client.HTTPException):
                return daemon.get("/system/tasks")["tasks"]
            daemon.connection.close()
            return None
        return self.wait_for("the API", answers)

    def api_tasks(self, daemon):
        return [(task["status"], task["error"], task["restarts"])
                for task in sorted(self.wait_api(daemon), key=lambda task: task["id"])
                if task["category"] == "API"]

    def test_api(self):
        """an API that fails is started again on its port, knows all, and the light goes on"""
        daemon = self.start(animated()).ready()
        self.assertEqual(self.api_tasks(daemon), [("running", None, 0)])
        daemon.put("/zones/A/brightness", {"brightness": 40})
        zones = daemon.get("/zones")
        presets = daemon.get("/presets")
        inputs = daemon.get("/inputs")
        whole = daemon.get("/config")
        configuration = daemon.get("/config")
        self.fail_api(daemon)
        daemon.frames.clear()
        self.assertNotEqual(daemon.frame(), daemon.frame())
        daemon.wait_log("the HTTP server is started again in 100 ms")
        failed = ("failed", "its thread ended", 0)
        self.assertEqual(self.api_tasks(daemon), [failed, ("running", None, 1)])
        self.assertEqual([daemon.get(path) for path in ("/zones", "/presets", "/inputs",
                                                          "/config")],
                         [zones, presets, inputs, configuration])
        # an answer to a call from before is nobody's now
        daemon.put("/zones/A/color", {"color": {"mode": "HUE", "hue": 30}})
        self.assertEqual(daemon.get("/zones/A")["color"]["hue"], 30)
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        self.assertIn("HTTP API on 127.0.0.1 failed: its thread ended",
                      [e["text"] for e in daemon.get("/events?type=system")["events"]
                       if e["kind"] == "error"])
        self.fail_api(daemon)
        # 100 ms, doubled by the restart before
        daemon.wait_log("the HTTP server is started again in 200 ms")
        self.assertEqual(self.api_tasks(daemon), [failed, ("failed", "its thread ended", 1),
                                                  ("running", None, 2)])
        self.assertEqual(daemon.stop(), 0)

    def test_api_port(self):
        """while another program has taken the API's port it is tried again, and the light goes on"""
        daemon = self.start(animated()).ready()
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.fail_api(daemon)
            # there are 100 ms before the daemon wants it back
            other.bind(("127.0.0.1", daemon.port))
            other.listen()
            daemon.wait_log("cannot listen on 127.0.0.1 port")
            daemon.frames.clear()
            self.assertNotEqual(daemon.frame(), daemon.frame())
            daemon.wait_log("the HTTP server is started again in 400 ms")
        errors = [error for _, error, _ in self.api_tasks(daemon)]
        self.assertEqual(errors[:2], ["its thread ended", "it cannot be started again"])
        self.assertIsNone(errors[-1])
        self.assertEqual(daemon.stop(), 0)

    def test_light(self):
        """a light loop of which a part fails ends the daemon: it fades out, and the exit code tells"""
        whole = animated(inputs=[{"name": "keys", "type": "keyboard", "device": "none of these"}],
                         transitions={"shutdown": {"ms": 200}})
        daemon = self.start(whole).ready()
        with subprocess.Popen(["strace", "-q", "-o", "/dev/null", "-p", str(daemon.process.pid),
                               "-P", "anon_inode:inotify", "-e", "inject=read:error=EIO"],
                              stderr=subprocess.DEVNULL) as strace:
            self.addCleanup(strace.kill)
            # news of /dev, until they are read
            while daemon.process.poll() is None and strace.poll() is None:
                with tempfile.NamedTemporaryFile(dir="/dev", prefix="diuna-test-"):
                    time.sleep(0.05)
        self.assertEqual(daemon.wait(), 1)
        daemon.wait_log("light loop: devices failed and is switched off: Input/output error")
        daemon.wait_log("light loop failed: its devices failed")
        daemon.wait_log("shutdown: light loop")
        daemon.wait_log("shutdown: fade done")
        self.assertEqual(daemon.frames[-1], station.BLACK)

    def test_api_end(self):
        """told to end while the API is gone the light fades out and all ends well"""
        daemon = self.start(animated()).ready()
        self.fail_api(daemon)
        daemon.wait_log("the HTTP server is started again")
        self.assertEqual(daemon.stop(), 0)


class Memory(FaultTest):
    def test_memory(self):
        """memory of its own stays below 4 MiB, with 32 scenes, presets and everything in motion"""
        path = os.path.join(self.folder(), "state.json")
        daemon = self.start(animated(), arguments=("--state", path)).ready()
        for i in range(32):
            daemon.put(f"/scenes/scene-{i}", None)
        for i in range(64):
            daemon.put(f"/presets/preset-{i}", {"rgb": [i, i, i]})
        for name in [a["id"] for a in daemon.get("/animations")["animations"]]:
            for zone in "ABC":
                daemon.put(f"/zones/{zone}/animation", {"animation_id": name})
        for _ in range(40):
            daemon.frame()
        daemon.get("/zones")
        daemon.get("/system/tasks")
        own, all_of_it = self.status(daemon, "RssAnon"), self.status(daemon, "VmRSS")
        print(f"# RssAnon {own} kB, RSS {all_of_it} kB")
        self.assertLess(own, 4096)
        self.assertEqual(daemon.stop(), 0)

    def test_still(self):
        """all that is shipped, a page that looks on, and a sensor: no system call while nothing moves

        The panel's knobs and buttons and the keyboard may be missing where this runs: they are asked
        for during the first 26 s, ever more seldom (0.25 s, doubled up to 10), and then /dev tells.
        """
        with open(os.path.join(station.ROOT, "scripts", "packaging", "device.json"),
                  encoding="utf-8") as file:
            whole = json.load(file)
        with open(os.path.join(station.ROOT, "scripts", "packaging", "panel.json"),
                  encoding="utf-8") as file:
            whole.update(json.load(file))
        whole.pop("include", None)
        folder = self.folder()
        sensor = os.path.join(folder, "temp")
        with open(sensor, "w", encoding="ascii") as file:
            file.write("45000\n")
        # the device's two strips, in memory
        whole["outputs"] = [{"name": whole["outputs"][0]["name"], "type": "virtual",
                             "channels": [{"pixels": 51}, {"pixels": 68}]}]
        whole["thermal"] = {"sensor": sensor}
        whole["http"] = {"port": 0}
        daemon = self.start(whole, preview=False, arguments=(
            "--state", os.path.join(folder, "state.json"))).ready()
        time.sleep(0.25 + 0.5 + 1 + 2 + 4 + 8 + 10)
        # it is pinged every 20 s, which is to be told apart from wake-ups without a reason
        page = WebSocket(daemon.port)
        self.addCleanup(page.close)
        for zone in daemon.get("/zones")["zones"]:
            daemon.put(f"/zones/{zone['id']}/render-mode", {"render_mode": "STATIC"})
        self.settle(daemon)
        page.say({"type": "nothing"})       # the next ping is 20 s away
        time.sleep(1)
        trace = os.path.join(folder, "trace")
        with subprocess.Popen(["strace", "-f", "-q", "-o", trace, "-p", str(daemon.process.pid)],
                              stderr=subprocess.DEVNULL) as strace:
            self.wait_for("strace", lambda: os.path.exists(trace) and os.path.getsize(trace))
            time.sleep(STILL)
            strace.send_signal(signal.SIGINT)
            strace.wait(LIMIT)
        with open(trace, encoding="utf-8") as lines:
            # what each thread waited in, before and after, is not over in between
            over = [line for line in lines if "<unfinished" not in line and "<detached" not in line]
        self.assertEqual(over, [], "".join(over)[:6000])
        own = self.status(daemon, "RssAnon")
        print(f"# RssAnon {own} kB")
        self.assertLess(own, 4096)
        self.assertEqual(daemon.stop(), 0)

    def settle(self, daemon):
        """Waits until nothing has happened for three seconds."""
        deadline = time.monotonic() + LIMIT
        before, now = -1, daemon.switches()
        while now != before:
            self.assertLess(time.monotonic(), deadline, "it never rests")
            time.sleep(3)
            before, now = now, daemon.switches()

    def test_times(self):
        """the first frame and the end: how long they take is told, not judged"""
        first, last = [], []
        for _ in range(5):
            began = time.monotonic()
            daemon = self.start()
            daemon.wait_frame(station.START)
            first.append(time.monotonic() - began)
            daemon.ready()
            began = time.monotonic()
            self.assertEqual(daemon.stop(), 0)
            last.append(time.monotonic() - began)
        print(f"# start to first frame {1000 * min(first):.0f} ms at best, "
              f"end without fade {1000 * min(last):.0f} ms at best")


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Heat, Rough, Parts, Memory)))
