/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton kexec: reports what will happen to the CPUs, then loads the next kernel.
 *
 * It calls kexec_file_load(2) itself: this takes two files and a command line, and
 * leaves the rest to the kernel, also signatures.  kexec_load(2) needs a layout of the
 * segments and a program that checks and starts them.  kexec(8) has both, so it is
 * called where the kernel has no kexec_file_load, or where this refuses the image.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/kernel/kernel.h"
#include "cli/machine/machine.h"
#include "cli/machine/verdict.h"
#include "kexec.h"
#include "prove.h"
#include "shutdown.h"

#define CMDLINE_MAX 65536
#define PROVE_SECONDS 5
#define PROVE_SECONDS_MAX 3600

struct kexec {
	const char *path, *initrd;
	const char *root; /* where sys/ and proc/ are: "" but for a dry run */
	const char *append;
	bool reuse, wrap, tools, dry_run, exec, force, no_prove, at_shutdown;
	unsigned prove_seconds;

	enum architecture arch;	  /* of the kernel */
	int kernel_fd, initrd_fd; /* -1: none */
	char *cmdline;
	bool risk;     /* going on may lose CPUs or hang */
	bool in_force; /* baton is */
};

/* The machine, by its tables. */

static void print_verdict(struct kexec *kexec, const struct machine *m, const struct verdict *v)
{
	kexec->risk |= v->result != RESULT_WORKS && v->result != RESULT_UNPROVEN;
	if (v->result == RESULT_WORKS)
		printf("CPUs: %s\n", v->text);
	else
		cli_warning("CPUs: %s%s%s", v->text, v->with_text ? "; with baton: " : "",
			    v->with_text ? v->with_text : "");
	for (size_t i = 0; i < m->nproblems; i++) {
		kexec->risk |= !m->problems[i].harmless;
		cli_warning("%s: %s", m->problems[i].where, m->problems[i].what);
	}
}

/* Returns false, after reporting an error, if this machine can't run that kernel at all. */
static bool check_machine(struct kexec *kexec)
{
	struct verdict verdict[SUBJECTS] = {0};
	struct machine m;
	bool can_run = true;

	machine_init(&m);
	if (source_system(&m, kexec->root)) {
		kexec->in_force = m.batn != NULL;
		can_run = m.arch == ARCH_UNKNOWN || m.arch == kexec->arch;
		verdict_make(&m, verdict);
		print_verdict(kexec, &m, &verdict[SUBJECT_KEXEC]);
		verdict_free(verdict);
	} else {
		kexec->risk = true;
		cli_warning("it is not known what will become of the CPUs");
	}
	if (!can_run)
		cli_error("%s: a kernel for %s, and this machine is %s: give one for it",
			  kexec->path, machine_architecture_names[kexec->arch],
			  machine_architecture_names[m.arch]);
	machine_free(&m);
	return can_run;
}

/* The kernel, and what goes with it. */

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		cli_file_error(path, "give an initrd that can be read");
	return fd;
}

