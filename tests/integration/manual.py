#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages have what the programs have, and nothing else.

tests/integration/manual.py --diunad PATH speaks TAP; diunactl lies beside diunad.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "scripts", "lib"))
import daemon as station  # noqa: E402

CONFIG_README = os.path.join(ROOT, "daemon/config/README.md")
# diuna.conf(5) is made from its document
PAGES = {"diunactl(1)": "daemon/man/diunactl.1", "diunad(8)": "daemon/man/diunad.8",
         "diuna(4)": "uapi/diuna.4", "diuna.conf(5)": None}


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def source(name):
    if PAGES[name]:
        return read(PAGES[name])
    return subprocess.run([os.path.join(ROOT, "scripts/lib/conf-man"), CONFIG_README],
                          capture_output=True, text=True, check=True).stdout


def plain(text):
    """Without macros, fonts and escapes: a line is what it says."""
    text = text.replace("\\-", "-").replace("\\(aq", "'")
    return re.sub(r"\\f[BIRP]", "", re.sub(r'(?m)^\.[A-Z]+ |"', "", text))


def section(text, name):
    return re.search(rf"(?ms)^\.SH {name}$(.*?)(?=^\.SH|\Z)", text)[1]


def tagged(text):
    """What stands after each .TP."""
    return [plain(line) for line in re.findall(r"(?m)^\.TP\n(.+)", text)]


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def said(program, *words):
    path = os.path.join(os.path.dirname(os.path.abspath(station.DIUNAD)), program)
    return subprocess.run([path, *words], capture_output=True, text=True, check=True,
                          timeout=station.LIMIT).stdout


def codes(text):
    """Numbers of a --help's list of exit codes."""
    return set(re.findall(r"(?<![\w.])(\d+) [a-z]", text[text.index("Exit codes:"):]))


class Manual(unittest.TestCase):
    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_warnings(self):
        """groff formats every page without a warning"""
        for name in PAGES:
            with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
                file.write(source(name))
                file.flush()
                done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", file.name], check=True,
                                      capture_output=True, text=True, timeout=station.LIMIT)
            self.assertEqual(done.stderr, "", name)
            # a macro that is none is printed as text
            self.assertNotRegex(done.stdout, r"(?m)^ *\.[A-Z]{2}\b", name)
            self.assertGreater(len(done.stdout.splitlines()), 50, name)

    def test_ascii(self):
        """every page is ASCII, which each version of man takes, and names who may copy it"""
        for name in PAGES:
            text = source(name)
            text.encode("ascii")
            self.assertRegex(text.splitlines()[0], r"^\.\\\" SPDX-License-Identifier: GPL-2\.0", name)

    def test_ctl_commands(self):
        """diunactl(1) has the commands of --help and no other"""
        of_help = re.findall(r"(?m)^  ([a-z]+) ", said("diunactl", "--help"))
        commands = section(source("diunactl(1)"), "COMMANDS")
        self.assertEqual({line.split()[0].rstrip(",") for line in tagged(commands)}, set(of_help))
        # and each word that a command takes
        for line in of_help:
            for word in re.findall(r"(?<![\w-])[a-z]+(?= \||\])", said("diunactl", line, "--help").splitlines()[0]):
                self.assertRegex(plain(commands), rf"\b{word}\b", line)

    def test_ctl_options(self):
        """diunactl(1) has every option of diunactl and of its commands, and no other"""
        known = options(said("diunactl", "--help") + said("diunactl", "watch", "--help"))
        of_page = options(plain(source("diunactl(1)")))
        self.assertEqual(of_page, known)

    def test_ctl_codes(self):
        """exit codes are the same in diunactl(1), --help and the source"""
        declared = set(re.findall(r"CTL_[A-Z_]+ = (\d+)", read("daemon/ctl/ctl.h")))
        self.assertEqual(set(tagged(section(source("diunactl(1)"), "EXIT STATUS"))), declared)
        self.assertEqual(codes(said("diunactl", "--help")), declared)

    def test_ctl_environment(self):
        """diunactl(1) has the variables of the environment that the source asks for, and no other"""
        asked = set()
        for path in ["daemon/diunactl.c", *(f"daemon/ctl/{name}" for name in os.listdir(os.path.join(ROOT, "daemon/ctl")))]:
            asked |= set(re.findall(r'getenv\("(\w+)"\)', read(path)))
        self.assertTrue(asked)
        of_page = re.findall(r"[A-Z_]{4,}", " ".join(tagged(section(source("diunactl(1)"), "ENVIRONMENT"))))
        self.assertEqual(set(of_page), asked)

    def test_daemon(self):
        """diunad(8) has the options, signals and exit codes of --help and no other"""
        text, page = said("diunad", "--help"), source("diunad(8)")
        # --help itself names no other program's options
        self.assertEqual(options(plain(section(page, "OPTIONS"))), options(text))
        signals = set(re.findall(r"SIG[A-Z0-9]+", text))
        self.assertEqual(set(re.findall(r"SIG[A-Z0-9]+", " ".join(tagged(section(page, "SIGNALS"))))), signals)
        self.assertEqual(set(tagged(section(page, "EXIT STATUS"))), codes(text))

    def test_keys(self):
        """diuna.conf(5) has every key of the configuration's table, once, with what is allowed"""
        # tests/unit/config holds the table against the schemas
        rows = re.findall(r"(?m)^\| `([a-z_.\[\]]+)` \| ([^|]+) \|", read(CONFIG_README))
        made = source("diuna.conf(5)").replace("\\-", "-")
        self.assertGreater(len(rows), 50)
        of_page = re.findall(r"(?m)^\.TP\n\\fB([a-z_.\[\]]+)\\fR$", made)
        self.assertEqual(sorted(of_page), sorted(key for key, _ in rows))
        for _, allowed in rows:
            self.assertIn(re.split("[`'*]", allowed)[0].strip(), made)

    def test_device(self):
        """diuna(4) has every request of the header, every parameter, and no name that the header has not"""
        header = read("uapi/linux/diuna.h")
        page = plain(source("diuna(4)"))
        declared = set(re.findall(r"\bDIUNA_\w+|\bdiuna_\w+", header))
        requests = {name for name in declared if name.startswith("DIUNA_IOC_")} - {"DIUNA_IOC_MAGIC"}
        named = set(re.findall(r"\bDIUNA_\w+|(?<=struct )diuna_\w+", page))
        self.assertGreaterEqual(len(requests), 6)
        self.assertEqual(requests - named, set())
        self.assertEqual(named - declared, set())
        parameters = {name for path in glob.glob(os.path.join(ROOT, "kmod", "*.c"))
                      for name in re.findall(r"^module_param(?:_array)?\((\w+),", read(path), re.M)}
        self.assertGreaterEqual(len(parameters), 8)
        named = {line.split("=")[0] for line in tagged(section(source("diuna(4)"), "MODULE PARAMETERS"))}
        self.assertEqual(named, parameters)

    def test_others(self):
        """each page refers to the three others"""
        for name in PAGES:
            seen = set(re.findall(r"(diuna[a-z.]*) (\(\d\))", plain(section(source(name), "SEE ALSO"))))
            self.assertEqual({"".join(pair) for pair in seen} & set(PAGES), set(PAGES) - {name}, name)


if __name__ == "__main__":
    sys.exit(station.run(__doc__, (Manual,)))
