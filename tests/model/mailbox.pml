/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A model of resident/protocol.c and resident/mailbox.c, for spin: three CPUs
 * and a kernel that commands them.  tests/model/run says how it is checked.
 *
 * A step here is one atomic access of the C to shared memory, with what the CPU
 * then does on its own; between any two steps any CPU may stall for any time.
 * Spin interleaves the steps: memory is sequentially consistent.  So it is in
 * protocol.c, whose accesses to line.state and trust.listener are all seq_cst.
 * The mailbox needs less: its acquire loads and release stores order the vector
 * and the ID before the command, as the steps here do.
 *
 * Kernels (one of):
 *	LINUX		as Linux does: a WAKEUP is waited for without end; a CPU that
 *			was taken offline is on its way back, may be tested or not, and
 *			a TEST may be given up and stay in the mailbox
 *	CARELESS	any command for any CPU or for none, at any time, without
 *			waiting for the last one; CPUs come back unasked
 * MACHINE_CHECKS=n adds n machine checks that can't be returned from, at any
 * step of any held CPU: it goes through protocol_mend() to protocol_hold().
 *
 * What is checked, and where it stands:
 *	- nothing is lost: once nothing moves any more, no command stands in the
 *	  mailbox for a held CPU, and Linux waits for nothing (quiescent()); and, by
 *	  the claim at the end, under weak fairness every wait for a WAKEUP ends,
 *	  which excludes livelock;
 *	- a CPU runs once per WAKEUP, the one that stands in the mailbox in the
 *	  moment of the acknowledgement, at its vector (acknowledge(), "leave");
 *	- a TEST is acknowledged by the CPU that it is for, while it is held; and the
 *	  kernel never sees done what was not (acknowledge(), answered());
 *	- the role of the listener is never lost (quiescent()) and never doubled:
 *	  whoever acts as the listener is the listener (ring(), "look");
 *	- no ring is under way to a CPU that is not held (ring()), and a CPU that has
 *	  acknowledged does nothing any more (ring(), give_up()).
 *
 * What is bounded: CPUs (3, the first of them to be avoided as a listener),
 * COMMANDS, for CARELESS also RETURNS, and MACHINE_CHECKS.  Every choice of CPUs
 * that are held at the start and that run is tried; those that are held are about
 * to arrive, or, with SETTLED, have done so long ago.
 * What is left out: how a sleeping CPU is woken (port_sleep() sees every change
 * of its state); that a ring has arrived when port_ring() returns is the port's
 * to see to.
 *
 * MUTANT_x puts in one bug, each of which must be found.  Of firmware and kernels
 * that shipped:
 *	CLEARS_VECTOR		the acknowledgement clears the vector, not the command
 *	NO_ACKNOWLEDGEMENT	none
 *	INDEX			a CPU compares its number with the APIC ID
 *	CLEARED_FIRST		the command is cleared before the vector is read
 *	LOW_HALF		only the low half of the vector is read
 *	PROXY			the listener acknowledges a TEST for the CPU it is for
 *	ANY_ID			one release word for all: whoever is woken takes it
 *	TWO_LOOKS		command, then ID
 *	WAIT_UNDERFLOWS		the kernel's wait ends by itself, in success
 *	NEVER_ARRIVED		the kernel is told of a CPU that is not there
 * Next to the subtle points of this protocol:
 *	THREE_LOOKS		command, ID, and the command once more
 *	PLAIN_STORE		the acknowledgement doesn't compare
 *	PASS_ON_LATE		the role is passed on after the acknowledgement
 *	NO_RINGING		the state says RUNG before the ring is complete
 *	ROLE_AFTER_RING		the role is given when the ring is complete already
 *	NO_SECOND_STATE		protocol_hold() looks for RINGING only once
 *	NO_RESCAN		pass_on() doesn't look who waits after it gave up the role
 *	CLAIM			the role is taken without a compare-and-swap
 *	DEAF			who is rung looks for no command (a livelock)
 *	MEND_LAST		protocol_mend() goes by whom the CPU rang last
 *	HOLD_STORES		protocol_hold() stores WAITING whatever the state was
 * The table's other bugs (the structure's length, wait loops as opcode bytes, the
 * identity map, stacks that are shared or in the kernel's memory) are about tables
 * and bare metal: there is nothing here that could have them.
 */
