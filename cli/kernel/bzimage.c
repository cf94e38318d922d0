/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bzimage.h"
#include "kind.h"

#define HEADER_LENGTH 0x201 /* offset of the byte that gives the end of the header */
#define PAGE 0x1000u
#define SECTOR 512u /* what the sections of a PE image are rounded to */
#define DAMAGED "damaged: what \"baton wrap\" has written into it "
#define ALIGNMENT_MIN 0x1000u
#define ALIGNMENT_MAX (1u << 30)

/* Reading. */

static uint32_t setup_size_of(const struct setup_header *header)
{
	return ((header->setup_sects ? header->setup_sects : 4) + 1) * 512u;
}

/* Is it a kernel for x86 at all? */
static const char *recognise(const struct bzimage *image)
{
	const char *other;

	if (image->size >= 4 && !memcmp(image->file, "\177ELF", 4))
		return "an ELF file, not a bzImage: give the file that a boot loader takes, which "
		       "Debian calls vmlinuz";
	if (image->size >= BZIMAGE_HEADER + sizeof(image->header) &&
	    image->header.boot_flag == BZIMAGE_BOOT_FLAG && image->header.header == BZIMAGE_MAGIC)
		return NULL;
	other = kind_of(image->file, image->size);
	if (other)
		return other;
	if (pe_claimed(image->file, image->size))
		return "a PE image, but not a Linux kernel for x86: a boot loader or an EFI "
		       "program can't be wrapped";
	if (image->size < BZIMAGE_HEADER + sizeof(image->header))
		return "too short to be a kernel";
	return "not a bzImage: there is no boot protocol header: give a kernel of Linux";
}

