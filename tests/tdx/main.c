/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* From the reset code to the TD, on every CPU. */
#include "main.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "tdapic.h"
#include "console.h"
#include "control.h"
#include "exits.h"
#include "hob.h"
#include "layout.h"
#include "lib/x86_64/clock.h"
#include "lib/x86_64/trampoline.h"
#include "memory.h"
#include "misbehave.h"
#include "options.h"
#include "slice.h"
#include "td.h"
#include "tdvf.h"

/* The size of the firmware, which tdx-rom writes behind the reset vector. */
#define FIRMWARE_SIZE (*(const volatile uint32_t *)(ROM_END - 8))

#define TRAMPOLINE 0x8000u
#define ARRIVAL_US 5000000u
#define INIT_US 10000u

#define FIRST_RIP 0xfffffff0

struct td td;

void td_wait_us(uint64_t us)
{
	uint64_t end = rdtsc() + us * td.tsc_mhz;

	while (rdtsc() < end)
		cpu_relax(); /* or QEMU runs no other CPU for 100 ms */
}

static uint8_t host_saves[CPUS_MAX][4096] __attribute__((aligned(4096)));
static unsigned started; /* the TD may run */

static void stop(const char *why, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void stop(const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	console_alarm(why, arguments);
	va_end(arguments);
	for (;;)
		cpu_relax();
}

/* TDX module base specification, "Initial state of guest GPRs". */
static void start_registers(struct vcpu *vcpu)
{
	vcpu->regs = (struct registers){
		.rbx = TD_GPAW,
		.rcx = td.hob,
		.rdx = cpuid(1, 0).eax,
		.rsi = vcpu->index,
		.r8 = td.hob,
	};
	vcpu->vmcb->rip = FIRST_RIP;
}

static _Noreturn void run(uint32_t index)
{
	struct vcpu *vcpu = &td.vcpus[index];

	vcpu->index = index;
	svm_enable(host_saves[index]);
	svm_prepare(vcpu);
	control_start(vcpu);
	start_registers(vcpu);
	tdapic_start();
	misbehave_start(vcpu);
	slice_start(vcpu);
	for (;;) {
		svm_run(vcpu);
		exits_handle(vcpu);
		misbehave_exit(vcpu);
	}
}

/* What the host does by TDH.MEM.PAGE.ADD. */
static void load_firmware(void)
{
	const uint8_t *image = (const uint8_t *)(uintptr_t)(SIMULATOR_ROM - FIRMWARE_SIZE);
	struct tdvf tdvf;
	const char *error = tdvf_read(image, FIRMWARE_SIZE, &tdvf);
	const struct tdvf_section *hob;

	if (error)
		stop("tdx: the firmware: %s\n", error);
	for (size_t i = 0; i < tdvf.count; i++) {
		const struct tdvf_section *section = &tdvf.sections[i];
		uint8_t *to = memory_add(section->address, section->size);

		if (!to)
			stop("tdx: the firmware wants memory at %llx, where none is\n",
			     (unsigned long long)section->address);
		memcpy(to, image + section->data_offset, section->data_size);
	}
	hob = tdvf_find(&tdvf, TDVF_TD_HOB, 0);
	td.hob = hob->address;
	if (!hob_write(memory_host(hob->address), hob->size, hob->address, &tdvf, TD_RAM_END))
		stop("tdx: the HOB list does not fit\n");
}

static uint64_t page_tables(void)
{
	uint64_t cr3;

	__asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
	return cr3;
}

/* By INIT and SIPI, one after another, through a page that becomes the TD's afterwards. */
static void start_others(void)
{
	const struct apic apic = apic_find(ROM_END);

	trampoline_write((void *)(uintptr_t)TRAMPOLINE, TRAMPOLINE, page_tables(), CR4_PAE,
			 EFER_LME | EFER_NXE, (uintptr_t)entry_other_cpu, 0);
	for (uint32_t id = 1; id < td.cpus; id++) {
		apic_send(&apic, id, ICR_INIT);
		td_wait_us(INIT_US);
		apic_send(&apic, id, ICR_STARTUP | TRAMPOLINE >> 12);
		for (uint64_t end = rdtsc() + (uint64_t)ARRIVAL_US * td.tsc_mhz;
		     __atomic_load_n(&entry_arrived, __ATOMIC_ACQUIRE) < id;)
			if (rdtsc() > end)
				stop("tdx: the CPU with APIC ID %u did not start\n", id);
			else
				cpu_relax();
	}
	memset((void *)(uintptr_t)TRAMPOLINE, 0, TRAMPOLINE_SIZE);
}

_Noreturn void main_boot_cpu(void)
{
	console_start();
	if (!options_read())
		stop("tdx: stopped: an option is wrong\n");
	td.tsc_mhz = clock_tsc_per_us(0);
	td.cpus = options_cpus();
	if (!td.cpus || td.cpus > CPUS_MAX)
		stop("tdx: start QEMU with -smp 1 to -smp %u\n", CPUS_MAX);
	td.controls = TD_CTLS_PENDING_VE_DISABLE; /* as the attribute SEPT_VE_DISABLE wants it */
	if (options.topology)
		td.controls |= TD_CTLS_ENUM_TOPOLOGY;
	start_others();
	memory_start();
	load_firmware();
	console_print("tdx: a TD with %u CPUs, TSC %u MHz\n", td.cpus, td.tsc_mhz);
	__atomic_store_n(&started, 1, __ATOMIC_RELEASE);
	run(0);
}

_Noreturn void main_other_cpu(void)
{
	while (!__atomic_load_n(&started, __ATOMIC_ACQUIRE))
		cpu_relax();
	run(tdapic_id());
}
