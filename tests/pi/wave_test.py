#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Edge by edge: what the captured words and registers make of the pins' levels.

The words and registers are those that raspi.py saw (DIUNA_PI_CAPTURE), the
model of the block is wave.py's, from the SoC's datasheet, the limits are
wiredecode's, from the chips' datasheets. The last class shows that wrong
patterns, registers and clocks do not pass.
"""

import json
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../lib")]
import wave  # noqa: E402
from wiredecode import CHIPS  # noqa: E402

# A Pi 4's PWM clock, 750 MHz / 234.375 by a fractional divider without MASH, has
# periods of 234 and 235 input clocks of 4/3 ns: no edge is off by more than one.
JITTER_NS = 4 / 3


def runs(levels, hz):
    """The level over time: a list of (level, ns)."""
    return [(int(run[0][0]), len(run[0]) * 1e9 / hz) for run in re.finditer("0+|1+", levels)]


def fits(high, low, chip, slack=0.0):
    """Is a pulse and the low after it a bit of the chip? low is None if it ends the data."""
    def inside(ns, window):
        return window[0] + slack <= ns <= window[1] - slack

    return any(inside(high, h) and (low is None or inside(low, l))
               for h, l in ((chip.t0h, chip.t0l), (chip.t1h, chip.t1l)))


def faults(levels, hz, chip, slack=0.0):
    """What a chip would not understand of its data line's level, as sentences."""
    found = []
    line = runs(levels, hz)
    if line[0][0] or line[-1][0]:
        found.append("does not idle low")
        return found
    silence = line[0][1] + line[-1][1]
    if silence < chip.reset:
        found.append(f"reset of {silence:g} ns")
    pulses = line[1:]
    for at in range(0, len(pulses), 2):
        last = at + 2 >= len(pulses)
        high, low = pulses[at][1], None if last else pulses[at + 1][1]
        if not fits(high, low, chip, slack):
            found.append(f"bit {at // 2}: {high:g} ns high, {low} ns low")
    return found


class Captured(unittest.TestCase):
    """Of the emulated board."""

    @classmethod
    def setUpClass(cls):
        with open(os.environ["DIUNA_PI_CAPTURE"], encoding="ascii") as file:
            cls.captures = json.load(file)

    def signals(self):
        """(name, chip, levels of the strip's line, clock) of every channel of every capture."""
        for capture in self.captures:
            regs = capture["registers"]
            for output, chip, inverted in zip(capture["outputs"], capture["chips"],
                                              capture["inverted"]):
                levels = wave.pin(capture["words"], regs["CTL"], (regs["RNG1"], regs["RNG2"]),
                                  output)
                yield (f"{capture['name']}, output {output}", chip,
                       wave.data(levels, inverted), capture["clock_hz"])

    def test_all_chips(self):
        """every chip of the table was captured"""
        self.assertEqual({chip for _, chip, _, _ in self.signals()}, set(CHIPS))

    def test_edges(self):
        """every high and low is in its chip's limits, the silence at least its reset"""
        for name, chip, levels, hz in self.signals():
            self.assertEqual(faults(levels, hz, CHIPS[chip])[:3], [], name)

    def test_jitter(self):
        """the same with edges off by what a Pi 4's fractional clock makes of them"""
        for name, chip, levels, hz in self.signals():
            self.assertEqual(faults(levels, hz, CHIPS[chip], JITTER_NS)[:3], [], name)

    def test_idle(self):
        """the pins idle low, inverted ones high, before the first bit and after the last word"""
        for capture in self.captures:
            regs = capture["registers"]
            for output, inverted in zip(capture["outputs"], capture["inverted"]):
                levels = wave.pin(capture["words"], regs["CTL"], (regs["RNG1"], regs["RNG2"]),
                                  output)
                self.assertEqual(levels[0], "01"[inverted], capture["name"])
                # channel 1 repeats its last word for ever
                self.assertEqual(set(levels[-32:]), {"01"[inverted]}, capture["name"])

    def test_rate(self):
        """a bit takes 1.25 us, of 400 kHz parts 2.5"""
        for name, chip, levels, hz in self.signals():
            pulses = runs(levels, hz)[1:-2]
            periods = {round(pulses[i][1] + pulses[i + 1][1], 3) for i in range(0, len(pulses), 2)}
            self.assertEqual(periods, {2500.0 if chip == "ws2811-400" else 1250.0}, name)


