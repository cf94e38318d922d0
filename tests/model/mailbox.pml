/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A model of resident/x86_64/protocol.c and resident/x86_64/mailbox.c, for spin: three CPUs
 * and a kernel that commands them.  tests/model/run says how it is checked.
 *
 * A step here is one atomic access of the C to shared memory, with what the CPU
 * then does on its own; between any two steps any CPU may stall for any time.
 * Spin interleaves the steps: memory is sequentially consistent.  So it is in
 * protocol.c, whose accesses to line.state and shared.listener are all seq_cst.
 * The mailbox needs less: its acquire loads and release stores order the vector
 * and the ID before the command, as the steps here do.
 *
 * Kernels (one of):
 *	LINUX		as Linux does: a WAKEUP is waited for without end; a CPU that
 *			was taken offline is on its way back, may be tested or not, and
 *			a TEST may be given up and stay in the mailbox
 *	CARELESS	any command for any CPU or for none, at any time, without
 *			waiting for the last one; CPUs come back unasked
 * BROADCAST adds RELEASE_ALL to what they do, LINUX as the contract has it: each
 * CPU is proven to be held, or has shown that it runs.  LATE breaks that: at the
 * end a broadcast, with CPUs on their way back.
 * MACHINE_CHECKS=n adds n machine checks that can't be returned from, at any
 * step of any held CPU: it goes through protocol_recover() to protocol_hold().
 * LOSSES=n adds n CPUs that are lost at any step while they are held, each removed by
 * a process of its own (shared_remove()).  Each may arrive again after that, or never.
 * PACE adds the number of held CPUs, and the listener that decides by it, each time
 * that it looks, whether a kernel is to begin.
 *
 * What is checked, and where it stands:
 *	- nothing is lost: once nothing moves any more, no command stands in the
 *	  mailbox for a held CPU, and Linux waits for nothing (quiescent()); and, by
 *	  the claim at the end, under weak fairness every wait for a WAKEUP ends,
 *	  which excludes livelock;
 *	- a CPU runs once per WAKEUP, the one that stands in the mailbox in the
 *	  moment of the acknowledgement, at its vector (acknowledge(), "leave");
 *	- by a broadcast every CPU leaves that was held when it began, once, for its
 *	  vector; and the command is gone only when all have left and recorded it
 *	  (leave_with_all(), all_have_left());
 *	- after a machine check a CPU knows whether it has left ("unless");
 *	- a TEST is acknowledged by the CPU that it is for, while it is held; and the
 *	  kernel never sees done what was not (acknowledge(), answered());
 *	- the role of the listener is never lost (quiescent()) and never doubled:
 *	  whoever acts as the listener is the listener (wake(), "look"), and a CPU that is lost has not got it;
 *	- no wake is under way to a CPU that is not held (wake()), and a CPU that has
 *	  acknowledged does nothing any more (wake(), give_up());
 *	- the listener expects a kernel to begin if all CPUs are held (quiescent()), and
 *	  never once that kernel has seen that it has one (after_look).
 *
 * What is bounded: CPUs (3, the first of them to be avoided as a listener),
 * COMMANDS, for CARELESS also RETURNS, MACHINE_CHECKS, and LOSSES.  Every choice of CPUs
 * that are held at the start and that run is tried; those that are held are about
 * to arrive, or, with SETTLED, have done so long ago.
 * What is left out: how a sleeping CPU is woken (protocol_port_sleep() sees every change
 * of its state; tdx_halt.pml has it for a TDX guest); that a wake has arrived when
 * shared_wake() returns is the port's to see to.
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
 *	NO_WAKING		the state says WOKEN before the wake is complete
 *	ROLE_AFTER_WAKE		the role is given when the wake is complete already
 *	NO_SECOND_STATE		protocol_hold() stores LISTENING whatever the state is by then
 *	NO_RESCAN		pass_on() doesn't look who waits after it gave up the role
 *	CLAIM			the role is taken without a compare-and-swap
 *	DEAF			a woken CPU looks for no command (a livelock)
 *	RECOVER_LAST		protocol_recover() goes by which CPU it woke last
 *	HOLD_STORES		protocol_hold() stores WAITING whatever the state was
 * Next to those of the broadcast:
 *	WOKEN_IS_GONE		the listener leaves when it has woken all others
 *	STALE_TURN		... when it was alone at an earlier look
 *	NO_LISTENER		a CPU leaves though there is no listener
 *	AWAY_FIRST		a CPU is AWAY before it has recorded its release
 *	HELD_FIRST		a CPU says that it is held before its line does
 *	KEEPS_ROLE		the listener leaves without giving up its role
 *	LAST_STAYS		... not at all if its acknowledgement fails
 *	LEFT_BY_RECORD		after a machine check, a release recorded is one done
 *	LEFT_BY_COMMAND		... is none as long as the command stands
 *	LEFT_IN_SILENCE		... is done, but perhaps not acknowledged
 * Next to the removal of a lost CPU:
 *	REMOVE_STORES		its line is AWAY, and then WOKEN, whoever wakes it
 *	REMOVE_TAKES_ROLE	... is taken the role by which it is being given it
 *	ROLE_NOT_BACK		the CPU that has given it the role does not take that back
 *	REMOVE_SILENTLY		those that wait are not woken to look for a listener
 *	REMOVE_IN_BETWEEN	... if it had given up the role, and not looked yet who waits
 * Next to the listener's pace:
 *	PACE_ONCE		it decides when it becomes the listener, and not again
 *	COUNTED_LATE		a CPU is held by number until it has acknowledged
 * The table's other bugs (the structure's length, wait loops as opcode bytes, the
 * identity map, stacks that are shared or in the kernel's memory) are about tables
 * and bare metal: there is nothing here that could have them.
 */
