# SPDX-License-Identifier: GPL-2.0-or-later
"""The overlays on the boards' device trees, property by property.

Expected values are from the SoC's datasheet ("BCM2835 ARM Peripherals", and
"BCM2711 ARM Peripherals" for Pi 4), the binding of the pin controller
(brcm,bcm2835-gpio), include/dt-bindings/clock/bcm2835.h and dts/README.md.

DIUNA_BOARDS and DIUNA_OVERLAYS are where tests/overlays/run puts the boards'
trees and the compiled overlays.
"""

import itertools
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.join(HERE, "../..")
sys.path[:0] = [HERE, os.path.join(HERE, "../lib")]
import fdt  # noqa: E402
import overrides  # noqa: E402
import wiredecode  # noqa: E402

BOARDS = os.environ["DIUNA_BOARDS"]
OVERLAYS = os.environ["DIUNA_OVERLAYS"]

PWM0, PWM1 = "/soc/pwm@7e20c000", "/soc/pwm@7e20c800"
PWM_BOARDS = {
    "diuna": ("bcm2835-rpi-zero-w", "bcm2835-rpi-b-plus", "bcm2836-rpi-2-b", "bcm2837-rpi-3-b",
              "bcm2837-rpi-zero-2-w"),
    "diuna-pi4": ("bcm2711-rpi-4-b", "bcm2711-rpi-400", "bcm2711-rpi-cm4-io"),
}
SPI_BOARDS = {board: "/soc/spi@7e204000" for boards in PWM_BOARDS.values() for board in boards}
SPI_BOARDS["pi5"] = "/axi/spi@c040050000"

# brcm,bcm2835-gpio: values of brcm,function and brcm,pull
INPUT, ALT0, ALT5 = 0, 4, 2
DOWN, UP = 1, 2
# BCM2835 ARM Peripherals 6.2, table 6-31: where PWM0 and PWM1, which are the
# outputs 0 and 1 of the one PWM, can be had
PINS = {12: ALT0, 18: ALT5, 40: ALT0}
PINS2 = {13: ALT0, 19: ALT5, 41: ALT0, 45: ALT0}
# BCM2835 ARM Peripherals 4.2.1.3; the second PWM of BCM2711 is peripheral 1
DREQ, DREQ1 = 5, 1
# include/dt-bindings/clock/bcm2835.h
PLLD_PER, CLOCK_PWM = 13, 30

# Labels in Raspberry Pi's own trees, and the file that defines each
PI_LABELS = {
    "gpio": "bcm283x.dtsi",
    "pwm": "bcm283x.dtsi",
    "clocks": "bcm283x.dtsi",
    "dma": "bcm2835-common.dtsi, bcm2711.dtsi",
    "vchiq": "bcm2835-rpi.dtsi",
    "pwm1": "bcm2711.dtsi",
    "spi0": "bcm270x.dtsi, bcm2712-rpi-5-b.dts",
}

# config.txt's documentation: "maximum line length of 98 characters"
CONFIG_LINE = 98


def read(*path):
    """A file of the project, as text."""
    with open(os.path.join(PROJECT, *path), encoding="utf-8") as file:
        return file.read()


def run(*command, **options):
    """A command that has to succeed; its output."""
    done = subprocess.run(command, capture_output=True, check=False, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stderr.decode()}")
    return done.stdout


def compile_tree(path):
    """A device tree from its source."""
    return run("dtc", "-@", "-q", "-I", "dts", "-O", "dtb", path)


def string(text):
    """A string as a property has it."""
    return text.encode("ascii") + b"\0"


def cells(*numbers):
    """32-bit numbers as a property has them."""
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def board_tree(board):
    """A board's tree with the labels that Raspberry Pi's own trees have in addition."""
    if board == "pi5":
        return compile_tree(os.path.join(HERE, "pi5.dts"))
    with open(os.path.join(BOARDS, board + ".dtb"), "rb") as file:
        root = fdt.parse(file.read())
    spi = root.find(SPI_BOARDS[board])
    root.child("__symbols__").props["spi0"] = string(SPI_BOARDS[board])
    for select in 0, 1:
        spidev = fdt.Node(f"spidev@{select}")
        spidev.props = {"compatible": string("spidev"), "reg": cells(select)}
        spi.children.append(spidev)
    return fdt.flatten(root)


def overlay(name):
    """A compiled overlay."""
    with open(os.path.join(OVERLAYS, name + ".dtbo"), "rb") as file:
        return file.read()


def merge(base, data):
    """An overlay applied to a tree, both flattened; the flattened result."""
    with tempfile.TemporaryDirectory(prefix="diuna-overlays.") as work:
        paths = [os.path.join(work, name) for name in ("base", "overlay", "result")]
        for path, content in zip(paths, (base, data)):
            with open(path, "wb") as file:
                file.write(content)
        run("fdtoverlay", "-i", paths[0], "-o", paths[2], paths[1])
        with open(paths[2], "rb") as file:
            return file.read()


