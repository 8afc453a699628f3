/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/config.h"

/** struct app_options - what the command line adds to the configuration */
struct app_options {
	struct config *config; /* outlives the run, in which a reload changes it */
	/*
	 * reads the configuration again, as @config was read; on a worker's thread. Return: 0, the
	 * new one free with config_free(), or -errno with @error set.
	 */
	int (*load)(void *data, struct config **ret_config, char error[CONFIG_ERROR_MAX]);
	void *load_data; /* of @load, which only reads it */
	bool debug_hang; /* SIGUSR2 may make the light loop hang */
	int preview_fd;	 /* where the first virtual output copies its frames, or -1; given away */
};

/**
 * app_run() - the whole daemon, until it has been told to end and has ended
 *
 * Return: the exit code: 0 after SIGTERM or SIGINT and a shutdown in which all
 * went well, else 1; what went wrong has been logged.
 */
int app_run(const struct app_options *options);
