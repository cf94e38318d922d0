/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The memory functions, byte by byte and eight at once: ISO C, 7.26.
 *
 * Sources: lib/string.c
 * Proof: memcpy --unwind 11
 * Proof: memmove --unwind 11
 * Proof: memset --unwind 11
 * Proof: memcmp --unwind 11
 * Mutant: memcpy lib/string.c s/length \/ sizeof(word)/length \/ 4/
 * Mutant: memmove lib/string.c s/if ((uintptr_t)to <= (uintptr_t)from)/if (1)/
 * Mutant: memset lib/string.c s/(uint8_t)value \* 0x0101010101010101u/(uint8_t)value/
 * Mutant: memcmp lib/string.c s/return x\[i\] - y\[i\]/return y[i] - x[i]/
 */
/* clang-format on */
#include "proof.h"
#include <baton/string.h>

#define ROOM 13
#define MOST 10 /* bytes: one word, and some more */

static uint8_t a[ROOM] __attribute__((aligned(8))), b[ROOM] __attribute__((aligned(8))), old[ROOM];

/* Aligned to a word, or not; all that is there, or less. */
static size_t any_place(uint8_t **x, uint8_t **y)
{
	size_t length = any64();

	__CPROVER_havoc_object(a);
	__CPROVER_havoc_object(b);
	for (int i = 0; i < MOST; i++)
		old[i] = a[i];
	ASSUME_BOUND(length <= MOST);
	*x = any() ? a : a + 3;
	*y = any() ? b : b + 3;
	return length;
}

void proof_memcpy(void)
{
	uint8_t *x, *y;
	size_t length = any_place(&x, &y), i = any64();

	PROVE("returns the place", memcpy(x, y, length) == x);
	ASSUME_BOUND(i < MOST);
	PROVE("each byte", i >= length || x[i] == y[i]);
	PROVE("no byte before or behind", x != a || i < length || a[i] == old[i]);
}

void proof_memmove(void)
{
	bool up = any();
	size_t length = any64(), i = any64();

	__CPROVER_havoc_object(a);
	for (int k = 0; k < MOST; k++)
		old[k] = a[k];
	ASSUME_BOUND(length <= 7 && i < length);
	memmove(up ? a + 3 : a, up ? a : a + 3, length);
	PROVE("each byte as it was", (up ? a[i + 3] : a[i]) == (up ? old[i] : old[i + 3]));
}

void proof_memset(void)
{
	uint8_t *x, *y;
	size_t length = any_place(&x, &y), i = any64();
	int value = any_int();

	PROVE("returns the place", memset(x, value, length) == x);
	ASSUME_BOUND(i < MOST);
	PROVE("each byte", i >= length || x[i] == (uint8_t)value);
	PROVE("no byte before or behind", x != a || i < length || a[i] == old[i]);
}

void proof_memcmp(void)
{
	uint8_t *x, *y;
	size_t length = any_place(&x, &y), first = 0;
	int order = memcmp(x, y, length);

	while (first < length && x[first] == y[first])
		first++;
	if (first == length)
		PROVE("the same", !order);
	else
		PROVE("the first byte that differs", (order < 0) == (x[first] < y[first]) && order);
}
