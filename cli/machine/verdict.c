/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What starting, putting offline, kexec and a crash kernel come to on a machine
 * with Linux.  What Linux does is as seen in its sources of 6.1 and 6.12 and in
 * the tests of this project; docs/contract.md, section 12, has its limits.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "verdict.h"

const char *const verdict_result_names[] = {
	[RESULT_WORKS] = "works",     [RESULT_UNPROVEN] = "unproven", [RESULT_LIMITED] = "limited",
	[RESULT_REFUSED] = "refused", [RESULT_HANGS] = "hangs",	      [RESULT_UNKNOWN] = "unknown",
};

const char *const verdict_subject_names[] = {
	[SUBJECT_START] = "start",
	[SUBJECT_OFFLINE] = "offline",
	[SUBJECT_KEXEC] = "kexec",
	[SUBJECT_CRASH] = "crash",
};

/* The verdict that is being made, and the numbers that its sentences contain. */
struct judge {
	const struct machine *m;
	struct verdict *verdict;
	size_t cpus;   /* enabled */
	size_t others; /* all but the one that boots */
	char all_text[48], others_text[48];
};

static void set(struct judge *j, enum subject subject, enum result result, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void set(struct judge *j, enum subject subject, enum result result, const char *format, ...)
{
	struct verdict *v = &j->verdict[subject];
	va_list args;

	v->result = result;
	va_start(args, format);
	v->text = cli_vtext(format, args);
	va_end(args);
}

static void with_baton(struct judge *j, enum subject subject, enum result result,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));

static void with_baton(struct judge *j, enum subject subject, enum result result,
		       const char *format, ...)
{
	struct verdict *v = &j->verdict[subject];
	va_list args;

	v->with_result = result;
	va_start(args, format);
	v->with_text = cli_vtext(format, args);
	va_end(args);
}

static void all(struct judge *j, enum result result, const char *why)
{
	for (int s = 0; s < SUBJECTS; s++)
		set(j, s, result, "%s", why);
}

static bool linux_before(const struct machine *m, unsigned major, unsigned minor)
{
	return m->major != major ? m->major < major : m->minor < minor;
}

/* Since then Linux returns CPUs to a mailbox of version 1. */
static bool returns_cpus(const struct judge *j)
{
	return !linux_before(j->m, 6, 10);
}

/* By the stage's own checks: then the kernel starts as without it. */
static void baton_refuses(struct judge *j, const char *table)
{
	for (int s = 0; s < SUBJECTS; s++)
		with_baton(j, s, RESULT_REFUSED,
			   "baton refuses this %s, and the kernel starts as without it: %s", table,
			   j->m->refusal);
}

/* x86. */

static const char old_in_tdx[] = "Linux before 6.10 takes no CPU offline in a TDX guest";

static void baton_x86(struct judge *j)
{
	/* Firmware that has a mailbox often is that of a confidential guest. */
	bool may_be_sev = j->m->wakeup.present && j->m->tdx <= 0;

	if (j->m->refusal) {
		baton_refuses(j, "MADT");
		return;
	}
	with_baton(j, SUBJECT_START, RESULT_WORKS,
		   "by the wakeup mailbox (version 1): baton holds %s in reserved memory%s",
		   j->others_text, may_be_sev ? "; but baton refuses to work in an SEV guest" : "");
	if (!returns_cpus(j)) {
		if (j->m->tdx > 0)
			with_baton(j, SUBJECT_OFFLINE, RESULT_REFUSED, "%s", old_in_tdx);
		else
			with_baton(j, SUBJECT_OFFLINE, RESULT_HANGS,
				   "Linux returns CPUs to a mailbox only since 6.10; an older "
				   "kernel hangs when it brings a CPU online again");
		with_baton(j, SUBJECT_KEXEC, RESULT_HANGS,
			   "Linux before 6.10 keeps the CPUs, and the next kernel waits for them "
			   "for ever%s",
			   j->m->wakeup.present
				   ? ": boot 6.10 or later, or do without baton"
				   : ", unless \"baton wrap\" has wrapped that kernel");
		with_baton(j, SUBJECT_CRASH, RESULT_LIMITED,
			   "1 of %zu CPUs if the crash kernel is booted with nr_cpus=1; otherwise "
			   "it hangs",
			   j->cpus);
		return;
	}
	with_baton(j, SUBJECT_OFFLINE, RESULT_WORKS,
		   "an offline CPU leaves the kernel's memory for baton's, and proves it "
		   "when Linux asks (TEST)");
	with_baton(j, SUBJECT_KEXEC, RESULT_UNPROVEN,
		   "%s return to reserved memory, and the next kernel waits for a late "
		   "one; Linux asks for no proof before it jumps, but the ledger records "
		   "each return",
		   j->all_text);
	with_baton(j, SUBJECT_CRASH, RESULT_UNPROVEN,
		   "the crash kernel can start every CPU that answered the NMI; %zu of "
		   "%zu if the crash was not on the first CPU",
		   j->others, j->cpus);
}

