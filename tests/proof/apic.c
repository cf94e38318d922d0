/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The local APIC of a held CPU: docs/contract.md, sections 4 and 6.  It answers whatever it likes;
 * each access may take any time.
 *
 * Sources: resident/x86_64/apic.c
 * Flags: -include tests/proof/apic_access.h -Dstatic=
 * Proof: hold --unwind 18
 * Proof: sleep
 * Proof: timer
 * Proof: rate_within --unwind 5 --slice-formula
 * Later: Proof rate --unwind 11 --unwindset rate_within.0:5
 * Later: Proof drain --unwind 9 --unwindset take_all.0:4 --no-unwinding-assertions
 * Quick: hold sleep timer
 * Mutant: hold resident/x86_64/apic.c s/TPR_HOLD 0xe0/TPR_HOLD 0xf0/
 * Mutant: hold resident/x86_64/apic.c s/if (lvts >= 6)/if (1)/
 * Mutant: hold resident/x86_64/apic.c s/ended < 16 \&\& //
 * Mutant: hold resident/x86_64/apic.c s/APIC_SVR_ENABLE | APIC_SVR_VECTOR/APIC_SVR_VECTOR/
 * Mutant: sleep resident/x86_64/apic.c s/apic->usable \&\& platform_halt()/platform_halt()/
 * Mutant: timer resident/x86_64/apic.c s/ticks ? ticks : 1/ticks/
 * Mutant: rate_within resident/x86_64/apic.c s/elapsed = end - started + /elapsed = /
 * Later: Mutant rate resident/x86_64/apic.c s/tries < CALIBRATION_TRIES/tries <= CALIBRATION_TRIES/
 * Later: Mutant drain resident/x86_64/apic.c s/stale = take_all(apic, 0)/stale = take_all(apic, 0x10)/
 */
/* clang-format on */
#include "proof.h"
#include "resident/x86_64/apic.h"
#include "resident/x86_64/platform.h"

uint64_t rate_within(const struct apic *apic, uint64_t window, uint64_t tsc_per_ms, uint64_t *cost);

static struct apic apic;
static uint32_t written[64]; /* by register: what was written last */
static bool was[64];
static uint32_t lvts, in_service_now;
static uint64_t clock, first_clock;
static unsigned ended, windows, reads;

uint32_t platform_apic_read(const struct apic *at, uint32_t offset)
{
	PROVE("its own APIC, which is usable", at == &apic && apic.usable);
	PROVE("a register that can be read",
	      offset == APIC_VERSION || offset == APIC_TIMER_CURRENT ||
		      (offset >= APIC_ISR && offset < APIC_ISR + 0x80 && offset % 16 == 0));
	if (offset == APIC_VERSION)
		return lvts << 16 | (any32() & 0xff00ffff);
	if (offset == APIC_TIMER_CURRENT)
		return any32();
	return in_service_now = any32();
}

void platform_apic_write(const struct apic *at, uint32_t offset, uint32_t value)
{
	PROVE("its own APIC, which is usable", at == &apic && apic.usable);
	PROVE("a register of the local APIC", offset < 0x400 && offset % 16 == 0);
	if (offset == APIC_LVT_ERROR || offset == APIC_LVT_PERF || offset == APIC_LVT_THERMAL ||
	    offset == APIC_LVT_CMCI)
		PROVE("a local source that is there", lvts >= (offset == APIC_LVT_ERROR	    ? 3u
							       : offset == APIC_LVT_PERF    ? 4u
							       : offset == APIC_LVT_THERMAL ? 5u
											    : 6u));
	if (offset == APIC_EOI) {
		PROVE("0 ends an interrupt", !value);
		ended++;
	}
	if (offset == APIC_TIMER_INITIAL && value == UINT32_MAX) {
		windows++;
		reads = 0;
	}
	written[offset / 16] = value;
	was[offset / 16] = true;
}

