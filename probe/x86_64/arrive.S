/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "arrival.h"
#include "lib/x86_64/apic_id.h"

#define CR4_LA57_BIT 12
#define PAGE(offset) (arrive_template + offset)(%rip)

/*
 * A wakeup vector.  On entry: 64-bit code, interrupts off, this page mapped at its
 * own address (ACPI 6.6, 5.2.12.19); no stack.  MOV and LEA leave the flags alone,
 * so they are as they came when the stack is there to store them.
 */
	.section .rodata, "a"
	.balign	0x1000
	.globl arrive_template
arrive_template:
	mov	%rax, PAGE(ARRIVAL_GENERAL + 0x00)
	mov	%rcx, PAGE(ARRIVAL_GENERAL + 0x08)
	mov	%rdx, PAGE(ARRIVAL_GENERAL + 0x10)
	mov	%rbx, PAGE(ARRIVAL_GENERAL + 0x18)
	mov	%rsp, PAGE(ARRIVAL_GENERAL + 0x20)
	mov	%rbp, PAGE(ARRIVAL_GENERAL + 0x28)
	mov	%rsi, PAGE(ARRIVAL_GENERAL + 0x30)
	mov	%rdi, PAGE(ARRIVAL_GENERAL + 0x38)
	mov	%r8, PAGE(ARRIVAL_GENERAL + 0x40)
	mov	%r9, PAGE(ARRIVAL_GENERAL + 0x48)
	mov	%r10, PAGE(ARRIVAL_GENERAL + 0x50)
	mov	%r11, PAGE(ARRIVAL_GENERAL + 0x58)
	mov	%r12, PAGE(ARRIVAL_GENERAL + 0x60)
	mov	%r13, PAGE(ARRIVAL_GENERAL + 0x68)
	mov	%r14, PAGE(ARRIVAL_GENERAL + 0x70)
	mov	%r15, PAGE(ARRIVAL_GENERAL + 0x78)
	lea	PAGE(ARRIVAL_SCRATCH_END), %rsp
	pushfq
	pop	%rax
	mov	%rax, PAGE(ARRIVAL_RFLAGS)
	cli
	cld
	mov	%cr0, %rax
	mov	%rax, PAGE(ARRIVAL_CR0)
	mov	%cr2, %rax
	mov	%rax, PAGE(ARRIVAL_CR2)
	mov	%cr3, %rax
	mov	%rax, PAGE(ARRIVAL_CR3)
	mov	%cr4, %rax
	mov	%rax, PAGE(ARRIVAL_CR4)
	mov	%cs, PAGE(ARRIVAL_SEGMENTS + 0)
	mov	%ss, PAGE(ARRIVAL_SEGMENTS + 2)
	mov	%ds, PAGE(ARRIVAL_SEGMENTS + 4)
	mov	%es, PAGE(ARRIVAL_SEGMENTS + 6)
	mov	%fs, PAGE(ARRIVAL_SEGMENTS + 8)
	mov	%gs, PAGE(ARRIVAL_SEGMENTS + 10)
	sldt	PAGE(ARRIVAL_LDTR)
	str	PAGE(ARRIVAL_TR)
	sgdt	PAGE(ARRIVAL_GDTR)
	sidt	PAGE(ARRIVAL_IDTR)
	rdtsc
	mov	%eax, PAGE(ARRIVAL_TSC)
	mov	%edx, PAGE(ARRIVAL_TSC + 4)

	xor	%eax, %eax
	xchg	%eax, PAGE(ARRIVAL_GATE)
	test	%eax, %eax
	jnz	2f
	lock incl PAGE(ARRIVAL_STRAYS)
	tdx_call_stop
2:
	mov	%cr4, %rax
	bt	$CR4_LA57_BIT, %eax
	mov	PAGE(ARRIVAL_ROOT4), %rax
	cmovc	PAGE(ARRIVAL_ROOT5), %rax
	mov	%rax, %cr3
	mov	PAGE(ARRIVAL_STACK), %rsp
	mov	PAGE(ARRIVAL_CPU), %rdi
	lea	PAGE(0), %rsi
	xor	%ebp, %ebp
	mov	PAGE(ARRIVAL_ENTRY), %rax
	push	%rbp			/* no return address */
	jmp	*%rax
	.org	arrive_template + 0x1000

/*
 * The vector of a broadcast: each CPU that comes goes to its own page.  On entry: as
 * above, and the image mapped at its own address.  One without a page halts.
 */
	.text
	.globl arrive_anyone
arrive_anyone:
	mov	cpus_apic(%rip), %r8
	apic_id_find_anywhere %r8
	mov	cpus_arrivals(%rip), %rsi
	mov	cpus_arrivals_count(%rip), %ecx
2:	test	%ecx, %ecx
	jz	4f
	cmp	%edi, (%rsi)
	je	3f
	add	$16, %rsi
	dec	%ecx
	jmp	2b
3:	jmp	*8(%rsi)
4:	tdx_call_stop