static void init_sipi(struct judge *j)
{
	set(j, SUBJECT_START, RESULT_WORKS, "Linux starts %s by INIT and SIPI", j->others_text);
	set(j, SUBJECT_OFFLINE, RESULT_UNPROVEN,
	    "an offline CPU halts in the kernel's own memory, until it gets an INIT");
	set(j, SUBJECT_KEXEC, RESULT_UNPROVEN,
	    "the next kernel gets %s; until it sends INIT, all but one stay in memory "
	    "that it overwrites; nothing proves that they have stopped",
	    j->all_text);
	set(j, SUBJECT_CRASH, RESULT_UNPROVEN,
	    "the crash kernel can start %s (%zu if the crash was not on the first); nothing proves "
	    "that they have stopped",
	    j->all_text, j->others);
	baton_x86(j);
}

/* Firmware gives each CPU away once. */
static void one_way(struct judge *j)
{
	set(j, SUBJECT_START, RESULT_WORKS, "Linux starts %s by the wakeup mailbox, once",
	    j->others_text);
	if (returns_cpus(j)) {
		set(j, SUBJECT_OFFLINE, RESULT_REFUSED,
		    "Linux refuses: the firmware takes no CPU back");
		set(j, SUBJECT_KEXEC, RESULT_LIMITED,
		    "kexec would leave 1 of %zu CPUs: Linux removes the mailbox from the "
		    "tables, so that the next kernel does not wait for the others",
		    j->cpus);
		set(j, SUBJECT_CRASH, RESULT_LIMITED,
		    "the crash kernel has 1 of %zu CPUs, which is enough for a dump", j->cpus);
	} else {
		if (j->m->tdx > 0)
			set(j, SUBJECT_OFFLINE, RESULT_REFUSED, "%s", old_in_tdx);
		else
			set(j, SUBJECT_OFFLINE, RESULT_HANGS,
			    "an offline CPU halts in the kernel for good, and bringing it online "
			    "again hangs; in a TDX guest Linux refuses");
		set(j, SUBJECT_KEXEC, RESULT_HANGS,
		    "the next kernel waits at a mailbox that no CPU watches any more, and "
		    "hangs; with nr_cpus=1 it would have 1 of %zu CPUs",
		    j->cpus);
		set(j, SUBJECT_CRASH, RESULT_LIMITED,
		    "1 of %zu CPUs if the crash kernel is booted with nr_cpus=1; otherwise "
		    "it hangs",
		    j->cpus);
	}
	baton_x86(j);
}

/* By a firmware's reset vector. */
static void by_firmware(struct judge *j)
{
	set(j, SUBJECT_OFFLINE, RESULT_WORKS,
	    "the CPU returns through the reset vector, and Linux verifies it (TEST)");
	set(j, SUBJECT_KEXEC, RESULT_UNPROVEN,
	    "returns work, unproven before kexec: %s return through the reset vector, "
	    "but Linux does not verify that they have arrived",
	    j->all_text);
}

