// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "control/bindings.h"
#include "control/key.h"
#include "control/params.h"
#include "control/sound.h"
#include "engine/effect.h"

/* Keys of an entry before the one of the action's value. */
static const char *const entry_keys[] = { "input", "gesture", "key", "action", "zone", "parameter" };

#define ENTRY_KEYS (sizeof(entry_keys) / sizeof(entry_keys[0]))

/* Order of enum zone_mode. */
static const char *const modes[] = { "STATIC", "ANIMATION", NULL };

struct reader {
	const struct bindings_known *known;
	struct bindings_error *error;
	int index;
	const char *of; /* whose names, for errors; or NULL */
};

static int refuse(struct reader *reader, const char *key, const json_t *value, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

static int refuse(struct reader *reader, const char *key, const json_t *value, const char *format,
		  ...)
{
	struct bindings_error *error = reader->error;
	va_list args;

	error->index = reader->index;
	error->value = value;
	str_copy(error->key, sizeof(error->key), key);
	va_start(args, format);
	vsnprintf(error->allowed, sizeof(error->allowed), format, args);
	va_end(args);
	return -EINVAL;
}

/* One of the names: what was probably meant, and all of them as far as they fit. */
static int refuse_name(struct reader *reader, const char *key, const json_t *value,
		       const char *text, nearest_name_fn name_at, const void *data)
{
	const char *nearest = text ? nearest_find(text, name_at, data) : NULL, *name;
	char list[512] = "", quoted[64];
	size_t used = 0, i;

	for (i = 0; (name = name_at(i, data)); i++) {
		/* some are known by two ways */
		snprintf(quoted, sizeof(quoted), "\"%s\"", name);
		if (strstr(list, quoted))
			continue;
		if (used + strlen(name) + 16 > sizeof(list)) {
			strcpy(list + used, ", …");
			break;
		}
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 used ? ", " : "one of ", quoted);
	}
	return refuse(reader, key, value, "%s%s%s%s%s%s%s", reader->of ? "of " : "",
		      reader->of ? reader->of : "", reader->of ? " " : "", list[0] ? list : "none",
		      nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		      nearest ? "\"?" : "");
}

static int find_name(struct reader *reader, const json_t *entry, const char *key,
		     nearest_name_fn name_at, const void *data, size_t *ret_index)
{
	const json_t *value = json_object_get(entry, key);
	const char *text = json_string_value(value), *name;
	size_t i;

	for (i = 0; text && (name = name_at(i, data)); i++) {
		if (!strcasecmp(name, text)) {
			*ret_index = i;
			return 0;
		}
	}
	return refuse_name(reader, key, value, text, name_at, data);
}

/* A text that is one of the names, or any if they are not known. */
static int read_text(struct reader *reader, const json_t *entry, const char *key, char *ret_text,
		     size_t room, nearest_name_fn name_at, const void *data)
{
	const json_t *value = json_object_get(entry, key);
	const char *text = json_string_value(value);
	size_t index = 0;
	int ret;

	if (name_at) {
		ret = find_name(reader, entry, key, name_at, data, &index);
		if (ret < 0)
			return ret;
		str_copy(ret_text, room, name_at(index, data));
		return 0;
	}
	if (!text || !*text || strlen(text) >= room)
		return refuse(reader, key, value, "a name of 1 to %zu bytes", room - 1);
	strcpy(ret_text, text);
	return 0;
}

#define BIT(gesture) (1U << (gesture))
#define OF_A_BUTTON                                                                     \
	(BIT(EVENT_PRESS) | BIT(EVENT_RELEASE) | BIT(EVENT_CLICK) | BIT(EVENT_DOUBLE) | \
	 BIT(EVENT_LONG))
#define OF_A_KNOB (BIT(EVENT_ROTATE) | BIT(EVENT_RIGHT) | BIT(EVENT_LEFT))
#define OF_A_KEYBOARD (BIT(EVENT_PRESS) | BIT(EVENT_RELEASE) | BIT(EVENT_REPEAT))

/* What can be done to each type of input; no type: all that has no keys. */
static const struct kind {
	const char *type, *words;
	uint32_t gestures;
	bool keys;
} kinds[] = {
	{ "", "an input", OF_A_KNOB | OF_A_BUTTON, false },
	{ "", "a key", OF_A_KEYBOARD, true },
	{ "encoder", "an encoder", OF_A_KNOB | OF_A_BUTTON, false },
	{ "knob", "an encoder without a switch", OF_A_KNOB, false },
	{ "button", "a button", OF_A_BUTTON, false },
	{ "keyboard", "a keyboard", OF_A_KEYBOARD, true },
	/* it tells what was typed, not what goes up and down */
	{ "terminal", "a terminal", BIT(EVENT_PRESS), true },
	{ "buzzer", "a buzzer", 0, false },
};

