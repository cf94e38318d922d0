/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The simulator's own test: a firmware that runs what the table speaks of, in the TD, and
 * compares.  It prints TAP on COM1, and ends QEMU by its device isa-debug-exit.
 */
#include "selftest.h"
#include <stdbool.h>
#include <stdint.h>
#include "lib/format.h"
#include "tests/tdx/table.h"

#define COM1 0x3f8
#define DEBUG_EXIT 0xf4

#define UD 6
#define DF 8
#define GP 13
#define PF 14
#define VE 20
#define NOTHING 0

#define CODE64 0x08
#define INTERRUPT_GATE 0x8e00

#define FREE_PAGE 0x10000000ull
#define PENDING_PAGE 0x20000000ull
#define SHARED (1ull << 39)
#define IO_APIC 0xfec00000ull
/* Where the page tables map addresses from 0 and from 3 GiB with the shared bit. */
#define SHARED_WINDOW 0x80000000ull
#define DEVICE_WINDOW (0x100000000ull - 0xc0000000ull)

/* A field of the TD's metadata, and its bits. */
#define TD_CTLS 0x1110000300000017ull
#define PENDING_VE_DISABLE 1
#define ENUM_TOPOLOGY 2

unsigned selftest_caught;
uint64_t selftest_resume;

struct call {
	uint64_t rax, rcx, rdx, r8, r9, r10, r11, r12, r13, r14, r15;
};

static struct call call(struct call c)
{
	register uint64_t r8 __asm__("r8");
	register uint64_t r9 __asm__("r9");
	register uint64_t r10 __asm__("r10");
	register uint64_t r11 __asm__("r11");
	register uint64_t r12 __asm__("r12");
	register uint64_t r13 __asm__("r13");
	register uint64_t r14 __asm__("r14");
	register uint64_t r15 __asm__("r15");

	r8 = c.r8;
	r9 = c.r9;
	r10 = c.r10;
	r11 = c.r11;
	r12 = c.r12;
	r13 = c.r13;
	r14 = c.r14;
	r15 = c.r15;
	__asm__ volatile(".byte 0x66, 0x0f, 0x01, 0xcc"
			 : "+a"(c.rax), "+c"(c.rcx), "+d"(c.rdx), "+r"(r8), "+r"(r9), "+r"(r10),
			   "+r"(r11), "+r"(r12), "+r"(r13), "+r"(r14), "+r"(r15)
			 :
			 : "memory");
	return (struct call){c.rax, c.rcx, c.rdx, r8, r9, r10, r11, r12, r13, r14, r15};
}

static struct call vmcall(uint64_t function, uint64_t r12, uint64_t r13, uint64_t r14, uint64_t r15)
{
	return call((struct call){
		.rcx = 0xfc00, .r11 = function, .r12 = r12, .r13 = r13, .r14 = r14, .r15 = r15});
}

static void out(uint16_t port, uint8_t value)
{
	vmcall(REASON_IO, 1, 1, port, value);
}

static unsigned count, failures;

static void check(const char *what, bool is_right)
{
	char line[128];

	format_to(line, sizeof(line), "%s %u - %s (exception %u)\n", is_right ? "ok" : "not ok",
		  ++count, what, selftest_caught);
	failures += !is_right;
	for (const char *c = line; *c; c++)
		out(COM1, *c);
}

/* Run an instruction; which exception it raises. */
#define RAISES(instruction, ...)                                                                   \
	({                                                                                         \
		selftest_caught = NOTHING;                                                         \
		__asm__ volatile("lea 1f(%%rip), %%r11\n\tmov %%r11, "                             \
				 "selftest_resume(%%rip)\n\t" instruction "\n1:"                   \
				 : /* nothing */                                                   \
				 : __VA_ARGS__                                                     \
				 : "rax", "rbx", "rcx", "rdx", "r11", "memory");                   \
		*(volatile unsigned *)&selftest_caught;                                            \
	})

static struct call ve_info(void)
{
	return call((struct call){.rax = 3});
}

static bool is_ve(unsigned caught, uint64_t reason, uint64_t length)
{
	struct call info = ve_info();

	return caught == VE && !info.rax && info.rcx == reason && (uint32_t)info.r10 == length;
}

