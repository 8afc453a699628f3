/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "api/message.h"
#include "api/view.h"
#include "frames/preview.h"

/*
 * Pictures of outputs and zones as messages of the live channel, each made once
 * for all who look at it. The layout is in README.md, "Preview".
 */
struct pictures;

#define PICTURE_HEAD 12

enum picture_kind {
	PICTURE_OUTPUT,
	PICTURE_ZONE,
};

/** struct picture_source - what somebody looks at */
struct picture_source {
	enum picture_kind kind;
	uint16_t index; /* of the state snapshot */
};

/** pictures_create() - 0 or -ENOMEM */
int pictures_create(struct pictures **ret_pictures);

/** pictures_destroy() - NULL is fine; returns NULL */
struct pictures *pictures_destroy(struct pictures *pictures);

/**
 * pictures_get() - the newest picture of @source
 * @picture: the newest frames
 * @ret_version: grows with each other picture; 0 if there is none
 *
 * Return: borrowed until the next call for this source, or NULL if there is
 * none: the output is missing, or the zone does not fit.
 */
struct message *pictures_get(struct pictures *pictures, const struct view *view,
			     const struct preview_picture *picture, struct picture_source source,
			     uint64_t *ret_version);
