/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * AMD's virtual machine extension, as far as the simulator needs it: AMD64 Architecture
 * Programmer's Manual, volume 2, chapter "Secure Virtual Machine", and appendix "VMCB layout".
 */
#ifndef TESTS_TDX_SVM_H
#define TESTS_TDX_SVM_H

/* Exit codes (APM volume 2, appendix "SVM intercept exit codes"). */
#define SVM_EXIT_CR0_WRITE 0x10
#define SVM_EXIT_CR4_WRITE 0x14
#define SVM_EXIT_UD 0x46
#define SVM_EXIT_INTR 0x60
#define SVM_EXIT_NMI 0x61
#define SVM_EXIT_INIT 0x63
#define SVM_EXIT_RDPMC 0x6f
#define SVM_EXIT_CPUID 0x72
#define SVM_EXIT_INVD 0x76
#define SVM_EXIT_HLT 0x78
#define SVM_EXIT_INVLPGA 0x7a
#define SVM_EXIT_IOIO 0x7b
#define SVM_EXIT_MSR 0x7c
#define SVM_EXIT_SHUTDOWN 0x7f
#define SVM_EXIT_VMRUN 0x80
#define SVM_EXIT_VMMCALL 0x81
#define SVM_EXIT_VMLOAD 0x82
#define SVM_EXIT_VMSAVE 0x83
#define SVM_EXIT_STGI 0x84
#define SVM_EXIT_CLGI 0x85
#define SVM_EXIT_SKINIT 0x86
#define SVM_EXIT_WBINVD 0x89
#define SVM_EXIT_MONITOR 0x8a
#define SVM_EXIT_MWAIT 0x8b
#define SVM_EXIT_NPF 0x400

#define SVM_EXITS_FIRST 0x60 /* of the bits in intercepts */

/* EXITINFO1 of an IOIO exit. */
#define SVM_IOIO_IN 0x01
#define SVM_IOIO_STRING 0x04
#define SVM_IOIO_REP 0x08
#define SVM_IOIO_SIZE_SHIFT 4 /* 1, 2 or 4 */
#define SVM_IOIO_PORT_SHIFT 16

/* EXITINFO1 of a nested page fault: as a page fault's error code. */
#define SVM_NPF_WRITE 0x02
#define SVM_NPF_FETCH 0x10
#define SVM_NPF_TABLE 0x200000000 /* while the guest's page tables were read */

#define SVM_EVENT_EXCEPTION 0x80000300u
#define SVM_EVENT_ERROR_CODE 0x00000800u

#define SVM_TLB_FLUSH_ALL 1
#define SVM_NESTED_PAGING 1
#define SVM_INTERRUPT_MASKING 0x1000000 /* the host's IF decides about interrupts */

#define MSR_VM_HSAVE_PA 0xc0010117

/* Offsets that world.S knows. */
#define VMCB_RAX 0x5f8

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct svm_segment {
	uint16_t selector;
	uint16_t attributes;
	uint32_t limit;
	uint64_t base;
};

struct svm_vmcb {
	uint16_t intercept_cr_reads;
	uint16_t intercept_cr_writes;
	uint16_t intercept_dr_reads;
	uint16_t intercept_dr_writes;
	uint32_t intercept_exceptions;
	uint64_t intercepts __attribute__((packed)); /* bit n: exit code SVM_EXITS_FIRST + n */
	uint8_t reserved_14[0x40 - 0x14];
	uint64_t iopm;
	uint64_t msrpm;
	uint64_t tsc_offset;
	uint32_t asid;
	uint8_t tlb_control;
	uint8_t reserved_5d[3];
	uint64_t interrupt_control;
	uint64_t interrupt_state;
	uint64_t exit_code;
	uint64_t exit_info1;
	uint64_t exit_info2;
	uint64_t exit_interrupt_info;
	uint64_t nested_control;
	uint8_t reserved_98[0xa8 - 0x98];
	uint32_t event;
	uint32_t event_error;
	uint64_t nested_cr3;
	uint8_t reserved_b8[0x400 - 0xb8];
	struct svm_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;
	uint8_t reserved_4a0[0x4cb - 0x4a0];
	uint8_t cpl;
	uint32_t reserved_4cc;
	uint64_t efer;
	uint8_t reserved_4d8[0x548 - 0x4d8];
	uint64_t cr4;
	uint64_t cr3;
	uint64_t cr0;
	uint64_t dr7;
	uint64_t dr6;
	uint64_t rflags;
	uint64_t rip;
	uint8_t reserved_580[0x5d8 - 0x580];
	uint64_t rsp;
	uint8_t reserved_5e0[0x5f8 - 0x5e0];
	uint64_t rax;
	uint8_t reserved_600[0x640 - 0x600];
	uint64_t cr2;
	uint8_t reserved_648[0x668 - 0x648];
	uint64_t pat;
	uint8_t reserved_670[0x1000 - 0x670];
};
_Static_assert(offsetof(struct svm_vmcb, iopm) == 0x40, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, exit_code) == 0x70, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, event) == 0xa8, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, cpl) == 0x4cb, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, efer) == 0x4d0, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, rip) == 0x578, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, rax) == VMCB_RAX, "APM volume 2, VMCB layout");
_Static_assert(offsetof(struct svm_vmcb, pat) == 0x668, "APM volume 2, VMCB layout");
_Static_assert(sizeof(struct svm_vmcb) == 0x1000, "APM volume 2, VMCB layout");

struct vcpu;

/* Switch SVM on, on this CPU, whose state VMRUN will save at @host_save (one page). */
void svm_enable(void *host_save);

/*
 * Prepare @vcpu's two VMCBs: the TD's, with all that the table wants intercepted, and the one
 * in which the CPU sleeps.  Registers and first state are the caller's.
 */
void svm_prepare(struct vcpu *vcpu);

/* Run the TD on @vcpu until something is intercepted. */
void svm_run(struct vcpu *vcpu);

/*
 * Sleep until an interrupt, if @interrupts, or an NMI is pending.  It stays pending: the TD
 * takes it.  In a VMCB of its own: the CPU has no other way to look at what the host's GIF
 * holds back.
 */
void svm_sleep(struct vcpu *vcpu, int interrupts);

/*
 * Have the CPU exit when an interrupt is pending, whether or not the TD would take it; or, as
 * it is from the start, never.  GIF is 0 and IF is as @exit says from then on.
 */
void svm_intercept_interrupts(struct vcpu *vcpu, bool exit);

/* Have the TD take exception @vector when it runs on; with error code 0 where it has one. */
void svm_inject(struct vcpu *vcpu, unsigned vector);

#endif /* __ASSEMBLER__ */
#endif /* TESTS_TDX_SVM_H */
