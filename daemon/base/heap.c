// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/heap.h"

#include <malloc.h>
#include <stdlib.h>

/* glibc looks at the end of a heap when more than 64 KiB are freed; from 128 KiB on they are mapped. */
#define LOOK_BYTES (96 * 1024)

void heap_give_back(void)
{
	void *volatile piece;

	/* what lies between pieces that are in use; of a thread's heap not the end, however long */
	malloc_trim(0);
	piece = malloc(LOOK_BYTES);
	free(piece);
}
