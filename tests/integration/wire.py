#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""From an HTTP call to the wire: diunad drives the real module in a virtual
machine, curl asks from outside, and the symbols that the module sent are read
back and decoded by tests/lib/wiredecode.py, which knows the chips' datasheets
and nothing of the encoder. Two channels as in the origin station: BRG on
WS2811, 51 pixels, and GRB on WS2812B, 68 pixels. Prints TAP.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(PROJECT, "tests/lib"))
import wiredecode  # noqa: E402

PIXELS = [51, 68]
ORDERS = ["BRG", "GRB"]
CHIPS = ["ws2811", "ws2812b"]
# Zones as in wire.json: channel, first, count
ZONES = {"FLOOR": (0, 0, 18), "CIRCLE": (0, 18, 14), "LAMP": (0, 32, 19), "PIXEL": (1, 0, 60)}
BLACK = (0, 0, 0)
# Long, since emulated machines on a busy host are slow; nothing is judged by time.
WAIT_S = 60
BOOT_S = 240


class Failure(Exception):
    """A test's expectation that did not come true."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Machine:
    """The virtual machine with diunad in it, and how to talk to both."""

    def __init__(self):
        self.http, self.control_port = free_port(), free_port()
        self.output = open(os.path.join(PROJECT, "build/wire-machine.log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [
                os.path.join(PROJECT, "scripts/vm"), "--timeout", "560", "--module",
                "--parameters", "sim=2 sim_pixels=51,68 sim_order=BRG,GRB "
                "sim_chip=ws2811,ws2812b sim_history=256",
                "--forward", f"{self.http}:8081", "--forward", f"{self.control_port}:8082",
                "--", os.path.join(HERE, "wire-guest"),
            ],
            stdout=self.output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )

    def control(self, line):
        with socket.create_connection(("127.0.0.1", self.control_port), timeout=WAIT_S) as s:
            s.sendall(line.encode() + b"\n")
            s.shutdown(socket.SHUT_WR)
            data = b""
            while chunk := s.recv(65536):
                data += chunk
        return data.decode()

    def curl(self, method, path, body=None):
        """Returns the status and the answer's text."""
        command = ["curl", "-s", "--max-time", "20", "-X", method, "-w", "\n%{http_code}",
                   f"http://127.0.0.1:{self.http}/api/v1{path}"]
        if body is not None:
            command += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        text, _, status = done.stdout.rpartition("\n")
        return int(status), text

    def put(self, path, body, method="PUT"):
        status, text = self.curl(method, path, body)
        if status != 204:
            raise Failure(f"{method} {path} {body}: {status} {text}")

    def get(self, path):
        status, text = self.curl("GET", path)
        if status != 200:
            raise Failure(f"GET {path}: {status} {text}")
        return json.loads(text)

    def frames(self, what="history"):
        """All frames still known, as (seq, [pixels of each channel]); each must be in spec."""
        history = wiredecode.parse_history(self.control(what))
        result = []
        for transfer, strips in wiredecode.decode(history, ORDERS, CHIPS, PIXELS):
            for channel, strip in enumerate(strips):
                if transfer.seq and strip.errors:
                    raise Failure(f"frame {transfer.seq} channel {channel}: {strip.errors[:3]}")
            result.append((transfer.seq, [strip.pixels for strip in strips]))
        return result

    def wait_for(self, what, wanted, question, limit_s=WAIT_S):
        """Ask until the answer is wanted, at most limit_s."""
        deadline = time.monotonic() + limit_s
        while True:
            answer = question()
            if wanted(answer):
                return answer
            if time.monotonic() > deadline:
                raise Failure(f"not within {limit_s} s: {what}; last: {str(answer)[:600]}")
            time.sleep(0.1)

    def aisle(self, device, colour):
        """Wait for the last frame of a device to be the second output's, in one colour."""
        expected = [[BLACK] * PIXELS[0], [colour] * PIXELS[1]]
        self.wait_for(f"{colour} on {device}", lambda last: last == expected,
                      lambda: self.frames("symbols " + device)[-1][1])

    def second(self):
        """What health says of the second output."""
        return self.get("/system/health")["outputs"][1]

    def shows(self, picture):
        """Wait for the last frame to be a whole picture {zone: colour}."""
        expected = whole(picture)
        self.wait_for(f"{picture} on the wire", lambda last: last == expected,
                      lambda: self.frames("symbols")[-1][1])


