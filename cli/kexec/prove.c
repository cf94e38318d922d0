/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "prove.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/machine/batn.h"

#define CPUS "/sys/devices/system/cpu"
#define FILE_MAX (16u << 20)
#define CPUS_MAX 8192
#define PAUSE_US 20000

struct cpu {
	unsigned number; /* Linux's */
	bool has_id, is_offline;
	uint32_t id;		 /* in BATN */
	uint32_t returns, tests; /* before it was taken offline */
	const char *lacks;	 /* what is not proven of it; NULL: nothing */
};

struct proof {
	const char *root;
	struct cpu *cpus;	   /* the first stays online */
	size_t ncpus;		   /* 0: baton is not in force */
	struct baton_table *table; /* the last copy */
	bool last;		   /* prove_at_last(): nothing can be refused any more */
};

/* What to do about an error; nothing can be done at last. */
static const char *advice(const struct proof *proof, const char *text)
{
	return proof->last ? "" : text;
}

/* The CPUs that are online. */

static void add_cpu(struct proof *proof, unsigned number)
{
	proof->cpus = cli_grow(proof->cpus, proof->ncpus + 1, sizeof(*proof->cpus));
	proof->cpus[proof->ncpus++] = (struct cpu){.number = number};
}

/* "0-3,6": ranges, as Linux prints them. */
static bool add_ranges(struct proof *proof, const char *text)
{
	while (*text && *text != '\n') {
		char *end;
		unsigned long from = strtoul(text, &end, 10), to = from;

		if (end == text)
			return false;
		if (*end == '-') {
			text = end + 1;
			to = strtoul(text, &end, 10);
			if (end == text)
				return false;
		}
		if (to < from || to >= CPUS_MAX)
			return false;
		for (; from <= to; from++)
			add_cpu(proof, (unsigned)from);
		text = end + (*end == ',');
	}
	return proof->ncpus;
}

static bool find_online(struct proof *proof)
{
	char *path = cli_text("%s" CPUS "/online", proof->root);
	char *text = cli_read_file(path, FILE_MAX, NULL);
	bool good = text && add_ranges(proof, text);

	if (!text)
		cli_error("%s: %s: the CPUs can't be taken offline%s", path, strerror(errno),
			  advice(proof, "; --no-prove does without the proof"));
	else if (!good)
		cli_error("%s: no list of CPUs%s", path,
			  advice(proof, ": --no-prove does without the proof"));
	free(text);
	free(path);
	return good;
}

/* x86-64: "processor : 3" and further down "apicid : 6", for each CPU that is online. */
static void ids_of_cpuinfo(struct proof *proof)
{
	char *path = cli_text("%s/proc/cpuinfo", proof->root), *rest;
	char *text = cli_read_file(path, FILE_MAX, NULL);
	unsigned number = CPUS_MAX, id;

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "processor : %u", &number) == 1 ||
		    sscanf(line, "apicid : %u", &id) != 1)
			continue;
		for (size_t i = 0; i < proof->ncpus; i++)
			if (proof->cpus[i].number == number) {
				proof->cpus[i].id = id;
				proof->cpus[i].has_id = true;
			}
	}
	free(text);
	free(path);
}

/* arm64: the CPU's "reg" in the device tree is its MPIDR, in one cell or two. */
static void id_of_node(struct proof *proof, struct cpu *cpu)
{
	char *path = cli_text("%s" CPUS "/cpu%u/of_node/reg", proof->root, cpu->number);
	size_t length;
	uint8_t *reg = cli_read_file(path, 16, &length);

	if (reg && (length == 4 || length == 8)) {
		uint64_t mpidr = 0;

		for (size_t i = 0; i < length; i++)
			mpidr = mpidr << 8 | reg[i];
		cpu->id = batn_id_of_mpidr(mpidr);
		cpu->has_id = true;
	}
	free(reg);
	free(path);
}

static bool find_ids(struct proof *proof)
{
	ids_of_cpuinfo(proof);
	for (size_t i = 0; i < proof->ncpus; i++) {
		struct cpu *cpu = &proof->cpus[i];

		if (!cpu->has_id)
			id_of_node(proof, cpu);
		if (!cpu->has_id) {
			cli_error("CPU %u: neither /proc/cpuinfo nor the device tree has its ID, "
				  "by which BATN knows it%s",
				  cpu->number,
				  advice(proof, ": --no-prove does without the proof"));
			return false;
		}
	}
	return true;
}

/* BATN. */

