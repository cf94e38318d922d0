/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What hooks.c calls: the accesses of the thread that runs. */
#ifndef TESTS_WEAK_EXPLORE_H
#define TESTS_WEAK_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the code that runs is a thread of a test; the functions below are for then. */
bool explore_running(void);

uint64_t explore_load(const volatile void *object, unsigned size, unsigned order);
void explore_store(volatile void *object, unsigned size, uint64_t value, unsigned order);

/* The new value, by the old one and an operand. */
typedef uint64_t change(uint64_t old, uint64_t operand);
uint64_t explore_exchange(volatile void *object, unsigned size, change *function, uint64_t operand,
			  unsigned order);

/* True: it was *@expected.  False: *@expected is what was there. */
bool explore_compare(volatile void *object, unsigned size, uint64_t *expected, uint64_t desired,
		     unsigned success, unsigned failure);
void explore_fence(unsigned order);

/* Before an access that is not atomic. */
void explore_plain(const volatile void *object, size_t size, bool write);

#endif /* TESTS_WEAK_EXPLORE_H */
