/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A CPU's slot: what it needs to run in the resident, for itself alone.
 * Private to the resident; the stage only reserves the room.
 */
#ifndef AREA_X86_64_SLOT_H
#define AREA_X86_64_SLOT_H

/* The slot's GDT.  Kernels see CODE and DATA on release (docs/contract.md). */
#define SELECTOR_CODE 0x08
#define SELECTOR_DATA 0x10
#define SELECTOR_CODE32 0x18
#define SELECTOR_TSS 0x20

/* Offsets in struct slot that assembly uses. */
#define SLOT_TSS_TYPE 37
#define SLOT_GDTR 152
#define SLOT_IDTR 168
#define SLOT_RECORD 192
#define SLOT_VCPU 252
#define SLOT_STACK_TOP 1520
#define SLOT_SIZE 1536

/* Interrupt stack table indices: each kind of trap that can nest has its own stack. */
#define IST_NMI 1
#define IST_MACHINE_CHECK 2
#define IST_FAULT 3

#ifndef __ASSEMBLER__
#include <baton/x86_64/area.h>
#include <baton/table.h>
#include <stddef.h>
#include <stdint.h>
#include <baton/x86_64/cpu.h>

/* Intel SDM volume 3, "TSS format in 64-bit mode". */
struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
} __attribute__((packed));
_Static_assert(sizeof(struct tss) == 104, "Intel SDM, 64-bit TSS");

struct descriptor_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

struct slot;

/*
 * Above each stack of a trap stands its slot: a trap handler can't rely on any
 * register.
 */
struct stack_owner {
	struct slot *slot;
	uint64_t pad;
};

struct slot {
	uint64_t gdt[6];
	struct tss tss;
	struct descriptor_pointer gdtr;
	uint8_t pad0[6];
	struct descriptor_pointer idtr;
	uint8_t pad1[6];
	struct baton_area *area;
	struct baton_cpu_record *record;
	uint64_t wakeup_vector; /* valid in state RELEASED */
	uint64_t busy_since;	/* time-stamp counter, when the listener's mailbox was last busy */
	struct apic apic;	/* as its last owner left it, found on arrival */
	uint32_t number;	/* of this CPU, in the order of the area's APIC IDs */
	uint32_t timer_rate;	/* of the local APICs; 0: not measured yet; in the first slot */
	uint32_t timer_access_us; /* what an access to the timer takes; likewise */
	uint32_t early_returns;	  /* of MWAIT, in a row */
	uint32_t all_held;	  /* when it looked last, as the listener */
	uint32_t vcpu;		  /* in a TDX guest: this CPU's VCPU_INDEX + 1, once it is known */
	uint8_t nmi_stack[160];
	struct stack_owner nmi_owner;
	uint8_t machine_check_stack[144];
	struct stack_owner machine_check_owner;
	uint8_t fault_stack[384]; /* of a #VE, too */
	struct stack_owner fault_owner;
	uint8_t stack[528];
	struct stack_owner owner;
};

_Static_assert(offsetof(struct slot, gdt) + SELECTOR_TSS + 5 == SLOT_TSS_TYPE, "for assembly");
_Static_assert(offsetof(struct slot, gdtr) == SLOT_GDTR, "for assembly");
_Static_assert(offsetof(struct slot, idtr) == SLOT_IDTR, "for assembly");
_Static_assert(offsetof(struct slot, record) == SLOT_RECORD, "for assembly");
_Static_assert(offsetof(struct slot, vcpu) == SLOT_VCPU, "for assembly");
_Static_assert(offsetof(struct slot, owner) == SLOT_STACK_TOP, "for assembly");
_Static_assert(sizeof(struct slot) == SLOT_SIZE, "for assembly");
_Static_assert(SLOT_SIZE % 64 == 0, "no two CPUs on one cache line");
_Static_assert(offsetof(struct slot, nmi_owner) % 16 == 0, "the CPU aligns the stack of a trap");
_Static_assert(offsetof(struct slot, machine_check_owner) % 16 == 0, "likewise");
_Static_assert(offsetof(struct slot, fault_owner) % 16 == 0, "likewise");
_Static_assert(offsetof(struct slot, owner) % 16 == 0, "likewise");

#endif /* __ASSEMBLER__ */
#endif /* AREA_X86_64_SLOT_H */
