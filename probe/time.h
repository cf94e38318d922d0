/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Time: by the processor's counter, which is taken to run at one rate. */
#ifndef PROBE_TIME_H
#define PROBE_TIME_H

#include <stdint.h>

/* Learn its rate.  x86-64 measures it, unless the firmware has; needs the tables of tables.h. */
void time_start(void);

uint64_t time_us(void);

/* Wait; others may use the processor meanwhile. */
void delay_us(uint64_t us);

#endif /* PROBE_TIME_H */
