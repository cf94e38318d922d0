/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A small system for "baton vm": the machine's own busybox, this command with the
 * libraries that it needs, and a shell on the console.
 */
#ifndef CLI_VM_INITRAMFS_H
#define CLI_VM_INITRAMFS_H

#include <stdbool.h>

/*
 * Writes it to @path, with the kernel at @vmlinuz in it as /boot/vmlinuz.  Returns false,
 * after reporting an error, if there is no busybox, or if a file can't be read.
 */
bool initramfs_write(const char *path, const char *vmlinuz);

#endif /* CLI_VM_INITRAMFS_H */