def encode(zero, one, data=(0x00, 0xFF, 0xA5, 0x31)):
    """Levels of some bytes in a pattern, with silence around."""
    bits = "".join(f"{byte:08b}" for byte in data)
    return "0" * 32 + "".join(one if bit == "1" else zero for bit in bits) + "0" * 2048


# What passes, by symbol rate: which of the table's chips take which pattern,
# worked out by hand from the windows. 2.4 MHz: 416.7 and 833.3 ns; 3.2 MHz:
# 312.5, 625 and 937.5 ns. The pattern of three symbols is rpi_ws281x's.
PATTERNS = {
    ("100", "110", 2400000): {"ws2812", "ws2812b", "ws2813"},
    ("1000", "1110", 3200000): {"ws2812", "ws2812b", "ws2813", "ws2813-mini", "ws2815"},
    ("1000", "1100", 3200000): {"ws2812b-v5", "sk6812", "sk6812w", "ws2811"},
    ("1000", "1100", 1600000): {"ws2811-400"},
}


class Wrong(unittest.TestCase):
    """What must not pass."""

    def test_patterns(self):
        """a pattern passes with the chips that it is for, and with no other"""
        for (zero, one, hz), chips in PATTERNS.items():
            good = {name for name, chip in CHIPS.items() if not faults(encode(zero, one), hz, chip)}
            self.assertEqual(good, chips, f"{zero}/{one} at {hz}")

    def test_clock(self):
        """twice the rate passes with no chip but the one of half the rate"""
        for name, chip in CHIPS.items():
            for zero, one in (("1000", "1110"), ("1000", "1100")):
                hz = 3200000 if name == "ws2811-400" else 6400000
                self.assertTrue(faults(encode(zero, one), hz, chip), name)

    def test_reset(self):
        """a silence shorter than the reset does not pass"""
        for name, chip in CHIPS.items():
            short = encode("1000", "1110").rstrip("0") + "0" * 128
            self.assertTrue(any("reset" in f for f in faults(short, 3200000, chip)), name)

    def test_registers(self):
        """registers of which no signal comes are told"""
        both = wave.PWEN | wave.MODE | wave.USEF
        word = [0, 0xE8E8E8E8, 0]
        self.assertEqual(wave.pin(word, both, (32, 32), 0)[32:40], "11101000")
        for ctl in (both & ~wave.PWEN, both & ~wave.USEF, both & ~wave.MODE, both << 8):
            with self.assertRaises(wave.WaveError):
                wave.pin(word, ctl, (32, 32), 0)
        # of 31 bits of each word the last is lost, of 33 one is added
        self.assertEqual(len(wave.pin(word, both, (31, 32), 0)), 93)
        self.assertEqual(len(wave.pin(word, both, (33, 32), 0)), 99)
        self.assertEqual(wave.pin(word, both | wave.POLA, (32, 32), 0)[32:40], "00010111")

    def test_order(self):
        """two channels take words by turns, one alone takes them all"""
        both = wave.PWEN | wave.MODE | wave.USEF
        self.assertEqual(wave.pin([0, 0xFFFFFFFF], both | both << 8, (32, 32), 1), "1" * 32)
        self.assertEqual(wave.pin([0, 0xFFFFFFFF], both << 8, (32, 32), 1), "0" * 32 + "1" * 32)

    def test_clock_registers(self):
        """the clock's registers: crystal and PLLD, whole divisors and fractions, MASH"""
        self.assertEqual(wave.clock_hz(0x11, 6 << 12), 3200000)
        self.assertEqual(wave.clock_hz(0x16, 156 << 12 | 1 << 10), 3200000)
        for ctl, div in ((0x10, 6 << 12), (0x01, 6 << 12), (0x11, 0), (0x211, 6 << 12 | 1)):
            with self.assertRaises(wave.WaveError):
                wave.clock_hz(ctl, div)


if __name__ == "__main__":
    unittest.main()
