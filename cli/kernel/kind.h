/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What a file is that holds a kernel, but is none that can be wrapped. */
#ifndef CLI_KERNEL_KIND_H
#define CLI_KERNEL_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the file is, and what to give instead; NULL: it is not known. */
const char *kind_of(const uint8_t *file, size_t size);

/* Whether it is a unified kernel image: an EFI program with a kernel and more in it. */
bool kind_is_uki(const uint8_t *file, size_t size);

/* As kind_of(), of what is in a gzip file and is no Image for arm64; never NULL. */
const char *kind_in_gzip(const uint8_t *file, size_t size);

#endif /* CLI_KERNEL_KIND_H */