/* Returns false after an error; *in_force is whether there is a table. */
static bool read_table(struct proof *proof, bool *in_force)
{
	char *path = cli_text("%s" BATN_LIVE, proof->root);
	const char *why;

	free(proof->table);
	proof->table = *proof->root ? batn_load(path, &why) : batn_load_live(&why);
	free(path);
	*in_force = proof->table || errno != ENOENT;
	if (!proof->table && *in_force)
		cli_error("the BATN table: %s: no CPU can be proven to have left%s", why,
			  advice(proof, "; --no-prove leaves it to Linux"));
	return proof->table || !*in_force;
}

static const struct baton_cpu_record *record_of(const struct proof *proof, uint32_t id)
{
	for (uint32_t i = 0; i < proof->table->ncpus; i++)
		if (baton_table_record(proof->table, i)->apic_id == id)
			return baton_table_record(proof->table, i);
	return NULL;
}

static bool find_records(struct proof *proof)
{
	for (size_t i = 0; i < proof->ncpus; i++) {
		struct cpu *cpu = &proof->cpus[i];
		const struct baton_cpu_record *record = record_of(proof, cpu->id);

		if (!record) {
			cli_error("CPU %u (ID 0x%" PRIx32 ") is not in BATN: baton can't take it%s",
				  cpu->number, cpu->id,
				  advice(proof, ": --no-prove leaves it to Linux"));
			return false;
		}
		cpu->returns = baton_count_value(record->returns);
		cpu->tests = baton_count_value(record->tests);
	}
	return true;
}

/* The counts are modulo 2^32, and it is a moment since they were read. */
static const char *what_lacks(const struct proof *proof, const struct cpu *cpu)
{
	const struct baton_cpu_record *record = record_of(proof, cpu->id);

	if (!record || baton_count_value(record->returns) == cpu->returns)
		return "has not arrived";
	if (baton_count_value(record->state) != BATON_CPU_HELD)
		return "is not held";
	if (proof->table->mailbox && baton_count_value(record->tests) == cpu->tests)
		return "has not answered TEST";
	return NULL;
}

static bool all_proven(struct proof *proof)
{
	size_t lacking = 0;

	for (size_t i = 1; i < proof->ncpus; i++) {
		struct cpu *cpu = &proof->cpus[i];

		cpu->lacks = cpu->is_offline ? what_lacks(proof, cpu) : NULL;
		lacking += cpu->lacks != NULL;
	}
	cli_progress("CPUs proven to be held", proof->ncpus - 1 - lacking, proof->ncpus - 1);
	return !lacking;
}

static bool is_online(const struct proof *proof, uint32_t id)
{
	for (size_t i = 0; i < proof->ncpus; i++)
		if (proof->cpus[i].id == id)
			return true;
	return false;
}

/* A CPU that is with a kernel, but not among those of Linux, could be anywhere. */
static bool others_are_held(const struct proof *proof)
{
	bool good = true;

	for (uint32_t i = 0; i < proof->table->ncpus; i++) {
		const struct baton_cpu_record *record = baton_table_record(proof->table, i);

		if (baton_count_value(record->state) != BATON_CPU_RELEASED ||
		    is_online(proof, record->apic_id))
			continue;
		cli_error("the CPU with ID 0x%" PRIx32
			  " is offline, but not held: it may still execute the memory of this "
			  "kernel%s",
			  record->apic_id,
			  advice(proof, ": not started; take it online and offline again"));
		good = false;
	}
	return good;
}

/* Offline and online. */

static bool write_online(const struct proof *proof, const struct cpu *cpu, char value)
{
	char *path = cli_text("%s" CPUS "/cpu%u/online", proof->root, cpu->number);
	int fd = open(path, O_WRONLY | O_CLOEXEC), error = errno;
	bool good = fd >= 0;

	free(path);
	if (good && write(fd, &value, 1) != 1) {
		error = errno;
		good = false;
	}
	if (fd >= 0)
		close(fd);
	errno = error;
	return good;
}

/* Ends at the first that can't go, but for prove_at_last(). */
static bool take_offline(struct proof *proof)
{
	bool good = true;

	for (size_t i = 1; i < proof->ncpus; i++) {
		struct cpu *cpu = &proof->cpus[i];

		cli_progress("CPUs taken offline", i - 1, proof->ncpus - 1);
		cpu->is_offline = write_online(proof, cpu, '0');
		if (cpu->is_offline)
			continue;
		good = false;
		cli_error("CPU %u can't be taken offline: %s%s", cpu->number, strerror(errno),
			  advice(proof, ": not started; --no-prove leaves it to Linux"));
		if (!proof->last)
			break;
	}
	cli_progress_end();
	return good;
}

