/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "install.h"
#include <baton/string.h>
#include "area/blank.h"
#include "lib/arm64/mmu.h"
#include "slot.h"

/* Stage 1, of one VA range. */
#define READ_WRITE MMU_ONE_RANGE
#define READ_ONLY (MMU_ONE_RANGE | MMU_READ_ONLY)

/* Stage 2. */
#define S2_NORMAL (0xfull << 2) /* stage 1 decides, if it is stricter */
#define S2_READ_ONLY (1ull << 6)
#define S2_READ_WRITE (3ull << 6)
#define S2_ACCESSED (MMU_INNER_SHAREABLE | MMU_ACCESSED)
#define S2_BLOCK (S2_NORMAL | S2_READ_WRITE | S2_ACCESSED | MMU_BLOCK)
#define VTCR_RES1 (1ull << 31)
#define VTCR_START_LEVEL_1 (1ull << 6)

/* A ledger that holds the last few hand-overs of every CPU. */
#define LEDGER_ENTRIES(ncpus) (64 + 4 * (ncpus))

struct layout {
	size_t slots, table, ledger, end, release, size;
};

static bool lay_out(struct layout *l, const struct install_plan *plan)
{
	if (!plan->ncpus || plan->ncpus > BATON_CPUS_MAX)
		return false;
	l->slots = BATON_AREA_SLOTS + plan->ncpus * sizeof(struct psci_cpu);
	l->table =
		(l->slots + plan->ncpus * sizeof(struct slot) + MMU_PAGE_SIZE - 1) & -MMU_PAGE_SIZE;
	l->ledger = l->table + BATON_TABLE_HEADER_SIZE + plan->ncpus * BATON_CPU_RECORD_SIZE;
	l->end = l->ledger + LEDGER_ENTRIES(plan->ncpus) * sizeof(struct baton_entry);
	l->size = (l->end + RESIDENT_ALIGNMENT - 1) & -(size_t)RESIDENT_ALIGNMENT;
	l->release = 0;
	if (plan->spin_table) {
		/* A kernel with large pages that maps them maps nothing else. */
		l->release = l->size;
		l->size += plan->ncpus * BATON_SPIN_RELEASE_SIZE + RESIDENT_ALIGNMENT - 1;
		l->size &= -(size_t)RESIDENT_ALIGNMENT;
	}
	return l->size <= MMU_BLOCK_SIZE;
}

size_t install_arm64_size(const struct install_plan *plan)
{
	struct layout l;

	return lay_out(&l, plan) ? l.size : 0;
}

/* The PARange field for @bits, which is what TCR and VTCR take. */
static uint64_t range_field(uint32_t bits)
{
	static const uint8_t known[] = {32, 36, 40, 42, 44, 48};
	uint64_t field = 0;

	while (field + 1 < sizeof(known) && known[field + 1] <= bits)
		field++;
	return field;
}

/*
 * What the page at offset @at is mapped as.  The words of a spin-table without
 * caches: the kernel writes the ones without cleaning those of all CPUs, and reads
 * the others without looking into any.
 */
static uint64_t page_attributes(size_t at, const struct layout *l)
{
	if (at >= BATON_AREA_RESIDENT && at < BATON_AREA_RESIDENT + BATON_RESIDENT_MAX)
		return MMU_NORMAL | MMU_INNER_SHAREABLE | READ_ONLY;
	if (l->release && (at == BATON_AREA_HELD || at >= l->release))
		return MMU_DEVICE | READ_WRITE | MMU_NO_EXECUTE;
	return MMU_NORMAL | MMU_INNER_SHAREABLE | READ_WRITE | MMU_NO_EXECUTE;
}

/*
 * The resident's own map: the area, page by page, its code read-only and the
 * only part that can be executed; and the 2 MiB around the power registers.
 */
