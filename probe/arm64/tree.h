/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the device tree has, read as leniently as possible: check_tree.c finds what is
 * wrong with it.  Devicetree specification 0.4; Linux's
 * bindings arm/cpus, arm/psci; docs/contract-arm64.md, section 1.
 */
#ifndef PROBE_ARM64_TREE_H
#define PROBE_ARM64_TREE_H

#include <baton/devicetree.h>
#include <stdbool.h>
#include <stdint.h>

#define TREE_CPUS_MAX 512
#define TREE_RESERVED_MAX 64

struct tree {
	devicetree_error error; /* it can't be read at all, for this reason */
	const void *fdt;	/* the tree itself */
	uint64_t size;		/* bytes */
	uint32_t ncpus;		/* of cpu[] */
	uint32_t listed;	/* in the tree: may be more */
	struct devicetree_cpu cpu[TREE_CPUS_MAX];
	devicetree_error cpu_error[TREE_CPUS_MAX]; /* why a node can't be read, or NULL */

	enum devicetree_psci psci;

	/* /memreserve/ and /reserved-memory. */
	struct tree_reserved {
		uint64_t start, end;
		bool no_map;
	} reserved[TREE_RESERVED_MAX];
	uint32_t nreserved;

	uint64_t area, area_size; /* of the node compatible with "baton,area"; 0: there is none */
	uint64_t table;		  /* BATN, a physical address; 0: none */

	/*
	 * Registers of Broadcom's BCM2836 that route the CPUs' own interrupts (binding
	 * brcm,bcm2836-l1-intc); 0: none.
	 */
	uint64_t local_interrupts;

	uint64_t console; /* 0: none that is known */
	const char *console_kind;
	const char *options;
	uint64_t initrd, initrd_end; /* 0: none */
};

extern struct tree tree;

/* Read @fdt, and set up the memory map by it. */
void tree_read(const void *fdt);

/* True if [start, end) is in one piece of reserved memory; @no_map: that is no-map. */
bool tree_reserves(uint64_t start, uint64_t end, bool no_map);

#endif /* PROBE_ARM64_TREE_H */
