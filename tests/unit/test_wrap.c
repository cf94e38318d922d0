/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * cli/kernel/bzimage.c and pe.c: making wrapped kernels, on kernels made here,
 * and stage/x86_64/bzimage/payload.c, which finds in one what was wrapped.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "cli/kernel/bzimage.h"
#include "cli/kernel/little.h"
#include "stage/x86_64/bzimage/payload.h"

#define ALIGNMENT 0x10000u
#define BLOB_SIZE 0x3000u
#define BLOB_TEXT 0x1000u
#define CERTIFICATE 0x5c8u
#define PROTECTED 0x8000u

/* What the blob's own code sees: here the protected-mode part of a wrapped kernel. */
uint8_t bzimage_blob[0x40000] __attribute__((aligned(4096)));
__asm__(".globl bzimage_info\n.set bzimage_info, bzimage_blob + 64\n");

static const struct wrap_options options = {.verbose = true, .wait = 2};

/* How a kernel's PE header has been laid out. */
enum layout {
	NO_PE,
	OLD, /* until Linux 6.5: sections aligned to 32 bytes, setup of any number of sectors */
	NEW, /* since: whole pages */
};

struct kernel {
	uint8_t file[0x20000];
	size_t size;
	uint32_t setup, protected;
	uint32_t pe;
};

static struct setup_header *header_of(uint8_t *file)
{
	return (struct setup_header *)(file + BZIMAGE_HEADER);
}

static void put_section(uint8_t *at, const char *name, uint32_t memory, uint32_t address,
			uint32_t size, uint32_t offset)
{
	memset(at, 0, 40);
	memcpy(at, name, strlen(name));
	put32(at + 8, memory);
	put32(at + 12, address);
	put32(at + 16, size);
	put32(at + 20, offset);
	put32(at + 36, 0x60000020);
}

static void make_pe(struct kernel *k, enum layout layout)
{
	uint32_t end = k->setup + k->protected, bss = 0x7000;
	uint8_t *pe = k->file + k->pe, *optional = pe + 24, *sections = optional + 160;

	memcpy(k->file, "MZ", 2);
	put32(k->file + 0x3c, k->pe);
	memset(pe, 0, 24 + 160);
	memcpy(pe, "PE\0", 4);
	put16(pe + 4, 0x8664);
	put16(pe + 6, 3);
	put32(pe + 12, 0x11223344); /* symbol table */
	put16(pe + 20, 160);
	put16(optional, 0x20b);
	put32(optional + 16, k->setup + 0x390);
	put32(optional + 32, layout == NEW ? 0x1000 : 0x20);
	put32(optional + 56, (end + bss + 0xfff) & ~0xfffu);
	put32(optional + 60, layout == NEW ? 0x1000 : 0x200);
	put16(optional + 44, 3); /* major image version */
	put32(optional + 108, 6);
	put32(optional + 112 + 4 * 8, end);
	put32(optional + 112 + 4 * 8 + 4, CERTIFICATE);
	if (layout == NEW) {
		put_section(sections, ".setup", k->setup - 0x1000, 0x1000, k->setup - 0x1000,
			    0x1000);
		put_section(sections + 40, ".text", 0x4000, k->setup, 0x4000, k->setup);
		put_section(sections + 80, ".data", k->protected - 0x4000 + bss, k->setup + 0x4000,
			    k->protected - 0x4000, k->setup + 0x4000);
	} else {
		put_section(sections, ".setup", k->setup - 0x200, 0x200, k->setup - 0x200, 0x200);
		put_section(sections + 40, ".text", k->protected, k->setup, k->protected, k->setup);
		put_section(sections + 80, ".bss", bss, end, 0, 0);
	}
}

/* A kernel whose every byte is known; its setup header is as those of Linux are. */
static struct kernel *make(enum layout layout)
{
	struct kernel *k = calloc(1, sizeof(*k));
	struct setup_header *header = header_of(k->file);

