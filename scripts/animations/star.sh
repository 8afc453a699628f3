#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# star.sh [COLOUR] - a point with a tail runs along the zone; COLOUR is "R G B"
#
# An external animation for diunad, in sh and awk. It writes as fast as it can:
# diunad takes DIUNA_FPS pictures a second and lets it wait the rest of the time.

# A byte is a character, whatever the locale.
LC_ALL=C exec awk -v pixels="${DIUNA_PIXELS:-60}" -v fps="${DIUNA_FPS:-60}" \
	-v colour="${1:-255 120 20}" '
BEGIN {
	split(colour, rgb, " ")
	tail = pixels / 3 + 1
	while (1) {
		for (i = 0; i < pixels; i++) {
			behind = (head - i + pixels) % pixels
			light = behind < tail ? (1 - behind / tail) ^ 2 : 0
			printf "%c%c%c", rgb[1] * light, rgb[2] * light, rgb[3] * light
		}
		fflush()
		# once around in four seconds
		head = (head + pixels / (4 * fps)) % pixels
	}
}'
