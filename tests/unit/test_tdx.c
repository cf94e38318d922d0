/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * lib/x86_64/tdx.c with a TDX module and a host that are not there: what is asked of them, and
 * what the handler of #VE makes of their answers.
 */
#include "unit.h"

#include <string.h>

#include "lib/x86_64/tdx.h"

#define HIGH 0xabcdef0100000000 /* in registers whose upper half does not count */
#define REFUSED 0x8000000000000000

static struct {
	uint64_t function, r12, r13, r14, r15; /* of the last TDVMCALL */
	unsigned calls;
	uint64_t refuses; /* what R10 returns */
	struct tdx_answer answer;
	uint64_t leaf, rcx; /* of the last other TDCALL */
	uint64_t status;
	struct tdx_result result;
} fake;

static struct tdx_frame frame, before;

uint64_t tdx_vmcall(uint64_t function, uint64_t r12, uint64_t r13, uint64_t r14, uint64_t r15,
		    struct tdx_answer *answer)
{
	fake.function = function;
	fake.r12 = r12;
	fake.r13 = r13;
	fake.r14 = r14;
	fake.r15 = r15;
	fake.calls++;
	*answer = fake.answer;
	return fake.refuses;
}

uint64_t tdx_module(uint64_t leaf, uint64_t rcx, uint64_t rdx, struct tdx_result *result)
{
	fake.leaf = leaf;
	fake.rcx = rcx;
	assert_int_equal(rdx, 0);
	*result = fake.result;
	return fake.status;
}

static void assert_asked(uint64_t function, uint64_t r12, uint64_t r13, uint64_t r14, uint64_t r15)
{
	assert_int_equal(fake.calls, 1);
	assert_int_equal(fake.function, function);
	assert_int_equal(fake.r12, r12);
	assert_int_equal(fake.r13, r13);
	assert_int_equal(fake.r14, r14);
	assert_int_equal(fake.r15, r15);
}

static int start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.answer = (struct tdx_answer){
		.r11 = 0x1111111122222222,
		.r12 = HIGH | 12,
		.r13 = HIGH | 13,
		.r14 = HIGH | 14,
		.r15 = HIGH | 15,
	};
	for (size_t i = 0; i < sizeof(frame) / sizeof(uint64_t); i++)
		((uint64_t *)&frame)[i] = 0x1000100010001000 * (i % 7 + 1) + i;
	before = frame;
	return 0;
}

/* A #VE that is served; the information is taken first, and RIP goes past the instruction. */
static void serve(uint64_t reason, uint64_t qualification, unsigned length)
{
	fake.result = (struct tdx_result){.rcx = reason,
					  .rdx = qualification,
					  .r8 = 8,
					  .r9 = 9,
					  .r10 = 0x77ull << 32 | length};
	assert_true(tdx_ve(&frame));
	assert_int_equal(fake.leaf, TDX_VP_VEINFO_GET);
	assert_int_equal(frame.rip, before.rip + length);
	assert_int_equal(frame.reason, reason);
	assert_int_equal(frame.qualification, qualification);
}

/* No other register than those of @changed, which are put back, has changed. */
#define assert_unchanged_but(...)                                                                  \
	do {                                                                                       \
		uint64_t *changed[] = {&frame.rip, &frame.reason, &frame.qualification,            \
				       __VA_ARGS__};                                               \
		for (size_t n = 0; n < sizeof(changed) / sizeof(changed[0]); n++)                  \
			*changed[n] = ((uint64_t *)&before)[changed[n] - (uint64_t *)&frame];      \
		assert_memory_equal(&frame, &before, sizeof(frame));                               \
	} while (0)

static void cpuids(void **state)
{
	(void)state;
	frame.rax = before.rax = HIGH | 0x40000000;
	frame.rcx = before.rcx = HIGH | 3;
	serve(TDX_REASON_CPUID, 0, 2);
	assert_asked(TDX_REASON_CPUID, 0x40000000, 3, 0, 0);
	assert_int_equal(frame.rax, 12);
	assert_int_equal(frame.rbx, 13);
	assert_int_equal(frame.rcx, 14);
	assert_int_equal(frame.rdx, 15);
	assert_unchanged_but(&frame.rax, &frame.rbx, &frame.rcx, &frame.rdx);
}

