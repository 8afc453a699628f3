#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""100,000 pixels in 200 zones, and in as few as may be, on one core: the rate reached, what limits it, and the longest callback.

tests/bench/canvas.py [--seconds N] [--fps N] runs diunad with animations on strips
in memory, then asks it for what changes all zones at once. Callbacks are
measured in CPU time of the light loop's thread by tests/lib/callback_cpu.c, so
that what else the machine does counts little. Nothing is asserted.
"""

import argparse
import contextlib
import http.client
import json
import mmap
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PIXELS = 100000
OUTPUTS = 2
LARGEST = 13        # zones of nearly as many pixels as one may have, 8192
EMPTY = struct.pack("=4Q", 0, 0, 0, 0)


def configuration(zones, animations, fps):
    """Zones of one size on two strips, and groups of as many of them as one may have."""
    each = PIXELS // zones
    whole = {
        "outputs": [{"name": f"canvas{i}", "type": "virtual",
                     "channels": [{"pixels": (zones + 1) // OUTPUTS * each}]}
                    for i in range(OUTPUTS)],
        "zones": [{"id": f"Z{i}", "output": f"canvas{i % OUTPUTS}", "first": i // OUTPUTS * each,
                   "count": each,
                   "start": {"animation": {"id": animations[i % len(animations)]}}}
                  for i in range(zones)],
        "frames": {"fps": fps},
        "http": {"port": 0},
    }
    return whole


class Station:
    """A running diunad whose callbacks are measured."""

    def __init__(self, diunad, whole):
        self.folder = tempfile.TemporaryDirectory()
        self.config = self.path("config.json")
        self.write(whole)
        library = self.path("callback_cpu.so")
        subprocess.run([os.environ.get("CC", "gcc"), "-O2", "-shared", "-fPIC", "-o", library,
                        os.path.join(ROOT, "tests", "lib", "callback_cpu.c")], check=True)
        with open(self.path("figures"), "wb") as file:
            file.write(EMPTY)
        with open(self.path("figures"), "r+b") as file:
            self.figures = mmap.mmap(file.fileno(), len(EMPTY))
        with open(self.path("log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                ["taskset", "-c", "0", diunad, "--config", self.config,
                 "--state", self.path("state.json"), "--log", "terminal"], stdout=log, stderr=log,
                env={**os.environ, "LD_PRELOAD": library, "CALLBACK_CPU": self.path("figures")})
        found = None
        while not found:
            time.sleep(0.05)
            if self.process.poll() is not None:
                sys.exit("diunad ended:\n" + self.log())
            found = re.search(r"ready: http://[^ ]*:(\d+)\n", self.log())
        self.connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def log(self):
        with open(self.path("log"), encoding="utf-8") as file:
            return file.read()

    def write(self, whole):
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump(whole, file)

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self.connection.request(method, "/api/v1" + path,
                                None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 204):
            sys.exit(f"{method} {path}: {answer.status} {text}")
        return json.loads(text) if text else None

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @contextlib.contextmanager
    def callbacks(self):
        """What is told in the list it gives: callbacks, those over 1 ms, the longest, the sum."""
        self.figures[:] = EMPTY
        told = []
        yield told
        told += struct.unpack("=4Q", self.figures[:])

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def tell(what, told):
    print(f"canvas: {what}: the longest callback {told[2] / 1e6:.2f} ms of CPU, "
          f"{told[1]} of {told[0]} over 1 ms", flush=True)


def measure(diunad, zones, name, animations, arguments):
    station = Station(diunad, configuration(zones, animations, arguments.fps))
    try:
        time.sleep(3)  # the light has come up
        before = station.ask("GET", "/system/health")
        cpu = station.cpu()
        with station.callbacks() as told:
            time.sleep(arguments.seconds)
        after = station.ask("GET", "/system/health")
        cpu = (station.cpu() - cpu) / arguments.seconds
        rate = (after["outputs"][0]["frames"]["rendered"] -
                before["outputs"][0]["frames"]["rendered"]) / arguments.seconds
        print(f"canvas: {PIXELS} pixels in {zones} zones, {name}: {rate:.1f} frames/s of "
              f"{arguments.fps} asked, {100 * cpu:.0f} % of a core, {1e6 * cpu / rate:.0f} us CPU "
              f"a frame; a frame takes {after['frames']['time_p50_ns'] / 1e6:.2f} ms (p50), "
              f"{after['frames']['time_p99_ns'] / 1e6:.2f} ms (p99)")
        tell(name, told)
        if animations == ["RAINBOW"] and zones > 100:
            at_once(station, zones, arguments)
    finally:
        station.end()


def at_once(station, zones, arguments):
    """What changes all zones in one call, with the transition and the saving that follow."""
    calls = [("a scene is saved", "PUT", "/scenes/all", None),
             ("power is switched off", "POST", "/panel/power-toggle", None),
             ("power is switched on", "POST", "/panel/power-toggle", None),
             ("a preset is recalled on all zones", "POST", "/presets/mint/recall", None),
             ("the scene is recalled", "POST", "/scenes/all/recall", None)]
    for what, method, path, body in calls:
        with station.callbacks() as told:
            station.ask(method, path, body)
            time.sleep(2.5)  # the transition, and the state is saved
        tell(what, told)
    whole = configuration(zones, ["RAINBOW"], arguments.fps)
    for zone in whole["zones"]:
        zone["display_name"] = "another"
        zone["reversed"] = True
    station.write(whole)
    with station.callbacks() as told:
        station.process.send_signal(signal.SIGHUP)
        time.sleep(2.5)
    tell("all zones have another place by SIGHUP", told)
    with station.callbacks() as told:
        time.sleep(1)
        station.process.send_signal(signal.SIGSTOP)
        time.sleep(3)
        station.process.send_signal(signal.SIGCONT)
        time.sleep(2)
    tell("stopped for 3 s and continued", told)


def effects(diunad):
    """All that there are, as they stand in the table."""
    text = open(os.path.join(ROOT, "daemon", "engine", "effects", "list.def"),
                encoding="utf-8").read()
    names = [name.upper() for name in re.findall(r"^EFFECT\((\w+)\)", text, re.M)]
    return [name for name in names if name != "SOLID" and known(diunad, name)]


def known(diunad, name):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"outputs": [{"name": "a", "type": "virtual", "channels": [{"pixels": 1}]}],
                   "zones": [{"id": "A", "output": "a", "first": 0, "count": 1,
                              "start": {"animation": {"id": name}}}]}, file)
        file.flush()
        return subprocess.run([diunad, "--check", file.name], check=False,
                              capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diunad", default=os.path.join(ROOT, "build", "release", "diunad"))
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--fps", type=int, default=240)
    arguments = parser.parse_args()
    for zones, name, animations in (
            (200, "RAINBOW", ["RAINBOW"]), (200, "all effects", effects(arguments.diunad)),
            (LARGEST, "RAINBOW", ["RAINBOW"]), (LARGEST, "FIRE", ["FIRE"])):
        measure(arguments.diunad, zones, name, animations, arguments)


if __name__ == "__main__":
    main()
