/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The TD HOB list, by which the host tells the firmware what memory there is: TDX Virtual
 * Firmware Design Guide, "TD HOB"; UEFI Platform Initialization 1.8, volume 3, chapter 5.
 */
#ifndef TESTS_TDX_HOB_H
#define TESTS_TDX_HOB_H

#include <stddef.h>
#include <stdint.h>
#include "tdvf.h"

/*
 * Write the list to @to, of @size bytes, which the firmware will see at @address: RAM from 0 to
 * @ram_end, accepted where a section of @tdvf below it is, else unaccepted.  Returns its
 * length, or 0 if it does not fit.
 */
size_t hob_write(void *to, size_t size, uint64_t address, const struct tdvf *tdvf,
		 uint64_t ram_end);

#endif /* TESTS_TDX_HOB_H */
