/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The held CPU's side of the mailbox, for each command: docs/contract.md, section 3.  The
 * kernel writes whatever it likes, at any time.
 *
 * Sources: resident/x86_64/mailbox.c
 * Proof: wakeup
 * Proof: test
 * Proof: release_all
 * Proof: unknown
 * Proof: acknowledge --unwind 5
 * Quick: wakeup test release_all unknown acknowledge
 * Mutant: wakeup resident/x86_64/mailbox.c s/\*vector = __atomic_load_n/*vector = (uint32_t)__atomic_load_n/
 * Mutant: wakeup resident/x86_64/mailbox.c s/__ATOMIC_ACQUIRE/__ATOMIC_RELAXED/
 * Mutant: wakeup resident/x86_64/mailbox.c s/(uint32_t)(request >> 32) != apic_id/(uint8_t)(request >> 32) != (uint8_t)apic_id/
 * Mutant: test resident/x86_64/mailbox.c s/command != BATON_COMMAND_TEST/command != 3/
 * Mutant: release_all resident/x86_64/mailbox.c s/apic_id = BATON_APIC_ID_ALL;/return BATON_COMMAND_RELEASE_ALL;/
 * Mutant: unknown resident/x86_64/mailbox.c s/unsigned command = (uint16_t)request/unsigned command = (uint8_t)request/
 * Mutant: acknowledge resident/x86_64/mailbox.c s/seen & ~0xffffull/0/
 * Mutant: acknowledge resident/x86_64/mailbox.c s/__ATOMIC_RELEASE/__ATOMIC_ACQUIRE/
 * Mutant: acknowledge resident/x86_64/mailbox.c s/(uint16_t)seen == command && //
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include "resident/x86_64/mailbox.h"

static struct {
	uint64_t request, vector;
} page; /* the part that the resident may touch */
static struct baton_mailbox *mailbox = (struct baton_mailbox *)&page;
static unsigned requests, vectors, changes, kernel_steps;
static uint64_t request, vector; /* as loaded */
static unsigned command;	 /* that is acknowledged */
static uint32_t apic_id;

void proof_before(const volatile void *at)
{
	(void)at;
	if (!any())
		return;
	ASSUME_WAIT_ENDS(++kernel_steps < 4);
	page.request = any64();
	page.vector = any64();
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	if (at == &page.request) {
		PROVE("command and APIC ID in one look, before the vector", !vectors);
		PROVE("with acquire ordering", proof_acquires(order) || command);
		requests++;
		request = value;
	} else {
		PROVE("else only the vector is read, after it",
		      at == &page.vector && requests == 1);
		vectors++;
		vector = value;
	}
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	PROVE("only the command changes", at == &page.request && new == (old & ~0xffffull));
	PROVE("in one step with the look at it", swap);
	PROVE("the very command, for that CPU", (old & 0xffff) == command && old >> 32 == apic_id);
	PROVE("with release ordering", proof_releases(order));
	changes++;
}

void proof_fence(int order)
{
	(void)order;
}

/* Look for a command, of which the contract says that it is @found. */
static unsigned look(uint64_t *got)
{
	page.request = any64();
	page.vector = any64();
	apic_id = any32();
	ASSUME_CONTRACT("0xffffffff is no CPU's", apic_id != 0xffffffff);
	unsigned found = mailbox_command(mailbox, apic_id, got);

	PROVE("nothing is written", !changes);
	PROVE("one look", requests == 1);
	return found;
}

void proof_wakeup(void)
{
	uint64_t got;
	unsigned found = look(&got);

	ASSUME_CASE((request & 0xffff) == 1);
	PROVE("for this CPU alone", (found == 1) == (request >> 32 == apic_id));
	PROVE("else nothing", found == 1 || found == 0);
	PROVE("all of the vector, read after it", found != 1 || (vectors == 1 && got == vector));
}

void proof_test(void)
{
	uint64_t got;
	unsigned found = look(&got);

	ASSUME_CASE((request & 0xffff) == 2);
	PROVE("for this CPU alone", (found == 2) == (request >> 32 == apic_id));
	PROVE("else nothing", found == 2 || found == 0);
	PROVE("without a vector", !vectors);
}

void proof_release_all(void)
{
	uint64_t got;
	unsigned found = look(&got);

	ASSUME_CASE((request & 0xffff) == 3);
	PROVE("for all alone", (found == 3) == (request >> 32 == 0xffffffff));
	PROVE("else nothing", found == 3 || found == 0);
	PROVE("all of the vector, read after it", found != 3 || (vectors == 1 && got == vector));
}

void proof_unknown(void)
{
	uint64_t got;
	unsigned found = look(&got);

	ASSUME_CASE((request & 0xffff) == 0 || (request & 0xffff) > 3);
	PROVE("without effect", found == 0 && !vectors);
}

void proof_acknowledge(void)
{
	bool done;

	page.request = any64();
	page.vector = any64();
	command = any16();
	apic_id = any32();
	ASSUME_CONTRACT("protocol.c: one of the commands", command >= 1 && command <= 3);
	done = mailbox_acknowledge(mailbox, command, apic_id);
	PROVE("once, or nothing is written", changes == done);
	PROVE("not done means that another command was there",
	      done || (request & 0xffff) != command || request >> 32 != apic_id);
	PROVE("the vector is not read", !vectors);
}
