/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "ve.h"
#include <baton/string.h>
#include "lib/x86_64/tdx.h"
#include "stage/say.h"

#define VECTORS 256
#define GATE_INTERRUPT 0x8e00ull /* present, DPL 0, no stack of its own */

/* Intel SDM volume 3, "IDT descriptors", 64-bit mode. */
struct gate {
	uint64_t low, high;
};

struct idtr {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

static struct gate idt[VECTORS];
static struct idtr firmware;
static void (*on_failure)(uint64_t reason, uint64_t rip);

static struct gate gate_to(void (*handler)(void))
{
	uint64_t address = (uint64_t)handler, low;
	uint16_t cs;

	__asm__ volatile("mov %%cs, %0" : "=r"(cs));
	low = (address & 0xffff) | (uint64_t)cs << 16;
	low |= GATE_INTERRUPT << 32 | (address & 0xffff0000) << 32;
	return (struct gate){low, address >> 32};
}

static void load(const struct idtr *idtr)
{
	__asm__ volatile("lidt %0" : : "m"(*idtr) : "memory");
}

void ve_begin(void)
{
	struct idtr own;
	size_t size;

	__asm__ volatile("sidt %0" : "=m"(firmware));
	size = (size_t)firmware.limit + 1;
	memcpy(idt, (const void *)firmware.base, size < sizeof(idt) ? size : sizeof(idt));
	idt[TDX_VECTOR_VE] = gate_to(tdx_ve_entry);
	own.limit = sizeof(idt) - 1;
	own.base = (uint64_t)idt;
	load(&own);
}

void ve_end(void)
{
	load(&firmware);
}

void ve_on_failure(void (*failed)(uint64_t reason, uint64_t rip))
{
	on_failure = failed;
}

void tdx_port_fatal(struct tdx_frame *frame)
{
	if (on_failure)
		on_failure(frame->reason, frame->rip);
	else
		say("#VE at 0x%llx, reason %llu: the machine stops", (unsigned long long)frame->rip,
		    (unsigned long long)frame->reason);
	for (;;)
		tdx_halt(true);
}
