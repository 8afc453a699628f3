#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""diunactl watch in a terminal, and what scripts/run makes of it.

tests/integration/watch.py --diunad PATH speaks TAP; diunactl lies beside diunad.
Sequences of a terminal are those of ECMA-48 and xterm: ESC[?1049h takes another screen,
ESC[48;2;r;g;bm is a background in 24 bits, ESC[0m the end of it.
"""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import daemon as station  # noqa: E402

OK, REFUSED, USAGE, NO_INPUT, UNAVAILABLE, CONFIG = 0, 1, 64, 66, 69, 78
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"


def diunactl():
    return os.path.join(os.path.dirname(os.path.abspath(station.DIUNAD)), "diunactl")


class Terminal:
    """A terminal of its own with a program in it."""

    def __init__(self, command, rows=24, columns=80, **environment):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        plain = termios.tcgetattr(self.slave)
        plain[1] &= ~termios.OPOST          # or each line feed becomes two characters
        termios.tcsetattr(self.slave, termios.TCSANOW, plain)
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
            # a shell's background job, as these tests may be, begins with it ignored
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **environment})

    def resize(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds=station.LIMIT):
        if select.select([self.master], [], [], max(0, seconds))[0]:
            self.seen += os.read(self.master, 65536)
            return True
        return False

    def until(self, wanted):
        """Reads until @wanted, a text or a pattern, has come; what came before it is forgotten."""
        pattern = re.compile(re.escape(wanted) if isinstance(wanted, bytes) else wanted[0], re.S)
        end = time.monotonic() + station.LIMIT
        while not (match := pattern.search(self.seen)):
            if not self.read(end - time.monotonic()):
                raise AssertionError(f"no {pattern.pattern!r} in {self.seen[-500:]!r}")
        self.seen = self.seen[match.start():]
        return match

    def wait(self):
        """The exit code; the terminal is read on until then."""
        end = time.monotonic() + station.LIMIT
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        while self.read(0):
            pass
        return self.process.returncode

    def is_restored(self):
        return termios.tcgetattr(self.slave)[:4] == self.before[:4]

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


def cells(rgb, columns):
    """What so many columns of one colour look like when each pixel is three columns wide."""
    return (b"\x1b[48;2;%d;%d;%dm   " % rgb) * columns


class Live(unittest.TestCase):
    def setUp(self):
        self.daemon = station.Daemon(station.config(), preview=False).ready()
        self.addCleanup(self.daemon.close)
        self.url = f"http://127.0.0.1:{self.daemon.port}"

    def watch(self, *words, rows=24, columns=80, **environment):
        terminal = Terminal([diunactl(), "watch", *words], rows, columns,
                            DIUNA_URL=self.url, **environment)
        self.addCleanup(terminal.close)
        return terminal

    def run_ctl(self, *words):
        return subprocess.run([diunactl(), "watch", *words], capture_output=True, text=True,
                              check=False, timeout=station.LIMIT, stdin=subprocess.DEVNULL,
                              env={**os.environ, "DIUNA_URL": self.url})

    def put(self, rgb):
        self.daemon.ask("PUT", "/zones/A/color", {"color": {"mode": "RGB", "rgb": list(rgb)}})

    def test_picture(self):
        """each zone is a line of its colours, and changes are shown as they happen"""
        terminal = self.watch()
        terminal.until(ENTER)
        terminal.until(b"diuna  " + self.url.encode())
        # START of daemon.py: 4 pixels red, 6 green, 5 blue, three columns for each
        for name, rgb, count in ((b"A", (255, 0, 0), 4), (b"B", (0, 255, 0), 6), (b"C", (0, 0, 255), 5)):
            terminal.until(name + b" " * (13 - len(name)) + cells(rgb, count) + b"\x1b[0m")
        self.put((1, 2, 3))
        terminal.until(cells((1, 2, 3), 4))

    def test_size(self):
        """it follows the size of the window"""
        terminal = self.watch("--title", "how it is", columns=80)
        terminal.until(b"how it is")
        terminal.until(cells((255, 0, 0), 4) + b"\x1b[0m")
        # 13 columns for the name leave 4: one for each pixel of A, and the mean of 6 in B
        terminal.resize(24, 17)
        terminal.process.send_signal(signal.SIGWINCH)
        terminal.until(b"\x1b[48;2;255;0;0m " * 4 + b"\x1b[0m")
        terminal.until(b"\x1b[48;2;0;255;0m " * 4 + b"\x1b[0m")
        # the head is two lines and the last one stays free: A alone
        terminal.resize(4, 17)
        terminal.process.send_signal(signal.SIGWINCH)
        terminal.until((rb"how it is\x1b\[K\r\n\x1b\[K\r\nA [^\n]*\n\x1b\[J",))

    def test_still(self):
        """while nothing moves it sleeps"""
        terminal = self.watch()
        terminal.until(b"C  ")

        def woken():
            with open(f"/proc/{terminal.process.pid}/status", encoding="ascii") as status:
                return int(re.search(r"\nvoluntary_ctxt_switches:\t(\d+)", status.read())[1])

        # what the first pictures bring has to be over
        before, now = -1, woken()
        while before != now:
            time.sleep(0.5)
            before, now = now, woken()
        time.sleep(2)
        # a ping of the daemon may come, once in 20 s; 25 pictures a second would be 50
        self.assertLessEqual(woken() - now, 2)

    def test_matrix(self):
        """a matrix is shown row by row as it hangs"""
        whole = station.config()
        whole["zones"] = [{"id": "M", "output": "main", "first": 0, "count": 6,
                           "matrix": {"width": 3, "height": 2, "serpentine": True}}]
        daemon = station.Daemon(whole, preview=False).ready()
        self.addCleanup(daemon.close)
        self.url = f"http://127.0.0.1:{daemon.port}"
        terminal = self.watch()
        terminal.until(b"M ")
        frame = [(i + 1, 0, 0) for i in range(15)]
        subprocess.run(["curl", "-fs", "-X", "PUT", "-H", "Content-Type: application/octet-stream",
                        "--data-binary", "@-", f"{self.url}/api/v1/outputs/main/frame?ttl_ms=60000"],
                       input=bytes(sum(frame, ())), check=True, timeout=station.LIMIT)
        # the second row of a serpentine comes from the right
        first = b"".join(cells((i, 0, 0), 1) for i in (1, 2, 3))
        second = b"".join(cells((i, 0, 0), 1) for i in (6, 5, 4))
        terminal.until(b"M" + b" " * 12 + first + b"\x1b[0m\x1b[K\r\n" + b" " * 13 + second)

    def test_no_color(self):
        """with NO_COLOR it is letters, the more light the darker"""
        terminal = self.watch(NO_COLOR="1")
        # all light is the last of 10 letters
        terminal.until(b"A" + b" " * 12 + b"@" * 12 + b"\x1b[K")
        self.put((0, 0, 1))
        terminal.until(b"A" + b" " * 12 + b"." * 12 + b"\x1b[K")
        self.put((0, 0, 0))
        terminal.until(b"A" + b" " * 24 + b"\x1b[K")
        self.assertNotIn(b"\x1b[48", terminal.seen)
        empty = self.watch(NO_COLOR="")     # counts as not set, says no-color.org
        empty.until(b"\x1b[48;2;")

    def test_end(self):
        """Ctrl-C and other ways to end it leave the terminal as it was"""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            terminal = self.watch()
            terminal.until(b"C  ")
            self.assertFalse(terminal.is_restored())
            terminal.process.send_signal(number)
            self.assertEqual(terminal.wait(), OK, number)
            self.assertTrue(terminal.seen.endswith(b"\x1b[0m\x1b[?25h" + LEAVE), terminal.seen[-80:])
            self.assertTrue(terminal.is_restored())

    def test_stop(self):
        """Ctrl-Z gives the terminal back, and fg takes it again"""
        terminal = self.watch()
        terminal.until(b"C  ")
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.until(LEAVE)
        self.assertEqual(os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED).si_status, signal.SIGSTOP)
        self.assertTrue(terminal.is_restored())
        terminal.process.send_signal(signal.SIGCONT)
        terminal.until(ENTER)
        terminal.until(b"C  ")
        terminal.process.send_signal(signal.SIGINT)
        self.assertEqual(terminal.wait(), OK)

    def test_daemon_ends(self):
        """it ends with the daemon, and says so if that broke off"""
        terminal = self.watch()
        terminal.until(b"C  ")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(terminal.wait(), OK)
        self.assertTrue(terminal.is_restored())
        other = station.Daemon(station.config(), preview=False).ready()
        self.addCleanup(other.close)
        self.url = f"http://127.0.0.1:{other.port}"
        terminal = self.watch()
        terminal.until(b"C  ")
        other.signal(signal.SIGKILL)
        self.assertEqual(terminal.wait(), UNAVAILABLE)
        self.assertIn(b"broke off", terminal.seen)
        self.assertIn(LEAVE, terminal.seen)
        self.assertTrue(terminal.is_restored())

    def test_reload(self):
        """it goes on over a reload that puts zones elsewhere"""
        terminal = self.watch("--title", "x", NO_COLOR="1")
        terminal.until(b"C  ")
        path = self.daemon.process.args[self.daemon.process.args.index("--config") + 1]
        with open(path, encoding="utf-8") as file:
            whole = json.load(file)
        whole["zones"][0]["display_name"] = "Another"
        whole["zones"][0]["first"], whole["zones"][1]["first"] = 6, 0
        with open(path, "w", encoding="utf-8") as file:
            json.dump(whole, file)
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_log("configuration")
        self.put((0, 0, 1))
        terminal.until(b"A" + b" " * 12 + b"." * 12 + b"\x1b[K")

    def test_json(self):
        """with --json each picture is a line, and no terminal is wanted"""
        process = subprocess.Popen([diunactl(), "--json", "watch", "--fps", "60"], text=True,
                                   stdout=subprocess.PIPE, env={**os.environ, "DIUNA_URL": self.url})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        first = {}
        while len(first) < 3:
            line = json.loads(process.stdout.readline())
            first[line["zone"]] = line
        self.assertEqual({name: (one["width"], one["height"], one["rgb"]) for name, one in first.items()},
                         {"A": (4, 1, "ff0000" * 4), "B": (6, 1, "00ff00" * 6), "C": (5, 1, "0000ff" * 5)})
        self.put((1, 2, 254))
        line = json.loads(process.stdout.readline())
        self.assertEqual((line["zone"], line["rgb"]), ("A", "0102fe" * 4))
        self.assertGreater(line["picture"], first["A"]["picture"])
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(process.wait(station.LIMIT), OK)

    def test_wrong(self):
        """what cannot be watched is told, with the exit code of the manual"""
        for words, code, pattern in (
                ((), USAGE, "wants a terminal.*--json"),
                (("--fps", "0"), USAGE, "from 1 to 60"), (("--fps", "61"), USAGE, "from 1 to 60"),
                (("--fps", "x"), USAGE, "whole number"), (("more",), USAGE, "Usage"),
                (("--config", "/dev/null"), USAGE, "Usage"), (("--frames", "/dev/null"), USAGE, "Usage"),
                (("--blink",), USAGE, "blink"),
                (("--config", "/nonexistent", "--frames", "/dev/null"), CONFIG, "nonexistent"),
                (("--config", f"{ROOT}/scripts/packaging/demo.json", "--frames", "/nonexistent"), NO_INPUT,
                 "nonexistent")):
            done = self.run_ctl(*words)
            self.assertEqual((done.returncode, done.stdout), (code, ""), f"{words}: {done.stderr}")
            self.assertRegex(done.stderr, pattern)
        self.url = "http://127.0.0.1:9"     # discard: nobody listens there
        done = self.run_ctl()
        self.assertEqual(done.returncode, UNAVAILABLE)
        self.assertIn("does diunad run", done.stderr)

    def test_file(self):
        """without a daemon the zones of a configuration are shown from a file, as they are on the strip"""
        whole = station.config()
        whole["outputs"][0]["channels"][1]["components"] = 4
        whole["zones"] = [
            {"id": "BACK", "output": "main", "first": 0, "count": 3, "reversed": True},
            {"id": "HOLE", "output": "main", "parts": [{"first": 8, "count": 1}, {"first": 4, "count": 2}]},
            {"id": "DARK", "output": "main", "first": 6, "count": 1, "enabled": False},
            {"id": "WHITE", "output": "main", "channel": 1, "first": 1, "count": 1},
            {"id": "ALL", "members": ["BACK", "WHITE"]}]
        first = [(i, 0, 0) for i in range(1, 11)]       # 3 bytes a pixel, then 4 with white
        second = [(0, 0, 0, 0), (1, 2, 250, 10), (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)]
        with tempfile.NamedTemporaryFile("w") as config, tempfile.NamedTemporaryFile() as frames:
            json.dump(whole, config)
            config.flush()
            terminal = self.watch("--config", config.name, "--frames", frames.name)
            terminal.until(b"WHITE")
            frames.write(bytes(sum(first + second, ())))
            frames.flush()
            terminal.until(b"BACK         " + cells((3, 0, 0), 1) + cells((2, 0, 0), 1) + cells((1, 0, 0), 1))
            terminal.until(b"HOLE         " + cells((9, 0, 0), 1) + cells((5, 0, 0), 1) + cells((6, 0, 0), 1))
            # white is light of every colour, 255 is the most: 1 + 10, 2 + 10, 250 + 10
            end = terminal.until((rb"WHITE        \x1b\[48;2;11;12;255m   \x1b\[0m\x1b\[K\r\n\x1b\[J",))
            self.assertNotIn(b"DARK", end.string)
            self.assertNotIn(b"ALL", end.string)
            terminal.process.send_signal(signal.SIGINT)
            self.assertEqual(terminal.wait(), OK)

    def test_token(self):
        """who has no token is told so in the daemon's words; who has one sees"""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("read 0123456789abcdef0123\n")
            file.flush()
            os.chmod(file.name, 0o600)
            guarded = station.Daemon(station.config(http={"port": 0, "token_file": file.name}),
                                     preview=False).ready()
            self.addCleanup(guarded.close)
            self.url = f"http://127.0.0.1:{guarded.port}"
            done = self.run_ctl("--json")
            self.assertEqual(done.returncode, REFUSED)
            self.assertIn("token", done.stderr)
            terminal = self.watch("--token-file", file.name)
            terminal.until(b"C  ")
            self.assertEqual(guarded.stop(), 0)
            self.assertEqual(terminal.wait(), OK)


class Hostile(unittest.TestCase):
    """Servers that are not diunad."""

    ZONE = {"id": "A", "width": 2, "height": 1}

    def serve(self, upgrade, zones, prefix=""):
        """A server that has @zones, and @upgrade(socket, key) for the live channel, below @prefix; gives its URL."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def run():
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=answer, args=(client,), daemon=True).start()

        def answer(client):
            with client, contextlib.suppress(OSError):
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(4096)
                if not head.startswith(f"GET {prefix}/api/v1/".encode()):
                    client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    return
                key = re.search(rb"Sec-WebSocket-Key: (\S+)", head)
                if key:
                    upgrade(client, key[1])
                else:
                    body = json.dumps({"zones": zones}).encode()
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}{prefix}"

    @staticmethod
    def accept(client, key):
        digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n")

    def ends(self, upgrade, code, pattern, zones=(ZONE,), prefix=""):
        done = subprocess.run([diunactl(), "watch", "--json", "--url", self.serve(upgrade, zones, prefix)], text=True,
                              capture_output=True, check=False, timeout=station.LIMIT)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, pattern)
        return done.stdout

    def speaks(self, *frames):
        """An upgrade that sends these messages, bytes or JSON, and a close frame."""
        def upgrade(client, key):
            self.accept(client, key)
            for frame in frames:
                binary = isinstance(frame, bytes)
                text = frame if binary else json.dumps(frame).encode()
                length = bytes([len(text)]) if len(text) < 126 else b"\x7e" + struct.pack(">H", len(text))
                client.sendall((b"\x82" if binary else b"\x81") + length + text)
            client.sendall(b"\x88\x02\x03\xe8")
            client.recv(65536)
        return upgrade

    def test_upgrade(self):
        """an upgrade that is none, or is never answered whole, is refused"""
        self.ends(lambda client, key: client.sendall(b"HTTP/1.1 200 OK\r\n\r\n"), REFUSED, "refused the live channel: 200")
        self.ends(lambda client, key: client.sendall(b"HTTP/1.1 503 Busy\r\n\r\n"), REFUSED, "503")
        self.ends(lambda client, key: client.sendall(b"hello\r\n\r\n"), UNAVAILABLE, "is it diunad")
        self.ends(lambda client, key: client.sendall(
            b"HTTP/1.1 101 Yes\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"), UNAVAILABLE, "is it diunad")
        self.ends(lambda client, key: client.sendall(b"x" * 100000), UNAVAILABLE, "does not open")
        self.ends(lambda client, key: None, UNAVAILABLE, "does not open")

    def test_prefix(self):
        """a daemon behind a proxy, with a path before its own, is watched as it is asked"""
        self.ends(self.speaks(), 0, "^$", prefix="/lamps/hall")

    def test_messages(self):
        """zones and pictures that cannot be are not shown"""
        header = struct.pack("<BBHII", 1, 1, 0, 7, 2)
        shown = self.ends(self.speaks(header + b"\1\2\3\4\5\6"), OK, "^$")
        self.assertEqual(json.loads(shown), {"zone": "A", "picture": 7, "width": 2, "height": 1, "rgb": "010203040506"})
        for picture in (b"", b"\1", header, header + b"123", header + b"1" * 9, b"\2" + header[1:] + b"123456",
                        struct.pack("<BBHII", 1, 1, 1, 7, 2) + b"123456", struct.pack("<BBHII", 1, 0, 0, 7, 2) + b"123456"):
            self.assertEqual(self.ends(self.speaks(picture), OK, "^$"), "", picture)
        self.assertEqual(self.ends(self.speaks(header + b"123456"), OK, "^$", []), "")
        for text in ({}, {"type": "snapshot"}, {"type": "answer", "id": 1, "status": 204}, [], "x"):
            self.assertEqual(self.ends(self.speaks(text), OK, "^$"), "", text)
        self.ends(self.speaks({"type": "answer", "id": 1, "problem": {"detail": "no\x1b[2J"}}), REFUSED, r"no\?\[2J")
        for wrong in ({"id": 'A","x":"', "width": 2, "height": 1}, {"id": "\x1b[2J", "width": 2, "height": 1},
                      {"id": "A", "width": 0, "height": 1}, {"id": "A", "width": 1 << 40, "height": 1 << 40},
                      {"id": "A", "width": "2"}, {}, 3, None):
            self.ends(self.speaks(), UNAVAILABLE, "is it diunad", [wrong])
        self.ends(self.speaks(), UNAVAILABLE, "is it diunad", [self.ZONE] * 1001)

    def test_frames(self):
        """what is no WebSocket frame ends it"""
        def sends(frame):
            def upgrade(client, key):
                self.accept(client, key)
                client.sendall(frame)
                while client.recv(65536):       # until the other side has closed it
                    pass
            return upgrade

        # reserved bits, no such opcode, a long ping, not UTF-8 (RFC 6455, section 5), and more than 8 MiB
        for frame in (b"\xf1\x00", b"\x83\x00", b"\x89\x7e\x01\x00", b"\x81\x01\xff",
                      b"\x82\x7f" + struct.pack(">Q", (8 << 20) + 1) + b"x"):
            self.ends(sends(frame), UNAVAILABLE, "broke off")
        self.ends(self.accept, UNAVAILABLE, "broke off")


def children(parent, name):
    """Processes of this name that another one started."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8",
                                                errors="replace") as stat:
            head, _, tail = stat.read().rpartition(")")
            if head.endswith(f"({name}") and int(tail.split()[1]) == parent:
                found.append(int(pid))
    return found


class Run(unittest.TestCase):
    def station(self):
        terminal = Terminal([os.path.join(ROOT, "scripts/lib/station"), "0",
                             os.path.join(ROOT, "scripts/packaging/demo.json")])
        self.addCleanup(terminal.close)
        terminal.until(ENTER)
        terminal.until(b"FLOOR")
        return terminal

    def test_ctrl_c(self):
        """scripts/run shows the fade after Ctrl-C, ends with the daemon and gives the terminal back"""
        terminal = self.station()
        # as the terminal does it: all programs in it get the signal
        os.killpg(terminal.process.pid, signal.SIGINT)
        self.assertEqual(terminal.wait(), OK)
        last = terminal.seen[:terminal.seen.index(LEAVE)].rsplit(b"\x1b[H", 1)[1]
        # the demo fades out before it ends: its last picture is dark, but for the zones' names
        colors = [tuple(map(int, found)) for found in re.findall(rb"48;2;(\d+);(\d+);(\d+)m", last)]
        self.assertTrue(colors)
        self.assertLess(max(map(max, colors)), 64, last)
        self.assertIn(b"diunad ended with code 0", terminal.seen)
        self.assertTrue(terminal.is_restored())

    def test_killed_viewer(self):
        """scripts/run puts the terminal right after its viewer was killed"""
        terminal = self.station()
        viewer = children(terminal.process.pid, "diunactl")
        self.assertEqual(len(viewer), 1)
        self.assertFalse(terminal.is_restored())
        os.kill(viewer[0], signal.SIGKILL)
        terminal.seen = b""
        terminal.process.terminate()
        terminal.until(LEAVE)
        self.assertEqual(terminal.wait(), OK)
        self.assertTrue(terminal.is_restored())


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Live, Hostile, Run)))
