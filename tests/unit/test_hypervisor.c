/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * lib/x86_64/hypervisor.c on a machine that is not there: each MSR is written if the
 * hypervisor offers it, and none that it does not offer, which would be an exception.
 */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

/* It stands for <baton/x86_64/cpu.h>. */
#define BATON_X86_64_CPU_H

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static struct leaf {
	uint32_t number;
	struct cpuid value;
} leaves[16];
static unsigned nleaves, asked;

static uint32_t written[32];
static unsigned nwritten;

static struct cpuid cpuid(uint32_t number, uint32_t subleaf)
{
	assert_int_equal(subleaf, 0);
	asked++;
	for (unsigned i = 0; i < nleaves; i++)
		if (leaves[i].number == number)
			return leaves[i].value;
	return (struct cpuid){0};
}

static void wrmsr(uint32_t msr, uint64_t value)
{
	assert_int_equal(value, 0);
	assert_true(nwritten < 32);
	written[nwritten++] = msr;
}

#include "lib/x86_64/hypervisor.c"

static void set(uint32_t number, uint32_t eax, const char *name)
{
	struct leaf *leaf = &leaves[nleaves++];

	leaf->number = number;
	leaf->value = (struct cpuid){.eax = eax};
	memcpy(&leaf->value.ebx, name, 4);
	memcpy(&leaf->value.ecx, name + 4, 4);
	memcpy(&leaf->value.edx, name + 8, 4);
}

static void set_eax(uint32_t number, uint32_t eax)
{
	leaves[nleaves++] = (struct leaf){number, {.eax = eax}};
}

static int start(void **state)
{
	(void)state;
	nleaves = nwritten = asked = 0;
	leaves[nleaves++] = (struct leaf){1, {.ecx = 1u << 31}};
	return 0;
}

#define KVM "KVMKVMKVM\0\0\0"
#define HYPERV "Microsoft Hv"

static void kvm(uint32_t base, uint32_t features)
{
	set(base, base + 1, KVM);
	set_eax(base + 1, features);
}

static void hyperv(uint32_t features)
{
	set(0x40000000, 0x40000005, HYPERV);
	set_eax(0x40000001, 0x31237648);
	set_eax(0x40000003, features);
}

static bool was_written(uint32_t msr)
{
	for (unsigned i = 0; i < nwritten; i++)
		if (written[i] == msr)
			return true;
	return false;
}

/* Exactly the @n MSRs at @msrs were written, in any order. */
static void assert_written(const uint32_t *msrs, unsigned n)
{
	hypervisor_end_writes();
	assert_int_equal(nwritten, n);
	for (unsigned i = 0; i < n; i++)
		assert_true(was_written(msrs[i]));
}

#define ASSERT_WRITTEN(...)                                                                        \
	do {                                                                                       \
		static const uint32_t msrs[] = {__VA_ARGS__};                                      \
		assert_written(msrs, sizeof(msrs) / sizeof(*msrs));                                \
	} while (0)

static void all_of_kvm(void **state)
{
	(void)state;
	kvm(0x40000000, 0xffffffff);
	ASSERT_WRITTEN(0x12, 0x4b564d01, 0x4b564d02, 0x4b564d03, 0x4b564d04);
}

/* Each feature's bit allows its own MSR and no other. */
static void each_of_kvm(void **state)
{
	static const struct {
		unsigned bit;
		uint32_t msr;
	} features[] = {
		{0, 0x12}, {3, 0x4b564d01}, {4, 0x4b564d02}, {5, 0x4b564d03}, {6, 0x4b564d04}};

	for (unsigned i = 0; i < 5; i++) {
		start(state);
		kvm(0x40000000, 1u << features[i].bit);
		assert_written(&features[i].msr, 1);
	}
	start(state);
	kvm(0x40000000, ~0x79u);
	assert_written(NULL, 0);
}

static void kvm_of_old(void **state)
{
	(void)state;
	set(0x40000000, 0, KVM);
	set_eax(0x40000001, 1u << 5);
	ASSERT_WRITTEN(0x4b564d03);
}

