// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/inputs.h"

#include <errno.h>
#include <string.h>

#include "config/config.h"

#define LINE_ALLOWED "a line's name, or its number on the chip from 0 to 1023"

/* Order of enum gpio_bias. */
static const char *const biases[] = { "as_is", "disabled", "pull_up", "pull_down", NULL };
/* Order of enum button_debounce. */
static const char *const debounces[] = { "first_edge", "steady", NULL };

/* Keys that an input has besides its name and type; closed by NULL. */
static const char *const keys_of[INPUT_TYPES][16] = {
	[INPUT_ENCODER] = { "chip", "a", "b", "switch", "bias", "active_low", "debounce_us",
			    "debounce", "edges_per_detent", "reversed", "acceleration", "long_ms",
			    "double_ms" },
	[INPUT_BUTTON] = { "chip", "line", "bias", "active_low", "debounce_us", "debounce",
			   "long_ms", "double_ms" },
	[INPUT_KEYBOARD] = { "device", "grab" },
	[INPUT_TERMINAL] = { NULL },
	[INPUT_BUZZER] = { "chip", "line", "active_low", "device", "pwm" },
};

static bool is_name(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-") == strlen(text);
}

/* What goes without saying depends on the type: contacts are wired to ground. */
static int read_type(struct schema *schema, json_t *value, void *target)
{
	const char *text = json_string_value(value);
	struct input_config *config = target;
	unsigned int type = 0;

	while (type < INPUT_TYPES && (!text || strcmp(text, input_type_names[type]) != 0))
		type++;
	if (type == INPUT_TYPES)
		return schema_refuse(schema, value,
				     "one of \"encoder\", \"button\", \"keyboard\", \"terminal\", "
				     "\"buzzer\"");
	config->type = type;
	config->pwm = -1;
	if (type != INPUT_ENCODER && type != INPUT_BUTTON)
		return 0;
	config->gpio.bias = GPIO_BIAS_PULL_UP;
	config->gpio.active_low = true;
	config->long_ms = INPUT_LONG_MS;
	config->double_ms = INPUT_DOUBLE_MS;
	config->debounce_us = INPUT_DEBOUNCE_US;
	if (type == INPUT_ENCODER)
		config->encoder = (struct encoder_config){ .quarters = 4, .acceleration = 1 };
	return 0;
}

static int write_type(const void *target, json_t **ret_value)
{
	const struct input_config *config = target;

	*ret_value = json_string(input_type_names[config->type]);
	return *ret_value ? 0 : -ENOMEM;
}

static int read_line(struct schema *schema, json_t *value, struct gpio_config *gpio,
		     unsigned int index)
{
	const char *text = json_string_value(value);
	struct gpio_line *line = &gpio->line[index];

	gpio->line_count = index + 1;
	if (text && *text && strlen(text) < sizeof(line->name)) {
		strcpy(line->name, text);
		return 0;
	}
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > GPIO_OFFSET_MAX)
		return schema_refuse(schema, value, LINE_ALLOWED);
	line->offset = (uint32_t)json_integer_value(value);
	return 0;
}

static int write_line(const struct gpio_config *gpio, unsigned int index, json_t **ret_value)
{
	const struct gpio_line *line = &gpio->line[index];

	*ret_value = NULL;
	if (index >= gpio->line_count)
		return 0;
	*ret_value = line->name[0] ? json_string(line->name) : json_integer(line->offset);
	return *ret_value ? 0 : -ENOMEM;
}

static int read_first(struct schema *schema, json_t *value, void *target)
{
	return read_line(schema, value, &((struct input_config *)target)->gpio, 0);
}

static int read_second(struct schema *schema, json_t *value, void *target)
{
	return read_line(schema, value, &((struct input_config *)target)->gpio, 1);
}

static int read_switch(struct schema *schema, json_t *value, void *target)
{
	return read_line(schema, value, &((struct input_config *)target)->contact, 0);
}

