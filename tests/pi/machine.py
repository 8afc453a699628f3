# SPDX-License-Identifier: GPL-2.0-or-later
"""QEMU's Raspberry Pi 3 with Debian's arm64 kernel, and what its DMA engine wrote.

QEMU has no PWM block. Its registers at their real address keep what is written
to them; but where QEMU has an "unimplemented device", every access is logged,
those of the DMA engine too. So the nodes that a test describes lie in such a
region (CAPTURE), one after the other, and the log is what their FIFOs were
given: every word, in order.
"""

import collections
import lzma
import os
import re
import shutil
import subprocess
import tempfile

# QEMU's hw/arm/bcm2835_peripherals.c: "bcm2835-dbus", DBUS_OFFSET, 0x8000 bytes
CAPTURE = 0x7E900000
CAPTURE_NAME = "bcm2835-dbus"
CAPTURE_STEP = 0x100

# BCM2835 ARM Peripherals, chapter 9
REGISTERS = {0x00: "CTL", 0x04: "STA", 0x08: "DMAC", 0x10: "RNG1", 0x14: "DAT1", 0x18: "FIF1",
             0x20: "RNG2", 0x24: "DAT2"}

LINE = re.compile(
    rb"^" + CAPTURE_NAME.encode() +
    rb": unimplemented device (read|write) *\(size (\d), offset 0x([0-9a-f]+)(?:, value 0x([0-9a-f]+))?\)",
    re.M)

# Debian's device tree has no symbols; an overlay for a Pi counts on these. The
# nodes by their unit addresses: their names differ between series of the kernel.
SYMBOLS = {"pwm": "@7e20c000", "clocks": "@7e101000", "dma": "@7e007000", "gpio": "@7e200000",
           "spi": "@7e204000", "spi0": "@7e204000"}


class Access(collections.namedtuple("Access", "write node register value")):
    """One access to a node's registers; value is None for a read."""


def run(*command, **options):
    """A command that has to succeed."""
    return subprocess.run(command, check=True, **options)


def strip_node(output, strip):
    """Source of a led-strip node; strip: properties by name, without "diuna,"."""
    lines = [f"\t\tled-strip@{output} {{", f"\t\t\treg = <{output}>;"]
    for name, value in strip.items():
        name = name if name == "label" else "diuna," + name
        if value is True:
            lines.append(f"\t\t\t{name};")
        elif isinstance(value, str):
            lines.append(f"\t\t\t{name} = \"{value}\";")
        else:
            cells = value if isinstance(value, tuple) else (value,)
            lines.append(f"\t\t\t{name} = <{' '.join(map(str, cells))}>;")
    return "\n".join(lines + ["\t\t};"])


CONTROLLER = {
    "compatible": '"diuna,pwm-ws281x"',
    "clocks": "<&clocks 30>",
    "dmas": "<&dma 5>",
    "dma-names": '"tx"',
    "pinctrl-names": '"default"',
    "pinctrl-0": "<&diuna_pins>",
    "#address-cells": "<1>",
    "#size-cells": "<0>",
}


def controller_node(address, strips, changes=None):
    """Source of a controller's node; strips: output -> properties; changes: to CONTROLLER."""
    properties = {"reg": f"<{address:#x} 0x28>", **CONTROLLER, **(changes or {})}
    lines = [f"\t\t{name} = {value};" for name, value in properties.items() if value is not None]
    lines += [strip_node(output, strip) for output, strip in strips.items()]
    return "\n".join([f"\tpwm@{address:x} {{", *lines, "\t};\n"])


def overlay(controllers, pins=(18, 19), extra=""):
    """Source of a test's overlay; controllers: sources of nodes. Pins 18, 19 are PWM as ALT5 (2)."""
    return f"""/dts-v1/;
/plugin/;
/ {{
	compatible = "brcm,bcm2835";
}};
&gpio {{
	diuna_pins: diuna_pins {{
		brcm,pins = <{' '.join(map(str, pins))}>;
		brcm,function = <2>;
	}};
	/* the same outputs elsewhere, as ALT0 */
	diuna_other_pins: diuna_other_pins {{
		brcm,pins = <12 13>;
		brcm,function = <4>;
	}};
}};
&pwm {{ status = "disabled"; }};
&soc {{
{''.join(controllers)}
}};
{extra}
"""


def compile_overlay(source, path):
    """dtc -@; the label soc is the test's own."""
    with open(path + ".dtso", "w", encoding="ascii") as file:
        file.write(source)
    run("dtc", "-@", "-q", "-I", "dts", "-O", "dtb", "-o", path, path + ".dtso")


