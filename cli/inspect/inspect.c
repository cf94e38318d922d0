/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton inspect: what a machine offers, and what that means for Linux. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <baton/acpi.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/machine/batn.h"
#include "cli/machine/machine.h"
#include "cli/machine/verdict.h"
#include "cli/tojson.h"
#include "inspect_json.h"

#define WIDTH 96
#define COLUMN 12 /* where values begin */
#define TEXT_COLUMN 22

enum key { KEY_ACPI = COMMAND_LONG, KEY_DTB, KEY_SYSFS, KEY_KERNEL, KEY_JSON };

static void __attribute__((format(printf, 2, 3))) row(const char *name, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = cli_vtext(format, args);
	va_end(args);
	cli_print(CLI_BOLD, "%-*s", COLUMN, name);
	cli_fold(stdout, text, COLUMN, WIDTH);
	putchar('\n');
	free(text);
}

/* The CPUs, those that differ in nothing but their IDs on one line. */

static bool alike(const struct machine_cpu *a, const struct machine_cpu *b)
{
	return a->enabled == b->enabled && a->may_come == b->may_come && a->method == b->method &&
	       !a->method_name && !b->method_name && !a->has_release && !b->has_release &&
	       !a->has_return && !b->has_return && !a->has_held && !b->has_held &&
	       !a->record == !b->record &&
	       (!a->record ||
		baton_count_value(a->record->state) == baton_count_value(b->record->state));
}

static const char *start_text(const struct machine_cpu *cpu)
{
	static const char *const texts[] = {
		[START_UNKNOWN] = "started by an unknown method",
		[START_INIT_SIPI] = "started by INIT/SIPI",
		[START_MAILBOX] = "started by the wakeup mailbox",
		[START_PSCI] = "started by PSCI",
		[START_SPIN_TABLE] = "started by spin-table",
		[START_PARKING] = "started by the ACPI parking protocol",
	};

	return cpu->method_name ? cpu->method_name : texts[cpu->method];
}

/* @n CPUs from @cpu on, alike. */
static void print_cpus(const struct machine *m, const struct machine_cpu *cpu, size_t n)
{
	const char *format = m->arch == ARCH_X86_64 ? "%" PRIu64 : "0x%" PRIx64;
	const char *state =
		cpu->record ? batn_state_name(baton_count_value(cpu->record->state)) : NULL;
	int width = 0;

	printf("%*s", COLUMN, "");
	width += printf(format, cpu->id);
	if (n > 1) {
		width += printf(n > 2 ? "..." : ", ");
		width += printf(format, cpu[n - 1].id);
	}
	printf("%*s", width < 14 ? 14 - width : 2, "");
	printf("%s", cpu->enabled    ? "enabled"
		     : cpu->may_come ? "absent; may be added"
				     : "disabled");
	if (cpu->enabled)
		printf(", %s%s", cpu->method_name ? "started by " : "", start_text(cpu));
	if (cpu->has_release)
		printf(", released at 0x%" PRIx64, cpu->release_address);
	if (cpu->has_return)
		printf(", returned at 0x%" PRIx64, cpu->return_address);
	if (cpu->has_held)
		printf(", proven at 0x%" PRIx64, cpu->held_address);
	if (state)
		printf(", %s", state);
	putchar('\n');
}

static void print_all_cpus(const struct machine *m)
{
	for (size_t i = 0, n; i < m->ncpus; i += n) {
		for (n = 1; i + n < m->ncpus && alike(&m->cpus[i], &m->cpus[i + n]) &&
			    m->cpus[i + n].id == m->cpus[i].id + n;)
			n++;
		print_cpus(m, &m->cpus[i], n);
	}
}

/* The rest of the facts. */

static void print_wakeup(const struct machine *m)
{
	const struct wakeup *w = &m->wakeup;

	if (!w->present) {
		row("wakeup", "no multiprocessor wakeup structure");
		return;
	}
	if (w->version && w->length < ACPI_MADT_WAKEUP_LENGTH_V1)
		row("wakeup",
		    "structure of version 0 by its %u bytes, whatever its version word (%u); "
		    "mailbox at 0x%" PRIx64,
		    w->length, w->version, w->mailbox);
	else
		row("wakeup", "structure of version %u, %u bytes; mailbox at 0x%" PRIx64,
		    w->version, w->length, w->mailbox);
	if (w->reset_vector)
		row("", "reset vector at 0x%" PRIx64, w->reset_vector);
	else
		row("", "no reset vector: no CPU can be returned");
}

static void print_psci(const struct machine *m)
{
	if (!m->has_psci) {
		row("PSCI", "none");
		return;
	}
	row("PSCI", "%s%s, by %s; a kernel can ask for the exact version",
	    m->psci_version ? "at least " : "version not known",
	    m->psci_version ? m->psci_version : "", m->psci_conduit ? m->psci_conduit : "nothing");
}

