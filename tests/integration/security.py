#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may ask a real diunad what: tokens, names, other sites, and clients of bad will.

tests/integration/security.py --diunad PATH speaks TAP. What has to be refused
is refused before anything is changed.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import daemon as station  # noqa: E402
from websocket import Refused, WebSocket  # noqa: E402

JSON = {"Content-Type": "application/json"}
READER, OWNER = "reader-0123456789", "owner-0123456789~"
ZONE = "/api/v1/zones/A"


class SecurityTest(station.DaemonTest):
    def open(self, tokens=f"read {READER}\ncontrol {OWNER}\n", mode=0o640, wait=True, **web):
        configuration = station.config()
        if tokens is not None:
            handle, path = tempfile.mkstemp()
            self.addCleanup(os.unlink, path)
            os.write(handle, tokens.encode())
            os.fchmod(handle, mode)
            os.close(handle)
            web["token_file"] = path
        configuration["http"].update(web)
        daemon = self.start(configuration, preview=False)
        return daemon.ready() if wait else daemon

    def ask(self, daemon, method, path, body=None, headers=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=station.LIMIT)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if isinstance(body, dict):
            body = json.dumps(body)
            headers = {**JSON, **headers}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, response.headers, text


class Tokens(SecurityTest):
    def test_scopes(self):
        """without a token nothing, with one for reading nothing is changed, with the other all"""
        daemon = self.open()
        change = {"brightness": 7}
        for token, read, write in ((None, 401, 401), ("x" * 20, 401, 401),
                                   (READER[:-1], 401, 401), (OWNER + "x", 401, 401),
                                   (READER, 200, 403), (OWNER, 200, 204)):
            for path in ("/api/v1/zones", "/metrics", "/readyz", "/api/v1/logger/recent"):
                status, headers, text = self.ask(daemon, "GET", path, token=token)
                self.assertEqual(status, read, (token, path))
                if status == 401:
                    self.assertEqual(headers["WWW-Authenticate"], 'Bearer realm="diuna"')
                    self.assertEqual(json.loads(text)["status"], 401)
            before = self.ask(daemon, "GET", ZONE, token=OWNER)[2]
            status, _, text = self.ask(daemon, "PUT", ZONE + "/brightness", change, token=token)
            self.assertEqual(status, write, token)
            if write != 204:
                self.assertEqual(self.ask(daemon, "GET", ZONE, token=OWNER)[2], before)
        for method, path in (("POST", "/api/v1/system/shutdown"), ("DELETE", "/api/v1/scenes/x"),
                             ("PUT", "/api/v1/logger/levels")):
            self.assertEqual(self.ask(daemon, method, path, {}, token=READER)[0], 403)
            self.assertEqual(self.ask(daemon, method, path, {})[0], 401)

    def test_open(self):
        """whether it is alive, and the page, are for everybody"""
        daemon = self.open()
        self.assertEqual(self.ask(daemon, "GET", "/healthz")[0], 200)
        self.assertEqual(self.ask(daemon, "GET", "/")[0], 200)

    def test_forms(self):
        """a token is taken from its header only, and the header is read as the standard says"""
        daemon = self.open()
        for value, status in ((f"bearer {READER}", 200), (f"BEARER   {READER}", 200),
                              (READER, 401), (f"Basic {READER}", 401), ("Bearer", 401),
                              ("Bearer ", 401), (f"Bearer{READER}", 401),
                              (f"Bearer {READER},{READER}", 401), ("Bearer " + "x" * 4000, 401)):
            got, _, _ = self.ask(daemon, "GET", ZONE, headers={"Authorization": value})
            self.assertEqual(got, status, value)
        for path in (f"{ZONE}?token={OWNER}", f"{ZONE}?access_token={OWNER}"):
            self.assertEqual(self.ask(daemon, "GET", path)[0], 401)

    def test_live(self):
        """the live channel wants a token too, and one for reading changes nothing"""
        daemon = self.open()
        for protocol in (None, "diuna.v1", "diuna.v1, bearer.nonsense", "bearer." + READER[:-1]):
            with self.assertRaises(Refused) as refused:
                WebSocket(daemon.port, headers={"Sec-WebSocket-Protocol": protocol})
            self.assertEqual(refused.exception.status, 401)
        for protocol, status in ((READER, 403), (OWNER, 204)):
            client = WebSocket(daemon.port, headers={
                "Sec-WebSocket-Protocol": f"diuna.v1, bearer.{protocol}"})
            self.addCleanup(client.close)
            self.assertEqual(client.headers["sec-websocket-protocol"], "diuna.v1")
            self.assertEqual(client.hear()["type"], "snapshot")
            self.assertEqual(client.ask("GET", ZONE)[0], 200)
            self.assertEqual(client.ask("PUT", ZONE + "/brightness", {"brightness": 9})[0],
                             status)
            got, _ = client.ask("PUT", "/api/v1/logger/levels", {"levels": {}})
            self.assertEqual(got, status)
        self.assertEqual(self.ask(daemon, "GET", "/api/v1/events/stream")[0], 401)

    def test_files(self):
        """a file of tokens that is wrong, or that others can read, stops the start"""
        for tokens, mode, reason in (("", 0o600, "no token"), ("owner x\n", 0o600, "line 1"),
                                     (f"read {READER}\n", 0o644, "others can read"),
                                     (f"read {READER}\n", 0o660, "others can read")):
            daemon = self.open(tokens, mode, wait=False)
            self.assertNotEqual(daemon.wait(), 0)
            daemon.wait_log(reason)
            self.assertNotIn(READER, "\n".join(daemon.log))
        daemon = self.open(None, wait=False, token_file="/nonexistent/tokens")
        self.assertNotEqual(daemon.wait(), 0)

    def test_address(self):
        """beyond the loopback it listens only with tokens"""
        daemon = self.open(None, wait=False, address="0.0.0.0")
        self.assertNotEqual(daemon.wait(), 0)
        daemon.wait_log("/http/address")
        daemon = self.open(wait=False, address="0.0.0.0")
        daemon.port = int(daemon.wait_log(r"ready: http://0\.0\.0\.0:(\d+)")[1])
        self.assertEqual(self.ask(daemon, "GET", ZONE)[0], 401)
        self.assertEqual(self.ask(daemon, "GET", ZONE, token=READER)[0], 200)
        # the name of the machine is no name of the server unless the configuration says so
        self.assertEqual(self.ask(daemon, "GET", ZONE, token=READER,
                                  headers={"Host": "lamp.example"})[0], 421)

    def test_secret(self):
        """no answer and no line of the log has a token in it"""
        daemon = self.open()
        self.ask(daemon, "PUT", "/api/v1/logger/levels",
                 {"levels": {"API": "DEBUG", "SYSTEM": "DEBUG"}}, token=OWNER)
        for wrong in ("wrong-token-123456", OWNER):
            for path in ("/api/v1/zones", "/api/v1/nothing"):
                _, headers, text = self.ask(daemon, "GET", path, token=wrong)
                self.assertNotIn(wrong, text.decode() + str(headers))
        lines = self.ask(daemon, "GET", "/api/v1/logger/recent?limit=1000", token=OWNER)[2]
        for secret in (READER, OWNER, "wrong-token-123456"):
            self.assertNotIn(secret, lines.decode() + "\n".join(daemon.log))


