#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""clock.py - the time on a zone: hours red, minutes green, seconds blue.

An external animation for diunad, in Python. It makes one picture a second by
its own clock; "live": true in the configuration makes diunad show the newest.
"""

import os
import sys
import time


def picture(pixels, now):
    """Three hands, each at its part of the way along the strip."""
    hands = [(now.tm_hour % 12 + now.tm_min / 60) / 12, now.tm_min / 60, now.tm_sec / 60]
    frame = bytearray(3 * pixels)
    for component, part in enumerate(hands):
        frame[3 * int(part * pixels) + component] = 255
    return bytes(frame)


def main():
    pixels = int(os.environ["DIUNA_PIXELS"])
    while True:
        sys.stdout.buffer.write(picture(pixels, time.localtime()))
        sys.stdout.buffer.flush()
        time.sleep(1 - time.time() % 1)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        # nobody looks any more
        os._exit(0)
