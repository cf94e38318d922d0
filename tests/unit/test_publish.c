/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * stage/x86_64/publish.c: what the kernel is told, byte for byte, and as iasl reads
 * it.  Debian 12's iasl does not know the MADT's entry of type 0x10, and none
 * shows its reset vector; it does not take a root pointer on its own.  Those
 * bytes are compared here.
 */
#include "unit.h"
#include "builder.h"

#include <stdbool.h>
#include <stdio.h>

#include "stage/x86_64/publish.h"

#define MAILBOX 0x0000004433221000
#define RESET_VECTOR 0x0000004433223000

static struct builder b;

/* Build, publish and check the parts that every published MADT has. */
static struct acpi_madt *publish(const struct builder *from)
{
	struct acpi_madt *madt = end_table(from);
	size_t size = publish_madt_size(madt);
	struct acpi_madt *to = malloc(size);

	assert_null(acpi_madt_check(madt));
	memset(to, 0xee, size); /* what is not written shows */
	publish_madt(to, madt, MAILBOX, RESET_VECTOR);
	assert_int_equal(to->header.length, size);
	assert_int_equal(to->header.revision, 7);
	assert_int_equal(sum_of(to, size), 0);
	assert_null(acpi_madt_check(to));
	free(madt);
	return to;
}

static uint32_t flags_of(const struct acpi_madt *madt, size_t index)
{
	const struct acpi_madt_entry *entry = acpi_madt_next(madt, NULL);

	while (index--)
		entry = acpi_madt_next(madt, entry);
	return entry->type == 0 ? ((const struct acpi_madt_local_apic *)entry)->flags
				: ((const struct acpi_madt_local_x2apic *)entry)->flags;
}

static uint32_t id_of(const struct acpi_madt *madt, size_t index)
{
	const struct acpi_madt_entry *entry = acpi_madt_next(madt, NULL);

	while (index--)
		entry = acpi_madt_next(madt, entry);
	return entry->type == 0 ? ((const struct acpi_madt_local_apic *)entry)->apic_id
				: ((const struct acpi_madt_local_x2apic *)entry)->apic_id;
}

/* The MADT. */

static void madt_byte_for_byte(void **state)
{
	static const uint8_t expected[] = {
		/* clang-format off */
		'A', 'P', 'I', 'C', 0x6c, 0, 0, 0, 7, 0xaa,
		'B', 'A', 'T', 'O', 'N', ' ', 'U', 'N', 'I', 'T', 'T', 'E', 'S', 'T',
		1, 0, 0, 0, 'T', 'E', 'S', 'T', 1, 0, 0, 0,
		0x00, 0x00, 0xe0, 0xfe, 1, 0, 0, 0,
		0, 8, 0x00, 0x00, 1, 0, 0, 0,
		0, 8, 0x01, 0xff, 0, 0, 0, 0, /* was Online Capable: loses its ID */
		9, 16, 0, 0, 0x2c, 0x01, 0, 0, 1, 0, 0, 0, 0x02, 0, 0, 0,
		0x7f, 8, 1, 2, 3, 4, 5, 6, /* unknown: as it was */
		16, 24, 1, 0, 0, 0, 0, 0,
		0x00, 0x10, 0x22, 0x33, 0x44, 0, 0, 0,
		0x00, 0x30, 0x22, 0x33, 0x44, 0, 0, 0,
		/* clang-format on */
	};
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 3);
	add_apic(&b, 0, 0, 1);
	add_apic(&b, 1, 2, 2);
	add_x2apic(&b, 2, 300, 1);
	add_number(&b, 0x060504030201087f, 8);
	madt = publish(&b);
	assert_int_equal(madt->header.length, sizeof(expected));
	assert_memory_equal(madt, expected, sizeof(expected));
	free(madt);
}

static void madt_without_entries(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	madt = publish(&b);
	assert_int_equal(madt->header.length, 44 + 24);
	assert_int_equal(acpi_madt_next(madt, NULL)->type, 16);
	free(madt);
}

