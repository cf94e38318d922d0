/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton/x86_64/find.c: which CPUs there are, and by what method they come.  What
 * firmware got wrong, one test each; and what an earlier kernel has left.
 */
#include "fake.h"

static struct builder b;

static int find(void)
{
	int maps = fake.maps;
	int error = baton_find_acpi(&fake.machine, FAKE_RSDP);

	/* The mailbox and BATN stay mapped; of all that was refused, nothing. */
	if (error)
		assert_int_equal(fake.maps, maps);
	return error;
}

static int reset(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

static void mailbox_version_1(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V1);
	assert_int_equal(fake.machine.wakeup_version, 1);
	assert_int_equal(fake.machine.mailbox_address, FAKE_MAILBOX);
	assert_int_equal(fake.machine.reset_vector, FAKE_RESET_VECTOR);
	assert_int_equal(fake.maps, 1);
	assert_int_equal(baton_held(&fake.machine), BATON_E_NOT_SUPPORTED);
}

static void mailbox_version_0(void **state)
{
	(void)state;
	fake_madt(4, 0, 16);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V0);
	assert_int_equal(fake.machine.reset_vector, 0);
}

/* Version 0 has no reset vector, however long it is. */
static void mailbox_version_0_too_long(void **state)
{
	(void)state;
	fake_madt(4, 0, 24);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V0);
	assert_int_equal(fake.machine.reset_vector, 0);
}

/* edk2 and td-shim once: what is behind the 16 bytes is no reset vector. */
static void mailbox_version_1_too_short(void **state)
{
	(void)state;
	fake_madt(4, 1, 16);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V0);
	assert_int_equal(fake.machine.wakeup_version, 1);
	assert_int_equal(fake.machine.reset_vector, 0);
}

static void later_version(void **state)
{
	(void)state;
	fake_madt(4, 2, 32);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V1);
	assert_int_equal(fake.machine.wakeup_version, 2);
}

static void init_sipi(void **state)
{
	(void)state;
	fake_madt(4, 0, 0);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_INIT_SIPI);
	assert_int_equal(fake.cpu[0].flags, BATON_CPU_BSP);
	assert_int_equal(fake.cpu[1].flags, 0);
	assert_int_equal(fake.maps, 0);
}

/* In a TDX guest nobody hears INIT: that method is not even offered. */
static void tdx_without_mailbox(void **state)
{
	(void)state;
	fake_madt(4, 0, 0);
	fake.tdx = true;
	assert_int_equal(find(), BATON_E_NO_METHOD);
	assert_int_equal(fake.machine.method, BATON_NO_METHOD);
	assert_int_equal(fake.machine.ncpus, 4);
	assert_int_equal(baton_boot(&fake.machine, &fake.cpu[1]), BATON_E_NOT_PREPARED);
	assert_int_equal(fake.nsent, 0);
}

/* OVMF 2022.11: 16 bytes, and yet version 1. */
static void tdx_mailbox(void **state)
{
	(void)state;
	fake_madt(4, 1, 16);
	fake.tdx = true;
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V0);
	assert_int_equal(baton_can_disable(&fake.machine, &fake.cpu[1]), BATON_E_NO_RETURN);
}

/* An earlier kernel has zeroed the mailbox address: INIT is no way out. */
static void tdx_invalidated(void **state)
{
	(void)state;
	fake_madt(4, 1, 16);
	fake.tdx = true;
	assert_int_equal(find(), 0);
	assert_int_equal(baton_invalidate_for_next_kernel(&fake.machine), 0);
	memset(&fake.machine, 0, sizeof(fake.machine));
	fake.machine.cpu = fake.cpu;
	fake.machine.max_cpus = FAKE_CPUS;
	fake.maps = 0;
	assert_int_equal(find(), BATON_E_INVALIDATED);
	assert_int_equal(fake.machine.method, BATON_NO_METHOD);
}

/* After a crash on another CPU the first of the MADT is most likely the BSP. */
static void init_sipi_not_on_the_bsp(void **state)
{
	(void)state;
	fake_madt(4, 0, 0);
	fake.bsp = false;
	fake.self = 2;
	assert_int_equal(find(), 0);
	assert_int_equal(fake.cpu[0].id, 2);
	assert_int_equal(fake.cpu[0].flags, 0);
	assert_int_equal(fake.cpu[1].id, 0);
	assert_int_equal(fake.cpu[1].flags, BATON_CPU_BSP);
}

