# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The command, build/baton, by the host's compiler; and once more with the
# sanitizers, which is what the tests run: build/cli/baton.

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

-include $(patsubst %.c,$(CLI_BUILD)/plain/%.d,$(CLI_SOURCES))
-include $(patsubst %.c,$(CLI_BUILD)/sanitized/%.d,$(CLI_SOURCES))
