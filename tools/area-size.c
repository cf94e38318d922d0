/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * area-size RESIDENT.BIN ...: print how large the residents and the area are, and
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

/* False, after a message, if it is too large or can't be read. */
static bool check_resident(const char *path)
{
	struct resident_entries entries;
	FILE *image = fopen(path, "rb");
	bool is_read = image && !fseek(image, RESIDENT_ENTRIES, SEEK_SET) &&
		       fread(&entries, sizeof(entries), 1, image) == 1;

	if (image)
		fclose(image);
	if (!is_read) {
		fprintf(stderr, "area-size: %s can't be read\n", path);
		return false;
	}
	printf("%s: %u bytes of code and constants, of %u\n", path, entries.size,
	       (unsigned)RESIDENT_ENTRIES);
	if (entries.size > RESIDENT_ENTRIES) {
		fprintf(stderr, "area-size: the resident is too large\n");
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	static const size_t shown[] = {1, 8, 64, 1024, BATON_X86_64_CPUS_MAX};

	for (int i = 1; i < argc; i++)
		if (!check_resident(argv[i]))
			return EXIT_FAILURE;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		printf("area: %zu KiB for %zu CPU%s, of %zu\n", area_size(shown[i]) / KIB, shown[i],
		       shown[i] == 1 ? "" : "s", limit(shown[i]) / KIB);

	for (size_t n = 1; n <= BATON_X86_64_CPUS_MAX; n++) {
		if (!area_size(n) || area_size(n) > limit(n)) {
			fprintf(stderr, "area-size: the area for %zu CPUs is too large\n", n);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
