/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Is there an area of an earlier stage?  docs/contract.md, section 8, "Finding it":
 * everything that is found is checked before it is used, and nothing is
 * written.  Plain C, for the host too.
 */
#ifndef STAGE_X86_64_ADOPT_H
#define STAGE_X86_64_ADOPT_H

#include <baton/acpi.h>
#include <baton/x86_64/area.h>
#include <baton/table.h>
#include <stdbool.h>

/* What may be an area, and the tables that name it.  All is readable at its address. */
struct adopt_claim {
	const struct acpi_madt_wakeup *wakeup; /* of the MADT */
	const struct baton_table *table;       /* what the XSDT lists as BATN ... */
	uint64_t table_address;		       /* ... and its physical address */
	/* The bytes at a physical address, which is known to be memory. */
	const void *(*at)(uint64_t address);
	/* True if all of it is memory that no kernel takes for its own. */
	bool (*reserved)(uint64_t address, uint64_t length);
};

/*
 * The address of the area, or 0, and in *@why the reason why there is none:
 * the first check that fails.  @size: how much of the table can be read.
 */
uint64_t adopt_check(const struct adopt_claim *claim, size_t size, const char **why);

/*
 * Whether the area at @area has a slot for every CPU that @madt lists, one that
 * no stage has given up.
 */
bool adopt_has_all(const struct baton_area *area, const struct acpi_madt *madt);

#endif /* STAGE_X86_64_ADOPT_H */
