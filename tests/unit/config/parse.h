/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the configuration file share. */
#pragma once

#include <errno.h>
#include <string.h>

#include "config/config.h"

/** parse() - the configuration that @text is; the caller owns it. One that is refused fails the test. */
static inline struct config *parse(const char *text)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config *config = NULL;

	if (config_parse(text, strlen(text), "file", &config, error) < 0)
		fail_msg("%s", error);
	return config;
}

/** expect_error() - fail unless @text is refused with @expected, and no configuration comes of it. */
static inline void expect_error(const char *text, const char *expected)
{
	char error[CONFIG_ERROR_MAX] = "";
	struct config *config = NULL;

	assert_int_equal(config_parse(text, strlen(text), "file", &config, error), -EINVAL);
	assert_string_equal(error, expected);
	assert_null(config);
}
