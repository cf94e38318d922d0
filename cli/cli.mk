# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The command, build/baton, by the host's compiler; and once more with the
# sanitizers, which is what the tests run: build/cli/baton.  For arm64 by a cross
# compiler: build/arm64/baton.

CLI_BUILD := $(BUILD)/cli
CLI_SOURCES := $(wildcard cli/*.c) kernel/acpi.c kernel/reader.c stage/conf.c
CLI_CPPFLAGS := -D_GNU_SOURCE -DBATON_VERSION='"$(VERSION)"'
CLI_LIBS := -lefiboot -lefivar -ljansson -lfdt -lz -lm

# Its own files are looked for beside it.
$(BUILD)/hooks:
	@mkdir -p $(@D)
	@ln -sfn $(abspath cli/hooks) $@

$(BUILD)/baton: | $(BUILD)/hooks

$(BUILD)/baton: $(patsubst %.c,$(CLI_BUILD)/plain/%.o,$(CLI_SOURCES))
	@echo "  LINK $@"
	@$(HOSTCC) $(CFLAGS) -o $@ $^ $(CLI_LIBS)

$(CLI_BUILD)/baton: $(patsubst %.c,$(CLI_BUILD)/sanitized/%.o,$(CLI_SOURCES))
	@echo "  LINK $@"
	@$(HOSTCC) $(HOST_CFLAGS) -o $@ $^ $(CLI_LIBS)

$(CLI_BUILD)/plain/%.o: %.c Makefile cli/cli.mk
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(CFLAGS) $(CLI_CPPFLAGS) -MMD -MP -c -o $@ $<

$(CLI_BUILD)/sanitized/%.o: %.c Makefile cli/cli.mk
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(HOST_CFLAGS) $(CLI_CPPFLAGS) -MMD -MP -c -o $@ $<

# Its libraries are the distribution's for that architecture.
CLI_ARM64 := $(CACHE)/arm64/cli
CLI_ARM64_OBJECTS := $(patsubst %.c,$(CLI_BUILD)/arm64/%.o,$(CLI_SOURCES))

.PHONY: cli-arm64
cli-arm64:
	@tools/packages build demo-arm64
	@$(MAKE) --no-print-directory $(BUILD)/arm64/baton

$(CLI_ARM64)/packages:
	tools/fetch-arm64 $(CACHE)/arm64 cli

$(BUILD)/arm64/baton: $(CLI_ARM64_OBJECTS) $(CLI_BUILD)/arm64/blob.o
	@echo "  LINK $@"
	@$(ARM64_HOSTCC) $(CFLAGS) -o $@ $^ -L$(CLI_ARM64)/usr/lib/aarch64-linux-gnu $(CLI_LIBS)

$(CLI_BUILD)/arm64/%.o: %.c Makefile cli/cli.mk | $(CLI_ARM64)/packages
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(ARM64_HOSTCC) $(CFLAGS) $(CLI_CPPFLAGS) -isystem $(CLI_ARM64)/usr/include -MMD -MP -c -o $@ $<

-include $(CLI_ARM64_OBJECTS:.o=.d)
-include $(patsubst %.c,$(CLI_BUILD)/plain/%.d,$(CLI_SOURCES))
-include $(patsubst %.c,$(CLI_BUILD)/sanitized/%.d,$(CLI_SOURCES))
