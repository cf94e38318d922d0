/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* tests/tdx/table.c: what the simulated TDX module does about each instruction and register. */
#include "unit.h"

#include "tests/tdx/svm.h"
#include "tests/tdx/table.h"

/* Each row can be reached: nothing before it has its exit code, or covers its numbers. */
static void instructions_are_distinct(void **state)
{
	(void)state;
	for (size_t i = 0; i < table_instruction_count; i++) {
		const struct table_instruction *row = &table_instructions[i];

		if (row->exit)
			assert_ptr_equal(table_instruction(row->exit), row);
		assert_int_equal(row->action == TABLE_VE || row->action == TABLE_OLD_VE,
				 row->reason != 0);
		assert_true(row->length || row->exit == SVM_EXIT_IOIO);
		assert_true(row->action != TABLE_NATIVE && row->action != TABLE_EFER &&
			    row->action != TABLE_TOPOLOGY);
	}
	assert_null(table_instruction(0));
	assert_null(table_instruction(SVM_EXIT_NPF));
}

static void leaves_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < table_leaf_count; i++) {
		assert_true(table_leaves[i].first <= table_leaves[i].last);
		assert_true(!i || table_leaves[i - 1].last < table_leaves[i].first);
	}
}

static void msrs_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < table_msr_count; i++) {
		const struct table_msr *row = &table_msrs[i];

		assert_true(row->first <= row->last);
		assert_true(!i || table_msrs[i - 1].last < row->first);
		assert_true(row->read != TABLE_EFER && row->name);
		/* What may be written may be read. */
		assert_true(row->write != TABLE_NATIVE || row->read == TABLE_NATIVE);
	}
}

static void instructions(void **state)
{
	static const uint32_t ve[] = {SVM_EXIT_HLT, SVM_EXIT_IOIO, SVM_EXIT_INVD, SVM_EXIT_WBINVD};
	static const uint32_t ud[] = {SVM_EXIT_VMRUN,  SVM_EXIT_VMMCALL, SVM_EXIT_VMLOAD,
				      SVM_EXIT_VMSAVE, SVM_EXIT_STGI,	 SVM_EXIT_CLGI,
				      SVM_EXIT_SKINIT, SVM_EXIT_INVLPGA};

	(void)state;
	for (size_t i = 0; i < sizeof(ve) / sizeof(ve[0]); i++)
		assert_int_equal(table_instruction(ve[i])->action, TABLE_VE);
	for (size_t i = 0; i < sizeof(ud) / sizeof(ud[0]); i++)
		assert_int_equal(table_instruction(ud[i])->action, TABLE_UD);
	assert_int_equal(table_instruction(SVM_EXIT_MONITOR)->action, TABLE_OLD_VE);
	assert_int_equal(table_instruction(SVM_EXIT_MWAIT)->action, TABLE_OLD_VE);
	assert_int_equal(table_instruction(SVM_EXIT_HLT)->reason, REASON_HLT);
	assert_int_equal(table_instruction(SVM_EXIT_HLT)->length, 1);
	assert_int_equal(table_instruction(SVM_EXIT_RDPMC)->action, TABLE_GP);
}

static void leaves(void **state)
{
	static const uint32_t ve[] = {2,    5,	  6,	9,	    0xc,	0xf,	   0x10,
				      0x16, 0x17, 0x1b, 0x40000000, 0x4fffffff, 0x80000002};
	static const uint32_t native[] = {0,	1,    4,	  7,	      0xa,
					  0xd,	0x14, 0x15,	  0x18,	      0x19,
					  0x21, 0x22, 0x80000000, 0x80000001, 0x80000008};

	(void)state;
	for (size_t i = 0; i < sizeof(ve) / sizeof(ve[0]); i++)
		assert_int_equal(table_cpuid(ve[i]), TABLE_VE);
	for (size_t i = 0; i < sizeof(native) / sizeof(native[0]); i++)
		assert_int_equal(table_cpuid(native[i]), TABLE_NATIVE);
	assert_int_equal(table_cpuid(0xb), TABLE_TOPOLOGY);
	assert_int_equal(table_cpuid(0x1f), TABLE_TOPOLOGY);
	/* Above the highest leaf: as the highest basic one. */
	assert_int_equal(table_cpuid(0x24), TABLE_NATIVE);
	assert_int_equal(table_cpuid(0x80000009), TABLE_NATIVE);
	assert_int_equal(table_cpuid(0x50000000), TABLE_VE);
}

