/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Which owner each CPU had at which time, from the ledger.
 *
 * The ledger records CPUs, not kernels.  A new kernel is found from the order of
 * events.  A kernel that puts CPUs offline asks for each at once whether it has
 * arrived: RETURN, then TEST of the same CPU.  A kernel that ends returns its CPUs
 * without asking, or asks after all have returned.  So the first RELEASE belongs to
 * another kernel in three cases: after a RETURN without its own TEST; after a stage
 * has collected the CPUs again; and to another vector while at most one CPU is out.
 * Not seen are a kernel that never took a CPU, and one that ended with all its
 * secondary CPUs offline already, as "baton kexec --exec" has it; on a machine with
 * one secondary CPU, also one that asked after its last RETURN.  But the kernel that
 * runs is seen, while it is known well enough when it began.
 *
 * On arm64 no TEST is recorded: the counterpart of PSCI is answered without the CPU.
 * There a new kernel is assumed if all CPUs have returned, one directly after the other,
 * and if there were two at least or the vector is another one.  If a user puts all
 * secondary CPUs offline by hand, this is mistaken for another kernel.
 *
 * A CPU without an entry belongs to the kernel of the time.  This is the boot CPU,
 * as long as no crash kernel has started on another one.
 *
 * Where entries are lost or torn, no CPU's owner is known from the last entry before
 * the gap to the first one after it.  After a gap, the next event of a CPU shows
 * where it was before.
 */
#ifndef CLI_REPORT_TIMELINE_H
#define CLI_REPORT_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <baton/reader.h>

enum owner {
	OWNER_UNKNOWN,
	OWNER_FIRMWARE,
	OWNER_HELD,
	OWNER_KERNEL,
	OWNER_BETWEEN, /* on the way from one kernel (or the firmware) to the next */
	OWNER_STOPPED, /* took an exception in the resident */
	OWNER_MISSING, /* has never arrived */
};

struct entry {
	enum baton_entry_is is;
	struct baton_event event;
	size_t lane;	 /* SIZE_MAX: there is no such CPU */
	unsigned kernel; /* that has CPUs from then on, by its number; 0: none yet */
};

struct span {
	enum owner owner;
	unsigned kernel; /* of OWNER_KERNEL; of OWNER_BETWEEN the next; from 1 on */
	uint64_t from, to;
};

struct lane { /* one CPU */
	const struct baton_cpu_record *record;
	bool boot;
	struct span *spans; /* one behind the other, from start to end */
	size_t nspans;
};

/* CPUs change from one kernel (0: the firmware) to the next, which is one more. */
struct handover {
	unsigned from;
	uint32_t returned, released;
	uint64_t first_return, last_return;   /* where returned is not 0 */
	uint64_t first_release, last_release; /* where released is not 0 */
	size_t last;			      /* lane of the last CPU to return */
	/*
	 * When the next kernel took the first CPU: those that were held, as far as the ledger
	 * shows it, those of them that had answered TEST since their last return, one that had
	 * not (SIZE_MAX: all had), and those that had not returned, without the one that started
	 * the kernel.
	 */
	uint32_t held, proven, away;
	size_t unproven;
	/* The longest wait for one, and how many came after it; see timeline_is_late(). */
	size_t late;
	uint64_t late_at, late_by;
	uint32_t nlate;
};

struct gap { /* entries that can't be read, between two that can */
	uint32_t entries;
	uint64_t from, to;
};

struct timeline {
	const struct baton_table *table;
	struct entry *entries; /* in the order of their numbers */
	size_t nentries;
	uint32_t overwritten;  /* entries before the first */
	uint64_t start, end;   /* of the time-stamp counter */
	uint64_t sure_until;   /* after this a kernel may have gone unseen in a gap */
	uint32_t ticks_per_us; /* 0: not known */

	struct lane *lanes;
	size_t nlanes;
	struct handover *handovers;
	size_t nhandovers;
	unsigned nkernels; /* seen; if entries are overwritten, number 1 is all there was before */
	struct gap *gaps;
	size_t ngaps;
};

/*
 * @now: the time-stamp counter, and @up_us for how long the kernel of that moment has run; both
 * 0 if the table is not of this moment and machine.
 */
void timeline_make(struct timeline *t, const struct baton_table *table, uint64_t now,
		   uint64_t up_us);
void timeline_free(struct timeline *t);

/* Whether a few CPUs returned after a longer wait than all others together took. */
bool timeline_is_late(const struct handover *h);

/* Seconds from the start; ticks, if it is not known how long one is. */
double timeline_time(const struct timeline *t, uint64_t time);

/*
 * "kernel 2"; if it is not known how many came before, "earlier" for all of them,
 * then "kernel a".  "firmware" for 0.  Up to TIMELINE_NAME bytes.
 */
#define TIMELINE_NAME 24
void timeline_kernel_name(const struct timeline *t, unsigned kernel, char *name);
/* The same, or "held" and the like; with a question mark where it is not sure. */
void timeline_owner_name(const struct timeline *t, const struct span *span, char *name);

/* A length of time for people: "3.2 ms".  Up to TIMELINE_NAME bytes. */
void timeline_duration(const struct timeline *t, uint64_t ticks, char *text);

#endif /* CLI_REPORT_TIMELINE_H */
