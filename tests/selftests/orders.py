#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Every colour order of RGB and RGBW, from a write to the symbols on the wire.

The symbols are read by tests/lib/wiredecode.py, which knows the datasheets and
not the module. Two channels with different orders, so that one taken for the
other shows.
"""

import itertools
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import wiredecode  # noqa: E402

PIXELS = (4, 3)


def module(orders, chips):
    """Load the module anew, wired so by its parameters."""
    subprocess.run(["rmmod", "diuna"], stderr=subprocess.DEVNULL, check=False)
    subprocess.run([
        "insmod", os.environ["DIUNA_KO"], "sim=1", "sim_pixels=" + ",".join(map(str, PIXELS)),
        "sim_order=" + ",".join(orders), "sim_chip=" + ",".join(chips),
    ], check=True)


def wire(orders, chips):
    """Wire the strips otherwise."""
    for channel, values in enumerate(zip(orders, chips)):
        for name, value in zip(("order", "chip"), values):
            with open(f"/sys/class/diuna/diuna/channel{channel}/{name}", "w",
                      encoding="ascii") as file:
                file.write(value)


def history_of(seq):
    """The history once this frame has ended."""
    for _ in range(1000):
        with open("/sys/kernel/debug/diuna/diuna/history", encoding="ascii") as file:
            text = file.read()
        if re.search(f"\nseq={seq} started=\\d+ done=[1-9]", text):
            return text
        time.sleep(0.01)
    raise AssertionError("the frame never came")


def shown(orders, chips, seq):
    """Send pixels that all differ in all components; what was sent and what arrived."""
    sent = []
    number = 1
    for pixels, order in zip(PIXELS, orders):
        strip = []
        for _ in range(pixels):
            # 37 and 256 have no common factor: no two values are the same
            strip.append(tuple((number + i) * 37 % 256 for i in range(len(order))))
            number += len(order)
        sent.append(strip)
    with open("/dev/diuna", "wb") as device:
        device.write(bytes(v for strip in sent for pixel in strip for v in pixel))
    history = wiredecode.parse_history(history_of(seq))
    return sent, wiredecode.decode(history, orders, chips, PIXELS)


def compare(sent, decoded):
    """What is wrong, or None."""
    for transfer, strips in decoded:
        for channel, strip in enumerate(strips):
            if strip.errors:
                return f"frame {transfer.seq}, channel {channel}: {strip.errors[0]}"
    transfer, strips = decoded[-1]
    for channel, (strip, pixels) in enumerate(zip(strips, sent)):
        if strip.pixels != pixels:
            return f"channel {channel}: sent {pixels}, arrived {strip.pixels}"
    return None


def main():
    rgb = ["".join(p) for p in itertools.permutations("RGB")]
    rgbw = ["".join(p) for p in itertools.permutations("RGBW")]
    print(f"1..{len(rgb) + len(rgbw)}")
    seq = 0
    for number, order in enumerate(rgb + rgbw, 1):
        # Beside it one of the other length
        orders = [order, "GRBW" if len(order) == 3 else "BRG"]
        chips = ["sk6812w" if len(o) == 4 else "ws2812b" for o in orders]
        problem = None
        try:
            # The first of each length by parameters, the others by sysfs
            if order in (rgb[0], rgbw[0]):
                module(orders, chips)
                seq = 0
            else:
                wire(orders, chips)
            seq += 1
            problem = compare(*shown(orders, chips, seq))
        except (AssertionError, OSError, subprocess.CalledProcessError,
                wiredecode.FormatError) as error:
            problem = str(error)
        if problem:
            print(f"not ok {number} - pixels arrive in the order {order}\n# {problem}", flush=True)
        else:
            print(f"ok {number} - pixels arrive in the order {order}", flush=True)
    subprocess.run(["rmmod", "diuna"], check=True)


if __name__ == "__main__":
    main()