/*
 * The same of a firmware for TDX guests.  The one that is known to take CPUs back has its
 * stack there in memory that the kernel has reclaimed, one for all CPUs.
 */
static void by_tdvf(struct judge *j)
{
	set(j, SUBJECT_OFFLINE, RESULT_UNPROVEN,
	    "the CPU returns through the firmware's reset vector, and Linux verifies it (TEST); "
	    "but that of OVMF 2026.08 overwrites 16 bytes of the kernel's memory for each return");
	set(j, SUBJECT_KEXEC, RESULT_UNPROVEN,
	    "%s return through the firmware's reset vector, but Linux does not verify that they "
	    "have arrived; with OVMF 2026.08 each overwrites 16 bytes, and kexec hung",
	    j->all_text);
}

static void both_ways(struct judge *j)
{
	if (!returns_cpus(j)) {
		one_way(j);
		return;
	}
	set(j, SUBJECT_START, RESULT_WORKS, "Linux starts %s by the wakeup mailbox",
	    j->others_text);
	if (j->m->tdx > 0 && !j->m->batn)
		by_tdvf(j);
	else
		by_firmware(j);
	set(j, SUBJECT_CRASH, RESULT_UNPROVEN,
	    "the crash kernel can start %s that answer the NMI (%zu if the crash "
	    "was not on the first)",
	    j->all_text, j->others);
	baton_x86(j);
}

static void only_one(struct judge *j, const char *why)
{
	set(j, SUBJECT_START, RESULT_LIMITED, "1 of %zu CPUs: %s", j->cpus, why);
	set(j, SUBJECT_OFFLINE, RESULT_REFUSED, "there is no other CPU to put offline");
	set(j, SUBJECT_KEXEC, RESULT_LIMITED, "the next kernel has 1 of %zu CPUs, too", j->cpus);
	set(j, SUBJECT_CRASH, RESULT_LIMITED, "the crash kernel has 1 of %zu CPUs", j->cpus);
}

/* Linux removes it at once: then it is the running kernel that has the CPUs. */
static bool is_taken_by_this_kernel(const struct judge *j)
{
	return j->m->online && strpbrk(j->m->online, "-,");
}

static void mailbox_taken(struct judge *j)
{
	if (returns_cpus(j) && is_taken_by_this_kernel(j)) {
		one_way(j);
		return;
	}
	if (!returns_cpus(j)) {
		all(j, RESULT_HANGS,
		    "the mailbox's address is 0; Linux before 6.10 does not check it, and "
		    "waits there for ever unless it is booted with nr_cpus=1");
		return;
	}
	if (j->m->tdx <= 0) {
		only_one(j, "the mailbox's address is 0; Linux clears it if the firmware takes no "
			    "CPU back");
		return;
	}
	only_one(j, "an earlier kernel has removed the mailbox's address from the tables; in a TDX "
		    "guest the others are out of reach until the next boot");
	with_baton(j, SUBJECT_START, RESULT_LIMITED,
		   "baton can't reach them now either: have it start before the first kernel "
		   "(\"baton install\", or a kernel wrapped by \"baton wrap\")");
}

static void x86(struct judge *j)
{
	const struct wakeup *w = &j->m->wakeup;

	if (!w->present && j->m->tdx > 0)
		only_one(j, "in a TDX guest CPUs come by a wakeup mailbox alone, and this firmware "
			    "has none");
	else if (!w->present)
		init_sipi(j);
	else if (linux_before(j->m, 6, 1))
		all(j, RESULT_UNKNOWN,
		    "how Linux before 6.1 handles a wakeup structure was not examined");
	else if (!w->mailbox)
		mailbox_taken(j);
	else if (!w->returns)
		one_way(j);
	else
		both_ways(j);
}

/* arm64. */

/*
 * The crash kernel boots on the CPU that crashed.  Linux's driver of the BCM2836's
 * interrupt controller confuses its own number of a CPU with the hardware's.
 */
