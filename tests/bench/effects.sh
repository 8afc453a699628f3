#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts the instructions that each effect costs for a pixel of a frame, advance
# and render together: callgrind counts them exactly, whatever else the machine
# does. Prints a table and TAP; ends with 1 if a count is above its limit.

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v valgrind >/dev/null || {
	echo "Bail out! valgrind is not installed (apt-get install valgrind)"
	exit 1
}

"${CC:-gcc}" -std=gnu11 -O2 -g -Wall -Wextra -Werror -I"$top/daemon" -o "$work/effects" \
	"$top/tests/bench/effects.c" "$top/daemon/engine/effect_table.c" \
	"$top"/daemon/engine/effects/*.c "$top"/daemon/pixel/*.c -lm
valgrind --tool=callgrind --callgrind-out-file="$work/cost" "$work/effects" >"$work/log" 2>&1 || {
	sed 's/^/# /' "$work/log"
	echo "Bail out! valgrind failed"
	exit 1
}

awk -v median_limit=40 -v limit=150 '
	/^desc: Trigger: Client Request: / { id = $5; kind = $6; pixels = $7 }
	/^totals: / && pixels { cost[id, kind] = $2 / pixels; seen[id] = 1; pixels = 0 }
	END {
		for (id in seen)
			list[n++] = cost[id, "strip"] > cost[id, "matrix"] ? cost[id, "strip"] : cost[id, "matrix"]
		for (i = 1; i < n; i++)
			for (j = i; j > 0 && list[j - 1] > list[j]; j--) {
				t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
			}
		print "TAP version 13"
		print "1..2"
		printf "# %-16s %8s %8s\n", "effect", "strip", "matrix"
		for (id in seen)
			printf "# %-16s %8.1f %8.1f\n", id, cost[id, "strip"], cost[id, "matrix"] | "sort"
		close("sort")
		median = n ? (list[int((n - 1) / 2)] + list[int(n / 2)]) / 2 : 0
		bad = !n || median > median_limit
		printf "%sok 1 the median of the effects costs at most %d instructions a pixel and frame\n", bad ? "not " : "", median_limit
		printf "# counted %.1f, of %d effects\n", median, n
		worse = !n || list[n - 1] > limit
		printf "%sok 2 no effect costs more than %d\n", worse ? "not " : "", limit
		printf "# counted %.1f\n", list[n - 1]
		exit bad || worse
	}
' "$work"/cost.*
