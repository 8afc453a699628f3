// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pixel/kelvin.h against what it approximates: Planck's law, summed over the
 * colour-matching functions of the CIE 1931 2° observer every 10 nm (CIE 015,
 * ISO/CIE 11664-1), in the primaries of IEC 61966-2-1.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pixel/kelvin.h"

/* How far light may be from the exact one, and components that are not next to black. */
#define LIGHT_OFF_BY (1.0 / 255)
#define OFF_BY 1
#define NEXT_TO_BLACK 16

/* x, y, z from 380 nm to 770 nm; beyond that all are 0 to four digits */
static const double observer[][3] = {
	{ .0014, .0000, .0065 },  { .0042, .0001, .0201 },  { .0143, .0004, .0679 },
	{ .0435, .0012, .2074 },  { .1344, .0040, .6456 },  { .2839, .0116, 1.3856 },
	{ .3483, .0230, 1.7471 }, { .3362, .0380, 1.7721 }, { .2908, .0600, 1.6692 },
	{ .1954, .0910, 1.2876 }, { .0956, .1390, .8130 },  { .0320, .2080, .4652 },
	{ .0049, .3230, .2720 },  { .0093, .5030, .1582 },  { .0633, .7100, .0782 },
	{ .1655, .8620, .0422 },  { .2904, .9540, .0203 },  { .4334, .9950, .0087 },
	{ .5945, .9950, .0039 },  { .7621, .9520, .0021 },  { .9163, .8700, .0017 },
	{ 1.0263, .7570, .0011 }, { 1.0622, .6310, .0008 }, { 1.0026, .5030, .0003 },
	{ .8544, .3810, .0002 },  { .6424, .2650, .0000 },  { .4479, .1750, .0000 },
	{ .2835, .1070, .0000 },  { .1649, .0610, .0000 },  { .0874, .0320, .0000 },
	{ .0468, .0170, .0000 },  { .0227, .0082, .0000 },  { .0114, .0041, .0000 },
	{ .0058, .0021, .0000 },  { .0029, .0010, .0000 },  { .0014, .0005, .0000 },
	{ .0007, .0002, .0000 },  { .0003, .0001, .0000 },  { .0002, .0001, .0000 },
	{ .0001, .0000, .0000 },
};

/* CIE XYZ of a black body, of any brightness; c2 = 0.014388 m K */
static void black_body(double kelvin, double ret_xyz[3])
{
	ret_xyz[0] = ret_xyz[1] = ret_xyz[2] = 0;
	for (size_t i = 0; i < sizeof(observer) / sizeof(observer[0]); i++) {
		double nm = 380 + 10 * (double)i;
		double power = pow(nm / 560, -5) / (exp(1.4388e7 / (nm * kelvin)) - 1);

		for (int k = 0; k < 3; k++)
			ret_xyz[k] += power * observer[i][k];
	}
}

static void exact(double kelvin, double ret_light[3])
{
	static const double matrix[3][3] = { { 3.2406, -1.5372, -0.4986 },
					     { -0.9689, 1.8758, 0.0415 },
					     { 0.0557, -0.2040, 1.0570 } };
	double xyz[3], most = 0;

	black_body(kelvin, xyz);
	for (int i = 0; i < 3; i++) {
		ret_light[i] = fmax(0, matrix[i][0] * xyz[0] + matrix[i][1] * xyz[1] +
					       matrix[i][2] * xyz[2]);
		most = fmax(most, ret_light[i]);
	}
	for (int i = 0; i < 3; i++)
		ret_light[i] /= most;
}

static void the_reference_itself_gives_illuminant_a(void **state)
{
	double xyz[3], sum;

	(void)state;
	/* CIE 015: illuminant A, a black body at 2856 K, has x = 0.44758 and y = 0.40745 */
	black_body(2856, xyz);
	sum = xyz[0] + xyz[1] + xyz[2];
	assert_true(fabs(xyz[0] / sum - 0.44758) < 0.0002);
	assert_true(fabs(xyz[1] / sum - 0.40745) < 0.0002);
}

static void every_temperature_is_what_planck_and_cie_say(void **state)
{
	(void)state;
	for (unsigned int kelvin = KELVIN_MIN; kelvin <= KELVIN_MAX; kelvin += 50) {
		struct pixel color = kelvin_color(kelvin);
		uint8_t component[3] = { color.r, color.g, color.b };
		double light[3], wanted[3];

		kelvin_light(kelvin, light);
		exact(kelvin, wanted);
		for (int i = 0; i < 3; i++) {
			double most = 255 * pow(wanted[i], 1 / 2.2);

			if (fabs(light[i] - wanted[i]) <= LIGHT_OFF_BY &&
			    (fabs(component[i] - most) <= OFF_BY + 0.5 ||
			     component[i] < NEXT_TO_BLACK))
				continue;
			print_error("%u K: component %d is %u, not %.1f\n", kelvin, i, component[i],
				    most);
			fail();
		}
		assert_int_equal(color.w, 0);
	}
}

static void warm_is_red_and_cold_is_blue_and_one_component_is_full(void **state)
{
	struct pixel before = kelvin_color(KELVIN_MIN);

	(void)state;
	assert_int_equal(before.r, 255);
	assert_int_equal(before.b, 0);
	for (unsigned int kelvin = KELVIN_MIN + 100; kelvin <= KELVIN_MAX; kelvin += 100) {
		struct pixel color = kelvin_color(kelvin);

		assert_true(color.r == 255 || color.g == 255 || color.b == 255);
		assert_true(color.r <= before.r && color.b >= before.b);
		before = color;
	}
	assert_int_equal(before.b, 255);
}

static void light_is_what_the_components_stand_for(void **state)
{
	double light[3];

	(void)state;
	kelvin_light(2700, light);
	/* 255 x light^(1 / 2.2) is the component */
	assert_int_equal(kelvin_color(2700).g, lround(255 * pow(light[1], 1 / 2.2)));
	assert_true(light[0] == 1 && light[1] < light[0] && light[2] < light[1]);
}

static void beyond_the_ends_it_is_the_nearest(void **state)
{
	struct pixel coldest = kelvin_color(KELVIN_MAX), beyond = kelvin_color(100000);

	(void)state;
	assert_memory_equal(&coldest, &beyond, sizeof(beyond));
	beyond = kelvin_color(0);
	assert_int_equal(beyond.r, 255);
	assert_int_equal(beyond.b, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_itself_gives_illuminant_a),
		cmocka_unit_test(every_temperature_is_what_planck_and_cie_say),
		cmocka_unit_test(warm_is_red_and_cold_is_blue_and_one_component_is_full),
		cmocka_unit_test(light_is_what_the_components_stand_for),
		cmocka_unit_test(beyond_the_ends_it_is_the_nearest),
	};

	return cmocka_run_group_tests_name("kelvin", tests, NULL, NULL);
}
