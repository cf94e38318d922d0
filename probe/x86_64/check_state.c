/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The registers of every CPU at its wakeup vector, as docs/contract.md, section 4,
 * has them.  ACPI asks for less: of a firmware without a BATN table only that is
 * checked.
 */
#include "probe/memory.h"
#include "probe/tap.h"
#include "checks.h"
#include "cpus.h"
#include "paging.h"
#include "tables.h"
#include "x86.h"

#define RFLAGS_IF 0x200ull
#define RFLAGS_CLEAR 0x77700ull /* TF IF DF IOPL NT RF VM AC */
#define CR0_WANTED 0x80010033
#define CR0_PG_PE 0x80000001ull
#define CR4_WANTED 0x60
#define EFER_WANTED (EFER_LME | EFER_LMA)
#define DR6_WANTED 0xffff0ff0
#define DR7_WANTED 0x400
#define SVR_WANTED 0xff
#define LVT_WANTED 0x10000
#define SVR_BITS 0x1ff
#define LVT_STATUS 0x5000u /* delivery status and remote IRR: not what is set up */
#define GIB (1ull << 30)

#define STATE_SPEC "contract, 4"
#define ACPI_STATE_SPEC MAILBOX_SPEC "; contract, 4"

typedef unsigned long long ull;

/* The CPU whose registers must() compares. */
static const struct cpu *examined;

static void must(const char *name, uint64_t found, uint64_t wanted)
{
	if (found != wanted)
		tap_fault("%s: %s is 0x%llx instead of 0x%llx", examined->name, name, (ull)found,
			  (ull)wanted);
}

/* What every firmware owes. */

static void interrupts(const struct cpu *cpu)
{
	must("RFLAGS.IF", (cpu->own->arrival->rflags & RFLAGS_IF) != 0, 0);
}

static void long_mode(const struct cpu *cpu)
{
	must("CR0.PG, CR0.PE", cpu->own->arrival->cr0 & CR0_PG_PE, CR0_PG_PE);
	must("EFER.LMA", cpu->own->registers.efer & (uint64_t)EFER_LMA, EFER_LMA);
}

static struct translation look_up(const struct cpu *cpu, uint64_t address)
{
	return paging_look_up(cpu->own->arrival->cr3, cpu->own->arrival->cr4 & CR4_LA57, address);
}

static void vector_mapped(const struct cpu *cpu)
{
	uint64_t vector = (uintptr_t)cpu->own->arrival;
	struct translation t = look_up(cpu, vector);

	must("the page of the vector is present", t.present, true);
	must("the page of the vector is at", t.physical, vector);
	must("the page of the vector is writable", t.writable, true);
	must("the page of the vector is executable", t.executable, true);
}

uint64_t check_state_loose_table(const struct cpu *cpu)
{
	struct translation t = look_up(cpu, (uintptr_t)cpu->own->arrival);

	for (unsigned i = 0; i < t.levels; i++) {
		enum memory_type type = memory_type(t.table[i], t.table[i] + PAGE_SIZE);

		if (type == MEMORY_USABLE || type == MEMORY_FREED || type == MEMORY_ACPI)
			return t.table[i];
	}
	return 0;
}

static void tables_kept(const struct cpu *cpu)
{
	uint64_t loose = check_state_loose_table(cpu);

	if (loose)
		tap_fault("%s came on a page table at 0x%llx: %s", cpu->name, (ull)loose,
			  memory_type_name(memory_type(loose, loose + PAGE_SIZE)));
}

static const struct cpu *duplicate_of(const struct cpu *cpu)
{
	for (const struct cpu *other = &cpus[1]; other < cpu; other++)
		if (other->own->arrival->tr &&
		    other->own->arrival->gdt_base == cpu->own->arrival->gdt_base &&
		    other->own->arrival->tr == cpu->own->arrival->tr && check_batn)
			return other;
	return NULL;
}

/* What baton's resident promises beyond that. */

