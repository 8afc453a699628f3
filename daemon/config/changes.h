/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/schema.h"

/** changes_fields - the topic "transitions": one object for each cause; of a struct transitions */
extern const struct schema_field changes_fields[];
