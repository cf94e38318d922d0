/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A kernel that does with its CPUs what libbaton is for, and prints TAP: what unit
 * tests can't run, the privileged instructions and the assembly.  It starts as a
 * UEFI application; where the processor has 5-level paging it uses that, though
 * firmware and resident do not.
 */
#include <baton/cpus.h>
#include <baton/string.h>
#include <baton/x86_64/cpu.h>

#include "lib/identity_port.h"
#include "lib/x86_64/trampoline.h"
#include <efi.h> /* takes __attribute__ away */

#define CPUS 64
#define STACK 8192
#define MARK 0x1234567812345678

static struct baton_cpu cpus[CPUS];
static struct baton_registers registers[CPUS];
static _Alignas(16) char stacks[CPUS][STACK];
static _Alignas(4096) char pages[BATON_EXIT_PAGES][4096];
static _Alignas(4096) uint64_t pml5[512], own_pml5[512], own_pml4[512], pdpt[512], pd[4][512];
static struct baton_machine machine = {.cpu = cpus, .max_cpus = CPUS};
static struct baton_start start = {.page = 0xff000};
static uint64_t rsdp;
static unsigned pages_used, tests;
static uint32_t ups, wrong, told_to_leave;

/* lib/identity_port.h; the boot loader's map has all that libbaton asks for. */

bool identity_port_mapped(uint64_t address, size_t length, enum baton_memory memory)
{
	(void)address;
	(void)length;
	(void)memory;
	return true;
}

uint64_t identity_port_time_us(void)
{
	return rdtsc() / 1000;
}

static void print(const char *text)
{
	for (; *text; text++)
		__asm__ volatile("outb %b0, %w1" : : "a"(*text), "Nd"(0x3f8));
}

static void print_number(unsigned number)
{
	char digit[2] = {(char)('0' + number % 10), 0};

	if (number >= 10)
		print_number(number / 10);
	print(digit);
}

void identity_port_print(const char *line)
{
	print("# ");
	print(line);
	print("\n");
}

static void check(bool good, const char *what)
{
	print(good ? "ok " : "not ok ");
	print_number(++tests);
	print(" - ");
	print(what);
	print("\n");
}

static void check_error(int error, int expected, const char *what)
{
	if (error != expected)
		identity_port_print(error < 0 ? baton_error_text(error) : "some are left");
	check(error == expected, what);
}