static void madt_drops_earlier_wakeup(void **state)
{
	const struct acpi_madt_wakeup *wakeup;
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 6);
	add_wakeup(&b, 0, 16);
	add_apic(&b, 0, 0, 1);
	add_wakeup(&b, 1, 24);
	madt = publish(&b);
	assert_int_equal(madt->header.length, 44 + 8 + 24);
	assert_int_equal(acpi_madt_next(madt, NULL)->type, 0);
	wakeup = acpi_madt_wakeup(madt);
	assert_int_equal(wakeup->mailbox, MAILBOX);
	assert_int_equal(wakeup->reset_vector, RESET_VECTOR);
	assert_null(acpi_madt_next(madt, &wakeup->entry));
	free(madt);
}

static void madt_again(void **state)
{
	struct acpi_madt *first, *second;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	first = publish(&b);
	assert_int_equal(publish_madt_size(first), first->header.length);
	second = malloc(first->header.length);
	publish_madt(second, first, MAILBOX, RESET_VECTOR);
	assert_memory_equal(first, second, first->header.length);
	free(first);
	free(second);
}

static void madt_clears_online_capable(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 3);
	add_apic(&b, 1, 1, 2);
	add_x2apic(&b, 2, 302, 3);
	add_x2apic(&b, 3, 3, 2);
	add_x2apic(&b, 6, 4, 0xfffffffe); /* reserved bits stay as they are */
	madt = publish(&b);
	assert_int_equal(flags_of(madt, 0), 1);
	assert_int_equal(flags_of(madt, 1), 0);
	assert_int_equal(flags_of(madt, 2), 1);
	assert_int_equal(flags_of(madt, 3), 0);
	assert_int_equal(flags_of(madt, 4), 0xfffffffc);
	assert_int_equal(id_of(madt, 0), 0);
	assert_int_equal(id_of(madt, 1), 0xff);
	assert_int_equal(id_of(madt, 2), 302);
	assert_int_equal(id_of(madt, 3), 0xffffffff);
	assert_int_equal(id_of(madt, 4), 0xffffffff);
	free(madt);
}

static void madt_disables_duplicates(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 1, 0);	 /* not enabled, so not the first */
	add_apic(&b, 1, 1, 1);	 /* the first */
	add_apic(&b, 2, 1, 1);	 /* same type */
	add_x2apic(&b, 3, 1, 1); /* other type */
	add_x2apic(&b, 4, 255, 1);
	add_apic(&b, 5, 0xff, 1); /* the broadcast ID, not 255 again */
	add_x2apic(&b, 6, 255, 1);
	madt = publish(&b);
	assert_int_equal(flags_of(madt, 0), 0);
	assert_int_equal(flags_of(madt, 1), 1);
	assert_int_equal(flags_of(madt, 2), 0);
	assert_int_equal(flags_of(madt, 3), 0);
	assert_int_equal(flags_of(madt, 4), 1);
	assert_int_equal(flags_of(madt, 5), 1);
	assert_int_equal(flags_of(madt, 6), 0);
	assert_int_equal(acpi_madt_cpus(madt, NULL, 0), 2);
	free(madt);
}

/* What no kernel of today takes for a CPU, an older one must not wait for. */
static void madt_disables_low_x2apics(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_x2apic(&b, 0, 0x20, 1);
	add_apic(&b, 1, 1, 1);
	add_x2apic(&b, 2, 256, 1);
	madt = publish(&b);
	assert_int_equal(flags_of(madt, 0), 0);
	assert_int_equal(id_of(madt, 0), 0xffffffff);
	assert_int_equal(flags_of(madt, 1), 1);
	assert_int_equal(flags_of(madt, 2), 1);
	free(madt);
}

static void madt_unaligned(void **state)
{
	struct acpi_madt *from, *madt;
	uint8_t *memory;

	(void)state;
	begin_madt(&b, 5);
	add_number(&b, 0x000380, 3);
	add_x2apic(&b, 1, 300, 3);
	add_apic(&b, 2, 3, 2);
	madt = publish(&b);
	from = end_table(&b);
	memory = malloc(madt->header.length + 1);
	publish_madt((void *)(memory + 1), from, MAILBOX, RESET_VECTOR);
	assert_memory_equal(memory + 1, madt, madt->header.length);
	free(memory);
	free(from);
	free(madt);
}

