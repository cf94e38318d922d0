/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The privileged instructions of libbaton.  Arm ARM (DDI 0487). */
#include "arm64.h"
#include <baton/arm64/registers.h>
#include <baton/psci.h>

#define CTR_DMINLINE_SHIFT 16

uint64_t baton_mpidr(void)
{
	return read_register(mpidr_el1) & MPIDR_AFFINITY;
}

void baton_flush(const volatile void *pointer, size_t length)
{
	/* In words of 4 bytes. */
	uintptr_t line = 4ul << (read_register(ctr_el0) >> CTR_DMINLINE_SHIFT & 0xf);
	uintptr_t at = (uintptr_t)pointer & -line, end = (uintptr_t)pointer + length;

	/* What was stored before is in what is cleaned: same address, so in order. */
	for (; at < end; at += line)
		__asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
	/* Complete before what follows, for observers without caches too. */
	__asm__ volatile("dsb sy" ::: "memory");
}

unsigned arm64_level(void)
{
	return (unsigned)(read_register(CurrentEL) >> CURRENT_EL_SHIFT);
}

static void read_el1(struct idmap_data *data)
{
	data->mair = read_register(mair_el1);
	data->tcr = read_register(tcr_el1);
	data->ttbr1 = read_register(ttbr1_el1);
	data->vbar = read_register(vbar_el1);
	data->access = read_register(cpacr_el1);
	data->sctlr = read_register(sctlr_el1);
}

static void read_el2(struct idmap_data *data)
{
	data->hcr = read_register(hcr_el2);
	data->mair = read_register(mair_el2);
	data->tcr = read_register(tcr_el2);
	if (data->hcr >> HCR_E2H_SHIFT & 1)
		data->ttbr1 = read_register(TTBR1_EL2);
	data->vbar = read_register(vbar_el2);
	data->access = read_register(cptr_el2);
	data->sctlr = read_register(sctlr_el2);
}

bool arm64_read_registers(struct idmap_data *data)
{
	data->level = arm64_level();
	if (data->level == 2)
		read_el2(data);
	else
		read_el1(data);
	return data->sctlr & SCTLR_M;
}

uint64_t arm64_call(uint32_t conduit, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

#define CALL(instruction)                                                                          \
	__asm__ volatile("dsb sy\n" instruction " #0"                                              \
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)                                  \
			 :                                                                         \
			 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",  \
			   "x15", "x16", "x17", "memory", "cc")
	if (conduit == PSCI_CALL_HVC)
		CALL("hvc");
	else
		CALL("smc");
#undef CALL
	return x0;
}

/* dsb: what was stored is visible before the event is. */
void arm64_send_event(void)
{
	__asm__ volatile("dsb sy; sev" ::: "memory");
}

void arm64_drop_instructions(void)
{
	__asm__ volatile("ic ialluis; dsb ish; isb" ::: "memory");
}

/* The kernel's own are in its context, and come with an interrupt of their own kind. */
void arch_unblock_nmi(void)
{
}

bool arch_has_nmi(void)
{
	return false;
}

void arch_send_nmi(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
}

/* The virtual timer is what every kernel has; what else it uses it ends in machine->quiet. */
void arch_quiet(struct baton_machine *machine)
{
	(void)machine;
	arch_interrupts_off();
	write_register(cntv_ctl_el0, 0);
}

void arch_leave(struct baton_machine *machine, struct baton_cpu *cpu)
{
	baton_leave(cpu->return_address, machine->exit.root, machine->exit.code);
}

void arch_halt(void)
{
	for (;;)
		__asm__ volatile("msr daifset, #0xf; wfi" ::: "memory");
}

void arch_read_registers(struct baton_registers *registers)
{
	if (arm64_level() == 2) {
		registers->sctlr = read_register(sctlr_el2);
		registers->tcr = read_register(tcr_el2);
		registers->ttbr0 = read_register(ttbr0_el2);
		registers->ttbr1 =
			read_register(hcr_el2) >> HCR_E2H_SHIFT & 1 ? read_register(TTBR1_EL2) : 0;
	} else {
		registers->sctlr = read_register(sctlr_el1);
		registers->tcr = read_register(tcr_el1);
		registers->ttbr0 = read_register(ttbr0_el1);
		registers->ttbr1 = read_register(ttbr1_el1);
	}
}

uint64_t arch_interrupts_off(void)
{
	uint64_t flags = read_register(daif);

	__asm__ volatile("msr daifset, #0xf" ::: "memory");
	return flags;
}

void arch_interrupts_restore(uint64_t flags)
{
	write_register(daif, flags);
}