	k->setup = layout == OLD ? 28 * 512 : 0x5000;
	k->protected = layout == OLD ? PROTECTED + 0x30 : PROTECTED;
	k->size = k->setup + k->protected + (layout == NO_PE ? 0 : CERTIFICATE);
	k->pe = layout == OLD ? 0x82 : 0x40;
	for (size_t i = 0; i < k->size; i++)
		k->file[i] = (uint8_t)(i * 7 + i / 256);
	memset(k->file, 0xff, BZIMAGE_HEADER);
	memset(header, 0, sizeof(*header));
	*header = (struct setup_header){
		.setup_sects = (uint8_t)(k->setup / 512 - 1),
		.syssize = k->protected / 16,
		.boot_flag = BZIMAGE_BOOT_FLAG,
		.jump = {0xeb, 0x6a},
		.header = BZIMAGE_MAGIC,
		.version = 0x020f,
		.kernel_version = 0x300,
		.loadflags = LOADED_HIGH,
		.code32_start = 0x100000,
		.initrd_addr_max = 0x7fffffff,
		.kernel_alignment = ALIGNMENT,
		.relocatable_kernel = 1,
		.min_alignment = 12,
		.xloadflags = 0x7f,
		.cmdline_size = 2047,
		.payload_offset = 0x2cc,
		.payload_length = 0x4000,
		.pref_address = 0x1000000,
		.init_size = 0x90000,
		.handover_offset = 0x1130,
		.kernel_info_offset = 0x5000,
	};
	if (layout != NO_PE)
		make_pe(k, layout);
	else
		header->xloadflags = XLF_KERNEL_64;
	return k;
}

static const uint8_t *make_blob(void)
{
	static uint8_t image[BLOB_SIZE];
	struct baton_wrap info = {
		.version = WRAP_VERSION,
		.blob_size = BLOB_SIZE,
		.text_size = BLOB_TEXT,
	};

	memset(image, 0xcc, sizeof(image));
	memcpy(info.magic, WRAP_MAGIC, sizeof(info.magic));
	memcpy(image + WRAP_INFO, &info, sizeof(info));
	return image;
}

/* From exactly as much memory as it has, for the address sanitizer. */
static const char *read_kernel(struct bzimage *image, const uint8_t *file, size_t size)
{
	static uint8_t *copy;

	free(copy);
	copy = malloc(size ? size : 1);
	memcpy(copy, file, size);
	return bzimage_read(image, copy, size);
}

static uint8_t *wrap(const struct kernel *k, size_t *size)
{
	struct bzimage image;
	uint8_t *wrapped;

	assert_null(read_kernel(&image, k->file, k->size));
	assert_null(bzimage_wrap(&image, make_blob(), BLOB_SIZE, &options, &wrapped, size));
	return wrapped;
}

static void comes_back(void **state)
{
	(void)state;
	for (enum layout layout = NO_PE; layout <= NEW; layout++) {
		struct kernel *k = make(layout);
		size_t size, original_size;
		uint8_t *wrapped = wrap(k, &size), *original;

		assert_true(bzimage_is_wrapped(wrapped, size));
		assert_null(bzimage_unwrap(wrapped, size, &original, &original_size));
		assert_int_equal(original_size, k->size);
		assert_memory_equal(original, k->file, k->size);
		free(original);
		free(wrapped);
		free(k);
	}
}