#define N 3
#define NOBODY N

/* APIC IDs are not numbers of CPUs; the ID N is nobody's. */
#define APIC_ID(cpu) ((cpu + 1) % N)
#define FIND(apic_id) (apic_id == N -> NOBODY : (apic_id + N - 1) % N)
#define AVOID(cpu) (cpu == 0)

/* Two halves, the upper one constant. */
#define VECTOR(n) (16 + n)
#define WHOLE(vector) (vector >= 16)

#define NOOP 0
#define WAKEUP 1
#define TEST 2

/* enum line_state; the ringing CPU is a part of RINGING. */
#define AWAY 0
#define WAITING 1
#define RUNG 2
#define LISTENING 3
#define RINGING_BY(cpu) (4 + cpu)
#define RINGING(state) (state >= 4)

#ifndef COMMANDS
#define COMMANDS 4
#endif
#ifndef RETURNS
#define RETURNS 2
#endif

/* Shared memory. */
byte command, apic_id, vector;
byte state[N];
byte listener = NOBODY;

/* What only the checks know. */
bool held[N];	   /* from its arrival to its acknowledgement */
bool done;	   /* the last command, by whom it was for */
byte due[N];	   /* the vector in the mailbox when the CPU acknowledged */
bool live_changed; /* a careless kernel has written over a WAKEUP that stood */

/* Between the kernel and its CPUs. */
bool returning[N];
byte returns = RETURNS;

bool waking;

#ifdef MACHINE_CHECKS
bool hit[N];
#endif

#define ACTS_AS_LISTENER assert(listener == self && held[self])

/*
 * protocol.c, ring(): sets ok.  port_ring() is in one step with the store after
 * it: whatever happens between the two, the check is made here too.
 */
inline ring(target, role)
{
#ifdef MUTANT_MEND_LAST
	ringing = target;
#endif
	if
	:: atomic { state[target] != WAITING -> ACTS_AS_LISTENER; ok = false }
	:: atomic { state[target] == WAITING -> ACTS_AS_LISTENER;
#ifdef MUTANT_NO_RINGING
		state[target] = RUNG;
#else
		state[target] = RINGING_BY(self);
#endif
		ok = true };
#ifndef MUTANT_ROLE_AFTER_RING
		if
		:: role -> listener = target
		:: !role
		fi;
#endif
		atomic { assert(held[target]);
#ifndef MUTANT_NO_RINGING
			assert(state[target] == RINGING_BY(self));
			state[target] = RUNG
#endif
			};
#ifdef MUTANT_ROLE_AFTER_RING
		if
		:: role -> listener = target
		:: !role
		fi
#endif
	fi
}

/* protocol.c, appoint(): sets ok. */
inline appoint(avoided)
{
	ok = false;
	i = 0;
	do
	:: atomic { i < N && !ok && (i == self || AVOID(i) != avoided) -> i++ }
	:: atomic { i < N && !ok && !(i == self || AVOID(i) != avoided) -> skip };
		ring(i, true);
		i++
	:: atomic { i == N || ok -> i = 0; break }
	od
}

/* protocol.c, anyone_waits(): sets ok. */
inline anyone_waits()
{
	ok = false;
	do
	:: atomic { i < N && !ok -> ok = (state[i] == WAITING); i++ }
	:: atomic { i == N || ok -> i = 0; break }
	od
}

/* protocol.c, pass_on(). */
inline pass_on()
{
	do
	:: appoint(false);
		if
		:: ok -> skip
		:: else -> appoint(true)
		fi;
		if
		:: ok -> break
		:: else -> skip
		fi;
		atomic { ACTS_AS_LISTENER; listener = NOBODY };
#ifdef MUTANT_NO_RESCAN
		break;
#else
		anyone_waits();
		if
		:: ok -> skip
		:: else -> break
		fi;
		if
		:: atomic { listener == NOBODY -> listener = self }
		:: atomic { else -> break }
		fi
#endif
	od;
	ok = false
}

/*
 * mailbox.c, mailbox_acknowledge(): the load that comes first there only tells
 * earlier what the compare-and-swap would tell: one step.  Sets ok.
 */
