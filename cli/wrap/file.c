/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "file.h"

#include "cli/cli.h"
#include "cli/kernel/bzimage.h"

uint8_t *file_read(const char *path, size_t *size)
{
	uint8_t *file = cli_read_file(path, BZIMAGE_MAX, size);

	if (!file)
		cli_file_error(path, "give a kernel that can be read");
	return file;
}

int file_write(const char *path, const uint8_t *file, size_t size)
{
	if (cli_write_file(path, file, size))
		return CLI_DONE;
	return cli_file_error(path, "give a file that can be written");
}
