/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* One CPU of the TD; it runs on the machine's CPU of the same number. */
#ifndef TESTS_TDX_VCPU_H
#define TESTS_TDX_VCPU_H

/* Offsets that world.S knows, from the start of struct vcpu. */
#define VCPU_RBX 0x08
#define VCPU_RCX 0x10
#define VCPU_RDX 0x18
#define VCPU_RSI 0x20
#define VCPU_RDI 0x28
#define VCPU_RBP 0x30
#define VCPU_R8 0x40

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "count.h"
#include "layout.h"
#include "svm.h"

/* General registers, in no order but that of world.S.  RAX and RSP are copied from the VMCB. */
struct registers {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
};
_Static_assert(offsetof(struct registers, rbx) == VCPU_RBX, "world.S");
_Static_assert(offsetof(struct registers, rbp) == VCPU_RBP, "world.S");
_Static_assert(offsetof(struct registers, r8) == VCPU_R8, "world.S");

/* What TDG.VP.VEINFO.GET returns: TDX module ABI specification, "TDG.VP.VEINFO.GET". */
struct ve_info {
	bool pending; /* injected, and not yet read */
	uint32_t reason;
	uint64_t qualification;
	uint64_t gla;
	uint64_t gpa;
	uint32_t length;
	uint32_t instruction;
};

struct vcpu {
	struct registers regs;
	struct svm_vmcb *vmcb;
	struct svm_vmcb *sleep;
	uint32_t index;
	struct ve_info ve;
	struct counts counts;
	bool sliced;	 /* slice.c: it has not yet asked the host for anything */
	bool stalled;	 /* misbehave.c: it was, at the point that was asked for */
	uint32_t random; /* likewise: state of the random numbers */
};
_Static_assert(offsetof(struct vcpu, regs) == 0, "world.S");

/* Register @number as instructions encode it: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8... */
uint64_t *vcpu_register(struct vcpu *vcpu, unsigned number);

/* The instruction, @length bytes of it, is done. */
void vcpu_skip(struct vcpu *vcpu, unsigned length);

/* Print what happened and this CPU's state, and stop the machine's CPU for good. */
void vcpu_die(const struct vcpu *vcpu, const char *why, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

#endif /* __ASSEMBLER__ */
#endif /* TESTS_TDX_VCPU_H */
