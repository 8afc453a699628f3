#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""200 WebSocket clients that look at 300 pixels 30 times a second.

Prints how many pictures came, what CPU time the daemon's two threads took, and
the lateness of frames with and without the clients. Nothing is asserted: on a
machine with other work the figures are noise.
"""

import argparse
import os
import selectors
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
import daemon as station  # noqa: E402
from websocket import WebSocket  # noqa: E402

CONFIG = {
    "outputs": [{"name": "main", "type": "virtual", "channels": [{"pixels": 300}]}],
    "zones": [{"id": "ALL", "output": "main", "first": 0, "count": 300,
               "start": {"animation": {"id": "RAINBOW"}}}],
    "http": {"port": 0},
}


def cpu(daemon, name):
    """Seconds of CPU time of a thread."""
    path = f"/proc/{daemon.process.pid}/task/{daemon.thread(name)}/stat"
    with open(path, encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def late(daemon):
    frames = daemon.get("/system/health")["frames"]
    return f"p50 {frames['late_p50_ns'] / 1000:.0f}, p99 {frames['late_p99_ns'] / 1000:.0f} µs"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diunad", default=station.DIUNAD)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--clients", type=int, default=200)
    arguments = parser.parse_args()
    station.DIUNAD = arguments.diunad
    with tempfile.TemporaryDirectory():
        daemon = station.Daemon(CONFIG, preview=False).ready()
        time.sleep(arguments.seconds / 2)
        print(f"live: without clients late {late(daemon)}")
        clients = []
        selector = selectors.DefaultSelector()
        for _ in range(arguments.clients):
            client = WebSocket(daemon.port, "/api/v1/live?topics=")
            client.say({"type": "preview", "fps": 30, "zones": ["ALL"]})
            client.socket.setblocking(False)
            selector.register(client.socket, selectors.EVENT_READ)
            clients.append(client)
        received = 0
        api, light = cpu(daemon, "diuna-api"), cpu(daemon, "diunad")
        began = time.monotonic()
        while time.monotonic() < began + arguments.seconds:
            for key, _ in selector.select(1):
                received += len(key.fileobj.recv(1 << 16))
        seconds = time.monotonic() - began
        # a frame is 4 bytes of WebSocket, 12 of picture and 3 for each pixel
        pictures = received / (4 + 12 + 900)
        print(f"  {arguments.clients} clients, 30 a second: {pictures / seconds:.0f} pictures/s of "
              f"{30 * arguments.clients}")
        print(f"  CPU: api {(cpu(daemon, 'diuna-api') - api) / seconds:.1%}, "
              f"light {(cpu(daemon, 'diunad') - light) / seconds:.1%} of a core")
        print(f"  with clients late {late(daemon)} (since the start)")
        for client in clients:
            client.close()
        daemon.stop()
        daemon.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
