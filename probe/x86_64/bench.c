/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Bring-up by each way, in one run and with the same CPUs.  In each round they go
 * from the resident to the probe and back, by its broadcast and its mailbox; then,
 * while the resident knows them as released, out of a halt in the probe by INIT and
 * SIPI, and out of the wait loop that firmware usually has; and back.  When N is
 * halved, those that are too many stay in the probe, halted.
 *
 * A CPU that has come up halts until it gets an order: so the time of the
 * others is not taken up by it, in an emulator that has one thread for all.
 */
#include "bench.h"
#include <baton/mailbox.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "cpus.h"
#include "paging.h"
#include "tables.h"
#include "x86.h"

#define ROUNDS_MAX 25
#define SLOW_ROUNDS 3 /* those in which what takes long is measured too */
#define SETTLE_US 2000
#define QUIET_US 1300000 /* until the listener looks but seldom: docs/contract.md, section 3 */
#define BELOW_1M (1ull << 20)
#define VECTOR_ORDER 0x40
#define APIC_SVR_ON (APIC_SVR_ENABLE | APIC_SVR_VECTOR)
#define ACPI_MADT_OEM 0x80 /* a type that no kernel knows */

/* What a CPU that rests does next. */
enum order { REST, LEAVE, LOOP };

static uint32_t *orders; /* enum order, one per CPU; REST again when it has been read */
static struct baton_machine sipi_delays, sipi, usual; /* beside baton's, machine */
static volatile struct baton_mailbox *usual_mailbox;

/* On the CPUs that are started. */

static enum order rest(const struct cpu *cpu)
{
	uint32_t *order = &orders[cpu->number], what;
	const struct apic apic = apic_find(UINT64_MAX);

	apic_write(&apic, APIC_TPR, 0);
	apic_write(&apic, APIC_SVR, APIC_SVR_ON);
	while ((what = __atomic_load_n(order, __ATOMIC_ACQUIRE)) == REST) {
		__asm__ volatile("sti; hlt; cli" ::: "memory");
		apic_write(&apic, APIC_EOI, 0);
	}
	__atomic_store_n(order, REST, __ATOMIC_RELEASE);
	return what;
}

/* As firmware does: each CPU watches the mailbox itself. */
static _Noreturn void usual_loop(uint32_t apic_id)
{
	uint64_t vector;

	while (__atomic_load_n(&usual_mailbox->command, __ATOMIC_ACQUIRE) != BATON_COMMAND_WAKEUP ||
	       usual_mailbox->apic_id != apic_id)
		cpu_relax();
	vector = usual_mailbox->wakeup_vector;
	__atomic_store_n(&usual_mailbox->command, BATON_COMMAND_NOOP, __ATOMIC_RELEASE);
	__asm__ volatile("jmp *%0" : : "r"(vector));
	__builtin_unreachable();
}

/* The C code that is to be reached. */
static void run(struct baton_machine *m, struct baton_cpu *baton)
{
	struct cpu *cpu = &cpus[baton - m->cpu];

	traps_load(&cpu->own->traps, cpu);
	baton_online(m, baton);
	if (rest(cpu) == LOOP)
		usual_loop(cpu->id);
	baton_die(cpus_machine);
}

/* On the boot CPU. */

static void must(int error, const char *what, uint32_t number)
{
	if (error)
		tap_bail_out("bench: %s, CPU %u: %s", what, number, baton_error_text(error));
}

static void give_order(uint32_t number, enum order order)
{
	const struct apic apic = apic_find(UINT64_MAX);

	__atomic_store_n(&orders[number], order, __ATOMIC_RELEASE);
	apic_send(&apic, cpus[number].id, ICR_FIXED | VECTOR_ORDER);
	while (__atomic_load_n(&orders[number], __ATOMIC_ACQUIRE) != REST)
		cpu_relax();
}

