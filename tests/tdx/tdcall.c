/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tdcall.h"
#include <baton/string.h>
#include "memory.h"
#include "options.h"
#include "sha384.h"
#include "td.h"
#include "vmcall.h"

#define VECTOR_GP 13

/* Leaves. */
#define VP_VMCALL 0
#define VP_INFO 1
#define MR_RTMR_EXTEND 2
#define VP_VEINFO_GET 3
#define MEM_PAGE_ACCEPT 6
#define VM_RD 7
#define VM_WR 8

/* Completion status codes; the low half has the operand. */
#define SUCCESS 0ull
#define OPERAND_INVALID 0xc000010000000000ull
#define NO_VALID_VE_INFO 0xc000070400000000ull
#define PAGE_ALREADY_ACCEPTED 0x00000b0a00000000ull
#define PAGE_SIZE_MISMATCH 0xc0000b0b00000000ull
#define FIELD_ID_INCORRECT 0xc0000c0000000000ull
#define OPERAND_RAX 0
#define OPERAND_RCX 1
#define OPERAND_RDX 2

/* TDCS fields of the TD's metadata that a guest may read. */
#define FIELD_NOTIFY_ENABLES 0x9100000000000010ull
#define FIELD_TD_CTLS 0x1110000300000017ull
#define FIELD_TOPOLOGY_ENUM_CONFIGURED 0x9100000000000019ull

#define LEVEL_2M 1
#define SEGMENT_LONG 0x200

static uint64_t vp_info(struct vcpu *vcpu)
{
	struct registers *regs = &vcpu->regs;

	regs->rcx = TD_GPAW;
	regs->rdx = TD_ATTRIBUTES;
	regs->r8 = (uint64_t)td.cpus << 32 | td.cpus; /* OVMF waits for as many as there may be */
	regs->r9 = vcpu->index;
	regs->r10 = 0;
	regs->r11 = 0;
	return SUCCESS;
}

static uint64_t rtmr_extend(struct vcpu *vcpu)
{
	uint8_t both[2 * TD_RTMR_SIZE];
	const void *data = memory_host(vcpu->regs.rcx);
	uint64_t index = vcpu->regs.rdx;

	if (vcpu->regs.rcx % 64 || vcpu->regs.rcx & TD_SHARED || !data)
		return OPERAND_INVALID | OPERAND_RCX;
	if (index >= TD_RTMRS)
		return OPERAND_INVALID | OPERAND_RDX;
	memcpy(both, td.rtmr[index], TD_RTMR_SIZE);
	memcpy(both + TD_RTMR_SIZE, data, TD_RTMR_SIZE);
	sha384(both, sizeof(both), td.rtmr[index]);
	return SUCCESS;
}

static uint64_t veinfo_get(struct vcpu *vcpu)
{
	struct ve_info *ve = &vcpu->ve;

	if (!ve->pending)
		return NO_VALID_VE_INFO;
	vcpu->regs.rcx = ve->reason;
	vcpu->regs.rdx = ve->qualification;
	vcpu->regs.r8 = ve->gla;
	vcpu->regs.r9 = ve->gpa;
	vcpu->regs.r10 = (uint64_t)ve->instruction << 32 | ve->length;
	ve->pending = false;
	return SUCCESS;
}

static uint64_t page_accept(struct vcpu *vcpu)
{
	uint64_t gpa = vcpu->regs.rcx & ~0xfffull;
	unsigned level = vcpu->regs.rcx & 7;
	uint64_t size = level == LEVEL_2M ? 512 * MEMORY_PAGE : MEMORY_PAGE;

	if (level > LEVEL_2M || vcpu->regs.rcx & 0xff8 || gpa % size || gpa & TD_SHARED)
		return OPERAND_INVALID | OPERAND_RCX;
	switch (memory_accept(gpa, level)) {
	case MEMORY_ACCEPT_DONE:
		return SUCCESS;
	case MEMORY_ACCEPT_ALREADY:
		return PAGE_ALREADY_ACCEPTED | level;
	case MEMORY_ACCEPT_SIZE:
		return PAGE_SIZE_MISMATCH;
	case MEMORY_ACCEPT_NONE:
		break;
	}
	vcpu_die(vcpu, "it accepts %llx, where there is no private page", (unsigned long long)gpa);
}

static uint64_t vm_rd(struct vcpu *vcpu)
{
	switch (vcpu->regs.rdx) {
	case FIELD_TD_CTLS:
		vcpu->regs.r8 = td.controls;
		return SUCCESS;
	case FIELD_NOTIFY_ENABLES:
		vcpu->regs.r8 = 0;
		return SUCCESS;
	case FIELD_TOPOLOGY_ENUM_CONFIGURED:
		vcpu->regs.r8 = 1;
		return SUCCESS;
	default:
		return FIELD_ID_INCORRECT | OPERAND_RDX;
	}
}

/* R8 is the value, R9 the mask of what is written; R8 returns what was there. */
static uint64_t vm_wr(struct vcpu *vcpu)
{
	uint64_t old = td.controls, mask = vcpu->regs.r9;

	switch (vcpu->regs.rdx) {
	case FIELD_TD_CTLS:
		td.controls =
			(old & ~mask) | (vcpu->regs.r8 & mask &
					 (TD_CTLS_PENDING_VE_DISABLE | TD_CTLS_ENUM_TOPOLOGY));
		vcpu->regs.r8 = old;
		return SUCCESS;
	case FIELD_NOTIFY_ENABLES:
		vcpu->regs.r8 = 0;
		return SUCCESS;
	default:
		return FIELD_ID_INCORRECT | OPERAND_RDX;
	}
}

static uint64_t call(struct vcpu *vcpu, uint64_t leaf)
{
	switch (leaf) {
	case VP_INFO:
		return vp_info(vcpu);
	case MR_RTMR_EXTEND:
		return rtmr_extend(vcpu);
	case VP_VEINFO_GET:
		return veinfo_get(vcpu);
	case MEM_PAGE_ACCEPT:
		return page_accept(vcpu);
	case VM_RD:
		return vm_rd(vcpu);
	case VM_WR:
		return vm_wr(vcpu);
	default:
		options_trace("tdx: CPU %u: TDCALL %llx is not there\n", vcpu->index,
			      (unsigned long long)leaf);
		return OPERAND_INVALID | OPERAND_RAX;
	}
}

void tdcall_exit(struct vcpu *vcpu)
{
	uint64_t leaf = vcpu->regs.rax;

	if (!(vcpu->vmcb->cs.attributes & SEGMENT_LONG) || vcpu->vmcb->cpl) {
		svm_inject(vcpu, VECTOR_GP);
		return;
	}
	vcpu_skip(vcpu, TDCALL_LENGTH);
	if (leaf == VP_VMCALL) {
		vmcall(vcpu);
		return;
	}
	vcpu->counts.tdcalls++;
	vcpu->regs.rax = call(vcpu, leaf);
}
