// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/overlay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/heap.h"
#include "base/str.h"
#include "config/sources.h"
#include "control/store_file.h"

#define OWN_SUFFIX "-config.json"
/* in place of a file's name in errors about what is not kept yet */
#define OWN_NAME "what is asked for"

/* What is the files' alone: a whole topic, or these keys of it or of each of its entries. */
struct guard {
	const char *topic;
	const char *const *keys;
};

static const char *const output_keys[] = { "path", "label", NULL };
static const char *const thermal_keys[] = { "sensor", "supply", NULL };
/* which devices and lines are opened, and whose keys nobody else gets */
static const char *const input_keys[] = { "type", "chip",   "a",   "b",	   "switch",
					  "line", "device", "pwm", "grab", NULL };

static const struct guard guards[] = {
	{ "include", NULL },	    { "programs", NULL },
	{ "http", NULL },	    { "state", NULL },
	{ "outputs", output_keys }, { "thermal", thermal_keys },
	{ "inputs", input_keys },   { NULL, NULL },
};

/* The files, read and checked, and the place of the rest. */
struct layers {
	struct sources *sources;
	struct config *files;
	json_t *told; /* the files' configuration, whole */
	char own_path[STORE_PATH_MAX + sizeof(OWN_SUFFIX)];
};

/* ---- the files ---- */

/* What the command line says goes before the configuration, and that before systemd. */
static void choose_state_path(struct config *config, const char *state)
{
	const char *folder = getenv("STATE_DIRECTORY");
	int length;

	if (state) {
		str_copy(config->state_path, STORE_PATH_MAX, strcmp(state, "none") ? state : "");
	} else if (!config->state_path[0] && folder) {
		/* several are parted by colons; ours is the first */
		length = snprintf(config->state_path, STORE_PATH_MAX, "%.*s/state.json",
				  (int)strcspn(folder, ":"), folder);
		if (length >= STORE_PATH_MAX)
			config->state_path[0] = '\0';
	}
}

/* "state-config.json" beside "state.json"; "" without a state. */
static void choose_own_path(struct layers *layers)
{
	const char *state = layers->files->state_path;
	size_t length = strlen(state);

	if (length > 5 && !strcmp(state + length - 5, ".json"))
		length -= 5;
	layers->own_path[0] = '\0';
	if (length)
		snprintf(layers->own_path, sizeof(layers->own_path), "%.*s" OWN_SUFFIX, (int)length,
			 state);
}

static int layers_read(struct layers *layers, const char *path, const char *state,
		       char error[CONFIG_ERROR_MAX])
{
	int ret;

	snprintf(error, CONFIG_ERROR_MAX, "%s: no memory", path);
	layers->sources = calloc(1, sizeof(*layers->sources));
	if (!layers->sources)
		return -ENOMEM;
	ret = sources_read(layers->sources, path, NULL, 0, error, CONFIG_ERROR_MAX);
	if (ret < 0)
		return ret;
	ret = config_from(layers->sources, &layers->files, error, NULL);
	if (ret < 0)
		return ret;
	layers->told = config_json(layers->files);
	if (!layers->told)
		return -ENOMEM;
	choose_state_path(layers->files, state);
	choose_own_path(layers);
	return 0;
}

static void layers_fini(struct layers *layers)
{
	json_decref(layers->told);
	config_free(layers->files);
	if (layers->sources)
		sources_fini(layers->sources);
	free(layers->sources);
	/* texts of a megabyte may have been read, which the heap would keep */
	heap_give_back();
}

/* ---- what is the files' alone ---- */

/* -EPERM at the first value that is another than the files'. */
static int refuse_others(struct schema *schema, const json_t *files, json_t *value)
{
	const char *key;
	json_t *member;
	size_t mark, i;
	int ret = 0;

	if (json_is_object(value) && json_is_object(files)) {
		json_object_foreach (value, key, member) {
			mark = schema_enter(schema, key);
			ret = refuse_others(schema, json_object_get(files, key), member);
			if (ret < 0)
				return ret;
			schema_leave(schema, mark);
		}
		return 0;
	}
	if (json_is_array(value) && json_is_array(files) &&
	    json_array_size(value) == json_array_size(files)) {
		json_array_foreach (value, i, member) {
			mark = schema_enter_index(schema, i);
			ret = refuse_others(schema, json_array_get(files, i), member);
			if (ret < 0)
				return ret;
			schema_leave(schema, mark);
		}
		return 0;
	}
	if (files && json_equal(files, value))
		return 0;
	schema_refuse(schema, value, "what the configuration's files say");
	return -EPERM;
}

