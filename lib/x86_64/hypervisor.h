/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Memory that a hypervisor writes on behalf of a virtual CPU, whether that runs or not. */
#ifndef LIB_X86_64_HYPERVISOR_H
#define LIB_X86_64_HYPERVISOR_H

/*
 * End what the calling CPU's last owner has registered for it: KVM's steal time, PV EOI,
 * asynchronous page faults and clock; Hyper-V's VP assist page, SynIC pages and timers
 * (not tested).  Nothing is written that the hypervisor does not offer: that would be an
 * exception.  A kernel registers its own when it takes the CPU.  Privilege level 0.
 */
#pragma GCC visibility push(hidden)
void hypervisor_end_writes(void);
#pragma GCC visibility pop

#endif /* LIB_X86_64_HYPERVISOR_H */
