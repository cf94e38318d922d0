/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* lib/acpi.c: every table is hostile until checked. */
#include "unit.h"
#include "builder.h"

static struct builder b;

static void assert_refused(acpi_error error, const char *why)
{
	assert_non_null(error);
	if (!strstr(error, why))
		fail_msg("refused for \"%s\", not for \"%s\"", error, why);
}

/* Take over @table, check it as a MADT, free it. */
static void assert_madt_refused(void *table, const char *why)
{
	assert_refused(acpi_madt_check(table), why);
	free(table);
}

static void assert_madt_good(const void *table)
{
	acpi_error error = acpi_madt_check(table);

	if (error)
		fail_msg("a good MADT was refused: %s", error);
}

/* The root pointer. */

static struct acpi_rsdp *new_rsdp(uint8_t revision, uint32_t length, size_t allocated)
{
	struct acpi_rsdp *rsdp = calloc(1, allocated);

	memcpy(rsdp, "RSD PTR ", 8);
	memcpy(rsdp->oem_id, "BATON ", 6);
	rsdp->revision = revision;
	rsdp->rsdt = 0x1000;
	rsdp->length = length;
	rsdp->xsdt = 0x123456789000;
	rsdp->checksum = (uint8_t)-sum_of(rsdp, 20);
	if (length <= allocated)
		rsdp->extended_checksum = (uint8_t)-sum_of(rsdp, length);
	return rsdp;
}

static void sum_up_rsdp(struct acpi_rsdp *rsdp)
{
	rsdp->checksum = rsdp->extended_checksum = 0;
	rsdp->checksum = (uint8_t)-sum_of(rsdp, 20);
	rsdp->extended_checksum = (uint8_t)-sum_of(rsdp, sizeof(*rsdp));
}

static void rsdp_good(void **state)
{
	struct acpi_rsdp *rsdp = new_rsdp(2, 36, 36);

	(void)state;
	assert_null(acpi_check_rsdp(rsdp));
	free(rsdp);
	rsdp = new_rsdp(3, 44, 44); /* a later revision, with something appended */
	assert_null(acpi_check_rsdp(rsdp));
	((uint8_t *)rsdp)[43] ^= 1;
	assert_refused(acpi_check_rsdp(rsdp), "extended checksum");
	free(rsdp);
}

static void rsdp_unaligned(void **state)
{
	struct acpi_rsdp *rsdp = new_rsdp(2, 36, 36);
	uint8_t *moved = malloc(37);

	(void)state;
	memcpy(moved + 1, rsdp, 36);
	assert_null(acpi_check_rsdp((void *)(moved + 1)));
	free(moved);
	free(rsdp);
}

static void rsdp_wrong_signature(void **state)
{
	struct acpi_rsdp *rsdp = new_rsdp(2, 36, 36);

	(void)state;
	rsdp->signature[7] = 'X';
	sum_up_rsdp(rsdp);
	assert_refused(acpi_check_rsdp(rsdp), "signature");
	free(rsdp);
}

static void rsdp_wrong_checksums(void **state)
{
	struct acpi_rsdp *rsdp = new_rsdp(2, 36, 36);

	(void)state;
	rsdp->checksum++;
	rsdp->extended_checksum--; /* the sum over all bytes stays right */
	assert_refused(acpi_check_rsdp(rsdp), "wrong checksum");
	sum_up_rsdp(rsdp);
	assert_null(acpi_check_rsdp(rsdp));
	rsdp->extended_checksum++;
	assert_refused(acpi_check_rsdp(rsdp), "wrong extended checksum");
	free(rsdp);
}

static void rsdp_revision_0(void **state)
{
	/* ACPI 1.0: 20 bytes, nothing behind them may be looked at. */
	uint8_t *bytes = malloc(20);
	struct acpi_rsdp *rsdp = new_rsdp(0, 20, 36);

	(void)state;
	rsdp->checksum = 0;
	rsdp->checksum = (uint8_t)-sum_of(rsdp, 20);
	memcpy(bytes, rsdp, 20);
	free(rsdp);
	assert_refused(acpi_check_rsdp((void *)bytes), "revision");
	free(bytes);
}

