/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Guests with encrypted memory: TDX, and SEV, in which neither stage nor resident can work. */
#ifndef LIB_X86_64_GUEST_H
#define LIB_X86_64_GUEST_H

/* CPUID leaf 0x21 of a TDX guest: "IntelTDX    ". */
#define TDX_LEAF 0x21
#define TDX_EBX 0x65746e49
#define TDX_EDX 0x5844546c
#define TDX_ECX 0x20202020

#ifndef __ASSEMBLER__
#include <stdbool.h>

/*
 * Whether this is a TDX guest: CPUID leaf 0x21 is "IntelTDX    " there (Intel TDX
 * Module base specification, "CPUID virtualization").  At any privilege.
 */
bool guest_is_tdx(void);

/*
 * Whether the processor offers SEV (AMD APM volume 2, "Secure Encrypted
 * Virtualization", CPUID 0x8000001f).  A host may have this, too.  At any privilege;
 * in a guest with SEV-ES the CPUID instruction is an exception.
 */
bool guest_has_sev(void);

/* Whether this is an SEV guest: likewise, and the SEV_STATUS MSR.  At privilege level 0. */
bool guest_is_sev(void);

#endif /* __ASSEMBLER__ */
#endif /* LIB_X86_64_GUEST_H */
