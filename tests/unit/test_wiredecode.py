#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of tests/lib/wiredecode.py with words made by hand.

A bit is four symbols: at 312.5 ns a symbol 1000 is high for 312.5 ns, 1100 for
625 ns, 1110 for 937.5 ns. A word is a byte, so 0x00 is 88888888; 0xff is
eeeeeeee or cccccccc; 0xa5 = 1010 0101 is e8e88e8e or c8c88c8c. A word lasts
10 us, so 28 zero words are the 280 us of a reset.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import wiredecode  # noqa: E402

NONE, LONG_FF, LONG_A5, HALF_FF, HALF_A5 = (
    0x88888888,
    0xEEEEEEEE,
    0xE8E88E8E,
    0xCCCCCCCC,
    0xC8C88C8C,
)
WS2812B = wiredecode.CHIPS["ws2812b"]


def frame(data, trail=28):
    """One leading zero word, the data, zero words for the reset."""
    return [0] + data + [0] * trail


def history(transfers, channels=1, symbol_ps=312500):
    """A history file with these words in it, seq from 1."""
    lines = [f"# diuna-sim 1 channels={channels} symbol_ps={symbol_ps} lost=0"]
    for seq, words in enumerate(transfers, start=1):
        text = " ".join(f"{word:08x}" for word in words)
        lines.append(f"seq={seq} started={seq * 1000} done={seq * 1000 + 9} words={len(words)} {text}")
    return "\n".join(lines) + "\n"


def run(text, *arguments):
    """Run the command on a file with this text: status, stdout, stderr."""
    with tempfile.NamedTemporaryFile("w", suffix=".history") as file:
        file.write(text)
        file.flush()
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = wiredecode.main([*arguments, file.name])
            except SystemExit as leave:
                status = leave.code
    return status, out.getvalue(), err.getvalue()


