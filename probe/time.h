/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Time: by the processor's counter, which is taken to run at one rate.  Any CPU. */
#ifndef PROBE_TIME_H
#define PROBE_TIME_H

#include <stdint.h>

/*
 * Of the architecture: learn the counter's rate.  x86-64 measures it, unless the firmware has,
 * and needs the tables of tables.h.  Microseconds are wrong before it.
 */
void time_start(void);

/* Of the architecture: microseconds since any fixed moment. */
uint64_t time_us(void);

/* Wait @us microseconds. */
void time_delay_us(uint64_t us);

#endif /* PROBE_TIME_H */
