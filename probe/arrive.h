/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef PROBE_ARRIVE_H
#define PROBE_ARRIVE_H

#include <stdint.h>

/*
 * In arrive.S of the architecture: what the page is made of at which a CPU arrives.  It is
 * copied there, and filled in; see the architecture's arrival.h.
 */
extern const uint8_t arrive_template[];

#endif /* PROBE_ARRIVE_H */
