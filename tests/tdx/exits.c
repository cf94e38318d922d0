/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "exits.h"
#include <baton/string.h>
#include "control.h"
#include "cpuid.h"
#include "memory.h"
#include "mmio.h"
#include "msr.h"
#include "options.h"
#include "slice.h"
#include "table.h"
#include "tdcall.h"
#include "vcpu.h"
#include "ve.h"

#define VECTOR_UD 6
#define VECTOR_GP 13

/* Qualification of an I/O instruction: Intel SDM volume 3, "Exit qualification". */
#define IO_IN 0x08
#define IO_STRING 0x10
#define IO_REP 0x20

static const uint8_t tdcall_code[] = {0x66, 0x0f, 0x01, 0xcc};
static const uint8_t invd_code[] = {0x0f, 0x08};
static const uint8_t vmcall_code[] = {0x0f, 0x01, 0xc1};

/* Two instructions of Intel's are none to TCG. */
static void undefined_exit(struct vcpu *vcpu)
{
	uint8_t code[4] = {0};

	memory_fetch(vcpu, code, sizeof(code));
	if (!memcmp(code, tdcall_code, sizeof(tdcall_code)))
		tdcall_exit(vcpu);
	else if (!memcmp(code, vmcall_code, sizeof(vmcall_code)))
		ve_inject(vcpu, REASON_VMCALL, 0, sizeof(vmcall_code));
	else
		svm_inject(vcpu, VECTOR_UD);
}

static void io_exit(struct vcpu *vcpu)
{
	uint64_t info = vcpu->vmcb->exit_info1;
	uint64_t size = info >> SVM_IOIO_SIZE_SHIFT & 7;
	uint64_t qualification = (info >> SVM_IOIO_PORT_SHIFT & 0xffff) << 16 | (size - 1);

	if (info & SVM_IOIO_IN)
		qualification |= IO_IN;
	if (info & SVM_IOIO_STRING)
		qualification |= IO_STRING;
	if (info & SVM_IOIO_REP)
		qualification |= IO_REP;
	ve_inject(vcpu, REASON_IO, qualification,
		  (uint32_t)(vcpu->vmcb->exit_info2 - vcpu->vmcb->rip));
}

/* TCG has INVD exit as WBINVD. */
static uint32_t exit_of_instruction(const struct vcpu *vcpu)
{
	uint8_t code[2] = {0};

	if (vcpu->vmcb->exit_code != SVM_EXIT_WBINVD)
		return (uint32_t)vcpu->vmcb->exit_code;
	memory_fetch(vcpu, code, sizeof(code));
	return memcmp(code, invd_code, sizeof(code)) ? SVM_EXIT_WBINVD : SVM_EXIT_INVD;
}

static void instruction_exit(struct vcpu *vcpu)
{
	const struct table_instruction *row = table_instruction(exit_of_instruction(vcpu));

	if (!row)
		vcpu_die(vcpu, "an exit that nobody knows");
	if (row->action == TABLE_VE || (row->action == TABLE_OLD_VE && !options.new_module))
		ve_inject(vcpu, row->reason, 0, row->length);
	else
		svm_inject(vcpu, row->action == TABLE_GP ? VECTOR_GP : VECTOR_UD);
}

void exits_handle(struct vcpu *vcpu)
{
	vcpu->counts.exits++;
	vcpu->vmcb->event = 0;
	switch (vcpu->vmcb->exit_code) {
	case SVM_EXIT_CR0_WRITE:
	case SVM_EXIT_CR4_WRITE:
		control_exit(vcpu);
		break;
	case SVM_EXIT_UD:
		undefined_exit(vcpu);
		break;
	case SVM_EXIT_CPUID:
		cpuid_exit(vcpu);
		break;
	case SVM_EXIT_INTR:
		slice_exit(vcpu);
		break;
	case SVM_EXIT_MSR:
		msr_exit(vcpu, vcpu->vmcb->exit_info1);
		break;
	case SVM_EXIT_IOIO:
		io_exit(vcpu);
		break;
	case SVM_EXIT_NPF:
		mmio_exit(vcpu);
		break;
	case SVM_EXIT_SHUTDOWN:
		vcpu_die(vcpu, "triple fault");
	default:
		instruction_exit(vcpu);
	}
}
