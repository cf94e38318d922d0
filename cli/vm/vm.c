/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton vm: a kernel under baton, in QEMU.  With UEFI firmware, from a folder that
 * QEMU shows as an ESP; or wrapped, by QEMU's own loader.  A kernel for arm64 always
 * starts wrapped, on a Raspberry Pi 3.
 */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <glob.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "initramfs.h"
#include "cli/kernel/kernel.h"
#include "cli/kernel/version.h"

#define ARGUMENTS_MAX 128
#define CPUS_DEFAULT "4"
#define MEMORY_DEFAULT "1024"
#define COMMAND_LINE "console=ttyS0 panic=-1"
#define TIMER " no_timer_check" /* it fails in a machine that is emulated slowly */

/* A Raspberry Pi 3: its second serial port is the console, the first is Bluetooth's. */
#define BOARD_COMMAND_LINE "console=ttyS1,115200 panic=-1"
#define BOARD_TREE "bcm2837-rpi-3-b.dtb"
#define BOARD_TREES "/usr/lib/linux-image-*/broadcom/" BOARD_TREE

struct vm {
	const char *cpus, *memory, *kernel, *initrd, *firmware, *append, *accel, *dtb;
	struct kernel image;
	bool stock, wrap, dry_run;
	char *folder; /* with all that is made for the machine; removed at the end */
	char *found;  /* a kernel or a firmware that was not given */
	char *arguments[ARGUMENTS_MAX + 1];
	int count;
};

/* QEMU's arguments. */

static void __attribute__((format(printf, 2, 3))) argument(struct vm *vm, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vm->count < ARGUMENTS_MAX)
		vm->arguments[vm->count++] = cli_vtext(format, args);
	va_end(args);
}

static void option(struct vm *vm, const char *name, const char *value)
{
	argument(vm, "%s", name);
	argument(vm, "%s", value);
}

/* A file of the machine's folder. */
static char *in_folder(const struct vm *vm, const char *name)
{
	return cli_text("%s/%s", vm->folder, name);
}

static bool make_folder(const struct vm *vm, const char *name)
{
	char *path = in_folder(vm, name);
	bool good = !mkdir(path, 0700);

	if (!good)
		cli_file_error(path, "set TMPDIR to a folder with room");
	free(path);
	return good;
}

static bool write_file(const struct vm *vm, const char *name, const void *data, size_t size)
{
	char *path = in_folder(vm, name);
	bool good = cli_write_file(path, data, size);

	if (!good)
		cli_file_error(path, "set TMPDIR to a folder with room");
	free(path);
	return good;
}

static bool copy_file(const struct vm *vm, const char *name, const char *from)
{
	size_t size;
	void *data = cli_read_file(from, BZIMAGE_MAX, &size);
	bool good = data && write_file(vm, name, data, size);

	if (!data)
		cli_file_error(from, "give a file that can be read");
	free(data);
	return good;
}

/* The kernel. */

/* The newest one in /boot that can be read: in Debian all users may. */
static bool find_kernel(struct vm *vm)
{
	DIR *boot = opendir("/boot");
	struct dirent *entry;
	char *best = NULL;

	while (boot && (entry = readdir(boot))) {
		char *path = cli_text("/boot/%s", entry->d_name);

		if (!strncmp(entry->d_name, "vmlinuz-", 8) && !access(path, R_OK) &&
		    version_is_better(path, best)) {
			free(best);
			best = strdup(path);
		}
		free(path);
	}
	if (boot)
		closedir(boot);
	vm->kernel = vm->found = best;
	if (!best)
		cli_error("no kernel in /boot that can be read: give one by --kernel");
	return best;
}

static char *command_line(const struct vm *vm)
{
	bool board = vm->image.arch == ARCH_ARM64;

	return cli_text("%s%s%s%s", board ? BOARD_COMMAND_LINE : COMMAND_LINE,
			board || !strcmp(vm->accel, "kvm") ? "" : TIMER, vm->append ? " " : "",
			vm->append ? vm->append : "");
}

/* Put the kernel, wrapped, into the folder; one that is wrapped already stays as it is. */
static bool wrap_kernel(const struct vm *vm)
{
	uint8_t *wrapped = NULL;
	size_t size;
	const char *wrong;
	bool good;

	if (vm->image.wrapped)
		return write_file(vm, "vmlinuz", vm->image.image, vm->image.size);
	wrong = kernel_wrap(&vm->image, true, &wrapped, &size);
	if (wrong)
		cli_error("%s: %s", vm->kernel, wrong);
	good = !wrong && write_file(vm, "vmlinuz", wrapped, size);
	free(wrapped);
	return good;
}

