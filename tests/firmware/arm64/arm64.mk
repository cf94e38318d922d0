# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The firmware of a board with a spin-table, in front of a kernel: see board.c.

ARM64_BOARD_OBJECTS := $(patsubst %,$(BUILD)/arm64/%.o,\
			 tests/firmware/arm64/head tests/firmware/arm64/board \
			 stage/arm64/libc stage/string)
ARM64_BOARD_HEADERS := tests/firmware/arm64/board.h

$(BUILD)/arm64/tests/firmware/arm64/%.o: ARM64_CFLAGS += -Istage/arm64/libc -isystem $(CACHE)/arm64/libfdt
$(BUILD)/arm64/tests/firmware/arm64/head.o: $(ARM64_BOARD_HEADERS)
$(BUILD)/arm64/tests/firmware/arm64/board.o: $(ARM64_BOARD_HEADERS) $(CACHE)/arm64/libfdt/libfdt.a

$(BUILD)/arm64/board.lds: tests/firmware/arm64/board.lds $(ARM64_BOARD_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Itests/firmware/arm64 -o $@ $<

# At the address where QEMU puts it: nothing is relocated.
$(BUILD)/arm64/board.elf: $(BUILD)/arm64/board.lds $(ARM64_BOARD_OBJECTS) $(CACHE)/arm64/libfdt/libfdt.a
	@echo "  LINK $@"
	@$(LLD) -z noexecstack -e board_start -T $^ -o $@

$(BUILD)/vm/arm64/board.bin: $(BUILD)/arm64/board.elf
	@mkdir -p $(@D)
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary -j .text $< $@
