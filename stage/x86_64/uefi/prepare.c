/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "prepare.h"
#include <baton/x86_64/cpu.h>
#include "lib/x86_64/clock.h"
#include "lib/x86_64/guest.h"
#include "stage/say.h"
#include "stage/x86_64/account.h"
#include "stage/x86_64/handover.h"
#include "stage/x86_64/ve.h"
#include "configuration.h"
#include "console.h"
#include "memory.h"

#define CALIBRATION_US 1000
#define BELOW_1M 0x100000ull
#define BELOW_4G (1ull << 32) /* some fields of the ACPI tables are 32 bits wide */

static EFI_SYSTEM_TABLE *system;
static EFI_BOOT_SERVICES *boot;
static EFI_EXIT_BOOT_SERVICES exit_boot_services; /* the firmware's own, NULL: not hooked */
static struct acpi_rsdp *old_rsdp, *rsdp;	  /* the firmware's; NULL: not published */
static struct handover work;
static void *area; /* NULL: none was made */
static size_t area_size;

static void *allocate_table(size_t size)
{
	return memory_allocate(EfiACPIReclaimMemory, BELOW_4G, size);
}

static uint64_t find_rsdp(void)
{
	if (!memory_read(boot))
		return 0;
	old_rsdp = configuration_rsdp(system);
	if (!old_rsdp)
		say("the firmware publishes no ACPI 2.0 tables");
	return (uint64_t)old_rsdp;
}

static bool find_trampoline(void)
{
	if (work.collection.tdx)
		return true;
	/* Address 0 would do for a SIPI, but not for a pointer. */
	work.collection.trampoline = memory_allocate(EfiBootServicesData, BELOW_1M, EFI_PAGE_SIZE);
	if (!work.collection.trampoline)
		say("no memory below 1 MiB to start the secondary CPUs from");
	return work.collection.trampoline;
}

static bool may_make_area(void)
{
	return true;
}

static void *allocate_area(size_t size)
{
	area_size = size;
	area = memory_allocate(work.collection.tdx ? EfiACPIMemoryNVS : EfiReservedMemoryType,
			       RESIDENT_AREA_LIMIT, size);
	if (!area)
		say("no memory below 4 GiB for the area of %llu KiB",
		    (unsigned long long)size >> 10);
	return area;
}

static bool publish(struct acpi_rsdp *new_rsdp)
{
	if (!configuration_install(system, new_rsdp))
		return false;
	rsdp = new_rsdp;
	return true;
}

static void collect_now(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	if (work.collection.tdx)
		ve_begin();
	console_without_firmware();
	/* A copy of them has the wakeup structure too: a kernel may use it. */
	if (!tables_follow(configuration_rsdp(system)))
		say("somebody has replaced the ACPI tables: "
		    "a kernel that does not find the wakeup structure in them uses INIT and SIPI");
	handover_collect(&work);
	if (work.collection.tdx)
		ve_end();
	__asm__ volatile("pushq %0; popfq" : : "r"(flags) : "memory", "cc");
}

static EFI_STATUS EFIAPI hooked_exit_boot_services(EFI_HANDLE image, UINTN map_key)
{
	EFI_STATUS status = exit_boot_services(image, map_key);

	/* Once: the memory below 1 MiB is the kernel's when this has returned. */
	if (!EFI_ERROR(status) && work.collection.area) {
		collect_now();
		work.collection.trampoline = NULL;
		work.collection.area = NULL;
	}
	return status;
}

static void set_exit_boot_services(EFI_EXIT_BOOT_SERVICES function)
{
	boot->ExitBootServices = function;
	boot->Hdr.CRC32 = 0;
	boot->CalculateCrc32(&boot->Hdr, boot->Hdr.HeaderSize, &boot->Hdr.CRC32);
}

static void report(const struct baton_table *table)
{
	say("%u CPUs, %u to be collected; area 0x%llx, %u KiB; prepared in %u us", table->ncpus,
	    table->ncpus - 1, (unsigned long long)table->area, table->area_size >> 10,
	    table->prepare_us);
	say_detail("resident 0x%llx, mailbox 0x%llx, BATN 0x%llx, memory mapped up to 0x%llx by %s "
		   "pages",
		   (unsigned long long)table->reset_vector, (unsigned long long)table->mailbox,
		   (unsigned long long)(uintptr_t)table, (unsigned long long)table->map_end,
		   work.plan.gigabyte_pages ? "1 GiB" : "2 MiB");
	say_detail("%s", tables_hide_s3()
				 ? "suspend to RAM (S3) is hidden: it would take the CPUs away"
				 : "the firmware offers no suspend to RAM (S3)");
}

/*
 * A TDX module tells the rate by CPUID.  There a short Stall() would not do: each look at the
 * firmware's clock is an exit, for which the host may take any time.
 */
static uint64_t measure_tsc(void)
{
	uint64_t ticks = guest_is_tdx() ? clock_tsc_per_us(0) : 0, start;

	if (ticks)
		return ticks;
	start = rdtsc();
	boot->Stall(CALIBRATION_US);
	ticks = (rdtsc() - start) / CALIBRATION_US;
	return ticks ? ticks : 1;
}

bool prepare_handover(EFI_SYSTEM_TABLE *system_table, uint32_t wait)
{
	uint64_t started = rdtsc();

	system = system_table;
	boot = system->BootServices;
	/* Not a constant, whose addresses would have to be relocated in a kernel image. */
	work = (struct handover){
		.operations =
			{
				.memory = {.holds = memory_holds, .allocate = allocate_table},
				.reserved = memory_reserved,
				.find_rsdp = find_rsdp,
				.memory_end = memory_usable_end,
				.find_trampoline = find_trampoline,
				.may_make_area = may_make_area,
				.allocate_area = allocate_area,
				.publish = publish,
			},
		.collection = {.spare = NO_CPU, .tdx = guest_is_tdx()},
	};
	work.plan.tsc_per_us = work.collection.tsc_per_us = measure_tsc();
	if (!handover_prepare(&work, wait, started)) {
		prepare_undo();
		return false;
	}
	exit_boot_services = boot->ExitBootServices;
	set_exit_boot_services(hooked_exit_boot_services);
	account_checksum(collect_table(work.collection.area));
	report(collect_table(work.collection.area));
	return true;
}

void prepare_undo(void)
{
	if (exit_boot_services && boot->ExitBootServices == hooked_exit_boot_services)
		set_exit_boot_services(exit_boot_services);
	exit_boot_services = NULL;
	if (rsdp && tables_follow(configuration_rsdp(system)))
		configuration_install(system, old_rsdp);
	rsdp = NULL;
	tables_free(memory_free);
	memory_free(work.collection.trampoline, EFI_PAGE_SIZE);
	if (area)
		memory_free(area, area_size);
	area = NULL;
	memory_forget();
	work.collection.trampoline = NULL;
	work.collection.area = NULL;
}
