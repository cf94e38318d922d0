/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Building ACPI tables for tests, good ones and bad ones.  Sums are computed
 * here once more, so that a mistake in the code under test does not hide.
 */
#ifndef TESTS_UNIT_BUILDER_H
#define TESTS_UNIT_BUILDER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <baton/acpi.h>

struct builder {
	uint8_t bytes[64 << 10];
	size_t length;
};

static inline void add_bytes(struct builder *b, const void *bytes, size_t length)
{
	assert_true(b->length + length <= sizeof(b->bytes));
	memcpy(b->bytes + b->length, bytes, length);
	b->length += length;
}

static inline void add_number(struct builder *b, uint64_t value, size_t length)
{
	for (; length; length--, value >>= 8)
		add_bytes(b, &(uint8_t){(uint8_t)value}, 1);
}

static inline void begin_table(struct builder *b, const char *signature, uint8_t revision)
{
	b->length = 0;
	add_bytes(b, signature, 4);
	add_number(b, 0, 4); /* length */
	add_number(b, revision, 1);
	add_number(b, 0, 1); /* checksum */
	add_bytes(b, "BATON ", 6);
	add_bytes(b, "UNITTEST", 8);
	add_number(b, 1, 4);
	add_bytes(b, "TEST", 4);
	add_number(b, 1, 4);
}

static inline uint8_t sum_of(const void *bytes, size_t length)
{
	unsigned sum = 0;

	for (size_t i = 0; i < length; i++)
		sum += ((const uint8_t *)bytes)[i];
	return (uint8_t)sum;
}

/*
 * The table as a block of its own, of exactly its size, for the address
 * sanitizer; its header says @length, and it sums up to 0 over what there is.
 */
static inline void *end_table_saying(const struct builder *b, uint32_t length)
{
	uint8_t *table = malloc(b->length);

	assert_non_null(table);
	memcpy(table, b->bytes, b->length);
	memcpy(table + 4, &length, sizeof(length));
	table[9] = 0;
	table[9] = (uint8_t)-sum_of(table, length < b->length ? length : b->length);
	return table;
}

static inline void *end_table(const struct builder *b)
{
	return end_table_saying(b, (uint32_t)b->length);
}

static inline void begin_madt(struct builder *b, uint8_t revision)
{
	begin_table(b, "APIC", revision);
	add_number(b, 0xfee00000, 4);
	add_number(b, 1, 4);
}

static inline void add_apic(struct builder *b, uint8_t uid, uint8_t apic_id, uint32_t flags)
{
	add_number(b, 0, 1);
	add_number(b, 8, 1);
	add_number(b, uid, 1);
	add_number(b, apic_id, 1);
	add_number(b, flags, 4);
}

static inline void add_x2apic(struct builder *b, uint32_t uid, uint32_t apic_id, uint32_t flags)
{
	add_number(b, 9, 1);
	add_number(b, 16, 1);
	add_number(b, 0, 2);
	add_number(b, apic_id, 4);
	add_number(b, flags, 4);
	add_number(b, uid, 4);
}

/* @length bytes of a wakeup structure, whatever its version needs. */
static inline void add_wakeup(struct builder *b, uint16_t version, uint8_t length)
{
	add_number(b, 16, 1);
	add_number(b, length, 1);
	add_number(b, version, 2);
	add_number(b, 0, 4);
	add_number(b, 0x1122334455667000, 8);
	if (length > 16)
		add_number(b, 0x0000000099aa1000, (size_t)length - 16);
}

#endif /* TESTS_UNIT_BUILDER_H */
