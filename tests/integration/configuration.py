#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The configuration over HTTP: read, checked, changed, kept; and what only its files may say.

tests/integration/configuration.py --diunad PATH speaks TAP.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon as station  # noqa: E402
from daemon import config, picture  # noqa: E402

AS_ROOT = ["sudo", "-n"] if os.getuid() else []  # for a disk that is full
KILLS = 40
PATH = "/api/v1/config"
CHECK = PATH + "/validate"
# What daemon/config/README.md says is the files' alone, each with a value that a file could say.
FORBIDDEN = [
    ("/config/programs", {"programs": [{"id": "EVIL", "command": ["/bin/sh", "-c", "id"]}]}),
    ("/config/http/address", {"http": {"address": "0.0.0.0"}}),
    ("/config/http/port", {"http": {"port": 81}}),
    ("/config/http/token_file", {"http": {"token_file": "/dev/null"}}),
    ("/config/http/hosts", {"http": {"hosts": ["evil.example"]}}),
    ("/config/http/origins", {"http": {"origins": ["http://evil.example"]}}),
    ("/config/state", {"state": {"path": "/etc/passwd"}}),
    ("/config/include", {"include": ["/etc/shadow"]}),
    ("/config/thermal/sensor", {"thermal": {"sensor": "/etc/shadow"}}),
    ("/config/thermal/supply", {"thermal": {"supply": "/etc/shadow"}}),
    ("/config/outputs/0/path", {"outputs": [{"name": "main", "type": "device",
                                             "path": "/dev/mem"}]}),
    ("/config/inputs/0/type", {"inputs": [{"name": "K", "type": "keyboard"}]}),
    ("/config/inputs/0/device", {"inputs": [{"name": "K", "device": "/dev/input/event0"}]}),
    ("/config/inputs/0/chip", {"inputs": [{"name": "K", "chip": "/dev/gpiochip0"}]}),
]


class ConfigTest(station.DaemonTest):
    def begin(self, configuration=None, state=True, folder=None, **options):
        """A daemon whose state, and so its own configuration, is kept in a folder of the test."""
        self.daemon = None
        if folder is None:
            folder = station.tempfile.TemporaryDirectory()
            self.addCleanup(folder.cleanup)
            folder = folder.name
        self.folder = folder
        self.state = os.path.join(folder, "state.json")
        self.kept = os.path.join(folder, "state-config.json")
        self.daemon = self.start(configuration, arguments=("--state", self.state if state
                                                           else "none"), **options).ready()
        return self.daemon

    def ask(self, method, path, body=None, **headers):
        """Status, ETag and JSON."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port,
                                                timeout=station.LIMIT)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, response.getheader("ETag"), json.loads(text) if text else None

    def get(self):
        status, tag, answer = self.ask("GET", PATH)
        self.assertEqual(status, 200, answer)
        self.assertTrue(tag)
        return answer

    def change(self, method, topics, **headers):
        status, _, answer = self.ask(method, PATH, {"config": topics}, **headers)
        self.assertEqual((status, answer), (204, None))

    def refused(self, status, method, path, topics, field=None, value=None, allowed=None):
        """Refused, naming what is wrong; neither the configuration nor the file changes."""
        before, file = self.get(), self.file()
        got, _, answer = self.ask(method, path, {"config": topics})
        self.assertEqual(got, status, answer)
        self.assertEqual(self.get(), before)
        self.assertEqual(self.file(), file)
        if field:
            error = answer["errors"][0]
            self.assertEqual((error["in"], error["field"]), ("body", field))
            self.assertTrue(error["allowed"])
            if value is not None:
                self.assertEqual(error["value"], value)
            if allowed:
                self.assertIn(allowed, error["allowed"])
        return answer

    def file(self):
        try:
            with open(self.kept, encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def write(self, whole):
        """Another content of the configuration's file."""
        with open(os.path.join(self.daemon.folder, "config.json"), "w", encoding="utf-8") as file:
            json.dump(whole, file)


