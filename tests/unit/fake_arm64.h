/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A kernel on an arm64 board that is not there, for tests of libbaton: its device tree,
 * the words of its spin-table, its firmware's PSCI, and a clock that goes on when
 * somebody waits.  It stands for <baton/port.h> and for kernel/arm64/cpu.c.
 */
#ifndef TESTS_UNIT_FAKE_ARM64_H
#define TESTS_UNIT_FAKE_ARM64_H

#include "unit.h"

#include <baton/cpus.h>
#include <baton/port.h>
#include <baton/psci.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libbaton/arm64/arm64.h"

#define BOARD_CPUS 8
#define BOARD_TREE_MAX 0x4000
#define BOARD_WORDS 0x3b400000 /* physical; the release words, then the held words */
#define BOARD_RELEASE(i) (BOARD_WORDS + 8ull * (i))
#define BOARD_HELD(i) (BOARD_WORDS + 0x1000 + 8ull * (i))
#define BOARD_RETURN 0x3b401000ull
#define BOARD_BATN 0x3b410000ull
#define BOARD_PAGE 0x2000000ull
#define BOARD_ROOT 0x2100000ull
#define BOARD_ALIAS 0x100000 /* of code: where it is, less this, is its physical address */
#define BOARD_STEP_US 10     /* by which a wait moves the clock */

struct fake_arm64 {
	/* The tree, as fake_arm64_tree() makes it: what a test wants different, it changes here. */
	unsigned ncpus;
	uint64_t mpidr[BOARD_CPUS], release[BOARD_CPUS], held[BOARD_CPUS], ret[BOARD_CPUS];
	const char *method[BOARD_CPUS], *status[BOARD_CPUS];
	const char *psci, *conduit; /* a node compatible with it; its method */
	unsigned address_cells;	    /* of /cpus */
	unsigned address_size;	    /* of cpu-release-addr and the like: bytes */
	bool huge_cells;	    /* #address-cells says something else */
	bool no_cpus_node, no_reg, batn;

	uint8_t *tree; /* as large as it is */
	size_t tree_size;

	struct baton_machine machine;
	struct baton_cpu cpu[BOARD_CPUS];
	struct baton_registers registers[BOARD_CPUS];
	uint8_t stack[BOARD_CPUS][64] __attribute__((aligned(16)));
	uint8_t page[IDMAP_SIZE];
	uint64_t words[BOARD_CPUS];	 /* the release words */
	uint64_t held_words[BOARD_CPUS]; /* and the held words */
	uint8_t batn_table[4096] __attribute__((aligned(64)));

	uint64_t now;	/* microseconds */
	uint64_t self;	/* the MPIDR that the code runs on */
	unsigned level; /* at which it runs */
	bool mmu_off;
	void (*step)(void); /* each time that somebody waits */
	int maps;	    /* that are not unmapped */
	int maps_left;	    /* how many succeed; negative: all */
	unsigned prints;    /* lines */
	char printed[128];
	bool interrupts;
	bool identity; /* code is at its physical address */
	unsigned quiets, events, nmis, drops;
	/* The firmware: X0 of a call. */
	uint64_t (*call)(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
	uint32_t conduit_seen;
	uint64_t left_return, left_root, left_code; /* where the last CPU went; code 1: it halted */
	jmp_buf left;
};

extern struct fake_arm64 fake_arm64;

/* A board with 4 CPUs, spin-table with return, MPIDR 0x100 on; the first is the calling one. */
void fake_arm64_reset(void);

/* The device tree that @board tells of. */
void fake_arm64_tree(void);

/* fake_arm64_tree(), and find it. */
int fake_arm64_find(void);

/* All found, prepared and ready to leave. */
void fake_arm64_machine(void);

/* The CPU comes into the kernel and up; false: it was not asked for. */
bool fake_arm64_comes_up(uint64_t mpidr);

/* Run baton_die() as that CPU; its error, or 0 if it has left. */
int fake_arm64_die(uint64_t mpidr);

/* That CPU takes the interrupt that stands for an NMI: whether baton_nmi() took it. */
bool fake_arm64_take_nmi(uint64_t mpidr);

#endif /* TESTS_UNIT_FAKE_ARM64_H */
