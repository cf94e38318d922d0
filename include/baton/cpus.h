/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton: how a kernel takes its CPUs and gives them back, whoever holds them.
 * This header is its manual; docs/porting.md has the smallest kernel that uses
 * it, docs/contract.md is the ABI below.
 *
 *	baton_find_acpi		which CPUs there are, and by what method they come:
 *				by the tables of ACPI (x86-64),
 *	baton_find_devicetree	or by a device tree (arm64)
 *	baton_prepare		where they are to start
 *	baton_boot, baton_alive	start one; wait until it is up
 *	baton_release_all	start all at once
 *	baton_exit_build	the way by which CPUs leave
 *	baton_die, baton_kill	a CPU leaves; another one proves that it has
 *	baton_stop_all		all leave, before the next kernel is started
 *	baton_crash_stop	likewise, from a crash: baton_nmi on the others
 *	baton_invalidate_for_next_kernel
 *				the next kernel shall not wait for what can't come
 *
 * libbaton allocates nothing, calls nothing but <baton/port.h> and
 * <baton/string.h>, and keeps no state but in what it is given.  All functions
 * return 0 (or a number that is not negative) or one of the errors below, and
 * have changed nothing then, where it is not said otherwise.
 *
 * CPU state: kernel code at CPL 0 in 64-bit mode, or at EL1 or EL2 with the MMU on,
 * with a stack, interrupts on or off; the exceptions are said.  Any number of CPUs may call at the
 *same time: whoever comes second is refused (BATON_E_STATE, BATON_E_BUSY), and never waits.
 *
 * The methods of x86-64:
 *	mailbox		ACPI 6.6, section 5.2.12.19, Multiprocessor Wakeup
 *			Structure, versions 0 (no way back) and 1
 *	INIT/SIPI	Intel SDM volume 3, "Multiple-processor (MP)
 *			initialization"
 *
 * The methods of arm64, at the level (EL1 or EL2) at which the kernel was started:
 *	PSCI		Arm DEN0022, 0.2 and later, by HVC or SMC: CPU_ON, CPU_OFF,
 *			and AFFINITY_INFO for proof
 *	spin-table	Devicetree specification, cpu-release-addr: no way back
 *	spin-table with return
 *			docs/contract-arm64.md: also cpu-return-addr and cpu-held-addr
 */
#ifndef BATON_CPUS_H
#define BATON_CPUS_H

/* Offsets in struct baton_cpu and struct baton_machine that assembly uses. */
#define BATON_CPU_ID 0
#define BATON_CPU_STATE 8
#define BATON_CPU_STACK 16
#define BATON_CPU_SIZE 128
#define BATON_MACHINE_CPU 0
#define BATON_MACHINE_NCPUS 8
#define BATON_MACHINE_STRAYS 12

/*
 * Where a CPU is: the value of baton_cpu.state.
 *
 *	OFFLINE --baton_boot()--> WAKING --acknowledged--> COMING
 *				  WAKING --refused--> OFFLINE
 *	WAKING, COMING --in the kernel's entry--> ENTERED --baton_online()--> ONLINE
 *	ENTERED, ONLINE --baton_die()--> LEAVING --baton_kill()--> OFFLINE
 *
 * Each change is one compare-and-exchange, so each has one winner; a CPU is
 * with the kernel in ENTERED and ONLINE, and on its way in all but OFFLINE and
 * those.  A CPU that comes into the entry in any other state than WAKING and
 * COMING was not asked for: it halts there, without a stack, and is counted in
 * baton_machine.strays.
 */