static void print_baton(const struct machine *m)
{
	const struct baton_table *t = m->batn;
	const char *wait;

	if (!t && m->area) {
		row("baton", "in force: area at 0x%" PRIx64 ", %" PRIu64 " KiB", m->area,
		    m->area_size / 1024);
		return;
	}
	if (!t) {
		row("baton", "not in force");
		return;
	}
	wait = batn_wait_name(baton_count_value(t->wait));
	row("baton", "in force: area at 0x%" PRIx64 ", %" PRIu32 " KiB", t->area,
	    t->area_size / 1024);
	row("",
	    "CPUs: %" PRIu32 " held of %" PRIu32 ", %" PRIu32 " collected, %" PRIu32 " missing%s%s",
	    baton_count_value(t->held), t->ncpus, t->collected, t->missing,
	    wait ? "; they wait by " : "", wait ? wait : "");
	row("", "ledger: %" PRIu32 " entries, room for %" PRIu32 "; \"baton report\" shows it",
	    baton_count_value(t->entries_written), baton_table_room(t));
}

static void print_system(const struct machine *m)
{
	if (m->kexec_disabled > 0)
		row("kexec", "switched off (kernel.kexec_load_disabled)");
	else if (m->kexec_loaded >= 0)
		row("kexec", "%s; crash kernel: %s, %s",
		    m->kexec_loaded ? "a kernel is loaded" : "no kernel is loaded",
		    m->crash_loaded > 0 ? "loaded" : "not loaded",
		    m->crash_size > 0 ? "memory is reserved"
				      : "no memory is reserved (crashkernel=)");
	if (m->lockdown && strcmp(m->lockdown, "none"))
		row("lockdown", "%s: kexec accepts signed kernels only", m->lockdown);
}

static void print_facts(const struct machine *m)
{
	static const char *const names[] = {[ARCH_UNKNOWN] = "unknown architecture",
					    [ARCH_X86_64] = "x86-64",
					    [ARCH_ARM64] = "arm64"};
	size_t enabled = machine_enabled(m);

	row("machine", "%s%s%s, %s", m->source, m->model ? ": " : "", m->model ? m->model : "",
	    names[m->arch]);
	if (m->tdx > 0)
		row("",
		    "a TDX guest: CPUs come by the wakeup mailbox, and INIT does not reach them");
	row("kernel", "%s%s", m->kernel ? "Linux " : "not known", m->kernel ? m->kernel : "");
	row("CPUs", "%zu enabled, %zu not%s%s", enabled, m->ncpus - enabled,
	    m->online ? "; online: " : "", m->online ? m->online : "");
	print_all_cpus(m);
	if (m->arch == ARCH_X86_64)
		print_wakeup(m);
	if (m->arch == ARCH_ARM64)
		print_psci(m);
	if (m->arch != ARCH_UNKNOWN)
		print_baton(m);
	print_system(m);
}

static void print_result(enum result result)
{
	static const enum cli_style styles[] = {
		[RESULT_WORKS] = CLI_GOOD,   [RESULT_UNPROVEN] = CLI_WARN,
		[RESULT_LIMITED] = CLI_WARN, [RESULT_REFUSED] = CLI_BAD,
		[RESULT_HANGS] = CLI_BAD,    [RESULT_UNKNOWN] = CLI_DIM,
	};

	cli_print(styles[result], "%-10s", verdict_result_names[result]);
}

static void print_one(const char *name, enum result result, const char *text)
{
	cli_print(name[0] == ' ' ? CLI_PLAIN : CLI_BOLD, "%-*s", COLUMN, name);
	print_result(result);
	cli_fold(stdout, text, TEXT_COLUMN, WIDTH);
	putchar('\n');
}

static void print_verdict(const struct verdict verdict[SUBJECTS])
{
	bool same = true;

	putchar('\n');
	for (int s = 1; s < SUBJECTS; s++)
		same &= !strcmp(verdict[s].text, verdict[0].text);
	if (same) {
		print_one("verdict", verdict[0].result, verdict[0].text);
		return;
	}
	for (int s = 0; s < SUBJECTS; s++) {
		print_one(verdict_subject_names[s], verdict[s].result, verdict[s].text);
		if (verdict[s].with_text)
			print_one("  by baton", verdict[s].with_result, verdict[s].with_text);
	}
}

static void print_problems(const struct machine *m)
{
	if (m->nproblems)
		putchar('\n');
	for (size_t i = 0; i < m->nproblems; i++) {
		char *text = cli_text("%s: %s", m->problems[i].where, m->problems[i].what);

		cli_print(m->problems[i].fatal ? CLI_BAD : CLI_WARN, "%-*s", COLUMN, "problem");
		cli_fold(stdout, text, COLUMN, WIDTH);
		putchar('\n');
		free(text);
	}
}

