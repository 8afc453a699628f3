/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/loop.h"
#include "pixel/lut.h"
#include "pixel/white.h"

/*
 * What a finished frame is given to. Everything happens on the light loop and
 * nothing blocks. An output that is lost tries by itself to come back, with
 * back-off, and tells its user.
 */
#define OUTPUT_MAX_CHANNELS 8
#define OUTPUT_MAX_PIXELS 131072 /* of all channels together */
#define OUTPUT_NAME_MAX 32

/** struct output_channel - one strip; @offset in bytes of the frame */
struct output_channel {
	uint32_t pixels;
	uint32_t components; /* 3 or 4 */
	uint32_t offset;
	char label[OUTPUT_NAME_MAX];
	struct white white; /* of four components: what their white LEDs give */
};

/**
 * struct output_colors - how a channel's LEDs are made to look right
 * @gamma: in hundredths, LUT_GAMMA_MIN to LUT_GAMMA_MAX
 * @balance: light of the full component, of red, green, blue and white
 * @white: as white_init() takes it
 */
struct output_colors {
	uint16_t gamma;
	uint8_t balance[4];
	uint16_t white;
};

/** OUTPUT_COLORS_DEFAULT - brightness is even to the eye, all else as the strip has it */
#define OUTPUT_COLORS_DEFAULT                                \
	((struct output_colors){ .gamma = LUT_GAMMA_DEFAULT, \
				 .balance = { UINT8_MAX, UINT8_MAX, UINT8_MAX, UINT8_MAX } })

/** struct output_geometry - layout of a frame, as in uapi/linux/diuna.h */
struct output_geometry {
	uint32_t channels;
	uint32_t frame_bytes;
	struct output_channel channel[OUTPUT_MAX_CHANNELS];
};

/** struct output_stats - counters since creation; plain value */
struct output_stats {
	uint64_t submitted; /* frames taken by the output */
	uint64_t completed; /* frames that were shown */
	uint64_t failed;    /* frames that ended with an error */
	uint64_t busy;	    /* submits answered -EAGAIN */
	uint64_t lost;	    /* times the output went away */
	uint64_t foreign;   /* frames of other writers */
	uint64_t last_done_ns;
};

struct output;

/** enum output_news - what is worth telling people */
enum output_news {
	OUTPUT_FOREIGN_WRITER, /* another program writes to the device, and did not a while ago */
	OUTPUT_FRAME_FAILED,   /* a frame ended with an error, and the one before had not */
};

/** struct output_callbacks - what the output tells its user, on the light loop */
struct output_callbacks {
	/* room for a frame after output_submit() answered -EAGAIN */
	void (*on_ready)(struct output *output, void *data);
	/* there again, geometry known (perhaps another one); the next frame must be whole */
	void (*on_present)(struct output *output, void *data);
	/* gone, or not there for another reason than before: submits answer -ENODEV; @error is -errno */
	void (*on_lost)(struct output *output, int error, void *data);
	/*
	 * what shows may not be the last frame taken: at @now_ns another writer's frame was
	 * seen, another writer closed the device, or a frame taken ended with an error
	 */
	void (*on_foreign)(struct output *output, uint64_t now_ns, void *data);
	/* @error: -errno, or 0; logged there; may be NULL */
	void (*on_news)(struct output *output, enum output_news news, int error, void *data);
	void *data;
};

/** struct output_ops - what an implementation gives */
struct output_ops {
	const char *type;
	int (*start)(struct output *output);
	int (*submit)(struct output *output, const uint8_t *frame, size_t bytes);
	void (*stop)(struct output *output);
	void (*destroy)(struct output *output);
};

/** struct output - the part common to all; implementations embed it first */
struct output {
	const struct output_ops *ops;
	char name[OUTPUT_NAME_MAX];
	bool present;
	int error; /* -errno of why it is not there, 0 while it is */
	struct output_geometry geometry;
	struct output_stats stats;
	struct output_callbacks callbacks;
};

/** output_start() - begin; calls on_present at once or later; 0 or -errno */
int output_start(struct output *output, const struct output_callbacks *callbacks);

/**
 * output_submit() - give it a whole frame, copied or taken before return
 *
 * Return: 0, -EAGAIN (busy: on_ready follows), -ENODEV (not there: on_present
 * follows) or -EINVAL (@bytes is not the geometry's frame_bytes).
 */
int output_submit(struct output *output, const uint8_t *frame, size_t bytes);

/** output_stop() - let go of the device; frames taken are still shown */
void output_stop(struct output *output);

/** output_layout() - fill in offsets and frame_bytes; -EINVAL if a limit is exceeded */
int output_layout(struct output_geometry *geometry);

/** output_set_whites() - white of each channel of @geometry by its entry of @colors */
void output_set_whites(struct output_geometry *geometry,
		       const struct output_colors colors[OUTPUT_MAX_CHANNELS]);

/** output_came(), output_went() - implementations: tell the user and keep @present and stats */
void output_came(struct output *output);
void output_went(struct output *output, int error);

/** output_missing() - implementations: it is not there yet, or not yet back; each reason once */
void output_missing(struct output *output, int error);

/** output_destroy() - NULL is fine; returns NULL */
struct output *output_destroy(struct output *output);
