/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Arm ARM (DDI 0487), chapters D1 and D13; Linux, Documentation/arch/arm64/booting
 * and its list of features in asm/el2_setup.h.
 */
#include "el2_state.h"
#include <baton/arm64/registers.h>
#include <stdbool.h>

#define HCR_APK (1ull << 40)
#define HCR_API (1ull << 41)
#define HCR_ENSCXT (1ull << 53)
#define HCR_ATA (1ull << 56)

#define CPTR_RES1 0x33ffull
#define CPTR_TZ (1ull << 8)   /* traps SVE */
#define CPTR_TSM (1ull << 12) /* traps SME */
#define SMCR_FA64 (1ull << 31)
#define SMCR_EZT0 (1ull << 30)

#define HCRX_MSCEN (1ull << 11)
#define HCRX_TCR2EN (1ull << 14)
#define HCRX_SCTLR2EN (1ull << 15)

#define HFG_NO_SMPRI (1ull << 54)
#define HFG_NO_TPIDR2 (1ull << 55)
#define HFG_NO_PIRE0 (1ull << 57)
#define HFG_NO_PIR (1ull << 58)

#define ICC_SRE_ENABLE 9ull

uint64_t el2_state_sme(void)
{
	uint64_t features = read_register(ID_AA64SMFR0_EL1);

	return VECTOR_LENGTH_MAX | (features >> 63 ? SMCR_FA64 : 0) |
	       ((features >> 56 & 0xf) ? SMCR_EZT0 : 0);
}

static void prepare_vectors(void)
{
	bool sve = id_field(id_aa64pfr0_el1, 32);
	bool sme = id_field(id_aa64pfr1_el1, 24);
	uint64_t cptr = CPTR_RES1;

	if (sve)
		cptr &= ~CPTR_TZ;
	if (sme)
		cptr &= ~CPTR_TSM;
	write_register(cptr_el2, cptr);
	isb();
	if (sve)
		write_register(ZCR_EL2, VECTOR_LENGTH_MAX);
	if (sme)
		write_register(SMCR_EL2, el2_state_sme());
}

/* Extensions that trap unless they are let through. */
static void prepare_traps(void)
{
	bool sme = id_field(id_aa64pfr1_el1, 24);
	uint64_t hcrx = 0, fine = 0;

	if (id_field(ID_AA64ISAR2_EL1, 16)) /* MOPS */
		hcrx |= HCRX_MSCEN;
	if (id_field(ID_AA64MMFR3_EL1, 0)) /* TCRX */
		hcrx |= HCRX_TCR2EN;
	if (id_field(ID_AA64MMFR3_EL1, 4)) /* SCTLRX */
		hcrx |= HCRX_SCTLR2EN;
	if (id_field(id_aa64mmfr1_el1, 40)) /* HCX */
		write_register(HCRX_EL2, hcrx);

	if (!id_field(id_aa64mmfr0_el1, 56)) /* FGT */
		return;
	if (sme)
		fine |= HFG_NO_SMPRI | HFG_NO_TPIDR2;
	if (id_field(ID_AA64MMFR3_EL1, 8)) /* S1PIE */
		fine |= HFG_NO_PIRE0 | HFG_NO_PIR;
	write_register(HFGRTR_EL2, fine);
	write_register(HFGWTR_EL2, fine);
	write_register(HFGITR_EL2, 0);
	write_register(HDFGRTR_EL2, 0);
	write_register(HDFGWTR_EL2, 0);
}

/* Performance monitors, statistical profiling and trace are EL1's. */
static void prepare_debug(void)
{
	unsigned pmu = id_field(id_aa64dfr0_el1, 8);
	uint64_t mdcr = 0;

	if (pmu && pmu != 0xf)
		mdcr |= read_register(pmcr_el0) >> 11 & 0x1f; /* HPMN: all counters */
	if (id_field(id_aa64dfr0_el1, 32))
		mdcr |= 3ull << 12; /* E2PB */
	if (id_field(id_aa64dfr0_el1, 44))
		mdcr |= 3ull << 24; /* E2TB */
	write_register(mdcr_el2, mdcr);
}

static void prepare_interrupts(void)
{
	if (id_field(id_aa64pfr0_el1, 24)) { /* GIC by system registers */
		write_register(ICC_SRE_EL2, read_register(ICC_SRE_EL2) | ICC_SRE_ENABLE);
		isb();
		write_register(ICH_HCR_EL2, 0);
	}
	write_register(cnthctl_el2, 3);
	write_register(cntvoff_el2, 0);
	write_register(cnthp_ctl_el2, 0);
	if (id_field(id_aa64mmfr1_el1, 8)) /* VH */
		write_register(CNTHV_CTL_EL2, 0);
	write_register(cntp_ctl_el0, 0);
	write_register(cntv_ctl_el0, 0);
}

void el2_state_prepare(uint64_t hcr)
{
	hcr |= HCR_RW;
	if (read_register(id_aa64isar1_el1) & 0xff000ff0) /* APA, API, GPA, GPI */
		hcr |= HCR_APK | HCR_API;
	if (read_register(ID_AA64ISAR2_EL1) & 0xff00) /* GPA3, APA3 */
		hcr |= HCR_APK | HCR_API;
	if (id_field(id_aa64pfr0_el1, 56) >= 2) /* CSV2_2 */
		hcr |= HCR_ENSCXT;
	if (id_field(id_aa64pfr1_el1, 8) >= 2) /* MTE2 */
		hcr |= HCR_ATA;
	write_register(hcr_el2, hcr);
	isb(); /* what the others mean, and which register a name is, depends on E2H */
	prepare_vectors();
	prepare_traps();
	prepare_debug();
	prepare_interrupts();
	write_register(hstr_el2, 0);
	write_register(vpidr_el2, read_register(midr_el1));
	write_register(vmpidr_el2, read_register(mpidr_el1));
}