static void cpuid_refused(void **state)
{
	(void)state;
	fake.refuses = REFUSED;
	serve(TDX_REASON_CPUID, 0, 2);
	assert_int_equal(frame.rax | frame.rbx | frame.rcx | frame.rdx, 0);
}

static void rdmsrs(void **state)
{
	(void)state;
	frame.rcx = before.rcx = HIGH | 0x1b;
	serve(TDX_REASON_RDMSR, 0, 2);
	assert_asked(TDX_REASON_RDMSR, 0x1b, 0, 0, 0);
	assert_int_equal(frame.rax, 0x22222222);
	assert_int_equal(frame.rdx, 0x11111111);
	assert_unchanged_but(&frame.rax, &frame.rdx);
}

static void rdmsr_refused(void **state)
{
	(void)state;
	fake.refuses = REFUSED;
	serve(TDX_REASON_RDMSR, 0, 2);
	assert_int_equal(frame.rax | frame.rdx, 0);
}

static void wrmsrs(void **state)
{
	(void)state;
	frame.rcx = before.rcx = HIGH | 0x830;
	frame.rax = before.rax = HIGH | 0x40f0;
	frame.rdx = before.rdx = HIGH | 5;
	serve(TDX_REASON_WRMSR, 0, 2);
	assert_asked(TDX_REASON_WRMSR, 0x830, 0x5000040f0, 0, 0);
	assert_unchanged_but(&frame.rip);
	fake.refuses = REFUSED;
	frame.rip = before.rip;
	serve(TDX_REASON_WRMSR, 0, 2);
}

/* The host is told whether interrupts are blocked. */
static void halts(void **state)
{
	(void)state;
	frame.rflags = before.rflags = 0x202;
	serve(TDX_REASON_HLT, 0, 1);
	assert_asked(TDX_REASON_HLT, 0, 0, 0, 0);
	fake.calls = 0;
	frame = before;
	frame.rflags = 2;
	serve(TDX_REASON_HLT, 0, 1);
	assert_asked(TDX_REASON_HLT, 1, 0, 0, 0);
}

#define IN 8
#define STRING 16
#define PORT(n) ((uint64_t)(n) << 16)

static void ins(void **state)
{
	static const struct {
		unsigned size;
		uint64_t rax;
	} cases[] = {
		{1, 0x8877665544332222},
		{2, 0x8877665544332222},
		{4, 0x22222222},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		frame = before;
		frame.rax = cases[i].size == 1 ? 0x88776655443322ff : 0x887766554433ffff;
		fake.calls = 0;
		serve(TDX_REASON_IO, PORT(0x3fd) | IN | (cases[i].size - 1), 1);
		assert_asked(TDX_REASON_IO, cases[i].size, 0, 0x3fd, 0);
		assert_int_equal(frame.rax, cases[i].rax);
		assert_unchanged_but(&frame.rax);
	}
}

/* As of a port where nothing is. */
static void in_refused(void **state)
{
	(void)state;
	fake.refuses = REFUSED;
	frame.rax = 0x8877665544332211;
	serve(TDX_REASON_IO, PORT(0xffff) | IN, 1);
	assert_int_equal(frame.rax, 0x88776655443322ff);
	frame.rip = before.rip;
	serve(TDX_REASON_IO, PORT(0xffff) | IN | 3, 1);
	assert_int_equal(frame.rax, 0xffffffff);
}

