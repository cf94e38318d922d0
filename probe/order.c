/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "order.h"
#include "options.h"

uint32_t order_descending(uint32_t i, uint32_t n)
{
	return n - 1 - i;
}

uint32_t order_interleaved(uint32_t i, uint32_t n)
{
	return i % 2 ? n - 1 - i / 2 : i / 2;
}

/* The numbers of an array are exchanged at random (Fisher-Yates). */
uint32_t order_random(uint32_t i, uint32_t n)
{
	static uint32_t order[ORDER_MAX];

	if (!i) {
		uint32_t random = options.seed;

		for (uint32_t k = 0; k < n; k++) {
			uint32_t other;

			random = random * 1664525 + 1013904223;
			other = (random >> 8) % (k + 1);
			order[k] = order[other];
			order[other] = k;
		}
	}
	return order[i];
}
