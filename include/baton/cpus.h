/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton: how a kernel takes its CPUs and gives them back, whatever holds them.
 * This header is its manual.  docs/porting.md has the smallest kernel that uses
 * it; docs/contract.md is the ABI below.
 *
 *	baton_find_acpi		find the CPUs and the method by which they come:
 *				by the tables of ACPI (x86-64),
 *	baton_find_devicetree	or by a device tree (arm64)
 *	baton_prepare		set where they start
 *	baton_boot, baton_alive	start one; wait until it is up
 *	baton_release_all	start all at once
 *	baton_exit_build	make the way by which CPUs leave
 *	baton_die, baton_kill	a CPU leaves; another one proves that it has
 *	baton_stop_all		all leave, before the next kernel is started
 *	baton_crash_stop	likewise, from a crash: baton_nmi on the others
 *	baton_invalidate_for_next_kernel
 *				keep the next kernel from waiting for CPUs that can't come
 *
 * libbaton allocates nothing, calls nothing but <baton/port.h> and
 * <baton/string.h>, and keeps no state but in the caller's structures.  All
 * functions return 0 (or a number that is not negative) or one of the errors
 * below.  After an error they have changed nothing, unless the function's comment
 * differs.
 *
 * CPU state: kernel code with a stack, interrupts on or off.  On x86-64 it is at CPL 0
 * in 64-bit mode; on arm64 at EL1 or EL2 with the MMU on.  A function's comment names
 * its exceptions.  Any number of CPUs may call at the same time: the second caller is
 * refused (BATON_E_STATE, BATON_E_BUSY), and never waits.
 *
 * The methods of x86-64:
 *	mailbox		ACPI 6.6, section 5.2.12.19, Multiprocessor Wakeup
 *			Structure, versions 0 (no way back) and 1
 *	INIT/SIPI	Intel SDM volume 3, "Multiple-processor (MP)
 *			initialization"
 *
 * In a TDX guest (a TD: CPUID leaf 0x21 is "IntelTDX    ") the mailbox is the only method:
 *
 *	- libbaton causes no #VE, on no CPU and in no function.  What is an exception there it
 *	  asks of the host by TDG.VP.VMCALL (GHCI 1.0): its CPUID, the local APIC's ICR and
 *	  SVR, HLT.  So CPUs may come in before they have an IDT, and leave from within an
 *	  NMI.  The kernel's own code has a handler for vector 20 (docs/porting.md).
 *	- The local APIC is taken for one in x2APIC mode, and IA32_APIC_BASE is not read.
 *	- A CPU's ID is what the host says.  It may lie: then a CPU is not sent for, and stops,
 *	  or comes in as another one that is on its way.  No two come in as the same.
 *	- baton_die() does not end what the kernel has registered with the host for its CPU.
 *	  machine->quiet may.
 *	- Not tested on TDX hardware.
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
#define BATON_MACHINE_APIC 184

/*
 * Where a CPU is: the value of baton_cpu.state.
 *
 *	OFFLINE --baton_boot()--> WAKING --acknowledged--> COMING
 *				  WAKING --refused--> OFFLINE
 *	WAKING, COMING --in the kernel's entry--> ENTERED --baton_online()--> ONLINE
 *	ENTERED, ONLINE --baton_die()--> LEAVING --baton_kill()--> OFFLINE
 *
 * Each change is one compare-and-exchange, so each has one winner.  In ENTERED and
 * ONLINE the kernel owns the CPU.  In all other states but OFFLINE the CPU is on its
 * way.  A CPU that comes into the entry in any other state than WAKING and COMING
 * was not asked for.  It halts there, without a stack, and is counted in
 * baton_machine.strays.
 */