static void kvm_without_features(void **state)
{
	(void)state;
	set(0x40000000, 0x40000000, KVM);
	set_eax(0x40000001, 0xffffffff);
	assert_written(NULL, 0);
}

/* The leaf says nothing where the processor is not virtual: Intel's repeat the last basic one. */
static void no_hypervisor(void **state)
{
	(void)state;
	leaves[0].value.ecx = 0;
	kvm(0x40000000, 0xffffffff);
	assert_written(NULL, 0);
	assert_int_equal(asked, 1);
}

static void another_hypervisor(void **state)
{
	(void)state;
	set(0x40000000, 0x40000010, "VMwareVMware");
	set_eax(0x40000001, 0xffffffff);
	set_eax(0x40000003, 0xffffffff);
	assert_written(NULL, 0);
}

static void name_differs(void **state)
{
	(void)state;
	set(0x40000000, 0x40000001, "KVMKVMKVM\0\0\1");
	set_eax(0x40000001, 0xffffffff);
	assert_written(NULL, 0);
}

static void all_of_hyperv(void **state)
{
	(void)state;
	hyperv(0xffffffff);
	ASSERT_WRITTEN(0x40000073, 0x40000080, 0x40000082, 0x40000083, 0x400000b0, 0x400000b2,
		       0x400000b4, 0x400000b6);
}

static void each_of_hyperv(void **state)
{
	(void)state;
	hyperv(1u << 2);
	ASSERT_WRITTEN(0x40000080, 0x40000082, 0x40000083);
	start(state);
	hyperv(1u << 3);
	ASSERT_WRITTEN(0x400000b0, 0x400000b2, 0x400000b4, 0x400000b6);
	start(state);
	hyperv(1u << 4);
	ASSERT_WRITTEN(0x40000073);
	start(state);
	hyperv(~0x1cu);
	assert_written(NULL, 0);
}

static void hyperv_without_features(void **state)
{
	(void)state;
	hyperv(0xffffffff);
	leaves[1].value.eax = 0x40000002;
	assert_written(NULL, 0);
}

/* The vendor's name says little: the interface's signature decides. */
static void hyperv_by_interface(void **state)
{
	(void)state;
	hyperv(0xffffffff);
	leaves[2].value.eax = 0;
	assert_written(NULL, 0);
}

/* As QEMU offers both: KVM's is the second. */
static void both(void **state)
{
	(void)state;
	hyperv(1u << 4);
	kvm(0x40000100, 1u << 5);
	ASSERT_WRITTEN(0x40000073, 0x4b564d03);
}

static void behind_several(void **state)
{
	(void)state;
	set(0x40000000, 0x40000001, "TCGTCGTCGTCG");
	set(0x40000100, 0x40000101, "XenVMMXenVMM");
	kvm(0x40000200, 1u << 6);
	ASSERT_WRITTEN(0x4b564d04);
}

/* A gap ends the search; garbage in its place is no interface. */
static void behind_a_gap(void **state)
{
	(void)state;
	set(0x40000000, 0x40000001, "TCGTCGTCGTCG");
	kvm(0x40000200, 0xffffffff);
	assert_written(NULL, 0);
	start(state);
	set(0x40000000, 0x16, "Genuntelineg");
	kvm(0x40000100, 0xffffffff);
	assert_written(NULL, 0);
	start(state);
	set(0x40000000, 0xffffffff, KVM);
	set_eax(0x40000001, 0xffffffff);
	assert_written(NULL, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(all_of_kvm),	   TEST(each_of_kvm),
		TEST(kvm_of_old),	   TEST(kvm_without_features),
		TEST(no_hypervisor),	   TEST(another_hypervisor),
		TEST(name_differs),	   TEST(all_of_hyperv),
		TEST(each_of_hyperv),	   TEST(hyperv_without_features),
		TEST(hyperv_by_interface), TEST(both),
		TEST(behind_several),	   TEST(behind_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