static void rsdp_lengths(void **state)
{
	static const uint32_t wrong[] = {0, 1, 20, 35, 257, 4096, 0x7fffffff, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct acpi_rsdp *rsdp = new_rsdp(2, wrong[i], 36);

		assert_refused(acpi_check_rsdp(rsdp), "length");
		free(rsdp);
	}
}

static void rsdp_without_xsdt(void **state)
{
	struct acpi_rsdp *rsdp = new_rsdp(2, 36, 36);

	(void)state;
	rsdp->xsdt = 0;
	sum_up_rsdp(rsdp);
	assert_refused(acpi_check_rsdp(rsdp), "XSDT");
	free(rsdp);
}

/* Any table, and the XSDT. */

static void sums(void **state)
{
	static const uint8_t bytes[] = {0xff, 0x02, 0x80};
	struct acpi_header *table;

	(void)state;
	assert_int_equal(acpi_sum(bytes, 0), 0);
	assert_int_equal(acpi_sum(bytes, 2), 1);
	assert_int_equal(acpi_sum(bytes, 3), 0x81);

	begin_table(&b, "TEST", 1);
	add_bytes(&b, bytes, 3);
	table = end_table(&b);
	table->checksum += 5;
	acpi_set_checksum(table);
	assert_int_equal(sum_of(table, b.length), 0);
	free(table);
}

static void table_good(void **state)
{
	struct acpi_header *table;

	(void)state;
	begin_table(&b, "TEST", 1);
	table = end_table(&b); /* a header and nothing else */
	assert_null(acpi_check_table(table, "TEST"));
	free(table);
}

static void table_wrong_signature(void **state)
{
	struct acpi_header *table;

	(void)state;
	begin_table(&b, "TEST", 1);
	table = end_table(&b);
	assert_refused(acpi_check_table(table, "TESU"), "signature");
	assert_refused(acpi_check_table(table, "XEST"), "signature");
	free(table);
}

static void table_wrong_checksum(void **state)
{
	struct acpi_header *table;

	(void)state;
	begin_table(&b, "TEST", 1);
	add_number(&b, 0x55, 1);
	table = end_table(&b);
	((uint8_t *)table)[36] ^= 0x10;
	assert_refused(acpi_check_table(table, "TEST"), "checksum");
	free(table);
}

static void table_lengths(void **state)
{
	static const uint32_t wrong[] = {0, 1, 8, 35, ACPI_TABLE_MAX + 1, 0x80000000, 0xffffffff};

	(void)state;
	begin_table(&b, "TEST", 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct acpi_header *table = end_table_saying(&b, wrong[i]);

		assert_refused(acpi_check_table(table, "TEST"), "length");
		free(table);
	}
}

static void table_of_maximum_length(void **state)
{
	struct acpi_header *table = calloc(1, ACPI_TABLE_MAX);

	(void)state;
	memcpy(table->signature, "TEST", 4);
	table->length = ACPI_TABLE_MAX;
	table->checksum = (uint8_t)-sum_of(table, ACPI_TABLE_MAX);
	assert_null(acpi_check_table(table, "TEST"));
	free(table);
}

static void xsdt_empty(void **state)
{
	struct acpi_header *xsdt;

	(void)state;
	begin_table(&b, "XSDT", 1);
	xsdt = end_table(&b);
	assert_null(acpi_check_table(xsdt, "XSDT"));
	assert_int_equal(acpi_xsdt_count(xsdt), 0);
	free(xsdt);
}

