/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A machine as its tables describe it: the CPUs, and how each is started.
 */
#ifndef CLI_MACHINE_MACHINE_H
#define CLI_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <baton/reader.h>

#include "cli/architecture.h"

enum start_method {
	START_UNKNOWN,
	START_INIT_SIPI, /* x86: by interrupts, from wherever the CPU is */
	START_MAILBOX,	 /* ACPI multiprocessor wakeup structure */
	START_PSCI,
	START_SPIN_TABLE, /* device tree: cpu-release-addr */
	START_PARKING,	  /* ACPI parking protocol, arm64 */
};

struct machine_cpu {
	uint64_t id;  /* APIC ID or MPIDR */
	uint32_t uid; /* ACPI processor UID */
	bool enabled;
	bool may_come; /* not enabled, but could be added while the machine runs */
	enum start_method method;
	char *method_name; /* of START_UNKNOWN, as the table has it; may be NULL */
	uint64_t release_address, return_address, held_address;
	bool has_release, has_return, has_held;
	const struct baton_cpu_record *record; /* in BATN; NULL: none */
};

struct wakeup {
	bool present;
	uint16_t version;
	uint8_t length;
	uint64_t mailbox;
	uint64_t reset_vector; /* where length allows for it */
	bool returns;	       /* version 1, as long as that needs, with a reset vector */
};

/* Something in a table that is not as it should be. */
struct problem {
	bool fatal;    /* then nothing is known of the machine */
	bool harmless; /* good to know, and no reason to stop */
	char *where;
	char *what;
};

struct machine {
	enum architecture arch;
	char *source; /* where all this comes from, for people */
	char *model;  /* of a device tree; may be NULL */

	char *kernel; /* the version that the verdict is about; NULL: not known */
	unsigned major, minor;

	struct machine_cpu *cpus;
	size_t ncpus;
	bool has_madt;
	unsigned madt_revision;
	struct wakeup wakeup;
	bool has_psci;
	char *psci_version; /* at least this one; NULL: not known */
	char *psci_conduit; /* "hvc" or "smc"; may be NULL */
	bool bcm2836;	    /* the interrupt controller of a Raspberry Pi 2 or 3 */

	/*
	 * Why the stage can't take the CPUs, by the checks that it makes itself; NULL: it can,
	 * or could, once the boot loader has filled in the memory of a board's device tree.
	 */
	char *refusal;

	struct baton_table *batn; /* NULL: there is none, or none that is good */
	uint64_t area, area_size; /* in a device tree; 0: none */

	/* Of a running system; NULL or -1: not known. */
	int tdx;		 /* it is a TDX guest */
	char *online, *possible; /* as "0-3" */
	bool can_offline;	 /* its kernel has a file by which some CPU goes offline */
	int kexec_disabled, kexec_loaded, crash_loaded;
	long long crash_size;
	char *lockdown;

	struct problem *problems;
	size_t nproblems;
};

void machine_init(struct machine *m);
void machine_free(struct machine *m);
struct machine_cpu *machine_add_cpu(struct machine *m);
void machine_problem(struct machine *m, bool fatal, const char *where, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The last problem is harmless. */
void machine_harmless(struct machine *m);
bool machine_unknown(const struct machine *m); /* there is a fatal problem */
size_t machine_enabled(const struct machine *m);

/* "6.12.117-amd64" and the like; false if it does not begin with two numbers. */
bool machine_set_kernel(struct machine *m, const char *version);

/*
 * Read a machine from one of its sources.  They return false, after reporting an error,
 * if nothing could be read there.  A table that was read and is broken is a problem of @m.
 */
bool source_acpi(struct machine *m, const char *path);	 /* a table, several, or a folder of them */
bool source_dtb(struct machine *m, const char *path);	 /* a flattened device tree */
bool source_system(struct machine *m, const char *root); /* proc/ and sys/ below @root */

/* Read the tables, of @size bytes, into @m. */
void madt_read(struct machine *m, const void *table, size_t size, const void *fadt,
	       size_t fadt_size);
void dtb_read(struct machine *m, const void *tree, size_t size);

/* Checks that the area in BATN is that of the other tables. */
void machine_check_area(struct machine *m);

/* One word each, as in JSON: part of its schema. */
extern const char *const machine_method_names[];
extern const char *const machine_architecture_names[];

#endif /* CLI_MACHINE_MACHINE_H */