/* What loaders read has moved by the stage, and nothing else is other than before. */
static void header_of_loaders(void **state)
{
	struct kernel *k = make(NEW);
	size_t size;
	uint8_t *wrapped = wrap(k, &size);
	struct setup_header *own = header_of(k->file), *header = header_of(wrapped);
	uint32_t stage = get32(wrapped + k->setup + WRAP_INFO + WRAP_STAGE_SIZE);

	(void)state;
	assert_int_equal(stage % ALIGNMENT, 0);
	assert_true(stage >= BLOB_SIZE + k->setup + CERTIFICATE);
	assert_int_equal(size, k->setup + stage + k->protected);
	assert_int_equal(header->syssize, (stage + k->protected) / 16);
	assert_int_equal(header->init_size, own->init_size + stage);
	assert_int_equal(header->payload_offset, own->payload_offset + stage);
	assert_int_equal(header->kernel_info_offset, own->kernel_info_offset + stage);
	assert_int_equal(header->handover_offset, WRAP_HANDOVER - BZIMAGE_ENTRY64);
	assert_int_equal(header->xloadflags, own->xloadflags & ~XLF_EFI_HANDOVER_32);
	header->syssize = own->syssize;
	header->init_size = own->init_size;
	header->payload_offset = own->payload_offset;
	header->kernel_info_offset = own->kernel_info_offset;
	header->handover_offset = own->handover_offset;
	header->xloadflags = own->xloadflags;
	assert_memory_equal(header, own, sizeof(*header));
	assert_memory_equal(wrapped + k->setup + stage, k->file + k->setup, k->protected);
	assert_memory_equal(wrapped + 0x26c, k->file + 0x26c, k->setup - 0x26c);
	free(wrapped);
	free(k);
}

/* The header before 2.15 ends with handover_offset: what follows is code. */
static void short_header(void **state)
{
	struct kernel *k = make(NEW);
	size_t size;
	uint8_t *wrapped;

	(void)state;
	header_of(k->file)->version = 0x020c;
	header_of(k->file)->kernel_info_offset = 0x90909090;
	wrapped = wrap(k, &size);
	assert_int_equal(header_of(wrapped)->kernel_info_offset, 0x90909090);
	free(wrapped);
	free(k);
}

/* A PE image that loaders take: sections in order, page by page, each in file and image. */
static void pe_of_wrapped(void **state)
{
	(void)state;
	for (enum layout layout = OLD; layout <= NEW; layout++) {
		struct kernel *k = make(layout);
		size_t size;
		uint8_t *wrapped = wrap(k, &size), *optional = wrapped + k->pe + 24;
		uint8_t *section = optional + 160;
		uint32_t address = (k->setup + 0xfff) & ~0xfffu, offset = k->setup, sum = 0;

		assert_int_equal(get16(wrapped + k->pe + 6), 3);
		assert_int_equal(get32(wrapped + k->pe + 12), 0);
		assert_int_equal(get32(optional + 16), address + WRAP_PE_ENTRY);
		assert_int_equal(get32(optional + 32), 0x1000);
		assert_int_equal(get32(optional + 36), 0x200);
		assert_int_equal(get16(optional + 44), 3);
		assert_int_equal(get32(optional + 60), k->setup);
		for (int i = 0; i < 6; i++)
			assert_int_equal(get32(optional + 112 + i * 8 + 4), 0);
		for (int i = 0; i < 3; i++, section += 40) {
			assert_int_equal(get32(section + 12), address);
			assert_int_equal(get32(section + 20), offset);
			assert_int_equal(get32(section + 8), get32(section + 16));
			assert_int_equal(address % 0x1000, 0);
			assert_int_equal(offset % 0x200, 0);
			assert_int_equal(get32(section + 16) % 0x200, 0);
			address += get32(section + 8);
			offset += get32(section + 16);
		}
		assert_int_equal(offset, size);
		assert_int_equal(get32(optional + 56), (address + 0xfff) & ~0xfffu);
		/* With the checksum left out, the words of the file and its size come to it. */
		for (size_t i = 0; i < size; i += 2)
			if (i != k->pe + 24 + 64 && i != k->pe + 24 + 66)
				sum = (sum + get16(wrapped + i)) % 0xffff;
		assert_int_equal((get32(optional + 64) - size) % 0xffff, sum);
		free(wrapped);
		free(k);
	}
}

static void twice(void **state)
{
	struct kernel *k = make(NEW);
	struct bzimage image;
	size_t size;
	uint8_t *wrapped = wrap(k, &size);

	(void)state;
	assert_string_equal(read_kernel(&image, wrapped, size),
			    "it is wrapped already: use it as it is");
	free(wrapped);
	free(k);
}