static void xsdt_entries(void **state)
{
	struct acpi_header *xsdt;

	(void)state;
	begin_table(&b, "XSDT", 1); /* 36 bytes: no entry is 8-aligned */
	add_number(&b, 0x1122334455667788, 8);
	add_number(&b, 0, 8);
	add_number(&b, 0xffffffffffffffff, 8);
	xsdt = end_table(&b);
	assert_int_equal(acpi_xsdt_count(xsdt), 3);
	assert_int_equal(acpi_xsdt_entry(xsdt, 0), 0x1122334455667788);
	assert_int_equal(acpi_xsdt_entry(xsdt, 1), 0);
	assert_true(acpi_xsdt_entry(xsdt, 2) == UINT64_MAX);
	free(xsdt);
}

static void xsdt_ragged(void **state)
{
	struct acpi_header *xsdt;

	(void)state;
	for (size_t extra = 1; extra < 8; extra++) {
		begin_table(&b, "XSDT", 1);
		add_number(&b, 0x1000, 8);
		add_number(&b, 0xee, extra);
		xsdt = end_table(&b);
		assert_null(acpi_check_table(xsdt, "XSDT"));
		assert_int_equal(acpi_xsdt_count(xsdt), 1);
		assert_int_equal(acpi_xsdt_entry(xsdt, 0), 0x1000);
		free(xsdt);
	}
}

static void xsdt_wrong(void **state)
{
	struct acpi_header *xsdt;

	(void)state;
	begin_table(&b, "XSDT", 1);
	add_number(&b, 0x1000, 8);
	xsdt = end_table_saying(&b, 0);
	assert_refused(acpi_check_table(xsdt, "XSDT"), "length");
	free(xsdt);
	xsdt = end_table_saying(&b, 0xfffffff8);
	assert_refused(acpi_check_table(xsdt, "XSDT"), "length");
	free(xsdt);
	xsdt = end_table(&b);
	xsdt->checksum ^= 0x80;
	assert_refused(acpi_check_table(xsdt, "XSDT"), "checksum");
	free(xsdt);
	begin_table(&b, "RSDT", 1);
	xsdt = end_table(&b);
	assert_refused(acpi_check_table(xsdt, "XSDT"), "signature");
	free(xsdt);
}

/* The MADT as a whole. */

static void madt_without_entries(void **state)
{
	struct acpi_madt *madt;
	struct acpi_cpu cpu;

	(void)state;
	begin_madt(&b, 5);
	madt = end_table(&b);
	assert_madt_good(madt);
	assert_null(acpi_madt_next(madt, NULL));
	assert_null(acpi_madt_wakeup(madt));
	assert_int_equal(acpi_madt_cpus(madt, &cpu, 1), 0);
	free(madt);
}

static void madt_wrong_header(void **state)
{
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	assert_madt_refused(end_table_saying(&b, 0), "length");
	assert_madt_refused(end_table_saying(&b, 35), "length");
	assert_madt_refused(end_table_saying(&b, 0xffffffff), "length");
	for (uint32_t length = 36; length < 44; length++)
		assert_madt_refused(end_table_saying(&b, length), "fixed part");

	madt = end_table(&b);
	madt->header.checksum++;
	assert_madt_refused(madt, "checksum");
	madt = end_table(&b);
	madt->header.signature[3] = 'X';
	madt->header.checksum += 'C' - 'X';
	assert_madt_refused(madt, "signature");
}

static void madt_cut_anywhere(void **state)
{
	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	add_x2apic(&b, 1, 300, 1);
	add_wakeup(&b, 1, 24);
	/* Only the ends of whole entries are ends of the table. */
	for (size_t length = 36; length <= 44 + 8 + 16 + 24; length++) {
		struct acpi_madt *madt;
		bool good = length == 44 || length == 52 || length == 68 || length == 92;

		b.length = length;
		madt = end_table(&b);
		assert_int_equal(acpi_madt_check(madt) == NULL, good);
		free(madt);
	}
}

static void madt_truncated_entry(void **state)
{
	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	add_number(&b, 0, 1); /* a type, and no length */
	assert_madt_refused(end_table(&b), "truncated");
}

