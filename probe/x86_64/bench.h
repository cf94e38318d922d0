/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef PROBE_X86_64_BENCH_H
#define PROBE_X86_64_BENCH_H

/*
 * mode=bench, in the place of the checks: how long it takes until N CPUs run C code,
 * by each of the ways that there are.  After cpus_find(), all CPUs held by baton.
 * One tap_remark for each sample: "bench", the way, N, microseconds.
 */
void bench(void);

#endif /* PROBE_X86_64_BENCH_H */
