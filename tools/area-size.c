/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * area-size RESIDENT.BIN: print how large the resident and the area are, and
 * fail if one is larger than it may be.  The build runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include "area/x86_64/install.h"

#define KIB ((size_t)1024)
#define GIB (1ull << 30)

/* The limit for a machine with 1 GiB pages and up to 512 GiB of memory. */
static size_t limit(size_t ncpus)
{
	return 64 * KIB + 2 * KIB * ncpus;
}

static size_t area_size(size_t ncpus)
{
	const struct area_plan plan = {
		.ncpus = ncpus, .map_end = 512 * GIB, .gigabyte_pages = true};

	return install_size(&plan);
}

int main(int argc, char **argv)
{
	static const size_t shown[] = {1, 8, 64, 1024, BATON_X86_64_CPUS_MAX};
	struct resident_entries entries;
	FILE *image = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!image || fseek(image, RESIDENT_ENTRIES, SEEK_SET) ||
	    fread(&entries, sizeof(entries), 1, image) != 1) {
		fprintf(stderr, "usage: area-size RESIDENT.BIN\n");
		return EXIT_FAILURE;
	}
	fclose(image);
	printf("resident: %u bytes of code and constants, of %u\n", entries.size,
	       (unsigned)RESIDENT_ENTRIES);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		printf("area: %zu KiB for %zu CPU%s, of %zu\n", area_size(shown[i]) / KIB, shown[i],
		       shown[i] == 1 ? "" : "s", limit(shown[i]) / KIB);

	if (entries.size > RESIDENT_ENTRIES) {
		fprintf(stderr, "area-size: the resident is too large\n");
		return EXIT_FAILURE;
	}
	for (size_t n = 1; n <= BATON_X86_64_CPUS_MAX; n++) {
		if (!area_size(n) || area_size(n) > limit(n)) {
			fprintf(stderr, "area-size: the area for %zu CPUs is too large\n", n);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