static void cpus_in_order(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	fake.self = 2;
	fake.cpu[3].stack = fake.stack; /* filled in before: it stays */
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.ncpus, 4);
	assert_int_equal(fake.machine.listed, 4);
	for (unsigned i = 0; i < 4; i++) {
		static const uint64_t ids[] = {2, 0, 1, 3};

		assert_int_equal(fake.cpu[i].id, ids[i]);
		assert_int_equal(fake.cpu[i].uid, ids[i] + 0x10);
		assert_int_equal(baton_state(&fake.cpu[i]), i ? BATON_OFFLINE : BATON_ONLINE);
	}
	assert_ptr_equal(fake.cpu[3].stack, fake.stack);
	assert_ptr_equal(baton_cpu_by_id(&fake.machine, 1), &fake.cpu[2]);
	assert_null(baton_cpu_by_id(&fake.machine, 4));
	assert_ptr_equal(baton_this_cpu(&fake.machine), &fake.cpu[0]);
}

/* Not enabled, online capable, repeated, and the broadcast IDs: no CPUs. */
static void entries_that_are_no_cpus(void **state)
{
	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	add_apic(&b, 1, 1, 0);
	add_apic(&b, 2, 2, 2);
	add_apic(&b, 3, 0xff, 1);
	add_x2apic(&b, 4, 0xffffffff, 1);
	add_x2apic(&b, 5, 0x12345, 1);
	add_x2apic(&b, 6, 0x12345, 1);
	add_apic(&b, 7, 0, 1);
	fake_table(&b, FAKE_MADT);
	fake_root(FAKE_MADT, 0);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.ncpus, 2);
	assert_int_equal(fake.machine.listed, 2);
	assert_int_equal(fake.cpu[1].id, 0x12345);
	assert_int_equal(fake.cpu[1].uid, 5);
}

static void more_cpus_than_room(void **state)
{
	(void)state;
	fake_madt(20, 1, 24);
	fake.self = 19;
	fake.machine.max_cpus = 3;
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.ncpus, 3);
	assert_int_equal(fake.machine.listed, 20);
	assert_int_equal(fake.cpu[0].id, 19);
	assert_int_equal(fake.cpu[2].id, 1);
	assert_int_equal(fake.cpu[3].id, 0); /* untouched */
}

static void boot_cpu_not_listed(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	fake.self = 4;
	assert_int_equal(find(), BATON_E_BOOT_CPU);
}

static void nothing_to_write_to(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	fake.machine.max_cpus = 0;
	assert_int_equal(find(), BATON_E_ARGUMENT);
	fake.machine.max_cpus = 4;
	fake.machine.cpu = NULL;
	assert_int_equal(find(), BATON_E_ARGUMENT);
}

static void two_wakeup_structures(void **state)
{
	(void)state;
	begin_madt(&b, 7);
	add_apic(&b, 0, 0, 1);
	add_wakeup(&b, 0, 16);
	add_wakeup(&b, 0, 16);
	fake_table(&b, FAKE_MADT);
	fake_root(FAKE_MADT, 0);
	assert_int_equal(find(), BATON_E_WAKEUP);
}

/* A wakeup structure with the given mailbox and reset vector. */
static void with_addresses(uint64_t mailbox, uint64_t reset_vector)
{
	begin_madt(&b, 7);
	add_apic(&b, 0, 0, 1);
	add_number(&b, 0x1810, 2);
	add_number(&b, 1, 2);
	add_number(&b, 0, 4);
	add_number(&b, mailbox, 8);
	add_number(&b, reset_vector, 8);
	fake_table(&b, FAKE_MADT);
	fake_root(FAKE_MADT, 0);
	fake_memory(FAKE_MAILBOX, &fake.mailbox, sizeof(fake.mailbox));
}

static void mailbox_not_aligned(void **state)
{
	(void)state;
	for (uint64_t shift = 1; shift < 4096; shift <<= 1) {
		with_addresses(FAKE_MAILBOX + shift, FAKE_RESET_VECTOR);
		assert_int_equal(find(), BATON_E_WAKEUP);
	}
}

static void no_reset_vector(void **state)
{
	(void)state;
	with_addresses(FAKE_MAILBOX, 0);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.machine.method, BATON_MAILBOX_V0);
	assert_int_equal(fake.machine.wakeup_version, 1);
}

static void mailbox_where_no_memory_is(void **state)
{
	(void)state;
	with_addresses(0xfffffffffffff000, FAKE_RESET_VECTOR);
	assert_int_equal(find(), BATON_E_MAP);
	assert_int_equal(fake.machine.method, BATON_NO_METHOD);
}

