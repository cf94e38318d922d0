/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "bootentry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <efivar/efiboot.h>
#include <efivar/efivar.h>

#include "cli/cli.h"
#include "cli/machine/efivars.h"

#define NUMBERS 0x10000
#define ORDER_MAX 1024
#define ENTRY_MAX 4096 /* bytes of one that is made here */
#define LOAD_OPTION_ACTIVE 1

struct order {
	uint16_t number[ORDER_MAX];
	size_t length;
};

bool bootentry_available(void)
{
	if (efi_variables_supported())
		return true;
	cli_error("no UEFI variables: this system was not started by UEFI firmware, or "
		  "/sys/firmware/efi/efivars is not mounted: without UEFI, --hook wraps "
		  "kernels instead");
	return false;
}

static uint8_t *read_variable(const char *name, size_t *length)
{
	uint32_t attributes;
	uint8_t *data;

	return efi_get_variable(efi_guid_global, name, &data, length, &attributes) ? NULL : data;
}

static bool write_variable(const char *name, const void *data, size_t length)
{
	if (!efi_set_variable(efi_guid_global, name, (uint8_t *)data, length, EFIVARS_ATTRIBUTES,
			      EFIVARS_MODE))
		return true;
	cli_file_error(name, "mount efivarfs for writing, or make room there by efibootmgr");
	return false;
}

static bool is_set(const char *name)
{
	size_t length;
	uint8_t *data = read_variable(name, &length);
	bool set = data && length == 1 && *data == 1;

	free(data);
	return set;
}

bool bootentry_is_secure(void)
{
	return is_set("SecureBoot") && !is_set("SetupMode");
}

static void variable_of(int number, char name[static 16])
{
	snprintf(name, 16, "Boot%04X", (unsigned)number & 0xffff);
}

/* The path of a file node, as ASCII; others than ASCII characters become '?'. */
static void take_path(struct bootentry *entry, const efidp_file *node, size_t size)
{
	size_t n = (size - sizeof(node->header)) / sizeof(uint16_t), i;

	for (i = 0; i < n && i < BOOTENTRY_PATH_MAX - 1; i++) {
		uint16_t c;

		memcpy(&c, (const uint8_t *)node + sizeof(node->header) + i * sizeof(c), sizeof(c));
		if (!c)
			break;
		entry->path[i] = c == '/' ? '\\' : c < 0x80 ? (char)c : '?';
	}
	entry->path[i] = 0;
}

static void take_nodes(struct bootentry *entry, const_efidp node)
{
	do {
		ssize_t size = efidp_node_size(node);

		if (efidp_type(node) != EFIDP_MEDIA_TYPE || size < (ssize_t)sizeof(efidp_header))
			continue;
		if (efidp_subtype(node) == EFIDP_MEDIA_HD && size >= (ssize_t)sizeof(efidp_hd) &&
		    node->hd.signature_type == EFIDP_HD_SIGNATURE_GUID)
			memcpy(&entry->partition, node->hd.signature, sizeof(entry->partition));
		else if (efidp_subtype(node) == EFIDP_MEDIA_FILE)
			take_path(entry, &node->file, (size_t)size);
	} while (efidp_next_node(node, &node) > 0);
}

/* UEFI 2.10, section 3.1.3: OptionalData, which for Linux's EFI stub is its command line. */
static void take_options(struct bootentry *entry, const unsigned char *data, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < length && (data[i] || data[i + 1]); i += 2) {
		if (data[i + 1] || data[i] < ' ' || data[i] > '~' ||
		    n + 1 == sizeof(entry->options)) {
			n = 0; /* it is something else */
			break;
		}
		entry->options[n++] = (char)data[i];
	}
	entry->options[n] = 0;
}

bool bootentry_read(int number, struct bootentry *entry)
{
	char variable[16];
	efi_load_option *option;
	size_t length, rest;
	unsigned char *options;

	*entry = (struct bootentry){.name = ""};
	variable_of(number, variable);
	option = (efi_load_option *)read_variable(variable, &length);
	if (!option || !efi_loadopt_is_valid(option, length)) {
		free(option);
		return false;
	}
	snprintf(entry->name, sizeof(entry->name), "%s",
		 (const char *)efi_loadopt_desc(option, (ssize_t)length));
	take_nodes(entry, efi_loadopt_path(option, (ssize_t)length));
	entry->has_options =
		!efi_loadopt_optional_data(option, length, &options, &rest) && rest > 0;
	if (entry->has_options)
		take_options(entry, options, rest);
	free(option);
	return true;
}

