/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * EL2's registers before a kernel gets the CPU, for any processor, by its ID registers: Arm ARM
 * (DDI 0487), D23; Linux, Documentation/arch/arm64/booting.rst.
 *
 * Sources: resident/arm64/el2_state.c
 * Flags: -include tests/proof/el2_registers.h
 * Proof: el2_state
 * Quick: el2_state
 * Mutant: el2_state resident/arm64/el2_state.c s/if (sve)$/if (1)/
 * Mutant: el2_state resident/arm64/el2_state.c s/cptr &= ~CPTR_TZ;//
 * Mutant: el2_state resident/arm64/el2_state.c s/CPTR_TSM (1ull << 12)/CPTR_TSM (1ull << 13)/
 * Mutant: el2_state resident/arm64/el2_state.c s/if (id_field(id_aa64mmfr1_el1, 40))/if (hcrx)/
 * Mutant: el2_state resident/arm64/el2_state.c s/hcr |= HCR_APK | HCR_API;//
 * Mutant: el2_state resident/arm64/el2_state.c s/if (!id_field(id_aa64mmfr0_el1, 56))/if (0)/
 * Mutant: el2_state resident/arm64/el2_state.c s/pmu \&\& pmu != 0xf/pmu/
 * Mutant: el2_state resident/arm64/el2_state.c s/write_register(cnthp_ctl_el2, 0);//
 * Mutant: el2_state resident/arm64/el2_state.c s/id_field(id_aa64mmfr1_el1, 8)/1/
 * Mutant: el2_state resident/arm64/el2_state.c s/write_register(vmpidr_el2, read_register(mpidr_el1))//
 */
/* clang-format on */
#include "proof.h"
#include "el2_registers.h"
#include "resident/arm64/el2_state.h"

uint64_t proof_ID_AA64SMFR0_EL1, proof_ID_AA64ISAR2_EL1, proof_ID_AA64MMFR3_EL1,
	proof_id_aa64pfr0_el1, proof_id_aa64pfr1_el1, proof_id_aa64mmfr0_el1,
	proof_id_aa64mmfr1_el1, proof_id_aa64dfr0_el1, proof_id_aa64isar1_el1, proof_midr_el1,
	proof_mpidr_el1, proof_pmcr_el0, proof_ICC_SRE_EL2, proof_hcr_el2, proof_cptr_el2,
	proof_ZCR_EL2, proof_SMCR_EL2, proof_HCRX_EL2, proof_HFGRTR_EL2, proof_HFGWTR_EL2,
	proof_HFGITR_EL2, proof_HDFGRTR_EL2, proof_HDFGWTR_EL2, proof_mdcr_el2, proof_ICH_HCR_EL2,
	proof_cnthctl_el2, proof_cntvoff_el2, proof_cnthp_ctl_el2, proof_CNTHV_CTL_EL2,
	proof_cntp_ctl_el0, proof_cntv_ctl_el0, proof_hstr_el2, proof_vpidr_el2, proof_vmpidr_el2;

static bool hcr_seen, cptr_seen, sre_seen; /* written, and an ISB behind it */
static bool hcr_written, cptr_written, sre_written;

static unsigned field(uint64_t id, unsigned shift)
{
	return id >> shift & 15;
}

static bool has_sve(void)
{
	return field(proof_id_aa64pfr0_el1, 32);
}

static bool has_sme(void)
{
	return field(proof_id_aa64pfr1_el1, 24);
}

static bool has_gic(void)
{
	return field(proof_id_aa64pfr0_el1, 24);
}

static bool has_pmu(void)
{
	return field(proof_id_aa64dfr0_el1, 8) && field(proof_id_aa64dfr0_el1, 8) != 15;
}

