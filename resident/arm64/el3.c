/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The kernel at EL2, seen from EL3.  Arm ARM (DDI 0487), chapters D1 and D13;
 * Linux, Documentation/arch/arm64/booting.
 */
#include <baton/arm64/registers.h>
#include "el2_state.h"
#include "call.h"
#include "level.h"
#include "record.h"

#define SCR_NS (1ull << 0)
#define SCR_RES1 (3ull << 4)
#define SCR_HCE (1ull << 8)
#define SCR_RW (1ull << 10)
#define SCR_APK (1ull << 16)
#define SCR_API (1ull << 17)
#define SCR_ENSCXT (1ull << 25)
#define SCR_ATA (1ull << 26)
#define SCR_FGTEN (1ull << 27)
#define SCR_ECVEN (1ull << 28)
#define SCR_AMVOFFEN (1ull << 35)
#define SCR_ENAS0 (1ull << 36)
#define SCR_ADEN (1ull << 37)
#define SCR_HXEN (1ull << 38)
#define SCR_GCSEN (1ull << 39)
#define SCR_ENTP2 (1ull << 41)
#define SCR_TCR2EN (1ull << 43)
#define SCR_SCTLR2EN (1ull << 44)
#define SCR_PIEN (1ull << 45)
#define SCR_ENFPM (1ull << 50)
#define SCR_FGTEN2 (1ull << 59)

#define CPTR_EZ (1ull << 8)   /* lets SVE through */
#define CPTR_ESM (1ull << 12) /* SME */

#define MDCR_ENPM2 (1ull << 7)
#define MDCR_NSPB (3ull << 12)
#define MDCR_SPD32 (2ull << 14) /* Secure EL1 can't be debugged; there is none */
#define MDCR_SDD (1ull << 16)	/* nor EL3, by what runs here */
#define MDCR_NSTB (3ull << 24)
#define MDCR_SBRBE (3ull << 32)
#define MDCR_ENPMSN (1ull << 36)

#define ICC_SRE_ALL 0xfull /* system registers, no bypass, and EL2 may decide for itself */

/* The ID registers that list what a kernel may use. */
enum id { PFR0, PFR1, PFR2, ISAR1, ISAR2, MMFR0, MMFR1, MMFR3, DFR0, IDS };

/* If a field of one has at least this value, these bits let it through. */
struct feature {
	uint8_t id, shift, least;
	uint64_t bits;
};

static const struct feature of_scr[] = {
	{PFR0, 44, 2, SCR_AMVOFFEN}, /* AMUv1p1 */
	{PFR0, 56, 2, SCR_ENSCXT},   /* CSV2_2 */
	{PFR1, 8, 2, SCR_ATA},	     /* MTE2 */
	{PFR1, 24, 1, SCR_ENTP2},    /* SME */
	{PFR1, 32, 2, SCR_ENSCXT},   /* CSV2_1p2 */
	{PFR1, 44, 1, SCR_GCSEN},
	{PFR2, 32, 1, SCR_ENFPM},
	{ISAR1, 4, 1, SCR_APK | SCR_API},     /* APA */
	{ISAR1, 8, 1, SCR_APK | SCR_API},     /* API */
	{ISAR1, 24, 1, SCR_APK | SCR_API},    /* GPA */
	{ISAR1, 28, 1, SCR_APK | SCR_API},    /* GPI */
	{ISAR1, 60, 3, SCR_ENAS0 | SCR_ADEN}, /* LS64_ACCDATA */
	{ISAR2, 8, 1, SCR_APK | SCR_API},     /* GPA3 */
	{ISAR2, 12, 1, SCR_APK | SCR_API},    /* APA3 */
	{MMFR0, 56, 1, SCR_FGTEN},
	{MMFR0, 56, 2, SCR_FGTEN2},
	{MMFR0, 60, 2, SCR_ECVEN}, /* ECV with CNTPOFF_EL2 */
	{MMFR1, 40, 1, SCR_HXEN},
	{MMFR3, 0, 1, SCR_TCR2EN},
	{MMFR3, 4, 1, SCR_SCTLR2EN},
	{MMFR3, 8, 1, SCR_PIEN},  /* S1PIE */
	{MMFR3, 12, 1, SCR_PIEN}, /* S2PIE */
	{MMFR3, 16, 1, SCR_PIEN}, /* S1POE */
	{MMFR3, 20, 1, SCR_PIEN}, /* S2POE */
};

static const struct feature of_mdcr[] = {
	{DFR0, 8, 9, MDCR_ENPM2},   /* PMUv3p9 */
	{DFR0, 32, 1, MDCR_NSPB},   /* SPE */
	{DFR0, 32, 3, MDCR_ENPMSN}, /* SPEv1p2 */
	{DFR0, 44, 1, MDCR_NSTB},   /* TRBE */
	{DFR0, 52, 1, MDCR_SBRBE},  /* BRBE */
};