static void general(const struct cpu *cpu)
{
	static const char *const names[] = {"RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
					    "R8",  "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};

	for (int i = 0; i < 16; i++)
		must(names[i], cpu->own->arrival->general[i],
		     i == RAX ? (uintptr_t)cpu->own->arrival : 0);
}

static void rflags(const struct cpu *cpu)
{
	must("RFLAGS", cpu->own->arrival->rflags & RFLAGS_CLEAR, 0);
}

static void cr0(const struct cpu *cpu)
{
	must("CR0", cpu->own->arrival->cr0, CR0_WANTED);
}

static void cr3(const struct cpu *cpu)
{
	must("CR3, bits 11-0", cpu->own->arrival->cr3 & (PAGE_SIZE - 1), 0);
	must("CR3 of all CPUs", cpu->own->arrival->cr3, cpus[1].own->arrival->cr3);
}

static void cr4(const struct cpu *cpu)
{
	must("CR4", cpu->own->arrival->cr4, CR4_WANTED);
}

static void efer(const struct cpu *cpu)
{
	bool nx = cpuid(0x80000000, 0).eax >= 0x80000001 && (cpuid(0x80000001, 0).edx >> 20 & 1);

	must("EFER", cpu->own->registers.efer, EFER_WANTED | (nx ? EFER_NXE : 0));
}

static void segments(const struct cpu *cpu)
{
	static const char *const names[] = {"CS", "SS", "DS", "ES", "FS", "GS"};

	for (int i = 0; i < 6; i++)
		must(names[i], cpu->own->arrival->segment[i], i == CS ? 0x08 : 0x10);
	must("FS base", cpu->own->registers.fs_base, 0);
	must("GS base", cpu->own->registers.gs_base, 0);
	must("kernel GS base", cpu->own->registers.kernel_gs_base, 0);
	must("LDTR", cpu->own->arrival->ldtr, 0);
}

static bool in_area(uint64_t address)
{
	return address >= check_batn->area && address - check_batn->area < check_batn->area_size;
}

static void descriptors(const struct cpu *cpu)
{
	const struct cpu *other = duplicate_of(cpu);

	must("the GDT lies in the area", in_area(cpu->own->arrival->gdt_base), true);
	must("the IDT lies in the area", in_area(cpu->own->arrival->idt_base), true);
	must("the IDT's limit", cpu->own->arrival->idt_limit, 0xfff);
	must("TR is 0", cpu->own->arrival->tr == 0, false);
	if (other)
		tap_fault("%s and %s have the same GDT and TSS", other->name, cpu->name);
}

static void debug_registers(const struct cpu *cpu)
{
	static const char *const names[] = {"DR0", "DR1", "DR2", "DR3"};

	for (int i = 0; i < 4; i++)
		must(names[i], cpu->own->registers.dr[i], 0);
	must("DR6", cpu->own->registers.dr[6], DR6_WANTED);
	must("DR7", cpu->own->registers.dr[7], DR7_WANTED);
}

static void tracing(const struct cpu *cpu)
{
	must("IA32_DEBUGCTL", cpu->own->registers.debugctl, 0);
	must("IA32_PERF_GLOBAL_CTRL", cpu->own->registers.perf_global_ctrl, 0);
	must("IA32_RTIT_CTL", cpu->own->registers.rtit_ctl, 0);
	must("IA32_U_CET", cpu->own->registers.u_cet, 0);
	must("IA32_S_CET", cpu->own->registers.s_cet, 0);
}

static void local_apic(const struct cpu *cpu)
{
	static const char *const names[] = {"LVT error", "LVT timer",	"LVT LINT0", "LVT LINT1",
					    "LVT perf",	 "LVT thermal", "LVT CMCI"};
	const struct arrival_registers *r = &cpu->own->registers;

	if (!(r->apic_base & APIC_BASE_ENABLE))
		return;
	must("SVR", r->svr & SVR_BITS, SVR_WANTED);
	must("TPR", r->tpr, 0);
	for (uint32_t i = 0; i < 7 && i < r->lvts; i++)
		must(names[i], r->lvt[i] & ~LVT_STATUS, LVT_WANTED);
	for (uint32_t i = 0; i < 8; i++) {
		must("IRR", r->irr[i], 0);
		must("ISR", r->isr[i], 0);
	}
}

/* The whole map, once: it is the same for all. */
static void identity_map(const struct cpu *cpu)
{
	if (cpu->number != 1)
		return;
	must("map_end is a multiple of 1 GiB", check_batn->map_end % GIB, 0);
	must("map_end is 4 GiB at least", check_batn->map_end >= 4 * GIB, true);
	must("map_end is beyond all memory", check_batn->map_end >= memory_top(), true);
	for (uint64_t at = 0; at < check_batn->map_end;) {
		struct translation t = look_up(cpu, at);

		if (!t.present || t.physical != at || !t.writable || !t.executable || t.user ||
		    t.uncached) {
			tap_fault("0x%llx is mapped to 0x%llx:%s%s%s%s%s", (ull)at, (ull)t.physical,
				  t.present ? "" : " not present",
				  t.writable ? "" : " not writable",
				  t.executable ? "" : " not executable", t.user ? " user" : "",
				  t.uncached ? " uncached" : "");
			return;
		}
		at += t.size;
	}
}

static const struct state_check {
	struct check check;
	void (*examine)(const struct cpu *cpu);
	bool by_acpi;
} state_checks[] = {
	{{"state-interrupts", "interrupts are off", ACPI_STATE_SPEC}, interrupts, true},
	{{"state-long-mode", "64-bit mode, paging on", ACPI_STATE_SPEC}, long_mode, true},
	{{"state-vector-mapped", "the vector's page is mapped at its own address", ACPI_STATE_SPEC},
	 vector_mapped,
	 true},
	{{"state-tables", "the page tables are in memory that kernels leave alone",
	  MAILBOX_SPEC "; contract, 2"},
	 tables_kept,
	 true},
	{{"state-identity-map", "all memory is mapped at its own address", STATE_SPEC},
	 identity_map,
	 false},
	{{"state-general", "RAX is the vector, the other general registers are 0", STATE_SPEC},
	 general,
	 false},
	{{"state-rflags", "IF, DF, TF, NT, AC, VM, RF and IOPL are 0", STATE_SPEC}, rflags, false},
	{{"state-cr0", "CR0", STATE_SPEC}, cr0, false},
	{{"state-cr3", "CR3: one set of page tables, PCID 0", STATE_SPEC}, cr3, false},
	{{"state-cr4", "CR4", STATE_SPEC}, cr4, false},
	{{"state-efer", "EFER", STATE_SPEC}, efer, false},
	{{"state-segments", "selectors and bases", STATE_SPEC}, segments, false},
	{{"state-descriptors", "GDT, TSS and IDT are the resident's", STATE_SPEC},
	 descriptors,
	 false},
	{{"state-debug", "debug registers", STATE_SPEC}, debug_registers, false},
	{{"state-tracing", "no tracing, counting or CET", STATE_SPEC}, tracing, false},
	{{"state-apic", "the local APIC is off, masked, and empty", STATE_SPEC}, local_apic, false},
};

static const char *reason_to_skip(const struct state_check *s)
{
	if (cpus_count == 1)
		return "there is only one CPU";
	if (cpus_machine->method == BATON_INIT_SIPI)
		return "CPUs come by INIT and SIPI";
	if (!s->by_acpi && !check_batn)
		return "only the contract asks for it: no BATN table";
	return NULL;
}

void checks_state(void)
{
	for (size_t i = 0; i < sizeof(state_checks) / sizeof(state_checks[0]); i++) {
		const struct state_check *s = &state_checks[i];
		const char *skip = reason_to_skip(s);

		tap_begin(&s->check);
		for (uint32_t n = 1; n < cpus_count && !skip; n++) {
			examined = &cpus[n];
			if (cpus_is_up(examined))
				s->examine(examined);
		}
		if (skip)
			tap_skip(skip);
		else
			tap_end();
	}
}