#define BATON_OFFLINE 0 /* held; or, with INIT/SIPI, wherever INIT gets it out of */
#define BATON_WAKING 1	/* sent for; the request is not acknowledged */
#define BATON_COMING 2	/* acknowledged, or sent where nobody acknowledges; not in the entry yet */
#define BATON_ENTERED 3 /* in the kernel's entry */
#define BATON_ONLINE 4	/* up: it has called baton_online() */
#define BATON_LEAVING 5 /* on its way back; not proven to have left */

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum baton_error {
	/* The caller's: nothing was done. */
	BATON_E_ARGUMENT = -1,	    /* an argument or a field of the caller's is not usable */
	BATON_E_STATE = -2,	    /* the CPU is not in a state for this: up, or on its way */
	BATON_E_BUSY = -3,	    /* another CPU of this kernel uses the mailbox: again, later */
	BATON_E_LIVE = -4,	    /* an unacknowledged request stands, perhaps another kernel's */
	BATON_E_NOT_PREPARED = -5,  /* baton_prepare() or baton_exit_build() comes first */
	BATON_E_NOT_SUPPORTED = -6, /* this method, or this firmware, has no such thing */
	BATON_E_CRASHING = -7,	    /* another CPU is in baton_crash_stop() */

	/* The tables': the firmware, or an earlier kernel, is to blame. */
	BATON_E_RSDP = -16,	   /* no RSDP of revision 2 there, or damaged */
	BATON_E_XSDT = -17,	   /* damaged */
	BATON_E_NO_MADT = -18,	   /* the XSDT names none */
	BATON_E_MADT = -19,	   /* damaged */
	BATON_E_BOOT_CPU = -20,	   /* the calling CPU is not among the enabled ones */
	BATON_E_WAKEUP = -21,	   /* two wakeup structures, or the mailbox is not page-aligned */
	BATON_E_INVALIDATED = -22, /* an earlier kernel could not return the CPUs: one CPU only */
	BATON_E_TREE = -23,	   /* no sound device tree */
	BATON_E_CPUS = -24,	   /* its CPUs: none, no reg, one twice, methods mixed or unknown */
	BATON_E_RELEASE = -25,	   /* a release, held or return address: none, unaligned, shared */
	BATON_E_PSCI = -26,	   /* no PSCI of 0.2 or later, neither by HVC nor by SMC */

	/* Resources of the kernel. */
	BATON_E_MAP = -32,     /* baton_port_map() refused */
	BATON_E_NO_PAGE = -33, /* the page source is empty */
	BATON_E_OVERLAP = -34, /* the leaving code's address is that of the reset vector */

	/* The CPU's. */
	BATON_E_STOPPED = -48,		/* the wait was stopped; the request stays live */
	BATON_E_NOT_ACKNOWLEDGED = -49, /* in time: nothing was heard of it */
	BATON_E_NOT_ENTERED = -50,	/* acknowledged, but not seen in the kernel's entry */
	BATON_E_NOT_UP = -51,		/* seen in the entry, but not up */
	BATON_E_NOT_RETURNED = -52,	/* nobody says that it is held */
	BATON_E_NO_RETURN = -53,	/* there is no way back for this CPU */
	BATON_E_REFUSED = -54,		/* whoever holds it refuses to release it so */
};

/* What @error means, in a few words without a full stop; for 0 too. */
const char *baton_error_text(int error);

enum baton_method {
	BATON_NO_METHOD,
	BATON_MAILBOX_V0, /* each CPU can be woken once */
	BATON_MAILBOX_V1, /* and can be returned, and proven to be */
	BATON_INIT_SIPI,
	BATON_PSCI,
	BATON_SPIN_TABLE,	 /* each CPU can be woken once */
	BATON_SPIN_TABLE_RETURN, /* and returned, those that have all three addresses */
};

/* "mailbox version 1" ... */
const char *baton_method_name(enum baton_method method);

/* The state of a CPU that did baton_nmi(), as far as the kernel has saved it. */
struct baton_registers {
#if defined(__aarch64__)
	uint64_t x[31], sp, pc, pstate;
	uint64_t sctlr, tcr, ttbr0, ttbr1; /* these libbaton fills in itself; at EL2: of EL2 */
#else
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, rflags, cs, ss;
	uint64_t cr0, cr2, cr3, cr4; /* these libbaton fills in itself */
#endif
};

#define BATON_CRASH_ASKED 1    /* it was sent an NMI, or the interrupt that stands for it */
#define BATON_CRASH_ANSWERED 2 /* it came, its registers are saved, and it has left */

/* flags */
#define BATON_CPU_BSP 1	       /* INIT would reset it to the firmware: INIT/SIPI can't boot it */
#define BATON_CPU_TRUSTED_OS 2 /* a trusted OS lives on it: PSCI would refuse CPU_OFF */

/*
 * One CPU, known by what the hardware calls it.  On cache lines of its own.
 * Written by baton_find_...(); but stack, context and registers are the caller's.
 */
