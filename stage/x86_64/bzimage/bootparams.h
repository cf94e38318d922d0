/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the loader has put into memory and described in boot_params (Linux,
 * Documentation/arch/x86/boot.rst).  Plain C, for the host too.  Only what the memory
 * map confirms is used.
 */
#ifndef STAGE_X86_64_BZIMAGE_BOOTPARAMS_H
#define STAGE_X86_64_BZIMAGE_BOOTPARAMS_H

#include "e820.h"

#define SETUP_E820_EXT 1
#define SETUP_EFI 4
#define SETUP_INDIRECT 0x80000000u

/*
 * A way to reach @length bytes of physical memory: the identity on the machine.  NULL
 * where there is none, which a machine can't tell.
 */
typedef void *(*bootparams_at)(uint64_t address, uint64_t length);

#define BOOTPARAMS_CHAIN_MAX 64 /* a longer setup_data chain is taken for a circle */

/*
 * Call @visit for every piece of the setup_data chain: false, if it is a circle,
 * leads out of memory, or @visit returns false.
 */
bool bootparams_each(const struct e820 *map, bootparams_at at,
		     bool (*visit)(struct setup_data *data, uint64_t address, void *context),
		     void *context);

/*
 * Add the entries of SETUP_E820_EXT to @map; false as above, or if there are too many.
 * Where boot_params has no room for more, the chain itself may be in memory that only
 * those entries tell of: it is followed first, as the kernel does, and must be in memory
 * by what the map is then.
 */
bool bootparams_extend(struct e820 *map, bootparams_at at);

/* A list of ranges, with room for max. */
struct ranges {
	struct range *range;
	unsigned n, max;
};

/* False if there is no room; an empty range is not listed. */
bool bootparams_add_range(struct ranges *list, uint64_t start, uint64_t length);

/*
 * List all that the payload still needs of what the loader has put there: its boot_params,
 * at @params_address, command line, initrd, setup_data, EFI memory map; and what that says
 * is free, since the payload may put itself there.  False if there is no room, or
 * something can't be followed.
 */
bool bootparams_used(struct ranges *used, const struct e820 *map, uint64_t params_address,
		     bootparams_at at);

static inline uint64_t bootparams_command_line(const struct boot_params *params)
{
	return (uint64_t)params->ext_cmd_line_ptr << 32 | params->hdr.cmd_line_ptr;
}

#endif /* STAGE_X86_64_BZIMAGE_BOOTPARAMS_H */
