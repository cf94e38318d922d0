/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Without UEFI, or on a board: a hook that wraps each kernel when it is installed, where it is.
 * The wrapped file contains the original kernel, bit for bit, so that it can be restored.
 */
#ifndef CLI_INSTALL_HOOK_H
#define CLI_INSTALL_HOOK_H

#include <stdbool.h>

#include "change.h"
#include "system.h"

/* Whether the hook is in a system. */
bool hook_is_there(const struct system *system);

/* Installs it, and wraps the newest kernels, or all; returns false after reporting an error. */
bool hook_install(struct changes *changes, const struct system *system, bool all);

/* Removes it, and unwraps all kernels; returns false, after reporting an error, if one stays. */
bool hook_undo(struct changes *changes, const struct system *system);

struct hook_state {
	unsigned kernels, wrapped; /* how many there are, and of them wrapped */
	bool newest;		   /* the newest are wrapped, which are booted by default */
};

struct hook_state hook_state(const struct system *system);

#endif /* CLI_INSTALL_HOOK_H */
