/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "png.h"

/** TEXT_WIDTH, TEXT_HEIGHT - of a letter; the width includes the gap to the next */
#define TEXT_WIDTH 6
#define TEXT_HEIGHT 7

/** text_draw() - letters of @text in grey at (@x, @y), all as capitals; the rest are spaces */
void text_draw(struct image *image, uint32_t x, uint32_t y, const char *text);
