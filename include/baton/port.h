/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The seam of libbaton: what the kernel that links it provides.  These
 * functions, and those of <baton/string.h>, are all that libbaton.a leaves
 * undefined.
 *
 * Where it is not said otherwise they are called on any CPU that runs kernel
 * code, interrupts on or off, perhaps from an NMI (baton_crash_stop(),
 * baton_nmi()), and then while another CPU is in the same function: they must
 * take no lock that they could find taken there.
 */
#ifndef BATON_PORT_H
#define BATON_PORT_H

#include <stddef.h>
#include <stdint.h>

enum baton_memory {
	BATON_MEMORY_NORMAL, /* tables, mailbox, trampoline: write-back, as all CPUs see it */
	BATON_MEMORY_DEVICE, /* registers, the local APIC's: uncached, in order */
	/*
	 * Words shared with CPUs whose caches are off, in memory that is no kernel's:
	 * Normal, non-cacheable; Device does, too.  A kernel that has nothing but a
	 * cacheable map may use that: baton_port_flush() is called all the same.
	 */
	BATON_MEMORY_UNCACHED,
};

/*
 * A pointer to the @length bytes of physical memory from @address on, to be
 * read and written, the same on every CPU; NULL if it can't be had.  @address
 * need not be aligned.  Called by baton_find_acpi(), baton_find_devicetree(),
 * baton_prepare() and baton_invalidate_for_next_kernel() alone.  @address comes from
 * tables that are not trusted: what is no memory (or no local APIC), or is the
 * kernel's own, should be refused.
 * A kernel that maps all memory, or runs on an identity map, returns a pointer
 * into that.
 */
void *baton_port_map(uint64_t address, size_t length, enum baton_memory memory);

/* The @length bytes at @pointer, from baton_port_map(), are not needed any more. */
void baton_port_unmap(void *pointer, size_t length);

/*
 * The physical address behind @pointer, the address of code in the kernel's
 * text.  Called by baton_exit_build() alone, and on arm64 by baton_prepare().
 */
uint64_t baton_port_physical(const void *pointer);

/*
 * Microseconds since any fixed moment, rising, about the same on all CPUs.
 * Time only bounds waits: one that is wrong by a small factor does.
 */
uint64_t baton_port_time_us(void);

/*
 * Called again and again in each loop that waits for another CPU: PAUSE, YIELD,
 * WFE with a timer, or a scheduler.  Must return, soon and by itself.
 */
void baton_port_relax(void);

/*
 * Make what was stored to the @length bytes at @pointer visible to a CPU whose
 * caches are off, and drop what the cache has of them: arm64 cleans and
 * invalidates to the point of coherency, and ends with DSB SY: baton_flush() of
 * <baton/cpus.h> does it.  Called after
 * the last store and before each load of memory that libbaton shares with a CPU
 * that no kernel has.  x86-64 has nothing to do: an empty function.
 * The ordering of stores and loads is libbaton's own affair.
 */
void baton_port_flush(const volatile void *pointer, size_t length);

/*
 * What the hardware calls the CPU that this runs on: its APIC ID (all 32 bits;
 * baton_apic_id() of <baton/cpus.h> reads it), or the affinity fields of its MPIDR
 * (baton_mpidr()).
 */
uint64_t baton_port_cpu_id(void);

/*
 * Show a @line of text, which has no newline at its end, to whoever operates the
 * machine.  May do nothing.
 */
void baton_port_print(const char *line);

#endif /* BATON_PORT_H */
