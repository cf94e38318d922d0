/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The handler of #VE in a TD: lib/x86_64/tdx.h.  Any frame, any information of the TDX module
 * about the exception, any answer of the host; GHCI 1.0 for TDX.
 *
 * Sources: lib/x86_64/tdx.c
 * Proof: ve
 * Proof: calls
 * Quick: ve calls
 * Mutant: ve lib/x86_64/tdx.c s/frame->rip += (uint32_t)info.r10/frame->rip += info.r10/
 * Mutant: ve lib/x86_64/tdx.c s/frame->rbx = r.ebx;//
 * Mutant: ve lib/x86_64/tdx.c s/frame->rdx = value >> 32/frame->rdx = value/
 * Mutant: ve lib/x86_64/tdx.c s/(frame->rax \& ~(uint64_t)ones(size)) | value/value/
 * Mutant: ve lib/x86_64/tdx.c s/qualification \& IO_STRING ||/0 ||/
 * Mutant: ve lib/x86_64/tdx.c s/(uint32_t)frame->rax \& ones(size)/frame->rax/
 * Mutant: ve lib/x86_64/tdx.c s/!(frame->rflags \& RFLAGS_IF)/frame->rflags/
 * Mutant: ve lib/x86_64/tdx.c s/if (!emulate(frame))/if (emulate(frame), 0)/
 * Mutant: calls lib/x86_64/tdx.c s/(uint32_t)a.r11 \& ones(size)/(uint32_t)a.r11/
 * Mutant: calls lib/x86_64/tdx.c s/a.r12 = a.r13 = a.r14 = a.r15 = 0;//
 * Mutant: calls lib/x86_64/tdx.c s/status >> 32 == STATUS_ALREADY_ACCEPTED/1/
 */
/* clang-format on */
#include "proof.h"
#include "lib/x86_64/tdx.h"

static struct tdx_frame frame, before;
static struct tdx_result info;
static struct tdx_answer answer;
static uint64_t answer_status, module_status;
static unsigned calls, module_calls;
static bool handler;

static uint64_t mask(unsigned size)
{
	return size == 1 ? 0xff : size == 2 ? 0xffff : 0xffffffff;
}

static unsigned io_size(void)
{
	return (info.rdx & 7) + 1;
}

/* What the host gets to see: what the instruction names, and nothing else of the TD. */
static void judge_exposed(uint64_t function, uint64_t r12, uint64_t r13, uint64_t r14, uint64_t r15)
{
	PROVE("the function is that of the instruction", function == (uint32_t)info.rcx);
	switch (function) {
	case 10: /* CPUID */
		PROVE("leaf and subleaf alone",
		      r12 == (uint32_t)before.rax && r13 == (uint32_t)before.rcx && !r14 && !r15);
		break;
	case 12: /* HLT */
		PROVE("whether interrupts are off",
		      r12 == !(before.rflags >> 9 & 1) && !r13 && !r14 && !r15);
		break;
	case 30: /* I/O */
		PROVE("size, direction, port, and what is written",
		      r12 == io_size() && (r12 == 1 || r12 == 2 || r12 == 4) &&
			      r13 == !(info.rdx & 8) && r14 == (info.rdx >> 16 & 0xffff) &&
			      r15 == (r13 ? before.rax & mask(io_size()) : 0));
		break;
	case 31: /* RDMSR */
		PROVE("the MSR's number", r12 == (uint32_t)before.rcx && !r13 && !r14 && !r15);
		break;
	case 32: /* WRMSR */
		PROVE("number and value",
		      r12 == (uint32_t)before.rcx &&
			      r13 == (before.rdx << 32 | (uint32_t)before.rax) && !r14 && !r15);
		break;
	default:
		PROVE("no other function", false);
	}
}

uint64_t tdx_vmcall(uint64_t function, uint64_t r12, uint64_t r13, uint64_t r14, uint64_t r15,
		    struct tdx_answer *got)
{
	PROVE("once, and not before the information is taken",
	      !calls && (!handler || module_calls == 1));
	calls++;
	if (handler)
		judge_exposed(function, r12, r13, r14, r15);
	*got = answer;
	return answer_status;
}

uint64_t tdx_module(uint64_t leaf, uint64_t rcx, uint64_t rdx, struct tdx_result *result)
{
	(void)rcx;
	if (handler)
		PROVE("VEINFO, first and once",
		      leaf == 3 && !rcx && !rdx && !module_calls && !calls);
	module_calls++;
	*result = info;
	return module_status;
}

static void any_world(void)
{
	info = (struct tdx_result){any64(), any64(), any64(), any64(), any64(), any64()};
	answer = (struct tdx_answer){any64(), any64(), any64(), any64(), any64()};
	answer_status = any64();
	module_status = any64();
	__CPROVER_havoc_object(&frame);
	before = frame;
}

