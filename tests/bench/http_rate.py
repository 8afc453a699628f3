#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""GET zones and PUT color against a bare libmicrohttpd handler that returns the same bytes.

Both are measured in turns in the same run, so that other work of the machine
meets both. Prints requests a second and their ratios; nothing is asserted.
Goals: GET at least 90 %, PUT at least 40 %.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
import daemon as station  # noqa: E402

CONNECTIONS = 16
CONFIG = {
    "outputs": [{"name": "main", "type": "virtual", "channels": [{"pixels": 300}]}],
    "zones": [{"id": f"Z{i}", "output": "main", "first": 30 * i, "count": 30}
              for i in range(10)],
    "http": {"port": 0},
}
BODY = json.dumps({"color": {"mode": "HUE", "hue": 240}})
PUT = f"""wrk.method = "PUT"
wrk.body = '{BODY}'
wrk.headers["Content-Type"] = "application/json"
"""


def rate(port, path, seconds, script=None):
    """Requests a second that wrk counts; none may fail."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    if script:
        command += ["-s", script]
    command += ["-H", "Host: localhost", f"http://127.0.0.1:{port}{path}"]
    text = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    if "Non-2xx" in text:
        sys.exit(text)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diunad", default=station.DIUNAD)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    station.DIUNAD = arguments.diunad
    with tempfile.TemporaryDirectory() as folder:
        bare = os.path.join(folder, "bare")
        subprocess.run([os.environ.get("CC", "gcc"), "-O2", "-o", bare,
                        os.path.join(ROOT, "tests", "bench", "bare.c"), "-lmicrohttpd"],
                       check=True)
        daemon = station.Daemon(CONFIG, preview=False).ready()
        zones = json.dumps(daemon.get("/zones"), separators=(",", ":"), ensure_ascii=False)
        process = subprocess.Popen([bare], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(zones.encode())
        process.stdin.close()
        port = int(process.stdout.readline())
        script = os.path.join(folder, "put.lua")
        with open(script, "w", encoding="ascii") as out:
            out.write(PUT)
        for name, path, script, goal in (("GET zones", "/api/v1/zones", None, 90),
                                         ("PUT color", "/api/v1/zones/Z1/color", script, 40)):
            ours, theirs = [], []
            for _ in range(arguments.rounds):
                theirs.append(rate(port, path, arguments.seconds, script))
                ours.append(rate(daemon.port, path, arguments.seconds, script))
            ours, theirs = sorted(ours)[len(ours) // 2], sorted(theirs)[len(theirs) // 2]
            print(f"http: {name}: diunad {ours:.0f}/s, bare {theirs:.0f}/s: "
                  f"{ours / theirs:.0%} (goal: at least {goal} %)")
        process.kill()
        process.wait()
        daemon.stop()
        daemon.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
