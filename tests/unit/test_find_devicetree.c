/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton/arm64/find.c, lib/devicetree.c: what the CPUs of a board are, and by what method
 * they come; trees that are wrong.  libbaton/arm64/start.c: the page that they come through.
 */
#include "fake_arm64.h"

#include <baton/table.h>

static struct baton_machine *const machine = &fake_arm64.machine;

static int reset(void **state)
{
	(void)state;
	fake_arm64_reset();
	return 0;
}

/* Nothing is left mapped, and the kernel can go on with one CPU. */
static void refused(int error)
{
	assert_int_equal(fake_arm64_find(), error);
	assert_int_equal(fake_arm64.maps, 0);
	assert_int_equal(machine->method, BATON_NO_METHOD);
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), BATON_E_NOT_PREPARED);
	assert_int_equal(baton_exit_build(machine, NULL), BATON_E_NOT_PREPARED);
}

static uint64_t psci_1_1(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	(void)a;
	(void)b;
	(void)c;
	return function == PSCI_VERSION		    ? PSCI_VERSION_1_1
	       : function == PSCI_MIGRATE_INFO_TYPE ? PSCI_MIGRATE_NOT_REQUIRED
						    : (uint64_t)PSCI_NOT_SUPPORTED;
}

/* Each CPU by PSCI. */
static void use_psci(const char *compatible, const char *conduit)
{
	for (unsigned i = 0; i < BOARD_CPUS; i++) {
		fake_arm64.method[i] = "psci";
		fake_arm64.release[i] = fake_arm64.held[i] = fake_arm64.ret[i] = 0;
	}
	fake_arm64.psci = compatible;
	fake_arm64.conduit = conduit;
	fake_arm64.call = psci_1_1;
	fake_arm64.level = 1;
}

static void spin_table_with_return(void **state)
{
	(void)state;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(machine->method, BATON_SPIN_TABLE_RETURN);
	assert_int_equal(machine->ncpus, 4);
	assert_int_equal(machine->listed, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(fake_arm64.cpu[i].id, 0x100 + i);
		assert_int_equal(fake_arm64.cpu[i].uid, i);
		assert_int_equal(baton_state(&fake_arm64.cpu[i]), i ? BATON_OFFLINE : BATON_ONLINE);
		assert_ptr_equal(fake_arm64.cpu[i].release, &fake_arm64.words[i]);
		assert_ptr_equal(fake_arm64.cpu[i].held, &fake_arm64.held_words[i]);
		assert_int_equal(fake_arm64.cpu[i].return_address, BOARD_RETURN);
		assert_ptr_equal(baton_cpu_by_id(machine, 0x100 + i), &fake_arm64.cpu[i]);
	}
	assert_ptr_equal(baton_this_cpu(machine), &fake_arm64.cpu[0]);
	assert_int_equal(baton_held(machine), BATON_E_NOT_SUPPORTED);
	assert_int_equal(baton_invalidate_for_next_kernel(machine), BATON_E_NOT_SUPPORTED);
	assert_string_equal(baton_method_name(machine->method), "spin-table with return");
}

static void spin_table_without(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		fake_arm64.ret[i] = fake_arm64.held[i] = 0;
	fake_arm64.release[0] = 0; /* nobody has to release the CPU that runs */
	fake_arm64.address_size = 4;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(machine->method, BATON_SPIN_TABLE);
	assert_null(fake_arm64.cpu[0].release);
	assert_null(fake_arm64.cpu[1].held);
	assert_ptr_equal(fake_arm64.cpu[1].release, &fake_arm64.words[1]);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[i]), BATON_E_NO_RETURN);
}