#define N 3
#define LINE_NONE N

/* APIC IDs are not numbers of CPUs; the ID N is nobody's, ALL the broadcast's. */
#define APIC_ID(cpu) ((cpu + 1) % N)
#define ALL (N + 1)
#define FIND(apic_id) (apic_id >= N -> LINE_NONE : (apic_id + N - 1) % N)
#define AVOID(cpu) (cpu == 0)

/* Two halves, the upper one constant. */
#define VECTOR(n) (16 + n)
#define WHOLE(vector) (vector >= 16)

#define NOOP 0
#define WAKEUP 1
#define TEST 2
#define RELEASE_ALL 3
#define FOR_ALL (command == RELEASE_ALL && apic_id == ALL)

/* enum line_state; the waking CPU is a part of WAKING. */
#define AWAY 0
#define WAITING 1
#define WOKEN 2
#define LISTENING 3
#define WAKING_BY(cpu) (4 + cpu)
#define WAKING(state) (state >= 4)
#define LOST_BY(cpu) (WAKING_BY(cpu) + N)
#define LOST(state) (state >= LOST_BY(0))

#ifndef COMMANDS
#define COMMANDS 4
#endif
#ifndef RETURNS
#define RETURNS 2
#endif

#if defined(BROADCAST) || defined(MACHINE_CHECKS) || defined(PACE)
#define RECORDS
#define ARRIVED false
#else
#define ARRIVED true
#endif

/* Shared memory. */
byte command, apic_id, vector;
byte state[N];
byte listener = LINE_NONE;
#ifdef RECORDS
bool recorded[N]; /* in BATN: state HELD, else RELEASED */
#endif
/* A step of its own, after the one that it stands behind. */
#ifdef PACE
byte nheld; /* in BATN: held */
#define COUNT(more) ; nheld = nheld + (more)
#else
#define COUNT(more)
#endif
#ifdef MUTANT_COUNTED_LATE
#define COUNT_RELEASE(more)
#else
#define COUNT_RELEASE(more) COUNT(more)
#endif

