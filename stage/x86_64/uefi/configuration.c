/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "configuration.h"
#include <baton/string.h>
#include "stage/say.h"
#include "console.h"

static EFI_GUID acpi20_guid = ACPI_20_TABLE_GUID;

struct acpi_rsdp *configuration_rsdp(EFI_SYSTEM_TABLE *system)
{
	for (UINTN i = 0; i < system->NumberOfTableEntries; i++)
		if (!memcmp(&system->ConfigurationTable[i].VendorGuid, &acpi20_guid,
			    sizeof(acpi20_guid)))
			return system->ConfigurationTable[i].VendorTable;
	return NULL;
}

bool configuration_install(EFI_SYSTEM_TABLE *system, struct acpi_rsdp *rsdp)
{
	EFI_STATUS status = system->BootServices->InstallConfigurationTable(&acpi20_guid, rsdp);

	if (EFI_ERROR(status))
		say("the firmware does not take new ACPI tables: %s", console_status_text(status));
	return !EFI_ERROR(status);
}
