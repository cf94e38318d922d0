/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What x86-64 adds to the common checks: see probe/checks.h. */
#include "checks.h"
#include <baton/reader.h>
#include <baton/x86_64/area.h>
#include "lib/x86_64/guest.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/time.h"
#include "bench.h"
#include "cpus.h"
#include "mailbox.h"
#include "tables.h"
#include "x86.h"

#define BELOW_1M (1ull << 20)
#define BELOW_4G (1ull << 32)
#define NMIS 3
#define NMI_GAP_US 2000
#define QUIET_US 100000

typedef unsigned long long ull;

const char checks_wake_spec[] = MAILBOX_SPEC "; contract, 3";
const char checks_return_spec[] = MAILBOX_SPEC "; contract, 5";
const char checks_rounds_spec[] = MAILBOX_SPEC "; contract, 3; contract, 5";
const char checks_batn_spec[] = "contract, 9";
const char checks_area_spec[] = "contract, 8";
const char checks_held_spec[] = "contract, 6";
const char checks_first_what[] = "every CPU comes to its own vector, in ascending order";
const char checks_area_what[] = "the area is where the BATN table and the MADT say";
const char checks_return_time_what[] = "every CPU answered TEST within a second of its return";

const uint32_t checks_batn_alignment = 1; /* ACPI asks for none */
const uint32_t checks_tests_per_return = 1;

static const struct check vector_high = {"vector-above-4g", "a CPU comes to a vector above 4 GiB",
					 checks_wake_spec};
static const struct check nmi_held = {"nmi-held", "a held CPU survives NMIs", "contract, 6"};
static const struct check nmi_counted = {"nmi-counted", "... and counts them", "contract, 6, 9"};

/* If there is none to ask for, that is reported once. */
static bool find_cpus(void)
{
	static const struct check check = {"cpus", "libbaton finds the CPUs, and how they come",
					   MAILBOX_SPEC "; ACPI 6.6, 5.2.12"};
	int error;

	tap_begin(&check);
	error = cpus_find();
	if (error == BATON_E_NO_METHOD && acpi_madt_cpus(tables_found_madt, NULL, 0) == 1) {
		tap_skip("there is only one CPU, and no mailbox");
		return false;
	}
	if (error)
		tap_fault("%s", baton_error_text(error));
	else if (cpus_machine->method == BATON_MAILBOX_V1)
		cpus_exit_build();
	tap_end();
	if (!error)
		tap_remark("%u CPUs, by %s; this one has %s", cpus_count,
			   baton_method_name(cpus_machine->method), cpus[0].name);
	return !error;
}

bool checks_find(void)
{
	tables_check();
	time_start();
	return find_cpus();
}

bool checks_bench(void)
{
	if (options.mode[0] != 'b')
		return false;
	check_batn = tables_found_batn;
	bench();
	return true;
}

/* The BATN table and the area. */

/* tables_check() has found it whole, if there is one. */
const char *checks_find_batn(const volatile struct baton_table **table, uint64_t *room)
{
	*table = tables_found_batn;
	*room = UINT32_MAX;
	return *table ? NULL : "there is none: this is not baton's resident";
}

static uint32_t header_sum(const struct baton_area *area)
{
	const uint32_t *words = (const uint32_t *)area;
	uint32_t sum = 0;

	for (size_t i = 0; i < sizeof(*area) / sizeof(*words); i++)
		sum += words[i];
	return sum;
}

