/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "slice.h"
#include "options.h"
#include "td.h"
#include "tdapic.h"

#define SLICE_US 1000
#define NAP_US 20000
#define POLL_US 1000

#define VECTOR 0xfe
#define PRESENT_INTERRUPT_GATE 0x8e
#define CODE64 0x18

/* In world.S. */
void world_load_gdt(void);
void world_take_interrupt(void);
extern const char world_interrupt[];

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t stack;
	uint8_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

static struct gate gates[VECTOR + 1];

static void load_idt(void)
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) idtr = {sizeof(gates) - 1, (uintptr_t)gates};
	uintptr_t to = (uintptr_t)world_interrupt;

	gates[VECTOR] = (struct gate){
		.offset_low = to & 0xffff,
		.selector = CODE64,
		.type = PRESENT_INTERRUPT_GATE,
		.offset_middle = to >> 16 & 0xffff,
		.offset_high = to >> 32,
	};
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

void slice_start(struct vcpu *vcpu)
{
	if (!vcpu->index || options.no_slices)
		return;
	world_load_gdt(); /* the trampoline's is gone */
	load_idt();
	svm_intercept_interrupts(vcpu, true);
	vcpu->sliced = true;
	tdapic_timer_start(VECTOR, SLICE_US);
}

void slice_exit(struct vcpu *vcpu)
{
	if (!tdapic_is_only_pending(VECTOR)) {
		slice_end(vcpu);
		return;
	}
	world_take_interrupt();
	tdapic_end_of_interrupt();
	for (uint32_t us = 0; us < NAP_US && !tdapic_is_any_pending(); us += POLL_US)
		td_wait_us(POLL_US);
	tdapic_timer_start(VECTOR, SLICE_US);
}

void slice_end(struct vcpu *vcpu)
{
	if (!vcpu->sliced)
		return;
	vcpu->sliced = false;
	tdapic_timer_stop();
	if (tdapic_is_only_pending(VECTOR)) {
		world_take_interrupt();
		tdapic_end_of_interrupt();
	}
	tdapic_reset();
	svm_intercept_interrupts(vcpu, false);
}