static void madt_entry_length_0_and_1(void **state)
{
	static const uint8_t types[] = {0, 1, 9, 16, 0x7f, 0xff};

	(void)state;
	for (size_t i = 0; i < sizeof(types); i++) {
		for (uint8_t length = 0; length < 2; length++) {
			begin_madt(&b, 5);
			add_number(&b, types[i], 1);
			add_number(&b, length, 1);
			add_number(&b, 0, 14);
			assert_madt_refused(end_table(&b), "below 2");
		}
	}
}

static void madt_entry_overruns(void **state)
{
	(void)state;
	for (unsigned length = 9; length < 256; length++) {
		begin_madt(&b, 5);
		add_number(&b, 0, 1);
		add_number(&b, length, 1);
		add_number(&b, 0, 6);
		assert_madt_refused(end_table(&b), "beyond the end");
	}
}

static void madt_entries_overlap(void **state)
{
	(void)state;
	/* The first swallows half of the second, whose rest is read as an entry. */
	begin_madt(&b, 5);
	add_number(&b, 0, 1);
	add_number(&b, 12, 1);
	add_number(&b, 0, 6);
	add_apic(&b, 1, 1, 0x00000800); /* flags as an entry: type 0, length 8, and then the end */
	assert_madt_refused(end_table(&b), "beyond the end");
}

static void madt_entry_shorter_than_its_type(void **state)
{
	static const struct {
		uint8_t type, least;
	} types[] = {{0, 8}, {9, 16}, {16, 16}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (uint8_t length = 2; length <= types[i].least; length++) {
			struct acpi_madt *madt;

			begin_madt(&b, 5);
			add_number(&b, types[i].type, 1);
			add_number(&b, length, 1);
			add_number(&b, 0, length - 2u);
			madt = end_table(&b);
			if (length < types[i].least)
				assert_refused(acpi_madt_check(madt), "shorter");
			else
				assert_madt_good(madt);
			free(madt);
		}
	}
}

static void madt_longer_and_unknown_entries(void **state)
{
	struct acpi_cpu cpu[2];
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_number(&b, 0x0280, 2);     /* type 0x80 of 2 bytes */
	add_number(&b, 0xeeee04ff, 4); /* type 0xff of 4 bytes */
	add_number(&b, 0x0c00, 2);     /* type 0 of 12 bytes */
	add_number(&b, 0x0507, 2);
	add_number(&b, 1, 4);
	add_number(&b, 0xeeeeeeee, 4);
	add_apic(&b, 8, 6, 1);
	madt = end_table(&b);
	assert_madt_good(madt);
	assert_int_equal(acpi_madt_cpus(madt, cpu, 2), 2);
	assert_int_equal(cpu[0].apic_id, 5);
	assert_int_equal(cpu[0].uid, 7);
	assert_int_equal(cpu[1].apic_id, 6);
	free(madt);
}

static void madt_unaligned(void **state)
{
	struct acpi_cpu cpu[3];
	struct acpi_madt *madt;
	uint8_t *moved;

	(void)state;
	begin_madt(&b, 5);
	add_number(&b, 0x000380, 3); /* 3 bytes: all behind it are at odd addresses */
	add_x2apic(&b, 0x01020304, 0x05060708, 1);
	add_apic(&b, 1, 2, 1);
	add_wakeup(&b, 1, 24);
	madt = end_table(&b);
	for (size_t shift = 1; shift < 8; shift++) {
		moved = malloc(b.length + shift);
		memcpy(moved + shift, madt, b.length);
		assert_madt_good(moved + shift);
		assert_int_equal(acpi_madt_cpus((void *)(moved + shift), cpu, 3), 2);
		assert_int_equal(cpu[0].apic_id, 0x05060708);
		assert_int_equal(cpu[0].uid, 0x01020304);
		assert_int_equal(acpi_madt_wakeup((void *)(moved + shift))->mailbox,
				 0x1122334455667000);
		free(moved);
	}
	free(madt);
}

