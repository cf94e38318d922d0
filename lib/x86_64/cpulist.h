/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Whether a stage goes by a MADT.  The stage decides by this, and the command promises by
 * it: one judgement.  Any CPU state with a C stack; no allocation.
 */
#ifndef LIB_X86_64_CPULIST_H
#define LIB_X86_64_CPULIST_H

#include <baton/acpi.h>

#define CPULIST_MADT_MAX (256u << 10) /* bytes: room for 16384 CPUs */

/*
 * Check @madt, all of whose header.length bytes, if they are no more than CPULIST_MADT_MAX,
 * can be read.  One that acpi_madt_invalidated() is good: its checksum is made right.
 */
acpi_error cpulist_check(const struct acpi_madt *madt);

/* Whether there are slots for @ncpus CPUs, of acpi_madt_cpus(). */
bool cpulist_fits(size_t ncpus);

/* Both of it: whether the stage goes by @madt, as far as the table alone can tell. */
acpi_error cpulist_judge(const struct acpi_madt *madt);

#endif /* LIB_X86_64_CPULIST_H */
