/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What a TDX module does about each instruction, CPUID leaf, MSR and control-register bit that
 * it may intercept.  One table for all; the simulator asks it, and tests/unit/test_tdx_table.c
 * goes over it.  No privileged instruction: it runs on the host too.
 */
#ifndef TESTS_TDX_TABLE_H
#define TESTS_TDX_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum table_action {
	TABLE_NATIVE,	/* as on the processor, or as the module emulates it */
	TABLE_VE,	/* #VE, with information for TDG.VP.VEINFO.GET */
	TABLE_GP,	/* #GP(0) */
	TABLE_UD,	/* #UD */
	TABLE_OLD_VE,	/* #VE by the first modules of 1.5, #UD by newer ones: option new-module */
	TABLE_EFER,	/* native if nothing but SCE changes, else #VE */
	TABLE_TOPOLOGY, /* native if the TD has set TD_CTLS.ENUM_TOPOLOGY, else #VE */
};

/*
 * Where a row comes from.  The specification gives the rule in principle; its annexes and the
 * module's published source give the single value.  Nobody of the project could check any of
 * them on hardware.
 */
enum table_source {
	TABLE_BASE_CPUID,	 /* TDX module base specification, "CPUID virtualization" */
	TABLE_BASE_MSR,		 /* likewise, "MSR handling" */
	TABLE_BASE_CR,		 /* likewise, "CR handling" */
	TABLE_BASE_INSTRUCTIONS, /* likewise, "Instruction restrictions" */
	TABLE_MODULE,		 /* the module's source, version 1.5 */
};

/* VMX's basic exit reasons (Intel SDM volume 3, appendix C); a #VE has one of them. */
enum table_reason {
	REASON_CPUID = 10,
	REASON_HLT = 12,
	REASON_INVD = 13,
	REASON_RDPMC = 15,
	REASON_VMCALL = 18,
	REASON_CR = 28,
	REASON_IO = 30,
	REASON_RDMSR = 31,
	REASON_WRMSR = 32,
	REASON_MWAIT = 36,
	REASON_MONITOR = 39,
	REASON_EPT_VIOLATION = 48,
	REASON_WBINVD = 54,
};

struct table_instruction {
	const char *name;
	uint32_t exit;	/* SVM's exit code, 0: none */
	uint8_t length; /* of its encoding without prefixes; 0: known otherwise */
	enum table_action action;
	uint32_t reason; /* of the #VE */
	enum table_source source;
};

struct table_leaf {
	uint32_t first, last;
	enum table_action action;
	enum table_source source;
};

struct table_msr {
	uint32_t first, last;
	enum table_action read, write;
	enum table_source source;
	const char *name;
};

/* A bit of CR0 or CR4 that the TD may not set, or not clear. */
struct table_bit {
	uint8_t cr;
	uint8_t bit;
	bool set; /* the forbidden value */
	enum table_action action;
	enum table_source source;
	const char *name;
};

extern const struct table_instruction table_instructions[];
extern const size_t table_instruction_count;
extern const struct table_leaf table_leaves[];
extern const size_t table_leaf_count;
extern const struct table_msr table_msrs[];
extern const size_t table_msr_count;
extern const struct table_bit table_bits[];
extern const size_t table_bit_count;

/* The row for SVM's exit code @exit; NULL if it is no instruction of the table. */
const struct table_instruction *table_instruction(uint32_t exit);

/* What CPUID @leaf does.  What is in no row is #VE, as in the module. */
enum table_action table_cpuid(uint32_t leaf);

/* What RDMSR, or WRMSR, of @msr does.  Likewise. */
enum table_action table_access(uint32_t msr, bool write);

/*
 * What a write of @value to CR0 or CR4 (@cr) does.  If several bits are forbidden, #GP comes
 * before #VE.
 */
enum table_action table_control(unsigned cr, uint64_t value);

#endif /* TESTS_TDX_TABLE_H */
