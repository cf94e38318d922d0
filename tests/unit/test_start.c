/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * kernel/x86_64: the trampoline, the page tables by which CPUs leave, INIT and
 * SIPI.
 */
#include "fake.h"

#include "lib/x86_64/trampoline.h"
#include "libbaton/x86_64/x86.h"
#include <baton/x86_64/cpu.h>

static struct baton_machine *const machine = &fake.machine;

static void run(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	(void)cpu;
}

static void with(enum baton_method method)
{
	fake_machine(method);
	fake.step = NULL;
}

/* Where CPUs start. */

static void trampoline_has_its_addresses(void **state)
{
	const struct trampoline_data *data;

	(void)state;
	with(BATON_INIT_SIPI);
	data = (const struct trampoline_data *)(fake.trampoline + TRAMPOLINE_GDTR);
	assert_int_equal(data->gdt, FAKE_TRAMPOLINE + TRAMPOLINE_GDT);
	assert_int_equal(data->gdt_limit, 31);
	assert_int_equal(data->to_32.selector, TRAMPOLINE_CODE32);
	assert_int_equal(data->to_64.selector, TRAMPOLINE_CODE64);
	assert_int_equal(data->to_compatibility.selector, TRAMPOLINE_CODE32);
	assert_in_range(data->to_32.offset, FAKE_TRAMPOLINE, FAKE_TRAMPOLINE + TRAMPOLINE_64);
	assert_in_range(data->to_64.offset, FAKE_TRAMPOLINE, FAKE_TRAMPOLINE + TRAMPOLINE_64);
	assert_in_range(data->to_compatibility.offset, FAKE_TRAMPOLINE + TRAMPOLINE_64,
			FAKE_TRAMPOLINE + TRAMPOLINE_GDTR);
	assert_int_equal(data->root, FAKE_ROOT);
	assert_int_equal(data->cr4, 0x660); /* what the paging and SSE of the caller are, and MCE */
	assert_int_equal(data->efer, EFER_LME | EFER_NXE);
	assert_int_equal(data->vector, (uintptr_t)baton_entry);
	assert_int_equal(data->argument, (uintptr_t)machine);
	assert_int_equal(machine->vector, FAKE_TRAMPOLINE);
	assert_int_equal(fake.trampoline[0], 0xfa); /* cli, in real mode */
	assert_int_equal(fake.trampoline[TRAMPOLINE_64], 0xf3);
	assert_memory_equal(fake.trampoline, trampoline_page, TRAMPOLINE_GDTR);
}

static void trampoline_for_five_levels(void **state)
{
	const struct baton_start start = {.page = FAKE_TRAMPOLINE,
					  .root = FAKE_ROOT,
					  .vector = 0xffffffff80001000,
					  .argument = 42};
	const struct trampoline_data *data;

	(void)state;
	with(BATON_MAILBOX_V1);
	fake.cr4 = CR4_PAE | CR4_LA57 | CR4_PGE;
	assert_int_equal(baton_prepare(machine, &start), 0);
	data = (const struct trampoline_data *)(fake.trampoline + TRAMPOLINE_GDTR);
	assert_int_equal(data->cr4, CR4_PAE | CR4_MCE | CR4_LA57);
	assert_int_equal(data->vector, 0xffffffff80001000);
	assert_int_equal(data->argument, 42);
	assert_int_equal(machine->vector, FAKE_TRAMPOLINE + TRAMPOLINE_64);
	assert_int_equal(fake.maps, 1); /* the mailbox */
}

static void starts_that_are_refused(void **state)
{
	static const struct {
		enum baton_method method;
		struct baton_start start;
	} bad[] = {
		{BATON_MAILBOX_V1, {.page = FAKE_TRAMPOLINE, .root = FAKE_ROOT}},
		{BATON_MAILBOX_V1, {.run = run}},
		{BATON_MAILBOX_V1, {.page = FAKE_TRAMPOLINE + 8, .root = FAKE_ROOT, .run = run}},
		{BATON_MAILBOX_V1, {.page = FAKE_TRAMPOLINE, .run = run}},
		{BATON_MAILBOX_V1, {.page = FAKE_TRAMPOLINE, .root = 1ull << 32, .run = run}},
		{BATON_MAILBOX_V1, {.page = 1ull << 32, .root = FAKE_ROOT, .run = run}},
		{BATON_INIT_SIPI, {.page = 0x100000, .root = FAKE_ROOT, .run = run}},
		{BATON_INIT_SIPI, {.vector = 0x8000}},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		with(bad[i].method);
		memset(fake.trampoline, 0x55, sizeof(fake.trampoline));
		assert_int_equal(baton_prepare(machine, &bad[i].start), BATON_E_ARGUMENT);
		/* What was prepared before still holds. */
		assert_int_equal(fake.trampoline[0], 0x55);
		assert_int_equal(machine->start.page, FAKE_TRAMPOLINE);
		assert_non_null(machine->start.run);
	}
}

