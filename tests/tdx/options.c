/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "options.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "lib/cmdline.h"

/* QEMU's fw_cfg device: docs/specs/fw_cfg of QEMU. */
#define FW_CFG_SELECTOR 0x510
#define FW_CFG_DATA 0x511
#define FW_CFG_SIGNATURE 0x00
#define FW_CFG_CPUS 0x05
#define FW_CFG_DIRECTORY 0x19
#define FW_CFG_FILES_MAX 256

#define OPTIONS_FILE "opt/baton/tdx"
#define OPTIONS_MAX 256

struct options options;

/* Numbers are big-endian. */
struct file {
	uint8_t size[4];
	uint8_t selector[2];
	uint8_t reserved[2];
	char name[56];
};

static void out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static void read_data(void *to, size_t size)
{
	for (uint8_t *byte = to; size--; byte++)
		*byte = in8(FW_CFG_DATA);
}

static uint32_t big_endian(const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;

	while (count--)
		value = value << 8 | *bytes++;
	return value;
}

uint32_t options_cpus(void)
{
	uint16_t cpus;

	out16(FW_CFG_SELECTOR, FW_CFG_CPUS);
	read_data(&cpus, sizeof(cpus));
	return cpus;
}

/* The file's text in @text, terminated; "" if there is none. */
static void read_text(char *text, size_t size)
{
	uint8_t number[4];
	struct file file;

	*text = 0;
	out16(FW_CFG_SELECTOR, FW_CFG_DIRECTORY);
	read_data(number, sizeof(number));
	for (uint32_t left = big_endian(number, 4); left && left <= FW_CFG_FILES_MAX; left--) {
		size_t length;

		read_data(&file, sizeof(file));
		if (memcmp(file.name, OPTIONS_FILE, sizeof(OPTIONS_FILE)))
			continue;
		length = big_endian(file.size, 4);
		if (length >= size)
			length = size - 1;
		out16(FW_CFG_SELECTOR, big_endian(file.selector, 2));
		read_data(text, length);
		text[length] = 0;
		return;
	}
}

static bool has(const char *text, const char *name)
{
	char value[2];

	return cmdline_value(text, name, 0, value, sizeof(value));
}

void options_read(void)
{
	char text[OPTIONS_MAX];

	read_text(text, sizeof(text));
	options.trace = has(text, "trace");
	options.topology = has(text, "topology");
}