#define BATON_OFFLINE 0 /* held; or, with INIT/SIPI, wherever INIT takes it from */
#define BATON_WAKING 1	/* sent for; the request is not acknowledged */
#define BATON_COMING 2	/* acknowledged, or sent with no acknowledgement; not in the entry yet */
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
	BATON_E_STATE = -2,	    /* the CPU's state does not allow this: up, or on its way */
	BATON_E_BUSY = -3,	    /* another CPU of this kernel uses the mailbox: try later */
	BATON_E_LIVE = -4,	    /* an unacknowledged request stands, perhaps another kernel's */
	BATON_E_NOT_PREPARED = -5,  /* baton_prepare() or baton_exit_build() comes first */
	BATON_E_NOT_SUPPORTED = -6, /* this method, or this firmware, has no such thing */
	BATON_E_CRASHING = -7,	    /* another CPU is in baton_crash_stop() */

	/* The tables': an error of the firmware, or of an earlier kernel. */
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
	BATON_E_NO_METHOD = -27,   /* a TDX guest without a wakeup mailbox: one CPU only */

	/* Resources of the kernel. */
	BATON_E_MAP = -32,     /* baton_port_map() refused */
	BATON_E_NO_PAGE = -33, /* the page source is empty */
	BATON_E_OVERLAP = -34, /* the leaving code's address is that of the reset vector */

	/* The CPU's. */
	BATON_E_STOPPED = -48,		/* the wait was stopped; the request stays live */
	BATON_E_NOT_ACKNOWLEDGED = -49, /* not in time: the CPU has shown no sign of life */
	BATON_E_NOT_ENTERED = -50,	/* acknowledged, but not seen in the kernel's entry */
	BATON_E_NOT_UP = -51,		/* seen in the entry, but not up */
	BATON_E_NOT_RETURNED = -52,	/* the CPU is not proven to be held */
	BATON_E_NO_RETURN = -53,	/* there is no way back for this CPU */
	BATON_E_REFUSED = -54,		/* its holder refuses to release it like this */
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
	uint64_t sctlr, tcr, ttbr0, ttbr1; /* libbaton fills in these itself; at EL2: of EL2 */
#else
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rip, rflags, cs, ss;
	uint64_t cr0, cr2, cr3, cr4; /* libbaton fills in these itself */
#endif
};

#define BATON_CRASH_ASKED 1    /* it was sent an NMI, or the interrupt in place of one */
#define BATON_CRASH_ANSWERED 2 /* it came, its registers are saved, and it has left */

/* flags */
#define BATON_CPU_BSP 1	       /* INIT would reset it to the firmware: INIT/SIPI can't boot it */
#define BATON_CPU_TRUSTED_OS 2 /* a trusted OS lives on it: PSCI would refuse CPU_OFF */
#define BATON_CPU_SHARED 4     /* spin-table: its release word is another CPU's, too */
#define BATON_CPU_PENNED 8 /* and was written by this kernel: the CPU is in its page, or beyond */

/*
 * One CPU, identified as the hardware identifies it.  On cache lines of its own.
 * Written by baton_find_...(); but stack, context and registers are the caller's.
 */