struct baton_cpu {
	uint64_t id;	/* APIC ID, or the affinity fields of MPIDR */
	uint32_t state; /* BATON_OFFLINE ...: read it by baton_state() */
	uint32_t uid;	/* ACPI processor UID; with a device tree, which one of its CPUs, from 0 */
	/*
	 * Caller's: the top of its stack, 16-byte aligned, as an address in the page
	 * tables that CPUs start on; before it is booted.
	 */
	void *stack;
	void *context;			   /* caller's: libbaton does not look at it */
	struct baton_registers *registers; /* caller's: for its registers in a crash, or NULL */
	uint32_t crash;			   /* 0, BATON_CRASH_ASKED or BATON_CRASH_ANSWERED */
	uint32_t flags;			   /* BATON_CPU_BSP, BATON_CPU_TRUSTED_OS */
	uint64_t since_us;		   /* when the last boot of it began, or it left */
	/* Spin-table: physical addresses; 0: it has none. */
	uint64_t release_address, held_address, return_address;
	volatile uint64_t *release; /* the words there; of the boot CPU, if it has one */
	const volatile uint64_t *held;
	uint64_t reserved[3];
} __attribute__((aligned(BATON_CPU_SIZE)));

_Static_assert(offsetof(struct baton_cpu, id) == BATON_CPU_ID, "for assembly");
_Static_assert(offsetof(struct baton_cpu, state) == BATON_CPU_STATE, "for assembly");
_Static_assert(offsetof(struct baton_cpu, stack) == BATON_CPU_STACK, "for assembly");
_Static_assert(sizeof(struct baton_cpu) == BATON_CPU_SIZE, "for assembly");

struct baton_machine;

/* What a wait that has no limit of its own tells about itself. */
struct baton_waiting {
	const struct baton_cpu *cpu; /* who is to acknowledge; NULL: all that are held */
	uint64_t waited_us;
};

/* Where CPUs start: baton_prepare(). */
struct baton_start {
	/*
	 * The trampoline: the physical address of a 4 KiB page of the caller's, aligned,
	 * for as long as CPUs are booted; on arm64 for as long as they leave, too.
	 * Below 1 MiB for INIT/SIPI, below 4 GiB for a mailbox.  It is mapped at its
	 * physical address in @root, executable.
	 * 0, but with INIT/SIPI: none; CPUs come to @vector as whoever held them
	 * lets them go: with a mailbox on its page tables, on arm64 with the MMU off.
	 */
	uint64_t page;
	/*
	 * The page tables that CPUs load there: what CR3 is to be, below 4 GiB, of
	 * as many levels as the CPU has that calls baton_prepare(); or TTBR0, for
	 * the TCR of the CPU that calls it.
	 */
	uint64_t root;
	/*
	 * The first instruction after that, an address in @root (arm64: or in TTBR1
	 * of the CPU that calls baton_prepare()); or, without a trampoline, a
	 * physical address.  State of the CPU: below, at baton_prepare().
	 * 0: libbaton's own entry.
	 */
	uint64_t vector;
	/*
	 * What RDI or X0 is then, if there is a vector.  Without a trampoline only
	 * PSCI hands it over.
	 */
	uint64_t argument;
	/*
	 * With libbaton's own entry: what the CPU calls, on its stack, in state
	 * ENTERED, interrupts off, the descriptor tables of whoever held it (arm64:
	 * the exception vectors of the CPU that called baton_prepare()): it
	 * loads its own, and calls baton_online().  When it returns, the CPU does
	 * baton_die(), and halts if that fails.
	 */
	void (*run)(struct baton_machine *machine, struct baton_cpu *cpu);
	uint32_t delays; /* BATON_DELAYS_...: INIT/SIPI */
};

#define BATON_DELAYS_NEEDED 0	     /* those that this processor needs */
#define BATON_DELAYS_ARCHITECTURAL 1 /* 10 ms after INIT, 200 us after each SIPI */
#define BATON_DELAYS_NONE 2	     /* none, and a second SIPI only when the first is in vain */

/* Where the page tables of baton_exit_build() come from. */
struct baton_pages {
	/* A page of 4 KiB, aligned, and its physical address; NULL if there is none. */
	void *(*alloc)(void *context, uint64_t *physical);
	void (*free)(void *context, void *page, uint64_t physical);
	void *context;
};

#define BATON_EXIT_PAGES 9 /* alloc() is called that often, at most */

