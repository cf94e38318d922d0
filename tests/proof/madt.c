/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The readers of ACPI tables, on arbitrary bytes: include/baton/acpi.h; ACPI 6.6, 5.2.5
 * and 5.2.12.
 *
 * Sources: lib/acpi.c lib/string.c
 * Proof: rsdp --unwind 260
 * Proof: table --unwind 50
 * Later: Proof madt --unwind 17 --unwindset acpi_sum.0:74,memcmp.0:5
 * Later: Proof invalidated --unwind 17 --unwindset acpi_sum.0:74,memcmp.0:5
 * Quick: table
 * Mutant: rsdp lib/acpi.c s/rsdp->length < sizeof(\*rsdp) || //
 * Mutant: table lib/acpi.c s/return acpi_sum(table, table->length) ? "wrong checksum" : NULL/return NULL/
 * Later: Mutant madt lib/acpi.c s/if (entry->length > left)/if (entry->length > left + 1)/
 * Later: Mutant madt lib/acpi.c s/if (entry->length < sizeof(\*entry))/if (0)/
 * Later: Mutant madt lib/acpi.c s/return cpu->apic_id != LOCAL_APIC_BROADCAST/return true/
 * Later: Mutant madt lib/acpi.c s/wakeup->version == 0 || wakeup->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1/wakeup->version == 0/
 * Later: Mutant invalidated lib/acpi.c s/return wakeup && !wakeup->mailbox/return wakeup/
 */
/* clang-format on */
#include "proof.h"
#include <baton/acpi.h>

#define RSDP_MAX 256
#define MADT_MAX (44 + 28) /* the fixed part, and for example a wakeup structure and two more */

static uint8_t sum_of(const uint8_t *bytes, uint32_t length, uint32_t max)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < max; i++)
		sum += i < length ? bytes[i] : 0;
	return sum;
}

void proof_rsdp(void)
{
	struct acpi_rsdp *rsdp = any_bytes(RSDP_MAX);
	acpi_error error = acpi_check_rsdp(rsdp);

	if (error)
		return;
	PROVE("signature", rsdp->signature[0] == 'R' && rsdp->signature[7] == ' ');
	PROVE("revision, length, XSDT",
	      rsdp->revision >= 2 && rsdp->length >= 36 && rsdp->length <= 256 && rsdp->xsdt);
}

void proof_table(void)
{
	uint32_t size = any32();
	struct acpi_header *table;

	ASSUME_BOUND(size >= 36 && size <= 48);
	table = any_bytes(size);
	ASSUME_CONTRACT("acpi.h: the caller bounds the length, if it is credible",
			table->length <= size || table->length > ACPI_TABLE_MAX);
	if (acpi_check_table(table, "XSDT"))
		return;
	PROVE("signature, length, checksum", table->signature[0] == 'X' && table->length >= 36 &&
						     !sum_of((uint8_t *)table, table->length, 48));
	PROVE("entries inside of it", 36 + 8 * acpi_xsdt_count(table) <= table->length);
	if (acpi_xsdt_count(table)) {
		uint64_t first = acpi_xsdt_entry(table, 0);

		PROVE("little-endian", (uint8_t)first == ((uint8_t *)table)[36]);
	}
}

static struct acpi_madt *any_madt(uint32_t *size)
{
	struct acpi_madt *madt;

	*size = any32();
	ASSUME_BOUND(*size >= 44 && *size <= MADT_MAX);
	madt = any_bytes(*size);
	ASSUME_CONTRACT("acpi.h: the caller bounds the length", madt->header.length <= *size);
	return madt;
}

/* Whether the table's bytes at @at are an Enabled entry of a CPU, by ACPI 6.6 itself. */
static bool enabled(const uint8_t *at, uint32_t *apic_id)
{
	if (at[0] == 0 && at[4] & 1 && at[3] != 0xff) {
		*apic_id = at[3];
		return true;
	}
	if (at[0] != 9)
		return false;
	*apic_id = at[4] | at[5] << 8 | at[6] << 16 | (uint32_t)at[7] << 24;
	return at[8] & 1 && *apic_id != 0xffffffff;
}

void proof_madt(void)
{
	uint32_t size, id, enabled_entries = 0, apic_id;
	struct acpi_madt *madt = any_madt(&size);
	const struct acpi_madt_entry *entry = NULL;
	const struct acpi_madt_wakeup *wakeup;
	struct acpi_cpu cpus[2], cpu;
	size_t count, entries = 0;
	const uint8_t *at = (const uint8_t *)(madt + 1);

	if (acpi_madt_check(madt))
		return;
	PROVE("signature, checksum",
	      madt->header.signature[0] == 'A' &&
		      !sum_of((uint8_t *)madt, madt->header.length, MADT_MAX));
	while ((entry = acpi_madt_next(madt, entry))) {
		PROVE("one entry after the other", (const uint8_t *)entry == at);
		PROVE("inside of the table",
		      at + at[1] <= (const uint8_t *)madt + madt->header.length && at[1] >= 2);
		PROVE("as long as its type", (at[0] != 0 || at[1] >= 8) &&
						     (at[0] != 9 || at[1] >= 16) &&
						     (at[0] != 16 || at[1] >= 16));
		if (acpi_madt_cpu(entry, &cpu) && cpu.flags & 1) {
			PROVE("a CPU", enabled(at, &id) && id == cpu.apic_id);
			enabled_entries++;
		} else {
			PROVE("no CPU", !enabled(at, &apic_id));
		}
		at += at[1];
		entries++;
	}
	PROVE("to the end", at == (const uint8_t *)madt + madt->header.length);
	count = acpi_madt_cpus(madt, cpus, 2);
	PROVE("each ID once", count < 2 || cpus[0].apic_id != cpus[1].apic_id);
	PROVE("of the Enabled entries", count <= enabled_entries && !count == !enabled_entries);
	wakeup = acpi_madt_wakeup(madt);
	if (wakeup && acpi_wakeup_reset_vector(wakeup))
		PROVE("a reset vector has a place", wakeup->entry.length >= 24 && wakeup->version);
}

void proof_invalidated(void)
{
	uint32_t size;
	struct acpi_madt *madt = any_madt(&size);

	if (!acpi_madt_invalidated(madt))
		return;
	PROVE("its checksum is wrong", sum_of((uint8_t *)madt, madt->header.length, MADT_MAX));
	PROVE("the mailbox has no address",
	      acpi_madt_wakeup(madt) && !acpi_madt_wakeup(madt)->mailbox);
}
