/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Access to system registers, and instructions that C can't express.  Arm ARM (DDI 0487). */
#ifndef BATON_ARM64_REGISTERS_H
#define BATON_ARM64_REGISTERS_H

/* Bits and fields. */
#define CURRENT_EL_SHIFT 2
#define SCTLR_M 0x1
#define SCTLR_C 0x4
#define SCTLR_I 0x1000
#define HCR_E2H_SHIFT 34

/* By encoding: assemblers of today do not know them all by name. */
#define TTBR1_EL2 S3_4_C2_C0_1
#define ZCR_EL2 S3_4_C1_C2_0
#define SMCR_EL2 S3_4_C1_C2_6
#define HCRX_EL2 S3_4_C1_C2_2
#define HFGRTR_EL2 S3_4_C1_C1_4
#define HFGWTR_EL2 S3_4_C1_C1_5
#define HFGITR_EL2 S3_4_C1_C1_6
#define HDFGRTR_EL2 S3_4_C3_C1_4
#define HDFGWTR_EL2 S3_4_C3_C1_5
#define ZCR_EL3 S3_6_C1_C2_0
#define SMCR_EL3 S3_6_C1_C2_6
#define CNTHV_CTL_EL2 S3_4_C14_C3_1
#define GCSCR_EL1 S3_0_C2_C5_0
#define GCSCRE0_EL1 S3_0_C2_C5_2
#define GCSCR_EL2 S3_4_C2_C5_0
#define AMCGCR_EL0 S3_3_C13_C2_2
#define AMCNTENSET0_EL0 S3_3_C13_C2_5
#define AMCNTENSET1_EL0 S3_3_C13_C3_1
#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICC_SRE_EL3 S3_6_C12_C12_5
#define ICH_HCR_EL2 S3_4_C12_C11_0
#define SVCR S3_3_C4_C2_2
#define CNTHV_CTL_EL2 S3_4_C14_C3_1
#define PMBIDR_EL1 S3_0_C9_C10_7
#define PMBLIMITR_EL1 S3_0_C9_C10_0
#define PMSCR_EL1 S3_0_C9_C9_0
#define PMSCR_EL2 S3_4_C9_C9_0
#define TRBIDR_EL1 S3_0_C9_C11_7
#define TRBLIMITR_EL1 S3_0_C9_C11_0
#define TRFCR_EL1 S3_0_C1_C2_1
#define TRFCR_EL2 S3_4_C1_C2_1
#define ID_AA64SMFR0_EL1 S3_0_C0_C4_5
#define ID_AA64PFR2_EL1 S3_0_C0_C4_2
#define ID_AA64ISAR2_EL1 S3_0_C0_C6_2
#define ID_AA64MMFR3_EL1 S3_0_C0_C7_3

#ifndef __ASSEMBLER__
#include <stdint.h>

#define register_name_(name) #name
#define register_name(name) register_name_(name)

#define read_register(name)                                                                        \
	({                                                                                         \
		uint64_t value_;                                                                   \
		__asm__ volatile("mrs %0, " register_name(name) : "=r"(value_)::"memory");         \
		value_;                                                                            \
	})
#define write_register(name, value)                                                                \
	__asm__ volatile("msr " register_name(name) ", %0" : : "r"((uint64_t)(value)) : "memory")

#define isb() __asm__ volatile("isb" ::: "memory")

/* Field of 4 bits at @shift of an ID register. */
#define id_field(name, shift) ((unsigned)(read_register(name) >> (shift)) & 0xf)

#endif /* __ASSEMBLER__ */
#endif /* BATON_ARM64_REGISTERS_H */
