# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The command, build/baton, by the host's compiler; and once more with the
# sanitizers, which is what the tests run: build/cli/baton.  For arm64 by a cross
# compiler: build/arm64/baton.

CLI_BUILD := $(BUILD)/cli
CLI := $(basename $(wildcard $(addprefix cli/,*.c machine/*.c kernel/*.c inspect/*.c report/*.c install/*.c install/raspberrypi/*.c wrap/*.c vm/*.c kexec/*.c))) \
       lib/acpi lib/reader lib/conf lib/devicetree lib/devicetree_cpus lib/x86_64/cpulist
# What the command asks the processor of the machine that it is built for.
CLI_x86_64 := cli/install/x86_64/processor lib/x86_64/guest
CLI_arm64 := cli/install/arm64/processor
CLI_HOST := $(CLI) $(if $(filter x86_64%,$(shell $(HOSTCC) -dumpmachine 2>/dev/null)),$(CLI_x86_64),$(CLI_arm64))
CLI_LIBS := -lefiboot -lefivar -ljansson -lfdt -lz -lm

# The stages that "baton wrap" puts in front of a kernel, as parts of the command.
CLI_BLOB := cli/kernel/blob
CLI_BLOBS := $(foreach name,host sanitized host-arm64 fuzz,$(call objects,$(name),$(CLI_BLOB)))
$(CLI_BLOBS): EXTRA_CFLAGS += -I$(BUILD)/blob -I$(BUILD)/arm64
$(CLI_BLOBS): $(BUILD)/blob/blob.bin $(BUILD)/arm64/stage.bin

$(eval $(call program,$(BUILD)/baton,host,$(call objects,host,$(CLI_HOST) $(CLI_BLOB)),$(CLI_LIBS)))
$(eval $(call program,$(CLI_BUILD)/baton,sanitized,$(call objects,sanitized,$(CLI_HOST) $(CLI_BLOB)),$(CLI_LIBS)))
$(eval $(call program,$(BUILD)/arm64/baton,host-arm64,$(call objects,host-arm64,$(CLI) $(CLI_arm64) $(CLI_BLOB)),\
	-L$(HOST_ARM64)/usr/lib/aarch64-linux-gnu $(CLI_LIBS)))

# The command looks for its files beside it.
$(BUILD)/hooks:
	@mkdir -p $(@D)
	@ln -sfn $(abspath cli/install/hooks) $@

$(BUILD)/baton: | $(BUILD)/hooks

# Its libraries are those of the distribution for arm64.
.PHONY: cli-arm64
cli-arm64:
	@tools/packages --check build demo-arm64
	@$(MAKE) --no-print-directory $(BUILD)/arm64/baton

$(HOST_ARM64)/packages:
	tools/fetch-arm64 $(CACHE)/arm64 command

$(call objects,host-arm64,$(CLI) $(CLI_arm64) $(CLI_BLOB)): | $(HOST_ARM64)/packages

# Manual pages and completion, printed by programs that know the commands:
# build/man/*.1 and build/completion/{bash,zsh}.
PAGES := $(BUILD)/man/stamp $(BUILD)/completion/bash $(BUILD)/completion/zsh
CLI_WITHOUT_MAIN := $(filter-out cli/main,$(CLI_HOST))

$(eval $(call program,$(CLI_BUILD)/manual,host,$(call objects,host,cli/pages/manual $(CLI_WITHOUT_MAIN) $(CLI_BLOB)),$(CLI_LIBS)))
$(eval $(call program,$(CLI_BUILD)/completion,host,$(call objects,host,cli/pages/completion $(CLI_WITHOUT_MAIN) $(CLI_BLOB)),$(CLI_LIBS)))

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
