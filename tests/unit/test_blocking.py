# SPDX-License-Identifier: GPL-2.0-or-later
"""What looks for waits on the light loop finds those that are planted, and no others."""

import os
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "scripts", "lib"))
import blocking  # noqa: E402

# A program like the daemon: callbacks by argument and by table, a job of a worker, the start
LIGHT = """
#include <fcntl.h>
#include <unistd.h>
struct ops { int (*stop)(void); };
extern const struct ops *table;
void add(int (*fn)(void));
static int reason;
static __attribute__((noinline)) int deep(void) { PLANT; return ++reason; }
static __attribute__((noinline)) int on_timer(void) { return deep() + 1; }
#include "inlined.h"
static int on_more(void) { return inlined(); }
static int stop(void) { OTHER; return --reason; }
static int job(void) { return fsync(0) + 1; }
static const struct ops ops = { stop };
void start(void)
{
	reason = open("/dev/null", O_RDONLY);
	add(on_timer);
	add(job);
	add(on_more);
	table = &ops;
}
"""
MAIN = """
struct ops;
const struct ops *table;
static int (*fn[9])(void);
static int n;
void add(int (*f)(void)) { fn[n++] = f; }
void start(void);
int main(void) { start(); return fn[0]() + fn[1](); }
"""


class BlockingTest(unittest.TestCase):
    def find(self, plant="", other="", first="nothing", threads=("frames/light.c:job",), calls=()):
        """The chains that are told, and what of the lists was of use."""
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "daemon", "frames"))
            paths = [os.path.join(folder, "daemon", *name) for name in
                     (("frames", "light.c"), ("main.c",))]
            for path, text in zip(paths, (LIGHT, MAIN)):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            with open(os.path.join(folder, "inlined.h"), "w", encoding="utf-8") as file:
                file.write("static inline int nothing(void) { return 7; }\n"
                           "static inline int slow(void) { return usleep(1); }\n")
            binary = os.path.join(folder, "program")
            subprocess.run(["gcc", "-O2", "-g", "-fPIE", "-pie", f"-DPLANT={plant}",
                            f"-DOTHER={other}", f"-Dinlined={first}", "-I", folder, "-o", binary, *paths], check=True)
            return blocking.find(blocking.Program(binary), dict.fromkeys(threads),
                                 dict.fromkeys(calls))

    def test_clean(self):
        """the start may wait, and so may a job of another thread"""
        chains, used = self.find()
        self.assertEqual(chains, [])
        self.assertEqual(used, {"frames/light.c:job"})

    def test_job(self):
        """what is not said to be of another thread is of the light loop"""
        chains, _ = self.find(threads=())
        self.assertEqual(chains, [["frames/light.c:job", "fsync"]])

    def test_deep(self):
        """a wait below a callback is told with the way to it"""
        chains, _ = self.find(plant="usleep(1)")
        self.assertEqual(chains, [["frames/light.c:on_timer", "frames/light.c:deep", "usleep"]])

    def test_table(self):
        """a callback in a table is one as well"""
        chains, _ = self.find(other="sleep(1)")
        self.assertEqual(chains, [["frames/light.c:stop", "sleep"]])

    def test_pointer(self):
        """a wait that is called through a pointer is one as well"""
        chains, _ = self.find(plant="int (*volatile f)(unsigned int) = usleep; f(1)")
        self.assertEqual(chains, [["frames/light.c:on_timer", "frames/light.c:deep", "usleep"]])

    def test_imported_table(self):
        """a wait that stands in a table has no allowed place"""
        chains, _ = self.find(other="static int (*const volatile waits[])(unsigned int) = "
                                    "{ usleep }; waits[reason & 0](1)")
        self.assertIn(["a table", "usleep"], chains)

    def test_inlined(self):
        """a callback that begins with what a header of the system has is of its own file"""
        chains, _ = self.find(first="slow")
        self.assertEqual(chains, [["frames/light.c:on_more", "usleep"]])

    def test_allowed(self):
        """a call that is allowed is that one only"""
        allowed = ("frames/light.c:deep", "usleep")
        chains, used = self.find(plant="usleep(1)", other="usleep(1)", calls=[allowed])
        self.assertEqual(chains, [["frames/light.c:stop", "usleep"]])
        self.assertIn(allowed, used)


if __name__ == "__main__":
    unittest.main()
