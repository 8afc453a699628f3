/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** EVENT_NAME_MAX - bytes of a name inside an event, the closing zero included */
#define EVENT_NAME_MAX 32

/** EVENT_TEXT_MAX - bytes of a text inside an event, the closing zero included */
#define EVENT_TEXT_MAX 96

/** enum event_type - all that can be told on the bus */
enum event_type {
	EVENT_NONE,
	EVENT_ENCODER_ROTATE,
	EVENT_ENCODER_CLICK,
	EVENT_BUTTON_PRESS,
	EVENT_KEY_PRESS,
	EVENT_ZONE_STATIC_STATE_CHANGED,
	EVENT_ZONE_RENDER_MODE_CHANGED,
	EVENT_ZONE_ANIMATION_CHANGED,
	EVENT_ANIMATION_STARTED,
	EVENT_ANIMATION_STOPPED,
	EVENT_ANIMATION_PARAMETER_CHANGED,
	EVENT_ZONE_SNAPSHOT_UPDATED,
	EVENT_WEB_COMMAND,
	EVENT_TASK_CHANGED,
	EVENT_OUTPUT_CHANGED,
	EVENT_PANEL_CHANGED,
	EVENT_SYSTEM,
	EVENT_TYPES,
};

/** enum event_gesture - what was done to an input */
enum event_gesture {
	EVENT_ROTATE, /* an encoder, either way */
	EVENT_RIGHT,  /* an encoder, clockwise */
	EVENT_LEFT,
	EVENT_PRESS, /* a button, an encoder's switch or a key */
	EVENT_RELEASE,
	EVENT_CLICK,  /* a short press is over, and no second one followed */
	EVENT_DOUBLE, /* a second press followed soon */
	EVENT_LONG,   /* held for long */
	EVENT_REPEAT, /* a key that is held */
	EVENT_GESTURES,
};

/* Modifiers of a key, as bits. */
#define EVENT_SHIFT 1U
#define EVENT_CTRL 2U
#define EVENT_ALT 4U
#define EVENT_META 8U

/** enum event_system_kind - what an EVENT_SYSTEM says */
enum event_system_kind {
	EVENT_SYSTEM_READY,
	EVENT_SYSTEM_SHUTDOWN,
	EVENT_SYSTEM_DEVICE_LOST,
	EVENT_SYSTEM_DEVICE_BACK,
	EVENT_SYSTEM_FOREIGN_WRITER, /* of the output @text */
	EVENT_SYSTEM_ERROR,	     /* what failed, and why */
	EVENT_SYSTEM_HOT,
	EVENT_SYSTEM_COOL,
	EVENT_SYSTEM_LOW_VOLTAGE,
	EVENT_SYSTEM_VOLTAGE_BACK,
};

/**
 * struct event - one thing that happened; a plain value, copied freely
 * @type: what kind
 * @key: what it is about, such as a zone's index: newer state events of the
 *	same type and key replace older ones that still wait
 * @seq: number given by the bus, from 1
 * @time_ns: CLOCK_MONOTONIC, given by the bus
 * @source: who published it, a static string
 *
 * The member of the union follows from @type.
 */
struct event {
	enum event_type type;
	uint32_t key;
	uint64_t seq;
	uint64_t time_ns;
	const char *source;
	union {
		struct {
			uint16_t zone;
			char parameter[EVENT_NAME_MAX];
			int32_t value;
		} parameter;
		struct {
			uint16_t zone;
			char id[EVENT_NAME_MAX];
		} animation;
		struct {
			uint16_t zone;
		} zone;
		/* of inputs, whose name is @source: encoder, its switch, button, key */
		struct {
			uint8_t input;
			enum event_gesture gesture;
			int32_t delta; /* of ENCODER_ROTATE: steps, positive clockwise */
			/* of KEY_PRESS: of linux/input-event-codes.h; 0: it is not told which */
			uint32_t code;
			uint32_t modifiers; /* of KEY_PRESS */
		} input;
		struct {
			uint32_t task;
			uint32_t status;
		} task;
		struct {
			uint16_t output;
			int32_t error;
		} output;
		struct {
			enum event_system_kind kind;
			char text[EVENT_TEXT_MAX];
		} system;
	};
};

/** event_gesture_name() - such as "press"; "unknown" out of range */
const char *event_gesture_name(enum event_gesture gesture);

/** event_type_name() - lower-case name such as "zone_static_state_changed"; "unknown" out of range */
const char *event_type_name(enum event_type type);

/**
 * event_replaces() - whether @newer makes @older needless
 *
 * True for two state events (those whose name ends in changed or updated) about
 * the same thing: same type and key, and for a parameter the same zone and name.
 */
bool event_replaces(const struct event *newer, const struct event *older);
