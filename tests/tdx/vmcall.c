/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "vmcall.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "cpuid.h"
#include "memory.h"
#include "misbehave.h"
#include "mmio.h"
#include "msr.h"
#include "options.h"
#include "slice.h"
#include "table.h"
#include "td.h"

/* Functions that stand for no instruction. */
#define GET_TDVMCALL_INFO 0x10000
#define MAP_GPA 0x10001
#define REPORT_FATAL_ERROR 0x10003
#define SETUP_EVENT_NOTIFY 0x10004

/* R10 on return. */
#define SUCCESS 0ull
#define INVALID_OPERAND 0x8000000000000000ull
#define NOT_STANDARD (-1000ull) /* R10 was not 0: a call of KVM's own, none of which is there */

#define STATUS_OPERAND_INVALID_RCX 0xc000010000000001ull
#define PASSED_ALLOWED 0xffffffecull /* not RAX, RCX and RSP; the upper 16 are XMM registers */

/* R10 to R15: the arguments, and then the results. */
struct arguments {
	uint64_t r10, r11, r12, r13, r14, r15;
};

static bool port_in(uint16_t port, uint64_t size, uint64_t *value)
{
	uint16_t word;

	switch (size) {
	case 1:
		*value = in8(port);
		return true;
	case 2:
		__asm__ volatile("inw %1, %0" : "=a"(word) : "Nd"(port));
		*value = word;
		return true;
	case 4:
		*value = in32(port);
		return true;
	default:
		return false;
	}
}

static bool port_out(uint16_t port, uint64_t size, uint64_t value)
{
	switch (size) {
	case 1:
		out8(port, value);
		return true;
	case 2:
		__asm__ volatile("outw %0, %1" : : "a"((uint16_t)value), "Nd"(port));
		return true;
	case 4:
		__asm__ volatile("outl %0, %1" : : "a"((uint32_t)value), "Nd"(port));
		return true;
	default:
		return false;
	}
}

/* R12 size, R13 whether it writes, R14 port, R15 value; R11 returns it. */
static bool io(struct arguments *a)
{
	if (a->r14 > 0xffff)
		return false;
	if (!a->r13)
		return port_in(a->r14, a->r12, &a->r11);
	return port_out(a->r14, a->r12, a->r15);
}

/* R12 size, R13 whether it writes, R14 address, R15 value; R11 returns it. */
static bool mmio(struct arguments *a)
{
	if (a->r13)
		return mmio_host_write(a->r14, a->r12, a->r15);
	return mmio_host_read(a->r14, a->r12, &a->r11);
}

/* R12 and R13 are EAX and ECX; R12 to R15 return EAX to EDX. */
static bool host_cpuid(struct arguments *a)
{
	struct cpuid r = cpuid_host(a->r12, a->r13);

	a->r12 = r.eax;
	a->r13 = r.ebx;
	a->r14 = r.ecx;
	a->r15 = r.edx;
	return true;
}

/* R12 start, shared if it has that bit, R13 size. */
static bool map_gpa(struct arguments *a)
{
	options_trace("tdx: MapGPA %llx, %llx bytes\n", (unsigned long long)a->r12,
		      (unsigned long long)a->r13);
	return memory_map(a->r12 & ~TD_SHARED, a->r13, a->r12 & TD_SHARED);
}

/* The message is in the registers (GHCI 1.0, "TDG.VP.VMCALL<ReportFatalError>"). */
static _Noreturn void fatal_error(struct vcpu *vcpu)
{
	const struct registers *r = &vcpu->regs;
	uint64_t words[] = {r->r14, r->r15, r->rbx, r->rdi, r->rsi, r->r8, r->r9, r->rdx};
	char text[sizeof(words) + 1];

	memcpy(text, words, sizeof(words));
	text[sizeof(words)] = 0;
	vcpu_die(vcpu, "the TD reports a fatal error: %s", text);
}

/* False: R10 says that the operands are wrong. */
static bool answer(struct vcpu *vcpu, uint64_t function, struct arguments *a)
{
	switch (function) {
	case REASON_CPUID:
		return host_cpuid(a);
	case REASON_HLT:
		if (misbehave_sleeps())
			svm_sleep(vcpu, !a->r12);
		misbehave_woken(vcpu);
		return true;
	case REASON_IO:
		return io(a);
	case REASON_RDMSR:
		return msr_host_read(vcpu, a->r12, &a->r11);
	case REASON_WRMSR:
		return msr_host_write(vcpu, a->r12, a->r13);
	case REASON_EPT_VIOLATION:
		return mmio(a);
	case REASON_WBINVD:
		return true;
	case GET_TDVMCALL_INFO:
		a->r11 = a->r12 = a->r13 = a->r14 = 0;
		return true;
	case MAP_GPA:
		return map_gpa(a);
	case REPORT_FATAL_ERROR:
		fatal_error(vcpu);
	case SETUP_EVENT_NOTIFY:
		return true;
	default:
		return false;
	}
}

/* Of the registers the host sees those that RCX names, else zeros. */
static uint64_t passed(struct vcpu *vcpu, unsigned number)
{
	return vcpu->regs.rcx >> number & 1 ? *vcpu_register(vcpu, number) : 0;
}

/* And the TD gets those back. */
static void give_back(struct vcpu *vcpu, unsigned number, uint64_t value)
{
	if (vcpu->regs.rcx >> number & 1)
		*vcpu_register(vcpu, number) = value;
}

/* What R10 returns. */
static uint64_t result(struct vcpu *vcpu, struct arguments *a)
{
	uint64_t function = a->r11;
	struct arguments asked = *a;

	if (a->r10)
		return NOT_STANDARD;
	if (!misbehave_refuses(vcpu, function) && answer(vcpu, function, a))
		return SUCCESS;
	options_trace("tdx: CPU %u: TDVMCALL %llx (%llx, %llx, %llx) refused\n", vcpu->index,
		      (unsigned long long)function, (unsigned long long)asked.r12,
		      (unsigned long long)asked.r13, (unsigned long long)asked.r14);
	*a = asked;
	return INVALID_OPERAND;
}

void vmcall(struct vcpu *vcpu)
{
	struct arguments a = {passed(vcpu, 10), passed(vcpu, 11), passed(vcpu, 12),
			      passed(vcpu, 13), passed(vcpu, 14), passed(vcpu, 15)};

	if (vcpu->regs.rcx & ~PASSED_ALLOWED) {
		vcpu->regs.rax = STATUS_OPERAND_INVALID_RCX;
		return;
	}
	slice_end(vcpu);
	vcpu->counts.vmcall[a.r11 < COUNT_REASONS ? a.r11 : 0]++;
	misbehave_vmcall(vcpu, a.r11);
	a.r10 = result(vcpu, &a);
	give_back(vcpu, 10, a.r10);
	give_back(vcpu, 11, a.r11);
	give_back(vcpu, 12, a.r12);
	give_back(vcpu, 13, a.r13);
	give_back(vcpu, 14, a.r14);
	give_back(vcpu, 15, a.r15);
	vcpu->regs.rax = 0;
}
