# SPDX-License-Identifier: GPL-2.0-or-later
"""A WebSocket client (RFC 6455) that can also do what no client should."""

import base64
import hashlib
import json
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"       # RFC 6455, section 1.3


class Refused(Exception):
    def __init__(self, status, headers, body):
        super().__init__(f"{status} {body[:300]}")
        self.status, self.headers, self.body = status, headers, body


class WebSocket:
    def __init__(self, port, path="/api/v1/live", headers=None, limit=60, early=b"",
                 receive_buffer=None):
        """@early: sent together with the request; headers with the value None are left out."""
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(limit)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        fields = {"Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
                  "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}
        fields.update(headers or {})
        request = f"GET {path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
        self.socket.sendall(request.encode() + b"\r\n" + early)
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()):
            name, value = line.decode("latin-1").split(":", 1)
            self.headers[name.lower()] = value.strip()
        if self.status != 101:
            body = self.file.read(int(self.headers.get("content-length", 0)))
            self.close()
            raise Refused(self.status, self.headers, body)
        wanted = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        if self.headers["sec-websocket-accept"] != wanted:
            raise AssertionError(f"accept is {self.headers['sec-websocket-accept']}")

    def frame(self, opcode, payload, fin=True, rsv=0, mask=True, length=None):
        """The bytes of a frame, right or wrong."""
        head = bytes([fin << 7 | rsv << 4 | opcode])
        size = len(payload) if length is None else length
        bit = 0x80 if mask else 0
        if size < 126:
            head += bytes([bit | size])
        elif size < 65536:
            head += bytes([bit | 126]) + struct.pack(">H", size)
        else:
            head += bytes([bit | 127]) + struct.pack(">Q", size)
        if not mask:
            return head + payload
        key = os.urandom(4)
        return head + key + bytes(b ^ key[i % 4] for i, b in enumerate(payload))

    def send(self, data):
        self.socket.sendall(data)

    def say(self, message):
        """A JSON text."""
        self.send(self.frame(TEXT, json.dumps(message).encode()))

    def read(self):
        """Opcode and payload of the next frame; None at the end."""
        try:
            head = self.file.read(2)
        except ConnectionResetError:
            return None
        if len(head) < 2:
            return None
        if head[0] & 0x70 or not head[0] & 0x80 or head[1] & 0x80:
            raise AssertionError(f"a frame of the server begins with {head.hex()}")
        length = head[1] & 0x7f
        if length == 126:
            length, = struct.unpack(">H", self.file.read(2))
            assert length >= 126
        elif length == 127:
            length, = struct.unpack(">Q", self.file.read(8))
            assert length >= 65536
        return head[0] & 15, self.file.read(length)

    def hear(self, kind=None):
        """The next JSON message, of this type if one is given; others are left out."""
        while (frame := self.read()):
            opcode, payload = frame
            if opcode == PING:
                self.send(self.frame(PONG, payload))
            elif opcode == TEXT:
                message = json.loads(payload)
                if kind in (None, message["type"]):
                    return message
            elif opcode == CLOSE:
                break
        raise AssertionError(f"the connection ended before {kind}")

    def picture(self):
        """The next picture: kind, index, number and pixels (RGB)."""
        while (frame := self.read()):
            if frame[0] == BINARY:
                form, kind, index, number, count = struct.unpack("<BBHII", frame[1][:12])
                assert form == 1 and len(frame[1]) == 12 + 3 * count
                return kind, index, number, frame[1][12:]
        raise AssertionError("the connection ended before a picture")

    def close_code(self):
        """The code of the close frame that comes, all else left out; None: it just ended."""
        while (frame := self.read()):
            if frame[0] == CLOSE:
                return struct.unpack(">H", frame[1][:2])[0] if frame[1] else 0
        return None

    def ask(self, method, path, body=None, number=1):
        """Status and the whole answer."""
        message = {"type": "request", "id": number, "method": method, "path": path}
        if body is not None:
            message["body"] = body
        self.say(message)
        answer = self.hear("answer")
        assert answer["id"] == number, answer
        return answer["status"], answer

    def close(self):
        self.file.close()
        self.socket.close()
