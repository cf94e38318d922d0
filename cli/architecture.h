/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_ARCHITECTURE_H
#define CLI_ARCHITECTURE_H

/* Of a machine, or of a kernel as a file. */
enum architecture { ARCH_UNKNOWN, ARCH_X86_64, ARCH_ARM64 };

#endif /* CLI_ARCHITECTURE_H */
