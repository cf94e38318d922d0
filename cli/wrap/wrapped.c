/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Making a wrapped kernel, and taking it apart: <baton/wrap.h> has the picture. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bzimage.h"

#define PAGE 0x1000u
#define SECTOR 512u /* what the sections of a PE image are rounded to */
#define DAMAGED "damaged: what \"baton wrap\" has written into it "

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

/* The blob's struct baton_wrap, filled in; false if the result is larger than a header can tell. */
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
