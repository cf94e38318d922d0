/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Time slices for CPUs that spin.  OVMF's other CPUs poll their mailbox without PAUSE, and
 * QEMU, which runs all CPUs in one thread, gives each 100 ms before it runs the next.  So the
 * firmware would take twice as long with 2 CPUs, and eight times with 8.
 *
 * Until a CPU first asks the host for anything, its APIC's timer is the simulator's: it ends
 * the CPU's slice after SLICE_US, and the CPU naps.  A host may do so at any time.
 */
#ifndef TESTS_TDX_SLICE_H
#define TESTS_TDX_SLICE_H

struct vcpu;

/* Before the CPU enters the TD for the first time. */
void slice_start(struct vcpu *vcpu);

/* An interrupt is pending: the slice is over, or the TD has sent one, which ends all slices. */
void slice_exit(struct vcpu *vcpu);

/* The CPU needs its APIC, or the host.  From now on interrupts go straight to the TD. */
void slice_end(struct vcpu *vcpu);

#endif /* TESTS_TDX_SLICE_H */
