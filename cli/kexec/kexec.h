/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_KEXEC_KEXEC_H
#define CLI_KEXEC_KEXEC_H

#include <stdbool.h>

/* Makes Linux forget the loaded kernel, by whichever call it was loaded.  False with errno. */
bool kexec_unload(void);

#endif /* CLI_KEXEC_KEXEC_H */
