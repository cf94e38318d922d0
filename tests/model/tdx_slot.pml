/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A model of platform_identify in resident/x86_64/tdx/entry.S, for spin: which slot a CPU of
 * a TD gets when it comes, and comes again, while the host says what it likes about who it
 * is.  A step is one access to shared memory.
 *
 * Three CPUs, the first of which is the boot CPU; slot n is that of CPU n, and N that of a CPU
 * that the stage did not know.  With HONEST the host says the truth.
 *
 * What is checked:
 *	- no two CPUs are ever in one slot, nor is one in a slot that another had (enter());
 *	- a CPU that comes again is in the slot that it had, whatever the host says then;
 *	- the boot CPU, which comes last or never, has its own;
 *	- with an honest host every CPU gets the slot that is its own, and none stops.
 *
 * MUTANT_x puts in one bug, each of which must be found:
 *	ASKS_ALWAYS	the host is asked each time
 *	NO_SWAP		the slot is bound by a load and a store
 *	NOT_CHECKED	... by a compare-and-swap that may fail unseen
 *	BOOT_UNBOUND	the stage does not bind the boot CPU's slot
 */
#define N 3
#define NONE 255
#define TIMES 2

byte bound[N]; /* the slot's vcpu: the CPU's number + 1 */

/* What only the checks know. */
bool inside[N]; /* somebody is in the slot */
byte had[N];	/* the slot that the CPU had */
byte whose[N];	/* the CPU that had the slot */

inline enter()
{
	d_step {
		assert(!inside[i] && (had[self] == NONE || had[self] == i) &&
		       (whose[i] == NONE || whose[i] == self));
#ifdef HONEST
		assert(i == self);
#endif
		inside[i] = true;
		had[self] = i;
		whose[i] = self
	}
}

inline stop()
{
#ifdef HONEST
	assert(false);
#endif
	break
}

proctype cpu(byte self)
{
	byte i, times;

	do
	:: times < TIMES ->
		times++;
		i = 0;
#ifdef MUTANT_ASKS_ALWAYS
		i = N;
#endif
		do
		:: atomic { i < N && bound[i] == self + 1 -> break }
		:: atomic { i < N && bound[i] != self + 1 -> i++ }
		:: atomic { i == N -> break }
		od;
		if
		:: i < N -> skip
		:: else ->
#ifdef HONEST
			i = self;
#else
			select(i : 0 .. 3);
#endif
			if
			:: i == N -> stop()
			:: else -> skip
			fi;
#ifdef MUTANT_NO_SWAP
			if
			:: bound[i] == 0 || bound[i] == self + 1 -> bound[i] = self + 1
			:: else -> stop()
			fi
#else
			if
			:: atomic { bound[i] == 0 -> bound[i] = self + 1 }
#ifdef MUTANT_NOT_CHECKED
			:: atomic { bound[i] != 0 -> skip }
#elif defined(MUTANT_ASKS_ALWAYS)
			:: atomic { bound[i] == self + 1 -> skip }
			:: atomic { bound[i] != 0 && bound[i] != self + 1 -> stop() }
#else
			:: atomic { bound[i] != 0 -> stop() }
#endif
			fi
#endif
		fi;
		enter();
		inside[i] = false
	:: else -> break
	od
}

init {
	atomic {
		had[0] = 0;
		had[1] = NONE;
		had[2] = NONE;
		whose[0] = 0;
		whose[1] = NONE;
		whose[2] = NONE;
#ifndef MUTANT_BOOT_UNBOUND
		bound[0] = 1;
#endif
		run cpu(0);
		run cpu(1);
		run cpu(2)
	}
}