static void madt_1024(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	for (unsigned i = 0; i < 1024; i++)
		add_x2apic(&b, i, i, 1);
	madt = publish(&b);
	assert_int_equal(madt->header.length, 44 + 1024 * 16 + 24);
	assert_int_equal(acpi_madt_cpus(madt, NULL, 0), 1024);
	free(madt);
}

static void madt_disable(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 1, 1);
	add_apic(&b, 1, 2, 1);
	add_x2apic(&b, 2, 2, 5);
	add_apic(&b, 3, 0xff, 1);
	add_x2apic(&b, 4, 0xff, 1);
	madt = publish(&b);
	assert_int_equal(publish_madt_disable(madt, 7), 0);
	assert_null(acpi_madt_check(madt));
	assert_int_equal(publish_madt_disable(madt, 2), 1); /* the second was a duplicate */
	assert_null(acpi_madt_check(madt));
	assert_int_equal(flags_of(madt, 0), 1);
	assert_int_equal(flags_of(madt, 1), 0);
	assert_int_equal(flags_of(madt, 2), 4);
	assert_int_equal(id_of(madt, 1), 0xff);
	assert_int_equal(id_of(madt, 2), 0xffffffff);
	assert_int_equal(publish_madt_disable(madt, 0xff), 1);
	assert_int_equal(flags_of(madt, 3), 1);
	assert_int_equal(flags_of(madt, 4), 0);
	assert_null(acpi_madt_check(madt));
	free(madt);
}

/* The XSDT and the RSDP. */

/* An XSDT of these four entries, the last one unused, and some stray bytes. */
static struct acpi_header *new_xsdt(size_t stray)
{
	begin_table(&b, "XSDT", 1);
	add_number(&b, 0x1000, 8);
	add_number(&b, 0x100002000, 8);
	add_number(&b, 0x1000, 8);
	add_number(&b, 0, 8);
	add_number(&b, 0xeeeeeeee, stray);
	return end_table(&b);
}

static struct acpi_header *publish_new_xsdt(size_t stray, uint64_t old, uint64_t new, uint64_t batn)
{
	struct acpi_header *from = new_xsdt(stray);
	size_t size = publish_xsdt_size(from);
	struct acpi_header *to = malloc(size);

	memset(to, 0xee, size);
	publish_xsdt(to, from, old, new, batn);
	assert_int_equal(to->length, size);
	assert_null(acpi_check_table(to, "XSDT"));
	assert_memory_equal(to->oem_id, from->oem_id, 36 - 10);
	free(from);
	return to;
}

static void xsdt_byte_for_byte(void **state)
{
	static const uint8_t expected[] = {
		/* clang-format off */
		'X', 'S', 'D', 'T', 0x4c, 0, 0, 0, 1, 0x44,
		'B', 'A', 'T', 'O', 'N', ' ', 'U', 'N', 'I', 'T', 'T', 'E', 'S', 'T',
		1, 0, 0, 0, 'T', 'E', 'S', 'T', 1, 0, 0, 0,
		0x00, 0x10, 0, 0, 0, 0, 0, 0,
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
		0x00, 0x10, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
		0x00, 0x50, 0, 0, 2, 0, 0, 0,
		/* clang-format on */
	};
	struct acpi_header *xsdt =
		publish_new_xsdt(0, 0x100002000, 0x1122334455667788, 0x200005000);

	(void)state;
	assert_int_equal(xsdt->length, sizeof(expected));
	assert_memory_equal(xsdt, expected, sizeof(expected));
	free(xsdt);
}

static void xsdt_replaces_every_entry(void **state)
{
	struct acpi_header *xsdt = publish_new_xsdt(0, 0x1000, 0x9000, 0x5000);

	(void)state;
	assert_int_equal(acpi_xsdt_entry(xsdt, 0), 0x9000);
	assert_int_equal(acpi_xsdt_entry(xsdt, 1), 0x100002000);
	assert_int_equal(acpi_xsdt_entry(xsdt, 2), 0x9000);
	assert_int_equal(acpi_xsdt_entry(xsdt, 3), 0);
	assert_int_equal(acpi_xsdt_entry(xsdt, 4), 0x5000);
	free(xsdt);
}

