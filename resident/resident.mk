# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The resident's image: position-independent, checked by its linker script.

RESIDENT_CFLAGS := -target x86_64-unknown-none-elf $(CFLAGS) -Os -ffreestanding -fpie \
		   -fvisibility=hidden -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
		   -fcf-protection=none -fno-asynchronous-unwind-tables -Wframe-larger-than=128
RESIDENT_HEADERS := $(wildcard include/baton/*.h include/baton/*/*.h resident/*.h resident/x86_64/*.h)
RESIDENT_OBJECTS := $(patsubst %,$(BUILD)/resident/%.o,\
		      x86_64/reset x86_64/traps x86_64/hold x86_64/port \
		      x86_64/apic protocol bury mailbox ledger)

$(BUILD)/resident/%.o: resident/%.c $(RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(RESIDENT_CFLAGS) -c -o $@ $<

$(BUILD)/resident/%.o: resident/%.S $(RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(RESIDENT_CFLAGS) -c -o $@ $<

$(BUILD)/resident/resident.lds: resident/x86_64/resident.lds $(RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -Iresident/x86_64 -o $@ $<

$(BUILD)/resident/resident.elf: $(BUILD)/resident/resident.lds $(RESIDENT_OBJECTS)
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -e reset_vector --hash-style=sysv -z noexecstack -T $^ -o $@

$(BUILD)/resident/resident.bin: $(BUILD)/resident/resident.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary -j .text $< $@

# The build tells the sizes, and fails if one is exceeded.
$(BUILD)/area-size: tools/area-size.c resident/x86_64/install.c kernel/acpi.c $(RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(CFLAGS) -o $@ $(filter %.c,$^)

$(BUILD)/sizes: $(BUILD)/area-size $(BUILD)/resident/resident.bin
	@$^ > $@.new
	@cat $@.new
	@mv $@.new $@
