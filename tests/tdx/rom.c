/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * tdx-rom FIRMWARE SIMULATOR RESET OUT: put QEMU's -bios file together, on the host.  Fails if
 * the firmware has no TDX metadata.
 */
#include <stdio.h>
#include <stdlib.h>
#include "layout.h"
#include "tdvf.h"

static uint8_t *read_file(const char *name, size_t *size)
{
	FILE *file = fopen(name, "rb");
	uint8_t *data = NULL;
	long length = -1;

	if (file && !fseek(file, 0, SEEK_END))
		length = ftell(file);
	if (length > 0 && !fseek(file, 0, SEEK_SET))
		data = malloc(length);
	if (!data || fread(data, 1, length, file) != (size_t)length) {
		fprintf(stderr, "tdx-rom: %s can't be read\n", name);
		exit(1);
	}
	fclose(file);
	*size = length;
	return data;
}

int main(int argc, char **argv)
{
	uint8_t *parts[3];
	size_t sizes[3];
	struct tdvf tdvf;
	const char *error;
	FILE *out;

	if (argc != 5) {
		fprintf(stderr, "usage: tdx-rom FIRMWARE SIMULATOR RESET OUT\n");
		return 2;
	}
	for (int i = 0; i < 3; i++)
		parts[i] = read_file(argv[1 + i], &sizes[i]);
	error = tdvf_read(parts[0], sizes[0], &tdvf);
	if (error) {
		fprintf(stderr, "tdx-rom: %s: %s\n", argv[1], error);
		return 1;
	}
	if (sizes[0] % 0x10000 || sizes[1] != SIMULATOR_SIZE || sizes[2] != RESET_SIZE) {
		fprintf(stderr, "tdx-rom: a part is no multiple of 64 KiB, or too long\n");
		return 1;
	}
	for (int i = 0; i < 4; i++)
		parts[2][RESET_SIZE - 8 + i] = sizes[0] >> (8 * i); /* for main.c */
	out = fopen(argv[4], "wb");
	for (int i = 0; out && i < 3; i++)
		if (fwrite(parts[i], 1, sizes[i], out) != sizes[i])
			break;
	if (!out || ferror(out) || fclose(out)) {
		fprintf(stderr, "tdx-rom: %s can't be written\n", argv[4]);
		return 1;
	}
	for (int i = 0; i < 3; i++)
		free(parts[i]);
	return 0;
}
