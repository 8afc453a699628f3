#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Every colour order of RGB and RGBW, from a write to the symbols on the wire.

The symbols are read by tests/lib/wiredecode.py, which knows the datasheets and
not the module. Two channels with different orders, so that one taken for the
other shows.
"""

import itertools
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import wiredecode  # noqa: E402

PIXELS = (4, 3)


def module(parameters):
    """Load the module anew."""
    subprocess.run(["rmmod", "diuna"], stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["insmod", os.environ["DIUNA_KO"], *parameters], check=True)


def wait_for_frame():
    """The history once it has a frame of a writer."""
    for _ in range(1000):
        with open("/sys/kernel/debug/diuna/diuna/history", encoding="ascii") as file:
            text = file.read()
        if "\nseq=1 " in text:
            return text
        time.sleep(0.01)
    raise AssertionError("the frame never came")


def shown(orders, chips):
    """Send pixels that all differ in all components; what was sent and what arrived."""
    module([
        "sim=1", "sim_pixels=" + ",".join(map(str, PIXELS)), "sim_order=" + ",".join(orders),
        "sim_chip=" + ",".join(chips),
    ])
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
    history = wiredecode.parse_history(wait_for_frame())
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
    for number, order in enumerate(rgb + rgbw, 1):
        # Beside it one of the other length
        other = "GRBW" if len(order) == 3 else "BRG"
        chips = ["sk6812w" if len(o) == 4 else "ws2812b" for o in (order, other)]
        problem = None
        try:
            problem = compare(*shown([order, other], chips))
        except (AssertionError, subprocess.CalledProcessError, wiredecode.FormatError) as error:
            problem = str(error)
        if problem:
            print(f"not ok {number} - pixels arrive in the order {order}\n# {problem}", flush=True)
        else:
            print(f"ok {number} - pixels arrive in the order {order}", flush=True)
    subprocess.run(["rmmod", "diuna"], check=True)


if __name__ == "__main__":
    main()
