/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The EFI system partition (ESP): where it is mounted, which partition it is. */
#ifndef CLI_INSTALL_ESP_H
#define CLI_INSTALL_ESP_H

#include <stdbool.h>
#include <stdint.h>

#include <efivar/efivar.h>

#include "system.h"

struct esp {
	char *folder; /* where its files are, with the root of the system */
	char *device; /* "vda1"; NULL: not known */
};

/* A partition as a device path names it: UEFI 2.10, section 10.3.5.1. */
struct esp_partition {
	uint32_t number;
	uint64_t start, size; /* in logical blocks */
	efi_guid_t guid;
};

/* Where firmware finds the ESP: one partition, or each member of a mirror (RAID1). */
#define ESP_PARTITIONS_MAX 8
struct esp_partitions {
	struct esp_partition partition[ESP_PARTITIONS_MAX];
	size_t count;
};

/* Find the mounted ESP that is the partition of this GUID; false if there is none, silently. */
bool esp_find_partition(const struct system *system, const efi_guid_t *guid, struct esp *esp);

/*
 * The ESP of a system: @folder (in the system), or the first of /boot/efi, /efi
 * and /boot that is one.  Returns false, after reporting an error, if there is
 * none.
 */
bool esp_find(const struct system *system, const char *folder, struct esp *esp);
void esp_free(struct esp *esp);

/* Whether there is one at one of these places. */
bool esp_exists(const struct system *system);
/* Whether there is a folder that this user may not look into, and it may be there. */
bool esp_may_exist(const struct system *system);

/*
 * Finds its partitions; returns false, after reporting an error, if that is not possible, or
 * if firmware, which knows nothing of Linux's RAID, could not read the file system.
 */
bool esp_find_partitions(const struct system *system, const struct esp *esp,
			 struct esp_partitions *partitions);

/* Whether the partition of this GUID is one of them. */
bool esp_has_partition(const struct esp_partitions *partitions, const efi_guid_t *guid);

/*
 * The file on it that UEFI calls @path ("\\EFI\\debian\\grubx64.efi"), found as FAT
 * finds it, upper or lower case.  To be freed; NULL: there is none.
 */
char *esp_file(const struct esp *esp, const char *path);

#endif /* CLI_INSTALL_ESP_H */