/* What a kernel's CPU uses on its way in and out, and what decides how a held one may sleep. */
static void msrs(void **state)
{
	static const struct {
		uint32_t msr;
		enum table_action read, write;
	} rows[] = {
		{0x10, TABLE_NATIVE, TABLE_VE},	     /* TSC */
		{0x1b, TABLE_VE, TABLE_VE},	     /* IA32_APIC_BASE */
		{0x3a, TABLE_VE, TABLE_VE},	     /* IA32_FEATURE_CONTROL */
		{0x48, TABLE_NATIVE, TABLE_NATIVE},  /* IA32_SPEC_CTRL */
		{0xfe, TABLE_VE, TABLE_VE},	     /* IA32_MTRRCAP */
		{0x174, TABLE_NATIVE, TABLE_NATIVE}, /* IA32_SYSENTER_CS */
		{0x176, TABLE_NATIVE, TABLE_NATIVE}, /* IA32_SYSENTER_EIP */
		{0x179, TABLE_VE, TABLE_VE},	     /* IA32_MCG_CAP */
		{0x17a, TABLE_VE, TABLE_VE},	     /* IA32_MCG_STATUS */
		{0x1a0, TABLE_NATIVE, TABLE_VE},     /* IA32_MISC_ENABLE */
		{0x1d9, TABLE_NATIVE, TABLE_NATIVE}, /* IA32_DEBUGCTL */
		{0x200, TABLE_VE, TABLE_VE},	     /* IA32_MTRR_PHYSBASE0 */
		{0x277, TABLE_NATIVE, TABLE_NATIVE}, /* IA32_PAT */
		{0x38f, TABLE_GP, TABLE_GP},	     /* IA32_PERF_GLOBAL_CTRL */
		{0x400, TABLE_VE, TABLE_VE},	     /* IA32_MC0_CTL */
		{0x570, TABLE_GP, TABLE_GP},	     /* IA32_RTIT_CTL */
		{0x6a0, TABLE_GP, TABLE_GP},	     /* IA32_U_CET */
		{0x6a2, TABLE_GP, TABLE_GP},	     /* IA32_S_CET */
		{0x6e0, TABLE_VE, TABLE_VE},	     /* IA32_TSC_DEADLINE */
		{0x802, TABLE_VE, TABLE_VE},	     /* x2APIC: ID */
		{0x803, TABLE_VE, TABLE_VE},	     /* version */
		{0x808, TABLE_NATIVE, TABLE_NATIVE}, /* TPR */
		{0x80a, TABLE_NATIVE, TABLE_NATIVE}, /* PPR */
		{0x80b, TABLE_NATIVE, TABLE_NATIVE}, /* EOI */
		{0x80d, TABLE_VE, TABLE_VE},	     /* LDR */
		{0x80f, TABLE_VE, TABLE_VE},	     /* SVR */
		{0x810, TABLE_NATIVE, TABLE_NATIVE}, /* ISR, */
		{0x827, TABLE_NATIVE, TABLE_NATIVE}, /* to IRR */
		{0x828, TABLE_VE, TABLE_VE},	     /* ESR */
		{0x830, TABLE_VE, TABLE_VE},	     /* ICR */
		{0x832, TABLE_VE, TABLE_VE},	     /* LVT timer */
		{0x838, TABLE_VE, TABLE_VE},	     /* initial count */
		{0x83f, TABLE_NATIVE, TABLE_NATIVE}, /* SELF_IPI */
		{0x2000, TABLE_VE, TABLE_VE},	     /* in no bitmap */
		{0x4b564d00, TABLE_VE, TABLE_VE},    /* KVM's own */
		{0xc0000080, TABLE_NATIVE, TABLE_EFER},
		{0xc0000081, TABLE_NATIVE, TABLE_NATIVE}, /* STAR */
		{0xc0000082, TABLE_NATIVE, TABLE_NATIVE}, /* LSTAR */
		{0xc0000083, TABLE_VE, TABLE_VE},	  /* CSTAR */
		{0xc0000084, TABLE_NATIVE, TABLE_NATIVE}, /* FMASK */
		{0xc0000100, TABLE_NATIVE, TABLE_NATIVE}, /* FS_BASE */
		{0xc0000102, TABLE_NATIVE, TABLE_NATIVE}, /* KERNEL_GS_BASE */
		{0xc0000103, TABLE_NATIVE, TABLE_NATIVE}, /* TSC_AUX */
		{0xc0010131, TABLE_VE, TABLE_VE},	  /* AMD's SEV_STATUS */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(table_access(rows[i].msr, false), rows[i].read);
		assert_int_equal(table_access(rows[i].msr, true), rows[i].write);
	}
}

static void control_registers(void **state)
{
	(void)state;
	assert_int_equal(table_control(0, 0x21), TABLE_NATIVE); /* the first state */
	assert_int_equal(table_control(4, 0x40), TABLE_NATIVE);
	assert_int_equal(table_control(0, 0x80050033), TABLE_NATIVE); /* Linux */
	assert_int_equal(table_control(0, 0x80050032), TABLE_VE);     /* PE cleared */
	assert_int_equal(table_control(0, 0x00050033), TABLE_NATIVE); /* PG may be */
	assert_int_equal(table_control(0, 0xc0050033), TABLE_VE);     /* CD */
	assert_int_equal(table_control(0, 0xa0050033), TABLE_VE);     /* NW */
	assert_int_equal(table_control(0, 0x80050013), TABLE_GP);     /* NE cleared */
	assert_int_equal(table_control(0, 0xc0050013), TABLE_GP);     /* and CD: #GP is first */
	assert_int_equal(table_control(4, 0x20), TABLE_VE);	      /* MCE cleared */
	assert_int_equal(table_control(4, 0x2060), TABLE_VE);	      /* VMXE */
	assert_int_equal(table_control(4, 0x1060), TABLE_NATIVE);     /* LA57 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instructions_are_distinct),
		cmocka_unit_test(leaves_are_in_order),
		cmocka_unit_test(msrs_are_in_order),
		cmocka_unit_test(instructions),
		cmocka_unit_test(leaves),
		cmocka_unit_test(msrs),
		cmocka_unit_test(control_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
