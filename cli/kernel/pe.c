/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <string.h>

#include "little.h"
#include "pe.h"

#define MACHINE_X86_64 0x8664
#define MAGIC_PE32_PLUS 0x20b
#define PAGE 0x1000u
#define FILE_ALIGNMENT 0x200u

/* The file header, from "PE\0\0" on. */
#define FILE_MACHINE 4
#define FILE_SECTIONS 6
#define FILE_SYMBOLS 12
#define FILE_OPTIONAL_SIZE 20
#define FILE_SIZE 24

/* The optional header. */
#define OPT_CODE_SIZE 4
#define OPT_DATA_SIZE 8
#define OPT_BSS_SIZE 12
#define OPT_ENTRY 16
#define OPT_CODE_BASE 20
#define OPT_SECTION_ALIGNMENT 32
#define OPT_FILE_ALIGNMENT 36
#define OPT_IMAGE_SIZE 56
#define OPT_HEADERS_SIZE 60
#define OPT_CHECKSUM 64
#define OPT_DIRECTORIES 108
#define OPT_SIZE 112 /* without the data directories, of 8 bytes each */
#define CERTIFICATES 4

#define SECTION_SIZE 40

bool pe_claimed(const uint8_t *file, size_t size)
{
	uint32_t at;

	if (size < 0x40 || memcmp(file, "MZ", 2))
		return false;
	at = get32(file + 0x3c);
	return at < size && size - at >= 4 && !memcmp(file + at, "PE\0", 4);
}

/* Each section's bytes are in the first @end of the file, and its memory in the image. */
static const char *check_sections(const struct pe *pe, const uint8_t *file, uint32_t end)
{
	uint64_t image = get32(file + pe->optional + OPT_IMAGE_SIZE);

	if (get32(file + pe->optional + OPT_ENTRY) >= image)
		return "the PE header's entry point lies outside of the image";
	if (get32(file + pe->optional + OPT_HEADERS_SIZE) > image)
		return "the PE header is larger than its image";
	if (get32(file + pe->optional + OPT_SECTION_ALIGNMENT) > PAGE)
		return "the PE image's sections are aligned to more than a page";
	for (uint32_t i = 0; i < pe->section_count; i++) {
		const uint8_t *section = file + pe->sections + i * SECTION_SIZE;
		uint64_t memory = get32(section + 8), address = get32(section + 12);
		uint64_t data = get32(section + 16), offset = get32(section + 20);

		if (data && offset + data > end)
			return "a PE section reaches beyond the kernel that the header promises";
		if (address + memory > image)
			return "a PE section reaches beyond the size of the PE image";
	}
	return NULL;
}

static const char *find_certificates(struct pe *pe, const uint8_t *file, size_t size)
{
	uint32_t directories = get32(file + pe->optional + OPT_DIRECTORIES);
	const uint8_t *directory = file + pe->optional + OPT_SIZE + CERTIFICATES * 8;
	uint64_t end;

	pe->certificates = 0;
	pe->certificates_size = 0;
	if (directories <= CERTIFICATES || !get32(directory + 4))
		return NULL;
	pe->certificates = get32(directory);
	pe->certificates_size = get32(directory + 4);
	end = (uint64_t)pe->certificates + pe->certificates_size;
	return end > size ? "its signature reaches beyond the end of the file: is it truncated?"
			  : NULL;
}

const char *pe_read(struct pe *pe, const uint8_t *file, size_t size, uint32_t headers, uint32_t end)
{
	uint32_t optional_size, directories;
	const char *wrong;

	pe->header = get32(file + 0x3c);
	pe->optional = pe->header + FILE_SIZE;
	if (end > size || headers > end || pe->header > headers ||
	    headers - pe->header < FILE_SIZE + OPT_SIZE)
		return "the PE header reaches beyond the setup sectors";
	if (get16(file + pe->header + FILE_MACHINE) != MACHINE_X86_64 ||
	    get16(file + pe->optional) != MAGIC_PE32_PLUS)
		return "the PE header is not one for x86-64";
	optional_size = get16(file + pe->header + FILE_OPTIONAL_SIZE);
	directories = get32(file + pe->optional + OPT_DIRECTORIES);
	pe->sections = pe->optional + optional_size;
	pe->section_count = get16(file + pe->header + FILE_SECTIONS);
	if (optional_size < OPT_SIZE || directories > (optional_size - OPT_SIZE) / 8 ||
	    pe->sections > headers || pe->section_count > (headers - pe->sections) / SECTION_SIZE)
		return "the PE header's sizes are impossible";
	pe->sections_end = pe->sections + pe->section_count * SECTION_SIZE;
	wrong = check_sections(pe, file, end);
	return wrong ? wrong : find_certificates(pe, file, size);
}

/* The PE checksum: 16-bit words with end-around carry, itself taken as 0, and the size. */
static uint32_t checksum(const uint8_t *file, size_t size, uint32_t field)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i += 2) {
		if (i < field || i >= field + 4)
			sum += i + 1 < size ? get16(file + i) : file[i];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (sum & 0xffff) + (sum >> 16) + (uint32_t)size;
}

static void put_section(uint8_t *at, const struct pe_section *section)
{
	memset(at, 0, SECTION_SIZE);
	memcpy(at, section->name, strlen(section->name));
	put32(at + 8, section->size);
	put32(at + 12, section->address);
	put32(at + 16, section->size);
	put32(at + 20, section->offset);
	put32(at + 36, section->flags);
}

const char *pe_rewrite(const struct pe *pe, uint8_t *file, size_t size, uint32_t headers,
		       uint32_t room, uint32_t entry, const struct pe_section *sections,
		       uint32_t count)
{
	uint32_t end = pe->sections + count * SECTION_SIZE, code = 0, data = 0;
	const struct pe_section *last = &sections[count - 1];
	uint8_t *optional = file + pe->optional;

	if (end > pe->sections_end && end > room)
		return "the PE header has no room for the stage's sections";
	memset(file + pe->sections, 0, pe->sections_end - pe->sections);
	for (uint32_t i = 0; i < count; i++) {
		put_section(file + pe->sections + i * SECTION_SIZE, &sections[i]);
		*(sections[i].flags == PE_EXECUTE ? &code : &data) += sections[i].size;
	}
	put16(file + pe->header + FILE_SECTIONS, (uint16_t)count);
	memset(file + pe->header + FILE_SYMBOLS, 0, 8);
	put32(optional + OPT_CODE_SIZE, code);
	put32(optional + OPT_DATA_SIZE, data);
	put32(optional + OPT_BSS_SIZE, 0);
	put32(optional + OPT_ENTRY, entry);
	put32(optional + OPT_CODE_BASE, sections[0].address);
	put32(optional + OPT_SECTION_ALIGNMENT, PAGE);
	put32(optional + OPT_FILE_ALIGNMENT, FILE_ALIGNMENT);
	put32(optional + OPT_IMAGE_SIZE, (last->address + last->size + PAGE - 1) & -PAGE);
	put32(optional + OPT_HEADERS_SIZE, headers);
	memset(optional + OPT_SIZE, 0, get32(optional + OPT_DIRECTORIES) * 8);
	put32(optional + OPT_CHECKSUM, checksum(file, size, pe->optional + OPT_CHECKSUM));
	return NULL;
}
