/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The CPUs and what they do for the probe: they come, wait for work, and leave.
 * The boot CPU conducts, but for a moment in check_wake_boot_cpu().
 */
#ifndef PROBE_ARM64_CPUS_H
#define PROBE_ARM64_CPUS_H

#include <baton/arm64/registers.h>
#include <stdbool.h>
#include <stdint.h>
#include "probe/cpus.h"
#include "arrival.h"
#include "head.h"
#include "level.h"
#include "traps.h"
#include "tree.h"

/* How CPUs come and go. */
enum way {
	WAY_NONE,
	WAY_PSCI,
	WAY_SPIN_TABLE_RETURN,
	WAY_SPIN_TABLE, /* they come once */
};

enum cpu_state {
	CPU_AWAY,   /* held, or on its way there */
	CPU_COMING, /* sent for */
	CPU_UP	    /* it waits for work */
};

/* What a CPU came with that nothing has changed until C code could read it. */
struct arrival_registers {
	uint64_t cntfrq, cntp_ctl, cntv_ctl;
	uint64_t cntpct[2], cntvct; /* read in turn: physical, virtual, physical */
	/* At EL2. */
	uint64_t cntvoff, cnthctl, cnthp_ctl, cptr, hstr, vttbr, vpidr, vmpidr, mdscr;
	uint64_t sctlr_el1, tcr_el1;
};

struct cpus_own {
	struct traps traps;
	uint32_t state; /* enum cpu_state */
	const struct devicetree_cpu *node;
	struct arrival_page *page;
	uint64_t argument, result;    /* of its work, as that pleases */
	uint64_t wakes;		      /* how often it was sent for */
	uint64_t since_us;	      /* when it was sent for, or sent away */
	uint64_t garbage, hcr;	      /* for head_leave_to(), the next time */
	bool wrong_cpu;		      /* another one has come in its place, and waits for ever */
	const struct context *resume; /* the boot CPU, when it comes back */
	struct arrival_registers registers;
};

extern enum way cpus_way;

/* Make room for all CPUs of the tree that come by @by, and learn how to call them. */
void cpus_start(enum way by);

/* What is in x0 when @cpu has been started by PSCI. */
uint64_t cpus_context(const struct cpu *cpu);

/*
 * Bring the page at which @cpu arrives back to what it has to be, after it was
 * written to; and bring here what an arrival has stored there.
 */
void cpus_make_page(struct cpu *cpu);
const struct arrival *cpus_arrival(struct cpu *cpu);

/*
 * It is about to be sent for in another way than by cpus_wake_begin(); wait until it has come;
 * or it was not sent for after all.
 */
void cpus_expect(struct cpu *cpu);
void cpus_expected(struct cpu *cpu);
void cpus_not_expected(struct cpu *cpu);

/* On @cpu: go. */
_Noreturn void cpus_go(struct cpu *cpu);

/* The words of a spin-table. */
void cpus_release_write(const struct cpu *cpu, uint64_t value);
uint64_t cpus_release_read(const struct cpu *cpu);

#endif /* PROBE_ARM64_CPUS_H */
