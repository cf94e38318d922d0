/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Kernels by their file names: which is newer, and which is no more than a copy. */
#ifndef CLI_KERNEL_VERSION_H
#define CLI_KERNEL_VERSION_H

#include <stdbool.h>

/*
 * Compare two versions as dpkg does (Debian Policy, section 5.6.12, without epochs): below 0,
 * 0, or above 0, as @a is older than @b, the same, or newer.  "-rc" is taken for "~rc": a
 * release candidate is older than the release.  After a dot a number is newer than letters,
 * as for rpm.
 */
int version_compare(const char *a, const char *b);

/*
 * The version in the path of a kernel: of "/boot/vmlinuz-6.12.0-amd64" and of
 * "/boot/0123456789abcdef/6.12.0-amd64/linux".  To be freed.
 */
char *version_of(const char *path);

/* Whether it is a copy that an installation has left: .old, .bak, .dpkg-*, .rpm*, "~". */
bool version_is_left_over(const char *path);

/* Whether the kernel @path is to be taken rather than @than (NULL: none): no copy, and newer. */
bool version_is_better(const char *path, const char *than);

#endif /* CLI_KERNEL_VERSION_H */
