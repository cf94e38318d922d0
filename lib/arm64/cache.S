/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */

/* cache_clean(start, size): see cache.h.  Without a stack; changes x0 to x3. */
	.text
	.globl	cache_clean
cache_clean:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		/* DminLine: log2 of words */
	mov	x3, #4
	lsl	x3, x3, x2
	add	x1, x0, x1
	sub	x2, x3, #1
	bic	x0, x0, x2
1:	dc	civac, x0
	add	x0, x0, x3
	cmp	x0, x1
	b.lo	1b
	dsb	sy			/* done before what follows, for observers without caches too */
	ret
