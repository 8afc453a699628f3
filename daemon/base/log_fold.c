// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log_fold.h"

#include <string.h>

static bool is_same(const struct log_line *a, const struct log_line *b)
{
	return a->level == b->level && a->category == b->category && a->error == b->error &&
	       !strcmp(a->text, b->text);
}

bool log_fold_add(struct log_fold *fold, const struct log_line *line, uint64_t now_ns,
		  uint32_t *ret_told)
{
	*ret_told = log_fold_expire(fold, now_ns);
	if (fold->any && is_same(&fold->last, line) && now_ns - fold->since_ns < LOG_FOLD_NS) {
		fold->count++;
		return true;
	}
	/* at most one of the two is not 0 */
	*ret_told += fold->count;
	fold->last = *line;
	fold->any = true;
	fold->count = 0;
	fold->since_ns = now_ns;
	return false;
}

uint32_t log_fold_expire(struct log_fold *fold, uint64_t now_ns)
{
	uint32_t told = fold->count;

	if (!told || now_ns - fold->since_ns < LOG_FOLD_NS)
		return 0;
	fold->count = 0;
	fold->since_ns = now_ns;
	return told;
}

uint64_t log_fold_deadline_ns(const struct log_fold *fold)
{
	return fold->count ? fold->since_ns + LOG_FOLD_NS : 0;
}