/* By QEMU's own loader. */
static bool start_directly(struct vm *vm)
{
	char *kernel = in_folder(vm, "vmlinuz"), *initrd = in_folder(vm, "initrd.img");
	char *line = command_line(vm);
	bool good = vm->wrap ? wrap_kernel(vm)
			     : write_file(vm, "vmlinuz", vm->image.image, vm->image.size);

	option(vm, "-kernel", kernel);
	option(vm, "-initrd", initrd);
	option(vm, "-append", line);
	free(line);
	free(initrd);
	free(kernel);
	return good;
}

/* From an ESP, by baton.efi. */
static bool start_from_esp(struct vm *vm)
{
	char *efi = cli_own_file("baton.efi"), *line = command_line(vm);
	char *conf = cli_text("linux \\vmlinuz\ninitrd \\initrd.img\noptions %s\nverbose\n", line);
	bool good = efi && make_folder(vm, "esp") && make_folder(vm, "esp/EFI") &&
		    make_folder(vm, "esp/EFI/BOOT") &&
		    copy_file(vm, "esp/EFI/BOOT/BOOTX64.EFI", efi) &&
		    write_file(vm, "esp/EFI/BOOT/baton.conf", conf, strlen(conf)) &&
		    copy_file(vm, "esp/vmlinuz", vm->kernel);

	if (good && !vm->dry_run) {
		char *from = in_folder(vm, "initrd.img"), *to = in_folder(vm, "esp/initrd.img");

		good = !rename(from, to);
		free(to);
		free(from);
	}
	argument(vm, "-drive");
	argument(vm, "if=none,id=esp,format=raw,readonly=on,file=fat:%s/esp", vm->folder);
	option(vm, "-device", "virtio-blk-pci,drive=esp,bootindex=1");
	free(conf);
	free(line);
	free(efi);
	return good;
}

/* The firmware. */

static bool find_firmware(struct vm *vm)
{
	static const char *const places[] = {
		"/usr/share/OVMF/OVMF_CODE_4M.fd",	"/usr/share/OVMF/OVMF_CODE.fd",
		"/usr/share/edk2/x64/OVMF_CODE.4m.fd",	"/usr/share/edk2/ovmf/OVMF_CODE.fd",
		"/usr/share/qemu/ovmf-x86_64-code.bin",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!access(places[i], R_OK)) {
			vm->firmware = places[i];
			return true;
		}
	cli_error("no UEFI firmware for QEMU: install ovmf, name one by --firmware, or "
		  "use --wrap, which needs none");
	return false;
}

/* The firmware's variables are in a file beside it: the machine gets a copy. */
static bool add_firmware(struct vm *vm)
{
	const char *code = strstr(vm->firmware, "CODE");
	char *variables = NULL;
	bool good = true;

	if (access(vm->firmware, R_OK)) {
		cli_file_error(vm->firmware, "give a firmware that can be read");
		return false;
	}
	argument(vm, "-drive");
	argument(vm, "if=pflash,format=raw,readonly=on,file=%s", vm->firmware);
	if (code)
		variables =
			cli_text("%.*sVARS%s", (int)(code - vm->firmware), vm->firmware, code + 4);
	if (variables && !access(variables, R_OK)) {
		good = copy_file(vm, "vars.fd", variables);
		argument(vm, "-drive");
		argument(vm, "if=pflash,format=raw,file=%s/vars.fd", vm->folder);
	}
	free(variables);
	return good;
}

static bool add_initrd(struct vm *vm)
{
	char *path = in_folder(vm, "initrd.img");
	bool good = vm->initrd ? copy_file(vm, "initrd.img", vm->initrd)
			       : initramfs_write(path, vm->kernel);

	free(path);
	return good;
}

/* The machine. */

/* The device tree of the board, by default that of the newest installed kernel for it. */
static bool add_tree(struct vm *vm)
{
	glob_t found = {0};

	if (!vm->dtb)
		glob(BOARD_TREES, 0, NULL, &found);
	if (found.gl_pathc)
		option(vm, "-dtb", found.gl_pathv[found.gl_pathc - 1]);
	else if (vm->dtb && !access(vm->dtb, R_OK))
		option(vm, "-dtb", vm->dtb);
	else if (vm->dtb)
		cli_file_error(vm->dtb, "give a device tree that can be read");
	else
		cli_error("no device tree: give " BOARD_TREE ", which comes with the kernel, by "
			  "--dtb");
	globfree(&found);
	return vm->count && !strcmp(vm->arguments[vm->count - 2], "-dtb");
}

/* The board's CPUs and memory can't be chosen, and it can't run this machine's programs. */
static bool check_board(const struct vm *vm)
{
	if (vm->cpus || vm->memory || vm->firmware || !strcmp(vm->accel, "kvm")) {
		cli_error("%s: a kernel for arm64, which runs on an emulated Raspberry Pi 3 with 4 "
			  "CPUs and 1 GiB: leave out --cpus, --memory, --firmware and --accel",
			  vm->kernel);
		return false;
	}
#if !defined(__aarch64__)
	if (!vm->initrd) {
		cli_error("the small system would be made of this machine's programs, which are "
			  "not for arm64: give one by --initrd");
		return false;
	}
#endif
	return true;
}

