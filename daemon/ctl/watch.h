/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ctl/ctl.h"

/** WATCH_FPS - how often a picture is drawn at most if not told: what an eye and a terminal can follow */
#define WATCH_FPS 25
/** WATCH_FPS_MAX - of the live channel */
#define WATCH_FPS_MAX 60

/** watch_live() - the daemon's zones by its live channel, in the terminal, or with --json a line for each picture */
int watch_live(const struct ctl *ctl, const char *title, int fps);

/** watch_file() - the zones of a configuration in a file that always holds the last frame */
int watch_file(const char *config_path, const char *frames_path, const char *title, int fps);
