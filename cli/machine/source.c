/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Where the tables are: in files of their own, in a folder, in the running
 * system or in a copy of one.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <baton/acpi.h>

#include "cli/cli.h"
#include "batn.h"
#include "machine.h"

#define FILE_MAX (16u << 20)

/* The tables that count, wherever they were found. */
struct tables {
	struct table {
		const char *signature;
		void *data;
		size_t size;
	} madt, fadt, batn;
	bool dump; /* there was text instead */
};

static void take(struct table *into, const void *data, size_t size)
{
	if (into->data) /* the first counts, as for Linux */
		return;
	into->data = cli_alloc(size);
	memcpy(into->data, data, size);
	into->size = size;
}

static struct table *wanted(struct tables *t, const char *signature)
{
	struct table *const all[] = {&t->madt, &t->fadt, &t->batn};

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!memcmp(signature, all[i]->signature, 4))
			return all[i];
	return NULL;
}

static bool credible(const struct acpi_header *header, size_t left)
{
	for (unsigned i = 0; i < sizeof(header->signature); i++)
		if (!isupper((unsigned char)header->signature[i]) &&
		    !isdigit((unsigned char)header->signature[i]))
			return false;
	return header->length >= sizeof(*header) && header->length <= left &&
	       header->length <= ACPI_TABLE_MAX;
}

/* The text that acpidump prints: "APIC @ 0x00000000", and bytes. */
static bool is_acpidump(const void *data, size_t size)
{
	return memmem(data, size, " @ 0x", 5);
}

/*
 * A file is one table, or several with or without something between them.  The first
 * table counts even if it is broken.  Later ones must have a right checksum: nothing
 * else distinguishes them from other bytes.
 */
static void take_tables(struct tables *t, const uint8_t *data, size_t size)
{
	bool dump = is_acpidump(data, size);

	t->dump |= dump;
	for (size_t at = 0; at + sizeof(struct acpi_header) <= size;) {
		const struct acpi_header *header = (const void *)(data + at);
		struct table *into = wanted(t, header->signature);
		bool good = credible(header, size - at) && !acpi_sum(header, header->length);

		if (into && (good || (!at && !dump)))
			take(into, header, good ? header->length : size);
		at += good ? header->length : 1;
	}
}

static void look_at(struct machine *m, struct tables *t)
{
	const char *why;

	if (t->madt.data)
		madt_read(m, t->madt.data, t->madt.size, t->fadt.data, t->fadt.size);
	if (!t->batn.data)
		return;
	why = baton_table_check(t->batn.data, t->batn.size);
	if (why) {
		machine_problem(m, false, "BATN", "%s", why);
		return;
	}
	m->batn = t->batn.data;
	t->batn.data = NULL;
	machine_check_area(m);
}

static void free_tables(struct tables *t)
{
	free(t->madt.data);
	free(t->fadt.data);
	free(t->batn.data);
}

static const struct tables no_tables = {.madt = {"APIC"}, .fadt = {"FACP"}, .batn = {"BATN"}};

static bool take_file(struct tables *t, const char *path)
{
	size_t size;
	void *data = cli_read_file(path, FILE_MAX, &size);

	if (!data)
		return false;
	take_tables(t, data, size);
	free(data);
	return true;
}

static bool take_folder(struct tables *t, const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort), error = 0;

	if (n < 0)
		return false;
	for (int i = 0; i < n; i++) {
		char *file = cli_text("%s/%s", path, names[i]->d_name);
		struct stat s;

		if (!stat(file, &s) && S_ISREG(s.st_mode) && !take_file(t, file))
			error = errno;
		free(file);
		free(names[i]);
	}
	free(names);
	errno = error;
	return t->madt.data || !error;
}

bool source_acpi(struct machine *m, const char *path)
{
	struct tables t = no_tables;
	struct stat s;
	bool folder = !stat(path, &s) && S_ISDIR(s.st_mode);

	m->source = cli_text("%s", path);
	if (!(folder ? take_folder(&t, path) : take_file(&t, path))) {
		cli_error("%s: %s: give a file or folder of ACPI tables that you may read", path,
			  strerror(errno));
		return false;
	}
	look_at(m, &t);
	free_tables(&t);
	if (m->has_madt)
		return true;
	if (t.dump)
		cli_error("%s: this is the text that acpidump prints: convert it by \"acpixtract "
			  "-a\", and give apic.dat",
			  path);
	else
		cli_error("%s: no MADT (signature APIC) in there: give that table, or a folder "
			  "with it, "
			  "as /sys/firmware/acpi/tables",
			  path);
	return false;
}

bool source_dtb(struct machine *m, const char *path)
{
	size_t size;
	void *tree = cli_read_file(path, FILE_MAX, &size);

	m->source = cli_text("%s", path);
	if (!tree) {
		cli_error("%s: %s: give a compiled device tree (.dtb)", path, strerror(errno));
		return false;
	}
	dtb_read(m, tree, size);
	free(tree);
	return true;
}

/* The running system, or a copy of its proc/ and sys/. */

/* The first line of a small file below @root, printable, or NULL. */
static char *line_of(const char *root, const char *path)
{
	char *file = cli_text("%s/%s", root, path);
	char *text = cli_read_file(file, 1 << 16, NULL);

	free(file);
	if (!text)
		return NULL;
	text[strcspn(text, "\n")] = 0;
	return cli_printable(text);
}

static long long number_of(const char *root, const char *path)
{
	char *text = line_of(root, path), *end;
	long long n = text ? strtoll(text, &end, 10) : -1;

	if (text && (end == text || *end))
		n = -1;
	free(text);
	return n;
}