/* Linux waits without end for a CPU that it wakes: one that is not proven stays offline. */
static void take_online(const struct proof *proof)
{
	for (size_t i = 1; i < proof->ncpus; i++) {
		const struct cpu *cpu = &proof->cpus[i];

		if (!cpu->is_offline)
			continue;
		if (cpu->lacks)
			cli_warning("CPU %u stays offline: Linux would wait for it without end: "
				    "\"baton inspect\" tells when it is held",
				    cpu->number);
		else if (!write_online(proof, cpu, '1'))
			cli_warning("CPU %u does not come online again: %s", cpu->number,
				    strerror(errno));
	}
}

static bool wait_for_proof(struct proof *proof, unsigned timeout_ms)
{
	bool in_force;

	for (uint64_t waited_us = 0;; waited_us += PAUSE_US) {
		if (!read_table(proof, &in_force) || !in_force)
			return false;
		if (all_proven(proof)) {
			cli_progress_end();
			return true;
		}
		if (waited_us >= timeout_ms * UINT64_C(1000))
			break;
		usleep(PAUSE_US);
	}
	cli_progress_end();
	return false;
}

static void report_unproven(const struct proof *proof)
{
	for (size_t i = 1; i < proof->ncpus; i++)
		if (proof->cpus[i].lacks)
			cli_error("CPU %u (ID 0x%" PRIx32 ") was taken offline, and %s: it may "
				  "still execute the memory of this kernel%s",
				  proof->cpus[i].number, proof->cpus[i].id, proof->cpus[i].lacks,
				  advice(proof, ": not started; try again, with a longer "
						"--prove-timeout on a busy host, or restart the "
						"machine"));
}

static void free_proof(struct proof *proof)
{
	free(proof->table);
	free(proof->cpus);
	free(proof);
}

static bool find_cpus(struct proof *proof)
{
	return find_online(proof) && find_ids(proof) && find_records(proof);
}

static void print_proven(const struct proof *proof)
{
	printf("CPUs: %zu taken offline and proven to be held\n", proof->ncpus - 1);
}

static bool prove(struct proof *proof, unsigned timeout_ms)
{
	if (!find_cpus(proof) || !others_are_held(proof))
		return false;
	if (!take_offline(proof)) {
		/* Those that have gone are to be held before they are woken. */
		wait_for_proof(proof, timeout_ms);
		take_online(proof);
		return false;
	}
	if (!wait_for_proof(proof, timeout_ms)) {
		report_unproven(proof);
		take_online(proof);
		return false;
	}
	print_proven(proof);
	return true;
}

struct proof *prove_cpus(const char *root, unsigned timeout_ms)
{
	struct proof *proof = cli_alloc(sizeof(*proof));
	bool in_force;

	proof->root = root;
	if (read_table(proof, &in_force) && (!in_force || prove(proof, timeout_ms)))
		return proof;
	free_proof(proof);
	return NULL;
}

void prove_undo(struct proof *proof)
{
	take_online(proof);
	free_proof(proof);
}

/* As prove(), but it takes what can be taken, and leaves it offline. */
static bool prove_what_can_be(struct proof *proof, unsigned timeout_ms)
{
	bool good;

	if (!find_cpus(proof))
		return false;
	good = others_are_held(proof);
	good &= take_offline(proof);
	if (!wait_for_proof(proof, timeout_ms)) {
		report_unproven(proof);
		return false;
	}
	if (good)
		print_proven(proof);
	return good;
}

/* "CPU 2, CPU 3": those that are with this kernel, or may be.  To be freed. */
static char *unproven(const struct proof *proof)
{
	char *names = NULL;

	for (size_t i = 1; i < proof->ncpus; i++) {
		const struct cpu *cpu = &proof->cpus[i];
		char *longer;

		if (cpu->is_offline && !cpu->lacks)
			continue;
		longer = cli_text("%s%sCPU %u", names ? names : "", names ? ", " : "", cpu->number);
		free(names);
		names = longer;
	}
	return names ? names : cli_text("CPUs that were offline before");
}

bool prove_at_last(const char *root, unsigned timeout_ms, char **names)
{
	struct proof *proof = cli_alloc(sizeof(*proof));
	bool in_force, good;

	proof->root = root;
	proof->last = true;
	good = read_table(proof, &in_force) && (!in_force || prove_what_can_be(proof, timeout_ms));
	*names = good ? NULL : proof->table ? unproven(proof) : cli_text("any CPU");
	free_proof(proof);
	return good;
}