static const char *gesture_at(size_t index, const void *data)
{
	const struct kind *kind = data;
	enum event_gesture gesture;

	for (gesture = 0; gesture < EVENT_GESTURES; gesture++)
		if (kind->gestures & BIT(gesture) && !index--)
			return event_gesture_name(gesture);
	return NULL;
}

static const char *effect_name_at(size_t index, const void *data)
{
	const struct effect *effect = effect_at(index);

	(void)data;
	return effect ? effect->id : NULL;
}

/* Of names that never change. */
static nearest_name_fn names_of(enum action_value kind)
{
	if (kind == ACTION_ANIMATION)
		return effect_name_at;
	return kind == ACTION_SOUND ? sound_name_at : NULL;
}

/* ---- parameters of animations ---- */

/*
 * What a parameter of this name takes, whichever animation it is of: the one
 * that plays is known only when it is set. False: none has it.
 */
static bool find_parameter(const char *name, struct effect_param *ret_param)
{
	const struct effect_param *param;
	const struct effect *effect;
	bool found = false;
	size_t i;
	int k;

	for (i = 0; (effect = effect_at(i)); i++) {
		k = effect_param_find(effect, name);
		if (k < 0)
			continue;
		param = &effect->params[k];
		if (!found)
			*ret_param = *param;
		found = true;
		if (param->min < ret_param->min)
			ret_param->min = param->min;
		if (param->max > ret_param->max)
			ret_param->max = param->max;
	}
	return found;
}

/* All names, each once. */
static const char *parameter_at(size_t index, const void *data)
{
	const struct effect *effect;
	size_t i, k, before;

	(void)data;
	for (i = 0; (effect = effect_at(i)); i++) {
		for (k = 0; k < effect->param_count; k++) {
			for (before = 0; before < i; before++)
				if (effect_param_find(effect_at(before), effect->params[k].name) >=
				    0)
					break;
			if (before == i && !index--)
				return effect->params[k].name;
		}
	}
	return NULL;
}

static int read_parameter(struct reader *reader, const json_t *entry, const struct action *action,
			  struct action_call *call)
{
	const json_t *name = json_object_get(entry, "parameter");
	const json_t *value = json_object_get(entry, "value");
	const char *words = json_string_value(name);
	char text[PARAMS_ALLOWED_MAX];
	struct effect_param param;

	if (!words || !find_parameter(words, &param))
		return refuse_name(reader, "parameter", name, words, parameter_at, NULL);
	str_copy(call->parameter, sizeof(call->parameter), words);
	if (action->value != ACTION_PARAMETER)
		return 0;
	if (params_read(&param, value, &call->number) < 0)
		return refuse(reader, "value", value, "%s", params_allowed(&param, text));
	return 0;
}

static int read_key(struct reader *reader, const json_t *entry, struct binding *binding)
{
	const json_t *value = json_object_get(entry, "key");
	const char *text = json_string_value(value), *last, *nearest;

	if (text && key_parse(text, &binding->code, &binding->modifiers) && binding->code)
		return 0;
	last = text && strrchr(text, '+') ? strrchr(text, '+') + 1 : text;
	nearest = last ? nearest_find(last, key_name_at, NULL) : NULL;
	return refuse(reader, "key", value,
		      "a key such as \"Z\", \"SPACE\" or \"VOLUMEUP\", with \"SHIFT+\", \"CTRL+\", "
		      "\"ALT+\" or \"META+\" before it%s%s%s",
		      nearest ? "; did you mean \"" : "", nearest ? nearest : "",
		      nearest ? "\"?" : "");
}

static bool is_component(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 &&
	       json_integer_value(value) <= UINT8_MAX;
}

static int read_number(struct reader *reader, const json_t *value, const char *key,
		       enum action_value kind, int32_t *ret_number)
{
	const char *text = json_string_value(value);
	int32_t min, max, i;

	action_value_range(kind, &min, &max);
	if (kind == ACTION_ON) {
		*ret_number = json_is_true(value);
		return json_is_boolean(value) ? 0 : refuse(reader, key, value, "true or false");
	}
	if (kind == ACTION_MODE) {
		for (*ret_number = min; *ret_number <= max; ++*ret_number)
			if (text && !strcasecmp(text, modes[*ret_number]))
				return 0;
		return refuse(reader, key, value, "\"STATIC\" or \"ANIMATION\"");
	}
	if (kind == ACTION_RGB) {
		*ret_number = 0;
		for (i = 0; i < 3 && is_component(json_array_get(value, (size_t)i)); i++)
			*ret_number = *ret_number << 8 |
				      (int32_t)json_integer_value(json_array_get(value, (size_t)i));
		return i == 3 && json_array_size(value) == 3
			       ? 0
			       : refuse(reader, key, value,
					"an array of three whole numbers from 0 to 255");
	}
	if (!json_is_integer(value) || json_integer_value(value) < min ||
	    json_integer_value(value) > max)
		return refuse(reader, key, value, "a whole number from %d to %d", min, max);
	*ret_number = (int32_t)json_integer_value(value);
	return 0;
}

