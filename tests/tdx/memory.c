/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "memory.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "td.h"

#define LEGACY 0xa0000ull /* VGA, option ROMs, BIOS: on the machine itself no RAM */
#define LEGACY_END 0x100000ull
#define FIRMWARE_MAX 0x1000000ull
#define FIRMWARE_BASE (ROM_END - FIRMWARE_MAX)
#define RAM_PAGES (TD_RAM_END / MEMORY_PAGE)
#define FIRMWARE_PAGES (FIRMWARE_MAX / MEMORY_PAGE)
#define LARGE_PAGES 512 /* of 4 KiB in 2 MiB */

/* SVM walks them as a user; accessed and dirty bits are set so that it writes nothing. */
#define ENTRY 0x67ull
#define ENTRY_ADDRESS 0x000ffffffffff000ull
#define ENTRY_PRESENT 1
#define ENTRY_LARGE 0x80

typedef uint64_t table[512] __attribute__((aligned(4096)));

/* The shared bit is the top one of 40: entry 1 of the root. */
static table root, private_gib, shared_gib;
static table private_directories[2], firmware_directory, shared_directories[2];
static uint64_t private_pages[RAM_PAGES] __attribute__((aligned(4096)));
static uint64_t shared_pages[RAM_PAGES] __attribute__((aligned(4096)));
static uint64_t firmware_pages[FIRMWARE_PAGES] __attribute__((aligned(4096)));

static uint8_t legacy[LEGACY_END - LEGACY] __attribute__((aligned(4096)));
static uint8_t firmware[FIRMWARE_MAX] __attribute__((aligned(4096)));

/* Of each page: its state, and whether it may be other than zero. */
#define USED 0x80
static uint8_t states[RAM_PAGES + FIRMWARE_PAGES];
static unsigned lock;

static void take_lock(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		cpu_relax();
}

static void release_lock(void)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

/* The index into states[], or -1. */
static int64_t page_index(uint64_t gpa)
{
	if (gpa < TD_RAM_END)
		return gpa / MEMORY_PAGE;
	if (gpa >= FIRMWARE_BASE && gpa < ROM_END)
		return RAM_PAGES + (gpa - FIRMWARE_BASE) / MEMORY_PAGE;
	return -1;
}

static uint8_t *host_address(uint64_t gpa)
{
	if (gpa >= LEGACY && gpa < LEGACY_END)
		return legacy + (gpa - LEGACY);
	if (gpa < TD_RAM_END)
		return (uint8_t *)gpa;
	return firmware + (gpa - FIRMWARE_BASE);
}

/* The page has @state from now on; other CPUs may use an older one until they exit. */
static void set_state(uint64_t gpa, enum memory_state state)
{
	int64_t index = page_index(gpa);
	uint64_t entry = (uintptr_t)host_address(gpa) | ENTRY;

	states[index] = state | USED;
	if (index >= (int64_t)RAM_PAGES) {
		firmware_pages[index - RAM_PAGES] = state == MEMORY_ACCEPTED ? entry : 0;
		return;
	}
	private_pages[index] = state == MEMORY_ACCEPTED ? entry : 0;
	shared_pages[index] = state == MEMORY_SHARED ? entry : 0;
}

static void link_tables(uint64_t *upper, const uint64_t *lower, size_t count)
{
	for (size_t i = 0; i < count; i++)
		upper[i] = (uintptr_t)(lower + 512 * i) | ENTRY;
}

void memory_start(void)
{
	root[0] = (uintptr_t)private_gib | ENTRY;
	root[TD_SHARED >> 39] = (uintptr_t)shared_gib | ENTRY;
	link_tables(private_gib, private_directories[0], 2);
	link_tables(private_gib + 3, firmware_directory, 1);
	link_tables(shared_gib, shared_directories[0], 2);
	link_tables(private_directories[0], private_pages, RAM_PAGES / 512);
	link_tables(shared_directories[0], shared_pages, RAM_PAGES / 512);
	link_tables(firmware_directory + 512 - FIRMWARE_PAGES / 512, firmware_pages,
		    FIRMWARE_PAGES / 512);
	memset(states, MEMORY_PENDING, RAM_PAGES);
}

uint64_t memory_nested_root(void)
{
	return (uintptr_t)root;
}

