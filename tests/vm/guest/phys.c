/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * phys [-f FILE] ADDRESS: the 64-bit word at a physical address of the kernel's own
 * memory, from /proc/kcore.  Memory that is not the kernel's is not in there.  FILE may
 * be /proc/vmcore: of the kernel that has crashed, as it is now.
 */
#define _XOPEN_SOURCE 700
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	bool named = argc == 4 && strcmp(argv[1], "-f") == 0;
	const char *file = named ? argv[2] : "/proc/kcore";
	uint64_t address = argc > 1 ? strtoull(argv[argc - 1], NULL, 0) : 0, word;
	int kcore = open(file, O_RDONLY);
	Elf64_Ehdr head;
	Elf64_Phdr part;

	if ((argc != 2 && !named) || kcore < 0 ||
	    pread(kcore, &head, sizeof(head), 0) != sizeof(head)) {
		fprintf(stderr, "phys: wants an address, and %s\n", file);
		return 2;
	}
	for (int i = 0; i < head.e_phnum; i++) {
		if (pread(kcore, &part, sizeof(part), head.e_phoff + i * sizeof(part)) !=
		    sizeof(part))
			break;
		if (part.p_type != PT_LOAD || address < part.p_paddr ||
		    address - part.p_paddr >= part.p_filesz)
			continue;
		if (pread(kcore, &word, sizeof(word), part.p_offset + address - part.p_paddr) !=
		    sizeof(word))
			break;
		printf("0x%" PRIx64 "\n", word);
		return 0;
	}
	fprintf(stderr, "phys: 0x%" PRIx64 " is not the kernel's\n", address);
	return 1;
}
