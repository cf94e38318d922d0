/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "handover.h"
#include "../../resident/x86_64/cpu.h"
#include "../../resident/x86_64/install.h"
#include "../collect.h"
#include "../conf.h"
#include "memory.h"
#include "say.h"
#include "tables.h"

#define BELOW_1M 0x100000ull

extern const uint8_t resident_image[]; /* BATON_RESIDENT_MAX bytes: stage/image.S */

static EFI_BOOT_SERVICES *boot;
static EFI_EXIT_BOOT_SERVICES exit_boot_services; /* the firmware's own, NULL: not hooked */
static struct acpi_cpu cpus[BATON_CPUS_MAX];
static struct resident_plan plan;
static struct baton_area *area;
static size_t area_size;
static void *trampoline;
static uint64_t tsc_per_us;

static struct baton_table *table_of_area(void)
{
	return (struct baton_table *)((uint8_t *)area + area->table);
}

/*
 * The first level of the processor's topology, the threads of a core: CPUID leaf
 * 0x1f or 0xb (Intel SDM volume 2); all 0 without them.  EDX is the APIC ID, EAX
 * how many of its low bits tell the threads apart.
 */
static struct cpuid topology(void)
{
	uint32_t max_leaf = cpuid(0, 0).eax;

	if (max_leaf >= 0x1f && cpuid(0x1f, 0).ebx)
		return cpuid(0x1f, 0);
	if (max_leaf >= 0xb && cpuid(0xb, 0).ebx)
		return cpuid(0xb, 0);
	return (struct cpuid){0};
}

/*
 * Whether there is an MWAIT that a store wakes: on Intel family 6 models 0x5c and
 * 0xbd a store may fail to (Linux keeps the same list, as X86_BUG_MONITOR).
 */
static bool has_mwait(void)
{
	struct cpuid features = cpuid(1, 0);
	uint32_t model = (features.eax >> 4 & 0xf) | (features.eax >> 12 & 0xf0);
	bool intel_6 = cpuid(0, 0).ebx == 0x756e6547 && (features.eax >> 8 & 0xf) == 6;

	return (features.ecx >> 3 & 1) && !(intel_6 && (model == 0x5c || model == 0xbd));
}

/*
 * The resident's page tables know nothing of memory encryption: in an SEV guest
 * a CPU would read its code as noise.  AMD APM volume 2, "Secure Encrypted
 * Virtualization", CPUID 0x8000001f and the SEV_STATUS MSR.
 */
static bool memory_is_plain(void)
{
	if (cpuid(0x80000000, 0).eax < 0x8000001f || !(cpuid(0x8000001f, 0).eax & 2) ||
	    !(rdmsr(MSR_SEV_STATUS) & 1))
		return true;
	say("this is an SEV guest: its encrypted memory is not supported");
	return false;
}

/* What the area has to be for the CPUs and the memory of this machine. */
static bool make_plan(void)
{
	struct cpuid threads = topology();
	bool boot_cpu_listed = false;

	plan.ncpus = acpi_madt_cpus(tables_madt(), cpus, BATON_CPUS_MAX);
	if (plan.ncpus > BATON_CPUS_MAX) {
		say("the MADT lists %llu CPUs: at most %u are supported",
		    (unsigned long long)plan.ncpus, BATON_CPUS_MAX);
		return false;
	}
	plan.cpus = cpus;
	/* The same way as reset.S finds it, so that both speak of the same ID. */
	plan.boot_apic_id = threads.ebx ? threads.edx : cpuid(1, 0).ebx >> 24;
	plan.map_end = memory_end();
	plan.gigabyte_pages = cpuid(0x80000001, 0).edx >> 26 & 1;
	plan.smt_bits = threads.eax & 0x1f;
	plan.tsc_per_us = tsc_per_us;
	for (size_t i = 0; i < plan.ncpus; i++) {
		say_detail("CPU with APIC ID %u, ACPI UID %u%s", cpus[i].apic_id, cpus[i].uid,
			   cpus[i].apic_id == plan.boot_apic_id ? ": the boot CPU" : "");
		boot_cpu_listed |= cpus[i].apic_id == plan.boot_apic_id;
	}
	if (!boot_cpu_listed)
		say("the MADT does not list the boot CPU (APIC ID %u) as enabled",
		    plan.boot_apic_id);
	return boot_cpu_listed;
}

static bool make_area(void)
{
	area_size = resident_area_size(&plan);
	if (!area_size) {
		say("no area can be laid out for %llu CPUs and memory up to 0x%llx",
		    (unsigned long long)plan.ncpus, (unsigned long long)plan.map_end);
		return false;
	}
	area = memory_allocate(EfiReservedMemoryType, RESIDENT_AREA_LIMIT, area_size);
	if (!area) {
		say("no memory below 4 GiB for the area of %llu KiB",
		    (unsigned long long)area_size >> 10);
		return false;
	}
	/* Address 0 would do for a SIPI, but not for a pointer. */
	trampoline = memory_allocate(EfiBootServicesData, BELOW_1M, EFI_PAGE_SIZE);
	if (!trampoline) {
		say("no memory below 1 MiB to start the secondary CPUs from");
		return false;
	}
	resident_install(area, (uint64_t)area, &plan, resident_image);
	return true;
}

