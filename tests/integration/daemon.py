#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole daemon with a strip in memory: what shows, how it ends, what it costs.

tests/integration/daemon.py --diunad PATH speaks TAP. The strip's frames are
read from the preview pipe: 3 bytes (R, G, B) a pixel, channel after channel.
"""

import argparse
import contextlib
import ctypes
import fcntl
import http.client
import json
import mmap
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import unittest_tap  # noqa: E402

DIUNAD = os.path.join(ROOT, "build", "release", "diunad")
LIMIT = 60          # seconds after which something that should happen counts as missing
PIXELS = 10         # of the first channel: zone A has 4 of them, zone B 6
AUX = 5             # of the second channel: zone C
FRAME = (PIXELS + AUX) * 3


def config(**changes):
    """A configuration that shows at once and holds still."""
    whole = {
        "outputs": [{"name": "main", "type": "virtual",
                     "channels": [{"pixels": PIXELS}, {"pixels": AUX}]}],
        "zones": [
            {"id": "A", "output": "main", "first": 0, "count": 4,
             "start": {"color": {"mode": "RGB", "rgb": [255, 0, 0]}}},
            {"id": "B", "output": "main", "first": 4, "count": 6, "reversed": True,
             "start": {"color": {"mode": "RGB", "rgb": [0, 255, 0]}}},
            {"id": "C", "output": "main", "channel": 1, "first": 0, "count": AUX,
             "start": {"color": {"mode": "RGB", "rgb": [0, 0, 255]}}},
        ],
        "frames": {"fps": 20},
        "transitions": {"startup": {"ms": 0}, "mode": {"ms": 0}, "animation": {"ms": 0}, "scene": {"ms": 0}, "power": {"ms": 0}, "shutdown": {"ms": 0}},
        "http": {"port": 0},
    }
    whole.update(changes)
    return whole


def picture(a, b, c):
    """The frame of three zones in one colour each."""
    return bytes(a) * 4 + bytes(b) * 6 + bytes(c) * AUX


START = picture((255, 0, 0), (0, 255, 0), (0, 0, 255))
BLACK = bytes(FRAME)


@contextlib.contextmanager
def held(thread):
    """Holds one thread of a process as if it hung; what it traces is let go at the end."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long] * 4
    seize, interrupt, detach = 0x4206, 0x4207, 17       # linux/ptrace.h
    for request in (seize, interrupt):
        if libc.ptrace(request, thread, 0, 0) < 0:
            raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(thread, 0x40000000)      # __WALL: it has stopped
    try:
        yield
    finally:
        # If it died with its process, the kernel waits for its tracer to see that.
        if libc.ptrace(detach, thread, 0, 0) < 0:
            os.waitpid(thread, 0x40000000)


