/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Which CPU this is, and at which exception level. */
#ifndef PROBE_ARM64_LEVEL_H
#define PROBE_ARM64_LEVEL_H

#include <baton/arm64/registers.h>
#include <stdbool.h>
#include <stdint.h>
#include "head.h"

static inline bool at_el2(void)
{
	return read_register(CurrentEL) == LEVEL_2;
}

static inline uint64_t own_mpidr(void)
{
	return read_register(mpidr_el1) & 0xff00ffffff;
}

#endif /* PROBE_ARM64_LEVEL_H */
