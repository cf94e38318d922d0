/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * stage/x86_64/adopt.c and area/x86_64/compare.c: an area that install_area() has
 * written is believed, and is not when any one field of it is something else.
 */
#include "unit.h"

#include "stage/x86_64/adopt.h"
#include <baton/mailbox.h>
#include "area/x86_64/shared.h"
#include <stdlib.h>
#include <string.h>
#include "area/x86_64/compare.h"
#include "area/x86_64/install.h"
#include "area/x86_64/slot.h"

#define BASE 0x7e000000ull
#define GIB (1ull << 30)
#define NCPUS 5

static struct acpi_cpu cpus[NCPUS];
static uint8_t image[BATON_RESIDENT_MAX];
static uint8_t *area;
static size_t size;
static bool is_reserved;

static struct acpi_madt_wakeup wakeup;
static struct adopt_claim claim;

static const void *at(uint64_t address)
{
	assert_int_equal(address, BASE);
	return area;
}

static bool reserved(uint64_t address, uint64_t length)
{
	return is_reserved && address == BASE && length == size;
}

static struct baton_area *header(void)
{
	return (struct baton_area *)area;
}

static struct baton_table *table(void)
{
	return (struct baton_table *)(area + header()->table);
}

static struct shared *shared(void)
{
	return (struct shared *)(area + AREA_SHARED);
}

static struct slot *slot(uint32_t i)
{
	return (struct slot *)(area + header()->slots) + i;
}

static struct line *line(uint32_t i)
{
	return (struct line *)(area + ((uintptr_t)shared()->line - BASE)) + i;
}

static uint32_t *apic_ids(void)
{
	return (uint32_t *)(area + header()->apic_ids);
}

static void mend_table(void)
{
	acpi_set_checksum((struct acpi_header *)table()->acpi_header);
}

static void mend_header(void)
{
	uint32_t words[16], sum = 0;

	header()->checksum = 0;
	memcpy(words, area, sizeof(words));
	for (int i = 0; i < 16; i++)
		sum += words[i];
	header()->checksum = -sum;
}

static int make_area(void **state)
{
	struct area_plan plan = {
		.cpus = cpus,
		.ncpus = NCPUS,
		.map_end = 6 * GIB,
		.gigabyte_pages = true,
		.wait = BATON_WAIT_HLT,
		.tsc_per_us = 1000,
	};

	(void)state;
	for (size_t i = 0; i < NCPUS; i++)
		cpus[i] = (struct acpi_cpu){.apic_id = 2 * i, .uid = i, .flags = 1};
	for (size_t i = 0; i < sizeof(image); i++)
		image[i] = (uint8_t)(i * 13 + 5);
	memcpy(image + RESIDENT_ENTRIES,
	       &(struct resident_entries){0, 0x100, 0x200, 0x300, 0x400, 0x300, 0x1000},
	       sizeof(struct resident_entries));
	size = install_size(&plan);
	area = aligned_alloc(4096, size);
	install_area(area, BASE, &plan, image);
	table()->flags |= BATON_TABLE_COMPLETE;
	mend_table();

	is_reserved = true;
	wakeup = (struct acpi_madt_wakeup){
		.entry = {ACPI_MADT_WAKEUP, ACPI_MADT_WAKEUP_LENGTH_V1},
		.version = 1,
		.mailbox = BASE + BATON_AREA_MAILBOX,
		.reset_vector = BASE + BATON_AREA_RESIDENT,
	};
	claim = (struct adopt_claim){
		.wakeup = &wakeup,
		.table = table(),
		.table_address = BASE + header()->table,
		.at = at,
		.reserved = reserved,
	};
	return 0;
}

static int free_area(void **state)
{
	(void)state;
	free(area);
	return 0;
}

/* Why the area is not believed, or NULL. */
static const char *check(void)
{
	const char *why;
	uint64_t address = adopt_check(&claim, size - header()->table, &why);

	assert_int_equal(address, why ? 0 : BASE);
	return why;
}

static const char *compare(void)
{
	return compare_area(area, BASE, true, image);
}

static void is_believed(void **state)
{
	(void)state;
	assert_null(check());
	assert_null(compare());
}

