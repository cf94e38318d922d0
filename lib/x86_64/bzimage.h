/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The boot protocol of Linux for x86, version 2.12 and later: the kernel as a file, and
 * the parameters from its loader.  Linux, Documentation/arch/x86/boot.rst and
 * zero-page.rst.  For C; the offsets that assembly needs are macros.
 *
 * The file: setup sectors, which begin with the boot sector and run in real
 * mode; then the protected-mode part, which is loaded as one piece.  Loaders
 * copy the setup header, from setup_sects on, into the boot_params and fill in
 * some of its fields.
 */
#ifndef LIB_X86_64_BZIMAGE_H
#define LIB_X86_64_BZIMAGE_H

#define BZIMAGE_HEADER 0x1f1	  /* of struct setup_header, in the file and in boot_params */
#define BZIMAGE_HEADER_END 0x202u /* plus the byte at 0x201 */
#define BZIMAGE_ENTRY64 0x200	  /* of the protected-mode part; the 32-bit entry is at 0 */
#define BOOT_PARAMS_SCRATCH 0x1e4

/* Selectors that the 32-bit and the 64-bit entry expect. */
#define BOOT_CS 0x10
#define BOOT_DS 0x18

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct setup_header {
	uint8_t setup_sects; /* without the boot sector; 0 means 4 */
	uint16_t root_flags;
	uint32_t syssize; /* of the protected-mode part, in units of 16 bytes */
	uint16_t ram_size;
	uint16_t vid_mode;
	uint16_t root_dev;
	uint16_t boot_flag; /* BZIMAGE_BOOT_FLAG */
	uint8_t jump[2];    /* the second byte: the length of the header behind it */
	uint32_t header;    /* BZIMAGE_MAGIC */
	uint16_t version;
	uint32_t realmode_swtch;
	uint16_t start_sys_seg;
	uint16_t kernel_version;
	uint8_t type_of_loader;
	uint8_t loadflags;
	uint16_t setup_move_size;
	uint32_t code32_start;
	uint32_t ramdisk_image;
	uint32_t ramdisk_size;
	uint32_t bootsect_kludge;
	uint16_t heap_end_ptr;
	uint8_t ext_loader_ver;
	uint8_t ext_loader_type;
	uint32_t cmd_line_ptr;
	uint32_t initrd_addr_max;
	uint32_t kernel_alignment; /* a power of two */
	uint8_t relocatable_kernel;
	uint8_t min_alignment;
	uint16_t xloadflags;
	uint32_t cmdline_size;
	uint32_t hardware_subarch;
	uint64_t hardware_subarch_data;
	uint32_t payload_offset; /* of the compressed kernel, in the protected-mode part */
	uint32_t payload_length;
	uint64_t setup_data; /* address of a list of struct setup_data */
	uint64_t pref_address;
	uint32_t init_size;	     /* memory needed from where the kernel is loaded */
	uint32_t handover_offset;    /* 64-bit EFI handover entry, minus BZIMAGE_ENTRY64 */
	uint32_t kernel_info_offset; /* since 2.15 */
} __attribute__((packed));
_Static_assert(BZIMAGE_HEADER + offsetof(struct setup_header, boot_flag) == 0x1fe, "boot.rst");
_Static_assert(BZIMAGE_HEADER + offsetof(struct setup_header, code32_start) == 0x214, "boot.rst");
_Static_assert(BZIMAGE_HEADER + offsetof(struct setup_header, init_size) == 0x260, "boot.rst");
_Static_assert(BZIMAGE_HEADER + sizeof(struct setup_header) == 0x26c, "boot.rst");

#define BZIMAGE_BOOT_FLAG 0xaa55
#define BZIMAGE_MAGIC 0x53726448 /* "HdrS" */
#define BZIMAGE_VERSION_MIN 0x020c

/* loadflags */
#define LOADED_HIGH 0x01

/* xloadflags */
#define XLF_KERNEL_64 0x0001
#define XLF_CAN_BE_LOADED_ABOVE_4G 0x0002
#define XLF_EFI_HANDOVER_32 0x0004
#define XLF_EFI_HANDOVER_64 0x0008

/* One of the list at setup_data. */
struct setup_data {
	uint64_t next; /* 0: the last */
	uint32_t type;
	uint32_t length; /* of the data behind this structure */
} __attribute__((packed));

struct boot_e820_entry {
	uint64_t address;
	uint64_t size;
	uint32_t type;
} __attribute__((packed));

/* The kernel's parameters: one page, the "zero page".  Only fields that baton uses have names. */
struct boot_params {
	uint8_t screen_info[0x40];
	uint8_t unnamed_040[0x30];
	uint64_t acpi_rsdp_addr; /* since 2.14; 0: the kernel looks for it */
	uint8_t unnamed_078[0x48];
	uint32_t ext_ramdisk_image; /* bits 32 to 63 of the header's fields */
	uint32_t ext_ramdisk_size;
	uint32_t ext_cmd_line_ptr;
	uint8_t unnamed_0cc[0xf4];
	uint32_t efi_loader_signature; /* "EL64": there is EFI firmware */
	uint32_t efi_systab;
	uint32_t efi_memdesc_size;
	uint32_t efi_memdesc_version;
	uint32_t efi_memmap;
	uint32_t efi_memmap_size;
	uint32_t efi_systab_hi;
	uint32_t efi_memmap_hi;
	uint32_t alt_mem_k;
	uint32_t scratch;
	uint8_t e820_entries;
	uint8_t unnamed_1e9[0x1ef - 0x1e9];
	uint8_t sentinel; /* not 0: the loader has copied more than the header */
	uint8_t unnamed_1f0;
	struct setup_header hdr;
	uint8_t unnamed_26c[0x2d0 - 0x26c];
	struct boot_e820_entry e820_table[128];
	uint8_t unnamed_cd0[0x1000 - 0xcd0];
} __attribute__((packed));
_Static_assert(offsetof(struct boot_params, acpi_rsdp_addr) == 0x70, "zero-page.rst");
_Static_assert(offsetof(struct boot_params, ext_ramdisk_image) == 0xc0, "zero-page.rst");
_Static_assert(offsetof(struct boot_params, efi_loader_signature) == 0x1c0, "zero-page.rst");
_Static_assert(offsetof(struct boot_params, scratch) == BOOT_PARAMS_SCRATCH, "zero-page.rst");
_Static_assert(offsetof(struct boot_params, e820_entries) == 0x1e8, "zero-page.rst");
_Static_assert(offsetof(struct boot_params, hdr) == BZIMAGE_HEADER, "zero-page.rst");
_Static_assert(offsetof(struct boot_params, e820_table) == 0x2d0, "zero-page.rst");
_Static_assert(sizeof(struct boot_params) == 0x1000, "zero-page.rst");

#endif /* __ASSEMBLER__ */
#endif /* LIB_X86_64_BZIMAGE_H */