def load(board, name, line=""):
    """A board's tree after "dtoverlay=NAME,LINE"."""
    return fdt.parse(merge(board_tree(board), overrides.Overlay(overlay(name)).load(line).flatten()))


def flat(root):
    """A tree as {(path, property): value}; None stands for a node's existence."""
    result = {}
    for path, node in root.walk():
        if not path.startswith("/__symbols__"):
            result[path, None] = b""
            result.update({(path, prop): value for prop, value in node.props.items()})
    return result


def difference(before, after):
    """What differs: {(path, property): new value, or None if it is gone}."""
    old, new = flat(before), flat(after)
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    changed.update({key: None for key in old if key not in new})
    return changed


def referred(root, node, prop, size=1):
    """A property of references with size - 1 arguments each, as [(node, argument...)]."""
    by_phandle = {n.cells("phandle"): n for _, n in root.walk() if "phandle" in n.props}
    values = node.cells(prop)
    return [(by_phandle[values[i],], *values[i + 1:i + size]) for i in range(0, len(values), size)]


class Grammar(unittest.TestCase):
    """overrides.py on cases made by hand."""

    BASE = """/dts-v1/;
        / { bus: bus { first: first { }; second: second { }; }; };"""

    @classmethod
    def setUpClass(cls):
        cls.compiled = compile_tree(os.path.join(HERE, "grammar.dts"))
        cls.base = run("dtc", "-@", "-q", "-I", "dts", "-O", "dtb", input=cls.BASE.encode())

    def load(self, line):
        """The tree with the overlay."""
        return fdt.parse(merge(self.base, overrides.Overlay(self.compiled).load(line).flatten()))

    def check(self, line, **expected):
        """Properties of test@10 with a parameter; no other may be touched."""
        want = {("/bus/test@10", name): value for name, value in expected.items()}
        self.assertEqual(difference(self.load(""), self.load(line)), want, line)

    def test_fdt(self):
        """a tree that was parsed and flattened is the same to dtc"""
        def text(data):
            return run("dtc", "-q", "-I", "dtb", "-O", "dts", input=data)
        self.assertEqual(text(fdt.flatten(fdt.parse(self.compiled))), text(self.compiled))

    def test_strings(self):
        """strings replace and create, and status knows booleans"""
        self.check("text=longer", text=b"longer\0")
        self.check("fresh=x", fresh=b"x\0")
        for value, status in (("on", b"okay"), ("1", b"okay"), ("true", b"okay"), ("fail", b"fail")):
            self.check(f"status={value}", status=status + b"\0")
        self.check("status", status=b"okay\0")
        self.check("status=off")

    def test_integers(self):
        """integers of 8, 16, 32 and 64 bits, at offsets that need not exist"""
        self.check("byte=0xff", bytes=b"\1\xff\3")
        self.check("half=513", halves=b"\0\0\2\1")
        self.check("word=16", words=b"\0\0\0\1\0\0\0\x10")
        self.check("beyond=5", words=b"\0\0\0\1\0\0\0\2\0\0\0\5")
        self.check("long=0x100000002", longs=b"\0\0\0\1\0\0\0\2")
        self.check("word=off", words=b"\0\0\0\1\0\0\0\0")
        with self.assertRaises(overrides.OverrideError):
            self.load("word=five")

    def test_booleans(self):
        """booleans come and go; without a value they are true"""
        for value in ("flag", "flag=on", "flag=1"):
            self.check(value, flag=b"")
        self.check("flag=no")
        self.check("not=yes", there=None)
        self.check("not=0")

    def test_bytes(self):
        """byte strings, with colons or without"""
        self.check("mac=b827EB", mac=b"\xb8\x27\xeb")
        self.check("mac=b8:27:eb", mac=b"\xb8\x27\xeb")

    def test_targets(self):
        """one parameter has several targets of different types"""
        self.check("two=7", text=b"7\0", words=b"\0\0\0\7\0\0\0\2")

    def test_literals(self):
        """literals of each type, whatever the parameter's value"""
        self.check("literals=9", text=b"new\0", words=b"\0\0\0\x2a\0\0\0\x2b", mac=b"\xb8\x27")

    def test_labels(self):
        """a label as a literal is resolved, the board's and the overlay's own"""
        def place(root):
            by = {node.cells("phandle"): path for path, node in root.walk()}
            reference, argument = root.find("/bus/test@10").cells("to")
            return by[reference,], argument
        self.assertEqual(place(self.load("")), ("/bus/first", 5))
        self.assertEqual(place(self.load("label")), ("/bus/second", 5))
        self.assertEqual(place(self.load("local")), ("/bus/first/own", 5))

    def test_lookup(self):
        """tables: an entry, a key that is its own value, a default, what passes, and no match"""
        self.check("table=a", text=b"alpha\0")
        self.check("table=b", text=b"b\0")
        self.check("table=c", text=b"it is, else\0")
        self.check("pass=c", text=b"c\0")
        self.check("strict=18", words=b"\0\0\0\2\0\0\0\2", text=b"18\0")
        with self.assertRaises(overrides.OverrideError):
            self.load("strict=17")

    def test_lookup_labels(self):
        """a table of labels moves a fragment to another node"""
        for value, name in ("1", "first"), ("2", "second"):
            root = self.load(f"target={value}")
            self.assertIn("on", root.find(f"/bus/{name}").props)
            other = {"first": "second", "second": "first"}[name]
            self.assertNotIn("on", root.find(f"/bus/{other}").props)

    def test_fragments(self):
        """fragments are enabled and disabled, and their references follow them"""
        for line, one, two in (("", True, False), ("swap", False, True), ("either=on", False, True),
                               ("either=off", True, False), ("either=x", False, True)):
            root = self.load(line)
            first = root.find("/bus/first")
            self.assertEqual("on" in first.props, one, line)
            self.assertEqual(bool(first.child("own")), two, line)
            if two:
                self.assertEqual(referred(root, first.child("own"), "back"),
                                 [(root.find("/bus/test@10"),)])

    def test_special(self):
        """bootargs is added to; reg and name rename the node, whose references follow"""
        self.check("bootargs=debug", bootargs=b"quiet debug\0")
        for line, name in ("reg=0x2f", "test@2f"), ("called=other", "other"):
            root = self.load(line)
            self.assertEqual([n.name for n in root.find("/bus").children],
                             [name, "first", "second"])
            node = root.find(f"/bus/{name}")
            self.assertEqual(node.cells("reg"), (0x2f if line.startswith("reg") else 0x10,))
            self.assertEqual(referred(root, node, "to", 2), [(root.find("/bus/first"), 5)])

    def test_unknown(self):
        """a parameter that does not exist is refused"""
        with self.assertRaises(overrides.OverrideError):
            self.load("nonsense=1")