struct baton_cpu {
	uint64_t id;	/* APIC ID, or the affinity fields of MPIDR */
	uint32_t state; /* BATON_OFFLINE ...: read it by baton_state() */
	uint32_t uid;	/* ACPI processor UID; with a device tree, the CPU's number, from 0 */
	/*
	 * Caller's, before the CPU is booted: the top of its stack, 16-byte aligned, as an
	 * address in the page tables that CPUs start on.
	 */
	void *stack;
	void *context;			   /* caller's: libbaton does not use it */
	struct baton_registers *registers; /* caller's: for its registers in a crash, or NULL */
	uint32_t crash;			   /* 0, BATON_CRASH_ASKED or BATON_CRASH_ANSWERED */
	uint32_t flags;			   /* BATON_CPU_BSP ... */
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

/* The state of a wait that has no limit of its own, for baton_machine.waiting. */
struct baton_waiting {
	const struct baton_cpu *cpu; /* which CPU has to acknowledge; NULL: all that are held */
	uint64_t waited_us;
};

/* Where CPUs start: baton_prepare(). */
struct baton_start {
	/*
	 * The trampoline: the physical address of a 4 KiB page of the caller's, aligned.
	 * It stays for as long as CPUs are booted; on arm64 for as long as they leave, too,
	 * and for good if any CPU is BATON_CPU_PENNED: such CPUs may wait in it.
	 * Below 1 MiB for INIT/SIPI, below 4 GiB for a mailbox.  It is mapped at its
	 * physical address in @root, executable.
	 * 0, but not with INIT/SIPI or a shared release word: none.  CPUs come to @vector as their
	 * holder releases them: with a mailbox on its page tables, on arm64 with the MMU off.
	 */
	uint64_t page;
	/*
	 * The page tables that CPUs load there.  x86-64: the value of CR3, below 4 GiB,
	 * with as many levels as the CPU has that calls baton_prepare().
	 * arm64: the value of TTBR0, for the TCR of the CPU that calls it.
	 */
	uint64_t root;
	/*
	 * The first instruction after that, an address in @root (arm64: or in TTBR1
	 * of the CPU that calls baton_prepare()).  Without a trampoline it is a physical
	 * address.  State of the CPU: below, at baton_prepare().
	 * 0: libbaton's own entry.
	 */
	uint64_t vector;
	/*
	 * The value of RDI or X0 then, if there is a vector.  Without a trampoline only
	 * PSCI passes it on.
	 */
	uint64_t argument;
	/*
	 * With libbaton's own entry: the function that the CPU calls, on its stack, in
	 * state ENTERED, interrupts off.  The descriptor tables are its holder's (arm64:
	 * the exception vectors are those of the CPU that called baton_prepare()).  The
	 * function loads its own, and calls baton_online().  When it returns, the CPU does
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

#define BATON_EXIT_PAGES 9 /* the most calls of alloc() */

/*
 * The whole state of libbaton.  Before baton_find_...() it is zero, except for the
 * caller's fields.  It is mapped on every CPU, at the same address.  All other fields
 * are libbaton's: the caller may read them, not write them.
 */
struct baton_machine {
	struct baton_cpu *cpu; /* caller's: room for max_cpus; [0] becomes the boot CPU */
	uint32_t ncpus;	       /* in cpu */
	uint32_t strays;       /* CPUs that came into the entry unasked, and halt there */

	uint32_t max_cpus; /* caller's */
	uint32_t listed;   /* CPUs that the MADT or the tree has: may be more than ncpus */

	/*
	 * Caller's, may be NULL: called every report_us (0: a second) during a wait for
	 * an acknowledgement that has no time limit.  True: go on.  False: stop waiting;
	 * the request itself stays live.  NULL: go on for ever, and report that by
	 * baton_port_print().
	 */
	bool (*waiting)(struct baton_machine *machine, const struct baton_waiting *waiting);
	uint64_t report_us;

	/*
	 * Caller's, may be NULL: have @cpu, which is ONLINE, call baton_die() soon,
	 * for baton_stop_all(), by an interrupt for example.  NULL: an NMI, and
	 * baton_nmi().
	 */
	void (*stop)(struct baton_machine *machine, struct baton_cpu *cpu);

	/*
	 * Caller's, may be NULL: send @cpu, which is ONLINE, an interrupt whose handler
	 * calls baton_nmi().  It should get through wherever it can: on arm64 an SGI that
	 * is an NMI, or of a priority that the kernel does not mask.  In a crash this must
	 * take no lock.
	 * NULL on x86-64: an NMI by the local APIC.  NULL on arm64: there is none, and
	 * baton_crash_stop() is not supported, nor is baton_stop_all() without @stop.
	 */
	void (*nmi)(struct baton_machine *machine, struct baton_cpu *cpu);

	/*
	 * Caller's, may be NULL: called on a CPU that is about to leave, interrupts off or
	 * in an NMI.  It ends what goes on by itself and libbaton does not know: VMX
	 * operation, the kernel's own tracing.
	 */
	void (*quiet)(struct baton_machine *machine, struct baton_cpu *cpu);

