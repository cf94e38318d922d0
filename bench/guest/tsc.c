/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* tsc: prints the time-stamp counter, which goes on from one kernel to the next. */
#include <inttypes.h>
#include <stdio.h>
#include <x86intrin.h>

int main(void)
{
	printf("%" PRIu64 "\n", (uint64_t)__rdtsc());
	return 0;
}
