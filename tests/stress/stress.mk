# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The protocol under stress, with threads for CPUs: plain, and under ThreadSanitizer.

STRESS_plain := tests/stress/stress resident/x86_64/protocol resident/x86_64/mailbox \
		resident/x86_64/pace area/x86_64/shared
STRESS_psci := tests/stress/psci resident/arm64/psci
STRESS_spintable := tests/stress/spintable resident/arm64/spintable

STRESS_PROGRAMS := $(addprefix $(BUILD)/stress/,plain tsan psci psci-tsan spintable spintable-tsan)

.PHONY: stress-test
stress-test:
	@tools/packages unit
	@$(MAKE) --no-print-directory $(STRESS_PROGRAMS)
	tests/unit/run $(BUILD)/stress/results $(STRESS_PROGRAMS)

# stress_program NAME,TOOLCHAIN,SOURCES
stress_program = $(eval $(call program,$(BUILD)/stress/$(1),$(2),$(call objects,$(2),$(3))))
$(call stress_program,plain,stress,$(STRESS_plain))
$(call stress_program,tsan,stress-tsan,$(STRESS_plain))
$(call stress_program,psci,stress,$(STRESS_psci))
$(call stress_program,psci-tsan,stress-tsan,$(STRESS_psci))
$(call stress_program,spintable,stress,$(STRESS_spintable))
$(call stress_program,spintable-tsan,stress-tsan,$(STRESS_spintable))
$(BUILD)/stress-tsan/tests/stress/spintable.o: EXTRA_CFLAGS += -UHANDOVERS -DHANDOVERS=100000
