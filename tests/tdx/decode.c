/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Intel SDM volume 2, chapter "Instruction format". */
#include "decode.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "memory.h"
#include "vcpu.h"

#define INSTRUCTION_MAX 15
#define RSP 4
#define RBP 5
#define RSI 6
#define RDI 7

struct instruction {
	uint8_t code[INSTRUCTION_MAX + 16]; /* zeros behind it */
	unsigned at;
	uint8_t rex;
	uint64_t segment; /* base of FS or GS, if there is such a prefix */
	unsigned address_bits;
	unsigned immediate; /* bytes behind ModRM, for addresses relative to RIP */
	bool operand16;
};

static void prefixes(struct instruction *i)
{
	for (;; i->at++) {
		switch (i->code[i->at]) {
		case 0x64:
			i->segment = rdmsr(MSR_FS_BASE); /* they are the TD's even now */
			continue;
		case 0x65:
			i->segment = rdmsr(MSR_GS_BASE);
			continue;
		case 0x66:
			i->operand16 = true;
			continue;
		case 0x67:
			i->address_bits = 32;
			continue;
		case 0x26:
		case 0x2e:
		case 0x36:
		case 0x3e:
		case 0xf0:
		case 0xf2:
		case 0xf3:
			continue;
		default:
			break;
		}
		break;
	}
	if ((i->code[i->at] & 0xf0) == 0x40)
		i->rex = i->code[i->at++];
}

static int64_t displacement(const uint8_t *from, unsigned size)
{
	int32_t value = 0;

	if (size == 1)
		return (int8_t)*from;
	memcpy(&value, from, size);
	return value;
}

/* By ModRM and SIB, with segment, truncated to the address size. */
static uint64_t by_modrm(struct vcpu *vcpu, struct instruction *i)
{
	uint8_t modrm = i->code[i->at++];
	unsigned mod = modrm >> 6, rm = modrm & 7;
	unsigned size = mod == 1 ? 1 : mod == 2 ? 4 : 0;
	uint64_t address = 0;
	bool relative = false;

	if (rm == RSP) {
		uint8_t sib = i->code[i->at++];
		unsigned index = (sib >> 3 & 7) | (i->rex & 2) << 2;

		if (index != RSP)
			address = *vcpu_register(vcpu, index) << (sib >> 6);
		if ((sib & 7) == RBP && !mod)
			size = 4;
		else
			address += *vcpu_register(vcpu, (sib & 7) | (i->rex & 1) << 3);
	} else if (rm == RBP && !mod) {
		relative = true;
		size = 4;
	} else {
		address = *vcpu_register(vcpu, rm | (i->rex & 1) << 3);
	}
	address += displacement(i->code + i->at, size);
	i->at += size;
	if (relative)
		address += vcpu->vmcb->rip + i->at + i->immediate;
	if (i->address_bits == 32)
		address = (uint32_t)address;
	return address + i->segment;
}

/* Bytes behind ModRM that matter for addresses relative to RIP. */
static unsigned immediate_of(const struct instruction *i, uint8_t opcode, uint8_t modrm)
{
	unsigned full = i->operand16 ? 2 : 4;

	switch (opcode) {
	case 0x80:
	case 0x83:
	case 0xc0:
	case 0xc1:
	case 0xc6:
	case 0x6b:
		return 1;
	case 0x69:
	case 0x81:
	case 0xc7:
		return full;
	case 0xf6:
		return modrm & 0x30 ? 0 : 1; /* TEST has one */
	case 0xf7:
		return modrm & 0x30 ? 0 : full;
	default:
		return 0;
	}
}

static bool leads_to(const struct vcpu *vcpu, uint64_t linear, uint64_t gpa)
{
	uint64_t there;

	return memory_walk(vcpu, linear, &there) && (there ^ gpa) < MEMORY_PAGE;
}

static uint64_t by_opcode(struct vcpu *vcpu, struct instruction *i, uint64_t gpa)
{
	uint8_t opcode = i->code[i->at++];
	uint64_t address;

	switch (opcode) {
	case 0xa0:
	case 0xa1:
	case 0xa2:
	case 0xa3:
		memcpy(&address, i->code + i->at, sizeof(address));
		return address + i->segment;
	case 0xa4:
	case 0xa5:
	case 0xac:
	case 0xad:
		address = *vcpu_register(vcpu, RSI) + i->segment;
		if (leads_to(vcpu, address, gpa))
			return address;
		return *vcpu_register(vcpu, RDI);
	case 0xaa:
	case 0xab:
		return *vcpu_register(vcpu, RDI);
	case 0x0f:
		opcode = i->code[i->at++];
		if (opcode == 0x38 || opcode == 0x3a)
			i->at++;
		return by_modrm(vcpu, i);
	default:
		i->immediate = immediate_of(i, opcode, i->code[i->at]);
		return by_modrm(vcpu, i);
	}
}

uint64_t decode_linear(struct vcpu *vcpu, uint64_t gpa)
{
	struct instruction i = {.address_bits = 64};
	uint64_t linear;

	memory_fetch(vcpu, i.code, INSTRUCTION_MAX);
	prefixes(&i);
	if (i.at >= INSTRUCTION_MAX)
		return 0;
	linear = by_opcode(vcpu, &i, gpa);
	return leads_to(vcpu, linear, gpa) ? linear : 0;
}