class Machine:
    """A board to be booted once.

    kernel: directory of arm64.sh's pi_kernel; work: where files may be put.
    """

    def __init__(self, kernel, work):
        self.kernel = kernel
        self.work = work
        self.root = os.path.join(work, "root")
        self.dtb = os.path.join(work, "board.dtb")
        self.log = os.path.join(work, "accesses")
        os.makedirs(self.root)
        for name in ("bin", "dev", "proc", "sys", "tmp"):
            os.mkdir(os.path.join(self.root, name))
        self.add(os.path.join(kernel, "busybox"), "bin/busybox")
        self.kernel_module("watchdog/bcm2835_wdt", "wdt.ko")
        shutil.copy(os.path.join(kernel, "dtb"), self.dtb)
        self._symbols()

    def kernel_module(self, driver, name):
        """A driver of the kernel's, which newer ones have compressed, and some built in."""
        with open(os.path.join(self.kernel, "release"), encoding="ascii") as file:
            release = file.read().strip()
        source = os.path.join(self.kernel, "lib/modules", release, "kernel/drivers", driver + ".ko")
        if os.path.exists(source):
            self.add(source, name)
        elif os.path.exists(source + ".xz"):
            with lzma.open(source + ".xz") as file:
                self.write(name, file.read())

    def _symbols(self):
        nodes = subprocess.run(["fdtget", "-l", self.dtb, "/soc"], check=True,
                               capture_output=True, text=True).stdout.split()
        paths = {"soc": "/soc"}
        for name, address in SYMBOLS.items():
            paths[name] = "/soc/" + next(node for node in nodes if node.endswith(address))
        for number, (name, path) in enumerate(paths.items(), 0x100):
            run("fdtput", "-p", "-t", "s", self.dtb, "/__symbols__", name, path)
            have = subprocess.run(["fdtget", self.dtb, path, "phandle"], check=False,
                                  capture_output=True)
            if have.returncode:
                # any number that is not taken yet
                run("fdtput", "-t", "u", self.dtb, path, "phandle", str(number))

    def add(self, source, name):
        """A file for the machine."""
        target = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)

    def write(self, name, data, mode=0o644):
        """A file of the test's own."""
        target = os.path.join(self.root, name)
        with open(target, "wb") as file:
            file.write(data)
        os.chmod(target, mode)

    def apply(self, path):
        """Apply an overlay, as the board's firmware does before the kernel starts."""
        run("fdtoverlay", "-i", self.dtb, "-o", self.dtb + ".new", path)
        os.rename(self.dtb + ".new", self.dtb)

    def boot(self, script, limit=120, append=""):
        """Run a shell script on it; returns what it printed, without the kernel's messages."""
        self.write("script", script.encode())
        self.write("init", INIT.encode(), 0o755)
        names = subprocess.run(["find", "."], cwd=self.root, check=True, capture_output=True)
        archive = os.path.join(self.work, "initrd")
        with open(archive, "wb") as file:
            run("cpio", "-o", "-H", "newc", "-R", "0:0", "--quiet", cwd=self.root,
                input=names.stdout, stdout=file)
        output = os.path.join(self.work, "output")
        console = os.path.join(self.work, "console")
        command = [
            "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=single",
            "-kernel", os.path.join(self.kernel, "Image"), "-dtb", self.dtb, "-initrd", archive,
            "-append", "console=ttyAMA0 quiet panic=-1 iomem=relaxed rdinit=/init " + append,
            "-display", "none", "-monitor", "none", "-no-reboot", "-d", "unimp", "-D", self.log,
            "-serial", "file:" + console, "-serial", "file:" + output,
        ]
        try:
            subprocess.run(command, timeout=limit, check=False, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            print(f"# the machine was ended after {limit} s")
        with open(output, encoding="utf-8", errors="replace") as file:
            text = file.read().replace("\r", "")
        with open(console, encoding="utf-8", errors="replace") as file:
            self.console = file.read().replace("\r", "")
        return text

    def accesses(self):
        """What happened at CAPTURE, in order, as Access tuples."""
        with open(self.log, "rb") as file:
            data = file.read()
        result = []
        for match in LINE.finditer(data):
            offset = int(match[3], 16)
            register = REGISTERS.get(offset % CAPTURE_STEP, offset % CAPTURE_STEP)
            value = int(match[4], 16) if match[4] else None
            result.append(Access(match[1] == b"write", offset // CAPTURE_STEP, register, value))
        return result


INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t debugfs debugfs /sys/kernel/debug
stty -F /dev/ttyS1 raw
[ ! -e /wdt.ko ] || insmod /wdt.ko
# a driver binds where and when the test says so
echo 0 > /sys/bus/platform/drivers_autoprobe
sh /script > /dev/ttyS1 2>&1
echo "exit $?" > /dev/ttyS1
dmesg > /dev/ttyAMA0
poweroff -f
"""


def scratch():
    """A directory that goes away with the process."""
    return tempfile.TemporaryDirectory(prefix="diuna-pi.")
