/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The BATN table as inspect, ledger and report get it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <baton/acpi.h>
#include <baton/x86_64/area.h>

#include "batn.h"
#include "cli/cli.h"
#include "reserved.h"

#define TRIES 100
#define PAUSE_US 1000

/* Why /dev/mem could not be read, through which the area of a device tree is read. */
static const char *why_unreadable(int error)
{
	switch (error) {
	case EACCES:
		return "the area is read through /dev/mem: run it as root";
	case EPERM:
		return "the kernel does not allow reading the area through /dev/mem: it is "
		       "locked down, or must be booted with iomem=relaxed";
	case ENXIO:
		return "the area can't be read: this kernel has no /dev/mem";
	default:
		return strerror(error);
	}
}

/* From the device tree's reserved memory; with ACPI there is no such node. */
static void *read_reserved(size_t *size)
{
	void *table = cli_alloc(BATON_TABLE_MAX);

	*size = reserved_table(table, BATON_TABLE_MAX);
	if (*size)
		return table;
	free(table);
	return NULL;
}

static struct baton_table *load(const char *path, const char **why)
{
	for (int tries = 0; tries < TRIES; tries++) {
		size_t size;
		struct baton_table *table =
			path ? cli_read_file(path, BATON_TABLE_MAX, &size) : read_reserved(&size);

		if (!table) {
			*why = path ? strerror(errno) : why_unreadable(errno);
			return NULL;
		}
		*why = baton_table_check(table, size);
		if (!*why)
			return table;
		free(table);
		if (path && !strcmp(path, "-")) /* can't be read twice */
			break;
		usleep(PAUSE_US);
	}
	errno = EBADMSG;
	return NULL;
}

struct baton_table *batn_load(const char *path, const char **why)
{
	return load(path, why);
}

struct baton_table *batn_load_live(const char **why)
{
	struct baton_table *table = load(BATN_LIVE, why);

	return table || errno != ENOENT ? table : load(NULL, why);
}

uint32_t batn_id_of_mpidr(uint64_t mpidr)
{
	return (uint32_t)((mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24);
}

const char *batn_state_name(uint32_t state)
{
	static const char *const names[] = {
		[BATON_CPU_MISSING] = "missing", [BATON_CPU_COLLECTING] = "collecting",
		[BATON_CPU_HELD] = "held",	 [BATON_CPU_RELEASED] = "released",
		[BATON_CPU_FAILED] = "failed",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

const char *batn_wait_name(uint32_t wait)
{
	static const char *const names[] = {[BATON_WAIT_PAUSE] = "pause",
					    [BATON_WAIT_HLT] = "hlt",
					    [BATON_WAIT_MWAIT] = "mwait"};

	return wait < sizeof(names) / sizeof(names[0]) ? names[wait] : NULL;
}

const char *batn_event_name(uint32_t event)
{
	static const char *const names[] = {
		[BATON_EVENT_RETURN] = "return", [BATON_EVENT_RELEASE] = "release",
		[BATON_EVENT_KEPT] = "kept",	 [BATON_EVENT_TEST] = "test",
		[BATON_EVENT_FAILED] = "failed", [BATON_EVENT_COLLECTED] = "collected",
	};

	return event < sizeof(names) / sizeof(names[0]) ? names[event] : NULL;
}
