/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The Power State Coordination Interface: Arm DEN0022, version 1.1, section 5,
 * and the SMC Calling Convention, DEN0028, version 1.1.  Shared by the resident,
 * which offers it, and its callers.
 */
#ifndef BATON_PSCI_H
#define BATON_PSCI_H

#define PSCI_VERSION_0_2 0x00002
#define PSCI_VERSION_1_1 0x10001
#define SMCCC_VERSION_1_1 0x10001

/* Function identifiers.  Bit 30: arguments are 64 bits wide. */
#define PSCI_64 0x40000000u
#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_SUSPEND 0x84000001u
#define PSCI_CPU_OFF 0x84000002u
#define PSCI_CPU_ON 0x84000003u
#define PSCI_AFFINITY_INFO 0x84000004u
#define PSCI_MIGRATE_INFO_TYPE 0x84000006u
#define PSCI_MIGRATE_INFO_UP_CPU 0x84000007u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_FEATURES 0x8400000au

#define SMCCC_VERSION 0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define SMCCC_ARCH_WORKAROUND_1 0x80008000u /* CVE-2017-5715 */
#define SMCCC_ARCH_WORKAROUND_3 0x80003fffu /* CVE-2022-23960 */

/* Return values: section 5.2.2. */
#define PSCI_SUCCESS 0
#define PSCI_NOT_SUPPORTED (-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_DENIED (-3)
#define PSCI_ALREADY_ON (-4)
#define PSCI_ON_PENDING (-5)
#define PSCI_INTERNAL_FAILURE (-6)
#define PSCI_INVALID_ADDRESS (-9)

#define SMCCC_NOT_REQUIRED 1
#define SMCCC_NOT_SUPPORTED (-1)

/* AFFINITY_INFO: section 5.7. */
#define PSCI_AFFINITY_ON 0
#define PSCI_AFFINITY_OFF 1
#define PSCI_AFFINITY_ON_PENDING 2

/*
 * MIGRATE_INFO_TYPE: a trusted OS that can be moved to another CPU; one that can't; none, or
 * one that may be on any CPU.  Section 5.9.
 */
#define PSCI_MIGRATE_CAPABLE 0
#define PSCI_MIGRATE_NOT_CAPABLE 1
#define PSCI_MIGRATE_NOT_REQUIRED 2

/* CPU_SUSPEND's power_state, original format: bit 16 asks for a power-down.  Section 5.4.2. */
#define PSCI_POWER_DOWN 0x10000u

/* The affinity fields of MPIDR_EL1, which identify a CPU. */
#define MPIDR_AFFINITY 0xff00ffffffull

#endif /* BATON_PSCI_H */
