/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Where the parts of an area on arm64 are, and how its pages are mapped: area/arm64/install.h;
 * docs/contract-arm64.md.
 *
 * Sources: area/arm64/install.c
 * Flags: -Dstatic=
 * Proof: layout
 * Proof: attributes
 * Proof: registers --unwind 8
 * Quick: layout attributes registers
 * Mutant: layout area/arm64/install.c s/plan->ncpus > BATON_CPUS_MAX/0/
 * Mutant: layout area/arm64/install.c s/l->ledger + LEDGER_ENTRIES(plan->ncpus)/l->ledger + 64/
 * Mutant: layout area/arm64/install.c s/base \/ MMU_BLOCK_SIZE == (base + l->size - 1) \/ MMU_BLOCK_SIZE/1/
 * Mutant: layout area/arm64/install.c s/plan->ncpus \* BATON_SPIN_RELEASE_SIZE + RESIDENT_ALIGNMENT - 1/RESIDENT_ALIGNMENT/
 * Mutant: attributes area/arm64/install.c s/at >= l->release)/at > l->release)/
 * Mutant: attributes area/arm64/install.c s/READ_WRITE | MMU_NO_EXECUTE;$/READ_WRITE;/
 * Mutant: registers area/arm64/install.c s/known\[field + 1\] <= bits/known[field] <= bits/
 * Mutant: registers area/arm64/install.c s/if (!plan->stage2)$/if (0)/
 */
/* clang-format on */
#include "proof.h"
#include "area/arm64/install.h"
#include "area/arm64/slot.h"

/* With -Dstatic=: of install.c. */
struct layout {
	size_t slots, table, ledger, end, release, size;
};
bool lay_out(struct layout *l, const struct install_plan *plan);
bool fits(uint64_t base, const struct layout *l, const struct install_plan *plan);
uint64_t page_attributes(size_t at, const struct layout *l);
void write_registers(struct baton_area_registers *registers, uint64_t base,
		     const struct install_plan *plan);

static struct install_plan plan;
static struct layout l;

static void any_plan(void)
{
	plan.ncpus = any32();
	plan.boot = any32();
	plan.power = any64();
	plan.level = any32();
	plan.stage2 = any();
	plan.spin_table = any();
	plan.physical_bits = any32();
}

void proof_layout(void)
{
	uint64_t base = any64();
	size_t entries;
	bool good;

	any_plan();
	good = lay_out(&l, &plan);
	if (!plan.ncpus || plan.ncpus > 512)
		PROVE("refused", !good);
	if (!good)
		return;
	entries = 64 + 4 * (size_t)plan.ncpus;
	PROVE("in 2 MiB, of whole 64 KiB", l.size <= 0x200000 && l.size % 0x10000 == 0);
	PROVE("the parts, one behind the other",
	      l.slots >= 0xe000 + 64 * plan.ncpus && l.table >= l.slots + 2048 * plan.ncpus &&
		      l.ledger == l.table + 128 + 128 * plan.ncpus &&
		      l.end >= l.ledger + 64 * entries &&
		      (plan.spin_table
			       ? l.release >= l.end && l.release + 2048 * plan.ncpus <= l.size
			       : !l.release && l.end <= l.size));
	PROVE("aligned; the table's pages are its own",
	      l.slots % 64 == 0 && l.table % 4096 == 0 && l.release % 0x10000 == 0);
	if (fits(base, &l, &plan))
		PROVE("one block of 2 MiB that the tables reach",
		      base % 0x10000 == 0 && base >> 21 == (base + l.size - 1) >> 21 &&
			      base + l.size <= 1ull << 39 && plan.power < 1ull << 39);
}

/* Arm ARM, D8.3: a page that can be written can't be executed. */
void proof_attributes(void)
{
	size_t at = any64();
	uint64_t attributes;
	bool code, words;

	any_plan();
	ASSUME_CASE(lay_out(&l, &plan));
	ASSUME_BOUND(at < l.size && at % 4096 == 0);
	attributes = page_attributes(at, &l);
	code = at >= 0x1000 && at < 0x5000;
	words = plan.spin_table && (at == 0xa000 || at >= l.release);
	PROVE("code alone is read-only, and can be executed",
	      (attributes >> 7 & 1) == code && (attributes >> 54 & 1) == !code);
	PROVE("release and held words alone without caches", (attributes >> 2 & 7) == words);
	PROVE("the rest is shared among the CPUs", words || (attributes >> 8 & 3) == 3);
}

void proof_registers(void)
{
	struct baton_area_registers r = {0};
	uint64_t base = any64(), ps;
	unsigned bits;

	any_plan();
	write_registers(&r, base, &plan);
	ps = r.tcr >> 16 & 7;
	bits = ps == 0 ? 32 : ps == 1 ? 36 : ps == 2 ? 40 : ps == 3 ? 42 : ps == 4 ? 44 : 48;
	PROVE("no larger than the processor's addresses, and 48 bits at most",
	      ps <= 5 && (bits <= plan.physical_bits || !ps));
	PROVE("stage 1: 39 bits, by the area's tables",
	      (r.tcr & 63) == 25 && r.ttbr == base + 0x5000);
	if (!plan.stage2) {
		PROVE("no stage 2", !r.vtcr && !r.vttbr);
		return;
	}
	if (plan.physical_bits >= 32 && plan.physical_bits <= 64)
		PROVE("stage 2: all that the processor can address, 1 TiB at most",
		      64 - (r.vtcr & 63) == (plan.physical_bits < 40 ? plan.physical_bits : 40) &&
			      r.vttbr == base + 0xa000 && (r.vtcr >> 16 & 7) == ps);
}