/*
 * All that libbaton knows.  Zero but for what is the caller's, before
 * baton_find_...(); mapped on every CPU, at the same address.  The rest is
 * libbaton's: to be read, not written.
 */
struct baton_machine {
	struct baton_cpu *cpu; /* caller's: room for max_cpus; [0] becomes the boot CPU */
	uint32_t ncpus;	       /* in cpu */
	uint32_t strays;       /* CPUs that came into the entry unasked, and halt there */

	uint32_t max_cpus; /* caller's */
	uint32_t listed;   /* CPUs that the MADT or the tree has: may be more than ncpus */

	/*
	 * Caller's, may be NULL: called every report_us (0: a second) while an
	 * acknowledgement is waited for that has no time limit.  True: go on.
	 * False: give up waiting; the request itself stays live.  NULL: go on for
	 * ever, and say so by baton_port_print().
	 */
	bool (*waiting)(struct baton_machine *machine, const struct baton_waiting *waiting);
	uint64_t report_us;

	/*
	 * Caller's, may be NULL: have @cpu, which is ONLINE, call baton_die() soon,
	 * for baton_stop_all(): an interrupt, say.  NULL: an NMI, and baton_nmi().
	 */
	void (*stop)(struct baton_machine *machine, struct baton_cpu *cpu);

	/*
	 * Caller's, may be NULL: send @cpu, which is ONLINE, what its handler answers by
	 * baton_nmi(), and what gets through as far as can be: on arm64 an SGI that is an
	 * NMI, or of a priority that the kernel does not mask.  In a crash it must
	 * take no lock.  NULL: on x86-64 an NMI by the local APIC; on arm64 there is
	 * none, and baton_crash_stop() is not supported, nor is baton_stop_all()
	 * without @stop.
	 */
	void (*nmi)(struct baton_machine *machine, struct baton_cpu *cpu);

	/*
	 * Caller's, may be NULL: called on a CPU that is about to leave, interrupts
	 * off or in an NMI, to end what runs on behind the kernel's back and libbaton
	 * does not know: VMX operation, the kernel's own tracing.
	 */
	void (*quiet)(struct baton_machine *machine, struct baton_cpu *cpu);

	void *context; /* caller's: libbaton does not look at it */

	enum baton_method method;
	uint32_t wakeup_version; /* as the MADT has it; may be higher than the method's */
	uint64_t mailbox_address;
	uint64_t reset_vector; /* 0: none */
	uint64_t madt_address;
	struct baton_cpu *live; /* whose request was given up and is not acknowledged, or NULL */

	/* Private from here on. */
	volatile struct baton_mailbox *mailbox;
	const struct baton_table *table; /* BATN, or NULL */
	struct baton_start start;
	uint64_t vector; /* physical, what goes into the mailbox; 0: not prepared */
	volatile uint8_t *apic;
	uint32_t psci_conduit; /* PSCI_CALL_... of libbaton/arm64/arm64.h */
	struct {
		int (*boot)(struct baton_machine *machine, struct baton_cpu *cpu);
		int (*release_all)(struct baton_machine *machine);
		void (*settle)(struct baton_machine *machine, struct baton_cpu *cpu);
		int (*can_disable)(const struct baton_machine *machine,
				   const struct baton_cpu *cpu);
		int (*exit_build)(struct baton_machine *machine);
		void (*die)(struct baton_machine *machine, struct baton_cpu *cpu);
		int (*kill)(struct baton_machine *machine, struct baton_cpu *cpu,
			    uint64_t timeout_us);
		int (*invalidate)(struct baton_machine *machine);
	} ops; /* of the method: all of them, but invalidate where there is nothing to */
	uint32_t busy, live_all, stopping, crashing, answered;
	struct baton_cpu *crasher;
	struct {
		struct baton_pages source;
		uint64_t root;	/* 0: not built */
		uint64_t root5; /* x86-64: the same for a CPU with 5-level paging */
		uint64_t code;	/* arm64: where a CPU turns its MMU off; 0: not built */
		uint32_t npages;
		struct {
			void *page;
			uint64_t physical;
		} pages[BATON_EXIT_PAGES];
	} exit;
};

_Static_assert(offsetof(struct baton_machine, cpu) == BATON_MACHINE_CPU, "for assembly");
_Static_assert(offsetof(struct baton_machine, ncpus) == BATON_MACHINE_NCPUS, "for assembly");
_Static_assert(offsetof(struct baton_machine, strays) == BATON_MACHINE_STRAYS, "for assembly");

