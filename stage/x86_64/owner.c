/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "owner.h"
#include <baton/mailbox.h>
#include <baton/reader.h>
#include "area/x86_64/compare.h"
#include "adopt.h"
#include "collect.h"
#include "machine.h"
#include "stage/say.h"

static const void *identity(uint64_t address)
{
	return (const void *)address;
}

/* The reset vector of @wakeup, if it is there at all, is where an area would have it. */
static bool looks_like_area(const struct acpi_madt_wakeup *wakeup,
			    const struct tables_memory *memory)
{
	uint64_t base;

	if (wakeup->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1 ||
	    wakeup->reset_vector < BATON_AREA_RESIDENT)
		return false;
	base = wakeup->reset_vector - BATON_AREA_RESIDENT;
	return base && !(base % BATON_MAILBOX_SIZE) &&
	       memory->holds(base, sizeof(struct baton_area)) &&
	       ((const struct baton_area *)base)->magic == BATON_AREA_MAGIC;
}

/* By its length: some firmware says 1, and has no room for a reset vector. */
static uint32_t version_of(const struct acpi_madt_wakeup *wakeup)
{
	return wakeup->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1 ? 0 : wakeup->version;
}

/* Another's mailbox: if it can't be one, the CPUs are not asked for by it. */
static enum owner check_mailbox(const struct acpi_madt_wakeup *wakeup,
				bool (*reserved)(uint64_t address, uint64_t length))
{
	const char *wrong = NULL;

	if (wakeup->mailbox % BATON_MAILBOX_SIZE)
		wrong = "is not page-aligned";
	else if (!reserved(wakeup->mailbox, BATON_MAILBOX_SIZE))
		wrong = "is not in reserved memory";
	if (!wrong) {
		say("the firmware has a wakeup mailbox, version %u, at 0x%llx: it is used",
		    version_of(wakeup), (unsigned long long)wakeup->mailbox);
		return OWNER_MAILBOX;
	}
	say("the mailbox at 0x%llx %s: it is not used", (unsigned long long)wakeup->mailbox, wrong);
	return OWNER_NONE;
}

/* Whether the area at @address can be used as it is; if not, its CPUs are moved to a new one. */
static bool can_adopt(uint64_t address, const struct area_plan *plan)
{
	const struct baton_area *area = (const struct baton_area *)address;
	const char *other = compare_area(area, address, plan->gigabyte_pages, machine_resident());

	if (!other && area->map_end < plan->map_end)
		other = "the memory that it maps";
	if (!other && !adopt_has_all(area, tables_madt()))
		other = "its list of CPUs";
	if (other)
		say("the area at 0x%llx is another version's (%s): its CPUs move to a new one",
		    (unsigned long long)address, other);
	return !other;
}

enum owner owner_find(const struct area_plan *plan, const struct tables_memory *memory,
		      bool (*reserved)(uint64_t address, uint64_t length), struct baton_area **area)
{
	struct adopt_claim claim = {
		.wakeup = acpi_madt_wakeup(tables_madt()),
		.at = identity,
		.reserved = reserved,
	};
	uint64_t address;
	const char *why;
	size_t size;

	if (!claim.wakeup || !claim.wakeup->mailbox)
		return OWNER_NONE;
	claim.table_address = tables_batn(&size);
	if (!claim.table_address && !looks_like_area(claim.wakeup, memory))
		return check_mailbox(claim.wakeup, reserved);

	claim.table = (const struct baton_table *)claim.table_address;
	address = adopt_check(&claim, size, &why);
	if (!address) {
		say("the area of an earlier stage is not adopted, nor its mailbox used: %s", why);
		return OWNER_NONE;
	}
	if (!(claim.table->flags & BATON_TABLE_COMPLETE)) {
		say("an earlier stage has prepared the hand-over, and has yet to collect the CPUs");
		return OWNER_STAGE;
	}
	if (!can_adopt(address, plan))
		return OWNER_MAILBOX;
	*area = (struct baton_area *)address;
	return OWNER_AREA;
}
