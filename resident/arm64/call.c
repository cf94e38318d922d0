/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/arm64/registers.h>
#include <baton/psci.h>
#include "call.h"
#include "held.h"
#include "level.h"
#include "power.h"
#include "psci.h"

/*
 * What a processor needs against CVE-2017-5715 and CVE-2022-23960, by the part
 * number in MIDR_EL1 (implementer Arm): Arm's "Cache Speculation Side-channels"
 * and "Spectre-BHB" papers.
 */
static int32_t workaround(void)
{
	uint64_t midr = read_register(midr_el1);

	if (MIDR_IMPLEMENTER(midr) != MIDR_IMPLEMENTER_ARM)
		return SMCCC_NOT_SUPPORTED;
	switch (MIDR_PART(midr)) {
	case MIDR_PART_CORTEX_A53:
	case MIDR_PART_CORTEX_A55:
		return SMCCC_NOT_REQUIRED;
	case MIDR_PART_CORTEX_A57:
	case MIDR_PART_CORTEX_A72:
		return PSCI_SUCCESS;
	}
	return SMCCC_NOT_SUPPORTED;
}

static int32_t arch_features(uint32_t function)
{
	switch (function) {
	case SMCCC_VERSION:
	case SMCCC_ARCH_FEATURES:
		return PSCI_SUCCESS;
	case SMCCC_ARCH_WORKAROUND_1:
	case SMCCC_ARCH_WORKAROUND_3:
		return workaround();
	}
	return SMCCC_NOT_SUPPORTED;
}

static int32_t features(const struct baton_area *area, uint32_t function)
{
	switch (function) {
	case PSCI_VERSION:
	case PSCI_CPU_OFF:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_FEATURES:
	case PSCI_CPU_ON:
	case PSCI_CPU_ON | PSCI_64:
	case PSCI_AFFINITY_INFO:
	case PSCI_AFFINITY_INFO | PSCI_64:
	case PSCI_CPU_SUSPEND: /* 0: original format of power_state, no OS-initiated mode */
	case PSCI_CPU_SUSPEND | PSCI_64:
	case SMCCC_VERSION:
		return PSCI_SUCCESS;
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		return area->power ? PSCI_SUCCESS : PSCI_NOT_SUPPORTED;
	}
	return PSCI_NOT_SUPPORTED;
}

static int32_t suspend(uint64_t state)
{
	if (state & PSCI_POWER_DOWN)
		return PSCI_INVALID_PARAMETERS;
	__asm__ volatile("dsb sy; wfi" ::: "memory");
	return PSCI_SUCCESS;
}

static int64_t answer(struct slot *slot, uint32_t function, uint64_t a, uint64_t b, uint64_t c)
{
	struct psci *psci = shared_psci(slot->area);

	switch (function & ~PSCI_64) {
	case PSCI_CPU_ON:
		return psci_cpu_on(psci, a, b, c);
	case PSCI_AFFINITY_INFO:
		return psci_affinity_info(psci, a, b);
	case PSCI_CPU_SUSPEND:
		return suspend(a);
	}
	switch (function) {
	case PSCI_VERSION:
		return PSCI_VERSION_1_1;
	case PSCI_CPU_OFF:
		held_cpu(slot);
	case PSCI_MIGRATE_INFO_TYPE:
		return PSCI_MIGRATE_NOT_REQUIRED;
	case PSCI_SYSTEM_OFF:
		power_off(slot->area->power);
		return PSCI_NOT_SUPPORTED;
	case PSCI_SYSTEM_RESET:
		power_reset(slot->area->power);
		return PSCI_NOT_SUPPORTED;
	case PSCI_FEATURES:
		return features(slot->area, (uint32_t)a);
	case SMCCC_VERSION:
		return SMCCC_VERSION_1_1;
	case SMCCC_ARCH_FEATURES:
		return arch_features((uint32_t)a);
	case SMCCC_ARCH_WORKAROUND_1:
	case SMCCC_ARCH_WORKAROUND_3:
		level_forget_branches();
		return PSCI_SUCCESS;
	}
	return PSCI_NOT_SUPPORTED;
}

void call_answer(struct slot *slot, struct entry_frame *frame)
{
	uint32_t function = (uint32_t)frame->x[0];
	/* A 32-bit call has 32-bit arguments: DEN0028, section 3. */
	uint64_t mask = function & PSCI_64 ? UINT64_MAX : UINT32_MAX;

	frame->x[0] =
		answer(slot, function, frame->x[1] & mask, frame->x[2] & mask, frame->x[3] & mask);
}