static void invalidated_by_an_earlier_kernel(void **state)
{
	(void)state;
	with_addresses(0, FAKE_RESET_VECTOR);
	assert_int_equal(find(), BATON_E_INVALIDATED);
	assert_int_equal(baton_boot(&fake.machine, &fake.cpu[0]), BATON_E_NOT_PREPARED);
}

/* As Linux does it: the checksum stays as it was. */
static void invalidated_without_a_checksum(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	for (unsigned version = 0; version < 2; version++) {
		uint8_t checksum;

		fake_reset();
		fake_madt(4, version, version ? 24 : 16);
		madt = fake_at(FAKE_MADT);
		checksum = madt->header.checksum;
		((struct acpi_madt_wakeup *)(uintptr_t)acpi_madt_wakeup(madt))->mailbox = 0;
		assert_int_not_equal(sum_of(madt, madt->header.length), 0);
		assert_int_equal(find(), BATON_E_INVALIDATED);
		assert_int_equal(fake.machine.method, BATON_NO_METHOD);
		assert_int_equal(fake.machine.ncpus, 4);
		assert_int_equal(fake.machine.listed, 4);
		assert_int_equal(fake.cpu[3].id, 3);
		assert_int_equal(baton_boot(&fake.machine, &fake.cpu[1]), BATON_E_NOT_PREPARED);
		assert_int_equal(baton_release_all(&fake.machine), BATON_E_NOT_PREPARED);
		assert_int_equal(madt->header.checksum, checksum); /* it is not ours to mend */
	}
}

/* A wrong checksum is forgiven for that alone. */
static void damaged_but_not_invalidated(void **state)
{
	struct acpi_madt_wakeup *wakeup;
	struct acpi_madt *madt;

	(void)state;
	fake_madt(4, 0, 16);
	madt = fake_at(FAKE_MADT);
	wakeup = (struct acpi_madt_wakeup *)(uintptr_t)acpi_madt_wakeup(madt);
	wakeup->mailbox ^= 0x1000; /* changed, but there */
	assert_int_equal(find(), BATON_E_MADT);
	wakeup->mailbox = 0;
	assert_int_equal(find(), BATON_E_INVALIDATED);
	madt->header.signature[0] ^= 1;
	assert_int_equal(find(), BATON_E_NO_MADT);
	madt->header.signature[0] ^= 1;
	madt->header.length -= 1; /* the last entry is cut off */
	assert_int_equal(find(), BATON_E_MADT);
	madt->header.length += 1;
	wakeup->entry.length = 15;
	assert_int_equal(find(), BATON_E_MADT);
	wakeup->entry.length = 16;
	wakeup->entry.type = 0x7f; /* no wakeup structure at all */
	assert_int_equal(find(), BATON_E_MADT);

	begin_madt(&b, 7);
	add_apic(&b, 0, 0, 1);
	for (unsigned i = 0; i < 2; i++) {
		add_number(&b, 0x1010, 2);
		add_number(&b, 0, 6);
		add_number(&b, 0, 8);
	}
	fake_table(&b, FAKE_MADT);
	((struct acpi_madt *)fake_at(FAKE_MADT))->header.checksum ^= 1;
	fake_root(FAKE_MADT, 0);
	assert_int_equal(find(), BATON_E_MADT);
}

static void damaged_tables(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	for (unsigned at = 0; at < 36; at++) {
		((uint8_t *)fake_at(FAKE_RSDP))[at] ^= 0x20;
		assert_int_equal(find(), BATON_E_RSDP);
		((uint8_t *)fake_at(FAKE_RSDP))[at] ^= 0x20;
	}
	((uint8_t *)fake_at(FAKE_XSDT))[40] ^= 1;
	assert_int_equal(find(), BATON_E_XSDT);
	((uint8_t *)fake_at(FAKE_XSDT))[40] ^= 1;
	((uint8_t *)fake_at(FAKE_MADT))[46] ^= 1;
	assert_int_equal(find(), BATON_E_MADT);
	((uint8_t *)fake_at(FAKE_MADT))[46] ^= 1;
	assert_int_equal(find(), 0);
}

/* An entry that reaches beyond the table, its checksum right. */
static void madt_that_lies_about_an_entry(void **state)
{
	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	add_number(&b, 0x4000, 2);
	fake_table(&b, FAKE_MADT);
	fake_root(FAKE_MADT, 0);
	assert_int_equal(find(), BATON_E_MADT);
}

