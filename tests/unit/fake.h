/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A kernel on a machine that is not there, for tests of libbaton: physical memory,
 * a clock that goes on when somebody waits, other CPUs, and whoever holds them.
 * It stands for <baton/port.h> and for kernel/x86_64/cpu.c.
 */
#ifndef TESTS_UNIT_FAKE_H
#define TESTS_UNIT_FAKE_H

#include "unit.h"

#include <baton/acpi.h>
#include <baton/cpus.h>
#include <baton/mailbox.h>
#include <baton/port.h>
#include <baton/table.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"

#define FAKE_CPUS 8
#define FAKE_RSDP 0x000e0000
#define FAKE_XSDT 0x3fa00000
#define FAKE_MADT 0x3fa10008
#define FAKE_BATN 0x3fa20000
#define FAKE_MAILBOX 0x3fb01000
#define FAKE_RESET_VECTOR 0x3fb02000
#define FAKE_APIC 0xfee00000
#define FAKE_TRAMPOLINE 0x0009f000
#define FAKE_ROOT 0x00107000
#define FAKE_STEP_US 10 /* by which a wait moves the clock */

struct fake {
	struct baton_machine machine;
	struct baton_cpu cpu[FAKE_CPUS];
	struct baton_registers registers[FAKE_CPUS];
	uint8_t stack[FAKE_CPUS][64] __attribute__((aligned(16)));
	struct baton_mailbox mailbox __attribute__((aligned(4096)));
	uint8_t trampoline[4096];

	uint64_t now;	      /* microseconds */
	uint64_t self;	      /* the APIC ID that the code runs on */
	void (*step)(void);   /* each time that somebody waits */
	void (*flush)(void);  /* each time before the mailbox is read, and when it is written */
	int maps;	      /* that are not unmapped */
	int maps_left;	      /* how many succeed; negative: all */
	unsigned prints;      /* lines */
	char printed[128];    /* the last one */
	bool interrupts;      /* are on */
	uint64_t cr4;	      /* of all CPUs */
	bool bsp;	      /* this is the bootstrap processor */
	bool tdx;	      /* this is a TDX guest */
	int machine_error;    /* of arch_find() */
	bool xapic;	      /* whether it maps the local APIC ... */
	uint8_t apic_page[4]; /* ... here */
	uint64_t left_vector; /* where the last CPU went that left; 1: it halted */
	uint64_t left_root;
	unsigned quiets;	       /* arch_quiet() */
	unsigned unblocked;	       /* arch_unblock_nmi() */
	void (*nmi)(uint64_t apic_id); /* what an NMI does; NULL: nothing */
	unsigned nmis;
	struct { /* the interrupts sent by x86_send() */
		uint64_t apic_id;
		uint32_t command;
		uint64_t when;
	} sent[64];
	unsigned nsent;
	jmp_buf left; /* a CPU leaves: fake_leaves() */
};

extern struct fake fake;

/* No memory, no tables; the calling CPU has APIC ID 0. */
void fake_reset(void);

/* Make the @size bytes at @pointer physical memory at @address. */
void fake_memory(uint64_t address, void *pointer, size_t size);

/* The memory at that address, of which there must be some. */
void *fake_at(uint64_t address);

/* A table from @b, at @address, in memory of exactly its size; freed by fake_reset(). */
void *fake_table(const struct builder *b, uint64_t address);

/* RSDP and XSDT that name the tables at @madt and @batn (0: none). */
void fake_root(uint64_t madt, uint64_t batn);

/* A MADT with CPUs 0 to @ncpus - 1, and a wakeup structure if @length is not 0. */
void fake_madt(unsigned ncpus, uint16_t version, uint8_t length);

/* A BATN table with @flags that says @held. */
struct baton_table *fake_batn(uint32_t flags, uint32_t held);

/*
 * All of it, with 4 CPUs, found and prepared, page tables for leaving built;
 * @method is BATON_MAILBOX_V0 ... BATON_INIT_SIPI.
 */
void fake_machine(enum baton_method method);

/* Run baton_die() as the CPU @apic_id; its error, or 0 if it has left. */
int fake_die(uint64_t apic_id);

/* The CPU @apic_id takes an NMI: whether baton_nmi() took it. */
bool fake_take_nmi(uint64_t apic_id);

/* The CPU @apic_id comes into the kernel and up; false: it was not asked for. */
bool fake_comes_up(uint64_t apic_id);

#endif /* TESTS_UNIT_FAKE_H */
