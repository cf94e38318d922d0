/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "misbehave.h"
#include "options.h"
#include "td.h"
#include "tdapic.h"

#define US_PER_MS 1000
#define VECTOR_NMI 2

static bool begun, ended;

void misbehave_begin(bool begin)
{
	begun = begin;
	ended = !begin;
}

static bool is_on(void)
{
	return begun || (!options.wait && !ended);
}

/* True in one of @rate cases, never for 0.  A xorshift generator: the same in each run. */
static bool happens(struct vcpu *vcpu, uint32_t rate)
{
	uint32_t x = vcpu->random ? vcpu->random : vcpu->index + 1;

	if (!rate || !is_on())
		return false;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	vcpu->random = x;
	return x % rate == 0;
}

static void stall(const struct vcpu *vcpu, uint32_t ms)
{
	if (!ms)
		return;
	options_trace("tdx: CPU %u: stalled for %u ms\n", vcpu->index, ms);
	td_wait_us((uint64_t)ms * US_PER_MS);
}

/* Once, and longer on each CPU; the boot CPU never. */
static void stall_at(struct vcpu *vcpu, uint64_t point)
{
	if (!is_on() || options.stall_at < 0 || (uint64_t)options.stall_at != point ||
	    vcpu->stalled || (options.stall_only && options.stall_only != vcpu->index))
		return;
	vcpu->stalled = true;
	stall(vcpu, options.stall_ms * vcpu->index);
}

void misbehave_start(struct vcpu *vcpu)
{
	stall_at(vcpu, 0);
}

void misbehave_exit(struct vcpu *vcpu)
{
	if (happens(vcpu, options.random_rate))
		stall(vcpu, options.random_ms);
	if (happens(vcpu, options.stray_rate))
		tdapic_send(vcpu->random % td.cpus, options.stray_vector);
	/* The module keeps an NMI back while the information of a #VE is unread. */
	if (happens(vcpu, options.nmi_rate) && !vcpu->ve.pending)
		tdapic_send(vcpu->index, VECTOR_NMI);
}

void misbehave_vmcall(struct vcpu *vcpu, uint64_t function)
{
	stall_at(vcpu, function);
}

bool misbehave_refuses(struct vcpu *vcpu, uint64_t function)
{
	for (size_t i = 0; i < options.refused_count && is_on(); i++) {
		if (options.refused[i] != function)
			continue;
		vcpu->counts.refused++;
		return true;
	}
	return false;
}

bool misbehave_sleeps(void)
{
	return !options.hlt_early || !is_on();
}

void misbehave_woken(struct vcpu *vcpu)
{
	if (options.hlt_late_ms && is_on())
		stall(vcpu, options.hlt_late_ms);
}
