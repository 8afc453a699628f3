# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of inputs share, inside the machine: simulated GPIO lines
(gpio-sim), keyboards made by uinput, the daemon on the module's device, and
the wire, read by tests/lib/wiredecode.py.
"""

import ctypes
import fcntl
import glob
import http.client
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import wiredecode  # noqa: E402

DIUNAD = os.environ.get("DIUNAD", os.path.join(ROOT, "build", "release", "diunad"))
LIMIT = 60          # seconds after which something that should happen counts as missing
PIXELS = [51, 68]
ORDERS = ["BRG", "GRB"]
CHIPS = ["ws2811", "ws2812b"]

# The original's wiring: selector CLK 5, DT 6, SW 13; modulator CLK 16, DT 20, SW 21; buttons; buzzer 12
SELECTOR, MODULATOR = (5, 6, 13), (16, 20, 21)
BUTTONS = {1: 22, 2: 26, 3: 23, 4: 24}
BUZZER = 12
ZONES = {"FLOOR": (0, 0, 18), "CIRCLE": (0, 18, 14), "LAMP": (0, 32, 19), "PIXEL": (1, 0, 60)}


class Chip:
    """A simulated GPIO chip of 32 lines named GPIO0 to GPIO31, which rest high."""

    number = 0

    def __init__(self, label="pinctrl-sim"):
        Chip.number += 1
        self.config = f"/sys/kernel/config/gpio-sim/panel{Chip.number}"
        bank = self.config + "/bank"
        os.makedirs(bank)
        self.put(bank + "/num_lines", "32")
        self.put(bank + "/label", label)
        for line in range(32):
            os.mkdir(f"{bank}/line{line}")
            self.put(f"{bank}/line{line}/name", f"GPIO{line}")
        self.bank = bank
        self.name = self.files = None

    @staticmethod
    def put(path, text):
        with open(path, "w", encoding="ascii") as out:
            out.write(text)

    def plug(self):
        self.put(self.config + "/live", "1")
        self.name = open(self.bank + "/chip_name", encoding="ascii").read().strip()
        device = open(self.config + "/dev_name", encoding="ascii").read().strip()
        self.files = {line: open(f"/sys/devices/platform/{device}/{self.name}/sim_gpio{line}/pull",
                                 "w", encoding="ascii", buffering=1) for line in range(32)}
        self.device = f"/sys/devices/platform/{device}/{self.name}"
        return self

    def unplug(self):
        for file in (self.files or {}).values():
            file.close()
        self.files = None
        self.put(self.config + "/live", "0")

    def remove(self):
        if self.files:
            self.unplug()
        for line in range(32):
            os.rmdir(f"{self.bank}/line{line}")
        os.rmdir(self.bank)
        os.rmdir(self.config)

    def low(self, line):
        """A contact to ground closes."""
        os.pwrite(self.files[line].fileno(), b"pull-down", 0)

    def high(self, line):
        os.pwrite(self.files[line].fileno(), b"pull-up", 0)

    def set(self, line, closed):
        (self.low if closed else self.high)(line)

    def value(self, line):
        return int(open(f"{self.device}/sim_gpio{line}/value", encoding="ascii").read())


class Knob:
    """An encoder's two contacts. Clockwise A closes, B closes, A opens, B opens (Alps EC11).

    Slow: the kernel keeps 16 edges of a line, and a busy host may leave the daemon waiting.
    """

    CONTACTS = [(False, False), (True, False), (True, True), (False, True)]

    def __init__(self, chip, lines, pause_s=0.008):
        self.chip, self.a, self.b = chip, lines[0], lines[1]
        self.position = 0
        self.pause_s = pause_s

    def edge(self, direction):
        before = self.CONTACTS[self.position % 4]
        self.position += direction
        after = self.CONTACTS[self.position % 4]
        if before[0] != after[0]:
            self.chip.set(self.a, after[0])
        else:
            self.chip.set(self.b, after[1])

    def turn(self, detents):
        for _ in range(abs(detents) * 4):
            self.edge(1 if detents > 0 else -1)
            time.sleep(self.pause_s)


# linux/input-event-codes.h
KEYS = {"ESC": 1, "Q": 16, "A": 30, "D": 32, "F": 33, "Z": 44, "X": 45, "SPACE": 57, "LEFTSHIFT": 42,
        "LEFTCTRL": 29, "K": 37, "P": 25}
EV_SYN, EV_KEY = 0, 1
# linux/uinput.h
UI_DEV_CREATE, UI_DEV_DESTROY = 0x5501, 0x5502
UI_SET_EVBIT, UI_SET_KEYBIT = 0x40045564, 0x40045565
UI_DEV_SETUP = 0x405C5503
UI_GET_SYSNAME = 0x80405500 | 44


class Keyboard:
    """A keyboard that is plugged in, by uinput."""

    def __init__(self, name="Test keyboard", product=1):
        self.fd = os.open("/dev/uinput", os.O_WRONLY)
        fcntl.ioctl(self.fd, UI_SET_EVBIT, EV_KEY)
        for code in range(1, 128):
            fcntl.ioctl(self.fd, UI_SET_KEYBIT, code)
        # struct uinput_setup: bus, vendor, product, version, name, ff_effects_max
        fcntl.ioctl(self.fd, UI_DEV_SETUP, struct.pack("HHHH80sI", 3, 0x1209, product, 1,
                                                       name.encode(), 0))
        fcntl.ioctl(self.fd, UI_DEV_CREATE)

    @staticmethod
    def event(kind, code, value):
        return struct.pack("qqHHi", 0, 0, kind, code, value)

    def keys(self, *changes):
        """Each change is (key, value): 1 down, 0 up, 2 repeated."""
        data = b"".join(self.event(EV_KEY, KEYS[key], value) + self.event(EV_SYN, 0, 0)
                        for key, value in changes)
        os.write(self.fd, data)

    def hit(self, key, *modifiers):
        self.keys(*((m, 1) for m in modifiers), (key, 1), (key, 0), *((m, 0) for m in modifiers))

    def path(self):
        """Its file in /dev/input."""
        # 64 is what UI_GET_SYSNAME has room for
        name = fcntl.ioctl(self.fd, UI_GET_SYSNAME, bytes(64)).rstrip(b"\0").decode()
        event = glob.glob(f"/sys/devices/virtual/input/{name}/event*")[0]
        return "/dev/input/" + os.path.basename(event)

    def unplug(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


DEFAULTS = subprocess.run([DIUNAD, "--print-defaults"], check=True, stdout=subprocess.PIPE).stdout


def at_once(transitions):
    """Whatever changes takes no time."""
    return {key: at_once(value) if isinstance(value, dict) else 0 if key.endswith("ms") else value
            for key, value in transitions.items()}


def config(**changes):
    """The original station's panel, by the names of the lines."""
    whole = {
        "outputs": [{"name": "main", "type": "device", "path": "/dev/diuna",
                     "colors": [{"gamma": 1}, {"gamma": 1}]}],
        "zones": [
            {"id": "FLOOR", "output": "main", "channel": 0, "first": 0, "count": 18,
             "start": {"brightness": 60, "color": {"mode": "HUE", "hue": 120}}},
            {"id": "CIRCLE", "output": "main", "channel": 0, "first": 18, "count": 14,
             "start": {"brightness": 100, "color": {"mode": "PRESET", "preset_name": "red"}}},
            {"id": "LAMP", "output": "main", "channel": 0, "first": 32, "count": 19,
             "start": {"is_on": False}},
            {"id": "PIXEL", "output": "main", "channel": 1, "first": 0, "count": 60,
             "start": {"color": {"mode": "RGB", "rgb": [0, 0, 200]}}},
        ],
        "inputs": [
            {"name": "selector", "type": "encoder", "a": "GPIO5", "b": "GPIO6", "switch": "GPIO13"},
            {"name": "modulator", "type": "encoder", "a": "GPIO16", "b": "GPIO20",
             "switch": "GPIO21"},
            *({"name": f"button{n}", "type": "button", "line": f"GPIO{line}"}
              for n, line in BUTTONS.items()),
            {"name": "keyboard", "type": "keyboard", "device": "Test keyboard"},
        ],
        "transitions": at_once(json.loads(DEFAULTS)["transitions"]),
        "http": {"port": 0},
    }
    whole.update(changes)
    return whole


