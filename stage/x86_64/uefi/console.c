/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include "stage/say.h"
#include "lib/x86_64/serial.h"

#define LINE_MAX 512 /* a longer line is cut */

static EFI_SYSTEM_TABLE *firmware; /* NULL after ExitBootServices */
static unsigned serial_port;	   /* 0: the firmware's console has none */

/*
 * The I/O port of a device path that ends in a UART: on PCs the node before it
 * names the port, PNP0501 with the number of the COM port (UEFI 2.10, 10.3.3).
 */
static unsigned port_of_path(const EFI_DEVICE_PATH *node, const uint8_t *end)
{
	static const unsigned ports[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8};
	unsigned port = 0;

	while ((const uint8_t *)node + sizeof(*node) <= end) {
		size_t length = DevicePathNodeLength(node);

		if (length < sizeof(*node) || length > (size_t)(end - (const uint8_t *)node))
			return 0;
		if (DevicePathType(node) == ACPI_DEVICE_PATH &&
		    DevicePathSubType(node) == ACPI_DP && length >= sizeof(ACPI_HID_DEVICE_PATH)) {
			const ACPI_HID_DEVICE_PATH *acpi = (const void *)node;

			if (acpi->HID == EISA_PNP_ID(0x0501) && acpi->UID < 4)
				port = ports[acpi->UID];
		}
		if (DevicePathType(node) == MESSAGING_DEVICE_PATH &&
		    DevicePathSubType(node) == MSG_UART_DP)
			return port;
		node = NextDevicePathNode(node);
	}
	return 0;
}

static void put_line(const char *line)
{
	CHAR16 wide[LINE_MAX];
	size_t i = 0;

	if (!firmware) {
		if (serial_port)
			serial_write(serial_port, line);
		return;
	}
	for (; i < LINE_MAX - 1 && line[i]; i++)
		wide[i] = (unsigned char)line[i];
	wide[i] = 0;
	firmware->ConOut->OutputString(firmware->ConOut, wide);
}

void console_uefi(EFI_SYSTEM_TABLE *system)
{
	static uint8_t path[2048];
	EFI_GUID global = EFI_GLOBAL_VARIABLE;
	UINTN size = sizeof(path);

	firmware = system;
	if (!EFI_ERROR(system->RuntimeServices->GetVariable((CHAR16 *)u"ConOut", &global, NULL,
							    &size, path)))
		serial_port = port_of_path((const EFI_DEVICE_PATH *)path, path + size);
	say_start(put_line);
}

void console_without_firmware(void)
{
	firmware = NULL;
}

const char *console_status_text(EFI_STATUS status)
{
	switch (status) {
	case EFI_SUCCESS:
		return "success";
	case EFI_LOAD_ERROR:
		return "not an image that the firmware can load";
	case EFI_UNSUPPORTED:
		return "not supported: is it an image for this machine?";
	case EFI_OUT_OF_RESOURCES:
		return "out of memory";
	case EFI_NOT_FOUND:
		return "not found";
	case EFI_ACCESS_DENIED:
		return "access denied";
	case EFI_DEVICE_ERROR:
		return "device error";
	case EFI_INVALID_PARAMETER:
		return "invalid parameter";
	case EFI_ABORTED:
		return "aborted";
	case EFI_VOLUME_CORRUPTED:
		return "volume corrupted";
	default:
		return "firmware error";
	}
}