class Pwm(unittest.TestCase):
    """diuna and diuna-pi4."""

    def each(self, *lines):
        """(root, board, line) for every board of both overlays."""
        for name, boards in PWM_BOARDS.items():
            for board, line in itertools.product(boards, lines):
                with self.subTest(overlay=name, board=board, line=line):
                    yield load(board, name, line), board, name

    def pins(self, root, node, state):
        """[(pin, function, pull)] of a pin state."""
        result = []
        for group, in referred(root, node, f"pinctrl-{state}"):
            self.assertIn(group, root.find("/soc/gpio@7e200000").children)
            result += zip(*(group.cells("brcm," + name) for name in ("pins", "function", "pull")))
        return result

    def test_controller(self):
        """the PWM becomes a controller with its registers, clock, DMA request and pins"""
        for root, board, _ in self.each(""):
            before = fdt.parse(board_tree(board)).find(PWM0)
            node = root.find(PWM0)
            self.assertEqual(node.strings("compatible"), ["diuna,pwm-ws281x"])
            self.assertEqual(node.string("status"), "okay")
            for name in "reg", "clocks":
                self.assertEqual(node.props[name], before.props[name])
            self.assertEqual(referred(root, node, "clocks", 2),
                             [(root.find("/soc/cprman@7e101000"), CLOCK_PWM)])
            dma = next(c for c in root.find("/soc").children if c.name.endswith("@7e007000"))
            self.assertEqual(referred(root, node, "dmas", 2), [(dma, DREQ)])
            self.assertEqual(node.strings("dma-names"), ["tx"])
            self.assertEqual(node.strings("pinctrl-names"), ["default", "init"])
            self.assertEqual(self.pins(root, node, 0), [(18, ALT5, DOWN)])
            self.assertEqual(self.pins(root, node, 1), [(18, INPUT, DOWN)])
            self.assertEqual(node.cells("#address-cells"), (1,))
            self.assertEqual(node.cells("#size-cells"), (0,))
            self.assertEqual([(c.name, c.cells("reg")) for c in node.children],
                             [("led-strip@0", (0,))])

    def test_nothing_else(self):
        """without parameters, by fdtoverlay alone, only PWM, pins and the kernel's parameters are touched"""
        for root, board, name in self.each(""):
            self.assertEqual(flat(fdt.parse(merge(board_tree(board), overlay(name)))), flat(root))
            paths = {path for path, _ in difference(fdt.parse(board_tree(board)), root)}
            outside = {p for p in paths if not re.match(
                f"{PWM0}(/led-strip@0)?$|/soc/gpio@7e200000/diuna_(pins|idle)2?$|/chosen$", p)}
            self.assertEqual(outside, set())

    def test_audio(self):
        """the audio jack's sound is switched off for the kernel"""
        for root, _, _ in self.each(""):
            self.assertEqual(root.find("/chosen").string("bootargs"),
                             "snd_bcm2835.enable_headphones=0")

    STRIP, STRIP2 = f"{PWM0}/led-strip@0", f"{PWM0}/led-strip@1"
    GPIO = "/soc/gpio@7e200000"

    # A parameter's line, and all that it changes. Those of the second strip
    # are set beside pixels2=1, which the next test looks at.
    CHANGES = [
        ("pixels=144", {(STRIP, "diuna,pixels"): cells(144)}),
        ("chip=sk6812", {(STRIP, "diuna,chip"): string("sk6812")}),
        ("order=BRG", {(STRIP, "diuna,color-order"): string("BRG")}),
        ("label=FLOOR", {(STRIP, "label"): string("FLOOR")}),
        ("pin=18", {}),
        ("pin=12", {(GPIO + "/diuna_pins", "brcm,pins"): cells(12),
                    (GPIO + "/diuna_pins", "brcm,function"): cells(ALT0),
                    (GPIO + "/diuna_idle", "brcm,pins"): cells(12)}),
        ("invert", {(STRIP, "diuna,inverted"): b"",
                    (GPIO + "/diuna_pins", "brcm,pull"): cells(UP),
                    (GPIO + "/diuna_idle", "brcm,pull"): cells(UP)}),
        ("invert=off", {}),
        ("brightness=64", {(PWM0, "diuna,brightness"): cells(64)}),
        ("power_limit_ma=2000", {(PWM0, "diuna,limit-milliamp"): cells(2000)}),
        ("dreq=9", {(PWM0, "diuna,dreq-threshold"): cells(9)}),
        ("panic=5", {(PWM0, "diuna,panic-threshold"): cells(5)}),
        ("pixels2=1,pixels2=68", {(STRIP2, "diuna,pixels"): cells(68)}),
        ("pixels2=1,chip2=ws2815", {(STRIP2, "diuna,chip"): string("ws2815")}),
        ("pixels2=1,order2=RGB", {(STRIP2, "diuna,color-order"): string("RGB")}),
        ("pixels2=1,label2=WALL", {(STRIP2, "label"): string("WALL")}),
        ("pixels2=1,pin2=13", {(GPIO + "/diuna_pins2", "brcm,pins"): cells(13),
                               (GPIO + "/diuna_pins2", "brcm,function"): cells(ALT0),
                               (GPIO + "/diuna_idle2", "brcm,pins"): cells(13)}),
        ("pixels2=1,invert2", {(STRIP2, "diuna,inverted"): b"",
                               (GPIO + "/diuna_pins2", "brcm,pull"): cells(UP),
                               (GPIO + "/diuna_idle2", "brcm,pull"): cells(UP)}),
    ]

    def test_parameters(self):
        """each parameter changes what it says, and nothing else, on every board"""
        for name, boards in PWM_BOARDS.items():
            for board in boards:
                plain, two = load(board, name), load(board, name, "pixels2=1")
                for line, want in self.CHANGES:
                    with self.subTest(overlay=name, board=board, line=line):
                        base = two if line.startswith("pixels2=1") else plain
                        self.assertEqual(difference(base, load(board, name, line)), want)

    def test_second(self):
        """pixels2 adds the second strip with its pin"""
        for root, _, _ in self.each("pixels=51,pixels2=68"):
            node = root.find(PWM0)
            self.assertEqual([(c.name, c.cells("reg"), c.cells("diuna,pixels"))
                              for c in node.children],
                             [("led-strip@1", (1,), (68,)), ("led-strip@0", (0,), (51,))])
            self.assertEqual(self.pins(root, node, 0), [(18, ALT5, DOWN), (19, ALT5, DOWN)])
            self.assertEqual(self.pins(root, node, 1), [(18, INPUT, DOWN), (19, INPUT, DOWN)])

    def test_pins(self):
        """each pin gets the function that leads to its output of the PWM, whatever the order"""
        for (pin, function), (pin2, function2) in itertools.product(PINS.items(), PINS2.items()):
            line = [f"pin={pin}", f"pin2={pin2}", "pixels=1", "pixels2=2"]
            for text in ",".join(line), ",".join(reversed(line)):
                root = load("bcm2837-rpi-3-b", "diuna", text)
                node = root.find(PWM0)
                self.assertEqual(self.pins(root, node, 0),
                                 [(pin, function, DOWN), (pin2, function2, DOWN)], text)
                self.assertEqual(self.pins(root, node, 1),
                                 [(pin, INPUT, DOWN), (pin2, INPUT, DOWN)], text)

    def test_second_alone(self):
        """a pin of the second output puts the first strip, which is then the only one, there"""
        for root, board, _ in self.each("pixels=30,pin=13,invert"):
            node = root.find(PWM0)
            self.assertEqual([(c.name, c.cells("reg"), c.cells("diuna,pixels")) for c in node.children],
                             [("led-strip@1", (1,), (30,))])
            self.assertIn("diuna,inverted", node.children[0].props)
            self.assertEqual(self.pins(root, node, 0), [(13, ALT0, UP)])
            self.assertEqual(self.pins(root, node, 1), [(13, INPUT, UP)])
        for pin, function in PINS2.items():
            root = load("bcm2837-rpi-3-b", "diuna", f"pin={pin}")
            self.assertEqual(self.pins(root, root.find(PWM0), 0), [(pin, function, DOWN)])

    def test_custom(self):
        """the limits of a custom chip are those of the line, of either strip"""
        limits = {"t0h": (200, 400), "t0l": (800, 1000), "t1h": (580, 1000), "t1l": (201, 700)}
        for suffix, path in ("", self.STRIP), ("2", self.STRIP2):
            line = ["pixels2=1", f"chip{suffix}=custom", f"reset_ns{suffix}=200000"]
            for name, (low, high) in limits.items():
                # in either order
                line += [f"{name}_max{suffix}={high}", f"{name}_min{suffix}={low}"]
            want = {(path, f"diuna,{name}-ns"): cells(*both) for name, both in limits.items()}
            want |= {(path, "diuna,chip"): string("custom"), (path, "diuna,reset-ns"): cells(200000)}
            for name, boards in PWM_BOARDS.items():
                with self.subTest(overlay=name, suffix=suffix):
                    self.assertEqual(difference(load(boards[0], name, "pixels2=1"),
                                                load(boards[0], name, ",".join(line))), want)

    def test_wrong_pins(self):
        """an overlay with any other pin is refused"""
        for name, (parameter, pins) in itertools.product(
                PWM_BOARDS, (("pin", {**PINS, **PINS2}), ("pin2", PINS2))):
            for pin in [*range(58), "GPIO18", ""]:
                if pin not in pins:
                    with self.subTest(overlay=name, parameter=parameter, pin=pin), \
                            self.assertRaises(overrides.OverrideError):
                        overrides.Overlay(overlay(name)).set(parameter, str(pin))

    def test_inverted_pulls(self):
        """an inverted strip's line is pulled up while nobody drives it, the other's down"""
        for root, _, _ in self.each("pixels2=1,invert2=on"):
            node = root.find(PWM0)
            for state in 0, 1:
                self.assertEqual([pull for _, _, pull in self.pins(root, node, state)], [DOWN, UP])

    def test_clock(self):
        """on a Pi 4 the clock comes from PLLD_PER and its rate is left alone"""
        for board, (line, path) in itertools.product(PWM_BOARDS["diuna-pi4"],
                                                     (("", PWM0), ("pwm1", PWM1))):
            root = load(board, "diuna-pi4", line)
            node = root.find(path)
            clocks = root.find("/soc/cprman@7e101000")
            self.assertEqual(referred(root, node, "assigned-clocks", 2), [(clocks, CLOCK_PWM)])
            self.assertEqual(referred(root, node, "assigned-clock-parents", 2),
                             [(clocks, PLLD_PER)])
            self.assertEqual(node.cells("assigned-clock-rates"), (0,))

    def test_pwm1(self):
        """on a Pi 4 pwm1 takes the other PWM, its DMA request and the audio jack's pins"""
        for board in PWM_BOARDS["diuna-pi4"]:
            before = fdt.parse(board_tree(board))
            for line in "pixels=5,pixels2=7,pwm1", "pwm1,pixels=5,pixels2=7":
                root = load(board, "diuna-pi4", line)
                self.assertEqual(root.find(PWM0).props, before.find(PWM0).props)
                node = root.find(PWM1)
                self.assertEqual(node.strings("compatible"), ["diuna,pwm-ws281x"])
                self.assertEqual(node.cells("dmas")[1:], (DREQ1,))
                self.assertEqual(sorted((c.name, c.cells("diuna,pixels")) for c in node.children),
                                 [("led-strip@0", (5,)), ("led-strip@1", (7,))])
                self.assertEqual(self.pins(root, node, 0), [(40, ALT0, DOWN), (41, ALT0, DOWN)])
                self.assertEqual(self.pins(root, node, 1), [(40, INPUT, DOWN), (41, INPUT, DOWN)])
                self.assertEqual(root.find("/soc/mailbox@7e00b840").props["pinctrl-0"], b"")
            self.assertNotIn("pinctrl-0",
                             load(board, "diuna-pi4").find("/soc/mailbox@7e00b840").props)


