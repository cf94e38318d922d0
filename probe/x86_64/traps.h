/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Descriptor tables of the probe's own, for each CPU; NMIs and exceptions.
 */
#ifndef PROBE_X86_64_TRAPS_H
#define PROBE_X86_64_TRAPS_H

#define SELECTOR_CODE 0x08
#define SELECTOR_DATA 0x10
#define SELECTOR_TSS 0x18

#define VECTOR_NMI 2
#define VECTOR_PAGE_FAULT 14
#define EXCEPTIONS 32
#define TRAP_STUB_SIZE 16

#ifndef __ASSEMBLER__
#include <stdint.h>
#include "probe/traps.h"

/* What trap_common in trap_stubs.S leaves on the stack. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

struct descriptors {
	uint64_t gdt[5];
	struct {
		uint32_t reserved0;
		uint64_t rsp[3], reserved1, ist[7], reserved2;
		uint16_t reserved3, io_map;
	} __attribute__((packed)) tss;
};

/*
 * traps_load() loads GDT, TSS, IDT and segments of it; the CPU then survives NMIs, too, and in
 * a TDX guest what is a #VE there.
 */
struct traps {
	void *owner; /* what is at GS base: traps_owner() */
	struct descriptors descriptors;
	uint8_t nmi_stack[2048] __attribute__((aligned(16)));
	uint8_t exception_stack[4096] __attribute__((aligned(16)));
};

/* Once, before the first traps_load(); @nmi is called on each CPU that takes an NMI. */
void traps_start(void (*nmi)(struct trap_frame *frame));

/* In trap_stubs.S: let NMIs in again, on a CPU that has left a kernel from within one. */
void trap_stubs_unblock_nmis(void);

/* In trap_stubs.S: return from the trap whose frame this is. */
_Noreturn void trap_stubs_resume(const struct trap_frame *frame);

#endif /* __ASSEMBLER__ */
#endif /* PROBE_X86_64_TRAPS_H */
