# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# What "baton wrap" carries with it.

$(BUILD)/baton $(CLI_BUILD)/baton: $(CLI_BUILD)/blob.o

$(CLI_BUILD)/blob.o: cli/blob.S $(BUILD)/blob/blob.bin $(BUILD)/arm64/stage.bin
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) -I$(BUILD)/blob -I$(BUILD)/arm64 -c -o $@ $<

$(CLI_BUILD)/arm64/blob.o: cli/blob.S $(BUILD)/blob/blob.bin $(BUILD)/arm64/stage.bin
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(ARM64_HOSTCC) -I$(BUILD)/blob -I$(BUILD)/arm64 -c -o $@ $<
