/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * load KERNEL INITRD COMMAND-LINE FIRST STEP HOLES: as kexec -l, by kexec_load, but
 * with the most that a loader may put before a kernel's 64-bit entry (Linux,
 * Documentation/arch/x86/boot.rst):
 *
 * - a memory map with a page reserved at FIRST and every STEP bytes from there on, so many
 *   that boot_params is full, and the rest comes by setup_data;
 * - a chain of setup_data of types that nobody knows, and one whose data is elsewhere;
 * - initrd, chain, command line and boot_params one upon another at the very top of the
 *   memory below 4 GiB.
 *
 * Prints how many entries the map has.  kexec -e starts the kernel.
 */
#include "lib/x86_64/bzimage.h"
#include <dirent.h>
#include <err.h>
#include <linux/kexec.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096ull
#define BELOW_4G (1ull << 32)
#define MEMMAP "/sys/firmware/memmap"
#define E820_RAM 1
#define E820_RESERVED 2
#define SETUP_E820_EXT 1
#define SETUP_INDIRECT 0x80000000u
#define SETUP_ELSEWHERE 0x62617400u
#define SETUP_UNKNOWN 0x62617401u /* and on from there */
#define UNKNOWN 20		  /* so many */
#define UNKNOWN_LENGTH 100
#define ELSEWHERE_LENGTH 3000
#define ENTRIES_MAX 1024
#define LOADER_UNDEFINED 0xff

static struct boot_e820_entry map[ENTRIES_MAX];
static unsigned entries;

/* What comes to lie below the top, from its start on. */
static struct bundle {
	uint8_t start[PAGE];
	struct boot_params params;
	char command_line[PAGE];
	struct {
		struct setup_data head;
		uint8_t data[UNKNOWN_LENGTH];
	} __attribute__((packed)) unknown[UNKNOWN];
	struct {
		struct setup_data head;
		uint32_t type, reserved;
		uint64_t length, address;
	} __attribute__((packed)) indirect;
	struct {
		struct setup_data head;
		struct boot_e820_entry entry[ENTRIES_MAX];
	} __attribute__((packed)) more;
} __attribute__((packed, aligned(4096))) bundle;

static uint8_t elsewhere[PAGE];

/* The first instructions: to the kernel, with its boot_params in RSI. */
extern const uint8_t start_code[], start_params[], start_kernel[], start_end[];
__asm__(".pushsection .rodata\n"
	"start_code:	mov	start_params(%rip), %rsi\n"
	"		jmp	*start_kernel(%rip)\n"
	"start_params:	.quad	0\n"
	"start_kernel:	.quad	0\n"
	"start_end:\n"
	".popsection\n");

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

static void *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	void *data;

	if (!f || fstat(fileno(f), &st))
		err(2, "%s", path);
	*size = st.st_size;
	data = calloc(1, round_up(*size, PAGE));
	if (!data || fread(data, 1, *size, f) != *size)
		err(2, "%s", path);
	fclose(f);
	return data;
}

/* A file of one line in the folder of one entry of the firmware's memory map. */
static void read_line(const char *entry, const char *name, char *line, int size)
{
	char path[sizeof(MEMMAP) + 300];
	FILE *f;

	snprintf(path, sizeof(path), MEMMAP "/%s/%s", entry, name);
	f = fopen(path, "r");
	if (!f || !fgets(line, size, f))
		err(2, "%s", path);
	fclose(f);
	line[strcspn(line, "\n")] = 0;
}

static void add(uint64_t start, uint64_t end, uint32_t type)
{
	if (entries == ENTRIES_MAX)
		errx(2, "more than %d entries", ENTRIES_MAX);
	map[entries++] = (struct boot_e820_entry){start, end - start, type};
}

static uint32_t type_of(const char *name)
{
	static const struct {
		const char *name;
		uint32_t type;
	} types[] = {
		{"System RAM", E820_RAM}, {"ACPI Tables", 3}, {"ACPI Non-volatile Storage", 4}};

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(name, types[i].name))
			return types[i].type;
	return E820_RESERVED;
}

static void read_map(void)
{
	DIR *folder = opendir(MEMMAP);
	struct dirent *e;

	if (!folder)
		err(2, MEMMAP);
	while ((e = readdir(folder))) {
		char start[32], end[32], type[64];

		if (e->d_name[0] == '.')
			continue;
		read_line(e->d_name, "start", start, sizeof(start));
		read_line(e->d_name, "end", end, sizeof(end));
		read_line(e->d_name, "type", type, sizeof(type));
		add(strtoull(start, NULL, 0), strtoull(end, NULL, 0) + 1, type_of(type));
	}
	closedir(folder);
}

/* Reserve the page at @hole: what was one entry is three then. */
static void make_hole(uint64_t hole)
{
	for (unsigned i = 0; i < entries; i++) {
		uint64_t end = map[i].address + map[i].size;

		if (map[i].type != E820_RAM || hole <= map[i].address || hole + PAGE >= end)
			continue;
		map[i].size = hole - map[i].address;
		add(hole, hole + PAGE, E820_RESERVED);
		add(hole + PAGE, end, E820_RAM);
		return;
	}
	errx(2, "there is no memory at 0x%llx", (unsigned long long)hole);
}

