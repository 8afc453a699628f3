/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/route.h"

/* How the daemon is. See struct route. */

/** system_get_alive() - that requests are answered at all; nothing of the light */
void system_get_alive(const struct route_get *get, struct writer *writer);

/**
 * system_get_health() - "healthy", or "degraded" with the reason
 *
 * Degraded: an output is missing, a zone does not fit its output, or a task
 * that others depend on failed and does not run again.
 */
void system_get_health(const struct route_get *get, struct writer *writer);

/** system_write_health() - status, reason and outputs, without figures that change all the time */
void system_write_health(const struct view *view, const char *key, struct writer *writer);

/** system_write_task() - as an object */
void system_write_task(const struct task_info *task, struct writer *writer);

/** system_find_task() - place of a task by its id, or -ENOENT with the problem set */
int system_find_task(const struct view *view, const char *id, struct problem *problem);

void system_get_info(const struct route_get *get, struct writer *writer);
void system_get_thermal(const struct route_get *get, struct writer *writer);
void system_get_power(const struct route_get *get, struct writer *writer);
void system_get_task(const struct route_get *get, struct writer *writer);
void system_get_tasks_tree(const struct route_get *get, struct writer *writer);
void system_get_tasks(const struct route_get *get, struct writer *writer);
void system_get_active_tasks(const struct route_get *get, struct writer *writer);
void system_get_failed_tasks(const struct route_get *get, struct writer *writer);
void system_get_tasks_summary(const struct route_get *get, struct writer *writer);