/* What held CPUs change themselves does not count. */
static void is_believed_when_in_use(void **state)
{
	(void)state;
	shared()->listener = 2;
	for (uint32_t i = 0; i < NCPUS; i++) {
		line(i)->state = i == 2 ? LINE_LISTENING : LINE_WAKING + 2 + i % 2 * LINE_LOST;
		line(i)->wakes = 77;
		slot(i)->gdt[SELECTOR_TSS / 8] |= 0x0000020000000000; /* busy */
		slot(i)->wakeup_vector = 0x9a000;
		slot(i)->busy_since = 5;
		slot(i)->timer_rate = 3;
		slot(i)->early_returns = 1;
		slot(i)->vcpu = i == 1 ? 0 : 9 - i;
		memset(slot(i)->stack, 0xaa, sizeof(slot(i)->stack));
		memset(slot(i)->nmi_stack, 0xaa, sizeof(slot(i)->nmi_stack));
		table()->cpu[i].state = baton_count_of(BATON_CPU_HELD);
		table()->cpu[i].releases = baton_count_of(9);
	}
	table()->held = baton_count_of(4);
	table()->wait = baton_count_of(BATON_WAIT_PAUSE);
	table()->entries_written = baton_count_of(3);
	((uint64_t *)(area + BATON_AREA_PML4))[0] |= 0x60;
	((uint64_t *)(area + BATON_AREA_PML5))[0] |= 0x20;
	((uint64_t *)(area + BATON_AREA_PDPT))[4] |= 0x60;
	((struct baton_mailbox *)(area + BATON_AREA_MAILBOX))->wakeup_vector = 0x9a000;
	assert_null(check());
	assert_null(compare());
}

/* Each field that docs/contract.md, section 8, has checked, and what is said. */

static void spoil_signature(void)
{
	table()->acpi_header[0] = 'X';
	mend_table();
}

static void spoil_table_checksum(void)
{
	table()->acpi_header[9]++;
}

static void spoil_table_version(void)
{
	table()->version = 2;
	mend_table();
}

static void spoil_record_size(void)
{
	table()->record_size = 64;
	mend_table();
}

static void spoil_record_size_alignment(void)
{
	table()->record_size = 136;
	mend_table();
}

static void spoil_table_length(void)
{
	((struct acpi_header *)table()->acpi_header)->length = 128 + NCPUS * 128 - 64;
	mend_table();
}

static void spoil_table_length_beyond(void)
{
	((struct acpi_header *)table()->acpi_header)->length = size;
}

static void spoil_ncpus_of_table(void)
{
	table()->ncpus = NCPUS - 1;
	mend_table();
}

static void spoil_count(void)
{
	table()->held = 0;
	mend_table();
}

static void spoil_record(void)
{
	table()->cpu[3].returns ^= 1;
	mend_table();
}

static void spoil_area_address(void)
{
	table()->area = BASE + 16;
	mend_table();
}

static void spoil_area_above(void)
{
	table()->area = 4 * GIB;
	mend_table();
}

static void spoil_area_wraps(void)
{
	table()->area = -4096ull;
	mend_table();
}

static void spoil_area_size(void)
{
	table()->area_size += 4096;
	mend_table();
}

static void spoil_area_size_small(void)
{
	table()->area_size = 4096;
	mend_table();
}

static void spoil_area_size_odd(void)
{
	table()->area_size += 8;
	mend_table();
}

static void spoil_reservation(void)
{
	is_reserved = false;
}

static void spoil_table_address(void)
{
	claim.table_address += 4096;
}

static void spoil_no_table(void)
{
	claim.table_address = 0;
	claim.table = NULL;
}

static void spoil_magic(void)
{
	header()->magic ^= 1;
	mend_header();
}

static void spoil_version(void)
{
	header()->version = 2;
	mend_header();
}

static void spoil_checksum(void)
{
	header()->checksum++;
}

static void spoil_base(void)
{
	header()->base += 4096;
	mend_header();
}

static void spoil_size(void)
{
	header()->size -= 4096;
	mend_header();
}

static void spoil_ncpus(void)
{
	header()->ncpus++;
	mend_header();
}

static void spoil_map_end(void)
{
	header()->map_end += GIB;
	mend_header();
}

static void spoil_table_offset(void)
{
	header()->table += 4096;
	claim.table = table();
	mend_header();
}

static void spoil_slots(void)
{
	header()->slots = header()->table + 64;
	mend_header();
}