static void write_own_tables(uint8_t *area, uint64_t base, const struct layout *l,
			     const struct install_plan *plan)
{
	uint64_t(*t)[MMU_ENTRIES] = (void *)(area + BATON_AREA_TABLES);
	uint64_t tables = base + BATON_AREA_TABLES;
	uint64_t device = plan->power & -MMU_BLOCK_SIZE;
	/* With the area in one GiB they share a table. */
	unsigned other = base / MMU_GIGABYTE == device / MMU_GIGABYTE ? 1 : 3;

	t[0][base / MMU_GIGABYTE] = (tables + MMU_PAGE_SIZE) | MMU_TABLE;
	t[1][base / MMU_BLOCK_SIZE % MMU_ENTRIES] = (tables + 2 * MMU_PAGE_SIZE) | MMU_TABLE;
	for (size_t at = 0; at < l->size; at += MMU_PAGE_SIZE)
		t[2][(base + at) / MMU_PAGE_SIZE % MMU_ENTRIES] =
			(base + at) | page_attributes(at, l) | MMU_ACCESSED | MMU_PAGE;
	if (!plan->power)
		return;
	t[0][device / MMU_GIGABYTE] = (tables + other * MMU_PAGE_SIZE) | MMU_TABLE;
	t[other][device / MMU_BLOCK_SIZE % MMU_ENTRIES] =
		device | MMU_DEVICE | READ_WRITE | MMU_NO_EXECUTE | MMU_ACCESSED | MMU_BLOCK;
}

/* The kernel's map: everything where it is, but the area, of which it can read BATN. */
static void write_stage2(uint8_t *area, uint64_t base, const struct layout *l)
{
	uint64_t *root = (void *)(area + BATON_AREA_STAGE2);
	uint64_t *blocks = root + 2 * MMU_ENTRIES, *pages = blocks + MMU_ENTRIES;
	uint64_t tables = base + BATON_AREA_STAGE2;
	uint64_t gigabyte = base & -MMU_GIGABYTE, block = base & -MMU_BLOCK_SIZE;

	for (size_t i = 0; i < 2 * MMU_ENTRIES; i++)
		root[i] = i * MMU_GIGABYTE | S2_BLOCK;
	for (size_t i = 0; i < MMU_ENTRIES; i++) {
		uint64_t page = block + i * MMU_PAGE_SIZE;

		blocks[i] = (gigabyte + i * MMU_BLOCK_SIZE) | S2_BLOCK;
		if (page < base || page >= base + l->size)
			pages[i] = page | S2_NORMAL | S2_READ_WRITE | S2_ACCESSED | MMU_PAGE;
		else if (page >= base + l->table && page < base + l->end)
			pages[i] = page | S2_NORMAL | S2_READ_ONLY | S2_ACCESSED | MMU_PAGE;
	}
	root[base / MMU_GIGABYTE] = (tables + 2 * MMU_PAGE_SIZE) | MMU_TABLE;
	blocks[base / MMU_BLOCK_SIZE % MMU_ENTRIES] = (tables + 3 * MMU_PAGE_SIZE) | MMU_TABLE;
}

static void write_registers(struct baton_area_registers *registers, uint64_t base,
			    const struct install_plan *plan)
{
	uint64_t range = range_field(plan->physical_bits);
	uint32_t stage2_bits = plan->physical_bits < RESIDENT_STAGE2_BITS ? plan->physical_bits
									  : RESIDENT_STAGE2_BITS;

	registers->mair = MMU_MAIR;
	registers->tcr =
		MMU_TCR_RES1 | MMU_TCR_WALKS | range << MMU_TCR_PS_SHIFT | (64 - RESIDENT_MAP_BITS);
	registers->ttbr = base + BATON_AREA_TABLES;
	if (!plan->stage2)
		return;
	registers->vtcr = VTCR_RES1 | MMU_TCR_WALKS | VTCR_START_LEVEL_1 |
			  range << MMU_TCR_PS_SHIFT | (64 - stage2_bits);
	registers->vttbr = base + BATON_AREA_STAGE2;
}

static void write_table(struct baton_table *table, uint64_t base, const struct layout *l,
			const struct install_plan *plan)
{
	blank_table(table, l->end - l->table, BATON_AREA_VERSION);
	table->area = base;
	table->area_size = l->size;
	table->ncpus = plan->ncpus;
	table->boot_apic_id = install_cpu_id(plan->mpidrs[plan->boot]);
	for (uint32_t i = 0; i < plan->ncpus; i++)
		blank_record(&table->cpu[i], install_cpu_id(plan->mpidrs[i]), 0, i == plan->boot,
			     plan->ticks_per_us);
	blank_ledger((struct baton_entry *)((uint8_t *)table + l->ledger - l->table),
		     LEDGER_ENTRIES(plan->ncpus));
	acpi_set_checksum((struct acpi_header *)table->acpi_header);
}

