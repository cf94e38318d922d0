/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * What the loader says in boot_params: stage/x86_64/bzimage/bootparams.h.  Memory is what
 * the map confirms, piece by piece: any address, any bytes.
 *
 * Sources: stage/x86_64/bzimage/bootparams.c
 * Proof: each --unwind 5
 * Proof: circle --unwind 66
 * Later: Proof extend --unwind 4
 * Later: Proof used --unwind 4
 * Proof: range
 * Quick: range circle
 * Mutant: circle stage/x86_64/bzimage/bootparams.c s/i == BOOTPARAMS_CHAIN_MAX ||/i > BOOTPARAMS_CHAIN_MAX ||/
 * Mutant: each stage/x86_64/bzimage/bootparams.c s/length += data ? data->length : 0;//
 * Mutant: each stage/x86_64/bzimage/bootparams.c s/(listed \&\& !e820_holds(map, address, length)) ||/0 ||/
 * Mutant: each stage/x86_64/bzimage/bootparams.c s/!at(address, length) || //
 * Later: Mutant extend stage/x86_64/bzimage/bootparams.c s/data->type != SETUP_E820_EXT ||/0 ||/
 * Later: Mutant extend stage/x86_64/bzimage/bootparams.c s/(!full || bootparams_each(map, at, pass, NULL))/1/
 * Later: Mutant used stage/x86_64/bzimage/bootparams.c s/data->length >= sizeof(\*indirect)/1/
 * Later: Mutant used stage/x86_64/bzimage/bootparams.c s/size < sizeof(d) || //
 * Later: Mutant used stage/x86_64/bzimage/bootparams.c s/i + size <= p->efi_memmap_size/i < p->efi_memmap_size/
 * Mutant: range stage/x86_64/bzimage/bootparams.c s/if (list->n == list->max)/if (0)/
 * Mutant: range stage/x86_64/bzimage/bootparams.c s/end < start ? UINT64_MAX : end/end/
 */
/* clang-format on */
#include "proof.h"
#include "stage/x86_64/bzimage/bootparams.h"

#define CHAIN_MAX 64
#define PIECE_MAX 64 /* bytes of a piece, and of an EFI memory map, that are looked at */

/* How long the chain is, for the proofs that look at every byte of it. */
static unsigned bound;

static struct boot_params params;
static struct e820 map;
static uint64_t held_at, held_length; /* what the map has confirmed last */
static uint64_t piece_at, piece_length;
static struct {
	struct setup_data header;
	uint8_t data[PIECE_MAX];
} memory;
static struct setup_data *const piece = &memory.header;
static unsigned pieces, looks, visits;
static bool unlisted, final_walk, refused;

/* e820.c: proved by e820.c here. */
bool e820_holds(const struct e820 *m, uint64_t address, uint64_t length)
{
	PROVE("the map", m == &map);
	held_at = address;
	held_length = length;
	return any();
}

/* The bytes there: the same at the second look.  Some of them cannot be reached. */
static void *any_at(uint64_t address, uint64_t length)
{
	PROVE("the map has confirmed all of it",
	      unlisted || (held_at == address && held_length >= length));
	if (any())
		return NULL;
	ASSUME_BOUND(++looks <= 2 * bound);
	if (!pieces || piece_at != address) {
		__CPROVER_havoc_object(&memory);
		piece_at = address;
		pieces++;
	}
	piece_length = length;
	return piece;
}

static bool any_visit(struct setup_data *data, uint64_t address, void *context)
{
	PROVE("the whole piece was confirmed",
	      data == piece && address == piece_at && piece_length == 16ull + data->length);
	PROVE("context", context == &visits);
	visits++;
	return !(refused = any());
}

void proof_each(void)
{
	bool done;

	bound = 3;
	map.params = &params;
	params.hdr.setup_data = any64();
	done = bootparams_each(&map, any_at, any_visit, &visits);
	PROVE("to the end, or not good",
	      !done || (!visits ? !params.hdr.setup_data : !refused && !piece->next));
}

