/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "restart.h"

#include <efivar/efivar.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "efivars.h"

#define NAME "BatonRestart"
#define NOTE_MAX 1024

static const efi_guid_t guid =
	EFI_GUID(0x2c64d3f5, 0x9a0b, 0x4f7e, 0xb1d6, 0x3e, 0x52, 0x8c, 0x19, 0xe4, 0x7d);

/* Without variables libefivar calls functions that it does not have. */
static bool supported(void)
{
	if (efi_variables_supported())
		return true;
	errno = ENOSYS;
	return false;
}

bool restart_note_write(const char *text)
{
	return supported() && !efi_set_variable(guid, NAME, (uint8_t *)text, strlen(text),
						EFIVARS_ATTRIBUTES, EFIVARS_MODE);
}

char *restart_note_read(void)
{
	uint32_t attributes;
	size_t length;
	uint8_t *data;
	char *text;

	if (!supported() || efi_get_variable(guid, NAME, &data, &length, &attributes))
		return NULL;
	text = length <= NOTE_MAX ? cli_printable(cli_text("%.*s", (int)length, (char *)data))
				  : NULL;
	free(data);
	return text;
}

void restart_note_remove(void)
{
	if (supported())
		efi_del_variable(guid, NAME);
}
