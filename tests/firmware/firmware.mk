# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Firmware that misbehaves on demand, by way of programs that run before
# baton.efi or a kernel: badfw.efi spoils the tables, testfw.efi has a wakeup
# mailbox of its own.

LOOP_OBJECTS := $(BUILD)/firmware/loop-entry.o $(BUILD)/firmware/loop.o
LOOP_HEADERS := tests/firmware/loop.h include/baton/mailbox.h $(wildcard resident/x86_64/*.h)

$(BUILD)/firmware/loop-entry.o: tests/firmware/loop.S $(LOOP_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(RESIDENT_CFLAGS) -c -o $@ $<

$(BUILD)/firmware/loop.o: tests/firmware/loop.c $(LOOP_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(RESIDENT_CFLAGS) -c -o $@ $<

$(BUILD)/firmware/loop.lds: tests/firmware/loop.lds tests/firmware/loop.h
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -include tests/firmware/loop.h -o $@ $<

$(BUILD)/firmware/loop.elf: $(BUILD)/firmware/loop.lds $(LOOP_OBJECTS)
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -e reset_vector --hash-style=sysv -z noexecstack -T $^ -o $@

$(BUILD)/firmware/loop.bin: $(BUILD)/firmware/loop.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary -j .text $< $@

$(BUILD)/efi/tests/firmware/image.o: tests/firmware/image.S $(BUILD)/firmware/loop.bin
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(STAGE_CFLAGS) -I$(BUILD)/firmware -c -o $@ $<

$(BUILD)/efi/tests/firmware/%.o: STAGE_HEADERS += $(wildcard tests/firmware/*.h)

FIRMWARE_COMMON := tests/firmware/uefi kernel/acpi stage/publish stage/format stage/string

$(BUILD)/vm/badfw.efi: $(patsubst %,$(BUILD)/efi/%.o,tests/firmware/badfw $(FIRMWARE_COMMON))
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ $^

$(BUILD)/vm/testfw.efi: $(patsubst %,$(BUILD)/efi/%.o,\
			        tests/firmware/testfw tests/firmware/image \
			        kernel/x86_64/trampoline kernel/x86_64/trampoline_page \
			        stage/x86_64/serial $(FIRMWARE_COMMON))
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ $^