static void trampoline_that_can_not_be_mapped(void **state)
{
	const struct baton_start start = {.page = 0x7000, .root = FAKE_ROOT, .run = run};

	(void)state;
	with(BATON_INIT_SIPI);
	assert_int_equal(baton_prepare(machine, &start), BATON_E_MAP);
	fake_reset();
	assert_int_equal(baton_prepare(machine, &start), BATON_E_NOT_PREPARED);
}

/* The way out. */

static uint8_t (*pages)[4096];
static unsigned pages_given, pages_back, pages_limit;
static uint64_t pages_base;

static void *give(void *context, uint64_t *physical)
{
	(void)context;
	if (pages_given == pages_limit)
		return NULL;
	memset(pages[pages_given], 0xff, 4096); /* whatever was in them */
	*physical = pages_base + 4096ull * pages_given;
	return pages[pages_given++];
}

static void take_back(void *context, void *page, uint64_t physical)
{
	(void)context;
	assert_ptr_equal(page, pages[(physical - pages_base) / 4096]);
	pages_back++;
}

static const struct baton_pages source = {give, take_back, NULL};

static void with_pages(unsigned limit)
{
	with(BATON_MAILBOX_V1);
	baton_exit_release(machine);
	pages_given = pages_back = 0;
	pages_limit = limit;
	pages_base = 0x40000000;
}

/* Walk the page tables as the processor does: where @address is; 0: nowhere. */
static uint64_t walk(uint64_t root, unsigned levels, uint64_t address)
{
	uint64_t table = root;

	for (unsigned level = levels; level; level--) {
		uint64_t entry;

		assert_in_range(table, pages_base, pages_base + 4096ull * (pages_given - 1));
		entry = ((uint64_t *)pages[(table - pages_base) /
					   4096])[address >> (12 + 9 * (level - 1)) & 511];
		if (!(entry & 1))
			return 0;
		assert_int_equal(entry & ~0x000fffffffffffffull, 0); /* executable */
		assert_int_equal(entry & 0x84, 0);		     /* supervisor, no large page */
		table = entry & 0x000ffffffffff000;
	}
	return table | (address & 4095);
}

static unsigned present(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < pages_given; i++)
		for (unsigned j = 0; j < 512; j++)
			n += ((uint64_t *)pages[i])[j] & 1;
	return n;
}

/* Whoever has built them, CPUs with 4 levels and with 5 can leave by them. */
static void exit_maps_two_pages(void **state)
{
	uint64_t code = (uintptr_t)baton_leave_code;

	(void)state;
	for (unsigned builder = 4; builder <= 5; builder++) {
		with_pages(BATON_EXIT_PAGES);
		fake.cr4 = builder == 5 ? CR4_LA57 : 0;
		assert_int_equal(baton_exit_build(machine, &source), 0);
		for (unsigned levels = 4; levels <= 5; levels++) {
			uint64_t root = levels == 5 ? machine->exit.root5 : machine->exit.root;

			assert_int_equal(walk(root, levels, FAKE_RESET_VECTOR), FAKE_RESET_VECTOR);
			assert_int_equal(walk(root, levels, code),
					 baton_port_physical(baton_leave_code));
			assert_int_equal(walk(root, levels, FAKE_RESET_VECTOR - 1), 0);
			assert_int_equal(walk(root, levels, FAKE_RESET_VECTOR + 4096), 0);
		}
		assert_true(pages_given <= BATON_EXIT_PAGES);
		/* All tables but the roots are listed once, the lower root twice; and two pages. */
		assert_int_equal(present(), pages_given - 2 + 2 + 2);
		assert_int_equal(baton_exit_build(machine, &source), BATON_E_STATE);
		baton_exit_release(machine);
		assert_int_equal(pages_back, pages_given);
		assert_int_equal(machine->exit.root, 0);
	}
}

