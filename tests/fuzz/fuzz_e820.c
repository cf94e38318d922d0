/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A loader's memory map, of any entries: finding room in it, and reserving that. */
#include "fuzz.h"

#include "stage/x86_64/bzimage/e820.h"

#define PAGE 0x1000
#define BELOW_4G 0x100000000ull
#define MORE_ADDRESS 0x77777000ull

static struct boot_params *make_params(const uint8_t *data, size_t size)
{
	struct boot_params *params = exact(sizeof(*params));
	size_t n = (size - 1) / sizeof(struct boot_e820_entry);

	memset(params, 0, sizeof(*params));
	params->e820_entries = (uint8_t)n;
	if (data[0] & 1 && n < 256) /* more than there is room for */
		params->e820_entries = data[0];
	if (n > E820_PARAMS_MAX)
		n = E820_PARAMS_MAX;
	memcpy(params->e820_table, data + 1, n * sizeof(struct boot_e820_entry));
	return params;
}

static void reserve(struct e820 *map, struct boot_params *params, uint64_t start, uint64_t size,
		    struct e820_more *more)
{
	struct boot_params before = *params;

	promise(start % PAGE == 0 && start + size > start);
	promise(e820_holds(map, start, size) && !e820_keeps(map, start, size));
	if (e820_reserve(map, start, size, E820_RESERVED, more, MORE_ADDRESS))
		promise(e820_holds(map, start, size) && e820_keeps(map, start, size));
	else
		promise(!memcmp(&before, params, sizeof(before)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_params *params;
	struct e820_more more;
	struct e820 map;
	struct range avoid;
	uint64_t wanted, start;

	if (size < 1)
		return 0;
	params = make_params(data, size);
	wanted = (1 + (data[0] >> 1 & 0x1f)) * (uint64_t)PAGE;
	if (e820_start(&map, params)) {
		e820_end(&map);
		start = e820_find(&map, wanted, PAGE, BELOW_4G, NULL, 0);
		avoid = (struct range){start, start + wanted};
		if (start) {
			promise(start >= PAGE && start + wanted <= BELOW_4G);
			start = e820_find(&map, wanted, PAGE, BELOW_4G, &avoid, 1);
			promise(!start || start + wanted <= avoid.start || start >= avoid.end);
			start = avoid.start;
			reserve(&map, params, start, wanted, data[0] & 0x80 ? &more : NULL);
		}
	}
	free(params);
	return 0;
}
