/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page at which a CPU arrives.  Each CPU has one of its own, anywhere in
 * memory: code that stores every register into the page before it uses it, and
 * only then leaves whatever page tables it came on.  So nothing needs to be mapped
 * but this page, and a CPU that comes here is known by the page.
 */
#ifndef PROBE_X86_64_ARRIVAL_H
#define PROBE_X86_64_ARRIVAL_H

#define ARRIVAL_DATA 0x800
#define ARRIVAL_GENERAL (ARRIVAL_DATA + 0x00)
#define ARRIVAL_RFLAGS (ARRIVAL_DATA + 0x80)
#define ARRIVAL_CR0 (ARRIVAL_DATA + 0x88)
#define ARRIVAL_CR2 (ARRIVAL_DATA + 0x90)
#define ARRIVAL_CR3 (ARRIVAL_DATA + 0x98)
#define ARRIVAL_CR4 (ARRIVAL_DATA + 0xa0)
#define ARRIVAL_SEGMENTS (ARRIVAL_DATA + 0xa8)
#define ARRIVAL_LDTR (ARRIVAL_DATA + 0xb4)
#define ARRIVAL_TR (ARRIVAL_DATA + 0xb6)
#define ARRIVAL_GDTR (ARRIVAL_DATA + 0xbe) /* so that the bases are aligned */
#define ARRIVAL_IDTR (ARRIVAL_DATA + 0xce)
#define ARRIVAL_TSC (ARRIVAL_DATA + 0xd8)
#define ARRIVAL_GATE (ARRIVAL_DATA + 0xe0)
#define ARRIVAL_STRAYS (ARRIVAL_DATA + 0xe4)
#define ARRIVAL_ROOT4 (ARRIVAL_DATA + 0xe8)
#define ARRIVAL_ROOT5 (ARRIVAL_DATA + 0xf0)
#define ARRIVAL_STACK (ARRIVAL_DATA + 0xf8)
#define ARRIVAL_ENTRY (ARRIVAL_DATA + 0x100)
#define ARRIVAL_CPU (ARRIVAL_DATA + 0x108)
#define ARRIVAL_SCRATCH_END (ARRIVAL_DATA + 0x200)

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct cpu;

enum general { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };
enum segment { CS, SS, DS, ES, FS, GS };

struct arrival {
	uint8_t code[ARRIVAL_DATA];
	uint64_t general[16]; /* enum general */
	uint64_t rflags, cr0, cr2, cr3, cr4;
	uint16_t segment[6]; /* enum segment */
	uint16_t ldtr, tr;
	uint8_t pad1[6];
	uint16_t gdt_limit;
	uint64_t gdt_base;
	uint8_t pad2[6];
	uint16_t idt_limit;
	uint64_t idt_base;
	uint64_t tsc;			     /* when it came */
	uint32_t gate;			     /* 1: a CPU may come in; each sets it to 0 */
	uint32_t strays;		     /* those that came while it was 0, and halted */
	uint64_t root4, root5, stack, entry; /* where to go on: entry(cpu, this) */
	struct cpu *cpu;
	uint8_t scratch[ARRIVAL_SCRATCH_END - ARRIVAL_CPU - 8];
	uint8_t unused[0x1000 - ARRIVAL_SCRATCH_END];
};

_Static_assert(offsetof(struct arrival, rflags) == ARRIVAL_RFLAGS, "for assembly");
_Static_assert(offsetof(struct arrival, ldtr) == ARRIVAL_LDTR, "for assembly");
_Static_assert(offsetof(struct arrival, gdt_limit) == ARRIVAL_GDTR, "for assembly");
_Static_assert(offsetof(struct arrival, idt_limit) == ARRIVAL_IDTR, "for assembly");
_Static_assert(offsetof(struct arrival, tsc) == ARRIVAL_TSC, "for assembly");
_Static_assert(offsetof(struct arrival, gate) == ARRIVAL_GATE, "for assembly");
_Static_assert(offsetof(struct arrival, cpu) == ARRIVAL_CPU, "for assembly");
_Static_assert(sizeof(struct arrival) == 0x1000, "one page");

/* Where a CPU goes that could be any: to its own page.  What that is made of: probe/arrive.h. */
extern const uint8_t arrive_anyone[];

/* For arrive_anyone: which CPU has which page. */
struct arrival_entry {
	uint64_t apic_id;
	struct arrival *page;
};
extern struct arrival_entry *cpus_arrivals;
extern uint32_t cpus_arrivals_count;
extern volatile uint8_t *cpus_apic; /* the page of an xAPIC, or NULL */

#endif /* __ASSEMBLER__ */
#endif /* PROBE_X86_64_ARRIVAL_H */
