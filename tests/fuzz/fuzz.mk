# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Fuzzing, with libFuzzer and the sanitizers.  Every tests/fuzz/fuzz_NAME.c
# becomes a program; the sources that it tests are listed at the end of this file.
# Inputs to start from are in tests/fuzz/corpus/NAME; new ones go to $(BUILD)/fuzz.

FUZZ_BUILD := $(BUILD)/fuzz
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGRAMS := $(addprefix $(FUZZ_BUILD)/fuzz_,$(FUZZ_TARGETS))
FUZZ ?= $(FUZZ_TARGETS)
FUZZ_SECONDS ?= 600

.PHONY: fuzz fuzz-test

# The same inputs each time, as many as a few seconds allow.
fuzz-test:
	@tools/packages build fuzz
	@$(MAKE) --no-print-directory $(FUZZ_PROGRAMS)
	tests/fuzz/run --results $(FUZZ_BUILD)/results --seconds 2 --build $(FUZZ_BUILD) $(FUZZ_TARGETS)

# Goes on where the last run ended; FUZZ selects targets, each runs for FUZZ_SECONDS.
fuzz:
	@tools/packages build fuzz
	@$(MAKE) --no-print-directory $(FUZZ_PROGRAMS)
	tests/fuzz/run --go-on --seconds $(FUZZ_SECONDS) --build $(FUZZ_BUILD) $(FUZZ)

# The sources that a program tests, linked to it.
FUZZED_madt := lib/acpi stage/x86_64/publish
FUZZED_tables := lib/acpi stage/x86_64/publish
FUZZED_batn := lib/acpi lib/reader
FUZZED_adopt := lib/acpi lib/reader stage/x86_64/adopt area/x86_64/install area/x86_64/layout area/x86_64/compare
FUZZED_conf := lib/conf
FUZZED_kernel := cli/kernel/bzimage cli/kernel/kind cli/kernel/pe
FUZZED_image := cli/kernel/arm64 cli/kernel/gzip
FUZZED_e820 := stage/x86_64/bzimage/e820
FUZZED_bootparams := $(addprefix stage/x86_64/bzimage/,bootparams cmdline rsdp e820) lib/cmdline
FUZZED_inspect := $(CLI_WITHOUT_MAIN) $(CLI_BLOB)
FUZZED_tree := $(FUZZED_inspect) stage/arm64/devicetree lib/devices
FUZZED_report := $(FUZZED_inspect)

$(foreach name,$(FUZZ_TARGETS),$(eval $(call program,$(FUZZ_BUILD)/fuzz_$(name),fuzz,\
	$(call objects,fuzz,tests/fuzz/fuzz_$(name) $(FUZZED_$(name))),-fsanitize=fuzzer $(CLI_LIBS))))
