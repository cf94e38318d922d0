/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The TD's memory: which pages are private and accepted, pending, or shared, and the nested
 * page tables that make it so.  TDX module base specification, "Physical memory management" and
 * "TD private memory management".
 *
 * The TD's RAM is the machine's, at the same address, but for two parts that are ROM and
 * devices there: 0xa0000 to 0xfffff, and the firmware below 4 GiB.  Those lie in the
 * simulator's memory.
 */
#ifndef TESTS_TDX_MEMORY_H
#define TESTS_TDX_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vcpu;

#define MEMORY_PAGE 4096ull

enum memory_state {
	MEMORY_NONE,	 /* no memory of the TD: devices, or nothing */
	MEMORY_PENDING,	 /* private, not yet accepted */
	MEMORY_ACCEPTED, /* private */
	MEMORY_SHARED,
};

/* All RAM is pending; below 4 GiB nothing is there before memory_add(). */
void memory_start(void);

/* Physical address of the nested page tables. */
uint64_t memory_nested_root(void);

/*
 * What TDH.MEM.PAGE.ADD does before the TD runs: whole pages, accepted.  Returns where the host
 * can write them, NULL if they are not all RAM or firmware.  They are contiguous there.
 */
void *memory_add(uint64_t gpa, uint64_t size);

/* The state of the page of @gpa, which has no shared bit. */
enum memory_state memory_state(uint64_t gpa);

/* Where the host reads @gpa, with or without its shared bit; NULL if that is not the TD's. */
void *memory_host(uint64_t gpa);

enum memory_accept {
	MEMORY_ACCEPT_DONE,
	MEMORY_ACCEPT_ALREADY,
	MEMORY_ACCEPT_SIZE, /* 2 MiB, of which some pages are accepted or shared */
	MEMORY_ACCEPT_NONE, /* there is no private page to accept */
};

/* Accept the page of 4 KiB (@level 0) or 2 MiB (1) at @gpa: it is zero then. */
enum memory_accept memory_accept(uint64_t gpa, unsigned level);

/*
 * MapGPA: make pages shared, or private and pending.  The host gives them other memory, so
 * what was in them is lost.  Of addresses without RAM nothing changes.  False, with nothing
 * done, for addresses that the TD does not have, and for its firmware.
 */
bool memory_map(uint64_t gpa, uint64_t size, bool shared);

/*
 * Walk the TD's page tables: the guest-physical address of @linear, shared bit included.
 * Returns false if it is not mapped, or if the TD's paging is neither off nor of 64-bit mode.
 */
bool memory_walk(const struct vcpu *vcpu, uint64_t linear, uint64_t *gpa);

/* Read up to @max bytes of code at the CPU's RIP; returns how many could be read. */
size_t memory_fetch(const struct vcpu *vcpu, uint8_t *code, size_t max);

#endif /* TESTS_TDX_MEMORY_H */