/* What only the checks know. */
bool held[N];	   /* from its arrival to its acknowledgement */
bool done;	   /* the last command, by whom it was for */
byte due[N];	   /* the vector in the mailbox when the CPU acknowledged */
#ifdef PACE
bool soon;	   /* the listener expects a kernel to begin */
#endif
bool live_changed; /* a careless kernel has written over a WAKEUP or a broadcast that stood */
#ifdef BROADCAST
bool asked[N];	   /* held when the broadcast began, and has not left yet */
bool came[N];	   /* its sign of life for the kernel */
#ifdef LATE
bool expected[N];  /* asked, in the last broadcast */
#endif
#endif

/* Between the kernel and its CPUs. */
bool returning[N];
byte returns = RETURNS;

bool waking;
#ifndef CARELESS
bool online[N];
#endif

#ifdef MACHINE_CHECKS
bool hit[N];
bool leaving[N]; /* it has left the protocol, and is about to jump to the vector */
#endif

#ifdef LOSSES
bool killed[N];
bool gone[N];	   /* from then on, until it is about to arrive again */
bool again[N];
bool missing[N];   /* it won't arrive again: the next kernel knows that */
#define MISSING(cpu) missing[cpu]
#else
#define MISSING(cpu) false
#endif

#define NONE_ONLINE !(online[0] || online[1] || online[2])

/* What the states of all but the CPU itself are. */
#define OTHERS(are, and) \
	(state[(self + 1) % N] are and state[(self + 2) % N] are)

#define ACTS_AS_LISTENER assert(listener == self && held[self])

#ifdef LOSSES
/* shared.c, shared_woken(), once the CPU was removed: sets ok. */
inline role_back(target, waker)
{
#ifndef MUTANT_ROLE_NOT_BACK
	if
	:: atomic { listener == target -> listener = waker }
	:: atomic { else -> skip }
	fi;
#endif
	atomic { state[target] = AWAY; ok = false }
}
#endif

/*
 * protocol.c, wake(): sets ok.  shared_wake() is in one step with the store after
 * it: whatever happens between the two, the check is made here too.
 */
inline wake(target, role)
{
#ifdef MUTANT_RECOVER_LAST
	woken_last = target;
#endif
	if
	:: atomic { state[target] != WAITING -> ACTS_AS_LISTENER; ok = false }
	:: atomic { state[target] == WAITING -> ACTS_AS_LISTENER;
#ifdef MUTANT_NO_WAKING
		state[target] = WOKEN;
#else
		state[target] = WAKING_BY(self);
#endif
		ok = true };
#ifndef MUTANT_ROLE_AFTER_WAKE
		if
		:: role -> listener = target
		:: !role
		fi;
#endif
#if defined(LOSSES) && !defined(MUTANT_REMOVE_STORES)
		if
		:: atomic { state[target] == WAKING_BY(self) -> assert(held[target]);
			state[target] = WOKEN }
		:: atomic { else -> assert(state[target] == LOST_BY(self)) };
			role_back(target, self)
		fi;
#elif defined(LOSSES)
		state[target] = WOKEN;
#else
		atomic { assert(held[target]);
#ifndef MUTANT_NO_WAKING
			assert(state[target] == WAKING_BY(self));
			state[target] = WOKEN
#endif
			};
#endif
#ifdef MUTANT_ROLE_AFTER_WAKE
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
		wake(i, true);
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
		atomic { ACTS_AS_LISTENER; listener = LINE_NONE };
#ifdef MUTANT_NO_RESCAN
		break;
#else
		anyone_waits();
		if
		:: ok -> skip
		:: else -> break
		fi;
		if
		:: atomic { listener == LINE_NONE -> listener = self }
		:: atomic { else -> break }
		fi
#endif
	od;
	ok = false
}

/* What the checks note of a CPU that takes the vector that stands in the mailbox. */
inline has_left()
{
	held[self] = false;
	due[self] = vector;
#ifdef MACHINE_CHECKS
	leaving[self] = true
#endif
}

