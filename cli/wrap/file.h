/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The files that wrap and unwrap read and write. */
#ifndef CLI_WRAP_FILE_H
#define CLI_WRAP_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Returns all of the kernel at @path, to be freed; NULL after reporting an error. */
uint8_t *file_read(const char *path, size_t *size);

/* Returns an enum cli_exit, after reporting an error. */
int file_write(const char *path, const uint8_t *file, size_t size);

#endif /* CLI_WRAP_FILE_H */
