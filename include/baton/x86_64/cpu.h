/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Instructions that C can't express, and the local APIC.  Shared by all parties. */
#ifndef BATON_X86_64_CPU_H
#define BATON_X86_64_CPU_H

#include <stdbool.h>
#include <stdint.h>
#include <baton/x86_64/registers.h>

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

/*
 * Whether this processor needs 10 ms after INIT: only those with a discrete or
 * early local APIC do (Intel MultiProcessor Specification 1.4, B.4).  Linux draws
 * the line at about the same place.
 */
static inline bool cpu_needs_init_delay(void)
{
	struct cpuid vendor = cpuid(0, 0);
	uint32_t signature = cpuid(1, 0).eax;
	uint32_t family = signature >> 8 & 0xf;

	if (family == 0xf)
		family += signature >> 20 & 0xff;
	if (vendor.ebx == 0x756e6547) /* "Genu"ineIntel */
		return family != 6 && family < 18;
	if (vendor.ebx == 0x68747541) /* "Auth"enticAMD */
		return family < 0xf;
	if (vendor.ebx == 0x6f677948) /* "Hygo"nGenuine */
		return family < 0x18;
	return true;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint32_t in32(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

/* In a loop that waits for another CPU. */
static inline void cpu_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/*
 * Registers of the local APIC, by their offset in its page: Intel SDM volume 3,
 * "Local APIC register address map".
 */
#define APIC_VERSION 0x030
#define APIC_TPR 0x080
#define APIC_EOI 0x0b0
#define APIC_SVR 0x0f0
#define APIC_ISR 0x100 /* 8 registers */
#define APIC_LVT_CMCI 0x2f0
#define APIC_ICR_LOW 0x300
#define APIC_ICR_HIGH 0x310
#define APIC_LVT_TIMER 0x320
#define APIC_LVT_THERMAL 0x330
#define APIC_LVT_PERF 0x340
#define APIC_LVT_LINT0 0x350
#define APIC_LVT_LINT1 0x360
#define APIC_LVT_ERROR 0x370
#define APIC_TIMER_INITIAL 0x380
#define APIC_TIMER_CURRENT 0x390
#define APIC_TIMER_DIVIDE 0x3e0

#define APIC_SVR_ENABLE 0x100
#define APIC_SVR_VECTOR 0xff
#define APIC_LVT_MASKED 0x10000

/* This CPU's local APIC, and the way to reach it by IA32_APIC_BASE. */
struct apic {
	volatile uint8_t *mmio; /* in xAPIC mode */
	uint32_t x2apic;
	uint32_t usable; /* 0: it is disabled, or its page is not below map_end */
};

static inline struct apic apic_find(uint64_t map_end)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);
	uint64_t page = base & APIC_BASE_PAGE;
	bool x2apic = base & APIC_BASE_X2APIC;

	return (struct apic){
		.mmio = (volatile uint8_t *)page,
		.x2apic = x2apic,
		.usable = (base & APIC_BASE_ENABLE) && (x2apic || page < map_end),
	};
}

static inline uint32_t apic_read(const struct apic *apic, uint32_t offset)
{
	if (apic->x2apic)
		return (uint32_t)rdmsr(MSR_X2APIC + offset / 16);
	return *(volatile uint32_t *)(apic->mmio + offset);
}

static inline void apic_write(const struct apic *apic, uint32_t offset, uint32_t value)
{
	if (apic->x2apic)
		wrmsr(MSR_X2APIC + offset / 16, value);
	else
		*(volatile uint32_t *)(apic->mmio + offset) = value;
}

/* Intel SDM volume 3, "Interrupt command register". */
#define ICR_FIXED 0x4000
#define ICR_NMI 0x4400
#define ICR_INIT 0x4500
#define ICR_STARTUP 0x4600
#define ICR_PENDING 0x1000

#define XAPIC_ID_MAX 0xfe

/* Send an interprocessor interrupt, @command, to @apic_id, if this APIC can reach it. */
static inline void apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command)
{
	if (!apic->usable || (!apic->x2apic && apic_id > XAPIC_ID_MAX))
		return;
	if (apic->x2apic) {
		/* WRMSR to an x2APIC register is not serializing: earlier stores must be seen. */
		__asm__ volatile("mfence; lfence" ::: "memory");
		wrmsr(MSR_X2APIC + APIC_ICR_LOW / 16, (uint64_t)apic_id << 32 | command);
		return;
	}
	apic_write(apic, APIC_ICR_HIGH, apic_id << 24);
	apic_write(apic, APIC_ICR_LOW, command);
	for (int polls = 0; polls < 1000 && (apic_read(apic, APIC_ICR_LOW) & ICR_PENDING); polls++)
		cpu_relax();
}

#endif /* BATON_X86_64_CPU_H */