void *memory_add(uint64_t gpa, uint64_t size)
{
	if (!size || (gpa | size) % MEMORY_PAGE || page_index(gpa) < 0 ||
	    page_index(gpa + size - 1) - page_index(gpa) != (int64_t)(size / MEMORY_PAGE - 1))
		return NULL;
	if (gpa < LEGACY_END && gpa + size > LEGACY)
		return NULL;
	for (uint64_t at = gpa; at < gpa + size; at += MEMORY_PAGE)
		set_state(at, MEMORY_ACCEPTED);
	memset(host_address(gpa), 0, size);
	return host_address(gpa);
}

enum memory_state memory_state(uint64_t gpa)
{
	int64_t index = page_index(gpa);

	return index < 0 ? MEMORY_NONE : (enum memory_state)(states[index] & ~USED);
}

void *memory_host(uint64_t gpa)
{
	enum memory_state state = memory_state(gpa & ~TD_SHARED);

	if (state != (gpa & TD_SHARED ? MEMORY_SHARED : MEMORY_ACCEPTED))
		return NULL;
	return host_address(gpa & ~TD_SHARED);
}

static void accept_page(uint64_t gpa)
{
	if (states[page_index(gpa)] & USED)
		memset(host_address(gpa), 0, MEMORY_PAGE);
	set_state(gpa, MEMORY_ACCEPTED);
}

static enum memory_accept accept_locked(uint64_t gpa, uint64_t pages)
{
	uint64_t pending = 0, accepted = 0;

	for (uint64_t i = 0; i < pages; i++) {
		pending += memory_state(gpa + i * MEMORY_PAGE) == MEMORY_PENDING;
		accepted += memory_state(gpa + i * MEMORY_PAGE) == MEMORY_ACCEPTED;
	}
	if (accepted == pages)
		return MEMORY_ACCEPT_ALREADY;
	if (pending != pages)
		return pending || accepted ? MEMORY_ACCEPT_SIZE : MEMORY_ACCEPT_NONE;
	for (uint64_t i = 0; i < pages; i++)
		accept_page(gpa + i * MEMORY_PAGE);
	return MEMORY_ACCEPT_DONE;
}

enum memory_accept memory_accept(uint64_t gpa, unsigned level)
{
	enum memory_accept result;

	take_lock();
	result = accept_locked(gpa, level ? LARGE_PAGES : 1);
	release_lock();
	return result;
}

bool memory_map(uint64_t gpa, uint64_t size, bool shared)
{
	if ((gpa | size) % MEMORY_PAGE || gpa >= TD_SHARED || size > TD_SHARED - gpa)
		return false;
	if (gpa < ROM_END && gpa + size > FIRMWARE_BASE)
		return false;
	if (gpa >= TD_RAM_END)
		return true; /* devices: there is nothing to do */
	take_lock();
	for (uint64_t at = gpa; at < gpa + size && at < TD_RAM_END; at += MEMORY_PAGE) {
		if ((memory_state(at) == MEMORY_SHARED) == shared)
			continue;
		if (shared && states[page_index(at)] & USED)
			memset(host_address(at), 0, MEMORY_PAGE);
		set_state(at, shared ? MEMORY_SHARED : MEMORY_PENDING);
	}
	release_lock();
	return true;
}

bool memory_walk(const struct vcpu *vcpu, uint64_t linear, uint64_t *gpa)
{
	const struct svm_vmcb *vmcb = vcpu->vmcb;
	uint64_t entry = vmcb->cr3;

	if (!(vmcb->cr0 & CR0_PG)) {
		*gpa = linear & 0xffffffff;
		return true;
	}
	if (!(vmcb->efer & EFER_LMA))
		return false;
	for (int shift = vmcb->cr4 & CR4_LA57 ? 48 : 39; shift >= 12; shift -= 9) {
		const uint64_t *entries = memory_host(entry & ENTRY_ADDRESS);
		uint64_t offset = (1ull << shift) - 1;

		if (!entries)
			return false;
		entry = entries[linear >> shift & 511];
		if (!(entry & ENTRY_PRESENT))
			return false;
		if (shift == 12 || (shift <= 30 && entry & ENTRY_LARGE)) {
			*gpa = (entry & ENTRY_ADDRESS & ~offset) | (linear & offset);
			return true;
		}
	}
	return false;
}

size_t memory_fetch(const struct vcpu *vcpu, uint8_t *code, size_t max)
{
	uint64_t at = vcpu->vmcb->cs.base + vcpu->vmcb->rip;
	size_t count = 0;

	while (count < max) {
		uint64_t gpa;
		const uint8_t *from;

		if (!memory_walk(vcpu, at + count, &gpa))
			break;
		from = memory_host(gpa);
		if (!from)
			break;
		do
			code[count++] = *from++;
		while (count < max && (at + count) % MEMORY_PAGE);
	}
	return count;
}
