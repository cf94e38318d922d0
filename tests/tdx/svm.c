/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "svm.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "memory.h"
#include "msr.h"
#include "table.h"
#include "vcpu.h"

#define BIT_OF(exit) (1ull << ((exit)-SVM_EXITS_FIRST))
#define PAGE 4096

#define GP 13
#define DF 8

/* In world.S. */
void world_switch(struct registers *regs, struct svm_vmcb *vmcb);
extern const char world_sleep[];

static uint8_t io_bitmap[3 * PAGE] __attribute__((aligned(PAGE)));
static uint8_t msr_bitmap[2 * PAGE] __attribute__((aligned(PAGE)));
static struct svm_vmcb vmcbs[CPUS_MAX] __attribute__((aligned(PAGE)));
static struct svm_vmcb sleep_vmcbs[CPUS_MAX] __attribute__((aligned(PAGE)));

void svm_enable(void *host_save)
{
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
	wrmsr(MSR_VM_HSAVE_PA, (uintptr_t)host_save);
}

/* 2 bits for each MSR, read and write: 0x2000 of them in each 2 KiB. */
static void allow_msrs(uint8_t *bits, uint32_t first)
{
	for (uint32_t i = 0; i < 0x2000; i++)
		for (unsigned write = 0; write < 2; write++)
			if (table_access(first + i, write) == TABLE_NATIVE &&
			    !msr_is_simulated(first + i))
				bits[i / 4] &= ~(1 << (2 * (i % 4) + write));
}

static void prepare_bitmaps(void)
{
	if (io_bitmap[0])
		return;
	memset(io_bitmap, 0xff, sizeof(io_bitmap));
	memset(msr_bitmap, 0xff, sizeof(msr_bitmap));
	allow_msrs(msr_bitmap, 0);
	allow_msrs(msr_bitmap + 0x800, 0xc0000000);
}

static void intercept(struct svm_vmcb *vmcb)
{
	for (size_t i = 0; i < table_instruction_count; i++)
		if (table_instructions[i].exit)
			vmcb->intercepts |= BIT_OF(table_instructions[i].exit);
	vmcb->intercepts |= BIT_OF(SVM_EXIT_CPUID) | BIT_OF(SVM_EXIT_MSR) |
			    BIT_OF(SVM_EXIT_SHUTDOWN) | BIT_OF(SVM_EXIT_INIT);
	vmcb->intercept_cr_writes = 1 << 0 | 1 << 4;
	vmcb->intercept_exceptions = 1 << (SVM_EXIT_UD - 0x40);
}

static const struct svm_segment flat_code = {0x10, 0xc9b, 0xffffffff, 0};
static const struct svm_segment flat_data = {0x18, 0xc93, 0xffffffff, 0};

/* As a TD's CPU, but for paging: so control.c. */
static void prepare_td(struct svm_vmcb *vmcb)
{
	intercept(vmcb);
	vmcb->iopm = (uintptr_t)io_bitmap;
	vmcb->msrpm = (uintptr_t)msr_bitmap;
	vmcb->asid = 1;
	vmcb->tlb_control = SVM_TLB_FLUSH_ALL;
	vmcb->nested_control = SVM_NESTED_PAGING;
	vmcb->nested_cr3 = memory_nested_root();
	vmcb->cs = flat_code;
	vmcb->ds = vmcb->es = vmcb->ss = vmcb->fs = vmcb->gs = flat_data;
	vmcb->gdtr.limit = vmcb->idtr.limit = 0xffff;
	vmcb->ldtr = (struct svm_segment){0, 0x82, 0xffff, 0};
	vmcb->tr = (struct svm_segment){0, 0x8b, 0xffff, 0};
	vmcb->dr6 = 0xffff0ff0;
	vmcb->dr7 = 0x400;
	vmcb->rflags = 2;
	vmcb->pat = 0x0007040600070406;
	/* FS, GS, TR, LDTR and the MSRs of system calls: from here on they are the TD's. */
	__asm__ volatile("vmload %%rax" : : "a"(vmcb) : "memory");
}

