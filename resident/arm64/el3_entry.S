/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The way in and out at EL3; the kernel is at EL2. */
#define LEVEL el3
#define EL(name) name##_el3
#define ALL_OF_LEVEL alle3
#define SPSR_KERNEL SPSR_EL2H_MASKED
#include "psci_entry.S"
