/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton on a Raspberry Pi: baton-armstub8.bin on its boot partition, and a block in config.txt
 * that has the firmware start it, at EL3.
 *
 * @folder names the boot partition, in the system; NULL: it is where it usually is.
 */
#ifndef CLI_INSTALL_RASPBERRYPI_ARMSTUB_H
#define CLI_INSTALL_RASPBERRYPI_ARMSTUB_H

#include <stdbool.h>

#include "cli/install/change.h"
#include "cli/install/system.h"

/*
 * Whether a system is one of a board, by its device tree; or, if it does not run, by the files
 * of its boot partition.
 */
bool armstub_is_for(const struct system *system, const char *folder);

/* Installs it; returns false, after reporting an error, with everything as it was before. */
bool armstub_install(struct changes *changes, const struct system *system, const char *folder);

/* Takes it away; returns false, after reporting an error, if something stays that should not. */
bool armstub_undo(struct changes *changes, const struct system *system, const char *folder);

struct armstub_state {
	bool installed; /* any part of it */
	char *folder;	/* the boot partition; NULL: none was found */
	char *program;	/* the stub; NULL: it is not there */
	bool own;	/* and is that of this version */
	bool starts;	/* the firmware will start it */
	char *config;	/* what config.txt says of it; NULL: nothing, or it was not read */
};

/* To be given to armstub_state_free(). */
struct armstub_state armstub_state(const struct system *system, const char *folder);
void armstub_state_free(struct armstub_state *state);

#endif /* CLI_INSTALL_RASPBERRYPI_ARMSTUB_H */
