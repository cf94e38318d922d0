/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "boot.h"
#include "probe/memory.h"

struct boot boot_info;

const void *boot_image_base(void)
{
	return (const void *)((uintptr_t)entry_32 - PAGE_SIZE);
}

/* What lies in the memory of the map but is the probe's: image, kernel, initrd. */
void boot_keep_memory(void)
{
	memory_set((uintptr_t)boot_image_base(), (uintptr_t)image_end, MEMORY_PROBE);
	memory_set(0, PAGE_SIZE, MEMORY_RESERVED); /* null pointers; a BIOS's vectors */
	if (boot_info.kernel)
		memory_set(boot_info.kernel & ~(uint64_t)(PAGE_SIZE - 1),
			   (boot_info.kernel + boot_info.kernel_size + PAGE_SIZE - 1) &
				   ~(uint64_t)(PAGE_SIZE - 1),
			   MEMORY_PROBE);
	if (boot_info.initrd)
		memory_set(boot_info.initrd,
			   (boot_info.initrd + boot_info.initrd_size + PAGE_SIZE - 1) &
				   ~(uint64_t)(PAGE_SIZE - 1),
			   MEMORY_PROBE);
}
