# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The protocol under stress, with threads for CPUs: plain, and under ThreadSanitizer.

STRESS_SOURCES := tests/stress/stress.c resident/protocol.c resident/mailbox.c
STRESS_HEADERS := tests/stress/stalls.h resident/protocol.h resident/mailbox.h \
		  include/baton/mailbox.h
STRESS_PROGRAMS := $(BUILD)/stress/plain $(BUILD)/stress/tsan

$(BUILD)/stress/tsan: STRESS_FLAGS := -fsanitize=thread -DHANDOVERS=200000

.PHONY: stress-test
stress-test:
	@tools/packages unit
	@$(MAKE) --no-print-directory $(STRESS_PROGRAMS)
	tests/unit/run $(BUILD)/stress/results $(STRESS_PROGRAMS)

$(STRESS_PROGRAMS): $(STRESS_SOURCES) $(STRESS_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(CFLAGS) $(STRESS_FLAGS) -Iresident -include tests/stress/stalls.h -pthread \
		-o $@ $(STRESS_SOURCES)
