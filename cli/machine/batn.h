/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The BATN table as the commands get it. */
#ifndef CLI_MACHINE_BATN_H
#define CLI_MACHINE_BATN_H

#include <stdint.h>

#include <baton/reader.h>

/*
 * Returns a good copy of the BATN table in the file at @path, to be freed.  Reads the
 * table again if the first copy is not good, because it may be live.  Returns NULL with
 * the reason in *why and errno, which is EBADMSG if there is no good table.
 */
struct baton_table *batn_load(const char *path, const char **why);

/* That of this machine, from ACPI or, where there is none, from reserved memory. */
#define BATN_LIVE "/sys/firmware/acpi/tables/BATN"
struct baton_table *batn_load_live(const char **why);

/* By which it knows an arm64 CPU: the affinity fields of its MPIDR, packed. */
uint32_t batn_id_of_mpidr(uint64_t mpidr);

/* Words for its numbers; NULL: not known. */
const char *batn_state_name(uint32_t state);
const char *batn_wait_name(uint32_t wait);
const char *batn_event_name(uint32_t event);

#endif /* CLI_MACHINE_BATN_H */
