/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * testfw.efi plays a firmware that has a Multiprocessor Wakeup mailbox, good or
 * bad, on a machine that has none: it publishes the structure, starts an image,
 * and when that calls ExitBootServices it takes all secondary CPUs into a loop
 * of its own (loop.c) in reserved memory, by INIT and SIPI.
 *
 * \EFI\BOOT\testfw.conf tells it how.  First line: words of words[], any of which
 * may go together.  Second line: the image to start, and its load options.
 */
#include "uefi.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "stage/x86_64/publish.h"
#include "lib/x86_64/serial.h"
#include "lib/x86_64/trampoline.h"
#include "loop.h"

#define SERIAL_PORT 0x3f8
#define PAGE_PRESENT_WRITABLE 0x3
#define PAGE_LARGE 0x80
#define GIGABYTE 0x40000000ull
#define TEXT_MAX 1024

#define CALIBRATION_US 10000
#define CALIBRATIONS 5
#define INIT_DELAY_US 10000
#define ARRIVAL_US 100000
#define ARRIVAL_TRIES 20
#define WATCH_SECONDS 10
#define EARLY_US 100000
#define MISALIGNMENT 64

/* Faults beyond those of loop.h: what is published. */
#define FAULT_VERSION_0 0x01000000   /* that is no fault */
#define FAULT_SHORT 0x02000000	     /* the structure has the length of version 0 */
#define FAULT_LONG 0x04000000	     /* of version 1 */
#define FAULT_RESET_ZERO 0x08000000  /* no reset vector */
#define FAULT_MISALIGNED 0x10000000  /* the mailbox is not page-aligned */
#define FAULT_MAILBOX_RAM 0x20000000 /* it is in memory that the kernel takes for its own */
#define FAULT_STACK_RAM 0x40000000   /* a CPU's first stack on return is, and all share it */

extern const uint8_t image_loop[]; /* LOOP_IMAGE_MAX bytes: image.S */

static EFI_EXIT_BOOT_SERVICES exit_boot_services; /* the firmware's own */
static uint8_t *area, *trampoline, *mailbox;
static struct loop *loop;
static uint64_t tsc_per_us;

static uint32_t faults;
static uint64_t late, late_jump, slow_return, watch = WATCH_SECONDS, deaf = LOOP_NOBODY, ghost;

static const struct word {
	const char *name;
	uint32_t fault;
	uint64_t *number; /* the word goes on with "=" and a number */
} words[] = {
	{"v0", FAULT_VERSION_0, NULL},
	{"v1", 0, NULL},
	/* What is published.  See above. */
	{"short", FAULT_SHORT, NULL},
	{"long", FAULT_LONG, NULL},
	{"reset-zero", FAULT_RESET_ZERO, NULL},
	{"misaligned", FAULT_MISALIGNED, NULL},
	{"ghost", 0, &ghost}, /* =APIC-ID of an enabled CPU that is not there */
	{"mailbox-ram", FAULT_MAILBOX_RAM, NULL},
	{"stack-ram", FAULT_STACK_RAM, NULL},
	/* WAKEUP.  See loop.h for these and those below. */
	{"late", 0, &late}, /* =SECONDS for the first CPU, twice that for the second ... */
	{"late-jump", 0, &late_jump}, /* =SECONDS */
	{"deaf", 0, &deaf},	      /* =APIC-ID */
	{"unacknowledged", FAULT_UNACKNOWLEDGED, NULL},
	{"clears-vector", FAULT_CLEARS_VECTOR, NULL},
	{"early", FAULT_EARLY, NULL},
	{"vector32", FAULT_VECTOR32, NULL},
	{"wrong-cpu", FAULT_WRONG_CPU, NULL},
	{"index", FAULT_INDEX, NULL},
	{"apic-ids", FAULT_APIC_IDS, NULL},
	/* TEST and the return. */
	{"test-never", FAULT_TEST_NEVER, NULL},
	{"test-lies", FAULT_TEST_LIES, NULL},
	{"no-return", FAULT_NO_RETURN, NULL},
	{"slow-return", 0, &slow_return}, /* =SECONDS, on the kernel's page tables */
	/* When it says that a command has not been taken. */
	{"watch", 0, &watch}, /* =SECONDS */
};

