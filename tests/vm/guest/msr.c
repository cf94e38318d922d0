/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* msr CPU NUMBER: a model-specific register of a CPU of this kernel.  Needs msr.ko. */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[64];
	uint64_t value;
	int fd;

	if (argc != 3) {
		fputs("usage: msr CPU NUMBER\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "/dev/cpu/%lu/msr", strtoul(argv[1], NULL, 0));
	fd = open(path, O_RDONLY);
	if (fd < 0 ||
	    pread(fd, &value, sizeof(value), (off_t)strtoul(argv[2], NULL, 0)) != sizeof(value)) {
		fprintf(stderr, "msr: cannot read %s from %s (insmod msr.ko?)\n", argv[2], path);
		return 1;
	}
	printf("0x%" PRIx64 "\n", value);
	return 0;
}
