/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Orders in which things are done: the number of the one that is done as the @i-th, from 0, of @n.
 */
#ifndef PROBE_ORDER_H
#define PROBE_ORDER_H

#include <stdint.h>

#define ORDER_MAX 4096 /* of order_random() */

uint32_t order_descending(uint32_t i, uint32_t n);

/* From both ends. */
uint32_t order_interleaved(uint32_t i, uint32_t n);

/* A permutation by the option seed=: made anew when @i is 0. */
uint32_t order_random(uint32_t i, uint32_t n);

#endif /* PROBE_ORDER_H */
