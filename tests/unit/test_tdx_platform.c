/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/tdx/platform.c with a local APIC, a TDX module and a host that are not there:
 * what is the module's goes to the processor, all else to the host, and a #VE that can't be
 * served ends in the slot of its CPU.
 */
#include "unit.h"

#include <string.h>

/* They stand for those of <baton/x86_64/cpu.h>. */
#define rdmsr real_rdmsr
#define wrmsr real_wrmsr
#include <baton/x86_64/cpu.h>
#undef rdmsr
#undef wrmsr

static struct {
	uint32_t native_reads, native_writes, reads, writes;
	uint32_t msr;
	uint64_t value;
	bool refuses;
	struct slot *failed;
} fake;

static uint64_t rdmsr(uint32_t msr)
{
	fake.native_reads++;
	fake.msr = msr;
	return 0x100000005;
}

static void wrmsr(uint32_t msr, uint64_t value)
{
	fake.native_writes++;
	fake.msr = msr;
	fake.value = value;
}

#include "resident/x86_64/tdx/platform.c"

bool tdx_rdmsr(uint32_t msr, uint64_t *value)
{
	fake.reads++;
	fake.msr = msr;
	if (!fake.refuses)
		*value = 0x200000006;
	return !fake.refuses;
}

bool tdx_wrmsr(uint32_t msr, uint64_t value)
{
	fake.writes++;
	fake.msr = msr;
	fake.value = value;
	return !fake.refuses;
}

static jmp_buf back;

_Noreturn void hold_failed(struct slot *slot)
{
	fake.failed = slot;
	longjmp(back, 1);
}

static int start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	return 0;
}

/* Nobody is asked, so nobody can name a page. */
static void always_an_x2apic(void **state)
{
	struct apic apic = platform_apic(1ull << 32);

	(void)state;
	assert_true(apic.usable && apic.x2apic);
	assert_null((void *)apic.mmio);
	assert_int_equal(fake.native_reads + fake.reads, 0);
}

static bool is_the_modules(uint32_t offset)
{
	return offset == APIC_TPR || offset == APIC_EOI || (offset & ~0x70u) == APIC_ISR;
}

static void registers(void **state)
{
	struct apic apic = platform_apic(0);

	(void)state;
	for (uint32_t offset = 0x20; offset < 0x400; offset += 16) {
		bool native = is_the_modules(offset);

		start(state);
		assert_int_equal(platform_apic_read(&apic, offset), native ? 5 : 6);
		assert_int_equal(fake.native_reads, native);
		assert_int_equal(fake.reads, !native);
		assert_int_equal(fake.msr, 0x800 + offset / 16);
		platform_apic_write(&apic, offset, 0x12345678);
		assert_int_equal(fake.native_writes, native);
		assert_int_equal(fake.writes, !native);
		assert_int_equal(fake.msr, 0x800 + offset / 16);
		assert_int_equal(fake.value, 0x12345678);
	}
}

static void refused(void **state)
{
	struct apic apic = platform_apic(0);

	(void)state;
	fake.refuses = true;
	assert_int_equal(platform_apic_read(&apic, APIC_TIMER_CURRENT), 0);
	platform_apic_write(&apic, APIC_SVR, 1);
	platform_apic_send(&apic, 3, ICR_FIXED | 0xf0);
	assert_int_equal(fake.writes, 2);
}

static void sends(void **state)
{
	struct apic apic = platform_apic(0);

	(void)state;
	platform_apic_send(&apic, 0x12345678, ICR_FIXED | 0xf0);
	assert_int_equal(fake.msr, 0x830);
	assert_int_equal(fake.value, 0x12345678000040f0);
	assert_int_equal(fake.writes, 1);
	assert_int_equal(fake.native_writes, 0);
}

/* On the stack of faults, as the IDT has it: tdx_ve_entry() has filled it up to its frame. */
static void fatal(void **state)
{
	static struct slot slot;
	uintptr_t top = (uintptr_t)&slot.fault_owner;

	(void)state;
	slot.fault_owner.slot = &slot;
	if (!setjmp(back))
		tdx_port_fatal((struct tdx_frame *)(top - sizeof(struct tdx_frame)));
	assert_ptr_equal(fake.failed, &slot);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(always_an_x2apic), TEST(registers), TEST(refused), TEST(sends), TEST(fatal),
	};

	return cmocka_run_group_tests_name("tdx_platform", tests, NULL, NULL);
}
