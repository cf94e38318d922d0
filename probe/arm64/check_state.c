/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The registers of every CPU at its entry: what PSCI and Linux's boot protocol ask for,
 * and what docs/contract-arm64.md, section 3, promises beyond that.
 */
#include "probe/tap.h"
#include "checks.h"
#include "psci.h"

#define STATE_SPEC BOOT_SPEC "; " PSCI_SPEC "6.4; " CONTRACT_SPEC "3, 8, 9"
#define OWN_SPEC CONTRACT_SPEC "3, 8, 9"

#define DAIF_MASKED 0x3c0
#define SCTLR_EL1_WANTED 0x30d00800
#define SCTLR_EL2_WANTED 0x30c50830
/* RW, and what lets features of the processor through: APK, API, EnSCXT, ATA. */
#define HCR_THROUGH (1ull << 40 | 1ull << 41 | 1ull << 53 | 1ull << 56)
#define CPTR_TRAPS (1ull << 31 | 1ull << 20 | 1ull << 10) /* TCPAC, TTA, TFP */
#define TCR_NO_WALKS (1ull << 7 | 1ull << 23)
#define TIMER_ENABLE 1
#define CNTHCTL_OPEN 3

typedef unsigned long long ull;

static struct cpu *examined;
static const struct arrival *arrival; /* of it */
static const struct arrival_registers *registers;

static void must(const char *name, uint64_t found, uint64_t wanted)
{
	if (found != wanted)
		tap_fault("%s: %s is 0x%llx instead of 0x%llx", examined->name, name, (ull)found,
			  (ull)wanted);
}

/* What everybody owes. */

static void level(void)
{
	must("CurrentEL", arrival->level, read_register(CurrentEL));
}

static void masked(void)
{
	must("DAIF", arrival->daif, DAIF_MASKED);
}

static void mmu(void)
{
	must("SCTLR.M, SCTLR.C", arrival->sctlr & (uint64_t)(SCTLR_M | SCTLR_C), 0);
}

static void arguments(void)
{
	if (cpus_way == WAY_PSCI) {
		must("x0", arrival->general[0], cpus_context(examined));
		return;
	}
	must("x0", arrival->general[0], 0);
	must("x1", arrival->general[1], 0);
	must("x2", arrival->general[2], 0);
	must("x3", arrival->general[3], 0);
}

static void number(void)
{
	must("MPIDR", arrival->mpidr & MPIDR_AFFINITY, examined->id);
}

static void frequency(void)
{
	must("CNTFRQ_EL0", registers->cntfrq, read_register(cntfrq_el0));
}

/* What virtual time is behind physical time lies between these two. */
struct offset {
	int64_t min, max;
};

static struct offset offset_of(uint64_t before, uint64_t virtual, uint64_t after)
{
	return (struct offset){(int64_t)(before - virtual), (int64_t)(after - virtual)};
}

static struct offset own_offset(void)
{
	uint64_t before, virtual, after;

	isb();
	before = read_register(cntpct_el0);
	isb();
	virtual = read_register(cntvct_el0);
	isb();
	after = read_register(cntpct_el0);
	return offset_of(before, virtual, after);
}

static void virtual_time(void)
{
	struct offset own = own_offset();
	struct offset its =
		offset_of(registers->cntpct[0], registers->cntvct, registers->cntpct[1]);

	if (its.max < own.min || own.max < its.min)
		tap_fault("%s: CNTVOFF_EL2 is another one than that of the boot CPU",
			  examined->name);
}

/* What baton's resident promises beyond that. */

static void stack_pointer(void)
{
	must("SPSel", arrival->spsel, 1);
}

static void general(void)
{
	for (unsigned i = 1; i < 31; i++)
		if (arrival->general[i])
			tap_fault("%s: x%u is 0x%llx instead of 0", examined->name, i,
				  (ull)arrival->general[i]);
}

static void sctlr(void)
{
	if (at_el2())
		must("SCTLR_EL2", arrival->sctlr, SCTLR_EL2_WANTED);
	else
		must("SCTLR_EL1", arrival->sctlr, SCTLR_EL1_WANTED);
}