static const char *crash_elsewhere(const struct judge *j)
{
	return j->m->bcm2836
		       ? "; but after a crash on another CPU than the first, it hangs in Linux's "
			 "driver of this interrupt controller"
		       : "";
}

static void psci(struct judge *j)
{
	const char *owner = j->m->area || j->m->batn ? "baton" : "the firmware";
	bool old =
		j->m->psci_version && j->m->psci_version[0] == '0' && j->m->psci_version[2] == '1';
	enum result result = old ? RESULT_UNPROVEN : RESULT_WORKS;
	const char *proof =
		old ? "PSCI 0.1 can't report whether it is off" : "AFFINITY_INFO proves it";

	set(j, SUBJECT_START, RESULT_WORKS, "Linux starts %s by PSCI", j->others_text);
	set(j, SUBJECT_OFFLINE, result, "the CPU returns to %s (CPU_OFF); %s", owner, proof);
	set(j, SUBJECT_KEXEC, result, "%s: they are off, in %s, before the next kernel starts; %s",
	    j->all_text, owner, proof);
	set(j, SUBJECT_CRASH, j->m->bcm2836 ? RESULT_UNPROVEN : RESULT_WORKS,
	    "the crash kernel can start every CPU that answered and is off%s", crash_elsewhere(j));
}

/* The kernel is wrapped, and entered at EL2; or the firmware starts baton at EL3. */
static void baton_arm64(struct judge *j)
{
	if (j->m->refusal) {
		baton_refuses(j, "device tree");
		return;
	}
	with_baton(j, SUBJECT_START, RESULT_WORKS,
		   "by PSCI: baton holds %s at EL2, in front of a wrapped kernel (\"baton "
		   "wrap\"), without KVM; or at EL3, as a Raspberry Pi's armstub, with "
		   "KVM",
		   j->others_text);
	with_baton(j, SUBJECT_OFFLINE, RESULT_WORKS,
		   "the CPU returns to baton (CPU_OFF); AFFINITY_INFO proves it");
	with_baton(j, SUBJECT_KEXEC, RESULT_WORKS,
		   "%s: they are off, in baton, before the next kernel starts; AFFINITY_INFO "
		   "proves it",
		   j->all_text);
	with_baton(j, SUBJECT_CRASH, j->m->bcm2836 ? RESULT_UNPROVEN : RESULT_WORKS,
		   "the crash kernel can start every CPU that answered and is off%s",
		   crash_elsewhere(j));
}

/* Spin-table and parking protocol: Linux has no place to return a CPU to. */
static void stuck(struct judge *j, const char *method, bool way_back)
{
	set(j, SUBJECT_START, RESULT_WORKS, "Linux starts %s by %s, once", j->others_text, method);
	set(j, SUBJECT_OFFLINE, RESULT_REFUSED,
	    way_back ? "Linux can't use the way back, and refuses; a kernel with libbaton can "
		       "put CPUs offline, with proof"
		     : "there is no way back: Linux refuses");
	set(j, SUBJECT_KEXEC, RESULT_REFUSED,
	    "Linux refuses: \"Can't kexec: CPUs are stuck in the kernel.\", unless "
	    "it was booted with nr_cpus=1%s",
	    way_back ? "; a kernel with libbaton would not refuse" : "");
	set(j, SUBJECT_CRASH, RESULT_LIMITED,
	    "the crash kernel has 1 of %zu CPUs: the others stay in the crashed kernel's memory",
	    j->cpus);
}

/* A kernel that knows the way back: docs/upstream.md. */
static void returning(struct judge *j)
{
	set(j, SUBJECT_START, RESULT_WORKS, "Linux starts %s by spin-table", j->others_text);
	set(j, SUBJECT_OFFLINE, RESULT_WORKS,
	    "this Linux returns the CPU to the spin-table; the word at cpu-held-addr proves it");
	set(j, SUBJECT_KEXEC, RESULT_WORKS,
	    "%s: they have returned before the next kernel starts; the same word proves it",
	    j->all_text);
	set(j, SUBJECT_CRASH, j->m->bcm2836 ? RESULT_UNPROVEN : RESULT_WORKS,
	    "a crash kernel of this kind can start every CPU that answered and has returned%s",
	    crash_elsewhere(j));
}