/* Whether the processor has the register: else the access is undefined. */
static bool is_there(const uint64_t *at)
{
	if (at == &proof_ZCR_EL2)
		return has_sve() && cptr_seen;
	if (at == &proof_SMCR_EL2)
		return has_sme() && cptr_seen;
	if (at == &proof_HCRX_EL2)
		return field(proof_id_aa64mmfr1_el1, 40);
	if (at == &proof_HFGRTR_EL2 || at == &proof_HFGWTR_EL2 || at == &proof_HFGITR_EL2 ||
	    at == &proof_HDFGRTR_EL2 || at == &proof_HDFGWTR_EL2)
		return field(proof_id_aa64mmfr0_el1, 56);
	if (at == &proof_ICC_SRE_EL2)
		return has_gic();
	if (at == &proof_ICH_HCR_EL2)
		return has_gic() && sre_seen;
	if (at == &proof_CNTHV_CTL_EL2)
		return field(proof_id_aa64mmfr1_el1, 8);
	if (at == &proof_pmcr_el0)
		return has_pmu();
	return true;
}

uint64_t proof_read(uint64_t *at)
{
	PROVE("the register is there", is_there(at));
	return *at;
}

void proof_write(uint64_t *at, uint64_t value)
{
	PROVE("the register is there", is_there(at));
	PROVE("HCR_EL2 first: it decides which register a name is",
	      at == &proof_hcr_el2 || hcr_seen);
	*at = value;
	hcr_written |= at == &proof_hcr_el2;
	cptr_written |= at == &proof_cptr_el2;
	sre_written |= at == &proof_ICC_SRE_EL2;
}

void proof_isb(void)
{
	hcr_seen = hcr_written;
	cptr_seen = cptr_written;
	sre_seen = sre_written;
}

static void any_processor(void)
{
	proof_ID_AA64SMFR0_EL1 = any64();
	proof_ID_AA64ISAR2_EL1 = any64();
	proof_ID_AA64MMFR3_EL1 = any64();
	proof_id_aa64pfr0_el1 = any64();
	proof_id_aa64pfr1_el1 = any64();
	proof_id_aa64mmfr0_el1 = any64();
	proof_id_aa64mmfr1_el1 = any64();
	proof_id_aa64dfr0_el1 = any64();
	proof_id_aa64isar1_el1 = any64();
	proof_midr_el1 = any64();
	proof_mpidr_el1 = any64();
	proof_pmcr_el0 = any64();
	/* Whatever the last kernel left. */
	proof_ICC_SRE_EL2 = any64();
	proof_hcr_el2 = any64();
	proof_cptr_el2 = any64();
	proof_ZCR_EL2 = any64();
	proof_SMCR_EL2 = any64();
	proof_HCRX_EL2 = any64();
	proof_HFGRTR_EL2 = any64();
	proof_HFGITR_EL2 = any64();
	proof_HDFGRTR_EL2 = any64();
	proof_mdcr_el2 = any64();
	proof_ICH_HCR_EL2 = any64();
	proof_cnthctl_el2 = any64();
	proof_cntvoff_el2 = any64();
	proof_cnthp_ctl_el2 = any64();
	proof_CNTHV_CTL_EL2 = any64();
	proof_cntp_ctl_el0 = any64();
	proof_cntv_ctl_el0 = any64();
	proof_hstr_el2 = any64();
}

