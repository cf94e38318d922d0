/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * PE images for x86-64, as far as a kernel's is concerned (Microsoft, "PE format";
 * UEFI 2.10, section 2.1.1).  A file may be anything: every offset is checked.
 */
#ifndef CLI_KERNEL_PE_H
#define CLI_KERNEL_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PE_EXECUTE 0x60000020u /* code, read, execute */
#define PE_WRITE 0xc0000040u   /* data, read, write */
#define PE_READ 0x40000040u    /* data, read */

/* Where things are in the file. */
struct pe {
	uint32_t header;   /* of "PE\0\0" */
	uint32_t optional; /* of the optional header */
	uint32_t sections; /* of the section table */
	uint32_t section_count;
	uint32_t sections_end;
	uint32_t certificates; /* of the certificate table; 0: it is not signed */
	uint32_t certificates_size;
};

struct pe_section {
	const char *name; /* at most 8 characters */
	uint32_t address; /* in memory, from the image's base */
	uint32_t offset;  /* in the file */
	uint32_t size;	  /* of both */
	uint32_t flags;	  /* PE_... */
};

/* Whether @file claims to be a PE image. */
bool pe_claimed(const uint8_t *file, size_t size);

/*
 * Reads the headers of @file.  They must lie in its first @headers bytes, its sections in
 * the first @end.  pe_claimed() must be true.  Returns NULL, or what is wrong.
 */
const char *pe_read(struct pe *pe, const uint8_t *file, size_t size, uint32_t headers,
		    uint32_t end);

/*
 * Rewrites the headers of @file, @size bytes, for an image of @count @sections, in the
 * order of their addresses, with the entry point @entry.  The first @headers bytes are
 * loaded, too.  Versions and subsystem stay; the data directories become empty, also
 * that of the signature.  The checksum becomes right.  The table of sections may grow
 * up to @room.  Returns NULL, or what is wrong; then nothing is changed.
 */
const char *pe_rewrite(const struct pe *pe, uint8_t *file, size_t size, uint32_t headers,
		       uint32_t room, uint32_t entry, const struct pe_section *sections,
		       uint32_t count);

#endif /* CLI_KERNEL_PE_H */
