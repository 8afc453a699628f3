# SPDX-License-Identifier: GPL-2.0-or-later
"""Flattened device trees: read, change, write.

Devicetree Specification 0.4, chapter 5. Only what is in the files that dtc
makes: version 17, no memory reservations are kept.
"""

import struct

MAGIC = 0xD00DFEED
BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9
HEADER = struct.Struct(">10I")


class Node:
    """A node: name, properties (bytes by name) and children, in order."""

    def __init__(self, name=""):
        self.name = name
        self.props = {}
        self.children = []

    def child(self, name):
        """The child of a name, or None."""
        return next((c for c in self.children if c.name == name), None)

    def find(self, path):
        """The node at a path below this one, or None."""
        node = self
        for name in path.strip("/").split("/"):
            if node and name:
                node = node.child(name)
        return node

    def walk(self, path=""):
        """All nodes from here on as (path, node)."""
        yield path or "/", self
        for child in self.children:
            yield from child.walk(f"{path}/{child.name}")

    # Values of properties; None where there is none.

    def cells(self, name):
        """A property as a tuple of 32-bit numbers."""
        value = self.props.get(name)
        return None if value is None else struct.unpack(f">{len(value) // 4}I", value)

    def strings(self, name):
        """A property as a list of strings."""
        value = self.props.get(name)
        return None if value is None else value[:-1].decode("ascii").split("\0")

    def string(self, name):
        """A property as one string."""
        values = self.strings(name)
        return None if values is None else values[0]


def text_at(data, start):
    """The NUL-terminated string at an offset."""
    return data[start:data.index(b"\0", start)].decode("ascii")


def parse(data):
    """A tree from its flattened form."""
    magic, _, struct_at, strings_at, _, version = HEADER.unpack_from(data)[:6]
    if magic != MAGIC or version != 17:
        raise ValueError("no device tree of version 17")
    stack = [Node()]
    at = struct_at
    while True:
        token, = struct.unpack_from(">I", data, at)
        at += 4
        if token == BEGIN_NODE:
            name = text_at(data, at)
            at += (len(name) + 4) & ~3
            node = Node(name)
            stack[-1].children.append(node)
            stack.append(node)
        elif token == END_NODE:
            stack.pop()
        elif token == PROP:
            size, name_at = struct.unpack_from(">II", data, at)
            at += 8
            stack[-1].props[text_at(data, strings_at + name_at)] = bytes(data[at:at + size])
            at += (size + 3) & ~3
        elif token == END:
            return stack[0].children[0]
        elif token != NOP:
            raise ValueError(f"token {token} at {at - 4}")


def pad(data):
    """To a multiple of four bytes."""
    return data + bytes(-len(data) % 4)


def flatten(root):
    """The flattened form of a tree."""
    strings = bytearray()
    places = {}

    def place(name):
        if name not in places:
            places[name] = len(strings)
            strings.extend(name.encode("ascii") + b"\0")
        return places[name]

    def node(n):
        out = struct.pack(">I", BEGIN_NODE) + pad(n.name.encode("ascii") + b"\0")
        for name, value in n.props.items():
            out += struct.pack(">III", PROP, len(value), place(name)) + pad(value)
        return out + b"".join(map(node, n.children)) + struct.pack(">I", END_NODE)

    structure = node(root) + struct.pack(">I", END)
    reserved = bytes(16)
    struct_at = HEADER.size + len(reserved)
    strings_at = struct_at + len(structure)
    total = strings_at + len(strings)
    header = HEADER.pack(MAGIC, total, struct_at, strings_at, HEADER.size, 17, 16, 0, len(strings),
                         len(structure))
    return header + reserved + structure + bytes(strings)
