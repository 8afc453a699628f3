# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of promises names tests that exist, and every test of the ABI is in it."""

import os
import re
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SELFTESTS = os.path.join(TESTS, "selftests")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def named():
    """(program, test) of each name in the table."""
    table = read(os.path.join(TESTS, "promises.md"))
    rows = "\n".join(line for line in table.splitlines() if line.startswith("| "))
    return re.findall(r"`([\w./-]+): ([^`]+)`", rows)


def in_sources():
    """(program, test) of each C test."""
    found = []
    for name in sorted(os.listdir(SELFTESTS)):
        if name.endswith(".c"):
            text = read(os.path.join(SELFTESTS, name))
            tests = re.findall(r"^TEST(?:_F|_F_TIMEOUT)?\((?:\w+, )?(\w+)(?:, \d+)?\)", text, re.M)
            found += [(name[:-2], test) for test in tests]
    return found


class Promises(unittest.TestCase):
    def test_every_named_test_exists(self):
        """every test that the table of promises names exists"""
        sources = set(in_sources())
        self.assertGreater(len(named()), 100)
        missing = [
            f"{program}: {test}"
            for program, test in named()
            if "." not in program
            and (program, test) not in sources
            or "." in program
            and test not in read(os.path.join(SELFTESTS, program))
        ]
        self.assertEqual([], missing)

    def test_every_test_is_named(self):
        """every test of the ABI stands in the table of promises"""
        self.assertEqual([], sorted(set(in_sources()) - set(named())))


if __name__ == "__main__":
    unittest.main()
