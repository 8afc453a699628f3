/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/route.h"

/* EXPOSITION_TYPE - of the content, as Prometheus asks for it */
#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/** exposition_get() - all figures in Prometheus' text format. See struct route. */
void exposition_get(const struct route_get *get, struct writer *writer);