/* All but one share a word, with one that has failed; each gets a gate in the pen. */
static void shared_release_words(void **state)
{
	const struct baton_start start = {.page = BOARD_PAGE, .root = BOARD_ROOT, .vector = 4};
	const uint64_t *gates = (const uint64_t *)(fake_arm64.page + IDMAP_GATES);

	(void)state;
	fake_arm64.ncpus = 6;
	for (unsigned i = 0; i < 6; i++) {
		fake_arm64.ret[i] = fake_arm64.held[i] = 0;
		if (i != 3)
			fake_arm64.release[i] = BOARD_RELEASE(1);
	}
	fake_arm64.status[4] = "fail";
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(machine->method, BATON_SPIN_TABLE);
	assert_int_equal(machine->ncpus, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(fake_arm64.cpu[i].flags, i == 3 ? 0 : BATON_CPU_SHARED);
	assert_int_equal(baton_prepare(machine, &start), 0);
	for (unsigned i = 0; i < IDMAP_GATES_MAX; i++)
		assert_int_equal(gates[i], i == 1 || i == 2 ? (0x100 + i) | 1ull << GATE_USED
					   : i == 4	    ? 0x105 | 1ull << GATE_USED
							    : 0);
}

/* One that has failed, or that there is no room for, leaves with the others. */
static void shared_with_one_that_is_not_there(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		fake_arm64.ret[i] = fake_arm64.held[i] = 0;
	fake_arm64.release[3] = BOARD_RELEASE(1);
	fake_arm64.status[3] = "fail";
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(fake_arm64.cpu[1].flags, BATON_CPU_SHARED);
	assert_int_equal(fake_arm64.cpu[2].flags, 0);
	fake_arm64.status[3] = NULL;
	machine->max_cpus = 2;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(fake_arm64.cpu[1].flags, BATON_CPU_SHARED);
}

/* Without a page there is no pen; and those that wait in one stay there. */
static void pen_wants_a_page(void **state)
{
	struct baton_start start = {.vector = 0x8000};
	int maps;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		fake_arm64.ret[i] = fake_arm64.held[i] = 0;
		fake_arm64.release[i] = BOARD_RELEASE(1);
	}
	fake_arm64.cpu[1].stack = fake_arm64.stack[1] + sizeof(fake_arm64.stack[1]);
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_prepare(machine, &start), BATON_E_ARGUMENT);
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), BATON_E_NOT_PREPARED);
	start.page = BOARD_PAGE;
	start.root = BOARD_ROOT;
	assert_int_equal(baton_prepare(machine, &start), 0);
	maps = fake_arm64.maps;
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(fake_arm64.maps, maps);
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), 0);
	assert_int_equal(baton_prepare(machine, &start), 0);
	start.page = BOARD_PAGE + 0x1000;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_STATE);
	start.page = 0;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_STATE);
	assert_int_equal(machine->vector, BOARD_PAGE);
	machine->ncpus = IDMAP_GATES_MAX + 1;
	start.page = BOARD_PAGE;
	machine->cpu[1].flags = BATON_CPU_SHARED;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_NOT_SUPPORTED);
}

/* Either address alone is no way back. */
static void some_can_return(void **state)
{
	(void)state;
	fake_arm64.ret[1] = 0;
	fake_arm64.held[2] = 0;
	fake_arm64_machine();
	assert_int_equal(machine->method, BATON_SPIN_TABLE_RETURN);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[0]), 0);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[1]), BATON_E_NO_RETURN);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[2]), BATON_E_NO_RETURN);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[3]), 0);
}

/* The kernel may start on any of them. */
static void boot_cpu_is_any(void **state)
{
	const uint64_t order[] = {0x102, 0x100, 0x101, 0x103};

	(void)state;
	fake_arm64.self = 0x102;
	assert_int_equal(fake_arm64_find(), 0);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(fake_arm64.cpu[i].id, order[i]);
		assert_int_equal(fake_arm64.cpu[i].uid, order[i] & 0xff);
	}
	assert_int_equal(baton_state(&fake_arm64.cpu[0]), BATON_ONLINE);
	assert_ptr_equal(fake_arm64.cpu[0].release, &fake_arm64.words[2]);
}

static void affinity_3(void **state)
{
	(void)state;
	fake_arm64.mpidr[1] = 0xab00000100;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(fake_arm64.cpu[1].id, 0xab00000100);
	fake_arm64_reset();
	fake_arm64.mpidr[1] = 0x180000100; /* bit 31 and U are no affinity */
	refused(BATON_E_CPUS);
}

