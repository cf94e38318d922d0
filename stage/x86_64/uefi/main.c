/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton.efi: prepares the hand-over of the CPUs, then starts a kernel or the
 * next boot loader.  If the hand-over can't be prepared, what was named is
 * started all the same, as it would be without baton.
 */
#include "firmware.h"
#include "lib/conf.h"
#include "prepare.h"
#include "stage/say.h"
#include "console.h"
#include "start.h"

static struct conf conf;

/*
 * The load options as text, in place; the length, or 0 if they are no text:
 * firmware passes GUIDs and other data of its own in them.
 */
static size_t load_options_text(EFI_LOADED_IMAGE *self)
{
	const CHAR16 *wide = self->LoadOptions;
	char *text = self->LoadOptions;
	size_t length = self->LoadOptions ? self->LoadOptionsSize / sizeof(CHAR16) : 0;

	while (length && !wide[length - 1])
		length--;
	for (size_t i = 0; i < length; i++)
		if (wide[i] < ' ' || wide[i] > '~')
			return 0;
	for (size_t i = 0; i < length; i++)
		text[i] = (char)wide[i];
	return length;
}

/* A shell gives the program's own name as the first word: skip it. */
static size_t own_name(const char *text, size_t length)
{
	size_t word = 0;

	while (word < length && text[word] != ' ')
		word++;
	if (word < 4 || text[word - 4] != '.')
		return 0;
	for (size_t i = 0; i < 3; i++)
		if ((text[word - 3 + i] | 0x20) != "efi"[i])
			return 0;
	for (size_t i = 0; i < word; i++)
		if (text[i] == '=')
			return 0;
	while (word < length && text[word] == ' ')
		word++;
	return word;
}

/* What to start: the load options if there are any, else baton.conf. */
static bool read_conf(EFI_SYSTEM_TABLE *system, EFI_LOADED_IMAGE *self)
{
	struct conf_error error;
	bool parsed;
	char *text = self->LoadOptions;
	size_t length = load_options_text(self);
	size_t skip = own_name(text, length);

	if (length > skip) {
		if (conf_parse_load_options(&conf, text + skip, length - skip, &error))
			return true;
		say("load options: %s", error.message);
		return false;
	}
	if (!start_read_conf(system, self, &text, &length))
		return false;
	parsed = conf_parse_file(&conf, text, length, &error);
	system->BootServices->FreePool(text);
	if (parsed)
		return true;
	if (error.line)
		say("baton.conf, line %u: %s", error.line, error.message);
	else
		say("baton.conf: %s", error.message);
	return false;
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *system)
{
	EFI_GUID loaded_image_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_BOOT_SERVICES *boot = system->BootServices;
	EFI_LOADED_IMAGE *self;
	EFI_HANDLE image;
	EFI_STATUS status;

	console_uefi(system);
	status = boot->HandleProtocol(handle, &loaded_image_guid, (VOID **)&self);
	if (EFI_ERROR(status))
		return status;
	if (!read_conf(system, self)) {
		say("nothing to start: name a kernel or a boot loader in baton.conf");
		return EFI_INVALID_PARAMETER;
	}
	if (conf.verbose)
		say_verbosely();
	if (!start_load(handle, system, self, &conf, &image))
		return EFI_LOAD_ERROR;

	if (!prepare_handover(system, conf.wait))
		say("%s starts as without baton", conf.image);
	status = boot->StartImage(image, NULL, NULL);

	/* A boot loader may come back; a kernel does so only if it could not start. */
	prepare_undo();
	start_unload();
	say("%s came back: %s", conf.image, console_status_text(status));
	return status;
}
