#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""diunad as a service: runs as root in a machine whose first process is systemd.

tests/systemd/station.py MODULE STAGE puts in place what make install left in the
folder STAGE, loads MODULE with a simulated strip and speaks TAP. The tests follow each other: each finds what the
one before left.
"""

import grp
import http.client
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import unittest_tap  # noqa: E402

LIMIT = 180         # seconds after which something that should happen counts as missing
PIXELS = 30         # zone A has the first 10, zone B the rest
CONFIG = "/etc/diuna/diuna.json"
STATE = "/var/lib/diuna/state.json"
DEBUG = "/sys/kernel/debug/diuna/diuna"
SYSFS = "/sys/class/diuna/diuna"
UNIT = "/usr/local/lib/systemd/system/diunad.service"
DROP_IN = "/run/systemd/system/diunad.service.d/test.conf"
BLACK = bytes(3 * PIXELS)


def run(*command, code=0):
    """What a command prints; it must end with a code."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != code:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}")
    return done.stdout


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def configuration(**changes):
    whole = {
        "outputs": [{"name": "main", "type": "device", "path": "/dev/diuna"}],
        "zones": [
            {"id": "A", "output": "main", "first": 0, "count": 10,
             "start": {"color": {"mode": "RGB", "rgb": [255, 0, 0]}}},
            {"id": "B", "output": "main", "first": 10, "count": 20,
             "start": {"color": {"mode": "RGB", "rgb": [0, 0, 255]}}},
        ],
        "transitions": {"startup": {"ms": 0}, "mode": {"ms": 0}, "animation": {"ms": 0}, "scene": {"ms": 0}, "power": {"ms": 0}, "shutdown": {"ms": 600}},
    }
    whole.update(changes)
    write(CONFIG, json.dumps(whole))


def picture(a, b):
    return bytes(a) * 10 + bytes(b) * 20


def shown():
    """The frame that was submitted last, R, G, B by pixel."""
    with open(f"{DEBUG}/last_frame", "rb") as file:
        return file.read()


def frames():
    return int(read(f"{SYSFS}/frames"))


def service(key):
    return run("systemctl", "show", "-P", key, "diunad").strip()


