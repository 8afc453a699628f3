// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/config_change.h"

#include <stdlib.h>

struct config_change *config_change_create(enum config_change_kind kind, char *text)
{
	struct config_change *change = calloc(1, sizeof(*change));

	if (!change) {
		free(text);
		return NULL;
	}
	atomic_init(&change->refs, 1);
	change->kind = kind;
	change->text = text;
	return change;
}

struct config_change *config_change_ref(struct config_change *change)
{
	atomic_fetch_add(&change->refs, 1);
	return change;
}

struct config_change *config_change_unref(struct config_change *change)
{
	if (!change || atomic_fetch_sub(&change->refs, 1) != 1)
		return NULL;
	free(change->text);
	free(change);
	return NULL;
}

struct config_document *config_document_free(struct config_document *document)
{
	if (!document)
		return NULL;
	free(document->config);
	free(document->own);
	free(document);
	return NULL;
}

void config_shelf_put(struct config_shelf *shelf, struct config_document *document)
{
	config_document_free(atomic_exchange(&shelf->newest, document));
}

void config_shelf_put_back(struct config_shelf *shelf, struct config_document *document)
{
	struct config_document *none = NULL;

	if (!atomic_compare_exchange_strong(&shelf->newest, &none, document))
		config_document_free(document);
}

struct config_document *config_shelf_take(struct config_shelf *shelf)
{
	/* asked for each request, where a look is cheaper than an exchange */
	return atomic_load(&shelf->newest) ? atomic_exchange(&shelf->newest, NULL) : NULL;
}
