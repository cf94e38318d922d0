# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The sources under the C11 memory model: every execution with two or three CPUs.  See weak.h.
# WEAK=long goes further.

WEAK_BUILD := $(BUILD)/weak
WEAK_EXPLORER := $(addprefix tests/weak/,explore graph hooks)

# Programs, and the sources that each explores.
WEAK_TESTS := litmus protocol mailbox psci spintable ledger
WEAK_LIFE := tests/weak/kernel libbaton/life libbaton/wait
WEAK_protocol := resident/x86_64/protocol resident/x86_64/mailbox area/x86_64/shared
WEAK_mailbox := resident/x86_64/protocol resident/x86_64/mailbox area/x86_64/shared \
		libbaton/x86_64/mailbox $(WEAK_LIFE)
WEAK_psci := resident/arm64/psci libbaton/arm64/psci $(WEAK_LIFE)
WEAK_spintable := resident/arm64/spintable libbaton/arm64/spin_table $(WEAK_LIFE)
WEAK_ledger := area/ledger

WEAK_PROGRAMS := $(addprefix $(WEAK_BUILD)/weak_,$(WEAK_TESTS))

.PHONY: weak-test weak-mutants prove
prove: weak-test weak-mutants

weak-test:
	@tools/packages unit
	@$(MAKE) --no-print-directory $(WEAK_PROGRAMS)
	WEAK=$(WEAK) TEST_TIMEOUT=$(if $(WEAK),7200,2000) \
		tests/unit/run $(WEAK_BUILD)/results $(WEAK_PROGRAMS) tests/weak/herd/run

# Each memory order and barrier of the sources weakened, one at a time: some minutes.
comma := ,
empty :=
space := $(empty) $(empty)
weak-mutants:
	@tools/packages unit
	@$(MAKE) --no-print-directory $(WEAK_PROGRAMS)
	@MUTANT='$(MUTANT)' CC='$(CC_weak)' CFLAGS='$(CFLAGS_weak)' \
		PROGRAMS='$(foreach name,$(WEAK_TESTS),$(name)=$(subst $(space),$(comma),$(strip tests/weak/$(name) $(WEAK_$(name)))))' \
		tests/weak/mutants $(WEAK_BUILD)

# The explorer itself is not explored.
$(call objects,weak,$(WEAK_EXPLORER)): EXTRA_CFLAGS += -fno-sanitize=thread -O2

# Linked without the library of ThreadSanitizer: hooks.c is in its place.
$(foreach name,$(WEAK_TESTS),$(eval $(call program,$(WEAK_BUILD)/weak_$(name),host,\
	$(call objects,weak,tests/weak/$(name) $(WEAK_$(name)) $(WEAK_EXPLORER)))))