/*
 * Find the CPUs and the method.  @rsdp is the physical address of the ACPI root
 * pointer (UEFI: the configuration table of ACPI 2.0; Linux boot protocol:
 * boot_params.acpi_rsdp_addr; multiboot2: a copy in a tag, wherever it is).
 * On the CPU that the kernel has started on; once.
 *
 * cpu[0] is the calling CPU, ONLINE; the others follow in the order of the MADT,
 * OFFLINE: those that are Enabled, each APIC ID once, as many as max_cpus allows.
 *
 * The method is a mailbox if the MADT has a wakeup structure, else INIT/SIPI.
 * A wakeup structure of version 1 or later with a length below 24 (firmware of
 * that kind has shipped) is taken for version 0, and so is one whose reset vector
 * is 0: wakeup_version tells them apart.  A broken one is an error, and INIT/SIPI
 * is not tried then: the CPUs may be where INIT does not reach, or must not.
 * A mailbox address of 0 is what an earlier kernel has left that could not give its
 * CPUs back: BATON_E_INVALIDATED.  The CPUs are listed then, but none can be booted.
 * Linux does not mend the checksum of the MADT when it does that: such a MADT, in
 * which nothing else is wrong, is BATON_E_INVALIDATED too, its list unproven.
 * The MADT is not needed any more afterwards.
 *
 * Errors: those of the tables, BATON_E_MAP, BATON_E_ARGUMENT.  The kernel can go
 * on then, with one CPU.
 */
int baton_find_acpi(struct baton_machine *machine, uint64_t rsdp);

/*
 * Find the CPUs and the method by the device tree @fdt, of at most @size bytes: a
 * pointer that the kernel has (x0 at its start, by the boot protocol of arm64
 * Linux).  On the CPU that the kernel has started on; once.  The kernel that calls
 * it links libfdt, too.  The tree is not changed, and not needed afterwards.
 *
 * cpu[0] is the calling CPU, by its MPIDR, ONLINE; the others follow in the order of
 * the tree, OFFLINE: as many as max_cpus allows, without those whose status is
 * "fail": they are not there.
 *
 * All CPUs but the calling one must have the same enable-method: "psci" or
 * "spin-table".  With that, each needs a cpu-release-addr of its own, aligned to 8: if
 * two shared one, a release would let both loose.  The method is
 * BATON_SPIN_TABLE_RETURN if one of them has cpu-return-addr and cpu-held-addr, too;
 * baton_can_disable() tells of each.  Whether an address is one of memory, and not in
 * use, is for baton_port_map() to check.  PSCI of 0.1, which has no AFFINITY_INFO,
 * is not enough; at EL2 nobody answers an HVC, so only SMC is taken there.
 *
 * Errors: BATON_E_TREE, BATON_E_CPUS, BATON_E_BOOT_CPU, BATON_E_RELEASE, BATON_E_PSCI,
 * BATON_E_MAP, BATON_E_ARGUMENT.  The kernel can go on then, with one CPU.
 */
int baton_find_devicetree(struct baton_machine *machine, const void *fdt, size_t size);

/* The CPU with that hardware id, or NULL; the one that this runs on, or NULL. */
struct baton_cpu *baton_cpu_by_id(struct baton_machine *machine, uint64_t id);
struct baton_cpu *baton_this_cpu(struct baton_machine *machine);

/* The state of @cpu, read with acquire ordering: what it did before is seen. */
uint32_t baton_state(const struct baton_cpu *cpu);

/*
 * How many CPUs the resident holds, of all that it was made for: what it says
 * itself in its BATN table; or BATON_E_NOT_SUPPORTED if there is none, or no number in it.
 */
int baton_held(const struct baton_machine *machine);

