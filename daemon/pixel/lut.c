// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/lut.h"

#include <math.h>

void lut_fill(uint8_t table[256], unsigned int gamma, uint8_t balance)
{
	table[0] = 0;
	for (unsigned int v = 1; v < 256; v++) {
		long light = lround(balance * pow(v / 255.0, gamma / 100.0));

		table[v] = (uint8_t)(balance && light < 1 ? 1 : light);
	}
}
