/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Little-endian numbers in files, at any address. */
#ifndef CLI_KERNEL_LITTLE_H
#define CLI_KERNEL_LITTLE_H

#include <stdint.h>

static inline uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t get32(const uint8_t *at)
{
	return get16(at) | (uint32_t)get16(at + 2) << 16;
}

static inline void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)value);
	put16(at + 2, (uint16_t)(value >> 16));
}

#endif /* CLI_KERNEL_LITTLE_H */
