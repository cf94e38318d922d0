/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef TESTS_TDX_SHA384_H
#define TESTS_TDX_SHA384_H

#include <stddef.h>
#include <stdint.h>

#define SHA384_SIZE 48

/* FIPS 180-4, SHA-384 of @length bytes, at most 111: what fits one block. */
void sha384(const void *data, size_t length, uint8_t digest[SHA384_SIZE]);

#endif /* TESTS_TDX_SHA384_H */