static int memory_file(const void *data, size_t size)
{
	int fd = memfd_create("vmlinuz", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size)
		return fd;
	cli_error("no memory for the wrapped kernel: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The kernel to load differs from the file: it is unpacked, or wrapped, or both. */
static int changed(const struct kexec *kexec, const struct kernel *kernel)
{
	uint8_t *image = kernel->image;
	size_t size = kernel->size;
	const char *wrong = NULL;
	int fd = -1;

	if (kexec->wrap && !kernel->wrapped)
		wrong = kernel_wrap(kernel, false, &image, &size);
	if (wrong)
		cli_error("%s: %s", kexec->path, wrong);
	else
		fd = memory_file(image, size);
	if (!wrong && image != kernel->image)
		free(image);
	return fd;
}

/* The kernel, wrapped if that is asked for; its command line must not be longer than it takes. */
static bool open_kernel(struct kexec *kexec)
{
	struct kernel kernel;

	kexec->kernel_fd = -1;
	if (!kernel_read(&kernel, kexec->path))
		return false;
	kexec->arch = kernel.arch;
	if (strlen(kexec->cmdline) > kernel.cmdline_max)
		cli_error("the command line has %zu bytes, and this kernel takes %zu: shorten it",
			  strlen(kexec->cmdline), kernel.cmdline_max);
	else if (kernel.unpacked || (kexec->wrap && !kernel.wrapped))
		kexec->kernel_fd = changed(kexec, &kernel);
	else
		kexec->kernel_fd = open_file(kexec->path);
	kernel_free(&kernel);
	return kexec->kernel_fd >= 0;
}

/* Debian and others name an initrd after the kernel beside it. */
static void warn_of_initrd(const struct kexec *kexec)
{
	static const char *const names[] = {"initrd.img", "initramfs", "initrd"};
	const char *dash = strrchr(kexec->path, '/'), *end;
	char *copy = strdup(kexec->path), *folder = copy ? dirname(copy) : NULL;

	dash = strchr(dash ? dash : kexec->path, '-');
	for (size_t i = 0; folder && i < 2 * sizeof(names) / sizeof(*names); i++) {
		char *path;

		end = i % 2 ? ".img" : "";
		path = cli_text("%s/%s%s%s", folder, names[i / 2], dash ? dash : "", end);
		if (!access(path, F_OK)) {
			cli_warning("no initrd, though there is %s: if the kernel needs it to find "
				    "its root, give --initrd",
				    path);
			i = 100;
		}
		free(path);
	}
	free(copy);
}

/* The running kernel's command line, without what its boot loader has added. */
static char *running_cmdline(const struct kexec *kexec)
{
	char *path = cli_text("%s/proc/cmdline", kexec->root), *out, *word, *rest;
	char *text = cli_read_file(path, CMDLINE_MAX, NULL);

	if (!text)
		cli_file_error(path, "give the command line by --append");
	free(path);
	if (!text)
		return NULL;
	out = calloc(1, strlen(text) + 1);
	for (word = strtok_r(text, " \n", &rest); word && out;
	     word = strtok_r(NULL, " \n", &rest)) {
		if (!strncmp(word, "BOOT_IMAGE=", 11) || !strncmp(word, "initrd=", 7))
			continue;
		if (*out)
			strcat(out, " ");
		strcat(out, word);
	}
	free(text);
	return out;
}

/* Options that limited the CPUs of this kernel would limit those of the next one, too. */
static void warn_of_few_cpus(const struct kexec *kexec)
{
	static const char *const words[] = {"nr_cpus=", "maxcpus=", "nosmp"};
	char *line = cli_text(" %s", kexec->cmdline);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char *word = cli_text(" %s", words[i]), *at = strstr(line, word);

		if (at)
			cli_warning("the command line has %.*s: the next kernel will take no more "
				    "CPUs than that: leave it out",
				    (int)strcspn(at + 1, " "), at + 1);
		free(word);
	}
	free(line);
}

static bool make_cmdline(struct kexec *kexec)
{
	char *running = kexec->reuse ? running_cmdline(kexec) : strdup("");

	if (!running)
		return false;
	kexec->cmdline = cli_text("%s%s%s", running, *running && kexec->append ? " " : "",
				  kexec->append ? kexec->append : "");
	free(running);
	warn_of_few_cpus(kexec);
	return true;
}

/* Loading. */

static void report_errno(const struct kexec *kexec, int error)
{
	switch (error) {
	case EPERM:
		if (geteuid())
			cli_error("only root can load a kernel: run it as root");
		else
			cli_error("the kernel refuses to load another one: kexec_load_disabled is "
				  "set, "
				  "the kernel is locked down and this image has no signature that "
				  "it trusts, "
				  "or this is a container");
		break;
	case EKEYREJECTED:
	case ENOKEY:
	case ENODATA:
	case EBADMSG:
		cli_error("%s: the kernel needs a signature that it trusts, and finds none (%s): "
			  "sign it (\"baton wrap --sign\" for a wrapped one)",
			  kexec->path, strerror(error));
		break;
	case EADDRNOTAVAIL:
	case ENOMEM:
		cli_error("%s: no room in memory for it: %s", kexec->path, strerror(error));
		break;
	case EBUSY:
		cli_error("another kernel is being loaded: try again");
		break;
	default:
		cli_error("%s: the kernel does not load it: %s", kexec->path, strerror(error));
	}
}

static int by_kexec_tools(const struct kexec *kexec)
{
	char *kernel = cli_text("/proc/self/fd/%d", kexec->kernel_fd);
	char *cmdline = cli_text("--command-line=%s", kexec->cmdline);
	char *initrd = kexec->initrd ? cli_text("--initrd=%s", kexec->initrd) : NULL;
	int status = -1;
	pid_t child = fork();

	if (!child) {
		fcntl(kexec->kernel_fd, F_SETFD, 0);
		execlp("kexec", "kexec", "-c", "-l", kernel, cmdline, initrd, (char *)NULL);
		cli_error("kexec: %s: install kexec-tools", strerror(errno));
		_exit(CLI_FAILED);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	free(initrd);
	free(cmdline);
	free(kernel);
	if (!status)
		return CLI_DONE;
	return cli_error("%s: kexec(8) did not load it", kexec->path);
}

static int load(const struct kexec *kexec)
{
	unsigned long flags = kexec->initrd_fd < 0 ? KEXEC_FILE_NO_INITRAMFS : 0;

	fflush(stdout);
	if (kexec->tools)
		return by_kexec_tools(kexec);
	cli_progress("loading", 0, 0);
	if (!syscall(SYS_kexec_file_load, kexec->kernel_fd, kexec->initrd_fd,
		     strlen(kexec->cmdline) + 1, kexec->cmdline, flags)) {
		cli_progress_end();
		return CLI_DONE;
	}
	cli_progress_end();
	if (errno == ENOSYS || errno == ENOEXEC)
		return by_kexec_tools(kexec);
	report_errno(kexec, errno);
	return CLI_FAILED;
}

bool kexec_unload(void)
{
	return !syscall(SYS_kexec_file_load, -1, -1, 0, NULL, KEXEC_FILE_UNLOAD) ||
	       !syscall(SYS_kexec_load, 0, 0, NULL, KEXEC_ARCH_DEFAULT);
}

/* systemd shuts the system down, and starts the loaded kernel.  Returns only if that fails. */
static int start(void)
{
	fflush(stdout);
	if (!access("/run/systemd/system", F_OK)) {
		execlp("systemctl", "systemctl", "kexec", (char *)NULL);
		return cli_error("systemctl: %s", strerror(errno));
	}
	sync();
	reboot(LINUX_REBOOT_CMD_KEXEC);
	return cli_error("the kernel did not start the next one: %s", strerror(errno));
}

static int prove_and_start(const struct kexec *kexec)
{
	struct proof *proof = NULL;

	if (!kexec->no_prove) {
		proof = prove_cpus("", kexec->prove_seconds * 1000);
		if (!proof) {
			kexec_unload();
			return CLI_FAILED;
		}
	}
	start();
	if (proof)
		prove_undo(proof);
	kexec_unload();
	return CLI_FAILED;
}

static void print_plan(const struct kexec *kexec)
{
	printf("would load %s%s%s%s\ncommand line: %s\n", kexec->path,
	       kexec->wrap ? ", wrapped" : "", kexec->initrd ? ", with " : "",
	       kexec->initrd ? kexec->initrd : "", kexec->cmdline);
	if (kexec->exec && kexec->in_force && !kexec->no_prove)
		printf("would take every CPU but one offline, wait for the proof that each is "
		       "held, and start it\n");
	else if (kexec->exec)
		printf("would start it, without proof that the CPUs have left this kernel\n");
}

static int go(struct kexec *kexec)
{
	int code;

	if (kexec->risk && kexec->exec && !kexec->force)
		return cli_error("not started: see above; --force starts it anyway");
	if (kexec->dry_run) {
		print_plan(kexec);
		return CLI_DONE;
	}
	code = load(kexec);
	if (code == CLI_DONE && kexec->exec)
		return prove_and_start(kexec);
	if (code == CLI_DONE)
		printf("loaded: \"systemctl kexec\" starts it, \"kexec -u\" unloads it\n");
	return code;
}

static int kexec(struct kexec *kexec)
{
	int code = CLI_FAILED;
	struct conf_system conf;

	kexec->initrd_fd = -1;
	/* It is for "systemctl kexec", where nobody can correct it any more. */
	if (!shutdown_read_conf(kexec->root, &conf) || !make_cmdline(kexec))
		return CLI_FAILED;
	if (open_kernel(kexec)) {
		if (kexec->initrd)
			kexec->initrd_fd = open_file(kexec->initrd);
		else
			warn_of_initrd(kexec);
		if ((!kexec->initrd || kexec->initrd_fd >= 0) && check_machine(kexec))
			code = go(kexec);
		if (kexec->initrd_fd >= 0)
			close(kexec->initrd_fd);
		close(kexec->kernel_fd);
	}
	free(kexec->cmdline);
	return code;
}

#define KEY_REUSE (COMMAND_LONG + 0)
#define KEY_TOOLS (COMMAND_LONG + 1)
#define KEY_FORCE (COMMAND_LONG + 2)
#define KEY_SYSFS (COMMAND_LONG + 3)
#define KEY_NO_PROVE (COMMAND_LONG + 4)
#define KEY_PROVE_TIMEOUT (COMMAND_LONG + 5)
#define KEY_AT_SHUTDOWN (COMMAND_LONG + 6)

/* Whole seconds; 0: @text is no number of them. */
static unsigned seconds_of(const char *text)
{
	char *end;
	unsigned long seconds = strtoul(text, &end, 10);

	return *text == '-' || *end || seconds > PROVE_SECONDS_MAX ? 0 : (unsigned)seconds;
}

static int kexec_main(const struct command *self, int argc, char **argv)
{
	struct kexec new = {.root = "", .prove_seconds = PROVE_SECONDS};
	int key;

	while ((key = command_next_option(self, argc, argv)) != -1) {
		switch (key) {
		case 'i':
			new.initrd = optarg;
			break;
		case 'a':
			new.append = optarg;
			break;
		case KEY_REUSE:
			new.reuse = true;
			break;
		case 'w':
			new.wrap = true;
			break;
		case KEY_TOOLS:
			new.tools = true;
			break;
		case 'e':
			new.exec = true;
			break;
		case KEY_FORCE:
			new.force = true;
			break;
		case KEY_NO_PROVE:
			new.no_prove = true;
			break;
		case KEY_PROVE_TIMEOUT:
			new.prove_seconds = seconds_of(optarg);
			break;
		case KEY_AT_SHUTDOWN:
			new.at_shutdown = true;
			break;
		case KEY_SYSFS:
			new.root = optarg;
			new.dry_run = true;
			break;
		case 'n':
			new.dry_run = true;
			break;
		}
	}
	if (!new.prove_seconds)
		return command_usage(self, "--prove-timeout wants 1 to 3600 seconds");
	if (new.at_shutdown && argc > optind)
		return command_usage(self, "--at-shutdown loads no kernel: leave it out");
	if (new.at_shutdown &&new.dry_run && !*new.root)
		return command_usage(self, "--at-shutdown has no --dry-run");
	if (new.at_shutdown)
		return shutdown_hook(new.root, new.prove_seconds * 1000);
	if (argc - optind != 1)
		return command_usage(self,
				     argc > optind ? "one kernel at a time" : "which kernel?");
	if (!new.reuse && !new.append)
		return command_usage(self,
				     "with which command line? give --reuse-cmdline or --append");
	new.path = argv[optind];
	return kexec(&new);
}

const struct command kexec_command = {
	.name = "kexec",
	.summary = "load the next kernel, and report what happens to the CPUs",
	.usage = "VMLINUZ [--initrd FILE] [--reuse-cmdline] [--append TEXT] [--wrap] [--exec]\n"
		 "--at-shutdown",
	.operand = "FILE",
	.text = "Loads VMLINUZ as the next kernel. First it reports what that does to "
		"the secondary CPUs, as \"baton inspect\" does: how many the next kernel "
		"will have, and whether it is proven that the others have left this "
		"one. It warns if the area of baton is not reserved, and if there is "
		"an initrd that was not given.\n\n"
		"This starts nothing: \"systemctl kexec\" shuts the system down and "
		"starts the loaded kernel. --exec does so at once, unless there is a "
		"warning that CPUs are lost or that the machine may hang. Afterwards "
		"\"baton report\" shows the way of each CPU from one kernel to the other.\n\n"
		"Where baton is in force, --exec first takes every CPU but one offline, and "
		"waits until each is proven to be held: BATN reports that it has left "
		"this kernel, and by a mailbox it has answered TEST since. If one is not "
		"proven in time, the kernel is not started, the CPU is named, and the others come "
		"online again.\n\n"
		"\"systemctl kexec\" has the same done late in the shutdown, by a file in "
		"/usr/lib/systemd/system-shutdown that calls --at-shutdown. Nothing can be "
		"refused any more there: if one CPU is not proven, it is named on the console, the "
		"loaded kernel is given up, and systemd restarts the machine. A line \"unproven "
		"continue\" in " SHUTDOWN_CONF " has the loaded kernel started all the same; "
		"\"unproven reboot\" is the default. The next kernel's \"baton report\" shows "
		"which CPUs were proven, or why the machine was restarted.\n\n"
		"The kernel is loaded by kexec_file_load; where that does not work, "
		"as with Debian's kernels for arm64, by kexec(8). Needs root.\n\n"
		"On a board that starts its CPUs by a spin-table (arm64), Linux refuses "
		"kexec while it has more than one CPU. Boot it once with nr_cpus=1, "
		"then use --wrap with a command line without nr_cpus=1. The next kernel "
		"gets all CPUs from baton.",
	.options =
		(const struct command_option[]){
			{'i', "initrd", "FILE", "its initial RAM disk"},
			{KEY_REUSE, "reuse-cmdline", NULL,
			 "give it the command line of the running kernel"},
			{'a', "append", "TEXT",
			 "its command line; after the running kernel's with --reuse-cmdline"},
			{'w', "wrap", NULL,
			 "put the stage in front of it, as \"baton wrap\" does: from then on, "
			 "baton is in force"},
			{'e', "exec", NULL, "start it at once"},
			{KEY_PROVE_TIMEOUT, "prove-timeout", "SECONDS",
			 "with --exec and --at-shutdown: wait so long for the proof of the CPUs; "
			 "5"},
			{KEY_NO_PROVE, "no-prove", NULL,
			 "with --exec: leave it to Linux whether the CPUs have left"},
			{KEY_FORCE, "force", NULL, "with --exec: even if CPUs may be lost"},
			{KEY_AT_SHUTDOWN, "at-shutdown", NULL,
			 "load nothing: have the CPUs proven, for systemd, before it starts what "
			 "is "
			 "loaded"},
			{KEY_TOOLS, "kexec-tools", NULL,
			 "load it by kexec(8) and kexec_load, not by kexec_file_load"},
			{'n', "dry-run", NULL, "check all, and load nothing"},
			{KEY_SYSFS, "sysfs", "DIR",
			 "report for the machine whose sys/, proc/ and etc/ are in DIR; load "
			 "nothing"},
			{0},
		},
	.examples =
		(const struct command_example[]){
			{"The newest Debian kernel, with the present command line",
			 "baton kexec /vmlinuz --initrd /initrd.img --reuse-cmdline && systemctl "
			 "kexec"},
			{"On a machine without baton, add it with the next kernel",
			 "baton kexec /vmlinuz --initrd /initrd.img --reuse-cmdline --wrap --exec"},
			{0},
		},
	.main = kexec_main,
};
