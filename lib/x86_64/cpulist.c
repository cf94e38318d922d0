/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cpulist.h"
#include <baton/x86_64/area.h>

acpi_error cpulist_check(const struct acpi_madt *madt)
{
	if (madt->header.length > CPULIST_MADT_MAX)
		return "larger than any machine's";
	return acpi_madt_invalidated(madt) ? NULL : acpi_madt_check(madt);
}

bool cpulist_fits(size_t ncpus)
{
	return ncpus <= BATON_X86_64_CPUS_MAX;
}

acpi_error cpulist_judge(const struct acpi_madt *madt)
{
	acpi_error wrong = cpulist_check(madt);

	if (!wrong && !cpulist_fits(acpi_madt_cpus(madt, NULL, 0)))
		wrong = "it lists more CPUs than are supported";
	return wrong;
}