static const struct feature of_cptr[] = {
	{PFR0, 32, 1, CPTR_EZ},
	{PFR1, 24, 1, CPTR_ESM},
};

static uint64_t let_through(const uint64_t *ids, const struct feature *features, size_t n)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned field = ids[features[i].id] >> features[i].shift & 0xf;

		/* 15: something of its own, that is not as the architecture has it */
		if (field >= features[i].least && field != 0xf)
			bits |= features[i].bits;
	}
	return bits;
}

#define LET_THROUGH(ids, features)                                                                 \
	let_through(ids, features, sizeof(features) / sizeof((features)[0]))

static void open_el3(void)
{
	const uint64_t ids[IDS] = {
		[PFR0] = read_register(id_aa64pfr0_el1),
		[PFR1] = read_register(id_aa64pfr1_el1),
		[PFR2] = read_register(ID_AA64PFR2_EL1),
		[ISAR1] = read_register(id_aa64isar1_el1),
		[ISAR2] = read_register(ID_AA64ISAR2_EL1),
		[MMFR0] = read_register(id_aa64mmfr0_el1),
		[MMFR1] = read_register(id_aa64mmfr1_el1),
		[MMFR3] = read_register(ID_AA64MMFR3_EL1),
		[DFR0] = read_register(id_aa64dfr0_el1),
	};
	uint64_t cptr = LET_THROUGH(ids, of_cptr);

	/* Without SMD, FIQ, IRQ, EA: calls come here, interrupts do not. */
	write_register(scr_el3, SCR_NS | SCR_RES1 | SCR_HCE | SCR_RW | LET_THROUGH(ids, of_scr));
	write_register(mdcr_el3, MDCR_SPD32 | MDCR_SDD | LET_THROUGH(ids, of_mdcr));
	write_register(cptr_el3, cptr);
	isb();
	if (cptr & CPTR_EZ)
		write_register(ZCR_EL3, VECTOR_LENGTH_MAX);
	if (cptr & CPTR_ESM)
		write_register(SMCR_EL3, el2_state_sme());
	if (id_field(id_aa64pfr0_el1, 24)) { /* GIC by system registers */
		write_register(ICC_SRE_EL3, read_register(ICC_SRE_EL3) | ICC_SRE_ALL);
		isb();
	}
}

/* What only the highest level can start. */
static void start_activity_monitors(void)
{
	if (!id_field(id_aa64pfr0_el1, 44))
		return;
	write_register(AMCNTENSET0_EL0, 0xf);
	write_register(AMCNTENSET1_EL0, (1ull << (read_register(AMCGCR_EL0) >> 8 & 0xff)) - 1);
}

static void clear_guarded_stacks(void)
{
	if (!id_field(id_aa64pfr1_el1, 44))
		return;
	write_register(GCSCR_EL1, 0);
	write_register(GCSCRE0_EL1, 0);
	write_register(GCSCR_EL2, 0);
}

void level_prepare(struct slot *slot)
{
	(void)slot;
	open_el3(); /* NS first: it decides whose translations the next line is about */
	/* Now, too: afterwards E2H is 0, and what the last kernel had under it would stay. */
	__asm__ volatile("tlbi alle2" ::: "memory");
	el2_state_prepare(0);
	start_activity_monitors();
	clear_guarded_stacks();
	write_register(vttbr_el2, 0);
	write_register(sctlr_el1, SCTLR_EL1_OFF);
	write_register(sctlr_el2, SCTLR_EL2_OFF);
	/* Nothing of the last kernel's translations or instructions may be left on this CPU. */
	isb();
	__asm__ volatile("tlbi alle1; tlbi alle2; ic iallu; dsb nsh; isb" ::: "memory");
}

/* On these processors, turning the MMU off and on does it.  The code is where it is in both. */
void level_forget_branches(void)
{
	uint64_t on = read_register(sctlr_el3);

	__asm__ volatile("msr sctlr_el3, %0; isb; msr sctlr_el3, %1; isb"
			 :
			 : "r"(on & ~1ull), "r"(on)
			 : "memory");
}

void level_call(struct entry_frame *frame)
{
	struct slot *slot = (struct slot *)read_register(tpidr_el3);

	switch (read_register(esr_el3) >> ESR_CLASS_SHIFT & 0x3f) {
	case ESR_CLASS_SMC:
	case ESR_CLASS_SMC32:
		call_answer(slot, frame);
		break;
	default: /* the resident asks for nothing else */
		record_failed(slot, read_register(elr_el3));
	}
}
