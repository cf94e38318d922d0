/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef PROBE_END_H
#define PROBE_END_H

/* The end, as the option end= wants it: the machine is reset, or the CPU halts. */
_Noreturn void end_probe(void);

#endif /* PROBE_END_H */
