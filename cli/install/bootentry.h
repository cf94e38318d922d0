/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The firmware's boot entries: the variables Boot#### and BootOrder of UEFI 2.10,
 * section 3.3, by libefivar (which takes them from the folder that EFIVARFS_PATH
 * names, if it is set).
 */
#ifndef CLI_INSTALL_BOOTENTRY_H
#define CLI_INSTALL_BOOTENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "change.h"
#include "esp.h"

#define BOOTENTRY_NONE (-1)
#define BOOTENTRY_PATH_MAX 256

/* What a boot entry starts, as far as it is a file of a partition. */
struct bootentry {
	char name[64];
	char path[BOOTENTRY_PATH_MAX]; /* "\\EFI\\debian\\grubx64.efi"; "" if it is something else
					*/
	efi_guid_t partition;	       /* all 0 if it is something else */
	bool has_options;	       /* for what it starts */
	char options[2048];	       /* them, if they are text in ASCII; else "" */
};

/* Whether there are boot entries that can be changed; if not, reports an error. */
bool bootentry_available(void);

/* Whether Secure Boot is in force: the firmware starts signed programs only. */
bool bootentry_is_secure(void);

/* Read the entry of this number; false if there is none that can be read. */
bool bootentry_read(int number, struct bootentry *entry);

/* The number of the entry that this system was booted by, or BOOTENTRY_NONE. */
int bootentry_current(void);

/* The first of the entries for a file, that in the boot order before others; or BOOTENTRY_NONE. */
int bootentry_find(const efi_guid_t *partition, const char *path);

/* Its place in the boot order, from 0; or BOOTENTRY_NONE. */
int bootentry_place(int number);

/* Makes sure that there is an entry for a file of each partition, and that they are the first. */
bool bootentry_add(struct changes *changes, const struct esp_partitions *partitions,
		   const char *path, const char *name);

/* Makes sure that there is no entry for it, neither in the boot order. */
bool bootentry_remove(struct changes *changes, const struct esp_partitions *partitions,
		      const char *path);

#endif /* CLI_INSTALL_BOOTENTRY_H */
