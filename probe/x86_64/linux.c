/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The end: no CPU is left in this kernel, and another one is started, a stock Linux,
 * by the 64-bit boot protocol (Linux, Documentation/arch/x86/boot.rst).
 */
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "boot.h"
#include "boot_params.h"
#include "checks.h"
#include "cpus.h"
#include "mailbox.h"
#include "tables.h"

#define MIB (1ull << 20)
#define BELOW_4G (1ull << 32)
#define SECTOR 512u
#define ALIGNMENT_MIN (2 * MIB)
#define LOADER_UNKNOWN 0xff
#define SETUP_SECTS_DEFAULT 4

static const struct check handover = {
	"handover", "all CPUs are returned and proven, before another kernel is started",
	MAILBOX_SPEC "; contract, 5"};
static const struct check linux = {"linux", "the kernel that was given along can be started",
				   "Linux, arch/x86/boot.rst"};

static uint64_t kernel_entry; /* 0: there is nothing to start */
static struct boot_params *params;

void linux_check_handover(void)
{
	const char *skip = cpus_no_way_back();

	tap_begin(&handover);
	if (skip) {
		tap_skip(skip);
		return;
	}
	cpus_return_all();
	for (uint32_t i = 1; i < cpus_count; i++)
		if (baton_state(cpus[i].own->baton) != BATON_OFFLINE ||
		    (cpus_machine->method != BATON_INIT_SIPI && !mailbox_test(cpus[i].id)))
			tap_fault("%s is not held", cpus[i].name);
	if (check_batn && (uint32_t)baton_held(cpus_machine) != cpus_count - 1)
		tap_fault("%u CPUs are held, of %u", (unsigned)baton_held(cpus_machine),
			  cpus_count - 1);
	if (!tap_good())
		tap_bail_out("not all CPUs have left: the memory under this kernel is not free");
	tap_end();
}

/* Why the file can't be started, or NULL. */
static const char *examine(const struct setup_header *h, uint64_t size)
{
	uint64_t setup;

	if (size < BZIMAGE_HEADER + sizeof(*h) || h->boot_flag != BZIMAGE_BOOT_FLAG ||
	    h->header != BZIMAGE_MAGIC)
		return "it is no Linux kernel";
	if (h->version < BZIMAGE_VERSION_MIN || !(h->xloadflags & XLF_KERNEL_64) ||
	    !(h->loadflags & LOADED_HIGH) || !h->relocatable_kernel)
		return "it has no 64-bit entry, or can't be relocated";
	setup = ((h->setup_sects ? h->setup_sects : SETUP_SECTS_DEFAULT) + 1u) * SECTOR;
	if (!h->syssize || setup + (uint64_t)h->syssize * 16 > size)
		return "it is truncated";
	if (h->kernel_alignment & (h->kernel_alignment - 1))
		return "its alignment is no power of 2";
	return NULL;
}

static uint32_t e820_type(enum memory_type type)
{
	switch (type) {
	case MEMORY_USABLE:
	case MEMORY_FREED:
		return E820_RAM;
	case MEMORY_PROBE:
		/* CPUs that could not be returned stay here. */
		return cpus_count > 1 && cpus_no_way_back() ? E820_RESERVED : E820_RAM;
	case MEMORY_ACPI:
		return E820_ACPI;
	case MEMORY_NVS:
		return E820_NVS;
	case MEMORY_BAD:
		return E820_UNUSABLE;
	case MEMORY_RESERVED:
	case MEMORY_RUNTIME:
		return E820_RESERVED;
	default:
		return 0;
	}
}

/* The memory map; false if it does not fit. */
static bool write_e820(void)
{
	struct boot_e820_entry *last = NULL;

	for (size_t i = 0; memory_range(i); i++) {
		const struct memory_range *r = memory_range(i);
		uint32_t type = e820_type(r->type);

		if (!type)
			continue;
		if (last && last->type == type && last->address + last->size == r->start) {
			last->size += r->end - r->start;
			continue;
		}
		if (params->e820_entries == E820_MAX)
			return false;
		last = &params->e820_table[params->e820_entries++];
		*last = (struct boot_e820_entry){r->start, r->end - r->start, type};
	}
	return true;
}