class Reading(ConfigTest):
    def test_whole(self):
        """it is told whole, as --print-config prints it"""
        daemon = self.begin()
        printed = subprocess.run(
            [station.DIUNAD, "--print-config", os.path.join(daemon.folder, "config.json")],
            check=True, stdout=subprocess.PIPE).stdout
        self.assertEqual(self.get(), {"config": json.loads(printed), "own": [], "waiting": [],
                                      "ignored": None})

    def test_tag(self):
        """its ETag is another one when it is another one, and only then"""
        self.begin()
        _, first, _ = self.ask("GET", PATH)
        self.assertEqual(self.ask("GET", PATH, If_None_Match=first)[0], 304)
        self.change("PUT", {"frames": {"fps": 31}})
        _, second, _ = self.ask("GET", PATH)
        self.assertNotEqual(first, second)
        self.change("PUT", {})
        self.assertEqual(self.ask("GET", PATH)[1], first)


class Changing(ConfigTest):
    def test_live(self):
        """what may change while it runs changes at once, and all else waits for the next start"""
        daemon = self.begin()
        self.change("PUT", {"frames": {"fps": 31}})
        self.assertEqual(daemon.get("/system/frames")["fps"], 31)
        answer = self.get()
        self.assertEqual(answer["config"]["frames"]["fps"], 31)
        self.assertEqual((answer["own"], answer["waiting"]), (["frames"], []))
        self.change("PUT", {"transitions": {"scene": {"ms": 1234}}})
        self.assertEqual(daemon.get("/system/transitions/scene")["ms"], 1234)
        self.assertEqual(daemon.get("/system/frames")["fps"], 20)
        self.change("PUT", {"thermal": {"hot_c": 75, "cool_c": 65}})
        answer = self.get()
        self.assertEqual((answer["own"], answer["waiting"]), (["thermal"], ["thermal"]))
        self.assertEqual(answer["config"]["frames"]["fps"], 20)
        self.assertEqual(daemon.get("/system/frames")["fps"], 20)

    def test_light(self):
        """a zone that is moved is seen at its new place"""
        whole = config()
        daemon = self.begin(whole)
        daemon.wait_frame(station.START)
        zones = whole["zones"]
        zones[0]["first"], zones[1]["first"] = 6, 0
        self.change("PUT", {"zones": zones})
        daemon.wait_frame(bytes((0, 255, 0)) * 6 + bytes((255, 0, 0)) * 4 +
                          bytes((0, 0, 255)) * station.AUX)

    def test_round(self):
        """what was read can be sent back, and then nothing is kept"""
        self.begin()
        answer = self.get()
        self.change("PUT", answer["config"])
        self.assertEqual(self.get(), answer)
        self.assertEqual(self.file(), {})

    def test_merge(self):
        """PATCH changes what it names, null takes away (RFC 7396), PUT what it does not name"""
        self.begin()
        self.change("PATCH", {"frames": {"fps": 31}})
        self.change("PATCH", {"frames": {"repaint_ms": 500}, "log": {"level": "warning"}})
        answer = self.get()
        self.assertEqual(answer["config"]["frames"], {"fps": 31, "repaint_ms": 500})
        self.assertEqual(sorted(answer["own"]), ["frames", "log"])
        # the default of daemon/config/README.md is 60 and not the file's 20: frames is our own
        self.change("PATCH", {"frames": {"fps": None}})
        self.assertEqual(self.get()["config"]["frames"], {"fps": 60, "repaint_ms": 500})
        self.change("PATCH", {"frames": None})
        answer = self.get()
        self.assertEqual(answer["config"]["frames"]["fps"], 20)
        self.assertEqual(answer["own"], ["log"])
        self.change("PUT", {"frames": {"fps": 9}})
        self.assertEqual(self.get()["own"], ["frames"])

    def test_remove(self):
        """DELETE gives the files' configuration back"""
        daemon = self.begin()
        before = self.get()
        self.change("PUT", {"frames": {"fps": 31}})
        self.assertEqual(self.ask("DELETE", PATH)[0], 204)
        self.assertEqual(self.get(), before)
        self.assertEqual(daemon.get("/system/frames")["fps"], 20)

    def test_check(self):
        """a check says what is wrong and changes nothing"""
        daemon = self.begin()
        before = self.get()
        self.assertEqual(self.ask("POST", CHECK, {"config": {"frames": {"fps": 31}}})[0], 204)
        self.refused(422, "POST", CHECK, {"frames": {"fps": 0}}, "/config/frames/fps", 0,
                     "from 1 to 240")
        self.refused(403, "POST", CHECK, {"http": {"port": 1}}, "/config/http/port", 1)
        self.assertEqual(self.get(), before)
        self.assertIsNone(self.file())
        self.assertEqual(daemon.get("/system/frames")["fps"], 20)

    def test_check_notify(self):
        """systemd hears of a change that it is a reload, and of a check nothing"""
        folder = station.tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service:
            service.bind(path)
            service.settimeout(station.LIMIT)
            daemon = self.begin(environment={"NOTIFY_SOCKET": path})
            for topics in ({"frames": {"fps": 31}}, {"frames": {"fps": 0}}):
                self.ask("POST", CHECK, {"config": topics})
            self.change("PUT", {"frames": {"fps": 32}})
            self.assertEqual(daemon.stop(), 0)
            said = []
            while "STOPPING=1" not in said:
                said += service.recv(4096).decode().split("\n")
        # at the start, and after the one change
        self.assertEqual([said.count("RELOADING=1"), said.count("READY=1")], [1, 2])

    def test_match(self):
        """with If-Match nobody's change is lost, also of two that come at once"""
        self.begin()
        _, tag, _ = self.ask("GET", PATH)
        body = {"config": {"frames": {"fps": 31}}}
        self.assertEqual(self.ask("PATCH", PATH, body, If_Match='"0"')[0], 412)
        statuses = []
        connections = []
        for fps in (31, 32):
            connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port,
                                                    timeout=station.LIMIT)
            connection.request("PUT", PATH, json.dumps({"config": {"frames": {"fps": fps}}}),
                               {"Content-Type": "application/json", "If-Match": tag})
            connections.append(connection)
        for connection in connections:
            statuses.append(connection.getresponse().status)
            connection.close()
        self.assertEqual(statuses.count(204), 1, statuses)
        # the second one finds that it is read, or that it is another one
        self.assertIn(max(statuses), (412, 503))
        self.assertEqual(self.ask("DELETE", PATH, If_Match=tag)[0], 412)

    def test_live_channel(self):
        """it can be asked for and changed on the live channel, with the same answers"""
        from websocket import WebSocket  # pylint: disable=import-outside-toplevel
        self.begin()
        client = WebSocket(self.daemon.port, "/api/v1/live?topics=")
        self.addCleanup(client.close)
        client.hear()
        self.assertEqual(client.ask("PATCH", PATH, {"config": {"frames": {"fps": 31}}})[0], 204)
        status, answer = client.ask("PATCH", PATH, {"config": {"frames": {"fps": 0}}})
        self.assertEqual((status, answer["problem"]["errors"][0]["field"]),
                         (422, "/config/frames/fps"))
        self.assertEqual(self.get()["config"]["frames"]["fps"], 31)


