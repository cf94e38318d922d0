/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the fuzz targets share.  A target gives an input to a parser as its
 * callers do, and checks what the parser promises; the sanitizers find other errors.
 * Memory has the exact size, so that a read beyond it is found.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <baton/acpi.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise of the parser, broken by this input. */
#define promise(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static inline void *exact(size_t size)
{
	void *memory = malloc(size ? size : 1);

	if (!memory)
		abort();
	return memory;
}

static inline void *exact_copy(const void *data, size_t size)
{
	return size ? memcpy(exact(size), data, size) : exact(0);
}

/*
 * A copy of the table at @data.  Its length is at most @size, as callers ensure, and its
 * checksum is right, because no input would guess it.  @size is at least that of the
 * header.
 */
static inline void *exact_table(const uint8_t *data, size_t size)
{
	struct acpi_header *table = exact_copy(data, size);

	if (table->length > size)
		table->length = (uint32_t)size;
	if (table->length >= sizeof(*table))
		acpi_set_checksum(table);
	return table;
}

#endif /* TESTS_FUZZ_FUZZ_H */
