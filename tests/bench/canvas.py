#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""100,000 pixels in 200 zones, and in one, on one core: the rate reached, and what limits it.

tests/bench/canvas.py [--seconds N] [--fps N] runs diunad with all animations on
a strip in memory and tells its own figures. Nothing is asserted: times depend on
what else the machine does.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PIXELS = 100000


def get(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}", timeout=10) as answer:
        return json.load(answer)


def measure(diunad, zones, animations, fps, seconds):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "config.json")
        config = {
            "outputs": [{"name": "canvas", "type": "virtual",
                         "channels": [{"pixels": PIXELS}]}],
            "zones": [{"id": f"Z{i}", "output": "canvas", "first": i * (PIXELS // zones),
                       "count": PIXELS // zones,
                       "start": {"animation": {"id": animations[i % len(animations)]}}}
                      for i in range(zones)],
            "frames": {"fps": fps},
            "http": {"port": 0},
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)
        log = os.path.join(folder, "log")
        with open(log, "w", encoding="utf-8") as file:
            daemon = subprocess.Popen(
                ["taskset", "-c", "0", diunad, "--config", path, "--state", "none", "--log",
                 "terminal"], stdout=file, stderr=file)
        try:
            port = None
            while port is None:
                with open(log, encoding="utf-8") as file:
                    found = re.search(r"ready: http://[^ ]*:(\d+)\n", file.read())
                port = found and int(found.group(1))
                if daemon.poll() is not None:
                    sys.exit("diunad ended")
                time.sleep(0.05)
            before = get(port, "system/health")
            cpu = time_used(daemon.pid)
            time.sleep(seconds)
            after = get(port, "system/health")
            cpu = time_used(daemon.pid) - cpu
        finally:
            daemon.terminate()
            daemon.wait()
    frames = after["outputs"][0]["frames"]["rendered"] - before["outputs"][0]["frames"]["rendered"]
    return frames / seconds, cpu / seconds, after["frames"]


def time_used(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    every = effects(arguments.diunad)
    for zones, name, animations in ((200, "RAINBOW", ["RAINBOW"]), (200, "all effects", every),
                                    (1, "RAINBOW", ["RAINBOW"]), (1, "FIRE", ["FIRE"])):
        rate, cpu, frames = measure(arguments.diunad, zones, animations, arguments.fps,
                                    arguments.seconds)
        print(f"canvas: {PIXELS} pixels in {zones} zones, {name}: {rate:.1f} frames/s of "
              f"{arguments.fps} asked, {100 * cpu:.0f} % of a core, "
              f"{1e6 * cpu / rate:.0f} us CPU a frame; a frame takes "
              f"{frames['time_p50_ns'] / 1e6:.2f} ms (p50), {frames['time_p99_ns'] / 1e6:.2f} ms "
              f"(p99); callbacks over 1 ms: {frames['loop_stalls']}"
              + "".join(f"; {s['source']} {s['count']}, the longest {s['longest_ns'] / 1e6:.2f} ms"
                        for s in frames["stalled"]))


if __name__ == "__main__":
    main()