def lit(channel, colour):
    """Light by wire.json: channel 2 has gamma 2, and half of blue; what is on stays at least 1."""
    if channel == 0:
        return colour
    return tuple(max(v > 0, round(full * (v / 255) ** 2)) for v, full in zip(colour, (255, 255, 128)))


def whole(picture):
    channels = [[BLACK] * n for n in PIXELS]
    for zone, colour in picture.items():
        channel, first, count = ZONES[zone]
        channels[channel][first:first + count] = [lit(channel, colour)] * count
    return channels


def zone_of(channels, zone):
    channel, first, count = ZONES[zone]
    return channels[channel][first:first + count]


# The picture that wire.json starts with; hue 120 is pure green.
START = {"FLOOR": (16, 32, 48), "CIRCLE": (255, 0, 1), "PIXEL": (0, 255, 0)}


def starts(m):
    """the module sends the picture of the configuration on both channels"""
    m.wait_for("HTTP", lambda s: s == 200, lambda: m.curl("GET", "/system/health")[0]
               if m.process.poll() is None else 200, BOOT_S)
    m.shows(START)


def unprivileged(m):
    """diunad runs as an unprivileged user in group leds without capabilities"""
    status = dict(line.split(":\t", 1) for line in m.control("status").splitlines() if ":\t" in line)
    if status["Uid"].split()[0] == "0" or int(status["CapEff"], 16) or int(status["CapBnd"], 16):
        raise Failure(f"Uid {status['Uid']} CapEff {status['CapEff']}")


def hue(m):
    """a HUE put by curl is the colour on the wire, on its zone only"""
    m.put("/zones/FLOOR/color", {"color": {"mode": "HUE", "hue": 240}})
    m.shows({**START, "FLOOR": (0, 0, 255)})


def preset(m):
    """a PRESET put by curl is the colour on the wire"""
    # warm_white is 255, 200, 150 by the original system's table
    m.put("/zones/circle/color", {"color": {"mode": "PRESET", "preset_name": "warm_white"}})
    m.shows({**START, "FLOOR": (0, 0, 255), "CIRCLE": (255, 200, 150)})


def rgb(m):
    """an RGB put by curl is the colour on the wire of the second channel, by its gamma and balance"""
    m.put("/zones/PIXEL/color", {"color": {"mode": "RGB", "rgb": [1, 127, 254]}})
    m.shows({"FLOOR": (0, 0, 255), "CIRCLE": (255, 200, 150), "PIXEL": (1, 127, 254)})


def brightness(m):
    """brightness scales what is on the wire"""
    # 50 % is level 127.5, rounded 128; 255, 200, 150 times 128/255, rounded
    m.put("/zones/CIRCLE/brightness", {"brightness": 50})
    m.shows({"FLOOR": (0, 0, 255), "CIRCLE": (128, 100, 75), "PIXEL": (1, 127, 254)})
    m.put("/zones/CIRCLE/brightness", {"brightness": 100})


def power(m):
    """is-on false darkens the zone, true brings its colour back"""
    m.put("/zones/CIRCLE/is-on", {"is_on": False})
    m.shows({"FLOOR": (0, 0, 255), "PIXEL": (1, 127, 254)})
    m.put("/zones/CIRCLE/is-on", {"is_on": True})
    m.shows({"FLOOR": (0, 0, 255), "CIRCLE": (255, 200, 150), "PIXEL": (1, 127, 254)})


def bad_input(m):
    """bad input is refused and changes neither state nor light"""
    before = m.get("/zones"), m.frames("symbols")[-1][0]
    for path, body, wanted in [
        ("/zones/FLOOR/color", {"color": {"mode": "HUE", "hue": 361}}, 422),
        ("/zones/FLOOR/color", {"color": {"mode": "RGB", "rgb": [1, 2]}}, 422),
        ("/zones/FLOOR/brightness", {"brightness": 101}, 422),
        ("/zones/NOWHERE/is-on", {"is_on": True}, 404),
    ]:
        status, text = m.curl("PUT", path, body)
        if status != wanted:
            raise Failure(f"{path} {body}: {status}, not {wanted}: {text}")
    after = m.get("/zones"), m.frames("symbols")[-1][0]
    if before != after:
        raise Failure(f"{before} became {after}")


