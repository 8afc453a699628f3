// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * encode.c - calls the module's encoder once, for encode.sh to count
 *
 * encode ORDER PIXELS WHAT, where WHAT is encode, sum or table.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"

int main(int argc, char **argv)
{
	static const u32 ua[DIUNA_COLORS] = { 12000, 12000, 12000, 18000 };
	static const struct diuna_symbols symbols = { .zero = 0x8, .one = 0xe };
	static struct diuna_table table;
	static u8 lut[DIUNA_COLORS][256];
	struct diuna_order order;
	u32 pixels, *dst;
	u8 *src;

	if (argc != 4 || diuna_order_parse(argv[1], &order))
		return 2;
	pixels = strtoul(argv[2], NULL, 10);
	src = calloc(pixels, order.components);
	dst = calloc(pixels, order.components * sizeof(*dst));
	if (!src || !dst)
		return 2;
	for (u32 i = 0; i < pixels * order.components; i++)
		src[i] = i * 37;
	diuna_table_identity_lut(lut);

	diuna_table_build(&table, &order, &symbols, (const u8(*)[256])lut, 200, 60000, ua, false);
	if (!strcmp(argv[3], "encode"))
		diuna_encode(&table, &order, src, pixels, dst, 1);
	else if (!strcmp(argv[3], "sum"))
		printf("%llu\n",
		       (unsigned long long)diuna_encode_sum(&table, &order, src, pixels, dst, 1));
	else if (strcmp(argv[3], "table"))
		return 2;
	free(src);
	free(dst);
	return 0;
}
