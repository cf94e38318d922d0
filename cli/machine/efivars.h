/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* UEFI variables, by libefivar: what all that write them share. */
#ifndef CLI_MACHINE_EFIVARS_H
#define CLI_MACHINE_EFIVARS_H

#include <efivar/efivar.h>
#include <stdbool.h>

#define EFIVARS_ATTRIBUTES                                                                         \
	(EFI_VARIABLE_NON_VOLATILE | EFI_VARIABLE_BOOTSERVICE_ACCESS | EFI_VARIABLE_RUNTIME_ACCESS)
#define EFIVARS_MODE 0644

/*
 * Whether the variables are those of the machine that @root ("": this one) stands for: a folder
 * of them, which libefivar's EFIVARFS_PATH names, goes with any root.
 */
bool efivars_concern(const char *root);

#endif /* CLI_MACHINE_EFIVARS_H */
