# SPDX-License-Identifier: GPL-2.0-or-later
import unittest, os, subprocess
class T(unittest.TestCase):
    def test_a(self):
        print(subprocess.run("ls /sys/kernel/config/gpio-sim /dev/uinput /dev/gpiochip* /dev/diuna; lsmod; build/release/diunad --list-inputs | head -20", shell=True, capture_output=True, text=True))