/* Each has its own trampoline, and keeps it: an emulator has to translate it but once. */
static void prepare(struct baton_machine *m, uint64_t page, uint32_t delays)
{
	const struct baton_start start = {
		.page = page,
		.root = paging_root(read_cr4() & CR4_LA57),
		.run = run,
		.delays = delays,
	};

	must(baton_prepare(m, &start), "no start", 0);
}

/*
 * Begin anew with CPUs that are still up: they will be taken from where they are.
 * A second SIPI may be on its way to them, and QEMU would keep it beyond the next
 * INIT.
 */
static struct baton_machine *anew(struct baton_machine *m)
{
	time_delay_us(SETTLE_US);
	for (uint32_t i = 1; i < m->ncpus; i++)
		m->cpu[i].state = BATON_OFFLINE;
	return m;
}

static uint64_t one_by_one(struct baton_machine *m, uint32_t first, uint32_t n)
{
	uint64_t start = time_us();

	for (uint32_t i = first; i < n; i++) {
		must(baton_boot(m, &m->cpu[i]), "not started", i);
		must(baton_alive(m, &m->cpu[i], 0), "not up", i);
	}
	return time_us() - start;
}

static uint64_t all_at_once(struct baton_machine *m, uint32_t n)
{
	uint64_t start = time_us();

	must(baton_release_all(m), "not all started", 0);
	for (uint32_t i = 1; i < n; i++)
		must(baton_alive(m, &m->cpu[i], 0), "not up", i);
	return time_us() - start;
}

static void sample(const char *way, uint32_t n, uint64_t us)
{
	tap_remark("bench %s %u %u", way, n, (unsigned)us);
}

static void return_all(uint32_t n)
{
	int error;

	for (uint32_t i = 1; i < n; i++)
		give_order(i, LEAVE);
	for (uint32_t i = 1; i < n; i++) {
		while (baton_state(&cpus_machine->cpu[i]) != BATON_LEAVING)
			cpu_relax();
		do
			error = baton_kill(cpus_machine, &cpus_machine->cpu[i], 0);
		while (error == BATON_E_NOT_RETURNED);
		must(error, "not returned", i);
	}
}

static void one_round(uint32_t n, bool slow)
{
	sample("broadcast", n, all_at_once(cpus_machine, n));
	return_all(n);
	sample("mailbox", n, one_by_one(cpus_machine, 1, n));

	if (slow)
		sample("sipi-delays", n, one_by_one(anew(&sipi_delays), 1, n));
	sample("sipi", n, one_by_one(anew(&sipi), 1, n));
	sample("sipi-all", n, all_at_once(anew(&sipi_delays), n));

	for (uint32_t i = 1; i < n; i++)
		give_order(i, LOOP);
	sample("usual", n, one_by_one(anew(&usual), 1, n));
	return_all(n);

	if (!slow)
		return;
	time_delay_us(QUIET_US);
	sample("broadcast-quiet", n, all_at_once(cpus_machine, n));
	return_all(n);
}

static uint64_t take(uint64_t size, uint64_t min, uint64_t max)
{
	uint64_t memory = memory_take(size, PAGE_SIZE, min, max);

	if (!memory)
		tap_bail_out("no memory for %u CPUs", cpus_count);
	return memory;
}

/*
 * Tables with nothing but a MADT, a copy of the machine's: with a mailbox of version 0
 * at @mailbox, or, if that is 0, with none.  The address of the RSDP.
 */
