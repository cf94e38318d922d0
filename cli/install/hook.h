/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Without UEFI: a hook that wraps each kernel when it is installed, where it is.
 * What was wrapped is in the file, so that it can be had back, bit for bit.
 */
#ifndef CLI_INSTALL_HOOK_H
#define CLI_INSTALL_HOOK_H

#include <stdbool.h>

#include "change.h"
#include "system.h"

/* Whether the hook is in a system. */
bool hook_is_there(const struct system *system);

/* Put it there, and wrap the newest kernels, or all; false, told, if that can't be done. */
bool hook_install(struct changes *changes, const struct system *system, bool all);

/* Take it away, and unwrap all kernels; false, told, if something stays. */
bool hook_undo(struct changes *changes, const struct system *system);

struct hook_state {
	unsigned kernels, wrapped; /* how many there are, and of them wrapped */
	bool newest;		   /* the newest are wrapped, which are booted by default */
};

struct hook_state hook_state(const struct system *system);

#endif /* CLI_INSTALL_HOOK_H */
