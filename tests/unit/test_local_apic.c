/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton/x86_64/apic.c in a TDX guest: interrupts and SVR go by the host, in x2APIC mode, and
 * nothing causes a #VE; nothing is written to a page that the host names.
 */
#include "unit.h"

#include <string.h>
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"
#include "libbaton/x86_64/x86.h"

#define SVR 0x80f
#define ICR 0x830

static struct {
	bool tdx, refuses;
	uint64_t svr;
	unsigned nwritten;
	struct {
		uint32_t msr;
		uint64_t value;
	} written[4];
} host;

bool guest_is_tdx(void)
{
	return host.tdx;
}

bool tdx_rdmsr(uint32_t msr, uint64_t *value)
{
	assert_int_equal(msr, SVR);
	if (!host.refuses)
		*value = host.svr;
	return !host.refuses;
}

bool tdx_wrmsr(uint32_t msr, uint64_t value)
{
	assert_true(host.nwritten < 4);
	host.written[host.nwritten].msr = msr;
	host.written[host.nwritten++].value = value;
	return !host.refuses;
}

void *baton_port_map(uint64_t address, size_t length, enum baton_memory memory)
{
	(void)address;
	(void)length;
	(void)memory;
	fail_msg("nothing is to be mapped");
	return NULL;
}

static int start(void **state)
{
	(void)state;
	memset(&host, 0, sizeof(host));
	host.tdx = true;
	return 0;
}

/* RDMSR would be a signal in this process, as it is a #VE there. */
static void no_page(void **state)
{
	struct baton_machine machine = {.apic = (volatile uint8_t *)1};

	(void)state;
	assert_int_equal(arch_find(&machine), 0);
	assert_null(machine.apic);
}

static void sends_by_the_host(void **state)
{
	struct baton_machine machine = {0};

	(void)state;
	x86_send(&machine, 0x12345, 0x4400);
	assert_int_equal(host.nwritten, 1);
	assert_int_equal(host.written[0].msr, ICR);
	assert_int_equal(host.written[0].value, 0x1234500004400);
}

static void off_by_the_host(void **state)
{
	struct baton_machine machine = {0};

	(void)state;
	host.svr = 0x1ef;
	x86_apic_off(&machine);
	assert_int_equal(host.nwritten, 1);
	assert_int_equal(host.written[0].msr, SVR);
	assert_int_equal(host.written[0].value, 0xef);
}

/* Then SVR is not known, and is left as it is. */
static void refused(void **state)
{
	struct baton_machine machine = {0};

	(void)state;
	host.refuses = true;
	x86_apic_off(&machine);
	assert_int_equal(host.nwritten, 0);
	x86_send(&machine, 1, 0x4400);
	assert_int_equal(host.nwritten, 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(no_page),
		TEST(sends_by_the_host),
		TEST(off_by_the_host),
		TEST(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
