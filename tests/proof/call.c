/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Each call of a kernel, with arbitrary registers: docs/contract-arm64.md, section 2.  The
 * power states behind CPU_ON and AFFINITY_INFO are proved in psci.c.
 *
 * Sources: resident/arm64/call.c
 * Flags: -include tests/proof/registers.h
 * Proof: psci_version
 * Proof: cpu_on
 * Proof: cpu_off
 * Proof: affinity_info
 * Proof: cpu_suspend
 * Proof: migrate_info_type
 * Proof: system_off
 * Proof: system_reset
 * Proof: psci_features
 * Proof: smccc_version
 * Proof: arch_features
 * Proof: workarounds
 * Proof: unknown
 * Noreturn: cpu_off
 * Quick: psci_version cpu_on cpu_off affinity_info cpu_suspend psci_features unknown
 * Mutant: psci_version resident/arm64/call.c s/return PSCI_VERSION_1_1/return 0/
 * Mutant: cpu_on resident/arm64/call.c s/psci_cpu_on(psci, a, b, c)/psci_cpu_on(psci, a, c, b)/
 * Mutant: cpu_on resident/arm64/call.c s/UINT64_MAX : UINT32_MAX/UINT64_MAX : UINT64_MAX/
 * Mutant: cpu_off resident/arm64/call.c s/held_cpu(slot);/return PSCI_SUCCESS;/
 * Mutant: affinity_info resident/arm64/call.c s/psci_affinity_info(psci, a, b)/psci_affinity_info(psci, a, 0)/
 * Mutant: cpu_suspend resident/arm64/call.c s/if (state & PSCI_POWER_DOWN)/if (0)/
 * Mutant: migrate_info_type resident/arm64/call.c s/return PSCI_MIGRATE_NOT_REQUIRED/return PSCI_SUCCESS/
 * Mutant: system_off resident/arm64/call.c s/power_off(/power_reset(/
 * Mutant: system_reset resident/arm64/call.c s/power_reset(slot->area->power);//
 * Mutant: psci_features resident/arm64/call.c s/case PSCI_MIGRATE_INFO_TYPE:/case PSCI_MIGRATE_INFO_TYPE: case PSCI_MIGRATE_INFO_UP_CPU:/
 * Mutant: smccc_version resident/arm64/call.c s/return SMCCC_VERSION_1_1/return PSCI_VERSION_0_2/
 * Mutant: arch_features resident/arm64/call.c s/case MIDR_PART_CORTEX_A72:/case 0:/
 * Mutant: workarounds resident/arm64/call.c s/level_forget_branches();//
 * Mutant: unknown resident/arm64/call.c s/case PSCI_SYSTEM_OFF:/case PSCI_SYSTEM_OFF: case PSCI_MIGRATE_INFO_UP_CPU:/
 */
/* clang-format on */
#include "proof.h"
#include <baton/psci.h>
#include "resident/arm64/call.h"
#include "resident/arm64/held.h"
#include "resident/arm64/level.h"
#include "resident/arm64/power.h"
#include "resident/arm64/psci.h"

uint64_t proof_midr_el1;

static struct {
	struct baton_area area;
	uint8_t pad[AREA_SHARED - sizeof(struct baton_area)];
	struct psci psci;
} area;
static struct slot slot;
static struct entry_frame frame, before;
static unsigned on, info, off, reset, forgotten; /* how often each function was called */
static int32_t given;				 /* what the power states have answered */

static uint64_t argument(unsigned number)
{
	uint64_t all = before.x[number];

	/* DEN0028: a 32-bit call has 32-bit arguments. */
	return before.x[0] & PSCI_64 ? all : all & 0xffffffff;
}

int32_t psci_cpu_on(struct psci *psci, uint64_t mpidr, uint64_t entry, uint64_t context)
{
	PROVE("the area's power states", psci == &area.psci);
	PROVE("the arguments",
	      mpidr == argument(1) && entry == argument(2) && context == argument(3));
	on++;
	return given;
}

int32_t psci_affinity_info(struct psci *psci, uint64_t mpidr, uint64_t level)
{
	PROVE("the area's power states", psci == &area.psci);
	PROVE("the arguments", mpidr == argument(1) && level == argument(2));
	info++;
	return given;
}

_Noreturn void held_cpu(struct slot *s)
{
	PROVE("only CPU_OFF holds the CPU that calls", (uint32_t)before.x[0] == PSCI_CPU_OFF);
	PROVE("the CPU that calls", s == &slot);
	PROVE("before anything else", !on && !info && !off && !reset && !forgotten);
	ASSUME_NO_RETURN();
}

void power_off(uint64_t registers)
{
	PROVE("the board's registers", registers == area.area.power);
	off++;
	if (registers)
		ASSUME_NO_RETURN();
}

void power_reset(uint64_t registers)
{
	PROVE("the board's registers", registers == area.area.power);
	reset++;
	if (registers)
		ASSUME_NO_RETURN();
}

void level_forget_branches(void)
{
	forgotten++;
}

/* Make the call @function, in its 64-bit form as well if there is @wide. */
static int64_t call(uint32_t function, bool wide)
{
	for (unsigned i = 0; i < 32; i++)
		before.x[i] = any64();
	before.x[0] = any64() << 32 | function;
	if (wide && any())
		before.x[0] |= PSCI_64;
	area.area.power = any64();
	proof_midr_el1 = any64();
	given = any_int();
	slot.area = &area.area;
	slot.number = any32();
	frame = before;
	call_answer(&slot, &frame);
	for (unsigned i = 1; i < 32; i++)
		PROVE("only x0 has a result", frame.x[i] == before.x[i]);
	return (int64_t)frame.x[0];
}

static bool nothing_done(void)
{
	return !on && !info && !off && !reset && !forgotten;
}

void proof_psci_version(void)
{
	PROVE("1.1", call(0x84000000, false) == 0x10001 && nothing_done());
}

void proof_cpu_on(void)
{
	PROVE("what the power states answer", call(0x84000003, true) == given && on == 1);
	PROVE("nothing else", !info && !off && !reset && !forgotten);
}

void proof_cpu_off(void)
{
	call(0x84000002, false);
	PROVE("CPU_OFF does not return", false);
}

void proof_affinity_info(void)
{
	PROVE("what the power states answer", call(0x84000004, true) == given && info == 1);
	PROVE("nothing else", !on && !off && !reset && !forgotten);
}

void proof_cpu_suspend(void)
{
	int64_t answer = call(0x84000001, true);

	PROVE("standby alone", answer == (before.x[1] & 1u << 16 ? -2 : 0));
	PROVE("nothing else", nothing_done());
}

void proof_migrate_info_type(void)
{
	PROVE("nothing to migrate", call(0x84000006, false) == 2 && nothing_done());
}

void proof_system_off(void)
{
	PROVE("it returns where it can't be done", call(0x84000008, false) == -1);
	PROVE("only there", !area.area.power && off == 1 && !on && !info && !reset);
}

void proof_system_reset(void)
{
	PROVE("it returns where it can't be done", call(0x84000009, false) == -1);
	PROVE("only there", !area.area.power && reset == 1 && !on && !info && !off);
}

/* The functions of section 2's table, without the ARCH_ ones. */
static bool listed(uint32_t f)
{
	bool power = area.area.power != 0;

	return f == 0x84000000 || f == 0x84000002 || f == 0x84000006 || f == 0x8400000a ||
	       f == 0x80000000 || f == 0x84000003 || f == 0xc4000003 || f == 0x84000004 ||
	       f == 0xc4000004 || f == 0x84000001 || f == 0xc4000001 ||
	       (power && (f == 0x84000008 || f == 0x84000009));
}

void proof_psci_features(void)
{
	int64_t answer = call(0x8400000a, false);

	PROVE("what the table lists", answer == (listed((uint32_t)before.x[1]) ? 0 : -1));
	PROVE("nothing else", nothing_done());
}

void proof_smccc_version(void)
{
	PROVE("1.1", call(0x80000000, false) == 0x10001 && nothing_done());
}

void proof_arch_features(void)
{
	int64_t answer = call(0x80000001, false);
	uint32_t function = (uint32_t)before.x[1], midr = (uint32_t)proof_midr_el1;
	uint32_t part = midr >> 4 & 0xfff;
	bool arm = midr >> 24 == 0x41;
	bool done = arm && (part == 0xd07 || part == 0xd08);
	bool not_required = arm && (part == 0xd03 || part == 0xd05);

	ASSUME_CONTRACT("Arm ARM: bits 63 to 32 of MIDR_EL1 are 0", !(proof_midr_el1 >> 32));
	PROVE("nothing else", nothing_done());
	if (function == 0x80000000 || function == 0x80000001)
		PROVE("themselves", answer == 0);
	else if (function == 0x80008000 || function == 0x80003fff)
		PROVE("by the processor", answer == (done ? 0 : not_required ? 1 : -1));
	else
		PROVE("no other", answer == -1);
}

void proof_workarounds(void)
{
	PROVE("done", call(any() ? 0x80008000 : 0x80003fff, false) == 0 && forgotten == 1);
	PROVE("nothing else", !on && !info && !off && !reset);
}

void proof_unknown(void)
{
	uint32_t f = any32(), wide = f & ~PSCI_64;
	int64_t answer;

	ASSUME_CASE(wide != 0x84000003 && wide != 0x84000004 && wide != 0x84000001);
	ASSUME_CASE(f != 0x84000000 && f != 0x84000002 && f != 0x84000006 && f != 0x84000008 &&
		    f != 0x84000009 && f != 0x8400000a && f != 0x80000000 && f != 0x80000001 &&
		    f != 0x80008000 && f != 0x80003fff);
	answer = call(f, false);
	PROVE("not supported, and without effect", answer == -1 && nothing_done());
}