class Sites(SecurityTest):
    HOME = "https://home.example:8123"

    def test_origins(self):
        """pages of configured sites may ask and read, those of others may not"""
        daemon = self.open(None, origins=[self.HOME])
        status, headers, _ = self.ask(daemon, "GET", ZONE, headers={"Origin": self.HOME})
        self.assertEqual((status, headers["Access-Control-Allow-Origin"]), (200, self.HOME))
        self.assertIn("Origin", headers["Vary"])
        status, headers, _ = self.ask(daemon, "PUT", ZONE + "/brightness", {"brightness": 5},
                                      {"Origin": self.HOME})
        self.assertEqual((status, headers["Access-Control-Allow-Origin"]), (204, self.HOME))
        # what another one of them gets must not be remembered for all
        _, headers, _ = self.ask(daemon, "GET", ZONE)
        self.assertIsNone(headers["Access-Control-Allow-Origin"])
        for other in ("https://home.example", "http://home.example:8123",
                      "https://home.example:8123.evil.example", "null", "https://evil.example"):
            status, headers, _ = self.ask(daemon, "GET", ZONE, headers={"Origin": other})
            self.assertIsNone(headers["Access-Control-Allow-Origin"], other)
            status, headers, _ = self.ask(daemon, "PUT", ZONE + "/brightness",
                                          {"brightness": 99}, {"Origin": other})
            self.assertEqual(status, 403, other)
        self.assertEqual(json.loads(self.ask(daemon, "GET", ZONE)[2])["brightness"], 5)
        client = WebSocket(daemon.port, headers={"Origin": self.HOME})
        self.addCleanup(client.close)
        self.assertEqual(client.hear()["type"], "snapshot")

    def test_preflight(self):
        """a browser's question in advance is answered for configured sites only"""
        daemon = self.open(None, origins=[self.HOME])
        asked = {"Access-Control-Request-Method": "PUT",
                 "Access-Control-Request-Headers": "content-type"}
        status, headers, _ = self.ask(daemon, "OPTIONS", ZONE + "/color",
                                      headers={**asked, "Origin": self.HOME})
        self.assertEqual(status, 204)
        self.assertEqual(headers["Access-Control-Allow-Origin"], self.HOME)
        self.assertIn("PUT", headers["Access-Control-Allow-Methods"])
        self.assertIn("Content-Type", headers["Access-Control-Allow-Headers"])
        self.assertIsNone(headers["Access-Control-Allow-Credentials"])
        _, headers, _ = self.ask(daemon, "OPTIONS", ZONE + "/color",
                                 headers={**asked, "Origin": "https://evil.example"})
        self.assertIsNone(headers["Access-Control-Allow-Origin"])
        self.assertIsNone(headers["Access-Control-Allow-Methods"])

    def test_forms(self):
        """what a form of another site can send changes nothing"""
        daemon = self.open(None)
        before = self.ask(daemon, "GET", "/api/v1/zones")[2]
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                     "text/plain"):
            for origin in ({}, {"Origin": "https://evil.example"}):
                status, _, _ = self.ask(daemon, "POST", "/api/v1/panel/adjust", '{"steps":1}',
                                        {"Content-Type": kind, **origin})
                self.assertIn(status, (403, 415))
        for path in ("/api/v1/zones/A/animation/stop", "/api/v1/system/shutdown",
                     "/api/v1/panel/power-toggle"):
            self.assertEqual(self.ask(daemon, "GET", path)[0], 405)
            self.assertEqual(self.ask(daemon, "POST", path,
                                      headers={"Origin": "https://evil.example"})[0], 403)
        self.assertEqual(self.ask(daemon, "GET", "/api/v1/zones")[2], before)

    def test_rebinding(self):
        """a site whose name was made to point here reads nothing and changes nothing"""
        daemon = self.open(None)
        for host in ("evil.example", f"evil.example:{daemon.port}", "localhost.evil.example",
                     "127.0.0.1.evil.example", "0.0.0.0", "[::]", "localhost:x", "a@localhost",
                     "localhost#", "169.254.1.1"):
            for method, path, body in (("GET", ZONE, None), ("GET", "/", None),
                                       ("PUT", ZONE + "/brightness", {"brightness": 1})):
                status, _, _ = self.ask(daemon, method, path, body, {
                    "Host": host, "Origin": f"http://{host}"})
                self.assertEqual(status, 421, (host, path))

    def test_traversal(self):
        """no path leads to a file that is not of the page"""
        daemon = self.open(None)
        for path in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/etc/passwd",
                     "//etc/passwd", "/./index.html/../../etc/passwd", "/etc/passwd", "/web/..",
                     "/api/v1/zones/..%2f..%2fetc%2fpasswd", "/..\\..\\etc\\passwd"):
            connection = socket.create_connection(("127.0.0.1", daemon.port), station.LIMIT)
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                               "Connection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
            connection.close()
            self.assertEqual(answer.split()[1], b"404", path)
            self.assertNotIn(b"root:", answer)


