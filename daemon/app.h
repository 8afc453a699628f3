/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "config/config.h"
#include "control/config_change.h"

/** struct app_options - what the command line adds to the configuration */
struct app_options {
	struct config *config;		  /* outlives the run, in which a reload changes it */
	struct config_document *document; /* the same as it is told; given away */
	/*
	 * reads the configuration again, as @config was read; on a worker's thread. Return: 0, the
	 * new one free with config_free(), what is told of it with config_document_free(), or
	 * -errno with @error set.
	 */
	int (*load)(void *data, struct config **ret_config, struct config_document **ret_document,
		    char error[CONFIG_ERROR_MAX]);
	/* overlay_change() of the same files; on a worker's thread */
	int (*change)(void *data, struct config_change *wanted, struct config **ret_config,
		      struct config_document **ret_document);
	void *load_data; /* of @load and @change, which only read it */
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