/* What the wrapper and the stage require of a kernel. */
static const char *check_kind(const struct setup_header *header)
{
	if (header->version < BZIMAGE_VERSION_MIN)
		return "its boot protocol is older than 2.12 (Linux 3.8)";
	if (!(header->loadflags & LOADED_HIGH))
		return "a zImage, which is loaded below 1 MiB: only a bzImage can be wrapped";
	if (!(header->xloadflags & XLF_KERNEL_64))
		return "it has no 64-bit entry: only kernels for x86-64 can be wrapped";
	if (!header->relocatable_kernel)
		return "it is not relocatable (CONFIG_RELOCATABLE): it can't be placed behind "
		       "the stage";
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
	if (wrong)
		return wrong;
	wrong = check_kind(&image->header);
	if (wrong) {
		image->unfit = true;
		return wrong;
	}
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

/* Wrapping: lib/x86_64/wrap.h has the picture. */

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

/* Fills in the blob's struct baton_wrap; false if a header has no room for the result's size. */
static bool fill_in(struct baton_wrap *info, const struct bzimage *image, const uint8_t *blob,
		    const struct wrap_options *options)
{
	uint64_t tail = image->size - image->setup_size - image->protected_size;
	uint64_t saved, stage;

	memcpy(info, blob + WRAP_INFO, sizeof(*info));
	saved = round_up(info->blob_size, 16);
	stage = round_up(saved + image->setup_size + tail, image->header.kernel_alignment);
	if (stage + image->header.init_size > UINT32_MAX)
		return false;
	info->stage_size = (uint32_t)stage;
	info->payload_size = image->protected_size;
	info->saved = (uint32_t)saved;
	info->saved_setup = image->setup_size;
	info->saved_tail = (uint32_t)tail;
	info->crc32 = (uint32_t)crc32(0, image->file, (uInt)image->size);
	info->flags = options->verbose ? WRAP_VERBOSE : 0;
	info->wait = options->wait;
	return true;
}

/* The header that loaders read. */
static void put_header(uint8_t *file, const struct bzimage *image, const struct baton_wrap *info,
		       size_t protected_size)
{
	struct setup_header header = image->header;

	header.syssize = (uint32_t)(protected_size / 16);
	header.payload_offset += info->stage_size;
	header.init_size += info->stage_size;
	/* The stage has no code for 32-bit firmware. */
	header.xloadflags &= (uint16_t)~XLF_EFI_HANDOVER_32;
	if (header.xloadflags & XLF_EFI_HANDOVER_64)
		header.handover_offset = WRAP_HANDOVER - BZIMAGE_ENTRY64;
	if (header.version >= 0x020f)
		header.kernel_info_offset += info->stage_size;
	memcpy(file + BZIMAGE_HEADER, &header, sizeof(header));
}

static const char *put_pe(uint8_t *file, const struct bzimage *image, const struct baton_wrap *info,
			  size_t size)
{
	uint32_t stage = image->setup_size, data = stage + info->text_size;
	uint32_t payload = stage + info->stage_size;
	uint32_t shift = (uint32_t)round_up(stage, PAGE) - stage;
	uint32_t room = image->pe.sections < BZIMAGE_HEADER ? BZIMAGE_HEADER : 0;
	const struct pe_section sections[] = {
		{".text", stage + shift, stage, data - stage, PE_EXECUTE},
		{".data", data + shift, data, payload - data, PE_WRITE},
		{".payload", payload + shift, payload, (uint32_t)size - payload, PE_READ},
	};

	return pe_rewrite(&image->pe, file, size, image->setup_size, room,
			  stage + shift + WRAP_PE_ENTRY, sections,
			  sizeof(sections) / sizeof(sections[0]));
}

const char *bzimage_wrap(const struct bzimage *image, const uint8_t *blob, size_t blob_size,
			 const struct wrap_options *options, uint8_t **wrapped, size_t *size)
{
	const uint8_t *payload = image->file + image->setup_size;
	size_t protected_size;
	struct baton_wrap info;
	const char *wrong = NULL;
	uint8_t *file, *stage;

	if (!fill_in(&info, image, blob, options))
		return "impossible header: with the stage, init_size would exceed 4 GiB";
	protected_size = info.stage_size + round_up(image->protected_size, SECTOR);
	*size = image->setup_size + protected_size;
	file = calloc(1, *size);
	if (!file)
		return "out of memory";
	stage = file + image->setup_size;
	memcpy(file, image->file, image->setup_size);
	memcpy(stage, blob, blob_size);
	memcpy(stage + WRAP_INFO, &info, sizeof(info));
	memcpy(stage + info.saved, image->file, info.saved_setup);
	memcpy(stage + info.saved + info.saved_setup, payload + image->protected_size,
	       info.saved_tail);
	memcpy(stage + info.stage_size, payload, image->protected_size);
	put_header(file, image, &info, protected_size);
	if (image->has_pe)
		wrong = put_pe(file, image, &info, *size);
	if (wrong) {
		free(file);
		return wrong;
	}
	*wrapped = file;
	return NULL;
}

/* Unwrapping. */

/* Where the blob would be, or 0. */
static size_t find_stage(const uint8_t *file, size_t size)
{
	size_t sectors, stage;

	if (size < BZIMAGE_HEADER + sizeof(struct setup_header))
		return 0;
	sectors = file[BZIMAGE_HEADER] ? file[BZIMAGE_HEADER] : 4;
	stage = (sectors + 1) * 512;
	return size > stage && size - stage >= WRAP_ENTRY64 ? stage : 0;
}

bool bzimage_is_wrapped(const uint8_t *file, size_t size)
{
	size_t stage = find_stage(file, size);

	return stage && !memcmp(file + stage + WRAP_INFO, WRAP_MAGIC, strlen(WRAP_MAGIC));
}

/* @room: how many bytes there are from the blob on. */
static const char *check_info(const struct baton_wrap *info, size_t setup, size_t room)
{
	if (info->version != WRAP_VERSION)
		return "wrapped by another version of baton, whose format this one does not know";
	if (info->stage_size > room || info->payload_size > room - info->stage_size)
		return "truncated, or damaged: the kernel in it is not all there";
	if (info->saved_setup != setup || info->saved < info->blob_size ||
	    info->saved > info->stage_size || info->stage_size - info->saved < info->saved_setup ||
	    info->stage_size - info->saved - info->saved_setup < info->saved_tail)
		return DAMAGED "makes no sense";
	return NULL;
}

const char *bzimage_unwrap(const uint8_t *file, size_t file_size, uint8_t **original, size_t *size)
{
	size_t setup = find_stage(file, file_size);
	const uint8_t *stage = file + setup;
	struct baton_wrap info;
	const char *wrong;
	uint8_t *out;

	if (!bzimage_is_wrapped(file, file_size))
		return "not a wrapped kernel, or its stage is damaged";
	memcpy(&info, stage + WRAP_INFO, sizeof(info));
	wrong = check_info(&info, setup, file_size - setup);
	if (wrong)
		return wrong;
	*size = setup + info.payload_size + info.saved_tail;
	out = malloc(*size);
	if (!out)
		return "out of memory";
	memcpy(out, stage + info.saved, setup);
	memcpy(out + setup, stage + info.stage_size, info.payload_size);
	memcpy(out + setup + info.payload_size, stage + info.saved + setup, info.saved_tail);
	if (crc32(0, out, (uInt)*size) != info.crc32) {
		free(out);
		return "damaged: the kernel in it is not the one that was wrapped (checksum)";
	}
	*original = out;
	return NULL;
}
