/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "vcpu.h"
#include <baton/x86_64/cpu.h>
#include <stdarg.h>
#include "console.h"

uint64_t *vcpu_register(struct vcpu *vcpu, unsigned number)
{
	struct registers *regs = &vcpu->regs;
	uint64_t *const low[] = {&regs->rax, &regs->rcx, &regs->rdx, &regs->rbx,
				 &regs->rsp, &regs->rbp, &regs->rsi, &regs->rdi};

	return number < 8 ? low[number] : &regs->r8 + (number - 8);
}

void vcpu_skip(struct vcpu *vcpu, unsigned length)
{
	vcpu->vmcb->rip += length;
}

static void alarm(const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	console_alarm(text, arguments);
	va_end(arguments);
}

void vcpu_die(const struct vcpu *vcpu, const char *why, ...)
{
	const struct svm_vmcb *vmcb = vcpu->vmcb;
	const struct registers *r = &vcpu->regs;
	va_list arguments;

	alarm("tdx: CPU %u stopped: ", vcpu->index);
	va_start(arguments, why);
	console_alarm(why, arguments);
	va_end(arguments);
	alarm("\ntdx: exit %llx info %llx %llx, event %llx\n", (unsigned long long)vmcb->exit_code,
	      (unsigned long long)vmcb->exit_info1, (unsigned long long)vmcb->exit_info2,
	      (unsigned long long)vmcb->exit_interrupt_info);
	alarm("tdx: rip %llx rsp %llx rflags %llx cs %x %x cr0 %llx cr2 %llx cr3 %llx cr4 %llx "
	      "efer %llx\n",
	      (unsigned long long)vmcb->rip, (unsigned long long)vmcb->rsp,
	      (unsigned long long)vmcb->rflags, vmcb->cs.selector, vmcb->cs.attributes,
	      (unsigned long long)vmcb->cr0, (unsigned long long)vmcb->cr2,
	      (unsigned long long)vmcb->cr3, (unsigned long long)vmcb->cr4,
	      (unsigned long long)vmcb->efer);
	alarm("tdx: rax %llx rbx %llx rcx %llx rdx %llx rsi %llx rdi %llx rbp %llx\n",
	      (unsigned long long)r->rax, (unsigned long long)r->rbx, (unsigned long long)r->rcx,
	      (unsigned long long)r->rdx, (unsigned long long)r->rsi, (unsigned long long)r->rdi,
	      (unsigned long long)r->rbp);
	alarm("tdx: r8 %llx r9 %llx r10 %llx r11 %llx r12 %llx r13 %llx r14 %llx r15 %llx\n",
	      (unsigned long long)r->r8, (unsigned long long)r->r9, (unsigned long long)r->r10,
	      (unsigned long long)r->r11, (unsigned long long)r->r12, (unsigned long long)r->r13,
	      (unsigned long long)r->r14, (unsigned long long)r->r15);
	for (;;)
		cpu_relax();
}