static void more_cpus_than_room(void **state)
{
	(void)state;
	machine->max_cpus = 2;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(machine->ncpus, 2);
	assert_int_equal(machine->listed, 4);
	assert_int_equal(fake_arm64.cpu[2].id, 0);
}

/* "fail" is not there; "disabled" is how a CPU is called that can be started. */
static void failed_cpus(void **state)
{
	(void)state;
	fake_arm64.status[1] = "fail";
	fake_arm64.status[2] = "fail-sss";
	fake_arm64.status[3] = "disabled";
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(machine->ncpus, 2);
	assert_int_equal(machine->listed, 2);
	assert_int_equal(fake_arm64.cpu[1].id, 0x103);
}

static void psci(void **state)
{
	(void)state;
	use_psci("arm,psci-1.0", "hvc");
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(machine->method, BATON_PSCI);
	assert_int_equal(fake_arm64.conduit_seen, PSCI_CALL_HVC);
	use_psci("arm,psci-0.2", "smc");
	fake_arm64.level = 2;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(fake_arm64.conduit_seen, PSCI_CALL_SMC);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[0]), 0);
}

static uint64_t psci_0_1(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	return function == PSCI_VERSION ? 1 : psci_1_1(function, a, b, c);
}

static uint64_t nobody(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	(void)function;
	(void)a;
	(void)b;
	(void)c;
	return (uint64_t)PSCI_NOT_SUPPORTED;
}

static void psci_that_will_not_do(void **state)
{
	(void)state;
	use_psci(NULL, NULL);
	refused(BATON_E_PSCI);
	use_psci("arm,psci", "smc");
	refused(BATON_E_PSCI);
	use_psci("arm,psci-0.2", "hvx");
	refused(BATON_E_PSCI);
	use_psci("arm,psci-0.2", NULL);
	refused(BATON_E_PSCI);
	/* Nobody is above EL2 whom HVC would call. */
	use_psci("arm,psci-0.2", "hvc");
	fake_arm64.level = 2;
	refused(BATON_E_PSCI);
	use_psci("arm,psci-0.2", "hvc");
	fake_arm64.call = psci_0_1;
	refused(BATON_E_PSCI);
	fake_arm64.call = nobody;
	refused(BATON_E_PSCI);
}

static uint64_t trusted_os(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	return function == PSCI_MIGRATE_INFO_TYPE		  ? PSCI_MIGRATE_NOT_CAPABLE
	       : function == (PSCI_MIGRATE_INFO_UP_CPU | PSCI_64) ? 0x80000102
								  : psci_1_1(function, a, b, c);
}

static void trusted_os_keeps_its_cpu(void **state)
{
	(void)state;
	use_psci("arm,psci-1.0", "smc");
	fake_arm64.call = trusted_os;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[1]), 0);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[2]), BATON_E_NO_RETURN);
}

static void damaged_tree(void **state)
{
	(void)state;
	fake_arm64_tree();
	assert_int_equal(baton_find_devicetree(machine, NULL, 4096), BATON_E_ARGUMENT);
	for (size_t size = 0; size < fake_arm64.tree_size; size += 7)
		assert_int_equal(baton_find_devicetree(machine, fake_arm64.tree, size),
				 BATON_E_TREE);
	fake_arm64.tree[0] ^= 1;
	assert_int_equal(baton_find_devicetree(machine, fake_arm64.tree, fake_arm64.tree_size),
			 BATON_E_TREE);
	fake_arm64.tree[0] ^= 1;
	machine->max_cpus = 0;
	assert_int_equal(baton_find_devicetree(machine, fake_arm64.tree, fake_arm64.tree_size),
			 BATON_E_ARGUMENT);
}