static void spoil_slots_outside(void)
{
	header()->slots = 0xffffff00;
	mend_header();
}

static void spoil_slot_size(void)
{
	header()->slot_size = 0xffffffff;
	mend_header();
}

static void spoil_apic_ids(void)
{
	header()->apic_ids = size - 4;
	mend_header();
}

static void spoil_apic_ids_overlap(void)
{
	header()->apic_ids = BATON_AREA_MAILBOX;
	mend_header();
}

static void spoil_wakeup_version(void)
{
	wakeup.version = 0;
}

static void spoil_wakeup_length(void)
{
	wakeup.entry.length = ACPI_MADT_WAKEUP_LENGTH_V0;
}

static void spoil_mailbox(void)
{
	wakeup.mailbox += 4096;
}

static void spoil_mailbox_of_table(void)
{
	table()->mailbox += 4096;
	mend_table();
}

static void spoil_reset_vector(void)
{
	wakeup.reset_vector += 16;
}

static void spoil_reset_vector_of_table(void)
{
	table()->reset_vector += 16;
	mend_table();
}

static const struct {
	const char *name;
	void (*spoil)(void);
	const char *why;
} not_believed[] = {
	{"signature", spoil_signature, "wrong signature"},
	{"table checksum", spoil_table_checksum, "wrong checksum"},
	{"table version", spoil_table_version, "of a version that is not known"},
	{"record size", spoil_record_size, "records of an impossible size"},
	{"record alignment", spoil_record_size_alignment, "records of an impossible size"},
	{"table length", spoil_table_length, "its length does not fit the number of CPUs"},
	{"table length beyond", spoil_table_length_beyond, "its length is beyond its end"},
	{"ncpus of the table", spoil_ncpus_of_table,
	 "the area's header and the BATN table disagree"},
	{"a count", spoil_count, "a torn count"},
	{"a record", spoil_record, "a torn count in the record of a CPU"},
	{"area", spoil_area_address, "the area is not page-aligned"},
	{"area above", spoil_area_above, "the area is not below 4 GiB"},
	{"area wraps", spoil_area_wraps, "the area is not below 4 GiB"},
	{"area size", spoil_area_size, "the area is not reserved in the memory map"},
	{"area size small", spoil_area_size_small, "the area is too small"},
	{"area size odd", spoil_area_size_odd, "the area is not page-aligned"},
	{"reservation", spoil_reservation, "the area is not reserved in the memory map"},
	{"table address", spoil_table_address, "the area's header and the BATN table disagree"},
	{"no table", spoil_no_table, "there is no BATN table"},
	{"magic", spoil_magic, "the area has not the magic number"},
	{"version", spoil_version, "the area has a version that is not known"},
	{"checksum", spoil_checksum, "the area's header has a wrong checksum"},
	{"base", spoil_base, "the area's header and the BATN table disagree"},
	{"size", spoil_size, "the area's header and the BATN table disagree"},
	{"ncpus", spoil_ncpus, "the area's header and the BATN table disagree"},
	{"map_end", spoil_map_end, "the area's header and the BATN table disagree"},
	{"table offset", spoil_table_offset, NULL}, /* no table there: any reason will do */
	{"slots", spoil_slots, "parts of the area overlap, or lie outside"},
	{"slots outside", spoil_slots_outside, "parts of the area overlap, or lie outside"},
	{"slot size", spoil_slot_size, "parts of the area overlap, or lie outside"},
	{"apic_ids", spoil_apic_ids, "parts of the area overlap, or lie outside"},
	{"apic_ids overlap", spoil_apic_ids_overlap, "parts of the area overlap, or lie outside"},
	{"wakeup version", spoil_wakeup_version, "the wakeup structure is not of version 1"},
	{"wakeup length", spoil_wakeup_length, "the wakeup structure is not of version 1"},
	{"mailbox", spoil_mailbox, "the wakeup structure names another mailbox"},
	{"mailbox of the table", spoil_mailbox_of_table,
	 "the wakeup structure names another mailbox"},
	{"reset vector", spoil_reset_vector, "the wakeup structure names another reset vector"},
	{"reset vector of the table", spoil_reset_vector_of_table,
	 "the wakeup structure names another reset vector"},
};