/* The entries, in order. */

static void madt_next_sees_every_entry_once(void **state)
{
	static const uint8_t types[] = {0, 1, 9, 16};
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 1);
	add_number(&b, 0x0c01, 2); /* an I/O APIC */
	add_number(&b, 0, 10);
	add_x2apic(&b, 1, 1, 1);
	add_wakeup(&b, 0, 16);
	madt = end_table(&b);
	for (size_t i = 0; i < sizeof(types); i++) {
		entry = acpi_madt_next(madt, entry);
		assert_non_null(entry);
		assert_int_equal(entry->type, types[i]);
	}
	assert_null(acpi_madt_next(madt, entry));
	free(madt);
}

static void wakeup_version_1(void **state)
{
	const struct acpi_madt_wakeup *wakeup;
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 7);
	add_apic(&b, 0, 0, 1);
	add_wakeup(&b, 1, 24);
	madt = end_table(&b);
	assert_madt_good(madt);
	wakeup = acpi_madt_wakeup(madt);
	assert_non_null(wakeup);
	assert_int_equal(wakeup->version, 1);
	assert_int_equal(wakeup->mailbox, 0x1122334455667000);
	assert_int_equal(acpi_wakeup_reset_vector(wakeup), 0x99aa1000);
	free(madt);
}

static void wakeup_version_0_of_16_bytes(void **state)
{
	const struct acpi_madt_wakeup *wakeup;
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 6);
	add_wakeup(&b, 0, 16); /* the last: what is beyond is beyond the table, too */
	madt = end_table(&b);
	assert_madt_good(madt);
	wakeup = acpi_madt_wakeup(madt);
	assert_non_null(wakeup);
	assert_int_equal(wakeup->version, 0);
	assert_int_equal(wakeup->mailbox, 0x1122334455667000);
	assert_int_equal(acpi_wakeup_reset_vector(wakeup), 0);
	free(madt);
}

/*
 * Shipped by edk2 and td-shim once: version 1 with the length of version 0.  What
 * is beyond is beyond the table, or another entry: no reset vector.
 */
static void wakeup_version_1_too_short(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 3; version++) {
		for (uint8_t length = 16; length < 24; length++) {
			for (int last = 0; last < 2; last++) {
				struct acpi_madt *madt;

				begin_madt(&b, 7);
				add_wakeup(&b, (uint16_t)version, length);
				if (!last)
					add_apic(&b, 0, 0, 1);
				madt = end_table(&b);
				assert_madt_good(madt);
				assert_int_equal(acpi_wakeup_reset_vector(acpi_madt_wakeup(madt)),
						 0);
				free(madt);
			}
		}
	}
}

/* The processors. */

static void cpu_of_entry(void **state)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_madt *madt;
	struct acpi_cpu cpu;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0x12, 0x34, 0xfffffffd);
	add_x2apic(&b, 0x11223344, 0x55667788, 2);
	add_number(&b, 0x0c01, 2);
	add_number(&b, 0, 10);
	add_apic(&b, 0, 0xff, 1);
	add_x2apic(&b, 0, 0xffffffff, 1);
	madt = end_table(&b);

	entry = acpi_madt_next(madt, entry);
	assert_true(acpi_madt_cpu(entry, &cpu));
	assert_int_equal(cpu.uid, 0x12);
	assert_int_equal(cpu.apic_id, 0x34);
	assert_int_equal(cpu.flags, 0xfffffffd);
	entry = acpi_madt_next(madt, entry);
	assert_true(acpi_madt_cpu(entry, &cpu));
	assert_int_equal(cpu.uid, 0x11223344);
	assert_int_equal(cpu.apic_id, 0x55667788);
	assert_int_equal(cpu.flags, 2);
	for (unsigned i = 0; i < 3; i++) {
		entry = acpi_madt_next(madt, entry);
		assert_false(acpi_madt_cpu(entry, &cpu));
	}
	free(madt);
}

