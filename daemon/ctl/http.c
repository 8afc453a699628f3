// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to the daemon by libcurl, and its refusals in words. */
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ctl/ctl.h"

/* struct answer - bytes as they come; of a stream, the line that is not whole yet */
struct answer {
	char *bytes;
	size_t length, room, most;
	bool too_long;
	const struct ctl *ctl;
	bool (*on_message)(const struct ctl *ctl, json_t *message);
	bool ended; /* on_message() has seen enough */
};

static bool keep(struct answer *answer, const char *bytes, size_t length)
{
	if (length > answer->most - answer->length) {
		answer->too_long = true;
		return false;
	}
	if (answer->length + length + 1 > answer->room) {
		size_t room = (answer->length + length + 1) * 2;
		char *grown = realloc(answer->bytes, room);

		if (!grown)
			return false;
		answer->bytes = grown;
		answer->room = room;
	}
	memcpy(answer->bytes + answer->length, bytes, length);
	answer->length += length;
	answer->bytes[answer->length] = '\0';
	return true;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *data)
{
	(void)size;
	return keep(data, bytes, count) ? count : 0;
}

/* One line of a stream: those that begin with "data:" are events, one line each. */
static bool take_line(struct answer *answer)
{
	static const char prefix[] = "data:";
	json_t *message;
	bool more = true;

	if (!strncmp(answer->bytes, prefix, sizeof(prefix) - 1)) {
		message = json_loads(answer->bytes + sizeof(prefix) - 1, JSON_REJECT_DUPLICATES,
				     NULL);
		more = !message || answer->on_message(answer->ctl, message);
		json_decref(message);
	}
	answer->length = 0;
	return more;
}

static size_t on_stream(char *bytes, size_t size, size_t count, void *data)
{
	struct answer *answer = data;
	char *at = bytes, *end = bytes + count;

	(void)size;
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));

		if (!keep(answer, at, (size_t)((newline ? newline : end) - at)))
			return 0;
		if (!newline)
			break;
		if (!take_line(answer)) {
			answer->ended = true;
			return 0;
		}
		at = newline + 1;
	}
	return count;
}

static const char *field_name(const json_t *error)
{
	const char *field = ctl_string(error, "field");

	return *field == '/' ? field + 1 : field;
}

static int tell_problem(const struct ctl *ctl, long status, const struct answer *answer)
{
	json_t *problem = answer->length ? json_loads(answer->bytes, 0, NULL) : NULL;
	const char *detail = ctl_string(problem, "detail");
	json_t *error;
	size_t i;

	if (!*detail) {
		json_decref(problem);
		return ctl_fail(CTL_UNAVAILABLE,
				"%s answered %ld in a way that diunad does not: is it diunad?",
				ctl->url, status);
	}
	if (ctl->json) {
		json_dumpf(problem, stderr, JSON_INDENT(2));
		fputc('\n', stderr);
	} else {
		fprintf(stderr, "diunactl: %s\n", detail);
		json_array_foreach (json_object_get(problem, "errors"), i, error) {
			json_t *value = json_object_get(error, "value");
			char *text;

			/* often the sentence has told it already */
			if (strstr(detail, ctl_string(error, "allowed")))
				continue;
			text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

			fprintf(stderr, "  %s", field_name(error));
			if (text)
				fprintf(stderr, " is %s,", ctl_text(text));
			fprintf(stderr, " may be %s\n", ctl_string(error, "allowed"));
			free(text);
		}
	}
	json_decref(problem);
	return CTL_REFUSED;
}

static bool add_header(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer)
		*list = longer;
	return longer;
}

static bool add_headers(const struct ctl *ctl, struct curl_slist **list, const char *type)
{
	_cleanup_free_ char *bearer = NULL;
	char text[128];

	/* curl waits a second for a "100 Continue" before a long body if this is left to it */
	if (!add_header(list, "Expect:"))
		return false;
	if (type) {
		snprintf(text, sizeof(text), "Content-Type: %s", type);
		if (!add_header(list, text))
			return false;
	}
	if (!ctl->token)
		return true;
	return asprintf(&bearer, "Authorization: Bearer %s", ctl->token) >= 0 &&
	       add_header(list, bearer);
}

