#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The way of a frame into the kernel, write(2) and SUBMIT, by size of the frame:
# instructions, counted by the machine whose clock they are. "submit.sh guest"
# is the part that runs in there.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${1:-}" = guest ]; then
	cp build/bench-submit /tmp/submit
	for pixels in 60 300 1000 2000; do
		echo "$pixels" > /sys/class/diuna/diuna/channel0/pixels
		/tmp/submit
	done
	exit
fi
mkdir -p build
"${CC:-gcc}" -std=gnu11 -O2 -Wall -Wextra -Werror -Iuapi -o build/bench-submit tests/bench/submit.c
scripts/vm --machine icount --module --parameters "sim=1 sim_pixels=60" -- tests/bench/submit.sh guest
