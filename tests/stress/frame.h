/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The frame of a stress test that is one TAP test and one program: threads for CPUs and for
 * those who start them, and one that watches for a hang.  Before the #include: TEST_NAME, CPUS.
 * The test defines report_cpu() and progress().
 */
#ifndef TESTS_STRESS_FRAME_H
#define TESTS_STRESS_FRAME_H

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "chance.h"

#define HANG_SECONDS 20

#define GET(word) __atomic_load_n(&(word), __ATOMIC_SEQ_CST)
#define SET(word, value) __atomic_store_n(&(word), value, __ATOMIC_SEQ_CST)
#define ADD(word) __atomic_fetch_add(&(word), 1, __ATOMIC_SEQ_CST)

/* Print on one line, without its end, where CPU @number is. */
static void report_cpu(uint32_t number);

/* A number that changes as long as anything moves. */
static uint64_t progress(void);

/* A property is violated: report it, and where every CPU is, and end the program. */
static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	printf("not ok 1 - " TEST_NAME "\n# ");
	vprintf(text, arguments);
	va_end(arguments);
	for (uint32_t i = 0; i < CPUS; i++) {
		printf("\n# CPU %u: ", i);
		report_cpu(i);
	}
	printf("\n1..1\n");
	fflush(stdout);
	_exit(1);
}

static void *watch(void *unused)
{
	uint64_t last = 0;

	(void)unused;
	for (unsigned quiet = 0; quiet < HANG_SECONDS; sleep(1)) {
		uint64_t now = progress();

		quiet = now == last ? quiet + 1 : 0;
		last = now;
	}
	fail("nothing has moved for %u seconds", HANG_SECONDS);
}

/* Start @n threads, which get their numbers. */
static void start_threads(pthread_t *threads, uint32_t n, void *(*run)(void *number))
{
	for (uint32_t i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i))
			fail("no thread");
}

#endif /* TESTS_STRESS_FRAME_H */
