/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "bootparams.h"
#include <baton/string.h>

/* UEFI 2.10, section 7.2.3, memory descriptor. */
struct efi_descriptor {
	uint32_t type;
	uint32_t pad;
	uint64_t start;
	uint64_t virtual_start;
	uint64_t pages;
	uint64_t attributes;
};

#define EFI_CONVENTIONAL 7
#define EFI_PAGE 4096

/* The data of SETUP_INDIRECT, which stands for data elsewhere. */
struct setup_indirect {
	uint32_t type;
	uint32_t reserved;
	uint64_t length;
	uint64_t address;
} __attribute__((packed));

/* bootparams_each(); without @listed the pieces may be where the map tells of no memory. */
static bool follow(const struct e820 *map, bootparams_at at, bool listed,
		   bool (*visit)(struct setup_data *data, uint64_t address, void *context),
		   void *context)
{
	uint64_t address = map->params->hdr.setup_data, length;

	for (unsigned i = 0; address; i++) {
		struct setup_data *data;

		length = sizeof(*data);
		if (i == BOOTPARAMS_CHAIN_MAX || (listed && !e820_holds(map, address, length)))
			return false;
		data = at(address, length);
		length += data ? data->length : 0;
		if (!data || (listed && !e820_holds(map, address, length)) ||
		    !at(address, length) || !visit(data, address, context))
			return false;
		address = data->next;
	}
	return true;
}

bool bootparams_each(const struct e820 *map, bootparams_at at,
		     bool (*visit)(struct setup_data *data, uint64_t address, void *context),
		     void *context)
{
	return follow(map, at, true, visit, context);
}

static bool extend(struct setup_data *data, uint64_t address, void *context)
{
	(void)address;
	return data->type != SETUP_E820_EXT ||
	       e820_add(context, (struct boot_e820_entry *)(data + 1),
			data->length / sizeof(struct boot_e820_entry));
}

static bool pass(struct setup_data *data, uint64_t address, void *context)
{
	(void)data;
	(void)address;
	(void)context;
	return true;
}

bool bootparams_extend(struct e820 *map, bootparams_at at)
{
	bool full = map->n == E820_PARAMS_MAX;

	return follow(map, at, !full, extend, map) &&
	       (!full || bootparams_each(map, at, pass, NULL));
}

bool bootparams_add_range(struct ranges *list, uint64_t start, uint64_t length)
{
	uint64_t end = start + length;

	if (!length)
		return true;
	if (list->n == list->max)
		return false;
	list->range[list->n++] = (struct range){start, end < start ? UINT64_MAX : end};
	return true;
}

static bool use(struct setup_data *data, uint64_t address, void *context)
{
	const struct setup_indirect *indirect = (const void *)(data + 1);
	struct ranges *used = context;

	if (data->type == SETUP_INDIRECT && data->length >= sizeof(*indirect) &&
	    !bootparams_add_range(used, indirect->address, indirect->length))
		return false;
	return bootparams_add_range(used, address, sizeof(*data) + (uint64_t)data->length);
}

/*
 * Where there is an EFI memory map, Linux may decompress itself to any free memory that
 * it lists, whatever the other map says (arch/x86/boot/compressed/kaslr.c).
 */
static bool use_efi_free(struct ranges *used, const struct e820 *map, bootparams_at at)
{
	const struct boot_params *p = map->params;
	uint64_t efi_map = (uint64_t)p->efi_memmap_hi << 32 | p->efi_memmap;
	uint32_t size = p->efi_memdesc_size;
	struct efi_descriptor d;

	if (!efi_map || !p->efi_memmap_size)
		return true;
	if (size < sizeof(d) || !e820_holds(map, efi_map, p->efi_memmap_size))
		return false;
	for (uint64_t i = 0; i + size <= p->efi_memmap_size; i += size) {
		memcpy(&d, (const uint8_t *)at(efi_map, p->efi_memmap_size) + i, sizeof(d));
		if (d.type == EFI_CONVENTIONAL && d.pages < UINT64_MAX / EFI_PAGE &&
		    !bootparams_add_range(used, d.start, d.pages * EFI_PAGE))
			return false;
	}
	return bootparams_add_range(used, efi_map, p->efi_memmap_size);
}

bool bootparams_used(struct ranges *used, const struct e820 *map, uint64_t params_address,
		     bootparams_at at)
{
	const struct boot_params *p = map->params;
	uint64_t initrd = (uint64_t)p->ext_ramdisk_image << 32 | p->hdr.ramdisk_image;
	uint64_t initrd_size = (uint64_t)p->ext_ramdisk_size << 32 | p->hdr.ramdisk_size;

	return bootparams_add_range(used, params_address, sizeof(*p)) &&
	       bootparams_add_range(used, bootparams_command_line(p),
				    (uint64_t)p->hdr.cmdline_size + 1) &&
	       bootparams_add_range(used, initrd, initrd_size) && use_efi_free(used, map, at) &&
	       bootparams_each(map, at, use, used);
}
