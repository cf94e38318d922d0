# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Bounded proofs of the C by CBMC: docs/verification.md.  Each tests/proof/NAME.c says in its
# head which sources it proves.  PROVE="NAME ..." selects some of them.

PROOF_BUILD := $(BUILD)/proof
PROVE ?=

.PHONY: proof-test prove-c prove
# What takes some seconds, where cbmc is; elsewhere one test is skipped, with the reason.
proof-test:
	@tools/packages unit
	@tests/proof/run --build $(PROOF_BUILD) --cbmc $(CACHE)/prove/bin quick $(PROVE)

# All proofs, the coverage, and all mutants.
prove-c:
	@tools/packages build
	tests/proof/tools $(CACHE)
	tests/proof/run --build $(PROOF_BUILD) --cbmc $(CACHE)/prove/bin all $(PROVE)

prove: prove-c