/* What is wrong with a kernel of which the bytes at @at are other. */
static void refused(size_t at, uint32_t value, int bytes, const char *why)
{
	struct kernel *k = make(NEW);
	struct bzimage image;
	const char *wrong;

	for (int i = 0; i < bytes; i++)
		k->file[at + i] = (uint8_t)(value >> 8 * i);
	wrong = read_kernel(&image, k->file, k->size);
	if (!wrong)
		fail_msg("0x%x at 0x%zx is taken", value, at);
	assert_non_null(strstr(wrong, why));
	free(k);
}

#define FIELD(name) (BZIMAGE_HEADER + offsetof(struct setup_header, name))

static void impossible_fields(void **state)
{
	(void)state;
	refused(FIELD(boot_flag), 0, 2, "not a Linux kernel");
	refused(FIELD(header), 0, 4, "not a Linux kernel");
	refused(FIELD(version), 0x020b, 2, "older than 2.12");
	refused(FIELD(loadflags), 0, 1, "zImage");
	refused(FIELD(xloadflags), 0, 2, "64-bit entry");
	refused(FIELD(relocatable_kernel), 0, 1, "relocatable");
	refused(FIELD(setup_sects), 255, 1, "truncated");
	refused(FIELD(syssize), 0xffffffff, 4, "truncated");
	refused(FIELD(syssize), (PROTECTED + CERTIFICATE) / 16 + 1, 4, "truncated");
	refused(FIELD(syssize), 0, 4, "syssize");
	refused(FIELD(syssize), BZIMAGE_ENTRY64 / 16, 4, "syssize");
	refused(0x201, 0x50, 1, "its length");
	refused(FIELD(kernel_alignment), 0, 4, "kernel_alignment");
	refused(FIELD(kernel_alignment), 0x800, 4, "kernel_alignment");
	refused(FIELD(kernel_alignment), 0x300000, 4, "kernel_alignment");
	refused(FIELD(kernel_alignment), 0x80000000, 4, "kernel_alignment");
	refused(FIELD(init_size), PROTECTED - 1, 4, "init_size");
	refused(FIELD(payload_offset), 0xffffffff, 4, "compressed kernel");
	refused(FIELD(payload_length), PROTECTED, 4, "compressed kernel");
	refused(FIELD(handover_offset), PROTECTED - BZIMAGE_ENTRY64, 4, "handover_offset");
	refused(FIELD(handover_offset), 0xffffffff, 4, "handover_offset");
	refused(FIELD(kernel_info_offset), PROTECTED, 4, "kernel_info_offset");
}

static void impossible_pe(void **state)
{
	const size_t pe = 0x40, optional = pe + 24, sections = optional + 160;

	(void)state;
	refused(pe + 4, 0x14c, 2, "not one for x86-64");
	refused(optional, 0x10b, 2, "not one for x86-64");
	refused(pe + 20, 100, 2, "sizes are impossible");
	refused(pe + 20, 0xffff, 2, "sizes are impossible");
	refused(pe + 6, 0xffff, 2, "sizes are impossible");
	refused(optional + 108, 7, 4, "sizes are impossible");
	refused(optional + 108, 0xffffffff, 4, "sizes are impossible");
	refused(optional + 16, 0xfffffff0, 4, "entry point");
	refused(optional + 32, 0x2000, 4, "more than a page");
	refused(optional + 60, 0xfffff000, 4, "larger than its image");
	refused(optional + 112 + 4 * 8, 0xffffff00, 4, "signature reaches beyond");
	refused(optional + 112 + 4 * 8, 0x6000, 4, "signature lies inside");
	refused(sections + 40 + 8, 0xffffff00, 4, "beyond the size of the PE image");
	refused(sections + 40 + 12, 0xffffff00, 4, "beyond the size of the PE image");
	refused(sections + 80 + 16, 0xffffff00, 4, "beyond the kernel");
	refused(sections + 80 + 20, 0xffffff00, 4, "beyond the kernel");
	refused(sections + 80 + 20, 0xa000, 4, "beyond the kernel"); /* into the signature */
}

