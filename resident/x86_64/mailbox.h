/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The held CPU's side of the wakeup mailbox.  Plain C without privileged
 * instructions, so that host tests run the same code as a held CPU does.
 */
#ifndef RESIDENT_X86_64_MAILBOX_H
#define RESIDENT_X86_64_MAILBOX_H

#include <baton/mailbox.h>
#include <stdbool.h>

/*
 * The command in @mailbox for the CPU @apic_id: BATON_COMMAND_WAKEUP or
 * BATON_COMMAND_RELEASE_ALL, with *@vector set, BATON_COMMAND_TEST, or
 * BATON_COMMAND_NOOP if there is none for this CPU.  The command stays in the
 * mailbox until mailbox_acknowledge().
 */
unsigned mailbox_command(const volatile struct baton_mailbox *mailbox, uint32_t apic_id,
			 uint64_t *vector);

/*
 * Acknowledge the kernel's @command for @apic_id: clear the command, with release
 * ordering.  A kernel that sees it cleared also sees all that this CPU wrote before.
 * Returns false and writes nothing if another command is there by now.  A kernel that
 * gave up waiting has replaced this one, which must then not be performed.
 */
bool mailbox_acknowledge(volatile struct baton_mailbox *mailbox, unsigned command,
			 uint32_t apic_id);

#endif /* RESIDENT_X86_64_MAILBOX_H */
