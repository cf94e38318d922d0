/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The CPUs of x86-64, which come and leave by libbaton: beyond probe/cpus.h. */
#ifndef PROBE_X86_64_CPUS_H
#define PROBE_X86_64_CPUS_H

#include <baton/cpus.h>
#include <stdbool.h>
#include <stdint.h>
#include "probe/cpus.h"
#include "arrival.h"
#include "traps.h"

#define CPUS_MAX 4096

/* What a CPU came with that can't be stored by assembly: see arrived(). */
struct arrival_registers {
	uint64_t efer, fs_base, gs_base, kernel_gs_base, dr[8];
	uint64_t u_cet, s_cet, perf_global_ctrl, debugctl, rtit_ctl;
	uint64_t apic_base;
	uint32_t svr, tpr, lvts, lvt[7];
	uint32_t irr[8], isr[8];
};

struct cpus_own {
	struct traps traps;
	struct baton_cpu *baton; /* in the machine that is in force */
	struct arrival *arrival;
	uint64_t ack_us;   /* the last wake: until the acknowledgement */
	uint64_t alive_us; /* ... until it was up */
	uint32_t wrong_id; /* which came instead, and halted; NO_APIC_ID: none */
	uint32_t nmis;
	uint32_t bounces; /* how often it came and went at once: cpus_make_bounce() */
	int result;	  /* of its last work */
	const struct trap_frame *resume; /* the boot CPU, out of an NMI */
	struct arrival_registers registers;
	struct baton_registers crash_registers;
};

#define NO_APIC_ID 0xffffffff

extern struct baton_machine *cpus_machine; /* the one that is in force */

/*
 * Find the CPUs of the machine, and make room for them.  0, or an error of
 * libbaton's: then there is but this CPU.
 */
int cpus_find(void);

/* From now on @cpu arrives at the page at @address, which is free memory. */
void cpus_move_page(struct cpu *cpu, uint64_t address);

/*
 * From now on, a CPU that comes to the page of @cpu counts that and goes back to the
 * reset vector at once, once for each call; or, if not @bounce, it stays, as before.
 */
void cpus_make_bounce(struct cpu *cpu, bool bounce);

/* A vector at which a CPU is caught that should not come; it halts there. */
void cpus_make_dead_end(uint64_t address);

/* Wake all others at once, by libbaton; cpus_wake_end() for each.  As baton_release_all(). */
int cpus_release_all(void);

/*
 * After a crash stop, on the CPU that has done it: libbaton anew, as the crash
 * kernel would begin.
 */
void cpus_start_anew(void);

/*
 * From now on CPUs leave on the probe's page tables, which map all memory, as Linux's do; or,
 * if not @all, on libbaton's, which map nothing but the reset vector's page.
 */
void cpus_leave_with_memory(bool all);

/* The page tables by which CPUs leave: libbaton's; away with them, and again. */
void cpus_exit_build(void);
void cpus_exit_scorch(void);

/* On a CPU that has taken an NMI. */
void cpus_nmi(struct trap_frame *frame);

#endif /* PROBE_X86_64_CPUS_H */
