/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The privileged instructions of libbaton. */
#include "x86.h"
#include <baton/x86_64/cpu.h>
#include "lib/x86_64/apic_id.h"
#include "lib/x86_64/guest.h"
#include "lib/x86_64/hypervisor.h"
#include "lib/x86_64/tdx.h"

uint32_t baton_apic_id(const struct baton_machine *machine)
{
	return apic_id_read(machine->apic);
}

uint64_t x86_cr4(void)
{
	uint64_t cr4;

	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	return cr4;
}

bool x86_no_execute(void)
{
	return rdmsr(MSR_EFER) & EFER_NXE;
}

bool x86_is_bsp(void)
{
	return rdmsr(MSR_APIC_BASE) & APIC_BASE_BSP;
}

bool x86_needs_init_delay(void)
{
	return cpu_needs_init_delay();
}

/* IRET ends an NMI, wherever it goes: Intel SDM volume 3, "Handling multiple NMIs". */
void arch_unblock_nmi(void)
{
	__asm__ volatile("mov %%ss, %%eax\n"
			 "mov %%rsp, %%rcx\n"
			 "push %%rax\n"
			 "push %%rcx\n"
			 "pushfq\n"
			 "mov %%cs, %%eax\n"
			 "push %%rax\n"
			 "lea 1f(%%rip), %%rax\n"
			 "push %%rax\n"
			 "iretq\n"
			 "1:"
			 :
			 :
			 : "rax", "rcx", "memory", "cc");
}

bool arch_has_nmi(void)
{
	return true;
}

void arch_send_nmi(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	x86_send(machine, cpu->id, ICR_NMI);
}

/* Virtualization of AMD's: with GIF clear, the CPU would take no INIT and no NMI. */
static void leave_svm(void)
{
	uint64_t efer = rdmsr(MSR_EFER);

	if (!(efer & EFER_SVME))
		return;
	__asm__ volatile("stgi" ::: "memory");
	wrmsr(MSR_EFER, efer & ~(uint64_t)EFER_SVME);
}

/* What writes to memory, or interrupts, without the CPU being asked. */
static void stop_tracing(void)
{
	uint32_t max_leaf = cpuid(0, 0).eax;

	__asm__ volatile("mov %0, %%dr7" : : "r"((uint64_t)0x400));
	wrmsr(MSR_DEBUGCTL, 0);
	if (max_leaf >= 0xa && (cpuid(0xa, 0).eax & 0xff) >= 2)
		wrmsr(MSR_PERF_GLOBAL_CTRL, 0);
	if (max_leaf >= 7 && cpuid(7, 0).ebx >> 25 & 1)
		wrmsr(MSR_RTIT_CTL, rdmsr(MSR_RTIT_CTL) & ~(uint64_t)RTIT_CTL_TRACE_EN);
}

/*
 * May run within an NMI, so in a TDX guest nothing of it is a #VE: returning from one would
 * let the next NMI in.  That is why hypervisor_end_writes() is left to the holder there.
 */
void arch_quiet(struct baton_machine *machine)
{
	arch_interrupts_off();
	stop_tracing();
	leave_svm();
	if (!guest_is_tdx())
		hypervisor_end_writes();
	x86_apic_off(machine);
}

void arch_leave(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)cpu;
	baton_leave(machine->reset_vector,
		    x86_cr4() & CR4_LA57 ? machine->exit.root5 : machine->exit.root);
}

void arch_halt(void)
{
	__asm__ volatile("cli" ::: "memory");
	while (guest_is_tdx())
		tdx_halt(true);
	for (;;)
		__asm__ volatile("cli; hlt" ::: "memory");
}

void arch_read_registers(struct baton_registers *registers)
{
	__asm__ volatile("mov %%cr0, %0" : "=r"(registers->cr0));
	__asm__ volatile("mov %%cr2, %0" : "=r"(registers->cr2));
	__asm__ volatile("mov %%cr3, %0" : "=r"(registers->cr3));
	__asm__ volatile("mov %%cr4, %0" : "=r"(registers->cr4));
}

uint64_t arch_interrupts_off(void)
{
	uint64_t flags;

	/* libbaton is built without a red zone, so that it may push. */
	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	return flags;
}

void arch_interrupts_restore(uint64_t flags)
{
	if (flags & 0x200) /* IF */
		__asm__ volatile("sti" ::: "memory");
}
