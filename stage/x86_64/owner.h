/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The owner of the secondary CPUs when the stage begins. */
#ifndef STAGE_X86_64_OWNER_H
#define STAGE_X86_64_OWNER_H

#include <baton/x86_64/area.h>
#include "area/x86_64/install.h"
#include "tables.h"

enum owner {
	OWNER_NONE,    /* no wakeup structure that can be used: they take INIT and SIPI, if any */
	OWNER_MAILBOX, /* the firmware or resident behind the MADT's mailbox; a new area is made */
	OWNER_AREA,    /* an earlier stage's area, which is adopted */
	OWNER_STAGE,   /* an earlier stage that has prepared everything and has yet to collect */
};

/*
 * Look at the tables that tables_read() has found, and print what there is.  @plan
 * is what an area would have to be.  *@area is set for OWNER_AREA.
 * @reserved: true if [@address, @address + @length) is memory that no kernel takes
 * for its own.
 */
enum owner owner_find(const struct area_plan *plan, const struct tables_memory *memory,
		      bool (*reserved)(uint64_t address, uint64_t length),
		      struct baton_area **area);

#endif /* STAGE_X86_64_OWNER_H */
