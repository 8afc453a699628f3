#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turn the symbols that the module sent back into colours, and judge them.

An independent reader of the wire: it knows nothing of the encoder's tables. It
draws the level of each data line over time, measures every pulse, tells 0 from
1 by the length of the high part as the chip does, and holds every high and low
against the chip's datasheet.

    wiredecode.py --order GRB,BRG --chip ws2812b,ws2811 [--last] [--json] FILE|-

FILE is the sim backend's debugfs `history` or `symbols`:

    # diuna-sim 1 channels=<n> symbol_ps=<ps> lost=<n>
    seq=<n> started=<ns> done=<ns> words=<n> <hex> <hex> ...

with the words in the order sent, those of several channels one after the other
word by word, 32 symbols a word, the most significant first. Prints a line for
each frame and channel: the colours as RRGGBB or RRGGBBWW. Exit status: 0 all in
spec, 1 something is not (said on stderr), 2 the input or the call makes no
sense.
"""

import argparse
import dataclasses
import json
import re
import sys

SYMBOLS_PER_WORD = 32
ERRORS_SHOWN = 20


class FormatError(Exception):
    """The input is no history."""


@dataclasses.dataclass(frozen=True)
class Chip:
    """What a datasheet says: shortest and longest, in ns."""

    t0h: tuple
    t1h: tuple
    t0l: tuple
    t1l: tuple
    reset: float


def nominal(t0h, t1h, t0l, t1l, tolerance, reset, factor=1.0):
    """Times in us with one tolerance in ns, as the older datasheets give them."""

    def around(us):
        return ((us * 1000 - tolerance) * factor, (us * 1000 + tolerance) * factor)

    return Chip(around(t0h), around(t1h), around(t0l), around(t1l), reset)


# Worldsemi WS2812B, "Data transfer time (TH+TL=1.25us+-600ns)". The reset is
# 50 us in the first revisions and 280 us in later ones: the longer is asked of
# the driver, which cannot know what strip it has.
WS2812B = nominal(0.4, 0.8, 0.85, 0.45, 150, 280e3)
# Worldsemi WS2812B-V5, "Data transfer time".
WS2812B_V5 = Chip((220, 380), (580, 1000), (580, 1000), (580, 1000), 280e3)
# Worldsemi WS2813A to D, "Data transfer time".
WS2813 = Chip((300, 450), (750, 1000), (300, 100e3), (300, 100e3), 300e3)
# Worldsemi WS2813-Mini and WS2815, "Data transfer time".
WS2815 = Chip((220, 380), (580, 1600), (580, 1600), (220, 420), 280e3)
# Opsco SK6812, SK6812RGBW, "Data transmission time".
SK6812 = nominal(0.3, 0.6, 0.9, 0.6, 150, 80e3)
# Worldsemi WS2811, "Low speed mode time"; in high speed mode all but the reset
# is half of it. Reset 50 us, 280 us in later revisions.
WS2811_LOW = nominal(0.5, 1.2, 2.0, 1.3, 150, 280e3)
WS2811_HIGH = nominal(0.5, 1.2, 2.0, 1.3, 150, 280e3, factor=0.5)

CHIPS = {
    "ws2811": WS2811_HIGH,
    "ws2811-400": WS2811_LOW,
    "ws2812": WS2812B,
    "ws2812b": WS2812B,
    "ws2812b-v5": WS2812B_V5,
    "ws2813": WS2813,
    "ws2813-mini": WS2815,
    "ws2815": WS2815,
    "sk6812": SK6812,
    "sk6812w": SK6812,
}


@dataclasses.dataclass
class Transfer:
    """One line of a history; words as sent, all channels."""

    seq: int
    started_ns: int
    done_ns: int
    words: list


@dataclasses.dataclass
class History:
    """A whole history."""

    channels: int
    symbol_ps: int
    lost: int
    transfers: list


@dataclasses.dataclass
class Strip:
    """What the strip on one channel saw of one transfer."""

    pixels: list  # of tuples (r, g, b) or (r, g, b, w)
    errors: list  # of sentences
    lead_ns: float  # low before the first pulse
    trail_ns: float  # low after the last pulse's nominal end

    def colours(self):
        """The pixels as RRGGBB or RRGGBBWW."""
        return ["".join(f"{c:02x}" for c in pixel) for pixel in self.pixels]


def parse_history(text):
    """Read a history; FormatError if it is none."""
    lines = text.splitlines()
    if not lines:
        raise FormatError("no first line")
    header = re.fullmatch(
        r"# diuna-sim 1 channels=(\d+) symbol_ps=(\d+) lost=(\d+)", lines[0].strip()
    )
    if not header:
        raise FormatError(f"first line is {lines[0]!r}")
    channels, symbol_ps, lost = (int(group) for group in header.groups())
    if not channels or not symbol_ps:
        raise FormatError("channels and symbol_ps must not be 0")

    transfers = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        match = re.fullmatch(
            r"seq=(\d+) started=(\d+) done=(\d+) words=(\d+)((?: [0-9a-fA-F]{8})*)", line.strip()
        )
        if not match:
            raise FormatError(f"line {number} is {line[:80]!r}")
        words = [int(word, 16) for word in match[5].split()]
        if len(words) != int(match[4]):
            raise FormatError(f"line {number}: words={match[4]}, but there are {len(words)}")
        if len(words) % channels:
            raise FormatError(f"line {number}: {len(words)} words for {channels} channels")
        transfers.append(Transfer(int(match[1]), int(match[2]), int(match[3]), words))
    return History(channels, symbol_ps, lost, transfers)


def waveform(words, symbol_ps):
    """The line's level over time: a list of (level, ns), alternating."""
    symbols = "".join(f"{word:0{SYMBOLS_PER_WORD}b}" for word in words)
    return [
        (int(run[0][0]), len(run[0]) * symbol_ps / 1000) for run in re.finditer("0+|1+", symbols)
    ]