/* The number after the "=" at @text; behind it. */
static const char *parse_number(const char *text, uint64_t *number)
{
	*number = 0;
	while (*++text >= '0' && *text <= '9')
		*number = *number * 10 + *text - '0';
	return text;
}

/* Take the word at @text; behind it, or NULL if there is no such word. */
static const char *take_word(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *name = words[i].name, *end = text;

		while (*name && *end == *name) {
			end++;
			name++;
		}
		if (!*name && words[i].number && *end == '=')
			end = parse_number(end, words[i].number);
		else if (words[i].number)
			continue;
		if (!*name && (unsigned char)*end <= ' ') {
			faults |= words[i].fault;
			return end;
		}
	}
	return NULL;
}

/* Take the first line of @text, and end it there; the second, or NULL, and said why. */
static char *take_words(char *text)
{
	while (*text != '\n') {
		if (*text == ' ') {
			text++;
			continue;
		}
		text = *text ? (char *)take_word(text) : NULL;
		if (!text) {
			uefi_say("testfw.conf: no such word, or no second line");
			return NULL;
		}
	}
	*text = 0;
	return text + 1;
}

static bool list_cpus(void)
{
	static struct acpi_cpu cpus[LOOP_CPUS_MAX];
	uint32_t own = cpuid(1, 0).ebx >> 24;

	loop->ncpus = acpi_madt_cpus(uefi_madt, cpus, LOOP_CPUS_MAX);
	loop->boot_cpu = LOOP_NOBODY;
	for (uint32_t i = 0; i < loop->ncpus && i < LOOP_CPUS_MAX; i++) {
		loop->apic_id[i] = cpus[i].apic_id;
		if (cpus[i].apic_id == own)
			loop->boot_cpu = i;
	}
	return loop->ncpus <= LOOP_CPUS_MAX && loop->boot_cpu != LOOP_NOBODY;
}

/* An identity map of 512 GiB, for 4-level and for 5-level paging. */
static void make_page_tables(void)
{
	uint64_t *pdpt = (uint64_t *)(area + LOOP_PDPT);

	for (uint64_t i = 0; i < 512; i++)
		pdpt[i] = i * GIGABYTE | PAGE_PRESENT_WRITABLE | PAGE_LARGE;
	*(uint64_t *)(area + LOOP_PML4) = (uint64_t)pdpt | PAGE_PRESENT_WRITABLE;
	*(uint64_t *)(area + LOOP_PML5) = (uint64_t)(area + LOOP_PML4) | PAGE_PRESENT_WRITABLE;
}

static void write_trampoline(void)
{
	trampoline_write(trampoline, (uint32_t)(uintptr_t)trampoline,
			 (uint32_t)(uintptr_t)area + LOOP_PML4, CR4_PAE | CR4_MCE, EFER_LME,
			 (uintptr_t)area + LOOP_FROM_SIPI, 0);
}

/* Memory that the kernel has for its own use once the firmware is gone, @size bytes. */
static uint8_t *ordinary_memory(size_t size)
{
	return uefi_allocate(EfiBootServicesData, BELOW_4G, size);
}

