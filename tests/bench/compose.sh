#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts the instructions that a frame costs for each pixel, from the zones'
# colours to the frame that an output is given: callgrind counts them exactly,
# whatever else the machine does. Prints TAP; ends with 1 if a count is above
# its limit.

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v valgrind >/dev/null || {
	echo "Bail out! valgrind is not installed (apt-get install valgrind)"
	exit 1
}

# the files of the light's path, on a loop whose time the program moves; nobody looks at previews
frames=$(find "$top/daemon/frames" -name '*.c' ! -name preview.c)
# shellcheck disable=SC2086 # names without blanks, one a line
"${CC:-gcc}" -std=gnu11 -O2 -g -D_GNU_SOURCE -Wall -Wextra -Werror -I"$top/daemon" -I"$top/uapi" \
	-o "$work/compose" "$top/tests/bench/compose.c" $frames \
	"$top"/daemon/engine/*.c "$top"/daemon/engine/effects/*.c "$top"/daemon/pixel/*.c \
	"$top/daemon/output/output.c" "$top/daemon/core/metrics.c" "$top/daemon/base/log.c" \
	"$top/daemon/base/log_fold.c" "$top/daemon/base/ring.c" "$top/daemon/base/str.c" \
	"$top/daemon/base/thread.c" -lsystemd -lpthread -lm
valgrind --tool=callgrind --callgrind-out-file="$work/cost" "$work/compose" >"$work/log" 2>&1 || {
	sed 's/^/# /' "$work/log"
	echo "Bail out! valgrind failed"
	exit 1
}

# in the order of measuring: cost.1, cost.2, cost.3
cat "$work"/cost.? | awk -v limit=20 '
	/^desc: Trigger: Client Request: / { kind = $5; pixels = $6 }
	/^totals: / && pixels { cost[kind] = $2 / pixels; pixels = 0 }
	END {
		print "TAP version 13"
		print "1..3"
		n = split("level transition white", kinds)
		for (i = 1; i <= n; i++) {
			bad = !(kinds[i] in cost) || cost[kinds[i]] > limit
			failed += bad
			what = kinds[i] == "white" ? "composing for white LEDs" : "a frame with a " kinds[i]
			printf "%sok %d %s costs at most %d instructions a pixel\n", bad ? "not " : "", i, what, limit
			printf "# counted %.1f\n", cost[kinds[i]]
		}
		exit failed > 0
	}
'