static void is_not_believed(void **state)
{
	for (size_t i = 0; i < sizeof(not_believed) / sizeof(not_believed[0]); i++) {
		const char *why;

		make_area(state);
		not_believed[i].spoil();
		why = check();
		if (!why)
			fail_msg("believed in spite of: %s", not_believed[i].name);
		if (not_believed[i].why && strcmp(why, not_believed[i].why))
			fail_msg("%s: \"%s\"", not_believed[i].name, why);
		free_area(state);
	}
	make_area(state);
}

/* What can't be told by its form, and is not what the stage would have written. */

static void alter_resident(void)
{
	area[BATON_AREA_RESIDENT + 0x777] ^= 1;
}

static void alter_gate(void)
{
	area[BATON_AREA_IDT + 16 * 2] ^= 1;
}

static void alter_last_gate(void)
{
	area[BATON_AREA_IDT + 16 * 255 + 8] = 1;
}

static void alter_pml5(void)
{
	((uint64_t *)(area + BATON_AREA_PML5))[511] = 3;
}

static void alter_pml4(void)
{
	((uint64_t *)(area + BATON_AREA_PML4))[0] ^= 0x1000;
}

static void alter_pdpt(void)
{
	((uint64_t *)(area + BATON_AREA_PDPT))[5] &= ~1ull;
}

static void alter_directory(void)
{
	((uint64_t *)(area + BATON_AREA_PDPT + 4096))[2047] ^= 0x200000;
}

static void alter_slot_area(void)
{
	slot(1)->area = NULL;
}

static void alter_slot_record(void)
{
	slot(4)->record++;
}

static void alter_slot_number(void)
{
	slot(2)->number = 3;
}

static void alter_slot_vcpu(void)
{
	slot(1)->vcpu = slot(3)->vcpu = 7;
}

static void alter_slot_gdt(void)
{
	slot(2)->gdt[1] ^= 0x20;
}

static void alter_slot_ist(void)
{
	slot(3)->tss.ist[0] -= 16;
}

static void alter_slot_idtr(void)
{
	slot(3)->idtr.base = 0;
}

static void alter_slot_owner(void)
{
	slot(3)->nmi_owner.slot = slot(2)->nmi_owner.slot;
}

static void alter_trust_mailbox(void)
{
	shared()->mailbox = NULL;
}

static void alter_trust_line(void)
{
	shared()->line++;
}

static void alter_trust_ncpus(void)
{
	shared()->ncpus--;
}

static void alter_listener(void)
{
	shared()->listener = NCPUS;
}

static void alter_line_id(void)
{
	line(1)->apic_id = 99;
}

static void alter_line_state(void)
{
	line(1)->state = LINE_WAKING + NCPUS;
}

static void alter_line_lost(void)
{
	line(1)->state = LINE_LOST + LINE_WAKING + NCPUS;
}

static void alter_line_not_waking(void)
{
	line(1)->state = LINE_LOST + LINE_WOKEN;
}

static void alter_apic_id(void)
{
	apic_ids()[1] = 99;
}

static void alter_record_id(void)
{
	table()->cpu[1].apic_id = 99;
}

static void alter_same_id(void)
{
	apic_ids()[1] = line(1)->apic_id = table()->cpu[1].apic_id = apic_ids()[0];
}

static void alter_wait(void)
{
	header()->wait ^= 1;
}

static void alter_tsc(void)
{
	header()->tsc_per_us = 0;
	mend_header();
}

static void alter_layout(void)
{
	header()->apic_ids += 4;
	mend_header();
}

static void alter_slot_size(void)
{
	header()->slot_size -= 64;
	mend_header();
}

