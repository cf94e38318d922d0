/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The readers of ACPI tables, on arbitrary bytes: include/baton/acpi.h; ACPI 6.6, 5.2.5
 * and 5.2.12.
 *
 * Sources: lib/acpi.c lib/string.c
 * Flags: -Dstatic=
 * Proof: rsdp --unwind 260
 * Proof: table --unwind 50
 * Later: Proof entries --unwind 13 --unwindset memcmp.0:5
 * Proof: next --unwind 3
 * Proof: cpu
 * Later: Proof cpus --unwind 5
 * Proof: wakeup --unwind 5
 * Later: Proof invalidated --unwind 5 --unwindset memcmp.0:5,acpi_sum.0:118,sum_of.0:118
 * Quick: table next cpu wakeup
 * Mutant: rsdp lib/acpi.c s/rsdp->length < sizeof(\*rsdp) || //
 * Mutant: table lib/acpi.c s/return acpi_sum(table, table->length) ? "wrong checksum" : NULL/return NULL/
 * Later: Mutant entries lib/acpi.c s/if (entry->length > left)/if (entry->length > left + 1)/
 * Later: Mutant entries lib/acpi.c s/entry->length < acpi_madt_entry_min(entry->type)/0/
 * Later: Mutant entries lib/acpi.c s/if (left < sizeof(\*entry))/if (0)/
 * Mutant: next lib/acpi.c s/next < end ?/next <= end ?/
 * Mutant: next lib/acpi.c s/previous + previous->length/previous + sizeof(*previous)/
 * Mutant: cpu lib/acpi.c s/return cpu->apic_id != LOCAL_APIC_BROADCAST/return true/
 * Mutant: cpu lib/acpi.c s/x2apic->apic_id, x2apic->uid/x2apic->uid, x2apic->apic_id/
 * Later: Mutant cpus lib/acpi.c s/ \&\& !listed_before(madt, entry, cpu->apic_id)//
 * Later: Mutant cpus lib/acpi.c s/!acpi_madt_ignored(madt, entry) \&\& !listed/!listed/
 * Mutant: wakeup lib/acpi.c s/wakeup->version == 0 || wakeup->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1/wakeup->version == 0/
 * Later: Mutant invalidated lib/acpi.c s/return wakeup \&\& !wakeup->mailbox/return wakeup/
 * Later: Mutant invalidated lib/acpi.c s/!acpi_sum(madt, madt->header.length)/0/
 */
/* clang-format on */
#include "proof.h"
#include <baton/acpi.h>

#define RSDP_MAX 256
#define MADT_MAX (44 + 22) /* the fixed part, and up to eleven entries */
#define ENTRIES 3

/* With -Dstatic=: of acpi.c. */
acpi_error check_entries(const struct acpi_madt *madt);

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

/* Entries of arbitrary types and lengths. */
void proof_entries(void)
{
	static uint8_t bytes[MADT_MAX];
	struct acpi_madt *madt = (struct acpi_madt *)bytes;
	uint32_t at = 44, length;

	__CPROVER_havoc_object(bytes);
	length = madt->header.length;
	ASSUME_CONTRACT("acpi.h: the caller bounds the length", length <= MADT_MAX);
	if (check_entries(madt))
		return;
	PROVE("the fixed part", length >= 44);
	for (int i = 0; i < 12 && at < length; i++) {
		PROVE("inside of the table",
		      at + 2 <= length && bytes[at + 1] >= 2 && at + bytes[at + 1] <= length);
		PROVE("as long as its type needs",
		      (bytes[at] != 0 || bytes[at + 1] >= 8) &&
			      (bytes[at] != 9 || bytes[at + 1] >= 16) &&
			      (bytes[at] != 16 || bytes[at + 1] >= 16));
		at += bytes[at + 1];
	}
	PROVE("to the end", at == length);
}

void proof_next(void)
{
	static uint8_t bytes[MADT_MAX];
	struct acpi_madt *madt = (struct acpi_madt *)bytes;
	uint32_t at = any32(), length;
	const struct acpi_madt_entry *next;

	__CPROVER_havoc_object(bytes);
	length = madt->header.length;
	ASSUME_CONTRACT("acpi.h: checked", length >= 44 && length <= MADT_MAX);
	next = acpi_madt_next(madt, NULL);
	PROVE("the first", length == 44 ? !next : (const uint8_t *)next == bytes + 44);
	ASSUME_CONTRACT("proof_entries(): an entry is inside of the table",
			at >= 44 && at <= MADT_MAX - 2 && bytes[at + 1] >= 2 &&
				at + bytes[at + 1] <= length);
	next = acpi_madt_next(madt, (const struct acpi_madt_entry *)(bytes + at));
	PROVE("the next, or the end",
	      at + bytes[at + 1] == length ? !next
					   : (const uint8_t *)next == bytes + at + bytes[at + 1]);
}