def inside(ns, window):
    """Whether a time is inside a window, edges included."""
    return window[0] <= ns <= window[1]


def decode_words(words, symbol_ps, chip, order):
    """Decode the words of one channel of one transfer.

    chip: an entry of CHIPS; order: such as "GRB".
    """
    runs = waveform(words, symbol_ps)
    errors = []
    bits = []

    if not runs or all(level == 0 for level, _ in runs):
        length = sum(ns for _, ns in runs)
        return Strip([], errors, length, length)
    if runs[0][0]:
        errors.append("the line is high at the start")
    if runs[-1][0]:
        errors.append("the line is high at the end")

    first = 1 - runs[0][0]
    lead_ns = runs[0][1] if first else 0.0
    trail_ns = 0.0 if runs[-1][0] else runs[-1][1]
    # a chip tells 0 from 1 somewhere between the longest 0 and the shortest 1
    threshold = (chip.t0h[1] + chip.t1h[0]) / 2
    for at in range(first, len(runs), 2):
        high = runs[at][1]
        one = high > threshold
        name, window, low_window = (
            ("1", chip.t1h, chip.t1l) if one else ("0", chip.t0h, chip.t0l)
        )
        bit = len(bits)
        bits.append(int(one))
        if not inside(high, window):
            errors.append(
                f"bit {bit}, a {name}: high for {high:g} ns, not {window[0]:g} to {window[1]:g} ns"
            )
        if at + 2 < len(runs):
            low = runs[at + 1][1]
            if not inside(low, low_window):
                errors.append(
                    f"bit {bit}, a {name}: low for {low:g} ns, "
                    f"not {low_window[0]:g} to {low_window[1]:g} ns"
                )
        elif at + 1 < len(runs):
            # the low part of the last bit comes before the reset
            trail_ns = max(0.0, runs[at + 1][1] - low_window[0])

    components = len(order)
    if len(bits) % (8 * components):
        errors.append(f"{len(bits)} bits are no whole pixels of {8 * components} bits")
    values = [
        int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits) - len(bits) % 8, 8)
    ]
    logical = "RGBW"[:components]
    pixels = [
        tuple(values[i + order.index(colour)] for colour in logical)
        for i in range(0, len(values) - components + 1, components)
    ]
    return Strip(pixels, errors, lead_ns, trail_ns)