static void timers(void)
{
	must("CNTP_CTL_EL0.ENABLE", registers->cntp_ctl & TIMER_ENABLE, 0);
	must("CNTV_CTL_EL0.ENABLE", registers->cntv_ctl & TIMER_ENABLE, 0);
	if (at_el2()) {
		must("CNTHP_CTL_EL2.ENABLE", registers->cnthp_ctl & TIMER_ENABLE, 0);
		must("CNTVOFF_EL2", registers->cntvoff, 0);
		must("CNTHCTL_EL2, bits 1-0", registers->cnthctl & CNTHCTL_OPEN, CNTHCTL_OPEN);
		return;
	}
	/* What its CNTVOFF_EL2 is can be seen by the difference of the counters alone. */
	if (registers->cntvct < registers->cntpct[0] || registers->cntvct > registers->cntpct[1])
		tap_fault("%s: CNTVOFF_EL2 is not 0", examined->name);
}

static void hypervisor(void)
{
	if (!at_el2())
		return;
	must("HCR_EL2", arrival->hcr & ~HCR_THROUGH, HCR_RW);
	must("HSTR_EL2", registers->hstr, 0);
	must("CPTR_EL2.TCPAC, TTA, TFP", registers->cptr & CPTR_TRAPS, 0);
	must("VTTBR_EL2", registers->vttbr, 0);
	if (cpus_way == WAY_PSCI) /* at EL3 */
		return;
	must("VPIDR_EL2", registers->vpidr, read_register(midr_el1));
	must("VMPIDR_EL2", registers->vmpidr & MPIDR_AFFINITY, examined->id);
}

/* Below EL2, where no kernel runs yet. */
static void below(void)
{
	if (!at_el2())
		return;
	must("SCTLR_EL1.M", registers->sctlr_el1 & SCTLR_M, 0);
	if (cpus_way == WAY_PSCI)
		return;
	must("TCR_EL1.EPD0, EPD1", registers->tcr_el1 & TCR_NO_WALKS, TCR_NO_WALKS);
	must("MDSCR_EL1", registers->mdscr, 0);
}

static const struct state_check {
	struct check check;
	void (*examine)(void);
	bool own; /* only baton's resident promises it */
} state_checks[] = {
	{{"state-level", "CPUs arrive at the level of the boot CPU", STATE_SPEC}, level, false},
	{{"state-masked", "... with all exceptions masked", STATE_SPEC}, masked, false},
	{{"state-mmu", "... with MMU and data cache off", STATE_SPEC}, mmu, false},
	{{"state-arguments", "... with the context in x0, or with nothing in x0 to x3", STATE_SPEC},
	 arguments,
	 false},
	{{"state-mpidr", "... as who they are", STATE_SPEC}, number, false},
	{{"state-frequency", "... with the frequency of the boot CPU in CNTFRQ", BOOT_SPEC},
	 frequency,
	 false},
	{{"state-virtual-time", "... with the virtual time of the boot CPU", BOOT_SPEC},
	 virtual_time,
	 false},
	{{"state-sp", "... on their own level's stack pointer", OWN_SPEC}, stack_pointer, true},
	{{"state-general", "... with all other general registers 0", OWN_SPEC}, general, true},
	{{"state-sctlr", "... with SCTLR in its initial state, the instruction cache off",
	  OWN_SPEC},
	 sctlr,
	 true},
	{{"state-timers", "... with their timers off, and no virtual offset", OWN_SPEC},
	 timers,
	 true},
	{{"state-hypervisor", "... with no second stage, no traps, and EL2 in its plain form",
	  OWN_SPEC},
	 hypervisor,
	 true},
	{{"state-below", "... with no translation at EL1, and no debugging", OWN_SPEC},
	 below,
	 true},
};

static void examine_all(const struct state_check *state)
{
	for (uint32_t i = 1; i < cpus_count; i++) {
		examined = &cpus[i];
		arrival = cpus_arrival(examined);
		registers = &examined->own->registers;
		state->examine();
	}
}

void checks_state(void)
{
	for (size_t i = 0; i < sizeof(state_checks) / sizeof(state_checks[0]); i++) {
		tap_begin(&state_checks[i].check);
		if (cpus_count == 1)
			tap_skip("there is only one CPU");
		else if (state_checks[i].own && !check_batn)
			tap_skip("only baton's resident promises it");
		else
			examine_all(&state_checks[i]);
		tap_end();
	}
}

void check_state_again(void)
{
	static const struct check check = {
		"state-again", "what a CPU has left behind is not there when it comes again",
		STATE_SPEC};

	tap_begin(&check);
	if (cpus_no_way_back()) {
		tap_skip(cpus_no_way_back());
		return;
	}
	cpus_wake_all();
	for (size_t i = 0; i < sizeof(state_checks) / sizeof(state_checks[0]); i++)
		if (!state_checks[i].own || check_batn)
			examine_all(&state_checks[i]);
	cpus_return_all();
	tap_end();
}