static const json_t *find_named(const json_t *array, const json_t *entry)
{
	const char *name = json_string_value(json_object_get(entry, "name")), *other;
	size_t i;

	for (i = 0; name && i < json_array_size(array); i++) {
		other = json_string_value(json_object_get(json_array_get(array, i), "name"));
		if (other && !strcmp(name, other))
			return json_array_get(array, i);
	}
	return NULL;
}

static int strip_keys(struct schema *schema, const json_t *files, json_t *object,
		      const char *const *keys)
{
	json_t *value;
	size_t mark;
	int ret;

	for (; *keys; keys++) {
		value = json_object_get(object, *keys);
		if (!value)
			continue;
		mark = schema_enter(schema, *keys);
		ret = refuse_others(schema, json_object_get(files, *keys), value);
		if (ret < 0)
			return ret;
		schema_leave(schema, mark);
		json_object_del(object, *keys);
	}
	return 0;
}

static int strip_topic(struct schema *schema, const struct guard *guard, const json_t *files,
		       json_t *topic)
{
	json_t *entry;
	size_t mark, i;
	int ret;

	if (!guard->keys)
		return refuse_others(schema, files, topic);
	if (!json_is_array(topic))
		return strip_keys(schema, files, topic, guard->keys);
	json_array_foreach (topic, i, entry) {
		mark = schema_enter_index(schema, i);
		ret = strip_keys(schema, find_named(files, entry), entry, guard->keys);
		if (ret < 0)
			return ret;
		schema_leave(schema, mark);
	}
	return 0;
}

/* Take out what says the same as the files do; -EPERM if it says something else. */
static int strip(const struct layers *layers, json_t *topics, char error[CONFIG_ERROR_MAX],
		 struct schema_fault *fault)
{
	struct schema schema = {
		.name = OWN_NAME, .error = error, .room = CONFIG_ERROR_MAX, .fault = fault
	};
	const struct guard *guard;
	json_t *topic;
	size_t mark;
	int ret;

	if (!json_is_object(topics))
		return schema_refuse(&schema, topics, "an object of topics");
	for (guard = guards; guard->topic; guard++) {
		topic = json_object_get(topics, guard->topic);
		if (!topic)
			continue;
		mark = schema_enter(&schema, guard->topic);
		ret = strip_topic(&schema, guard, json_object_get(layers->told, guard->topic),
				  topic);
		if (ret < 0)
			return ret;
		schema_leave(&schema, mark);
		if (!guard->keys)
			json_object_del(topics, guard->topic);
	}
	topic = json_object_get(topics, "version");
	if (topic && json_integer_value(topic) != SOURCES_VERSION) {
		schema_enter(&schema, "version");
		return schema_refuse(&schema, topic, "%d", SOURCES_VERSION);
	}
	json_object_del(topics, "version");
	return 0;
}

/* Of another kind it has other keys. Names of kinds are read in any case. */
static bool same_kind(const json_t *files, const json_t *object)
{
	const char *type = json_string_value(json_object_get(object, "type"));
	const char *was = json_string_value(json_object_get(files, "type"));

	return !type || (was && !strcasecmp(type, was));
}

static int fill_keys(const json_t *files, json_t *object, const char *const *keys)
{
	json_t *value;
	int ret = 0;

	if (!same_kind(files, object))
		return 0;
	for (; *keys && ret >= 0; keys++) {
		value = json_object_get(files, *keys);
		if (value && json_is_object(object))
			ret = json_object_set(object, *keys, value);
	}
	return ret;
}

/* Put back what strip() has taken out, as the files say it. */
static int fill(const struct layers *layers, json_t *topics)
{
	const struct guard *guard;
	json_t *topic, *entry;
	const json_t *files;
	int ret = 0;
	size_t i;

	for (guard = guards; guard->topic && ret >= 0; guard++) {
		topic = guard->keys ? json_object_get(topics, guard->topic) : NULL;
		files = json_object_get(layers->sources->merged, guard->topic);
		if (json_is_object(topic))
			ret = fill_keys(files, topic, guard->keys);
		json_array_foreach (topic, i, entry)
			ret |= fill_keys(find_named(files, entry), entry, guard->keys);
	}
	return ret < 0 ? -ENOMEM : 0;
}

/* ---- one over the other ---- */

/* The configuration of the files with @topics in place of theirs. */
static int lay(struct layers *layers, const json_t *topics, const char *name,
	       struct config **ret_config, char error[CONFIG_ERROR_MAX], struct schema_fault *fault)
{
	struct sources *sources = layers->sources;
	json_t *files = sources->merged, *over = json_deep_copy(topics);
	int ret = -ENOMEM;

