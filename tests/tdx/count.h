/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * How often each CPU left the TD, and why.  A guest that writes a byte to I/O port COUNT_PORT
 * has them printed.
 */
#ifndef TESTS_TDX_COUNT_H
#define TESTS_TDX_COUNT_H

#include <stdint.h>

#define COUNT_PORT 0x7d8

#define COUNT_REASONS 64 /* VMX's exit reasons of #VE, and of TDVMCALLs */

struct counts {
	uint64_t exits;			/* all of them */
	uint64_t ve[COUNT_REASONS];	/* #VE, by reason */
	uint64_t vmcall[COUNT_REASONS]; /* TDG.VP.VMCALL, by the reason it stands for; 0: others */
	uint64_t tdcalls;		/* other TDCALLs */
	uint64_t refused;		/* TDVMCALLs, by option */
};

/* Print the counts of all CPUs. */
void count_print(void);

#endif /* TESTS_TDX_COUNT_H */
