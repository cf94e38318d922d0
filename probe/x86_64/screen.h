/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef PROBE_X86_64_SCREEN_H
#define PROBE_X86_64_SCREEN_H

#include <stdint.h>

/* The end of the memory of the screen that boot_info.screen describes; 0: there is none. */
uint64_t screen_end(void);

/* Take it, unless it reaches beyond @map_end: it is not mapped then. */
void screen_start(uint64_t map_end);

/* At the end of what is there. */
void screen_put(char c);

#endif /* PROBE_X86_64_SCREEN_H */