/* The kernel has left all other CPUs where they were (nr_cpus=1). */
static void untouched(struct judge *j)
{
	set(j, SUBJECT_START, RESULT_LIMITED,
	    "1 of %zu CPUs: the kernel was booted to use no other; they wait in "
	    "%s",
	    j->cpus, j->m->area ? "baton" : "the firmware");
	set(j, SUBJECT_OFFLINE, RESULT_REFUSED, "there is no other CPU to put offline");
	set(j, SUBJECT_KEXEC, RESULT_WORKS,
	    "the next kernel finds %s untouched, and can start them by spin-table, "
	    "once; if it is wrapped (\"baton wrap\"), baton holds them from then "
	    "on",
	    j->others_text);
	set(j, SUBJECT_CRASH, RESULT_WORKS, "the crash kernel can start %s", j->all_text);
}

/* By cpu-return-addr and cpu-held-addr: docs/bindings. */
static bool all_can_return(const struct machine *m)
{
	for (size_t i = 0; i < m->ncpus; i++)
		if (m->cpus[i].enabled &&
		    !(m->cpus[i].has_release && m->cpus[i].has_return && m->cpus[i].has_held))
			return false;
	return true;
}

static void spin_table(struct judge *j)
{
	if (j->m->possible && !strcmp(j->m->possible, "0"))
		untouched(j);
	else if (j->m->can_offline && all_can_return(j->m))
		returning(j);
	else
		stuck(j, "spin-table", all_can_return(j->m));
	baton_arm64(j);
}

/*
 * Whether Linux gets @cpu started: smp_spin_table.c wants an address, which may be that of
 * others, since its holding pen lets each CPU on by its MPIDR; psci.c wants a node of PSCI that it
 * can call.
 */
static bool is_started(const struct machine *m, const struct machine_cpu *cpu)
{
	switch (cpu->method) {
	case START_SPIN_TABLE:
		return cpu->has_release;
	case START_PSCI:
		return m->has_psci;
	default:
		return cpu->method != START_UNKNOWN;
	}
}

/* What keeps Linux from the CPUs that it can't start. */
static const char *why_not_started(const struct machine *m)
{
	for (size_t i = 0; i < m->ncpus; i++)
		if (m->cpus[i].enabled && !is_started(m, &m->cpus[i]) &&
		    m->cpus[i].method == START_PSCI)
			return "no node describes a PSCI that Linux can call, unless the boot "
			       "loader adds it";
	return "Linux reports a \"missing or invalid cpu-release-addr property\", unless the boot "
	       "loader fills it in";
}

/* Linux starts @started of the CPUs, the first one included, and can't start the rest. */
static void some_cpus(struct judge *j, size_t started, bool spin)
{
	set(j, SUBJECT_START, RESULT_LIMITED, "%zu of %zu CPUs: %s", started, j->cpus,
	    why_not_started(j->m));
	if (started == 1)
		set(j, SUBJECT_OFFLINE, RESULT_REFUSED, "there is no other CPU to put offline");
	else if (spin)
		set(j, SUBJECT_OFFLINE, RESULT_REFUSED, "there is no way back: Linux refuses");
	else
		set(j, SUBJECT_OFFLINE, RESULT_WORKS, "the CPU returns to the firmware (CPU_OFF)");
	if (started > 1 && spin)
		set(j, SUBJECT_KEXEC, RESULT_REFUSED,
		    "Linux refuses: \"Can't kexec: CPUs are stuck in the kernel.\"");
	else
		set(j, SUBJECT_KEXEC, RESULT_LIMITED, "the next kernel has %zu of %zu CPUs, too",
		    started, j->cpus);
	set(j, SUBJECT_CRASH, RESULT_LIMITED, "the crash kernel has %zu of %zu CPUs",
	    spin ? (size_t)1 : started, j->cpus);
	for (int s = 0; s < SUBJECTS; s++)
		j->verdict[s].cpus = started;
	if (spin)
		j->verdict[SUBJECT_CRASH].cpus = 1;
	baton_arm64(j);
}