static int write_a(const void *target, json_t **ret_value)
{
	const struct input_config *config = target;

	*ret_value = NULL;
	return config->type == INPUT_ENCODER ? write_line(&config->gpio, 0, ret_value) : 0;
}

static int write_b(const void *target, json_t **ret_value)
{
	const struct input_config *config = target;

	*ret_value = NULL;
	return config->type == INPUT_ENCODER ? write_line(&config->gpio, 1, ret_value) : 0;
}

static int write_only_line(const void *target, json_t **ret_value)
{
	const struct input_config *config = target;

	*ret_value = NULL;
	return config->type != INPUT_ENCODER ? write_line(&config->gpio, 0, ret_value) : 0;
}

static int write_switch(const void *target, json_t **ret_value)
{
	return write_line(&((const struct input_config *)target)->contact, 0, ret_value);
}

static int read_pwm(struct schema *schema, json_t *value, void *target)
{
	struct input_config *config = target;

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > UINT8_MAX)
		return schema_refuse(schema, value, "a whole number from 0 to 255");
	config->pwm = (int32_t)json_integer_value(value);
	return 0;
}

static int write_pwm(const void *target, json_t **ret_value)
{
	const struct input_config *config = target;

	*ret_value =
		config->type == INPUT_BUZZER && config->pwm >= 0 ? json_integer(config->pwm) : NULL;
	return 0;
}

const struct schema_field config_inputs_fields[] = {
	{ "name", SCHEMA_TEXT, SCHEMA_MEMBER(struct input_config, name), .required = true,
	  .check = is_name, .allowed = "1 to 31 letters, digits, _ and -" },
	{ "type", SCHEMA_OTHER, .required = true, .read = read_type, .write = write_type,
	  .allowed = "one of \"encoder\", \"button\", \"keyboard\", \"terminal\", \"buzzer\"" },
	{ "chip", SCHEMA_TEXT, SCHEMA_MEMBER(struct input_config, gpio.chip) },
	{ "a", SCHEMA_OTHER, .read = read_first, .write = write_a, .allowed = LINE_ALLOWED },
	{ "b", SCHEMA_OTHER, .read = read_second, .write = write_b, .allowed = LINE_ALLOWED },
	{ "switch", SCHEMA_OTHER, .read = read_switch, .write = write_switch,
	  .allowed = LINE_ALLOWED },
	{ "line", SCHEMA_OTHER, .read = read_first, .write = write_only_line,
	  .allowed = LINE_ALLOWED },
	{ "bias", SCHEMA_NAMED, SCHEMA_MEMBER(struct input_config, gpio.bias), .names = biases },
	{ "active_low", SCHEMA_BOOL, SCHEMA_MEMBER(struct input_config, gpio.active_low) },
	{ "debounce_us", SCHEMA_INT, SCHEMA_MEMBER(struct input_config, debounce_us),
	  .max = BUTTON_DEBOUNCE_MAX_MS * 1000 },
	{ "debounce", SCHEMA_NAMED, SCHEMA_MEMBER(struct input_config, debounce),
	  .names = debounces },
	{ "edges_per_detent", SCHEMA_INT, SCHEMA_MEMBER(struct input_config, encoder.quarters),
	  .min = 1, .max = 4 },
	{ "reversed", SCHEMA_BOOL, SCHEMA_MEMBER(struct input_config, encoder.reversed) },
	{ "acceleration", SCHEMA_INT, SCHEMA_MEMBER(struct input_config, encoder.acceleration),
	  .min = 1, .max = ENCODER_ACCELERATION_MAX },
	{ "long_ms", SCHEMA_INT, SCHEMA_MEMBER(struct input_config, long_ms),
	  .max = BUTTON_TIME_MAX_MS },
	{ "double_ms", SCHEMA_INT, SCHEMA_MEMBER(struct input_config, double_ms),
	  .max = BUTTON_TIME_MAX_MS },
	{ "device", SCHEMA_TEXT, SCHEMA_MEMBER(struct input_config, device) },
	{ "pwm", SCHEMA_OTHER, .read = read_pwm, .write = write_pwm,
	  .allowed = "a whole number from 0 to 255" },
	{ "grab", SCHEMA_BOOL, SCHEMA_MEMBER(struct input_config, grab) },
	{ NULL },
};