static void instructions(void)
{
	check("HLT: #VE", is_ve(RAISES("hlt"), REASON_HLT, 1));
	check("IN: #VE", is_ve(RAISES("mov $0x3f8, %%edx; in %%dx, %%al"), REASON_IO, 1));
	check("OUT: #VE", is_ve(RAISES("out %%al, $0x80"), REASON_IO, 2));
	check("MONITOR: #VE", is_ve(RAISES("xor %%ecx, %%ecx; mov %%rsp, %%rax; xor %%edx, %%edx; "
					   "monitor"),
				    REASON_MONITOR, 3));
	check("MWAIT: #VE",
	      is_ve(RAISES("xor %%ecx, %%ecx; xor %%eax, %%eax; mwait"), REASON_MWAIT, 3));
	check("INVD: #VE", is_ve(RAISES("invd"), REASON_INVD, 2));
	check("WBINVD: #VE", is_ve(RAISES("wbinvd"), REASON_WBINVD, 2));
	check("VMCALL: #VE", is_ve(RAISES(".byte 0x0f, 0x01, 0xc1"), REASON_VMCALL, 3));
	check("VMMCALL: #UD", RAISES("vmmcall") == UD);
	check("VMRUN: #UD", RAISES("xor %%eax, %%eax; vmrun %%rax") == UD);
	check("UD2: #UD", RAISES("ud2") == UD);
	check("PAUSE, RDTSC: native", RAISES("pause; rdtsc") == NOTHING);
	check("no information is left", ve_info().rax == 0xc000070400000000);
}

static unsigned wanted(enum table_action action)
{
	return action == TABLE_GP ? GP : action == TABLE_VE || action == TABLE_TOPOLOGY ? VE : 0;
}

/* Every CPUID leaf and every MSR that the table has, and one on each side; reads only. */
static void table(void)
{
	bool good = true;

	for (uint32_t leaf = 0; leaf <= 0x24; leaf++)
		if (RAISES("mov %0, %%eax; xor %%ecx, %%ecx; cpuid", "g"(leaf)) !=
		    wanted(table_cpuid(leaf)))
			good = false;
		else
			ve_info();
	check("CPUID leaves do what the table says", good);
	good = true;
	for (uint32_t i = 0; i < table_msr_count; i++)
		for (uint32_t msr = table_msrs[i].first - 1; msr <= table_msrs[i].last + 1; msr++) {
			if (RAISES("mov %0, %%ecx; rdmsr", "g"(msr)) !=
			    wanted(table_access(msr, false)))
				good = false;
			ve_info();
		}
	check("RDMSR does what the table says", good);
}

static void msrs(void)
{
	check("WRMSR to EFER, nothing changes: native",
	      RAISES("mov $0xc0000080, %%ecx; rdmsr; wrmsr") == NOTHING);
	check("WRMSR to EFER, SCE changes: native",
	      RAISES("mov $0xc0000080, %%ecx; rdmsr; xor $1, %%eax; wrmsr") == NOTHING);
	check("WRMSR to EFER, NXE changes: #VE",
	      is_ve(RAISES("mov $0xc0000080, %%ecx; rdmsr; xor $0x800, %%eax; wrmsr"), REASON_WRMSR,
		    2));
	check("WRMSR to IA32_APIC_BASE: #VE",
	      is_ve(RAISES("mov $0x1b, %%ecx; xor %%eax, %%eax; xor %%edx, %%edx; wrmsr"),
		    REASON_WRMSR, 2));
}

static void control_registers(void)
{
	check("CR4.MCE cleared: #VE",
	      is_ve(RAISES("mov %%cr4, %%rax; and $~0x40, %%eax; mov %%rax, %%cr4"), REASON_CR, 3));
	check("CR0.CD set: #VE",
	      is_ve(RAISES("mov %%cr0, %%rax; bts $30, %%rax; mov %%rax, %%cr0"), REASON_CR, 3));
	check("CR0.NE cleared: #GP",
	      RAISES("mov %%cr0, %%rax; and $~0x20, %%rax; mov %%rax, %%cr0") == GP);
	check("CR0.WP set: native",
	      RAISES("mov %%cr0, %%rax; bts $16, %%rax; mov %%rax, %%cr0") == NOTHING);
	check("CLTS: native", RAISES("clts") == NOTHING);
}

