/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The board's power registers: resident/arm64/power.h.  They are memory here, and nothing
 * lies behind them.
 *
 * Sources: resident/arm64/power.c
 * Flags: -include tests/proof/waits.h
 * Proof: reset --unwind 11
 * Proof: off --unwind 11
 * Quick: reset off
 * Mutant: reset resident/arm64/power.c s/if (!registers)/if (0)/
 * Mutant: reset resident/arm64/power.c s/PM_PASSWORD | (\*at/(*at/
 * Mutant: reset resident/arm64/power.c s/PM_RSTC_CONFIG_CLEAR 0xffffffcfu/PM_RSTC_CONFIG_CLEAR 0xffffffffu/
 * Mutant: off resident/arm64/power.c s/| \*at(registers, PM_RSTS)//
 * Mutant: off resident/arm64/power.c s/PM_RSTS 0x20/PM_RSTS 0x28/
 */
/* clang-format on */
#include "proof.h"
#include "resident/arm64/power.h"

static uint32_t registers[10], before[10];
static bool off;

/* BCM2835: the watchdog resets after some ticks; bits 4 and 5 of RSTC say what it does. */
bool proof_instruction(void)
{
	PROVE("the watchdog, with the password",
	      registers[9] >> 24 == 0x5a && (registers[9] & 0xfffff) > 0);
	PROVE("a full reset, with the password, all else as it was",
	      registers[7] == (0x5a000020 | (before[7] & ~0x30u)));
	PROVE("power-off: partition 63, all else as it was",
	      registers[8] == (off ? 0x5a000000 | before[8] | 0x555 : before[8]));
	for (int i = 0; i < 7; i++)
		PROVE("no other register", registers[i] == before[i]);
	ASSUME_NO_RETURN();
	return true;
}

static uint64_t any_registers(void)
{
	for (int i = 0; i < 10; i++)
		before[i] = registers[i] = any32();
	ASSUME_CASE(!(before[7] >> 24) && !(before[8] >> 24)); /* they read as 0 */
	return any() ? (uint64_t)(uintptr_t)registers : 0;
}

void proof_reset(void)
{
	uint64_t at = any_registers();

	power_reset(at);
	PROVE("it returns where there is no such board", !at);
}

void proof_off(void)
{
	uint64_t at = any_registers();

	off = true;
	power_off(at);
	PROVE("it returns where there is no such board", !at);
}
