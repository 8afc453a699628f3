#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tasks a second in the register, told on the bus, by number of subscribers.

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$top"
"${CC:-gcc}" -std=gnu11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -Idaemon -o "$work/tasks" \
	tests/bench/tasks.c daemon/core/tasks.c daemon/core/bus.c daemon/core/event.c daemon/base/clock.c \
	daemon/base/log.c daemon/base/log_fold.c daemon/base/str.c daemon/base/thread.c \
	-lsystemd -lpthread
"$work/tasks"