class Spi(unittest.TestCase):
    """diuna-spi."""

    def test_device(self):
        """SPI0 gets the controller in the place of spidev, on a Pi 5 too, and nothing else is touched"""
        for board, spi in SPI_BOARDS.items():
            with self.subTest(board=board):
                before = fdt.parse(board_tree(board))
                root = load(board, "diuna-spi", "pixels=60")
                self.assertEqual(root.find(spi).string("status"), "okay")
                self.assertEqual(root.find(spi + "/spidev@0").string("status"), "disabled")
                node = root.find(spi + "/led-controller@0")
                self.assertEqual(node.strings("compatible"), ["diuna,spi-ws281x"])
                self.assertEqual(node.cells("reg"), (0,))
                # eight symbols a bit of 1.25 us: 8 / 1.25 us = 6.4 MHz
                self.assertEqual(node.cells("spi-max-frequency"), (6400000,))
                self.assertEqual([(c.name, c.cells("reg"), c.cells("diuna,pixels"))
                                  for c in node.children], [("led-strip@0", (0,), (60,))])
                paths = {path for path, _ in difference(before, root)}
                self.assertEqual({p for p in paths if not p.startswith(spi)}, set())
                self.assertNotIn(spi + "/spidev@1", paths)

    def test_parameters(self):
        """each parameter changes what it says, and nothing else, on every board"""
        for board, spi in SPI_BOARDS.items():
            plain = load(board, "diuna-spi")
            node, strip = f"{spi}/led-controller@0", f"{spi}/led-controller@0/led-strip@0"
            for line, want in (
                    ("pixels=9", {(strip, "diuna,pixels"): cells(9)}),
                    ("chip=sk6812w", {(strip, "diuna,chip"): string("sk6812w")}),
                    ("order=GRBW", {(strip, "diuna,color-order"): string("GRBW")}),
                    ("chip=custom,t0h_min=1,t0h_max=2,t0l_min=3,t0l_max=4,t1h_min=5,t1h_max=6,"
                     "t1l_min=7,t1l_max=8,reset_ns=9",
                     {(strip, "diuna,chip"): string("custom"), (strip, "diuna,t0h-ns"): cells(1, 2),
                      (strip, "diuna,t0l-ns"): cells(3, 4), (strip, "diuna,t1h-ns"): cells(5, 6),
                      (strip, "diuna,t1l-ns"): cells(7, 8), (strip, "diuna,reset-ns"): cells(9)}),
                    ("label=SHELF", {(strip, "label"): string("SHELF")}),
                    ("brightness=1", {(node, "diuna,brightness"): cells(1)}),
                    ("power_limit_ma=500", {(node, "diuna,limit-milliamp"): cells(500)})):
                with self.subTest(board=board, line=line):
                    self.assertEqual(difference(plain, load(board, "diuna-spi", line)), want)


