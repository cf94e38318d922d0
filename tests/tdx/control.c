/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A TD's first state has EFER.LME with paging off.  TCG's exit from such a guest leaves the
 * host without paging.  So the VMCB has LME only while paging is on, and writes of CR0 exit.
 * TCG does not say which register is moved: the instruction is read from the TD's memory.
 */
#include "control.h"
#include <baton/x86_64/cpu.h>
#include "memory.h"
#include "options.h"
#include "table.h"
#include "vcpu.h"
#include "ve.h"

#define VECTOR_GP 13

#define CR0_TS 0x8
#define CR0_LMSW 0xf /* PE, MP, EM, TS */
#define CR0_FIRST 0x21
#define CR4_FIRST 0x40 /* the processor's has VMXE, too, which a TD does not see */
#define CR4_PCIDE 0x20000ull
#define EFER_FIRST (0x801 | EFER_SVME)

#define SEGMENT_LONG 0x200 /* as a VMCB has it */

/* Qualification of a #VE for a control register: Intel SDM volume 3, "Exit qualification". */
#define ACCESS_MOV 0
#define ACCESS_CLTS 2
#define ACCESS_LMSW 3

struct write {
	unsigned cr;
	uint64_t value;
	unsigned length;
	uint64_t qualification;
};

/* Bits of CR4 that are there, each with the bit of CPUID that has it. */
static const struct {
	uint8_t bit;
	uint8_t leaf;	/* 0: always */
	uint8_t output; /* 1: EBX, 2: ECX */
	uint8_t flag;
} features[] = {
	{0, 0, 0, 0},	{1, 0, 0, 0},  {2, 0, 0, 0},   {3, 0, 0, 0},  {4, 0, 0, 0},
	{5, 0, 0, 0},	{6, 0, 0, 0},  {7, 0, 0, 0},   {8, 0, 0, 0},  {9, 0, 0, 0},
	{10, 0, 0, 0},	{11, 7, 2, 2}, {12, 7, 2, 16}, {16, 7, 1, 0}, {17, 1, 2, 17},
	{18, 1, 2, 26}, {20, 7, 1, 7}, {21, 7, 1, 20}, {22, 7, 2, 3}, {24, 7, 2, 31},
};

static uint64_t allowed_in_cr4(void)
{
	uint64_t allowed = 0;

	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		struct cpuid r = cpuid(features[i].leaf, 0);
		uint32_t output = features[i].output == 1 ? r.ebx : r.ecx;

		if (!features[i].leaf || output >> features[i].flag & 1)
			allowed |= 1ull << features[i].bit;
	}
	return allowed;
}

void control_start(struct vcpu *vcpu)
{
	vcpu->vmcb->cr0 = CR0_FIRST;
	vcpu->vmcb->cr4 = CR4_FIRST;
	vcpu->vmcb->efer = EFER_FIRST;
}

/* Read the instruction at RIP; false if it is none of those. */
static bool decode(struct vcpu *vcpu, struct write *write)
{
	uint8_t code[8] = {0};
	uint8_t rex = 0, *at = code;
	uint64_t old = vcpu->vmcb->cr0;

	memory_fetch(vcpu, code, sizeof(code));
	if (vcpu->vmcb->cs.attributes & SEGMENT_LONG && (*at & 0xf0) == 0x40)
		rex = *at++;
	if (*at++ != 0x0f)
		return false;
	write->cr = 0;
	switch (*at++) {
	case 0x06:
		write->value = old & ~CR0_TS;
		write->qualification = ACCESS_CLTS << 4;
		break;
	case 0x01:
		if (*at >> 3 != (0xc0 | 6 << 3) >> 3)
			return false; /* LMSW from memory: nobody has it */
		write->value = *vcpu_register(vcpu, (*at & 7) | (rex & 1) << 3) & CR0_LMSW;
		write->value |= (old & ~(uint64_t)CR0_LMSW) | (old & CR0_PE);
		write->qualification = ACCESS_LMSW << 4;
		at++;
		break;
	case 0x22:
		write->cr = *at >> 3 & 7;
		write->value = *vcpu_register(vcpu, (*at & 7) | (rex & 1) << 3);
		write->qualification =
			write->cr | ACCESS_MOV << 4 | ((*at & 7) | (rex & 1) << 3) << 8;
		if (!(vcpu->vmcb->cs.attributes & SEGMENT_LONG))
			write->value = (uint32_t)write->value;
		at++;
		break;
	default:
		return false;
	}
	write->length = at - code;
	return true;
}

/* Intel SDM volume 2, "MOV - Move to/from control registers": what is #GP on any processor. */
static bool set_cr0(struct svm_vmcb *vmcb, uint64_t value)
{
	bool was_on = vmcb->cr0 & CR0_PG, on = value & CR0_PG;

	if (value >> 32 || (on && !(value & CR0_PE)))
		return false;
	if (on && !was_on) {
		if (!(vmcb->cr4 & CR4_PAE) || vmcb->cs.attributes & SEGMENT_LONG)
			return false;
		vmcb->efer |= EFER_LME | EFER_LMA;
	} else if (!on && was_on) {
		if (vmcb->cs.attributes & SEGMENT_LONG)
			return false;
		vmcb->efer &= ~(uint64_t)(EFER_LME | EFER_LMA);
	}
	vmcb->cr0 = value | CR0_ET;
	return true;
}

static bool set_cr4(struct svm_vmcb *vmcb, uint64_t value)
{
	uint64_t changed = vmcb->cr4 ^ value;

	if (options.pcide)
		value &= ~CR4_PCIDE;
	if (value & ~allowed_in_cr4())
		return false;
	if (vmcb->efer & EFER_LMA && (!(value & CR4_PAE) || changed & CR4_LA57))
		return false;
	vmcb->cr4 = value;
	return true;
}

void control_exit(struct vcpu *vcpu)
{
	struct write write;
	enum table_action action;

	if (!decode(vcpu, &write))
		vcpu_die(vcpu, "a write of CR0 or CR4 by an unknown instruction");
	action = table_control(write.cr, write.value);
	if (action == TABLE_VE) {
		ve_inject(vcpu, REASON_CR, write.qualification, write.length);
		return;
	}
	if (action == TABLE_GP ||
	    !(write.cr ? set_cr4(vcpu->vmcb, write.value) : set_cr0(vcpu->vmcb, write.value))) {
		options_trace("tdx: CPU %u: #GP for CR%u = %llx\n", vcpu->index, write.cr,
			      (unsigned long long)write.value);
		svm_inject(vcpu, VECTOR_GP);
		return;
	}
	vcpu_skip(vcpu, write.length);
}
