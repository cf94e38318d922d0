/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A kernel for tests of libbaton: its port, what is assembly in libbaton, and what its CPUs do.  A
 * CPU has the number of its thread.
 */
#ifndef TESTS_WEAK_KERNEL_H
#define TESTS_WEAK_KERNEL_H

#include "weak.h"
#include <baton/cpus.h>

#define KERNEL_CPUS 4
#define KERNEL_VECTOR 0x1234567890abc000

extern struct baton_machine kernel;

/* In setup(): CPU 1 is held, the others are with the kernel. */
void kernel_reset(unsigned ncpus, enum baton_method method);

/* From now on a wait that has a limit may reach it, @times in all on each CPU. */
void kernel_may_give_up(unsigned times);

/* The calling CPU was released to @vector: it comes up, uses its @page of memory, and leaves. */
void kernel_life(uint32_t *page, uint64_t vector);

/* The test's: the calling CPU has left by arch_leave().  Does not return. */
void kernel_leave(void);

/*
 * Boot CPU @target, wait until it is up and has left again; prove that, and then use its @page
 * (NULL: none, since another CPU may boot it at once).
 * False: another CPU of the kernel has booted it.
 */
bool kernel_boot_and_kill(unsigned target, uint32_t *page);

/* Boot it, and no more. */
bool kernel_boots(unsigned target);

/* In finish(): every boot that succeeded brought the CPU into the kernel once. */
void kernel_check(void);

#endif /* TESTS_WEAK_KERNEL_H */
