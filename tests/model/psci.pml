/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A model of resident/arm64/psci.c, for spin: one CPU that a kernel turns off and
 * whichever of several callers of CPU_ON comes first turns on.  tests/model/run
 * says how it is checked.
 *
 * A step here is one access of the C to shared memory.  The C orders entry and
 * context before PENDING, and what was done before OFF, by release and acquire:
 * here all is sequentially consistent.
 *
 * What is checked, and where it stands:
 *	- a caller that is told SUCCESS has the CPU to itself: it arrives, once, with
 *	  that caller's entry and context ("leave", quiescent());
 *	- nobody else is told SUCCESS, and a CPU that is on is not started ("win");
 *	- OFF is the proof: a CPU that is said to be off is not with a kernel, and uses
 *	  nothing of it (off_is_proof());
 *	- a CPU that has been started does not sleep for ever (quiescent()).
 *
 * What is bounded: CALLERS, with CALLS each, and ROUNDS of the CPU.
 *
 * MUTANT_x puts in one bug, each of which must be found:
 *	NO_CLAIM	looks and stores, instead of one compare-and-exchange
 *	PENDING_FIRST	the CPU is told to start before its entry is written
 *	OFF_EARLY	OFF before the CPU has left the kernel's stack
 *	LEAVES_CLAIMED	the CPU goes by a start that is not complete
 *	STARTS_ON	a CPU that is on is started again
 *	NO_OFF		the state stays ON: CPU_OFF is for nobody to see
 */

#define ON 0
#define OFF 1
#define PENDING 2
#define CLAIMED 3

#define CALLERS 3
#define CALLS 2
#define ROUNDS 3
#define NONE 255

byte state = ON;
byte entry = NONE;
byte context = NONE;
bool with_kernel = true;	/* the CPU may touch what is the kernel's */
bool promised[CALLERS * CALLS];	/* that caller was told SUCCESS */
byte arrived[CALLERS * CALLS];
byte rounds;

#define off_is_proof() assert(state != OFF || !with_kernel)

proctype cpu()
{
	byte where, what;

	do
	:: rounds < ROUNDS ->
		rounds++;
#ifdef MUTANT_OFF_EARLY
		state = OFF;
		off_is_proof();
#endif
		with_kernel = false;
#ifndef MUTANT_NO_OFF
		state = OFF;
#endif
		off_is_proof();
#ifdef MUTANT_LEAVES_CLAIMED
		(state == PENDING || state == CLAIMED);
#else
		(state == PENDING);
#endif
		where = entry;
		what = context;
leave:
		assert(where != NONE && where == what);
		assert(promised[what]);
		arrived[what]++;
		assert(arrived[what] == 1);
		with_kernel = true;
		state = ON
	:: rounds == ROUNDS -> break
	od
}

proctype caller(byte self)
{
	byte call, me;

	do
	:: call < CALLS ->
		me = self * CALLS + call;
		call++;
#ifdef MUTANT_NO_CLAIM
		if
		:: state == OFF -> skip
		:: else -> goto next
		fi;
		state = CLAIMED;
		promised[me] = true;
#else
		atomic {
			if
#ifdef MUTANT_STARTS_ON
			:: state == OFF || state == ON ->
#else
			:: state == OFF ->
#endif
win:
				assert(!with_kernel);
				state = CLAIMED;
				promised[me] = true
			:: else -> goto next
			fi
		}
#endif
#ifdef MUTANT_PENDING_FIRST
		state = PENDING;
		entry = me;
		context = me;
#else
		entry = me;
		context = me;
		state = PENDING;
#endif
next:
		skip
	:: call == CALLS -> break
	od
}

/* Nothing moves any more: whoever was promised a CPU has got it. */
proctype quiescent()
{
	byte i;

	(timeout);
	/* It may be off because no call is left; then nobody waits for it. */
	assert(state == ON || state == OFF);
	for (i : 0 .. CALLERS * CALLS - 1) {
		assert(arrived[i] == promised[i])
	}
	assert(rounds > 0);
	assert(state != ON || rounds == ROUNDS)
}

init
{
	byte i;

	atomic {
		run cpu();
		for (i : 0 .. CALLERS - 1) {
			run caller(i)
		}
		run quiescent()
	}
}
