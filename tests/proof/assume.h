/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * All assumptions of the proofs, each with its reason.  No other file in tests/proof
 * uses __CPROVER_assume(): tests/proof/run checks that.  What a proof concludes holds
 * only where these hold; docs/verification.md lists them for reviewers.
 *
 * The proofs also assume, without a macro:
 *
 * - Memory is sequentially consistent.  The weak-memory explorer takes that away.
 * - Inline assembly has no effect but to give its outputs arbitrary values.  Assembly
 *   files (doors, reset vector, traps) are not part of any proof.
 * - CBMC, its model of C, the preprocessor and the SAT solver are right.
 */
#ifndef TESTS_PROOF_ASSUME_H
#define TESTS_PROOF_ASSUME_H

/*
 * The memory before the entry is as the party before leaves it.  Each use names the rule
 * of the contract, or the function that has checked it.
 */
#define ASSUME_CONTRACT(rule, condition) __CPROVER_assume(condition)

/*
 * An input is not larger than the bound of the harness.  No code path depends on the
 * size alone: one more entry, or CPU, or byte goes through the same loop body again.
 */
#define ASSUME_BOUND(condition) __CPROVER_assume(condition)

/*
 * The case of this proof.  Other proofs of the same file have the other cases; the
 * coverage report fails if a line needs a case that no proof has.
 */
#define ASSUME_CASE(condition) __CPROVER_assume(condition)

/*
 * Other CPUs and the kernel, between two accesses of this CPU: any number of steps, each
 * by the same relation that the proofs show for this CPU (rely and guarantee).
 */
#define ASSUME_STEP(condition) __CPROVER_assume(condition)

/*
 * A wait ends, or the path is not followed further.  A round of the wait starts from any
 * state that the others can make, so later rounds start from no other state.
 */
#define ASSUME_WAIT_ENDS(condition) __CPROVER_assume(condition)

/*
 * A function that does not return in the product (it leaves by assembly, or halts) does
 * not return in the proof.
 */
#define ASSUME_NO_RETURN() __CPROVER_assume(0)

/* An external library keeps to what its header promises (libfdt.c). */
#define ASSUME_LIBRARY(condition) __CPROVER_assume(condition)

#endif /* TESTS_PROOF_ASSUME_H */
