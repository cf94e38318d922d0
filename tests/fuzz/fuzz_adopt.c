/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * An area that an earlier stage may have left.  The input is a list of changes to a
 * good one: where, and the byte to be there; the sums are mended after that.
 */
#include "fuzz.h"

#include "stage/x86_64/adopt.h"
#include "area/x86_64/compare.h"
#include "area/x86_64/install.h"

#define BASE 0x7e000000ull
#define NCPUS 5

struct change {
	uint16_t offset, high; /* of the area; high is 0 or 1 by its lowest bit */
	uint8_t value;
} __attribute__((packed));

static uint8_t image[BATON_RESIDENT_MAX];
static uint8_t *good, *area;
static size_t area_size;

static const void *at(uint64_t address)
{
	promise(address == BASE);
	return area;
}

static bool reserved(uint64_t address, uint64_t length)
{
	return address == BASE && length <= area_size;
}

static void make_good(void)
{
	struct acpi_cpu cpus[NCPUS];
	struct area_plan plan = {
		.cpus = cpus,
		.ncpus = NCPUS,
		.map_end = 6ull << 30,
		.gigabyte_pages = true,
		.wait = BATON_WAIT_HLT,
		.tsc_per_us = 1000,
	};
	const struct resident_entries entries = {0, 0x100, 0x200, 0x300, 0x400, 0x1000};

	for (uint32_t i = 0; i < NCPUS; i++)
		cpus[i] = (struct acpi_cpu){.apic_id = 2 * i, .uid = i, .flags = 1};
	memcpy(image + RESIDENT_ENTRIES, &entries, sizeof(entries));
	area_size = install_size(&plan);
	good = aligned_alloc(4096, area_size);
	area = aligned_alloc(4096, area_size);
	if (!good || !area)
		abort();
	install_area(good, BASE, &plan, image);
}

static void mend(uint32_t table)
{
	struct acpi_header *acpi = (void *)(area + table);
	struct baton_area *header = (void *)area;
	uint32_t words[16], sum = 0;

	if (acpi->length >= sizeof(*acpi) && acpi->length <= area_size - table)
		acpi_set_checksum(acpi);
	header->checksum = 0;
	memcpy(words, area, sizeof(words));
	for (int i = 0; i < 16; i++)
		sum += words[i];
	header->checksum = -sum;
}

/* The area as it is now: believed or not, nothing beyond it is read. */
static void adopt(struct acpi_madt_wakeup *wakeup, uint32_t table)
{
	struct adopt_claim claim = {
		.wakeup = wakeup,
		.table = (void *)(area + table),
		.table_address = BASE + table,
		.at = at,
		.reserved = reserved,
	};
	const char *why = NULL;
	uint64_t address = adopt_check(&claim, area_size - table, &why);

	promise(address ? address == BASE : !!why);
	if (address)
		compare_area(area, BASE, true, image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct acpi_madt_wakeup wakeup = {
		.entry = {ACPI_MADT_WAKEUP, ACPI_MADT_WAKEUP_LENGTH_V1},
		.version = 1,
		.mailbox = BASE + BATON_AREA_MAILBOX,
		.reset_vector = BASE + BATON_AREA_RESIDENT,
	};
	struct change change;
	uint32_t table;

	if (!good)
		make_good();
	table = ((struct baton_area *)good)->table;
	memcpy(area, good, area_size);
	for (; size >= sizeof(change); data += sizeof(change), size -= sizeof(change)) {
		memcpy(&change, data, sizeof(change));
		area[(change.offset | (change.high & 1u) << 16) % area_size] = change.value;
	}
	mend(table);
	adopt(&wakeup, table);
	return 0;
}
