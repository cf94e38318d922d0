/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Included in front of every proved source: the GNU atomic built-ins, with a call before
 * each access, where other CPUs act, and one at each change, where it is judged.  The
 * sources stay as they are.
 */
#ifndef TESTS_PROOF_ATOMICS_H
#define TESTS_PROOF_ATOMICS_H

#include <stdbool.h>
#include <stdint.h>

/* Other CPUs and the kernel act. */
void proof_before(const volatile void *at);

/* This CPU has loaded @value from @at. */
void proof_loaded(const volatile void *at, uint64_t value, int order);

/* This CPU is about to change @at from @old to @new, in one step if it was a @swap. */
void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap);

void proof_fence(int order);

#define __atomic_load_n(p, order)                                                                  \
	({                                                                                         \
		proof_before(p);                                                                   \
		__typeof__(*(p)) loaded_ = *(p);                                                   \
		proof_loaded(p, loaded_, order);                                                   \
		loaded_;                                                                           \
	})

#define __atomic_store_n(p, value, order)                                                          \
	({                                                                                         \
		uint64_t value_ = (value);                                                         \
		proof_before(p);                                                                   \
		proof_change(p, *(p), value_, order, false);                                       \
		*(p) = value_;                                                                     \
	})

#define __atomic_fetch_add(p, more, order)                                                         \
	({                                                                                         \
		uint64_t more_ = (more);                                                           \
		proof_before(p);                                                                   \
		__typeof__(*(p)) old_ = *(p);                                                      \
		proof_change(p, old_, (__typeof__(*(p)))(old_ + more_), order, true);              \
		*(p) = old_ + more_;                                                               \
		old_;                                                                              \
	})

#define __atomic_compare_exchange_n(p, expected, desired, weak, order, order_if_not)               \
	({                                                                                         \
		uint64_t desired_ = (desired);                                                     \
		proof_before(p);                                                                   \
		bool same_ = *(p) == *(expected);                                                  \
		if (same_) {                                                                       \
			proof_change(p, *(p), desired_, order, true);                              \
			*(p) = desired_;                                                           \
		} else {                                                                           \
			proof_loaded(p, *(p), order_if_not);                                       \
			*(expected) = *(p);                                                        \
		}                                                                                  \
		same_;                                                                             \
	})

#define __atomic_thread_fence(order) proof_fence(order)

/* Whether a change with this order has release ordering; a load, acquire ordering. */
static inline bool proof_releases(int order)
{
	return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static inline bool proof_acquires(int order)
{
	return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

#endif /* TESTS_PROOF_ATOMICS_H */