	snprintf(error, CONFIG_ERROR_MAX, "%s: no memory", name);
	sources->merged = json_copy(files);
	if (over && sources->merged && fill(layers, over) >= 0 &&
	    json_object_update(sources->merged, over) >= 0) {
		sources->over = over;
		sources->over_name = name;
		ret = config_from(sources, ret_config, error, fault);
		sources->over = NULL;
	}
	json_decref(sources->merged);
	sources->merged = files;
	json_decref(over);
	if (ret >= 0)
		str_copy((*ret_config)->state_path, STORE_PATH_MAX, layers->files->state_path);
	return ret;
}

/* As it is told: with the state's path that the files have. */
static json_t *tell(const struct layers *layers, struct config *config)
{
	json_t *json, *state = json_object_get(layers->told, "state");

	json = config_json(config);
	if (json && state && json_object_set(json, "state", state) < 0) {
		json_decref(json);
		return NULL;
	}
	if (!state)
		json_object_del(json, "state");
	return json;
}

/* Topics that read as the files' are not kept: what the files say of them later counts. */
static void drop_same(const struct layers *layers, const json_t *told, json_t *topics)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(topics, next, key, value)
	{
		const json_t *now = json_object_get(told, key);
		const json_t *files = json_object_get(layers->told, key);

		if (now == files || (now && files && json_equal(now, files)))
			json_object_del(topics, key);
	}
}

static struct config_document *make_document(const json_t *told, const json_t *topics)
{
	struct config_document *document = calloc(1, sizeof(*document));
	json_t *own = json_array(), *value;
	bool fine = document && own;
	const char *key;

	json_object_foreach ((json_t *)topics, key, value)
		fine = fine && json_array_append_new(own, json_string(key)) >= 0;
	if (fine) {
		document->config = json_dumps(told, SCHEMA_DUMP | JSON_COMPACT);
		document->own = json_dumps(own, JSON_COMPACT);
		fine = document->config && document->own;
	}
	json_decref(own);
	return fine ? document : config_document_free(document);
}

/* What is kept, checked; an empty object if nothing is. */
static int read_own(const struct layers *layers, json_t **ret_topics, char error[CONFIG_ERROR_MAX])
{
	_cleanup_free_ char *text = NULL;
	json_error_t syntax;
	size_t length = 2;
	json_t *topics;
	int ret;

	ret = layers->own_path[0] ? sources_read_text(layers->own_path, &text, &length) : -ENOENT;
	if (ret < 0 && ret != -ENOENT) {
		snprintf(error, CONFIG_ERROR_MAX, "%.256s: %s", layers->own_path, strerror(-ret));
		return ret;
	}
	topics = json_loadb(text ? text : "{}", length, JSON_REJECT_DUPLICATES, &syntax);
	if (!topics) {
		str_clean(syntax.text);
		snprintf(error, CONFIG_ERROR_MAX, "%.256s:%d:%d: %s", layers->own_path, syntax.line,
			 syntax.column, syntax.text);
		return -EINVAL;
	}
	ret = strip(layers, topics, error, NULL);
	if (ret < 0)
		json_decref(topics);
	else
		*ret_topics = topics;
	return ret;
}

/* Both together, from what is kept. */
static int read_both(struct layers *layers, struct config **ret_config,
		     struct config_document **ret_document, char error[CONFIG_ERROR_MAX])
{
	json_t *topics = NULL, *told = NULL;
	struct config *config = NULL;
	int ret;

	ret = read_own(layers, &topics, error);
	if (ret >= 0)
		ret = lay(layers, topics, layers->own_path, &config, error, NULL);
	if (ret >= 0) {
		told = tell(layers, config);
		*ret_document = told ? make_document(told, topics) : NULL;
		ret = *ret_document ? 0 : -ENOMEM;
	}
	if (ret >= 0)
		*ret_config = config;
	else
		config_free(config);
	json_decref(told);
	json_decref(topics);
	return ret;
}

int overlay_load(const char *path, const char *state, bool forgiving, struct config **ret_config,
		 struct config_document **ret_document, char error[CONFIG_ERROR_MAX])
{
	struct layers layers = { 0 };
	int ret, wrong;

	ret = layers_read(&layers, path, state, error);
	wrong = ret < 0 ? 0 : read_both(&layers, ret_config, ret_document, error);
	if (wrong < 0 && !forgiving)
		ret = wrong;
	if (wrong < 0 && forgiving) {
		*ret_document = make_document(layers.told, NULL);
		if (*ret_document) {
			str_copy((*ret_document)->ignored, CONFIG_CHANGE_TEXT_MAX, error);
			*ret_config = steal_ptr(layers.files);
		} else {
			ret = -ENOMEM;
		}
	}
	layers_fini(&layers);
	return ret;
}

/* ---- changes ---- */