class Daemon:
    """A running diunad in this machine."""

    def __init__(self, configuration, arguments=(), user=None):
        self.folder = tempfile.mkdtemp()
        os.chmod(self.folder, 0o755)
        self.identity = {"user": user, "group": user, "extra_groups": []} if user else {}
        self.path = os.path.join(self.folder, "config.json")
        with open(self.path, "w", encoding="utf-8") as out:
            json.dump(configuration, out)
        self.arguments = list(arguments)
        self.start()

    def start(self):
        self.log_path = os.path.join(self.folder, "log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [DIUNAD, "--config", self.path, "--log", "terminal", *self.arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.identity)
        port = self.wait_log(r"ready: http://127\.0\.0\.1:(\d+)")[1]
        self.http = http.client.HTTPConnection("127.0.0.1", int(port), timeout=LIMIT)

    def log(self):
        return open(self.log_path, encoding="utf-8", errors="replace").read()

    def wait_log(self, pattern):
        return self.until(f"{pattern!r} in the log", lambda: re.search(pattern, self.log()))

    def until(self, what, question):
        """The answer as soon as there is one."""
        deadline = time.monotonic() + LIMIT
        while True:
            answer = question()
            if answer:
                return answer
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"not seen: {what}; the log:\n{self.log()[-3000:]}")
            time.sleep(0.02)

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        # a connection that is not used is closed by the server after a while
        self.http.close()
        self.http.request(method, "/api/v1" + path, None if body is None else json.dumps(body),
                          headers)
        response = self.http.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def get(self, path):
        status, answer = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {answer}")
        return answer

    def change(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        if status != 204:
            raise AssertionError(f"{method} {path} {body}: {status} {answer}")

    def panel(self):
        return self.get("/panel")

    def zone(self, name):
        return self.get(f"/zones/{name}")

    def input(self, name):
        return next(i for i in self.get("/inputs")["inputs"] if i["name"] == name)

    def present(self, *names):
        """Waits until these inputs work."""
        for name in names:
            self.until(f"input {name}", lambda: self.input(name)["present"])
        return self

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LIMIT)

    def switches(self):
        """Voluntary context switches of all threads: each is the end of a wait."""
        return {comm(task): int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)",
                                          open(task + "/status", encoding="ascii").read(), re.M)[1])
                for task in glob.glob(f"/proc/{self.process.pid}/task/*")}

    def memory_kib(self):
        """Memory of its own, without what is mapped from files; counted page by page."""
        # VmRSS lags behind by up to 64 pages for each thread
        return int(re.search(r"^Anonymous:\s*(\d+)", open(f"/proc/{self.process.pid}/smaps_rollup",
                                                         encoding="ascii").read(), re.M)[1])