#ifdef MUTANT_INDEX
#define MY_ID self
#else
#define MY_ID APIC_ID(self)
#endif

#if defined(MUTANT_ANY_ID)
#define MINE true
#elif defined(MUTANT_DEAF)
#define MINE (apic_id == MY_ID && listening)
#else
#define MINE (apic_id == MY_ID)
#endif

#ifdef MUTANT_PLAIN_STORE
#define STANDS(wanted) true
#else
#define STANDS(wanted) (command == wanted && MINE)
#endif

inline acknowledge(wanted)
{
	if
	:: atomic { STANDS(wanted) ->
		/* What is acknowledged is for this CPU. */
		assert(held[self] && command == wanted && FIND(apic_id) == self);
		done = true;
		if
		:: wanted == WAKEUP -> held[self] = false; due[self] = vector
		:: else -> skip
		fi;
#ifdef MUTANT_CLEARS_VECTOR
		vector = 0;
#elif !defined(MUTANT_NO_ACKNOWLEDGEMENT)
		command = NOOP;
#endif
		ok = true }
	:: atomic { !STANDS(wanted) -> ok = false }
	fi
}

proctype cpu(byte self)
{
	byte seen, target, i, at;
	bool listening, ok;
#ifdef MUTANT_MEND_LAST
	byte ringing = (self + 1) % N; /* long ago */
#endif

	if
	:: atomic { !held[self] -> goto running }
	:: atomic { held[self] && state[self] == AWAY -> skip }
	:: atomic { held[self] && state[self] == LISTENING -> goto end_listening }
	:: atomic { else -> goto end_asleep } /* it may have been rung already */
	fi;
hold:	/* protocol.c, protocol_hold(). */
{
#ifdef MUTANT_HOLD_STORES
	state[self] = WAITING;
#else
	/* No other CPU changes a state that is neither WAITING nor RINGING. */
	if
	:: atomic { state[self] == WAITING || RINGING(state[self]) -> skip }
	:: atomic { else -> skip }; state[self] = WAITING
	fi;
#endif
top:	atomic { seen = state[self];
		if
		:: RINGING(seen) -> seen = 0; goto relax
		:: else -> skip
		fi };
#ifdef MUTANT_CLAIM
	if
	:: atomic { listener == NOBODY -> skip }; listener = self
	:: atomic { listener != NOBODY -> skip }
	fi;
#else
	if
	:: atomic { listener == NOBODY -> skip };
		if /* swap() */
		:: atomic { listener == NOBODY -> listener = self }
		:: atomic { listener != NOBODY -> skip }
		fi
	:: atomic { listener != NOBODY -> skip }
	fi;
#endif
	if
	:: atomic { listener == self -> seen = 0 };
#ifndef MUTANT_NO_SECOND_STATE
		if
		:: atomic { RINGING(state[self]) -> goto relax }
		:: atomic { !RINGING(state[self]) -> skip }
		fi;
#endif
		goto listen
	:: atomic { listener != self && seen == RUNG -> seen = 0; goto take }
	:: atomic { listener != self && seen != RUNG -> seen = 0 }
	fi;
	/*
	 * port_sleep(): comes back early, which stands for any time that it lasts,
	 * or when the state has changed.
	 */
	if
	:: goto top
	:: skip
	fi;
end_asleep:
	state[self] != WAITING -> goto top;

relax:	/* port_relax(), until it helps. */
	!RINGING(state[self]) -> goto top;

listen:	/* protocol.c, listen(). */
	atomic { assert(!RINGING(state[self])); state[self] = LISTENING };
look:	/* One 64-bit load, and find(). */
	atomic { ACTS_AS_LISTENER;
		target = (command == NOOP -> NOBODY : FIND(apic_id));
		if
		:: target == self -> target = 0; listening = true; goto take
		:: else -> skip
		fi };
	if
	:: target != NOBODY ->
#ifdef MUTANT_PROXY
		if
		:: atomic { command == TEST ->
			assert(FIND(apic_id) == self || held[FIND(apic_id)]);
			command = NOOP; ok = false }
		:: atomic { else -> ring(target, false) }
		fi;
#else
		ring(target, false)
#endif
	:: else -> skip
	fi;
	target = 0;
	if
	:: !ok && AVOID(self) -> appoint(false);
		if
		:: ok -> ok = false; state[self] = WAITING; goto top
		:: else -> skip
		fi
	:: else -> ok = false
	fi;
after_look:
	/* port_listen(): any time, or until a look makes a difference. */
	if
	:: goto look
	:: skip
	fi;
end_listening:
	if
	:: command != NOOP && FIND(apic_id) != NOBODY &&
	   (FIND(apic_id) == self || state[FIND(apic_id)] == WAITING) -> goto look
	:: AVOID(self) && (state[1] == WAITING || state[2] == WAITING) -> goto look
	fi;

take:	/* protocol.c, take_command(), beginning with mailbox.c, mailbox_command(). */
#if defined(MUTANT_TWO_LOOKS) || defined(MUTANT_THREE_LOOKS)
	atomic { seen = command;
		if
		:: seen == NOOP -> goto kept
		:: else -> skip
		fi };
	atomic {
		if
		:: apic_id != MY_ID -> seen = 0; goto kept
		:: else -> skip
		fi };
#ifdef MUTANT_THREE_LOOKS
	atomic { seen = command;
		if
		:: seen == NOOP -> goto kept
		:: else -> skip
		fi };
#endif
#else
	atomic {
		if
		:: command == NOOP || !MINE -> goto kept
		:: else -> seen = command
		fi };
#endif
	if
	:: seen == TEST -> seen = 0;
		acknowledge(TEST);
		ok = false;
		goto kept
	:: else -> seen = 0
	fi;
#ifdef MUTANT_CLEARED_FIRST
	at = 0;
#elif defined(MUTANT_LOW_HALF)
	at = vector % 16;
#else
	at = vector;
#endif
	state[self] = AWAY;
#ifndef MUTANT_PASS_ON_LATE
	if
	:: listening -> pass_on(); listening = false
	:: else -> skip
	fi;
#endif
	acknowledge(WAKEUP);
	if
	:: ok -> ok = false; goto leave
	:: else -> at = 0
	fi;
kept:	if
	:: listening -> listening = false; goto after_look
	:: else -> state[self] = WAITING; goto top
	fi;
leave:	/* reset.S, with the vector that protocol_hold() returned. */
#ifdef MUTANT_PASS_ON_LATE
	if
	:: listening -> pass_on(); listening = false
	:: else -> skip
	fi;
#endif
#ifdef MUTANT_CLEARED_FIRST
	at = vector;
#endif
	atomic { assert(WHOLE(at) && (at == due[self] || live_changed)); at = 0; due[self] = 0 };
running:
end_running:
	/* In the kernel, until it gives the CPU back. */
#ifdef CARELESS
	if
	:: atomic { returns > 0 -> returns--; held[self] = true }
	fi;
#else
	atomic { returning[self] -> returning[self] = false; held[self] = true };
#endif
	goto hold
}
#ifdef MACHINE_CHECKS
unless {
	atomic { hit[self] -> hit[self] = false;
		seen = 0; target = 0; i = 0; at = 0; listening = false; ok = false };
	/* protocol.c, protocol_mend(). */
#ifdef MUTANT_MEND_LAST
	if
	:: ringing != NOBODY && RINGING(state[ringing]) ->
		assert(held[ringing]);
		state[ringing] = RUNG
	:: else -> skip
	fi;
#else
	do
	:: atomic { i < N && state[i] == RINGING_BY(self) -> skip };
		/* port_ring(), and the store: as in ring(). */
		atomic { assert(held[i] && state[i] == RINGING_BY(self)); state[i] = RUNG; i++ }
	:: atomic { i < N && state[i] != RINGING_BY(self) -> i++ }
	:: atomic { i == N -> i = 0; break }
	od;
#endif
	goto hold
}
#endif
}

