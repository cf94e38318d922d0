/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory in which testfw.efi leaves the secondary CPUs, and how they are to
 * misbehave there.  Shared by testfw.c, which fills it in, loop.S and loop.c,
 * which run in it.
 */
#ifndef TESTS_FIRMWARE_X86_64_LOOP_H
#define TESTS_FIRMWARE_X86_64_LOOP_H

/* Offsets in the area, which starts at a page of reserved memory below 4 GiB. */
#define LOOP_RESET_VECTOR 0    /* the image starts with it */
#define LOOP_FROM_SIPI 0x10    /* where CPUs come in that no kernel has had yet */
#define LOOP_SLOW_RETURN 0xfe0 /* 64 bits, in the reset vector's page: ticks */
#define LOOP_IMAGE_MAX 0x2000
#define LOOP_STATE LOOP_IMAGE_MAX /* struct loop */
#define LOOP_MAILBOX 0x4000	  /* two pages, of which one that is not aligned takes parts */
#define LOOP_PML4 0x6000
#define LOOP_PML5 0x7000
#define LOOP_PDPT 0x8000
#define LOOP_STACKS 0x9000
#define LOOP_STACK_SIZE 1024

#define LOOP_CPUS_MAX 256

/* Offsets in struct loop that loop.S uses. */
#define LOOP_NCPUS 0
#define LOOP_RETURN_STACK 8
#define LOOP_GDTR 22
#define LOOP_GDT 32
#define LOOP_APIC_ID 64

#define LOOP_CODE64 0x08
#define LOOP_DATA 0x10

#ifndef __ASSEMBLER__
#include <baton/mailbox.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the CPUs do wrong: bits of loop.faults.  The words for them are in testfw.c. */
#define FAULT_UNACKNOWLEDGED 0x001 /* takes a WAKEUP, leaves the command as it is */
#define FAULT_CLEARS_VECTOR 0x002  /* clears the vector, not the command */
#define FAULT_EARLY 0x004	   /* clears the command before it reads the vector */
#define FAULT_VECTOR32 0x008	   /* reads half of the vector */
#define FAULT_WRONG_CPU 0x010	   /* the next CPU takes the WAKEUP */
#define FAULT_INDEX 0x020	   /* compares its index in the MADT, not its APIC ID */
#define FAULT_TEST_NEVER 0x040	   /* never answers TEST */
#define FAULT_TEST_LIES 0x080 /* any CPU answers TEST, for any, even if it hears nothing else */
#define FAULT_NO_RETURN 0x100 /* once returned, a CPU hears nothing */

#define FAULT_APIC_IDS 0x200 /* the ID register is not CPUID's; the MADT goes by it: no fault */

#define LOOP_NOBODY 0xffffffff

/* With FAULT_APIC_IDS, what the ID register has more than CPUID, of all but the boot CPU. */
#define LOOP_APIC_IDS_SHIFT 0x40

struct loop {
	uint32_t ncpus;
	uint32_t faults;
	uint64_t return_stack; /* its top; 0: each CPU's own */
	uint16_t pad[3];
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) gdtr;
	uint64_t gdt[3];
	uint64_t pad1;
	uint32_t apic_id[LOOP_CPUS_MAX]; /* by CPUID, in the order of the MADT */
	volatile uint8_t inside[LOOP_CPUS_MAX];
	volatile uint8_t returned[LOOP_CPUS_MAX];

	volatile struct baton_mailbox *mailbox;
	uint32_t boot_cpu;  /* its index */
	uint32_t deaf;	    /* the APIC ID of a CPU that hears nothing, or LOOP_NOBODY */
	uint64_t late;	    /* ticks that the first CPU acknowledges late, the second twice that */
	uint64_t late_jump; /* ticks that a CPU takes to jump to the vector after it has
			       acknowledged */
	uint64_t early;	    /* ticks from the command's end to the reading of the vector */
	uint64_t watch;	    /* ticks that a command may stand before one says so */
	uint64_t second;    /* ticks */
	uint32_t has_said;  /* it, for once */
	uint32_t serial_port;
};

_Static_assert(offsetof(struct loop, ncpus) == LOOP_NCPUS, "for assembly");
_Static_assert(offsetof(struct loop, return_stack) == LOOP_RETURN_STACK, "for assembly");
_Static_assert(offsetof(struct loop, gdtr) == LOOP_GDTR, "for assembly");
_Static_assert(offsetof(struct loop, gdt) == LOOP_GDT, "for assembly");
_Static_assert(offsetof(struct loop, apic_id) == LOOP_APIC_ID, "for assembly");
_Static_assert(LOOP_STATE + sizeof(struct loop) <= LOOP_MAILBOX, "the mailbox lies behind it");

#endif /* __ASSEMBLER__ */
#endif /* TESTS_FIRMWARE_X86_64_LOOP_H */
