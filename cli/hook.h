/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Without UEFI: a hook that wraps each kernel when it is installed, where it is.
 * What was wrapped is in the file, so that it can be had back, bit for bit.
 */
#ifndef CLI_HOOK_H
#define CLI_HOOK_H

#include <stdbool.h>

#include "change.h"
#include "system.h"

/* Whether the hook is in a system. */
bool hook_is_there(const struct system *system);

/* Put it there, and wrap the newest kernel, or all; false, told, if that can't be done. */
bool hook_install(struct changes *changes, const struct system *system, bool all);

/* Take it away, and unwrap all kernels; false, told, if something stays. */
bool hook_undo(struct changes *changes, const struct system *system);

/* How many of the system's kernels are wrapped, and of how many. */
void hook_count(const struct system *system, unsigned *wrapped, unsigned *kernels);

#endif /* CLI_HOOK_H */
