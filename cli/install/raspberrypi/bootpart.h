/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The boot partition of a Raspberry Pi: the FAT file system that its firmware reads. */
#ifndef CLI_INSTALL_RASPBERRYPI_BOOTPART_H
#define CLI_INSTALL_RASPBERRYPI_BOOTPART_H

#include <stdbool.h>

#include "cli/install/system.h"

/*
 * The folder that it is mounted at, with the root of the system: @named (in the system), or
 * the first of /boot/firmware, /boot and /boot/efi that is one.  To be freed; NULL: none.
 */
char *bootpart_find(const struct system *system, const char *named);

/* Likewise; it is an error if there is none. */
char *bootpart_need(const struct system *system, const char *named);

/* Whether a file is on it. */
bool bootpart_has(const char *folder, const char *name);

#endif /* CLI_INSTALL_RASPBERRYPI_BOOTPART_H */