static uint64_t make_tables(uint64_t mailbox)
{
	struct tables {
		struct acpi_rsdp rsdp;
		struct {
			struct acpi_header header;
			uint64_t madt;
		} __attribute__((packed)) xsdt;
		struct acpi_madt madt; /* and its entries */
	} __attribute__((packed)) * t;
	struct acpi_madt_wakeup *entry;

	t = (struct tables *)take(sizeof(*t) + tables_found_madt->header.length, BELOW_1M,
				  UINT64_MAX);
	memset(t, 0, sizeof(*t));
	memcpy(&t->madt, tables_found_madt, tables_found_madt->header.length);
	entry = (struct acpi_madt_wakeup *)acpi_madt_wakeup(&t->madt);
	entry->version = 0;
	entry->mailbox = mailbox;
	if (!mailbox)
		entry->entry.type = ACPI_MADT_OEM;
	acpi_set_checksum(&t->madt.header);
	memcpy(t->xsdt.header.signature, "XSDT", 4);
	t->xsdt.header.length = sizeof(t->xsdt);
	t->xsdt.madt = (uintptr_t)&t->madt;
	acpi_set_checksum(&t->xsdt.header);
	memcpy(t->rsdp.signature, "RSD PTR ", 8);
	t->rsdp.revision = 2;
	t->rsdp.length = sizeof(t->rsdp);
	t->rsdp.xsdt = (uintptr_t)&t->xsdt;
	t->rsdp.checksum = -acpi_sum(&t->rsdp, 20);
	t->rsdp.extended_checksum = -acpi_sum(&t->rsdp, sizeof(t->rsdp));
	return (uintptr_t)&t->rsdp;
}

/* The first @n CPUs, by the method of the tables at @rsdp. */
static void find(struct baton_machine *m, uint64_t rsdp, uint32_t n)
{
	struct baton_cpu *cpu = m->cpu;

	memset(m, 0, sizeof(*m));
	memset(cpu, 0, n * sizeof(*cpu));
	m->cpu = cpu;
	m->max_cpus = n;
	must(baton_find_acpi(m, rsdp), "tables", 0);
	for (uint32_t i = 0; i < n; i++)
		m->cpu[i].stack = cpus[i].stack + CPUS_STACK_SIZE;
}

/* All for @n CPUs: the others of them stay where they are. */
static void find_all(uint32_t n)
{
	static uint64_t pages[4], no_mailbox, other_mailbox;

	if (!pages[0]) {
		for (int i = 0; i < 4; i++)
			pages[i] = take(PAGE_SIZE, PAGE_SIZE, BELOW_1M);
		no_mailbox = make_tables(0);
		other_mailbox = make_tables((uintptr_t)usual_mailbox);
		prepare(cpus_machine, pages[0], 0);
	}
	find(&sipi_delays, no_mailbox, n);
	find(&sipi, no_mailbox, n);
	find(&usual, other_mailbox, n);
	prepare(&sipi_delays, pages[1], BATON_DELAYS_ARCHITECTURAL);
	prepare(&sipi, pages[2], BATON_DELAYS_NONE);
	prepare(&usual, pages[3], 0);
}

static void *take_for_cpus(size_t size)
{
	void *memory = (void *)take(cpus_count * size, BELOW_1M, UINT64_MAX);

	memset(memory, 0, cpus_count * size);
	return memory;
}

static void make_room(void)
{
	orders = take_for_cpus(sizeof(*orders));
	sipi_delays.cpu = take_for_cpus(sizeof(struct baton_cpu));
	sipi.cpu = take_for_cpus(sizeof(struct baton_cpu));
	usual.cpu = take_for_cpus(sizeof(struct baton_cpu));
	usual_mailbox = (struct baton_mailbox *)take(sizeof(*usual_mailbox), BELOW_1M, UINT64_MAX);
	memset((void *)usual_mailbox, 0, sizeof(*usual_mailbox));
}

void bench(void)
{
	static const struct check check = {"bench", "every CPU comes by each of the ways",
					   "docs/contract.md, 3"};
	uint32_t have = cpus_count;

	tap_begin(&check);
	if (!check_batn || !(check_batn->flags & BATON_TABLE_BROADCAST) || cpus_count < 2) {
		tap_skip("it needs baton below it, and two CPUs");
		return;
	}
	make_room();
	for (uint32_t n = cpus_count; n >= 2; n /= 2) {
		find_all(n);
		one_by_one(cpus_machine, n, have);
		have = n;
		for (uint32_t i = 0; i < ROUNDS_MAX && i < options.rounds; i++)
			one_round(n, i < SLOW_ROUNDS);
	}
	tap_end();
}
