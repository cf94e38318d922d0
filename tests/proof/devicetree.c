/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The readers of a device tree: include/baton/devicetree.h.  libfdt answers whatever its header
 * allows, for any tree: nodes in any number, properties with any bytes.
 *
 * Sources: lib/devicetree.c
 * Proof: string --unwind 9
 * Proof: failed
 * Later: Proof reg --unwind 5
 * Later: Proof memory --unwind 8
 * Proof: is_cpu --unwind 8
 * Later: Proof read_cpu --unwind 12
 * Later: Proof word --unwind 9
 * Later: Proof table --unwind 5
 * Quick: failed
 * Mutant: string lib/devicetree.c s/return i == length - 1/return true/
 * Mutant: string lib/devicetree.c s/got \&\& i < length \&\&/got \&\&/
 * Mutant: failed lib/devicetree.c s/length >= 5 \&\& //
 * Later: Mutant reg lib/devicetree.c s/bytes >= (a + s) \* 4/bytes > 0/
 * Later: Mutant reg lib/devicetree.c s/length <= size - (address - start)/length + address - start <= size/
 * Later: Mutant reg lib/devicetree.c s/address - start <= size \&\&//
 * Mutant: is_cpu lib/devicetree.c s/(!name\[3\] || name\[3\] == '@')/1/
 * Later: Mutant read_cpu lib/devicetree.c s/!reg || length != cells \* 4/!reg/
 * Later: Mutant read_cpu lib/devicetree.c s/if (length != 4 \&\& length != 8)/if (0)/
 * Later: Mutant read_cpu lib/devicetree.c s/return \*address % alignment == 0/return true/
 * Later: Mutant read_cpu lib/devicetree.c s/cpu->mpidr \& ~MPIDR_AFFINITY/0/
 * Later: Mutant word lib/devicetree.c s/other == node ||/0 ||/
 * Later: Mutant word lib/devicetree.c s/way_back |= has_way_back(fdt, other);//
 * Later: Mutant table lib/devicetree.c s/offset < size \&\& //
 * Later: Mutant table lib/devicetree.c s/length != (a + s) \* 4/0/
 */
/* clang-format on */
#include "proof.h"
#include <baton/devicetree.h>
#include <libfdt.h>

#define NODES 3
#define REG_MAX 24 /* bytes of a property, beyond which each is refused or read in the same way */

/* A tree of three CPUs, or three of anything else: their offsets are 4, 8 and 12. */
static const char tree;
static int cells_a, cells_s, length_of_reg = -1;
static const uint8_t *reg;
static unsigned nodes;
static struct {
	uint8_t release[8]; /* big-endian */
	bool has_release, has_return, has_held;
} cpu[NODES + 1];
static bool cpus_only, type_given;

/* libfdt.h: the bytes and their number, or NULL and an error.  Nothing is behind the bytes. */
static const uint8_t *any_property(int *length, uint8_t *bytes, int max)
{
	int n = any_int();

	ASSUME_LIBRARY(n >= -20);
	ASSUME_BOUND(n <= max);
	if (length)
		*length = n;
	__CPROVER_havoc_object(bytes);
	return n < 0 ? NULL : bytes + (max - n);
}

const void *fdt_getprop(const void *fdt, int node, const char *name, int *length)
{
	static uint8_t reg_bytes[REG_MAX], other_bytes[9];
	unsigned i = (unsigned)node / 4;

	(void)fdt;
	if (name[0] == 'r') { /* reg; no other begins so */
		reg = any_property(length, reg_bytes, REG_MAX);
		length_of_reg = length ? *length : -1;
		return reg;
	}
	if (cpus_only && name[0] == 'c') {
		bool has = name[4] == 'h'   ? cpu[i].has_held
			   : name[6] == 'l' ? cpu[i].has_release
					    : cpu[i].has_return;

		if (length)
			*length = has ? 8 : -FDT_ERR_NOTFOUND;
		return has ? cpu[i].release : NULL;
	}
	if (name[0] == 'd') { /* device_type */
		type_given = any();
		*length = type_given ? 4 : -FDT_ERR_NOTFOUND;
		return type_given ? "cpu" : NULL;
	}
	return any_property(length, other_bytes, 9);
}

int fdt_parent_offset(const void *fdt, int node)
{
	(void)fdt, (void)node;
	return any() ? 0 : -4;
}

int fdt_address_cells(const void *fdt, int node)
{
	(void)fdt, (void)node;
	return cells_a = any_int();
}

int fdt_size_cells(const void *fdt, int node)
{
	(void)fdt, (void)node;
	return cells_s = any_int();
}

static int next_of(int node)
{
	ASSUME_LIBRARY(node >= 0);
	return nodes < NODES && (cpus_only || any()) ? 4 * (int)++nodes : -1;
}

int fdt_first_subnode(const void *fdt, int node)
{
	(void)fdt;
	nodes = 0;
	return next_of(node);
}

