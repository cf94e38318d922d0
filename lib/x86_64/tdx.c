/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tdx.h"

#define STATUS_ALREADY_ACCEPTED 0xb0a /* the high half of RAX; the low one has the operand */

/* The exit qualification of IN and OUT (Intel SDM volume 3, "I/O instructions"). */
#define IO_SIZE 7u /* minus 1 */
#define IO_IN 8u
#define IO_STRING 16u
#define IO_PORT_SHIFT 16

#define RFLAGS_IF 0x200u

/* The bits of a port's 1, 2 or 4 bytes. */
static uint32_t ones(unsigned size)
{
	return UINT32_MAX >> (32 - 8 * size);
}

uint32_t tdx_vcpu_index(void)
{
	struct tdx_result r;

	tdx_module(TDX_VP_INFO, 0, 0, &r);
	return (uint32_t)r.r9;
}

struct cpuid tdx_cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct tdx_answer a;

	if (tdx_vmcall(TDX_REASON_CPUID, leaf, subleaf, 0, 0, &a))
		a.r12 = a.r13 = a.r14 = a.r15 = 0;
	return (struct cpuid){(uint32_t)a.r12, (uint32_t)a.r13, (uint32_t)a.r14, (uint32_t)a.r15};
}

bool tdx_rdmsr(uint32_t msr, uint64_t *value)
{
	struct tdx_answer a;

	if (tdx_vmcall(TDX_REASON_RDMSR, msr, 0, 0, 0, &a))
		return false;
	*value = a.r11;
	return true;
}

bool tdx_wrmsr(uint32_t msr, uint64_t value)
{
	struct tdx_answer a;

	return !tdx_vmcall(TDX_REASON_WRMSR, msr, value, 0, 0, &a);
}

bool tdx_in(uint16_t port, unsigned size, uint32_t *value)
{
	struct tdx_answer a;

	if (tdx_vmcall(TDX_REASON_IO, size, 0, port, 0, &a))
		return false;
	*value = (uint32_t)a.r11 & ones(size);
	return true;
}

bool tdx_out(uint16_t port, unsigned size, uint32_t value)
{
	struct tdx_answer a;

	return !tdx_vmcall(TDX_REASON_IO, size, 1, port, value, &a);
}

void tdx_halt(bool blocked)
{
	struct tdx_answer a;

	tdx_vmcall(TDX_REASON_HLT, blocked, 0, 0, 0, &a);
}

enum tdx_acceptance tdx_accept(uint64_t page)
{
	struct tdx_result r;
	uint64_t status = tdx_module(TDX_MEM_PAGE_ACCEPT, page, 0, &r);

	if (!status)
		return TDX_ACCEPTED;
	return status >> 32 == STATUS_ALREADY_ACCEPTED ? TDX_ACCEPTED_BEFORE : TDX_NOT_ACCEPTED;
}

static void emulate_cpuid(struct tdx_frame *frame)
{
	struct cpuid r = tdx_cpuid((uint32_t)frame->rax, (uint32_t)frame->rcx);

	frame->rax = r.eax;
	frame->rbx = r.ebx;
	frame->rcx = r.ecx;
	frame->rdx = r.edx;
}

static void emulate_rdmsr(struct tdx_frame *frame)
{
	uint64_t value = 0;

	tdx_rdmsr((uint32_t)frame->rcx, &value);
	frame->rax = (uint32_t)value;
	frame->rdx = value >> 32;
}

/* IN of 1 or 2 bytes keeps the rest of RAX, of 4 it clears the upper half. */
static bool emulate_io(struct tdx_frame *frame, uint64_t qualification)
{
	unsigned size = (qualification & IO_SIZE) + 1;
	uint16_t port = (uint16_t)(qualification >> IO_PORT_SHIFT);
	uint32_t value = UINT32_MAX;

	if (qualification & IO_STRING || (size != 1 && size != 2 && size != 4))
		return false;
	if (!(qualification & IO_IN)) {
		tdx_out(port, size, (uint32_t)frame->rax & ones(size));
		return true;
	}
	tdx_in(port, size, &value);
	value &= ones(size);
	frame->rax = size == 4 ? value : (frame->rax & ~(uint64_t)ones(size)) | value;
	return true;
}

/* Not inlined: one stack frame would have room for the answers of all calls at once. */
__attribute__((noinline)) static bool emulate(struct tdx_frame *frame)
{
	switch (frame->reason) {
	case TDX_REASON_CPUID:
		emulate_cpuid(frame);
		return true;
	case TDX_REASON_RDMSR:
		emulate_rdmsr(frame);
		return true;
	case TDX_REASON_WRMSR:
		tdx_wrmsr((uint32_t)frame->rcx, frame->rdx << 32 | (uint32_t)frame->rax);
		return true;
	case TDX_REASON_HLT:
		tdx_halt(!(frame->rflags & RFLAGS_IF));
		return true;
	case TDX_REASON_IO:
		return emulate_io(frame, frame->qualification);
	case TDX_REASON_MONITOR:
	case TDX_REASON_MWAIT:
	case TDX_REASON_INVD:
	case TDX_REASON_WBINVD:
		return true;
	default:
		return false;
	}
}

/* The information first: before it is taken, another #VE would be a #DF. */
bool tdx_ve(struct tdx_frame *frame)
{
	struct tdx_result info;

	if (tdx_module(TDX_VP_VEINFO_GET, 0, 0, &info))
		return false;
	frame->reason = (uint32_t)info.rcx;
	frame->qualification = info.rdx;
	if (!emulate(frame))
		return false;
	frame->rip += (uint32_t)info.r10; /* the instruction's length */
	return true;
}
