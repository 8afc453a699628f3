// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into a program, makes the wall clock jump at every look: a day
 * ahead, then a day back. The monotonic clock stays as it is.
 */
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DAY (24 * 60 * 60)

static _Atomic unsigned int looks;

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	int ret = (int)syscall(SYS_clock_gettime, clock, ret_time);

	if (ret == 0 && clock == CLOCK_REALTIME)
		ret_time->tv_sec += atomic_fetch_add(&looks, 1) % 2 ? -DAY : DAY;
	return ret;
}

time_t time(time_t *ret_time)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret_time)
		*ret_time = now.tv_sec;
	return now.tv_sec;
}
