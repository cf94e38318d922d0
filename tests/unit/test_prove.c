/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * cli/kexec/prove.c, on files that stand for a system: a thread is Linux and the resident,
 * which change BATN when a CPU is taken offline.
 */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <baton/acpi.h>
#include <baton/table.h>

#include "cli/kexec/prove.h"

#define NCPUS 4
#define NONE 99
#define TIMEOUT_MS 200

static char root[] = "/tmp/baton-prove.XXXXXX";
static struct {
	struct baton_table table;
	struct baton_cpu_record cpu[NCPUS + 1]; /* the last is offline from the start */
} batn;

/* What goes wrong: this CPU does not do that. */
static struct {
	unsigned arrives, is_held, answers;
} never;

static volatile bool over;

/* prove_at_last() is called, and what it returned. */
static bool at_last, last_was_good;
static char *last_names;

static void put(const char *name, const void *data, size_t length)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = 0;
		mkdir(path, 0700);
	}
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, length, f), length);
	fclose(f);
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

static char *path_of_online(unsigned cpu)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/cpu%u/online", root, cpu);
	return path;
}

/* What Linux was told last; '?' if it takes nothing. */
static char online(unsigned cpu)
{
	int fd = open(path_of_online(cpu), O_RDONLY);
	char value = '?';

	if (fd >= 0 && pread(fd, &value, 1, 0) != 1)
		value = '?';
	if (fd >= 0)
		close(fd);
	return value;
}

static void write_batn(void)
{
	acpi_set_checksum((struct acpi_header *)batn.table.acpi_header);
	put("sys/firmware/acpi/tables/BATN", &batn, sizeof(batn));
}

static void count(baton_count *of)
{
	*of += BATON_COUNT_ONE;
}

static int set_up(void **state)
{
	struct acpi_header *header = (struct acpi_header *)batn.table.acpi_header;
	char text[64];

	(void)state;
	strcpy(root + strlen(root) - 6, "XXXXXX");
	assert_non_null(mkdtemp(root));
	memset(&batn, 0, sizeof(batn));
	memcpy(header->signature, BATON_TABLE_SIGNATURE, 4);
	header->length = sizeof(batn);
	batn.table.version = BATON_TABLE_VERSION;
	batn.table.record_size = BATON_CPU_RECORD_SIZE;
	batn.table.ncpus = NCPUS + 1;
	batn.table.mailbox = 0x1000;
	batn.table.held = batn.table.wait = batn.table.entries_written = baton_count_of(0);
	for (unsigned i = 0; i <= NCPUS; i++) {
		baton_count *counts = (void *)((uint8_t *)&batn.cpu[i] + BATON_RECORD_STATE);

		batn.cpu[i].apic_id = 2 * i;
		for (size_t k = 0; k < (sizeof(batn.cpu[i]) - BATON_RECORD_STATE) / sizeof(*counts);
		     k++)
			counts[k] = baton_count_of(7);
		batn.cpu[i].state = baton_count_of(i < NCPUS ? BATON_CPU_RELEASED : BATON_CPU_HELD);
	}
	write_batn();
	put_text("sys/devices/system/cpu/online", "0,1-2,3\n");
	put_text("proc/cpuinfo",
		 "processor\t: 0\napicid\t\t: 0\ninitial apicid\t: 99\n\n"
		 "processor\t: 1\napicid\t\t: 2\n\nprocessor\t: 2\napicid\t\t: 4\n\n"
		 "processor\t: 3\napicid\t\t: 6\n");
	for (unsigned i = 1; i < NCPUS; i++) {
		snprintf(text, sizeof(text), "sys/devices/system/cpu/cpu%u/online", i);
		put_text(text, "1");
	}
	never.arrives = never.is_held = never.answers = NONE;
	at_last = false;
	return 0;
}