/*
 * Say where CPUs shall start, and write the trampoline.  Before the first is
 * booted; again, only while none is on its way (not checked).
 *
 * At start->vector a CPU is in 64-bit mode, interrupts off, no stack.  After a
 * trampoline: on start->root, RDI = start->argument, CR0 with WP, CR4 with PAE, MCE
 * and, if the caller has them, LA57, OSFXSR and OSXMMEXCPT; EFER with LME, and with
 * NXE if the caller has it; other registers undefined, and descriptor tables that
 * are not mapped: no segment can be loaded, and no exception or NMI survived,
 * before it has its own.  Without a trampoline the state is that of
 * docs/contract.md, section 4, or of the firmware: SSE may be off.
 *
 * arm64: the same level as the caller's, DAIF masked, no stack, SP_ELx selected.  After a
 * trampoline: MMU and caches as the caller has them, on start->root in TTBR0, X0 =
 * start->argument, and of the caller's CPU MAIR, TCR, TTBR1, SCTLR, VBAR, CPACR; at EL2
 * HCR and CPTR in place of CPACR.  Other registers, TPIDR among them, are as the CPU
 * came: docs/contract-arm64.md, "State on release", or PSCI, section 6.4.  A CPU
 * that comes in at another level than the caller's stays in the page, and is not
 * counted.  The caller's MMU must be on: atomic accesses need it.  Without a trampoline
 * the state is that of docs/contract-arm64.md, or of the firmware, MMU off; nothing may
 * be in the caches that such a CPU reads: flush it, baton_flush().
 *
 * Errors: BATON_E_ARGUMENT (an address out of range or not aligned, no page for
 * INIT/SIPI, neither vector nor run; arm64: MMU off, or a vector that is not
 * aligned to 4), BATON_E_MAP.
 */
int baton_prepare(struct baton_machine *machine, const struct baton_start *start);

/*
 * Start @cpu, which is OFFLINE, and wait until it has acknowledged that.
 *
 * Mailbox: APIC ID and vector are visible before the command (release ordering).
 * The wait has no time limit, since a CPU that comes after its wakeup has
 * "failed" would run in a kernel that does not expect it: it calls
 * machine->waiting, and only if that says stop it returns BATON_E_STOPPED.  Then
 * the request stays live: the CPU stays WAKING and will come, be it ever so
 * late; machine->live names it, and each later command is refused with
 * BATON_E_LIVE until it has acknowledged.
 *
 * INIT/SIPI: returns when the interrupts are sent; there is no acknowledgement.
 *
 * PSCI: CPU_ON; its answer is the acknowledgement.  BATON_E_STATE: ALREADY_ON, the
 * firmware says that it is up.  BATON_E_LIVE: ON_PENDING, another kernel has sent for it.
 * BATON_E_REFUSED: any other answer.  It is OFFLINE then.
 *
 * Spin-table with return: the CPU must be held, or it is BATON_E_NOT_RETURNED (an
 * earlier kernel has it still: try again), and its release word 0 (BATON_E_LIVE).  The
 * vector is in memory before the CPU is sent an event; the acknowledgement is that it is
 * not held any more.  Wait and BATON_E_STOPPED as with the mailbox, but each CPU has a
 * release word of its own: the others can be booted meanwhile, and machine->live is
 * not used.  BATON_E_REFUSED: the resident has put the word back; it is OFFLINE.
 *
 * Plain spin-table: returns when the event is sent.  BATON_E_NO_RETURN: the
 * release word is not 0, so that it has been released before.
 *
 * 0 does not mean that the CPU is up: that is baton_alive().
 * Errors: BATON_E_STATE (it is up, or on its way: of callers that race for one CPU
 * one gets 0), BATON_E_BUSY, BATON_E_LIVE, BATON_E_STOPPED, BATON_E_NOT_PREPARED,
 * BATON_E_ARGUMENT (no stack), BATON_E_NO_RETURN (INIT/SIPI: BATON_CPU_BSP);
 * BATON_E_REFUSED, BATON_E_NOT_RETURNED.
 */
int baton_boot(struct baton_machine *machine, struct baton_cpu *cpu);

/*
 * Wait until @cpu is up, at most @timeout_us (0: BATON_ALIVE_US).  What it did
 * before baton_online() is seen.  Otherwise the error tells how far it came:
 * BATON_E_NOT_ACKNOWLEDGED, BATON_E_NOT_ENTERED, BATON_E_NOT_UP; BATON_E_STATE: it
 * is not on its way at all.  It stays in its state, and may still come.
 */
int baton_alive(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us);
#define BATON_ALIVE_US 10000000u