/* Lengths that no table has: nothing is mapped by them. */
static void lengths_that_lie(void **state)
{
	static const uint32_t lengths[] = {0, 35, ACPI_TABLE_MAX + 1, 0xffffffff};

	(void)state;
	fake_madt(4, 1, 24);
	for (unsigned i = 0; i < 4; i++) {
		memcpy((uint8_t *)fake_at(FAKE_MADT) + 4, &lengths[i], 4);
		assert_int_equal(find(), BATON_E_MADT);
	}
}

static void no_madt(void **state)
{
	(void)state;
	fake_root(0, 0);
	assert_int_equal(find(), BATON_E_NO_MADT);
}

/* Whichever of the mappings is refused. */
static void nothing_can_be_mapped(void **state)
{
	int refused = 0;

	(void)state;
	fake_madt(4, 1, 24);
	for (fake.maps_left = 0;; fake.maps_left = ++refused) {
		int error = find();

		if (!error)
			break;
		assert_true(error == BATON_E_MAP || error == BATON_E_NO_MADT);
		assert_in_range(refused, 0, 20);
	}
	assert_true(refused > 5);
}

static void batn(void **state)
{
	struct baton_table *table;

	(void)state;
	fake_madt(4, 1, 24);
	table = fake_batn(BATON_TABLE_BROADCAST, 3);
	assert_int_equal(find(), 0);
	assert_int_equal(fake.maps, 2);
	assert_int_equal(baton_held(&fake.machine), 3);
	table->held = baton_count_of(2);
	assert_int_equal(baton_held(&fake.machine), 2);
}

/* One that is damaged, or another machine's, is none. */
static void batn_that_does_not_belong(void **state)
{
	(void)state;
	for (int fault = 0; fault < 6; fault++) {
		struct baton_table *table;

		fake_reset();
		fake_madt(4, 1, 24);
		table = fake_batn(BATON_TABLE_BROADCAST, 3);
		table->mailbox += fault == 0;
		table->reset_vector += fault == 1;
		table->version += fault == 2;
		table->record_size -= fault == 3;
		table->ncpus += fault == 4;
		if (fault < 5)
			acpi_set_checksum((struct acpi_header *)table);
		else
			table->area++;
		assert_int_equal(find(), 0);
		assert_int_equal(baton_held(&fake.machine), BATON_E_NOT_SUPPORTED);
		assert_int_equal(fake.maps, 1);
	}
}

/* The local APIC can't be mapped: nothing else stays mapped then. */
static void machine_refuses(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	fake_batn(BATON_TABLE_BROADCAST, 3);
	fake.machine_error = BATON_E_MAP;
	assert_int_equal(find(), BATON_E_MAP);
	assert_int_equal(fake.machine.method, BATON_NO_METHOD);
	fake.machine_error = 0;
	assert_int_equal(find(), 0);
}

/* The page of an xAPIC is mapped before the ID of this CPU is asked for, and not left mapped. */
static void local_apic_first(void **state)
{
	(void)state;
	fake.xapic = true;
	assert_int_equal(find(), BATON_E_MAP);
	assert_null(fake.machine.apic);
	fake_madt(4, 1, 24);
	assert_int_equal(find(), 0);
	assert_ptr_equal(fake.machine.apic, fake.apic_page);
	assert_int_equal(fake.maps, 2);
}

/* The count of held CPUs is being written: it is read again. */
static struct baton_table *torn;

static void mend_count(void)
{
	torn->held = baton_count_of(1);
}

static void torn_count(void **state)
{
	(void)state;
	fake_madt(4, 1, 24);
	torn = fake_batn(0, 3);
	assert_int_equal(find(), 0);
	torn->held = 0x100000003;
	fake.step = mend_count;
	assert_int_equal(baton_held(&fake.machine), 1);
	/* One that stays so is none, and nobody waits for it. */
	fake.step = NULL;
	torn->held = 0x100000003;
	assert_int_equal(baton_held(&fake.machine), BATON_E_NOT_SUPPORTED);
}

