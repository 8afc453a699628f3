#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the output of a lane's test programs (TAP, see tap.sh) from stdin.

tap.py LANE PLANS TOTALS: prints a line for each program and whatever a failed
one said, checks the lane against the file PLANS and writes "passed failed
skipped" to the file TOTALS. What makes a program fail: a failed test, no plan,
fewer or more tests than its plan, an exit code that is not 0, a time-out, a
skip that PLANS does not list.
"""

import fnmatch
import re
import sys
import time

SHOWN_LINES = 200   # of a failed program's output

PLAN = re.compile(r"1\.\.(\d+)(\s*#\s*skip\b.*)?", re.I)
TEST = re.compile(r"(not ok|ok)\b\s*(\d+)?\s*(?:- )?(.*)")
END = re.compile(r"## end .* (\d+)(?: ([\d.]+)-([\d.]+))?")   # exit code, uptime at start and end
SKIP = re.compile(r"#\s*skip\b\s*(.*)", re.I)


class Plans:
    """Lines "LANE NUMBER" (tests at least) and "skip LANE PROGRAM: TEST" (wildcards allowed)."""

    def __init__(self, path, lane):
        self.tests = None
        self.skips = []
        for line in open(path, encoding="utf-8"):
            words = line.split("#")[0].split(None, 2)
            if len(words) == 2 and words[0] == lane:
                self.tests = int(words[1])
            elif len(words) == 3 and words[:2] == ["skip", lane]:
                self.skips.append(words[2].strip())

    def lists(self, program, test):
        return any(fnmatch.fnmatchcase(f"{program}: {test}", p) for p in self.skips)


class Program:
    """One test program's output and what it comes to."""

    def __init__(self, name, plans):
        self.name = name
        self.plans = plans
        self.started = time.monotonic()
        self.lines = []
        self.planned = None
        self.seen = self.passed = self.skipped = 0
        self.failures = []

    def line(self, text):
        self.lines.append(text)
        plan = PLAN.fullmatch(text.strip()) if not text[:1].isspace() else None
        if plan:
            self.planned = (self.planned or 0) + int(plan[1])
            if plan[2]:
                self.skip("*", plan[2])
            return
        if text.startswith("Bail out!"):
            self.failures.append(text)
        test = TEST.match(text)
        if test:
            self.test(test[1] == "ok", test[3])

    def test(self, good, description):
        self.seen += 1
        skip = SKIP.search(description)
        if not good:
            self.failures.append(f"failed: {description}")
        elif skip:
            self.skip(description[:skip.start()].strip(), skip[1])
        else:
            self.passed += 1

    def skip(self, test, reason):
        if self.plans.lists(self.name, test):
            self.skipped += 1
        else:
            self.failures.append(f"skipped, and not listed: {test} {reason}")

    def end(self, code):
        if self.planned is None:
            self.failures.append("no plan: the program did not get as far as its tests")
        elif self.planned != self.seen:
            self.failures.append(f"planned {self.planned} tests, ran {self.seen}")
        if code is None:
            self.failures.append("its output ends before it does")
        elif code in (124, 137):
            self.failures.append("time-out")
        elif code not in (0, 4) and not self.failures:
            self.failures.append(f"exit code {code}")

    def report(self, seconds):
        state = "FAILED" if self.failures else "ok"
        print(f"  {state:6} {self.name}: {self.passed} tests, {seconds:.1f} s", flush=True)
        if not self.failures:
            return
        if len(self.lines) > SHOWN_LINES:
            print(f"    | … {len(self.lines) - SHOWN_LINES} lines before")
        for text in self.lines[-SHOWN_LINES:]:
            print(f"    | {text}")
        for text in self.failures:
            print(f"    {text}", flush=True)


def main():
    lane, plans_path, totals_path = sys.argv[1:]
    plans = Plans(plans_path, lane)
    passed = failed = skipped = 0
    stray = []
    program = None

    def close(code, seconds=None):
        nonlocal passed, failed, skipped
        program.end(code)
        program.report(seconds if seconds is not None else time.monotonic() - program.started)
        passed += program.passed
        failed += len(program.failures)
        skipped += program.skipped

    for text in sys.stdin.buffer:
        text = text.decode("utf-8", "replace").rstrip("\r\n")
        if text.startswith("## begin "):
            if program:
                close(None)
            program = Program(text[9:], plans)
        elif program and (end := END.fullmatch(text)):
            close(int(end[1]), float(end[3]) - float(end[2]) if end[2] else None)
            program = None
        elif program:
            program.line(text)
        elif text:
            stray.append(text)
            print(f"    {text}", flush=True)
    if program:
        close(None)

    ran = passed + failed + skipped
    if ran == 0:
        print(f"  FAILED the lane {lane} ran no test")
        failed += 1
    if plans.tests is None:
        print(f"  FAILED no number of tests for the lane {lane} in {plans_path}")
        failed += 1
    elif ran < plans.tests:
        print(f"  FAILED the lane {lane} ran {ran} tests; {plans_path} says {plans.tests}")
        failed += 1
    elif ran > plans.tests:
        print(f"  note: the lane {lane} ran {ran} tests; {plans_path} says {plans.tests}: raise it")
    with open(totals_path, "w", encoding="utf-8") as out:
        out.write(f"{passed} {failed} {skipped}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
