/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "api/files.h"

/*
 * The page, as it lies in daemon/web/page: scripts/lib/embed makes the table
 * at build time, each file as it is and packed by gzip.
 */

/** web_files - every file of the page, "/" among them */
extern const struct web_file web_files[];

/** web_file_count - how many there are */
extern const size_t web_file_count;
