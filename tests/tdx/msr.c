/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "msr.h"
#include <baton/x86_64/cpu.h>
#include "options.h"
#include "slice.h"
#include "table.h"
#include "tdapic.h"
#include "vcpu.h"
#include "ve.h"

#define VECTOR_GP 13
#define LENGTH 2

#define MSR_EFER_SCE 1ull

#define MSR_PLATFORM_ID 0x17
#define MSR_BIOS_SIGN_ID 0x8b
#define MSR_PLATFORM_INFO 0xce
#define MSR_MTRRCAP 0xfe
#define MSR_MISC_FEATURES_ENABLES 0x140
#define MSR_MCG_CAP 0x179
#define MSR_MCG_CTL 0x17b
#define MSR_MISC_ENABLE 0x1a0
#define MSR_MTRR_FIRST 0x200
#define MSR_MTRR_LAST 0x26f
#define MSR_MTRR_DEF_TYPE 0x2ff
#define MSR_MC0_CTL 0x400
#define MSR_MC_LAST 0x43f

bool msr_is_simulated(uint32_t msr)
{
	return msr == MSR_EFER || (msr >= APIC_MSR_FIRST && msr <= APIC_MSR_LAST);
}

/* A TD sees EFER without SVME, and with LME even while the VMCB must not have it: control.c. */
static uint64_t read_efer(const struct vcpu *vcpu)
{
	return (vcpu->vmcb->efer & ~EFER_SVME) | EFER_LME;
}

static void set_result(struct vcpu *vcpu, uint64_t value)
{
	vcpu->regs.rax = (uint32_t)value;
	vcpu->regs.rdx = value >> 32;
}

/* LMA is not for writing, and not compared. */
static bool write_efer(struct vcpu *vcpu, uint64_t value)
{
	if ((value ^ read_efer(vcpu)) & ~(MSR_EFER_SCE | EFER_LMA))
		return false;
	vcpu->vmcb->efer = (vcpu->vmcb->efer & ~MSR_EFER_SCE) | (value & MSR_EFER_SCE);
	return true;
}

/* False: it must be a #VE. */
static bool emulate(struct vcpu *vcpu, uint32_t msr, bool write)
{
	uint64_t value = vcpu->regs.rdx << 32 | (uint32_t)vcpu->regs.rax;

	if (msr == MSR_EFER && write)
		return write_efer(vcpu, value);
	if (msr == MSR_EFER) {
		set_result(vcpu, read_efer(vcpu));
		return true;
	}
	slice_end(vcpu);
	if (!write)
		set_result(vcpu, tdapic_read(msr));
	else
		tdapic_write(msr, value);
	return true;
}

void msr_exit(struct vcpu *vcpu, bool write)
{
	uint32_t msr = (uint32_t)vcpu->regs.rcx;
	enum table_action action = table_access(msr, write);

	if (action == TABLE_GP) {
		options_trace("tdx: CPU %u: #GP for MSR %x\n", vcpu->index, msr);
		svm_inject(vcpu, VECTOR_GP);
	} else if (action != TABLE_VE && emulate(vcpu, msr, write)) {
		vcpu_skip(vcpu, LENGTH);
	} else {
		ve_inject(vcpu, write ? REASON_WRMSR : REASON_RDMSR, 0, LENGTH);
	}
}

static uint64_t apic_base(const struct vcpu *vcpu)
{
	return 0xfee00000 | APIC_BASE_ENABLE | APIC_BASE_X2APIC | (vcpu->index ? 0 : APIC_BASE_BSP);
}

/* What the machine has, and keeps for each CPU without effect on anything. */
static bool is_machines(uint32_t msr)
{
	return msr == MSR_MTRRCAP || (msr >= MSR_MTRR_FIRST && msr <= MSR_MTRR_LAST) ||
	       msr == MSR_MTRR_DEF_TYPE || (msr >= MSR_MCG_CAP && msr <= MSR_MCG_CTL) ||
	       (msr >= MSR_MC0_CTL && msr <= MSR_MC_LAST);
}

/* What reads as 0, and may be written. */
static bool is_nothing(uint32_t msr)
{
	return msr == MSR_PLATFORM_ID || msr == MSR_BIOS_SIGN_ID || msr == MSR_PLATFORM_INFO ||
	       msr == MSR_MISC_FEATURES_ENABLES;
}

bool msr_host_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value)
{
	if (msr >= APIC_MSR_FIRST && msr <= APIC_MSR_LAST)
		*value = tdapic_read(msr);
	else if (msr == MSR_APIC_BASE)
		*value = apic_base(vcpu);
	else if (is_machines(msr) || msr == MSR_MISC_ENABLE)
		*value = rdmsr(msr);
	else if (is_nothing(msr))
		*value = 0;
	else
		return false;
	return true;
}

bool msr_host_write(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	if (msr >= APIC_MSR_FIRST && msr <= APIC_MSR_LAST) {
		if (!tdapic_write(msr, value))
			console_print("tdx: CPU %u: dropped INIT or SIPI %llx\n", vcpu->index,
				      (unsigned long long)value);
		return true;
	}
	if (msr == MSR_APIC_BASE)
		return value == apic_base(vcpu);
	if (!is_machines(msr))
		return is_nothing(msr) || msr == MSR_MISC_ENABLE;
	wrmsr(msr, value);
	return true;
}
