/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What a loader has put into memory: the first page of an input is the boot_params,
 * the rest is all the memory that there is, from address 0 on.
 */
#include "fuzz.h"

#include "stage/x86_64/bzimage/bootparams.h"
#include "stage/x86_64/bzimage/cmdline.h"
#include "stage/x86_64/bzimage/rsdp.h"

#define RANGES 80
#define PARAMS_ADDRESS 0
#define LINE_MAX 2048
#define FIRST (1u << 20)
#define PARAGRAPH 16 /* no memory ends within one */

static uint8_t *memory;
static size_t memory_size;

/* The map of boot_params is full: what lies beyond is asked for before it is known. */
static bool full;

/* The first MiB is there on every machine: it is looked at without asking the map. */
static void *at(uint64_t address, uint64_t length)
{
	static uint8_t first[FIRST + 16];

	if (address < memory_size && length <= memory_size - address)
		return memory + address;
	promise(full || (address < FIRST && length <= PARAGRAPH));
	return address < FIRST && length <= PARAGRAPH ? first + address : NULL;
}

/* No entry says that there is more memory: whoever makes the map knows that much. */
static void clip(struct boot_e820_entry *entry)
{
	if (entry->address > memory_size)
		entry->address = memory_size;
	if (entry->size > memory_size - entry->address)
		entry->size = memory_size - entry->address;
}

static bool clip_more(struct setup_data *data, uint64_t address, void *context)
{
	struct boot_e820_entry *entries = (void *)(data + 1);

	(void)address;
	(void)context;
	if (data->type == SETUP_E820_EXT)
		for (size_t i = 0; i < data->length / sizeof(*entries); i++)
			clip(&entries[i]);
	return true;
}

static void read_line(const char *text, size_t length)
{
	char line[LINE_MAX], value[32];
	uint64_t start, size;
	unsigned baud;

	if (length >= sizeof(line))
		length = sizeof(line) - 1;
	memcpy(line, text, length);
	line[length] = 0;
	cmdline_serial(line, &baud);
	cmdline_is_crash(line);
	cmdline_has_own_map(line);
	for (unsigned i = 0; i < 64 && cmdline_crashkernel(line, i, &start, &size); i++)
		;
	for (unsigned i = 0; i < 64 && cmdline_value(line, "console", i, value, sizeof(value)); i++)
		promise(strlen(value) < sizeof(value));
}

static void read_all(struct boot_params *params)
{
	struct range range[RANGES];
	struct ranges used = {range, 0, RANGES};
	struct e820 map;

	if (!e820_start(&map, params))
		return;
	for (unsigned i = 0; i < map.n; i++)
		clip(map.entry[i]);
	full = map.n == E820_PARAMS_MAX;
	bootparams_each(&map, at, clip_more, NULL);
	if (!bootparams_extend(&map, at))
		return;
	for (unsigned i = 0; full && i < map.n; i++)
		clip(map.entry[i]);
	full = false;
	for (unsigned i = 0; i < map.n; i++)
		promise(map.entry[i]->address + map.entry[i]->size <= memory_size);
	bootparams_used(&used, &map, PARAMS_ADDRESS, at);
	for (unsigned i = 0; i < used.n; i++)
		promise(range[i].start < range[i].end || range[i].end == UINT64_MAX);
	rsdp_find(&map, at, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_params *params;

	if (size < sizeof(*params)) {
		read_line((const char *)data, size);
		return 0;
	}
	params = exact_copy(data, sizeof(*params));
	memory_size = (size - sizeof(*params)) / PARAGRAPH * PARAGRAPH;
	memory = exact_copy(data + sizeof(*params), memory_size);
	read_all(params);
	free(memory);
	free(params);
	return 0;
}
