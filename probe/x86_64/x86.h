/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the probe needs of the processor beyond <baton/x86_64/cpu.h>. */
#ifndef PROBE_X86_64_X86_H
#define PROBE_X86_64_X86_H

#include <baton/x86_64/cpu.h>

#define APIC_IRR 0x200 /* 8 registers */

#define READ_REGISTER(name)                                                                        \
	static inline uint64_t read_##name(void)                                                   \
	{                                                                                          \
		uint64_t value;                                                                    \
                                                                                                   \
		__asm__ volatile("mov %%" #name ", %0" : "=r"(value));                             \
		return value;                                                                      \
	}
READ_REGISTER(cr4)
READ_REGISTER(dr0)
READ_REGISTER(dr1)
READ_REGISTER(dr2)
READ_REGISTER(dr3)
READ_REGISTER(dr6)
READ_REGISTER(dr7)
#undef READ_REGISTER

static inline void write_cr3(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

#endif /* PROBE_X86_64_X86_H */