static bool make_area(void)
{
	static const uint64_t gdt[] = {0, 0x00af9b000000ffff, 0x00cf93000000ffff};
	uint8_t *stack = NULL;

	area = uefi_allocate(EfiReservedMemoryType, BELOW_4G,
			     LOOP_STACKS + LOOP_CPUS_MAX * LOOP_STACK_SIZE);
	trampoline = uefi_allocate(EfiBootServicesData, BELOW_1M, EFI_PAGE_SIZE);
	if (!area || !trampoline)
		return false;
	mailbox = area + LOOP_MAILBOX;
	if (faults & FAULT_MAILBOX_RAM)
		mailbox = ordinary_memory(2 * EFI_PAGE_SIZE);
	if (faults & FAULT_STACK_RAM)
		stack = ordinary_memory(EFI_PAGE_SIZE);
	if (!mailbox || (faults & FAULT_STACK_RAM && !stack))
		return false;
	if (faults & FAULT_MISALIGNED)
		mailbox += MISALIGNMENT;

	memcpy(area, image_loop, LOOP_IMAGE_MAX);
	*(uint64_t *)(area + LOOP_SLOW_RETURN) = slow_return * 1000000 * tsc_per_us;
	make_page_tables();
	write_trampoline();

	loop = (struct loop *)(area + LOOP_STATE);
	loop->faults = faults;
	loop->return_stack = stack ? (uint64_t)stack + EFI_PAGE_SIZE : 0;
	memcpy(loop->gdt, gdt, sizeof(gdt));
	loop->gdtr.limit = sizeof(gdt) - 1;
	loop->gdtr.base = (uint64_t)loop->gdt;
	loop->mailbox = (volatile struct baton_mailbox *)mailbox;
	/* For tests in the guest: nothing else tells it. */
	*(volatile uint64_t *)loop->mailbox->for_firmware = loop->return_stack;
	loop->deaf = (uint32_t)deaf;
	loop->second = 1000000 * tsc_per_us;
	loop->late = late * loop->second;
	loop->late_jump = late_jump * loop->second;
	loop->early = EARLY_US * tsc_per_us;
	loop->watch = watch * loop->second;
	loop->serial_port = SERIAL_PORT;
	return list_cpus();
}

/* Insert an entry for a CPU that is not there, behind that of the boot CPU, the first. */
static void insert_ghost(struct acpi_madt *copy)
{
	const struct acpi_madt_local_apic entry = {
		.entry = {ACPI_MADT_LOCAL_APIC, sizeof(entry)},
		.uid = (uint8_t)ghost,
		.apic_id = (uint8_t)ghost,
		.flags = ACPI_MADT_ENABLED,
	};
	const struct acpi_madt_entry *first = acpi_madt_next(copy, NULL);
	uint8_t *at = (uint8_t *)first + first->length;

	memmove(at + sizeof(entry), at, (uint8_t *)copy + copy->header.length - at);
	memcpy(at, &entry, sizeof(entry));
	copy->header.length += sizeof(entry);
}

/* As change_apic_id() of loop.c will have it. */
static void change_apic_ids(struct acpi_madt *copy)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	while ((entry = acpi_madt_next(copy, entry)))
		if (entry->type == ACPI_MADT_LOCAL_APIC && acpi_madt_cpu(entry, &cpu) &&
		    cpu.flags & ACPI_MADT_ENABLED && cpu.apic_id != loop->apic_id[loop->boot_cpu])
			((struct acpi_madt_local_apic *)(uintptr_t)entry)->apic_id +=
				LOOP_APIC_IDS_SHIFT;
}

/* Put a MADT with the wakeup structure in the place of the firmware's. */
static bool publish(void)
{
	struct acpi_madt *copy =
		uefi_allocate(EfiACPIReclaimMemory, BELOW_4G,
			      publish_madt_size(uefi_madt) + sizeof(struct acpi_madt_local_apic));
	struct acpi_madt_wakeup *wakeup;

	if (!copy)
		return false;
	publish_madt(copy, uefi_madt, (uint64_t)mailbox,
		     faults & FAULT_RESET_ZERO ? 0 : (uint64_t)area + LOOP_RESET_VECTOR);
	wakeup = (struct acpi_madt_wakeup *)acpi_madt_wakeup(copy);
	if (faults & FAULT_VERSION_0) {
		copy->header.revision = 6;
		wakeup->version = 0;
		wakeup->entry.length = ACPI_MADT_WAKEUP_LENGTH_V0;
	}
	if (faults & FAULT_SHORT)
		wakeup->entry.length = ACPI_MADT_WAKEUP_LENGTH_V0;
	if (faults & FAULT_LONG)
		wakeup->entry.length = ACPI_MADT_WAKEUP_LENGTH_V1;
	copy->header.length -= ACPI_MADT_WAKEUP_LENGTH_V1 - wakeup->entry.length;
	if (ghost)
		insert_ghost(copy);
	if (faults & FAULT_APIC_IDS)
		change_apic_ids(copy);
	acpi_set_checksum(&copy->header);
	publish_xsdt_replace(uefi_xsdt, (uint64_t)uefi_madt, (uint64_t)copy);
	return true;
}

static uint32_t missing(void)
{
	uint32_t n = loop->ncpus - 1;

	for (uint32_t i = 0; i < loop->ncpus; i++)
		n -= loop->inside[i];
	return n;
}

