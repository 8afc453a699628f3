#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts the instructions of the module's encoder, built for user space with the
# kernel's flags: callgrind counts them exactly, whatever else the machine does.
# A pixel's share is the difference of two frames, so calls and set-up drop out.
# Prints TAP; ends with 1 if a count is above its limit.

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
number=0

command -v valgrind >/dev/null || {
	echo "Bail out! valgrind is not installed (apt-get install valgrind)"
	exit 1
}

"${CC:-gcc}" -O2 -mgeneral-regs-only -fno-strict-aliasing -Wall -Wextra -Werror \
	-I"$top/tests/unit/kmod/shim" -I"$top/kmod" \
	-o "$work/encode" "$top/tests/bench/encode.c" "$top/kmod/encode.c"

# count FUNCTION ORDER PIXELS WHAT: instructions inside the function
count() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="$1" \
		"$work/encode" "$2" "$3" "$4" >"$work/out" 2>&1 || {
		sed 's/^/# /' "$work/out"
		echo "Bail out! valgrind failed"
		exit 1
	}
	sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$work/out"
}

# check COUNT PER LIMIT SENTENCE: COUNT instructions in PER pieces
check() {
	number=$((number + 1))
	if [ "$1" -gt 0 ] && [ "$1" -le $(($2 * $3)) ]; then
		echo "ok $number $4"
	else
		echo "not ok $number $4"
		failed=1
	fi
	echo "# counted $(($1 / $2)).$(printf %02d $(($1 * 100 / $2 % 100))), limit $3"
}

# pixel FUNCTION ORDER WHAT: of 1000 pixels
pixel() {
	echo $(($(count "$1" "$2" 3000 "$3") - $(count "$1" "$2" 2000 "$3")))
}

echo TAP version 13
echo 1..6
check "$(pixel diuna_encode GRB encode)" 1000 16 \
	"an RGB pixel is encoded in at most 16 instructions"
check "$(pixel diuna_encode_sum GRB sum)" 1000 20 \
	"an RGB pixel is encoded and its current added in at most 20 instructions"
check "$(pixel diuna_encode GRBW encode)" 1000 21 \
	"an RGBW pixel is encoded in at most 4/3 of the instructions of an RGB pixel"
check "$(pixel diuna_encode_sum GRBW sum)" 1000 32 \
	"an RGBW pixel is encoded and its current added in at most 32 instructions"
check "$(count diuna_table_build GRB 1 table)" 1 8000 \
	"the table of an RGB channel is built in at most 8000 instructions"
check "$(count diuna_table_build GRBW 1 table)" 1 8000 \
	"the table of an RGBW channel is built in at most 8000 instructions"
exit $failed