#if defined(LATE) || defined(CARELESS)
#define LATE_OR(what) true
#else
#define LATE_OR(what) (what)
#endif

#ifdef BROADCAST
/* protocol.c, wake_all(): sets busy if it is not alone. */
inline wake_all()
{
	busy = false;
	i = 0;
	do
	:: atomic { i < N && i == self -> i++ }
	:: atomic { i < N && i != self -> skip };
		wake(i, false);
		atomic { busy = busy || state[i] != AWAY; i++ }
	:: atomic { i == N -> i = 0; ok = false; break }
	od
}

/* The acknowledgement of a broadcast, in one step. */
inline all_have_left()
{
	atomic {
		if
		:: FOR_ALL ->
#ifndef CARELESS
			/* By whoever has acknowledged in the place of the listener, too. */
			assert(!asked[0] && !asked[1] && !asked[2]);
			assert(LATE_OR(!recorded[0] && !recorded[1] && !recorded[2]));
#endif
			done = true;
			command = NOOP;
			ok = true
		:: else -> ok = false
		fi }
}

/* protocol.c, leave_with_all(). */
inline leave_with_all()
{
#ifdef MUTANT_KEEPS_ROLE
	skip;
#else
	if
	:: listening -> pass_on()
	:: else -> skip
	fi;
#endif
#ifndef MUTANT_AWAY_FIRST
	releasing();
#endif
	atomic { assert(held[self]);
		assert(live_changed || LATE_OR(FOR_ALL && asked[self]));
		state[self] = AWAY;
		asked[self] = false;
		has_left();
		due[self] = (LATE_OR(false) -> at : vector) };
#ifdef MUTANT_AWAY_FIRST
	releasing();
#endif
	if
	:: listening -> all_have_left();
#ifdef MUTANT_LAST_STAYS
		if
		:: ok -> skip
		:: else -> listening = false;
			atomic { held[self] = true; due[self] = 0; at = 0 };
			goto kept
		fi;
#endif
		ok = false;
		listening = false
	:: else -> skip
	fi
}
#endif

/* port.c, port_releasing() and port_kept(). */
inline releasing()
{
#ifdef MACHINE_CHECKS
	atomic { recorded[self] = false; saved = at }
#elif defined(RECORDS)
	recorded[self] = false COUNT_RELEASE(-1)
#else
	skip
#endif
}

