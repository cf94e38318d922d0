/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The probe's options: words of the command line, NAME=VALUE, up to "--"; what
 * follows that is the command line of the kernel that linux= starts.  docs/probe.md
 * has the list.
 */
#ifndef PROBE_OPTIONS_H
#define PROBE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define OPTION_PATH_MAX 256

struct options {
	uint32_t rounds;   /* all offline and online again, that often */
	uint32_t crashes;  /* from at most so many CPUs */
	uint64_t fill;	   /* bytes of memory that are filled, at most */
	uint32_t seed;	   /* of the random order */
	uint32_t patience; /* seconds that an acknowledgement is waited for */
	uint32_t slow;	   /* seconds: an acknowledgement that takes longer is reported */
	bool nmi;	   /* NMIs to held CPUs, although nothing promises that they survive */
	bool reset;	   /* reset the machine at the end */
	char mode[16];	   /* "check" or "bench" */
	char linux[OPTION_PATH_MAX];  /* a kernel, on the volume that the probe came from */
	char initrd[OPTION_PATH_MAX]; /* for that */
	const char *command_line;     /* for that, "" if there is none */
};

extern struct options options;

/*
 * Read the options from @text, which stays.  Returns the first word that is no option, or
 * NULL; the rest is read all the same.
 */
const char *options_parse(const char *text);

#endif /* PROBE_OPTIONS_H */
