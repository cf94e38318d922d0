/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A model of resident/arm64/spintable.c, for spin: one CPU that is released by a word and says
 * in another that it is held, and kernels, one after another, that look at the one and
 * write the other as docs/contract-arm64.md, section 8, has it.  tests/model/run says how
 * it is checked.
 *
 * A step here is one access to a word.  The C has spintable_port_complete(), DSB SY, between
 * any two stores whose order matters; a mutant that swaps two is also one without it.
 *
 * What is checked, and where it stands:
 *	- the proof: a CPU that is held is not with a kernel ("look");
 *	- a release is done, once, at its entry, and none other is ("leave", quiescent());
 *	- an entry that can't be is refused: the word is 0 again, the CPU is held ("refused");
 *	- a kernel that finds the word 0 and then the CPU held is not misled: the entry was
 *	  refused, or the CPU has been with it ("outcome");
 *	- no kernel waits for ever (quiescent()).
 *
 * What is bounded: CALLS releases, each of which one impossible entry may go before.
 *
 * MUTANT_x puts in one bug, each of which must be found:
 *	HELD_EARLY	held before the CPU has left the kernel's stack
 *	HELD_FIRST	held before the release word is 0: a new entry is overwritten
 *	HELD_STAYS	held is not taken back on the way out
 *	NEVER_HELD	the CPU does not say that it is
 *	RELEASE_STAYS	the release word is never cleared: the CPU goes again
 *	RELEASE_FIRST	the word is 0 before held is: that looks like a refusal
 *	NOT_REFUSED	the CPU goes wherever it is sent
 *	SILENT		an impossible entry stays in the word
 */

#define CALLS 4
#define IMPOSSIBLE 99

byte release;
byte held;
bool with_kernel = true;	/* the CPU may touch what is the kernel's */
bool promised[CALLS + 1];	/* that entry was written; they count from 1 */
byte arrived[CALLS + 1];
byte calls;

proctype cpu()
{
	byte entry, round;

	do
	:: round <= CALLS ->
		round++;
#ifdef MUTANT_HELD_EARLY
		held = 1;
#endif
		with_kernel = false;
#ifdef MUTANT_HELD_FIRST
		held = 1;
#endif
#ifndef MUTANT_RELEASE_STAYS
		release = 0;
#endif
#ifndef MUTANT_NEVER_HELD
		held = 1;
#endif
wait:
		(release != 0);
		entry = release;
#ifndef MUTANT_NOT_REFUSED
		if
		:: entry == IMPOSSIBLE ->
#ifdef MUTANT_SILENT
			(release != IMPOSSIBLE);
#else
			release = 0;
#endif
			goto wait
		:: else
		fi;
#endif
leave:
		assert(entry <= CALLS && promised[entry]);
#ifdef MUTANT_RELEASE_FIRST
		release = 0;
#endif
#ifndef MUTANT_HELD_STAYS
		held = 0;
#endif
#ifndef MUTANT_RELEASE_STAYS
		release = 0;
#endif
		d_step {
			with_kernel = true;
			arrived[entry]++;
			assert(arrived[entry] == 1)
		}
	:: else -> break
	od
}

proctype kernel()
{
	do
	:: calls < CALLS ->
look:
		(held == 1);
		assert(!with_kernel);
		if
		:: skip
		:: release = IMPOSSIBLE;
refused:
			(release == 0);
			assert(held == 1 && !with_kernel)
		fi;
		promised[calls + 1] = true;
		release = calls + 1;
outcome:
		do
		:: arrived[calls + 1] > 0 -> break
		:: release == 0 ->
			if
			:: held == 1 -> assert(arrived[calls + 1] > 0)
			:: else
			fi
		od;
		calls++
	:: else -> break
	od
}

/* Nothing moves any more: every kernel has got what it asked for. */
proctype quiescent()
{
	byte i;

	(timeout);
	assert(calls == CALLS);
	for (i : 1 .. CALLS) {
		assert(promised[i] && arrived[i] == 1)
	}
	assert(held == 1 && release == 0 && !with_kernel)
}

init
{
	atomic {
		run cpu();
		run kernel();
		run quiescent()
	}
}
