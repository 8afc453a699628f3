// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/kelvin.h"

#include <math.h>

#define GAMMA 2.2

/*
 * Chromaticity of the Planckian locus in CIE 1960 u, v. M. Krystek, "An
 * algorithm to calculate correlated colour temperature", Color Research and
 * Application 10 (1985): off by less than 0.0001 from 1000 K to 15000 K.
 */
static void locus(double t, double *ret_u, double *ret_v)
{
	*ret_u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) /
		 (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t);
	*ret_v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) /
		 (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t);
}

void kelvin_light(unsigned int kelvin, double ret_light[3])
{
	/* from CIE XYZ to linear sRGB */
	static const double matrix[3][3] = {
		{ 3.2406255, -1.5372080, -0.4986286 },
		{ -0.9689307, 1.8757561, 0.0415175 },
		{ 0.0557101, -0.2040211, 1.0569959 },
	};
	double u, v, x, y, most = 0;

	if (kelvin < KELVIN_MIN)
		kelvin = KELVIN_MIN;
	if (kelvin > KELVIN_MAX)
		kelvin = KELVIN_MAX;
	locus(kelvin, &u, &v);
	/* CIE 1960 to 1931 */
	x = 3 * u / (2 * u - 8 * v + 4);
	y = 2 * v / (2 * u - 8 * v + 4);
	for (int i = 0; i < 3; i++) {
		ret_light[i] = matrix[i][0] * x + matrix[i][1] * y + matrix[i][2] * (1 - x - y);
		if (ret_light[i] < 0)
			ret_light[i] = 0;
		if (ret_light[i] > most)
			most = ret_light[i];
	}
	for (int i = 0; i < 3; i++)
		ret_light[i] /= most;
}

static uint8_t component(double light)
{
	return (uint8_t)lround(255 * pow(light, 1 / GAMMA));
}

struct pixel kelvin_color(unsigned int kelvin)
{
	double light[3];

	kelvin_light(kelvin, light);
	return (struct pixel){ component(light[0]), component(light[1]), component(light[2]), 0 };
}
