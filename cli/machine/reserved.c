/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "reserved.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NODES "/proc/device-tree/reserved-memory/*/baton,table"

/* The big-endian cells of property @name beside @path, at most 4 of them; returns how many. */
static size_t read_cells(const char *path, const char *name, uint32_t cell[4])
{
	const char *slash = strrchr(path, '/');
	char other[512];
	uint8_t bytes[16];
	size_t n;
	FILE *f;

	snprintf(other, sizeof(other), "%.*s/%s", (int)(slash - path), path, name);
	f = fopen(other, "rb");
	if (!f)
		return 0;
	n = fread(bytes, 4, 4, f);
	fclose(f);
	for (size_t i = 0; i < n; i++)
		cell[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 |
			  bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
	return n;
}

/* Finds the table in the area; returns the number of bytes from there to the area's end, or 0. */
static size_t find(uint64_t *address)
{
	uint32_t reg[4], table[4];
	uint64_t base, size;
	glob_t found;
	size_t cells = 0, n = 0;

	if (!glob(NODES, 0, NULL, &found)) {
		n = read_cells(found.gl_pathv[0], "baton,table", table);
		cells = read_cells(found.gl_pathv[0], "reg", reg);
	}
	globfree(&found);
	if (n != 1 || (cells != 2 && cells != 4))
		return 0;
	base = cells == 2 ? reg[0] : (uint64_t)reg[0] << 32 | reg[1];
	size = cells == 2 ? reg[1] : (uint64_t)reg[2] << 32 | reg[3];
	if (table[0] >= size)
		return 0;
	*address = base + table[0];
	return size - table[0];
}

/*
 * The kernel maps memory that is not its own as a device: each access must be aligned.
 * The table's fields are aligned, and each count is read by one access.
 */
static void copy(void *to, const volatile uint64_t *from, size_t length)
{
	for (size_t i = 0; i < length / sizeof(*from); i++) {
		uint64_t word = from[i];

		memcpy((uint8_t *)to + i * sizeof(word), &word, sizeof(word));
	}
}

/* The table's own length is read first: memory behind the table may not be readable. */
static size_t copy_table(void *to, size_t max, const volatile uint64_t *from, size_t room)
{
	size_t length = from[0] >> 32; /* of the ACPI header: the signature, then this */

	if (length > room)
		length = room;
	if (length > max)
		length = max;
	copy(to, from, length);
	return length;
}

size_t reserved_table(void *to, size_t max)
{
	uint64_t address, within;
	size_t length = find(&address), copied;
	uint8_t *map;
	int memory;

	if (!length) {
		errno = ENOENT;
		return 0;
	}
	memory = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	if (memory < 0) {
		if (errno == ENOENT)
			errno = ENXIO;
		return 0;
	}
	/* The table begins with a page of 4 KiB, which may be in the middle of the kernel's. */
	within = address % (uint64_t)sysconf(_SC_PAGESIZE);
	map = mmap(NULL, within + length, PROT_READ, MAP_SHARED, memory, (off_t)(address - within));
	close(memory);
	if (map == MAP_FAILED)
		return 0;
	copied = copy_table(to, max, (const volatile uint64_t *)(map + within), length);
	munmap(map, within + length);
	return copied;
}
