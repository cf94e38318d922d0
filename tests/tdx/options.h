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
#include <stdint.h>

struct options {
	bool trace;    /* print what happens */
	bool topology; /* TD_CTLS.ENUM_TOPOLOGY is set from the start */
	bool help;     /* an unknown word was there */
};

extern struct options options;

/* Read them.  Before any CPU runs the TD. */
void options_read(void);

/* How many CPUs QEMU has, by fw_cfg. */
uint32_t options_cpus(void);

#define options_trace(...)                                                                         \
	do {                                                                                       \
		if (options.trace)                                                                 \
			console_print(__VA_ARGS__);                                                \
	} while (0)

#include "console.h"

#endif /* TESTS_TDX_OPTIONS_H */
