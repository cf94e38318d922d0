/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "apic_id.h"

	.text
	.globl apic_id_read
apic_id_read:
	endbr64
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rdi, %r8
	apic_id_find_anywhere %r8
	mov	%edi, %eax
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	ret
