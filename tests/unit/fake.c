/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "fake.h"

#include "lib/x86_64/guest.h"
#include "libbaton/x86_64/x86.h"
#include <stdio.h>

#define MEMORIES 16

struct fake fake;

static struct memory {
	uint64_t address;
	uint8_t *pointer;
	size_t size;
	bool ours; /* to be freed */
} memories[MEMORIES];

static uint8_t exit_pages[BATON_EXIT_PAGES][4096] __attribute__((aligned(4096)));
static unsigned exit_pages_used;

void fake_reset(void)
{
	for (unsigned i = 0; i < MEMORIES; i++)
		if (memories[i].ours)
			free(memories[i].pointer);
	memset(memories, 0, sizeof(memories));
	memset(&fake, 0, sizeof(fake));
	exit_pages_used = 0;
	fake.maps_left = -1;
	fake.interrupts = true;
	fake.bsp = true;
	fake.cr4 = 0x6a0; /* PAE, PGE, OSFXSR, OSXMMEXCPT */
	fake.now = 1000;
	fake.machine.cpu = fake.cpu;
	fake.machine.max_cpus = FAKE_CPUS;
}

static struct memory *find_memory(uint64_t address)
{
	for (unsigned i = 0; i < MEMORIES; i++)
		if (memories[i].pointer && address >= memories[i].address &&
		    address - memories[i].address < memories[i].size)
			return &memories[i];
	return NULL;
}

void fake_memory(uint64_t address, void *pointer, size_t size)
{
	struct memory *memory = find_memory(address);

	if (memory && memory->ours)
		free(memory->pointer);
	for (unsigned i = 0; !memory; i++) {
		assert_true(i < MEMORIES);
		if (!memories[i].pointer)
			memory = &memories[i];
	}
	*memory = (struct memory){address, pointer, size, false};
}

void *fake_at(uint64_t address)
{
	struct memory *memory = find_memory(address);

	assert_non_null(memory);
	return memory->pointer + (address - memory->address);
}

static void *own(uint64_t address, void *pointer, size_t size)
{
	fake_memory(address, pointer, size);
	find_memory(address)->ours = true;
	return pointer;
}

void *fake_table(const struct builder *b, uint64_t address)
{
	return own(address, end_table(b), b->length);
}

void fake_root(uint64_t madt, uint64_t batn)
{
	static struct builder b;
	struct acpi_rsdp rsdp = {.signature = {'R', 'S', 'D', ' ', 'P', 'T', 'R', ' '},
				 .revision = 2,
				 .length = sizeof(rsdp),
				 .xsdt = FAKE_XSDT};
	struct acpi_rsdp *copy = malloc(sizeof(rsdp));

	assert_non_null(copy);
	rsdp.checksum = (uint8_t)-sum_of(&rsdp, 20);
	rsdp.extended_checksum = (uint8_t)-sum_of(&rsdp, sizeof(rsdp));
	*copy = rsdp;
	own(FAKE_RSDP, copy, sizeof(rsdp));
	begin_table(&b, "XSDT", 1);
	add_number(&b, 0x1234, 8); /* where nothing is */
	if (madt)
		add_number(&b, madt, 8);
	if (batn)
		add_number(&b, batn, 8);
	fake_table(&b, FAKE_XSDT);
}

/* As add_wakeup() of builder.h, with addresses that mean something. */
static void add_mailbox(struct builder *b, uint16_t version, uint8_t length)
{
	add_number(b, 16, 1);
	add_number(b, length, 1);
	add_number(b, version, 2);
	add_number(b, 0, 4);
	add_number(b, FAKE_MAILBOX, 8);
	if (length > 16)
		add_number(b, FAKE_RESET_VECTOR, (size_t)length - 16);
}

void fake_madt(unsigned ncpus, uint16_t version, uint8_t length)
{
	static struct builder b;

	begin_madt(&b, 7);
	for (unsigned i = 0; i < ncpus; i++)
		add_apic(&b, (uint8_t)(i + 0x10), (uint8_t)i, 1);
	if (length)
		add_mailbox(&b, version, length);
	fake_table(&b, FAKE_MADT);
	fake_root(FAKE_MADT, 0);
	fake_memory(FAKE_MAILBOX, &fake.mailbox, sizeof(fake.mailbox));
	fake_memory(FAKE_TRAMPOLINE, fake.trampoline, sizeof(fake.trampoline));
}

struct baton_table *fake_batn(uint32_t flags, uint32_t held)
{
	static struct builder b;
	static const uint8_t zeros[BATON_TABLE_HEADER_SIZE];
	struct baton_table *table = (struct baton_table *)b.bytes;

	begin_table(&b, "BATN", 1);
	add_bytes(&b, zeros, BATON_TABLE_HEADER_SIZE - b.length);
	table->version = BATON_TABLE_VERSION;
	table->record_size = BATON_CPU_RECORD_SIZE;
	table->mailbox = FAKE_MAILBOX;
	table->reset_vector = FAKE_RESET_VECTOR;
	table->flags = flags;
	table->held = baton_count_of(held);
	fake_root(FAKE_MADT, FAKE_BATN);
	return fake_table(&b, FAKE_BATN);
}

static void *exit_page(void *context, uint64_t *physical)
{
	assert_ptr_equal(context, exit_pages);
	if (exit_pages_used == BATON_EXIT_PAGES)
		return NULL;
	*physical = 0x200000 + 4096ull * exit_pages_used;
	return exit_pages[exit_pages_used++];
}