def animation(m):
    """an animation moves its zone on the wire and nothing else"""
    m.put("/zones/PIXEL/animation", {"animation_id": "RAINBOW"})
    m.put("/zones/PIXEL/animation/parameters", {"parameters": {"speed": 80}})
    if m.get("/zones/PIXEL")["animation"]["parameters"]["speed"] != 80:
        raise Failure("speed was not taken")
    first = m.frames("symbols")[-1][0]
    moved = m.wait_for(
        "12 frames of the animation", lambda frames: len(frames) >= 12,
        lambda: [channels for seq, channels in m.frames() if seq > first],
    )
    if len({tuple(zone_of(channels, "PIXEL")) for channels in moved}) < 10:
        raise Failure("the animation's frames are alike")
    for channels in moved:
        if set(zone_of(channels, "FLOOR")) != {(0, 0, 255)} or \
                set(zone_of(channels, "CIRCLE")) != {(255, 200, 150)} or \
                set(channels[1][60:]) != {BLACK}:
            raise Failure("another zone moved")


def stop(m):
    """stopping the animation shows the zone's colour again"""
    m.put("/zones/PIXEL/animation/stop", None, "POST")
    m.shows({"FLOOR": (0, 0, 255), "CIRCLE": (255, 200, 150), "PIXEL": (1, 127, 254)})


def still(m):
    """with nothing moving no frame is sent"""
    first = m.frames("symbols")[-1][0]
    time.sleep(3)
    last = m.frames("symbols")[-1][0]
    if first != last:
        raise Failure(f"{last - first} frames of the same picture")


def foreign(m):
    """another writer's frame shows, diunad repaints afterwards, and health tells"""
    m.control("write 125")  # octal 125 is 85
    grey = [[lit(channel, (85, 85, 85))] * n for channel, n in enumerate(PIXELS)]
    m.shows({"FLOOR": (0, 0, 255), "CIRCLE": (255, 200, 150), "PIXEL": (1, 127, 254)})
    if grey not in [channels for _, channels in m.frames()]:
        raise Failure("the other writer's frame was never sent")
    if not m.get("/system/health")["outputs"][0]["frames"]["foreign"]:
        raise Failure("health says nothing of another writer")
    told = [e["text"] for e in m.get("/events?type=system")["events"] if e["kind"] == "foreign_writer"]
    if told != ["main"]:
        raise Failure(f"told of other writers was {told}")


def device_loss(m):
    """a device that goes is told by health, and gets its picture when it is back"""
    m.control("unbind")
    m.wait_for("degraded health", lambda h: h["status"] == "degraded", lambda: m.get("/system/health"))
    m.put("/zones/FLOOR/color", {"color": {"mode": "RGB", "rgb": [9, 8, 7]}})
    m.control("bind")
    m.shows({"FLOOR": (9, 8, 7), "CIRCLE": (255, 200, 150), "PIXEL": (1, 127, 254)})
    m.wait_for("healthy again", lambda h: h["status"] == "healthy", lambda: m.get("/system/health"))


def label(m):
    """an output bound by a label shows on the device that has it, and not on the other"""
    m.aisle("diuna1", (7, 8, 9))
    m.put("/zones/AISLE/color", {"color": {"mode": "RGB", "rgb": [1, 2, 3]}})
    m.aisle("diuna1", (1, 2, 3))
    m.shows({"FLOOR": (9, 8, 7), "CIRCLE": (255, 200, 150), "PIXEL": (1, 127, 254)})


def label_late(m):
    """a device that comes without its label is bound when it gets it"""
    m.control("unbind 1")
    m.wait_for("a lost device", lambda o: not o["present"], m.second)
    m.put("/zones/AISLE/color", {"color": {"mode": "RGB", "rgb": [4, 5, 6]}})
    m.control("bind 1")
    m.wait_for("no such device", lambda o: o.get("error") == "ENODEV", m.second)
    m.control("label diuna1 AISLE")
    m.aisle("diuna1", (4, 5, 6))
    m.wait_for("healthy again", lambda h: h["status"] == "healthy", lambda: m.get("/system/health"))