/* RFC 7396; returns what is in place of @target, whose reference is taken. */
static json_t *merge(json_t *target, const json_t *patch)
{
	const char *key;
	json_t *value;

	if (!json_is_object(patch)) {
		json_decref(target);
		return json_deep_copy(patch);
	}
	if (!json_is_object(target)) {
		json_decref(target);
		target = json_object();
	}
	json_object_foreach ((json_t *)patch, key, value) {
		if (json_is_null(value))
			json_object_del(target, key);
		else
			json_object_set_new(target, key,
					    merge(json_incref(json_object_get(target, key)),
						  value));
	}
	return target;
}

/* What there is; what is kept and does not fit the files is not there. */
static int read_now(struct layers *layers, json_t **ret_now, char error[CONFIG_ERROR_MAX])
{
	struct config *config = NULL;
	json_t *own = NULL;
	int ret;

	ret = read_own(layers, &own, error);
	/* what cannot be read is not to be lost by a change of something else */
	if (ret < 0 && ret != -EINVAL && ret != -EPERM)
		return ret;
	if (own)
		lay(layers, own, layers->own_path, &config, error, NULL);
	error[0] = '\0';
	*ret_now = tell(layers, config ? config : layers->files);
	json_decref(own);
	config_free(config);
	return *ret_now ? 0 : -ENOMEM;
}

/* The topics that are to be kept, as they were asked for. */
static int read_change(struct layers *layers, const struct config_change *change,
		       json_t **ret_topics, char error[CONFIG_ERROR_MAX])
{
	json_t *asked = json_loads(change->text ? change->text : "{}", JSON_DECODE_ANY, NULL);
	json_t *now = NULL;
	int ret;

	if (!asked || change->kind != CONFIG_CHANGE_MERGE || !json_is_object(asked)) {
		*ret_topics = asked;
		return asked ? 0 : -ENOMEM;
	}
	ret = read_now(layers, &now, error);
	if (ret >= 0)
		*ret_topics = merge(now, asked);
	json_decref(asked);
	return ret;
}

static int keep(const struct layers *layers, const json_t *topics)
{
	_cleanup_free_ char *text = json_dumps(topics, SCHEMA_DUMP | JSON_INDENT(2));

	return text ? store_file_write(layers->own_path, text, strlen(text)) : -ENOMEM;
}

static int do_change(struct layers *layers, struct config_change *change, struct config **config,
		     struct config_document **ret_document, struct schema_fault *fault)
{
	json_t *topics = NULL, *told = NULL;
	char error[CONFIG_ERROR_MAX] = "";
	int ret;

	ret = read_change(layers, change, &topics, error);
	if (ret >= 0)
		ret = strip(layers, topics, error, fault);
	if (ret >= 0)
		ret = lay(layers, topics, OWN_NAME, config, error, fault);
	if (ret >= 0) {
		told = tell(layers, *config);
		if (told)
			drop_same(layers, told, topics);
		*ret_document = told ? make_document(told, topics) : NULL;
		ret = *ret_document ? 0 : -ENOMEM;
	}
	if (ret >= 0 && change->kind != CONFIG_CHANGE_CHECK)
		ret = keep(layers, topics);
	if (ret < 0)
		str_copy(change->detail, CONFIG_CHANGE_TEXT_MAX,
			 error[0] ? error : strerrordesc_np(-ret));
	json_decref(told);
	json_decref(topics);
	return ret;
}

int overlay_change(const char *path, const char *state, struct config_change *change,
		   struct config **ret_config, struct config_document **ret_document)
{
	struct config_document *document = NULL;
	char error[CONFIG_ERROR_MAX] = "";
	struct schema_fault fault = { 0 };
	struct config *config = NULL;
	struct layers layers = { 0 };
	int ret;

	ret = layers_read(&layers, path, state, error);
	if (ret < 0) {
		str_copy(change->detail, CONFIG_CHANGE_TEXT_MAX, error);
		ret = ret == -ENOMEM ? ret : -EBADMSG;
	} else if (!layers.own_path[0] && change->kind != CONFIG_CHANGE_CHECK) {
		ret = -ENOTSUP;
	} else {
		ret = do_change(&layers, change, &config, &document, &fault);
	}
	if (ret >= 0) {
		*ret_config = config;
		*ret_document = document;
	} else {
		str_copy(change->field, CONFIG_CHANGE_FIELD_MAX, fault.pointer);
		str_copy(change->value, CONFIG_CHANGE_VALUE_MAX, fault.value);
		str_copy(change->allowed, CONFIG_CHANGE_TEXT_MAX, fault.allowed);
		config_document_free(document);
		config_free(config);
	}
	layers_fini(&layers);
	return ret;
}
