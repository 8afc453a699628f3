#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The SPI backend on a controller that records (spi-recorder.c), in a test machine.

Runs as root in the machine; DIUNA_KO and RECORDER_KO are the modules. What the
controller sent is read by tests/lib/wiredecode.py at the rate that the
controller had, from the datasheets.
"""

import fcntl
import errno
import itertools
import os
import random
import re
import select
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import wiredecode  # noqa: E402

DEVICE = "/dev/diuna"
RECORDS = "/sys/kernel/debug/spi-recorder"
PARAMETERS = "/sys/module/spi_recorder/parameters"
DRIVER = "/sys/bus/spi/drivers/diuna-spi"
COMPLETION = struct.Struct("=5Q iIII Q")  # struct diuna_completion
PATIENCE_S = 20
GET_INFO = 2 << 30 | 168 << 16 | 0xD1 << 8  # _IOR(0xd1, 0, struct diuna_info)
PROBE_BYTES = 16  # the module's message to learn the rate; its words are zero


def load(**parameters):
    """Load both modules anew; values of lists are joined by commas."""
    unload()
    subprocess.run(["dmesg", "--clear"], check=True)
    subprocess.run(["insmod", os.environ["DIUNA_KO"]], check=True)
    subprocess.run(["insmod", os.environ["RECORDER_KO"],
                    *(f"{name}={value}" for name, value in parameters.items())], check=True)


def unload():
    """Take both away."""
    for module in ("spi_recorder", "diuna"):
        if os.path.exists(f"/sys/module/{module}"):
            subprocess.run(["rmmod", module], check=True)


def kernel_log():
    """What the kernel said since load()."""
    return subprocess.run(["dmesg"], check=True, capture_output=True, text=True).stdout


def parameter(name, value):
    """Change a parameter of the recorder."""
    with open(f"{PARAMETERS}/{name}", "w", encoding="ascii") as file:
        file.write(str(value))


def wire(**values):
    """Change the wiring of the strip; waits until what this sends has been sent."""
    for name, value in values.items():
        with open(f"/sys/class/diuna/diuna/channel0/{name}", "w", encoding="ascii") as file:
            file.write(str(value))
    with Frames() as device:
        device.show(bytes(device.size))


def attribute(name):
    """Of the device in sysfs."""
    with open(f"/sys/class/diuna/diuna/{name}", encoding="ascii") as file:
        return file.read().strip()


def history():
    """What was sent, as wiredecode has it, the messages that only ask for the rate left out."""
    with open(f"{RECORDS}/history", encoding="ascii") as file:
        parsed = wiredecode.parse_history(file.read())
    parsed.transfers = [t for t in parsed.transfers if len(t.words) * 4 > PROBE_BYTES]
    return parsed


def rates():
    """Of every message."""
    with open(f"{RECORDS}/rates", encoding="ascii") as file:
        return [int(line) for line in file]


def thread(name):
    """The kernel's thread of this name."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with open(f"{entry.path}/comm", encoding="ascii", errors="replace") as file:
                if file.read().strip() == name:
                    return int(entry.name)
    raise AssertionError(f"no thread {name}")


class Stalled(AssertionError):
    """A frame was given up."""


class Frames:
    """The device open for frames and their records."""

    def __init__(self):
        self.fd = os.open(DEVICE, os.O_RDWR | os.O_NONBLOCK)
        info = bytearray(168)
        fcntl.ioctl(self.fd, GET_INFO, info)
        self.size = struct.unpack_from("=4I", info)[3]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def wait(self, events):
        poll = select.poll()
        poll.register(self.fd, events)
        got = poll.poll(PATIENCE_S * 1000)
        if not got:
            raise AssertionError(f"waited {PATIENCE_S} s for events {events:#x}")
        return got[0][1]

    def write(self, data):
        """Submit frames, one after the other."""
        for at in range(0, len(data), self.size):
            self.wait(select.POLLOUT)
            if os.write(self.fd, data[at:at + self.size]) != self.size:
                raise AssertionError("a frame was not taken whole")

    def status(self):
        """Status of the next frame to end."""
        self.wait(select.POLLIN)
        return COMPLETION.unpack(os.read(self.fd, COMPLETION.size))[5]

    def show(self, data):
        """Submit frames and wait for each; their status."""
        result = []
        for at in range(0, len(data), self.size):
            self.write(data[at:at + self.size])
            result.append(self.status())
        return result