static bool others_same(void)
{
	return frame.rbp == before.rbp && frame.rsi == before.rsi && frame.rdi == before.rdi &&
	       frame.r8 == before.r8 && frame.r9 == before.r9 && frame.r10 == before.r10 &&
	       frame.r11 == before.r11 && frame.r12 == before.r12 && frame.r13 == before.r13 &&
	       frame.r14 == before.r14 && frame.r15 == before.r15 && frame.cs == before.cs &&
	       frame.rflags == before.rflags && frame.rsp == before.rsp && frame.ss == before.ss;
}

static bool accumulators_same(void)
{
	return frame.rax == before.rax && frame.rbx == before.rbx && frame.rcx == before.rcx &&
	       frame.rdx == before.rdx;
}

static void judge_result(void)
{
	const bool good = !answer_status;
	uint64_t value;

	switch ((uint32_t)info.rcx) {
	case 10:
		PROVE("CPUID: four registers, by the host, or zeros",
		      frame.rax == (good ? (uint32_t)answer.r12 : 0) &&
			      frame.rbx == (good ? (uint32_t)answer.r13 : 0) &&
			      frame.rcx == (good ? (uint32_t)answer.r14 : 0) &&
			      frame.rdx == (good ? (uint32_t)answer.r15 : 0));
		break;
	case 31:
		PROVE("RDMSR: EDX:EAX, by the host, or 0",
		      frame.rax == (good ? (uint32_t)answer.r11 : 0) &&
			      frame.rdx == (good ? answer.r11 >> 32 : 0) &&
			      frame.rbx == before.rbx && frame.rcx == before.rcx);
		break;
	case 30:
		if (!(info.rdx & 8)) {
			PROVE("OUT: no register", accumulators_same());
			break;
		}
		value = (good ? answer.r11 : UINT64_MAX) & mask(io_size());
		PROVE("IN: as the processor has it, by the host, or ones",
		      frame.rax == (io_size() == 4 ? value
						   : (before.rax & ~mask(io_size())) | value) &&
			      frame.rbx == before.rbx && frame.rcx == before.rcx &&
			      frame.rdx == before.rdx);
		break;
	case 12:
	case 13:
	case 32:
	case 36:
	case 39:
	case 54:
		PROVE("the others: no register", accumulators_same());
		break;
	default:
		PROVE("no other reason is handled", false);
	}
}

void proof_ve(void)
{
	bool done;

	any_world();
	handler = true;
	done = tdx_ve(&frame);
	PROVE("no other register", others_same());
	if (!done) {
		PROVE("no register, and not behind the instruction",
		      accumulators_same() && frame.rip == before.rip);
		PROVE("the host is not asked", !calls);
		return;
	}
	PROVE("the module has the information", !module_status);
	PROVE("no string I/O", (uint32_t)info.rcx != 30 || !(info.rdx & 16));
	PROVE("behind the instruction: by its length, of the module",
	      frame.rip == before.rip + (uint32_t)info.r10);
	judge_result();
}

/* What the resident itself asks for. */
void proof_calls(void)
{
	uint64_t msr_value = any64(), msr_before = msr_value;
	uint32_t port_value = any32(), port_before = port_value;
	unsigned size = any() ? 1 : any() ? 2 : 4;
	struct cpuid r;

	any_world();
	if (tdx_rdmsr(any32(), &msr_value))
		PROVE("the host's value", !answer_status && msr_value == answer.r11);
	else
		PROVE("unchanged where the host refuses", answer_status && msr_value == msr_before);
	calls = 0;
	if (tdx_in(any16(), size, &port_value))
		PROVE("no more bytes than asked for",
		      !answer_status && port_value == ((uint32_t)answer.r11 & mask(size)));
	else
		PROVE("unchanged where the host refuses",
		      answer_status && port_value == port_before);
	calls = 0;
	r = tdx_cpuid(any32(), any32());
	PROVE("zeros where the host refuses", !answer_status || !(r.eax | r.ebx | r.ecx | r.edx));
	calls = 0;
	PROVE("whether it was written", tdx_wrmsr(any32(), any64()) == !answer_status);
	calls = 0;
	PROVE("whether it was written", tdx_out(any16(), size, any32()) == !answer_status);
	calls = 0;
	tdx_halt(any());
	PROVE("which CPU: by the module", tdx_vcpu_index() == (uint32_t)info.r9);
	PROVE("accepted, now or before, or not",
	      tdx_accept(any64()) == (!module_status		     ? TDX_ACCEPTED
				      : module_status >> 32 == 0xb0a ? TDX_ACCEPTED_BEFORE
								     : TDX_NOT_ACCEPTED));
}
