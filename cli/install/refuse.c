/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "refuse.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <baton/acpi.h>

#include "cli/cli.h"
#include "lib/x86_64/cpulist.h"
#include "processor.h"

#define MADT "/sys/firmware/acpi/tables/APIC"

static bool is_under_baton(const struct system *system)
{
	char *batn = system_path(system, "/sys/firmware/acpi/tables/BATN");
	size_t length;
	void *table = cli_read_file(batn, ACPI_TABLE_MAX, &length);
	bool there = table || errno != ENOENT;

	free(table);
	free(batn);
	return there;
}

/* As baton.efi judges it, and "baton inspect" does. */
static bool madt_is_good(const struct system *system)
{
	size_t length;
	struct acpi_madt *madt = system_read(system, MADT, ACPI_TABLE_MAX, &length);
	const char *wrong;

	if (!madt) {
		cli_file_error(MADT, "use a machine whose CPUs ACPI lists");
		return false;
	}
	if (length < sizeof(*madt) || madt->header.length != length)
		wrong = "its length is not that of what is there";
	else
		wrong = cpulist_judge(madt);
	free(madt);
	if (wrong)
		cli_error("the firmware's MADT is broken: %s: baton.efi would not use it; see "
			  "\"baton inspect\"",
			  wrong);
	return !wrong;
}

/* Of another system, an image for example, its machine is there only with its /sys. */
static bool has_machine(const struct system *system)
{
	char *madt = system_path(system, MADT);
	bool there = system_runs(system) || !access(madt, F_OK);

	free(madt);
	return there;
}

bool refuse_machine(const struct system *system)
{
	if (!has_machine(system) || is_under_baton(system))
		return true;
	return (!system_runs(system) || processor_is_right()) && madt_is_good(system);
}

/* PE: Microsoft, "PE Format". */
#define PE_OFFSET 0x3c
#define PE_SIZE_MIN (4 + 20 + 112 + 5 * 8) /* to the entry of the certificates */
#define PE_MACHINE 4
#define PE_MACHINE_AMD64 0x8664
#define PE_MAGIC (4 + 20)
#define PE_MAGIC_64 0x20b
#define PE_CERTIFICATES (4 + 20 + 112 + 4 * 8)

bool refuse_image(const void *image, size_t length, bool must_be_signed)
{
	const uint8_t *bytes = image;
	uint32_t offset = 0, certificates = 0;
	uint16_t machine = 0, magic = 0;

	if (length >= PE_OFFSET + sizeof(offset))
		memcpy(&offset, bytes + PE_OFFSET, sizeof(offset));
	if (length < PE_SIZE_MIN || memcmp(bytes, "MZ", 2) || offset > length - PE_SIZE_MIN ||
	    memcmp(bytes + offset, "PE\0\0", 4)) {
		cli_error("no EFI program: give the file baton.efi");
		return false;
	}
	memcpy(&machine, bytes + offset + PE_MACHINE, sizeof(machine));
	memcpy(&magic, bytes + offset + PE_MAGIC, sizeof(magic));
	memcpy(&certificates, bytes + offset + PE_CERTIFICATES + 4, sizeof(certificates));
	if (machine != PE_MACHINE_AMD64 || magic != PE_MAGIC_64) {
		cli_error("no EFI program for x86-64: give the file baton.efi");
		return false;
	}
	if (must_be_signed && !certificates) {
		cli_error(
			"Secure Boot is in force, and baton.efi is not signed: the firmware would "
			"not start it: sign it with a key that the firmware knows (sbsign), and "
			"give it by --image");
		return false;
	}
	return true;
}