void checks_area(void)
{
	const struct baton_area *area = (const struct baton_area *)check_batn->area;
	enum memory_type type =
		memory_type(check_batn->area, check_batn->area + check_batn->area_size);

	/* Linux shares reserved memory of a TDX guest with the host: there it is ACPI NVS. */
	if (guest_is_tdx() && type == MEMORY_NVS)
		type = MEMORY_RESERVED;
	if (check_batn->area % PAGE_SIZE || check_batn->area_size % PAGE_SIZE ||
	    !check_batn->area_size || check_batn->area + check_batn->area_size > BELOW_4G ||
	    type != MEMORY_RESERVED) {
		tap_fault("0x%llx, 0x%x bytes: %s", (ull)check_batn->area, check_batn->area_size,
			  memory_type_name(type));
		return;
	}
	check_batn_same("magic", area->magic, BATON_AREA_MAGIC);
	check_batn_same("version", area->version, BATON_AREA_VERSION);
	check_batn_same("sum of the header", header_sum(area), 0);
	check_batn_same("base", area->base, check_batn->area);
	check_batn_same("size", area->size, check_batn->area_size);
	check_batn_same("ncpus", area->ncpus, check_batn->ncpus);
	check_batn_same("map_end", area->map_end, check_batn->map_end);
	check_batn_same("table", area->base + area->table, (uintptr_t)check_batn);
	check_batn_same("mailbox of the BATN table", check_batn->mailbox,
			check_batn->area + BATON_AREA_MAILBOX);
	check_batn_same("reset vector of the BATN table", check_batn->reset_vector,
			check_batn->area + BATON_AREA_RESIDENT);
	if (tables_found_wakeup) {
		check_batn_same("mailbox of the MADT", tables_found_wakeup->mailbox,
				check_batn->mailbox);
		check_batn_same("reset vector of the MADT", tables_found_wakeup->reset_vector,
				check_batn->reset_vector);
	}
}

/*
 * Vectors above 4 GiB.  At the same address modulo 4 GiB there is a dead end, for a CPU
 * that takes only 32 bits of the vector.
 */

static uint64_t high_page;

/* A page above 4 GiB, and one below with the same low bits, both free. */
static uint64_t find_high_page(void)
{
	for (size_t i = 0; memory_range(i); i++) {
		const struct memory_range *r = memory_range(i);

		if (r->type != MEMORY_USABLE || r->start < BELOW_1M || r->end > BELOW_4G)
			continue;
		for (uint64_t at = r->end - PAGE_SIZE + BELOW_4G; at < memory_top(); at += BELOW_4G)
			if (memory_type(at, at + PAGE_SIZE) == MEMORY_USABLE)
				return at;
	}
	return 0;
}

static void take_high_page(void)
{
	uint64_t low;

	high_page = find_high_page();
	if (!high_page)
		return;
	low = high_page % BELOW_4G;
	memory_set(low, low + PAGE_SIZE, MEMORY_PROBE);
	memory_set(high_page, high_page + PAGE_SIZE, MEMORY_PROBE);
	cpus_make_dead_end(low);
}

/* If held CPUs are on page tables in that memory, they would be lost. */
void checks_before_fill(void)
{
	uint64_t loose;

	if (cpus_machine->method == BATON_INIT_SIPI)
		return;
	cpus_wake(&cpus[1]);
	loose = check_state_loose_table(&cpus[1]);
	if (loose) {
		tap_remark("held CPUs are on a page table at 0x%llx, so no memory is filled",
			   (ull)loose);
		options.fill = 0;
	}
}

/* Where a CPU can be woken only once, the last one has the vector above 4 GiB. */
uint32_t checks_first_batch(void)
{
	take_high_page();
	return high_page && cpus_count > 2 && cpus_no_way_back() ? cpus_count - 1 : cpus_count;
}

static void check_vectors(void)
{
	struct cpu *cpu = &cpus[cpus_count - 1];
	uint64_t old_page = (uintptr_t)cpu->own->arrival;

	tap_begin(&vector_high);
	if (cpus_count == 1 || !high_page) {
		tap_skip(cpus_count == 1 ? "there is only one CPU"
					 : "there is no memory above 4 GiB");
		return;
	}
	if (cpus_is_up(cpu) && cpus_no_way_back()) {
		tap_skip("the only CPU has been woken, and can't be returned");
		return;
	}
	cpus_move_page(cpu, high_page);
	cpus_wake(cpu);
	tap_end();
	if (cpus_no_way_back())
		return;
	cpus_return(cpu);
	cpus_move_page(cpu, old_page);
}

