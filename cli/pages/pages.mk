# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Manual pages and completion, printed by programs that know the commands:
# build/man/*.1 and build/completion/{bash,zsh}.

PAGES := $(BUILD)/man/stamp $(BUILD)/completion/bash $(BUILD)/completion/zsh
PAGES_OBJECTS := $(filter-out %/cli/main.o,$(patsubst %.c,$(CLI_BUILD)/plain/%.o,$(CLI_SOURCES))) \
		 $(CLI_BUILD)/blob.o

$(CLI_BUILD)/manual $(CLI_BUILD)/completion: $(CLI_BUILD)/%: \
		$(CLI_BUILD)/plain/cli/pages/%.o $(PAGES_OBJECTS)
	@echo "  LINK $@"
	@$(HOSTCC) $(CFLAGS) -o $@ $^ $(CLI_LIBS)

$(BUILD)/man/stamp: $(CLI_BUILD)/manual $(CLI_BUILD)/completion
	@mkdir -p $(@D)
	@echo "  MAN  $(@D)"
	@rm -f $(@D)/*.1
	@$(CLI_BUILD)/manual >$(@D)/baton.1
	@for command in $$($(CLI_BUILD)/completion commands); do \
		$(CLI_BUILD)/manual $$command >$(@D)/baton-$$command.1 || exit 1; \
	done
	@touch $@

$(BUILD)/completion/%: $(CLI_BUILD)/completion
	@mkdir -p $(@D)
	@$< $* >$@