/* Wherever the source runs dry: all is given back, and nothing is left behind. */
static void exit_without_enough_pages(void **state)
{
	unsigned needed;

	(void)state;
	with_pages(BATON_EXIT_PAGES);
	assert_int_equal(baton_exit_build(machine, &source), 0);
	needed = pages_given;
	for (unsigned limit = 0; limit < needed; limit++) {
		with_pages(limit);
		assert_int_equal(baton_exit_build(machine, &source), BATON_E_NO_PAGE);
		assert_int_equal(pages_given, limit);
		assert_int_equal(pages_back, limit);
		assert_int_equal(machine->exit.root, 0);
		assert_int_equal(machine->exit.npages, 0);
		assert_int_equal(baton_can_disable(machine, &fake.cpu[1]), BATON_E_NOT_PREPARED);
	}
	with_pages(needed);
	assert_int_equal(baton_exit_build(machine, &source), 0);
}

static void exit_from_a_page_that_is_not_aligned(void **state)
{
	(void)state;
	with_pages(BATON_EXIT_PAGES);
	pages_base = 0x40000010;
	assert_int_equal(baton_exit_build(machine, &source), BATON_E_ARGUMENT);
	assert_int_equal(pages_back, pages_given);
}

/* The kernel has its leaving code at the reset vector's address: both can't be there. */
static void exit_that_overlaps(void **state)
{
	(void)state;
	with_pages(BATON_EXIT_PAGES);
	machine->reset_vector = (uintptr_t)baton_leave_code;
	assert_int_equal(baton_exit_build(machine, &source), BATON_E_OVERLAP);
	assert_int_equal(pages_back, pages_given);
}

/* Addresses that the page tables of this mode do not have. */
static void exit_to_an_impossible_address(void **state)
{
	(void)state;
	for (unsigned shift = 47; shift < 64; shift++) {
		bool far = shift >= 52;

		with_pages(BATON_EXIT_PAGES);
		machine->reset_vector = 1ull << shift;
		assert_int_equal(baton_exit_build(machine, &source), BATON_E_OVERLAP);
		fake.cr4 = CR4_LA57;
		assert_int_equal(baton_exit_build(machine, &source), far ? BATON_E_OVERLAP : 0);
	}
}

static void exit_is_not_needed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		with(i ? BATON_INIT_SIPI : BATON_MAILBOX_V0);
		pages_given = pages_limit = 0;
		assert_int_equal(baton_exit_build(machine, &source), 0);
	}
	assert_int_equal(baton_can_disable(machine, &fake.cpu[1]), 0);
}

/* What CPUs execute after the switch of page tables lies in the page that is mapped. */
static void leaving_code_is_in_one_page(void **state)
{
	(void)state;
	assert_int_equal((uintptr_t)baton_leave_code % BATON_LEAVE_SIZE, 0);
	assert_int_equal(4096 % BATON_LEAVE_SIZE, 0);
	assert_ptr_equal((const uint8_t *)(uintptr_t)baton_leave, baton_leave_code);
}

/* INIT and SIPI. */

static void assert_sent(unsigned i, uint64_t apic_id, uint32_t command)
{
	assert_true(i < fake.nsent);
	assert_int_equal(fake.sent[i].apic_id, apic_id);
	assert_int_equal(fake.sent[i].command, command);
}

static void prepare(uint32_t delays)
{
	const struct baton_start start = {
		.page = FAKE_TRAMPOLINE, .root = FAKE_ROOT, .run = run, .delays = delays};

	with(BATON_INIT_SIPI);
	assert_int_equal(baton_prepare(machine, &start), 0);
}

static void boot_with_the_architectural_delays(void **state)
{
	(void)state;
	prepare(BATON_DELAYS_ARCHITECTURAL);
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
	assert_int_equal(fake.nsent, 3);
	assert_sent(0, 2, ICR_INIT);
	assert_sent(1, 2, ICR_STARTUP | FAKE_TRAMPOLINE >> 12);
	assert_sent(2, 2, ICR_STARTUP | FAKE_TRAMPOLINE >> 12);
	assert_true(fake.sent[1].when - fake.sent[0].when >= 10000);
	assert_true(fake.sent[2].when - fake.sent[1].when >= 200);
	assert_true(fake.now - fake.sent[2].when >= 200);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_COMING);
	assert_int_equal(baton_alive(machine, &fake.cpu[2], 1000), BATON_E_NOT_ENTERED);
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), BATON_E_STATE);
}

static uint64_t comer;

