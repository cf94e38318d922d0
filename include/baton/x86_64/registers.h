/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Bits of control registers and MSRs, named as in Intel SDM volume 3,
 * chapter "System architecture overview", and volume 4.  For C and assembly.
 */
#ifndef BATON_X86_64_REGISTERS_H
#define BATON_X86_64_REGISTERS_H

#define CR0_PE 0x00000001
#define CR0_MP 0x00000002
#define CR0_ET 0x00000010
#define CR0_NE 0x00000020
#define CR0_WP 0x00010000
#define CR0_NW 0x20000000
#define CR0_CD 0x40000000
#define CR0_PG 0x80000000

#define CR4_PAE 0x00000020
#define CR4_MCE 0x00000040
#define CR4_PGE 0x00000080
#define CR4_OSFXSR 0x00000200
#define CR4_OSXMMEXCPT 0x00000400
#define CR4_LA57_BIT 12
#define CR4_LA57 0x00001000

#define MSR_APIC_BASE 0x0000001b
#define MSR_MCG_STATUS 0x0000017a
#define MSR_DEBUGCTL 0x000001d9
#define MSR_PERF_GLOBAL_CTRL 0x0000038f
#define MSR_RTIT_CTL 0x00000570
#define MSR_U_CET 0x000006a0
#define MSR_S_CET 0x000006a2
#define MSR_X2APIC 0x00000800 /* register at offset n of the page: + n / 16 */
#define MSR_EFER 0xc0000080
#define MSR_SEV_STATUS 0xc0010131
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#define EFER_LME 0x00000100
#define EFER_LMA 0x00000400
#define EFER_NXE 0x00000800
#define EFER_SVME 0x00001000

#define RTIT_CTL_TRACE_EN 1

#define APIC_BASE_BSP 0x00000100
#define APIC_BASE_X2APIC 0x00000400
#define APIC_BASE_ENABLE 0x00000800
#define APIC_BASE_PAGE 0x000ffffffffff000 /* the address, in xAPIC mode */

#define APIC_ID_REGISTER 0x020 /* in the page; of an xAPIC bits 31 to 24 */

#define MCG_STATUS_RIPV 1

#endif /* BATON_X86_64_REGISTERS_H */
