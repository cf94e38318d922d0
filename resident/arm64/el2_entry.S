/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The way in and out at EL2; the kernel is at EL1. */
#define LEVEL el2
#define EL(name) name##_el2
#define ALL_OF_LEVEL alle2
#define SPSR_KERNEL SPSR_EL1H_MASKED
#include "psci_entry.S"