static void cpus_enabled_only(void **state)
{
	struct acpi_cpu cpu[4];
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 4, 1);
	add_apic(&b, 1, 5, 0); /* disabled */
	add_apic(&b, 2, 6, 2); /* online-capable */
	add_apic(&b, 3, 7, 3); /* enabled is enough */
	add_x2apic(&b, 4, 308, 0);
	add_x2apic(&b, 5, 309, 2);
	add_x2apic(&b, 6, 310, 1);
	madt = end_table(&b);
	assert_madt_good(madt);
	assert_int_equal(acpi_madt_cpus(madt, cpu, 4), 3);
	assert_int_equal(cpu[0].apic_id, 4);
	assert_int_equal(cpu[1].apic_id, 7);
	assert_int_equal(cpu[2].apic_id, 310);
	assert_int_equal(cpu[2].uid, 6);
	free(madt);
}

/* Linux 6.7 and later: an ID below 255 is that of a CPU in an entry of type 0 only. */
static void cpus_low_x2apic_ids(void **state)
{
	struct acpi_cpu cpu[8];
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_x2apic(&b, 4, 0x20, 1);
	add_apic(&b, 0, 0, 1);
	add_x2apic(&b, 5, 254, 1);
	add_x2apic(&b, 6, 255, 1);
	madt = end_table(&b);
	assert_int_equal(acpi_madt_cpus(madt, cpu, 8), 2);
	assert_int_equal(cpu[0].apic_id, 0);
	assert_int_equal(cpu[1].apic_id, 255);
	free(madt);

	/* The one that is ignored does not hide the CPU of that ID. */
	begin_madt(&b, 5);
	add_x2apic(&b, 4, 3, 1);
	add_apic(&b, 0, 0, 1);
	add_apic(&b, 1, 3, 1);
	madt = end_table(&b);
	assert_int_equal(acpi_madt_cpus(madt, cpu, 8), 2);
	assert_int_equal(cpu[1].apic_id, 3);
	assert_int_equal(cpu[1].uid, 1);
	free(madt);

	/* All by type 9; and those of type 0 are not enabled, or have the broadcast ID. */
	begin_madt(&b, 5);
	add_apic(&b, 0, 0, 0);
	add_apic(&b, 1, 0xff, 1);
	add_x2apic(&b, 4, 0x20, 1);
	add_x2apic(&b, 5, 254, 1);
	madt = end_table(&b);
	assert_int_equal(acpi_madt_cpus(madt, cpu, 8), 2);
	free(madt);
}

static void cpus_duplicate_ids(void **state)
{
	struct acpi_cpu cpu[8];
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 9, 3, 0); /* not enabled: does not count as the first */
	add_apic(&b, 0, 1, 1);
	add_apic(&b, 1, 1, 1);	 /* same type */
	add_x2apic(&b, 2, 1, 1); /* type 0 and type 9 */
	add_x2apic(&b, 3, 300, 1);
	add_x2apic(&b, 4, 300, 1);
	add_apic(&b, 5, 1, 1);
	add_apic(&b, 6, 3, 1);
	madt = end_table(&b);
	memset(cpu, 0, sizeof(cpu));
	assert_int_equal(acpi_madt_cpus(madt, cpu, 8), 3);
	assert_int_equal(cpu[0].apic_id, 1);
	assert_int_equal(cpu[0].uid, 0);
	assert_int_equal(cpu[1].apic_id, 300);
	assert_int_equal(cpu[1].uid, 3);
	assert_int_equal(cpu[2].apic_id, 3);
	assert_int_equal(cpu[2].uid, 6);
	/* With too little room for it to remember, too. */
	assert_int_equal(acpi_madt_cpus(madt, cpu, 1), 3);
	assert_int_equal(acpi_madt_cpus(madt, NULL, 0), 3);
	free(madt);
}

