#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the unittest tests of a file and speaks TAP: unittest_tap.py FILE."""

import importlib.util
import sys
import unittest


class TapResult(unittest.TestResult):
    """Counts and prints; the name of a test is its docstring or its method's name."""

    def startTestRun(self):
        self.number = 0

    def startTest(self, test):
        super().startTest(test)
        self.said = False

    def stopTest(self, test):
        # A test of which a part failed is none of success, failure or error.
        if not self.said:
            self.say(test, False)
        super().stopTest(test)

    def say(self, test, good, tail="", details=""):
        self.number += 1
        self.said = True
        name = test.shortDescription() or test.id()
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}{tail}")
        for line in details.splitlines():
            print(f"# {line}")
        sys.stdout.flush()

    def addSuccess(self, test):
        self.say(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say(test, False, details=self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.say(test, False, details=self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say(test, True, tail=f" # SKIP {reason}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            for line in f"{subtest}: {err[1]}".splitlines():
                print(f"# {line}")



def main():
    spec = importlib.util.spec_from_file_location("tests", sys.argv[1])
    module = importlib.util.module_from_spec(spec)
    sys.modules["tests"] = module
    spec.loader.exec_module(module)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    print(f"1..{suite.countTestCases()}")
    result = TapResult()
    result.startTestRun()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