static void comes(void)
{
	if (comer)
		assert_true(fake_comes_up(comer));
	comer = 0;
}

/* The second SIPI only if the first was in vain. */
static void boot_without_delays(void **state)
{
	(void)state;
	prepare(BATON_DELAYS_NONE);
	fake.step = comes;
	comer = 1;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	assert_int_equal(fake.nsent, 2);
	assert_true(fake.now - fake.sent[0].when < 200);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), 0);
	fake.nsent = 0;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
	assert_int_equal(fake.nsent, 3);
}

static void boot_of_the_bsp(void **state)
{
	(void)state;
	prepare(BATON_DELAYS_NONE);
	fake.cpu[1].flags = BATON_CPU_BSP;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_NO_RETURN);
	assert_int_equal(baton_can_disable(machine, &fake.cpu[1]), BATON_E_NO_RETURN);
	assert_int_equal(baton_release_all(machine), 0);
	for (unsigned i = 0; i < fake.nsent; i++)
		assert_int_not_equal(fake.sent[i].apic_id, 1);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_OFFLINE);
}

static void boot_of_all_at_once(void **state)
{
	(void)state;
	prepare(BATON_DELAYS_ARCHITECTURAL);
	fake.cpu[2].state = BATON_ONLINE;
	assert_int_equal(baton_release_all(machine), 0);
	assert_int_equal(fake.nsent, 6);
	assert_sent(0, 1, ICR_INIT);
	assert_sent(1, 3, ICR_INIT);
	assert_sent(2, 1, ICR_STARTUP | FAKE_TRAMPOLINE >> 12);
	assert_sent(3, 3, ICR_STARTUP | FAKE_TRAMPOLINE >> 12);
	assert_sent(5, 3, ICR_STARTUP | FAKE_TRAMPOLINE >> 12);
	assert_true(fake.now - fake.sent[0].when < 11000); /* one delay for all */
}

static void kill_by_init(void **state)
{
	(void)state;
	prepare(BATON_DELAYS_NONE);
	fake.step = comes;
	comer = 1;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), BATON_E_STATE);
	assert_int_equal(fake_die(1), 0);
	assert_int_equal(fake.left_vector, 1);
	assert_int_equal(fake.quiets, 1);
	fake.nsent = 0;
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), 0);
	assert_int_equal(fake.nsent, 1);
	assert_sent(0, 1, ICR_INIT);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_OFFLINE);
	comer = 1;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), 0);
}

/* libbaton's own entry: it ends by giving the CPU back. */
static void run_that_returns(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V1);
	fake.cpu[1].state = BATON_ENTERED;
	fake.self = 1;
	if (!setjmp(fake.left))
		baton_run(machine, &fake.cpu[1]);
	assert_int_equal(fake.left_vector, FAKE_RESET_VECTOR);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_LEAVING);
	with(BATON_MAILBOX_V0);
	fake.cpu[1].state = BATON_ENTERED;
	fake.self = 1;
	if (!setjmp(fake.left))
		baton_run(machine, &fake.cpu[1]);
	assert_int_equal(fake.left_vector, 1);
}

static int get_pages(void **state)
{
	(void)state;
	pages = aligned_alloc(4096, 4096 * BATON_EXIT_PAGES);
	return !pages;
}

static int free_pages(void **state)
{
	(void)state;
	free(pages);
	fake_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trampoline_has_its_addresses),
		cmocka_unit_test(trampoline_for_five_levels),
		cmocka_unit_test(starts_that_are_refused),
		cmocka_unit_test(trampoline_that_can_not_be_mapped),
		cmocka_unit_test(exit_maps_two_pages),
		cmocka_unit_test(exit_without_enough_pages),
		cmocka_unit_test(exit_from_a_page_that_is_not_aligned),
		cmocka_unit_test(exit_that_overlaps),
		cmocka_unit_test(exit_to_an_impossible_address),
		cmocka_unit_test(exit_is_not_needed),
		cmocka_unit_test(leaving_code_is_in_one_page),
		cmocka_unit_test(boot_with_the_architectural_delays),
		cmocka_unit_test(boot_without_delays),
		cmocka_unit_test(boot_of_the_bsp),
		cmocka_unit_test(boot_of_all_at_once),
		cmocka_unit_test(kill_by_init),
		cmocka_unit_test(run_that_returns),
	};

	return cmocka_run_group_tests_name("start", tests, get_pages, free_pages);
}