static void write_screen(void)
{
	struct screen_info *screen = (struct screen_info *)params->screen_info;

	if (!boot_info.screen.address)
		return;
	if (boot_info.screen.text) {
		screen->orig_video_mode = 3;
		screen->orig_video_cols = (uint8_t)boot_info.screen.width;
		screen->orig_video_lines = (uint8_t)boot_info.screen.height;
		screen->orig_video_isVGA = VIDEO_TEXT;
		screen->orig_video_points = 16;
		return;
	}
	screen->orig_video_isVGA = VIDEO_EFI;
	screen->capabilities = VIDEO_64BIT_BASE;
	screen->lfb_base = (uint32_t)boot_info.screen.address;
	screen->ext_lfb_base = (uint32_t)(boot_info.screen.address >> 32);
	screen->lfb_width = (uint16_t)boot_info.screen.width;
	screen->lfb_height = (uint16_t)boot_info.screen.height;
	screen->lfb_linelength = (uint16_t)boot_info.screen.pitch;
	screen->lfb_size = boot_info.screen.pitch * boot_info.screen.height;
	screen->lfb_depth = 32;
	screen->blue_size = screen->green_size = screen->red_size = screen->rsvd_size = 8;
	screen->green_pos = 8;
	screen->red_pos = 16;
	screen->rsvd_pos = 24;
}

static void write_header(const uint8_t *file, uint64_t command_line)
{
	struct setup_header *h = &params->hdr;

	memcpy(h, file + BZIMAGE_HEADER, BZIMAGE_HEADER_END - BZIMAGE_HEADER + file[0x201]);
	h->type_of_loader = LOADER_UNKNOWN;
	h->cmd_line_ptr = (uint32_t)command_line;
	h->ramdisk_image = (uint32_t)boot_info.initrd;
	h->ramdisk_size = (uint32_t)boot_info.initrd_size;
	params->ext_ramdisk_image = (uint32_t)(boot_info.initrd >> 32);
	params->ext_ramdisk_size = (uint32_t)(boot_info.initrd_size >> 32);
	params->acpi_rsdp_addr = tables_firmware_rsdp();
}

/* Load the kernel, and fill in its boot_params.  Returns why it can't be done, or NULL. */
static const char *prepare(const uint8_t *file, uint64_t size)
{
	struct setup_header h;
	uint64_t align, setup, length, needed, to, command_line;
	const char *error;

	if (size < BZIMAGE_HEADER + sizeof(h))
		return "it is no Linux kernel";
	memcpy(&h, file + BZIMAGE_HEADER, sizeof(h));
	error = examine(&h, size);
	if (error)
		return error;
	align = h.kernel_alignment > ALIGNMENT_MIN ? h.kernel_alignment : ALIGNMENT_MIN;
	setup = ((h.setup_sects ? h.setup_sects : SETUP_SECTS_DEFAULT) + 1u) * SECTOR;
	length = (uint64_t)h.syssize * 16;
	needed = h.init_size > length ? h.init_size : length;
	to = memory_take((needed + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1), align, MIB,
			 BELOW_4G);
	params = (struct boot_params *)memory_take(PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, BELOW_4G);
	command_line = memory_take(PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, BELOW_4G);
	if (!to || !params || !command_line)
		return "there is no memory for it";
	memcpy((void *)to, file + setup, length);
	memset(params, 0, sizeof(*params));
	memcpy((void *)command_line, options.command_line,
	       OPTIONS_MAX - (size_t)(options.command_line - boot_info.options));
	write_header(file, command_line);
	write_screen();
	if (!write_e820())
		return "the memory map has more ranges than boot_params has room for";
	kernel_entry = to + BZIMAGE_ENTRY64;
	return NULL;
}

void linux_check(void)
{
	const char *error;

	tap_begin(&linux);
	if (boot_info.kernel_trouble) {
		tap_fault("%s", boot_info.kernel_trouble);
		tap_end();
		return;
	}
	if (!boot_info.kernel) {
		tap_skip("there is none: linux=, or the initrd of the probe");
		return;
	}
	error = prepare((const uint8_t *)boot_info.kernel, boot_info.kernel_size);
	if (error)
		tap_fault("%s", error);
	tap_end();
}

void linux_start(void)
{
	if (!kernel_entry)
		return;
	if (cpus_machine && cpus_count > 1 && cpus_machine->method == BATON_MAILBOX_V0) {
		int error = baton_invalidate_for_next_kernel(cpus_machine);

		tap_remark("the CPUs can't be returned: the next kernel gets one CPU");
		if (error)
			tap_remark("... and the MADT could not be changed: %s",
				   baton_error_text(error));
	}
	tap_remark("starting the kernel at 0x%llx: %s", (unsigned long long)kernel_entry,
		   options.command_line);
	entry_jump_to_kernel(kernel_entry, params);
}