#ifndef CARELESS
bool online[N];
#endif

#ifdef MACHINE_CHECKS
proctype machine_check()
{
	byte left = MACHINE_CHECKS;

	do
	:: atomic { left > 0 && held[0] && !hit[0] -> hit[0] = true; left-- }
	:: atomic { left > 0 && held[1] && !hit[1] -> hit[1] = true; left-- }
	:: atomic { left > 0 && held[2] && !hit[2] -> hit[2] = true; left-- }
	:: atomic { left == 0 -> break }
	:: break
	od
}
#endif

/* What the kernel may believe when it sees that the command is gone. */
inline answered()
{
	assert(done)
}

/*
 * Nothing can move any more: CPUs sleep or run for good, the listener has seen
 * all there is to see.
 */
inline quiescent()
{
	d_step {
		assert(command == NOOP || FIND(apic_id) == NOBODY || !held[FIND(apic_id)]);
		assert(held[0] || held[1] || held[2] || listener == NOBODY);
		assert(!(held[0] || held[1] || held[2]) ||
		       (listener != NOBODY && held[listener] && state[listener] == LISTENING));
		assert(!(held[1] || held[2]) || listener != 0);
		t = 0;
		do
		:: t < N -> assert(state[t] == (!held[t] -> AWAY : (listener == t -> LISTENING : WAITING))); t++
		:: else -> t = 0; break
		od
	}
}

