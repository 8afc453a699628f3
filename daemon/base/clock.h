/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#define NSEC_PER_USEC 1000ULL
#define NSEC_PER_MSEC 1000000ULL
#define NSEC_PER_SEC 1000000000ULL

/** clock_now_ns() - CLOCK_MONOTONIC in ns, the one clock of the daemon's loops */
uint64_t clock_now_ns(void);

/** clock_wall_ms() - CLOCK_REALTIME in ms since 1970, only for what people read */
uint64_t clock_wall_ms(void);