int fdt_next_subnode(const void *fdt, int node)
{
	(void)fdt;
	return next_of(node);
}

int fdt_path_offset(const void *fdt, const char *path)
{
	(void)fdt, (void)path;
	return cpus_only || any() ? 1 : -1;
}

int fdt_node_offset_by_compatible(const void *fdt, int node, const char *compatible)
{
	(void)fdt, (void)node, (void)compatible;
	return nodes < NODES && any() ? 4 * (int)++nodes : -1;
}

/* A name, and what is behind it in the structure block: names are padded to 4 bytes. */
static const char *name_given;
const char *fdt_get_name(const void *fdt, int node, int *length)
{
	(void)fdt, (void)node, (void)length;
	if (cpus_only)
		return "cpu";
	return name_given = any() ? any_bytes(4) : NULL;
}

static uint64_t number(const uint8_t *at, int cells)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = i < 4 * cells ? value << 8 | at[i] : value;
	return value;
}

void proof_string(void)
{
	static const char *const strings[] = {"okay", "ok", ""};
	int length = any_int();
	unsigned which = any32();
	bool same = true;

	ASSUME_BOUND(which < 3);
	if (devicetree_is_string(&tree, 4, "reg", strings[which]))
		for (int i = 0; i < 5; i++) {
			same &= !same || (i < length_of_reg && reg[i] == strings[which][i]);
			if (!strings[which][i]) {
				PROVE("all of it, and no more", same && length_of_reg == i + 1);
				return;
			}
		}
	(void)length;
}

void proof_failed(void)
{
	devicetree_has_failed(&tree, 4);
}

void proof_reg(void)
{
	uint64_t address = any64(), length = any64();
	bool has = devicetree_reg_has(&tree, 4, address, length), expected = false;
	int words = cells_a + cells_s;

	if (!has)
		return;
	PROVE("sane cells", cells_a >= 1 && cells_a <= 2 && cells_s >= 1 && cells_s <= 2);
	for (int at = 0; at + 4 * words <= length_of_reg; at += 4 * words) {
		uint64_t start = number(reg + at, cells_a);
		uint64_t size = number(reg + at + 4 * cells_a, cells_s);
		unsigned __int128 end = (unsigned __int128)start + size;

		expected |= length ? start <= address && (unsigned __int128)address + length <= end
				   : size > 0;
	}
	PROVE("one range of it has all", expected);
}

void proof_memory(void)
{
	devicetree_memory_has(&tree, any64(), any64());
}

void proof_is_cpu(void)
{
	bool is_cpu = devicetree_is_cpu(&tree, 4), named;

	if (!name_given)
		return;
	named = name_given[0] == 'c' && name_given[1] == 'p' && name_given[2] == 'u' &&
		(name_given[3] == '@' || !name_given[3]);
	PROVE("by its name, or its device_type", is_cpu == (named || type_given));
}

void proof_read_cpu(void)
{
	struct devicetree_cpu got;

	if (devicetree_read_cpu(&tree, 4, &got))
		return;
	PROVE("its reg, of one or two cells", length_of_reg == 4 * cells_a &&
						      (cells_a == 1 || cells_a == 2) &&
						      got.mpidr == number(reg, cells_a));
	PROVE("affinity fields alone", !(got.mpidr & ~0xff00ffffffull));
	PROVE("aligned", got.release % 8 == 0 && got.return_address % 4 == 0 && got.held % 8 == 0);
}

void proof_word(void)
{
	unsigned self = any32();
	bool shared = false, way_back;
	enum devicetree_word word;

	ASSUME_BOUND(self >= 1 && self <= NODES);
	cpus_only = true;
	for (unsigned i = 1; i <= NODES; i++) {
		cpu[i].has_release = any();
		cpu[i].has_return = any();
		cpu[i].has_held = any();
		for (int k = 0; k < 8; k++)
			cpu[i].release[k] = any8();
		ASSUME_CASE(cpu[i].release[7] % 8 == 0);
	}
	word = devicetree_word(&tree, 4 * (int)self);
	way_back = cpu[self].has_return || cpu[self].has_held;
	for (unsigned i = 1; i <= NODES; i++)
		if (i != self && cpu[i].has_release && cpu[self].has_release &&
		    number(cpu[self].release, 2) &&
		    number(cpu[self].release, 2) == number(cpu[i].release, 2)) {
			shared = true;
			way_back |= cpu[i].has_return || cpu[i].has_held;
		}
	PROVE("shared by another, and with a way back or not",
	      word == (!shared	  ? DEVICETREE_WORD_OWN
		       : way_back ? DEVICETREE_WORD_WRONG
				  : DEVICETREE_WORD_SHARED));
}

void proof_table(void)
{
	uint64_t table = devicetree_table(&tree);

	if (!table)
		return;
	PROVE("inside of the area that the node names",
	      length_of_reg == 4 * (cells_a + cells_s) && table >= number(reg, cells_a) &&
		      table - number(reg, cells_a) < number(reg + 4 * cells_a, cells_s));
}