/*
 * Start all CPUs that are OFFLINE, at once, as baton_boot() starts one.
 *
 * Mailbox: by baton's broadcast (docs/contract.md), if the BATN table offers it:
 * one store releases all that are held, and 0 is returned when all have left.
 * Waiting and BATON_E_STOPPED as in baton_boot(); waiting->cpu is NULL.  It does
 * not ask whom the kernel knows: refused with BATON_E_NOT_SUPPORTED if there are
 * more CPUs than cpu[] has room for, and with BATON_E_STATE unless each CPU is
 * OFFLINE, ENTERED or ONLINE.
 * INIT/SIPI: all INITs, one delay, all SIPIs.
 * Spin-table: all release words, one event, then the wait for each.  PSCI: one CPU_ON
 * after another.  With both, an error is that of the first CPU that has one; the others
 * are sent for all the same, and baton_state() tells of each.
 */
int baton_release_all(struct baton_machine *machine);

/*
 * For a kernel that has an entry of its own, on the CPU that has come in, before
 * it uses anything that another CPU could use too, its stack above all: from
 * WAKING or COMING to ENTERED.  NULL: it was not sent for; it must halt.
 */
struct baton_cpu *baton_enter(struct baton_machine *machine);

/*
 * @cpu is up: on that CPU, once it has descriptor tables by which it survives an
 * NMI, since baton_crash_stop() sends those to CPUs that are ONLINE.  NMIs come from
 * here on, though the CPU may have left an earlier kernel from within one: IRET is
 * executed, to which CS and SS must mean something.  BATON_E_STATE unless it was
 * ENTERED.
 */
int baton_online(struct baton_machine *machine, struct baton_cpu *cpu);

/* 0 if @cpu can be given back; BATON_E_NO_RETURN; BATON_E_NOT_PREPARED. */
int baton_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu);

/*
 * Make the way by which CPUs leave.  Mailbox: build page tables with the reset vector's
 * page at its physical address, and the leaving code where it is, for CPUs with 4- and
 * with 5-level paging: without a trampoline they come with 4.  All is freed again
 * on failure.  Long before it is needed; once; on any CPU.  Does nothing where nothing
 * is needed (INIT/SIPI, PSCI) or there is no way back.
 * Spin-table with return: the MMU is turned off in the trampoline's page, so
 * baton_prepare() comes first, with one (BATON_E_NOT_PREPARED); without one libbaton's own
 * code must be mapped at its physical address.  @pages is not used, and may be NULL.
 * Errors: BATON_E_NO_PAGE, BATON_E_OVERLAP (the reset vector's page is where the
 * kernel has the leaving code), BATON_E_STATE (they are there).
 * baton_exit_release() frees them; no CPU may be LEAVING.
 * They know nothing of memory encryption: not for SEV guests.
 */
int baton_exit_build(struct baton_machine *machine, const struct baton_pages *pages);
void baton_exit_release(struct baton_machine *machine);

/*
 * Give the calling CPU back: does not return, unless it fails.  Its state
 * becomes LEAVING.  Interrupts are turned off; NMIs should not come: there is a
 * window in which they are fatal (docs/contract.md, section 5).
 * Mailbox: calls machine->quiet, disables the local APIC, stops tracing and
 * counting, leaves SVM; then, on the page tables of baton_exit_build(), jumps to the
 * reset vector.  INIT/SIPI: halts, for good, in libbaton's text.
 * PSCI, spin-table with return: calls machine->quiet, masks DAIF; then CPU_OFF, or, with
 * the MMU off, on to cpu-return-addr.  The kernel has turned off the CPU's timers and
 * taken it out of its interrupt controller before.  Should the firmware refuse CPU_OFF, the CPU
 * halts, LEAVING, and is never proven to have left.
 * That it was called proves nothing: the CPU is gone when baton_kill() says so.
 * Errors: BATON_E_NO_RETURN, BATON_E_NOT_PREPARED, BATON_E_STATE.  Interrupts are
 * as they were.
 */
int baton_die(struct baton_machine *machine);

/*
 * Prove that @cpu, which is LEAVING, has left: until then the kernel must not
 * touch its stack, its page tables, the text.  OFFLINE then.
 * Mailbox: TEST, at most @timeout_us (0: BATON_KILL_US) for the answer, and then
 * withdrawn: BATON_E_NOT_RETURNED, the CPU is LEAVING as before, and this may be
 * called again.  INIT/SIPI: INIT, after which the CPU executes nothing.
 * PSCI: until AFFINITY_INFO says OFF; spin-table: until the held word is 1 and the release
 * word 0; at most @timeout_us, likewise.
 * Errors: BATON_E_NOT_RETURNED, BATON_E_STATE, BATON_E_BUSY, BATON_E_LIVE,
 * BATON_E_NO_RETURN.
 */