class Refusing(ConfigTest):
    def test_forbidden(self):
        """programs, listeners, tokens, paths and what inputs open are refused by name"""
        self.begin(config(inputs=[]))
        for field, topics in FORBIDDEN:
            for method, path in (("PUT", PATH), ("PATCH", PATH), ("POST", CHECK)):
                with self.subTest(field=field, method=method):
                    self.refused(403, method, path, topics, field)

    def test_device(self):
        """an output's path stays the file's when all else of it is changed"""
        whole = config()
        whole["outputs"].append({"name": "strip", "type": "device", "path": "/dev/nothing-here"})
        self.begin(whole)
        outputs = self.get()["config"]["outputs"]
        del outputs[1]["path"]
        outputs[1]["colors"] = [{"gamma": 1.5}]
        self.change("PUT", {"outputs": outputs})
        answer = self.get()
        self.assertEqual(answer["config"]["outputs"][1]["path"], "/dev/nothing-here")
        self.assertEqual(answer["config"]["outputs"][1]["colors"][0]["gamma"], 1.5)
        self.assertEqual((answer["own"], answer["waiting"]), (["outputs"], ["outputs"]))
        self.assertNotIn("nothing-here", json.dumps(self.file()))
        outputs[0]["path"] = "/dev/nothing-here"
        self.refused(403, "PUT", PATH, {"outputs": outputs}, "/config/outputs/0/path",
                     "/dev/nothing-here")

    def test_wrong(self):
        """what --check would refuse is refused with field, value and what is allowed"""
        self.begin()
        zone = config()["zones"][0]
        for field, value, topics in (
                ("/config/frames/fps", 241, {"frames": {"fps": 241}}),
                ("/config/frames/fps", "x", {"frames": {"fps": "x"}}),
                ("/config/frame", None, {"frame": {"fps": 30}}),
                ("/config/frames/spf", None, {"frames": {"spf": 30}}),
                ("/config/zones/0/output", "nowhere",
                 {"zones": [{**zone, "output": "nowhere"}]}),
                ("/config/zones/1/id", None, {"zones": [zone, zone]}),
                ("/config/version", 2, {"version": 2}),
                ("/config/outputs", 5, {"outputs": 5}),
                ("/config/thermal", [], {"thermal": []}),
                ("/config/inputs/0", 7, {"inputs": [7]})):
            with self.subTest(field=field, value=value):
                self.refused(422, "PUT", PATH, topics, field, value)

    def test_shape(self):
        """bodies that are no configuration at all are refused"""
        self.begin()
        for status, body in ((422, {"config": [1]}), (422, {"config": None}), (422, {}),
                             (422, {"config": {}, "more": 1}), (422, [1]), (422, 7)):
            with self.subTest(body=body):
                self.assertEqual(self.ask("PUT", PATH, body)[0], status)
        self.assertEqual(self.ask("PUT", PATH)[0], 415)

    def test_nowhere(self):
        """where no state is kept nothing can be changed, but it can be checked"""
        self.begin(state=False)
        self.refused(409, "PUT", PATH, {"frames": {"fps": 31}})
        self.assertEqual(self.ask("POST", CHECK, {"config": {"frames": {"fps": 31}}})[0], 204)

    def test_files(self):
        """while the files are wrong nothing is changed, and it is said which is"""
        self.begin()
        self.write({"outputs": 1})
        answer = self.refused(409, "PUT", PATH, {"frames": {"fps": 31}})
        self.assertIn("/outputs", answer["detail"])

    def test_disk(self):
        """a disk that is full is told, and all is as before"""
        folder = station.tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        subprocess.run([*AS_ROOT, "mount", "-t", "tmpfs", "-o", "size=16k,mode=777", "diuna-full",
                        folder.name], check=True)
        self.addCleanup(subprocess.run, [*AS_ROOT, "umount", "-l", folder.name], check=True)
        daemon = self.begin(folder=folder.name)
        with open(os.path.join(folder.name, "ballast"), "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass
        self.refused(507, "PUT", PATH, {"frames": {"fps": 31}})
        self.assertEqual(daemon.get("/system/frames")["fps"], 20)


class Keeping(ConfigTest):
    def test_restart(self):
        """what was changed holds after a restart, and what waited shows then"""
        whole = config()
        self.begin(whole)
        zones = whole["zones"]
        zones[0] = {"id": "NEW", "output": "main", "first": 0, "count": 2,
                    "start": {"color": {"mode": "RGB", "rgb": [7, 8, 9]}}}
        self.change("PUT", {"zones": zones})
        self.assertEqual(self.get()["waiting"], ["zones"])
        self.assertEqual(self.daemon.stop(), 0)
        daemon = self.begin(config(), folder=self.folder)
        self.assertEqual([zone["id"] for zone in daemon.get("/zones")["zones"]],
                         ["NEW", "B", "C"])
        daemon.wait_frame(bytes((7, 8, 9)) * 2 + bytes(6) + bytes((0, 255, 0)) * 6 +
                          bytes((0, 0, 255)) * station.AUX)
        answer = self.get()
        self.assertEqual((answer["own"], answer["waiting"]), (["zones"], []))

    def test_kill(self):
        """killed at any moment of a change it begins with the old one or the new one"""
        folder = station.tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        allowed = {20}
        for _ in range(KILLS):
            daemon = self.begin(preview=False, folder=folder.name)
            answer = self.get()
            self.assertIsNone(answer["ignored"])
            self.assertIn(answer["config"]["frames"]["fps"], allowed)
            killer = threading.Timer(random.uniform(0, 0.02), daemon.process.kill)
            killer.start()
            acknowledged, asked = answer["config"]["frames"]["fps"], None
            try:
                for asked in range(21, 241):
                    self.change("PUT", {"frames": {"fps": asked}})
                    acknowledged = asked
            except (OSError, http.client.HTTPException):
                pass
            killer.join()
            daemon.wait()
            # what was answered is kept, and what was on its way may be
            allowed = {acknowledged, asked or acknowledged}

    def test_hangup(self):
        """SIGHUP reads the files again and leaves what was changed over HTTP as it is"""
        daemon = self.begin()
        self.change("PUT", {"frames": {"fps": 31}})
        self.write(config(frames={"fps": 99}, log={"level": "warning"}))
        daemon.signal(signal.SIGHUP)
        while self.get()["config"]["log"]["level"] != "warning":
            pass
        answer = self.get()
        self.assertEqual((answer["config"]["frames"]["fps"], answer["own"]), (31, ["frames"]))
        self.assertEqual(self.ask("DELETE", PATH)[0], 204)
        self.assertEqual(daemon.get("/system/frames")["fps"], 99)

    def test_unfit(self):
        """what does not fit the files any more is left out at the start, and told until it is gone"""
        whole = config()
        whole["outputs"].append({"name": "other", "type": "virtual", "channels": [{"pixels": 5}]})
        self.begin(whole)
        whole["zones"][2]["output"] = "other"
        whole["zones"][2]["channel"] = 0
        self.change("PUT", {"zones": whole["zones"]})
        self.daemon.stop()
        daemon = self.begin(config(), folder=self.folder)
        answer = self.get()
        self.assertEqual(answer["own"], [])
        self.assertIn("/zones/2/output", answer["ignored"])
        health = daemon.get("/system/health")
        self.assertEqual(health["status"], "degraded")
        self.assertIn("/zones/2/output", health["reason"])
        daemon.wait_log(r"not used: .*/zones/2/output")
        self.assertEqual(self.ask("DELETE", PATH)[0], 204)
        self.assertIsNone(self.get()["ignored"])
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")

    def test_planted(self):
        """what only the files may say does not come by the file that is kept either"""
        for field, topics in FORBIDDEN:
            with self.subTest(field=field):
                folder = station.tempfile.TemporaryDirectory()
                self.addCleanup(folder.cleanup)
                with open(os.path.join(folder.name, "state-config.json"), "w",
                          encoding="utf-8") as file:
                    json.dump(topics, file)
                self.begin(folder=folder.name)
                answer = self.get()
                self.assertEqual(answer["own"], [])
                self.assertIn(field.removeprefix("/config"), answer["ignored"])
                self.daemon.stop()

    def test_damaged(self):
        """a file of it that cannot be read keeps no light from starting"""
        for text in (b"", b"{", b"[]", b"\xff", b"[" * 100000, b'{"frames":{"fps":31}'):
            with self.subTest(text=text[:20]):
                folder = station.tempfile.TemporaryDirectory()
                self.addCleanup(folder.cleanup)
                with open(os.path.join(folder.name, "state-config.json"), "wb") as file:
                    file.write(text)
                self.begin(folder=folder.name)
                self.assertTrue(self.get()["ignored"])
                self.daemon.stop()


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Reading, Changing, Refusing, Keeping)))