static void judge_traps(void)
{
	bool keys = field(proof_id_aa64isar1_el1, 4) || field(proof_id_aa64isar1_el1, 8) ||
		    field(proof_id_aa64isar1_el1, 24) || field(proof_id_aa64isar1_el1, 28) ||
		    field(proof_ID_AA64ISAR2_EL1, 8) || field(proof_ID_AA64ISAR2_EL1, 12);

	PROVE("pointer authentication is the kernel's",
	      (proof_hcr_el2 >> 40 & 3) == (keys ? 3 : 0));
	PROVE("FP and SIMD are; SVE, SME if they are there",
	      !(proof_cptr_el2 >> 10 & 1) && !(proof_cptr_el2 >> 31) &&
		      (proof_cptr_el2 >> 8 & 1) == !has_sve() &&
		      (proof_cptr_el2 >> 12 & 1) == !has_sme());
	if (has_sve())
		PROVE("vectors of any length", (proof_ZCR_EL2 & 15) == 15);
	if (has_sme())
		PROVE("all of SME",
		      (proof_SMCR_EL2 & 15) == 15 &&
			      (proof_SMCR_EL2 >> 31 & 1) == proof_ID_AA64SMFR0_EL1 >> 63);
	if (field(proof_id_aa64mmfr1_el1, 40))
		PROVE("HCRX: what is there",
		      (proof_HCRX_EL2 >> 11 & 1) == !!field(proof_ID_AA64ISAR2_EL1, 16) &&
			      (proof_HCRX_EL2 >> 14 & 1) == !!field(proof_ID_AA64MMFR3_EL1, 0) &&
			      (proof_HCRX_EL2 >> 15 & 1) == !!field(proof_ID_AA64MMFR3_EL1, 4));
	if (field(proof_id_aa64mmfr0_el1, 56))
		PROVE("nothing is trapped one by one; negative bits if they are there",
		      proof_HFGRTR_EL2 == proof_HFGWTR_EL2 && !proof_HFGITR_EL2 &&
			      !proof_HDFGRTR_EL2 && !proof_HDFGWTR_EL2 &&
			      (proof_HFGRTR_EL2 >> 54 & 3) == (has_sme() ? 3 : 0) &&
			      (proof_HFGRTR_EL2 >> 57 & 3) ==
				      (field(proof_ID_AA64MMFR3_EL1, 8) ? 3 : 0) &&
			      !(proof_HFGRTR_EL2 & ~(3ull << 54 | 3ull << 57)));
}

void proof_el2_state(void)
{
	uint64_t hcr = any64(), features, sme;

	any_processor();
	ASSUME_CONTRACT("el2_state.h: HCR_EL2.E2H becomes 0", !(hcr >> 34 & 1));
	/* What this function itself decides. */
	ASSUME_CASE(!(hcr & (1ull << 40 | 1ull << 41 | 1ull << 53 | 1ull << 56)));
	features = 1ull << 31 | 1ull << 40 | 1ull << 41 | 1ull << 53 | 1ull << 56;
	el2_state_prepare(hcr);
	PROVE("HCR_EL2: 64 bits, not E2H, and what was given",
	      proof_hcr_el2 >> 31 & 1 && (proof_hcr_el2 & ~features) == (hcr & ~features));
	judge_traps();
	PROVE("MTE, and SCXTNUM, are the kernel's",
	      (proof_hcr_el2 >> 56 & 1) == (field(proof_id_aa64pfr1_el1, 8) >= 2) &&
		      (proof_hcr_el2 >> 53 & 1) == (field(proof_id_aa64pfr0_el1, 56) >= 2));
	PROVE("all counters of the PMU, and no trap",
	      (proof_mdcr_el2 & 31) == (has_pmu() ? proof_pmcr_el0 >> 11 & 31 : 0) &&
		      !(proof_mdcr_el2 & ~(31ull | 3ull << 12 | 3ull << 24)));
	PROVE("profiling and trace write to EL1's memory",
	      (proof_mdcr_el2 >> 12 & 3) == (field(proof_id_aa64dfr0_el1, 32) ? 3 : 0) &&
		      (proof_mdcr_el2 >> 24 & 3) == (field(proof_id_aa64dfr0_el1, 44) ? 3 : 0));
	if (has_gic())
		PROVE("the GIC's registers", (proof_ICC_SRE_EL2 & 9) == 9 && !proof_ICH_HCR_EL2);
	PROVE("counters and timers are the kernel's, and no timer runs",
	      proof_cnthctl_el2 == 3 && !proof_cntvoff_el2 && !proof_cnthp_ctl_el2 &&
		      !proof_cntp_ctl_el0 && !proof_cntv_ctl_el0);
	if (field(proof_id_aa64mmfr1_el1, 8))
		PROVE("nor that of E2H", !proof_CNTHV_CTL_EL2);
	PROVE("no trap of 32-bit state", !proof_hstr_el2);
	PROVE("the processor's own numbers",
	      proof_vpidr_el2 == proof_midr_el1 && proof_vmpidr_el2 == proof_mpidr_el1);
	sme = el2_state_sme();
	PROVE("SMCR for EL3, too", sme == (0x1ff | (proof_ID_AA64SMFR0_EL1 >> 63) << 31 |
					   (field(proof_ID_AA64SMFR0_EL1, 56) ? 1ull << 30 : 0)));
}
