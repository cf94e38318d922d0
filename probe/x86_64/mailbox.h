/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Commands as libbaton would not give them.  From the CPU that conducts, while
 * libbaton uses the mailbox for nothing.
 */
#ifndef PROBE_X86_64_MAILBOX_H
#define PROBE_X86_64_MAILBOX_H

#include <baton/mailbox.h>
#include <stdbool.h>
#include <stdint.h>

/* Write APIC ID and vector, then the command: in the order that ACPI wants. */
void mailbox_send(uint16_t command, uint32_t apic_id, uint64_t vector);

/* Wait for the acknowledgement, at most @limit_us; whether it came. */
bool mailbox_await(uint64_t limit_us);

/* Take back a command that no CPU is going to take. */
void mailbox_withdraw(void);

#define ANSWER_US 1000000 /* what a kernel waits for the answer to a TEST */
#define SILENCE_US 200000 /* so long a command for no CPU must stay unanswered */

/* TEST, acknowledged in ANSWER_US; else it is withdrawn. */
bool mailbox_test(uint32_t apic_id);

#endif /* PROBE_X86_64_MAILBOX_H */