static void delay(uint64_t us)
{
	for (uint64_t start = rdtsc(); rdtsc() - start < us * tsc_per_us;)
		cpu_relax();
}

static void send_to_all(const struct apic *apic, uint32_t command)
{
	for (uint32_t i = 0; i < loop->ncpus; i++)
		if (i != loop->boot_cpu && !loop->inside[i])
			apic_send(apic, loop->apic_id[i], command);
}

static void take_cpus(void)
{
	struct apic apic = apic_find(UINT64_MAX);

	send_to_all(&apic, ICR_INIT);
	delay(INIT_DELAY_US);
	for (int i = 0; missing() && i < ARRIVAL_TRIES; i++) {
		send_to_all(&apic, ICR_STARTUP | (uint32_t)((uintptr_t)trampoline >> 12));
		for (int j = 0; missing() && j < 100; j++)
			delay(ARRIVAL_US / 100);
	}
	serial_write(SERIAL_PORT, missing() ? "testfw: some CPUs are missing\r\n"
					    : "testfw: all CPUs are in the loop\r\n");
}

static EFI_STATUS EFIAPI hooked_exit_boot_services(EFI_HANDLE image, UINTN map_key)
{
	EFI_STATUS status = exit_boot_services(image, map_key);
	uint64_t flags;

	if (EFI_ERROR(status) || !trampoline)
		return status;
	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	take_cpus();
	__asm__ volatile("pushq %0; popfq" : : "r"(flags) : "memory", "cc");
	trampoline = NULL;
	return status;
}

static void hook(void)
{
	exit_boot_services = uefi_boot->ExitBootServices;
	uefi_boot->ExitBootServices = hooked_exit_boot_services;
	uefi_boot->Hdr.CRC32 = 0;
	uefi_boot->CalculateCrc32(&uefi_boot->Hdr, uefi_boot->Hdr.HeaderSize,
				  &uefi_boot->Hdr.CRC32);
}

/* The least of some: a virtual machine may be stopped meanwhile, and then it seems too much. */
static void measure_tsc(void)
{
	tsc_per_us = UINT64_MAX;
	for (int i = 0; i < CALIBRATIONS; i++) {
		uint64_t start = rdtsc(), ticks;

		uefi_boot->Stall(CALIBRATION_US);
		ticks = (rdtsc() - start) / CALIBRATION_US;
		if (ticks < tsc_per_us)
			tsc_per_us = ticks;
	}
}

/* Start the image that @line names, with the rest of the line as its load options. */
static EFI_STATUS start_next(EFI_HANDLE self, EFI_HANDLE device, const char *line)
{
	static CHAR16 path[TEXT_MAX], options[TEXT_MAX];
	size_t length = 0;

	for (; (unsigned char)*line > ' '; line++)
		path[length++] = *line;
	length = 0;
	while (*line == ' ')
		line++;
	for (; *line && *line != '\n'; line++)
		options[length++] = (unsigned char)*line;
	return uefi_start_file(self, device, path, options,
			       length ? (length + 1) * sizeof(CHAR16) : 0);
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table)
{
	static char text[TEXT_MAX];
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *self;
	EFI_STATUS status;
	const char *next;

	uefi_start(table, "testfw");
	status = uefi_boot->HandleProtocol(handle, &guid, (VOID **)&self);
	if (EFI_ERROR(status))
		return status;
	uefi_read_text(self->DeviceHandle, (CHAR16 *)u"\\EFI\\BOOT\\testfw.conf", text,
		       sizeof(text) - 1);
	next = take_words(text);
	if (!next)
		return EFI_INVALID_PARAMETER;
	measure_tsc();
	if (!uefi_find_tables() || !make_area() || !publish()) {
		uefi_say("no tables, no memory, or too many CPUs");
		return EFI_OUT_OF_RESOURCES;
	}
	uefi_say("%s: reset vector 0x%llx, mailbox 0x%llx, return stack 0x%llx", text,
		 (unsigned long long)(uintptr_t)area, (unsigned long long)(uintptr_t)mailbox,
		 (unsigned long long)loop->return_stack);
	hook();
	return start_next(handle, self->DeviceHandle, next);
}