class Daemon:
    """A running diunad; its log lines are gathered, its frames read on demand."""

    def __init__(self, configuration, preview=True, read=True, environment=None, arguments=(),
                 terminal=None):
        """@preview: give it a pipe for its frames; @read: and read them all the time; @terminal: to
        be started in, as by a shell."""
        self.folder = tempfile.mkdtemp()
        path = os.path.join(self.folder, "config.json")
        with open(path, "w", encoding="utf-8") as out:
            json.dump(configuration, out)
        os.chmod(self.folder, 0o755)
        self.frames_fd = None
        command = [DIUNAD, "--config", path, *arguments]
        pass_fds = ()
        if preview:
            self.frames_fd, write_end = os.pipe()
            command += ["--preview-fd", str(write_end)]
            pass_fds = (write_end,)
        def take_terminal():
            if terminal is not None:
                fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=pass_fds,
            env={**os.environ, **(environment or {})}, start_new_session=terminal is not None,
            preexec_fn=take_terminal)
        if preview:
            os.close(write_end)
        self.log = []
        self.news = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read_log, daemon=True).start()
        self.frames = []
        self.stream_ended = False
        self.torn = b""
        if preview and read:
            self.read_frames()
        self.connection = None

    def _read_log(self):
        for line in self.process.stderr:
            with self.news:
                self.log.append(line.decode("utf-8", "replace").rstrip())
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def wait_log(self, pattern):
        """The first log line that matches, now or later."""
        def found():
            return next((m for m in (re.search(pattern, text) for text in self.log) if m), None)
        with self.news:
            self.news.wait_for(lambda: found() or self.ended, LIMIT)
            match = found()
        if not match:
            raise AssertionError(f"no {pattern!r} in the log:\n" + "\n".join(self.log))
        return match

    def ready(self):
        match = self.wait_log(r"ready: http://127\.0\.0\.1:(\d+)")
        self.port = int(match[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        return self

    def ask(self, method, path, body=None):
        """Status and JSON of an answer."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self.connection.request(method, "/api/v1" + path,
                                None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def put(self, path, body):
        status, answer = self.ask("PUT", path, body)
        if status != 204:
            raise AssertionError(f"PUT {path} {body}: {status} {answer}")

    def get(self, path):
        status, answer = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {answer}")
        return answer

    def read_frames(self):
        """Begins to read frames, all the time: the daemon drops what is not read in time."""
        threading.Thread(target=self._read_frames, args=(self.frames_fd,), daemon=True).start()
        self.frames_fd = None

    def _read_frames(self, frames_fd):
        buffered = b""
        with open(frames_fd, "rb", buffering=0) as stream:
            while data := stream.read(65536):
                buffered += data
                whole = len(buffered) // FRAME * FRAME
                with self.news:
                    self.frames += [buffered[i:i + FRAME] for i in range(0, whole, FRAME)]
                    self.news.notify_all()
                buffered = buffered[whole:]
        with self.news:
            self.torn = buffered
            self.stream_ended = True
            self.news.notify_all()

    def frame(self):
        """The next frame, or None when the daemon has closed the pipe."""
        with self.news:
            if not self.news.wait_for(lambda: self.frames or self.stream_ended, LIMIT):
                raise AssertionError("no frame came")
            if self.torn:
                raise AssertionError("the last frame is not whole")
            return self.frames.pop(0) if self.frames else None

    def wait_frame(self, wanted):
        """Reads frames until one is as wanted."""
        while True:
            frame = self.frame()
            if frame is None:
                raise AssertionError("the picture wanted did not come")
            if frame == wanted:
                return

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        return self.process.wait(LIMIT)

    def stop(self):
        """Ends it in order and returns the exit code."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.connection:
            self.connection.close()
        if self.frames_fd is not None:
            os.close(self.frames_fd)
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def thread(self, name):
        """The id of a thread by its name."""
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/comm", encoding="utf-8") as comm:
                if comm.read().strip() == name:
                    return int(task)
        raise AssertionError(f"no thread {name}")

    def switches(self):
        """Voluntary context switches of all threads: each is the end of a wait."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/status", encoding="ascii") as status:
                total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read(),
                                       re.M)[1])
        return total


class DaemonTest(unittest.TestCase):
    def start(self, configuration=None, **options):
        daemon = Daemon(configuration or config(), **options)
        self.addCleanup(daemon.close)
        return daemon


def animated(**changes):
    """All zones in motion."""
    whole = config(**changes)
    for zone in whole["zones"]:
        zone["start"]["animation"] = {"id": "RAINBOW"}
    return whole


class Showing(DaemonTest):
    def test_start(self):
        """the start colours show, each zone at its place"""
        daemon = self.start().ready()
        daemon.wait_frame(START)

    def test_color(self):
        """a colour asked for shows as it was asked for"""
        daemon = self.start().ready()
        daemon.put("/zones/B/color", {"color": {"mode": "RGB", "rgb": [1, 2, 3]}})
        daemon.wait_frame(picture((255, 0, 0), (1, 2, 3), (0, 0, 255)))
        # 240 degrees on the circle of red, green and blue is blue
        daemon.put("/zones/A/color", {"color": {"mode": "HUE", "hue": 240}})
        daemon.wait_frame(picture((0, 0, 255), (1, 2, 3), (0, 0, 255)))
        # the value of the original's list of presets
        daemon.put("/zones/C/color", {"color": {"mode": "PRESET", "preset_name": "cool_white"}})
        daemon.wait_frame(picture((0, 0, 255), (1, 2, 3), (200, 220, 255)))

    def test_brightness(self):
        """brightness scales a zone, and 0 is dark"""
        daemon = self.start().ready()
        daemon.put("/zones/A/brightness", {"brightness": 20})
        # 20 % of 255 is 51, and 51/255 of 255 is 51
        daemon.wait_frame(picture((51, 0, 0), (0, 255, 0), (0, 0, 255)))
        daemon.put("/zones/A/brightness", {"brightness": 0})
        daemon.wait_frame(picture((0, 0, 0), (0, 255, 0), (0, 0, 255)))

    def test_power(self):
        """a zone that is switched off is dark and comes back as it was"""
        daemon = self.start().ready()
        daemon.put("/zones/A/brightness", {"brightness": 20})
        daemon.put("/zones/A/is-on", {"is_on": False})
        daemon.wait_frame(picture((0, 0, 0), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(daemon.get("/zones/A")["brightness"], 20)
        # changed while dark: nothing shows before it is on again
        daemon.put("/zones/A/color", {"color": {"mode": "RGB", "rgb": [0, 255, 255]}})
        daemon.put("/zones/A/is-on", {"is_on": True})
        daemon.wait_frame(picture((0, 51, 51), (0, 255, 0), (0, 0, 255)))

    def test_disabled(self):
        """a disabled zone stays dark whatever is asked"""
        whole = config()
        whole["zones"][0]["enabled"] = False
        daemon = self.start(whole).ready()
        daemon.wait_frame(picture((0, 0, 0), (0, 255, 0), (0, 0, 255)))
        daemon.put("/zones/A/brightness", {"brightness": 50})
        daemon.put("/zones/A/color", {"color": {"mode": "HUE", "hue": 0}})
        daemon.put("/zones/B/color", {"color": {"mode": "RGB", "rgb": [9, 9, 9]}})
        daemon.wait_frame(picture((0, 0, 0), (9, 9, 9), (0, 0, 255)))

    def test_animation(self):
        """an animation moves, keeps its parameters and gives the colour back when stopped"""
        daemon = self.start().ready()
        daemon.wait_frame(START)
        daemon.put("/zones/A/animation", {"animation_id": "rainbow"})
        daemon.put("/zones/A/animation/parameters", {"parameters": {"speed": 77}})
        pictures = {daemon.frame()[:12] for _ in range(40)}
        self.assertGreater(len(pictures), 20)
        zone = daemon.get("/zones/A")
        self.assertEqual(zone["render_mode"], "ANIMATION")
        self.assertEqual(zone["animation"]["parameters"]["speed"], 77)
        daemon.put("/zones/A/color", {"color": {"mode": "RGB", "rgb": [9, 8, 7]}})
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "ANIMATION")
        status, _ = daemon.ask("POST", "/zones/A/animation/stop")
        self.assertEqual(status, 204)
        daemon.wait_frame(picture((9, 8, 7), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(daemon.get("/zones/A")["render_mode"], "STATIC")
        daemon.put("/zones/A/render-mode", {"render_mode": "ANIMATION"})
        self.assertEqual(daemon.get("/zones/A")["animation"]["parameters"]["speed"], 77)

    def test_own_writes(self):
        """whoever writes reads what was written, from any connection"""
        daemon = self.start().ready()
        other = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=LIMIT)
        self.addCleanup(other.close)
        for i in range(300):
            daemon.put("/zones/A/brightness", {"brightness": i % 101})
            self.assertEqual(daemon.get("/zones/A")["brightness"], i % 101)
            other.request("GET", "/api/v1/zones/A")
            self.assertEqual(json.loads(other.getresponse().read())["brightness"], i % 101)

    def test_many_commands(self):
        """commands that pile up while the light loop is busy are all done"""
        daemon = self.start().ready()
        connections = [http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=LIMIT)
                       for _ in range(50)]
        with held(daemon.process.pid):
            for i, connection in enumerate(connections):
                self.addCleanup(connection.close)
                connection.request("PUT", "/api/v1/zones/A/brightness",
                                   json.dumps({"brightness": i + 1}),
                                   {"Content-Type": "application/json"})
            # they have all been read, and wait, when one more is answered from the snapshot
            self.assertEqual(daemon.get("/zones/A")["brightness"], 100)
        for connection in connections:
            self.assertEqual(connection.getresponse().status, 204)
        self.assertIn(daemon.get("/zones/A")["brightness"], range(1, 51))

    def test_tasks(self):
        """everything that goes on is in the list of tasks, and so is each thread"""
        daemon = self.start(config(
            programs=[{"id": "TRUE", "command": ["/bin/true"]}],
            inputs=[{"name": "keys", "type": "keyboard"}])).ready()
        daemon.put("/zones/B/animation", {"animation_id": "SNAKE"})
        texts = [t["description"] for t in daemon.get("/system/tasks/active")["tasks"]]
        threads = {"diunad": "light loop", "diuna-log": "log writer", "diuna-inputs": "opening inputs",
                   "diuna-files": "reading and writing files", "programs": "starting programs",
                   "diuna-api": "HTTP API on 127.0.0.1"}
        for task in os.listdir(f"/proc/{daemon.process.pid}/task"):
            with open(f"/proc/{daemon.process.pid}/task/{task}/comm", encoding="utf-8") as comm:
                self.assertIn(threads[comm.read().strip()], texts)
        for expected in ("event bus", "keyboard keys: waits for it",
                         "thermal watch of /sys/class/thermal/thermal_zone0/temp", "light loop", "log writer", "HTTP API on 127.0.0.1",
                         "output main: shows frames", "SNAKE on B"):
            self.assertIn(expected, texts)
        daemon.put("/zones/B/render-mode", {"render_mode": "STATIC"})
        ended = [t for t in daemon.get("/system/tasks")["tasks"]
                 if t["description"] == "SNAKE on B"]
        self.assertEqual([t["status"] for t in ended], ["cancelled"])
        self.assertRegex(daemon.get("/system/health")["reason"], "^input keys is missing: [^;]*$")


class Viewers(DaemonTest):
    def waiting(self, daemon):
        """Bytes in the viewer's pipe."""
        return struct.unpack("=i", fcntl.ioctl(daemon.frames_fd, termios.FIONREAD, bytes(4)))[0]

    def test_standing_still(self):
        """a viewer that reads nothing stops nothing, and what it gets are whole frames"""
        daemon = self.start(animated(), read=False).ready()
        before = -1
        while (waiting := self.waiting(daemon)) != before:      # until it takes no more
            before = waiting
            select.select([], [], [], 0.5)
        for i in range(100):
            daemon.put("/zones/A/brightness", {"brightness": i})
        self.assertEqual(daemon.stop(), 0)
        daemon.read_frames()
        while daemon.frame() is not None:
            pass

    def test_gone(self):
        """a viewer that goes away ends nothing"""
        daemon = self.start(animated(), read=False).ready()
        os.close(daemon.frames_fd)
        daemon.frames_fd = None
        for i in range(100):
            daemon.put("/zones/A/brightness", {"brightness": i})
        self.assertEqual(daemon.stop(), 0)

    def test_fifo(self):
        """--preview takes a FIFO, with or without a reader, and nothing else"""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        fifo = os.path.join(folder, "frames")
        os.mkfifo(fifo)
        daemon = self.start(preview=False, arguments=["--preview", fifo]).ready()
        daemon.frames_fd = os.open(fifo, os.O_RDONLY)
        daemon.read_frames()
        daemon.put("/zones/A/color", {"color": {"mode": "RGB", "rgb": [1, 1, 1]}})
        daemon.wait_frame(picture((1, 1, 1), (0, 255, 0), (0, 0, 255)))
        self.assertEqual(daemon.stop(), 0)
        plain = os.path.join(folder, "plain")
        with open(plain, "wb"):
            pass
        device = config(outputs=[{"name": "main", "type": "device", "path": "/dev/not-there"}])
        for arguments, whole, expected in (
                (["--preview", plain], config(), "preview: not a pipe or FIFO"),
                (["--preview", folder + "/none"], config(), "preview: .*such file"),
                (["--preview-fd", "999"], config(), "preview: Bad file descriptor"),
                (["--preview", fifo], device, "preview: .* has no virtual output")):
            with self.subTest(arguments=arguments):
                daemon = self.start(whole, preview=False, arguments=arguments)
                daemon.wait_log(expected)
                self.assertEqual(daemon.wait(), 1)


class Ending(DaemonTest):
    def test_sigterm(self):
        """SIGTERM fades out to black and ends with code 0"""
        transitions = {"startup": {"ms": 0}, "shutdown": {"ms": 1000}}
        daemon = self.start(config(transitions=transitions)).ready()
        daemon.wait_frame(START)
        daemon.signal(signal.SIGTERM)
        frames = []
        while (frame := daemon.frame()) is not None:
            frames.append(frame)
        self.assertEqual(daemon.wait(), 0)
        self.assertEqual(frames[-1], BLACK)
        self.assertGreater(len(frames), 2, "it did not fade")
        reds = [frame[0] for frame in frames]
        self.assertEqual(reds, sorted(reds, reverse=True), "it did not only get darker")
        self.assertEqual(daemon.process.stdout.read(), b"")

    def test_sigint(self):
        """SIGINT is the same as SIGTERM, also in the middle of motion"""
        transitions = {"startup": {"ms": 0}, "shutdown": {"ms": 300}}
        daemon = self.start(animated(transitions=transitions)).ready()
        for _ in range(10):
            daemon.frame()
        daemon.signal(signal.SIGINT)
        last = None
        while (frame := daemon.frame()) is not None:
            last = frame
        self.assertEqual(daemon.wait(), 0)
        self.assertEqual(last, BLACK)

    def test_sigquit(self):
        """SIGQUIT fades out as well, and leaves no core"""
        daemon = self.start(config(transitions={"startup": {"ms": 0}, "shutdown": {"ms": 300}}))
        daemon.ready()
        daemon.signal(signal.SIGQUIT)
        last = None
        while (frame := daemon.frame()) is not None:
            last = frame
        self.assertEqual(daemon.wait(), 0)
        self.assertEqual(last, BLACK)

    def test_other_signals(self):
        """signals that mean nothing here end nothing, and the light can still fade"""
        daemon = self.start().ready()
        for signo in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM,
                      signal.SIGPROF, signal.SIGIO, signal.SIGPWR, signal.SIGXFSZ, signal.SIGPIPE,
                      signal.SIGRTMIN, signal.SIGRTMAX):
            daemon.signal(signo)
        daemon.get("/system/health")
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait(), 0)

    def test_second_signal(self):
        """a second signal ends at once with 128 and its number"""
        for first, second, code in ((signal.SIGTERM, signal.SIGTERM, 143),
                                    (signal.SIGTERM, signal.SIGINT, 130)):
            with self.subTest(first=first, second=second):
                daemon = self.start(config(transitions={"shutdown": {"ms": 4000}})).ready()
                daemon.signal(first)
                daemon.wait_log("shutdown: told to end")
                daemon.signal(second)
                self.assertEqual(daemon.wait(), code)
                # it never got as far as this
                self.assertFalse([text for text in daemon.log if "fade done" in text])

    def test_clients(self):
        """open connections do not hold up the end"""
        daemon = self.start().ready()
        idle = [socket.create_connection(("127.0.0.1", daemon.port)) for _ in range(20)]
        half = socket.create_connection(("127.0.0.1", daemon.port))
        half.sendall(b"PUT /api/v1/zones/A/brightness HTTP/1.1\r\nHost: localhost\r\n")
        self.assertEqual(daemon.stop(), 0)
        for connection in [*idle, half]:
            connection.close()

    def test_hanging_thread(self):
        """a thread that hangs is left behind: the light still fades and the exit code says so"""
        daemon = self.start().ready()
        with held(daemon.thread("diuna-api")):
            daemon.signal(signal.SIGTERM)
            last = None
            while (frame := daemon.frame()) is not None:
                last = frame
            self.assertEqual(last, BLACK)
            daemon.wait_log("shutdown: api failed")
        self.assertEqual(daemon.wait(), 1)

    def test_order(self):
        """the parts end in order: commands, fade, frames, programs, state, api"""
        daemon = self.start().ready()
        self.assertEqual(daemon.stop(), 0)
        ends = [m[1] for m in (re.search(r"shutdown: (\w+) done in \d+\.\d{3} s$", text) for text in daemon.log)
                if m]
        self.assertEqual(ends, ["commands", "fade", "frames", "programs", "state", "api"])