static int read_value(struct reader *reader, const json_t *entry, enum action_value kind,
		      struct action_call *call)
{
	const char *key = action_value_key(kind);
	const json_t *value = key ? json_object_get(entry, key) : NULL;

	/* a parameter's was read with its name */
	if (!key || kind == ACTION_PARAMETER || (!value && kind == ACTION_STEPS))
		return 0;
	call->given = kind == ACTION_STEPS;
	if (action_value_is_name(kind))
		return read_text(reader, entry, key, call->name, sizeof(call->name), names_of(kind),
				 NULL);
	return read_number(reader, value, key, kind, &call->number);
}

/* Its names: a table of this entry's keys for suggestions. */
struct keys {
	const char *name[ENTRY_KEYS + 1];
	size_t count;
};

static const char *key_at(size_t index, const void *data)
{
	const struct keys *keys = data;

	return index < keys->count ? keys->name[index] : NULL;
}

static int check_keys(struct reader *reader, const json_t *entry, const struct action *action)
{
	struct keys keys = { .count = 0 };
	const char *key;
	json_t *value;
	size_t i;

	for (i = 0; i < ENTRY_KEYS; i++)
		if ((strcmp(entry_keys[i], "zone") != 0 || action->zone) &&
		    (strcmp(entry_keys[i], "parameter") != 0 || action->parameter))
			keys.name[keys.count++] = entry_keys[i];
	if (action_value_key(action->value))
		keys.name[keys.count++] = action_value_key(action->value);
	/* jansson's iterators want a pointer to what they do not change */
	json_object_foreach ((json_t *)entry, key, value) {
		for (i = 0; i < keys.count && strcmp(keys.name[i], key) != 0; i++)
			;
		if (i == keys.count)
			return refuse_name(reader, key, value, key, key_at, &keys);
	}
	return 0;
}

/* By its type where that is known, else by whether the binding has a key. */
static const struct kind *find_kind(const struct reader *reader, const struct binding *binding,
				    bool key)
{
	const struct bindings_known *known = reader->known;
	const char *name, *type = NULL;
	size_t i;

	for (i = 0; known->kind_at && binding->input[0] && !type; i++) {
		name = known->input_at(i, known->inputs);
		if (!name)
			break;
		if (!strcmp(name, binding->input))
			type = known->kind_at(i, known->inputs);
	}
	for (i = 0; type && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].type, type))
			return &kinds[i];
	return &kinds[key];
}

/*
 * One of the default ones, which are written out with a configuration that has
 * other types of inputs under their names: nobody asked for it, and it does nothing.
 */
static bool is_default(const struct binding *binding, const char *gesture)
{
	const struct bindings *defaults = bindings_default();
	size_t i;

	for (i = 0; i < defaults->count; i++) {
		const struct binding *one = &defaults->binding[i];

		if (!strcmp(one->input, binding->input) && one->code == binding->code &&
		    one->call.type == binding->call.type &&
		    !strcasecmp(event_gesture_name(one->gesture), gesture))
			return true;
	}
	return false;
}

static int read_gesture(struct reader *reader, const json_t *entry, struct binding *binding)
{
	const json_t *value = json_object_get(entry, "gesture"),
		     *key = json_object_get(entry, "key");
	const struct kind *kind = find_kind(reader, binding, key);
	const char *words = json_is_string(value) ? json_string_value(value) : "";
	enum event_gesture gesture = EVENT_PRESS;
	size_t index = 0;
	int ret;

	if (is_default(binding, value ? words : "press"))
		kind = &kinds[key != NULL];
	if (!kind->gestures)
		return refuse(reader, "input", json_object_get(entry, "input"),
			      "an input that something can be done to: this is %s", kind->words);
	if (kind->keys && !key)
		return refuse(reader, "key", NULL, "a key: the input is %s", kind->words);
	if (!kind->keys && key)
		return refuse(reader, "key", key, "no key: the input is %s", kind->words);
	if (value || !(kind->gestures & BIT(EVENT_PRESS))) {
		reader->of = kind->words;
		ret = find_name(reader, entry, "gesture", gesture_at, kind, &index);
		reader->of = NULL;
		if (ret < 0)
			return ret;
		for (gesture = 0; !(kind->gestures & BIT(gesture)) || index--; gesture++)
			;
	}
	binding->gesture = gesture;
	return 0;
}