/* At whatever byte a kernel ends, it is refused, or comes back as it was. */
static void truncated(void **state)
{
	struct kernel *k = make(NEW);
	struct bzimage image;

	(void)state;
	assert_string_equal(read_kernel(&image, k->file, 0), "too short to be a kernel");
	assert_string_equal(read_kernel(&image, k->file, 63), "too short to be a kernel");
	for (size_t size = 0x26c; size < k->size; size += size < 0x1000 ? 1 : 0x97)
		assert_non_null(read_kernel(&image, k->file, size));
	assert_non_null(strstr(read_kernel(&image, k->file, k->size - 1), "signature"));
	assert_non_null(
		strstr(read_kernel(&image, k->file, k->setup + k->protected - 1), "truncated"));
	assert_non_null(strstr(read_kernel(&image, k->file, k->setup), "truncated"));
	free(k);
}

static void no_kernel(void **state)
{
	struct kernel *k = make(NEW);
	struct bzimage image;

	(void)state;
	memset(k->file + BZIMAGE_HEADER, 0, sizeof(struct setup_header));
	assert_non_null(strstr(read_kernel(&image, k->file, k->size), "a PE image, but not"));
	assert_non_null(strstr(read_kernel(&image, k->file, 0x200), "a PE image, but not"));
	memset(k->file, 0, 0x200);
	assert_non_null(strstr(read_kernel(&image, k->file, k->size), "not a bzImage"));
	memcpy(k->file, "\177ELF", 4);
	assert_non_null(strstr(read_kernel(&image, k->file, k->size), "an ELF file"));
	free(k);
}

/* Sizes that are right each, and too large with the stage's. */
static void too_large(void **state)
{
	struct kernel *k = make(NEW);
	struct bzimage image;
	uint8_t *wrapped;
	size_t size;

	(void)state;
	header_of(k->file)->init_size = 0xffffffff - ALIGNMENT + 1;
	assert_null(read_kernel(&image, k->file, k->size));
	assert_non_null(strstr(
		bzimage_wrap(&image, make_blob(), BLOB_SIZE, &options, &wrapped, &size), "4 GiB"));
	free(k);
}

/* Put the PE header elsewhere, with fewer sections. */
static void move_pe(struct kernel *k, uint32_t to, uint16_t sections)
{
	struct setup_header header = *header_of(k->file);

	k->pe = to;
	make_pe(k, NEW);
	put16(k->file + k->pe + 6, sections);
	*header_of(k->file) = header;
}

static void overlapping(void **state)
{
	struct kernel *k = make(NEW);
	struct bzimage image;

	(void)state;
	move_pe(k, 0x120, 1);
	assert_non_null(strstr(read_kernel(&image, k->file, k->size), "overlaps"));
	free(k);
}

/* Without room for the stage's sections in the header. */
static void crowded(void **state)
{
	struct kernel *k = make(NEW);
	struct bzimage image;
	uint8_t *wrapped;
	size_t size;

	(void)state;
	move_pe(k, 0xe0, 2);
	assert_null(read_kernel(&image, k->file, k->size));
	assert_non_null(
		strstr(bzimage_wrap(&image, make_blob(), BLOB_SIZE, &options, &wrapped, &size),
		       "no room"));
	free(k);
}

#define INFO(name) (WRAP_INFO + offsetof(struct baton_wrap, name))

/* What is wrong with a wrapped kernel of which the 4 bytes at @at of the blob are other. */
static void damaged(size_t at, uint32_t value, const char *why)
{
	struct kernel *k = make(NEW);
	size_t size, original_size;
	uint8_t *wrapped = wrap(k, &size), *original;
	const char *wrong;

	put32(wrapped + k->setup + at, value);
	wrong = bzimage_unwrap(wrapped, size, &original, &original_size);
	if (!wrong)
		fail_msg("0x%x at 0x%zx is taken", value, at);
	assert_non_null(strstr(wrong, why));
	free(wrapped);
	free(k);
}

