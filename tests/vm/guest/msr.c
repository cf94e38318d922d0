/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * msr CPU NUMBER [VALUE]: prints a model-specific register of a CPU of this kernel, or writes
 * to it.  Needs msr.ko.
 */
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
	ssize_t done;
	off_t msr;
	int fd;

	if (argc != 3 && argc != 4) {
		fputs("usage: msr CPU NUMBER [VALUE]\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "/dev/cpu/%lu/msr", strtoul(argv[1], NULL, 0));
	msr = (off_t)strtoul(argv[2], NULL, 0);
	fd = open(path, argc == 4 ? O_WRONLY : O_RDONLY);
	if (argc == 4) {
		value = strtoull(argv[3], NULL, 0);
		done = pwrite(fd, &value, sizeof(value), msr);
	} else {
		done = pread(fd, &value, sizeof(value), msr);
	}
	if (done != sizeof(value)) {
		fprintf(stderr, "msr: cannot access %s by %s (insmod msr.ko?)\n", argv[2], path);
		return 1;
	}
	if (argc == 3)
		printf("0x%" PRIx64 "\n", value);
	return 0;
}