/* The host's state, with HLT as its program: exits when something is pending. */
static void prepare_sleep(struct svm_vmcb *vmcb)
{
	uint64_t cr0, cr3, cr4;

	__asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
	__asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	vmcb->intercepts = BIT_OF(SVM_EXIT_NMI) | BIT_OF(SVM_EXIT_INIT) | BIT_OF(SVM_EXIT_VMRUN) |
			   BIT_OF(SVM_EXIT_INTR) | BIT_OF(SVM_EXIT_SHUTDOWN);
	vmcb->iopm = (uintptr_t)io_bitmap;
	vmcb->msrpm = (uintptr_t)msr_bitmap;
	vmcb->asid = 1;
	vmcb->tlb_control = SVM_TLB_FLUSH_ALL;
	vmcb->cs = (struct svm_segment){0x18, 0xa9b, 0xffffffff, 0};
	vmcb->ds = vmcb->es = vmcb->ss = (struct svm_segment){0x10, 0xc93, 0xffffffff, 0};
	vmcb->cr0 = cr0;
	vmcb->cr3 = cr3;
	vmcb->cr4 = cr4;
	vmcb->dr6 = 0xffff0ff0;
	vmcb->dr7 = 0x400;
}

void svm_prepare(struct vcpu *vcpu)
{
	vcpu->vmcb = &vmcbs[vcpu->index];
	vcpu->sleep = &sleep_vmcbs[vcpu->index];
	prepare_bitmaps();
	prepare_td(vcpu->vmcb);
	prepare_sleep(vcpu->sleep);
}

/* TCG takes an EFER without SVME for an invalid state. */
void svm_run(struct vcpu *vcpu)
{
	struct svm_vmcb *vmcb = vcpu->vmcb;

	vmcb->rax = vcpu->regs.rax;
	vmcb->rsp = vcpu->regs.rsp;
	vmcb->efer |= EFER_SVME;
	world_switch(&vcpu->regs, vmcb);
	vcpu->regs.rax = vmcb->rax;
	vcpu->regs.rsp = vmcb->rsp;
}

void svm_sleep(struct vcpu *vcpu, int interrupts)
{
	struct svm_vmcb *vmcb = vcpu->sleep;
	struct registers unused = {0};

	vmcb->rip = (uintptr_t)world_sleep;
	vmcb->rflags = interrupts ? 0x202 : 2;
	vmcb->efer = EFER_SVME | EFER_LME | EFER_LMA | EFER_NXE;
	world_switch(&unused, vmcb);
	if (vmcb->exit_code != SVM_EXIT_INTR && vmcb->exit_code != SVM_EXIT_NMI)
		vcpu_die(vcpu, "asleep: exit %llx", (unsigned long long)vmcb->exit_code);
}

void svm_inject(struct vcpu *vcpu, unsigned vector)
{
	vcpu->vmcb->event = SVM_EVENT_EXCEPTION | vector;
	vcpu->vmcb->event_error = 0;
	if (vector == GP || vector == DF)
		vcpu->vmcb->event |= SVM_EVENT_ERROR_CODE;
}

void svm_intercept_interrupts(struct vcpu *vcpu, bool exit)
{
	struct svm_vmcb *vmcb = vcpu->vmcb;

	if (exit) {
		vmcb->intercepts |= BIT_OF(SVM_EXIT_INTR);
		vmcb->interrupt_control |= SVM_INTERRUPT_MASKING;
		__asm__ volatile("clgi; sti" ::: "memory");
	} else {
		vmcb->intercepts &= ~BIT_OF(SVM_EXIT_INTR);
		vmcb->interrupt_control &= ~(uint64_t)SVM_INTERRUPT_MASKING;
		__asm__ volatile("clgi; cli" ::: "memory");
	}
}