inline stays()
{
#ifdef RECORDS
	recorded[self] = true COUNT_RELEASE(1)
#else
	skip
#endif
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
		:: wanted == WAKEUP -> has_left()
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
#ifdef BROADCAST
	bool busy;
#endif
#ifdef MACHINE_CHECKS
	byte saved; /* the slot's wakeup_vector */
#endif
#ifdef MUTANT_RECOVER_LAST
	byte woken_last = (self + 1) % N; /* long ago */
#endif

	if
	:: atomic { !held[self] -> goto running }
	:: atomic { held[self] && state[self] == AWAY -> held[self] = ARRIVED }
	:: atomic { held[self] && state[self] == LISTENING -> goto end_listening }
	:: atomic { else -> goto end_asleep } /* it may have been woken already */
	fi;
arrive:
#ifdef RECORDS
	/*
	 * hold.c, hold_arrived(): protocol_arrive(), port_arrived().  Before that a machine
	 * check would send it to its old vector again: not tried here.
	 */
#ifdef MUTANT_HELD_FIRST
	recorded[self] = true;
	atomic { state[self] = WAITING; held[self] = true };
#else
	atomic { state[self] = WAITING; held[self] = true };
	recorded[self] = true COUNT(1);
#endif
#endif
#ifdef LOSSES
	/* protocol.c, protocol_arrive(). */
	!LOST(state[self]);
#endif
hold:	/* protocol.c, protocol_hold(). */
{
#ifdef MUTANT_HOLD_STORES
	state[self] = WAITING;
#else
	/* No other CPU changes a state that is neither WAITING nor WAKING. */
	if
	:: atomic { state[self] == WAITING || WAKING(state[self]) -> skip }
	:: atomic { else -> skip }; state[self] = WAITING
	fi;
#endif
top:	atomic { seen = state[self];
		if
		:: WAKING(seen) -> seen = 0; goto relax
		:: else -> skip
		fi };
#ifdef MUTANT_CLAIM
	if
	:: atomic { listener == LINE_NONE -> skip }; listener = self
	:: atomic { listener != LINE_NONE -> skip }
	fi;
#else
	if
	:: atomic { listener == LINE_NONE -> skip };
		if /* swap() */
		:: atomic { listener == LINE_NONE -> listener = self }
		:: atomic { listener != LINE_NONE -> skip }
		fi
	:: atomic { listener != LINE_NONE -> skip }
	fi;
#endif
	if
	:: atomic { listener == self -> skip };
#ifdef MUTANT_NO_SECOND_STATE
		atomic { assert(!WAKING(state[self])); state[self] = LISTENING; seen = 0; goto listen }
#else
		if /* swap() */
		:: atomic { state[self] == seen -> state[self] = LISTENING; seen = 0; goto listen }
		:: atomic { else -> seen = 0; goto top }
		fi
#endif
	:: atomic { listener != self && seen == WOKEN -> seen = 0; goto take }
	:: atomic { listener != self && seen != WOKEN -> seen = 0 }
	fi;
	/*
	 * protocol_port_sleep(): comes back early, which stands for any time that it lasts,
	 * or when the state has changed.
	 */
	if
	:: goto top
	:: skip
	fi;
end_asleep:
	state[self] != WAITING -> goto top;

relax:	/* port_relax(), until it helps. */
	!WAKING(state[self]) -> goto top;

listen:	/* protocol.c, listen(). */
#ifdef MUTANT_PACE_ONCE
	soon = (nheld == N);
#endif
look:	/* One 64-bit load, and find(). */
	atomic { ACTS_AS_LISTENER;
		target = (command == NOOP -> LINE_NONE : FIND(apic_id));
		if
		:: target == self -> target = 0; listening = true; goto take
#ifdef BROADCAST
		:: target != self && command != NOOP && apic_id == ALL ->
			target = 0;
#ifdef MUTANT_STALE_TURN
			goto all;
#endif
			listening = true; goto take
#endif
		:: else -> skip
		fi };
	if
	:: target != LINE_NONE ->
#ifdef MUTANT_PROXY
		if
		:: atomic { command == TEST ->
			assert(FIND(apic_id) == self || held[FIND(apic_id)]);
			command = NOOP; ok = false }
		:: atomic { else -> wake(target, false) }
		fi;
#else
		wake(target, false)
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
#ifdef PACE
	/* port.c, all_held(); a kernel that begins has no CPU. */
#ifndef MUTANT_PACE_ONCE
	atomic { soon = (nheld == N); assert(!soon || NONE_ONLINE) };
#endif
#endif
	/* port_listen(): any time, or until a look makes a difference. */
	if
	:: goto look
	:: skip
	fi;
end_listening:
	if
	:: command != NOOP && FIND(apic_id) != LINE_NONE &&
	   (FIND(apic_id) == self || state[FIND(apic_id)] == WAITING) -> goto look
#ifdef BROADCAST
	:: FOR_ALL && (OTHERS(== WAITING, ||) || OTHERS(== AWAY, &&)) -> goto look
#endif
	:: AVOID(self) && (state[1] == WAITING || state[2] == WAITING) -> goto look
#if defined(PACE) && !defined(MUTANT_PACE_ONCE)
	:: soon != (nheld == N) -> goto look
#endif
	fi;

#ifdef MUTANT_STALE_TURN
all:	wake_all();
	if
	:: busy -> busy = false; goto after_look
	:: else -> listening = true
	fi;
#endif
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
		:: command == NOOP || (command == RELEASE_ALL -> apic_id != ALL : !MINE) -> goto kept
		:: else -> seen = command
		fi };
#endif
	if
	:: seen == TEST -> seen = 0;
		acknowledge(TEST);
		ok = false;
		goto kept
	:: else -> skip
	fi;
#ifdef MUTANT_CLEARED_FIRST
	at = 0;
#elif defined(MUTANT_LOW_HALF)
	at = vector % 16;
#else
	at = vector;
#endif
#ifdef BROADCAST
	if
	:: seen == RELEASE_ALL -> seen = 0;
#ifndef MUTANT_STALE_TURN
		if
		:: listening -> wake_all();
			if
#ifndef MUTANT_WOKEN_IS_GONE
			:: busy -> busy = false; at = 0; goto kept
#endif
			:: else -> busy = false
			fi
#ifndef MUTANT_NO_LISTENER
		:: atomic { !listening && listener == LINE_NONE -> at = 0; goto kept }
#endif
		:: else -> skip
		fi;
#endif
		leave_with_all();
		goto leave
	:: else -> skip
	fi;
#endif
	seen = 0;
	state[self] = AWAY;
#ifndef MUTANT_PASS_ON_LATE
	if
	:: listening -> pass_on(); listening = false
	:: else -> skip
	fi;
#endif
	releasing();
	acknowledge(WAKEUP);
	if
	:: ok -> ok = false; goto leave
	:: else -> at = 0; stays()
	fi;
kept:	if
	:: listening -> listening = false; goto after_look
	:: else -> state[self] = WAITING; goto top
	fi;
leave:
#ifdef MUTANT_COUNTED_LATE
	nheld = nheld - 1;
#endif
	/* reset.S, with the vector that protocol_hold() returned. */
#ifdef MUTANT_PASS_ON_LATE
	if
	:: listening -> pass_on(); listening = false
	:: else -> skip
	fi;
#endif
#ifdef MUTANT_CLEARED_FIRST
	at = vector;
#endif
	atomic { assert(WHOLE(at) && (at == due[self] || live_changed)); at = 0; due[self] = 0;
#ifdef MACHINE_CHECKS
		leaving[self] = false; saved = 0;
#endif
#ifdef BROADCAST
		came[self] = true
#endif
		};
running:
end_running:
	/* In the kernel, until it gives the CPU back. */
#ifdef CARELESS
	if
	:: atomic { returns > 0 -> returns--; held[self] = ARRIVED }
	fi;
#else
	atomic { returning[self] -> returning[self] = false; held[self] = ARRIVED;
#ifdef BROADCAST
		came[self] = false
#endif
		};
#endif
	goto arrive
}
#ifdef MACHINE_CHECKS
unless {
	atomic { hit[self] -> hit[self] = false;
#ifdef BROADCAST
		busy = false;
#endif
		seen = 0; target = 0; i = 0; at = 0; listening = false; ok = false };
	/* protocol.c, protocol_recover(). */
#ifdef MUTANT_RECOVER_LAST
	if
	:: woken_last != LINE_NONE && WAKING(state[woken_last]) ->
		assert(held[woken_last]);
		state[woken_last] = WOKEN
	:: else -> skip
	fi;
#else
	do
	:: atomic { i < N && state[i] == WAKING_BY(self) -> skip };
		/* shared_wake(), and the store: as in wake(). */
		atomic { assert(held[i] && state[i] == WAKING_BY(self)); state[i] = WOKEN; i++ }
	:: atomic { i < N && state[i] != WAKING_BY(self) -> i++ }
	:: atomic { i == N -> i = 0; break }
	od;
#endif
	/* hold.c, hold_again(). */
	if
	:: atomic { recorded[self] -> assert(held[self]); goto hold }
	:: atomic { else -> skip }
	fi;
	/* protocol.c, protocol_has_left(). */
#ifndef MUTANT_LEFT_BY_RECORD
	if
	:: atomic { state[self] != AWAY -> assert(held[self]) }; stays(); goto hold
	:: atomic { else -> skip }
	fi;
#endif
	if
	:: atomic { command == WAKEUP && MINE -> assert(held[self]) }; stays(); goto hold
#ifdef MUTANT_LEFT_BY_COMMAND
	:: atomic { FOR_ALL -> assert(held[self]) }; stays(); goto hold
#endif
	:: atomic { else -> assert(!held[self]) }
	fi;
#if defined(BROADCAST) && !defined(MUTANT_LEFT_IN_SILENCE)
	do
	:: atomic { i < N && state[i] == AWAY -> i++ }
	:: atomic { i < N && state[i] != AWAY -> i = 0; break }
	:: atomic { i == N -> i = 0 };
		all_have_left();
		ok = false;
		break
	od;
#endif
	atomic { at = saved; goto leave }
}
#elif defined(LOSSES)
unless {
	atomic { killed[self] -> killed[self] = false;
		seen = 0; target = 0; i = 0; at = 0; listening = false; ok = false };
end_gone:
	atomic { again[self] -> again[self] = false; gone[self] = false; held[self] = ARRIVED;
		goto arrive }
}
#endif
}

