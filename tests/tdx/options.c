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

/* "a" or "a:b"; numbers are decimal. */
static bool two_numbers(const char *text, const char *name, unsigned index, uint32_t *a,
			uint32_t *b)
{
	char value[24];
	uint32_t numbers[2] = {0, 0};
	unsigned n = 0;

	if (!cmdline_value(text, name, index, value, sizeof(value)))
		return false;
	for (const char *at = value; *at; at++) {
		if (*at == ':')
			n = 1;
		else if (*at >= '0' && *at <= '9')
			numbers[n] = 10 * numbers[n] + (uint32_t)(*at - '0');
	}
	*a = numbers[0];
	*b = numbers[1];
	return true;
}

static void read_misbehaviour(const char *text)
{
	uint32_t at = 0, unused;

	options.wait = has(text, "wait");
	options.stall_at = two_numbers(text, "stall", 0, &at, &options.stall_ms) ? (int)at : -1;
	two_numbers(text, "stall-only", 0, &options.stall_only, &unused);
	two_numbers(text, "random", 0, &options.random_rate, &options.random_ms);
	options.hlt_early = has(text, "hlt-early");
	two_numbers(text, "hlt-late", 0, &options.hlt_late_ms, &unused);
	two_numbers(text, "stray", 0, &options.stray_rate, &options.stray_vector);
	two_numbers(text, "nmi", 0, &options.nmi_rate, &unused);
	while (options.refused_count < OPTIONS_REFUSED_MAX &&
	       two_numbers(text, "refuse", (unsigned)options.refused_count,
			   &options.refused[options.refused_count], &unused))
		options.refused_count++;
}

static const char *const names[] = {"trace",	"topology", "no-slices",  "new-module", "pcide",
				    "wait",	"stall",    "stall-only", "random",	"hlt-early",
				    "hlt-late", "stray",    "nmi",	  "refuse"};

/* Whether the word at @word, up to a blank, a "=" or the end, is one of them. */
static bool is_known(const char *word)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *name = names[i], *at = word;

		while (*name && *name == *at) {
			name++;
			at++;
		}
		if (!*name && (*at == ' ' || *at == '=' || !*at))
			return true;
	}
	return false;
}

/* All words that are not known are printed. */
static bool all_known(const char *text)
{
	bool good = true;

	for (const char *at = text; *at; at++) {
		if (*at == ' ' || (at > text && at[-1] != ' ') || is_known(at))
			continue;
		console_print("tdx: no such option: %s (see tests/tdx/README.md)\n", at);
		good = false;
	}
	return good;
}

bool options_read(void)
{
	char text[OPTIONS_MAX];

	read_text(text, sizeof(text));
	options.trace = has(text, "trace");
	options.no_slices = has(text, "no-slices");
	options.new_module = has(text, "new-module");
	options.topology = has(text, "topology");
	options.pcide = has(text, "pcide");
	read_misbehaviour(text);
	return all_known(text);
}
