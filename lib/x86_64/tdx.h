/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What a TDX guest (a TD) asks of the TDX module and of its host, and a handler for #VE.
 * TDX module ABI specification 1.5, "Guest-side (TDCALL) interface functions"; GHCI 1.0 for
 * TDX, "TDG.VP.VMCALL interface".  Not tested on TDX hardware.
 *
 * The module's answers can be trusted.  What the host answers is an adversary's data: no
 * address, index or length may be taken from it unchecked.
 *
 * All of these: in a TD, in 64-bit mode at privilege level 0, in any state of interrupts; no
 * IDT is needed unless it says so.  They use general registers only, and a stack.
 */
#ifndef LIB_X86_64_TDX_H
#define LIB_X86_64_TDX_H

/* TDCALL leaves: RAX. */
#define TDX_VP_VMCALL 0
#define TDX_VP_INFO 1
#define TDX_VP_VEINFO_GET 3
#define TDX_MEM_PAGE_ACCEPT 6

/* What the host may see and change in a TDVMCALL: R10 to R15, as the GHCI's calls have it. */
#define TDX_EXPOSED 0xfc00

/* VMX's basic exit reasons: of a #VE, and the functions of TDVMCALLs that stand for one. */
#define TDX_REASON_CPUID 10
#define TDX_REASON_HLT 12
#define TDX_REASON_INVD 13
#define TDX_REASON_IO 30
#define TDX_REASON_RDMSR 31
#define TDX_REASON_WRMSR 32
#define TDX_REASON_MWAIT 36
#define TDX_REASON_MONITOR 39
#define TDX_REASON_EPT_VIOLATION 48
#define TDX_REASON_WBINVD 54

/* The exception's vector.  A gate for it leads to tdx_ve_entry(), interrupts off. */
#define TDX_VECTOR_VE 20

/*
 * TDCALL.  Assemblers know it since binutils 2.36 and LLVM 12; the bytes need neither.  The
 * instruction has 4.
 */
#define TDX_TDCALL .byte 0x66, 0x0f, 0x01, 0xcc
#define TDX_TDCALL_LENGTH 4

#ifndef __ASSEMBLER__
#include <baton/x86_64/cpu.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* What a #VE has interrupted, as tdx_ve_entry() saves it. */
struct tdx_frame {
	uint64_t reason, qualification; /* of the #VE: TDX_REASON_...; set by tdx_ve() */
	uint64_t rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* What a TDVMCALL returns in R11 to R15. */
struct tdx_answer {
	uint64_t r11, r12, r13, r14, r15;
};

/* What another function of TDCALL returns. */
struct tdx_result {
	uint64_t rcx, rdx, r8, r9, r10, r11;
};

/* Which CPU of the TD this is, from 0 on, as the module counts them: TDG.VP.INFO. */
uint32_t tdx_vcpu_index(void);

/* The host's CPUID.  Zeros, if it refuses. */
struct cpuid tdx_cpuid(uint32_t leaf, uint32_t subleaf);

/*
 * MSRs and I/O ports by the host; @size is 1, 2 or 4 bytes.  False: the host refuses, and
 * *@value is unchanged.
 */
bool tdx_rdmsr(uint32_t msr, uint64_t *value);
bool tdx_wrmsr(uint32_t msr, uint64_t value);
bool tdx_in(uint16_t port, unsigned size, uint32_t *value);
bool tdx_out(uint16_t port, unsigned size, uint32_t value);

/*
 * Sleep until an interrupt is pending, or an NMI; with @blocked, not for interrupts.  The
 * host may return early, late, or never.  An interrupt is not taken in here: that is for the
 * caller, who has them off.
 */
void tdx_halt(bool blocked);

/*
 * Accept the private page of 4 KiB at the physical address @page, zeroed, if it is pending.
 * TDX_NOT_ACCEPTED: the module refuses; the page can't be used.
 */
enum tdx_acceptance { TDX_ACCEPTED, TDX_ACCEPTED_BEFORE, TDX_NOT_ACCEPTED };
enum tdx_acceptance tdx_accept(uint64_t page);

/* In tdx_call.S. */

/*
 * TDG.VP.VMCALL with R11 = @function.  Returns 0, or R10, or RAX if the module refuses;
 * *@answer is set in any case.
 */
__attribute__((sysv_abi)) uint64_t tdx_vmcall(uint64_t function, uint64_t r12, uint64_t r13,
					      uint64_t r14, uint64_t r15,
					      struct tdx_answer *answer);

/* Another function of the module: leaf @leaf, with RCX and RDX.  Returns RAX, 0 is success. */
__attribute__((sysv_abi)) uint64_t tdx_module(uint64_t leaf, uint64_t rcx, uint64_t rdx,
					      struct tdx_result *result);

/*
 * In tdx_ve.S, apart from the calls, which need no seam.
 *
 * The handler for #VE, of a gate with or without an IST: saves all general registers, calls
 * tdx_ve(), and returns behind the instruction.  Its iretq ends the blocking of NMIs: no
 * handler of an NMI may cause a #VE.  Takes about 400 bytes of stack.
 */
void tdx_ve_entry(void);

/*
 * Take the information about the #VE, and do for @frame what the instruction would: CPUID,
 * RDMSR, WRMSR, HLT, IN and OUT by the host; MONITOR, MWAIT, INVD and WBINVD do nothing.
 * What the host refuses reads as 0, from a port as ones, and a write has no effect.  False:
 * it is something else, as an access to memory or string I/O: no register of @frame is changed.
 */
__attribute__((sysv_abi)) bool tdx_ve(struct tdx_frame *frame);

/* The seam: each party has one.  tdx_ve() has returned false. */
_Noreturn __attribute__((sysv_abi)) void tdx_port_fatal(struct tdx_frame *frame);

#pragma GCC visibility pop

#endif /* __ASSEMBLER__ */
#endif /* LIB_X86_64_TDX_H */
