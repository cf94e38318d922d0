/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cpuid.h"
#include "count.h"
#include "table.h"
#include "td.h"
#include "ve.h"

#define LENGTH 2
#define LEAF_MAX 0x23
#define EXTENDED_MAX 0x80000008

/* Leaf 1. */
#define ECX_MONITOR (1u << 3)
#define ECX_VMX (1u << 5)
#define ECX_X2APIC (1u << 21)
#define ECX_TSC_DEADLINE (1u << 24)
#define ECX_OSXSAVE (1u << 27)
#define ECX_HYPERVISOR (1u << 31)
/* Leaf 7. */
#define ECX_PKE (1u << 3)
#define ECX_OSPKE (1u << 4)
/* Leaf 0x80000001. */
#define ECX_SVM (1u << 2)
#define EDX_SYSCALL (1u << 11)

#define CR4_OSXSAVE (1u << 18)
#define CR4_PKE (1u << 22)

#define CRYSTAL_HZ 1000000000u /* of the local APIC's timer, too: QEMU's counts nanoseconds */

static const struct cpuid zeros;

/* What the machine has for a leaf; nothing, where it has not so many. */
static struct cpuid machine(uint32_t leaf, uint32_t subleaf)
{
	if (leaf > cpuid(leaf & 0x80000000, 0).eax)
		return zeros;
	return cpuid(leaf, subleaf);
}

static void in_leaf_1(const struct vcpu *vcpu, struct cpuid *r)
{
	r->ebx = (r->ebx & 0x00ffffff) | vcpu->index << 24;
	r->ecx &= ~(ECX_MONITOR | ECX_VMX | ECX_TSC_DEADLINE | ECX_OSXSAVE);
	r->ecx |= ECX_X2APIC | ECX_HYPERVISOR;
	if (vcpu->vmcb->cr4 & CR4_OSXSAVE)
		r->ecx |= ECX_OSXSAVE;
}

static struct cpuid native(const struct vcpu *vcpu, uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r;

	if ((leaf > LEAF_MAX && leaf < 0x80000000) || leaf > EXTENDED_MAX)
		leaf = LEAF_MAX;
	r = machine(leaf, subleaf);
	switch (leaf) {
	case 0: /* "GenuineIntel" */
		return (struct cpuid){LEAF_MAX, 0x756e6547, 0x6c65746e, 0x49656e69};
	case 1:
		in_leaf_1(vcpu, &r);
		return r;
	case 7:
		if (!subleaf) {
			r.ecx &= ~ECX_OSPKE;
			if (vcpu->vmcb->cr4 & CR4_PKE)
				r.ecx |= ECX_OSPKE;
		}
		return r;
	case 0xa:
		return zeros;
	case 0x15:
		return (struct cpuid){1000, td.tsc_mhz, CRYSTAL_HZ, 0};
	case 0x1f:
		return machine(0xb, subleaf);
	case 0x21: /* "IntelTDX    " */
		return subleaf ? zeros : (struct cpuid){0, 0x65746e49, 0x20202020, 0x5844546c};
	case 0x80000000:
		return (struct cpuid){EXTENDED_MAX, 0, 0, 0};
	case 0x80000001:
		r.ecx &= ~ECX_SVM;
		if (!(vcpu->vmcb->efer & EFER_LMA))
			r.edx &= ~EDX_SYSCALL;
		return r;
	default:
		return r;
	}
}

void cpuid_exit(struct vcpu *vcpu)
{
	uint32_t leaf = (uint32_t)vcpu->regs.rax;
	enum table_action action = table_cpuid(leaf);
	struct cpuid r;

	if (action == TABLE_TOPOLOGY)
		action = td.controls & TD_CTLS_ENUM_TOPOLOGY ? TABLE_NATIVE : TABLE_VE;
	if (action == TABLE_VE) {
		ve_inject(vcpu, REASON_CPUID, 0, LENGTH);
		return;
	}
	r = native(vcpu, leaf, (uint32_t)vcpu->regs.rcx);
	vcpu->regs.rax = r.eax;
	vcpu->regs.rbx = r.ebx;
	vcpu->regs.rcx = r.ecx;
	vcpu->regs.rdx = r.edx;
	vcpu_skip(vcpu, LENGTH);
}

/* Without features of KVM's own; the name alone has Linux keep its x2APIC. */
struct cpuid cpuid_host(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid counts;

	if (count_cpuid(leaf, subleaf, &counts))
		return counts;
	if (leaf == 0x40000000) /* "KVMKVMKVM" */
		return (struct cpuid){0x40000001, 0x4b4d564b, 0x564b4d56, 0x4d};
	if (leaf > 0x40000000 && leaf < 0x80000000)
		return zeros;
	return machine(leaf == 0x1f ? 0xb : leaf, subleaf);
}
