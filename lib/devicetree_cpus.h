/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Whether a stage can take the CPUs of a device tree.  The stage goes by this, and the
 * command promises by it: one judgement.  The tree has passed devicetree_check().  Any CPU
 * state with a C stack; on libfdt, no allocation.  Devicetree specification 0.4, sections
 * 2.3.4 (status) and 3.8 (cpus).
 */
#ifndef LIB_DEVICETREE_CPUS_H
#define LIB_DEVICETREE_CPUS_H

#include <baton/devicetree.h>

#define DEVICETREE_CPUS_MAX 256

/* Those that have not failed, in the order of the tree. */
struct devicetree_cpus {
	uint32_t n;
	uint64_t mpidr[DEVICETREE_CPUS_MAX];
	uint64_t release[DEVICETREE_CPUS_MAX]; /* cpu-release-addr; several may have the same */
	bool shared; /* there are some: CPUs that are not in here may leave with them */
};

/*
 * The CPUs.  An error if there is PSCI already, or unless each can be started by its release
 * address: enable-method spin-table, aligned to 8, outside [@image, @image_end) (both 0: no
 * image), in memory.  That last condition is checked last, for all CPUs: see
 * devicetree_cpus_no_memory().  CPUs may share one, unless one of them can be returned.
 */
devicetree_error devicetree_cpus_read(const void *fdt, uint64_t image, uint64_t image_end,
				      struct devicetree_cpus *cpus);

/*
 * Whether the tree has no memory at all, or only such of size 0.  A boot loader fills it in;
 * until then, "outside of memory" is the one error that can't be judged.
 */
bool devicetree_cpus_no_memory(const void *fdt);

/*
 * Whether the release word at @word is kept from kernels: by the memory reservation block, or
 * by an available node in /reserved-memory.
 */
bool devicetree_cpus_word_reserved(const void *fdt, uint64_t word);

#endif /* LIB_DEVICETREE_CPUS_H */
