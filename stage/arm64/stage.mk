# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The stage in front of an arm64 Image, with the resident's images in it.  libfdt comes from
# the distribution's package for that architecture, unpacked by tools/fetch-arm64.

ARM64_STAGE_OBJECTS := $(patsubst %,$(BUILD)/arm64/%.o,\
			 stage/arm64/head stage/arm64/main stage/arm64/handover stage/arm64/mmu \
			 stage/arm64/cache stage/arm64/console stage/arm64/libc stage/devicetree kernel/devicetree \
			 stage/cmdline stage/format stage/string \
			 resident/arm64/install kernel/acpi)

ARM64_DEVICETREE := $(BUILD)/arm64/stage/devicetree.o $(BUILD)/arm64/kernel/devicetree.o
$(ARM64_DEVICETREE): ARM64_CFLAGS += -Istage/arm64/libc -isystem $(CACHE)/arm64/libfdt
$(ARM64_DEVICETREE): $(CACHE)/arm64/libfdt/libfdt.a

$(CACHE)/arm64/libfdt/libfdt.a:
	tools/fetch-arm64 $(CACHE)/arm64 libfdt

$(BUILD)/arm64/stage/arm64/head.o: $(BUILD)/arm64/resident-el2.bin $(BUILD)/arm64/resident-spin.bin
$(BUILD)/arm64/stage/arm64/head.o: stage/arm64/switch.S

$(BUILD)/arm64/stage.lds: stage/arm64/stage.lds stage/arm64/head.h
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -Istage/arm64 -o $@ $<

$(BUILD)/arm64/stage.elf: $(BUILD)/arm64/stage.lds $(ARM64_STAGE_OBJECTS) $(CACHE)/arm64/libfdt/libfdt.a
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -z norelro --hash-style=sysv -z noexecstack -e stage_start \
		-T $^ -o $@

$(BUILD)/arm64/stage.bin: $(BUILD)/arm64/stage.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary $< $@
