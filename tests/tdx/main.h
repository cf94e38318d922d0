/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Called by entry.S and the trampoline. */
#ifndef TESTS_TDX_MAIN_H
#define TESTS_TDX_MAIN_H

_Noreturn void main_boot_cpu(void);
_Noreturn void main_other_cpu(void);

/* In entry.S: where the trampoline goes, and how many CPUs have come from there. */
extern const char entry_other_cpu[];
extern unsigned entry_arrived;

#endif /* TESTS_TDX_MAIN_H */
