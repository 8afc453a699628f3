#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds calls that may wait in what runs on the light loop.

scripts/lib/blocking.py BINARY ALLOWED

Reads the linked program: its functions, what each of them calls (objdump) and
which functions have their address taken, in code or in tables. All of the
latter in the light loop's folders are callbacks that the loop may reach, but
for those that ALLOWED gives to other threads. From them no function of the
list below may be reached by calls, unless ALLOWED says why it does not wait.
Prints each chain of calls that it may not be; nothing is fine.

ALLOWED has lines "thread FILE:FUNCTION why" and "call FILE:FUNCTION CALLEE why",
with files as seen from daemon/. What is allowed in vain is told as well.
"""

import bisect
import collections
import fnmatch
import re
import subprocess
import sys

# By folder, in the order of the tree. api/ and web/ have a thread of their own.
LIGHT = re.compile(r"/daemon/(base|core|pixel|output|frames|engine|control|input|net)/|/daemon/app[^/]*$")

FORBIDDEN = """
open open64 openat openat64 creat fopen fopen64 freopen fdopen opendir readdir readdir64 scandir
fread fgets fgetc getline getdelim fscanf __isoc99_fscanf fwrite fputs fputc puts putchar printf
__printf_chk fprintf __fprintf_chk vfprintf __vfprintf_chk fflush fclose
fsync fdatasync sync syncfs rename renameat renameat2 unlink unlinkat mkdir rmdir truncate ftruncate
ftruncate64 flock lockf fallocate fallocate64 posix_fallocate* copy_file_range sendfile sendfile64
stat stat64 lstat lstat64 statx fstatat fstatat64 access faccessat readlink readlinkat realpath
__realpath_chk chmod chown lchown utimensat futimens link linkat symlink symlinkat mknod mkfifo statfs*
glob glob64 ftw nftw fts_* mkstemp* mkostemp* mkdtemp tmpfile* tempnam msync mlock* dlopen dlclose
chdir getcwd mount umount*
getaddrinfo gethostbyname getnameinfo getpwnam getgrnam
connect sleep usleep nanosleep clock_nanosleep pause alarm
pthread_join pthread_timedjoin_np pthread_cond_wait pthread_cond_timedwait
pthread_cond_clockwait sem_wait thrd_join
pthread_barrier_wait pthread_mutex_timedlock pthread_mutex_clocklock
posix_spawn posix_spawnp execve execv execvp execl execlp
system popen pclose fork vfork clone wait waitpid waitid wait3 wait4
select pselect poll ppoll epoll_wait epoll_pwait epoll_pwait2 sigwait sigwaitinfo sigtimedwait sigsuspend
tcdrain mq_* msgrcv msgsnd semop semtimedop
json_* sd_journal_send* sd_journal_print* syslog
""".split()


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Program:
    """Functions of a linked program by address, their files, calls and addresses taken."""

    def __init__(self, binary):
        self.start, self.name = [], {}
        for line in run("nm", "--defined-only", "-n", binary).splitlines():
            address, kind, name = line.split(" ", 2)
            if kind in "tTwW" and not name.startswith("_"):
                address = int(address, 16)
                if address not in self.name:
                    self.start.append(address)
                # a part that the compiler has split off keeps its function's name
                self.name[address] = re.sub(r"\.(part|cold|constprop|isra)\b.*", "", name)
        self.calls = collections.defaultdict(set)
        self.imports = collections.defaultdict(set)
        self.taken = set()
        self.in_tables = set()      # functions of libraries
        self.read_code(binary)
        self.read_tables(binary)
        self.file = self.read_files(binary)

    def place(self, address):
        """As ALLOWED names it."""
        return f"{re.sub('.*/daemon/', '', self.file.get(address, '?'))}:{self.name[address]}"

    def function_at(self, address):
        """Start of the function that the address is in."""
        index = bisect.bisect_right(self.start, address) - 1
        return self.start[index] if index >= 0 else None

    def read_code(self, binary):
        inside = None
        for line in run("objdump", "-d", "--no-show-raw-insn", binary).splitlines():
            head = re.match(r"([0-9a-f]+) <(.*)>:$", line)
            if head:
                inside = int(head[1], 16) if int(head[1], 16) in self.name else None
                continue
            if inside is None:
                continue
            call = re.search(r"\b(?:call|jmp|j[a-z]+)\s+([0-9a-f]+) <([^>+]*)", line)
            if call:
                if call[2].endswith("@plt"):
                    self.imports[inside].add(call[2][:-4])
                else:
                    target = self.function_at(int(call[1], 16))
                    if target is not None and target != inside:
                        self.calls[inside].add(target)
                continue
            # through the table of addresses, as calls to libraries are with -fno-plt; or its
            # address is taken from there, and it is called sooner or later
            call = re.search(r"# [0-9a-f]+ <([^>@]+)@", line)
            if call:
                self.imports[inside].add(call[1])
                continue
            lea = re.search(r"\blea\s+.*# ([0-9a-f]+) <", line)
            if lea and int(lea[1], 16) in self.name:
                self.taken.add(int(lea[1], 16))

    def read_tables(self, binary):
        for line in run("readelf", "-rW", binary).splitlines():
            entry = re.search(r"R_X86_64_64\s+[0-9a-f]+ ([^\s@]+)", line)
            if entry:
                self.in_tables.add(entry[1])
            entry = re.search(r"R_X86_64_RELATIVE\s+([0-9a-f]+)$", line)
            if entry and int(entry[1], 16) in self.name:
                self.taken.add(int(entry[1], 16))

    def read_files(self, binary):
        addresses = [hex(address) for address in self.start]
        files = {}
        for i in range(0, len(addresses), 500):
            for line in run("addr2line", "-a", "-i", "-e", binary, *addresses[i:i + 500]).splitlines():
                if line.startswith("0x"):
                    address = int(line, 16)
                else:
                    # the last one is where the function is; those before are inlined there
                    files[address] = line.rsplit(":", 1)[0]
        return files


def read_allowed(path):
    threads, calls = {}, {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            words = line.split("#", 1)[0].split()
            if not words:
                continue
            if words[0] == "thread" and len(words) > 2:
                threads[words[1]] = number
            elif words[0] == "call" and len(words) > 3:
                calls[words[1], words[2]] = number
            else:
                sys.exit(f"{path}:{number}: not a line of this file: {line.strip()}")
    return threads, calls


def is_forbidden(name):
    return any(fnmatch.fnmatchcase(name.split("@")[0], pattern) for pattern in FORBIDDEN)


def find(program, threads, calls, light=LIGHT):
    """Chains of names from a callback to a forbidden call, and what of the lists was of use."""
    used = set()
    # whoever takes it from there cannot be told
    chains = [["a table", name] for name in sorted(program.in_tables) if is_forbidden(name)]
    roots = set()
    for address in program.taken:
        if not light.search(program.file.get(address, "")):
            continue
        if program.place(address) in threads:
            used.add(program.place(address))
        else:
            roots.add(address)
    came_from = {address: None for address in roots}
    queue = collections.deque(sorted(roots))
    while queue:
        address = queue.popleft()
        for name in sorted(program.imports[address]):
            if not is_forbidden(name):
                continue
            if (program.place(address), name) in calls:
                used.add((program.place(address), name))
                continue
            chain, at = [name], address
            while at is not None:
                chain.append(program.place(at))
                at = came_from[at]
            chains.append(chain[::-1])
        for target in sorted(program.calls[address]):
            if program.place(target) in threads:
                used.add(program.place(target))
            elif target not in came_from:
                came_from[target] = address
                queue.append(target)
    return chains, used


def main():
    binary, allowed = sys.argv[1:]
    threads, calls = read_allowed(allowed)
    chains, used = find(Program(binary), threads, calls)
    for chain in sorted(chains):
        print(f"{' > '.join(chain)}: may wait, on the light loop")
    for entry, number in [*threads.items(), *calls.items()]:
        if entry not in used:
            print(f"{allowed}:{number}: {' '.join([entry] if isinstance(entry, str) else entry)} "
                  "is not reached any more")


if __name__ == "__main__":
    main()