/* Mark what did not arrive, and write down how it went, for the kernel to read. */
static void account(struct baton_table *table, uint32_t held, uint64_t started)
{
	for (uint32_t i = 0; i < table->ncpus; i++) {
		if (baton_count_value(table->cpu[i].state) != BATON_CPU_MISSING)
			continue;
		say("the CPU with APIC ID %u did not arrive: it is left out",
		    table->cpu[i].apic_id);
		tables_disable_cpu(table->cpu[i].apic_id);
		table->missing++;
	}
	table->collected = held;
	table->collect_us = (rdtsc() - started) / tsc_per_us;
	table->flags |= BATON_TABLE_COMPLETE;
	if (!held && table->missing) {
		say("no secondary CPU arrived: the kernel gets the firmware's own tables");
		tables_fall_back();
	}
	acpi_set_checksum((struct acpi_header *)table->acpi_header);
}

/* How the held CPUs sleep: they may have changed their minds about MWAIT. */
static const char *wait_name(const struct baton_table *table)
{
	static const char *const names[] = {[BATON_WAIT_PAUSE] = "PAUSE",
					    [BATON_WAIT_HLT] = "HLT",
					    [BATON_WAIT_MWAIT] = "MWAIT"};
	uint32_t wait = baton_count_value(table->wait);

	return wait <= BATON_WAIT_MWAIT && names[wait] ? names[wait] : "?";
}

static void collect_now(void)
{
	struct baton_table *table = table_of_area();
	uint64_t started = rdtsc();
	uint64_t flags;

	say_without_firmware();
	/* Whoever copied them has copied the wakeup structure too: a kernel may use it. */
	if (!tables_published())
		say("somebody has replaced the ACPI tables: "
		    "a kernel that does not find the wakeup structure in them uses INIT and SIPI");
	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	account(table, collect(area, trampoline, tsc_per_us), started);
	__asm__ volatile("pushq %0; popfq" : : "r"(flags) : "memory", "cc");

	say("%u CPUs: %u held by %s, %u missing, boot CPU has APIC ID %u; area 0x%llx, %u KiB; "
	    "prepared in %u us, collected in %u us",
	    table->ncpus, table->collected, wait_name(table), table->missing, table->boot_apic_id,
	    (unsigned long long)table->area, table->area_size >> 10, table->prepare_us,
	    table->collect_us);
}

static EFI_STATUS EFIAPI hooked_exit_boot_services(EFI_HANDLE image, UINTN map_key)
{
	EFI_STATUS status = exit_boot_services(image, map_key);

	/* Once: the memory below 1 MiB is the kernel's when this has returned. */
	if (!EFI_ERROR(status) && trampoline) {
		collect_now();
		trampoline = NULL;
	}
	return status;
}

static void set_exit_boot_services(EFI_EXIT_BOOT_SERVICES function)
{
	boot->ExitBootServices = function;
	boot->Hdr.CRC32 = 0;
	boot->CalculateCrc32(&boot->Hdr, boot->Hdr.HeaderSize, &boot->Hdr.CRC32);
}

bool handover_prepare(EFI_SYSTEM_TABLE *system, uint64_t started, uint64_t ticks, uint32_t wait)
{
	struct baton_table *table;

	boot = system->BootServices;
	tsc_per_us = ticks;
	/* Whether MWAIT is worth its name, the CPUs find out by using it. */
	if (wait == CONF_WAIT_AUTO || wait == BATON_WAIT_MWAIT)
		wait = has_mwait() ? BATON_WAIT_MWAIT : BATON_WAIT_HLT;
	plan.wait = wait;
	if (!memory_is_plain() || !memory_read(boot) || !tables_find(system) || !make_plan() ||
	    !make_area() ||
	    !tables_build((uint64_t)area + BATON_AREA_MAILBOX, (uint64_t)area + BATON_AREA_RESIDENT,
			  (uint64_t)area + area->table) ||
	    !tables_install()) {
		handover_undo();
		return false;
	}
	exit_boot_services = boot->ExitBootServices;
	set_exit_boot_services(hooked_exit_boot_services);

	table = table_of_area();
	table->flags |= tables_hide_s3() ? BATON_TABLE_S3_HIDDEN : 0;
	table->prepare_us = (rdtsc() - started) / tsc_per_us;
	acpi_set_checksum((struct acpi_header *)table->acpi_header);
	say("%u CPUs, %u to be collected; area 0x%llx, %u KiB; prepared in %u us", table->ncpus,
	    table->ncpus - 1, (unsigned long long)table->area, table->area_size >> 10,
	    table->prepare_us);
	say_detail("resident 0x%llx, mailbox 0x%llx, BATN 0x%llx, memory mapped up to 0x%llx by %s "
		   "pages",
		   (unsigned long long)table->reset_vector, (unsigned long long)table->mailbox,
		   (unsigned long long)(uintptr_t)table, (unsigned long long)table->map_end,
		   plan.gigabyte_pages ? "1 GiB" : "2 MiB");
	say_detail("%s", tables_hide_s3()
				 ? "suspend to RAM (S3) is hidden: it would take the CPUs away"
				 : "the firmware offers no suspend to RAM (S3)");
	return true;
}

void handover_undo(void)
{
	if (exit_boot_services && boot->ExitBootServices == hooked_exit_boot_services)
		set_exit_boot_services(exit_boot_services);
	exit_boot_services = NULL;
	tables_withdraw();
	memory_free(trampoline, EFI_PAGE_SIZE);
	memory_free(area, area_size);
	memory_forget();
	trampoline = NULL;
	area = NULL;
}