int bootentry_current(void)
{
	size_t length;
	uint8_t *data = read_variable("BootCurrent", &length);
	int number = data && length == 2 ? data[0] | data[1] << 8 : BOOTENTRY_NONE;

	free(data);
	return number;
}

static void read_order(struct order *order)
{
	size_t length;
	uint8_t *data = read_variable("BootOrder", &length);

	order->length = data ? length / sizeof(*order->number) : 0;
	if (order->length > ORDER_MAX)
		order->length = ORDER_MAX;
	if (data)
		memcpy(order->number, data, order->length * sizeof(*order->number));
	free(data);
}

int bootentry_place(int number)
{
	struct order order;

	read_order(&order);
	for (size_t i = 0; i < order.length; i++)
		if (order.number[i] == number)
			return (int)i;
	return BOOTENTRY_NONE;
}

static bool is_for(int number, const efi_guid_t *partition, const char *path)
{
	struct bootentry entry;

	return bootentry_read(number, &entry) && !strcasecmp(entry.path, path) &&
	       !memcmp(&entry.partition, partition, sizeof(*partition));
}

/* The number of a variable Boot####, or BOOTENTRY_NONE. */
static int number_of(const efi_guid_t *guid, const char *name)
{
	unsigned number;
	int end = 0;

	if (memcmp(guid, &efi_guid_global, sizeof(*guid)) || strlen(name) != 8 ||
	    sscanf(name, "Boot%4X%n", &number, &end) != 1 || end != 8)
		return BOOTENTRY_NONE;
	return (int)number;
}

/* Call @visit for each Boot#### until it returns true; that one's number. */
static int each_entry(bool (*visit)(int number, void *arg), void *arg)
{
	efi_guid_t *guid = NULL;
	char *name = NULL;
	int found = BOOTENTRY_NONE;

	/* To its end: libefivar keeps the folder open until then. */
	while (efi_get_next_variable_name(&guid, &name) > 0) {
		int number = number_of(guid, name);

		if (found == BOOTENTRY_NONE && number != BOOTENTRY_NONE && visit(number, arg))
			found = number;
	}
	return found;
}

struct wanted {
	const efi_guid_t *partition;
	const char *path;
};

static bool is_wanted(int number, void *arg)
{
	const struct wanted *wanted = arg;

	return is_for(number, wanted->partition, wanted->path);
}

int bootentry_find(const efi_guid_t *partition, const char *path)
{
	struct wanted wanted = {partition, path};
	struct order order;

	read_order(&order);
	for (size_t i = 0; i < order.length; i++)
		if (is_wanted(order.number[i], &wanted))
			return order.number[i];
	return each_entry(is_wanted, &wanted);
}

static bool mark(int number, void *arg)
{
	((bool *)arg)[number] = true;
	return false;
}

static int unused_number(void)
{
	static bool used[NUMBERS];

	each_entry(mark, used);
	for (int number = 0; number < NUMBERS; number++)
		if (!used[number]) {
			used[number] = true; /* a dry run makes none */
			return number;
		}
	return BOOTENTRY_NONE;
}

/* The load option: UEFI 2.10, section 3.1.3; its length, or -1. */
static ssize_t make_entry(uint8_t entry[static ENTRY_MAX], const struct esp_partition *partition,
			  const char *path, const char *name)
{
	uint8_t device[ENTRY_MAX / 2];
	ssize_t n = 0, m;

	m = efidp_make_hd(device, sizeof(device), partition->number, partition->start,
			  partition->size, (uint8_t *)&partition->guid, EFIDP_HD_FORMAT_GPT,
			  EFIDP_HD_SIGNATURE_GUID);
	if (m < 0)
		return -1;
	n += m;
	m = efidp_make_file(device + n, (ssize_t)sizeof(device) - n, (char *)path);
	if (m < 0)
		return -1;
	n += m;
	m = efidp_make_end_entire(device + n, (ssize_t)sizeof(device) - n);
	if (m < 0)
		return -1;
	n += m;
	return efi_loadopt_create(entry, ENTRY_MAX, LOAD_OPTION_ACTIVE, (efidp)device, n,
				  (unsigned char *)name, NULL, 0);
}

