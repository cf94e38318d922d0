# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# baton.efi: the stage, with the resident's image in it.

GNU_EFI_INCLUDE ?= /usr/include/efi

STAGE_CFLAGS := -target x86_64-unknown-windows $(CFLAGS) -ffreestanding -fno-builtin \
		-fshort-wchar -mno-red-zone -mno-stack-arg-probe -fno-stack-protector \
		-isystem $(GNU_EFI_INCLUDE) -isystem $(GNU_EFI_INCLUDE)/x86_64
STAGE_HEADERS := $(wildcard include/baton/*.h include/baton/*/*.h resident/x86_64/*.h stage/*.h stage/*/*.h)
STAGE_OBJECTS := $(patsubst %,$(BUILD)/efi/%.o,\
		   stage/uefi/main stage/uefi/start stage/uefi/handover stage/uefi/configuration \
		   stage/uefi/memory stage/uefi/console stage/conf stage/publish stage/format \
		   stage/string stage/image stage/say stage/tables stage/account \
		   stage/holder stage/adopt \
		   stage/x86_64/collect stage/x86_64/startup stage/x86_64/wake \
		   stage/x86_64/machine stage/x86_64/serial \
		   resident/x86_64/install resident/x86_64/compare resident/bury \
		   resident/ledger kernel/reader)

$(BUILD)/efi/%.o: %.c $(STAGE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(STAGE_CFLAGS) -c -o $@ $<

$(BUILD)/efi/%.o: %.S $(STAGE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(STAGE_CFLAGS) -I$(BUILD)/resident -c -o $@ $<

$(BUILD)/efi/stage/image.o: $(BUILD)/resident/resident.bin

$(BUILD)/baton.efi: $(STAGE_OBJECTS) $(BUILD)/libbaton-efi.lib
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ $^
