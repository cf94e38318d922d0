/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Between selftest.c and selftest_entry.S. */
#ifndef TESTS_TDX_GUEST_SELFTEST_H
#define TESTS_TDX_GUEST_SELFTEST_H

#include <stdint.h>

/* Called in 64-bit mode, with a stack; does not return. */
void selftest_main(void);

/* The last exception's vector, and where its handler goes. */
extern unsigned selftest_caught;
extern uint64_t selftest_resume;

extern const char selftest_entry_exception_6[];
extern const char selftest_entry_exception_8[];
extern const char selftest_entry_exception_13[];
extern const char selftest_entry_exception_14[];
extern const char selftest_entry_exception_20[];

#endif /* TESTS_TDX_GUEST_SELFTEST_H */
