/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/route.h"

/* What there is to choose from, to be looked at: see struct route. */

/** GALLERY_* - a miniature: so many pixels, so many pictures, so many a second */
#define GALLERY_PIXELS 32
#define GALLERY_FRAMES 80
#define GALLERY_FPS 20

/**
 * gallery_get_miniature() - an animation with its defaults, as a short film
 *
 * {"width", "height", "frames", "fps", "rgb"}: the last is base64 of 3 bytes a
 * pixel, picture after picture. It is played by the animation's own code.
 */
void gallery_get_miniature(const struct route_get *get, struct writer *writer);

/** gallery_get_palettes() - all palettes with their colours */
void gallery_get_palettes(const struct route_get *get, struct writer *writer);