static int read_source(struct reader *reader, const json_t *entry, struct binding *binding)
{
	bool input = json_object_get(entry, "input"), key = json_object_get(entry, "key");
	int ret = 0;

	if (!input && !key)
		return refuse(reader, "input", NULL,
			      "the name of an input, or a \"key\" in its place or with it");
	if (input)
		ret = read_text(reader, entry, "input", binding->input, sizeof(binding->input),
				reader->known->input_at, reader->known->inputs);
	if (ret >= 0 && key)
		ret = read_key(reader, entry, binding);
	return ret < 0 ? ret : read_gesture(reader, entry, binding);
}

static int read_binding(struct reader *reader, const json_t *entry, struct binding *binding)
{
	const struct action *action;
	size_t type;
	int ret;

	memset(binding, 0, sizeof(*binding));
	if (!json_is_object(entry))
		return refuse(reader, "", entry, "an object with input or key, and action");
	ret = find_name(reader, entry, "action", action_name_at, NULL, &type);
	if (ret < 0)
		return ret;
	action = action_at(type);
	binding->call.type = (enum action_type)type;
	ret = check_keys(reader, entry, action);
	if (ret >= 0)
		ret = read_source(reader, entry, binding);
	if (ret >= 0 && json_object_get(entry, "zone"))
		ret = read_text(reader, entry, "zone", binding->call.zone,
				sizeof(binding->call.zone), reader->known->zone_at,
				reader->known->zones);
	if (ret >= 0 && action->parameter)
		ret = read_parameter(reader, entry, action, &binding->call);
	if (ret >= 0)
		ret = read_value(reader, entry, action->value, &binding->call);
	return ret;
}

int bindings_read(const json_t *json, const struct bindings_known *known,
		  struct bindings *ret_bindings, struct bindings_error *ret_error)
{
	struct reader reader = { .known = known, .error = ret_error, .index = -1 };
	struct bindings bindings = { .count = 0 };
	size_t count = json_array_size(json);
	int ret;

	if (!json_is_array(json) || count > BINDINGS_MAX)
		return refuse(&reader, "", json_is_array(json) ? NULL : json,
			      "an array of at most %d bindings", BINDINGS_MAX);
	while (bindings.count < count) {
		reader.index = (int)bindings.count;
		ret = read_binding(&reader, json_array_get(json, bindings.count),
				   &bindings.binding[bindings.count]);
		if (ret < 0)
			return ret;
		bindings.count++;
	}
	*ret_bindings = bindings;
	return 0;
}

/* ---- writing ---- */

static json_t *write_value(const struct action_call *call, enum action_value kind)
{
	struct effect_param param;

	if (action_value_is_name(kind))
		return json_string(call->name);
	if (kind == ACTION_ON)
		return json_boolean(call->number);
	if (kind == ACTION_MODE)
		return json_string(modes[call->number]);
	if (kind == ACTION_RGB)
		return json_pack("[iii]", call->number >> 16, call->number >> 8 & UINT8_MAX,
				 call->number & UINT8_MAX);
	if (kind == ACTION_PARAMETER && find_parameter(call->parameter, &param))
		return params_json(&param, call->number);
	return json_integer(call->number);
}

static int set(json_t *entry, const char *key, json_t *value)
{
	return json_object_set_new(entry, key, value);
}

static json_t *write_binding(const struct binding *binding)
{
	const struct action_call *call = &binding->call;
	const struct action *action = action_at(call->type);
	json_t *entry = json_object();
	char key[KEY_TEXT_MAX];
	int ret = 0;

	if (binding->input[0])
		ret = set(entry, "input", json_string(binding->input));
	if (ret >= 0 && binding->code) {
		key_write(key, binding->code, binding->modifiers);
		ret = set(entry, "key", json_string(key));
	}
	if (ret >= 0)
		ret = set(entry, "gesture", json_string(event_gesture_name(binding->gesture)));
	if (ret >= 0)
		ret = set(entry, "action", json_string(action->name));
	if (ret >= 0 && call->zone[0])
		ret = set(entry, "zone", json_string(call->zone));
	if (ret >= 0 && action->parameter)
		ret = set(entry, "parameter", json_string(call->parameter));
	if (ret >= 0 && action_value_key(action->value) &&
	    (call->given || action->value != ACTION_STEPS))
		ret = set(entry, action_value_key(action->value), write_value(call, action->value));
	if (ret < 0) {
		json_decref(entry);
		return NULL;
	}
	return entry;
}

json_t *bindings_write(const struct bindings *bindings)
{
	json_t *json = json_array();
	size_t i;

	for (i = 0; i < bindings->count; i++) {
		if (json_array_append_new(json, write_binding(&bindings->binding[i])) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}