static void xsdt_old_table_0_replaces_none(void **state)
{
	struct acpi_header *xsdt = publish_new_xsdt(0, 0, 0x9000, 0x5000);

	(void)state;
	assert_int_equal(acpi_xsdt_entry(xsdt, 0), 0x1000);
	assert_int_equal(acpi_xsdt_entry(xsdt, 3), 0);
	assert_int_equal(acpi_xsdt_entry(xsdt, 4), 0x5000);
	free(xsdt);
}

static void xsdt_high_half_counts(void **state)
{
	struct acpi_header *xsdt = publish_new_xsdt(0, 0x2000, 0x9000, 0x5000);

	(void)state;
	assert_int_equal(acpi_xsdt_entry(xsdt, 1), 0x100002000);
	free(xsdt);
}

static void xsdt_drops_stray_bytes(void **state)
{
	(void)state;
	for (size_t stray = 1; stray < 8; stray++) {
		struct acpi_header *xsdt = publish_new_xsdt(stray, 0x1000, 0x9000, 0x5000);

		assert_int_equal(xsdt->length, 36 + 5 * 8);
		assert_int_equal(acpi_xsdt_entry(xsdt, 4), 0x5000);
		free(xsdt);
	}
}

static void xsdt_of_none(void **state)
{
	struct acpi_header *from, *to;

	(void)state;
	begin_table(&b, "XSDT", 1);
	from = end_table(&b);
	assert_int_equal(publish_xsdt_size(from), 44);
	to = malloc(44);
	publish_xsdt(to, from, 0x1000, 0x2000, 0x5000);
	assert_null(acpi_check_table(to, "XSDT"));
	assert_int_equal(acpi_xsdt_count(to), 1);
	assert_int_equal(acpi_xsdt_entry(to, 0), 0x5000);
	free(from);
	free(to);
}

static void xsdt_replace(void **state)
{
	struct acpi_header *xsdt = new_xsdt(3);

	(void)state;
	assert_int_equal(publish_xsdt_replace(xsdt, 0x7000, 0x9000), 0);
	assert_int_equal(publish_xsdt_replace(xsdt, 0, 0x9000), 0);
	assert_int_equal(publish_xsdt_replace(xsdt, 0x1000, 0x9000), 2);
	assert_null(acpi_check_table(xsdt, "XSDT"));
	assert_int_equal(acpi_xsdt_entry(xsdt, 0), 0x9000);
	assert_int_equal(acpi_xsdt_entry(xsdt, 2), 0x9000);
	free(xsdt);
}

static void rsdt_of_xsdt(void **state)
{
	struct acpi_header *xsdt = publish_new_xsdt(0, 0x1000, 0x9000, 0x5000);
	size_t count = acpi_xsdt_count(xsdt), size = publish_rsdt_size(xsdt);
	struct acpi_header *rsdt = malloc(size);
	uint32_t entry;

	(void)state;
	/* One of its tables lies beyond 4 GiB. */
	assert_false(publish_rsdt(rsdt, xsdt));
	publish_xsdt_replace(xsdt, 0x100002000, 0x2000);
	assert_true(publish_rsdt(rsdt, xsdt));
	assert_null(acpi_check_table(rsdt, "RSDT"));
	assert_int_equal(rsdt->length, size);
	assert_int_equal(size, 36 + 4 * count);
	for (size_t i = 0; i < count; i++) {
		memcpy(&entry, (uint8_t *)(rsdt + 1) + 4 * i, 4);
		assert_int_equal(entry, acpi_xsdt_entry(xsdt, i));
	}
	free(xsdt);
	free(rsdt);
}