class SpiTest(unittest.TestCase):
    """Common to all."""

    def tearDown(self):
        unload()
        complaints = re.findall(r".*(?:WARNING|BUG|Oops|Call Trace).*", kernel_log())
        self.assertEqual(complaints, [])

    def decode(self, order="GRB", chip="ws2812b", pixels=3, first=0):
        """Pixels of every message from the first, every pulse in the chip's limits."""
        sent = history()
        sent.transfers = sent.transfers[first:]
        result = []
        for _, (strip,) in wiredecode.decode(sent, [order], [chip], [pixels]):
            self.assertEqual(strip.errors, [])
            self.assertGreater(strip.lead_ns, 0, "no silence before the first pixel")
            result.append(strip.pixels)
        return result

    def check(self, frames=3, order="GRB", chip="ws2812b", pixels=3, **parameters):
        """Load, send frames, and compare with what was recorded: black, and these."""
        # An emulated CPU that stands still for 100 ms makes the module give a frame up,
        # as it should: that says nothing of the frames, so they are sent again.
        for attempt in range(3):
            load(order=order, chip=chip, pixels=pixels, **parameters)
            try:
                sent = self.send(frames, order, pixels)
                break
            except Stalled:
                if attempt == 2:
                    raise
        black = [[(0,) * len(order)] * pixels]
        self.assertEqual(self.decode(order, chip, pixels), black + sent)

    def check_rewired(self, order="GRB", chip="sk6812", pixels=3):
        """The same without loading: the strip is another from now on, by sysfs."""
        wire(order=order, chip=chip, pixels=pixels)
        before = len(history().transfers)
        sent = self.send(1, order, pixels)
        self.assertEqual(self.decode(order, chip, pixels, before), sent)

    def send(self, frames, order, pixels):
        """Send frames that end well; their pixels."""
        size = len(order)
        data = random.Random(pixels).randbytes(frames * pixels * size)
        with Frames() as device:
            ends = device.show(data)
        if -errno.ETIMEDOUT in ends:
            raise Stalled(f"{ends.count(-errno.ETIMEDOUT)} of {frames} frames were given up")
        self.assertEqual(ends, [0] * frames)
        sent = [tuple(data[i:i + size]) for i in range(0, len(data), size)]
        return [sent[i:i + pixels] for i in range(0, len(sent), pixels)]

    def refused(self, message, **parameters):
        """The device is not made, and the log says why."""
        load(**parameters)
        self.assertFalse(os.path.exists(DEVICE))
        self.assertIn(message, kernel_log())

    def test_orders(self):
        """every colour order of RGB and RGBW"""
        load(chip="sk6812")
        for letters in ("RGB", "RGBW"):
            for order in map("".join, itertools.permutations(letters)):
                with self.subTest(order):
                    self.check_rewired(order)

    def test_chips(self):
        """every chip's signal is in its datasheet's limits"""
        load()
        for chip in wiredecode.CHIPS:
            with self.subTest(chip):
                self.check_rewired("GRBW" if chip == "sk6812w" else "GRB", chip)

    def test_lengths(self):
        """1 to 1000 pixels"""
        load()
        for pixels in (1, 2, 51, 144, 1000):
            with self.subTest(pixels):
                self.check_rewired(pixels=pixels)

    def test_many(self):
        """2,000 frames, every one of them as it was given"""
        for part in range(20):
            self.check(100, pixels=5 + part)

    def test_bytes(self):
        """four bytes of SPI a byte of pixel, and the reset: 3.2 MHz are 400 bytes a ms"""
        self.check(1, pixels=100)
        # 300 bytes of pixels; 280 us are 112 bytes of SPI
        self.assertEqual({len(t.words) * 4 for t in history().transfers}, {300 * 4 + 112})
        self.assertEqual(set(rates()), {3200000})

    def test_nearest_rate(self):
        """a rate that comes out too slow is asked for faster, and the reset kept"""
        # a Pi's: 250 MHz by an even number; 3.2 MHz becomes 250 / 80 = 3.125, of which a 1 is
        # high for 960 ns, longer than WS2812B allows; 250 / 76 = 3.289 is in its limits
        self.check(2, clock_hz=250000000, divisor_step=2)
        self.assertEqual(rates()[-1], 250000000 // 76)

    def test_twice(self):
        """a controller that does not get down to it sends every symbol twice"""
        self.check(2, clock_hz=64000000, min_hz=5000000)
        self.assertEqual(rates()[-1], 6400000)

    def test_twice_declared(self):
        """a controller that says that it does not get down to it is not asked to"""
        self.check(2, clock_hz=64000000, min_hz=5000000, declares_min=1)
        self.assertEqual(set(rates()), {6400000})

    def test_too_fast(self):
        """a controller that is too fast even so is refused; the line names its slowest rate"""
        self.refused("would run at 8000000 Hz", clock_hz=64000000, min_hz=8000000, declares_min=1)

    def test_memory(self):
        """what a frame is sent from is there before the first frame, not found for it"""
        events = "/sys/kernel/tracing/events/kmem"
        if not os.path.exists(events):
            subprocess.run(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"], check=True)
        # 300 bytes of pixels, 4 of SPI for each, and 112 of reset, as in test_bytes
        size = 300 * 4 + 112
        for event in "kmalloc", "kmalloc_node":
            if os.path.exists(f"{events}/{event}"):
                for file, text in ("filter", f"bytes_req == {size}"), ("enable", "1"):
                    with open(f"{events}/{event}/{file}", "w", encoding="ascii") as control:
                        control.write(text)
        with open("/sys/kernel/tracing/trace", "w", encoding="ascii"):
            pass

        def allocations():
            with open("/sys/kernel/tracing/trace", encoding="ascii") as trace:
                return sum(f"bytes_req={size} " in line for line in trace)

        load(pixels=100)
        at_first = allocations()
        # in flight, next, being encoded
        self.assertGreaterEqual(at_first, 3)
        with Frames() as device:
            self.assertEqual(device.show(bytes(900)), [0] * 3)
        self.assertEqual(allocations(), at_first)

    def test_half_rate(self):
        """a chip of 400 kHz gets half the rate"""
        self.check(2, chip="ws2811-400")
        self.assertEqual(rates()[-1], 1600000)

    def test_no_rate(self):
        """a controller that does not say what became of the rate is believed"""
        self.check(1, tells_rate=0)

    def test_brightness(self):
        """brightness and limit of the device tree hold from the first frame"""
        load(brightness=51, limit_ma=700)
        self.assertEqual(attribute("brightness"), "51")
        # it was there before the device was: only the black frame has been sent
        self.assertEqual(len(history().transfers), 1)
        with Frames() as device:
            self.assertEqual(device.show(bytes([255] * 9)), [0])
        # 255 * 51 / 255
        self.assertEqual(self.decode()[-1], [(51, 51, 51)] * 3)
        self.assertEqual(attribute("power_limit_ma"), "700")

    def test_backend(self):
        """sysfs says that it is SPI"""
        load()
        self.assertEqual(attribute("backend"), "spi")

    def test_blank(self):
        """black when bound, black when unbound"""
        load()
        with Frames() as device:
            device.show(bytes([9] * 9))
        with open(f"{DRIVER}/unbind", "w", encoding="ascii") as file:
            file.write(os.path.basename(next(
                e.path for e in os.scandir(DRIVER) if e.name.startswith("spi"))))
        self.assertEqual(self.decode(), [[(0, 0, 0)] * 3, [(9, 9, 9)] * 3, [(0, 0, 0)] * 3])

    def test_wrong_rate(self):
        """a clock that no divisor brings into the limits is refused; the line names core_freq"""
        # 10 MHz / 3 = 3.33 MHz at most, / 4 = 2.5: WS2812B wants 3.158 to 3.333; 6.4: 5
        self.refused("core_freq", clock_hz=10000000, divisor_step=2)

    def test_slow_device(self):
        """a device that may not be clocked so fast is refused; the line names spi-max-frequency"""
        self.refused("spi-max-frequency", device_max_hz=1000000)

    def test_inverted(self):
        """an inverted strip is refused, for the line idles low"""
        self.refused("remove diuna,inverted", inverted=1)

    def test_two_strips(self):
        """a second strip is refused, there is one data line"""
        self.refused("reg must be below 1", pixels="3,3")

    def test_too_long(self):
        """a strip that is longer than the controller's longest transfer is refused"""
        self.refused("at most 1000 bytes at once", pixels=100, max_bytes=1000)

    def test_unknown_chip(self):
        """an unknown chip is refused by its name"""
        self.refused('diuna,chip "ws9999" is unknown', chip="ws9999")

    def test_refusing_controller(self):
        """a controller that fails at once is refused"""
        self.refused("refuses to send", fail=1)

    def test_failed(self):
        """a transfer that fails ends its frame with EIO, and the next one goes out right"""
        load()
        with Frames() as device:
            parameter("fail", 1)
            self.assertEqual(device.show(bytes(range(18))), [-5, 0])
        self.assertEqual(attribute("errors"), "1")
        self.assertEqual(self.decode()[-1], [(9, 10, 11), (12, 13, 14), (15, 16, 17)])

    def test_short(self):
        """a transfer that the controller cuts short counts as failed"""
        load()
        with Frames() as device:
            parameter("short_by", 8)
            self.assertEqual(device.show(bytes(range(18))), [-5, 0])

    def test_slow(self):
        """a transfer that does not end in time: ETIMEDOUT, and the next one goes out right"""
        load()
        with Frames() as device:
            parameter("delay_ms", 600)
            self.assertEqual(device.show(bytes(range(18))), [-110, 0])
        self.assertEqual(self.decode()[-1], [(9, 10, 11), (12, 13, 14), (15, 16, 17)])

    def test_late_end(self):
        """a transfer that ends while it is being given up ends no other one in its stead"""
        for _ in range(10):
            load()
            # The end is late on one CPU, and the time-out, a timer of the other one, is not
            spi = os.path.basename(os.path.realpath("/sys/bus/spi/devices/" + next(
                e.name for e in os.scandir(DRIVER) if e.name.startswith("spi")) + "/.."))
            os.sched_setaffinity(thread(spi), {0})
            os.sched_setaffinity(0, {1})
            self.addCleanup(os.sched_setaffinity, 0, {0, 1})
            with Frames() as device:
                # longer than the time-out, shorter than stop() waits
                parameter("late_ms", 600)
                device.write(bytes(range(18)))
                ends = [device.status(), device.status()] + device.show(bytes(9))
            # a machine that stood still gives up none, or others too, and shows nothing
            if ends[0] == -errno.ETIMEDOUT and -errno.ETIMEDOUT not in ends[1:]:
                break
            unload()
        self.assertEqual(ends, [-errno.ETIMEDOUT, 0, 0])
        self.assertEqual(self.decode()[1:], [[(0, 1, 2), (3, 4, 5), (6, 7, 8)],
                                             [(9, 10, 11), (12, 13, 14), (15, 16, 17)],
                                             [(0, 0, 0)] * 3])

    def test_stuck(self):
        """a controller that is stuck for long fails the frames meanwhile, and is used again then"""
        load()
        with Frames() as device:
            parameter("delay_ms", 4000)
            data = bytes(range(9))
            self.assertEqual(device.show(data), [-110])
            got = []
            end = time.monotonic() + PATIENCE_S
            while 0 not in got and time.monotonic() < end:
                got += device.show(data)
        self.assertEqual(got[-1], 0)
        self.assertEqual(set(got[:-1]) - {-5}, set(), "others than EIO")
        self.assertIn("does not end a message", kernel_log())

    def test_unbind_busy(self):
        """unbound while a transfer is on its way, a file open: nothing is used after its end"""
        load()
        with Frames() as device:
            parameter("delay_ms", 500)
            device.write(bytes(9))
            name = next(e.name for e in os.scandir(DRIVER) if e.name.startswith("spi"))
            with open(f"{DRIVER}/unbind", "w", encoding="ascii") as file:
                file.write(name)
            self.assertTrue(device.wait(select.POLLIN) & select.POLLHUP)
            with self.assertRaises(OSError) as gone:
                os.write(device.fd, bytes(9))
            self.assertEqual(gone.exception.errno, 19)

    def test_controller_goes(self):
        """the controller goes away under a writer, again and again"""
        for _ in range(8):
            load()
            with Frames() as device:
                device.write(bytes(27))
                subprocess.run(["rmmod", "spi_recorder"], check=True)
                with self.assertRaises(OSError) as gone:
                    os.write(device.fd, bytes(9))
                self.assertEqual(gone.exception.errno, 19)


if __name__ == "__main__":
    unittest.main()
