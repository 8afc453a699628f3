/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "control/command.h"

/**
 * patch_zone() - several members of a zone at once
 * @state: what it was, and on success what it shall be
 *
 * An animation that is named is played unless a mode is given too. Return: 0,
 * -ENOENT (no such animation) or -ESTALE (parameters of another animation).
 */
int patch_zone(const struct command_patch *patch, struct zone_state *state);