static bool read_machine(struct machine *m, int source, const char *path)
{
	switch (source) {
	case KEY_ACPI:
		return source_acpi(m, path);
	case KEY_DTB:
		return source_dtb(m, path);
	default:
		return source_system(m, path);
	}
}

/* Tables alone do not name a kernel: the running one is assumed then. */
static void running_kernel(struct machine *m)
{
	struct utsname name;

	if (!m->kernel && !uname(&name))
		machine_set_kernel(m, name.release);
}

static int inspect(struct machine *m, int source, const char *path, bool json)
{
	struct verdict verdict[SUBJECTS];
	int code;

	if (!read_machine(m, source, path))
		return CLI_FAILED;
	if (source == KEY_ACPI || source == KEY_DTB)
		running_kernel(m);
	verdict_make(m, verdict);
	code = machine_unknown(m) ? CLI_FAILED : CLI_DONE;
	if (json) {
		if (tojson_print(inspect_json(m, verdict)))
			code = CLI_FAILED;
	} else {
		print_facts(m);
		print_verdict(verdict);
		print_problems(m);
	}
	verdict_free(verdict);
	return code;
}

static int inspect_main(const struct command *self, int argc, char **argv)
{
	const char *path = "";
	struct machine m;
	bool json = false;
	int source = 0, code, key;

	machine_init(&m);
	while ((key = command_next_option(self, argc, argv)) != -1) {
		if (key == KEY_JSON) {
			json = true;
		} else if (key == KEY_KERNEL) {
			if (!machine_set_kernel(&m, optarg))
				return command_usage(
					self,
					"--kernel %s: not a version like 6.12 or 6.1.0-40-amd64",
					optarg);
		} else {
			if (source)
				return command_usage(self,
						     "give only one of --acpi, --dtb and --sysfs");
			source = key;
			path = optarg;
		}
	}
	if (optind < argc)
		return command_usage(self, "%s: name files by --acpi, --dtb or --sysfs",
				     argv[optind]);
	code = inspect(&m, source, path, json);
	machine_free(&m);
	return code;
}

static const struct command_option options[] = {
	{KEY_ACPI, "acpi", "FILE",
	 "read ACPI tables: a MADT, a file with several tables, or a folder "
	 "of them, as /sys/firmware/acpi/tables or what acpixtract makes"},
	{KEY_DTB, "dtb", "FILE", "read a compiled device tree"},
	{KEY_SYSFS, "sysfs", "DIR",
	 "read a copy of another machine's /sys and /proc: DIR/sys/firmware, "
	 "DIR/sys/devices/system/cpu, DIR/proc/iomem and others, if present"},
	{KEY_KERNEL, "kernel", "VERSION",
	 "answer for this version of Linux instead of the running one"},
	{KEY_JSON, "json", NULL, "print JSON, as docs/inspect.schema.json describes it"},
	{0},
};

static const struct command_example examples[] = {
	{"What this machine offers", "sudo baton inspect"},
	{"What another machine offers, with another kernel",
	 "baton inspect --acpi apic.dat --kernel 6.1"},
	{"A board's device tree", "baton inspect --dtb bcm2711-rpi-4-b.dtb"},
	{"Copy the tables of a machine without baton",
	 "mkdir -p dump/sys/firmware/acpi && sudo cp -r /sys/firmware/acpi/tables "
	 "dump/sys/firmware/acpi/"},
	{"How many CPUs kexec would leave, for a program",
	 "baton inspect --json | jq .verdict.kexec"},
	{0},
};

const struct command inspect_command = {
	.name = "inspect",
	.summary = "report how CPUs can be started here, and what kexec would lose",
	.usage = "[--kernel VERSION] [--json]\n"
		 "--acpi FILE|--dtb FILE|--sysfs DIR [--kernel VERSION] [--json]",
	.text = "Reads the ACPI tables or the device tree of this machine, or those "
		"that are given. Lists the CPUs, and how each can be started: by INIT "
		"and SIPI, by an ACPI wakeup mailbox, by PSCI or by a spin-table. Reports "
		"whether CPUs can be returned, and whether baton holds them.\n\n"
		"Then it reports what this means with the running kernel: whether CPUs "
		"start and can be put offline, how many CPUs kexec and a crash kernel "
		"leave, and what baton would change. Each answer begins with one word: "
		"\"works\"; \"unproven\" (works, but nothing verifies it); \"limited\" "
		"(CPUs are lost); \"refused\" by the kernel; or \"hangs\".\n\n"
		"Errors in the tables are listed last. If no answer is possible because "
		"of them, the exit code is 1. Only root can read the tables of the running "
		"system.",
	.options = options,
	.examples = examples,
	.main = inspect_main,
};