static void rsdp_byte_for_byte(void **state)
{
	static const uint8_t expected[] = {
		/* clang-format off */
		'R', 'S', 'D', ' ', 'P', 'T', 'R', ' ', 0x4b,
		'B', 'A', 'T', 'O', 'N', ' ', 2,
		0, 0, 0, 0, 36, 0, 0, 0,
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x78, 0, 0, 0,
		/* clang-format on */
	};
	struct acpi_rsdp from = {.revision = 3, .rsdt = 0x1000, .length = 40, .xsdt = 0x2000};
	struct acpi_rsdp to;

	(void)state;
	memcpy(from.signature, "RSD PTR ", 8);
	memcpy(from.oem_id, "BATON ", 6);
	memset(from.reserved, 0xee, 3);
	memset(&to, 0xee, sizeof(to));
	publish_rsdp(&to, &from, 0x1122334455667788, 0);
	assert_null(acpi_check_rsdp(&to));
	assert_memory_equal(&to, expected, sizeof(expected));
}

/* The FADT. */

/* A FADT of @length bytes, all 0xee but the two pointers, as far as they fit. */
static struct acpi_header *new_fadt(size_t length, uint32_t dsdt, uint64_t x_dsdt)
{
	begin_table(&b, "FACP", 6);
	memset(b.bytes + b.length, 0xee, length - b.length);
	memcpy(b.bytes + 40, &dsdt, 4);
	memcpy(b.bytes + 140, &x_dsdt, 8);
	b.length = length;
	return end_table(&b);
}

static void fadt_dsdt(void **state)
{
	static const struct {
		size_t length;
		uint32_t dsdt;
		uint64_t x_dsdt, expected;
	} fadts[] = {
		{276, 0x1000, 0x200002000, 0x200002000},
		{276, 0x1000, 0, 0x1000}, /* X_DSDT not in use */
		{276, 0, 0x2000, 0x2000},
		{148, 0x1000, 0x2000, 0x2000},
		{147, 0x1000, 0x2000, 0x1000}, /* X_DSDT is cut off */
		{116, 0x1000, 0x2000, 0x1000}, /* ACPI 1.0 */
		{44, 0xfffff000, 0x2000, 0xfffff000},
		{43, 0x1000, 0x2000, 0}, /* DSDT is cut off */
		{36, 0x1000, 0x2000, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fadts) / sizeof(*fadts); i++) {
		struct acpi_header *fadt =
			new_fadt(fadts[i].length, fadts[i].dsdt, fadts[i].x_dsdt);

		assert_int_equal(publish_fadt_dsdt(fadt), fadts[i].expected);
		free(fadt);
	}
}

static void fadt_set_dsdt(void **state)
{
	static const struct {
		size_t length;
		uint64_t set;
		uint32_t dsdt;
		uint64_t x_dsdt, found;
	} fadts[] = {
		{276, 0x9000, 0x9000, 0x9000, 0x9000},
		{276, 0xfffff000, 0xfffff000, 0xfffff000, 0xfffff000},
		{276, 0x100009000, 0, 0x100009000, 0x100009000}, /* DSDT has 32 bits */
		{148, 0x9000, 0x9000, 0x9000, 0x9000},
		{147, 0x9000, 0x9000, 0x2000, 0x9000},
		{44, 0x9000, 0x9000, 0x2000, 0x9000},
		{44, 0x100009000, 0x1000, 0x2000, 0x1000}, /* no place for it: left alone */
		{43, 0x9000, 0x1000, 0x2000, 0},
		{36, 0x9000, 0x1000, 0x2000, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fadts) / sizeof(*fadts); i++) {
		struct acpi_header *fadt = new_fadt(fadts[i].length, 0x1000, 0x2000);
		struct acpi_header *expected =
			new_fadt(fadts[i].length, fadts[i].dsdt, fadts[i].x_dsdt);

		publish_fadt_set_dsdt(fadt, fadts[i].set);
		assert_memory_equal(fadt, expected, fadts[i].length);
		assert_null(acpi_check_table(fadt, "FACP"));
		assert_int_equal(publish_fadt_dsdt(fadt), fadts[i].found);
		free(fadt);
		free(expected);
	}
}

/* Hiding S3, on bytes. */

static struct acpi_header *new_aml(const void *bytes, size_t length)
{
	begin_table(&b, "DSDT", 2);
	add_bytes(&b, bytes, length);
	return end_table(&b);
}

