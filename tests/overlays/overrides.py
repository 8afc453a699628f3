# SPDX-License-Identifier: GPL-2.0-or-later
"""The parameters of Raspberry Pi overlays: what the firmware does with __overrides__.

The grammar is that of "Device Trees, overlays, and parameters" in Raspberry
Pi's documentation, section 2.2 "Device Tree parameters"; the numbers in the
comments are its subsections. fdtoverlay knows nothing of it, so a parameter is
worked into the overlay here and the result is fdtoverlay's to apply.

The firmware resolves labels first and sets parameters then. Here it is the
other way round, so what the overlay says about references (__fixups__ for
labels of the board, __local_fixups__ for its own) moves along with the values.
"""

import re
import struct

import fdt

SIZES = {".": 1, ";": 2, ":": 4, "#": 8}    # 2.2.2
TRUE = ("y", "yes", "on", "true")
FALSE = ("n", "no", "off", "false")
TARGET = re.compile(r"([^.;:#?!\[{=]*)(?:([.;:#])(\d+)|([?!\[]))?(.*)", re.S)


class OverrideError(Exception):
    """The firmware would refuse the overlay with this parameter."""


def cell(data, at):
    """The 32-bit number at an offset."""
    return struct.unpack_from(">I", data, at)[0]


def number(value):
    """A parameter's value as an integer property takes it."""
    if value in TRUE:
        return 1
    if value in FALSE:
        return 0
    try:
        return int(value, 0)
    except ValueError as error:
        raise OverrideError(f"{value!r} is no number") from error


