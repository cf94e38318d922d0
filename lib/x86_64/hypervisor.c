/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "hypervisor.h"
#include <baton/x86_64/cpu.h>

#define CPUID_HYPERVISOR 31 /* of leaf 1, ECX: one is there */

/* A hypervisor may offer several interfaces, each at a base of its own. */
#define FIRST_BASE 0x40000000u
#define LAST_BASE 0x4000ff00u
#define NEXT_BASE 0x100u

/* Linux, Documentation/virt/kvm/x86: cpuid.rst and msr.rst; "KVMKVMKVM". */
#define KVM_EBX 0x4b4d564bu
#define KVM_ECX 0x564b4d56u
#define KVM_EDX 0x0000004du
#define KVM_FEATURES 1
#define KVM_CLOCK 0
#define KVM_CLOCK2 3
#define KVM_ASYNC_PF 4
#define KVM_STEAL_TIME 5
#define KVM_PV_EOI 6

#define MSR_KVM_CLOCK 0x00000012
#define MSR_KVM_CLOCK2 0x4b564d01
#define MSR_KVM_ASYNC_PF 0x4b564d02
#define MSR_KVM_STEAL_TIME 0x4b564d03
#define MSR_KVM_PV_EOI 0x4b564d04

/* Hypervisor Top Level Functional Specification, "Feature and interface discovery"; "Hv#1". */
#define HYPERV_INTERFACE 1
#define HYPERV_EAX 0x31237648u
#define HYPERV_FEATURES 3
#define HYPERV_SYNIC 2
#define HYPERV_TIMERS 3
#define HYPERV_APIC 4

#define MSR_HYPERV_VP_ASSIST 0x40000073
#define MSR_HYPERV_SCONTROL 0x40000080
#define MSR_HYPERV_SIEFP 0x40000082
#define MSR_HYPERV_SIMP 0x40000083
#define MSR_HYPERV_TIMER 0x400000b0 /* the first of four, two apart */

/* Write 0 to @msr if bit @bit of @features offers it. */
static void end(uint32_t features, unsigned bit, uint32_t msr)
{
	if (features >> bit & 1)
		wrmsr(msr, 0);
}

static void end_kvm(uint32_t features)
{
	end(features, KVM_STEAL_TIME, MSR_KVM_STEAL_TIME);
	end(features, KVM_PV_EOI, MSR_KVM_PV_EOI);
	end(features, KVM_ASYNC_PF, MSR_KVM_ASYNC_PF);
	end(features, KVM_CLOCK2, MSR_KVM_CLOCK2);
	end(features, KVM_CLOCK, MSR_KVM_CLOCK);
}

/* The partition's pages (hypercall, TSC) are not this CPU's alone. */
static void end_hyperv(uint32_t features)
{
	for (uint32_t i = 0; i < 8; i += 2)
		end(features, HYPERV_TIMERS, MSR_HYPERV_TIMER + i);
	end(features, HYPERV_SYNIC, MSR_HYPERV_SCONTROL);
	end(features, HYPERV_SYNIC, MSR_HYPERV_SIEFP);
	end(features, HYPERV_SYNIC, MSR_HYPERV_SIMP);
	end(features, HYPERV_APIC, MSR_HYPERV_VP_ASSIST);
}

void hypervisor_end_writes(void)
{
	if (!(cpuid(1, 0).ecx >> CPUID_HYPERVISOR & 1))
		return;
	for (uint32_t base = FIRST_BASE; base <= LAST_BASE; base += NEXT_BASE) {
		struct cpuid name = cpuid(base, 0);
		bool kvm = name.ebx == KVM_EBX && name.ecx == KVM_ECX && name.edx == KVM_EDX;
		/* An old KVM says 0 and means the features' leaf. */
		uint32_t last = kvm && !name.eax ? base + KVM_FEATURES : name.eax;

		/* Past the last interface, there is something else or nothing. */
		if (last < base || last - base >= NEXT_BASE)
			return;
		if (kvm && last >= base + KVM_FEATURES)
			end_kvm(cpuid(base + KVM_FEATURES, 0).eax);
		else if (last >= base + HYPERV_FEATURES &&
			 cpuid(base + HYPERV_INTERFACE, 0).eax == HYPERV_EAX)
			end_hyperv(cpuid(base + HYPERV_FEATURES, 0).eax);
	}
}
