/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * stage/x86_64/machine.c and owner.c: what kind of machine this is, and which owner the CPUs
 * have, with a processor that is not there.  In a TDX guest nothing goes by what the host says
 * of the local APIC.
 */
#include "unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define cpuid real_cpuid
#define rdmsr real_rdmsr
#include <baton/x86_64/cpu.h>
#undef cpuid
#undef rdmsr

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf, uint32_t subleaf);
static uint64_t rdmsr(uint32_t msr);

/* By fake_apic(). */
#define apic_find fake_apic
static struct apic fake_apic(uint64_t map_end);

#include "stage/x86_64/machine.c"
#include "stage/x86_64/owner.c"

#define MAILBOX 0x7f9fd000ull

const uint8_t image_resident[1], image_resident_tdx[1];

static struct {
	bool tdx, sev;
	bool mwait;
	uint64_t apic_base;
	bool apic_read;
} fake;

static struct {
	struct acpi_madt madt;
	struct acpi_madt_local_apic cpu;
	struct acpi_madt_wakeup wakeup;
} __attribute__((packed)) tables;

static char line[256];

bool guest_is_tdx(void)
{
	return fake.tdx;
}

bool guest_is_sev(void)
{
	return fake.sev;
}

static struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	return (struct cpuid){.ecx = leaf == 1 && fake.mwait ? 8 : 0};
}

static uint64_t rdmsr(uint32_t msr)
{
	assert_int_equal(msr, MSR_APIC_BASE);
	fake.apic_read = true;
	return fake.apic_base;
}

static struct apic fake_apic(uint64_t map_end)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	assert_int_equal(map_end, 1ull << 32);
	return (struct apic){.mmio = (volatile uint8_t *)(base & APIC_BASE_PAGE), .usable = true};
}

void say(const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	vsnprintf(line, sizeof(line), text, arguments);
	va_end(arguments);
}

void say_detail(const char *text, ...)
{
	(void)text;
}

uint32_t tdx_vcpu_index(void)
{
	assert_true(fake.tdx);
	return 2;
}

uint64_t baton_port_cpu_id(void)
{
	return 7;
}

const struct acpi_madt *tables_madt(void)
{
	return &tables.madt;
}

uint64_t tables_batn(size_t *size)
{
	*size = 0;
	return 0;
}

static bool reserved(uint64_t address, uint64_t length)
{
	return address == MAILBOX && length == BATON_MAILBOX_SIZE;
}

static int start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.apic_base = 0xfee00000 | APIC_BASE_ENABLE | APIC_BASE_BSP;
	memset(&tables, 0, sizeof(tables));
	tables.madt.header.length = sizeof(tables);
	tables.cpu.entry = (struct acpi_madt_entry){ACPI_MADT_LOCAL_APIC, sizeof(tables.cpu)};
	tables.cpu.apic_id = 7;
	tables.cpu.flags = ACPI_MADT_ENABLED;
	tables.wakeup.entry = (struct acpi_madt_entry){ACPI_MADT_WAKEUP, sizeof(tables.wakeup)};
	tables.wakeup.mailbox = MAILBOX;
	line[0] = 0;
	return 0;
}

static uint32_t wait_for(uint32_t wait)
{
	struct area_plan plan = {0};

	line[0] = 0;
	assert_true(machine_plan(&plan, &tables.madt, 1ull << 32, wait));
	assert_int_equal(plan.boot_apic_id, 7);
	assert_int_equal(plan.boot_vcpu, fake.tdx ? 3 : 0);
	return plan.wait;
}

static void kinds(void **state)
{
	(void)state;
	assert_true(machine_is_served());
	assert_ptr_equal(machine_resident(), image_resident);
	fake.tdx = true;
	assert_true(machine_is_served());
	assert_ptr_equal(machine_resident(), image_resident_tdx);
	fake.tdx = false;
	fake.sev = true;
	assert_false(machine_is_served());
}

static void ways_to_sleep(void **state)
{
	(void)state;
	fake.mwait = true;
	assert_int_equal(wait_for(CONF_WAIT_AUTO), BATON_WAIT_MWAIT);
	assert_int_equal(wait_for(BATON_WAIT_PAUSE), BATON_WAIT_PAUSE);
	fake.tdx = true;
	assert_int_equal(wait_for(CONF_WAIT_AUTO), BATON_WAIT_HLT);
	assert_string_equal(line, "");
	assert_int_equal(wait_for(BATON_WAIT_PAUSE), BATON_WAIT_PAUSE);
	assert_int_equal(wait_for(BATON_WAIT_MWAIT), BATON_WAIT_HLT);
	assert_non_null(strstr(line, "no MWAIT"));
}

/* The host says that there is an xAPIC, and names a page of the guest's. */
static void apic_of_the_host(void **state)
{
	struct apic apic;

	(void)state;
	assert_ptr_equal(machine_apic(1ull << 32).mmio, (void *)0xfee00000);
	assert_true(machine_is_bsp());
	fake.apic_base = 0x100000 | APIC_BASE_ENABLE;
	assert_false(machine_is_bsp());
	fake.tdx = true;
	fake.apic_read = false;
	apic = machine_apic(1ull << 32);
	assert_true(apic.x2apic && apic.usable);
	assert_null(apic.mmio);
	assert_true(machine_is_bsp());
	assert_false(fake.apic_read);
}

static bool holds(uint64_t address, uint64_t length)
{
	(void)address;
	(void)length;
	return false;
}

/* The version that is printed is that of the structure's length. */
static void versions(void **state)
{
	const struct tables_memory memory = {.holds = holds};
	const struct area_plan plan = {0};
	struct baton_area *area;

	(void)state;
	tables.wakeup.version = 1;
	tables.wakeup.reset_vector = 0x7f9fe078;
	assert_int_equal(owner_find(&plan, &memory, reserved, &area), OWNER_MAILBOX);
	assert_non_null(strstr(line, "version 1,"));
	tables.wakeup.entry.length = ACPI_MADT_WAKEUP_LENGTH_V0;
	tables.madt.header.length -= 8;
	assert_int_equal(owner_find(&plan, &memory, reserved, &area), OWNER_MAILBOX);
	assert_non_null(strstr(line, "version 0,"));
	tables.wakeup.mailbox = 0;
	assert_int_equal(owner_find(&plan, &memory, reserved, &area), OWNER_NONE);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kinds),
		TEST(ways_to_sleep),
		TEST(apic_of_the_host),
		TEST(versions),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
