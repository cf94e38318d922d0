# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The stage as it stands in a wrapped kernel: position-independent, checked by its
# linker script.

BLOB_ASFLAGS := -target x86_64-unknown-none-elf $(CFLAGS)
BLOB_CFLAGS := $(BLOB_ASFLAGS) -ffreestanding -fno-builtin -fpie \
	       -fvisibility=hidden -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
	       -fcf-protection=none -fno-asynchronous-unwind-tables -fshort-wchar \
	       -DGNU_EFI_USE_MS_ABI -include stage/bzimage/hidden.h \
	       -isystem $(GNU_EFI_INCLUDE) -isystem $(GNU_EFI_INCLUDE)/x86_64
# All of baton.efi but what looks for something to start, and its own.
BLOB_OBJECTS := $(patsubst %,$(BUILD)/blob/%.o,\
		  stage/bzimage/entry stage/bzimage/start stage/bzimage/identity \
		  stage/bzimage/payload stage/bzimage/main stage/bzimage/e820 \
		  stage/bzimage/bootparams stage/bzimage/cmdline stage/cmdline stage/bzimage/console \
		  stage/bzimage/rsdp stage/x86_64/clock stage/uefi/wrapped) \
		$(patsubst $(BUILD)/efi/%,$(BUILD)/blob/%,\
		  $(filter-out %/uefi/main.o %/uefi/start.o %/stage/conf.o,$(STAGE_OBJECTS)))

$(BUILD)/blob/%.o: %.c $(STAGE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(BLOB_CFLAGS) -c -o $@ $<

$(BUILD)/blob/%.o: %.S $(STAGE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(BLOB_ASFLAGS) -I$(BUILD)/resident -c -o $@ $<

$(BUILD)/blob/stage/image.o: $(BUILD)/resident/resident.bin

$(BUILD)/blob/blob.lds: stage/bzimage/blob.lds include/baton/wrap.h
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -o $@ $<

$(BUILD)/blob/blob.elf: $(BUILD)/blob/blob.lds $(BLOB_OBJECTS) $(BUILD)/libbaton.a
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -e blob --hash-style=sysv -z noexecstack -z norelro -T $^ -o $@

$(BUILD)/blob/blob.bin: $(BUILD)/blob/blob.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary -j .text -j .data $< $@
