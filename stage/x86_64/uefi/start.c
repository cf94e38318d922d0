/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "start.h"
#include <baton/string.h>
#include "stage/say.h"
#include "console.h"

static EFI_BOOT_SERVICES *boot;

static const CHAR16 conf_name[] = u"baton.conf";

/*
 * UTF-8, which conf.c has found to be valid, as the UTF-16 of the firmware.
 * @out holds as many characters as @text has bytes, the terminating 0 included.
 * Returns how many it has become, with that 0.
 */
static size_t widen(CHAR16 *out, const char *text)
{
	const uint8_t *in = (const uint8_t *)text;
	size_t n = 0;

	for (;; in++) {
		uint32_t c = *in;
		int more = c < 0xc0 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

		if (more)
			c &= 0x3f >> more;
		for (; more; more--)
			c = c << 6 | (*++in & 0x3f);
		if (c >= 0x10000) {
			out[n++] = 0xd800 | (c - 0x10000) >> 10;
			c = 0xdc00 | (c & 0x3ff);
		}
		out[n++] = c;
		if (!c)
			return n;
	}
}

static bool get_protocol(EFI_HANDLE handle, EFI_GUID guid, void **interface)
{
	return !EFI_ERROR(boot->HandleProtocol(handle, &guid, interface));
}

static EFI_FILE_HANDLE open_volume(EFI_HANDLE device)
{
	EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root;

	if (!get_protocol(device, guid, (void **)&volume) ||
	    EFI_ERROR(volume->OpenVolume(volume, &root))) {
		say("the volume that baton.efi was loaded from can't be read");
		return NULL;
	}
	return root;
}

static EFI_STATUS open_file(EFI_FILE_HANDLE root, const CHAR16 *path, EFI_FILE_HANDLE *file,
			    UINT64 *size)
{
	EFI_GUID info_guid = EFI_FILE_INFO_ID;
	static union {
		EFI_FILE_INFO info;
		uint8_t room_for_name[1024];
	} buffer;
	EFI_FILE_INFO *info = &buffer.info;
	UINTN length = sizeof(buffer);
	EFI_STATUS status = root->Open(root, file, (CHAR16 *)path, EFI_FILE_MODE_READ, 0);

	if (EFI_ERROR(status))
		return status;
	status = (*file)->GetInfo(*file, &info_guid, &length, info);
	if (!EFI_ERROR(status) && (info->Attribute & EFI_FILE_DIRECTORY))
		status = EFI_NOT_FOUND;
	if (EFI_ERROR(status))
		(*file)->Close(*file);
	*size = info->FileSize;
	return status;
}

/* Read all @size bytes of @file to @to, in pieces that every firmware can take. */
static EFI_STATUS read_file(EFI_FILE_HANDLE file, void *to, UINT64 size)
{
	uint8_t *at = to;

	while (size) {
		UINTN piece = size < (16u << 20) ? size : 16u << 20;
		EFI_STATUS status = file->Read(file, &piece, at);

		if (EFI_ERROR(status))
			return status;
		if (!piece)
			return EFI_END_OF_FILE;
		at += piece;
		size -= piece;
	}
	return EFI_SUCCESS;
}

/* The path of baton.conf: that of the stage's own image with another last component. */
static void conf_path(EFI_LOADED_IMAGE *self, CHAR16 *out, size_t max)
{
	EFI_DEVICE_PATH *node = self->FilePath;
	size_t length = 0, folder = 0;

	for (; node && !IsDevicePathEnd(node); node = NextDevicePathNode(node)) {
		const CHAR16 *name = ((FILEPATH_DEVICE_PATH *)node)->PathName;
		size_t chars = (DevicePathNodeLength(node) - sizeof(*node)) / sizeof(CHAR16);

		if (DevicePathType(node) != MEDIA_DEVICE_PATH ||
		    DevicePathSubType(node) != MEDIA_FILEPATH_DP)
			continue;
		if (length && length < max)
			out[length++] = '\\';
		for (size_t i = 0; i < chars && name[i] && length < max; i++)
			out[length++] = name[i];
	}
	for (size_t i = 0; i < length; i++)
		if (out[i] == '\\')
			folder = i + 1;
	if (folder + sizeof(conf_name) / sizeof(CHAR16) > max)
		folder = 0;
	memcpy(out + folder, conf_name, sizeof(conf_name));
}

