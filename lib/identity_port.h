/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The seam of a program that uses libbaton on an identity map.  identity_port.c, with the
 * file of the same name for the architecture, provides all of <baton/port.h>; the program
 * provides these.  They are called as the functions of <baton/port.h> are that they stand
 * for: on any CPU, perhaps from an NMI.
 */
#ifndef LIB_IDENTITY_PORT_H
#define LIB_IDENTITY_PORT_H

#include <baton/port.h>
#include <stdbool.h>

/*
 * Whether the @length bytes at physical @address, which do not wrap around, are mapped
 * there as @memory, and may be used.
 */
bool identity_port_mapped(uint64_t address, size_t length, enum baton_memory memory);

/* Microseconds since any fixed moment. */
uint64_t identity_port_time_us(void);

/* Print one @line, to which the program adds the newline. */
void identity_port_print(const char *line);

#endif /* LIB_IDENTITY_PORT_H */
