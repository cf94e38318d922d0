/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Included in front of resident/arm64/el2_state.c: system registers are variables of the
 * harness, proof_NAME.
 */
#ifndef TESTS_PROOF_EL2_REGISTERS_H
#define TESTS_PROOF_EL2_REGISTERS_H

#include <baton/arm64/registers.h>

extern uint64_t proof_ID_AA64SMFR0_EL1, proof_ID_AA64ISAR2_EL1, proof_ID_AA64MMFR3_EL1,
	proof_id_aa64pfr0_el1, proof_id_aa64pfr1_el1, proof_id_aa64mmfr0_el1,
	proof_id_aa64mmfr1_el1, proof_id_aa64dfr0_el1, proof_id_aa64isar1_el1, proof_midr_el1,
	proof_mpidr_el1, proof_pmcr_el0, proof_ICC_SRE_EL2, proof_hcr_el2, proof_cptr_el2,
	proof_ZCR_EL2, proof_SMCR_EL2, proof_HCRX_EL2, proof_HFGRTR_EL2, proof_HFGWTR_EL2,
	proof_HFGITR_EL2, proof_HDFGRTR_EL2, proof_HDFGWTR_EL2, proof_mdcr_el2, proof_ICH_HCR_EL2,
	proof_cnthctl_el2, proof_cntvoff_el2, proof_cnthp_ctl_el2, proof_CNTHV_CTL_EL2,
	proof_cntp_ctl_el0, proof_cntv_ctl_el0, proof_hstr_el2, proof_vpidr_el2, proof_vmpidr_el2;

uint64_t proof_read(uint64_t *at);
void proof_write(uint64_t *at, uint64_t value);
void proof_isb(void);

#undef read_register
#undef write_register
#undef isb
#undef id_field
#define read_register(name) proof_read(&proof_##name)
#define write_register(name, value) proof_write(&proof_##name, value)
#define isb() proof_isb()
#define id_field(name, shift) ((unsigned)(proof_read(&proof_##name) >> (shift)) & 0xf)

#endif /* TESTS_PROOF_EL2_REGISTERS_H */