bool start_read_conf(EFI_SYSTEM_TABLE *system, EFI_LOADED_IMAGE *self, char **text, size_t *length)
{
	static CHAR16 path[CONF_PATH_MAX];
	EFI_FILE_HANDLE root, file;
	EFI_STATUS status;
	UINT64 size;

	*text = NULL;
	boot = system->BootServices;
	root = open_volume(self->DeviceHandle);
	if (!root)
		return false;
	conf_path(self, path, CONF_PATH_MAX);
	status = open_file(root, path, &file, &size);
	root->Close(root);
	if (EFI_ERROR(status)) {
		say("baton.conf, beside baton.efi: %s", console_status_text(status));
		return false;
	}
	if (size > CONF_TEXT_MAX)
		status = EFI_BAD_BUFFER_SIZE;
	else
		status = boot->AllocatePool(EfiLoaderData, size + 1, (VOID **)text);
	if (!EFI_ERROR(status))
		status = read_file(file, *text, size);
	file->Close(file);
	*length = size;
	if (EFI_ERROR(status)) {
		say("baton.conf, %llu bytes: %s", (unsigned long long)size,
		    size > CONF_TEXT_MAX ? "too long to be one" : console_status_text(status));
		if (*text)
			boot->FreePool(*text);
	}
	return !EFI_ERROR(status);
}

/*
 * The initrd, for the kernel's EFI stub: by the LoadFile2 protocol on a handle
 * with the vendor media path that Linux asks for (Linux,
 * Documentation/arch/x86/boot.rst and drivers/firmware/efi/libstub).
 */
static EFI_GUID load_file2_guid = {
	0x4006c0c1, 0xfcb3, 0x403e, {0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d}};
static EFI_GUID device_path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

static struct {
	VENDOR_DEVICE_PATH vendor;
	EFI_DEVICE_PATH end;
} initrd_path = {
	{{MEDIA_DEVICE_PATH, MEDIA_VENDOR_DP, {sizeof(VENDOR_DEVICE_PATH), 0}},
	 {0x5568e427, 0x68fc, 0x4f3d, {0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68}}},
	{END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, {sizeof(EFI_DEVICE_PATH), 0}},
};

static const struct conf *initrd_conf;
static EFI_HANDLE initrd_device, initrd_handle;
static UINT64 initrd_size;

/* Joined archives start at multiples of 4 bytes (Linux, buffer-format.rst). */
static UINT64 padded(UINT64 size)
{
	return (size + 3) & ~3ull;
}

/* All initrds one behind the other to @to, or, if that is NULL, only their size. */
static EFI_STATUS read_initrds(uint8_t *to, UINT64 *total)
{
	EFI_FILE_HANDLE root = open_volume(initrd_device), file;
	EFI_STATUS status = root ? EFI_SUCCESS : EFI_DEVICE_ERROR;
	UINT64 at = 0, size;

	for (size_t i = 0; i < initrd_conf->initrds && !EFI_ERROR(status); i++) {
		static CHAR16 path[CONF_PATH_MAX];

		widen(path, initrd_conf->initrd[i]);
		status = open_file(root, path, &file, &size);
		if (!EFI_ERROR(status)) {
			if (to && at + padded(size) <= *total) {
				memset(to + at + size, 0, padded(size) - size);
				status = read_file(file, to + at, size);
			}
			file->Close(file);
			at += padded(size);
		}
		if (EFI_ERROR(status))
			say("initrd %s: %s", initrd_conf->initrd[i], console_status_text(status));
	}
	if (root)
		root->Close(root);
	*total = at;
	return status;
}

static EFI_STATUS EFIAPI load_initrd(EFI_LOAD_FILE_PROTOCOL *this, EFI_DEVICE_PATH *path,
				     BOOLEAN boot_policy, UINTN *size, VOID *buffer)
{
	UINT64 total = initrd_size;

	(void)this;
	(void)path;
	if (boot_policy)
		return EFI_UNSUPPORTED;
	if (!buffer || *size < initrd_size) {
		*size = initrd_size;
		return EFI_BUFFER_TOO_SMALL;
	}
	*size = initrd_size;
	return read_initrds(buffer, &total);
}