static void damaged_record(void **state)
{
	(void)state;
	damaged(INFO(magic), 0, "not a wrapped kernel");
	damaged(INFO(version), 2, "another version");
	damaged(INFO(stage_size), 0xffffffff, "not all there");
	damaged(INFO(stage_size), 0x1000, "makes no sense");
	damaged(INFO(payload_size), 0xffffffff, "not all there");
	damaged(INFO(payload_size), PROTECTED - 16, "checksum");
	damaged(INFO(saved), 0xffffffff, "makes no sense");
	damaged(INFO(saved), 0x100, "makes no sense");
	damaged(INFO(saved_setup), 0x5200, "makes no sense");
	damaged(INFO(saved_setup), 0xffffffff, "makes no sense");
	damaged(INFO(saved_tail), 0xffffffff, "makes no sense");
	damaged(INFO(saved_tail), CERTIFICATE - 1, "checksum");
	damaged(INFO(crc32), 0, "checksum");
	damaged(BLOB_SIZE + 0x100, 0, "checksum");	   /* the setup sectors */
	damaged(BLOB_SIZE + 0x5000 + 0x10, 0, "checksum"); /* the signature */
	damaged(ALIGNMENT + 0x100, 0, "checksum");	   /* the kernel */
}

static void truncated_wrapped(void **state)
{
	struct kernel *k = make(NEW);
	size_t size, original_size;
	uint8_t *wrapped = wrap(k, &size), *original, *copy;

	(void)state;
	for (size_t length = 0; length < size; length += length < 0x400 ? 1 : 0x1f3) {
		copy = malloc(length ? length : 1);
		memcpy(copy, wrapped, length);
		assert_non_null(bzimage_unwrap(copy, length, &original, &original_size));
		free(copy);
	}
	free(wrapped);
	free(k);
}

/* A signature of the wrapped kernel does not keep it from coming back. */
static void signed_wrapped(void **state)
{
	struct kernel *k = make(NEW);
	size_t size, original_size;
	uint8_t *unsigned_wrapped = wrap(k, &size), *original;
	uint8_t *wrapped = malloc(size + 0x600);

	(void)state;
	memcpy(wrapped, unsigned_wrapped, size);
	free(unsigned_wrapped);
	memset(wrapped + size, 0x5a, 0x600);
	put32(wrapped + k->pe + 24 + 64, 0x12345678);
	put32(wrapped + k->pe + 24 + 112 + 4 * 8, (uint32_t)size);
	put32(wrapped + k->pe + 24 + 112 + 4 * 8 + 4, 0x600);
	assert_null(bzimage_unwrap(wrapped, size + 0x600, &original, &original_size));
	assert_int_equal(original_size, k->size);
	assert_memory_equal(original, k->file, k->size);
	free(original);
	free(wrapped);
	free(k);
}

/* From here on: what the stage makes of it. */

/* Put the wrapped kernel where the stage sees it. */
static void load(const struct kernel *k, uint8_t *wrapped, size_t size)
{
	assert_true(size - k->setup <= sizeof(bzimage_blob));
	memset(bzimage_blob, 0, sizeof(bzimage_blob));
	memcpy(bzimage_blob, wrapped + k->setup, size - k->setup);
}

/*
 * The header in the boot_params is the one that the payload would have got, with
 * all that the loader has put into it.
 */
