# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The area: what writes, checks and records in it.  Linked into the stage.

AREA_X86_64 := area/x86_64/install area/x86_64/layout area/x86_64/compare area/x86_64/shared area/ledger
AREA_ARM64 := area/arm64/install

# The build reports the sizes, and fails if one is exceeded.
$(eval $(call program,$(BUILD)/area-size,host,$(call objects,host,tools/area-size area/x86_64/install area/x86_64/layout lib/acpi)))

$(BUILD)/sizes: $(BUILD)/area-size $(BUILD)/resident/resident.bin $(BUILD)/resident/resident-tdx.bin
	@$^ > $@.new
	@cat $@.new
	@mv $@.new $@