/* Whether the bytes at @at are an entry of a CPU, by ACPI 6.6 itself. */
static bool is_cpu(const uint8_t *at, uint32_t *apic_id, uint32_t *uid, uint32_t *flags)
{
	if (at[0] == 0) {
		*apic_id = at[3];
		*uid = at[2];
		*flags = at[4] | at[5] << 8 | at[6] << 16 | (uint32_t)at[7] << 24;
		return at[3] != 0xff;
	}
	if (at[0] != 9)
		return false;
	*apic_id = at[4] | at[5] << 8 | at[6] << 16 | (uint32_t)at[7] << 24;
	*flags = at[8] | at[9] << 8 | at[10] << 16 | (uint32_t)at[11] << 24;
	*uid = at[12] | at[13] << 8 | at[14] << 16 | (uint32_t)at[15] << 24;
	return *apic_id != 0xffffffff;
}

/* An entry of any type, and no byte behind it. */
void proof_cpu(void)
{
	uint8_t *entry, length = any8();
	struct acpi_cpu cpu;
	uint32_t apic_id, uid, flags;

	entry = any_bytes(length);
	ASSUME_CONTRACT("proof_entries()", length >= 2 && entry[1] == length &&
						   (entry[0] != 0 || length >= 8) &&
						   (entry[0] != 9 || length >= 16));
	if (acpi_madt_cpu((const struct acpi_madt_entry *)entry, &cpu))
		PROVE("what it says", is_cpu(entry, &apic_id, &uid, &flags) &&
					      apic_id == cpu.apic_id && uid == cpu.uid &&
					      flags == cpu.flags);
	else
		PROVE("no CPU", !is_cpu(entry, &apic_id, &uid, &flags));
}

/* A table of some entries, of any type, each of 24 bytes. */
static struct {
	struct acpi_madt madt;
	uint8_t entry[ENTRIES][24];
} memory;

static unsigned any_entries(void)
{
	unsigned n = any32();

	__CPROVER_havoc_object(&memory);
	ASSUME_BOUND(n <= ENTRIES);
	for (unsigned i = 0; i < ENTRIES; i++)
		memory.entry[i][1] = 24;
	memory.madt.header.length = 44 + 24 * n;
	return n;
}

static bool enabled(unsigned i, uint32_t *apic_id)
{
	uint32_t uid, flags = 0;

	return is_cpu(memory.entry[i], apic_id, &uid, &flags) && flags & 1;
}

void proof_cpus(void)
{
	unsigned n = any_entries(), expected = 0;
	struct acpi_cpu cpus[2];
	bool type0 = false;
	uint32_t ids[ENTRIES] = {0}, id;
	size_t count;

	for (unsigned i = 0; i < n; i++)
		type0 |= !memory.entry[i][0] && enabled(i, &id);
	for (unsigned i = 0; i < n; i++) {
		bool again = false;

		if (!enabled(i, &id))
			continue;
		/* ACPI 6.6, 5.2.12.12; Linux: IDs below 255 are those of type 0, if there is one.
		 */
		if (memory.entry[i][0] == 9 && id < 255 && type0)
			continue;
		for (unsigned k = 0; k < expected; k++)
			again |= ids[k] == id;
		if (!again)
			ids[expected++] = id;
	}
	count = acpi_madt_cpus(&memory.madt, cpus, 2);
	PROVE("each CPU once", count == expected);
	PROVE("in the order of the table",
	      (count < 1 || cpus[0].apic_id == ids[0]) && (count < 2 || cpus[1].apic_id == ids[1]));
}

void proof_wakeup(void)
{
	unsigned n = any_entries(), first = n;
	const struct acpi_madt_wakeup *wakeup;
	struct acpi_madt_wakeup *v0;

	for (unsigned i = n; i--;)
		if (memory.entry[i][0] == 16)
			first = i;
	wakeup = acpi_madt_wakeup(&memory.madt);
	PROVE("the first, or none", first == n ? !wakeup : (void *)wakeup == memory.entry[first]);
	if (wakeup)
		PROVE("version 1, 24 bytes long",
		      acpi_wakeup_reset_vector(wakeup) ==
			      (wakeup->version ? wakeup->reset_vector : 0));
	/* Nothing behind it: firmware has shipped version 1 with 16 bytes. */
	v0 = any_bytes(16);
	ASSUME_CASE(v0->entry.length == 16);
	PROVE("not beyond its length", !acpi_wakeup_reset_vector(v0));
}

void proof_invalidated(void)
{
	unsigned n = any_entries(), structures = 0;
	const struct acpi_madt_wakeup *wakeup;

	memory.madt.header.signature[0] = any() ? 'A' : any8();
	for (unsigned i = 0; i < n; i++)
		structures += memory.entry[i][0] == 16;
	if (!acpi_madt_invalidated(&memory.madt))
		return;
	wakeup = acpi_madt_wakeup(&memory.madt);
	PROVE("a MADT with one wakeup structure, whose mailbox has no address",
	      memory.madt.header.signature[0] == 'A' && structures == 1 && !wakeup->mailbox);
	PROVE("and a wrong checksum",
	      sum_of((uint8_t *)&memory, memory.madt.header.length, sizeof(memory)));
}