static void write_header(struct baton_area *header, uint64_t base, const struct layout *l,
			 const struct install_plan *plan)
{
	const uint32_t *words = (const uint32_t *)header;
	uint32_t sum = 0;

	header->magic = BATON_AREA_MAGIC;
	header->version = BATON_AREA_VERSION;
	header->ncpus = plan->ncpus;
	header->size = l->size;
	header->base = base;
	header->table = l->table;
	header->slot_size = sizeof(struct slot);
	header->power = plan->power;
	header->level = plan->level;
	header->release = l->release;
	write_registers(&header->registers, base, plan);
	for (size_t i = 0; i < sizeof(*header) / sizeof(*words); i++)
		sum += words[i];
	header->checksum = -sum;
}

static void write_psci(uint8_t *area, uint64_t base, const struct layout *l,
		       const struct install_plan *plan)
{
	struct psci *psci = (struct psci *)(area + AREA_SHARED);
	struct psci_cpu *cpu = (struct psci_cpu *)(area + BATON_AREA_SLOTS);

	psci->cpu = (struct psci_cpu *)(uintptr_t)(base + BATON_AREA_SLOTS);
	psci->ncpus = plan->ncpus;
	psci->area = base;
	psci->area_end = base + l->size;
	for (uint32_t i = 0; i < plan->ncpus; i++) {
		cpu[i].mpidr = plan->mpidrs[i];
		cpu[i].state = i == plan->boot ? PSCI_STATE_ON : PSCI_STATE_MISSING;
	}
}

static void write_spin_table(uint8_t *area, uint64_t base, const struct layout *l,
			     const struct install_plan *plan)
{
	const struct baton_area *header = (const struct baton_area *)area;
	struct spin_table *table = (struct spin_table *)(area + AREA_SHARED);
	struct spin_cpu *cpu = (struct spin_cpu *)(area + BATON_AREA_SLOTS);

	table->cpu = (struct spin_cpu *)(uintptr_t)(base + BATON_AREA_SLOTS);
	table->ncpus = plan->ncpus;
	table->area = base;
	table->area_end = base + l->size;
	for (uint32_t i = 0; i < plan->ncpus; i++) {
		cpu[i].mpidr = plan->mpidrs[i];
		cpu[i].release = (uint64_t *)(uintptr_t)install_release_word(header, i);
		cpu[i].held = (uint64_t *)(uintptr_t)install_held_word(header, i);
	}
}

static void write_slots(uint8_t *area, uint64_t base, const struct layout *l,
			const struct install_plan *plan)
{
	struct slot *slot = (struct slot *)(area + l->slots);

	for (uint32_t i = 0; i < plan->ncpus; i++) {
		slot[i].area = (struct baton_area *)(uintptr_t)base;
		slot[i].record =
			(struct baton_cpu_record *)(uintptr_t)(base + l->table +
							       offsetof(struct baton_table, cpu) +
							       i * sizeof(struct baton_cpu_record));
		slot[i].number = i;
	}
}

static bool fits(uint64_t base, const struct layout *l, const struct install_plan *plan)
{
	uint64_t end = 1ull << RESIDENT_MAP_BITS;

	return base % RESIDENT_ALIGNMENT == 0 && base < end &&
	       base / MMU_BLOCK_SIZE == (base + l->size - 1) / MMU_BLOCK_SIZE && plan->power < end;
}

bool install_arm64_area(void *area, uint64_t base, const struct install_plan *plan,
			const void *image, size_t image_size)
{
	struct layout l;
	uint8_t *at = area;

	if (!lay_out(&l, plan) || !fits(base, &l, plan) || image_size > BATON_RESIDENT_MAX ||
	    plan->boot >= plan->ncpus)
		return false;
	memset(area, 0, l.size);
	memcpy(at + BATON_AREA_RESIDENT, image, image_size);
	write_own_tables(at, base, &l, plan);
	if (plan->stage2)
		write_stage2(at, base, &l);
	write_table((struct baton_table *)(at + l.table), base, &l, plan);
	write_slots(at, base, &l, plan);
	write_header(area, base, &l, plan);
	if (plan->spin_table)
		write_spin_table(at, base, &l, plan);
	else
		write_psci(at, base, &l, plan);
	return true;
}