#ifdef CARELESS
proctype kernel()
{
	byte t, n;
	byte what;

	do
	:: n < COMMANDS ->
		n++;
		if
		:: what = WAKEUP
		:: what = TEST
		fi;
		select(t : 0 .. 3);
		atomic { live_changed = live_changed || command == WAKEUP; apic_id = t; t = 0 };
		if
		:: what == WAKEUP ->
			atomic { live_changed = live_changed || command == WAKEUP; vector = VECTOR(n) }
		:: else -> skip
		fi;
		atomic { live_changed = live_changed || command == WAKEUP; command = what; done = false; what = 0 };
		if
		:: skip
		:: atomic { command == NOOP -> answered() }
		fi
	:: break
	od;
	timeout -> quiescent()
}
#else
proctype kernel()
{
	byte t, n;

	do
	:: n < COMMANDS ->
		n++;
		select(t : 0 .. 2);
		if
		:: !online[t] ->
			/* acpi_wakeup_cpu() */
#ifdef MUTANT_NEVER_ARRIVED
			apic_id = N;
#else
			apic_id = APIC_ID(t);
#endif
			vector = VECTOR(n);
			atomic { command = WAKEUP; done = false; waking = true };
#ifdef MUTANT_WAIT_UNDERFLOWS
			if
			:: command == NOOP
			:: skip
			fi;
			answered();
#else
			atomic { command == NOOP -> answered(); waking = false; online[t] = true; t = 0 }
#endif
		:: else ->
			/* It is offline for the kernel as soon as it has said that it goes. */
			atomic { returning[t] = true; online[t] = false };
			if
			:: t = 0
			:: /* acpi_mp_cpu_die() */
				apic_id = APIC_ID(t);
				atomic { command = TEST; done = false; t = 0 };
				if
				:: atomic { command == NOOP -> answered() }
				:: skip
				fi
			fi
		fi
	:: break
	od;
	timeout -> quiescent()
}
#endif

init {
	byte t;

	atomic {
		/* Who is held, and who runs. */
		select(t : 0 .. 7);
		held[0] = t & 1;
		held[1] = t >> 1 & 1;
		held[2] = t >> 2 & 1;
#ifdef SETTLED
		/* Who is held has arrived long ago, and somebody listens. */
		if
		:: held[2] -> listener = 2
		:: held[1] -> listener = 1
		:: t == 1 -> listener = 0 /* to be avoided, but alone */
		:: t == 0
		fi;
		t = 0;
		do
		:: t < N ->
			state[t] = (!held[t] -> AWAY : (listener == t -> LISTENING : WAITING));
			t++
		:: else -> break
		od;
#endif
#ifndef CARELESS
		online[0] = !held[0];
		online[1] = !held[1];
		online[2] = !held[2];
#endif
		t = 0;
		run cpu(0);
		run cpu(1);
		run cpu(2);
#ifdef MACHINE_CHECKS
		run machine_check();
#endif
		run kernel()
	}
}

#ifdef LIVE
/* Every wait for a WAKEUP ends; checked with weak fairness. */
ltl waits_end { [] (waking -> <> !waking) }
#endif
