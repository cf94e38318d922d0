/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "apic_id.h"

	.text
	.globl apic_id_read
apic_id_read:
	endbr64
	push	%rbx
	mov	%rdi, %r8
	apic_id_find	%r8
	mov	%edi, %eax
	pop	%rbx
	ret