static void *same_at(uint64_t address, uint64_t length)
{
	(void)length;
	piece->next = address;
	return piece;
}

static bool next_visit(struct setup_data *data, uint64_t address, void *context)
{
	(void)data, (void)address, (void)context;
	visits++;
	return true;
}

void proof_circle(void)
{
	map.params = &params;
	params.hdr.setup_data = 4096;
	PROVE("a circle is not good", !bootparams_each(&map, same_at, next_visit, &visits));
	PROVE("64 pieces at most", visits <= CHAIN_MAX);
}

bool e820_add(struct e820 *m, struct boot_e820_entry *entries, unsigned n)
{
	PROVE("entries of a piece that says so, inside of it",
	      m == &map && piece->type == 1 && (uint8_t *)entries == (uint8_t *)(piece + 1) &&
		      n * sizeof(*entries) <= piece->length && !final_walk);
	return any();
}

void proof_extend(void)
{
	bound = 3;
	map.params = &params;
	map.n = any32();
	unlisted = map.n == E820_PARAMS_MAX;
	params.hdr.setup_data = any64();
	ASSUME_BOUND(map.n <= E820_MAX);
	if (bootparams_extend(&map, any_at))
		PROVE("what was followed is memory, by what the map is in the end",
		      !params.hdr.setup_data || held_at == piece_at);
}

void proof_range(void)
{
	struct range range[3];
	struct ranges list = {range, any32(), any32()};
	uint64_t start = any64(), length = any64();
	unsigned n = list.n;
	bool good;

	ASSUME_BOUND(list.max <= 3);
	ASSUME_CONTRACT("bootparams.h: room for max", n <= list.max);
	good = bootparams_add_range(&list, start, length);
	if (!length)
		PROVE("an empty range is not listed", good && list.n == n);
	else if (n == list.max)
		PROVE("no room", !good && list.n == n);
	else
		PROVE("listed; one that wraps around is cut off",
		      good && list.n == n + 1 && range[n].start == start &&
			      range[n].end ==
				      (start + length < start ? UINT64_MAX : start + length));
}

/* One piece of the chain, and an EFI memory map of at most two descriptors. */
void proof_used(void)
{
	struct range range[8];
	struct ranges used = {range, 0, 8};
	uint64_t address = any64(), efi_map, initrd, initrd_size;
	bool listed = false;

	bound = 1;
	map.params = &params;
	params.hdr.setup_data = any64();
	params.hdr.ramdisk_image = any32();
	params.hdr.ramdisk_size = any32();
	params.ext_ramdisk_image = any32();
	params.ext_ramdisk_size = any32();
	params.hdr.cmdline_size = any32();
	params.hdr.cmd_line_ptr = any32();
	params.ext_cmd_line_ptr = any32();
	params.efi_memmap = any32();
	params.efi_memmap_hi = any32();
	params.efi_memmap_size = any32();
	params.efi_memdesc_size = any32();
	ASSUME_BOUND(params.efi_memmap_size <= 16 + PIECE_MAX);
	if (!bootparams_used(&used, &map, address, any_at))
		return;
	initrd = (uint64_t)params.ext_ramdisk_image << 32 | params.hdr.ramdisk_image;
	initrd_size = (uint64_t)params.ext_ramdisk_size << 32 | params.hdr.ramdisk_size;
	efi_map = (uint64_t)params.efi_memmap_hi << 32 | params.efi_memmap;
	PROVE("boot_params", range[0].start == address);
	for (unsigned i = 0; i < 8; i++)
		listed |= i < used.n && range[i].start == initrd &&
			  (range[i].end == initrd + initrd_size || range[i].end == UINT64_MAX);
	PROVE("the initrd", listed || !initrd_size);
	listed = false;
	for (unsigned i = 0; i < 8; i++)
		listed |= i < used.n && range[i].start == efi_map;
	PROVE("the EFI memory map", listed || !efi_map || !params.efi_memmap_size);
}