static int is_tdx_guest(const char *root)
{
	char *file = cli_text("%s/proc/cpuinfo", root);
	char *text = cli_read_file(file, FILE_MAX, NULL);
	int tdx = text ? strstr(text, " tdx_guest") != NULL : -1;

	free(text);
	free(file);
	return tdx;
}

/* Linux makes the file for CPUs that its method can take offline. */
static bool can_offline(const char *root)
{
	char *pattern = cli_text("%s/sys/devices/system/cpu/cpu[0-9]*/online", root);
	glob_t found;
	bool any = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;

	globfree(&found);
	free(pattern);
	return any;
}

static void read_state(struct machine *m, const char *root)
{
	char *version = line_of(root, "proc/sys/kernel/osrelease");

	if (version && !m->kernel)
		machine_set_kernel(m, version);
	free(version);
	m->tdx = is_tdx_guest(root);
	m->online = line_of(root, "sys/devices/system/cpu/online");
	m->possible = line_of(root, "sys/devices/system/cpu/possible");
	m->can_offline = can_offline(root);
	m->kexec_disabled = (int)number_of(root, "proc/sys/kernel/kexec_load_disabled");
	m->kexec_loaded = (int)number_of(root, "sys/kernel/kexec_loaded");
	m->crash_loaded = (int)number_of(root, "sys/kernel/kexec_crash_loaded");
	m->crash_size = number_of(root, "sys/kernel/kexec_crash_size");
	m->lockdown = line_of(root, "sys/kernel/security/lockdown");
}

/* "none [integrity] confidentiality": the word in brackets. */
static void plain_lockdown(struct machine *m)
{
	char *from = m->lockdown ? strchr(m->lockdown, '[') : NULL;
	char *to = from ? strchr(from, ']') : NULL;
	char *word = to ? cli_text("%.*s", (int)(to - from - 1), from + 1) : NULL;

	free(m->lockdown);
	m->lockdown = word;
}

/* In a TDX guest the area is ACPI NVS: Linux maps reserved memory as shared with the host. */
static bool is_kept(const char *name)
{
	return !strcasecmp(name, "reserved") || !strcasecmp(name, "ACPI Non-volatile Storage");
}

/* Whether the memory map in @root lists [base, base + size) as reserved; *known: it is readable. */
static bool reserved(const char *root, uint64_t base, uint64_t size, bool *known)
{
	char *file = cli_text("%s/proc/iomem", root);
	char *text = cli_read_file(file, FILE_MAX, NULL), *rest = text;
	bool found = false;

	*known = false;
	for (char *line; text && (line = strsep(&rest, "\n"));) {
		uint64_t first, last;
		int end = 0;

		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %n", &first, &last, &end) != 2 || !end)
			continue;
		*known |= last != 0; /* users other than root see zeros */
		found |= is_kept(line + end) && first <= base && size && last >= base + size - 1;
	}
	free(text);
	free(file);
	return found;
}

static void check_reserved(struct machine *m, const char *root)
{
	bool known, good = reserved(root, m->batn->area, m->batn->area_size, &known);

	if (known && !good)
		machine_problem(m, false, "BATN",
				"the area at 0x%" PRIx64
				" is not reserved in /proc/iomem: the next "
				"kernel may overwrite it",
				m->batn->area);
}

static bool read_tables(struct machine *m, const char *root)
{
	struct tables t = no_tables;
	char *folder = cli_text("%s/sys/firmware/acpi/tables", root);
	bool good = take_folder(&t, folder);
	int error = errno;

	if (good) {
		char *file = cli_text("%s/BATN", folder);
		const char *why;
		void *again = t.batn.data ? batn_load(file, &why) : NULL;

		if (again) { /* the table is live: the first copy may be torn */
			free(t.batn.data);
			t.batn.data = again;
			t.batn.size = ((struct acpi_header *)again)->length;
		}
		free(file);
	}
	look_at(m, &t);
	free_tables(&t);
	free(folder);
	errno = error;
	return good && m->has_madt;
}

static bool read_tree(struct machine *m, const char *root)
{
	char *file = cli_text("%s/sys/firmware/fdt", root);
	size_t size;
	void *tree = cli_read_file(file, FILE_MAX, &size);
	int error = errno;
	bool found = tree;

	if (found)
		dtb_read(m, tree, size);
	if (m->area && !*root) {
		const char *why;

		m->batn = batn_load_live(&why);
		if (m->batn) {
			machine_check_area(m);
			check_reserved(m, root);
		} else {
			machine_problem(m, false, "BATN", "%s", why);
		}
	}
	free(tree);
	free(file);
	errno = error;
	return found;
}

bool source_system(struct machine *m, const char *root)
{
	bool here = !*root;
	int error;

	m->source = here ? cli_text("this machine") : cli_text("%s", root);
	read_state(m, root);
	plain_lockdown(m);
	if (read_tables(m, root)) {
		if (m->batn)
			check_reserved(m, root);
		return true;
	}
	error = errno;
	if (read_tree(m, root))
		return true;
	if (error == EACCES || errno == EACCES)
		cli_error("%s/sys/firmware: only root can read the tables: run it as root, or "
			  "give copies by --acpi, --dtb or --sysfs",
			  root);
	else if (here)
		cli_error("/sys/firmware: neither an ACPI MADT nor a device tree: this may be a "
			  "container; run it on the machine itself");
	else
		cli_error("%s: neither sys/firmware/acpi/tables with a MADT nor sys/firmware/fdt: "
			  "give the folder that contains sys/ and proc/",
			  root);
	return false;
}
