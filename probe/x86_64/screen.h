/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef PROBE_SCREEN_H
#define PROBE_SCREEN_H

/* Take the screen that boot.screen tells of. */
void screen_start(void);

/* At the end of what is there. */
void screen_put(char c);

#endif /* PROBE_SCREEN_H */
