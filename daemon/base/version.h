/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/** DIUNA_VERSION - of the programs */
#define DIUNA_VERSION "0.1"
