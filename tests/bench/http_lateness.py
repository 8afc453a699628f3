#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How late frames start while 50 HTTP clients read and write.

Runs diunad with a moving strip in memory at 60 fps and, at the same time, a
control process that does nothing but sleep to a 60 Hz grid. Prints the
lateness of both and the ratio of the 99.9th percentiles. Nothing is asserted:
on a machine with other work the figures are noise.
"""

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLIENTS = 50
PER_SECOND = 10     # requests of each client
GOAL = 1.5          # the daemon's 99.9th percentile by the control's

CONFIG = {
    "outputs": [{"name": "main", "type": "virtual", "channels": [{"pixels": 1000}]}],
    "zones": [{"id": f"Z{i}", "output": "main", "first": 125 * i, "count": 125,
               "start": {"animation": {"id": "RAINBOW"}}} for i in range(8)],
    "http": {"port": 0},
}


def start_daemon(diunad, folder):
    """The process and its port."""
    path = os.path.join(folder, "config.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(CONFIG, out)
    daemon = subprocess.Popen([diunad, "--config", path], stderr=subprocess.PIPE, text=True)
    for line in daemon.stderr:
        ready = re.search(r"ready: http://127\.0\.0\.1:(\d+)", line)
        if ready:
            # what follows is of no interest but has to go somewhere
            threading.Thread(target=daemon.stderr.read, daemon=True).start()
            return daemon, int(ready[1])
    sys.exit("diunad did not start")


def client(number, port, end, counts):
    """Reads and writes in turn until the end; one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    randomness = random.Random(number)
    step = 0
    while time.monotonic() < end:
        zone = f"/api/v1/zones/Z{randomness.randrange(8)}"
        if step % 2:
            connection.request("GET", "/api/v1/zones")
        elif step % 4:
            connection.request("PUT", zone + "/brightness",
                               json.dumps({"brightness": randomness.randrange(101)}),
                               {"Content-Type": "application/json"})
        else:
            connection.request("PUT", zone + "/animation/parameters",
                               json.dumps({"parameters": {"speed": randomness.randint(1, 100)}}),
                               {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        counts[response.status] = counts.get(response.status, 0) + 1
        step += 1
        time.sleep(randomness.uniform(0, 2 / PER_SECOND))
    connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diunad", default=os.path.join(ROOT, "build", "release", "diunad"))
    parser.add_argument("--seconds", type=int, default=60)
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp()
    daemon = control = None
    try:
        timer = os.path.join(folder, "timer")
        subprocess.run([os.environ.get("CC", "gcc"), "-std=gnu11", "-D_GNU_SOURCE", "-O2",
                        f"-I{ROOT}/daemon", "-o", timer, f"{ROOT}/tests/bench/timer.c",
                        f"{ROOT}/daemon/core/metrics.c", f"{ROOT}/daemon/base/clock.c"],
                       check=True)
        daemon, port = start_daemon(arguments.diunad, folder)
        control = subprocess.Popen([timer], stdout=subprocess.PIPE, text=True)
        counts = [{} for _ in range(CLIENTS)]
        end = time.monotonic() + arguments.seconds
        threads = [threading.Thread(target=client, args=(i, port, end, counts[i]))
                   for i in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/api/v1/system/health")
        frames = json.loads(connection.getresponse().read())["frames"]
        connection.close()
        control.send_signal(signal.SIGTERM)
        figures = [int(word) for word in control.communicate()[0].split()]
    finally:
        for process in (daemon, control):
            if process and process.poll() is None:
                process.terminate()
                process.wait()
        shutil.rmtree(folder)

    answers = {}
    for count in counts:
        for status, number in count.items():
            answers[status] = answers.get(status, 0) + number
    total = sum(answers.values())
    print(f"http_lateness: {CLIENTS} clients, {total / arguments.seconds:.0f} requests/s, "
          f"answers {answers}")
    ours = [frames[key] for key in
            ("started", "late_p50_ns", "late_p99_ns", "late_p999_ns", "late_max_ns")]
    for name, row in (("diunad", ours), ("control", figures)):
        print(f"  {name:8} {row[0]} frames, late in µs: p50 {row[1] / 1000:.0f}, "
              f"p99 {row[2] / 1000:.0f}, p99.9 {row[3] / 1000:.0f}, max {row[4] / 1000:.0f}")
    print(f"  ratio of p99.9: {ours[3] / figures[3]:.2f} (goal: at most {GOAL})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