def comm(task):
    return os.path.basename(task) + " " + open(task + "/comm", encoding="ascii").read().strip()


def symbols(last=None):
    """The newest frame, or the last ones: (seq, [pixels of each channel]); each must be in spec."""
    what = "history" if last else "symbols"
    text = open(f"/sys/kernel/debug/diuna/diuna/{what}", encoding="ascii").read()
    if last:
        head, *lines = text.splitlines()
        text = "\n".join([head, *lines[-last:]]) + "\n"
    frames = []
    for transfer, strips in wiredecode.decode(wiredecode.parse_history(text), ORDERS, CHIPS, PIXELS):
        for strip in strips:
            if transfer.seq and strip.errors:
                raise AssertionError(f"frame {transfer.seq}: {strip.errors[:3]}")
        frames.append((transfer.seq, [strip.pixels for strip in strips]))
    return frames


def part(frame, zone):
    channel, first, count = ZONES[zone]
    return frame[1][channel][first:first + count]


class InputTest(unittest.TestCase):
    """A chip with the panel's lines and a keyboard, and the daemon on them."""

    def setUp(self):
        self.chip = Chip().plug()
        self.addCleanup(self.chip.remove)
        self.keyboard = Keyboard()
        self.addCleanup(lambda: self.keyboard.unplug())
        self.selector = Knob(self.chip, SELECTOR)
        self.modulator = Knob(self.chip, MODULATOR)

    def daemon(self, configuration=None, arguments=(), present=True):
        daemon = Daemon(configuration or config(), arguments)
        self.addCleanup(daemon.end)
        if present:
            daemon.present(*(i["name"] for i in (configuration or config())["inputs"]))
        return daemon

    def press(self, line, hold_s=0.1):
        """Long enough for a busy host: the kernel reads a line's level when it gets to the edge."""
        self.chip.low(line)
        time.sleep(hold_s)
        self.chip.high(line)
        time.sleep(0.05)

    def button(self, number):
        self.press(BUTTONS[number])

    def events(self, daemon, name, count):
        """Waits until an input has told so many events."""
        daemon.until(f"{count} events of {name}", lambda: daemon.input(name)["events"] >= count)
