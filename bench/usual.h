/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef BENCH_USUAL_H
#define BENCH_USUAL_H

/* Set by who measures, in the mailbox's part that belongs to the firmware. */
#define USUAL_NO_PAUSE(mailbox) ((mailbox)->for_firmware[0])

#endif /* BENCH_USUAL_H */