/* ---- which keys go together ---- */

static bool has_key(enum input_type type, const char *key)
{
	size_t i;

	for (i = 0; keys_of[type][i]; i++)
		if (!strcmp(keys_of[type][i], key))
			return true;
	return !strcmp(key, "name") || !strcmp(key, "type");
}

static int need(struct schema *schema, json_t *value, const char *key, const char *what)
{
	if (json_object_get(value, key))
		return 0;
	return schema_fail(schema, "\"%s\" is missing: %s", key, what);
}

static int check_lines(struct schema *schema, json_t *value, const struct input_config *config)
{
	const struct gpio_config *gpio = &config->gpio;
	unsigned int i;

	for (i = 0; i < gpio->line_count; i++)
		if (!gpio->chip[0] && !gpio->line[i].name[0])
			return need(schema, value, "chip",
				    "a line's number is of a chip, such as \"gpiochip0\"");
	if (!gpio->chip[0] && config->contact.line_count && !config->contact.line[0].name[0])
		return need(schema, value, "chip",
			    "a line's number is of a chip, such as \"gpiochip0\"");
	return 0;
}

static int check_buzzer(struct schema *schema, json_t *value, const struct input_config *config)
{
	bool line = config->gpio.line_count, device = config->device[0];

	if (line == device)
		return schema_fail(schema, "a buzzer has either \"line\" or \"device\"");
	if (device && config->device[0] != '/')
		return schema_refuse(schema, json_object_get(value, "device"),
				     "a path, of a beeper or of a PWM's folder in sysfs");
	if (line && config->pwm >= 0)
		return schema_fail(schema,
				   "\"pwm\" goes with the \"device\" that it is a channel of");
	return 0;
}

static int check_input(struct schema *schema, json_t *value, struct input_config *config)
{
	const char *key;
	json_t *member;
	int ret = 0;

	json_object_foreach (value, key, member) {
		if (!has_key(config->type, key)) {
			schema_enter(schema, key);
			return schema_fail(schema, "no key of type \"%s\"",
					   input_type_names[config->type]);
		}
	}
	if (config->type == INPUT_ENCODER) {
		ret = need(schema, value, "a", LINE_ALLOWED);
		if (ret >= 0)
			ret = need(schema, value, "b", LINE_ALLOWED);
		if (ret >= 0 && config->encoder.quarters == 3) {
			schema_enter(schema, "edges_per_detent");
			ret = schema_refuse(schema, json_object_get(value, "edges_per_detent"),
					    "1, 2 or 4");
		}
	} else if (config->type == INPUT_BUTTON) {
		ret = need(schema, value, "line", LINE_ALLOWED);
	} else if (config->type == INPUT_BUZZER) {
		ret = check_buzzer(schema, value, config);
	}
	return ret < 0 ? ret : check_lines(schema, value, config);
}

/* The switch is wired as the knob is; what the kernel debounces is never told at once. */
static void complete(struct input_config *config)
{
	unsigned int lines = config->contact.line_count;
	struct gpio_line line = config->contact.line[0];
	uint32_t debounce_us = config->debounce == BUTTON_STEADY ? config->debounce_us : 0;

	if (config->type == INPUT_BUZZER)
		config->gpio.output = true;
	if (config->type == INPUT_BUTTON)
		config->gpio.debounce_us = debounce_us;
	if (config->type != INPUT_ENCODER || !lines)
		return;
	config->contact = config->gpio;
	config->contact.line_count = 1;
	memset(config->contact.line, 0, sizeof(config->contact.line));
	config->contact.line[0] = line;
	config->contact.debounce_us = debounce_us;
}