#ifdef LOSSES
/* shared.c, shared_complete_wakes(). */
inline complete_wakes()
{
	do
	:: atomic { i < N && (state[i] == WAKING_BY(lost) || state[i] == LOST_BY(lost)) -> skip };
		if
		:: atomic { state[i] == WAKING_BY(lost) -> assert(held[i]);
			state[i] = WOKEN; i++ }
		:: atomic { else -> assert(state[i] == LOST_BY(lost)) };
			role_back(i, lost);
			i++
		fi
	:: atomic { i < N && state[i] != WAKING_BY(lost) && state[i] != LOST_BY(lost) -> i++ }
	:: atomic { i == N -> i = 0; break }
	od
}

/* A CPU is lost: shared.c, shared_remove(). */
proctype loss()
{
	byte lost, i;
	bool away, nobody, ok;

	if
	:: goto end
	:: atomic { held[0] && !gone[0] -> lost = 0; gone[0] = true; killed[0] = true }
	:: atomic { held[1] && !gone[1] -> lost = 1; gone[1] = true; killed[1] = true }
	:: atomic { held[2] && !gone[2] -> lost = 2; gone[2] = true; killed[2] = true }
	fi;
	/* take_away(): one step, since it is begun again if the state has changed. */
	atomic { held[lost] = false;
		if
#ifndef MUTANT_REMOVE_STORES
		:: LOST(state[lost]) -> away = false
		:: WAKING(state[lost]) && !LOST(state[lost]) -> state[lost] = state[lost] + N
#endif
		:: else -> state[lost] = AWAY; away = true
		fi };
	complete_wakes();
#ifdef MUTANT_REMOVE_TAKES_ROLE
	away = true;
#endif
#ifndef MUTANT_REMOVE_IN_BETWEEN
	nobody = (listener == LINE_NONE);
#endif
	do
	:: away ->
		if
		:: atomic { listener == lost -> listener = LINE_NONE }
		:: atomic { listener != lost && nobody -> skip }
		:: atomic { listener != lost && !nobody -> break }
		fi;
		nobody = false;
#ifndef MUTANT_REMOVE_SILENTLY
		do
		:: atomic { i < N ->
			if
			:: state[i] == WAITING -> state[i] = WAKING_BY(lost)
			:: else -> skip
			fi;
			i++ }
		:: atomic { i == N -> i = 0; break }
		od;
		complete_wakes();
#endif
	:: else -> break
	od;
	/* As a CPU that is sent for anew, or as one that no kernel asks for any more. */
	if
	:: again[lost] = true
	:: missing[lost] = true
	fi;
end:	skip
}
#endif