static void wrong_cpus(void **state)
{
	(void)state;
	fake_arm64.no_cpus_node = true;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.ncpus = 0;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.no_reg = true;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.mpidr[3] = 0x101;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.mpidr[3] = 0x100; /* the calling one twice */
	refused(BATON_E_CPUS);
	for (unsigned cells = 0; cells < 5; cells++) {
		fake_arm64_reset();
		fake_arm64.address_cells = cells;
		if (cells != 1 && cells != 2)
			refused(BATON_E_CPUS);
		else
			assert_int_equal(fake_arm64_find(), 0);
	}
	/* Four times that many bytes are 8, in 32 bits. */
	fake_arm64_reset();
	fake_arm64.huge_cells = true;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.self = 0x200;
	refused(BATON_E_BOOT_CPU);
	fake_arm64_reset();
	fake_arm64.status[0] = "fail";
	refused(BATON_E_BOOT_CPU);
}

static void wrong_methods(void **state)
{
	(void)state;
	fake_arm64.method[2] = NULL;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.method[2] = "acme,smp";
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.method[2] = "psci";
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.method[0] = NULL; /* the one that runs need not be started */
	assert_int_equal(fake_arm64_find(), 0);
}

static void wrong_addresses(void **state)
{
	(void)state;
	fake_arm64.release[2] = 0;
	refused(BATON_E_RELEASE);
	fake_arm64_reset();
	fake_arm64.release[2] = BOARD_RELEASE(1);
	refused(BATON_E_RELEASE);
	fake_arm64_reset();
	fake_arm64.release[2] = BOARD_RELEASE(0); /* with the calling one */
	refused(BATON_E_RELEASE);
	for (unsigned i = 1; i < 3; i++) { /* whichever of the two could return */
		fake_arm64_reset();
		fake_arm64.release[2] = BOARD_RELEASE(1);
		fake_arm64.held[i] = fake_arm64.ret[i] = 0;
		refused(BATON_E_RELEASE);
	}
	fake_arm64_reset();
	fake_arm64.release[2] = BOARD_HELD(1);
	refused(BATON_E_RELEASE);
	fake_arm64_reset();
	fake_arm64.held[2] = BOARD_RELEASE(1);
	refused(BATON_E_RELEASE);
	fake_arm64_reset();
	fake_arm64.held[2] = BOARD_HELD(3);
	refused(BATON_E_RELEASE);
	fake_arm64_reset();
	fake_arm64.held[2] = BOARD_RELEASE(2);
	refused(BATON_E_RELEASE);
	fake_arm64_reset();
	machine->max_cpus = 2; /* shared by one that there is no room for */
	fake_arm64.release[3] = BOARD_RELEASE(1);
	refused(BATON_E_RELEASE);

	fake_arm64_reset();
	fake_arm64.release[2] += 4;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.held[2] += 4;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.ret[2] += 2;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.address_size = 12;
	refused(BATON_E_CPUS);
	fake_arm64_reset();
	fake_arm64.release[2] = 0x12340000; /* where nothing is */
	refused(BATON_E_MAP);
	for (int maps = 0; maps < 8; maps++) {
		fake_arm64_reset();
		fake_arm64.maps_left = maps;
		refused(BATON_E_MAP);
	}
}

static struct baton_table *put_batn(void)
{
	struct baton_table *table = (struct baton_table *)fake_arm64.batn_table;

	fake_arm64.batn = true;
	memcpy(table->acpi_header, BATON_TABLE_SIGNATURE, 4);
	table->version = BATON_TABLE_VERSION;
	table->held = baton_count_of(3);
	return table;
}

static void held_count(void **state)
{
	struct baton_table *table = put_batn();

	(void)state;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_held(machine), 3);
	table->held = 0x1234567; /* torn, and stays so */
	assert_int_equal(baton_held(machine), BATON_E_NOT_SUPPORTED);

	fake_arm64_reset();
	table = put_batn();
	table->version++;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_held(machine), BATON_E_NOT_SUPPORTED);
	assert_int_equal(fake_arm64.maps, 8);
}

static void run(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	(void)cpu;
}

