# SPDX-License-Identifier: GPL-2.0-or-later
"""The overlays with parameters, as built, on QEMU's Raspberry Pi 3 with Debian's kernel.

diuna is booted twice: with two strips, and with one on the second output. For
diuna-spi, SPI0 is made of GPIOs, for the board has no model of its own one. What the module says of its strips must be what the line for config.txt said.
At its real address QEMU keeps what is written to the PWM's registers.
"""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../pi")]
import machine  # noqa: E402
import overrides  # noqa: E402

LINE = ("pixels=51,chip=ws2811,order=BRG,pin=18,label=FLOOR,pixels2=68,chip2=ws2812,order2=GRB,"
        "pin2=13,label2=LAMP,invert2,power_limit_ma=4000,brightness=100,dreq=9,panic=5")

# SK6812's limits, by its datasheet
ALONE = ("pixels=30,pin=13,order=RGB,chip=custom,t0h_min=150,t0h_max=450,t0l_min=750,t0l_max=1050,"
         "t1h_min=450,t1h_max=750,t1l_min=450,t1l_max=750,reset_ns=80000")

SCRIPT = """
driver=/sys/bus/platform/drivers/diuna-pwm
class=/sys/class/diuna/diuna
pins() { echo $1 $(($(devmem 0x3f200004 32) >> 24 & 7)) $(($(devmem 0x3f200004 32) >> 9 & 7)); }
echo
pins before
insmod /diuna.ko
echo 3f20c000.pwm > $driver/bind || dmesg | tail -n 3
for name in brightness power_limit_ma channels frame_bytes; do
	echo $name $(cat $class/$name)
done
for channel in 0 1; do
	for name in pixels chip order label inverted bit_ns; do
		[ ! -d $class/channel$channel ] || echo $channel $name $(cat $class/channel$channel/$name)
	done
done
pins bound
cat /sys/kernel/debug/diuna/diuna/pwm
insmod /pin-watch.ko
echo 3f20c000.pwm > $driver/unbind
dmesg | sed -n 's/.*pin-watch: /freed /p' | head -n 2
pins unbound
"""

SPI_LINE = "pixels=2,chip=sk6812w,order=RGBW,label=SHELF,brightness=51,power_limit_ma=900"
SPI_SCRIPT = """
class=/sys/class/diuna/diuna
echo
insmod /diuna.ko
insmod /spi-bitbang.ko
insmod /spi-gpio.ko
echo 3f204000.spi > /sys/bus/platform/drivers/spi_gpio/bind
for name in backend brightness power_limit_ma channels frame_bytes; do
	echo $name $(cat $class/$name)
done
for name in pixels chip order label inverted; do
	echo 0 $name $(cat $class/channel0/$name)
done
echo spi $(cat /sys/bus/spi/devices/spi0.0/modalias)
head -c 8 /dev/zero > /dev/diuna
echo frames $(cat $class/frames)
dmesg | grep diuna-spi | sed 's/^/# /'
"""

said, said_alone, said_spi = {}, {}, {}


def make_spi(board):
    """Make SPI0 of three pins, with a driver that every kernel has."""
    def put(kind, prop, *values):
        machine.run("fdtput", "-t", kind, board.dtb, "/soc/spi@7e204000", prop, *map(str, values))

    gpio = int(machine.run("fdtget", "-t", "u", board.dtb, "/soc/gpio@7e200000", "phandle",
                           capture_output=True).stdout)
    put("s", "compatible", "spi-gpio")
    put("u", "num-chipselects", 1)
    # pin, and 0 for active high
    for name, pin in ("sck", 20), ("mosi", 21), ("cs", 22):
        put("u", name + "-gpios", gpio, pin, 0)
    for name in "spi-bitbang", "spi-gpio":
        board.kernel_module("spi/" + name, name + ".ko")


def boot(line, into, overlay="diuna", script=SCRIPT, prepare=lambda board: None):
    """Boot a board with an overlay and collect what it says: "name value" on each line."""
    with machine.scratch() as work:
        board = machine.Machine(os.environ["DIUNA_PI_KERNEL"], work)
        prepare(board)
        board.add(os.environ["DIUNA_PI_KO"], "diuna.ko")
        board.add(os.path.join(os.environ["DIUNA_PI_MODULES"], "pin-watch.ko"), "pin-watch.ko")
        with open(os.path.join(os.environ["DIUNA_OVERLAYS"], overlay + ".dtbo"), "rb") as file:
            data = overrides.Overlay(file.read()).load(line).flatten()
        path = os.path.join(work, "overlay.dtbo")
        with open(path, "wb") as file:
            file.write(data)
        board.apply(path)
        for text in board.boot(script).splitlines():
            print("#", text)
            name, _, value = text.rpartition(" ")
            into[name] = value


