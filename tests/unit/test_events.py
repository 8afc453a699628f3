# SPDX-License-Identifier: GPL-2.0-or-later
"""Every event that the table knows is published by somebody, and the API has a word for it."""

import os
import re
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DAEMON = os.path.join(TOP, "daemon")


def read(*path):
    with open(os.path.join(DAEMON, *path), encoding="utf-8") as file:
        return file.read()


def names(enum):
    body = re.search(rf"enum {enum} {{(.*?)}};", read("core", "event.h"), re.S)[1]
    found = re.findall(r"^\t(EVENT_\w+)", re.sub(r"/\*.*?\*/", "", body, flags=re.S), re.M)
    return [name for name in found if name not in ("EVENT_NONE", "EVENT_TYPES")]


class EventsTest(unittest.TestCase):
    def setUp(self):
        # what publishes: not the table, nor who only reads
        self.text = ""
        for folder in ("", "control", "input", "frames", "output"):
            path = os.path.join(DAEMON, folder)
            for name in sorted(os.listdir(path)):
                if name.endswith(".c") and name not in ("bindings.c", "desk.c", "programs.c",
                                                        "app_state.c"):
                    self.text += read(folder, name)

    def test_types(self):
        """every type of event is published"""
        types = names("event_type")
        self.assertGreater(len(types), 10)
        self.assertEqual([t for t in types if not re.search(rf"\b{t}\b", self.text)], [])

    def test_kinds(self):
        """every kind of system event is published"""
        kinds = names("event_system_kind")
        self.assertGreater(len(kinds), 5)
        self.assertEqual([k for k in kinds if not re.search(rf"\b{k}\b", self.text)], [])

    def test_words(self):
        """every kind of system event has its name in the API"""
        text = read("api", "events.c")
        self.assertEqual([k for k in names("event_system_kind")
                          if f'"{k.removeprefix("EVENT_SYSTEM_").lower()}"' not in text], [])


if __name__ == "__main__":
    unittest.main()