class Starting(DaemonTest):
    def run_diunad(self, *arguments):
        return subprocess.run([DIUNAD, *arguments], capture_output=True, text=True,
                              timeout=LIMIT, check=False)

    def write(self, text):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "c.json")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def test_bad_config(self):
        """a wrong configuration is told with its place and exit code 78, by --check too"""
        whole = config()
        whole["zones"][1]["count"] = 0
        cases = (
            ('{\n"outputs": [],\n', r"c\.json:\d+:\d+: .*end of file"),
            (json.dumps(whole), r"c\.json: /zones/1/count: 0 is not allowed, only a whole "
                                r"number from 1 to 8192$"),
            ("[]", r"c\.json: \[\] is not allowed, only an object$"),
        )
        for text, expected in cases:
            path = self.write(text)
            for option in ("--config", "--check"):
                with self.subTest(option=option, text=text[:40]):
                    result = self.run_diunad(option, path)
                    self.assertEqual(result.returncode, 78)
                    self.assertRegex(result.stderr.strip(), expected)
                    self.assertEqual(result.stdout, "")
        result = self.run_diunad("--config", "/nowhere/c.json")
        self.assertEqual(result.returncode, 78)
        self.assertEqual(result.stderr, "/nowhere/c.json: No such file or directory\n")

    def test_check(self):
        """--check says ok to a good file and starts nothing"""
        result = self.run_diunad("--check", self.write(json.dumps(config())))
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "ok\n", ""))

    def test_packaged(self):
        """the configurations that come with it are good"""
        folder = os.path.join(ROOT, "scripts", "packaging")
        for name in ("demo.json", "device.json"):
            with self.subTest(name=name):
                self.assertEqual(self.run_diunad("--check", os.path.join(folder, name)).stdout,
                                 "ok\n")

    def test_usage(self):
        """wrong options end with code 64, --help and --version with 0"""
        for arguments in (("--nonsense",), ("--port", "65536"), ("--port", "8x"), ("--log", "x"),
                          ("--port", ""), ("stray",), ("--config",),
                          ("--preview", "/a", "--preview-fd", "1")):
            with self.subTest(arguments=arguments):
                result = self.run_diunad(*arguments)
                self.assertEqual(result.returncode, 64)
                self.assertTrue(result.stderr)
        self.assertIn("--check FILE", self.run_diunad("--help").stdout)
        self.assertRegex(self.run_diunad("--version").stdout, r"^diunad \d")

    def test_port_in_use(self):
        """a port in use ends the start with a line that names it"""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            daemon = self.start(preview=False, arguments=["--port", str(port)])
            self.assertEqual(daemon.wait(), 1)
            daemon.wait_log(rf"127\.0\.0\.1.*{port}.*Address already in use")

    def test_closed_streams(self):
        """started with closed standard streams it opens nothing of its own in their place"""
        daemon = Daemon(config())
        path = os.path.join(daemon.folder, "config.json")
        daemon.stop()
        self.addCleanup(shutil.rmtree, daemon.folder, True)
        read_end, write_end = os.pipe()
        process = subprocess.Popen(
            ["sh", "-c", f'exec "$0" --config "$1" --preview-fd {write_end} <&- >&- 2>&-',
             DIUNAD, path], pass_fds=(write_end,))
        os.close(write_end)
        with os.fdopen(read_end, "rb") as frames:
            self.assertEqual(frames.read(FRAME), START)
            streams = [os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in range(3)]
            process.terminate()
            self.assertEqual(process.wait(LIMIT), 0)
        self.assertEqual(streams, ["/dev/null"] * 3)

    def test_no_device(self):
        """without its device it runs, says so and ends well"""
        whole = config(outputs=[{"name": "main", "type": "device", "path": "/dev/not-there"}])
        daemon = self.start(whole, preview=False).ready()
        health = daemon.get("/system/health")
        self.assertEqual(health["status"], "degraded")
        self.assertFalse(health["outputs"][0]["present"])
        self.assertEqual(health["outputs"][0]["error"], "ENOENT")
        daemon.put("/zones/A/brightness", {"brightness": 3})
        self.assertEqual(daemon.get("/zones/A")["brightness"], 3)
        self.assertEqual(daemon.stop(), 0)

    def notifications(self, sock):
        """What systemd was told, until it is told that the daemon stops."""
        sock.settimeout(LIMIT)
        while True:
            text = sock.recv(4096).decode()
            yield from text.split("\n")
            if "STOPPING=1" in text:
                return

    def test_notify(self):
        """systemd hears READY, a fed watchdog, a status and STOPPING"""
        path = os.path.join(tempfile.mkdtemp(), "notify")
        self.addCleanup(shutil.rmtree, os.path.dirname(path))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.bind(path)
            daemon = self.start(read=False, environment={"NOTIFY_SOCKET": path,
                                                         "WATCHDOG_USEC": "400000"})
            said = []
            fed = 0
            for text in self.notifications(sock):
                said.append(text)
                if text == "READY=1":
                    # the first frame has been given out by now
                    self.assertTrue(select.select([daemon.frames_fd], [], [], 0)[0])
                fed += text == "WATCHDOG=1"
                if fed == 3:
                    daemon.signal(signal.SIGTERM)
                    fed += 1
            self.assertEqual(daemon.wait(), 0)
        self.assertEqual(said[0], "READY=1")
        self.assertEqual(said[-1], "STOPPING=1")
        self.assertTrue([t for t in said if t.startswith("STATUS=main shows, API on")])