static void outs(void **state)
{
	static const struct {
		unsigned size;
		uint32_t value;
	} cases[] = {{1, 0x11}, {2, 0x2211}, {4, 0x44332211}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		frame.rax = before.rax = 0x8877665544332211;
		frame.rip = before.rip;
		fake.calls = 0;
		serve(TDX_REASON_IO, PORT(0x80) | (cases[i].size - 1), 2);
		assert_asked(TDX_REASON_IO, cases[i].size, 1, 0x80, cases[i].value);
		assert_unchanged_but(&frame.rip);
	}
}

static void nothing_to_do(void **state)
{
	static const unsigned reasons[] = {TDX_REASON_MONITOR, TDX_REASON_MWAIT, TDX_REASON_INVD,
					   TDX_REASON_WBINVD};

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		frame = before;
		serve(reasons[i], 0, 3);
		assert_unchanged_but(&frame.rip);
	}
	assert_int_equal(fake.calls, 0);
}

/* An access to memory, VMCALL, string I/O, an impossible size, no information at all. */
static void not_served(void **state)
{
	static const struct {
		uint64_t reason, qualification, status;
	} cases[] = {
		{TDX_REASON_EPT_VIOLATION, 0, 0},
		{18, 0, 0},
		{0, 0, 0},
		{TDX_REASON_IO, PORT(0x3f8) | IN | STRING, 0},
		{TDX_REASON_IO, PORT(0x3f8) | STRING, 0},
		{TDX_REASON_IO, PORT(0x3f8) | 2, 0},
		{TDX_REASON_IO, PORT(0x3f8) | IN | 7, 0},
		{TDX_REASON_CPUID, 0, 0xc000070400000000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		frame = before;
		fake.status = cases[i].status;
		fake.result = (struct tdx_result){
			.rcx = cases[i].reason, .rdx = cases[i].qualification, .r10 = 3};
		assert_false(tdx_ve(&frame));
		assert_int_equal(frame.rip, before.rip);
		assert_unchanged_but(&frame.rip);
	}
	assert_int_equal(fake.calls, 0);
}

static void calls(void **state)
{
	uint64_t value = 1;
	uint32_t input = 2;

	(void)state;
	fake.result.r9 = HIGH | 6;
	assert_int_equal(tdx_vcpu_index(), 6);
	assert_int_equal(fake.leaf, TDX_VP_INFO);
	assert_true(tdx_rdmsr(0x802, &value));
	assert_int_equal(value, 0x1111111122222222);
	assert_true(tdx_wrmsr(0x838, 5));
	assert_true(tdx_in(0x60, 2, &input));
	assert_int_equal(input, 0x2222);
	assert_true(tdx_out(0x60, 1, 5));

	fake.refuses = REFUSED;
	value = input = 3;
	assert_false(tdx_rdmsr(0x802, &value));
	assert_false(tdx_wrmsr(0x838, 5));
	assert_false(tdx_in(0x60, 1, &input));
	assert_false(tdx_out(0x60, 1, 5));
	assert_int_equal(value, 3);
	assert_int_equal(input, 3);
}

static void pages(void **state)
{
	(void)state;
	assert_int_equal(tdx_accept(0x5000), TDX_ACCEPTED);
	assert_int_equal(fake.leaf, TDX_MEM_PAGE_ACCEPT);
	assert_int_equal(fake.rcx, 0x5000);
	fake.status = 0x00000b0a00000001;
	assert_int_equal(tdx_accept(0x5000), TDX_ACCEPTED_BEFORE);
	fake.status = 0xc0000b0b00000000;
	assert_int_equal(tdx_accept(0x5000), TDX_NOT_ACCEPTED);
	fake.status = 0xc000010000000001;
	assert_int_equal(tdx_accept(0x5000), TDX_NOT_ACCEPTED);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(cpuids),	  TEST(cpuid_refused), TEST(rdmsrs), TEST(rdmsr_refused),
		TEST(wrmsrs),	  TEST(halts),	       TEST(ins),    TEST(in_refused),
		TEST(outs),	  TEST(nothing_to_do), TEST(calls),  TEST(pages),
		TEST(not_served),
	};

	return cmocka_run_group_tests_name("tdx", tests, NULL, NULL);
}