static void free_exit_page(void *context, void *page, uint64_t physical)
{
	(void)context;
	(void)page;
	(void)physical;
}

static void run(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
}

void fake_machine(enum baton_method method)
{
	const struct baton_start start = {.page = FAKE_TRAMPOLINE, .root = FAKE_ROOT, .run = run};
	const struct baton_pages pages = {exit_page, free_exit_page, exit_pages};

	fake_reset();
	fake_madt(4, method == BATON_MAILBOX_V1,
		  method == BATON_INIT_SIPI    ? 0
		  : method == BATON_MAILBOX_V0 ? 16
					       : 24);
	assert_int_equal(baton_find_acpi(&fake.machine, FAKE_RSDP), 0);
	assert_int_equal(fake.machine.method, method);
	assert_int_equal(fake.machine.ncpus, 4);
	assert_int_equal(baton_prepare(&fake.machine, &start), 0);
	assert_int_equal(baton_exit_build(&fake.machine, &pages), 0);
	for (unsigned i = 0; i < 4; i++) {
		fake.cpu[i].stack = fake.stack[i] + sizeof(fake.stack[i]);
		fake.cpu[i].registers = &fake.registers[i];
	}
}

int fake_die(uint64_t apic_id)
{
	volatile uint64_t self = fake.self;
	int error = 0;

	fake.self = apic_id;
	if (!setjmp(fake.left))
		error = baton_die(&fake.machine);
	fake.self = self;
	return error;
}

bool fake_take_nmi(uint64_t apic_id)
{
	const struct baton_registers registers = {.rip = 0x1000 + apic_id, .r15 = 15, .cr3 = 1};
	volatile uint64_t self = fake.self;
	volatile bool taken = true;

	fake.self = apic_id;
	if (!setjmp(fake.left))
		taken = baton_nmi(&fake.machine, &registers);
	fake.self = self;
	return taken;
}

bool fake_comes_up(uint64_t apic_id)
{
	uint64_t self = fake.self;
	struct baton_cpu *cpu;

	fake.self = apic_id;
	cpu = baton_enter(&fake.machine);
	if (cpu)
		assert_int_equal(baton_online(&fake.machine, cpu), 0);
	fake.self = self;
	return cpu;
}

/* <baton/port.h>. */

void *baton_port_map(uint64_t address, size_t length, enum baton_memory kind)
{
	struct memory *memory = find_memory(address);

	assert_int_equal(kind, BATON_MEMORY_NORMAL);
	if (!fake.maps_left)
		return NULL;
	if (!memory || length > memory->size - (address - memory->address))
		return NULL;
	fake.maps_left -= fake.maps_left > 0;
	fake.maps++;
	return memory->pointer + (address - memory->address);
}

void baton_port_unmap(void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
	fake.maps--;
	assert_true(fake.maps >= 0);
}

uint64_t baton_port_physical(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer - 0x100000;
}

uint64_t baton_port_time_us(void)
{
	return fake.now;
}

void baton_port_relax(void)
{
	fake.now += FAKE_STEP_US;
	if (fake.step)
		fake.step();
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
	if (fake.flush)
		fake.flush();
}

uint64_t baton_port_cpu_id(void)
{
	/* baton_apic_id() would read its ID register. */
	assert_true(!fake.xapic || fake.machine.apic);
	return fake.self;
}

void baton_port_print(const char *line)
{
	fake.prints++;
	snprintf(fake.printed, sizeof(fake.printed), "%s", line);
}

/* kernel/x86_64/cpu.c. */

bool guest_is_tdx(void)
{
	return fake.tdx;
}

uint64_t x86_cr4(void)
{
	return fake.cr4;
}

bool x86_no_execute(void)
{
	return true;
}

bool x86_is_bsp(void)
{
	return fake.bsp;
}

bool x86_needs_init_delay(void)
{
	return false;
}

void x86_send(struct baton_machine *machine, uint64_t apic_id, uint32_t command)
{
	(void)machine;
	assert_true(fake.nsent < sizeof(fake.sent) / sizeof(fake.sent[0]));
	fake.sent[fake.nsent].apic_id = apic_id;
	fake.sent[fake.nsent].when = fake.now;
	fake.sent[fake.nsent++].command = command;
}

int arch_find(struct baton_machine *machine)
{
	machine->apic = NULL;
	if (fake.xapic) {
		machine->apic = fake.apic_page;
		fake.maps++;
	}
	return fake.machine_error;
}

bool arch_has_nmi(void)
{
	return true;
}

void arch_send_nmi(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	fake.nmis++;
	if (fake.nmi)
		fake.nmi(cpu->id);
}

void arch_unblock_nmi(void)
{
	fake.unblocked++;
}

void arch_quiet(struct baton_machine *machine)
{
	(void)machine;
	fake.quiets++;
}

void arch_leave(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)cpu;
	fake.left_vector = machine->reset_vector;
	fake.left_root = machine->exit.root;
	longjmp(fake.left, 1);
}

void arch_halt(void)
{
	fake.left_vector = 1;
	longjmp(fake.left, 1);
}

void arch_read_registers(struct baton_registers *registers)
{
	registers->cr3 = 0xc3000 + fake.self;
}

uint64_t arch_interrupts_off(void)
{
	bool on = fake.interrupts;

	fake.interrupts = false;
	return on;
}

void arch_interrupts_restore(uint64_t flags)
{
	fake.interrupts = flags;
}
