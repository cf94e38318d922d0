/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "load.h"

#include <errno.h>
#include <time.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "cli/cli.h"
#include "cli/machine/batn.h"

/* For how long this kernel has run. */
static uint64_t up_us(void)
{
	struct timespec up;

	if (clock_gettime(CLOCK_BOOTTIME, &up))
		return 0;
	return (uint64_t)up.tv_sec * 1000000 + (uint64_t)up.tv_nsec / 1000;
}

/* *now becomes the time-stamp counter if the table is this machine's, else 0. */
static struct baton_table *load_table(const char *path, uint64_t *now)
{
	const char *why;
	struct baton_table *table = path ? batn_load(path, &why) : batn_load_live(&why);

	*now = 0;
	if (table) {
#if defined(__x86_64__)
		if (!path)
			*now = __rdtsc();
#elif defined(__aarch64__)
		if (!path)
			__asm__ volatile("mrs %0, cntvct_el0" : "=r"(*now));
#endif
		return table;
	}
	if (path)
		cli_error("%s: %s: give a copy of " BATN_LIVE, path, why);
	else if (errno == EACCES)
		cli_error(BATN_LIVE ": %s: run it as root, or give a copy of that file", why);
	else if (errno != ENOENT)
		cli_error("the BATN table: %s", why);
	else
		cli_error(BATN_LIVE
			  ": %s: baton is not in force here: see \"baton status\", or give a copy "
			  "of that file from another machine",
			  why);
	return NULL;
}

bool load_timeline(struct timeline *t, const char *path)
{
	uint64_t now;
	struct baton_table *table = load_table(path, &now);

	if (table)
		timeline_make(t, table, now, now ? up_us() : 0);
	return table;
}
