/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the probe knows of the machine when it has left the loader behind,
 * whichever way it was started: efi.c and boot_params.c fill it in.
 */
#ifndef PROBE_X86_64_BOOT_H
#define PROBE_X86_64_BOOT_H

#define OPTIONS_MAX 2048 /* bytes of the command line, the terminating 0 included */

/* Offsets of the entries in the protected-mode part: Linux boot protocol. */
#define ENTRY_64 0x200
#define ENTRY_HANDOVER 0x400

/* Selectors that the Linux boot protocol wants. */
#define BOOT_CS 0x10
#define BOOT_DS 0x18

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct boot {
	const char *way; /* by which the probe was started */
	char options[OPTIONS_MAX];
	uint64_t rsdp;	       /* physical address; 0: not known */
	uint64_t tsc_hz_stall; /* rate of the time-stamp counter by the firmware; 0: not known */
	uint64_t kernel, kernel_size; /* a bzImage in memory; 0: none */
	uint64_t initrd, initrd_size; /* for that */
	const char *kernel_trouble;   /* why there is none although one was asked for, or NULL */
	struct {
		uint64_t address;	       /* 0: none */
		uint32_t width, height, pitch; /* pixels, pixels, bytes */
		bool text;		       /* VGA text, width and height in characters */
	} screen;
	void *runtime; /* EFI_RUNTIME_SERVICES, or NULL */
};

extern struct boot boot_info;

/* In entry.S: leave the stack of the loader for our own, and call main_start(). */
_Noreturn void entry_leave_loader(void);

/* In entry.S: go to the 64-bit entry of a kernel, with its boot_params. */
_Noreturn void entry_jump_to_kernel(uint64_t entry, void *boot_params);

/* Where the image begins. */
const void *boot_image_base(void);

/* Take image, kernel and initrd out of the usable memory of the memory map. */
void boot_keep_memory(void);

/* In efi.c: the root pointer in the tables of @system, an EFI_SYSTEM_TABLE; 0: none. */
uint64_t efi_rsdp(const void *system);

/* In boot_params.c: on boot_params, at @address. */
_Noreturn void boot_params_enter(uint64_t address);

/* Where the image lies: entry.S and the linker script. */
extern const char entry_32[];
extern char image_end[];

#endif /* __ASSEMBLER__ */
#endif /* PROBE_X86_64_BOOT_H */