/* The next kernel finds no mailbox; this one goes on with its own copy. */
static void invalidate(void **state)
{
	static struct baton_cpu cpu[FAKE_CPUS];
	struct baton_machine next = {.cpu = cpu, .max_cpus = FAKE_CPUS};
	struct acpi_madt *madt;
	uint8_t before[200];

	(void)state;
	fake_madt(4, 0, 16);
	assert_int_equal(find(), 0);
	madt = fake_at(FAKE_MADT);
	assert_true(madt->header.length <= sizeof(before));
	memcpy(before, madt, madt->header.length);
	assert_int_equal(baton_invalidate_for_next_kernel(&fake.machine), 0);
	assert_int_equal(sum_of(madt, madt->header.length), 0);
	assert_int_equal(acpi_madt_wakeup(madt)->mailbox, 0);
	assert_int_equal(fake.machine.mailbox_address, FAKE_MAILBOX);
	assert_ptr_equal(fake.machine.mailbox, &fake.mailbox);
	/* Nothing else of the table has changed. */
	memset(before + madt->header.length - 8, 0, 8);
	before[9] = madt->header.checksum;
	assert_memory_equal(madt, before, madt->header.length);
	assert_int_equal(fake.maps, 1);
	assert_int_equal(baton_find_acpi(&next, FAKE_RSDP), BATON_E_INVALIDATED);
}

static void invalidate_what_is_not_there(void **state)
{
	(void)state;
	fake_madt(4, 0, 0);
	assert_int_equal(find(), 0);
	assert_int_equal(baton_invalidate_for_next_kernel(&fake.machine), BATON_E_NOT_SUPPORTED);
	fake_reset();
	fake_madt(4, 0, 16);
	assert_int_equal(find(), 0);
	memset(fake_at(FAKE_MADT), 0x55, 64); /* something else lies there now */
	assert_int_equal(baton_invalidate_for_next_kernel(&fake.machine), BATON_E_MADT);
	assert_int_equal(((uint8_t *)fake_at(FAKE_MADT))[50], 0x55);
	fake.maps_left = 0;
	assert_int_equal(baton_invalidate_for_next_kernel(&fake.machine), BATON_E_MAP);
}

/* Each error has a text of its own. */
static void texts(void **state)
{
	const char *seen[64];
	unsigned n = 0;

	(void)state;
	for (int error = 0; error > -64; error--) {
		const char *text = baton_error_text(error);

		if (!strcmp(text, "unknown error"))
			continue;
		for (unsigned i = 0; i < n; i++)
			assert_string_not_equal(text, seen[i]);
		seen[n++] = text;
	}
	assert_int_equal(n, 1 + 7 + 12 + 3 + 7);
	assert_string_equal(baton_method_name(BATON_MAILBOX_V1), "mailbox version 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(mailbox_version_1, reset),
		cmocka_unit_test_setup(mailbox_version_0, reset),
		cmocka_unit_test_setup(mailbox_version_0_too_long, reset),
		cmocka_unit_test_setup(mailbox_version_1_too_short, reset),
		cmocka_unit_test_setup(later_version, reset),
		cmocka_unit_test_setup(init_sipi, reset),
		cmocka_unit_test_setup(init_sipi_not_on_the_bsp, reset),
		cmocka_unit_test_setup(tdx_without_mailbox, reset),
		cmocka_unit_test_setup(tdx_mailbox, reset),
		cmocka_unit_test_setup(tdx_invalidated, reset),
		cmocka_unit_test_setup(cpus_in_order, reset),
		cmocka_unit_test_setup(entries_that_are_no_cpus, reset),
		cmocka_unit_test_setup(more_cpus_than_room, reset),
		cmocka_unit_test_setup(boot_cpu_not_listed, reset),
		cmocka_unit_test_setup(nothing_to_write_to, reset),
		cmocka_unit_test_setup(two_wakeup_structures, reset),
		cmocka_unit_test_setup(mailbox_not_aligned, reset),
		cmocka_unit_test_setup(no_reset_vector, reset),
		cmocka_unit_test_setup(mailbox_where_no_memory_is, reset),
		cmocka_unit_test_setup(invalidated_by_an_earlier_kernel, reset),
		cmocka_unit_test_setup(invalidated_without_a_checksum, reset),
		cmocka_unit_test_setup(damaged_but_not_invalidated, reset),
		cmocka_unit_test_setup(damaged_tables, reset),
		cmocka_unit_test_setup(madt_that_lies_about_an_entry, reset),
		cmocka_unit_test_setup(lengths_that_lie, reset),
		cmocka_unit_test_setup(no_madt, reset),
		cmocka_unit_test_setup(nothing_can_be_mapped, reset),
		cmocka_unit_test_setup(batn, reset),
		cmocka_unit_test_setup(batn_that_does_not_belong, reset),
		cmocka_unit_test_setup(machine_refuses, reset),
		cmocka_unit_test_setup(local_apic_first, reset),
		cmocka_unit_test_setup(torn_count, reset),
		cmocka_unit_test_setup(invalidate, reset),
		cmocka_unit_test_setup(invalidate_what_is_not_there, reset),
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests_name("find", tests, NULL, reset);
}