static void stop(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* What each CPU does. */

struct pseudo_descriptor {
	uint16_t limit;
	uint16_t base[4];
};

void nmi_entry(void);
void test_take_nmi(const struct baton_registers *r);
void nmi_load_tables(const struct pseudo_descriptor *gdt, const struct pseudo_descriptor *idt);

static uint64_t gdt[] = {0, 0x00af9b000000ffff, 0x00cf93000000ffff};
static uint64_t idt[256][2];

static struct pseudo_descriptor descriptor(void *table, uint16_t size)
{
	uint64_t base = (uint64_t)table;
	struct pseudo_descriptor d = {.limit = (uint16_t)(size - 1)};

	memcpy(d.base, &base, sizeof(base));
	return d;
}

static void load_own_tables(void)
{
	const struct pseudo_descriptor g = descriptor(gdt, sizeof(gdt));
	const struct pseudo_descriptor i = descriptor(idt, sizeof(idt));
	uint64_t handler = (uint64_t)nmi_entry;

	idt[2][0] =
		(handler & 0xffff) | 0x08 << 16 | 0x8e00ull << 32 | (handler >> 16 & 0xffff) << 48;
	idt[2][1] = handler >> 32;
	nmi_load_tables(&g, &i);
}

void test_take_nmi(const struct baton_registers *r)
{
	if (!baton_nmi(&machine, r))
		identity_port_print("an NMI that is not libbaton's");
	stop();
}

static void run(struct baton_machine *m, struct baton_cpu *cpu)
{
	char *here = (char *)__builtin_frame_address(0);

	load_own_tables();
	if (cpu != baton_this_cpu(m) || here > (char *)cpu->stack ||
	    here < (char *)cpu->stack - STACK)
		__atomic_fetch_add(&wrong, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&ups, 1, __ATOMIC_SEQ_CST);
	baton_online(m, cpu);
	/* R15 tells later who saved it. */
	__asm__ volatile("mov %0, %%r15\n"
			 "1: pause\n"
			 "cmpl $0, (%1)\n"
			 "je 1b\n"
			 :
			 : "r"(MARK + cpu->id), "r"(&told_to_leave)
			 : "r15", "memory");
} /* and leaves */

/* What the boot CPU does with them. */

static void *new_page(void *context, uint64_t *physical)
{
	(void)context;
	return (void *)(*physical = (uint64_t)pages[pages_used++]);
}

static void free_page(void *context, void *page, uint64_t physical)
{
	(void)context;
	(void)page;
	(void)physical;
}

/*
 * The page tables of the other CPUs: the first 4 GiB, but not where the reset vector
 * is.  So a CPU that leaves can do so only by those of baton_exit_build().
 */
static uint64_t own_root(bool five_levels)
{
	for (unsigned i = 0; i < 4; i++) {
		for (unsigned j = 0; j < 512; j++)
			pd[i][j] = ((uint64_t)i << 30 | (uint64_t)j << 21) | 0x83;
		pdpt[i] = (uint64_t)pd[i] | 3;
	}
	if (machine.reset_vector)
		pd[machine.reset_vector >> 30][machine.reset_vector >> 21 & 511] = 0;
	own_pml4[0] = (uint64_t)pdpt | 3;
	own_pml5[0] = (uint64_t)own_pml4 | 3;
	return (uint64_t)(five_levels ? own_pml5 : own_pml4);
}

static bool all_are(uint32_t state)
{
	for (uint32_t i = 1; i < machine.ncpus; i++)
		if (baton_state(&cpus[i]) != state)
			return false;
	return true;
}

static bool all_alive(void)
{
	for (uint32_t i = 1; i < machine.ncpus; i++)
		if (baton_alive(&machine, &cpus[i], 0))
			return false;
	return !wrong && !machine.strays;
}

static bool boot_all(void)
{
	told_to_leave = 0;
	for (uint32_t i = 1; i < machine.ncpus; i++)
		if (baton_boot(&machine, &cpus[i]))
			return false;
	return all_alive();
}

/* Without BATN nobody says how many are held. */
static bool held_are(uint32_t number)
{
	int held = baton_held(&machine);

	return held == BATON_E_NOT_SUPPORTED || held == (int)number;
}

static void tell(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	(void)cpu;
	told_to_leave = 1;
}

static void check_boot_and_stop(void)
{
	check(boot_all(), "all CPUs come, one by one, each on its stack");
	check(ups == machine.ncpus - 1 && held_are(0), "each once");
	check_error(baton_boot(&machine, &cpus[1]), BATON_E_STATE, "one that is up is not woken");
	check_error(baton_stop_all(&machine, 0), 0, "all leave by NMI");
	check(all_are(BATON_OFFLINE) && held_are(machine.ncpus - 1), "and are proven to");

	check(boot_all(), "all come again");
	machine.stop = tell;
	check_error(baton_stop_all(&machine, 0), 0, "all leave when they are told to");
	check(all_are(BATON_OFFLINE), "and are proven to");
	machine.stop = NULL;
	told_to_leave = 0;
}

static void check_release_all(void)
{
	int error = baton_release_all(&machine);

	if (error == BATON_E_NOT_SUPPORTED) {
		check(machine.method != BATON_INIT_SIPI && baton_held(&machine) < 0,
		      "no broadcast: one by one");
		check(boot_all(), "all come");
		return;
	}
	check_error(error, 0, "all are released at once");
	check(all_alive(), "all come");
}

static bool registers_saved(void)
{
	for (uint32_t i = 1; i < machine.ncpus; i++)
		if (cpus[i].crash != BATON_CRASH_ANSWERED ||
		    registers[i].r15 != MARK + cpus[i].id || registers[i].cs != 0x08 ||
		    registers[i].cr3 != start.root || registers[i].rsp > (uint64_t)cpus[i].stack ||
		    registers[i].rsp < (uint64_t)cpus[i].stack - STACK)
			return false;
	return true;
}

static void check_crash(void)
{
	bool proven = true;

	check_error(baton_crash_stop(&machine, 0), 0, "all answer a crash");
	check(registers_saved(), "and have saved their registers");
	check_error(baton_crash_stop(&machine, 0), BATON_E_CRASHING, "there is one crash only");
	for (uint32_t i = 1; i < machine.ncpus; i++)
		proven &= !baton_kill(&machine, &cpus[i], 0);
	check(proven && held_are(machine.ncpus - 1), "all are back");
	check(boot_all(), "and come again");
}

static void test(uint64_t argument)
{
	const struct baton_pages source = {new_page, free_page, NULL};
	uint64_t cr4;

	(void)argument;
	load_own_tables();
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	identity_port_print(cr4 & CR4_LA57 ? "5-level paging" : "4-level paging");
	check_error(baton_find_acpi(&machine, rsdp), 0, "the CPUs and the method are found");
	identity_port_print(baton_method_name(machine.method));
	for (uint32_t i = 0; i < machine.ncpus; i++) {
		cpus[i].stack = stacks[i] + STACK;
		cpus[i].registers = &registers[i];
	}
	start.run = run;
	start.root = own_root(cr4 & CR4_LA57);
	check_error(baton_prepare(&machine, &start), 0, "a place to start");
	check_error(baton_exit_build(&machine, &source), 0, "page tables to leave by");
	check_boot_and_stop();
	check_release_all();
	check_crash();
	print("1..");
	print_number(tests);
	print("\n");
	stop();
}

/*
 * To 5-level paging by the way that libbaton's CPUs come in: the trampoline, with
 * this CPU in it.
 */
static void go_on_with_five_levels(uint64_t pml4, uint64_t cr4)
{
	pml5[0] = pml4 | 3;
	trampoline_write((void *)start.page, (uint32_t)start.page, (uint32_t)(uintptr_t)pml5,
			 (uint32_t)cr4 | CR4_LA57, EFER_LME, (uintptr_t)test, 0);
	__asm__ volatile("mov %0, %%rsp; jmp *%1"
			 :
			 : "r"(stacks[0] + STACK - 40), "r"(start.page + TRAMPOLINE_64));
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	static const EFI_GUID acpi = ACPI_20_TABLE_GUID;
	static char map[64 << 10];
	uint64_t map_size = sizeof(map), key, size, cr3, cr4;
	uint32_t version;

	for (uint64_t i = 0; i < system->NumberOfTableEntries; i++)
		if (!memcmp(&system->ConfigurationTable[i].VendorGuid, &acpi, sizeof(acpi)))
			rsdp = (uint64_t)system->ConfigurationTable[i].VendorTable;
	if (system->BootServices->AllocatePages(AllocateMaxAddress, EfiLoaderCode, 1,
						&start.page) ||
	    system->BootServices->GetMemoryMap(&map_size, (void *)map, &key, &size, &version) ||
	    system->BootServices->ExitBootServices(image, key))
		return EFI_LOAD_ERROR;
	__asm__ volatile("cli; mov %%cr3, %0; mov %%cr4, %1" : "=r"(cr3), "=r"(cr4));
	if (cpuid(7, 0).ecx >> 16 & 1)
		go_on_with_five_levels(cr3, cr4);
	test(0);
	return EFI_SUCCESS;
}
