# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The resident's images for arm64: for EL2, for EL3, and of the spin-table with a return.

ARM64_CFLAGS := -target aarch64-unknown-none-elf $(CFLAGS) -Os -ffreestanding -fpie \
		-fvisibility=hidden -mgeneral-regs-only -mstrict-align -mno-outline-atomics \
		-fno-stack-protector -fno-asynchronous-unwind-tables
ARM64_RESIDENT_HEADERS := $(wildcard include/baton/*.h include/baton/arm64/*.h resident/*.h \
				     resident/arm64/*.h resident/arm64/doors.S)
# Of the two that offer PSCI; each has a file of its own, and its doors.
ARM64_PSCI_OBJECTS := $(patsubst %,$(BUILD)/arm64/resident/%.o,\
			arm64/el2-state arm64/hold arm64/record arm64/call arm64/power psci ledger)
ARM64_SPIN_OBJECTS := $(patsubst %,$(BUILD)/arm64/resident/%.o,\
			arm64/spin-entry arm64/spin arm64/el2-state arm64/record spintable ledger)

$(BUILD)/arm64/%.o: %.c $(ARM64_RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(ARM64_CFLAGS) -c -o $@ $<

$(BUILD)/arm64/%.o: %.S $(ARM64_RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(ARM64_CFLAGS) -I$(BUILD)/arm64 -c -o $@ $<

$(BUILD)/arm64/resident.lds: resident/arm64/resident.lds $(ARM64_RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -o $@ $<

$(BUILD)/arm64/resident-el2.elf $(BUILD)/arm64/resident-el3.elf: $(BUILD)/arm64/resident-%.elf: \
		$(BUILD)/arm64/resident.lds $(BUILD)/arm64/resident/arm64/%-entry.o \
		$(BUILD)/arm64/resident/arm64/%.o $(ARM64_PSCI_OBJECTS)
$(BUILD)/arm64/resident-spin.elf: $(BUILD)/arm64/resident.lds $(ARM64_SPIN_OBJECTS)

$(BUILD)/arm64/resident-%.elf:
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -e resident_start --hash-style=sysv -z noexecstack -T $^ -o $@

$(BUILD)/arm64/resident-%.bin: $(BUILD)/arm64/resident-%.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary -j .text $< $@