static void memory(void)
{
	volatile uint64_t *private = (uint64_t *)FREE_PAGE;
	volatile uint64_t *shared = (uint64_t *)(SHARED_WINDOW + FREE_PAGE);
	struct call info;

	check("a page is accepted", !call((struct call){.rax = 6, .rcx = FREE_PAGE}).rax);
	check("and not twice", call((struct call){.rax = 6, .rcx = FREE_PAGE}).rax >> 32 == 0xb0a);
	check("2 MiB of which one page is accepted: wrong size",
	      call((struct call){.rax = 6, .rcx = FREE_PAGE | 1}).rax >> 32 == 0xc0000b0b);
	*private = 1;
	check("MapGPA: shared", !vmcall(0x10001, FREE_PAGE | SHARED, 4096, 0, 0).r10);
	check("which loses what was there", *shared == 0);
	*shared = 2;
	check("MapGPA: private", !vmcall(0x10001, FREE_PAGE, 4096, 0, 0).r10);
	check("accepted again", !call((struct call){.rax = 6, .rcx = FREE_PAGE}).rax);
	check("and zero", *private == 0);
	check("a device's address, shared: #VE",
	      RAISES("mov %0, %%rdx; mov 0x10(%%rdx), %%eax", "r"(DEVICE_WINDOW + IO_APIC)) == VE);
	info = ve_info();
	check("with its guest-physical address",
	      info.rcx == REASON_EPT_VIOLATION && info.r9 == (IO_APIC | SHARED) + 0x10);
	check("and the linear one", info.r8 == DEVICE_WINDOW + IO_APIC + 0x10);
}

static struct call set_controls(uint64_t value, uint64_t mask)
{
	return call((struct call){.rax = 8, .rdx = TD_CTLS, .r8 = value, .r9 = mask});
}

static void td_controls(void)
{
	struct call old, info;

	check("CPUID 0xb: #VE",
	      is_ve(RAISES("mov $0xb, %%eax; xor %%ecx, %%ecx; cpuid"), REASON_CPUID, 2));
	old = set_controls(ENUM_TOPOLOGY, ENUM_TOPOLOGY);
	check("TD_CTLS was PENDING_VE_DISABLE", !old.rax && old.r8 == PENDING_VE_DISABLE);
	check("with ENUM_TOPOLOGY, CPUID 0xb: native",
	      RAISES("mov $0xb, %%eax; xor %%ecx, %%ecx; cpuid") == NOTHING);
	check("it is read", call((struct call){.rax = 7, .rdx = TD_CTLS}).r8 ==
				    (PENDING_VE_DISABLE | ENUM_TOPOLOGY));
	set_controls(0, PENDING_VE_DISABLE);
	check("without PENDING_VE_DISABLE, a pending page: #VE",
	      RAISES("mov %0, %%rdx; mov (%%rdx), %%eax", "r"(PENDING_PAGE)) == VE);
	info = ve_info();
	check("with its address", info.rcx == REASON_EPT_VIOLATION && info.r9 == PENDING_PAGE &&
					  info.r8 == PENDING_PAGE);
	set_controls(PENDING_VE_DISABLE, PENDING_VE_DISABLE);
}

static void double_fault(void)
{
	check("#VE", RAISES("hlt") == VE);
	check("another one, its information unread: #DF", RAISES("hlt") == DF);
	check("the first one's is still there", ve_info().rcx == REASON_HLT);
}

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t type;
	uint16_t offset_middle;
	uint64_t offset_high;
};

static struct gate gates[VE + 1];

static void set_gate(unsigned vector, const char *handler)
{
	uint64_t to = (uintptr_t)handler;

	gates[vector] =
		(struct gate){to & 0xffff, CODE64, INTERRUPT_GATE, to >> 16 & 0xffff, to >> 32};
}

static void load_idt(void)
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) idtr = {sizeof(gates) - 1, (uintptr_t)gates};

	set_gate(UD, selftest_entry_exception_6);
	set_gate(DF, selftest_entry_exception_8);
	set_gate(GP, selftest_entry_exception_13);
	set_gate(PF, selftest_entry_exception_14);
	set_gate(VE, selftest_entry_exception_20);
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

void selftest_main(void)
{
	load_idt();
	instructions();
	table();
	msrs();
	control_registers();
	memory();
	td_controls();
	double_fault();
	check("all is as it should be", !failures);
	out(DEBUG_EXIT, failures != 0);
	for (;;)
		;
}