#ifdef MACHINE_CHECKS
proctype machine_check()
{
	byte left = MACHINE_CHECKS;

	do
	:: atomic { left > 0 && (held[0] || leaving[0]) && !hit[0] -> hit[0] = true; left-- }
	:: atomic { left > 0 && (held[1] || leaving[1]) && !hit[1] -> hit[1] = true; left-- }
	:: atomic { left > 0 && (held[2] || leaving[2]) && !hit[2] -> hit[2] = true; left-- }
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
		assert(command == NOOP || FIND(apic_id) == LINE_NONE || !held[FIND(apic_id)] ||
		       command == RELEASE_ALL);
		assert(!FOR_ALL || !(held[0] || held[1] || held[2]));
#ifdef LATE
		assert((!expected[0] || came[0]) && (!expected[1] || came[1]) &&
		       (!expected[2] || came[2]));
#endif
		assert(held[0] || held[1] || held[2] || listener == LINE_NONE);
		assert(!(held[0] || held[1] || held[2]) ||
		       (listener != LINE_NONE && held[listener] && state[listener] == LISTENING));
		assert(!(held[1] || held[2]) || listener != 0);
#ifdef PACE
		/* Long after the kernel's last step: whether the next one is to begin. */
		assert(listener == LINE_NONE || soon == (held[0] && held[1] && held[2]));
#endif
		t = 0;
		do
		:: t < N -> assert(state[t] == (!held[t] -> AWAY : (listener == t -> LISTENING : WAITING))); t++
		:: else -> t = 0; break
		od
	}
}

