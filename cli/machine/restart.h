/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A note for the next kernel: that "systemctl kexec" became a restart, and why.  Neither a file
 * system nor memory is left to write it to, so it is a UEFI variable, which also libefivar's
 * EFIVARFS_PATH may have.  A machine without UEFI has no such note.
 */
#ifndef CLI_MACHINE_RESTART_H
#define CLI_MACHINE_RESTART_H

#include <stdbool.h>

/* Notes @text, one line of ASCII, in the place of an earlier note.  False with errno. */
bool restart_note_write(const char *text);

/* Returns the note, to be freed; NULL: there is none. */
char *restart_note_read(void);

/* Removes the note, if there is one. */
void restart_note_remove(void);

#endif /* CLI_MACHINE_RESTART_H */
