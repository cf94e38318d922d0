/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The smallest kernel that boots its CPUs and gives them back: docs/porting.md. */
#include <baton/cpus.h>
#include <baton/port.h>
#include <baton/string.h>
#include <efi.h>

#define CPUS 64

static struct baton_cpu cpus[CPUS];
static struct baton_machine machine = {.cpu = cpus, .max_cpus = CPUS};
static _Alignas(16) char stacks[CPUS][4096];
static _Alignas(4096) char tables[BATON_EXIT_PAGES][4096];
static int tables_used;
static volatile int stay;

/* The seam: all memory is at its physical address, and there is one serial port. */
void *baton_port_map(uint64_t address, size_t length, enum baton_memory memory)
{
	return (void *)address;
}

void baton_port_unmap(void *pointer, size_t length)
{
}

uint64_t baton_port_physical(const void *pointer)
{
	return (uint64_t)pointer;
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
}

void baton_port_relax(void)
{
	__asm__ volatile("pause");
}

uint64_t baton_port_time_us(void)
{
	return __builtin_ia32_rdtsc() / 2000; /* at 2 GHz: time only bounds waits */
}

uint64_t baton_port_cpu_id(void)
{
	return baton_apic_id(&machine);
}

void baton_port_print(const char *line)
{
	do
		__asm__ volatile("outb %b0, %w1" : : "a"(*line ? *line : '\n'), "Nd"(0x3f8));
	while (*line++);
}

/* Where a CPU comes to life, on its stack.  Without interrupts it needs no IDT. */
static void run(struct baton_machine *m, struct baton_cpu *cpu)
{
	baton_online(m, cpu);
	while (stay)
		baton_port_relax();
} /* and leaves again */

static void *new_table(void *context, uint64_t *physical)
{
	return (void *)(*physical = (uint64_t)tables[tables_used++]);
}

static void free_table(void *context, void *page, uint64_t physical)
{
}

static void stop(const char *why)
{
	baton_port_print(why);
	for (;;)
		__asm__ volatile("cli; hlt");
}

static void must(int error)
{
	if (error)
		stop(baton_error_text(error));
}

static void boot_and_return(void)
{
	stay = 1;
	for (struct baton_cpu *cpu = cpus + 1; cpu < cpus + machine.ncpus; cpu++) {
		cpu->stack = stacks[cpu - cpus + 1];
		must(baton_boot(&machine, cpu));
		must(baton_alive(&machine, cpu, 0));
		baton_port_print("example: a CPU is up");
	}
	for (struct baton_cpu *cpu = cpus + 1; cpu < cpus + machine.ncpus; cpu++)
		must(baton_can_disable(&machine, cpu));
	stay = 0;
	for (struct baton_cpu *cpu = cpus + 1; cpu < cpus + machine.ncpus; cpu++) {
		while (baton_state(cpu) != BATON_LEAVING)
			baton_port_relax();
		must(baton_kill(&machine, cpu, 0));
		baton_port_print("example: a CPU is back");
	}
}

/* A kernel that starts as a UEFI application, and stays on the firmware's page tables. */
EFI_STATUS EFIAPI efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	static const EFI_GUID acpi = ACPI_20_TABLE_GUID;
	static char map[64 << 10];
	struct baton_start start = {.page = 0xff000, .run = run};
	struct baton_pages pages = {.alloc = new_table, .free = free_table};
	uint64_t map_size = sizeof(map), key, size, rsdp = 0;
	uint32_t version;

	for (uint64_t i = 0; i < system->NumberOfTableEntries; i++)
		if (!memcmp(&system->ConfigurationTable[i].VendorGuid, &acpi, sizeof(acpi)))
			rsdp = (uint64_t)system->ConfigurationTable[i].VendorTable;
	/* A page below 1 MiB, in case that CPUs come by INIT and SIPI. */
	if (system->BootServices->AllocatePages(AllocateMaxAddress, EfiLoaderCode, 1,
						&start.page) ||
	    system->BootServices->GetMemoryMap(&map_size, (void *)map, &key, &size, &version) ||
	    system->BootServices->ExitBootServices(image, key))
		return EFI_LOAD_ERROR;
	__asm__ volatile("cli; mov %%cr3, %0" : "=r"(start.root));

	must(baton_find_acpi(&machine, rsdp));
	baton_port_print(baton_method_name(machine.method));
	must(baton_prepare(&machine, &start));
	must(baton_exit_build(&machine, &pages));
	boot_and_return();
	boot_and_return();
	stop("example: done");
	return EFI_SUCCESS;
}
