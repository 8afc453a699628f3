/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/**
 * heap_give_back() - return the pages that were freed to the system
 *
 * For the thread that has just freed much that was in small pieces, such as a
 * large JSON text's values, of which the heap would keep the pages. It takes
 * up to some milliseconds: not for the light loop.
 */
void heap_give_back(void);