int baton_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us);
#define BATON_KILL_US 1000000u

/*
 * Have all other CPUs leave, before another kernel is started: each that is ONLINE
 * is told to (machine->stop, or an NMI, machine->nmi), and has @timeout_us (0: BATON_STOP_US) in
 * all to do so; then each that is LEAVING is proven by baton_kill(), a second at most in all for
 * those that do not answer.  Takes no part in any hotplug machinery; the kernel must not boot CPUs
 * at the same time.
 *
 * Returns how many CPUs are not proven to have left: those that are not OFFLINE.
 * Unless it is 0 the memory under this kernel must not be reused.
 * Errors: BATON_E_NO_RETURN, BATON_E_NOT_PREPARED: some CPU that is not OFFLINE can't
 * leave; BATON_E_BUSY: another CPU is in here; BATON_E_STATE: the calling CPU is not
 * one of cpu[]; BATON_E_NOT_SUPPORTED: there is no way to tell them (arm64: neither
 * machine->stop nor machine->nmi).
 */
int baton_stop_all(struct baton_machine *machine, uint64_t timeout_us);
#define BATON_STOP_US 1000000u

/*
 * In a crash: have all other CPUs that are ONLINE leave, by NMI or machine->nmi, wherever
 * they are, and wait until they have been counted, @timeout_us (0: BATON_CRASH_US) at
 * most.  Takes no lock, and does not use the mailbox.  Those that answered are
 * BATON_CRASH_ANSWERED in cpu->crash, and LEAVING; their registers are in
 * cpu->registers.
 *
 * Returns how many of those that were sent an NMI never answered, and are
 * BATON_CRASH_ASKED.  An answer is not a proof: the next kernel must not use the
 * memory of this one, or TEST them first.
 * Errors: BATON_E_CRASHING: another CPU is in here, or this one has been: the
 * caller should halt; BATON_E_NOT_SUPPORTED: arm64 without machine->nmi.
 * Interrupts off, or within an NMI or an exception.
 */
int baton_crash_stop(struct baton_machine *machine, uint64_t timeout_us);
#define BATON_CRASH_US 1000000u

/*
 * First thing in the kernel's handler of the NMI, or of what machine->nmi sends: false if the NMI
 * is not libbaton's. Otherwise it does not return: saves @registers (NULL: the control registers
 * alone), is counted, leaves as in baton_die(), without a lock; and halts where
 * there is no way back.  CPUs that hold a lock may end in here: nobody can take
 * it afterwards.
 */
bool baton_nmi(struct baton_machine *machine, const struct baton_registers *registers);

/*
 * Tell the next kernel that it can't have the CPUs: sets the mailbox address in
 * the MADT to 0, and mends the checksum.  For a kernel that is about to start
 * another one while it can't return its CPUs (version 0, no reset vector).  This
 * kernel goes on using the mailbox: it has its own copy of the address.
 * With a device tree it is the kernel itself that hands the tree on, perhaps a copy:
 * there it gives those CPUs status "fail".  A plain spin-table's CPUs must
 * not be released again: they are where the kernel has left them.
 * Errors: BATON_E_NOT_SUPPORTED (no mailbox), BATON_E_MAP, BATON_E_MADT (it was
 * overwritten).
 */
int baton_invalidate_for_next_kernel(struct baton_machine *machine);

#if defined(__x86_64__)
/*
 * The APIC ID of the CPU that this runs on, all 32 bits: CPUID leaf 0x1f, 0xb or
 * 1, as docs/contract.md, section 1, says.
 */
uint32_t baton_apic_id(void);
#endif

#if defined(__aarch64__)
/* For baton_port_cpu_id(): the affinity fields of MPIDR_EL1. */
uint64_t baton_mpidr(void);

/* For baton_port_flush(): clean and invalidate to the point of coherency, then DSB SY. */
void baton_flush(const volatile void *pointer, size_t length);
#endif

#endif /* __ASSEMBLER__ */
#endif /* BATON_CPUS_H */
