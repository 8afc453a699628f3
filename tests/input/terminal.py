# SPDX-License-Identifier: GPL-2.0-or-later
"""The terminal that diunad is started in as an input: its keys, and that it is as
it was afterwards, however the daemon ended. A pseudo terminal stands for it.
"""

import fcntl
import glob
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import termios
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DIUNAD = os.environ.get("DIUNAD", os.path.join(ROOT, "build", "release", "diunad"))
LIMIT = 60

CONFIG = {
    "outputs": [{"name": "main", "type": "virtual", "channels": [{"pixels": 10}]}],
    "zones": [{"id": "A", "output": "main", "first": 0, "count": 10}],
    "inputs": [{"name": "terminal", "type": "terminal"}],
    "http": {"port": 0},
}


class TerminalTest(unittest.TestCase):
    """A pseudo terminal, and the daemon in it."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.config = os.path.join(self.folder.name, "config.json")
        with open(self.config, "w", encoding="utf-8") as out:
            json.dump(CONFIG, out)
        self.ours, self.theirs = os.openpty()
        self.addCleanup(os.close, self.ours)
        self.addCleanup(os.close, self.theirs)
        self.before = termios.tcgetattr(self.theirs)

    def start(self, stdin=None, foreground=True):
        """diunad, as a shell would start it: in the terminal's foreground or not.

        Another program of the session takes the foreground at once, or when self.take is closed;
        or when a byte is written to it, and gives it back with the second one.
        """
        wait, self.take = os.pipe()
        if not foreground:
            os.close(self.take)
        log = open(os.path.join(self.folder.name, "log"), "wb")
        self.addCleanup(log.close)

        def take_terminal():
            os.setsid()
            fcntl.ioctl(self.theirs, termios.TIOCSCTTY, 0)
            if os.fork():
                if not foreground:
                    while os.tcgetpgrp(self.theirs) == os.getpgrp():
                        time.sleep(0.01)
                return
            # nothing else stays open here: subprocess waits for the end of a pipe of its own
            os.dup2(wait, 100)
            os.dup2(self.theirs, 101)
            os.closerange(3, 100)
            os.closerange(102, 1024)
            theirs = os.getpgrp()
            os.setpgid(0, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            told = os.read(100, 1)
            os.tcsetpgrp(101, os.getpgrp())
            if told and os.read(100, 1):
                os.tcsetpgrp(101, theirs)
            time.sleep(LIMIT)
            os._exit(0)

        self.process = subprocess.Popen(
            [DIUNAD, "--config", self.config, "--log", "terminal"], stdout=log, stderr=log,
            stdin=self.theirs if stdin is None else stdin, preexec_fn=take_terminal)
        os.close(wait)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        port = self.until("ready", lambda: re.search(r"ready: http://127\.0\.0\.1:(\d+)", self.log()))
        self.http = http.client.HTTPConnection("127.0.0.1", int(port[1]), timeout=LIMIT)
        self.addCleanup(self.http.close)

    def log(self):
        with open(os.path.join(self.folder.name, "log"), encoding="utf-8") as log:
            return log.read()

    def until(self, what, question):
        deadline = time.monotonic() + LIMIT
        while not (answer := question()):
            if time.monotonic() > deadline:
                self.fail(f"not seen: {what}; the log:\n{self.log()}")
            time.sleep(0.02)
        return answer

    def get(self, path):
        self.http.request("GET", "/api/v1" + path)
        return json.loads(self.http.getresponse().read())

    def present(self):
        self.until("the terminal", lambda: self.get("/inputs")["inputs"][0]["present"])

    def is_raw(self):
        return not termios.tcgetattr(self.theirs)[3] & (termios.ICANON | termios.ECHO)

    def as_before(self):
        return termios.tcgetattr(self.theirs) == self.before

    def switches(self):
        """Voluntary context switches of all threads: each is the end of a wait."""
        return {task: re.search(r"^voluntary_ctxt_switches:\s*(\d+)",
                                open(task + "/status", encoding="ascii").read(), re.M)[1]
                for task in glob.glob(f"/proc/{self.process.pid}/task/*")}


class Terminal(TerminalTest):
    def test_keys(self):
        """keys that are typed do what they are bound to"""
        self.start()
        self.present()
        os.write(self.ours, b"x")
        self.until("animated", lambda: self.get("/zones/A")["render_mode"] == "ANIMATION")
        os.write(self.ours, b"z")
        self.until("static", lambda: self.get("/zones/A")["render_mode"] == "STATIC")
        # a capital is with SHIFT, and not bound; an arrow neither
        os.write(self.ours, b"X\x1b[A")
        self.until("told", lambda: self.get("/inputs")["inputs"][0]["events"] == 4)
        self.assertEqual(self.get("/zones/A")["render_mode"], "STATIC")
        keys = [e["key"] for e in self.get("/events?limit=100")["events"]
                if e["type"] == "key_press"]
        self.assertEqual(keys, ["X", "Z", "SHIFT+X", "UP"])

    def test_restored_at_the_end(self):
        """the terminal is raw meanwhile, also after Ctrl-Z and fg, and as it was after SIGTERM"""
        self.start()
        self.present()
        self.assertTrue(self.is_raw())
        # a shell sets the terminal that a stopped program had
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)
        termios.tcsetattr(self.theirs, termios.TCSANOW, self.before)
        self.process.send_signal(signal.SIGCONT)
        self.until("raw again", self.is_raw)
        os.write(self.ours, b"x")
        self.until("animated", lambda: self.get("/zones/A")["render_mode"] == "ANIMATION")
        # another one gives it back as it was
        self.process.send_signal(signal.SIGCONT)
        os.write(self.ours, b"z")
        self.until("static", lambda: self.get("/zones/A")["render_mode"] == "STATIC")
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(LIMIT), 0)
        self.assertTrue(self.as_before())

    def test_interrupt(self):
        """Ctrl-C is still Ctrl-C"""
        self.start()
        self.present()
        os.write(self.ours, b"\x03")
        self.assertEqual(self.process.wait(LIMIT), 0)
        self.assertTrue(self.as_before())

    def test_restored_after_kill(self):
        """the terminal is as it was after SIGKILL, and after a crash"""
        for number in (signal.SIGKILL, signal.SIGSEGV):
            self.start()
            self.present()
            self.assertTrue(self.is_raw())
            self.process.send_signal(number)
            self.process.wait(LIMIT)
            self.until("as it was", self.as_before)

    def test_background(self):
        """in the background the terminal is left alone"""
        self.start(foreground=False)
        detail = self.until("told", lambda: self.get("/inputs")["inputs"][0]["detail"])
        self.assertIn("background", detail)
        self.assertTrue(self.as_before())
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(LIMIT), 0)

    def test_put_in_the_background(self):
        """a daemon that is put in the background goes on, and reads nothing of another's"""
        self.start()
        self.present()
        os.close(self.take)
        self.until("another has it", lambda: os.tcgetpgrp(self.ours) != self.process.pid)
        os.write(self.ours, b"x")
        self.until("missing", lambda: not self.get("/inputs")["inputs"][0]["present"])
        self.assertEqual(self.get("/zones/A")["render_mode"], "STATIC")
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(LIMIT), 0)

    def test_no_terminal(self):
        """without a terminal the input is missing, and all else works"""
        self.start(stdin=subprocess.DEVNULL)
        status = self.until("told", lambda: self.get("/inputs")["inputs"][0]["detail"] and
                            self.get("/inputs")["inputs"][0])
        self.assertEqual((status["error"], status["detail"]),
                         ("ENOTTY", "standard input is not a terminal"))
        self.assertEqual(self.get("/system/health")["status"], "degraded")
        self.assertIn("terminal terminal is missing and is not waited for: standard input",
                      self.log())
