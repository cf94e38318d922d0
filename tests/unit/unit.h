/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What cmocka wants to be included before it, in the order that it wants. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif /* TESTS_UNIT_UNIT_H */
