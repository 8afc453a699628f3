#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What scripts/lib/tap.py makes of a lane's output: nothing that went wrong may count as passed."""

import os
import subprocess
import sys
import tempfile
import unittest

TAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/lib/tap.py")
PLANS = """
lane	2
skip lane good: on odd days	# the moon
"""


def program(name, *lines, code=0):
    return "\n".join([f"## begin {name}", *lines, "", f"## end {name} {code}", ""])


GOOD = program("good", "1..2", "ok 1 - a", "ok 2 - b")


class Lane(unittest.TestCase):
    def judge(self, stream, lane="lane", plans=PLANS):
        """(passed, failed, skipped), and what was printed; the exit code has to fit."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "plans")
            with open(path, "w", encoding="utf-8") as file:
                file.write(plans)
            totals = os.path.join(folder, "totals")
            done = subprocess.run([sys.executable, TAP, lane, path, totals], input=stream.encode(),
                                  stdout=subprocess.PIPE, check=False)
            with open(totals, encoding="utf-8") as file:
                counts = tuple(map(int, file.read().split()))
        self.assertEqual(done.returncode, 1 if counts[1] else 0)
        return counts, done.stdout.decode()

    def fails(self, stream, reason, **options):
        counts, said = self.judge(stream, **options)
        self.assertGreaterEqual(counts[1], 1, said)
        self.assertIn(reason, said)
        return counts

    def test_good(self):
        """a lane whose tests all pass passes"""
        self.assertEqual(self.judge(GOOD)[0], (2, 0, 0))

    def test_failed(self):
        """a failed test fails the lane, and what its program said is shown"""
        stream = GOOD + program("bad", "1..1", "not ok 1 - c", "# because")
        self.assertEqual(self.fails(stream, "# because"), (2, 1, 0))

    def test_nothing(self):
        """a lane that ran no test fails, whatever it printed"""
        self.fails("", "ran no test")
        self.fails("built all there is\n", "ran no test")
        self.fails("", "ran no test", plans="lane 0\n")

    def test_short(self):
        """a lane that ran fewer tests than its plan fails"""
        self.fails(GOOD, "ran 2 tests", plans="lane 3\n")

    def test_more(self):
        """a lane that ran more tests than its plan passes with a note"""
        counts, said = self.judge(GOOD, plans="lane 1\n")
        self.assertEqual(counts, (2, 0, 0))
        self.assertIn("raise it", said)

    def test_no_number(self):
        """a lane without a number of tests fails"""
        self.fails(GOOD, "no number of tests", lane="other")

    def test_program_plan(self):
        """a program that ran fewer or more tests than it planned fails"""
        self.fails(program("p", "1..3", "ok 1 - a", "ok 2 - b"), "planned 3 tests, ran 2")
        self.fails(program("p", "1..1", "ok 1 - a", "ok 2 - b"), "planned 1 tests, ran 2")

    def test_no_plan(self):
        """a program that does not get as far as a plan fails, also when it exits with 0"""
        self.fails(GOOD + program("p", "I could not start"), "no plan")

    def test_code(self):
        """a program that exits with another code than 0 fails though its tests passed"""
        self.fails(program("p", "1..2", "ok 1 - a", "ok 2 - b", code=1), "exit code 1")

    def test_time_out(self):
        """a program that was ended by its time limit fails"""
        self.fails(program("p", "1..2", "ok 1 - a", "ok 2 - b", code=124), "time-out")

    def test_cut_off(self):
        """a program whose output ends before it does fails, as when its machine stops"""
        self.fails("## begin p\n1..2\nok 1 - a\nok 2 - b\n", "ends before it does")
        self.fails("## begin p\n1..2\nok 1 - a\nok 2 - b\n" + GOOD, "ends before it does")

    def test_bail_out(self):
        """a program that bails out fails"""
        self.fails(program("p", "1..2", "ok 1 - a", "ok 2 - b", "Bail out! no device"), "no device")

    def test_skip(self):
        """a skip that is not listed fails, be it of a test or of a whole program"""
        self.fails(program("good", "1..2", "ok 1 - a", "ok 2 - b # SKIP no strip"), "not listed: b")
        self.fails(GOOD + program("p", "1..0 # SKIP no strip", code=4), "not listed")

    def test_listed_skip(self):
        """a skip that is listed passes and is counted, for its program only"""
        lines = "1..2", "ok 1 - a", "ok 2 - on odd days # SKIP it is even"
        self.assertEqual(self.judge(program("good", *lines))[0], (1, 0, 1))
        self.fails(program("other", *lines), "not listed: on odd days")

    def test_name_with_spaces(self):
        """a program's name may have spaces, and its time may follow the exit code"""
        stream = program("wave of raspi", "1..2", "ok 1 - a", "ok 2 - b", code="0 10.50-12.75")
        counts, said = self.judge(stream)
        self.assertEqual(counts, (2, 0, 0))
        self.assertIn("wave of raspi: 2 tests, 2.2 s", said)


if __name__ == "__main__":
    unittest.main()