static int tear_down(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void take(unsigned i)
{
	struct baton_cpu_record *record = &batn.cpu[i];

	if (i == never.arrives)
		return;
	count(&record->returns);
	if (i != never.is_held)
		record->state = baton_count_of(BATON_CPU_HELD);
	if (i != never.answers)
		count(&record->tests);
}

static void *system_of(void *unused)
{
	bool taken[NCPUS] = {false};

	(void)unused;
	while (!over) {
		for (unsigned i = 1; i < NCPUS; i++)
			if (!taken[i] && online(i) == '0') {
				taken[i] = true;
				take(i);
				write_batn();
			}
		usleep(1000);
	}
	return NULL;
}

/* What stderr says is in @said. */
static struct proof *prove(char *said, size_t size)
{
	char path[256];
	struct proof *proof = NULL;
	pthread_t thread;
	int saved = dup(2), fd;
	ssize_t length;

	snprintf(path, sizeof(path), "%s/said", root);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0 && saved >= 0);
	dup2(fd, 2);
	over = false;
	assert_int_equal(pthread_create(&thread, NULL, system_of, NULL), 0);
	if (at_last)
		last_was_good = prove_at_last(root, TIMEOUT_MS, &last_names);
	else
		proof = prove_cpus(root, TIMEOUT_MS);
	over = true;
	pthread_join(thread, NULL);
	dup2(saved, 2);
	close(saved);
	length = pread(fd, said, size - 1, 0);
	assert_true(length >= 0);
	said[length] = 0;
	close(fd);
	return proof;
}

static void all_are_proven(void **state)
{
	char said[1024];
	struct proof *proof = prove(said, sizeof(said));

	(void)state;
	assert_non_null(proof);
	for (unsigned i = 1; i < NCPUS; i++)
		assert_int_equal(online(i), '0');
	prove_undo(proof);
	for (unsigned i = 1; i < NCPUS; i++)
		assert_int_equal(online(i), '1');
}

/* It names CPU @i, if that is one of Linux's, and leaves it as it is; the others are online. */
static void refuses(unsigned i, const char *cpu, const char *what)
{
	char said[1024];

	if (prove(said, sizeof(said)))
		fail_msg("proven, though %s %s", cpu, what);
	if (!strstr(said, cpu) || !strstr(said, what) || !strstr(said, "not started"))
		fail_msg("not said of %s: %s: %s", cpu, what, said);
	for (unsigned k = 1; k < NCPUS; k++)
		assert_int_equal(online(k), k == i ? '0' : '1');
}

static void one_does_not_arrive(void **state)
{
	(void)state;
	never.arrives = 2;
	refuses(2, "CPU 2 (ID 0x4)", "has not arrived");
}

static void one_is_not_held(void **state)
{
	(void)state;
	never.is_held = 3;
	refuses(3, "CPU 3 (ID 0x6)", "is not held");
}

static void one_does_not_answer(void **state)
{
	(void)state;
	never.answers = 1;
	refuses(1, "CPU 1 (ID 0x2)", "has not answered TEST");
}

/* There is no TEST without a mailbox: PSCI's AFFINITY_INFO is Linux's own proof. */
static void none_is_asked_without_a_mailbox(void **state)
{
	char said[1024];
	struct proof *proof;

	(void)state;
	never.answers = 1;
	batn.table.mailbox = 0;
	write_batn();
	proof = prove(said, sizeof(said));
	assert_non_null(proof);
	prove_undo(proof);
}

static void one_offline_is_not_held(void **state)
{
	(void)state;
	batn.cpu[NCPUS].state = baton_count_of(BATON_CPU_RELEASED);
	write_batn();
	refuses(NONE, "ID 0x8", "is offline, but not held");
}

static void one_can_not_go_offline(void **state)
{
	char said[1024];

	(void)state;
	assert_int_equal(unlink(path_of_online(2)), 0);
	assert_null(prove(said, sizeof(said)));
	assert_non_null(strstr(said, "CPU 2 can't be taken offline"));
	assert_int_equal(online(1), '1');
	put_text("sys/devices/system/cpu/cpu2/online", "1");
}

static void a_broken_table_proves_nothing(void **state)
{
	char said[1024];

	(void)state;
	batn.table.version = 77;
	write_batn();
	assert_null(prove(said, sizeof(said)));
	assert_non_null(strstr(said, "the BATN table"));
	assert_int_equal(online(1), '1');
}

static void nothing_is_done_without_baton(void **state)
{
	char said[1024], path[256];
	struct proof *proof;

	(void)state;
	snprintf(path, sizeof(path), "%s/sys/firmware/acpi/tables/BATN", root);
	assert_int_equal(unlink(path), 0);
	proof = prove(said, sizeof(said));
	assert_non_null(proof);
	assert_int_equal(online(1), '1');
	prove_undo(proof);
}