static void s3_forms(void **state)
{
	static const struct {
		const char *aml;
		size_t length, count;
	} forms[] = {
		{"\x08_S3_\x12", 6, 1},
		{"\x08\\_S3_\x12", 7, 1},
		{"\x08^_S3_\x12", 7, 1},
		{"\x08^^_S3_\x12", 8, 1},
		{"\x08_S3_\x12\x08_S3_\x12\x08\\_S3_\x12", 19, 3},
		{"\x08_S3_\x0a", 6, 0},	      /* a byte, not a package */
		{"\x08_S3_", 5, 0},	      /* cut off */
		{"\x08_S3", 4, 0},	      /* cut off */
		{"_S3_\x12", 5, 0},	      /* nothing before it */
		{"\\_S3_\x12", 6, 0},	      /* only a prefix before it */
		{"\x0d_S3_\x12", 6, 0},	      /* a string */
		{"\x08_S4_\x12", 6, 0},	      /* another state */
		{"\x08._SB__S3_\x12", 11, 0}, /* another object */
		{"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct acpi_header *aml = new_aml(forms[i].aml, forms[i].length);

		assert_int_equal(publish_count_s3(aml), forms[i].count);
		assert_int_equal(publish_hide_s3(aml), forms[i].count);
		assert_int_equal(publish_count_s3(aml), 0);
		assert_null(acpi_check_table(aml, "DSDT"));
		/* Nothing but the name changes: with it put back, this is the input again. */
		for (size_t at = 36; at + 4 <= aml->length; at++)
			if (!memcmp((char *)aml + at, "XS3_", 4))
				memcpy((char *)aml + at, "_S3_", 4);
		assert_memory_equal(aml + 1, forms[i].aml, forms[i].length);
		free(aml);
	}
}

static void s3_prefix_in_the_header_is_none(void **state)
{
	struct acpi_header *aml;

	(void)state;
	begin_table(&b, "DSDT", 2);
	b.bytes[35] = 0x08; /* the creator's revision is not AML */
	add_bytes(&b, "_S3_\x12", 5);
	aml = end_table(&b);
	assert_int_equal(publish_count_s3(aml), 0);
	free(aml);
	b.length = 36;
	add_bytes(&b, "\\_S3_\x12", 6);
	aml = end_table(&b);
	assert_int_equal(publish_count_s3(aml), 0);
	free(aml);
}

/* As iasl reads it. */

static void need(const char *program)
{
	char command[100];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	if (system(command)) {
		print_message("# %s is not installed: skipped\n", program);
		skip();
	}
}

static void run(const char *command)
{
	if (system(command))
		fail_msg("this command failed: %s", command);
}

static void write_file(const char *name, const void *bytes, size_t length)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* The file's bytes with a 0 behind them, to be freed. */
static char *read_file(const char *name, size_t *length)
{
	FILE *file = fopen(name, "rb");
	char *bytes;

	if (!file)
		fail_msg("%s is missing", name);
	fseek(file, 0, SEEK_END);
	*length = (size_t)ftell(file);
	rewind(file);
	bytes = calloc(1, *length + 1);
	assert_int_equal(fread(bytes, 1, *length, file), *length);
	fclose(file);
	return bytes;
}

/* The table in iasl's words, each run of blanks as one; to be freed. */
static char *disassemble(const struct acpi_header *table, const char *name)
{
	char file[200], command[500], *text;
	size_t length, to = 0;

	snprintf(file, sizeof(file), "%s/%s.dsl", UNIT_BUILD, name);
	remove(file);
	snprintf(file, sizeof(file), "%s/%s.aml", UNIT_BUILD, name);
	write_file(file, table, table->length);
	snprintf(command, sizeof(command), "iasl -d %s >%s/%s.log 2>&1", file, UNIT_BUILD, name);
	run(command);
	snprintf(file, sizeof(file), "%s/%s.dsl", UNIT_BUILD, name);
	text = read_file(file, &length);
	for (size_t from = 0; from < length; from++)
		if (!(text[from] == ' ' && to && text[to - 1] == ' '))
			text[to++] = text[from];
	text[to] = 0;
	return text;
}

/* The texts stand in @text in this order; the last one is NULL. */
static void assert_has(const char *text, const char *const *expected)
{
	for (; *expected; expected++) {
		text = strstr(text, *expected);
		if (!text)
			fail_msg("iasl's text lacks, or has elsewhere: %s", *expected);
		text += strlen(*expected);
	}
}

static void iasl_reads_the_madt(void **state)
{
	static const char *const expected[] = {"Revision : 07",
					       "Checksum :",
					       "[Processor Local APIC]",
					       "Local Apic ID : 05",
					       "Processor Enabled : 1",
					       "Runtime Online Capable : 0",
					       "[Processor Local APIC]",
					       "Local Apic ID : FF",
					       "Processor Enabled : 0",
					       "Runtime Online Capable : 0",
					       "[Processor Local APIC]",
					       "Local Apic ID : FF",
					       "Processor Enabled : 0",
					       "[Processor Local x2APIC]",
					       "Processor x2Apic ID : 0000012C",
					       "Processor Enabled : 1",
					       "Processor UID : 00000004",
					       "Subtable Type : 10",
					       "Length : 18",
					       NULL};
	struct acpi_madt *madt;
	char *text;

	(void)state;
	need("iasl");
	begin_madt(&b, 5);
	add_apic(&b, 1, 5, 1);
	add_apic(&b, 2, 6, 2);
	add_apic(&b, 3, 7, 1);
	add_x2apic(&b, 4, 300, 3);
	madt = publish(&b);
	publish_madt_disable(madt, 7);
	text = disassemble(&madt->header, "madt");
	assert_has(text, expected);
	assert_null(strstr(text, "Incorrect checksum"));
	free(text);
	free(madt);
}

static void iasl_reads_the_xsdt(void **state)
{
	static const char *const expected[] = {"ACPI Table Address 0 : 0000000000001000",
					       "ACPI Table Address 1 : 0000004433221000",
					       "ACPI Table Address 2 : 0000000000001000",
					       "ACPI Table Address 3 : 0000000000000000",
					       "ACPI Table Address 4 : 0000000200005000",
					       NULL};
	struct acpi_header *xsdt;
	char *text;

	(void)state;
	need("iasl");
	xsdt = publish_new_xsdt(0, 0x100002000, 0x4433221000, 0x200005000);
	text = disassemble(xsdt, "xsdt");
	assert_has(text, expected);
	assert_null(strstr(text, "Incorrect checksum"));
	free(text);
	free(xsdt);
}

static void iasl_reads_the_fadt(void **state)
{
	static const char *const expected[] = {"DSDT Address : 00009000",
					       "DSDT Address : 0000000000009000", NULL};
	struct acpi_header *fadt;
	char *text;

	(void)state;
	need("iasl");
	begin_table(&b, "FACP", 6);
	memset(b.bytes + 36, 0, 276 - 36);
	b.length = 276;
	fadt = end_table(&b);
	publish_fadt_set_dsdt(fadt, 0x9000);
	text = disassemble(fadt, "fadt");
	assert_has(text, expected);
	assert_null(strstr(text, "Incorrect checksum"));
	free(text);
	free(fadt);
}

/* @aml is a real table: it defines \_S3 @count times, and iasl reads it before and after. */
static void hide_s3_in(struct acpi_header *aml, size_t count)
{
	char *text;

	text = disassemble(aml, "s3-before");
	assert_non_null(strstr(text, "_S3, Package"));
	assert_null(strstr(text, "XS3"));
	free(text);

	assert_int_equal(publish_count_s3(aml), count);
	assert_int_equal(publish_hide_s3(aml), count);
	assert_int_equal(publish_count_s3(aml), 0);
	assert_null(acpi_check_table(aml, "DSDT"));

	text = disassemble(aml, "s3-after");
	assert_non_null(strstr(text, "XS3, Package"));
	assert_null(strstr(text, "_S3, Package"));
	assert_non_null(strstr(text, "_S4, Package"));
	assert_null(strstr(text, "Incorrect checksum"));
	free(text);
}

static void s3_in_compiled_asl(void **state)
{
	static const char *const defines[] = {"", "-D WITH_ROOT", "-D WITH_PARENT"};
	char command[500];
	size_t length;
	char *aml;

	(void)state;
	need("iasl");
	for (size_t i = 0; i < sizeof(defines) / sizeof(*defines); i++) {
		snprintf(command, sizeof(command), "iasl %s -p %s/s3 %s/s3.asl >%s/s3.log 2>&1",
			 defines[i], UNIT_BUILD, UNIT_SOURCE, UNIT_BUILD);
		run(command);
		aml = read_file(UNIT_BUILD "/s3.aml", &length);
		hide_s3_in((struct acpi_header *)aml, 1);
		free(aml);
	}
}

/* The table of @signature among those that QEMU makes, as a block of its own. */
static void *qemu_table(const char *signature)
{
	struct acpi_header *header;
	size_t length, at = 0;
	void *table = NULL;
	char *tables;

	need("iasl");
	need("python3");
	need("qemu-system-x86_64");
	run(UNIT_SOURCE "/qemu-tables " UNIT_BUILD "/qemu-tables.bin");
	tables = read_file(UNIT_BUILD "/qemu-tables.bin", &length);
	while (!table && at + sizeof(*header) <= length) {
		header = (void *)(tables + at);
		if (header->length < 8 || header->length > length - at)
			break;
		if (!memcmp(header->signature, signature, 4)) {
			acpi_set_checksum(header); /* QEMU leaves it to the firmware */
			table = malloc(header->length);
			memcpy(table, header, header->length);
		}
		at += header->length;
	}
	free(tables);
	if (!table)
		fail_msg("QEMU's tables have no %s", signature);
	return table;
}

static void s3_in_qemus_dsdt(void **state)
{
	struct acpi_header *dsdt = qemu_table("DSDT");

	(void)state;
	hide_s3_in(dsdt, 1);
	free(dsdt);
}

static void qemus_madt(void **state)
{
	struct acpi_madt *from = qemu_table("APIC"), *to;
	char *text;

	(void)state;
	assert_null(acpi_madt_check(from));
	assert_int_equal(acpi_madt_cpus(from, NULL, 0), 4);
	to = malloc(publish_madt_size(from));
	publish_madt(to, from, MAILBOX, RESET_VECTOR);
	assert_int_equal(to->header.length, from->header.length + 24);
	assert_null(acpi_madt_check(to));
	assert_int_equal(acpi_madt_cpus(to, NULL, 0), 4);
	text = disassemble(&to->header, "qemu-madt");
	assert_null(strstr(text, "Runtime Online Capable : 1"));
	assert_null(strstr(text, "Incorrect checksum"));
	free(text);
	free(to);
	free(from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(madt_byte_for_byte),
		cmocka_unit_test(madt_without_entries),
		cmocka_unit_test(madt_drops_earlier_wakeup),
		cmocka_unit_test(madt_again),
		cmocka_unit_test(madt_clears_online_capable),
		cmocka_unit_test(madt_disables_duplicates),
		cmocka_unit_test(madt_disables_low_x2apics),
		cmocka_unit_test(madt_unaligned),
		cmocka_unit_test(madt_1024),
		cmocka_unit_test(madt_disable),
		cmocka_unit_test(xsdt_byte_for_byte),
		cmocka_unit_test(xsdt_replaces_every_entry),
		cmocka_unit_test(xsdt_old_table_0_replaces_none),
		cmocka_unit_test(xsdt_high_half_counts),
		cmocka_unit_test(xsdt_drops_stray_bytes),
		cmocka_unit_test(xsdt_of_none),
		cmocka_unit_test(xsdt_replace),
		cmocka_unit_test(rsdt_of_xsdt),
		cmocka_unit_test(rsdp_byte_for_byte),
		cmocka_unit_test(fadt_dsdt),
		cmocka_unit_test(fadt_set_dsdt),
		cmocka_unit_test(s3_forms),
		cmocka_unit_test(s3_prefix_in_the_header_is_none),
		cmocka_unit_test(iasl_reads_the_madt),
		cmocka_unit_test(iasl_reads_the_xsdt),
		cmocka_unit_test(iasl_reads_the_fadt),
		cmocka_unit_test(s3_in_compiled_asl),
		cmocka_unit_test(s3_in_qemus_dsdt),
		cmocka_unit_test(qemus_madt),
	};

	return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