class Costs(DaemonTest):
    def settle(self, daemon):
        """Waits until nothing has happened for half a second."""
        before = -1
        for _ in range(2 * LIMIT):
            now = daemon.switches()
            if now == before:
                return now
            before = now
            select.select([], [], [], 0.5)
        raise AssertionError("it never holds still")

    def test_static(self):
        """a static scene has no wake-up in 10 s, with an idle connection open"""
        daemon = self.start().ready()
        daemon.put("/zones/A/animation", {"animation_id": "RAINBOW"})
        daemon.put("/zones/A/render-mode", {"render_mode": "STATIC"})
        daemon.get("/zones")
        before = self.settle(daemon)
        select.select([], [], [], 10)
        self.assertEqual(daemon.switches() - before, 0)

    def test_dark(self):
        """an animation in a zone that is off costs no wake-up either"""
        daemon = self.start(animated()).ready()
        for zone in "ABC":
            daemon.put(f"/zones/{zone}/is-on", {"is_on": False})
        daemon.connection.close()
        before = self.settle(daemon)
        select.select([], [], [], 3)
        self.assertEqual(daemon.switches() - before, 0)

    def test_system_calls(self):
        """a frame of an animation takes at most 8 system calls, the viewer's pipe included"""
        daemon = self.start(animated(frames={"fps": 60})).ready()
        for _ in range(60):
            daemon.frame()
        trace = os.path.join(daemon.folder, "trace")
        with subprocess.Popen(["strace", "-f", "-q", "-o", trace, "-p", str(daemon.process.pid)],
                              stderr=subprocess.PIPE) as strace:
            for _ in range(200):
                daemon.frame()
            strace.send_signal(signal.SIGINT)
            strace.wait(LIMIT)
        with open(trace, encoding="utf-8", errors="replace") as lines:
            calls = [m for m in (re.match(r"\d+ +(\w+)\((\d*)", line) for line in lines) if m]
        frames = sum(m[1] == "write" and int(m[2]) > 2 for m in calls)
        self.assertGreater(frames, 50)
        by_name = {}
        for match in calls:
            by_name[match[1]] = by_name.get(match[1], 0) + 1
        print(f"# {len(calls)} calls for {frames} frames: {by_name}")
        # the first and the last frame are traced in part
        self.assertLessEqual(len(calls), 8 * (frames + 1))

    def test_allocations(self):
        """animating allocates nothing"""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        library = os.path.join(folder, "alloc_count.so")
        subprocess.run([os.environ.get("CC", "gcc"), "-O2", "-shared", "-fPIC", "-o", library,
                        os.path.join(ROOT, "tests", "lib", "alloc_count.c")], check=True)
        count_path = os.path.join(folder, "count")
        with open(count_path, "wb") as out:
            out.write(bytes(8))
        daemon = self.start(animated(frames={"fps": 60}),
                            environment={"LD_PRELOAD": library,
                                         "ALLOC_COUNT": count_path}).ready()
        with open(count_path, "rb") as file, mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ) as m:
            def count():
                return struct.unpack("=Q", m[:8])[0]
            self.assertGreater(count(), 100, "the counter does not count")
            # what belongs to the start, such as the first log lines, is over after a second
            for _ in range(60):
                daemon.frame()
            before = count()
            for _ in range(240):
                daemon.frame()
            self.assertEqual(count() - before, 0)


def run(doc, cases):
    """The main program of a file of tests with the line @doc on top: TAP for the tests of @cases."""
    global DIUNAD
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--diunad", default=DIUNAD)
    parser.add_argument("names", nargs="*", help="only tests with one of these in their names")
    arguments = parser.parse_args()
    DIUNAD = os.path.abspath(arguments.diunad)
    suite = unittest.TestSuite()
    for case in cases:
        tests = [test for test in unittest.defaultTestLoader.loadTestsFromTestCase(case)
                 if not arguments.names or any(name in test.id() for name in arguments.names)]
        # the suite of a class makes and ends what the class sets up
        suite.addTest(unittest.TestSuite(tests))
    print(f"1..{suite.countTestCases()}", flush=True)
    result = unittest_tap.TapResult()
    result.startTestRun()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(run(__doc__, (Showing, Viewers, Ending, Starting, Costs)))
