// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/programs.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/child.h"

#define START_MS 5000
#define SILENCE_MS 60000
#define PROGRAM_MAX_MS 86400000

static bool is_id(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_") == strlen(text);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			return false;
	return true;
}

static int read_command(struct schema *schema, json_t *value, void *target)
{
	struct program_config *program = target;
	size_t i, used = 0, length;
	const char *word;
	json_t *entry;
	int ret;

	ret = schema_array(schema, value, 1, CHILD_ARGS_MAX);
	if (ret < 0)
		return ret;
	json_array_foreach (value, i, entry) {
		word = json_string_value(entry);
		length = json_string_length(entry);
		if (!word || (i == 0 && *word != '/')) {
			schema_enter_index(schema, i);
			return schema_refuse(schema, entry, "%s",
					     i ? "a text" : "the absolute path of a program");
		}
		if (used + length + 1 > PROGRAMS_COMMAND_MAX)
			return schema_fail(schema, "is longer than %d bytes in all",
					   PROGRAMS_COMMAND_MAX);
		memcpy(program->command + used, word, length + 1);
		used += length + 1;
	}
	program->words = (unsigned int)i;
	return 0;
}

static int write_command(const void *target, json_t **ret_value)
{
	const struct program_config *program = target;
	const char *word = program->command;
	unsigned int i;

	*ret_value = json_array();
	for (i = 0; i < program->words; i++, word += strlen(word) + 1)
		if (json_array_append_new(*ret_value, json_string(word)) < 0)
			return -ENOMEM;
	return *ret_value ? 0 : -ENOMEM;
}

const struct schema_field programs_fields[] = {
	{ "id", SCHEMA_TEXT, SCHEMA_MEMBER(struct program_config, id), .required = true,
	  .check = is_id, .allowed = "1 to 31 letters, digits and _" },
	{ "display_name", SCHEMA_TEXT, SCHEMA_MEMBER(struct program_config, label),
	  .check = is_plain, .allowed = "a text of at most 63 bytes without control characters" },
	{ "description", SCHEMA_TEXT, SCHEMA_MEMBER(struct program_config, description),
	  .check = is_plain, .allowed = "a text of at most 127 bytes without control characters" },
	{ "command", SCHEMA_OTHER, .required = true, .read = read_command, .write = write_command,
	  .allowed = "an array of 1 to 16 texts, the first an absolute path" },
	{ "live", SCHEMA_BOOL, SCHEMA_MEMBER(struct program_config, live) },
	{ "start_ms", SCHEMA_INT, SCHEMA_MEMBER(struct program_config, start_ms), .min = 1,
	  .max = PROGRAM_MAX_MS },
	{ "silence_ms", SCHEMA_INT, SCHEMA_MEMBER(struct program_config, silence_ms),
	  .max = PROGRAM_MAX_MS },
	{ NULL },
};

int programs_find(const struct config *config, const char *id)
{
	size_t i;

	for (i = 0; i < config->program_count; i++)
		if (!strcasecmp(config->program[i].id, id))
			return (int)i;
	return -ENOENT;
}

/* Those that are built in come first; a daemon that runs has programs behind them already. */
static size_t built_in(void)
{
	const struct effect *effect;
	size_t count = 0;

	while ((effect = effect_at(count)) && !effect->external)
		count++;
	return count;
}

uint16_t programs_animation(unsigned int program)
{
	return (uint16_t)(built_in() + program);
}

const char *programs_id(const struct config *config, uint16_t animation)
{
	size_t first = built_in();

	if (animation < first || animation - first >= config->program_count)
		return NULL;
	return config->program[animation - first].id;
}

static int read_program(struct schema *schema, json_t *value, struct config *config)
{
	struct program_config *program = &config->program[config->program_count];
	const struct effect *effect;
	char *c;
	int ret;

	program->start_ms = START_MS;
	program->silence_ms = SILENCE_MS;
	ret = schema_object(schema, value, programs_fields, program);
	if (ret < 0)
		return ret;
	for (c = program->id; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	effect = effect_find(program->id);
	if (programs_find(config, program->id) >= 0 || (effect && !effect->external)) {
		schema_enter(schema, "id");
		return schema_fail(schema, "\"%s\" is the id of another animation already",
				   program->id);
	}
	if (!program->label[0])
		memcpy(program->label, program->id, sizeof(program->id));
	config->program_count++;
	return 0;
}

int programs_read(struct schema *schema, json_t *value, void *target)
{
	size_t i, mark;
	int ret;

	ret = schema_array(schema, value, 0, PROGRAMS_MAX);
	for (i = 0; ret >= 0 && i < json_array_size(value); i++) {
		mark = schema_enter_index(schema, i);
		ret = read_program(schema, json_array_get(value, i), target);
		if (ret >= 0)
			schema_leave(schema, mark);
	}
	return ret;
}

int programs_write(const void *target, json_t **ret_value)
{
	const struct config *config = target;
	size_t i;

	*ret_value = json_array();
	for (i = 0; i < config->program_count; i++)
		if (schema_append(*ret_value, programs_fields, &config->program[i]) < 0)
			return -ENOMEM;
	return *ret_value ? 0 : -ENOMEM;
}