static void header_of_payload(void **state)
{
	(void)state;
	for (enum layout layout = NO_PE; layout <= NEW; layout++) {
		struct kernel *k = make(layout);
		size_t size;
		uint8_t *wrapped = wrap(k, &size);
		struct setup_header header = *header_of(wrapped), wanted = *header_of(k->file);

		load(k, wrapped, size);
		header.type_of_loader = wanted.type_of_loader = 0xff;
		header.loadflags |= 0xa0;
		wanted.loadflags |= 0xa0;
		header.vid_mode = wanted.vid_mode = 0x317;
		header.ramdisk_image = wanted.ramdisk_image = 0x3f000000;
		header.ramdisk_size = wanted.ramdisk_size = 0x123456;
		header.heap_end_ptr = wanted.heap_end_ptr = 0xfe00;
		header.cmd_line_ptr = wanted.cmd_line_ptr = 0x90000;
		header.setup_data = wanted.setup_data = 0x123456789;
		payload_header(&header);
		assert_memory_equal(&header, &wanted, sizeof(header));

		header.code32_start = (uint32_t)(uintptr_t)bzimage_blob;
		payload_header(&header);
		assert_int_equal(header.code32_start - (uint32_t)(uintptr_t)bzimage_blob,
				 get32(bzimage_blob + WRAP_INFO + WRAP_STAGE_SIZE));
		free(wrapped);
		free(k);
	}
}

/* The payload's PE image is in memory what a loader of the payload's file makes. */
static void image_of_payload(void **state)
{
	(void)state;
	for (enum layout layout = OLD; layout <= NEW; layout++) {
		static uint8_t wanted[0x20000];
		struct kernel *k = make(layout);
		uint8_t *optional = k->file + k->pe + 24, *section = optional + 160, *base;
		struct payload_image image;
		size_t size;
		uint8_t *wrapped = wrap(k, &size);

		load(k, wrapped, size);
		assert_true(payload_image(&image));
		assert_int_equal(image.size, get32(optional + 56));
		assert_int_equal(image.entry, get32(optional + 16));
		base = calloc(1, image.size);
		payload_lay_out(&image, base);

		memset(wanted, 0, sizeof(wanted));
		memcpy(wanted, k->file, get32(optional + 60));
		for (int i = 0; i < 3; i++, section += 40)
			memcpy(wanted + get32(section + 12), k->file + get32(section + 20),
			       get32(section + 16));
		assert_memory_equal(base, wanted, image.size);
		free(base);
		free(wrapped);
		free(k);
	}
}

/* A PE header that is no more what "baton wrap" has checked is not followed. */
static void image_refused(void **state)
{
	static const struct {
		uint32_t at, value;
	} changes[] = {{0, 0},		 {0x3c, 0xfffffff0}, {0x3c, 0x4ff0},   {0x40, 0},
		       {0x46, 0xffff},	 {0x54, 0xffff},     {0x58 + 56, ~0u}, {0x58 + 16, ~0u},
		       {0x58 + 60, ~0u}, {0x58 + 60, 0x6000}};
	struct kernel *k = make(NEW);
	size_t size;
	uint8_t *wrapped = wrap(k, &size);
	struct payload_image image;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		load(k, wrapped, size);
		assert_true(payload_image(&image));
		put32(bzimage_blob + BLOB_SIZE + changes[i].at, changes[i].value);
		if (payload_image(&image))
			fail_msg("0x%x at 0x%x is taken", changes[i].value, changes[i].at);
	}
	free(wrapped);
	free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(header_of_loaders),
		cmocka_unit_test(short_header),
		cmocka_unit_test(pe_of_wrapped),
		cmocka_unit_test(twice),
		cmocka_unit_test(impossible_fields),
		cmocka_unit_test(impossible_pe),
		cmocka_unit_test(truncated),
		cmocka_unit_test(no_kernel),
		cmocka_unit_test(too_large),
		cmocka_unit_test(crowded),
		cmocka_unit_test(overlapping),
		cmocka_unit_test(damaged_record),
		cmocka_unit_test(truncated_wrapped),
		cmocka_unit_test(signed_wrapped),
		cmocka_unit_test(header_of_payload),
		cmocka_unit_test(image_of_payload),
		cmocka_unit_test(image_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