class Reader:
    """Reads the value of a parameter's definition from front to end."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def more(self):
        """Is there anything left?"""
        return self.at < len(self.data)

    def cell(self):
        """The next 32-bit number, and where it is."""
        place = self.at
        self.at += 4
        return cell(self.data, place), place

    def string(self):
        """The next NUL-terminated string."""
        value = fdt.text_at(self.data, self.at)
        self.at += len(value) + 1
        return value

    def until(self, ends):
        """What is before one of the characters or a NUL, which is not taken."""
        begin = self.at
        while chr(self.data[self.at]) not in ends + "\0":
            self.at += 1
        return self.data[begin:self.at].decode("ascii")

    def take(self, char):
        """Skip a character if it comes next."""
        if self.more() and self.data[self.at] == ord(char):
            self.at += 1
            return True
        return False


class Overlay:
    """An overlay whose parameters can be set."""

    def __init__(self, data):
        self.root = fdt.parse(data)
        self.parameters = self.root.child("__overrides__") or fdt.Node()

    def flatten(self):
        """The overlay with what was set, for fdtoverlay.

        The phandle of an __overlay__ with a label is that of nothing in the
        result: the firmware does not merge it, but fdtoverlay would.
        """
        for node in self.root.children:
            if node.child("__overlay__"):
                node.child("__overlay__").props.pop("phandle", None)
        return fdt.flatten(self.root)

    def load(self, line):
        """Set the parameters of what stands behind "dtoverlay=NAME,"."""
        for parameter in filter(None, line.split(",")):
            name, equals, value = parameter.partition("=")
            self.set(name, value if equals else "true")
        return self

    def set(self, name, value):
        """Set a parameter."""
        definition = self.parameters.props.get(name)
        if definition is None:
            raise OverrideError(f"there is no parameter {name}")
        reader = Reader(definition)
        while reader.more():
            phandle, _ = reader.cell()
            if phandle:
                self._target(name, phandle, reader, value)
            else:
                self._fragments(reader.string(), value)

    def _target(self, parameter, phandle, reader, value):
        begin = reader.at
        declaration = reader.until("={")
        prop, separator, offset, kind, _ = TARGET.fullmatch(declaration).groups()
        source = None
        if reader.take("{"):
            value, source = self._lookup(reader, value)
        elif reader.take("="):
            value, source = self._literal(reader, separator)
        else:
            reader.at = begin
            reader.string()

        path, node = self._node(phandle)
        if separator:
            self._integer(path, node, prop, int(offset), SIZES[separator], value)
            if source is not None:
                self._move_reference(f"/__overrides__:{parameter}:{source}",
                                     f"{path}:{prop}:{offset}")
        elif kind in ("?", "!"):    # 2.2.3
            if bool(number(value)) != (kind == "!"):
                node.props[prop] = b""
            else:
                node.props.pop(prop, None)
        elif kind == "[":           # 2.2.4
            node.props[prop] = bytes.fromhex(value.replace(":", " "))
        else:
            self._string(path, node, prop, value)

    # 2.2.6: a literal, which may be a cell behind the string
    def _literal(self, reader, separator):
        text = reader.string()
        if text or not separator:
            return text, None
        value, source = reader.cell()
        return str(value), source

    # 2.2.7: the value is looked up in a table
    def _lookup(self, reader, key):
        entries = []
        comma = False
        while not reader.take("}"):
            if not reader.more() or not reader.data[reader.at]:
                raise OverrideError("the table has no end")
            name = reader.until("=,}")
            if reader.take("="):
                entry, comma = self._entry(reader)
            else:
                entry, comma = (name or key, None), reader.take(",")
            entries.append((name, entry))
        if comma:
            entries.append(("", (key, None)))
        if reader.string():
            raise OverrideError("something stands behind the table")
        for wanted in (key, ""):
            for name, entry in entries:
                if name == wanted:
                    return entry
        raise OverrideError(f"{key!r} is not in the table")

    def _entry(self, reader):
        if reader.take("\0"):
            value, source = reader.cell()
            return (str(value), source), False
        if reader.take("'"):
            value = reader.until("'")
            if not reader.take("'"):
                raise OverrideError("a quoted string has no end")
        else:
            value = reader.until(",}")
        return (value, None), reader.take(",")

    def _integer(self, path, node, prop, offset, size, value):
        data = bytearray(node.props.get(prop, b""))
        data += bytes(max(0, offset + size - len(data)))
        data[offset:offset + size] = (number(value) % (1 << 8 * size)).to_bytes(size, "big")
        if prop != "reg" or "reg" in node.props:    # 2.2.9
            node.props[prop] = bytes(data)
        self._forget_reference(f"{path}:{prop}:{offset}")
        if prop == "reg" and offset == 0 and "@" in node.name:
            self._rename(path, node, f"{node.name.partition('@')[0]}@{number(value):x}")

    def _string(self, path, node, prop, value):
        if prop == "status":        # 2.2.1
            if value in TRUE + ("1", "enable"):
                value = "okay"
            elif value in FALSE + ("0",):
                value = "disabled"
        if prop == "name":          # 2.2.9
            self._rename(path, node, value)
        elif prop == "bootargs" and node.props.get(prop, b"\0") != b"\0":
            node.props[prop] = node.props[prop][:-1] + b" " + value.encode("ascii") + b"\0"
        else:
            node.props[prop] = value.encode("ascii") + b"\0"

    # 2.2.8
    def _fragments(self, operations, value):
        if not re.fullmatch(r"([-+=!]\d+)+", operations):
            raise OverrideError(f"{operations!r} is no operation on fragments")
        # a string that is no boolean counts as true if there is one at all
        try:
            truth = bool(number(value))
        except OverrideError:
            truth = bool(value)
        for operation, fragment in re.findall(r"([-+=!])(\d+)", operations):
            active = {"+": True, "-": False, "=": truth, "!": not truth}[operation]
            path = f"/fragment@{fragment}"
            node = self.root.find(path)
            if not node:
                raise OverrideError(f"there is no fragment {fragment}")
            old, new = ("__dormant__", "__overlay__")[::1 if active else -1]
            if node.child(old):
                self._rename(f"{path}/{old}", node.child(old), new)

    def _node(self, phandle):
        for path, node in self.root.walk():
            if node.cells("phandle") == (phandle,):
                return path, node
        raise OverrideError(f"no node has the phandle {phandle}")

    # References

    def _fixups(self):
        return self.root.child("__fixups__") or fdt.Node()

    def _local_fixups(self):
        return self.root.child("__local_fixups__") or fdt.Node()

    def _rename(self, path, node, name):
        local = self._local_fixups().find(path)
        if local:
            local.name = name
        new = f"{path.rpartition('/')[0]}/{name}"
        for names in (self._fixups(), self.root.child("__symbols__") or fdt.Node()):
            for label in names.props:
                places = [new + place[len(path):] if re.match(re.escape(path) + "([:/]|$)", place)
                          else place for place in names.strings(label)]
                names.props[label] = "".join(place + "\0" for place in places).encode("ascii")
        node.name = name

    def _forget_reference(self, place):
        fixups = self._fixups()
        for label in list(fixups.props):
            places = [p for p in fixups.strings(label) if p != place]
            if places:
                fixups.props[label] = "".join(p + "\0" for p in places).encode("ascii")
            else:
                del fixups.props[label]
        path, prop, offset = place.split(":")
        local = self._local_fixups().find(path)
        if local and prop in local.props:
            offsets = [o for o in local.cells(prop) if o != int(offset)]
            local.props[prop] = struct.pack(f">{len(offsets)}I", *offsets)

    def _move_reference(self, source, target):
        """What the source refers to, the target does as well."""
        fixups = self._fixups()
        for label in fixups.props:
            if source in fixups.strings(label):
                fixups.props[label] += target.encode("ascii") + b"\0"
        path, prop, offset = source.split(":")
        local = self._local_fixups().find(path)
        if not local or int(offset) not in (local.cells(prop) or ()):
            return
        path, prop, offset = target.split(":")
        node = self._local_fixups()
        for name in path.strip("/").split("/"):
            if not node.child(name):
                node.children.append(fdt.Node(name))
            node = node.child(name)
        node.props[prop] = node.props.get(prop, b"") + struct.pack(">I", int(offset))