def wait_for(what, question):
    """Asks until the answer is true."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {LIMIT} s: {what}\n" +
                         run("journalctl", "-u", "diunad", "-n", "40", "--no-pager"))


def ask(method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=LIMIT)
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body),
                       headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    if response.status not in (200, 204):
        raise AssertionError(f"{method} {path}: {response.status} {text}")
    return json.loads(text) if text else None


def journal(**fields):
    """Lines of the service with these fields, each a dictionary."""
    run("journalctl", "--sync")
    text = run("journalctl", "-b", "-o", "json", "--no-pager", "_SYSTEMD_UNIT=diunad.service",
               *(f"{key}={value}" for key, value in fields.items()))
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


class Station(unittest.TestCase):
    # in the order of their names
    def test_01_install(self):
        """make install puts everything in place, and the unit is in order"""
        run("cp", "-r", STAGE + "/.", "/")
        for path in (UNIT, CONFIG, "/usr/local/bin/diunad", "/usr/local/bin/diunactl",
                     "/usr/local/lib/udev/rules.d/60-diuna.rules",
                     "/usr/local/lib/sysusers.d/diuna.conf"):
            self.assertTrue(os.path.exists(path), path)
        self.assertNotIn("@", read(UNIT).replace("modprobe@diuna", "").replace("@system-service", "")
                         .replace("@privileged", "").replace("@resources", ""))
        # an unreadable manual page is no matter of the unit's
        run("systemd-analyze", "verify", "--man=no", UNIT)

    def test_02_exposure(self):
        """the service is exposed to at most 2.0 by systemd's measure"""
        # the threshold is given times ten
        text = run("systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager",
                   UNIT)
        print("# " + text.strip().splitlines()[-1].encode("ascii", "ignore").decode().strip())

    def test_03_groups(self):
        """the groups are made, and udev gives the device to group leds"""
        run("systemd-sysusers")
        run("udevadm", "control", "--reload")
        run("insmod", MODULE, "sim=1", f"sim_pixels={PIXELS}", "sim_history=256")
        run("udevadm", "settle")
        device = os.stat("/dev/diuna")
        self.assertEqual(grp.getgrgid(device.st_gid).gr_name, "leds")
        self.assertEqual(stat.S_IMODE(device.st_mode), 0o660)

    def test_04_ready(self):
        """started means that the first frame shows"""
        configuration()
        run("systemctl", "daemon-reload")
        run("systemctl", "start", "diunad")
        # 255, 0, 0 and 0, 0, 255 are the configuration's colours
        self.assertEqual(shown(), picture((255, 0, 0), (0, 0, 255)))
        self.assertEqual(service("ActiveState"), "active")
        self.assertIn("main shows", service("StatusText"))

    def test_05_unprivileged(self):
        """it is nobody in particular, can nothing, and has the device by its group"""
        pid = service("MainPID")
        status = dict(line.split(":\t", 1) for line in read(f"/proc/{pid}/status").splitlines()
                      if ":\t" in line)
        self.assertGreater(int(status["Uid"].split()[0]), 1000)
        self.assertGreater(int(status["Gid"].split()[0]), 1000)
        for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[key], 16), 0, key)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")            # a filter is in force
        self.assertIn(str(grp.getgrnam("leds").gr_gid), status["Groups"].split())
        opened = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        self.assertIn("/dev/diuna", opened)

    def test_06_light(self):
        """what a client asks for shows on the strip"""
        ask("PUT", "/zones/A/color", {"color": {"mode": "RGB", "rgb": [1, 2, 3]}})
        wait_for("the colour", lambda: shown() == picture((1, 2, 3), (0, 0, 255)))

    def test_07_journal(self):
        """the journal has our fields"""
        line = journal(DIUNA_CATEGORY="SYSTEM")[0]
        self.assertEqual(line["PRIORITY"], "6")             # info, as syslog(3) numbers them
        self.assertTrue([line for line in journal() if "ready" in line["MESSAGE"]])

    def test_08_reload(self):
        """a reload changes what may change, and frames go on"""
        ask("PUT", "/zones/B/animation", {"animation_id": "RAINBOW"})
        pid, errors = service("MainPID"), read(f"{SYSFS}/errors")
        before = frames()
        configuration(frames={"fps": 10})
        run("systemctl", "reload", "diunad")
        self.assertEqual(service("MainPID"), pid)
        self.assertEqual(service("ActiveState"), "active")
        self.assertTrue([line for line in journal(DIUNA_CATEGORY="CONFIG")
                         if "read again" in line["MESSAGE"]])
        after = frames()
        self.assertGreater(after, before)
        wait_for("more frames", lambda: frames() > after + 5)
        self.assertEqual(read(f"{SYSFS}/errors"), errors)

    def test_09_change_over_http(self):
        """what is changed over HTTP holds over a restart, though its files cannot be written"""
        before = read(CONFIG)
        ask("PATCH", "/config", {"config": {"frames": {"fps": 37}}})
        self.assertEqual(ask("GET", "/system/frames")["fps"], 37)
        self.assertEqual(service("ActiveState"), "active")
        run("systemctl", "restart", "diunad")
        self.assertEqual(ask("GET", "/system/frames")["fps"], 37)
        self.assertEqual(ask("GET", "/config")["own"], ["frames"])
        self.assertEqual(read(CONFIG), before)
        kept = "/var/lib/diuna/state-config.json"
        # a topic is kept whole, with the defaults that it had (repaint_ms: 1000)
        self.assertEqual(json.loads(read(kept)), {"frames": {"fps": 37, "repaint_ms": 1000}})
        # for nobody else to read or write, as UMask= and StateDirectoryMode= say
        self.assertEqual(os.stat(kept).st_mode & 0o777, 0o600)
        ask("DELETE", "/config")
        self.assertEqual(ask("GET", "/config")["own"], [])

    def test_09_wrong_reload(self):
        """a wrong configuration is told and changes nothing"""
        write(CONFIG, '{"outputs": 1}')
        run("systemctl", "reload", "diunad")
        self.assertEqual(service("ActiveState"), "active")
        self.assertTrue([line for line in journal(DIUNA_CATEGORY="CONFIG", PRIORITY=3)
                         if "/outputs" in line["MESSAGE"]])
        before = frames()
        wait_for("more frames", lambda: frames() > before + 5)
        configuration()

    def test_10_hang_refused(self):
        """nobody can make it hang who did not start it for that"""
        pid = service("MainPID")
        os.kill(int(pid), signal.SIGUSR2)
        wait_for("the refusal", lambda: [line for line in journal(DIUNA_CATEGORY="SYSTEM")
                                         if "refused" in line["MESSAGE"]])
        before = frames()
        wait_for("more frames", lambda: frames() > before + 5)
        self.assertEqual(service("MainPID"), pid)

    def test_11_watchdog(self):
        """a render path that hangs is killed by the watchdog and comes back as it was"""
        write(DROP_IN, "[Service]\nExecStart=\nExecStart=/usr/local/bin/diunad --debug-hang\n"
                       "WatchdogSec=5\n")
        run("systemctl", "daemon-reload")
        run("systemctl", "restart", "diunad")
        ask("POST", "/zones/B/animation/stop")
        ask("PUT", "/zones/B/color", {"color": {"mode": "RGB", "rgb": [9, 8, 7]}})
        wait_for("the state on disk", lambda: "[9,8,7]" in re.sub(r"\s", "", read(STATE)))
        pid = service("MainPID")
        os.kill(int(pid), signal.SIGUSR2)
        wait_for("another process", lambda: service("MainPID") not in ("0", pid))
        wait_for("being ready", lambda: service("ActiveState") == "active")
        self.assertEqual(shown(), picture((1, 2, 3), (9, 8, 7)))
        self.assertEqual(service("NRestarts"), "1")
        self.assertIn("watchdog", run("journalctl", "-b", "--no-pager", "UNIT=diunad.service"))

    def test_12_device_hangs(self):
        """a transfer that never ends neither ends the service nor the light"""
        pid = service("MainPID")
        write(f"{DEBUG}/fault", "hang 2")
        ask("PUT", "/zones/A/color", {"color": {"mode": "RGB", "rgb": [7, 7, 7]}})
        ask("PUT", "/zones/A/color", {"color": {"mode": "RGB", "rgb": [8, 8, 8]}})
        wait_for("two transfers given up", lambda: int(read(f"{SYSFS}/errors")) >= 2)
        ask("PUT", "/zones/A/color", {"color": {"mode": "RGB", "rgb": [1, 2, 3]}})
        wait_for("the colour", lambda: shown() == picture((1, 2, 3), (9, 8, 7)))
        self.assertEqual(service("MainPID"), pid)

    def test_13_device_returns(self):
        """a device that goes and comes back gets its picture, by group again"""
        name = "diuna-sim.0"
        write("/sys/bus/platform/drivers/diuna-sim/unbind", name)
        wait_for("its loss in health",
                 lambda: not ask("GET", "/system/health")["outputs"][0]["present"])
        self.assertIn("main is missing", service("StatusText"))
        write("/sys/bus/platform/drivers/diuna-sim/bind", name)
        wait_for("the picture", lambda: os.path.exists(f"{DEBUG}/last_frame") and
                 shown() == picture((1, 2, 3), (9, 8, 7)))
        wait_for("the status", lambda: "main shows" in service("StatusText"))

    def test_14_programs(self):
        """an external animation runs inside the sandbox, in Python, Perl or a shell"""
        folder = "/usr/local/lib/diuna/animations"
        names = {"STAR": "star.sh", "CLOCK": "clock.py", "LIFE": "life.pl"}
        configuration(programs=[{"id": name, "command": [f"{folder}/{file}"], "live": True}
                                for name, file in names.items()])
        run("systemctl", "restart", "diunad")
        for name in names:
            ask("PUT", "/zones/B/animation", {"animation_id": name})
            before = shown()
            wait_for(f"pictures of {name}", lambda: shown() != before)
            self.assertIsNone(ask("GET", "/system/health")["reason"], name)
            tasks = [task["description"] for task in ask("GET", "/system/tasks/active")["tasks"]]
            self.assertIn(f"program {name} on B", tasks)
        pids = read("/sys/fs/cgroup/system.slice/diunad.service/cgroup.procs").split()
        child = next(pid for pid in pids if pid != service("MainPID"))
        status = read(f"/proc/{child}/status")
        self.assertRegex(status, r"CapBnd:\t0+\n")
        self.assertRegex(status, r"Seccomp:\t2\n")

    def test_15_stop(self):
        """stopping fades out and ends well"""
        before = frames()
        run("systemctl", "stop", "diunad")
        self.assertEqual(service("Result"), "success")
        self.assertEqual(service("ExecMainStatus"), "0")
        self.assertEqual(shown(), BLACK)
        # and nothing of it is left
        self.assertFalse(os.path.exists("/sys/fs/cgroup/system.slice/diunad.service"))
        # 600 ms at 60 frames a second, of which a slow machine may make few
        self.assertGreater(frames() - before, 3)

    def test_16_wrong_start(self):
        """a wrong configuration is not tried again and again"""
        write(CONFIG, "{}")
        run("systemctl", "start", "diunad", code=1)
        self.assertEqual(service("ActiveState"), "failed")
        self.assertEqual(service("ExecMainStatus"), "78")   # EX_CONFIG of sysexits.h
        self.assertEqual(service("NRestarts"), "0")


def main():
    global MODULE, STAGE
    MODULE, STAGE = sys.argv[1:]
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Station)
    print(f"1..{suite.countTestCases()}", flush=True)
    result = unittest_tap.TapResult()
    result.startTestRun()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
