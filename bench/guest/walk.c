/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * walk MIB...: reads one word of every page of so much memory, each read at the
 * address that the last one found, in random order.  Prints, for each size, the
 * least time that a read took in one of several passes: "MIB NS".
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define PAGE 4096
#define PASSES 40

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

/* One cycle through all pages: Sattolo's shuffle. */
static void link_pages(uint8_t *memory, size_t n)
{
	size_t *order = malloc(n * sizeof(*order));
	uint64_t random = 1;

	if (!order)
		exit(1);
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = n - 1; i > 0; i--) {
		size_t j, swap = order[i];

		random = random * 6364136223846793005u + 1442695040888963407u;
		j = (random >> 33) % i;
		order[i] = order[j];
		order[j] = swap;
	}
	/* Not all at one offset: they would share the sets of a cache. */
	for (size_t i = 0; i < n; i++)
		*(void **)(memory + order[i] * PAGE + order[i] % 64 * 64) =
			memory + order[(i + 1) % n] * PAGE + order[(i + 1) % n] % 64 * 64;
	free(order);
}

static double walk(size_t bytes)
{
	size_t n = bytes / PAGE;
	uint8_t *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	double least = 0;
	void *volatile sink;

	if (memory == MAP_FAILED || madvise(memory, bytes, MADV_NOHUGEPAGE))
		exit(1);
	link_pages(memory, n);
	for (int pass = 0; pass < PASSES; pass++) {
		void **at = (void **)memory;
		double start = now(), ns;

		for (size_t i = 0; i < n; i++)
			at = *at;
		sink = at;
		ns = (now() - start) / n;
		if (!pass || ns < least)
			least = ns;
	}
	(void)sink;
	munmap(memory, bytes);
	return least;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s %.1f\n", argv[i], walk(strtoul(argv[i], NULL, 10) << 20));
	return 0;
}