def decode(history, orders, chips, pixels=None):
    """Decode a History.

    orders: order of each channel; chips: name of each channel's chip; pixels:
    how many each must have, or None for any number.

    Returns a list of (Transfer, [Strip of each channel]). The reset is judged
    between a transfer's last pulse and the next one's first: the time in
    between by the clock is left out, since that may be any.
    """
    result = []
    for transfer in history.transfers:
        strips = []
        for channel in range(history.channels):
            words = transfer.words[channel :: history.channels]
            strip = decode_words(
                words, history.symbol_ps, CHIPS[chips[channel]], orders[channel].upper()
            )
            if pixels is not None and len(strip.pixels) != pixels[channel]:
                strip.errors.append(f"{len(strip.pixels)} pixels, not {pixels[channel]}")
            strips.append(strip)
        result.append((transfer, strips))

    # what comes after the last transfer is as long as one likes, but the
    # driver promises the reset within each frame: its own leading low stands
    # for the next one's
    for index, (_, strips) in enumerate(result):
        following = result[min(index + 1, len(result) - 1)][1]
        for channel, strip in enumerate(strips):
            low = strip.trail_ns + following[channel].lead_ns
            need = CHIPS[chips[channel]].reset
            if low < need:
                strip.errors.append(f"low for {low:g} ns up to the next frame, not {need:g} ns")
    return result


def check_order(order):
    """Refuse what is no permutation of RGB or RGBW."""
    if sorted(order.upper()) not in (sorted("RGB"), sorted("RGBW")):
        raise argparse.ArgumentTypeError(f"{order!r} is no order of RGB or RGBW")
    return order.upper()


def check_chip(name):
    """Refuse an unknown chip."""
    if name not in CHIPS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(sorted(CHIPS))}")
    return name


def per_channel(values, channels, what):
    """One value for all channels, or one for each."""
    if values is None or len(values) == channels:
        return values
    if len(values) == 1:
        return values * channels
    raise FormatError(f"{len(values)} {what} for {channels} channels")


def listed(convert):
    """An argparse type: a list separated by commas."""

    def parse(text):
        return [convert(part) for part in text.split(",")]

    return parse


def main(argv=None):
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--order", type=listed(check_order), default=["GRB"])
    parser.add_argument("--chip", type=listed(check_chip), default=["ws2812b"])
    parser.add_argument("--pixels", type=listed(int), help="refuse any other number of pixels")
    parser.add_argument("--last", action="store_true", help="only the last transfer")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("file", metavar="FILE|-")
    arguments = parser.parse_args(argv)

    try:
        if arguments.file == "-":
            text = sys.stdin.read()
        else:
            with open(arguments.file, encoding="ascii") as file:
                text = file.read()
        history = parse_history(text)
        if arguments.last:
            history.transfers = history.transfers[-1:]
        decoded = decode(
            history,
            per_channel(arguments.order, history.channels, "orders"),
            per_channel(arguments.chip, history.channels, "chips"),
            per_channel(arguments.pixels, history.channels, "numbers of pixels"),
        )
    except (FormatError, OSError, UnicodeDecodeError) as error:
        print(f"wiredecode: {error}", file=sys.stderr)
        return 2

    if arguments.json:
        frames = [
            {
                "seq": transfer.seq,
                "started_ns": transfer.started_ns,
                "done_ns": transfer.done_ns,
                "channels": [
                    {"colours": strip.colours(), "errors": strip.errors} for strip in strips
                ],
            }
            for transfer, strips in decoded
        ]
        print(json.dumps({"lost": history.lost, "frames": frames}))
    else:
        for transfer, strips in decoded:
            for channel, strip in enumerate(strips):
                print(" ".join([f"seq={transfer.seq}", f"ch{channel}", *strip.colours()]))

    errors = [
        f"seq={transfer.seq} ch{channel}: {error}"
        for transfer, strips in decoded
        for channel, strip in enumerate(strips)
        for error in strip.errors
    ]
    for error in errors[:ERRORS_SHOWN]:
        print(f"wiredecode: {error}", file=sys.stderr)
    if len(errors) > ERRORS_SHOWN:
        print(f"wiredecode: and {len(errors) - ERRORS_SHOWN} more", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