def label_twice(m):
    """of two devices with the same label neither is used, and the log names both once"""
    m.control("unbind 1")
    m.control("label diuna AISLE")
    m.control("bind 1")
    m.control("label diuna1 AISLE")
    m.wait_for("two labels", lambda o: o.get("error") == "ENOTUNIQ", m.second)
    m.control("label diuna DOOR")
    m.aisle("diuna1", (4, 5, 6))
    told = re.findall("/dev/diuna and /dev/diuna1 both have a strip labelled", m.control("log"))
    if len(told) != 1:
        raise Failure(f"told {len(told)} times")


def calls_of_frames(m, zones):
    """How many system calls were traced, and how many frames were written to a device."""
    for zone in zones:
        m.put(f"/zones/{zone}/animation", {"animation_id": "RAINBOW"})
    # This machine's clock can only be read through the kernel, a computer's without it.
    calls = [call for call in re.findall(r"^\d+ +(\w+)\((\d*).*$", m.control("calls"), re.M)
             if call[0] != "clock_gettime"]
    for zone in zones:
        m.put(f"/zones/{zone}/animation/stop", None, "POST")
    frames = sum(name == "write" and int(fd or 0) > 2 for name, fd in calls)
    by_name = {}
    for name, _ in calls:
        by_name[name] = by_name.get(name, 0) + 1
    print(f"# {zones}: {len(calls)} calls, {frames} frames: {by_name}")
    # a busy host's machine is slow
    if frames < 10:
        raise Failure(f"only {frames} frames")
    return len(calls), frames


def calls(m):
    """a frame takes at most 8 system calls with one device, and 3 more with a second one"""
    # the first and the last frame are traced in part
    count, frames = calls_of_frames(m, ["FLOOR"])
    if count > 8 * (frames + 1):
        raise Failure(f"{count} calls for {frames} frames of one device")
    count, frames = calls_of_frames(m, ["FLOOR", "AISLE"])
    if count > 11 * (frames / 2 + 1):
        raise Failure(f"{count} calls for {frames} frames of two devices")


def ends(m):
    """SIGTERM fades out to black and ends with code 0"""
    first = m.frames("symbols")[-1][0]
    m.control("terminate")
    m.shows({})
    fade = [zone_of(channels, "CIRCLE")[0][0] for seq, channels in m.frames() if seq > first]
    if fade != sorted(fade, reverse=True) or not any(0 < v < 255 for v in fade):
        raise Failure(f"no fade: red of CIRCLE went {fade}")


TESTS = [starts, unprivileged, hue, preset, rgb, brightness, power, bad_input, animation, stop,
         still, foreign, device_loss, label, label_late, label_twice, calls, ends]


def main():
    os.makedirs(os.path.join(PROJECT, "build"), exist_ok=True)
    subprocess.run(["make", "-s", "-C", PROJECT, "all"], check=True, stdout=sys.stderr)
    machine = Machine()
    failed = 0
    print(f"1..{len(TESTS) + 1}", flush=True)
    for number, test in enumerate(TESTS, start=1):
        try:
            test(machine)
            print(f"ok {number} - {test.__doc__}", flush=True)
        except (Failure, wiredecode.FormatError, OSError, ValueError, KeyError) as error:
            failed += 1
            print(f"not ok {number} - {test.__doc__}\n# {type(error).__name__}: {error}", flush=True)
            if number == 1:
                break
    # Without an answer the machine's own time limit ends it.
    try:
        machine.control("over")
    except OSError:
        pass
    status = machine.process.wait()
    number = len(TESTS) + 1
    print(f"{'ok' if status == 0 else 'not ok'} {number} - diunad and the machine end well")
    if status or failed:
        machine.output.seek(0)
        print("".join("# " + line for line in machine.output.readlines()[-60:]))
    return 1 if status or failed else 0


if __name__ == "__main__":
    sys.exit(main())