class Decoding(unittest.TestCase):
    """What the colours are."""

    def test_the_level_over_time_is_drawn_from_the_words(self):
        self.assertEqual(
            wiredecode.waveform([0x00000001, 0x80000000], 312500),
            [(0, 31 * 312.5), (1, 625.0), (0, 31 * 312.5)],
        )

    def test_one_grb_pixel_is_put_back_into_rgb(self):
        strip = wiredecode.decode_words(frame([NONE, LONG_FF, LONG_A5]), 312500, WS2812B, "GRB")
        self.assertEqual(strip.errors, [])
        self.assertEqual(strip.pixels, [(0xFF, 0x00, 0xA5)])
        self.assertEqual(strip.colours(), ["ff00a5"])

    def test_every_order_finds_the_component_in_its_place(self):
        for order, pixel in (
            ("RGB", (0x00, 0xFF, 0xA5)),
            ("RBG", (0x00, 0xA5, 0xFF)),
            ("GRB", (0xFF, 0x00, 0xA5)),
            ("GBR", (0xA5, 0x00, 0xFF)),
            ("BRG", (0xFF, 0xA5, 0x00)),
            ("BGR", (0xA5, 0xFF, 0x00)),
        ):
            with self.subTest(order=order):
                strip = wiredecode.decode_words(
                    frame([NONE, LONG_FF, LONG_A5]), 312500, WS2812B, order
                )
                self.assertEqual(strip.pixels, [pixel])

    def test_white_is_the_fourth_component_wherever_it_is_sent(self):
        strip = wiredecode.decode_words(
            frame([HALF_A5, NONE, HALF_FF, NONE], 8), 312500, wiredecode.CHIPS["sk6812w"], "WGRB"
        )
        self.assertEqual(strip.errors, [])
        self.assertEqual(strip.colours(), ["ff0000a5"])

    def test_each_chip_reads_the_pattern_made_for_it(self):
        for chip, one, symbol_ps, trail in (
            ("ws2811", HALF_A5, 312500, 28),
            ("ws2811-400", HALF_A5, 625000, 14),
            ("ws2812", LONG_A5, 312500, 28),
            ("ws2812b", LONG_A5, 312500, 28),
            ("ws2812b-v5", HALF_A5, 312500, 28),
            ("ws2813", LONG_A5, 312500, 30),
            ("ws2813-mini", LONG_A5, 312500, 28),
            ("ws2815", LONG_A5, 312500, 28),
            ("sk6812", HALF_A5, 312500, 8),
            ("sk6812w", HALF_A5, 312500, 8),
        ):
            with self.subTest(chip=chip):
                text = history([frame([one, NONE, one], trail)], symbol_ps=symbol_ps)
                decoded = wiredecode.decode(wiredecode.parse_history(text), ["RGB"], [chip])
                self.assertEqual(decoded[0][1][0].errors, [])
                self.assertEqual(decoded[0][1][0].colours(), ["a500a5"])
                # with the leading word one word less than the reset
                text = history([frame([one, NONE, one], trail - 2)], symbol_ps=symbol_ps)
                decoded = wiredecode.decode(wiredecode.parse_history(text), ["RGB"], [chip])
                self.assertEqual(len(decoded[0][1][0].errors), 1)
                self.assertIn("up to the next frame", decoded[0][1][0].errors[0])

    def test_two_channels_are_taken_apart_word_by_word(self):
        first = frame([NONE, LONG_FF, LONG_A5])
        second = frame([HALF_A5, HALF_FF, NONE])
        words = [word for pair in zip(first, second) for word in pair]
        status, out, err = run(
            history([words], channels=2), "--order", "GRB,BRG", "--chip", "ws2812b,ws2811"
        )
        self.assertEqual(err, "")
        self.assertEqual(out, "seq=1 ch0 ff00a5\nseq=1 ch1 ff00a5\n")
        self.assertEqual(status, 0)

    def test_a_shorter_channel_is_low_while_the_longer_one_goes_on(self):
        first = frame([NONE] * 6)
        second = frame([LONG_FF] * 3, 31)
        words = [word for pair in zip(first, second) for word in pair]
        status, out, _ = run(history([words], channels=2))
        self.assertEqual(out, "seq=1 ch0 000000 000000\nseq=1 ch1 ffffff\n")
        self.assertEqual(status, 0)

    def test_json_holds_what_the_lines_say(self):
        status, out, _ = run(history([frame([NONE, LONG_FF, LONG_A5])]), "--json")
        self.assertEqual(status, 0)
        self.assertEqual(
            json.loads(out),
            {
                "lost": 0,
                "frames": [
                    {
                        "seq": 1,
                        "started_ns": 1000,
                        "done_ns": 1009,
                        "channels": [{"colours": ["ff00a5"], "errors": []}],
                    }
                ],
            },
        )

    def test_last_leaves_out_the_others(self):
        text = history([frame([NONE] * 3), frame([LONG_FF] * 3)])
        self.assertEqual(run(text)[1], "seq=1 ch0 000000\nseq=2 ch0 ffffff\n")
        self.assertEqual(run(text, "--last")[1], "seq=2 ch0 ffffff\n")


