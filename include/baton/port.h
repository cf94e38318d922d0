/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The porting functions: the kernel that links libbaton provides them.  These
 * functions, and those of <baton/string.h>, are all that libbaton.a leaves
 * undefined.
 *
 * Unless a function's comment differs, it is called on any CPU that runs kernel
 * code, interrupts on or off.  It may be called from an NMI (baton_crash_stop(),
 * baton_nmi()), and then while another CPU is in the same function.  So it must
 * take no lock that it could find taken there.
 *
 * In a TDX guest baton_port_cpu_id(), _time_us(), _relax() and _flush() are called on CPUs
 * within an NMI, too: unless the kernel's handlers bear it, they must cause no #VE.
 * baton_port_map() maps private memory, without the shared bit.
 */
#ifndef BATON_PORT_H
#define BATON_PORT_H

#include <stddef.h>
#include <stdint.h>

enum baton_memory {
	BATON_MEMORY_NORMAL, /* tables, mailbox, trampoline: write-back, as all CPUs see it */
	BATON_MEMORY_DEVICE, /* registers, the local APIC's: uncached, in order */
	/*
	 * Words shared with CPUs whose caches are off, in memory that no kernel owns:
	 * Normal, non-cacheable; Device is right, too.  A kernel that has nothing but a
	 * cacheable map may use that: baton_port_flush() is called all the same.
	 */
	BATON_MEMORY_UNCACHED,
};

/*
 * Returns a pointer to the @length bytes of physical memory from @address on.  It is for
 * reading and writing, and the same on every CPU.  NULL: refused.  @address need not be
 * aligned.  A kernel that maps all memory, or runs on an identity map, returns a pointer
 * into that.
 * @address comes from tables that are not trusted.  An address that is no memory (or no
 * local APIC), or that is the kernel's own, should be refused.
 * Called by baton_find_acpi(), baton_find_devicetree(), baton_prepare() and
 * baton_invalidate_for_next_kernel() alone.
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
 * Time only bounds waits: a clock that is wrong by a small factor is good enough.
 */
uint64_t baton_port_time_us(void);

/*
 * Called again and again in each loop that waits for another CPU: PAUSE, YIELD,
 * WFE with a timer, or a scheduler.  Must return, soon and by itself.
 */
void baton_port_relax(void);

/*
 * Make the stores to the @length bytes at @pointer visible to a CPU whose caches are
 * off, and drop these bytes from the cache.  On arm64 clean and invalidate to the point
 * of coherency, and end with DSB SY: baton_flush() of <baton/cpus.h> does it.  On
 * x86-64 there is nothing to do: an empty function.  Called for memory that libbaton
 * shares with a CPU that no kernel owns, after the last store and before each load.
 * All further ordering of stores and loads is libbaton's own.
 */
void baton_port_flush(const volatile void *pointer, size_t length);

/*
 * The hardware's ID of the CPU that this runs on: all 32 bits of its APIC ID, or the
 * affinity fields of its MPIDR.  baton_apic_id() and baton_mpidr() of <baton/cpus.h> read
 * them.  In a TDX guest the former asks the host: a kernel that has noted in run(), or after
 * baton_enter(), which CPU this is returns that instead.  Called by baton_find_acpi(), too, with
 * what baton_apic_id() needs in its machine.
 */
uint64_t baton_port_cpu_id(void);

/*
 * Show a @line of text, which has no newline at its end, to the operator of the
 * machine.  May do nothing.
 */
void baton_port_print(const char *line);

#endif /* BATON_PORT_H */