uint64_t proof_rdtsc(void)
{
	uint64_t now = any64();

	ASSUME_WAIT_ENDS(++reads <= 4);
	ASSUME_CONTRACT("the time-stamp counter only grows, and a calibration takes no century",
			now >= clock && now - first_clock < 1ull << 60);
	clock = now;
	return now;
}

bool platform_halt(void)
{
	return any();
}

static uint32_t last(uint32_t offset)
{
	return written[offset / 16];
}

static bool masked(uint32_t offset)
{
	return last(offset) == 0x10000;
}

static void any_apic(void)
{
	apic.usable = any();
	apic.x2apic = any();
	lvts = any8();
}

static void judge_masked(void)
{
	PROVE("every local source is masked", masked(APIC_LVT_LINT0) && masked(APIC_LVT_LINT1) &&
						      (lvts < 3 || masked(APIC_LVT_ERROR)) &&
						      (lvts < 4 || masked(APIC_LVT_PERF)) &&
						      (lvts < 5 || masked(APIC_LVT_THERMAL)) &&
						      (lvts < 6 || masked(APIC_LVT_CMCI)));
}

void proof_hold(void)
{
	any_apic();
	apic_hold(&apic);
	if (!apic.usable)
		return;
	judge_masked();
	PROVE("section 6: SVR is 0x1ff, TPR 0xe0",
	      last(APIC_SVR) == 0x1ff && last(APIC_TPR) == 0xe0);
	PROVE("the timer is stopped, at a sixteenth, one shot",
	      !last(APIC_TIMER_INITIAL) && last(APIC_TIMER_DIVIDE) == 3 &&
		      last(APIC_LVT_TIMER) == VECTOR_TIMER);
	PROVE("nothing of class 0xf is in service, or an APIC that does not end it is left",
	      !(in_service_now >> 16) || ended == 16);
	PROVE("sixteen vectors at most", ended <= 16);
}

void proof_sleep(void)
{
	any_apic();
	apic_sleep(&apic);
	PROVE("one interrupt at most", ended <= 1);
}

void proof_timer(void)
{
	uint32_t ticks = any32();

	any_apic();
	apic_set_timer(&apic, ticks);
	PROVE("one access, and the timer runs",
	      !apic.usable ||
		      (last(APIC_TIMER_INITIAL) && (!ticks || last(APIC_TIMER_INITIAL) == ticks)));
}

void proof_rate_within(void)
{
	uint64_t window = any64(), tsc_per_ms = any64(), cost;

	any_apic();
	first_clock = clock = any64();
	ASSUME_CASE(apic.usable);
	ASSUME_BOUND(clock < 1ull << 63);
	ASSUME_CONTRACT("apic_timer_rate(): 100 us, doubled ten times",
			window >= 100 && window <= (100ull << 42) && tsc_per_ms < 1ull << 42);
	/* The quotient itself is not judged, but that there is one. */
	rate_within(&apic, window, tsc_per_ms, &cost);
	PROVE("what the accesses take is in what has passed", cost <= clock - first_clock);
}

void proof_rate(void)
{
	uint32_t tsc_per_us = any32(), access_us;

	any_apic();
	first_clock = clock = any64();
	ASSUME_BOUND(clock < 1ull << 63);
	ASSUME_CONTRACT("the stage has measured it", tsc_per_us >= 1);
	apic_timer_rate(&apic, tsc_per_us, &access_us);
	PROVE("ten windows at most", windows <= 10);
	PROVE("the timer is stopped", !apic.usable || !last(APIC_TIMER_INITIAL));
}

void proof_drain(void)
{
	any_apic();
	apic_drain(&apic);
	if (!apic.usable)
		return;
	judge_masked();
	PROVE("all priorities were let in, in the end", was[APIC_TPR / 16] && !last(APIC_TPR));
	PROVE("software-disabled", last(APIC_SVR) == 0xff);
	PROVE("the timer is masked", masked(APIC_LVT_TIMER));
}