/* A CPU must not need the kernel's memory on its way, for a stack above all. */
static void check_return_memory(const char *skip)
{
	static const struct check check = {"return-memory",
					   "... and writes to no memory of the kernel's on its way",
					   checks_return_spec};

	tap_begin(&check);
	if (!skip && !memory_is_filled())
		skip = "no memory is filled";
	if (skip) {
		tap_skip(skip);
		return;
	}
	memory_verify();
	tap_end();
}

/* The kernel owes it no other mapping. */
static void check_return_mapped(const char *skip)
{
	static const struct check check = {
		"return-mapped", "... and again, with no page mapped but the reset vector's",
		checks_return_spec};

	tap_begin(&check);
	if (!skip)
		skip = cpus_no_repeats();
	if (skip) {
		tap_skip(skip);
		return;
	}
	cpus_wake_all();
	cpus_return_all();
	tap_end();
}

void checks_return(void)
{
	static const struct check check = {
		"return", "every CPU goes back to the reset vector, and answers TEST",
		checks_return_spec};
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (skip) {
		tap_skip(skip);
	} else {
		cpus_leave_with_memory(cpus_machine->method == BATON_MAILBOX_V1);
		cpus_return_all();
		cpus_leave_with_memory(false);
	}
	tap_end();
	if (!skip && cpus_machine->method == BATON_INIT_SIPI)
		skip = "there is no reset vector";
	check_return_memory(skip);
	check_return_mapped(skip);
	check_vectors();
}

void checks_commands(void)
{
	check_commands();
	check_stop_broadcast();
	check_stop_all();
	check_stop_crash();
}

/* Held CPUs are sent NMIs. */

const char *checks_nothing_held(void)
{
	return cpus_machine->method == BATON_INIT_SIPI ? "no CPU is held" : cpus_no_way_back();
}

static uint32_t nmis_counted(const struct cpu *cpu)
{
	const volatile struct baton_cpu_record *record = check_batn_record(cpu);

	return record ? baton_count_value(record->nmis) : 0;
}

static void send_nmis(void)
{
	const struct apic apic = apic_find(UINT64_MAX);

	for (int n = 0; n < NMIS; n++) {
		for (uint32_t i = 1; i < cpus_count; i++)
			apic_send(&apic, cpus[i].id, ICR_NMI);
		time_delay_us(NMI_GAP_US); /* two at once are one */
	}
}

/* Whether every held CPU still answers; those that do not are lost. */
static bool all_answer(void)
{
	bool all = true;

	for (uint32_t i = 1; i < cpus_count; i++)
		if (!mailbox_test(cpus[i].id)) {
			tap_fault("%s does not answer TEST any more", cpus[i].name);
			all = false;
		}
	return all;
}

static void check_nmis(void)
{
	static uint32_t before[CPUS_MAX];

	tap_begin(&nmi_held);
	if (!check_batn && !options.nmi) {
		tap_skip("only the contract asks for it, and it may end the machine: nmi=yes");
		tap_skipped(&nmi_counted, "no BATN table");
		return;
	}
	for (uint32_t i = 1; i < cpus_count && check_batn; i++)
		before[i] = nmis_counted(&cpus[i]);
	tap_remark("NMIs to held CPUs: if this is the last line, nmi-held has failed");
	send_nmis();
	if (!all_answer())
		tap_bail_out("CPUs are lost after NMIs");
	tap_end();

	tap_begin(&nmi_counted);
	if (!check_batn) {
		tap_skip("no BATN table");
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++)
		if (nmis_counted(&cpus[i]) - before[i] != NMIS)
			tap_fault("%s has counted %u of %u", cpus[i].name,
				  nmis_counted(&cpus[i]) - before[i], NMIS);
	tap_end();
}

static bool scorched;

/* The page tables by which they left are released, too, and overwritten. */
void checks_disturb(const char *why)
{
	if (why) {
		tap_skipped(&nmi_held, why);
		tap_skipped(&nmi_counted, why);
		return;
	}
	cpus_exit_scorch();
	scorched = true;
	check_nmis();
	time_delay_us(QUIET_US);
}

void checks_last(void)
{
	if (scorched)
		cpus_exit_build();
	linux_check_handover();
}