static void prepare(void **state)
{
	const struct idmap_data *data = (const void *)(fake_arm64.page + IDMAP_DATA);
	struct baton_start start = {.page = BOARD_PAGE, .root = BOARD_ROOT, .run = run};

	(void)state;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_NOT_PREPARED);
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(machine->vector, BOARD_PAGE);
	assert_memory_equal(fake_arm64.page, idmap_page, 16);
	assert_int_equal(data->level, 2);
	assert_int_equal(data->ttbr0, BOARD_ROOT);
	assert_int_equal(data->vector, (uintptr_t)baton_entry);
	assert_int_equal(data->argument, (uintptr_t)machine);
	assert_int_equal(fake_arm64.drops, 1);

	start.vector = 0x8000;
	start.argument = 7;
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(data->vector, 0x8000);
	assert_int_equal(data->argument, 7);

	start.page = 0;
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(machine->vector, 0x8000);
}

static void prepare_refused(void **state)
{
	const struct baton_start good = {.page = BOARD_PAGE, .root = BOARD_ROOT, .run = run};
	struct baton_start start = good;

	(void)state;
	assert_int_equal(fake_arm64_find(), 0);
	start.page += 0x800;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_ARGUMENT);
	start = good;
	start.root = 0;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_ARGUMENT);
	start = good;
	start.vector = 0x8002;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_ARGUMENT);
	start = good;
	start.page = 0; /* and no vector */
	assert_int_equal(baton_prepare(machine, &start), BATON_E_ARGUMENT);
	fake_arm64.mmu_off = true;
	assert_int_equal(baton_prepare(machine, &good), BATON_E_ARGUMENT);
	fake_arm64.mmu_off = false;
	start = good;
	start.page = 0x10000000;
	assert_int_equal(baton_prepare(machine, &start), BATON_E_MAP);
	assert_int_equal(machine->vector, 0);
}

/* The page that CPUs come by is the one by which they leave; or they need none. */
static void the_way_out(void **state)
{
	struct baton_start start = {.page = BOARD_PAGE, .root = BOARD_ROOT, .run = run};

	(void)state;
	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_exit_build(machine, NULL), BATON_E_NOT_PREPARED);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[1]), BATON_E_NOT_PREPARED);
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(baton_exit_build(machine, NULL), 0);
	assert_int_equal(machine->exit.code, BOARD_PAGE + IDMAP_LEAVE);
	assert_int_equal(machine->exit.root, BOARD_ROOT);
	assert_int_equal(baton_exit_build(machine, NULL), BATON_E_STATE);
	baton_exit_release(machine);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[1]), BATON_E_NOT_PREPARED);

	start.page = 0;
	start.vector = 0x8000;
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(baton_exit_build(machine, NULL), BATON_E_NOT_PREPARED);
	fake_arm64.identity = true;
	assert_int_equal(baton_exit_build(machine, NULL), 0);
	assert_int_equal(machine->exit.code, (uintptr_t)idmap_leave);
	assert_int_equal(machine->exit.root, 0);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[1]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(spin_table_with_return, reset),
		cmocka_unit_test_setup(spin_table_without, reset),
		cmocka_unit_test_setup(shared_release_words, reset),
		cmocka_unit_test_setup(shared_with_one_that_is_not_there, reset),
		cmocka_unit_test_setup(pen_wants_a_page, reset),
		cmocka_unit_test_setup(some_can_return, reset),
		cmocka_unit_test_setup(boot_cpu_is_any, reset),
		cmocka_unit_test_setup(affinity_3, reset),
		cmocka_unit_test_setup(more_cpus_than_room, reset),
		cmocka_unit_test_setup(failed_cpus, reset),
		cmocka_unit_test_setup(psci, reset),
		cmocka_unit_test_setup(psci_that_will_not_do, reset),
		cmocka_unit_test_setup(trusted_os_keeps_its_cpu, reset),
		cmocka_unit_test_setup(damaged_tree, reset),
		cmocka_unit_test_setup(wrong_cpus, reset),
		cmocka_unit_test_setup(wrong_methods, reset),
		cmocka_unit_test_setup(wrong_addresses, reset),
		cmocka_unit_test_setup(held_count, reset),
		cmocka_unit_test_setup(prepare, reset),
		cmocka_unit_test_setup(prepare_refused, reset),
		cmocka_unit_test_setup(the_way_out, reset),
	};
	int failed = cmocka_run_group_tests_name("find_devicetree", tests, NULL, NULL);

	fake_arm64_reset();
	free(fake_arm64.tree);
	return failed;
}