static int add_entry(struct changes *changes, const struct esp_partition *partition,
		     const char *path, const char *name)
{
	uint8_t entry[ENTRY_MAX];
	ssize_t length = make_entry(entry, partition, path, name);
	int number = unused_number();
	char variable[16];

	if (length < 0 || number == BOOTENTRY_NONE) {
		cli_error("%s: no boot entry can be made of it", path);
		return BOOTENTRY_NONE;
	}
	variable_of(number, variable);
	if (change_begins(changes, "add the boot entry %s: \"%s\", %s", variable, name, path) &&
	    !write_variable(variable, entry, (size_t)length))
		return BOOTENTRY_NONE;
	return number;
}

static void print_order(const struct order *order, char *text, size_t size)
{
	size_t used = 0;

	*text = 0;
	for (size_t i = 0; i < order->length && used + 8 < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%04X", i ? " " : "",
					 order->number[i]);
	if (!order->length)
		snprintf(text, size, "none");
}

static bool write_order(struct changes *changes, const struct order *order)
{
	char text[256];

	print_order(order, text, sizeof(text));
	return !change_begins(changes, "set the boot order: %s", text) ||
	       write_variable("BootOrder", order->number, order->length * sizeof(*order->number));
}

static void leave_out(struct order *order, int number)
{
	size_t n = 0;

	for (size_t i = 0; i < order->length; i++)
		if (order->number[i] != number)
			order->number[n++] = order->number[i];
	order->length = n;
}

/* Have the order begin with these. */
static bool put_first(struct changes *changes, const struct order *first)
{
	size_t bytes = first->length * sizeof(*first->number);
	struct order order;

	read_order(&order);
	if (order.length >= first->length && !memcmp(order.number, first->number, bytes))
		return true;
	/* Without an order the firmware chose by itself: that comes behind, or is lost. */
	if (!order.length && bootentry_current() != BOOTENTRY_NONE)
		order.number[order.length++] = (uint16_t)bootentry_current();
	for (size_t i = 0; i < first->length; i++)
		leave_out(&order, first->number[i]);
	if (order.length > ORDER_MAX - first->length)
		order.length = ORDER_MAX - first->length;
	memmove(order.number + first->length, order.number, order.length * sizeof(*order.number));
	memcpy(order.number, first->number, bytes);
	order.length += first->length;
	return write_order(changes, &order);
}

bool bootentry_add(struct changes *changes, const struct esp_partitions *partitions,
		   const char *path, const char *name)
{
	struct order first = {.length = 0};

	for (size_t i = 0; i < partitions->count; i++) {
		const struct esp_partition *partition = &partitions->partition[i];
		int number = bootentry_find(&partition->guid, path);

		if (number == BOOTENTRY_NONE)
			number = add_entry(changes, partition, path, name);
		if (number == BOOTENTRY_NONE)
			return false;
		first.number[first.length++] = (uint16_t)number;
	}
	return put_first(changes, &first);
}

struct unwanted {
	const struct esp_partitions *partitions;
	const char *path;
	struct order found;
};

static bool is_unwanted(int number, void *arg)
{
	struct unwanted *unwanted = arg;
	struct bootentry entry;

	if (unwanted->found.length < ORDER_MAX && bootentry_read(number, &entry) &&
	    !strcasecmp(entry.path, unwanted->path) &&
	    esp_has_partition(unwanted->partitions, &entry.partition))
		unwanted->found.number[unwanted->found.length++] = (uint16_t)number;
	return false;
}

static bool remove_from_order(struct changes *changes, const struct order *unwanted)
{
	struct order order;
	size_t length;

	read_order(&order);
	length = order.length;
	for (size_t i = 0; i < unwanted->length; i++)
		leave_out(&order, unwanted->number[i]);
	return order.length == length || write_order(changes, &order);
}

bool bootentry_remove(struct changes *changes, const struct esp_partitions *partitions,
		      const char *path)
{
	struct unwanted unwanted = {.partitions = partitions, .path = path};
	char variable[16];

	each_entry(is_unwanted, &unwanted);
	if (!remove_from_order(changes, &unwanted.found))
		return false;
	for (size_t i = 0; i < unwanted.found.length; i++) {
		variable_of(unwanted.found.number[i], variable);
		if (change_begins(changes, "remove the boot entry %s", variable) &&
		    efi_del_variable(efi_guid_global, variable)) {
			cli_file_error(variable, "mount efivarfs for writing");
			return false;
		}
	}
	return true;
}