class Names(unittest.TestCase):
    """Overlays, binding, module and documentation agree."""

    ALL = [*PWM_BOARDS, "diuna-spi"]

    def test_labels(self):
        """the overlays need no label but those that Raspberry Pi's own trees have"""
        for name in self.ALL:
            fixups = fdt.parse(overlay(name)).child("__fixups__")
            self.assertLessEqual(set(fixups.props), set(PI_LABELS), name)
        self.assertNotIn("pwm1", fdt.parse(overlay("diuna")).child("__fixups__").props)

    def test_readme(self):
        """README.md describes each parameter of each overlay, and no other, in the firmware's form"""
        text = re.search(r"^```\n(.*?)^```", read("dts", "README.md"), re.M | re.S)[1]
        self.assertEqual([line for line in text.splitlines() if len(line) > 80], [])
        sections = text.split("\n\n\n")
        names = [re.match(r"Name:   (\S+)\n", section)[1] for section in sections]
        self.assertEqual(names, sorted(self.ALL))
        for name, section in zip(names, sections):
            self.assertIn(f"\nLoad:   dtoverlay={name},<param>=<val>\n", section)
            params = section.replace("\nParams: ", "\n" + 8 * " ").split("=<val>\n")[1]
            described = re.findall(r"^ {8}([a-z0-9_]+) {2,}(?=\S)", params, re.M)
            self.assertEqual(described, sorted(described), name)
            self.assertEqual(set(described), set(overrides.Overlay(overlay(name)).parameters.props))

    def test_examples(self):
        """the lines for config.txt in the documentation fit, and load"""
        count = 0
        for text in read("dts", "README.md"), read("README.md"):
            current = None
            for line in re.findall(r"^ {4}(?: +echo )?(dt(?:overlay|param)=\S+)", text, re.M):
                self.assertLessEqual(len(line), CONFIG_LINE, line)
                kind, _, rest = line.partition("=")
                if kind == "dtoverlay":
                    name, _, rest = rest.partition(",")
                    if not name.startswith("diuna"):
                        continue
                    current = overrides.Overlay(overlay(name))
                    count += 1
                elif rest.startswith("audio="):
                    continue
                current.load(rest)
        self.assertGreaterEqual(count, 5)

    def test_station(self):
        """the two-strip example of README.md is the original installation's wiring"""
        text = read("dts", "README.md")
        lines = re.search(r"^ {4}dtoverlay=diuna\n(?: {4}dtparam=.*\n)+", text, re.M)[0].split()
        root = load("bcm2837-rpi-3-b", "diuna", ",".join(l.split("=", 1)[1] for l in lines[1:]))
        strips = {c.name: (c.cells("diuna,pixels"), c.string("diuna,chip"),
                           c.string("diuna,color-order")) for c in root.find(PWM0).children}
        self.assertEqual(strips, {"led-strip@0": ((51,), "ws2811", "BRG"),
                                  "led-strip@1": ((68,), "ws2812", "GRB")})
        pins = [group.cells("brcm,pins") for group, in referred(root, root.find(PWM0), "pinctrl-0")]
        self.assertEqual(pins, [(18,), (19,)])

    def binding(self):
        """Names of the binding's properties that are ours."""
        text = read("dts", "bindings", "diuna.yaml").split("\nexamples:")[0]
        return set(re.findall(r"^ +(diuna,[a-z0-9-]+):", text, re.M))

    def source(self):
        """The module's source."""
        names = [n for n in sorted(os.listdir(os.path.join(PROJECT, "kmod")))
                 if n.endswith((".c", ".h")) and not n.endswith(".mod.c")]
        return read("uapi", "linux", "diuna.h") + "".join(read("kmod", n) for n in names)

    def test_module(self):
        """the module reads each property of the binding, and no other"""
        source = self.source()
        used = set(re.findall(r'"(diuna,[a-z0-9-]+)"', source))
        devices = {n for n in used if n.endswith("-ws281x")}
        self.assertEqual(used - devices, self.binding())

    def test_overlay_names(self):
        """the overlays use compatibles and properties of the binding only"""
        text = read("dts", "bindings", "diuna.yaml")
        for name in self.ALL:
            data = overrides.Overlay(overlay(name))
            for _, node in data.root.walk():
                own = {p for p in node.props if p.startswith("diuna,")}
                self.assertLessEqual(own, self.binding(), name)
                for compatible in node.strings("compatible") or ():
                    self.assertTrue(compatible == "brcm,bcm2835" or f"- {compatible}\n" in text)
            for value in data.parameters.props.values():
                own = set(re.findall(r"diuna,[a-z0-9-]+", value.decode("latin-1")))
                self.assertLessEqual(own, self.binding(), name)

    def test_chips(self):
        """binding, README and module name the same chips and limits"""
        text = read("dts", "bindings", "diuna.yaml")
        block = re.search(r"diuna,chip:\n(?:.*\n){1,2}? +enum:\n((?: +- .*\n)+)", text)[1]
        chips = re.findall(r"- (\S+)", block)
        module = re.findall(r'\.name = "([^"]+)"', read("kmod", "timing.c"))
        self.assertEqual(sorted(chips), sorted(module + ["custom"]))
        listed = re.search(r"Chip of the first strip: (.*?)\(default", read("dts", "README.md"), re.S)
        self.assertEqual(sorted(re.findall(r"[a-z0-9-]*\d[a-z0-9-]*", listed[1])), sorted(module))
        most = re.search(r"#define DIUNA_MAX_PIXELS\s+(\d+)", self.source())[1]
        self.assertRegex(text, rf"diuna,pixels:\n(.*\n){{2}} +maximum: {most}\n")


    def test_messages(self):
        """the module says what README.md explains"""
        rows = re.findall(r"^\| `(.*?)` \| ", read("dts", "README.md"), re.M)
        self.assertGreaterEqual(len(rows), 8)
        source = self.source()
        for row in rows:
            # what is between the values
            for part in re.split(r"…|\d+", row.replace('"', '\\"')):
                self.assertTrue(part.strip() in source, row)

    def test_margins(self):
        """README.md's table of chips has the patterns' margins to the datasheets' limits"""
        rows = re.findall(r"^\| ([a-z0-9-]+) \| ([01]{4}) \| ([01]{4}) \| ([\d.]+) \| (\d+) \|$",
                          read("dts", "README.md"), re.M)
        self.assertEqual(sorted(row[0] for row in rows), sorted(wiredecode.CHIPS))
        for name, zero, one, margin, reset in rows:
            chip = wiredecode.CHIPS[name]
            # a quarter of a bit: 1.25 us at 800 kHz, 2.5 us at 400 kHz
            symbol = 625 if name == "ws2811-400" else 312.5
            levels = [(limits, symbol * pattern.count(level))
                      for pattern, pair in ((zero, (chip.t0h, chip.t0l)), (one, (chip.t1h, chip.t1l)))
                      for level, limits in zip("10", pair)]
            self.assertEqual(min(min(ns - shortest, longest - ns)
                                 for (shortest, longest), ns in levels), float(margin), name)
            self.assertEqual(chip.reset, float(reset) * 1000, name)


