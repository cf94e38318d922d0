/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "machine.h"
#include <baton/port.h>
#include <baton/table.h>
#include <baton/x86_64/cpu.h>
#include "lib/conf.h"
#include "lib/x86_64/cpulist.h"
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"
#include "stage/say.h"
#include "image.h"

static struct acpi_cpu cpus[BATON_X86_64_CPUS_MAX];

/*
 * In an SEV guest the resident's page tables, which know nothing of memory encryption,
 * would have a CPU read its code as noise.  In a TDX guest memory is private by default.
 */
bool machine_is_served(void)
{
	if (guest_is_sev())
		say("this is an SEV guest: its encrypted memory is not supported");
	return !guest_is_sev();
}

const uint8_t *machine_resident(void)
{
	return guest_is_tdx() ? image_resident_tdx : image_resident;
}

struct apic machine_apic(uint64_t map_end)
{
	if (guest_is_tdx())
		return (struct apic){.x2apic = true, .usable = true};
	return apic_find(map_end);
}

/*
 * The first level of the processor's topology, the threads of a core: CPUID leaf
 * 0x1f or 0xb (Intel SDM volume 2); all 0 without them.  EAX is the number of the
 * low bits of an APIC ID that tell the threads apart.
 */
static struct cpuid topology(void)
{
	uint32_t max_leaf = cpuid(0, 0).eax;

	if (max_leaf >= 0x1f && cpuid(0x1f, 0).ebx)
		return cpuid(0x1f, 0);
	if (max_leaf >= 0xb && cpuid(0xb, 0).ebx)
		return cpuid(0xb, 0);
	return (struct cpuid){0};
}

bool machine_is_bsp(void)
{
	return guest_is_tdx() || (rdmsr(MSR_APIC_BASE) & APIC_BASE_BSP);
}

/*
 * Whether there is an MWAIT that a store wakes: on Intel family 6 models 0x5c and
 * 0xbd a store may fail to (Linux keeps the same list, as X86_BUG_MONITOR).
 */
static bool has_mwait(void)
{
	struct cpuid features = cpuid(1, 0);
	uint32_t model = (features.eax >> 4 & 0xf) | (features.eax >> 12 & 0xf0);
	bool intel_6 = cpuid(0, 0).ebx == 0x756e6547 && (features.eax >> 8 & 0xf) == 6;

	return (features.ecx >> 3 & 1) && !(intel_6 && (model == 0x5c || model == 0xbd));
}

/* The way to sleep for @wait of the configuration.  CPUs find out by using MWAIT whether it does.
 */
static uint32_t choose_wait(uint32_t wait)
{
	bool tdx = guest_is_tdx();

	if (tdx && wait == BATON_WAIT_MWAIT)
		say("there is no MWAIT in a TDX guest: held CPUs sleep by HLT");
	if (wait != CONF_WAIT_AUTO && wait != BATON_WAIT_MWAIT)
		return wait;
	return !tdx && has_mwait() ? BATON_WAIT_MWAIT : BATON_WAIT_HLT;
}

bool machine_plan(struct area_plan *plan, const struct acpi_madt *madt, uint64_t memory_end,
		  uint32_t wait)
{
	bool boot_cpu_listed = false;

	plan->ncpus = acpi_madt_cpus(madt, cpus, BATON_X86_64_CPUS_MAX);
	if (!cpulist_fits(plan->ncpus)) {
		say("the MADT lists %llu CPUs: at most %u are supported",
		    (unsigned long long)plan->ncpus, BATON_X86_64_CPUS_MAX);
		return false;
	}
	plan->cpus = cpus;
	plan->boot_apic_id = (uint32_t)baton_port_cpu_id();
	plan->boot_vcpu = guest_is_tdx() ? tdx_vcpu_index() + 1 : 0;
	plan->map_end = memory_end;
	plan->gigabyte_pages = cpuid(0x80000001, 0).edx >> 26 & 1;
	plan->smt_bits = topology().eax & 0x1f;
	plan->wait = choose_wait(wait);
	for (size_t i = 0; i < plan->ncpus; i++) {
		say_detail("CPU with APIC ID %u, ACPI UID %u%s", cpus[i].apic_id, cpus[i].uid,
			   cpus[i].apic_id == plan->boot_apic_id ? ": the boot CPU" : "");
		boot_cpu_listed |= cpus[i].apic_id == plan->boot_apic_id;
	}
	if (!boot_cpu_listed)
		say("the MADT does not list the boot CPU (APIC ID %u) as enabled",
		    plan->boot_apic_id);
	return boot_cpu_listed;
}