static EFI_LOAD_FILE_PROTOCOL initrd_load_file2 = {load_initrd};

static bool offer_initrds(EFI_HANDLE device, const struct conf *conf)
{
	EFI_STATUS status;

	if (!conf->initrds)
		return true;
	initrd_conf = conf;
	initrd_device = device;
	if (EFI_ERROR(read_initrds(NULL, &initrd_size)))
		return false;
	status = boot->InstallMultipleProtocolInterfaces(&initrd_handle, &device_path_guid,
							 &initrd_path, &load_file2_guid,
							 &initrd_load_file2, NULL);
	if (EFI_ERROR(status))
		say("the initrd can't be offered to the kernel: %s", console_status_text(status));
	return !EFI_ERROR(status);
}

/* The device path of file @name on @device, from the pool, or NULL. */
static EFI_DEVICE_PATH *path_of_file(EFI_HANDLE device, const CHAR16 *name, size_t chars)
{
	EFI_DEVICE_PATH *device_path, *node;
	size_t prefix = 0, file = sizeof(*node) + chars * sizeof(CHAR16);
	uint8_t *path;

	if (!get_protocol(device, device_path_guid, (void **)&device_path))
		return NULL;
	for (node = device_path; !IsDevicePathEnd(node); node = NextDevicePathNode(node))
		prefix += DevicePathNodeLength(node);
	if (EFI_ERROR(boot->AllocatePool(EfiLoaderData, prefix + file + sizeof(*node),
					 (VOID **)&path)))
		return NULL;
	memcpy(path, device_path, prefix);
	node = (EFI_DEVICE_PATH *)(path + prefix);
	node->Type = MEDIA_DEVICE_PATH;
	node->SubType = MEDIA_FILEPATH_DP;
	SetDevicePathNodeLength(node, file);
	memcpy(node + 1, name, chars * sizeof(CHAR16));
	memcpy(path + prefix + file, &initrd_path.end, sizeof(*node));
	return (EFI_DEVICE_PATH *)path;
}

/* Give the loaded @image its options: the kernel's command line. */
static bool set_options(EFI_HANDLE image, const char *options)
{
	static CHAR16 wide[CONF_OPTIONS_MAX];
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded;

	if (!get_protocol(image, guid, (void **)&loaded))
		return false;
	loaded->LoadOptions = wide;
	loaded->LoadOptionsSize = widen(wide, options) * sizeof(CHAR16);
	return true;
}

bool start_load(EFI_HANDLE self_handle, EFI_SYSTEM_TABLE *system, EFI_LOADED_IMAGE *self,
		const struct conf *conf, EFI_HANDLE *image)
{
	static CHAR16 name[CONF_PATH_MAX];
	EFI_DEVICE_PATH *path;
	EFI_STATUS status;

	boot = system->BootServices;
	path = path_of_file(self->DeviceHandle, name, widen(name, conf->image));
	if (!path) {
		say("%s: the volume has no device path", conf->image);
		return false;
	}
	*image = NULL;
	status = boot->LoadImage(FALSE, self_handle, path, NULL, 0, image);
	boot->FreePool(path);
	if (EFI_ERROR(status)) {
		/* Which of the two it is, firmware does not agree upon. */
		say("%s: %s", conf->image,
		    status == EFI_ACCESS_DENIED || status == EFI_SECURITY_VIOLATION
			    ? "refused by Secure Boot: not signed with a key that the firmware "
			      "trusts"
			    : console_status_text(status));
		if (*image) /* loaded, but refused by policy */
			boot->UnloadImage(*image);
		return false;
	}
	if (set_options(*image, conf->options) && offer_initrds(self->DeviceHandle, conf))
		return true;
	boot->UnloadImage(*image);
	return false;
}

void start_unload(void)
{
	if (initrd_handle)
		boot->UninstallMultipleProtocolInterfaces(initrd_handle, &device_path_guid,
							  &initrd_path, &load_file2_guid,
							  &initrd_load_file2, NULL);
	initrd_handle = NULL;
}