class Judging(unittest.TestCase):
    """What is out of spec."""

    def assert_refused(self, words, sentence, *arguments):
        """The only complaint is this one, and the status says so."""
        status, _, err = run(history([words]), *arguments)
        self.assertEqual(err, f"wiredecode: seq=1 ch0: {sentence}\n")
        self.assertEqual(status, 1)

    def test_a_1_that_is_high_too_long_or_too_short(self):
        # 1111 0000 as the last bit of a byte: high for 1250 ns
        self.assert_refused(
            frame([NONE, NONE, 0x8888888F]), "bit 23, a 1: high for 1250 ns, not 650 to 950 ns"
        )
        # 1100 is high for 625 ns, the middle between 550 and 650 being 600
        self.assert_refused(
            frame([NONE, NONE, 0x8888888C]), "bit 23, a 1: high for 625 ns, not 650 to 950 ns"
        )

    def test_a_0_that_is_high_too_long(self):
        # 416.7 ns, the 2.4 MHz of three symbols a bit: too long for a WS2815
        text = history([frame([NONE] * 3, 40)], symbol_ps=416667)
        status, _, err = run(text, "--chip", "ws2815")
        self.assertEqual(status, 1)
        self.assertIn("bit 0, a 0: high for 416.667 ns, not 220 to 380 ns", err)

    def test_a_1_that_is_low_too_short(self):
        # the pattern of the classic chips in front of a newer one
        status, _, err = run(history([frame([LONG_FF, NONE, NONE])]), "--chip", "ws2812b-v5")
        self.assertEqual(status, 1)
        self.assertIn("bit 0, a 1: low for 312.5 ns, not 580 to 1000 ns", err)
        self.assertEqual(err.count("\n"), 8)

    def test_a_gap_between_two_bytes(self):
        # the last 0 of the first byte is low for 937.5 ns and 10 us more
        self.assert_refused(
            frame([NONE, 0, NONE, NONE]), "bit 7, a 0: low for 10937.5 ns, not 700 to 1000 ns"
        )

    def test_bits_that_are_no_whole_pixel(self):
        self.assert_refused(frame([NONE, NONE]), "16 bits are no whole pixels of 24 bits")
        # three RGBW pixels are four RGB pixels, but two are not whole ones
        self.assert_refused(frame([NONE] * 8), "64 bits are no whole pixels of 24 bits")

    def test_a_line_that_is_not_low_at_its_ends(self):
        strip = wiredecode.decode_words([NONE] * 3 + [0] * 29, 312500, WS2812B, "GRB")
        self.assertEqual(strip.errors, ["the line is high at the start"])
        strip = wiredecode.decode_words([0, NONE, NONE, 0x88888881], 312500, WS2812B, "GRB")
        self.assertIn("the line is high at the end", strip.errors)

    def test_a_reset_that_is_too_short(self):
        # 27 words, one leading word and what the last 0 is low beyond 700 ns:
        # 270000 + 10000 + 237.5
        self.assertEqual(run(history([frame([NONE] * 3, 27)]))[0], 0)
        self.assert_refused(
            frame([NONE] * 3, 26), "low for 270238 ns up to the next frame, not 280000 ns"
        )

    def test_the_reset_counts_up_to_the_next_frame(self):
        # no leading zero in the second one: its own complaint is another
        text = history([frame([NONE] * 3, 27), [NONE] * 3 + [0] * 28])
        status, _, err = run(text)
        self.assertEqual(status, 1)
        self.assertIn("seq=1 ch0: low for 270238 ns up to the next frame, not 280000 ns", err)

    def test_another_number_of_pixels_than_asked_for(self):
        self.assertEqual(run(history([frame([NONE] * 6)]), "--pixels", "2")[0], 0)
        self.assert_refused(frame([NONE] * 6), "2 pixels, not 3", "--pixels", "3")
        self.assert_refused([0] * 30, "0 pixels, not 3", "--pixels", "3")


class Refusing(unittest.TestCase):
    """Input and calls that make no sense: status 2."""

    def test_what_is_no_history(self):
        good = history([frame([NONE] * 3)])
        for text in (
            "",
            "hello\n",
            good.replace("diuna-sim 1", "diuna-sim 2"),
            good.replace("channels=1", "channels=0"),
            good.replace("symbol_ps=312500", "symbol_ps=0"),
            good.replace("words=32", "words=31"),
            good.replace("channels=1", "channels=3"),
            good.replace("88888888", "8888888g", 1),
            good.replace("seq=1", "seq=x"),
        ):
            with self.subTest(text=text[:60]):
                status, out, err = run(text)
                self.assertEqual((status, out), (2, ""))
                self.assertTrue(err.startswith("wiredecode: "))

    def test_a_call_that_makes_no_sense(self):
        good = history([frame([NONE] * 3)])
        for arguments in (
            ["--order", "GRX"],
            ["--order", "GRBB"],
            ["--chip", "apa102"],
            ["--order", "GRB,GRB"],
            ["--pixels", "many"],
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(run(good, *arguments)[0], 2)
        self.assertEqual(run(good, "--last", "/does/not/exist")[0], 2)


if __name__ == "__main__":
    unittest.main()
