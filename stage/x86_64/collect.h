/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Bringing the secondary CPUs into the area, from whichever owner, and making
 * sure that they are there.
 */
#ifndef STAGE_X86_64_COLLECT_H
#define STAGE_X86_64_COLLECT_H

#include <baton/acpi.h>
#include <baton/x86_64/area.h>
#include <baton/table.h>
#include <stdbool.h>
#include <stdint.h>

#define COLLECT_TIMEOUT_US 1000000u /* for the arrivals after INIT and SIPI */
#define TEST_TIMEOUT_US 100000u	    /* for each CPU that does not answer */
#define WAKE_TIMEOUT_US 1000000u    /* for an acknowledgement by mailbox, and then the arrivals */

/*
 * In place of these two, for each CPU of a TDX guest: nothing but waiting brings one back whose
 * host is overloaded.
 */
#define TDX_TIMEOUT_US 60000000u

#define NO_CPU UINT32_MAX /* no APIC ID */

struct collection {
	struct baton_area *area;
	bool adopted;	     /* the area is an earlier stage's: CPUs are held in it */
	bool mailbox;	     /* another owner has the CPUs, and serves a mailbox */
	bool tdx;	     /* a TDX guest: no INIT and SIPI, and patience */
	uint64_t rsdp;	     /* leads to the MADT in which that mailbox is */
	void *trampoline;    /* a page below 1 MiB, nobody else's; NULL: no INIT and SIPI */
	uint32_t spare;	     /* a CPU that INIT must not be sent to, or NO_CPU */
	uint64_t tsc_per_us; /* ticks of the time-stamp counter per microsecond */
	bool live;	     /* set by collect(): a CPU may still take a request by that mailbox */
};

/*
 * Bring every secondary CPU of the area into it, by the first of these
 * that does it: it is held there already; the mailbox; INIT and SIPI.  Each must
 * be in state HELD and answer TEST; then the origin in its record tells where it came
 * from.  One that does not has the origin NOWHERE.  INIT has sent it back into
 * wait-for-SIPI, so that it can't arrive later.  If INIT can't be used, it may arrive
 * late, and is held then.  Returns how many are held; the table's held count
 * is right.
 *
 * Runs on the boot CPU, interrupts off, with area, mailbox and local APIC mapped
 * at their physical addresses; nobody else may use the mailboxes.
 */
uint32_t collect(struct collection *c);

/* In words, for the console: BATON_ORIGIN_... */
const char *collect_origin_text(uint32_t origin);

/* Parts of collect(), each in a file of its own. */

static inline struct baton_table *collect_table(const struct baton_area *area)
{
	return (struct baton_table *)((uint8_t *)area + area->table);
}

static inline uint32_t collect_state(const struct baton_cpu_record *cpu)
{
	return baton_count_value(__atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE));
}

/* Wait until no CPU is in state COLLECTING; false if one still is at @deadline. */
bool collect_arrived(struct baton_area *area, uint64_t deadline);

/* A wait for one CPU. */
struct collect_wait {
	const struct collection *collection;
	uint32_t apic_id;
	uint64_t since, limit_us, next_us;
};

/* Begin one, which ends after @limit_us, in a TDX guest after TDX_TIMEOUT_US. */
struct collect_wait collect_wait(const struct collection *c, uint32_t apic_id, uint64_t limit_us);

/* True while it lasts.  Every 5 s it prints which CPU is waited for. */
bool collect_waits(struct collect_wait *wait);

/* INIT and SIPI to every CPU in state COLLECTING but the spare; waits until they are held. */
void startup_collect(const struct collection *c);

/*
 * Wake every CPU in state COLLECTING by the mailbox of the MADT; waits until they are held.
 * False if none was asked for.
 */
bool wake_collect(const struct collection *c);

#endif /* STAGE_X86_64_COLLECT_H */
