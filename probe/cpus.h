/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The CPUs and what they do for the probe: they come, wait for work, and leave.  One
 * CPU at a time conducts, and calls what is here; it is the boot CPU, but for a moment in
 * the checks that have the boot CPU leave, too.
 *
 * What all architectures share is in cpus.c.  Below it stand the operations that each
 * architecture has in a cpus.c of its own, all of them in this order.
 */
#ifndef PROBE_CPUS_H
#define PROBE_CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPUS_STACK_SIZE 8192
#define CPUS_NAME_SIZE 32
#define CPUS_RETURN_LIMIT_US 1000000 /* longer is slow: see return-time */

struct cpus_own; /* of the architecture: its cpus.h */

struct cpu {
	uint32_t number;	       /* 0: the boot CPU, for ever */
	uint64_t id;		       /* APIC ID, or the affinity fields of MPIDR */
	char name[CPUS_NAME_SIZE];     /* for messages: "APIC ID 0x3" */
	uint32_t record_id;	       /* its number in the BATN table */
	void (*work)(struct cpu *cpu); /* what it is to do, until it has done it; NULL: nothing */
	bool leaving;		       /* in cpus_return_all() */
	struct cpus_own *own;
	uint8_t stack[CPUS_STACK_SIZE] __attribute__((aligned(16)));
} __attribute__((aligned(64)));

extern struct cpu *cpus; /* [0] is the boot CPU, the others are in the order of the tables */
extern uint32_t cpus_count;

/* What has taken longest so far, and which CPU; NULL: nothing has yet. */
struct cpus_slowest {
	uint64_t us;
	const struct cpu *cpu;
};
extern struct cpus_slowest cpus_slowest_ack;  /* from the command to the acknowledgement */
extern struct cpus_slowest cpus_slowest_wake; /* ... until it was up */
extern struct cpus_slowest
	cpus_slowest_return; /* from its leaving until it was proven to be held */
void cpus_note(struct cpus_slowest *slowest, const struct cpu *cpu, uint64_t us);

/* Make room for @count CPUs with @own_size bytes each for the architecture; all zero. */
void cpus_allocate(uint32_t count, size_t own_size);

/* @cpu is the one that hardware calls @id, which is named @what in messages. */
void cpus_identify(struct cpu *cpu, const char *what, uint64_t id, uint32_t record_id);

/* On @cpu, when it has arrived: do what there is to do, for ever. */
_Noreturn void cpus_wait_for_work(struct cpu *cpu);

/* Have @cpu do @work, and wait until it has. */
void cpus_do(struct cpu *cpu, void (*work)(struct cpu *cpu));
void cpus_do_begin(struct cpu *cpu, void (*work)(struct cpu *cpu));
void cpus_do_end(struct cpu *cpu);

/* Both halves of the operations below. */
void cpus_wake(struct cpu *cpu);
void cpus_return(struct cpu *cpu);

/* Return all CPUs that are up and can be returned. */
void cpus_return_all(void);

/* Why CPUs can't be woken a second time, or NULL; or why not again and again. */
const char *cpus_no_way_back(void);
const char *cpus_no_repeats(void);

/* The operations of an architecture. */

/* The CPU that this runs on. */
struct cpu *cpus_this(void);

/* A page at which no CPU should arrive; how many have, and stay there for ever. */
uint64_t cpus_dead_end(void);
uint64_t cpus_dead_end_count(void);

/* Whether whatever holds @cpu reports, or shows, that it does.  There must be a way back. */
bool cpus_is_held(const struct cpu *cpu);

/*
 * Wake @cpu to its own page; and wait until it waits for work.  Whatever goes wrong in here
 * makes it unsafe to go on: tap_bail_out().
 */
void cpus_wake_begin(struct cpu *cpu);
void cpus_wake_end(struct cpu *cpu);

/* Wake all others, in the order of the tables. */
void cpus_wake_all(void);

bool cpus_is_up(const struct cpu *cpu);

/* Whether @cpu can be returned, and may be: not the one that conducts. */
bool cpus_can_return(const struct cpu *cpu);

/* Why no CPU can be returned on this machine, or NULL. */
const char *cpus_one_way(void);

/*
 * Return @cpu, and prove it: cpus_return_begin() has it leave, cpus_return_end() waits for
 * the proof, at most patience= seconds: without it is not safe to go on.
 */
void cpus_return_begin(struct cpu *cpu);
void cpus_return_end(struct cpu *cpu);

/* How many CPUs are held by the count that a kernel reads.  There must be a BATN table. */
uint32_t cpus_held_count(void);

/* What a held CPU must not touch: the kernel's memory for @cpu.  Returns how many pieces. */
#define CPUS_PIECES 5
struct cpus_piece {
	void *at;
	size_t size;
	const char *what;
};
size_t cpus_pieces(struct cpu *cpu, struct cpus_piece piece[CPUS_PIECES]);

/* The pieces of @cpu, which is held, have been overwritten: make them usable again. */
void cpus_repair(struct cpu *cpu);

#endif /* PROBE_CPUS_H */