static bool make_board(struct vm *vm)
{
	if (!check_board(vm))
		return false;
	vm->wrap = !vm->stock;
	argument(vm, "qemu-system-aarch64");
	option(vm, "-machine", "raspi3b");
	option(vm, "-accel", "tcg,thread=single");
	option(vm, "-display", "none");
	option(vm, "-serial", "null");
	option(vm, "-serial", "mon:stdio");
	argument(vm, "-nodefaults");
	argument(vm, "-no-reboot");
	return add_tree(vm) && add_initrd(vm) && start_directly(vm);
}

static bool make_pc(struct vm *vm)
{
	bool direct = vm->wrap || vm->stock;

	if (vm->dtb) {
		cli_error("%s: a kernel for x86-64, which takes no device tree: leave out --dtb",
			  vm->kernel);
		return false;
	}
	argument(vm, "qemu-system-x86_64");
	option(vm, "-machine", "q35");
	option(vm, "-accel", strcmp(vm->accel, "kvm") ? "tcg,thread=single" : "kvm");
	option(vm, "-cpu", strcmp(vm->accel, "kvm") ? "max" : "host");
	option(vm, "-smp", vm->cpus ? vm->cpus : CPUS_DEFAULT);
	option(vm, "-m", vm->memory ? vm->memory : MEMORY_DEFAULT);
	option(vm, "-nic", "none");
	option(vm, "-display", "none");
	option(vm, "-serial", "mon:stdio");
	argument(vm, "-nodefaults");
	argument(vm, "-no-reboot");
	if (!direct && !vm->firmware && !find_firmware(vm))
		return false;
	if (vm->firmware && !add_firmware(vm))
		return false;
	return add_initrd(vm) && (direct ? start_directly(vm) : start_from_esp(vm));
}

static bool make_machine(struct vm *vm)
{
	return vm->image.arch == ARCH_ARM64 ? make_board(vm) : make_pc(vm);
}

static void print_arguments(const struct vm *vm)
{
	for (int i = 0; i < vm->count; i++) {
		bool plain = !vm->arguments[i][strcspn(vm->arguments[i], " \\'\"$;&|<>()*?")];

		printf("%s%s%s%s", i ? " " : "", plain ? "" : "'", vm->arguments[i],
		       plain ? "" : "'");
	}
	putchar('\n');
}

static volatile pid_t child;

/* A signal that ends this program ends the machine first, so that its folder can be removed. */
static void pass_on(int signal)
{
	if (child > 0)
		kill(child, signal);
}

static int run(const struct vm *vm)
{
	static const struct sigaction passed = {.sa_handler = pass_on};
	int status = -1;

	fflush(stdout);
	child = fork();
	if (!child) {
		execvp(vm->arguments[0], vm->arguments);
		cli_error("%s: %s: install qemu-system-%s", vm->arguments[0], strerror(errno),
			  vm->image.arch == ARCH_ARM64 ? "arm" : "x86");
		_exit(CLI_FAILED);
	}
	sigaction(SIGHUP, &passed, NULL);
	sigaction(SIGINT, &passed, NULL);
	sigaction(SIGTERM, &passed, NULL);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!status)
		return CLI_DONE;
	return cli_error("%s: ended with an error", vm->arguments[0]);
}

