# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# baton-armstub8.bin: the stage in place of a Raspberry Pi's armstub8, with the resident for EL3.

ARMSTUB_OBJECTS := $(patsubst %,$(BUILD)/arm64/%.o,\
		     stage/armstub/head stage/armstub/main stage/armstub/board \
		     stage/arm64/handover stage/arm64/mmu stage/arm64/cache stage/arm64/console \
		     stage/arm64/libc stage/devicetree kernel/devicetree stage/format stage/string \
		     resident/arm64/install kernel/acpi)

$(BUILD)/arm64/stage/armstub/head.o: $(BUILD)/arm64/resident-el3.bin
$(BUILD)/arm64/stage/armstub/head.o: stage/armstub/stub.h stage/arm64/switch.S
$(BUILD)/arm64/stage/armstub/main.o: $(wildcard stage/armstub/*.h stage/arm64/*.h stage/*.h)
$(BUILD)/arm64/stage/armstub/board.o: stage/armstub/board.h

$(BUILD)/arm64/armstub.lds: stage/armstub/armstub.lds stage/armstub/stub.h
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -Istage/armstub -o $@ $<

$(BUILD)/arm64/armstub.elf: $(BUILD)/arm64/armstub.lds $(ARMSTUB_OBJECTS) $(CACHE)/arm64/libfdt/libfdt.a
	@echo "  LINK $@"
	@$(LLD) -z noexecstack -z norelro -e stub_start -T $^ -o $@

$(BUILD)/baton-armstub8.bin: $(BUILD)/arm64/armstub.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary $< $@
