/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The firmware's other tables, distinguished by their signature: RSDP, XSDT, FADT, DSDT. */
#include "fuzz.h"

#include <stdbool.h>

#include "stage/x86_64/publish.h"

#define NEW_TABLE 0x12345678
#define BATN 0x23456789
#define RSDP_MEMORY 256 /* what may be read of a root pointer */

static bool has_signature(const uint8_t *data, size_t size, const char *signature)
{
	return size >= strlen(signature) && !memcmp(data, signature, strlen(signature));
}

static void take_rsdp(const uint8_t *data, size_t size)
{
	struct acpi_rsdp *rsdp = exact(RSDP_MEMORY), published;
	uint8_t *bytes = (uint8_t *)rsdp;

	memset(rsdp, 0, RSDP_MEMORY);
	memcpy(rsdp, data, size < RSDP_MEMORY ? size : RSDP_MEMORY);
	rsdp->checksum -= acpi_sum(rsdp, 20);
	if (rsdp->length >= sizeof(*rsdp) && rsdp->length <= RSDP_MEMORY)
		bytes[32] -= acpi_sum(rsdp, rsdp->length); /* the extended one */
	if (!acpi_check_rsdp(rsdp)) {
		promise(rsdp->xsdt && rsdp->length <= RSDP_MEMORY);
		publish_rsdp(&published, rsdp, NEW_TABLE, 0);
		promise(!acpi_check_rsdp(&published));
	}
	free(rsdp);
}

static void publish_tables_of(const struct acpi_header *xsdt)
{
	size_t count = acpi_xsdt_count(xsdt), size = publish_xsdt_size(xsdt);
	uint64_t first = count ? acpi_xsdt_entry(xsdt, 0) : 0;
	struct acpi_header *to = exact(size), *rsdt;

	publish_xsdt(to, xsdt, first, NEW_TABLE, BATN);
	promise(!acpi_check_table(to, "XSDT") && to->length == size);
	promise(acpi_xsdt_count(to) == count + 1 && acpi_xsdt_entry(to, count) == BATN);
	promise(!first || acpi_xsdt_entry(to, 0) == NEW_TABLE);

	rsdt = exact(publish_rsdt_size(to));
	if (publish_rsdt(rsdt, to))
		promise(!acpi_check_table(rsdt, "RSDT"));
	free(rsdt);
	free(to);
}

static void take_xsdt(const struct acpi_header *xsdt)
{
	if (!acpi_check_table(xsdt, "XSDT"))
		publish_tables_of(xsdt);
}

static void take_fadt(struct acpi_header *fadt)
{
	if (acpi_check_table(fadt, "FACP"))
		return;
	if (!publish_fadt_dsdt(fadt))
		return;
	publish_fadt_set_dsdt(fadt, NEW_TABLE);
	promise(publish_fadt_dsdt(fadt) == NEW_TABLE);
	promise(!acpi_check_table(fadt, "FACP"));
}

static void take_dsdt(struct acpi_header *dsdt)
{
	size_t count;

	if (acpi_check_table(dsdt, "DSDT"))
		return;
	count = publish_count_s3(dsdt);
	promise(publish_hide_s3(dsdt) == count);
	promise(publish_count_s3(dsdt) == 0);
	promise(!acpi_check_table(dsdt, "DSDT"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *table;

	if (has_signature(data, size, "RSD PTR ")) {
		take_rsdp(data, size);
		return 0;
	}
	if (size < sizeof(struct acpi_header))
		return 0;
	table = exact_table(data, size);
	take_xsdt(table);
	take_fadt(table);
	take_dsdt(table);
	free(table);
	return 0;
}
