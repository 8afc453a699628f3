# SPDX-License-Identifier: GPL-2.0-or-later
"""How quick and how exact, in the machine whose clock counts instructions: there
time passes by what is done, so that what is measured does not depend on how
busy the host is.
"""

import fcntl
import os
import random
import re
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import BUTTONS, MODULATOR, SELECTOR, InputTest, Knob, config  # noqa: E402

DETENTS = 10000
EDGE_S = 0.001          # 1000 edges a second
FPS = 60
# Longest channel: 68 pixels of 24 bits of 1.25 us, and 300 us of reset
WIRE_MS = 68 * 24 * 0.00125 + 0.3
PERIOD_MS = 1000 / FPS
MARGIN_MS = 4
TRACING = "/sys/kernel/tracing"
EVIOCSCLOCKID = 0x400445A0


def put(path, text):
    with open(f"{TRACING}/{path}", "w", encoding="ascii") as out:
        out.write(text)


class Frames:
    """When frames were queued and done, by the module's tracepoints: s of CLOCK_MONOTONIC."""

    def __enter__(self):
        put("trace_clock", "mono")
        put("trace", "")
        for name in ("diuna_queue", "diuna_done"):
            put(f"events/diuna/{name}/enable", "1")
        return self

    def __exit__(self, *_):
        for name in ("diuna_queue", "diuna_done"):
            put(f"events/diuna/{name}/enable", "0")

    def read(self):
        found = {"queue": {}, "done": {}}
        with open(f"{TRACING}/trace", encoding="ascii") as trace:
            for line in trace:
                match = re.search(r" ([\d.]+): diuna_(queue|done): device=0 seq=(\d+)", line)
                if match:
                    found[match[2]][int(match[3])] = float(match[1])
        return found

    def after(self, instants):
        """For each instant, ms until the first frame that was queued later is done."""
        found = self.read()
        result = []
        for instant in instants:
            later = [seq for seq, queued in found["queue"].items() if queued >= instant]
            if not later or min(later) not in found["done"]:
                raise AssertionError(f"no frame after {instant}")
            result.append((found["done"][min(later)] - instant) * 1000)
        return sorted(result)


def p99(values):
    return values[min(len(values) - 1, int(len(values) * 0.99))]


class Speed(InputTest):
    def turn(self, line_set, knob, detents, bounce):
        """Edge after edge, each at its instant; contacts bounce before they come to rest."""
        start = time.monotonic()
        for edge in range(detents * 4):
            pause = start + edge * EDGE_S - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            before = knob.CONTACTS[knob.position % 4]
            knob.edge(line_set)
            after = knob.CONTACTS[knob.position % 4]
            contact, line = (0, knob.a) if before[0] != after[0] else (1, knob.b)
            if bounce.random() < 0.25:
                for _ in range(bounce.randrange(1, 3)):
                    self.chip.set(line, before[contact])
                    self.chip.set(line, after[contact])

    def test_detents(self):
        """10,000 detents at 1000 edges a second, with bounce: none lost, none too many"""
        daemon = self.daemon()
        daemon.change("PUT", "/bindings", {"bindings": []})
        bounce = random.Random(7)
        knobs = {"selector": Knob(self.chip, SELECTOR), "modulator": Knob(self.chip, MODULATOR)}
        turned = {name: {1: 0, -1: 0} for name in knobs}
        left = DETENTS
        while left:
            name = bounce.choice(sorted(knobs))
            direction = bounce.choice((1, -1))
            detents = min(left, bounce.randrange(1, 400))
            self.turn(direction, knobs[name], detents, bounce)
            turned[name][direction] += detents
            left -= detents
        # the last edges settle
        time.sleep(0.1)
        counted = {name: {1: daemon.input(name)["right"], -1: daemon.input(name)["left"]}
                   for name in knobs}
        print(f"# turned {turned}, counted {counted}")
        self.assertEqual(counted, turned)

    def latencies(self, daemon, instants_of, count=30):
        with Frames() as frames:
            instants = []
            for number in range(count):
                # anywhere in a frame's period
                time.sleep(0.1 + number % 17 / 1000)
                instants.append(instants_of())
            time.sleep(0.2)
            return frames.after(instants)

    def press_button(self):
        instant = time.clock_gettime(time.CLOCK_MONOTONIC)
        self.chip.low(BUTTONS[4])
        time.sleep(0.02)
        self.chip.high(BUTTONS[4])
        return instant

    def press_key(self):
        """Returns the kernel's time of the event."""
        self.keyboard.keys(("K", 1))
        data = os.read(self.events_fd, 24 * 64)
        self.keyboard.keys(("K", 0))
        os.read(self.events_fd, 24 * 64)
        seconds, micros = struct.unpack_from("qq", data)
        return seconds + micros / 1e6

    def still(self):
        """Each press gives another picture, and nothing else moves."""
        whole = config(frames={"fps": FPS})
        whole["bindings"] = [{"input": "button4", "action": "TOGGLE", "zone": "CIRCLE"},
                             {"key": "K", "action": "TOGGLE", "zone": "CIRCLE"}]
        return whole

    def watch_keyboard(self, daemon):
        path = daemon.input("keyboard")["detail"].rsplit("(", 1)[1].rstrip(")")
        self.events_fd = os.open(path, os.O_RDONLY)
        self.addCleanup(os.close, self.events_fd)
        fcntl.ioctl(self.events_fd, EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))

    def report(self, what, values, limit):
        print(f"# {what}: median {values[len(values) // 2]:.2f} ms, p99 {p99(values):.2f} ms, "
              f"at most {limit:.2f} ms")
        self.assertLess(p99(values), limit)

    def test_latency_still(self):
        """when nothing moves a press and a key are seen at once, without waiting for a tick"""
        daemon = self.daemon(self.still())
        self.watch_keyboard(daemon)
        limit = WIRE_MS + MARGIN_MS
        self.report("button to light, still", self.latencies(daemon, self.press_button), limit)
        self.report("key to light, still", self.latencies(daemon, self.press_key), limit)

    def test_latency_moving(self):
        """in motion a press and a key are seen in the next frame"""
        whole = self.still()
        whole["zones"][0]["start"]["animation"] = {"id": "RAINBOW"}
        daemon = self.daemon(whole)
        self.watch_keyboard(daemon)
        limit = PERIOD_MS + WIRE_MS + MARGIN_MS
        self.report("button to light, moving", self.latencies(daemon, self.press_button), limit)
        self.report("key to light, moving", self.latencies(daemon, self.press_key), limit)
