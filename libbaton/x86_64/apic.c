/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The local APIC of the CPU that this runs on.  In a TDX guest (a TD) it is in x2APIC mode, and
 * what libbaton needs of it is the host's, by TDVMCALL: this may run within an NMI, where no
 * #VE must come.  IA32_APIC_BASE is the host's there, too: a page that it names would be
 * written to, so it is not asked for.
 */
#include "x86.h"
#include <baton/x86_64/cpu.h>
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"

#define MSR_OF(offset) (MSR_X2APIC + (offset) / 16)

int arch_find(struct baton_machine *machine)
{
	struct apic apic;

	machine->apic = NULL;
	if (guest_is_tdx())
		return 0;
	apic = apic_find(UINT64_MAX);
	if (!apic.usable || apic.x2apic)
		return 0;
	machine->apic =
		baton_port_map((uint64_t)(uintptr_t)apic.mmio, X86_APIC_SIZE, BATON_MEMORY_DEVICE);
	return machine->apic ? 0 : BATON_E_MAP;
}

/* In the mode that the kernel has put it into. */
static struct apic local_apic(struct baton_machine *machine)
{
	struct apic apic = apic_find(UINT64_MAX);

	apic.mmio = machine->apic;
	if (!apic.x2apic && !apic.mmio)
		apic.usable = 0;
	return apic;
}

void x86_send(struct baton_machine *machine, uint64_t apic_id, uint32_t command)
{
	struct apic apic;

	if (guest_is_tdx()) {
		/* The receiver sees what was stored before, as apic_send() has it. */
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		tdx_wrmsr(MSR_OF(APIC_ICR_LOW), apic_id << 32 | command);
		return;
	}
	apic = local_apic(machine);
	apic_send(&apic, (uint32_t)apic_id, command);
}

void x86_apic_off(struct baton_machine *machine)
{
	struct apic apic;
	uint64_t svr;

	if (guest_is_tdx()) {
		if (tdx_rdmsr(MSR_OF(APIC_SVR), &svr))
			tdx_wrmsr(MSR_OF(APIC_SVR), svr & ~(uint64_t)APIC_SVR_ENABLE);
		return;
	}
	apic = local_apic(machine);
	if (apic.usable)
		apic_write(&apic, APIC_SVR, apic_read(&apic, APIC_SVR) & ~APIC_SVR_ENABLE);
}