	void *context; /* caller's: libbaton does not use it */

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
	uint64_t vector;	  /* physical, for the mailbox; 0: not prepared */
	volatile uint8_t *apic;	  /* x86-64: the page of an xAPIC, or NULL */
	uint32_t psci_conduit;	  /* PSCI_CALL_... of libbaton/arm64/arm64.h */
	volatile uint64_t *gates; /* in the trampoline, libbaton/arm64/idmap.h, or NULL */
	uint64_t pen_page;	  /* its physical address */
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
_Static_assert(offsetof(struct baton_machine, apic) == BATON_MACHINE_APIC, "for assembly");

/*
 * Find the CPUs and the method.  @rsdp is the physical address of the ACPI root
 * pointer.  UEFI has it in the configuration table of ACPI 2.0, the Linux boot protocol
 * in boot_params.acpi_rsdp_addr, multiboot2 in a tag: a copy, at any address.  Call it
 * on the CPU that the kernel has started on; once.
 *
 * cpu[0] is the calling CPU, ONLINE.  The others follow in the order of the MADT,
 * OFFLINE: those that are Enabled, each APIC ID once, as many as max_cpus allows.
 *
 * The method is a mailbox if the MADT has a wakeup structure, else INIT/SIPI.  In a TDX
 * guest no CPU hears INIT: without a wakeup structure it is BATON_E_NO_METHOD, and the CPUs
 * are listed, but none can be booted.
 *
 * A wakeup structure of version 1 or later is taken for version 0 if its length is below 24
 * or its reset vector is 0.  Firmware with the first of the two has shipped: OVMF 2022.11, in
 * TDX guests.  The field wakeup_version still has the structure's own version.  A broken
 * structure is an error, and INIT/SIPI is not tried then: the CPUs may be where INIT does not
 * reach, or must not.
 *
 * An earlier kernel that could not give its CPUs back leaves a mailbox address of 0:
 * BATON_E_INVALIDATED.  The CPUs are listed then, but none can be booted.  Linux does
 * not correct the checksum of the MADT when it does that.  Such a MADT, in which
 * nothing else is wrong, is BATON_E_INVALIDATED too; its list is unproven.
 * The MADT is not needed any more afterwards.
 *
 * Errors: those of the tables, BATON_E_MAP, BATON_E_ARGUMENT.  The kernel can go
 * on then, with one CPU.
 */
int baton_find_acpi(struct baton_machine *machine, uint64_t rsdp);

/*
 * Find the CPUs and the method by the device tree @fdt, of at most @size bytes.  The
 * kernel has that pointer: x0 at its start, by the boot protocol of arm64 Linux.  Call
 * it on the CPU that the kernel has started on; once.  The kernel that calls it links
 * libfdt, too.  The tree is not changed, and not needed afterwards.
 *
 * cpu[0] is the calling CPU, by its MPIDR, ONLINE.  The others follow in the order of
 * the tree, OFFLINE, as many as max_cpus allows.  CPUs whose status is "fail" are left
 * out: they are not there.
 *
 * All CPUs but the calling one must have the same enable-method: "psci" or
 * "spin-table".
 *
 * Spin-table: each CPU needs a cpu-release-addr, aligned to 8.  CPUs may share one, unless
 * one of them has cpu-return-addr or cpu-held-addr: they are BATON_CPU_SHARED.  The method
 * is BATON_SPIN_TABLE_RETURN if one CPU has both of these; baton_can_disable() answers for
 * each.  baton_port_map() has to check whether an address is one of memory, and not in
 * use.
 *
 * PSCI: 0.1, which has no AFFINITY_INFO, is not enough.  At EL2 an HVC has no receiver,
 * so only SMC is taken there.
 *
 * Errors: BATON_E_TREE, BATON_E_CPUS, BATON_E_BOOT_CPU, BATON_E_RELEASE, BATON_E_PSCI,
 * BATON_E_MAP, BATON_E_ARGUMENT.  The kernel can go on then, with one CPU.
 */
int baton_find_devicetree(struct baton_machine *machine, const void *fdt, size_t size);

/* The CPU with that hardware id, or NULL; the one that this runs on, or NULL. */
struct baton_cpu *baton_cpu_by_id(struct baton_machine *machine, uint64_t id);
struct baton_cpu *baton_this_cpu(struct baton_machine *machine);

/* The state of @cpu, read with acquire ordering: its earlier stores are seen. */
uint32_t baton_state(const struct baton_cpu *cpu);

/*
 * The number of CPUs that the resident holds, of all that it was made for, from its
 * BATN table.  BATON_E_NOT_SUPPORTED if there is none, or no number in it.
 */
int baton_held(const struct baton_machine *machine);

/*
 * Set where CPUs start, and write the trampoline.  Call it before the first is booted.
 * Call it again only while none is on its way (not checked).
 *
 * State of a CPU at start->vector, x86-64: 64-bit mode, interrupts off, no stack.
 *
 * After a trampoline it is on start->root, with RDI = start->argument.  CR0 has WP.
 * CR4 has PAE, MCE and, if the caller has them, LA57, OSFXSR and OSXMMEXCPT.  EFER has
 * LME, and NXE if the caller has it.  Other registers are undefined.  The descriptor
 * tables are not mapped: before the CPU has its own, it can load no segment, and
 * survives no exception or NMI.
 *
 * Without a trampoline the state is that of docs/contract.md, section 4, or of the
 * firmware: SSE may be off.
 *
 * State of a CPU at start->vector, arm64: the same level as the caller's, DAIF masked,
 * no stack, SP_ELx selected.
 *
 * After a trampoline it has MMU and caches as the caller has them, start->root in TTBR0,
 * and X0 = start->argument.  MAIR, TCR, TTBR1, SCTLR, VBAR and CPACR are those of the
 * caller's CPU; at EL2 HCR and CPTR in place of CPACR.  Other registers, TPIDR among
 * them, are as the CPU came: docs/contract-arm64.md, "State on release", or PSCI, section
 * 6.4.  A CPU that comes in at another level than the caller's stays in the page, and is
 * not counted.  The caller's MMU must be on: atomic accesses need it.
 *
 * Without a trampoline the state is that of docs/contract-arm64.md, or of the firmware,
 * MMU off.  No data that such a CPU reads may be in the caches alone: flush it by
 * baton_flush().
 *
 * Errors: BATON_E_ARGUMENT (an address out of range or not aligned, no page for
 * INIT/SIPI or for BATON_CPU_SHARED, neither vector nor run; arm64: MMU off, or a vector that
 * is not aligned to 4), BATON_E_MAP, BATON_E_NOT_PREPARED (no method has been found),
 * BATON_E_STATE (CPUs are BATON_CPU_PENNED in another page), BATON_E_NOT_SUPPORTED (more
 * than 256 CPUs, some of them BATON_CPU_SHARED).
 */
int baton_prepare(struct baton_machine *machine, const struct baton_start *start);

/*
 * Start @cpu, which is OFFLINE, and wait until it has acknowledged that.
 *
 * Mailbox: APIC ID and vector are visible before the command (release ordering).
 * The wait has no time limit.  A CPU that comes after its wakeup has "failed" would run
 * in a kernel that does not expect it.  The wait calls machine->waiting, and returns
 * BATON_E_STOPPED only if that returns false.  Then the request stays live: the CPU stays
 * WAKING and will come, however late.  Until then machine->live is that CPU, and each later
 * command is refused with BATON_E_LIVE.
 *
 * INIT/SIPI: returns when the interrupts are sent; there is no acknowledgement.
 *
 * PSCI: CPU_ON; its answer is the acknowledgement.  After an error the CPU is OFFLINE.
 * BATON_E_STATE: ALREADY_ON, the firmware reports that it is up.  BATON_E_LIVE: ON_PENDING,
 * another kernel has sent for it.  BATON_E_REFUSED: any other answer.
 *
 * Spin-table with return: the CPU must be held, or it is BATON_E_NOT_RETURNED (an
 * earlier kernel still has it: try again).  Its release word must be 0 (BATON_E_LIVE).
 * The vector is in memory before the CPU is sent an event.  The acknowledgement is that
 * the CPU is not held any more.  Wait and BATON_E_STOPPED are as with the mailbox, but each
 * CPU has a release word of its own.  The others can be booted meanwhile, and
 * machine->live is not used.  BATON_E_REFUSED: the resident has put the word back; the CPU
 * is OFFLINE.
 *
 * Plain spin-table: returns when the event is sent.  BATON_E_NO_RETURN: the release word
 * is not 0, so the CPU has been released before.  If CPUs share the word, the first boot of
 * one has all of them leave for the trampoline's page, those too that are not in cpu[], or
 * have failed.  There each waits, MMU off, until it is booted itself, and is
 * BATON_CPU_PENNED.  baton_stop_all() can't return any of them.
 *
 * 0 does not mean that the CPU is up: that is baton_alive().
 *
 * Errors: BATON_E_STATE (it is up, or on its way: of callers that race for one CPU
 * one gets 0), BATON_E_BUSY, BATON_E_LIVE, BATON_E_STOPPED, BATON_E_NOT_PREPARED,
 * BATON_E_ARGUMENT (no stack), BATON_E_NO_RETURN (INIT/SIPI: BATON_CPU_BSP);
 * BATON_E_REFUSED, BATON_E_NOT_RETURNED.
 */
int baton_boot(struct baton_machine *machine, struct baton_cpu *cpu);

/*
 * Wait until @cpu is up, at most @timeout_us (0: BATON_ALIVE_US).  Its stores before
 * baton_online() are seen.  The error reports how far it came: BATON_E_NOT_ACKNOWLEDGED,
 * BATON_E_NOT_ENTERED, BATON_E_NOT_UP; BATON_E_STATE: it is not on its way at all.  After
 * an error it stays in its state, and may still come.
 */
int baton_alive(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us);
#define BATON_ALIVE_US 10000000u

/*
 * Start all CPUs that are OFFLINE, at once, as baton_boot() starts one.
 *
 * Mailbox: by baton's broadcast (docs/contract.md), if the BATN table offers it.  One store
 * releases all that are held, and 0 is returned when all have left.  Waiting and
 * BATON_E_STOPPED are as in baton_boot(); waiting->cpu is NULL.  The broadcast also releases
 * CPUs that the kernel does not know.  So it is refused with BATON_E_NOT_SUPPORTED if there
 * are more CPUs than cpu[] has room for.  It is refused with BATON_E_STATE unless each CPU
 * is OFFLINE, ENTERED or ONLINE.
 *
 * INIT/SIPI: all INITs, one delay, all SIPIs.
 *
 * Spin-table: all release words, one event, then the wait for each.  PSCI: one CPU_ON
 * after another.  With both, an error is that of the first CPU that has one.  The others
 * are sent for all the same; baton_state() returns the state of each.
 */
int baton_release_all(struct baton_machine *machine);

/*
 * For a kernel that has an entry of its own, on the CPU that has come in.  Call it before
 * that CPU uses anything that another CPU could use too, its stack above all.  The state
 * goes from WAKING or COMING to ENTERED.  NULL: the CPU was not sent for; it must halt.
 */
struct baton_cpu *baton_enter(struct baton_machine *machine);

/*
 * @cpu is up.  Call it on that CPU, once it has descriptor tables by which it survives an
 * NMI: baton_crash_stop() sends those to CPUs that are ONLINE.  NMIs come from here on,
 * even if the CPU has left an earlier kernel from within one.  For that an IRET is executed,
 * so CS and SS must be valid.  BATON_E_STATE unless the CPU was ENTERED.
 */
int baton_online(struct baton_machine *machine, struct baton_cpu *cpu);

/* 0 if @cpu can be given back; BATON_E_NO_RETURN; BATON_E_NOT_PREPARED. */
int baton_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu);

/*
 * Make the way by which CPUs leave.  Call it long before it is needed; once; on any CPU.
 * All is freed again on failure.  Does nothing where nothing is needed (INIT/SIPI, PSCI)
 * or there is no way back.
 *
 * Mailbox: builds page tables with the reset vector's page at its physical address, and
 * the leaving code where it is.  They are for CPUs with 4- and with 5-level paging: without
 * a trampoline CPUs come with 4.  They do not support memory encryption: not for SEV guests.
 *
 * Spin-table with return: the MMU is turned off in the trampoline's page, so
 * baton_prepare() comes first, with one (BATON_E_NOT_PREPARED).  Without one libbaton's own
 * code must be mapped at its physical address.  @pages is not used, and may be NULL.
 *
 * Errors: BATON_E_NO_PAGE, BATON_E_OVERLAP (the reset vector's page is where the
 * kernel has the leaving code), BATON_E_STATE (the page tables are there already),
 * BATON_E_NOT_PREPARED (also: no method has been found).
 *
 * baton_exit_release() frees the page tables; no CPU may be LEAVING.
 */
int baton_exit_build(struct baton_machine *machine, const struct baton_pages *pages);
void baton_exit_release(struct baton_machine *machine);

/*
 * Give the calling CPU back: does not return, unless it fails.  The CPU's state becomes
 * LEAVING.  Interrupts are turned off.  NMIs should not come: there is a window in which
 * they are fatal (docs/contract.md, section 5).
 *
 * Mailbox: calls machine->quiet, disables the local APIC, stops tracing and counting,
 * leaves SVM, and ends what KVM or Hyper-V write for this CPU alone (docs/contract.md,
 * section 5; not in a TDX guest).  Then, on the page tables of baton_exit_build(), it jumps to the
 * reset vector.
 *
 * INIT/SIPI: halts, for good, in libbaton's text.
 *
 * PSCI, spin-table with return: calls machine->quiet, masks DAIF.  Then it calls CPU_OFF,
 * or, with the MMU off, branches to cpu-return-addr.  Before the call the kernel must have
 * turned off the CPU's timers and taken it out of its interrupt controller.  If the firmware
 * refuses CPU_OFF, the CPU halts, LEAVING, and is never proven to have left.
 *
 * The call proves nothing: the CPU has left when baton_kill() returns 0.
 *
 * Errors: BATON_E_NO_RETURN, BATON_E_NOT_PREPARED, BATON_E_STATE.  Interrupts are
 * as they were.
 */
int baton_die(struct baton_machine *machine);

/*
 * Prove that @cpu, which is LEAVING, has left.  Until then the kernel must not touch its
 * stack, its page tables, the text.  After it @cpu is OFFLINE.
 *
 * Mailbox: TEST, at most @timeout_us (0: BATON_KILL_US) for the answer; then TEST is
 * withdrawn.  BATON_E_NOT_RETURNED: the CPU is LEAVING as before, and this may be called
 * again.
 *
 * INIT/SIPI: INIT, after which the CPU executes nothing.
 *
 * PSCI: waits until AFFINITY_INFO returns OFF.  Spin-table: waits until the held word is 1
 * and the release word 0.  Both wait at most @timeout_us, with the same error.
 *
 * Errors: BATON_E_NOT_RETURNED, BATON_E_STATE, BATON_E_BUSY, BATON_E_LIVE,
 * BATON_E_NO_RETURN.
 */
int baton_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us);
#define BATON_KILL_US 1000000u

/*
 * Have all other CPUs leave, before another kernel is started.  Each that is ONLINE is
 * interrupted (machine->stop, or an NMI, machine->nmi).  They have @timeout_us (0:
 * BATON_STOP_US) in all to leave.  Then baton_kill() proves that each that is LEAVING has
 * left, with at most a second in all for those that do not answer.
 * Takes no part in any hotplug machinery.  The kernel must not boot CPUs at the same time.
 *
 * Returns how many CPUs are not proven to have left: those that are not OFFLINE.
 * Unless it is 0 the memory under this kernel must not be reused.
 *
 * Errors: BATON_E_NO_RETURN, BATON_E_NOT_PREPARED: some CPU that is not OFFLINE can't
 * leave; BATON_E_BUSY: another CPU is in here; BATON_E_STATE: the calling CPU is not
 * one of cpu[]; BATON_E_NOT_SUPPORTED: CPUs can't be interrupted (arm64: neither
 * machine->stop nor machine->nmi).
 */
int baton_stop_all(struct baton_machine *machine, uint64_t timeout_us);
#define BATON_STOP_US 1000000u

/*
 * In a crash: have all other CPUs that are ONLINE leave, by NMI or machine->nmi, wherever
 * they are.  Waits until they have been counted, @timeout_us (0: BATON_CRASH_US) at most.
 * Takes no lock, and does not use the mailbox.  CPUs that answered are
 * BATON_CRASH_ANSWERED in cpu->crash, and LEAVING; their registers are in
 * cpu->registers.  Call it with interrupts off, or within an NMI or an exception.
 *
 * Returns how many of the CPUs that were sent an NMI never answered, and are
 * BATON_CRASH_ASKED.  An answer is not a proof: the next kernel must not use the
 * memory of this one, or must TEST them first.
 *
 * Errors: BATON_E_CRASHING: another CPU is in here, or this one has been: the
 * caller should halt; BATON_E_NOT_SUPPORTED: arm64 without machine->nmi.
 */
int baton_crash_stop(struct baton_machine *machine, uint64_t timeout_us);
#define BATON_CRASH_US 1000000u

/*
 * Call it first in the kernel's handler of the NMI, or of the interrupt that machine->nmi
 * sends.  Returns false if the NMI is not libbaton's.  Otherwise it does not return: it saves
 * @registers (NULL: the control registers alone), is counted, and leaves as in baton_die(),
 * without a lock.  It halts where there is no way back.  A CPU that holds a lock may end in
 * here: no CPU can take that lock afterwards.
 */
bool baton_nmi(struct baton_machine *machine, const struct baton_registers *registers);

/*
 * Keep the next kernel from using the CPUs: sets the mailbox address in the MADT to 0, and
 * corrects the checksum.  For a kernel that is about to start another one while it can't
 * return its CPUs (version 0, no reset vector).  This kernel goes on using the mailbox: it
 * has its own copy of the address.
 *
 * With a device tree the kernel itself passes the tree on, perhaps a copy.  It gives those
 * CPUs status "fail" there.  A plain spin-table's CPUs must not be released again: they are
 * where the kernel has left them.
 *
 * Errors: BATON_E_NOT_SUPPORTED (no mailbox), BATON_E_MAP, BATON_E_MADT (it was
 * overwritten).
 */
int baton_invalidate_for_next_kernel(struct baton_machine *machine);

#if defined(__x86_64__)
/*
 * For baton_port_cpu_id(): the APIC ID of the CPU that this runs on, all 32 bits, as
 * docs/contract.md, section 1, has it: by the local APIC's ID register, or by CPUID; in a TDX
 * guest by the host's CPUID, without a #VE.  Reads @machine->apic, which baton_find_acpi()
 * sets before it asks for the ID.  On any CPU, in any state of interrupts.
 */
uint32_t baton_apic_id(const struct baton_machine *machine);
#endif

#if defined(__aarch64__)
/* For baton_port_cpu_id(): the affinity fields of MPIDR_EL1. */
uint64_t baton_mpidr(void);

/* For baton_port_flush(): clean and invalidate to the point of coherency, then DSB SY. */
void baton_flush(const volatile void *pointer, size_t length);
#endif

#endif /* __ASSEMBLER__ */
#endif /* BATON_CPUS_H */