class Will(SecurityTest):
    """slowhttptest is Debian's; it opens as many connections as it may and ends when it is told."""

    def attack(self, *arguments):
        # without a viewer, who might be too slow for a frame
        daemon = self.start(station.animated(), preview=False).ready()
        rendered = 0
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        attack = subprocess.Popen(
            ["slowhttptest", "-c", "300", "-r", "200", "-l", "6", "-i", "2", "-p", "3",
             "-u", f"http://127.0.0.1:{daemon.port}{ZONE}", *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
        answers = 0
        while attack.poll() is None:
            # from another address: connections are limited for each
            connection = http.client.HTTPConnection("127.0.0.1", daemon.port,
                                                    timeout=station.LIMIT,
                                                    source_address=("127.0.0.2", 0))
            connection.request("GET", ZONE)
            response = connection.getresponse()
            response.read()
            connection.close()
            self.assertEqual(response.status, 200)
            answers += 1
            # the light goes on while they are there, and no frame was lost
            frames = daemon.get("/outputs")["outputs"][0]["frames"]
            while frames["rendered"] <= rendered:
                frames = daemon.get("/outputs")["outputs"][0]["frames"]
            rendered = frames["rendered"]
            self.assertEqual(frames["dropped"], 0)
        self.assertGreater(answers, 0)
        self.assertEqual(daemon.get("/zones/A")["id"], "A")
        self.assertEqual(daemon.stop(), 0)

    def test_slowloris(self):
        """clients whose headers never end keep neither frames nor others"""
        self.attack("-H")

    def test_slow_body(self):
        """clients whose body never ends keep neither frames nor others"""
        self.attack("-B", "-t", "PUT")

    def test_slow_read(self):
        """clients that read their answers byte by byte keep neither frames nor others"""
        self.attack("-X", "-w", "1", "-y", "2", "-n", "1", "-z", "1", "-k", "3")


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Tokens, Sites, Will)))
