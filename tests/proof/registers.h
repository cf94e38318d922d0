/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Included in front of a source whose outcome depends on MIDR_EL1: the harness has its value. */
#ifndef TESTS_PROOF_REGISTERS_H
#define TESTS_PROOF_REGISTERS_H

#include <baton/arm64/registers.h>

extern uint64_t proof_midr_el1;

#undef read_register
#define read_register(name) proof_##name

#endif /* TESTS_PROOF_REGISTERS_H */
