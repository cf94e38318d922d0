/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/machine/machine.h"

#define PROPERTY_MAX 4096
#define TREE_MAX (4u << 20)
#define CPUINFO_MAX (1u << 20)

/* Its two names: the second is older, and mostly a link to the first. */
static const char *const trees[] = {"/sys/firmware/devicetree/base", "/proc/device-tree"};

/* A property of the root node, with a 0 behind it; NULL: there is no tree, or none in it. */
static char *property(const struct system *system, const char *name, size_t *length)
{
	char *data = NULL;

	for (size_t i = 0; i < sizeof(trees) / sizeof(*trees) && !data; i++) {
		char *path = cli_text("%s/%s", trees[i], name);

		data = system_read(system, path, PROPERTY_MAX, length);
		free(path);
	}
	return data;
}

bool model_is_board(const struct system *system)
{
	size_t length;
	char *compatible = property(system, "compatible", &length);
	bool there = compatible && length;

	free(compatible);
	return there;
}

/* Linux's binding arm/bcm/bcm2835.yaml; the first row that is in the list counts. */
static const struct {
	const char *compatible;
	const char *refusal; /* NULL: the stub serves it */
} boards[] = {
	{"brcm,bcm2712",
	 "a Raspberry Pi 5: its firmware has PSCI of its own (TF-A), which offers Linux what "
	 "baton would, and armstub= would replace that: leave it as it is"},
	{"raspberrypi,2-model-b-rev2",
	 "config.txt has no filter for it that leaves out older, 32-bit boards: see "
	 "docs/use-arm64.md for how to do it by hand"},
	{"brcm,bcm2711", NULL},
	{"brcm,bcm2837", NULL},
	{"brcm,bcm2836", "its processor has no 64-bit mode, and baton has nothing for 32 bits"},
	{"brcm,bcm2835", "its processor has no 64-bit mode, and baton has nothing for 32 bits"},
};

/* Whether a list of strings, each with its 0, has this one. */
static bool lists(const char *list, size_t length, const char *word)
{
	for (const char *at = list; at < list + length; at += strlen(at) + 1)
		if (!strcmp(at, word))
			return true;
	return false;
}

static const char *refusal(const char *compatible, size_t length)
{
	for (size_t i = 0; i < sizeof(boards) / sizeof(*boards); i++)
		if (lists(compatible, length, boards[i].compatible))
			return boards[i].refusal;
	return "not a Raspberry Pi: its firmware takes no stub: if U-Boot starts its kernels, "
	       "\"baton install --hook\" wraps them";
}

static bool begins(const struct system *system, const char *path, const char *word)
{
	char *text = system_read(system, path, PROPERTY_MAX, NULL);
	bool good = text && !strncmp(text, word, strlen(word));

	free(text);
	return good;
}

static bool contains(const struct system *system, const char *path, const char *word)
{
	char *text = system_read(system, path, CPUINFO_MAX, NULL);
	bool good = text && strstr(text, word);

	free(text);
	return good;
}

/* Linux has /proc/sys/kernel/arch from 6.1 on: what uname says, "armv7l" for 32 bits. */
static bool is_32_bit(const struct system *system)
{
	return begins(system, "/proc/sys/kernel/arch", "armv") ||
	       contains(system, "/proc/cpuinfo", ": ARMv6") ||
	       contains(system, "/proc/cpuinfo", ": ARMv7");
}

bool model_is_served(const struct system *system)
{
	size_t length;
	char *compatible = property(system, "compatible", &length);
	char *name = property(system, "model", NULL);
	const char *why = compatible ? refusal(compatible, length) : NULL;

	if (!why && is_32_bit(system))
		why = "it runs a 32-bit kernel, which baton's stub can't start: install a 64-bit "
		      "system";
	if (why)
		cli_error("%s: %s", name && *name ? cli_printable(name) : "this board", why);
	free(name);
	free(compatible);
	return !why;
}

bool model_has_psci(const struct system *system)
{
	size_t size;
	void *tree = system_read(system, "/sys/firmware/fdt", TREE_MAX, &size);
	struct machine machine;
	bool other;

	if (!tree)
		return false;
	machine_init(&machine);
	dtb_read(&machine, tree, size);
	other = machine.has_psci && !machine.area;
	machine_free(&machine);
	free(tree);
	if (other)
		cli_error("PSCI is there already, and not by baton: Linux can take CPUs offline "
			  "and kexec, so that baton has nothing to do: see \"baton inspect\"");
	return other;
}

bool model_has_efi(const struct system *system)
{
	return system_has(system, "/sys/firmware/efi");
}