static int read_input(struct schema *schema, json_t *value, struct config *config)
{
	struct input_config *input = &config->input[config->input_count];
	size_t i;
	int ret;

	ret = schema_object(schema, value, config_inputs_fields, input);
	if (ret >= 0)
		ret = check_input(schema, value, input);
	if (ret < 0)
		return ret;
	for (i = 0; i < config->input_count; i++) {
		if (!strcmp(config->input[i].name, input->name)) {
			schema_enter(schema, "name");
			return schema_fail(schema, "\"%s\" is the name of another input already",
					   input->name);
		}
		if (input->type == INPUT_TERMINAL && config->input[i].type == INPUT_TERMINAL) {
			schema_enter(schema, "type");
			return schema_fail(schema, "there is one terminal, and \"%s\" has it",
					   config->input[i].name);
		}
	}
	complete(input);
	config->input_count++;
	return 0;
}

int config_inputs_read(struct schema *schema, json_t *value, void *target)
{
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 0, INPUTS_MAX);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = read_input(schema, json_array_get(value, i), target);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

int config_inputs_write(const void *target, json_t **ret_value)
{
	const struct config *config = target;
	json_t *input;
	const char *key;
	json_t *value;
	void *next;
	size_t i;

	*ret_value = config->input_count ? json_array() : NULL;
	for (i = 0; i < config->input_count; i++) {
		if (schema_append(*ret_value, config_inputs_fields, &config->input[i]) < 0)
			return -ENOMEM;
		/* what is not of its type was never said */
		input = json_array_get(*ret_value, i);
		json_object_foreach_safe(input, next, key,
					 value) if (!has_key(config->input[i].type, key))
			json_object_del(input, key);
	}
	return 0;
}

/* ---- bindings ---- */

const struct schema_field config_bindings_fields[] = {
	{ "input", SCHEMA_OTHER, .allowed = "the name of an input" },
	{ "gesture", SCHEMA_OTHER,
	  .allowed = "one of \"rotate\", \"right\", \"left\", \"press\", \"release\", \"click\", "
		     "\"double\", \"long\", \"repeat\"" },
	{ "key", SCHEMA_OTHER, .allowed = "a key such as \"Z\", \"SPACE\" or \"CTRL+SHIFT+F1\"" },
	{ "action", SCHEMA_OTHER, .required = true, .allowed = "the name of an action" },
	{ "zone", SCHEMA_OTHER, .allowed = "the id of a zone" },
	{ NULL },
};

/* Those of the configuration, then those that the default bindings name. */
static const char *input_name_at(size_t index, const void *data)
{
	const struct config *config = data;

	if (index < config->input_count)
		return config->input[index].name;
	return bindings_default_input(index - config->input_count, NULL);
}

static const char *input_kind_at(size_t index, const void *data)
{
	const struct config *config = data;
	const char *type;

	if (index < config->input_count)
		return input_kind(&config->input[index]);
	bindings_default_input(index - config->input_count, &type);
	return type;
}

static const char *zone_id_at(size_t index, const void *data)
{
	const struct config *config = data;

	return index < config->zone_count ? config->zone[index].config.id : NULL;
}

int config_bindings_read(struct schema *schema, json_t *value, void *target)
{
	struct config *config = target;
	struct bindings_known known = {
		.input_at = input_name_at,
		.kind_at = input_kind_at,
		.inputs = config,
		.zone_at = zone_id_at,
		.zones = config,
	};
	struct bindings_error error;

	if (bindings_read(value, &known, &config->bindings, &error) >= 0)
		return 0;
	if (error.index >= 0)
		schema_enter_index(schema, (size_t)error.index);
	if (error.key[0])
		schema_enter(schema, error.key);
	if (error.value)
		return schema_refuse(schema, (json_t *)error.value, "%s", error.allowed);
	return schema_fail(schema, "is missing: %s", error.allowed);
}

int config_bindings_write(const void *target, json_t **ret_value)
{
	*ret_value = bindings_write(&((const struct config *)target)->bindings);
	return *ret_value ? 0 : -ENOMEM;
}