static void ids_of_a_device_tree(void **state)
{
	static const uint8_t mpidr[] = {0, 0, 0, 1, 0, 0, 2, 3};
	char said[1024];
	struct proof *proof;

	(void)state;
	put_text("proc/cpuinfo", "processor\t: 0\n");
	for (unsigned i = 0; i < NCPUS; i++) {
		char name[64];
		uint8_t reg[8];

		memcpy(reg, mpidr, 8);
		reg[7] = (uint8_t)i;
		snprintf(name, sizeof(name), "sys/devices/system/cpu/cpu%u/of_node/reg", i);
		put(name, reg, sizeof(reg));
		batn.cpu[i].apic_id = 0x01000200 + i;
	}
	batn.table.mailbox = 0;
	write_batn();
	proof = prove(said, sizeof(said));
	assert_non_null(proof);
	assert_int_equal(online(3), '0');
	prove_undo(proof);
}

static void a_cpu_without_an_id(void **state)
{
	char said[1024];

	(void)state;
	put_text("proc/cpuinfo", "processor : 0\napicid : 0\n");
	assert_null(prove(said, sizeof(said)));
	assert_non_null(strstr(said, "CPU 1: neither"));
	assert_int_equal(online(1), '1');
}

/* At last: what can be taken is, and stays offline; nobody is told what to do. */

static void says_at_last(const char *names, const char *what)
{
	bool good = !names;

	char said[1024];

	at_last = true;
	prove(said, sizeof(said));
	assert_int_equal(last_was_good, good);
	if (names)
		assert_string_equal(last_names, names);
	else
		assert_null(last_names);
	free(last_names);
	if (!strstr(said, what) || (good && *said))
		fail_msg("not said: %s: %s", what, said);
	assert_null(strstr(said, "not started"));
	assert_null(strstr(said, "--"));
}

static void all_are_proven_at_last(void **state)
{
	(void)state;
	says_at_last(NULL, "");
	for (unsigned i = 1; i < NCPUS; i++)
		assert_int_equal(online(i), '0');
}

static void one_does_not_arrive_at_last(void **state)
{
	(void)state;
	never.arrives = 2;
	says_at_last("CPU 2", "CPU 2 (ID 0x4) was taken offline, and has not arrived");
	for (unsigned i = 1; i < NCPUS; i++)
		assert_int_equal(online(i), '0');
}

static void one_can_not_go_offline_at_last(void **state)
{
	(void)state;
	assert_int_equal(unlink(path_of_online(2)), 0);
	says_at_last("CPU 2", "CPU 2 can't be taken offline: No such file");
	assert_int_equal(online(1), '0');
	assert_int_equal(online(3), '0');
	put_text("sys/devices/system/cpu/cpu2/online", "1");
}

static void one_offline_is_not_held_at_last(void **state)
{
	(void)state;
	batn.cpu[NCPUS].state = baton_count_of(BATON_CPU_RELEASED);
	write_batn();
	says_at_last("CPUs that were offline before", "ID 0x8 is offline, but not held");
	for (unsigned i = 1; i < NCPUS; i++)
		assert_int_equal(online(i), '0');
}

static void a_broken_table_proves_nothing_at_last(void **state)
{
	(void)state;
	batn.table.version = 77;
	write_batn();
	says_at_last("any CPU", "no CPU can be proven to have left");
	assert_int_equal(online(1), '1');
}

static void nothing_is_done_without_baton_at_last(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof(path), "%s/sys/firmware/acpi/tables/BATN", root);
	assert_int_equal(unlink(path), 0);
	says_at_last(NULL, "");
	assert_int_equal(online(1), '1');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_are_proven),
		TEST(one_does_not_arrive),
		TEST(one_is_not_held),
		TEST(one_does_not_answer),
		TEST(none_is_asked_without_a_mailbox),
		TEST(one_offline_is_not_held),
		TEST(one_can_not_go_offline),
		TEST(a_broken_table_proves_nothing),
		TEST(nothing_is_done_without_baton),
		TEST(ids_of_a_device_tree),
		TEST(a_cpu_without_an_id),
		TEST(all_are_proven_at_last),
		TEST(one_does_not_arrive_at_last),
		TEST(one_can_not_go_offline_at_last),
		TEST(one_offline_is_not_held_at_last),
		TEST(a_broken_table_proves_nothing_at_last),
		TEST(nothing_is_done_without_baton_at_last),
	};

	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
