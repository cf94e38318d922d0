/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the simulator is told: words in a fw_cfg file of QEMU's,
 *
 *	-fw_cfg name=opt/baton/tdx,string="trace topology"
 *
 * README.md lists them.
 */
#ifndef TESTS_TDX_OPTIONS_H
#define TESTS_TDX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "console.h"

#define OPTIONS_REFUSED_MAX 8

struct options {
	bool trace;	 /* print what happens */
	bool no_slices;	 /* slice.c does nothing */
	bool new_module; /* a rule that newer modules have otherwise: table.h */
	bool pcide;	 /* CR4.PCIDE can be set, without effect */
	bool topology;	 /* TD_CTLS.ENUM_TOPOLOGY is set from the start */

	/* What misbehave.c does.  Times are in ms; a rate of n is one of n exits, 0 never. */
	bool wait;	     /* until the guest asks for it: count.h */
	int stall_at;	     /* a TDVMCALL's function, 0: before the TD is entered, -1: nowhere */
	uint32_t stall_ms;   /* times the CPU's index */
	uint32_t stall_only; /* this CPU alone; 0: all */
	uint32_t random_rate;
	uint32_t random_ms;
	bool hlt_early;	      /* TDG.VP.VMCALL<HLT> returns at once */
	uint32_t hlt_late_ms; /* it returns that late */
	uint32_t stray_rate;
	uint32_t stray_vector;
	uint32_t nmi_rate;
	size_t refused_count;
	uint32_t refused[OPTIONS_REFUSED_MAX]; /* functions of TDVMCALLs */
};

extern struct options options;

/* Read them.  Before any CPU runs the TD.  Returns false after printing words it does not know. */
bool options_read(void);

/* How many CPUs QEMU has, by fw_cfg. */
uint32_t options_cpus(void);

#define options_trace(...)                                                                         \
	do {                                                                                       \
		if (options.trace)                                                                 \
			console_print(__VA_ARGS__);                                                \
	} while (0)

#endif /* TESTS_TDX_OPTIONS_H */
