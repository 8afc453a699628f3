#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The PWM backend on QEMU's Raspberry Pi 3: every word that DMA gave the FIFO.

The words are turned into the levels of the pins by a model of the serialiser
(wave.py, from the SoC's datasheet) and read by tests/lib/wiredecode.py, which
knows the chips' datasheets. Neither shares a table with the module.

One boot does all of it: the board has a node for each wiring that is to be
tried, and they are bound one after the other. DIUNA_PI_KERNEL, DIUNA_PI_KO,
DIUNA_PI_MODULES and DIUNA_PI_RIG say what to boot. A transfer of each wiring, with the registers that
make a signal of it, goes to the file DIUNA_PI_CAPTURE for wave_test.py.
"""

import functools
import itertools
import json
import os
import random
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../lib")]
import machine  # noqa: E402
import wave  # noqa: E402
import wiredecode  # noqa: E402

RGB = ["".join(p) for p in itertools.permutations("RGB")]
RGBW = ["".join(p) for p in itertools.permutations("RGBW")]
# On a kernel that checks everything and takes its time: a few of each kind
DEEP = "DIUNA_PI_DEEP" in os.environ
MANY_FRAMES = int(os.environ.get("DIUNA_PI_FRAMES", "10000"))
FIFO_WORDS = 16     # BCM2835 ARM Peripherals 9.2: "16x32 bit FIFO"
BINDS = 10 if DEEP else 50
BOOT_S = 1500 if DEEP else 300


class Case:
    """A node with its strips, and the frames sent to it."""

    cases = []

    def __init__(self, name, strips, frames=3, changes=None):
        self.name = name
        self.strips = strips
        self.node = len(Case.cases)
        self.address = machine.CAPTURE + self.node * machine.CAPTURE_STEP
        self.device = f"{self.address - 0x7E000000 + 0x3F000000:x}.pwm"
        self.changes = changes
        self.count = frames
        self.outputs = sorted(strips)
        self.pixels = [strips[o].get("pixels", 0) for o in self.outputs]
        # who judges a custom one: the chip whose limits it has been given
        self.chips = [{"custom": "sk6812"}.get(chip, chip) for chip in
                      (strips[o].get("chip", "ws2812b") for o in self.outputs)]
        self.orders = [
            strips[o].get("color-order", "GRBW" if chip == "sk6812w" else "GRB")
            for o, chip in zip(self.outputs, self.chips)
        ]
        self.bytes = sum(p * len(o) for p, o in zip(self.pixels, self.orders))
        self.data = random.Random(self.node).randbytes(self.count * self.bytes)
        Case.cases.append(self)

    # What follows is arithmetic on the datasheets, nothing of the module's.

    def rate_hz(self):
        """Four symbols a bit, of 1.25 us at 800 kHz, of 2.5 us at 400 kHz."""
        return 1600000 if self.chips[0] == "ws2811-400" else 3200000

    def data_words(self):
        """Words of the longest channel: eight bits of four symbols fill one."""
        return max(p * len(o) for p, o in zip(self.pixels, self.orders))

    def zero_words(self):
        """Words of silence that a channel needs: the chips' reset, and the FIFO's drain."""
        reset = max(wiredecode.CHIPS[c].reset for c in self.chips)
        by_reset = -(-reset * self.rate_hz() // (32 * 10**9))
        return int(max(by_reset, FIFO_WORDS + 2))

    def words(self):
        """Words of a transfer."""
        return (self.data_words() + self.zero_words()) * len(self.outputs)

    def frame(self, number):
        """The pixels of a frame by channel, as wiredecode gives them."""
        at = number * self.bytes
        strips = []
        for pixels, order in zip(self.pixels, self.orders):
            size = len(order)
            strips.append([tuple(self.data[at + i * size:at + (i + 1) * size])
                           for i in range(pixels)])
            at += pixels * size
        return strips

    def black(self):
        """The pixels of a black frame."""
        return [[(0,) * len(o)] * p for p, o in zip(self.pixels, self.orders)]


def strip(pixels, order="GRB", chip="ws2812b", **more):
    """Properties of a strip."""
    return {"pixels": pixels, "color-order": order, "chip": chip, **more}


ORDERS = [Case(f"order {o}", {0: strip(3, o)}) for o in RGB] + [
    # beside it one of the other kind
    Case(f"order {o} beside {RGB[i % 6]}",
         {0: strip(4, o, "sk6812w"), 1: strip(3, RGB[i % 6], "sk6812")})
    for i, o in enumerate(RGBW)
]
# The limits of SK6812, by its datasheet. Symbols of 300 ns would be in the middle of all;
# of those that divide 19.2 MHz 312.5 ns are next, 1000 and 1100, as in SK6812's own profile.
CUSTOM = {"t0h-ns": (150, 450), "t0l-ns": (750, 1050), "t1h-ns": (450, 750), "t1l-ns": (450, 750),
          "reset-ns": 80000}
CHIPS = [Case("chip custom", {0: strip(5, chip="custom", **CUSTOM)})] + [Case(f"chip {chip}", {0: strip(5, "GRBW" if chip == "sk6812w" else "GRB", chip)})
         for chip in wiredecode.CHIPS]
LENGTHS = [
    Case("1 pixel", {0: strip(1)}),
    Case("1 and 2 pixels", {0: strip(1), 1: strip(2)}),
    Case("51 and 68 pixels, BRG and GRB", {0: strip(51, "BRG"), 1: strip(68)}),
    Case("144 pixels", {0: strip(144)}),
    Case("300 and 7 pixels", {0: strip(300), 1: strip(7)}),
    Case("1000 pixels", {0: strip(1000)}),
    Case("1000 and 1000 pixels, RGBW and RGB",
         {0: strip(1000, "GRBW", "sk6812w"), 1: strip(1000, "RGB", "sk6812")}),
]
OUTPUTS = [
    Case("the second output alone", {1: strip(4)}),
    Case("inverted", {0: strip(4, inverted=True)}),
    Case("the second of two inverted", {0: strip(4), 1: strip(4, inverted=True)}),
    Case("both inverted", {0: strip(4, inverted=True), 1: strip(5, inverted=True)}),
]
if DEEP:
    ORDERS, CHIPS, LENGTHS = ORDERS[2::16], CHIPS[:1], [LENGTHS[1], LENGTHS[6]]
PLAIN = ORDERS + CHIPS + LENGTHS + OUTPUTS
MANY = Case("many frames", {0: strip(5, "BRG"), 1: strip(7)}, MANY_FRAMES)
HELD = Case("held", {0: strip(6)}, 2)
BIND = Case("bound again and again", {0: strip(8), 1: strip(3)}, 4)
# The proof of the FIFO's address needs a register that CPU and DMA engine reach
# both by its bus address. QEMU has no PWM block: this puts DAT2 on SDVDD of its
# SD host, which nobody uses, and the others on registers before it.
PROOF = Case("proof", {0: strip(3)})
PROOF.address, PROOF.device = 0x7E20200C, "3f20200c.pwm"
LOAD = Case("loaded again and again", {0: strip(8), 1: strip(3)}, 4)
# What the device tree of a Pi 4 says of its clock, and what no divisor gets nearest to
PLLD, PLLA = ({"assigned-clocks": "<&clocks 30>", "assigned-clock-parents": f"<&clocks {parent}>",
               "assigned-clock-rates": "<0>"} for parent in (13, 6))
# A second controller has other pins
OTHER_PINS = {"pinctrl-0": "<&diuna_other_pins>"}
PARENT = Case("clock of PLLD", {0: strip(3)}, changes=PLLD)
PARENT2 = Case("clock of PLLD, too", {1: strip(3)}, changes={**PLLD, **OTHER_PINS})
OTHER_PARENT = Case("clock of PLLA", {0: strip(3)}, changes=PLLA)
HALF_RATE = Case("half the rate", {0: strip(3, chip="ws2811-400")}, changes=OTHER_PINS)
# Registers that are another's, but for the first few
TAKEN = Case("taken", {0: strip(3)}, changes=OTHER_PINS)
TAKEN.address, TAKEN.device = PARENT.address + 16, f"{PARENT.address + 16 - 0x3F000000:x}.pwm"
CLOCK_FAILS = Case("clock fails", {0: strip(3)}, 1)
RELEASED = Case("released", {0: strip(6)}, 2)
SLOW = Case("slow return", {0: strip(1000)}, 20)
SLEEP = Case("asleep", {0: strip(6)}, 1)
SUSPEND = Case("suspended", {0: strip(6)}, 1)
SHUTDOWN = Case("shut down", {0: strip(6)}, 1)

WRONG = [
    (Case("chip", {0: strip(3, chip="ws9999")}), 'diuna,chip "ws9999" is unknown'),
    (Case("order", {0: strip(3, "RGGB")}), 'diuna,color-order "RGGB" is no order'),
    (Case("no pixels", {0: {}}), "diuna,pixels must be 1 to 16384"),
    (Case("too many pixels", {0: strip(16385)}, 0), "diuna,pixels must be 1 to 16384"),
    (Case("third output", {2: strip(3)}), "reg must be below 2"),
    (Case("no strip", {}), "no strips"),
    (Case("different rates", {0: strip(3), 1: strip(3, chip="ws2811-400")}), "same bit rate"),
    (Case("threshold", {0: strip(3)}, changes={"diuna,dreq-threshold": "<16>"}),
     "diuna,dreq-threshold must be 1 to 15"),
    (Case("panic", {0: strip(3)}, changes={"diuna,panic-threshold": "<16>"}),
     "diuna,panic-threshold 0 to 15"),
    (Case("brightness", {0: strip(3)}, changes={"diuna,brightness": "<256>"}),
     "diuna,brightness must be at most 255"),
    (Case("limit", {0: strip(3)}, changes={"diuna,limit-milliamp": "<1000001>"}),
     "diuna,limit-milliamp must be at most 1000000"),
    (Case("limit of a strip", {0: strip(3, **{"limit-milliamp": 1000001})}),
     "diuna,limit-milliamp at most 1000000"),
    (Case("currents of two of three", {0: strip(3, **{"component-microamp": (1, 2)})}),
     "diuna,component-microamp needs 3 values"),
    (Case("current", {0: strip(3, **{"component-microamp": (1, 2, 1000001)})}),
     "diuna,component-microamp must be at most 1000000"),
    (Case("idle current", {0: strip(3, **{"idle-microamp": 1000001})}),
     "diuna,idle-microamp must be at most 1000000"),
    (Case("no pins", {0: strip(3)}, changes={"pinctrl-0": None, "pinctrl-names": None}), "set pinctrl-0"),
    (Case("custom without times", {0: strip(3, chip="custom")}), "chip custom needs diuna,t0h-ns"),
    (Case("custom that no signal keeps", {0: strip(3, chip="custom", **{**CUSTOM, "t1l-ns": (1, 2)})}),
     "no signal keeps the limits"),
    (Case("no DMA", {0: strip(3)}, changes={"dmas": None}), "dmas must name one"),
]


SCRIPT = f"""
drivers=/sys/bus/platform/drivers
D=/sys/kernel/debug/diuna/diuna
bind() {{ echo $1 > $drivers/diuna-pwm/bind; }}
# a slow machine must not find the clock stopped before it has looked
bind_awake() {{ bind $1 && echo 60000 > /sys/bus/platform/devices/$1/power/autosuspend_delay_ms; }}
unbind() {{ echo $1 > $drivers/diuna-pwm/unbind; }}
# of the DMA channel in use: its line has a name only while somebody has it
irqs() {{ awk '/DMA IRQ/ {{ n += $2 + $3 + $4 + $5 }} END {{ print n + 0 }}' /proc/interrupts; }}
clock() {{ cat /sys/kernel/debug/clk/pwm/clk_enable_count; }}

echo
echo "== real"
insmod /diuna.ko
bind_awake 3f20c000.pwm
cat $D/pwm
for r in 0x3f20c000 0x3f20c008 0x3f20c010 0x3f20c020 0x3f20c024 0x3f1010a0 0x3f1010a4 0x3f200004; do
	echo $r $(devmem $r 32)
done
/rig show /frames/real
echo "== overflow"
devmem 0x3f20c004 32 4
/rig show /frames/real
devmem 0x3f20c004 32 0
grep overflows $D/pwm
dmesg | grep 'FIFO overflows' | tail -n 1
echo "== check"
sh /pi-check --seconds 1 > /checked 2>&1
echo exit $?
sed 's/^==/--/' /checked
echo "== check beside"
sh /pi-check --seconds 1 3> /dev/diuna > /checked 2>&1
echo exit $?
sed 's/^==/--/' /checked
echo "== released block"
unbind 3f20c000.pwm
echo ctl $(devmem 0x3f20c000 32) clock $(clock)
echo "== running"
devmem 0x3f20c000 32 1
bind 3f20c000.pwm
devmem 0x3f20c000 32 0
dmesg | grep 3f20c000 | tail -n 4
echo "== proof"
bind {PROOF.device}
grep address $D/pwm
unbind {PROOF.device}
echo "== no proof"
# no channel goes on while this register is 0
devmem 0x3f007ff0 32 0
bind {PROOF.device}
devmem 0x3f007ff0 32 0x7fff
dmesg | grep {PROOF.device} | tail -n 4
rmmod diuna

insmod /diuna.ko pwm_address=bus
""" + "".join(f"""
echo "== {c.node}"
bind_awake {c.device}
echo clock $(devmem 0x3f1010a0 32) $(devmem 0x3f1010a4 32)
before=$(irqs)
/rig show /frames/{c.node}
echo irqs $(($(irqs) - before))
unbind {c.device}
echo enabled $(clock)
""" for c in PLAIN + [MANY]) + f"""
echo "== held"
bind {HELD.device}
/rig held /frames/{HELD.node}
unbind {HELD.device}

echo "== released"
mount -t tracefs tracefs /sys/kernel/tracing
cd /sys/kernel/tracing/events
for event in diuna/diuna_start irq/softirq_entry irq/softirq_exit kmem/kmalloc \\
	kmem/kmem_cache_alloc kmem/mm_page_alloc; do
	echo 1 > $event/enable
done
bind {RELEASED.device}
echo > ../trace
/rig released /frames/{RELEASED.node}
echo 0 > ../tracing_on
grep slow $D/pwm
echo "== trace"
cat ../trace
echo "== traced"
cd /
unbind {RELEASED.device}

echo "== slow"
bind {SLOW.device}
insmod /slow-return.ko
/rig show /frames/{SLOW.node}
rmmod slow-return
echo "== slow return"
dmesg | grep slow-return:
unbind {SLOW.device}

echo "== suspend"
bind {SUSPEND.device}
/rig show /frames/{SUSPEND.node}
echo 0 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test
echo freeze > /sys/power/state && echo slept
unbind {SUSPEND.device}

echo "== sleep"
bind_awake {SLEEP.device}
/rig show /frames/{SLEEP.node}
power=/sys/bus/platform/devices/{SLEEP.device}/power
echo $(cat $power/runtime_status) clock $(clock)
echo 1000 > $power/autosuspend_delay_ms
sleep 3
echo $(cat $power/runtime_status) clock $(clock)
/rig nowait /frames/{SLEEP.node}
unbind {SLEEP.device}
echo clock $(clock)

parent() {{ echo $1 $(cat /sys/kernel/debug/clk/pwm/clk_parent /sys/kernel/debug/clk/pwm/clk_rate); }}
echo "== parent"
bind_awake {PARENT.device}
parent one
bind_awake {PARENT2.device}
ls -1 /dev/diuna*
parent two
unbind {PARENT2.device}
echo "== taken"
bind {TAKEN.device}
dmesg | grep {TAKEN.device} | tail -n 4
echo "== half rate"
bind {HALF_RATE.device}
dmesg | grep {HALF_RATE.device} | tail -n 4
/rig show /frames/{PARENT.node}
parent still
# nor while nothing is sent and the clock stands
echo 0 > /sys/bus/platform/devices/{PARENT.device}/power/autosuspend_delay_ms
until [ $(clock) = 0 ]; do usleep 10000; done
bind {HALF_RATE.device} 2>/dev/null || echo refused
/rig show /frames/{PARENT.node}
parent asleep
unbind {PARENT.device}
echo clock $(clock)
bind {HALF_RATE.device}
parent then
unbind {HALF_RATE.device}
echo "== other parent"
bind_awake {OTHER_PARENT.device}
parent other
dmesg | grep {OTHER_PARENT.device} | tail -n 2
unbind {OTHER_PARENT.device}

echo "== clock fails"
# when the probe starts it, and when it starts it again at its new rate
for nth in 1 2; do
	insmod /clock-fails.ko nth=$nth
	bind {CLOCK_FAILS.device} 2>/dev/null || echo refused
	rmmod clock-fails
	dmesg | grep clock-fails: | tail -n 1
	echo clock $(clock)
done
echo "== clock lies"
# what has its rate already is not asked for it
bind {HALF_RATE.device}
unbind {HALF_RATE.device}
for hz in 3000000 3199869; do
	insmod /clock-fails.ko rate_hz=$hz
	bind {CLOCK_FAILS.device} 2>/dev/null || echo refused
	dmesg | grep '{CLOCK_FAILS.device}: .*PWM clock' | tail -n 1
	rmmod clock-fails
	echo clock $(clock)
done
echo "== clock fails later"
bind {CLOCK_FAILS.device}
echo 0 > /sys/bus/platform/devices/{CLOCK_FAILS.device}/power/autosuspend_delay_ms
until [ $(clock) = 0 ]; do usleep 10000; done
insmod /clock-fails.ko nth=1
/rig show /frames/{CLOCK_FAILS.node}
rmmod clock-fails
/rig show /frames/{CLOCK_FAILS.node}
unbind {CLOCK_FAILS.device}
echo clock $(clock)
""" + "".join(f"""
echo "== {c.node}"
bind {c.device} 2>/dev/null || echo refused
dmesg | grep {c.device} | tail -n 4
""" for c, _ in WRONG) + f"""
echo "== bind"
/rig writer /frames/{BIND.node} &
writer=$!
n=0
while [ $n -lt {BINDS} ]; do
	bind {BIND.device} && usleep 5000 && unbind {BIND.device} && n=$((n + 1))
done
echo bound $n
kill $writer
rmmod diuna

echo "== load"
/rig writer /frames/{LOAD.node} &
writer=$!
n=0
while [ $n -lt {BINDS} ]; do
	insmod /diuna.ko pwm_address=bus && bind {LOAD.device} && usleep 5000
	unbind {LOAD.device}
	tries=0
	until rmmod diuna 2>/dev/null || [ $tries -ge 1000 ]; do tries=$((tries + 1)); done
	[ ! -e /sys/module/diuna ] && n=$((n + 1)) || break
done
echo loaded $n
kill $writer

insmod /diuna.ko pwm_address=bus
bind {SHUTDOWN.device}
/rig show /frames/{SHUTDOWN.node}

echo "== log"
dmesg | grep -E 'WARNING|BUG|Oops|Call trace|DMA-API' |
	grep -vE 'DMA-API: (preallocated|debugging enabled)' || echo nothing
echo "== debug"
grep debug_locks /proc/lockdep_stats
cd /sys/kernel/debug/dma-api && grep . disabled error_count
"""

sections = {}
accesses = {}


AUDIO_SCRIPT = """
echo
insmod /diuna.ko pwm_address=physical
echo 3f20c000.pwm > /sys/bus/platform/drivers/diuna-pwm/bind && echo bound
dmesg | grep 'audio jack' || echo silent
"""

# What is in the machine at the PWM's own address, and the node that a Pi's firmware
# used to enable for sound
REAL = """
&pwm {
	status = "okay";
	compatible = "diuna,pwm-ws281x";
	dmas = <&dma 5>;
	dma-names = "tx";
	pinctrl-0 = <&diuna_pins>;
	#address-cells = <1>;
	#size-cells = <0>;
	led-strip@0 { reg = <0>; diuna,pixels = <3>; };
};
"""
AUDIO = """
&soc {
	audio { compatible = "brcm,bcm2835-audio"; };
};
"""


def make_board(controllers, extra):
    """A board with these nodes, to be booted once or more."""
    work = machine.scratch()
    unittest.addModuleCleanup(work.cleanup)
    new = machine.Machine(os.environ["DIUNA_PI_KERNEL"], work.name)
    new.add(os.environ["DIUNA_PI_KO"], "diuna.ko")
    new.add(os.environ["DIUNA_PI_RIG"], "rig")
    for name in "slow-return", "clock-fails":
        new.add(os.path.join(os.environ["DIUNA_PI_MODULES"], name + ".ko"), name + ".ko")
    path = os.path.join(work.name, "test.dtbo")
    machine.compile_overlay(machine.overlay(controllers, extra=extra), path)
    new.apply(path)
    return new


def setUpModule():
    """Boot the board and let it do everything."""
    board = make_board([machine.controller_node(c.address, c.strips, c.changes)
                        for c in Case.cases], REAL)
    os.mkdir(os.path.join(board.root, "frames"))
    for case in Case.cases:
        board.write(f"frames/{case.node}", case.data)
    board.write("frames/real", bytes(3 * 3))
    board.add(os.path.join(HERE, "../../scripts/pi-check"), "pi-check")
    text = board.boot(SCRIPT, limit=BOOT_S)
    name = None
    for line in text.splitlines():
        if line.startswith("== "):
            name = line[3:]
            sections[name] = []
        elif name:
            sections[name].append(line)
    for access in board.accesses():
        accesses.setdefault(access.node, []).append(access)
    if "DIUNA_PI_CAPTURE" in os.environ:
        save_captures(os.environ["DIUNA_PI_CAPTURE"])


def section(name):
    """What a part of the script printed."""
    return "\n".join(sections.get(str(name), [f"the board did not get to {name}"]))


@functools.cache
def transfers(node):
    """The words of each transfer: what came between two other accesses to the node."""
    result = []
    current = []
    for access in accesses.get(node, []):
        if access.write and access.register == "FIF1":
            current.append(access.value)
        elif current:
            result.append(current)
            current = []
    if current:
        result.append(current)
    return result


@functools.cache
def registers(node):
    """The last value written to each register but the FIFO while the block was enabled."""
    state, enabled = {}, {}
    for access in accesses.get(node, []):
        if access.write and access.register != "FIF1":
            state[access.register] = access.value
            if access.register == "CTL" and access.value & 0x101:
                enabled = dict(state)
    return enabled


@functools.cache
def clock_hz(node):
    """Rate of the PWM clock while the node was bound, from the clock manager's registers."""
    match = re.search(r"^clock (0x\w+) (0x\w+)$", section(node), re.M)
    return wave.clock_hz(int(match[1], 16), int(match[2], 16)) if match else None


def save_captures(path):
    """For wave_test.py: the first frame of each wiring and what made a signal of it."""
    captures = [
        {"name": case.name, "chips": case.chips, "outputs": case.outputs,
         "inverted": [bool(case.strips[o].get("inverted")) for o in case.outputs],
         "clock_hz": clock_hz(case.node), "registers": registers(case.node),
         "words": transfers(case.node)[1]}
        for case in PLAIN if len(transfers(case.node)) > 1
    ]
    with open(path, "w", encoding="ascii") as file:
        json.dump(captures, file)


class BoardTest(unittest.TestCase):
    """Common to all."""

    def pixels(self, case, words):
        """Pixels of each channel of a transfer, every pulse judged."""
        regs = registers(case.node)
        rng = (regs["RNG1"], regs["RNG2"])
        shown = []
        for output, chip, order in zip(case.outputs, case.chips, case.orders):
            inverted = bool(case.strips[output].get("inverted"))
            levels = wave.pin(words, regs["CTL"], rng, output)
            got = wiredecode.decode_words(
                wave.words_of(wave.data(levels, inverted)), 10**12 // case.rate_hz(),
                wiredecode.CHIPS[chip], order)
            self.assertEqual(got.errors, [], f"{case.name}, output {output}")
            # what is silent lasts as long as the reset, the next transfer's lead included
            self.assertGreaterEqual(got.lead_ns + got.trail_ns, wiredecode.CHIPS[chip].reset,
                                    f"{case.name}, output {output}")
            self.assertGreater(got.lead_ns, 0, f"{case.name}: no silence before the first pixel")
            shown.append(got.pixels)
        return shown

    def check_frames(self, case):
        """Black, the frames as they were sent, black."""
        got = transfers(case.node)
        self.assertEqual(len(got), case.count + 2, case.name)
        for number, words in enumerate(got):
            self.assertEqual(len(words), case.words(), f"{case.name}, transfer {number}")
            black = number in (0, len(got) - 1)
            want = case.black() if black else case.frame(number - 1)
            self.assertEqual(self.pixels(case, words), want, f"{case.name}, transfer {number}")

    def check_case(self, case):
        """A node that was bound, shown its frames and unbound."""
        self.assertIn(f"ended {case.count} errors 0", section(case.node), case.name)
        self.check_frames(case)
        self.assertIn(f"irqs {case.count}\n", section(case.node), f"{case.name}: not all was DMA")
        self.assertIn("enabled 0", section(case.node), f"{case.name}: the clock runs on")


class Frames(BoardTest):
    """Colours."""

    def test_orders(self):
        """every order of RGB, and of RGBW beside one of RGB"""
        for case in ORDERS:
            with self.subTest(case.name):
                self.check_case(case)

    def test_chips(self):
        """every chip's signal is in its datasheet's limits"""
        for case in CHIPS:
            with self.subTest(case.name):
                self.check_case(case)

    def test_lengths(self):
        """1 to 1000 pixels, on one and two outputs of different length"""
        for case in LENGTHS:
            with self.subTest(case.name):
                self.check_case(case)

    def test_outputs(self):
        """the second output alone, and inverted ones"""
        for case in OUTPUTS:
            with self.subTest(case.name):
                self.check_case(case)

    def test_many(self):
        """10,000 frames on two outputs, every word of every one"""
        self.check_case(MANY)

    def test_words(self):
        """words per transfer: data, and at most reset, drain and 2 more per channel"""
        for case in PLAIN + [MANY]:
            reset = max(wiredecode.CHIPS[c].reset for c in case.chips)
            most = -(-reset * case.rate_hz() // (32 * 10**9)) + FIFO_WORDS + 2
            for words in transfers(case.node):
                self.assertLessEqual(len(words),
                                     (case.data_words() + most) * len(case.outputs), case.name)

    def test_trailing_zeros(self):
        """at least 17 zero words per channel end a transfer: FIFO and shift register"""
        for case in PLAIN:
            for words in transfers(case.node):
                tail = words[-(FIFO_WORDS + 1) * len(case.outputs):]
                self.assertEqual(set(tail), {0}, case.name)


class Registers(BoardTest):
    """What the block is told."""

    def test_ctl(self):
        """serialiser, FIFO and polarity of the outputs in use, and of no other"""
        for case in PLAIN:
            want = 0
            for output in case.outputs:
                bits = wave.PWEN | wave.MODE | wave.USEF
                if case.strips[output].get("inverted"):
                    bits |= wave.POLA
                want |= bits << (8 * output)
            self.assertEqual(registers(case.node).get("CTL"), want, case.name)

    def test_clock(self):
        """the clock makes one symbol a period, exactly, by an undivided divisor of the crystal"""
        for case in PLAIN:
            self.assertEqual(clock_hz(case.node), case.rate_hz(), case.name)

    def test_clear(self):
        """the FIFO is cleared while the block is disabled, before it is enabled"""
        for case in PLAIN:
            ctl = [a.value for a in accesses[case.node] if a.write and a.register == "CTL"]
            self.assertEqual(ctl[0] & 0x141, 0x40, case.name)
            self.assertEqual(ctl[1] & 0x40, 0, case.name)

    def test_ctl_read_back(self):
        """no two writes to CTL without a read between them"""
        for case in Case.cases:
            last = None
            for access in accesses.get(case.node, []):
                self.assertFalse(access.register == "CTL" and access.write and last == "CTL",
                                 case.name)
                last = "CTL" if access.register == "CTL" and access.write else None

    def test_polarity_at_rest(self):
        """the polarity is kept in every state, the block disabled at the end"""
        for case in OUTPUTS:
            pola = sum(wave.POLA << (8 * o) for o in case.outputs
                       if case.strips[o].get("inverted"))
            ctl = [a.value for a in accesses[case.node] if a.write and a.register == "CTL"]
            self.assertEqual({c & 0x1010 for c in ctl}, {pola}, case.name)
            self.assertEqual(ctl[-1] & 0x101, 0, case.name)

    def test_dmac(self):
        """DMA enabled, panic at 7, request at 15"""
        # 9.6 DMAC: ENAB bit 31, PANIC bits 15:8, DREQ bits 7:0
        for case in PLAIN:
            self.assertEqual(registers(case.node).get("DMAC"), 1 << 31 | 7 << 8 | 15, case.name)
            self.assertEqual(registers(case.node).get("RNG1"), 32, case.name)
            self.assertEqual(registers(case.node).get("RNG2"), 32, case.name)

    def test_real_block(self):
        """at its real address: the address is proven, registers, clock and pins are set"""
        text = section("real")
        # what QEMU has there is RAM, which the DMA engine reaches by its physical address only
        self.assertIn("address physical", text)
        self.assertIn("ended 1 errors 0", text)
        value = {int(a, 16): int(v, 16) for a, v in re.findall(r"^(0x3f\w+) (0x\w+)$", text, re.M)}
        self.assertEqual(value[0x3F20C000], wave.PWEN | wave.MODE | wave.USEF)
        self.assertEqual(value[0x3F20C008], 1 << 31 | 7 << 8 | 15)
        self.assertEqual((value[0x3F20C010], value[0x3F20C020]), (32, 32))
        self.assertEqual(value[0x3F20C024], 0, "the word of the proof is left in DAT2")
        # 3.2 MHz: four symbols a bit of 1.25 us
        self.assertEqual(wave.clock_hz(value[0x3F1010A0], value[0x3F1010A4]), 3200000)
        # 6.1 GPFSEL1: three bits a pin from GPIO 10, ALT5 is 2
        self.assertEqual([value[0x3F200004] >> 3 * (p - 10) & 7 for p in (18, 19)], [2, 2])
        self.assertIn("ctl 0x00000000 clock 0", section("released block"))

    def test_check(self):
        """scripts/pi-check finds all right but the time, which a transfer does not take in QEMU"""
        text = section("check")
        failed = re.findall(r"^FAIL +(\S+ \S+ \S+)", text, re.M)
        # they are over at once, or late on a busy host
        self.assertLessEqual(set(failed), {"not faster than", "the shortest transfer", "at most 2",
                                           "the FIFO ran"}, text)
        self.assertGreater(len(re.findall("^ok ", text, re.M)), 10)
        self.assertIn(f"exit {int(bool(failed))}", text)

    def test_check_beside(self):
        """scripts/pi-check sends nothing while another program has the device open, and says so"""
        text = section("check beside")
        self.assertIn("exit 2", text)
        self.assertIn("another program has /dev/diuna open", text)
        self.assertNotIn("frames in", text)

    def test_bus_address(self):
        """where a register is at its bus address for the DMA engine, that is found out"""
        self.assertIn("address bus", section("proof"))

    def test_no_proof(self):
        """when the first proof of the address does not end there is no second one"""
        self.assertIn("DMA to the bus address of the PWM does not end", section("no proof"))
        self.assertIn("error -110", section("no proof"))

    def test_overflow(self):
        """an overflow of the FIFO fails the frame and is counted, and the line says what to lower"""
        text = section("overflow")
        # its own frame, and nothing before it
        self.assertIn("ended 1 errors 1\noverflows 1\n", text)
        self.assertIn("set diuna,dreq-threshold below 15", text)

    def test_parent(self):
        """the clock keeps the parent of the device tree, as nearly as that goes, for two controllers"""
        text = section("parent")
        # 3.2 MHz are 19.2 MHz / 6 and 500 MHz / 156.25; 1/160000 more, only the latter
        self.assertIn("one plld_per 3200020\n/dev/diuna\n/dev/diuna1\ntwo plld_per 3200020", text)

    def test_other_parent(self):
        """a parent that cannot be kept is told, and the clock is right in spite of it"""
        text = section("other parent")
        self.assertIn("other osc 3200000", text)
        self.assertIn("takes 3200000 Hz from 19200000 Hz, not from", text)

    def test_two_rates(self):
        """another rate of the same clock is refused, also while the clock stands; the first one goes on"""
        text = section("half rate")
        self.assertIn("in use at another rate", text)
        self.assertIn("ended 3 errors 0\nstill plld_per 3200020\n"
                      "refused\nended 3 errors 0\nasleep plld_per 3200020\n"
                      "clock 0\nthen osc 1600000", text)

    def test_taken(self):
        """registers that are another's are refused, and the line names what may have them"""
        self.assertIn("they are in use: remove other overlays with pwm in their name", section("taken"))

    def test_clock_fails(self):
        """a clock that does not start fails the probe or the frame, and is used again when it does"""
        text = section("clock fails")
        self.assertEqual(re.findall(r"refused|failed \d|clock \d|ended .*", text),
                         ["refused", "failed 1", "clock 0"] * 2)
        self.assertEqual(re.findall(r"clock \d|ended .*", section("clock fails later")),
                         ["ended 1 errors 1", "ended 1 errors 0", "clock 0"])

    def test_clock_lies(self):
        """a clock that is too slow, or whose edges are too far off, is refused with its rate"""
        text = section("clock lies")
        self.assertEqual(re.findall(r"refused|clock \d", text), ["refused", "clock 0"] * 2)
        # 333.3 ns a symbol: a 1 of WS2812B, 3 symbols, is high for 1000 ns, at most 950
        self.assertIn("runs at 3000000 Hz, not 3200000", text)
        # 19.2 MHz / (6 + 1/4096): now and then 7 periods of 52.083 ns instead of 6; the margin
        # of WS2812B is 950 - 3 * 312.5 = 12.5 ns
        self.assertIn("up to 52083 ps off, of which the strips' chips accept 12500", text)

    def test_running(self):
        """a block that something else has running is refused"""
        self.assertIn("something else has the PWM running", section("running"))


class Trouble(BoardTest):
    """What goes wrong, and what comes between."""

    def test_held(self):
        """a transfer that does not end: EAGAIN, the time-out, and the next one goes out right"""
        text = section("held")
        # one in flight, one next
        self.assertIn("taken 2 then EAGAIN\nroom 0\n", text)
        self.assertIn("record 1 status -110 lost 0\nrecord 2 status 0 lost 0", text)
        got = transfers(HELD.node)
        self.assertEqual([self.pixels(HELD, words) for words in got],
                         [HELD.black(), HELD.frame(1), HELD.black()])
        ctl = [a.value for a in accesses[HELD.node] if a.write and a.register == "CTL"]
        # set up, enabled; after the time-out again; disabled
        self.assertEqual([c & 0x41 for c in ctl], [0x40, 1, 0x40, 1, 0], "not set up anew")

    def test_audio(self):
        """the PWM is refused while the VideoCore plays the audio jack with it, by parameter or node"""
        node = make_board([], REAL + AUDIO)
        none = make_board([], REAL)
        parameter = "snd_bcm2835.enable_headphones="
        for board, words, refused in ((node, "", True),
                                      (none, f"{parameter}0 {parameter}1", True),
                                      (node, f"{parameter}1 {parameter}0", False)):
            text = board.boot(AUDIO_SCRIPT, append=words)
            self.assertEqual("dtparam=audio=off" in text, refused, words)
            self.assertEqual("bound\nsilent" in text, not refused, words)

    def test_released(self):
        """the interrupt at a transfer's end starts the next one, and nothing is allocated for it"""
        self.assertIn("record 1 status 0 lost 0\nrecord 2 status 0 lost 0", section("released"))
        # longer on its way than on the wire: the FIFO ran dry, or so it looks
        # 4.2.1.2 and 4.2.1.3: TI has the request line in PERMAP (20:16), SRC_INC (8), DEST_DREQ (6),
        # WAIT_RESP (3), INTEN (0); the engine wrote to the FIFO at its bus address
        dma = re.findall(r"dma ti (0x\w+) dest (0x\w+)", section("released"))
        self.assertEqual([(int(ti, 16) & 0x1F0149, int(dest, 16)) for ti, dest in dma],
                         [(5 << 16 | 1 << 8 | 1 << 6 | 1 << 3 | 1, RELEASED.address + 0x18)])
        self.assertRegex(section("released"), r"slow [1-9]")
        self.assertEqual([self.pixels(RELEASED, words) for words in transfers(RELEASED.node)],
                         [RELEASED.black(), RELEASED.frame(0), RELEASED.frame(1),
                          RELEASED.black()])
        # "task-1 [000] ..s.. 1.234: event: text"
        events = re.findall(r"^.*\[(\d+)\] \S+ +[\d.]+: (\w+): (.*)$", section("trace"), re.M)
        at = next((i for i, (_, event, text) in enumerate(events)
                   if event == "diuna_start" and "seq=2 " in text + " "), None)
        self.assertIsNotNone(at, "no start of the second frame in the trace")
        since = []
        for cpu, event, text in reversed(events[:at]):
            if cpu == events[at][0]:
                since.insert(0, event)
                if event.startswith("softirq_"):
                    break
        self.assertEqual(since, ["softirq_entry"])
        self.assertIn("action=TASKLET", text)

    def test_slow_return(self):
        """no descriptor is submitted again before its callback has returned"""
        # a submission too early breaks the DMA driver's lists, and the kernel stops there
        self.assertIn(f"ended {SLOW.count} ", section("slow"))
        self.assertRegex(section("slow return"), r"\d+ returns, missed 0")
        known = [SLOW.black()] + [SLOW.frame(i) for i in range(SLOW.count)]
        for words in transfers(SLOW.node):
            self.assertIn(self.pixels(SLOW, words), known)

    def test_suspend(self):
        """black when the system is suspended, the last frame when it resumes"""
        self.assertIn("slept", section("suspend"))
        self.assertEqual([self.pixels(SUSPEND, words) for words in transfers(SUSPEND.node)],
                         [SUSPEND.black(), SUSPEND.frame(0), SUSPEND.black(), SUSPEND.frame(0),
                          SUSPEND.black()])
        ctl = [a.value for a in accesses[SUSPEND.node] if a.write and a.register == "CTL"]
        # the registers may be as after power-on: set up, enabled; the same again; disabled
        self.assertEqual([c & 0x41 for c in ctl], [0x40, 1, 0x40, 1, 0])

    def test_shutdown(self):
        """black and the block off when the system is shut down"""
        self.assertEqual([self.pixels(SHUTDOWN, words) for words in transfers(SHUTDOWN.node)],
                         [SHUTDOWN.black(), SHUTDOWN.frame(0), SHUTDOWN.black()])
        ctl = [a.value for a in accesses[SHUTDOWN.node] if a.write and a.register == "CTL"]
        self.assertEqual(ctl[-1], 0)

    def test_sleep(self):
        """the clock stops when nothing is sent; who sends the next frame does not wait, and it is right"""
        lines = section("sleep").splitlines()
        self.assertEqual([line for line in lines if "clock" in line],
                         ["active clock 1", "suspended clock 0", "clock 0"])
        self.assertIn("sleeps 0\nended 1 errors 0", section("sleep"))
        ctl = [a.value for a in accesses[SLEEP.node] if a.write and a.register == "CTL"]
        # set up, enabled; disabled
        self.assertEqual([c & 0x41 for c in ctl], [0x40, 1, 0])
        self.assertEqual([self.pixels(SLEEP, words) for words in transfers(SLEEP.node)],
                         [SLEEP.black(), SLEEP.frame(0), SLEEP.frame(0), SLEEP.black()])

    def test_wrong(self):
        """what cannot work is refused with a line that names it, the block untouched"""
        for case, message in WRONG:
            with self.subTest(case.name):
                text = section(case.node)
                self.assertIn("refused", text)
                self.assertIn(message, text)
                self.assertNotIn("FIF1", {a.register for a in accesses.get(case.node, [])})

    def test_bind(self):
        """bound and unbound 50 times, and unloaded 50 times, while a writer is running"""
        self.assertIn(f"bound {BINDS}", section("bind"))
        self.assertIn(f"loaded {BINDS}", section("load"))
        for case in (BIND, LOAD):
            got = transfers(case.node)
            self.assertGreaterEqual(len(got), 2 * BINDS)
            known = [case.black()] + [case.frame(i) for i in range(case.count)]
            # what was sent often is read once
            for words in set(map(tuple, got)):
                self.assertEqual(len(words), case.words())
                self.assertIn(self.pixels(case, words), known)

    def test_log(self):
        """the kernel has nothing to complain about"""
        self.assertEqual(section("log").splitlines()[0], "nothing")
        if DEEP:
            # what checks locks and DMA was not switched off by a finding, nor for want of memory
            self.assertRegex(section("debug"), r"debug_locks: +1\n")
            self.assertIn("disabled:N\nerror_count:0", section("debug"))


if __name__ == "__main__":
    unittest.main()