static void arm64(struct judge *j)
{
	bool spin = false, spin_started = false, parked = false, unknown = false;
	const struct machine_cpu *first = NULL;
	size_t started =
		1; /* one boots, whatever the tables have about it: Linux takes the first */

	for (size_t i = 0; i < j->m->ncpus; i++) {
		const struct machine_cpu *cpu = &j->m->cpus[i];

		if (!cpu->enabled)
			continue;
		spin |= cpu->method == START_SPIN_TABLE;
		parked |= cpu->method == START_PARKING;
		unknown |= cpu->method == START_UNKNOWN && (first || cpu->method_name);
		if (first) {
			started += is_started(j->m, cpu);
			spin_started |= cpu->method == START_SPIN_TABLE && cpu->has_release;
		} else {
			first = cpu;
		}
	}
	if (unknown)
		all(j, RESULT_UNKNOWN, "the tables do not describe how some CPUs are started");
	else if (parked)
		stuck(j, "the ACPI parking protocol", false);
	else if (started < j->cpus)
		some_cpus(j, started, spin_started);
	else if (spin)
		spin_table(j);
	else
		psci(j);
}

static void one_cpu(struct judge *j)
{
	static const enum subject others[] = {SUBJECT_START, SUBJECT_KEXEC, SUBJECT_CRASH};

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		set(j, others[i], RESULT_WORKS, "there is only one CPU: none is handed over");
	set(j, SUBJECT_OFFLINE, RESULT_REFUSED, "there is only one CPU");
}

/* Where baton is in force already, it would change nothing. */
static void leave_out_baton(struct verdict verdict[SUBJECTS])
{
	for (int s = 0; s < SUBJECTS; s++) {
		free(verdict[s].with_text);
		verdict[s].with_text = NULL;
	}
}

void verdict_make(const struct machine *m, struct verdict verdict[SUBJECTS])
{
	struct judge j = {.m = m, .verdict = verdict, .cpus = machine_enabled(m)};

	j.others = j.cpus - 1;
	snprintf(j.all_text, sizeof(j.all_text), j.cpus == 2 ? "both CPUs" : "all %zu CPUs",
		 j.cpus);
	snprintf(j.others_text, sizeof(j.others_text),
		 j.others == 1 ? "the other CPU" : "the %zu other CPUs", j.others);
	for (int s = 0; s < SUBJECTS; s++)
		verdict[s] = (struct verdict){.with_result = RESULT_UNKNOWN};
	if (machine_unknown(m))
		all(&j, RESULT_UNKNOWN, "a table is broken: see the problems");
	else if (j.cpus == 1)
		one_cpu(&j);
	else if (m->arch == ARCH_UNKNOWN)
		all(&j, RESULT_UNKNOWN, "baton does not know how CPUs are started here");
	else if (m->arch == ARCH_ARM64)
		arm64(&j);
	else if (!m->kernel)
		all(&j, RESULT_UNKNOWN,
		    "depends on the kernel, which is not known: name it by --kernel");
	else
		x86(&j);
	if (m->batn || m->area)
		leave_out_baton(verdict);
}

long verdict_cpus(const struct machine *m, const struct verdict *v)
{
	switch (v->result) {
	case RESULT_WORKS:
	case RESULT_UNPROVEN:
		return (long)machine_enabled(m);
	case RESULT_LIMITED:
		return v->cpus ? (long)v->cpus : 1;
	default:
		return -1;
	}
}

void verdict_free(struct verdict verdict[SUBJECTS])
{
	for (int s = 0; s < SUBJECTS; s++) {
		free(verdict[s].text);
		free(verdict[s].with_text);
	}
}
