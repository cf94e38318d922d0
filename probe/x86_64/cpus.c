/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cpus.h"
#include <baton/mailbox.h>
#include <baton/port.h>
#include <baton/string.h>
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"
#include "probe/arrive.h"
#include "probe/checks.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "mailbox.h"
#include "paging.h"
#include "tables.h"
#include "x86.h"

#define BELOW_1M (1ull << 20)
#define BELOW_4G (1ull << 32)
#define SLICE_US 50000
#define LEAVE_LIMIT_US 60000000

struct baton_machine *cpus_machine;

static struct baton_machine machines[2];
static struct baton_cpu *baton_cpus[2];
static uint64_t low_page;	     /* for INIT/SIPI */
static struct arrival *dead_ends[2]; /* where no CPU should come; the second may be missing */
static uint8_t exit_pages[BATON_EXIT_PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t exit_pages_taken;

struct arrival_entry *cpus_arrivals;
uint32_t cpus_arrivals_count;
volatile uint8_t *cpus_apic;

struct cpu *cpus_this(void)
{
	return traps_owner();
}

/* Perhaps before traps_load(): in a TDX guest HLT would be an exception. */
static _Noreturn void halt(void)
{
	__asm__ volatile("cli");
	while (guest_is_tdx())
		tdx_halt(true);
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* The way in. */

/*
 * What only instructions can read, and traps_load() changes in part; nothing of it has been
 * changed since the CPU came.
 */
static void record_registers(struct arrival_registers *r)
{
	uint32_t leaves = cpuid(0, 0).eax;
	struct cpuid features = leaves >= 7 ? cpuid(7, 0) : (struct cpuid){0};

	memset(r, 0, sizeof(*r));
	r->efer = rdmsr(MSR_EFER);
	r->fs_base = rdmsr(MSR_FS_BASE);
	r->gs_base = rdmsr(MSR_GS_BASE);
	r->kernel_gs_base = rdmsr(MSR_KERNEL_GS_BASE);
	r->dr[0] = read_dr0();
	r->dr[1] = read_dr1();
	r->dr[2] = read_dr2();
	r->dr[3] = read_dr3();
	r->dr[6] = read_dr6();
	r->dr[7] = read_dr7();
	r->debugctl = rdmsr(MSR_DEBUGCTL);
	if ((features.ecx >> 7 & 1) || (features.edx >> 20 & 1)) {
		r->u_cet = rdmsr(MSR_U_CET);
		r->s_cet = rdmsr(MSR_S_CET);
	}
	if (features.ebx >> 25 & 1)
		r->rtit_ctl = rdmsr(MSR_RTIT_CTL);
	if (leaves >= 0xa && (cpuid(0xa, 0).eax & 0xff) >= 2)
		r->perf_global_ctrl = rdmsr(MSR_PERF_GLOBAL_CTRL);
}

/* Likewise; in a TDX guest it needs the handler of traps_load(). */
static void record_apic(struct arrival_registers *r)
{
	static const uint16_t lvts[] = {APIC_LVT_ERROR, APIC_LVT_TIMER, APIC_LVT_LINT0,
					APIC_LVT_LINT1, APIC_LVT_PERF,	APIC_LVT_THERMAL,
					APIC_LVT_CMCI};
	const struct apic apic = apic_find(UINT64_MAX);

	r->apic_base = rdmsr(MSR_APIC_BASE);
	if (!apic.usable)
		return;
	r->svr = apic_read(&apic, APIC_SVR);
	r->tpr = apic_read(&apic, APIC_TPR);
	r->lvts = (apic_read(&apic, APIC_VERSION) >> 16 & 0xff) + 1;
	for (uint32_t i = 0; i < sizeof(lvts) / sizeof(lvts[0]) && i < r->lvts; i++)
		r->lvt[i] = apic_read(&apic, lvts[i]);
	for (uint32_t i = 0; i < 8; i++) {
		r->irr[i] = apic_read(&apic, APIC_IRR + 16 * i);
		r->isr[i] = apic_read(&apic, APIC_ISR + 16 * i);
	}
}

/* On the CPU that came to the page of @cpu: on our page tables and the stack of @cpu. */
static _Noreturn void arrived(struct cpu *cpu)
{
	uint32_t id = (uint32_t)baton_port_cpu_id();
	const struct trap_frame *resume;

	if (id != cpu->id) {
		__atomic_store_n(&cpu->own->wrong_id, id, __ATOMIC_RELEASE);
		halt();
	}
	record_registers(&cpu->own->registers);
	traps_load(&cpu->own->traps, cpu);
	record_apic(&cpu->own->registers);
	if (!check_batn)
		trap_stubs_unblock_nmis();
	if (!baton_enter(cpus_machine))
		halt();
	resume = cpu->own->resume;
	cpu->own->resume = NULL;
	__atomic_store_n(&cpu->work, NULL, __ATOMIC_RELAXED);
	baton_online(cpus_machine, cpu->own->baton);
	if (resume && !cpu->number)
		trap_stubs_resume(resume);
	cpus_wait_for_work(cpu);
}

/* Likewise, for one that is only to come and go: cpus_make_bounce(). */
static _Noreturn void bounced(struct cpu *cpu)
{
	uint32_t id = (uint32_t)baton_port_cpu_id();

	if (id != cpu->id) {
		__atomic_store_n(&cpu->own->wrong_id, id, __ATOMIC_RELEASE);
		halt();
	}
	__atomic_add_fetch(&cpu->own->bounces, 1, __ATOMIC_RELEASE);
	__asm__ volatile("jmp *%0" : : "r"(cpus_machine->reset_vector));
	__builtin_unreachable();
}

static bool leave_with_memory;

void cpus_leave_with_memory(bool all)
{
	leave_with_memory = all;
}

/* The last that libbaton calls on a CPU that leaves: it need not come back from here. */
static void leaves(struct baton_machine *m, struct baton_cpu *cpu)
{
	struct apic apic;

	(void)cpu;
	if (!leave_with_memory)
		return; /* perhaps within an NMI: nothing here may be a #VE then */
	apic = apic_find(UINT64_MAX);
	if (apic.usable)
		apic_write(&apic, APIC_SVR, apic_read(&apic, APIC_SVR) & ~APIC_SVR_ENABLE);
	__asm__ volatile("jmp *%0" : : "r"(m->reset_vector));
	__builtin_unreachable();
}

void cpus_make_bounce(struct cpu *cpu, bool bounce)
{
	cpu->own->arrival->entry = bounce ? (uintptr_t)bounced : (uintptr_t)arrived;
	__atomic_store_n(&cpu->own->arrival->gate, bounce, __ATOMIC_SEQ_CST);
}

uint64_t cpus_dead_end(void)
{
	return (uintptr_t)dead_ends[0];
}

/* How many are there. */
static uint32_t dead_end_taken(int which)
{
	if (!dead_ends[which])
		return 0;
	return __atomic_load_n(&dead_ends[which]->strays, __ATOMIC_ACQUIRE);
}

uint64_t cpus_dead_end_count(void)
{
	return dead_end_taken(0) + dead_end_taken(1);
}

/* What shows it is the answer to TEST. */
bool cpus_is_held(const struct cpu *cpu)
{
	return mailbox_test((uint32_t)cpu->id);
}

void cpus_nmi(struct trap_frame *f)
{
	struct cpu *cpu = cpus_this();
	const struct baton_registers registers = {f->rax, f->rbx, f->rcx, f->rdx, f->rsi, f->rdi,
						  f->rbp, f->rsp, f->r8,  f->r9,  f->r10, f->r11,
						  f->r12, f->r13, f->r14, f->r15, f->rip, f->rflags,
						  f->cs,  f->ss,  0,	  0,	  0,	  0};

	cpu->own->resume = f;
	if (cpus_machine)
		baton_nmi(cpus_machine, &registers);
	cpu->own->resume = NULL;
	cpu->own->nmis++;
}

/* Set-up. */

/* Called every second in which a wakeup is not acknowledged. */
static bool still_waiting(struct baton_machine *m, const struct baton_waiting *waiting)
{
	uint64_t seconds = waiting->waited_us / 1000000;

	(void)m;
	if (seconds % 10 == 0)
		tap_remark("waiting for %u s for the acknowledgement of APIC ID 0x%x",
			   (unsigned)seconds,
			   waiting->cpu ? (unsigned)waiting->cpu->id : NO_APIC_ID);
	return seconds < options.patience;
}

static int find(struct baton_machine *m, struct baton_cpu *cpu, uint32_t room)
{
	memset(m, 0, sizeof(*m));
	memset(cpu, 0, room * sizeof(*cpu));
	m->cpu = cpu;
	m->max_cpus = room;
	m->waiting = still_waiting;
	m->quiet = leaves;
	return baton_find_acpi(m, tables_rsdp());
}

/* The CPUs of @machine are those of cpus[], in whatever order. */
static void attach(void)
{
	for (uint32_t i = 0; i < cpus_count; i++) {
		cpus[i].own->baton = baton_cpu_by_id(cpus_machine, cpus[i].id);
		cpus[i].own->baton->stack = cpus[i].stack + CPUS_STACK_SIZE;
		cpus[i].own->baton->registers = &cpus[i].own->crash_registers;
	}
}

static struct arrival *make_page(struct cpu *cpu, uint64_t address)
{
	struct arrival *page = (struct arrival *)address;

	memcpy(page, arrive_template, sizeof(*page));
	page->root4 = paging_root(false);
	page->root5 = paging_root(true);
	page->stack = cpu ? (uintptr_t)cpu->stack + CPUS_STACK_SIZE : 0;
	page->entry = (uintptr_t)arrived;
	page->cpu = cpu;
	return page;
}

void cpus_move_page(struct cpu *cpu, uint64_t address)
{
	cpu->own->arrival = make_page(cpu, address);
	cpus_arrivals[cpu->number].page = cpu->own->arrival;
}

void cpus_make_dead_end(uint64_t address)
{
	dead_ends[1] = make_page(NULL, address);
}

static uint64_t take_page(void)
{
	uint64_t page = memory_take(PAGE_SIZE, PAGE_SIZE, BELOW_1M, BELOW_4G);

	if (!page)
		tap_bail_out("no memory for %u CPUs", cpus_count);
	return page;
}

static void make_cpus(void)
{
	cpus_allocate(cpus_count, sizeof(struct cpus_own));
	cpus_arrivals = (struct arrival_entry *)memory_take(cpus_count * sizeof(*cpus_arrivals),
							    PAGE_SIZE, 0, BELOW_4G);
	if (!cpus_arrivals)
		tap_bail_out("no memory for %u CPUs", cpus_count);
	cpus_arrivals_count = cpus_count;
	for (uint32_t i = 0; i < cpus_count; i++) {
		cpus[i].own->wrong_id = NO_APIC_ID;
		cpus_identify(&cpus[i], "APIC ID", cpus_machine->cpu[i].id,
			      (uint32_t)cpus_machine->cpu[i].id);
		cpus_arrivals[i].apic_id = cpus[i].id;
		cpus_move_page(&cpus[i], take_page());
	}
	dead_ends[0] = make_page(NULL, take_page());
}

int cpus_find(void)
{
	size_t listed = tables_found_madt ? acpi_madt_cpus(tables_found_madt, NULL, 0) : 0;
	uint32_t room = listed && listed <= CPUS_MAX ? (uint32_t)listed : CPUS_MAX;
	int error;

	for (int i = 0; i < 2; i++) {
		baton_cpus[i] = (struct baton_cpu *)memory_take(room * sizeof(struct baton_cpu),
								PAGE_SIZE, 0, UINT64_MAX);
		if (!baton_cpus[i])
			tap_bail_out("no memory for %u CPUs", room);
	}
	error = find(&machines[0], baton_cpus[0], room);
	if (error)
		return error;
	cpus_machine = &machines[0];
	cpus_count = cpus_machine->ncpus;
	cpus_apic = cpus_machine->apic;
	low_page = memory_take(PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, BELOW_1M);
	make_cpus();
	attach();
	traps_load(&cpus[0].own->traps, &cpus[0]);
	return 0;
}

void cpus_start_anew(void)
{
	int next = cpus_machine == &machines[0];
	int error = find(&machines[next], baton_cpus[next], cpus_machine->max_cpus);

	if (error)
		tap_bail_out("the tables are not usable any more: %s", baton_error_text(error));
	cpus_machine = &machines[next];
	attach();
	exit_pages_taken = 0;
	if (cpus_machine->method == BATON_MAILBOX_V1)
		cpus_exit_build();
}

/* The page tables by which CPUs leave. */

static void *take_exit_page(void *context, uint64_t *physical)
{
	uint8_t *page = exit_pages[exit_pages_taken % BATON_EXIT_PAGES];

	(void)context;
	if (exit_pages_taken == BATON_EXIT_PAGES)
		return NULL;
	exit_pages_taken++;
	*physical = (uintptr_t)page;
	return page;
}

static void free_exit_page(void *context, void *page, uint64_t physical)
{
	(void)context;
	(void)physical;
	memset(page, 0xa5, PAGE_SIZE);
}

void cpus_exit_build(void)
{
	const struct baton_pages source = {take_exit_page, free_exit_page, NULL};
	int error = baton_exit_build(cpus_machine, &source);

	if (error)
		tap_bail_out("the page tables by which CPUs leave can't be built: %s",
			     baton_error_text(error));
}

void cpus_exit_scorch(void)
{
	baton_exit_release(cpus_machine);
	exit_pages_taken = 0;
}

/* Waking. */

static void prepare(uint64_t vector)
{
	const struct baton_start start = {
		.page = cpus_machine->method == BATON_INIT_SIPI ? low_page : 0,
		.root = paging_root(read_cr4() & CR4_LA57),
		.vector = vector,
	};
	int error = baton_prepare(cpus_machine, &start);

	if (error)
		tap_bail_out("no start for CPUs at 0x%llx: %s", (unsigned long long)vector,
			     baton_error_text(error));
}

/* A resident that reads the vector after its acknowledgement finds this one, and is caught. */
static void poison_mailbox(void)
{
	volatile struct baton_mailbox *mailbox =
		(volatile struct baton_mailbox *)cpus_machine->mailbox_address;

	if (cpus_machine->method != BATON_INIT_SIPI) {
		mailbox->wakeup_vector = cpus_dead_end();
		mailbox->apic_id = NO_APIC_ID;
	}
}

void cpus_wake_begin(struct cpu *cpu)
{
	uint64_t start = time_us();
	int error;

	cpu->own->wrong_id = NO_APIC_ID;
	cpu->own->resume = cpu->number ? NULL : cpu->own->resume;
	__atomic_store_n(&cpu->own->arrival->gate, 1, __ATOMIC_SEQ_CST);
	prepare((uintptr_t)cpu->own->arrival);
	error = baton_boot(cpus_machine, cpu->own->baton);
	cpu->own->ack_us = time_us() - start;
	cpus_note(&cpus_slowest_ack, cpu, cpu->own->ack_us);
	if (error == BATON_E_STOPPED)
		tap_bail_out("%s has not acknowledged WAKEUP for %u s, and may still do so",
			     cpu->name, options.patience);
	if (error)
		tap_bail_out("%s can't be woken: %s", cpu->name, baton_error_text(error));
	poison_mailbox();
}

void cpus_wake_end(struct cpu *cpu)
{
	uint64_t start = time_us();
	uint32_t wrong = NO_APIC_ID;
	int error;

	do {
		error = baton_alive(cpus_machine, cpu->own->baton, SLICE_US);
		wrong = __atomic_load_n(&cpu->own->wrong_id, __ATOMIC_ACQUIRE);
	} while (error && wrong == NO_APIC_ID && !dead_end_taken(0) && !dead_end_taken(1) &&
		 time_us() - start < BATON_ALIVE_US);
	cpu->own->alive_us = time_us() - start + cpu->own->ack_us;
	cpus_note(&cpus_slowest_wake, cpu, cpu->own->alive_us);
	if (!error)
		return;
	if (wrong != NO_APIC_ID)
		tap_bail_out("WAKEUP for %s has woken 0x%x", cpu->name, wrong);
	if (dead_end_taken(1))
		tap_bail_out("%s has taken only 32 bits of its wakeup vector", cpu->name);
	if (dead_end_taken(0))
		tap_bail_out("%s has read its wakeup vector after the acknowledgement", cpu->name);
	tap_bail_out("%s has acknowledged WAKEUP, but did not come to 0x%llx in %u s: %s",
		     cpu->name, (unsigned long long)(uintptr_t)cpu->own->arrival,
		     BATON_ALIVE_US / 1000000, baton_error_text(error));
}

void cpus_wake_all(void)
{
	for (uint32_t i = 0; i < cpus_count; i++)
		if (!cpus_is_up(&cpus[i]))
			cpus_wake(&cpus[i]);
}

int cpus_release_all(void)
{
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus[i].own->wrong_id = NO_APIC_ID;
		cpus[i].own->resume = NULL;
		__atomic_store_n(&cpus[i].own->arrival->gate, 1, __ATOMIC_SEQ_CST);
	}
	prepare((uintptr_t)arrive_anyone);
	return baton_release_all(cpus_machine);
}

bool cpus_is_up(const struct cpu *cpu)
{
	return baton_state(cpu->own->baton) == BATON_ONLINE;
}

/* Returning. */

bool cpus_can_return(const struct cpu *cpu)
{
	return cpu != cpus_this() && !baton_can_disable(cpus_machine, cpu->own->baton);
}

const char *cpus_one_way(void)
{
	int error = baton_can_disable(cpus_machine, cpus[1].own->baton);

	return error ? baton_error_text(error) : NULL;
}

static void leave(struct cpu *cpu)
{
	cpu->own->result = baton_die(cpus_machine);
}

void cpus_return_begin(struct cpu *cpu)
{
	cpus_do_begin(cpu, leave);
	for (uint64_t start = time_us(); baton_state(cpu->own->baton) != BATON_LEAVING;) {
		if (!__atomic_load_n(&cpu->work, __ATOMIC_ACQUIRE))
			tap_bail_out("%s can't leave: %s", cpu->name,
				     baton_error_text(cpu->own->result));
		if (time_us() - start > LEAVE_LIMIT_US)
			tap_bail_out("%s does not leave", cpu->name);
		cpu_relax();
	}
}

void cpus_return_end(struct cpu *cpu)
{
	uint64_t start = time_us();
	int error;

	do {
		error = baton_kill(cpus_machine, cpu->own->baton, 0);
	} while (error == BATON_E_NOT_RETURNED &&
		 time_us() - start < options.patience * 1000000ull);
	cpus_note(&cpus_slowest_return, cpu, time_us() - start);
	if (error == BATON_E_NOT_RETURNED) {
		memory_verify(); /* what it has written on its way may tell why */
		tap_bail_out("%s has jumped to the reset vector, and has not answered TEST "
			     "for %u s",
			     cpu->name, options.patience);
	}
	if (error)
		tap_bail_out("%s: TEST: %s", cpu->name, baton_error_text(error));
}

uint32_t cpus_held_count(void)
{
	return (uint32_t)baton_held(cpus_machine);
}

size_t cpus_pieces(struct cpu *cpu, struct cpus_piece piece[CPUS_PIECES])
{
	struct traps *traps = &cpu->own->traps;
	const struct cpus_piece all[CPUS_PIECES] = {
		{cpu->stack, sizeof(cpu->stack), "stack"},
		{traps->nmi_stack, sizeof(traps->nmi_stack), "stack for NMIs"},
		{traps->exception_stack, sizeof(traps->exception_stack), "stack for exceptions"},
		{&traps->descriptors, sizeof(traps->descriptors), "GDT or TSS"},
		{cpu->own->arrival, sizeof(*cpu->own->arrival), "wakeup vector"},
	};

	memcpy(piece, all, sizeof(all));
	return CPUS_PIECES;
}

void cpus_repair(struct cpu *cpu)
{
	cpus_move_page(cpu, (uintptr_t)cpu->own->arrival);
}
