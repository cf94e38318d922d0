/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "bzimage.h"

#define HEADER_LENGTH 0x201 /* offset of the byte that tells where the header ends */
#define ALIGNMENT_MIN 0x1000u
#define ALIGNMENT_MAX (1u << 30)

static uint32_t setup_size_of(const struct setup_header *header)
{
	return ((header->setup_sects ? header->setup_sects : 4) + 1) * 512u;
}

/* Is it a kernel for x86 at all? */
static const char *recognise(const struct bzimage *image)
{
	if (image->size >= 4 && !memcmp(image->file, "\177ELF", 4))
		return "an ELF file, not a bzImage: give the file that a boot loader takes, which "
		       "Debian calls vmlinuz";
	if (image->size >= BZIMAGE_HEADER + sizeof(image->header) &&
	    image->header.boot_flag == BZIMAGE_BOOT_FLAG && image->header.header == BZIMAGE_MAGIC)
		return NULL;
	if (pe_claimed(image->file, image->size))
		return "a PE image, but not a Linux kernel for x86: a boot loader or an EFI "
		       "program can't be wrapped";
	if (image->size < BZIMAGE_HEADER + sizeof(image->header))
		return "too short to be a kernel";
	return "not a bzImage: there is no boot protocol header: give a kernel of Linux";
}

/* What the wrapper, or the stage, needs of a kernel. */
static const char *check_kind(const struct setup_header *header)
{
	if (header->version < BZIMAGE_VERSION_MIN)
		return "its boot protocol is older than 2.12 (Linux 3.8)";
	if (!(header->loadflags & LOADED_HIGH))
		return "a zImage, which is loaded below 1 MiB: only a bzImage can be wrapped";
	if (!(header->xloadflags & XLF_KERNEL_64))
		return "it has no 64-bit entry: only kernels for x86-64 can be wrapped";
	if (!header->relocatable_kernel)
		return "it is not relocatable (CONFIG_RELOCATABLE): it can't stand behind the "
		       "stage";
	return NULL;
}

static const char *check_fields(const struct bzimage *image)
{
	const struct setup_header *header = &image->header;
	uint32_t alignment = header->kernel_alignment, size = image->protected_size;
	uint32_t end = BZIMAGE_HEADER_END + image->file[HEADER_LENGTH];

	if (end < BZIMAGE_HEADER + offsetof(struct setup_header, kernel_info_offset) ||
	    end > image->setup_size)
		return "impossible header: its length does not go with its version";
	if (alignment < ALIGNMENT_MIN || alignment > ALIGNMENT_MAX || (alignment & (alignment - 1)))
		return "impossible header: kernel_alignment";
	if (header->init_size < size)
		return "impossible header: init_size is less than what is loaded";
	if (header->payload_offset > size || header->payload_length > size - header->payload_offset)
		return "impossible header: the compressed kernel lies outside of what is loaded";
	if ((header->xloadflags & XLF_EFI_HANDOVER_64) &&
	    (size <= BZIMAGE_ENTRY64 || header->handover_offset >= size - BZIMAGE_ENTRY64))
		return "impossible header: handover_offset";
	if (header->version >= 0x020f && header->kernel_info_offset >= size)
		return "impossible header: kernel_info_offset";
	return NULL;
}

static const char *check_pe(struct bzimage *image)
{
	struct pe *pe = &image->pe;
	uint32_t end = image->setup_size + image->protected_size;
	const char *wrong = pe_read(pe, image->file, image->size, image->setup_size, end);

	if (wrong)
		return wrong;
	if (pe->header < BZIMAGE_HEADER_END + image->file[HEADER_LENGTH] &&
	    pe->sections_end > BZIMAGE_HEADER)
		return "impossible header: the PE header overlaps that of the boot protocol";
	if (pe->certificates && pe->certificates < end)
		return "impossible header: the signature lies inside of the kernel";
	return NULL;
}

const char *bzimage_read(struct bzimage *image, const uint8_t *file, size_t size)
{
	const char *wrong;

	*image = (struct bzimage){.file = file, .size = size};
	if (size >= BZIMAGE_HEADER + sizeof(image->header))
		memcpy(&image->header, file + BZIMAGE_HEADER, sizeof(image->header));
	wrong = recognise(image);
	if (!wrong)
		wrong = check_kind(&image->header);
	if (wrong)
		return wrong;
	image->setup_size = setup_size_of(&image->header);
	if (image->setup_size >= size || image->header.syssize > (size - image->setup_size) / 16)
		return "truncated: the header promises more than there is";
	image->protected_size = image->header.syssize * 16;
	if (image->protected_size <= BZIMAGE_ENTRY64)
		return "impossible header: syssize";
	wrong = check_fields(image);
	if (wrong)
		return wrong;
	if (bzimage_is_wrapped(file, size))
		return "it is wrapped already: use it as it is";
	image->has_pe = pe_claimed(file, size);
	return image->has_pe ? check_pe(image) : NULL;
}
