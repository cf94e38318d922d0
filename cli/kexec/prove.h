/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The proof, before a kexec, that the secondary CPUs have left the running kernel. */
#ifndef CLI_KEXEC_PROVE_H
#define CLI_KEXEC_PROVE_H

#include <stdbool.h>

struct proof;

/*
 * Linux starts the next kernel without asking whether the secondary CPUs have left: a CPU
 * that has not executes memory that is overwritten.  This takes every CPU but the first
 * offline, by Linux's own files in @root, and waits until BATN reports each one held since
 * then.  Where a mailbox wakes the CPUs, each must also have answered TEST since then.  A CPU
 * that was offline before must be held.  Does nothing where baton is not in force: there is
 * no proof then.
 *
 * Returns NULL after an error that names the CPUs that are not proven within @timeout_ms
 * after the last one was taken offline; the others are then online again.  Linux waits without
 * end for a CPU that it wakes, so one that is not proven stays offline.
 */
struct proof *prove_cpus(const char *root, unsigned timeout_ms);

/* The next kernel was not started: takes the CPUs online again. */
void prove_undo(struct proof *proof);

/*
 * The same late in a shutdown, where the system is gone already: every CPU that can be taken
 * offline is, whatever becomes of another one, and none comes online again.  Names each CPU
 * that is not proven, without advice.  Returns whether all are, or baton is not in force; else
 * *names is which are not, to be freed.
 */
bool prove_at_last(const char *root, unsigned timeout_ms, char **names);

#endif /* CLI_KEXEC_PROVE_H */
