/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

/** LOG_FOLD_NS - repeats are told at the latest this long after the line or the last telling */
#define LOG_FOLD_NS (10ULL * 1000000000ULL)

/**
 * struct log_fold - folds a line that comes again at once into a count
 *
 * Pure: time is an argument. Zero it to begin.
 */
struct log_fold {
	struct log_line last; /* seq, wall_ms and repeated do not matter here */
	bool any;
	uint32_t count; /* repeats not told yet */
	uint64_t since_ns;
};

/**
 * log_fold_add() - a line comes
 * @ret_told: repeats of the line before to tell first, 0 if none
 *
 * Same level, category, errno and text within LOG_FOLD_NS are a repeat.
 * Return: true if @line is one, and not to be written.
 */
bool log_fold_add(struct log_fold *fold, const struct log_line *line, uint64_t now_ns,
		  uint32_t *ret_told);

/** log_fold_expire() - repeats to tell because their time is up at @now_ns, 0 if none */
uint32_t log_fold_expire(struct log_fold *fold, uint64_t now_ns);

/** log_fold_deadline_ns() - when log_fold_expire() will have something; 0: never as things are */
uint64_t log_fold_deadline_ns(const struct log_fold *fold);
