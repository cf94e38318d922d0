/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "reserved.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TREE "/proc/device-tree"
#define CELLS_MAX 4

/* The big-endian cells in the file @folder/@name, at most CELLS_MAX of them; returns how many. */
static size_t read_cells(const char *folder, const char *name, uint32_t cell[CELLS_MAX])
{
	char path[512];
	uint8_t bytes[4 * CELLS_MAX];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (!f)
		return 0;
	n = fread(bytes, 4, CELLS_MAX, f);
	fclose(f);
	for (size_t i = 0; i < n; i++)
		cell[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 |
			  bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
	return n;
}

/* A count of cells, 1 or 2; else 0.  Without the property it is what the specification has. */
static size_t read_count(const char *folder, const char *name, size_t without)
{
	uint32_t cell[CELLS_MAX];
	size_t n = read_cells(folder, name, cell);

	if (!n)
		return without;
	return n == 1 && (cell[0] == 1 || cell[0] == 2) ? cell[0] : 0;
}

static uint64_t number(const uint32_t *cell, size_t cells)
{
	return cells == 2 ? (uint64_t)cell[0] << 32 | cell[1] : cell[0];
}

static bool is_available(const char *node)
{
	char path[512], status[8] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s/status", node);
	f = fopen(path, "rb");
	if (!f)
		return true;
	status[fread(status, 1, sizeof(status) - 1, f)] = 0;
	fclose(f);
	return !strcmp(status, "okay") || !strcmp(status, "ok");
}

/* Devicetree specification, section 2.3.5: by the cells that the parent has. */
static size_t locate(const char *parent, const char *node, uint64_t *address)
{
	size_t a = read_count(parent, "#address-cells", 2),
	       s = read_count(parent, "#size-cells", 1);
	uint32_t reg[CELLS_MAX], table[CELLS_MAX];
	uint64_t size;

	if (!a || !s || read_cells(node, "baton,table", table) != 1 ||
	    read_cells(node, "reg", reg) != a + s)
		return 0;
	size = number(reg + a, s);
	if (table[0] >= size)
		return 0;
	*address = number(reg, a) + table[0];
	return size - table[0];
}

size_t reserved_find(const char *tree, uint64_t *address)
{
	char parent[256], pattern[512];
	size_t length = 0;
	glob_t found;

	snprintf(parent, sizeof(parent), "%s/reserved-memory", tree);
	snprintf(pattern, sizeof(pattern), "%s/*/baton,table", parent);
	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc && !length; i++) {
			*strrchr(found.gl_pathv[i], '/') = 0;
			if (is_available(found.gl_pathv[i]))
				length = locate(parent, found.gl_pathv[i], address);
		}
	globfree(&found);
	return length;
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
	size_t length = reserved_find(TREE, &address), copied;
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
