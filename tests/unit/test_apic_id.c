/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * lib/x86_64/apic_id.S on a machine that is not there: where CPUID and the local APIC's ID
 * register differ, the register's is the one; where the register can't be read, or has only
 * the low bits, CPUID's.
 */
#include "unit.h"

#include <string.h>
#include "lib/x86_64/apic_id.h"
#include "tests/tdx/table.h"

#define MODE_X2APIC (APIC_BASE_ENABLE | APIC_BASE_X2APIC)

/* For fake_apic_id.S: the registers that an instruction reads and writes. */
struct registers {
	uint32_t eax, ebx, ecx, edx;
};
void test_apic_id_cpuid(struct registers *r);
void test_apic_id_rdmsr(struct registers *r);

/* Likewise for TDCALL. */
struct call {
	uint64_t rax, rcx, r10, r11, r12, r13, r14, r15;
};
void test_apic_id_tdcall(struct call *c);

static struct {
	uint32_t leaves;	       /* the highest */
	uint32_t leaf1, leafb, leaf1f; /* APIC ID in each; 0 of the last two: no such leaf */
	bool tdx;
	uint64_t refusal; /* of a TDX guest's host, in r10 */
	uint64_t base;	  /* IA32_APIC_BASE */
	uint32_t x2apic_id;
	unsigned id_reads;
	uint32_t page[0x40];
} cpu;

void test_apic_id_cpuid(struct registers *r)
{
	uint32_t leaf = r->eax;

	assert_true(leaf == 0 || leaf <= cpu.leaves);
	/* Elsewhere there may be no handler for a #VE. */
	assert_true(!cpu.tdx || table_cpuid(leaf) == TABLE_NATIVE);
	*r = (struct registers){0};
	if (leaf == 0)
		r->eax = cpu.leaves;
	else if (leaf == 1)
		r->ebx = cpu.leaf1 << 24 | 0x10800;
	else if (leaf == 0xb && cpu.leafb)
		*r = (struct registers){1, 2, 0x100, cpu.leafb};
	else if (leaf == 0x1f && cpu.leaf1f)
		*r = (struct registers){1, 2, 0x100, cpu.leaf1f};
	else if (leaf == TDX_LEAF && cpu.tdx)
		*r = (struct registers){0, TDX_EBX, TDX_ECX, TDX_EDX};
}

void test_apic_id_rdmsr(struct registers *r)
{
	uint64_t value = cpu.base;

	assert_true(!cpu.tdx || table_access(r->ecx, false) == TABLE_NATIVE);
	if (r->ecx != MSR_APIC_BASE) {
		assert_int_equal(r->ecx, 0x802);
		assert_true(cpu.base & APIC_BASE_X2APIC);
		value = cpu.x2apic_id;
		cpu.id_reads++;
	}
	r->eax = (uint32_t)value;
	r->edx = (uint32_t)(value >> 32);
}

/* TDG.VP.VMCALL<CPUID>, with nothing exposed that need not be. */
void test_apic_id_tdcall(struct call *c)
{
	assert_true(cpu.tdx);
	assert_int_equal(c->rax, TDX_VP_VMCALL);
	assert_int_equal(c->rcx, 0xfc00);
	assert_int_equal(c->r10, 0);
	assert_int_equal(c->r11, 10);
	assert_int_equal(c->r12, 0xb);
	assert_int_equal(c->r13 | c->r14 | c->r15, 0);
	*c = (struct call){0, c->rcx, cpu.refusal, 1, 1, 2, 0x100, cpu.leafb};
}

static int start(void **state)
{
	(void)state;
	memset(&cpu, 0, sizeof(cpu));
	cpu.leaves = 0x21;
	cpu.leaf1 = 3;
	cpu.base = 0xfee00000 | APIC_BASE_ENABLE;
	return 0;
}

static void set_register(uint32_t id)
{
	cpu.page[APIC_ID_REGISTER / 4] = id << 24;
}

static uint32_t read_id(void)
{
	return apic_id_read(cpu.page);
}

/* Without an APIC that could say otherwise. */
static void by_cpuid(void **state)
{
	(void)state;
	cpu.base = 0;
	assert_int_equal(read_id(), 3);
	cpu.leafb = 0x12345;
	assert_int_equal(read_id(), 0x12345);
	cpu.leaf1f = 0x54321;
	assert_int_equal(read_id(), 0x54321);
	cpu.leaves = 0x1e;
	assert_int_equal(read_id(), 0x12345);
	cpu.leaves = 0xa;
	assert_int_equal(read_id(), 3);
}

static void xapic_differs(void **state)
{
	(void)state;
	set_register(6);
	assert_int_equal(read_id(), 6);
	cpu.leafb = 3;
	assert_int_equal(read_id(), 6);
	set_register(0); /* a CPU may have 0, too */
	assert_int_equal(read_id(), 0);
}

static void xapic_agrees(void **state)
{
	(void)state;
	set_register(3);
	assert_int_equal(read_id(), 3);
}

/* An xAPIC has the low 8 bits of an ID: CPUID has all of them. */
static void xapic_low_bits(void **state)
{
	(void)state;
	cpu.leafb = 0x103;
	set_register(3);
	assert_int_equal(read_id(), 0x103);
	set_register(4);
	assert_int_equal(read_id(), 4);
}

/* The broadcast ID is nobody's: nothing answers at that address. */
static void xapic_nobody(void **state)
{
	(void)state;
	cpu.page[APIC_ID_REGISTER / 4] = UINT32_MAX;
	assert_int_equal(read_id(), 3);
}

static void xapic_not_mapped(void **state)
{
	(void)state;
	set_register(6);
	assert_int_equal(apic_id_read(NULL), 3);
}

static void xapic_off(void **state)
{
	(void)state;
	set_register(6);
	cpu.base &= ~(uint64_t)APIC_BASE_ENABLE;
	assert_int_equal(read_id(), 3);
}

static void x2apic(void **state)
{
	(void)state;
	cpu.base |= MODE_X2APIC;
	cpu.x2apic_id = 0x12346;
	cpu.leafb = 3;
	set_register(7);
	assert_int_equal(read_id(), 0x12346);
	assert_int_equal(apic_id_read(NULL), 0x12346);
	assert_int_equal(cpu.id_reads, 2);
}

/* There the register is an exception, and so are IA32_APIC_BASE and CPUID's leaf. */
static void tdx(void **state)
{
	(void)state;
	cpu.tdx = true;
	cpu.leafb = 5;
	cpu.base |= MODE_X2APIC;
	assert_int_equal(read_id(), 5);
	cpu.leafb = 0x12345;
	assert_int_equal(read_id(), 0x12345);
}

/* No CPU has that one. */
static void tdx_refused(void **state)
{
	(void)state;
	cpu.tdx = true;
	cpu.leafb = 5;
	cpu.refusal = 1ull << 63;
	assert_int_equal(read_id(), 0xffffffff);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(by_cpuid),	      TEST(xapic_differs), TEST(xapic_agrees),
		TEST(xapic_low_bits), TEST(xapic_nobody),  TEST(xapic_not_mapped),
		TEST(xapic_off),      TEST(x2apic),	   TEST(tdx),
		TEST(tdx_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