static int unlink_one(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
	(void)s;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int vm(struct vm *vm, char **more)
{
	int code = CLI_FAILED;

	if (!vm->kernel && !find_kernel(vm))
		return CLI_FAILED;
	if (!kernel_read(&vm->image, vm->kernel)) {
		free(vm->found);
		return CLI_FAILED;
	}
	/* vm->found is freed with vm.  NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	vm->folder = cli_make_folder();
	if (!vm->folder) {
		kernel_free(&vm->image);
		free(vm->found);
		return CLI_FAILED;
	}
	if (make_machine(vm)) {
		for (; *more; more++)
			argument(vm, "%s", *more);
		if (vm->dry_run)
			print_arguments(vm);
		code = vm->dry_run ? CLI_DONE : run(vm);
	}
	nftw(vm->folder, unlink_one, 8, FTW_DEPTH | FTW_PHYS);
	while (vm->count)
		free(vm->arguments[--vm->count]);
	kernel_free(&vm->image);
	free(vm->folder);
	free(vm->found);
	return code;
}

#define KEY_FIRMWARE (COMMAND_LONG + 0)
#define KEY_STOCK (COMMAND_LONG + 1)
#define KEY_ACCEL (COMMAND_LONG + 2)
#define KEY_DTB (COMMAND_LONG + 3)

static bool parse(struct vm *vm, int key)
{
	switch (key) {
	case 'c':
		vm->cpus = optarg;
		return true;
	case 'm':
		vm->memory = optarg;
		return true;
	case 'k':
		vm->kernel = optarg;
		return true;
	case 'i':
		vm->initrd = optarg;
		return true;
	case 'a':
		vm->append = optarg;
		return true;
	case KEY_FIRMWARE:
		vm->firmware = optarg;
		return true;
	case KEY_DTB:
		vm->dtb = optarg;
		return true;
	case 'w':
		vm->wrap = true;
		return true;
	case KEY_STOCK:
		vm->stock = true;
		return true;
	case KEY_ACCEL:
		vm->accel = optarg;
		return !strcmp(optarg, "tcg") || !strcmp(optarg, "kvm");
	default:
		vm->dry_run = true;
		return true;
	}
}

/* A number of at most six digits, not 0: QEMU takes more than that. */
static bool is_number(const char *text)
{
	return strlen(text) <= 6 && strspn(text, "0123456789") == strlen(text) && atoi(text) > 0;
}

static int vm_main(const struct command *self, int argc, char **argv)
{
	struct vm new = {.accel = "tcg"};
	int key;

	while ((key = command_next_option(self, argc, argv)) != -1)
		if (!parse(&new, key))
			return command_usage(self, "--accel: %s: not one of tcg, kvm", optarg);
	if (new.cpus && !is_number(new.cpus))
		return command_usage(self, "--cpus: %s: no number of CPUs", new.cpus);
	if (new.memory && !is_number(new.memory))
		return command_usage(self, "--memory: %s: no number of MiB", new.memory);
	if (new.wrap &&new.stock)
		return command_usage(self,
				     "--wrap is with baton, --stock without: give one of them");
	return vm(&new, argv + optind);
}

const struct command vm_command = {
	.name = "vm",
	.summary = "try a kernel under baton, in a virtual machine",
	.usage = "[--cpus N] [--memory MIB] [--kernel FILE] [--initrd FILE] [--append TEXT]\n"
		 "[--firmware FILE | --wrap | --stock] [--accel tcg|kvm] [--dtb FILE]\n"
		 "[-- QEMU-ARGUMENT...]",
	.text = "Starts QEMU with a kernel under baton, and its console on this terminal. "
		"It uses UEFI firmware and baton.efi; with --wrap neither of them, but "
		"the stage in front of the kernel. The default kernel is the newest "
		"one of this machine. The default system is a small one with a shell, "
		"this command and kexec. It can't change anything on this machine. Ctrl-A "
		"X ends it.\n\n"
		"A kernel for arm64 (an Image) runs, wrapped, on an emulated Raspberry "
		"Pi 3. Stock Linux can neither put its 4 CPUs offline nor keep them "
		"through a kexec. An initrd is needed unless this machine is an arm64 "
		"one itself.\n\n"
		"Needs QEMU; for UEFI firmware, ovmf; for the small system, busybox-static. "
		"Does not need root. baton is tested with emulation (tcg); kvm is faster "
		"where it works.",
	.options =
		(const struct command_option[]){
			{'c', "cpus", "N", "the number of CPUs; by default " CPUS_DEFAULT},
			{'m', "memory", "MIB", "the size of memory; by default " MEMORY_DEFAULT},
			{'k', "kernel", "FILE", "the kernel; by default the newest in /boot"},
			{'i', "initrd", "FILE", "the initial RAM disk; by default a small system"},
			{'a', "append", "TEXT", "add TEXT to the kernel's command line"},
			{KEY_FIRMWARE, "firmware", "FILE",
			 "the firmware; by default the OVMF that is installed"},
			{KEY_DTB, "dtb", "FILE",
			 "arm64: the device tree, " BOARD_TREE
			 "; by default that of an installed kernel"},
			{'w', "wrap", NULL,
			 "no UEFI firmware: wrap the kernel, as \"baton wrap\" does"},
			{KEY_STOCK, "stock", NULL, "without baton, for comparison"},
			{KEY_ACCEL, "accel", "tcg|kvm",
			 "emulate CPUs (tcg, the default), or use KVM"},
			{'n', "dry-run", NULL, "print the QEMU command line, and start nothing"},
			{0},
		},
	.examples =
		(const struct command_example[]){
			{"A shell under baton, with 8 CPUs", "baton vm --cpus 8"},
			{"Your own kernel and initramfs",
			 "baton vm --kernel arch/x86/boot/bzImage --initrd initramfs.cpio"},
			{"A kernel for a Raspberry Pi",
			 "baton vm --kernel Image --dtb bcm2837-rpi-3-b.dtb --initrd initrd.img"},
			{"With another disk, by an argument of QEMU",
			 "baton vm -- -drive file=disk.qcow2,if=virtio"},
			{0},
		},
	.main = vm_main,
};
