/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Whether an area that was found is what install_area() would write: all
 * of it that held CPUs execute or rely on and do not change themselves.  Called
 * by the stage, before it adopts an area; held CPUs may be running in it.
 */
#ifndef AREA_X86_64_COMPARE_H
#define AREA_X86_64_COMPARE_H

#include "install.h"

/*
 * Compare the area at @area, which has the physical address @base: header, resident
 * (that of @image), IDT, page tables, slots, lines, APIC IDs, and what is constant
 * in the BATN table.  All that its header names is readable: its size has been
 * checked against the memory map, nothing else needs to have been.
 * Returns NULL if all is as it would be written, else the name of a part that is not.
 */
const char *compare_area(const void *area, uint64_t base, bool gigabyte_pages, const void *image);

#endif /* AREA_X86_64_COMPARE_H */
