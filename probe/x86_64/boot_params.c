/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Started by the Linux boot protocol, without firmware services. */
#include "boot_params.h"
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/options.h"
#include "boot.h"

#define VGA_TEXT 0xb8000

void boot_params_read_loaded(const struct boot_params *p)
{
	const char *text =
		(const char *)((uint64_t)p->ext_cmd_line_ptr << 32 | p->hdr.cmd_line_ptr);

	for (size_t i = 0; text && text[i] && i < OPTIONS_MAX - 1; i++)
		boot_info.options[i] = text[i];
	boot_info.kernel = (uint64_t)p->ext_ramdisk_image << 32 | p->hdr.ramdisk_image;
	boot_info.kernel_size = (uint64_t)p->ext_ramdisk_size << 32 | p->hdr.ramdisk_size;
	if (!boot_info.kernel || !boot_info.kernel_size)
		boot_info.kernel = boot_info.kernel_size = 0;
}

static void read_screen(const struct boot_params *p)
{
	const struct screen_info *screen = (const struct screen_info *)p->screen_info;

	switch (screen->orig_video_isVGA) {
	case VIDEO_TEXT:
		if (screen->orig_video_mode != 3 && screen->orig_video_mode != 2)
			return;
		boot_info.screen.address = VGA_TEXT;
		boot_info.screen.width = screen->orig_video_cols;
		boot_info.screen.height = screen->orig_video_lines;
		boot_info.screen.text = true;
		break;
	case VIDEO_VESA:
	case VIDEO_EFI:
		if (screen->lfb_depth != 32)
			return;
		boot_info.screen.address = screen->lfb_base;
		if (screen->capabilities & VIDEO_64BIT_BASE)
			boot_info.screen.address |= (uint64_t)screen->ext_lfb_base << 32;
		boot_info.screen.width = screen->lfb_width;
		boot_info.screen.height = screen->lfb_height;
		boot_info.screen.pitch = screen->lfb_linelength;
		break;
	}
}

static enum memory_type type_of(uint32_t type)
{
	switch (type) {
	case E820_RAM:
		return MEMORY_USABLE;
	case E820_ACPI:
		return MEMORY_ACPI;
	case E820_NVS:
		return MEMORY_NVS;
	case E820_UNUSABLE:
		return MEMORY_BAD;
	default:
		return MEMORY_RESERVED;
	}
}

/* Usable memory first: where entries overlap, the other one is right. */
static void read_memory_map(const struct boot_params *p, bool usable)
{
	for (size_t i = 0; i < p->e820_entries && i < E820_MAX; i++) {
		const struct boot_e820_entry *e = &p->e820_table[i];

		if ((e->type == E820_RAM) == usable && e->address + e->size > e->address)
			memory_set(e->address, e->address + e->size, type_of(e->type));
	}
}

/* A loader may have been started by UEFI, have left it, and name no root pointer: GRUB. */
static uint64_t find_rsdp(const struct boot_params *p)
{
	uint64_t system = (uint64_t)p->efi_systab_hi << 32 | p->efi_systab;

	if (p->acpi_rsdp_addr || p->efi_loader_signature != EFI_LOADER_64 || !system)
		return p->acpi_rsdp_addr;
	return efi_rsdp((const void *)system);
}

void boot_params_enter(uint64_t address)
{
	const struct boot_params *p = (const struct boot_params *)address;

	boot_info.way = "the Linux boot protocol";
	boot_info.rsdp = find_rsdp(p);
	boot_params_read_loaded(p);
	read_screen(p);
	read_memory_map(p, true);
	read_memory_map(p, false);
	options_parse(boot_info.options);
	if (options.linux[0])
		boot_info.kernel_trouble =
			"linux= needs a boot by UEFI: give the kernel as the initrd";
	entry_leave_loader();
}
