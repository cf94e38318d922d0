/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Reading a device tree: its CPUs, and how they are started.  Part of libbaton, on
 * libfdt; freestanding, no allocation.  Devicetree specification 0.4, section 3.8;
 * Linux's bindings arm/cpus.yaml, arm/psci.yaml; docs/contract-arm64.md.
 *
 * A tree is hostile until devicetree_check() has passed it.  After that every property
 * is checked where it is read.
 *
 * Callers: the stage (before it changes the tree), kernels, programs on the host.  Any CPU
 * state with a C stack; unaligned access to the tree must be possible.
 */
#ifndef BATON_DEVICETREE_H
#define BATON_DEVICETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The reason why a tree was refused, as text for the user; NULL if it is good. */
typedef const char *devicetree_error;

/*
 * Check @fdt, of at most @max bytes: header, structure, strings, and that all
 * blocks lie inside its size.  All other functions here need a tree that has passed.
 */
devicetree_error devicetree_check(const void *fdt, size_t max);

enum devicetree_psci {
	DEVICETREE_NO_PSCI,
	DEVICETREE_PSCI_UNUSABLE, /* 0.1 alone, or an unknown method */
	DEVICETREE_PSCI_HVC,
	DEVICETREE_PSCI_SMC,
};

/*
 * Whether the tree offers PSCI, and how it is called: by the first node of PSCI, if that is
 * available.
 */
enum devicetree_psci devicetree_psci(const void *fdt);

/* The first node that is compatible with some version of PSCI, available or not; else negative. */
int devicetree_psci_node(const void *fdt);

enum devicetree_method {
	DEVICETREE_METHOD_UNKNOWN, /* or none */
	DEVICETREE_METHOD_PSCI,
	DEVICETREE_METHOD_SPIN_TABLE,
};

struct devicetree_cpu {
	uint64_t mpidr; /* affinity fields only */
	enum devicetree_method method;
	bool failed; /* devicetree_has_failed() */
	/* Physical addresses, unchecked but for alignment: the first and last to 8, the other
	 * to 4. */
	uint64_t release, return_address, held; /* 0: none */
};

/*
 * Whether @node, a child of /cpus, is a CPU: by its device_type, or by its name, "cpu" or
 * "cpu@...", as Linux has it.
 */
bool devicetree_is_cpu(const void *fdt, int node);

/* The first node of a CPU behind the node @cpu (0: of all), in the order of the tree, whether
 * it has failed or not.  Negative: none. */
int devicetree_next_cpu(const void *fdt, int cpu);

/* Read the node of a CPU.  Errors: no reg that is an MPIDR, or an address that is malformed. */
devicetree_error devicetree_read_cpu(const void *fdt, int node, struct devicetree_cpu *cpu);

/* How the word at the cpu-release-addr of a CPU is used. */
enum devicetree_word {
	DEVICETREE_WORD_OWN,	/* by this CPU alone, or there is none */
	DEVICETREE_WORD_SHARED, /* several CPUs wait at it: all leave when it is written */
	/* Likewise, and one of them has a cpu-return-addr or a cpu-held-addr: it can't have one. */
	DEVICETREE_WORD_WRONG,
};

/*
 * The same of @node, among all CPUs of the tree: those that have failed leave, too.  Words
 * are the same if their addresses are.
 */
enum devicetree_word devicetree_word(const void *fdt, int node);

/* Whether @node is there: no status, "okay" or "ok" (Devicetree specification, section 2.3.4). */
bool devicetree_is_available(const void *fdt, int node);

/*
 * Whether the status of @node is "fail", or "fail-" and a reason: such a CPU is not there.
 * "disabled" is the status of a CPU that can be started (sections 2.3.4 and 3.8.1).
 */
bool devicetree_has_failed(const void *fdt, int node);

/*
 * Whether one range of the reg of @node, by the cells of its parent, has all of
 * [@address, @address + @length); with @length 0, whether any range is not empty.
 */
bool devicetree_reg_has(const void *fdt, int node, uint64_t address, uint64_t length);

/* The same of an available memory node. */
bool devicetree_memory_has(const void *fdt, uint64_t address, uint64_t length);

/*
 * The first node compatible with "baton,area" that is available, or negative.
 * devicetree_area_range() has its address and size, by the cells of its parent, or false.
 */
int devicetree_area(const void *fdt);
bool devicetree_area_range(const void *fdt, int node, uint64_t *address, uint64_t *size);

/* The physical address of the BATN table, by devicetree_area(); 0: none. */
uint64_t devicetree_table(const void *fdt);

/* The number in @cells big-endian words of 32 bits; 1 or 2 are sane, any other count is refused. */
uint64_t devicetree_number(const void *cell, int cells);
bool devicetree_sane_cells(int cells);

/* True if the property is that string, and nothing else. */
bool devicetree_is_string(const void *fdt, int node, const char *property, const char *value);

#endif /* BATON_DEVICETREE_H */