static uint64_t top_of_memory(void)
{
	uint64_t top = 0;

	for (unsigned i = 0; i < entries; i++) {
		uint64_t end = map[i].address + map[i].size;

		if (map[i].type == E820_RAM && end <= BELOW_4G && end > top)
			top = end;
	}
	return top / PAGE * PAGE;
}

/* The chain, at @address: what is unknown, what is elsewhere, and the rest of the map. */
static void make_chain(uint64_t address, uint64_t elsewhere_address)
{
	unsigned more = entries > 128 ? entries - 128 : 0;
	uint64_t at = address + offsetof(struct bundle, unknown);

	bundle.params.hdr.setup_data = at;
	for (unsigned i = 0; i < UNKNOWN; i++) {
		at += sizeof(bundle.unknown[i]);
		bundle.unknown[i].head = (struct setup_data){at, SETUP_UNKNOWN + i, UNKNOWN_LENGTH};
		memset(bundle.unknown[i].data, 'a' + (int)i, UNKNOWN_LENGTH);
	}
	bundle.indirect.head =
		(struct setup_data){address + offsetof(struct bundle, more), SETUP_INDIRECT,
				    sizeof(bundle.indirect) - sizeof(bundle.indirect.head)};
	bundle.indirect.type = SETUP_ELSEWHERE;
	bundle.indirect.length = ELSEWHERE_LENGTH;
	bundle.indirect.address = elsewhere_address;
	memset(elsewhere, 'z', ELSEWHERE_LENGTH);
	bundle.more.head = (struct setup_data){0, SETUP_E820_EXT, more * sizeof(map[0])};
	memcpy(bundle.more.entry, &map[entries - more], more * sizeof(map[0]));
}

static void fill_params(const uint8_t *kernel, const char *command_line, uint64_t address)
{
	struct boot_params *p = &bundle.params;
	unsigned n = entries < 128 ? entries : 128;

	memcpy(&p->hdr, kernel + BZIMAGE_HEADER,
	       BZIMAGE_HEADER_END + kernel[0x201] - BZIMAGE_HEADER);
	p->hdr.type_of_loader = LOADER_UNDEFINED;
	p->hdr.cmd_line_ptr = address + offsetof(struct bundle, command_line);
	if (strlen(command_line) > p->hdr.cmdline_size)
		errx(2, "the command line is too long");
	strcpy(bundle.command_line, command_line);
	memcpy(p->e820_table, map, n * sizeof(map[0]));
	p->e820_entries = n;
}

int main(int argc, char **argv)
{
	size_t kernel_size, initrd_size, setup_size;
	uint8_t *kernel, *initrd;
	uint64_t initrd_at, bundle_at, elsewhere_at, kernel_at, first, step, holes;

	if (argc != 7)
		errx(2, "load KERNEL INITRD COMMAND-LINE FIRST STEP HOLES");
	kernel = read_file(argv[1], &kernel_size);
	initrd = read_file(argv[2], &initrd_size);
	first = strtoull(argv[4], NULL, 0);
	step = strtoull(argv[5], NULL, 0);
	holes = strtoull(argv[6], NULL, 0);

	read_map();
	initrd_at = top_of_memory() - round_up(initrd_size, PAGE);
	bundle_at = initrd_at - sizeof(bundle);
	elsewhere_at = bundle_at - 16 * PAGE;
	for (uint64_t i = 0; i < holes; i++)
		make_hole(first + i * step);
	fill_params(kernel, argv[3], bundle_at);
	make_chain(bundle_at, elsewhere_at);
	bundle.params.hdr.ramdisk_image = initrd_at;
	bundle.params.hdr.ramdisk_size = initrd_size;
	kernel_at = bundle.params.hdr.pref_address;
	setup_size = (kernel[BZIMAGE_HEADER] + 1u) * 512;

	memcpy(bundle.start, start_code, start_end - start_code);
	*(uint64_t *)&bundle.start[start_params - start_code] =
		bundle_at + offsetof(struct bundle, params);
	*(uint64_t *)&bundle.start[start_kernel - start_code] = kernel_at + BZIMAGE_ENTRY64;

	struct kexec_segment segments[] = {
		{kernel + setup_size, kernel_size - setup_size, (void *)kernel_at,
		 round_up(bundle.params.hdr.init_size, PAGE)},
		{elsewhere, sizeof(elsewhere), (void *)elsewhere_at, sizeof(elsewhere)},
		{&bundle, sizeof(bundle), (void *)bundle_at, sizeof(bundle)},
		{initrd, initrd_size, (void *)initrd_at, round_up(initrd_size, PAGE)},
	};
	if (syscall(SYS_kexec_load, bundle_at, sizeof(segments) / sizeof(segments[0]), segments,
		    KEXEC_ARCH_DEFAULT))
		err(1, "kexec_load");
	printf("%u\n", entries);
	return 0;
}
