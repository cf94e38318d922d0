/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The archive is cpio's "newc": Linux, Documentation/driver-api/early-userspace/
 * buffer-format.rst.
 */
#include "initramfs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define FILE_MAX (64u << 20)
#define FOLDER 040755
#define PROGRAM 0100755

struct archive {
	FILE *to;
	unsigned inode;
	char folders[4096]; /* those that are there, each between two colons */
};

static const char init[] =
	"#!/bin/busybox sh\n"
	"/bin/busybox mkdir -p /proc /sys /dev /tmp /usr/bin /usr/sbin /sbin\n"
	"/bin/busybox --install -s\n"
	"mount -t proc proc /proc\n"
	"mount -t sysfs sysfs /sys\n"
	"mount -t devtmpfs dev /dev\n"
	"export PATH=/bin:/sbin:/usr/bin:/usr/sbin PS1='baton vm# ' TERM=linux\n"
	"echo 4 >/proc/sys/kernel/printk\n"
	"cat <<-.\n"
	"\n"
	"	Linux $(uname -r), $(nproc) CPUs. To try:\n"
	"	  baton status                                  what baton holds\n"
	"	  echo 0 >/sys/devices/system/cpu/cpu1/online   put one offline\n"
	"	  next                                          start the next kernel by kexec\n"
	"	  poweroff                                      end the machine; or Ctrl-A X\n"
	"\n"
	".\n"
	"trap 'poweroff -f' USR2\n" /* busybox asks process 1 for it */
	"trap 'reboot -f' TERM\n"
	"while :; do\n"
	"	setsid cttyhack sh &\n"
	"	wait\n"
	"done\n";

static const char next[] =
	"#!/bin/sh\n"
	"# This system once more, under a kernel that is started by kexec.\n"
	"cd / && find init bin boot lib lib64 usr/lib 2>/dev/null | cpio -o -H newc >/tmp/initrd "
	"&&\n"
	"	baton kexec /boot/vmlinuz --initrd /tmp/initrd --reuse-cmdline --exec \"$@\"\n";

static void pad(struct archive *archive)
{
	while (ftell(archive->to) % 4)
		fputc(0, archive->to);
}

static void add(struct archive *archive, const char *name, unsigned mode, const void *data,
		size_t size)
{
	fprintf(archive->to, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		archive->inode++, mode, 0, 0, 1, 0, (unsigned)size, 0, 0, 0, 0,
		(unsigned)strlen(name) + 1, 0);
	fwrite(name, 1, strlen(name) + 1, archive->to);
	pad(archive);
	fwrite(data, 1, size, archive->to);
	pad(archive);
}

/* The folders that @name lies in, each once. */
static void add_folders(struct archive *archive, const char *name)
{
	for (const char *end = strchr(name, '/'); end; end = strchr(end + 1, '/')) {
		char *folder = cli_text(":%.*s:", (int)(end - name), name);

		if (!strstr(archive->folders, folder) &&
		    strlen(archive->folders) + strlen(folder) < sizeof(archive->folders)) {
			strcat(archive->folders, folder);
			folder[strlen(folder) - 1] = 0;
			add(archive, folder + 1, FOLDER, "", 0);
		}
		free(folder);
	}
}

/* A file of the machine, as @name, which begins with no slash. */
static bool add_file(struct archive *archive, const char *name, const char *path)
{
	size_t size;
	void *data = cli_read_file(path, FILE_MAX, &size);

	if (!data) {
		cli_file_error(path, "give an --initrd");
		return false;
	}
	add_folders(archive, name);
	add(archive, name, PROGRAM, data, size);
	free(data);
	return true;
}

/* A program with the libraries that the dynamic linker would load for it. */
static bool add_program(struct archive *archive, const char *name, const char *path)
{
	char *command = cli_text("ldd '%s' 2>/dev/null", path), line[PATH_MAX];
	FILE *libraries = popen(command, "re");
	bool good = add_file(archive, name, path);

	free(command);
	while (good && libraries && fgets(line, sizeof(line), libraries)) {
		char *from = strchr(line, '/'), *end = from ? strstr(from, " (0x") : NULL;

		if (!end)
			continue;
		*end = 0;
		good = add_file(archive, from + 1, from);
	}
	if (libraries)
		pclose(libraries);
	return good;
}

/* The path of a program that PATH, or a folder for the administrator's, has; or NULL. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	char *folders = cli_text("%s:/usr/sbin:/sbin:/bin", path ? path : ""), *rest;

	for (char *folder = strtok_r(folders, ":", &rest); folder;
	     folder = strtok_r(NULL, ":", &rest)) {
		char *program = cli_text("%s/%s", folder, name);

		if (!access(program, X_OK)) {
			free(folders);
			return program;
		}
		free(program);
	}
	free(folders);
	return NULL;
}

static bool add_all(struct archive *archive, const char *vmlinuz)
{
	char *busybox = find_program("busybox"), *kexec = find_program("kexec");
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	bool good;

	self[length > 0 ? length : 0] = 0;
	if (!busybox)
		cli_error("busybox: not found: install busybox-static, or give an --initrd");
	good = busybox && add_program(archive, "bin/busybox", busybox) &&
	       add_program(archive, "bin/baton", self) &&
	       (!kexec || add_program(archive, "bin/kexec", kexec)) &&
	       add_file(archive, "boot/vmlinuz", vmlinuz);
	add(archive, "init", PROGRAM, init, strlen(init));
	add(archive, "bin/next", PROGRAM, next, strlen(next));
	add(archive, "TRAILER!!!", 0, "", 0);
	free(kexec);
	free(busybox);
	return good;
}

bool initramfs_write(const char *path, const char *vmlinuz)
{
	struct archive archive = {.to = fopen(path, "wbe"), .inode = 1};
	bool good;

	if (!archive.to) {
		cli_file_error(path, "set TMPDIR to a folder with room");
		return false;
	}
	good = add_all(&archive, vmlinuz);
	if (good && (fflush(archive.to) || ferror(archive.to))) {
		cli_file_error(path, "set TMPDIR to a folder with room");
		good = false;
	}
	fclose(archive.to);
	return good;
}
