/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The CPUs and what they do for the probe: they come by libbaton, wait for work,
 * and leave.  One CPU at a time conducts; it is the boot CPU, but for a moment after
 * a crash stop.
 */
#ifndef PROBE_X86_64_CPUS_H
#define PROBE_X86_64_CPUS_H

#include <baton/cpus.h>
#include <stdbool.h>
#include <stdint.h>
#include "arrival.h"
#include "traps.h"

#define CPUS_MAX 4096
#define STACK_SIZE 8192

/* What a CPU came with that can't be stored by assembly: see arrived(). */
struct arrival_registers {
	uint64_t efer, fs_base, gs_base, kernel_gs_base, dr[8];
	uint64_t u_cet, s_cet, perf_global_ctrl, debugctl, rtit_ctl;
	uint64_t apic_base;
	uint32_t svr, tpr, lvts, lvt[7];
	uint32_t irr[8], isr[8];
};

struct cpu {
	struct cpu *self; /* GS base: cpus_this() */
	uint32_t number;  /* 0: the boot CPU, for ever */
	uint32_t apic_id;
	struct baton_cpu *baton; /* in the machine that is in force */
	struct arrival *arrival;
	void (*work)(struct cpu *cpu); /* what it is to do, until it has done it; NULL: nothing */
	uint64_t ack_us;	       /* the last wake: until the acknowledgement */
	uint64_t alive_us;	       /* ... until it was up */
	uint32_t wrong_id;	       /* who came instead, and halted; NO_APIC_ID: nobody */
	uint32_t nmis;
	uint32_t bounces; /* how often it came and went at once: cpus_make_bounce() */
	int result;	  /* of its last work */
	const struct trap_frame *resume; /* the boot CPU, out of an NMI */
	struct arrival_registers registers;
	struct baton_registers crash_registers;
	struct descriptors descriptors;
	uint8_t nmi_stack[2048] __attribute__((aligned(16)));
	uint8_t exception_stack[4096] __attribute__((aligned(16)));
	uint8_t stack[STACK_SIZE] __attribute__((aligned(16)));
} __attribute__((aligned(64)));

#define NO_APIC_ID 0xffffffff

extern struct baton_machine *cpus_machine; /* the one that is in force */
extern struct cpu *cpus;		   /* [0] is the boot CPU */
extern uint32_t cpus_count;

/*
 * Find the CPUs of the machine, and make room for them.  0, or an error of
 * libbaton's: then there is but this CPU.
 */
int cpus_find(void);

/* From now on @cpu arrives at the page at @address, which is free memory. */
void cpus_move_page(struct cpu *cpu, uint64_t address);

struct cpu *cpus_this(void);
uint32_t cpus_apic_id(void);

/*
 * Wake @cpu to its own page, and wait until it waits for work.  Whatever goes wrong
 * in here makes it unsafe to go on: tap_bail_out().
 */
void cpus_wake(struct cpu *cpu);

/* Likewise, but only until it has acknowledged; and the wait. */
void cpus_wake_begin(struct cpu *cpu);
void cpus_wake_end(struct cpu *cpu);

/*
 * From now on, whoever comes to the page of @cpu counts that and goes back to the
 * reset vector at once, once for each call; or, if not @bounce, does as ever.
 */
void cpus_make_bounce(struct cpu *cpu, bool bounce);

/* A vector at which a CPU is caught that should not come; it halts there. */
uint64_t cpus_dead_end(void);
void cpus_make_dead_end(uint64_t address);

/* What has taken longest so far, and whose it was. */
struct slowest {
	uint64_t us;
	uint32_t apic_id;
};
extern struct slowest cpus_slowest_wake; /* from the command until it was up */
extern struct slowest cpus_slowest_ack;	 /* until the acknowledgement */
extern struct slowest
	cpus_slowest_return; /* from the jump to the reset vector until it answered TEST */

/* Have @cpu do @work, and wait until it has. */
void cpus_do(struct cpu *cpu, void (*work)(struct cpu *cpu));
void cpus_do_begin(struct cpu *cpu, void (*work)(struct cpu *cpu));
void cpus_do_end(struct cpu *cpu);

/* Whether @cpu can be given back, and may be: not the one that conducts. */
bool cpus_can_return(const struct cpu *cpu);

/*
 * Give @cpu back, and prove it: cpus_return_begin() has it leave, cpus_return_end()
 * waits for the proof, for as long as patience= says: it is not safe to go on
 * without.
 */
void cpus_return_begin(struct cpu *cpu);
void cpus_return_end(struct cpu *cpu);

bool cpus_is_up(const struct cpu *cpu);

/* Wake all others at once, by libbaton; cpus_wake_end() for each.  As baton_release_all(). */
int cpus_release_all(void);

/* All others: wake, in the order of the MADT, or return. */
void cpus_wake_all(void);
void cpus_return_all(void);

/*
 * After a crash stop, on the CPU that has done it: libbaton anew, as the crash
 * kernel would begin.
 */
void cpus_start_anew(void);

/* The page tables by which CPUs leave: libbaton's; away with them, and again. */
void cpus_exit_build(void);
void cpus_exit_scorch(void);

/* An NMI came. */
void cpus_nmi(struct trap_frame *frame);

#endif /* PROBE_X86_64_CPUS_H */
