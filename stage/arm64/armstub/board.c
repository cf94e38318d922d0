/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "board.h"
#include <baton/arm64/registers.h>
#include <stddef.h>

/* Offsets in the local peripherals (BCM2836 ARM-local peripherals, section 3). */
#define LOCAL_CONTROL 0x00
#define LOCAL_PRESCALER 0x08
#define CONTROL_CRYSTAL 0	  /* counts the crystal, not the APB clock; by 1 */
#define PRESCALER_ONE 0x80000000u /* 2^31 divided by this: 1 */

/* Arm IHI 0048 (GICv2), sections 4.3 and 4.4. */
#define GICD_CTLR 0x000
#define GICD_IGROUPR 0x080
#define GICC_CTLR 0x00
#define GICC_PMR 0x04
#define DISTRIBUTOR_ON 3u   /* both groups */
#define INTERFACE_ON 0x1e7u /* both groups, without bypass, AckCtl */
#define PRIORITY_LOWEST 0xffu
#define INTERRUPTS 256

static const struct board boards[] = {
	/* Raspberry Pi 3, Zero 2 W: BCM2837, Cortex-A53 */
	{.part = MIDR_PART_CORTEX_A53, .clock = 19200000, .local = 0x40000000},
	/* Raspberry Pi 4, 400: BCM2711, Cortex-A72, its peripherals below 4 GiB */
	{.part = MIDR_PART_CORTEX_A72,
	 .clock = 54000000,
	 .local = 0xff800000,
	 .distributor = 0xff841000,
	 .interface = 0xff842000},
};

const struct board *board_find(uint64_t midr)
{
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (MIDR_IMPLEMENTER(midr) == MIDR_IMPLEMENTER_ARM &&
		    MIDR_PART(midr) == boards[i].part)
			return &boards[i];
	return NULL;
}

static void put(uint64_t registers, unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)(registers + offset) = value;
}

/* All interrupts are the kernel's: in group 1.  Some registers are this CPU's own. */
static void start_gic(const struct board *board)
{
	put(board->distributor, GICD_CTLR, DISTRIBUTOR_ON);
	put(board->interface, GICC_CTLR, INTERFACE_ON);
	put(board->interface, GICC_PMR, PRIORITY_LOWEST);
	for (unsigned i = 0; i < INTERRUPTS / 32; i++)
		put(board->distributor, GICD_IGROUPR + 4 * i, UINT32_MAX);
}

void board_start(const struct board *board)
{
	put(board->local, LOCAL_CONTROL, CONTROL_CRYSTAL);
	put(board->local, LOCAL_PRESCALER, PRESCALER_ONE);
	if (board->distributor)
		start_gic(board);
}
