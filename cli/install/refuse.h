/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Refuses to install where baton can't work. */
#ifndef CLI_INSTALL_REFUSE_H
#define CLI_INSTALL_REFUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "system.h"

/* Returns false, after reporting an error, if baton.efi would not collect this machine's CPUs. */
bool refuse_machine(const struct system *system);

/* Returns false, after reporting an error, if the firmware would not start this baton.efi. */
bool refuse_image(const void *image, size_t length, bool must_be_signed);

#endif /* CLI_INSTALL_REFUSE_H */