def setUpModule():
    """Boot all."""
    boot(LINE, said)
    boot(ALONE, said_alone)
    boot(SPI_LINE, said_spi, "diuna-spi", SPI_SCRIPT, make_spi)


class Board(unittest.TestCase):
    """After "dtoverlay=diuna," and LINE."""

    def test_strips(self):
        """the module has the strips of the line"""
        want = {"pixels": ("51", "68"), "chip": ("ws2811", "ws2812"), "order": ("BRG", "GRB"),
                "label": ("FLOOR", "LAMP"), "inverted": ("0", "1")}
        for name, values in want.items():
            self.assertEqual((said.get(f"0 {name}"), said.get(f"1 {name}")), values, name)

    def test_controller(self):
        """the module has the controller's settings of the line"""
        self.assertEqual(said.get("channels"), "2")
        self.assertEqual(said.get("frame_bytes"), str((51 + 68) * 3))
        self.assertEqual(said.get("power_limit_ma"), "4000")
        self.assertEqual(said.get("brightness"), "100")

    def test_pins(self):
        """the pins have the PWM's functions while the driver is bound, and are inputs again after"""
        # GPFSEL1 (BCM2835 ARM Peripherals 6.1) has 3 bits a pin: GPIO 18 from
        # bit 24, 13 from bit 9; 0 is input, 4 ALT0, 2 ALT5
        self.assertEqual((said.get("before 0"), said.get("bound 2"), said.get("unbound 0")),
                         ("0", "4", "0"))

    def test_unbind_order(self):
        """the pins go to their pulls before the PWM is disabled: an inverted line stays high"""
        # PWM CTL: PWEN1 bit 0, PWEN2 bit 8, POLA2 bit 12
        for pin in 18, 13:
            ctl = int(said.get(f"freed {pin} ctl", "0"), 16)
            self.assertEqual(ctl & (1 << 0 | 1 << 8 | 1 << 12), 1 << 0 | 1 << 8 | 1 << 12, pin)

    def test_registers(self):
        """the PWM has the thresholds and the polarity of the line, and the clock the chips' rate"""
        # PWM DMAC: ENAB bit 31, PANIC from bit 8, DREQ from bit 0
        self.assertEqual(said.get("dmac"), hex(1 << 31 | 5 << 8 | 9))
        # PWM CTL: POLA1 bit 4, POLA2 bit 12
        self.assertEqual(int(said.get("ctl", "0"), 16) & (1 << 4 | 1 << 12), 1 << 12)
        # four symbols a bit at 800 kHz
        self.assertEqual(said.get("clock_hz"), "3200000")

    def test_alone(self):
        """a strip on GPIO 13 has the second output to itself, and a custom chip its pattern and rate"""
        want = {"channels": "1", "0 pixels": "30", "0 chip": "custom", "0 order": "RGB",
                # four symbols of 312.5 ns, which is the nearest to the limits' middle
                "0 bit_ns": "1250", "clock_hz": "3200000", "bound 0": "4", "unbound 0": "0"}
        self.assertEqual({name: said_alone.get(name) for name in want}, want)
        # PWM CTL: PWEN2 bit 8, MODE2 bit 9, USEF2 bit 13, and nothing of channel 1
        self.assertEqual(said_alone.get("ctl"), hex(1 << 8 | 1 << 9 | 1 << 13))

    def test_spi(self):
        """a strip on SPI has what the line says, and takes frames"""
        want = {"backend": "spi", "spi": "spi:spi-ws281x", "brightness": "51", "power_limit_ma": "900",
                "channels": "1", "frame_bytes": "8", "0 pixels": "2", "0 chip": "sk6812w",
                "0 order": "RGBW", "0 label": "SHELF", "0 inverted": "0", "frames": "1"}
        self.assertEqual({name: said_spi.get(name) for name in want}, want)
