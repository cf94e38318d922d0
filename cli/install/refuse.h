/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where baton can't work: found out before it is installed, and said. */
#ifndef CLI_INSTALL_REFUSE_H
#define CLI_INSTALL_REFUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "system.h"

/* False, told, if baton.efi would not take this machine's CPUs. */
bool refuse_machine(const struct system *system);

/* False, told, if this is no baton.efi that the firmware will start. */
bool refuse_image(const void *image, size_t length, bool must_be_signed);

#endif /* CLI_INSTALL_REFUSE_H */
