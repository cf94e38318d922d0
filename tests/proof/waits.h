/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Included in front of a source that waits for ever by an instruction: before each one the
 * harness judges, and ends the path.
 */
#ifndef TESTS_PROOF_WAITS_H
#define TESTS_PROOF_WAITS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

bool proof_instruction(void);

#define __asm__                                                                                    \
	if (proof_instruction())                                                                   \
		;                                                                                  \
	else                                                                                       \
		__asm__

#endif /* TESTS_PROOF_WAITS_H */