static void cpus_broadcast_ids(void **state)
{
	struct acpi_cpu cpu[4];
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	add_apic(&b, 0, 0xff, 1);
	add_apic(&b, 1, 0xfe, 1);
	add_x2apic(&b, 2, 0xffffffff, 1);
	add_x2apic(&b, 3, 0xff, 1); /* an ID like any other there */
	add_x2apic(&b, 4, 0xfffffffe, 1);
	madt = end_table(&b);
	assert_int_equal(acpi_madt_cpus(madt, cpu, 4), 3);
	assert_int_equal(cpu[0].apic_id, 0xfe);
	assert_int_equal(cpu[1].apic_id, 0xff);
	assert_int_equal(cpu[1].uid, 3);
	assert_int_equal(cpu[2].apic_id, 0xfffffffe);
	free(madt);
}

static void cpus_1024(void **state)
{
	struct acpi_cpu *cpu = malloc(1000 * sizeof(*cpu));
	struct acpi_madt *madt;

	(void)state;
	begin_madt(&b, 5);
	for (unsigned i = 0; i < 1024; i++) {
		if (i < 255)
			add_apic(&b, (uint8_t)i, (uint8_t)i, 1);
		else
			add_x2apic(&b, i, i * 2, 1);
	}
	madt = end_table(&b);
	assert_madt_good(madt);
	/* More than there is room for: counted, and nothing written behind the end. */
	assert_int_equal(acpi_madt_cpus(madt, cpu, 1000), 1024);
	assert_int_equal(cpu[254].apic_id, 254);
	assert_int_equal(cpu[255].apic_id, 510);
	assert_int_equal(cpu[999].apic_id, 1998);
	assert_int_equal(cpu[999].uid, 999);
	free(madt);
	free(cpu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rsdp_good),
		cmocka_unit_test(rsdp_unaligned),
		cmocka_unit_test(rsdp_wrong_signature),
		cmocka_unit_test(rsdp_wrong_checksums),
		cmocka_unit_test(rsdp_revision_0),
		cmocka_unit_test(rsdp_lengths),
		cmocka_unit_test(rsdp_without_xsdt),
		cmocka_unit_test(sums),
		cmocka_unit_test(table_good),
		cmocka_unit_test(table_wrong_signature),
		cmocka_unit_test(table_wrong_checksum),
		cmocka_unit_test(table_lengths),
		cmocka_unit_test(table_of_maximum_length),
		cmocka_unit_test(xsdt_empty),
		cmocka_unit_test(xsdt_entries),
		cmocka_unit_test(xsdt_ragged),
		cmocka_unit_test(xsdt_wrong),
		cmocka_unit_test(madt_without_entries),
		cmocka_unit_test(madt_wrong_header),
		cmocka_unit_test(madt_cut_anywhere),
		cmocka_unit_test(madt_truncated_entry),
		cmocka_unit_test(madt_entry_length_0_and_1),
		cmocka_unit_test(madt_entry_overruns),
		cmocka_unit_test(madt_entries_overlap),
		cmocka_unit_test(madt_entry_shorter_than_its_type),
		cmocka_unit_test(madt_longer_and_unknown_entries),
		cmocka_unit_test(madt_unaligned),
		cmocka_unit_test(madt_next_sees_every_entry_once),
		cmocka_unit_test(wakeup_version_1),
		cmocka_unit_test(wakeup_version_0_of_16_bytes),
		cmocka_unit_test(wakeup_version_1_too_short),
		cmocka_unit_test(cpu_of_entry),
		cmocka_unit_test(cpus_enabled_only),
		cmocka_unit_test(cpus_low_x2apic_ids),
		cmocka_unit_test(cpus_duplicate_ids),
		cmocka_unit_test(cpus_broadcast_ids),
		cmocka_unit_test(cpus_1024),
	};

	return cmocka_run_group_tests_name("acpi", tests, NULL, NULL);
}
