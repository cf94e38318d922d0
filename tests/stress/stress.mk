# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The protocol under stress, with threads for CPUs: plain, and under ThreadSanitizer.

STRESS_SOURCES := tests/stress/stress.c resident/protocol.c resident/mailbox.c
STRESS_HEADERS := tests/stress/stalls.h resident/protocol.h resident/mailbox.h \
		  include/baton/mailbox.h
PSCI_STRESS_SOURCES := tests/stress/psci.c resident/psci.c
SPIN_STRESS_SOURCES := tests/stress/spintable.c resident/spintable.c
STRESS_PROTOCOL := $(BUILD)/stress/plain $(BUILD)/stress/tsan
STRESS_PSCI := $(BUILD)/stress/psci $(BUILD)/stress/psci-tsan
STRESS_SPIN := $(BUILD)/stress/spintable $(BUILD)/stress/spintable-tsan
STRESS_PROGRAMS := $(STRESS_PROTOCOL) $(STRESS_PSCI) $(STRESS_SPIN)

$(BUILD)/stress/tsan $(BUILD)/stress/psci-tsan: STRESS_FLAGS := -fsanitize=thread -DHANDOVERS=200000
$(BUILD)/stress/spintable-tsan: STRESS_FLAGS := -fsanitize=thread -DHANDOVERS=100000

.PHONY: stress-test
stress-test:
	@tools/packages unit
	@$(MAKE) --no-print-directory $(STRESS_PROGRAMS)
	tests/unit/run $(BUILD)/stress/results $(STRESS_PROGRAMS)

$(STRESS_PROTOCOL): $(STRESS_SOURCES) $(STRESS_HEADERS)
$(STRESS_PSCI): $(PSCI_STRESS_SOURCES) resident/psci.h include/baton/psci.h tests/stress/stalls.h tests/stress/chance.h
$(STRESS_SPIN): $(SPIN_STRESS_SOURCES) resident/spintable.h tests/stress/stalls.h tests/stress/chance.h

$(STRESS_PROGRAMS):
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(CFLAGS) $(STRESS_FLAGS) -Iresident -include tests/stress/stalls.h -pthread \
		-o $@ $(filter %.c,$^)
