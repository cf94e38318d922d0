/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What a Raspberry Pi wants of its stub before anything else runs: what the stub
 * in its firmware does (raspberrypi/tools, armstubs/armstub8.S).
 */
#ifndef STAGE_ARM64_ARMSTUB_BOARD_H
#define STAGE_ARM64_ARMSTUB_BOARD_H

#include <stdint.h>

struct board {
	uint16_t part;	      /* of MIDR_EL1: each board has another processor */
	uint32_t clock;	      /* of the crystal that drives the system counter, Hz */
	uint64_t local;	      /* registers of the BCM2836's local peripherals */
	uint64_t distributor; /* of the GIC-400, and its CPU interface; 0: there is none */
	uint64_t interface;
};

/* The board with the processor of that MIDR_EL1; NULL: unknown. */
const struct board *board_find(uint64_t midr);

/* Write all its registers.  On every CPU, at EL3, MMU off: they are Device memory then. */
void board_start(const struct board *board);

#endif /* STAGE_ARM64_ARMSTUB_BOARD_H */
