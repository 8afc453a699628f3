// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/command.h"

#include <stdlib.h>

#include "control/config_change.h"

void command_discard(const struct command *command)
{
	if (command->type == COMMAND_LIBRARY_IMPORT)
		free(command->library.import);
	else if (command->type == COMMAND_BINDINGS_SET)
		free(command->bindings);
	else if (command->type == COMMAND_OUTPUT_FRAME)
		free(command->frame.data);
	else if (command->type == COMMAND_CONFIG_CHANGE)
		config_change_unref(command->config);
}
