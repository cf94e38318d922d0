/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A MADT as "baton inspect" reads it, and the verdict on the machine.  A broken table is
 * explained, too: so the checksum is corrected in every second input only.
 */
#include "fuzz.h"
#include "inspect.h"

static void inspect(const void *table, size_t size, const char *kernel)
{
	struct machine m;

	machine_init(&m);
	machine_set_kernel(&m, kernel);
	madt_read(&m, table, size, NULL, 0);
	inspect_machine(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool corrected = size >= sizeof(struct acpi_header) && data[0] != 'a';
	void *table = corrected ? exact_table(data, size) : exact_copy(data, size);

	inspect(table, size, "6.12.0-fuzz");
	inspect(table, size, "6.1");
	free(table);
	return 0;
}
