/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/*
 * What the commands of diunactl share: where the daemon is, how it is asked,
 * and how answers are told. A command returns an exit code.
 */

/** enum ctl_exit - exit codes, as diunactl(1) has them; the larger ones are those of sysexits.h */
enum ctl_exit {
	CTL_OK = 0,
	CTL_REFUSED = 1,      /* the daemon said no, and why */
	CTL_USAGE = 64,	      /* the command line is wrong */
	CTL_NO_INPUT = 66,    /* a file cannot be read */
	CTL_UNAVAILABLE = 69, /* the daemon cannot be reached, or is no diunad */
	CTL_OS = 71,	      /* out of memory and the like */
	CTL_IO = 74,	      /* reading or writing failed on the way */
	CTL_CONFIG = 78,      /* a configuration is wrong */
};

struct ctl {
	const char *url;   /* without a path; "http://127.0.0.1:8080" */
	const char *token; /* NULL: none */
	bool json;	   /* answers as they came */
};

/** CTL_ANSWER_MAX - bytes of an answer; more is an error */
#define CTL_ANSWER_MAX (8 * 1024 * 1024)
/** CTL_LINE_MAX - bytes of a line of a stream; more is an error */
#define CTL_LINE_MAX (1024 * 1024)
#define CTL_CONNECT_S 5
#define CTL_ANSWER_S 30

/**
 * ctl_ask() - one request; what went wrong is told on standard error
 * @path: after /api/v1; the caller escapes names, see ctl_path()
 * @body: NULL for none; the reference is taken
 * @ret_answer: a new reference, NULL if there was no body; may be NULL
 *
 * Return: an exit code; @ret_answer is set only with CTL_OK.
 */
int ctl_ask(const struct ctl *ctl, const char *method, const char *path, json_t *body,
	    json_t **ret_answer);

/** ctl_send_bytes() - like ctl_ask() with a body of bytes and no answer */
int ctl_send_bytes(const struct ctl *ctl, const char *method, const char *path, const void *bytes,
		   size_t length);

/**
 * ctl_follow() - read server-sent events until the server ends them or a signal comes
 * @on_message: gets the JSON of each event's data; returns false to end
 */
int ctl_follow(const struct ctl *ctl, const char *path,
	       bool (*on_message)(const struct ctl *ctl, json_t *message));

/** ctl_end() - close the connection to the daemon */
void ctl_end(void);

/** ctl_path() - a path with names escaped: "/zones/%s/color"; heap, NULL without memory */
char *ctl_path(const char *format, const char *name);

/** ctl_print_json() - as the daemon gave it, for programs */
void ctl_print_json(const json_t *value);

/** ctl_text() - a text without what a terminal would obey; one of 8 static buffers, long ones are cut */
const char *ctl_text(const char *text);

/** ctl_string() - member of an object as ctl_text(); "" if it is not a string */
const char *ctl_string(const json_t *object, const char *key);

/** ctl_int() - member of an object; 0 if it is not a number */
json_int_t ctl_int(const json_t *object, const char *key);

/** ctl_fail() - "diunactl: …" on standard error; returns @code */
int ctl_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** ctl_number() - a whole number, all of @text; false if it is none or out of range */
bool ctl_number(const char *text, long min, long max, long *ret_number);

/* Commands; argv[0] is the name of the command. */
int ctl_zones(const struct ctl *ctl, int argc, char **argv);
int ctl_zone(const struct ctl *ctl, int argc, char **argv);
int ctl_effect(const struct ctl *ctl, int argc, char **argv);
int ctl_effects(const struct ctl *ctl, int argc, char **argv);
int ctl_palettes(const struct ctl *ctl, int argc, char **argv);
int ctl_scene(const struct ctl *ctl, int argc, char **argv);
int ctl_preset(const struct ctl *ctl, int argc, char **argv);
int ctl_panel(const struct ctl *ctl, int argc, char **argv);
int ctl_tasks(const struct ctl *ctl, int argc, char **argv);
int ctl_log(const struct ctl *ctl, int argc, char **argv);
int ctl_health(const struct ctl *ctl, int argc, char **argv);
int ctl_config(const struct ctl *ctl, int argc, char **argv);
int ctl_identify(const struct ctl *ctl, int argc, char **argv);
int ctl_raw(const struct ctl *ctl, int argc, char **argv);
int ctl_watch(const struct ctl *ctl, int argc, char **argv);
