/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the harnesses share.  A harness is a function proof_NAME() without arguments: it
 * makes an arbitrary state, calls one entry of the product, and judges the outcome by a
 * statement of the contract of its own.  The comment at its file's head has keys, which
 * tests/proof/run reads.
 */
#ifndef TESTS_PROOF_PROOF_H
#define TESTS_PROOF_PROOF_H

#include <stddef.h>
#include <stdlib.h>
#include "assume.h"
#include "atomics.h"

/* Any value: CBMC gives functions without a body, of these names, every result. */
uint8_t nondet_8(void);
uint16_t nondet_16(void);
uint32_t nondet_32(void);
uint64_t nondet_64(void);
int nondet_int(void);
bool nondet_bool(void);

#define any8() nondet_8()
#define any16() nondet_16()
#define any32() nondet_32()
#define any64() nondet_64()
#define any_int() nondet_int()
#define any() nondet_bool()

#define PROVE(what, condition) __CPROVER_assert(condition, what)

/* @size arbitrary bytes, and nothing behind them. */
static inline void *any_bytes(size_t size)
{
	void *bytes = malloc(size);

	ASSUME_BOUND(bytes != NULL);
	__CPROVER_havoc_object(bytes);
	return bytes;
}

#ifndef PROOF_OBSERVES
void proof_before(const volatile void *at)
{
	(void)at;
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	(void)at, (void)value, (void)order;
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	(void)at, (void)old, (void)new, (void)order, (void)swap;
}

void proof_fence(int order)
{
	(void)order;
}
#endif

#endif /* TESTS_PROOF_PROOF_H */
