/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The Multiprocessor Wakeup Mailbox: one 4 KiB page between a kernel and the
 * holder of the secondary CPUs.  ACPI 6.6, section 5.2.12.19 and table
 * "Multiprocessor Wakeup Mailbox Structure".  The TEST command and the reset
 * vector come from the ECR "MP wakeup structure version 1".
 *
 * The kernel writes apic_id and wakeup_vector, then command.  The addressed CPU
 * clears command when it has performed the command.  At most one command is in
 * flight.
 */
#ifndef BATON_MAILBOX_H
#define BATON_MAILBOX_H

#define BATON_MAILBOX_SIZE 4096

#define BATON_COMMAND_NOOP 0
#define BATON_COMMAND_WAKEUP 1
#define BATON_COMMAND_TEST 2
#define BATON_COMMAND_RELEASE_ALL 3 /* baton's own, where BATN offers it: docs/contract.md */

/* The APIC ID of BATON_COMMAND_RELEASE_ALL: it is no CPU's. */
#define BATON_APIC_ID_ALL 0xffffffff

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct baton_mailbox {
	union {
		struct {
			uint16_t command;
			uint16_t reserved;
			uint32_t apic_id;
		};
		uint64_t request; /* the three at once */
	};
	uint64_t wakeup_vector;
	uint8_t for_os[2032];
	uint8_t for_firmware[2048];
};

_Static_assert(offsetof(struct baton_mailbox, apic_id) == 4, "ACPI 6.6, mailbox");
_Static_assert(offsetof(struct baton_mailbox, wakeup_vector) == 8, "ACPI 6.6, mailbox");
_Static_assert(sizeof(struct baton_mailbox) == BATON_MAILBOX_SIZE, "ACPI 6.6, mailbox");

#endif /* __ASSEMBLER__ */
#endif /* BATON_MAILBOX_H */
