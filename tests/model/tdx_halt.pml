/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A model of how a held CPU of a TD sleeps and is woken, for spin: protocol_port_sleep() and
 * sleep_for() in resident/x86_64/port.c on platform_halt and platform_interrupt of
 * resident/x86_64/tdx/entry.S, beside wake() in protocol.c.  mailbox.pml has the rest of
 * the protocol, and a sleep there that sees every change.
 *
 * The host may refuse to write the timer or to send the wake-up (ICR), may let
 * TDG.VP.VMCALL<HLT> return at once, may send an interrupt that nobody asked for, and an NMI at
 * any time.  It may be as late as it likes: nothing here takes time.
 *
 * What is checked, once nothing moves any more:
 *	- every wake-up has been seen, ROUNDS of them, unless the host refused both the
 *	  wake-up and the timer ("timeout");
 *	- the CPU runs with interrupts off, but for platform_halt (look).
 *
 * MUTANT_x puts in one bug, each of which must be found:
 *	SLEPT_OVER	an interrupt just before the TDCALL does not skip it
 *	BLOCKED		the host is told that interrupts are blocked
 *	LOOKS_BEFORE	interrupts are on when the CPU looks, and off again when it sleeps
 *	SENT_FIRST	the wake-up is sent before the state is stored
 *	NO_TIMER	the CPU relies on the wake-up
 */
#define ROUNDS 2
#define NMIS 2
#define EARLY 1
#define STRAY 1

#define WAITING 1
#define WOKEN 2

byte state = WAITING;
byte rounds;	  /* wake-ups that the CPU has seen */
bool pending;	  /* an interrupt, in IRR */
bool armed;	  /* the timer counts */
bool interrupts;  /* RFLAGS.IF: on */
bool shadow;	  /* of sti */
bool sleeping;	  /* in TDG.VP.VMCALL<HLT> */
bool starves;	  /* both ways to be woken were refused, for this wake-up */
bool no_timer;

active proctype held()
{
	do
	:: rounds == ROUNDS -> break
	:: else ->
#ifdef MUTANT_LOOKS_BEFORE
		interrupts = true;
		if
		:: atomic { pending -> pending = false }
		:: skip
		fi;
#endif
		/* protocol_port_sleep() */
		if
		:: atomic { state == WOKEN -> state = WAITING; rounds++ }
		:: atomic { state != WOKEN -> skip };
#ifdef MUTANT_LOOKS_BEFORE
			if
			:: atomic { pending -> pending = false }
			:: skip
			fi;
			interrupts = false;
#endif
			assert(!interrupts);
			/* apic_set_timer() */
			no_timer = true;
#ifndef MUTANT_NO_TIMER
			if
			:: atomic { armed = true; no_timer = false }
			:: skip /* refused */
			fi;
#else
			no_timer = false;
#endif
			/* platform_halt */
			atomic { interrupts = true; shadow = true };
			atomic {
				if
				:: pending && !shadow -> pending = false;
#ifndef MUTANT_SLEPT_OVER
					/* platform_interrupt skips the TDCALL. */
					interrupts = false;
					goto woken
#endif
				:: else -> skip
				fi;
				sleeping = true; shadow = false };
#ifdef MUTANT_BLOCKED
			!sleeping;
#else
			pending || !sleeping;
#endif
			/* The interrupt is taken behind the TDCALL. */
			atomic { sleeping = false;
				if
				:: pending -> pending = false
				:: else -> skip
				fi;
				interrupts = false };
woken:			skip
		fi
	od
}

/* Whatever the host does of its own accord. */
active proctype host()
{
	byte nmis, early, stray;

end:	do
	/* An NMI is over at once; it ends the shadow. */
	:: atomic { nmis < NMIS && shadow -> shadow = false; nmis++ }
	:: atomic { early < EARLY && sleeping -> sleeping = false; early++ }
	:: atomic { stray < STRAY && !pending -> pending = true; stray++ }
	:: atomic { armed -> armed = false; pending = true }
	od
}

/* The listener: protocol.c, wake(), ROUNDS times. */
active proctype waker()
{
	byte n;

	do
	:: n < ROUNDS ->
		n++;
		atomic { state == WAITING && rounds == n - 1 -> starves = false };
#ifdef MUTANT_SENT_FIRST
		pending = true;
		state = WOKEN
#else
		state = WOKEN;
		if
		:: pending = true
		:: atomic { starves = true } /* refused */
		fi
#endif
	:: else -> break
	od;
	timeout -> assert(rounds == ROUNDS || (starves && no_timer))
}