static int tell_transfer(const struct ctl *ctl, CURLcode code, long status,
			 const struct answer *answer)
{
	if (code == CURLE_HTTP_RETURNED_ERROR)
		return ctl_fail(CTL_REFUSED, "%s refused: %ld", ctl->url, status);
	if (answer->too_long)
		return ctl_fail(CTL_UNAVAILABLE, "%s: the answer is too long", ctl->url);
	if (code == CURLE_COULDNT_CONNECT)
		return ctl_fail(CTL_UNAVAILABLE,
				"nothing answers at %s: does diunad run? (--url says where)",
				ctl->url);
	return ctl_fail(CTL_UNAVAILABLE, "%s: %s", ctl->url, curl_easy_strerror(code));
}

static CURL *kept;

/* One for all requests, so that they share a connection. */
static CURL *handle(void)
{
	if (kept)
		curl_easy_reset(kept);
	else
		kept = curl_easy_init();
	return kept;
}

void ctl_end(void)
{
	curl_easy_cleanup(kept);
	kept = NULL;
}

struct transfer {
	const char *method, *path;
	const char *type; /* of the body; NULL: none */
	const void *body;
	size_t length;
};

static int perform(const struct ctl *ctl, const struct transfer *transfer, struct answer *answer)
{
	struct curl_slist *headers = NULL;
	_cleanup_free_ char *url = NULL;
	CURL *curl = handle();
	CURLcode code;
	long status = 0;
	int ret;

	if (!curl || asprintf(&url, "%s/api/v1%s", ctl->url, transfer->path) < 0 ||
	    !add_headers(ctl, &headers, transfer->type)) {
		curl_slist_free_all(headers);
		return ctl_fail(CTL_OS, "out of memory");
	}
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, transfer->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CTL_CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "diunactl");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer->on_message ? on_stream : on_bytes);
	if (answer->on_message)
		curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)CTL_ANSWER_S);
	if (transfer->type) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, transfer->body);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)transfer->length);
	}
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (answer->ended)
		ret = CTL_OK;
	else if (code != CURLE_OK)
		ret = tell_transfer(ctl, code, status, answer);
	else if (status < 200 || status > 299)
		ret = tell_problem(ctl, status, answer);
	else
		ret = CTL_OK;
	curl_slist_free_all(headers);
	return ret;
}

int ctl_ask(const struct ctl *ctl, const char *method, const char *path, json_t *body,
	    json_t **ret_answer)
{
	_cleanup_free_ char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	struct transfer transfer = { .method = method, .path = path };
	struct answer answer = { .most = CTL_ANSWER_MAX };
	json_t *json = NULL;
	int ret;

	if (body && !text)
		return ctl_fail(CTL_OS, "out of memory");
	if (text) {
		transfer.type = "application/json";
		transfer.body = text;
		transfer.length = strlen(text);
	}
	json_decref(body);
	ret = perform(ctl, &transfer, &answer);
	if (ret == CTL_OK && answer.length) {
		json = json_loads(answer.bytes, JSON_REJECT_DUPLICATES, NULL);
		if (!json)
			ret = ctl_fail(CTL_UNAVAILABLE, "%s: the answer is no JSON: is it diunad?",
				       ctl->url);
	}
	free(answer.bytes);
	if (ret == CTL_OK && ret_answer)
		*ret_answer = steal_ptr(json);
	json_decref(json);
	return ret;
}

int ctl_send_bytes(const struct ctl *ctl, const char *method, const char *path, const void *bytes,
		   size_t length)
{
	struct transfer transfer = { .method = method,
				     .path = path,
				     .type = "application/octet-stream",
				     .body = bytes,
				     .length = length };
	struct answer answer = { .most = CTL_ANSWER_MAX };
	int ret;

	ret = perform(ctl, &transfer, &answer);
	free(answer.bytes);
	return ret;
}

int ctl_follow(const struct ctl *ctl, const char *path,
	       bool (*on_message)(const struct ctl *ctl, json_t *message))
{
	struct transfer transfer = { .method = "GET", .path = path };
	struct answer answer = { .most = CTL_LINE_MAX, .ctl = ctl, .on_message = on_message };
	int ret;

	ret = perform(ctl, &transfer, &answer);
	free(answer.bytes);
	return ret;
}

char *ctl_path(const char *format, const char *name)
{
	char *escaped = curl_easy_escape(NULL, name, 0);
	const char *place = strstr(format, "%s");
	char *path = NULL;

	if (escaped && place &&
	    asprintf(&path, "%.*s%s%s", (int)(place - format), format, escaped, place + 2) < 0)
		path = NULL;
	curl_free(escaped);
	return path;
}