class Binding(unittest.TestCase):
    """The schema, by dt-schema's own tools."""

    @classmethod
    def setUpClass(cls):
        work = tempfile.TemporaryDirectory(prefix="diuna-binding.")
        cls.addClassCleanup(work.cleanup)
        cls.work = work.name
        # the tools want a schema where its $id says
        cls.schema = os.path.join(cls.work, "schemas", "leds", "diuna.yaml")
        os.makedirs(os.path.dirname(cls.schema))
        with open(cls.schema, "w", encoding="utf-8") as file:
            file.write(read("dts", "bindings", "diuna.yaml"))

    def complaints(self, data):
        """What dt-validate says of a flattened tree, as far as it is about our schema."""
        path = os.path.join(self.work, "tree.dtb")
        with open(path, "wb") as file:
            file.write(data)
        done = subprocess.run(["dt-validate", "-l", "diuna", "-s", os.path.dirname(self.schema), path],
                              capture_output=True, check=False)
        text = (done.stderr + done.stdout).decode()
        self.assertNotIn("Traceback", text)
        return text

    def examples(self):
        """The examples of the binding, each as a flattened tree."""
        text = run("dt-extract-example", self.schema).decode()
        return run("dtc", "-q", "-I", "dts", "-O", "dtb", input=self.preprocess(text))

    @staticmethod
    def preprocess(text):
        return run("cpp", "-nostdinc", "-undef", "-x", "assembler-with-cpp", input=text.encode())

    def test_schema(self):
        """dt-doc-validate has nothing to say about the binding"""
        done = subprocess.run(["dt-doc-validate", "-u", os.path.join(self.work, "schemas"), self.schema],
                              capture_output=True, check=False)
        self.assertEqual((done.stderr + done.stdout).decode(), "")

    def test_examples(self):
        """the binding's examples compile and conform to it"""
        tree = self.examples()
        kinds = {n.string("compatible") for _, n in fdt.parse(tree).walk() if "compatible" in n.props}
        self.assertLessEqual({"diuna,pwm-ws281x", "diuna,spi-ws281x"}, kinds)
        self.assertEqual(self.complaints(tree), "")

    def test_wrong(self):
        """the schema finds what is wrong"""
        changes = [
            ("diuna,pixels", cells(0)), ("diuna,pixels", cells(16385)), ("diuna,pixels", None),
            ("reg", cells(2)), ("diuna,chip", string("ws9999")), ("diuna,color-order", string("RGGX")),
            ("diuna,nonsense", b""), ("diuna,component-microamp", cells(1, 2)),
        ]
        for prop, value in changes:
            with self.subTest(prop=prop, value=value):
                root = fdt.parse(self.examples())
                strip = next(n for _, n in root.walk() if n.name == "led-strip@0")
                strip.props[prop] = value
                if value is None:
                    del strip.props[prop]
                self.assertIn(prop, self.complaints(fdt.flatten(root)))
        for prop, value in [("diuna,dreq-threshold", cells(16)), ("diuna,panic-threshold", cells(16)),
                            ("diuna,brightness", cells(256)), ("dmas", None), ("pinctrl-0", None)]:
            with self.subTest(prop=prop, value=value):
                root = fdt.parse(self.examples())
                node = next(n for _, n in root.walk() if n.string("compatible") == "diuna,pwm-ws281x")
                node.props[prop] = value
                if value is None:
                    del node.props[prop]
                self.assertIn(prop, self.complaints(fdt.flatten(root)))

    def test_overlays(self):
        """a board's tree with an overlay conforms to it, with every parameter set"""
        pwm = ("pixels=51,chip=ws2811,order=BRG,label=A,pin=12,invert,pixels2=68,chip2=ws2812,order2=GRB,"
               "label2=B,pin2=13,invert2,brightness=64,power_limit_ma=2000,dreq=9,panic=5")
        custom = ("pin=13,chip=custom,t0h_min=1,t0h_max=2,t0l_min=1,t0l_max=2,t1h_min=1,t1h_max=2,"
                  "t1l_min=1,t1l_max=2,reset_ns=1")
        spi = "pixels=51,chip=sk6812w,order=GRBW,label=A,brightness=64,power_limit_ma=2000"
        for board, name, line in (("bcm2837-rpi-3-b", "diuna", pwm),
                                  ("bcm2837-rpi-3-b", "diuna", "pixels=1," + custom),
                                  ("bcm2711-rpi-4-b", "diuna-pi4", pwm + ",pwm1"),
                                  ("bcm2711-rpi-4-b", "diuna-spi", spi)):
            with self.subTest(overlay=name):
                self.assertEqual(self.complaints(fdt.flatten(load(board, name, line))), "")
