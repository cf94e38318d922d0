# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Fuzzing, with libFuzzer and the sanitizers.  Every tests/fuzz/fuzz_NAME.c
# becomes a program; what it feeds is said at the end of this file.  Inputs to
# start from are in tests/fuzz/corpus/NAME; what was found goes to $(BUILD)/fuzz.

FUZZ_BUILD := $(BUILD)/fuzz
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGRAMS := $(addprefix $(FUZZ_BUILD)/fuzz_,$(FUZZ_TARGETS))
FUZZ_CFLAGS := $(CFLAGS) -Wno-missing-field-initializers $(CLI_CPPFLAGS) -fsanitize=fuzzer-no-link,address,undefined \
	       -fno-sanitize-recover=all -Istage -Icli -Iresident -Itests/fuzz
FUZZ ?= $(FUZZ_TARGETS)
FUZZ_SECONDS ?= 600

.PHONY: fuzz fuzz-test

# The same inputs each time, as many as a few seconds allow.
fuzz-test:
	@tools/packages build fuzz
	@$(MAKE) --no-print-directory $(FUZZ_PROGRAMS)
	tests/fuzz/run --results $(FUZZ_BUILD)/results --seconds 2 --build $(FUZZ_BUILD) $(FUZZ_TARGETS)

# From where the last one ended; FUZZ names some of them, each for FUZZ_SECONDS.
fuzz:
	@tools/packages build fuzz
	@$(MAKE) --no-print-directory $(FUZZ_PROGRAMS)
	tests/fuzz/run --go-on --seconds $(FUZZ_SECONDS) --build $(FUZZ_BUILD) $(FUZZ)

$(FUZZ_BUILD)/obj/%.o: %.c tests/fuzz/fuzz.mk
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(FUZZ_BUILD)/obj -name '*.d' 2>/dev/null)

# The sources that a program feeds, linked to it.
FUZZED_madt := kernel/acpi stage/publish
FUZZED_tables := kernel/acpi stage/publish
FUZZED_batn := kernel/acpi kernel/reader
FUZZED_adopt := kernel/acpi kernel/reader stage/adopt resident/x86_64/install resident/x86_64/compare
FUZZED_conf := stage/conf
FUZZED_kernel := cli/bzimage cli/wrapped cli/pe
FUZZED_image := cli/arm64
FUZZED_e820 := stage/bzimage/e820
FUZZED_bootparams := $(addprefix stage/,bzimage/bootparams bzimage/cmdline bzimage/rsdp bzimage/e820 cmdline)
FUZZED_inspect := $(filter-out cli/main,$(CLI_SOURCES:%.c=%))
FUZZED_tree := $(FUZZED_inspect) stage/devicetree kernel/devicetree
FUZZED_report := $(FUZZED_inspect)

$(FUZZ_BUILD)/fuzz_inspect $(FUZZ_BUILD)/fuzz_tree $(FUZZ_BUILD)/fuzz_report: $(CLI_BUILD)/blob.o

.SECONDEXPANSION:
$(FUZZ_PROGRAMS): $(FUZZ_BUILD)/fuzz_%: $(FUZZ_BUILD)/obj/tests/fuzz/fuzz_%.o \
		$$(addprefix $(FUZZ_BUILD)/obj/,$$(addsuffix .o,$$(FUZZED_$$*)))
	@echo "  LINK $@"
	@$(CLANG) -fsanitize=fuzzer,address,undefined -o $@ $^ $(CLI_LIBS)
