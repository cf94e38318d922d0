/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Included before resident/x86_64/protocol.c and mailbox.c: a stall may come before
 * every atomic access that they make.
 */
#ifndef TESTS_STRESS_STALLS_H
#define TESTS_STRESS_STALLS_H

void stalls_now(void);

/* A macro's own name is not expanded again within it. */
#define __atomic_load_n(...) (stalls_now(), __atomic_load_n(__VA_ARGS__))
#define __atomic_store_n(...) (stalls_now(), __atomic_store_n(__VA_ARGS__))
#define __atomic_compare_exchange_n(...) (stalls_now(), __atomic_compare_exchange_n(__VA_ARGS__))

#endif /* TESTS_STRESS_STALLS_H */
