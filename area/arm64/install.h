/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Making an area: how large it is, and writing the resident, its tables and
 * one slot per CPU into it.  Called by the stage, in memory that it has
 * reserved; no CPU is in the area yet.  No allocation, nothing privileged.
 */
#ifndef AREA_ARM64_INSTALL_H
#define AREA_ARM64_INSTALL_H

#include <baton/arm64/area.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct install_plan {
	const uint64_t *mpidrs; /* of all CPUs, affinity fields only, each once */
	uint32_t ncpus;
	uint32_t boot;		/* number of the boot CPU among them */
	uint64_t power;		/* the board's power registers, 0: none */
	uint32_t level;		/* the resident's exception level */
	bool stage2;		/* hide the area from the kernel; at EL2 only */
	bool spin_table;	/* a spin-table that takes CPUs back, not PSCI; at EL2 only */
	uint32_t ticks_per_us;	/* of the system counter */
	uint32_t physical_bits; /* ID_AA64MMFR0_EL1.PARange, in bits */
};

/* The area is aligned to this, so that kernels with any page size can leave it out. */
#define RESIDENT_ALIGNMENT 0x10000u

/* Addresses that a kernel at EL1 can use while its area is hidden: 1 TiB. */
#define RESIDENT_STAGE2_BITS 40u

/* The page tables of the resident itself reach so far. */
#define RESIDENT_MAP_BITS 39u

/*
 * Bytes of the area for @plan, a multiple of RESIDENT_ALIGNMENT; 0 if there is
 * no CPU or more than BATON_CPUS_MAX, or it does not fit into 2 MiB.
 */
size_t install_arm64_size(const struct install_plan *plan);

/*
 * Write the area for @plan to @area, which becomes physical address @base:
 * @image, of @image_size bytes (at most BATON_RESIDENT_MAX), and all that it
 * needs.  False, and nothing written, if @base is not aligned, the area is not
 * inside one 2 MiB block below 1 << RESIDENT_MAP_BITS, or the power registers are not
 * below it.  Every CPU but the boot CPU is COLLECTING.
 */
bool install_arm64_area(void *area, uint64_t base, const struct install_plan *plan,
			const void *image, size_t image_size);

/* CPU @number's words of a spin-table, as the device tree has them: physical addresses. */
static inline uint64_t install_release_word(const struct baton_area *area, uint32_t number)
{
	return area->base + area->release + (uint64_t)number * BATON_SPIN_RELEASE_SIZE;
}

static inline uint64_t install_held_word(const struct baton_area *area, uint32_t number)
{
	return area->base + BATON_AREA_HELD + (uint64_t)number * BATON_SPIN_HELD_SIZE;
}

/* The 32-bit ID of a CPU in the BATN table: affinity 3 in its highest byte. */
static inline uint32_t install_cpu_id(uint64_t mpidr)
{
	return (uint32_t)((mpidr >> 8 & 0xff000000) | (mpidr & 0xffffff));
}

#endif /* AREA_ARM64_INSTALL_H */
