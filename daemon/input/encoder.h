/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * A rotary encoder with two switches, A and B, a quarter of a period apart.
 * Pure: edges with their times go in, detents come out.
 *
 * Every edge of both lines counts, so contacts that bounce walk to and fro
 * between two neighbours and come to nothing. Levels say where in its period
 * the knob is, so a lost edge costs at most the detent it was part of.
 */

/** ENCODER_ACCELERATION_MAX - the most steps that a quick detent may count for */
#define ENCODER_ACCELERATION_MAX 20
/** ENCODER_SLOW_NS - detents this far apart, or farther, count for one step */
#define ENCODER_SLOW_NS 120000000ULL
/** ENCODER_QUICK_NS - detents this near, or nearer, count for all that acceleration gives */
#define ENCODER_QUICK_NS 20000000ULL

/** enum encoder_line - the two switches; with A before B it turns clockwise */
enum encoder_line {
	ENCODER_A,
	ENCODER_B,
};

/**
 * struct encoder_config - what kind of encoder
 * @quarters: edges from one detent to the next: 4, 2 or 1
 * @reversed: it counts the other way round
 * @acceleration: steps that a detent counts for when turned quickly, 1 to
 *	ENCODER_ACCELERATION_MAX; 1: always one
 */
struct encoder_config {
	uint8_t quarters;
	bool reversed;
	uint8_t acceleration;
};

/** struct encoder - a plain value; to be made by encoder_init() */
struct encoder {
	struct encoder_config config;
	bool level[2];
	int8_t quarter;	    /* since the last detent */
	int8_t direction;   /* of the last detent; 0: none yet */
	uint64_t detent_ns; /* when it was */
};

/**
 * encoder_init() - a knob that nobody turns
 * @a, @b: levels of the lines now
 *
 * Logical levels: an active-low line that is open is false. Lines that are
 * alike are those of a detent; else the knob hangs beside the one with both open.
 */
void encoder_init(struct encoder *encoder, const struct encoder_config *config, bool a, bool b);

/**
 * encoder_edge() - a line has another level since @time_ns
 *
 * An edge to the level that the line has already changes nothing: contacts
 * bounce quicker than a level can be read. Times are ns of any one clock.
 * Return: steps, positive clockwise; 0 unless a detent was reached.
 */
int encoder_edge(struct encoder *encoder, enum encoder_line line, bool level, uint64_t time_ns);

/**
 * encoder_resync() - edges were lost, and these are the levels now
 *
 * The knob is taken to have gone on in its direction. Return: as encoder_edge().
 */
int encoder_resync(struct encoder *encoder, bool a, bool b, uint64_t time_ns);
