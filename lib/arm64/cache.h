/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Cache maintenance by address.  Arm ARM (DDI 0487), D7.5. */
#ifndef LIB_ARM64_CACHE_H
#define LIB_ARM64_CACHE_H

#include <stddef.h>

/*
 * Clean and invalidate all lines of [@start, @start + @size) to the point of coherency.
 * When it returns, observers without caches see what was written here, and this CPU
 * reads what they have written.  @size is not 0.  Any level, MMU on or off.
 */
void cache_clean(const void *start, size_t size);

#endif /* LIB_ARM64_CACHE_H */
