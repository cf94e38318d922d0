/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mmio.h"
#include "decode.h"
#include "memory.h"
#include "options.h"
#include "td.h"
#include "ve.h"

/* Qualification of an EPT violation: Intel SDM volume 3, "Exit qualification". */
#define READ 0x1
#define WRITE 0x2
#define FETCH 0x4
#define GLA_VALID 0x80
#define GLA_OF_ACCESS 0x100

#define EVENT_VALID 0x80000000u

/* What TCG has nothing at reads as 0; a TPM that is not there must read as ones. */
#define TPM 0xfed40000ull
#define TPM_END 0xfed45000ull

static const char *const state_names[] = {
	[MEMORY_NONE] = "not memory",
	[MEMORY_PENDING] = "not accepted",
	[MEMORY_ACCEPTED] = "private",
	[MEMORY_SHARED] = "shared",
};

static uint64_t qualification(uint64_t fault, uint64_t gla)
{
	uint64_t access = fault & SVM_NPF_FETCH ? FETCH : fault & SVM_NPF_WRITE ? WRITE : READ;

	return access | (gla ? GLA_VALID | GLA_OF_ACCESS : 0);
}

void mmio_exit(struct vcpu *vcpu)
{
	uint64_t fault = vcpu->vmcb->exit_info1, gpa = vcpu->vmcb->exit_info2;
	bool shared = gpa & TD_SHARED;
	enum memory_state state = memory_state(gpa & ~TD_SHARED);
	uint64_t gla;

	if (state == (shared ? MEMORY_SHARED : MEMORY_ACCEPTED))
		return; /* another CPU has made it so meanwhile */
	if (!shared && state == MEMORY_PENDING && !(td.controls & TD_CTLS_PENDING_VE_DISABLE)) {
		gla = decode_linear(vcpu, gpa);
		ve_inject_memory(vcpu, qualification(fault, gla), gla, gpa);
		return;
	}
	if (!shared || state != MEMORY_NONE)
		vcpu_die(vcpu, "it used %llx as %s, which is %s", (unsigned long long)gpa,
			 shared ? "shared" : "private", state_names[state]);
	if (vcpu->vmcb->exit_interrupt_info & EVENT_VALID || fault & SVM_NPF_TABLE)
		vcpu_die(vcpu, "a stack, a table or code is at %llx, which is no memory",
			 (unsigned long long)gpa);
	gla = decode_linear(vcpu, gpa);
	if (!gla)
		console_print("tdx: CPU %u: no linear address for %llx at %llx\n", vcpu->index,
			      (unsigned long long)gpa, (unsigned long long)vcpu->vmcb->rip);
	ve_inject_memory(vcpu, qualification(fault, gla), gla, gpa);
}

/* Not the TD's memory, and not the simulator's. */
static bool is_device(uint64_t gpa, unsigned size)
{
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return false;
	if (gpa >= ROM_END && gpa < MEMORY_END)
		return false;
	return memory_state(gpa) == MEMORY_NONE || (gpa >= 0xa0000 && gpa < 0xc0000);
}

static bool is_tpm(uint64_t gpa)
{
	return gpa >= TPM && gpa < TPM_END;
}

bool mmio_host_read(uint64_t gpa, unsigned size, uint64_t *value)
{
	gpa &= ~TD_SHARED;
	if (!is_device(gpa, size))
		return false;
	if (is_tpm(gpa))
		*value = ~0ull >> (64 - 8 * size);
	else if (size == 1)
		*value = *(volatile uint8_t *)gpa;
	else if (size == 2)
		*value = *(volatile uint16_t *)gpa;
	else if (size == 4)
		*value = *(volatile uint32_t *)gpa;
	else
		*value = *(volatile uint64_t *)gpa;
	return true;
}

bool mmio_host_write(uint64_t gpa, unsigned size, uint64_t value)
{
	gpa &= ~TD_SHARED;
	if (!is_device(gpa, size))
		return false;
	if (is_tpm(gpa))
		return true;
	if (size == 1)
		*(volatile uint8_t *)gpa = value;
	else if (size == 2)
		*(volatile uint16_t *)gpa = value;
	else if (size == 4)
		*(volatile uint32_t *)gpa = value;
	else
		*(volatile uint64_t *)gpa = value;
	return true;
}
