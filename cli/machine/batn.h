/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The BATN table as the commands get it. */
#ifndef CLI_MACHINE_BATN_H
#define CLI_MACHINE_BATN_H

#include <stdint.h>

#include <baton/reader.h>

/*
 * A good copy of the BATN table in the file at @path, or NULL, and *why says why;
 * errno does, too: EBADMSG if what was read is no good table.
 * As the table is live, it is read again if it is not good at once.
 */
struct baton_table *batn_load(const char *path, const char **why);

/* That of this machine, from ACPI or, where there is none, from reserved memory. */
#define BATN_LIVE "/sys/firmware/acpi/tables/BATN"
struct baton_table *batn_load_live(const char **why);

/* Words for its numbers; NULL: not known. */
const char *batn_state_name(uint32_t state);
const char *batn_wait_name(uint32_t wait);
const char *batn_event_name(uint32_t event);

#endif /* CLI_MACHINE_BATN_H */
