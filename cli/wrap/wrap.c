/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton wrap: a stage in front of a kernel. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <baton/table.h>

#include "cli/commands.h"
#include "cli/kernel/arm64.h"
#include "cli/kernel/blob.h"
#include "cli/kernel/bzimage.h"
#include "cli/kernel/kernel_file.h"
#include "cli/kernel/kind.h"
#include "file.h"
#include "lib/arm64/wrap.h"
#include "sign.h"

#define NO_STAGE2 COMMAND_LONG
#define SPIN_TABLE (COMMAND_LONG + 1)

struct arguments {
	const char *in, *out, *key, *certificate;
	struct wrap_options options;
	uint32_t arm64_flags;
};

static bool parse_wait(const char *word, uint32_t *wait)
{
	static const struct {
		const char *word;
		uint32_t wait;
	} words[] = {{"auto", 0},
		     {"mwait", BATON_WAIT_MWAIT},
		     {"hlt", BATON_WAIT_HLT},
		     {"pause", BATON_WAIT_PAUSE}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(word, words[i].word)) {
			*wait = words[i].wait;
			return true;
		}
	}
	return false;
}

static int parse(const struct command *self, int argc, char **argv, struct arguments *arguments)
{
	int key;

	while ((key = command_next_option(self, argc, argv)) != -1) {
		switch (key) {
		case 'o':
			arguments->out = optarg;
			break;
		case 's':
			if (optind == argc)
				return command_usage(self, "--sign: needs a key and a certificate");
			arguments->key = optarg;
			arguments->certificate = argv[optind++];
			break;
		case 'v':
			arguments->options.verbose = true;
			break;
		case NO_STAGE2:
			arguments->arm64_flags |= WRAP_ARM64_NO_STAGE2;
			break;
		case SPIN_TABLE:
			arguments->arm64_flags |= WRAP_ARM64_SPIN_TABLE;
			break;
		case 'w':
			if (!parse_wait(optarg, &arguments->options.wait))
				return command_usage(
					self, "--wait: %s: not one of auto, mwait, hlt, pause",
					optarg);
			break;
		}
	}
	if (argc - optind != 1)
		return command_usage(self,
				     argc > optind ? "one kernel at a time" : "which kernel?");
	if (!arguments->out)
		return command_usage(self, "where to? give -o FILE");
	arguments->in = argv[optind];
	return CLI_DONE;
}

static void warn_unsigned(const char *path, const struct bzimage *image)
{
	if (image->has_pe && image->pe.certificates)
		cli_warning(
			"%s: the signature of %u bytes does not cover the stage and was left "
			"out. Under Secure Boot, firmware, shim and GRUB will refuse the "
			"wrapped kernel, and so will kexec_file_load (kexec -s) under lockdown: "
			"for these, sign it with a key that the machine trusts (--sign KEY CERT)",
			path, image->pe.certificates_size);
}

/* Wrap @image, sign it if that is asked for, and write it. */
static int wrap_image(const struct bzimage *image, const struct arguments *arguments)
{
	uint8_t *wrapped = NULL;
	size_t size;
	const char *wrong;
	int code;

	wrong = bzimage_wrap(image, blob_x86_64, blob_x86_64_size, &arguments->options, &wrapped,
			     &size);
	if (wrong)
		return cli_error("%s: %s", arguments->in, wrong);
	if (arguments->key && !image->has_pe)
		code = cli_error("%s: it has no EFI stub, and therefore no place for a signature",
				 arguments->in);
	else if (arguments->key)
		code = sign_image(&wrapped, &size, arguments->key, arguments->certificate);
	else
		code = CLI_DONE;
	if (code == CLI_DONE)
		code = file_write(arguments->out, wrapped, size);
	if (code == CLI_DONE && !arguments->key)
		warn_unsigned(arguments->in, image);
	free(wrapped);
	return code;
}

/* Wrap an Image for arm64; one that is compressed stays so. */
static int wrap_arm64(const struct kernel_file *kernel, const struct arguments *arguments)
{
	uint8_t *wrapped = NULL;
	size_t size;
	const char *wrong;
	int code;

	if (arguments->key)
		return cli_error("%s: --sign: an arm64 Image has no place for a signature",
				 arguments->in);
	wrong = kernel_file_wrap_arm64(kernel, arguments->arm64_flags, &wrapped, &size);
	if (wrong)
		return cli_error("%s: %s", arguments->in, wrong);
	code = file_write(arguments->out, wrapped, size);
	free(wrapped);
	return code;
}

static int wrap_bzimage(const uint8_t *file, size_t size, const struct arguments *arguments)
{
	struct bzimage image;
	const char *wrong = bzimage_read(&image, file, size);

	return wrong ? cli_error("%s: %s", arguments->in, wrong) : wrap_image(&image, arguments);
}