static const struct {
	const char *name;
	void (*alter)(void);
} not_the_same[] = {
	{"resident", alter_resident},
	{"gate", alter_gate},
	{"last gate", alter_last_gate},
	{"PML5", alter_pml5},
	{"PML4", alter_pml4},
	{"PDPT", alter_pdpt},
	{"page directory", alter_directory},
	{"area of a slot", alter_slot_area},
	{"record of a slot", alter_slot_record},
	{"number of a slot", alter_slot_number},
	{"two slots of one CPU", alter_slot_vcpu},
	{"GDT", alter_slot_gdt},
	{"IST", alter_slot_ist},
	{"IDTR", alter_slot_idtr},
	{"owner of a stack", alter_slot_owner},
	{"shared mailbox", alter_trust_mailbox},
	{"shared lines", alter_trust_line},
	{"shared ncpus", alter_trust_ncpus},
	{"listener", alter_listener},
	{"ID of a line", alter_line_id},
	{"state of a line", alter_line_state},
	{"waker of a line that is lost", alter_line_lost},
	{"lost without a waker", alter_line_not_waking},
	{"APIC ID", alter_apic_id},
	{"ID of a record", alter_record_id},
	{"two of the same ID", alter_same_id},
	{"header", alter_wait},
	{"TSC rate", alter_tsc},
	{"layout", alter_layout},
	{"slot size", alter_slot_size},
};

static void is_not_the_same(void **state)
{
	for (size_t i = 0; i < sizeof(not_the_same) / sizeof(not_the_same[0]); i++) {
		make_area(state);
		not_the_same[i].alter();
		if (!compare())
			fail_msg("the same in spite of: %s", not_the_same[i].name);
		free_area(state);
	}
	make_area(state);
}

static void other_paging(void **state)
{
	(void)state;
	assert_string_equal(compare_area(area, BASE, false, image), "its header");
}

/* A MADT of @n CPUs, of which the last has @apic_id. */
static const struct acpi_madt *madt_of(size_t n, uint8_t apic_id)
{
	static struct {
		struct acpi_madt madt;
		struct acpi_madt_local_apic cpu[NCPUS + 1];
	} __attribute__((packed)) t;

	memset(&t, 0, sizeof(t));
	t.madt.header.length = sizeof(t.madt) + n * sizeof(t.cpu[0]);
	for (size_t i = 0; i < n; i++)
		t.cpu[i] = (struct acpi_madt_local_apic){
			.entry = {ACPI_MADT_LOCAL_APIC, sizeof(t.cpu[0])},
			.apic_id = i == n - 1 ? apic_id : 2 * i,
			.flags = ACPI_MADT_ENABLED,
		};
	return &t.madt;
}

static void has_all_cpus(void **state)
{
	(void)state;
	assert_true(adopt_has_all(header(), madt_of(NCPUS, 2 * NCPUS - 2)));
	assert_true(adopt_has_all(header(), madt_of(2, 8)));
	assert_false(adopt_has_all(header(), madt_of(NCPUS, 7)));
	assert_false(adopt_has_all(header(), madt_of(NCPUS + 1, 77)));
	table()->cpu[4].state = baton_count_of(BATON_CPU_MISSING);
	assert_false(adopt_has_all(header(), madt_of(2, 8)));
	assert_true(adopt_has_all(header(), madt_of(2, 6)));
}

/* What no kernel takes for a CPU need not be there: acpi_madt_ignored(). */
static void has_all_but_the_ignored(void **state)
{
	struct {
		struct acpi_madt madt;
		struct acpi_madt_local_x2apic ignored;
		struct acpi_madt_local_apic cpu;
	} __attribute__((packed)) t = {
		.madt.header.length = sizeof(t),
		.ignored = {.entry = {ACPI_MADT_LOCAL_X2APIC, sizeof(t.ignored)},
			    .apic_id = 77,
			    .flags = ACPI_MADT_ENABLED},
		.cpu = {.entry = {ACPI_MADT_LOCAL_APIC, sizeof(t.cpu)},
			.apic_id = 2,
			.flags = ACPI_MADT_ENABLED},
	};

	(void)state;
	assert_true(adopt_has_all(header(), &t.madt));
	t.cpu.flags = 0;
	assert_false(adopt_has_all(header(), &t.madt));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_believed, make_area, free_area),
		cmocka_unit_test_setup_teardown(is_believed_when_in_use, make_area, free_area),
		cmocka_unit_test_setup_teardown(is_not_believed, NULL, free_area),
		cmocka_unit_test_setup_teardown(is_not_the_same, NULL, free_area),
		cmocka_unit_test_setup_teardown(other_paging, make_area, free_area),
		cmocka_unit_test_setup_teardown(has_all_cpus, make_area, free_area),
		cmocka_unit_test_setup_teardown(has_all_but_the_ignored, make_area, free_area),
	};

	return cmocka_run_group_tests_name("adopt", tests, NULL, NULL);
}