#define CHANGES_LIVE live_changed = live_changed || command == WAKEUP || command == RELEASE_ALL

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
#ifdef BROADCAST
		:: what = RELEASE_ALL
#endif
		fi;
#ifdef BROADCAST
		select(t : 0 .. 4);
#else
		select(t : 0 .. 3);
#endif
		atomic { CHANGES_LIVE; apic_id = t; t = 0 };
		if
		:: what != TEST -> atomic { CHANGES_LIVE; vector = VECTOR(n) }
		:: else -> skip
		fi;
		atomic { CHANGES_LIVE; command = what; done = false; what = 0 };
		if
		:: skip
		:: atomic { command == NOOP -> answered() }
		fi
	:: break
	od;
	timeout -> quiescent()
}
#else
#ifdef LATE
#define PROVEN(cpu) (!online[cpu] || came[cpu])
#else
#define PROVEN(cpu) (online[cpu] -> came[cpu] : recorded[cpu])
#endif

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
			if
			:: atomic { command == NOOP -> answered(); waking = false; online[t] = true;
				t = 0 }
#ifdef LOSSES
			:: atomic { command != NOOP && MISSING(t) -> waking = false; t = 0; break }
#endif
			fi
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
#ifdef BROADCAST
	:: n < COMMANDS && (held[0] || held[1] || held[2]) &&
	   PROVEN(0) && PROVEN(1) && PROVEN(2) ->
		n++;
		apic_id = ALL;
		vector = VECTOR(n);
		atomic { command = RELEASE_ALL; done = false; waking = true;
			asked[0] = recorded[0];
			asked[1] = recorded[1];
			asked[2] = recorded[2];
#ifdef LATE
			expected[0] = asked[0];
			expected[1] = asked[1];
			expected[2] = asked[2];
#endif
			};
		atomic { command == NOOP -> answered(); waking = false;
			online[0] = true; online[1] = true; online[2] = true };
#ifdef LATE
		break
#endif
#endif
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
#ifdef RECORDS
			recorded[t] = held[t];
#endif
#ifdef PACE
			nheld = nheld + (held[t] -> 1 : 0);
			soon = (nheld == N);
#endif
			t++
		:: else -> break
		od;
#endif
#ifdef BROADCAST
		came[0] = !held[0];
		came[1] = !held[1];
		came[2] = !held[2];
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
#ifdef LOSSES
		t = LOSSES;
		do
		:: t > 0 -> run loss(); t--
		:: else -> break
		od;
#endif
		run kernel()
	}
}

#ifdef LIVE
/* Every wait for a WAKEUP ends; checked with weak fairness. */
ltl waits_end { [] (waking -> <> !waking) }
#endif
