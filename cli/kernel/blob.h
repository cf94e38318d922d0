/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The stages that go in front of a kernel, as blob.S takes them in. */
#ifndef CLI_KERNEL_BLOB_H
#define CLI_KERNEL_BLOB_H

#include <stdint.h>

extern const uint8_t blob_x86_64[];
extern const uint64_t blob_x86_64_size; /* in bytes */
extern const uint8_t blob_arm64[];
extern const uint64_t blob_arm64_size; /* in bytes */

#endif /* CLI_KERNEL_BLOB_H */
