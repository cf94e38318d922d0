/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The power states of CPUs, and the calls that change them: Arm DEN0022
 * (PSCI 1.1), sections 5.4 to 5.7.  Plain C without privileged instructions: the
 * same code runs in the resident, on the host with threads for CPUs, and
 * stands behind the model in tests/model.
 *
 * Memory must be cacheable and coherent among all CPUs: exclusives are not
 * reliable otherwise (Arm ARM, "Use of Load-Exclusive and Store-Exclusive").
 */
#ifndef RESIDENT_ARM64_PSCI_H
#define RESIDENT_ARM64_PSCI_H

#include "area/arm64/shared.h"

/*
 * CPU_ON: start CPU @mpidr at @entry with @context in its first register.
 * Any number of callers at once: of those that want the same CPU exactly one
 * gets PSCI_SUCCESS.  Returns a value of section 5.6.2.
 */
int32_t psci_cpu_on(struct psci *psci, uint64_t mpidr, uint64_t entry, uint64_t context);

/* AFFINITY_INFO: section 5.7. */
int32_t psci_affinity_info(struct psci *psci, uint64_t mpidr, uint64_t level);

/*
 * The calling CPU, number @self, is in the resident and uses nothing of its last
 * owner's any more: hold it until CPU_ON starts it.  *@entry and *@context are
 * where to go; the CPU is ON.
 */
void psci_hold(struct psci *psci, uint32_t self, uint64_t *entry, uint64_t *context);

/* The number of CPU @mpidr, or UINT32_MAX. */
uint32_t psci_find(const struct psci *psci, uint64_t mpidr);

/* What differs between the resident and a host test; resolved at link time. */

/* CPU @self is held: psci_hold() is about to store OFF. */
void psci_port_held(struct psci *psci, uint32_t self);

/*
 * CPU @self is about to be ON, at @entry.  What this stores is visible to a CPU that sees ON: the
 * state is stored after it, with release.
 */
void psci_port_released(struct psci *psci, uint32_t self, uint64_t entry);

/* Sleep until the state of @self may have changed; returning early is always right. */
void psci_port_sleep(struct psci *psci, uint32_t self);

/* End psci_port_sleep() on @target, whose new state has been stored. */
void psci_port_wake(struct psci *psci, uint32_t target);

#endif /* RESIDENT_ARM64_PSCI_H */