static int wrap_kernel(const struct kernel_file *kernel, const struct arguments *arguments)
{
	if (arm64_is_image(kernel->image, kernel->size))
		return wrap_arm64(kernel, arguments);
	if (kernel->packed)
		return cli_error("%s: %s", arguments->in,
				 kind_in_gzip(kernel->image, kernel->size));
	return wrap_bzimage(kernel->image, kernel->size, arguments);
}

static int wrap_main(const struct command *self, int argc, char **argv)
{
	struct arguments arguments = {0};
	int code = parse(self, argc, argv, &arguments);
	struct kernel_file kernel;
	const char *wrong;
	uint8_t *file;
	size_t size;

	if (code != CLI_DONE)
		return code;
	file = file_read(arguments.in, &size);
	if (!file)
		return CLI_FAILED;
	wrong = kernel_file_take(&kernel, file, size);
	code = wrong ? cli_error("%s: %s", arguments.in, wrong) : wrap_kernel(&kernel, &arguments);
	kernel_file_free(&kernel);
	return code;
}

static const struct command_option wrap_options[] = {
	{'o', "output", "FILE", "write the wrapped kernel to FILE; - is standard output"},
	{'s', "sign", "KEY CERT",
	 "sign it for Secure Boot by sbsign, with the private key and the certificate "
	 "(PEM) in these files"},
	{'v', "verbose", NULL, "the stage reports in detail what it does"},
	{'w', "wait", "auto|mwait|hlt|pause",
	 "how held CPUs wait; auto, the default, is the best that the processor "
	 "has"},
	{NO_STAGE2, "no-stage2", NULL,
	 "arm64, at EL2: do not hide the area from the kernel; this saves the "
	 "stage-2 translation"},
	{SPIN_TABLE, "spin-table", NULL,
	 "arm64, at EL2: offer a spin-table that takes CPUs back, not PSCI. The "
	 "kernel runs at EL2 and keeps KVM, but Linux can't return CPUs to it; "
	 "a kernel with libbaton can. The last baton=spin-table or baton=psci "
	 "on the kernel's command line overrides this"},
	{0},
};

static const struct command_example wrap_examples[] = {
	{"Wrap the running kernel, to start it by kexec with all CPUs proven",
	 "baton wrap /boot/vmlinuz-$(uname -r) -o /tmp/vmlinuz.baton"},
	{"For a Raspberry Pi 3 or 4 whose config.txt names no other kernel",
	 "baton wrap Image -o /boot/firmware/kernel8.img"},
	{"Sign it for a machine with Secure Boot",
	 "baton wrap vmlinuz -o vmlinuz.baton --sign MOK.key MOK.pem"},
	{0},
};

const struct command wrap_command = {
	.name = "wrap",
	.summary = "put the stage in front of a kernel",
	.usage = "VMLINUZ -o FILE [OPTION...]",
	.operand = "FILE",
	.text = "Makes a kernel that every Linux loader takes: kexec, GRUB, systemd-boot, "
		"UEFI firmware, QEMU, PXE. The stage in it collects and proves all CPUs "
		"before the kernel starts. From then on baton hands them over, also "
		"to kernels that are not wrapped.\n\n"
		"VMLINUZ is a kernel for x86-64 (a bzImage of Linux 3.8 or later) or "
		"arm64; it is not changed. The kernel starts with the command line, "
		"the initrd and the header that it would have without the stage. \"baton "
		"unwrap\" restores the identical file.\n\n"
		"A signature of VMLINUZ can't cover the stage and is left out. Under "
		"Secure Boot, and for kexec -s under lockdown, the result must be signed "
		"with a key that the machine trusts: --sign. 32-bit firmware finds no "
		"EFI entry in the result.\n\n"
		"A kernel for arm64 (an Image, also compressed by gzip) gets a stage "
		"that takes the CPUs of a spin-table, as on a Raspberry Pi 3 or 4, and "
		"offers them to the kernel by PSCI. The kernel then runs at EL1, without "
		"KVM; --spin-table leaves it at EL2. If it is started at EL1, or if "
		"there is PSCI already, the stage reports that and starts the kernel "
		"unchanged.\n\n"
		"On a Raspberry Pi the firmware starts the file that kernel= in config.txt "
		"names, by default kernel8.img, as a 64-bit kernel with arm_64bit=1. "
		"U-Boot starts it by booti. No boot loader has to be changed if a system "
		"that was booted with nr_cpus=1 starts it by kexec: \"baton kexec --wrap\". "
		"With armstub=baton-armstub8.bin in config.txt the firmware starts baton "
		"at EL3 instead. Linux then keeps KVM, and its kernels need not be wrapped.",
	.options = wrap_options,
	.examples = wrap_examples,
	.main = wrap_main,
};
