/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the probe's assembly shares, and what C calls of it. */
#ifndef PROBE_ARM64_HEAD_H
#define PROBE_ARM64_HEAD_H

#include <baton/arm64/registers.h>

#define LEVEL_1 (1 << 2) /* as CurrentEL has it */
#define LEVEL_2 (2 << 2)

#define HCR_WANTED HCR_RW /* no E2H: registers are called what they are */

/* The general registers of an interrupted CPU on its stack, and ELR; see struct trap_frame. */
#define FRAME_SIZE 272

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/arm64/cache.h"
#include "mmu.h"

extern const uint8_t head_start[], image_end[];

/* MMU off, then on with @registers.  This code, and what is on the stack, is where it is in both.
 */
void head_mmu_load(const struct mmu_registers *registers);

/* The exception vectors: 2 KiB aligned. */
extern const uint8_t head_vectors[];

/* x0 to x30 are taken from @x, and put there after the call, by HVC or SMC. */
void head_firmware_call(uint64_t *x, bool smc);

/* What has to survive a call, in a place that survives the loss of the CPU. */
struct context {
	uint64_t x19_to_x30[12], sp;
};

/* 0; and 1, again, after head_context_restore(). */
int head_context_save(struct context *context) __attribute__((returns_twice));
_Noreturn void head_context_restore(const struct context *context);

/*
 * To @address with the MMU and data cache off, and @x0 there.  Unless @garbage is 0, it is
 * put into all registers that translate, catch or point to anything, the stack pointer is
 * EL0's, data is big-endian, and @hcr goes into HCR_EL2 if that is not 0, which is for EL2
 * alone.
 */
_Noreturn void head_leave_to(uint64_t address, uint64_t garbage, uint64_t hcr, uint64_t x0);

/* Where head_leave_to() makes a call that does not return, of function x0. */
extern const uint8_t head_last_hvc[], head_last_smc[];

#endif /* __ASSEMBLER__ */
#endif /* PROBE_ARM64_HEAD_H */
