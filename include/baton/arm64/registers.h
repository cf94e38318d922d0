/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Access to system registers, and instructions that C can't express.  Arm ARM (DDI 0487). */
#ifndef BATON_ARM64_REGISTERS_H
#define BATON_ARM64_REGISTERS_H

/* Bits and fields. */
#define CURRENT_EL_SHIFT 2
#define SCTLR_M 0x1
#define SCTLR_A 0x2
#define SCTLR_C 0x4
#define SCTLR_SA 0x8
#define SCTLR_I 0x1000
#define SCTLR_EE 0x2000000
#define HCR_RW 0x80000000 /* EL1 has 64 bits */
#define HCR_E2H_SHIFT 34
#define ESR_CLASS_SHIFT 26
#define ESR_CLASS_SMC32 0x13 /* of a caller of 32 bits */
#define ESR_CLASS_HVC 0x16
#define ESR_CLASS_SMC 0x17

/* SPSR_ELx: 64 bits, the level's own stack pointer, all of DAIF masked. */
#define SPSR_EL1H_MASKED 0x3c5
#define SPSR_EL2H_MASKED 0x3c9

/* SCTLR_ELx with its RES1 bits alone: little-endian, MMU and caches off.  EL3's are EL2's. */
#define SCTLR_EL1_OFF 0x30d00800
#define SCTLR_EL2_OFF 0x30c50830
#define SCTLR_EL3_OFF SCTLR_EL2_OFF

/* The same with the MMU and the caches on; the stack pointer is checked. */
#define SCTLR_ON_BITS (SCTLR_I | SCTLR_SA | SCTLR_C | SCTLR_M)
#define SCTLR_EL1_ON (SCTLR_EL1_OFF | SCTLR_ON_BITS)
#define SCTLR_EL2_ON (SCTLR_EL2_OFF | SCTLR_ON_BITS)
#define SCTLR_EL3_ON (SCTLR_EL3_OFF | SCTLR_ON_BITS)

/* MIDR_EL1. */
#define MIDR_IMPLEMENTER_ARM 0x41
#define MIDR_PART_CORTEX_A53 0xd03
#define MIDR_PART_CORTEX_A55 0xd05
#define MIDR_PART_CORTEX_A57 0xd07
#define MIDR_PART_CORTEX_A72 0xd08
#define MIDR_IMPLEMENTER(midr) ((midr) >> 24 & 0xff)
#define MIDR_PART(midr) ((midr) >> 4 & 0xfff)

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
