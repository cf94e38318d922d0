/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A MADT as "baton inspect" reads it, and what it says of the machine.  A table that is
 * broken is explained, so the sum is mended in every second input only.
 */
#include "fuzz.h"

#include "cli/inspect/inspect_json.h"

static void inspect(const void *table, size_t size, const char *kernel)
{
	struct verdict verdict[SUBJECTS] = {0};
	struct machine m;

	machine_init(&m);
	machine_set_kernel(&m, kernel);
	madt_read(&m, table, size, NULL, 0);
	verdict_make(&m, verdict);
	for (int i = 0; i < SUBJECTS; i++)
		verdict_cpus(&m, &verdict[i]);
	json_decref(inspect_json(&m, verdict));
	verdict_free(verdict);
	machine_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool mended = size >= sizeof(struct acpi_header) && data[0] != 'a';
	void *table = mended ? exact_table(data, size) : exact_copy(data, size);

	inspect(table, size, "6.12.0-fuzz");
	inspect(table, size, "6.1");
	free(table);
	return 0;
}
