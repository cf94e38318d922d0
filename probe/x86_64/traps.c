/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "traps.h"
#include <baton/port.h>
#include <baton/string.h>
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"
#include "probe/tap.h"
#include "boot.h"
#include "x86.h"

#define GATES 256
#define IST_NMI 1
#define IST_EXCEPTION 2
#define GATE_PRESENT 0x8e00u /* a 64-bit interrupt gate */

struct pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

static struct gate {
	uint16_t offset_low, selector, type;
	uint16_t offset_middle;
	uint32_t offset_high, reserved;
} idt[GATES];

/* In trap_stubs.S. */
extern const uint8_t trap_stubs[GATES][TRAP_STUB_SIZE];
void trap_stubs_load(const struct pointer *gdtr, const struct pointer *idtr);

static void (*take_nmi)(struct trap_frame *frame);

static void set_gate(unsigned vector, const void *code, unsigned ist)
{
	uint64_t at = (uintptr_t)code;

	idt[vector] = (struct gate){
		.offset_low = (uint16_t)at,
		.selector = SELECTOR_CODE,
		.type = (uint16_t)(GATE_PRESENT | ist),
		.offset_middle = (uint16_t)(at >> 16),
		.offset_high = (uint32_t)(at >> 32),
	};
}

void traps_start(void (*nmi)(struct trap_frame *frame))
{
	take_nmi = nmi;
	for (unsigned i = 0; i < GATES; i++)
		set_gate(i, trap_stubs[i],
			 i == VECTOR_NMI  ? IST_NMI
			 : i < EXCEPTIONS ? IST_EXCEPTION
					  : 0);
	/* On the stack that it finds: an NMI may come in one #VE, and cause the next. */
	if (guest_is_tdx())
		set_gate(TDX_VECTOR_VE, (const void *)tdx_ve_entry, 0);
}

void tdx_port_fatal(struct tdx_frame *frame)
{
	tap_bail_out("CPU %u: #VE at 0x%llx (image + 0x%llx) that nothing can be done for",
		     (unsigned)baton_port_cpu_id(), (unsigned long long)frame->rip,
		     (unsigned long long)(frame->rip - (uintptr_t)boot_image_base()));
}

void traps_load(struct traps *traps, void *owner)
{
	struct descriptors *d = &traps->descriptors;
	uint64_t tss = (uintptr_t)&d->tss;
	const struct pointer gdtr = {sizeof(d->gdt) - 1, (uintptr_t)d->gdt};
	const struct pointer idtr = {sizeof(idt) - 1, (uintptr_t)idt};

	traps->owner = owner;
	memset(d, 0, sizeof(*d));
	d->gdt[SELECTOR_CODE / 8] = 0x00af9b000000ffff;
	d->gdt[SELECTOR_DATA / 8] = 0x00cf93000000ffff;
	d->gdt[SELECTOR_TSS / 8] = (sizeof(d->tss) - 1) | (tss & 0xffffff) << 16 | 0x89ull << 40 |
				   (tss >> 24 & 0xff) << 56;
	d->gdt[SELECTOR_TSS / 8 + 1] = tss >> 32;
	d->tss.ist[IST_NMI - 1] = (uintptr_t)traps->nmi_stack + sizeof(traps->nmi_stack);
	d->tss.ist[IST_EXCEPTION - 1] =
		(uintptr_t)traps->exception_stack + sizeof(traps->exception_stack);
	d->tss.io_map = sizeof(d->tss);
	trap_stubs_load(&gdtr, &idtr);
	wrmsr(MSR_GS_BASE, (uintptr_t)traps);
}

void *traps_owner(void)
{
	void *owner;

	__asm__ volatile("mov %%gs:0, %0" : "=r"(owner));
	return owner;
}

void traps_take(struct trap_frame *frame)
{
	uint64_t cr2;

	if (frame->vector == VECTOR_NMI) {
		take_nmi(frame);
		return;
	}
	if (frame->vector >= EXCEPTIONS)
		return; /* spurious: nothing here asks for interrupts */
	__asm__ volatile("mov %%cr2, %0" : "=r"(cr2));
	tap_bail_out(
		"CPU %u: exception %u, error code 0x%llx, at 0x%llx (image + 0x%llx), CR2 0x%llx",
		(unsigned)baton_port_cpu_id(), (unsigned)frame->vector,
		(unsigned long long)frame->error, (unsigned long long)frame->rip,
		(unsigned long long)(frame->rip - (uintptr_t)boot_image_base()),
		(unsigned long long)cr2);
}
