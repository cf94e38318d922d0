/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The processor that the command runs on; a source per architecture. */
#ifndef CLI_INSTALL_PROCESSOR_H
#define CLI_INSTALL_PROCESSOR_H

#include <stdbool.h>

/* Whether baton.efi works on this processor; if not, says why and what to do. */
bool processor_is_right(void);

#endif /* CLI_INSTALL_PROCESSOR_H */
