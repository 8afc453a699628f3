// SPDX-License-Identifier: GPL-2.0-or-later
#include "pixel/white.h"

#include <string.h>

#include "pixel/kelvin.h"
#include "pixel/lanes.h"

/* light of the component 255 */
#define FULL (255.0F * 255.0F)
/* Less of a colour than this is nothing that the white LEDs would be short of. */
#define LIGHT_LEAST 0.001F

void white_init(struct white *white, unsigned int kelvin)
{
	double light[3] = { 1, 1, 1 };

	*white = (struct white){ .on = kelvin != WHITE_NONE };
	if (kelvin > WHITE_NEUTRAL)
		kelvin_light(kelvin, light);
	for (int i = 0; i < 3; i++) {
		white->light[i] = (float)light[i];
		white->share[i] = 1 / (light[i] < LIGHT_LEAST ? LIGHT_LEAST : white->light[i]);
	}
}

static inline lanes_float light_of(lanes32 component)
{
	lanes_float v = __builtin_convertvector((lanes_int)component, lanes_float);

	return v * v;
}

static inline lanes32 extract(lanes32 v, const struct white *white)
{
	lanes_float none = { 0 }, full = { FULL, FULL, FULL, FULL };
	lanes_float r = light_of(v & 0xff);
	lanes_float g = light_of(v >> 8 & 0xff);
	lanes_float b = light_of(v >> 16 & 0xff);
	lanes_float w = lanes_least(lanes_least(r * white->share[0], g * white->share[1]),
				    lanes_least(b * white->share[2], full));
	lanes32 own = (lanes32)(v >> 24 != 0), mixed;

	/* the one that is all white's may miss 0 by its last bit */
	r = lanes_most(r - w * white->light[0], none);
	g = lanes_most(g - w * white->light[1], none);
	b = lanes_most(b - w * white->light[2], none);
	mixed = lanes_root_of(r) | lanes_root_of(g) << 8 | lanes_root_of(b) << 16 |
		lanes_root_of(w) << 24;
	return (v & own) | (mixed & ~own);
}

void white_extract(struct pixel *pixels, size_t n, const struct white *white)
{
	size_t i = 0;
	lanes32 v;

	for (; i + LANES_PIXELS <= n; i += LANES_PIXELS) {
		memcpy(&v, pixels + i, sizeof(v));
		v = extract(v, white);
		memcpy(pixels + i, &v, sizeof(v));
	}
	if (i == n)
		return;
	v = (lanes32){ 0 };
	memcpy(&v, pixels + i, (n - i) * sizeof(*pixels));
	v = extract(v, white);
	memcpy(pixels + i, &v, (n - i) * sizeof(*pixels));
}
