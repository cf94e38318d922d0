/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * boot_params of the Linux boot protocol, beyond what <baton/bzimage.h> names
 * (Linux, Documentation/arch/x86/boot.rst and zero-page.rst).
 */
#ifndef PROBE_X86_64_BOOT_PARAMS_H
#define PROBE_X86_64_BOOT_PARAMS_H

#include "lib/x86_64/bzimage.h"
#include <stddef.h>
#include <stdint.h>

#define E820_MAX 128 /* entries in boot_params itself */
#define E820_RAM 1
#define E820_RESERVED 2
#define E820_ACPI 3
#define E820_NVS 4
#define E820_UNUSABLE 5

#define EFI_LOADER_64 0x34364c45 /* efi_loader_signature, "EL64": efi_systab is set */

/* boot_params.screen_info */
struct screen_info {
	uint8_t orig_x, orig_y;
	uint16_t ext_mem_k, orig_video_page;
	uint8_t orig_video_mode, orig_video_cols;
	uint8_t flags, unused2;
	uint16_t orig_video_ega_bx, unused3;
	uint8_t orig_video_lines, orig_video_isVGA;
	uint16_t orig_video_points, lfb_width, lfb_height, lfb_depth;
	uint32_t lfb_base, lfb_size;
	uint16_t cl_magic, cl_offset, lfb_linelength;
	uint8_t red_size, red_pos, green_size, green_pos, blue_size, blue_pos;
	uint8_t rsvd_size, rsvd_pos;
	uint16_t vesapm_seg, vesapm_off, pages, vesa_attributes;
	uint32_t capabilities, ext_lfb_base;
	uint16_t reserved;
} __attribute__((packed));

_Static_assert(sizeof(struct screen_info) == sizeof(((struct boot_params *)0)->screen_info),
	       "zero-page.rst");

#define VIDEO_TEXT 0x01	   /* orig_video_isVGA */
#define VIDEO_VESA 0x23	   /* linear frame buffer */
#define VIDEO_EFI 0x70	   /* likewise */
#define VIDEO_64BIT_BASE 2 /* capabilities: ext_lfb_base counts */

/* Take what a loader gives along, command line and initrd, from @boot_params. */
void boot_params_read_loaded(const struct boot_params *boot_params);

#endif /* PROBE_X86_64_BOOT_PARAMS_H */
