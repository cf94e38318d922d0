/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "table.h"
#include "svm.h"

/*
 * Not intercepted, so in no row: PAUSE, RDTSC, RDTSCP, CLFLUSH, XSETBV (native), and what
 * TCG does not have.  TDCALL and VMCALL are #UD to SVM: exits.c knows their bytes.
 */
const struct table_instruction table_instructions[] = {
	{"HLT", SVM_EXIT_HLT, 1, TABLE_VE, REASON_HLT, TABLE_BASE_INSTRUCTIONS},
	{"IN, OUT", SVM_EXIT_IOIO, 0, TABLE_VE, REASON_IO, TABLE_BASE_INSTRUCTIONS},
	{"MONITOR", SVM_EXIT_MONITOR, 3, TABLE_OLD_VE, REASON_MONITOR, TABLE_MODULE},
	{"MWAIT", SVM_EXIT_MWAIT, 3, TABLE_OLD_VE, REASON_MWAIT, TABLE_MODULE},
	{"INVD", SVM_EXIT_INVD, 2, TABLE_VE, REASON_INVD, TABLE_BASE_INSTRUCTIONS},
	{"WBINVD", SVM_EXIT_WBINVD, 2, TABLE_VE, REASON_WBINVD, TABLE_BASE_INSTRUCTIONS},
	{"VMCALL", 0, 3, TABLE_VE, REASON_VMCALL, TABLE_BASE_INSTRUCTIONS},
	/* Without ATTRIBUTES.PERFMON. */
	{"RDPMC", SVM_EXIT_RDPMC, 2, TABLE_GP, 0, TABLE_MODULE},
	/* AMD's, which an Intel processor does not have. */
	{"VMRUN", SVM_EXIT_VMRUN, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"VMMCALL", SVM_EXIT_VMMCALL, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"VMLOAD", SVM_EXIT_VMLOAD, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"VMSAVE", SVM_EXIT_VMSAVE, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"STGI", SVM_EXIT_STGI, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"CLGI", SVM_EXIT_CLGI, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"SKINIT", SVM_EXIT_SKINIT, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
	{"INVLPGA", SVM_EXIT_INVLPGA, 3, TABLE_UD, 0, TABLE_BASE_INSTRUCTIONS},
};
const size_t table_instruction_count = sizeof(table_instructions) / sizeof(table_instructions[0]);

/* In order.  Leaves that the module returns zeros for are native: cpuid.c has the values. */
const struct table_leaf table_leaves[] = {
	{0x0, 0x1, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0x2, 0x2, TABLE_VE, TABLE_MODULE},
	{0x3, 0x4, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0x5, 0x6, TABLE_VE, TABLE_MODULE},
	{0x7, 0x8, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0x9, 0x9, TABLE_VE, TABLE_MODULE},
	{0xa, 0xa, TABLE_NATIVE, TABLE_MODULE}, /* zeros without ATTRIBUTES.PERFMON */
	{0xb, 0xb, TABLE_TOPOLOGY, TABLE_MODULE},
	{0xc, 0xc, TABLE_VE, TABLE_MODULE},
	{0xd, 0xe, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0xf, 0x10, TABLE_VE, TABLE_MODULE},
	{0x11, 0x15, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0x16, 0x17, TABLE_VE, TABLE_MODULE},
	{0x18, 0x1a, TABLE_NATIVE, TABLE_MODULE},
	{0x1b, 0x1b, TABLE_VE, TABLE_MODULE},
	{0x1c, 0x1e, TABLE_NATIVE, TABLE_MODULE},
	{0x1f, 0x1f, TABLE_TOPOLOGY, TABLE_MODULE},
	{0x20, 0x23, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0x40000000, 0x4fffffff, TABLE_VE, TABLE_BASE_CPUID},
	{0x80000000, 0x80000001, TABLE_NATIVE, TABLE_BASE_CPUID},
	{0x80000002, 0x80000005, TABLE_VE, TABLE_MODULE},
	{0x80000006, 0x80000008, TABLE_NATIVE, TABLE_MODULE},
};
const size_t table_leaf_count = sizeof(table_leaves) / sizeof(table_leaves[0]);

/*
 * In order.  This TD has no performance monitoring, no processor trace, no CET and no TSX;
 * the MSRs of those are #GP.
 */
const struct table_msr table_msrs[] = {
	{0x10, 0x10, TABLE_NATIVE, TABLE_VE, TABLE_BASE_MSR, "IA32_TIME_STAMP_COUNTER"},
	{0x48, 0x49, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_SPEC_CTRL, IA32_PRED_CMD"},
	{0x8c, 0x8f, TABLE_GP, TABLE_GP, TABLE_MODULE, "IA32_SGXLEPUBKEYHASH"},
	{0x98, 0x9b, TABLE_GP, TABLE_GP, TABLE_MODULE, "MSR_WBINVDP to IA32_SMM_MONITOR_CTL"},
	{0x9e, 0x9e, TABLE_GP, TABLE_GP, TABLE_MODULE, "IA32_SMBASE"},
	{0xc1, 0xc8, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_PMCx"},
	{0xe1, 0xe1, TABLE_GP, TABLE_GP, TABLE_MODULE, "IA32_UMWAIT_CONTROL"},
	{0x10a, 0x10a, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_ARCH_CAPABILITIES"},
	{0x10b, 0x10b, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_FLUSH_CMD"},
	{0x122, 0x122, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_TSX_CTRL"},
	{0x174, 0x176, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_SYSENTER_CS, ESP, EIP"},
	{0x186, 0x18d, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_PERFEVTSELx"},
	{0x1a0, 0x1a0, TABLE_NATIVE, TABLE_VE, TABLE_BASE_MSR, "IA32_MISC_ENABLE"},
	{0x1a6, 0x1a7, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "MSR_OFFCORE_RSPx"},
	{0x1c4, 0x1c5, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_XFD, IA32_XFD_ERR"},
	{0x1d9, 0x1d9, TABLE_NATIVE, TABLE_NATIVE, TABLE_MODULE, "IA32_DEBUGCTL"},
	{0x277, 0x277, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_PAT"},
	{0x309, 0x310, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_FIXED_CTRx"},
	{0x329, 0x329, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_PERF_METRICS"},
	{0x345, 0x345, TABLE_GP, TABLE_GP, TABLE_MODULE, "IA32_PERF_CAPABILITIES"},
	{0x38d, 0x390, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_FIXED_CTR_CTRL to GLOBAL_OVF"},
	{0x560, 0x587, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_RTIT_*"},
	{0x600, 0x600, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_DS_AREA"},
	{0x6a0, 0x6a8, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_U_CET to INTERRUPT_SSP_TABLE"},
	{0x6e0, 0x6e0, TABLE_VE, TABLE_VE, TABLE_BASE_MSR, "IA32_TSC_DEADLINE"},
	{0x6e1, 0x6e1, TABLE_GP, TABLE_GP, TABLE_BASE_MSR, "IA32_PKRS"},
	{0x808, 0x808, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "x2APIC TPR"},
	{0x80a, 0x80b, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "x2APIC PPR, EOI"},
	{0x810, 0x827, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "x2APIC ISR, TMR, IRR"},
	{0x83f, 0x83f, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "x2APIC SELF_IPI"},
	{0xda0, 0xda0, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_XSS"},
	{0xc0000080, 0xc0000080, TABLE_NATIVE, TABLE_EFER, TABLE_BASE_MSR, "IA32_EFER"},
	{0xc0000081, 0xc0000082, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_STAR, LSTAR"},
	{0xc0000084, 0xc0000084, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_FMASK"},
	{0xc0000100, 0xc0000102, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR,
	 "IA32_FS_BASE, GS_BASE, KERNEL_GS_BASE"},
	{0xc0000103, 0xc0000103, TABLE_NATIVE, TABLE_NATIVE, TABLE_BASE_MSR, "IA32_TSC_AUX"},
};
const size_t table_msr_count = sizeof(table_msrs) / sizeof(table_msrs[0]);

const struct table_bit table_bits[] = {
	{0, 0, false, TABLE_VE, TABLE_MODULE, "CR0.PE"},
	{0, 5, false, TABLE_GP, TABLE_MODULE, "CR0.NE"},
	{0, 29, true, TABLE_VE, TABLE_MODULE, "CR0.NW"},
	{0, 30, true, TABLE_VE, TABLE_MODULE, "CR0.CD"},
	{4, 6, false, TABLE_VE, TABLE_MODULE, "CR4.MCE"},
	{4, 13, true, TABLE_VE, TABLE_MODULE, "CR4.VMXE"},
	{4, 14, true, TABLE_VE, TABLE_MODULE, "CR4.SMXE"},
};
const size_t table_bit_count = sizeof(table_bits) / sizeof(table_bits[0]);

const struct table_instruction *table_instruction(uint32_t exit)
{
	for (size_t i = 0; i < table_instruction_count; i++)
		if (table_instructions[i].exit == exit && exit)
			return &table_instructions[i];
	return NULL;
}

enum table_action table_cpuid(uint32_t leaf)
{
	for (size_t i = 0; i < table_leaf_count; i++)
		if (leaf >= table_leaves[i].first && leaf <= table_leaves[i].last)
			return table_leaves[i].action;
	/* Above the highest leaf of its range the module returns that of the highest basic one. */
	return leaf < 0x40000000 || leaf >= 0x80000000 ? TABLE_NATIVE : TABLE_VE;
}

enum table_action table_access(uint32_t msr, bool write)
{
	for (size_t i = 0; i < table_msr_count; i++)
		if (msr >= table_msrs[i].first && msr <= table_msrs[i].last)
			return write ? table_msrs[i].write : table_msrs[i].read;
	return TABLE_VE;
}

enum table_action table_control(unsigned cr, uint64_t value)
{
	enum table_action action = TABLE_NATIVE;

	for (size_t i = 0; i < table_bit_count; i++) {
		const struct table_bit *bit = &table_bits[i];

		if (bit->cr != cr || (value >> bit->bit & 1) != bit->set)
			continue;
		if (bit->action == TABLE_GP)
			return TABLE_GP;
		action = bit->action;
	}
	return action;
}
