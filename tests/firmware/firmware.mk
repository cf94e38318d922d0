# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Firmware that misbehaves on demand.  x86-64: programs that run before baton.efi or a kernel;
# badfw.efi spoils the tables, testfw.efi has a wakeup mailbox of its own.  arm64: a board with a
# spin-table in front of a kernel, see arm64/board.c.

FIRMWARE := tests/firmware/x86_64

$(eval $(call elf,$(BUILD)/firmware/loop.elf,$(FIRMWARE)/loop.lds,$(RESIDENT_FLAGS) -e loop_entry_reset_vector,\
	$(call objects,resident,$(FIRMWARE)/loop_entry $(FIRMWARE)/loop)))
$(eval $(call flat,$(BUILD)/firmware/loop.bin,$(BUILD)/firmware/loop.elf,.text))

$(BUILD)/efi/$(FIRMWARE)/image.o: $(BUILD)/firmware/loop.bin
$(BUILD)/efi/$(FIRMWARE)/image.o: EXTRA_CFLAGS += -I$(BUILD)/firmware

FIRMWARE_COMMON := $(FIRMWARE)/uefi lib/acpi stage/x86_64/publish lib/format lib/string

$(eval $(call efi,$(BUILD)/vm/badfw.efi,$(call objects,efi,$(FIRMWARE)/badfw $(FIRMWARE_COMMON))))
$(eval $(call efi,$(BUILD)/vm/testfw.efi,$(call objects,efi,$(FIRMWARE)/testfw $(FIRMWARE)/image \
	lib/x86_64/trampoline lib/x86_64/trampoline_page lib/x86_64/serial $(FIRMWARE_COMMON))))

# At the address where QEMU puts it: nothing is relocated.
ARM64_BOARD := tests/firmware/arm64/board_head tests/firmware/arm64/board $(addprefix lib/arm64/,mmu libc) lib/string

$(eval $(call elf,$(BUILD)/arm64/board.elf,tests/firmware/arm64/board.lds,-e board_head_start,\
	$(call objects,arm64,$(ARM64_BOARD)) $(FDT)))
$(eval $(call flat,$(BUILD)/vm/arm64/board.bin,$(BUILD)/arm64/board.elf,.text))
$(eval $(call with_fdt,$(BUILD)/arm64/tests/firmware/arm64/board.o))
