/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Which board a system runs on, by its device tree; and how it was started. */
#ifndef CLI_INSTALL_RASPBERRYPI_MODEL_H
#define CLI_INSTALL_RASPBERRYPI_MODEL_H

#include <stdbool.h>

#include "cli/install/system.h"

/* Whether the system has a device tree that names its board: then it is no PC. */
bool model_is_board(const struct system *system);

/*
 * Whether its firmware would start baton's stub, and a 64-bit kernel behind it.  The root of
 * a card that is mounted has no device tree: its board is not known, and not refused.
 * Returns false after reporting an error.
 */
bool model_is_served(const struct system *system);

/*
 * Whether PSCI is offered by another than baton, which then has nothing to do; reports that
 * as an error.
 */
bool model_has_psci(const struct system *system);

/* Whether an EFI firmware has started the running system. */
bool model_has_efi(const struct system *system);

#endif /* CLI_INSTALL_RASPBERRYPI_MODEL_H */
