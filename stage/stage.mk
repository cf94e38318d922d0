# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The stage in its four forms, each with the resident's image in it.

# x86-64: what both forms share.
STAGE_X86_64_UEFI := $(addprefix stage/x86_64/uefi/,prepare configuration memory console)
STAGE_X86_64 := stage/x86_64/publish lib/format \
		lib/string stage/x86_64/image stage/say stage/x86_64/tables \
		stage/x86_64/handover stage/x86_64/account stage/x86_64/owner stage/x86_64/adopt \
		stage/x86_64/collect stage/x86_64/startup stage/x86_64/wake \
		stage/x86_64/machine stage/x86_64/ve \
		$(addprefix lib/x86_64/,tdx tdx_call tdx_ve cpulist serial guest clock) \
		lib/identity_port lib/x86_64/identity_port \
		$(AREA_X86_64) lib/reader

# baton.efi
STAGE_UEFI := stage/x86_64/uefi/main stage/x86_64/uefi/start $(STAGE_X86_64_UEFI) lib/conf $(STAGE_X86_64)

# The handler of #VE keeps general registers only.
$(BUILD)/efi/lib/x86_64/tdx.o: EXTRA_CFLAGS += -mgeneral-regs-only
$(eval $(call efi,$(BUILD)/baton.efi,$(call objects,efi,$(STAGE_UEFI)) $(BUILD)/libbaton-efi.lib))

# In front of a bzImage, which baton wrap does: one flat image without relocations.
STAGE_BZIMAGE := $(addprefix stage/x86_64/bzimage/,entry bzimage identity payload e820 \
		   bootparams cmdline) lib/cmdline $(addprefix stage/x86_64/bzimage/,console rsdp) \
		 stage/x86_64/uefi/wrapped $(STAGE_X86_64_UEFI) $(STAGE_X86_64)

$(eval $(call elf,$(BUILD)/blob/blob.elf,stage/x86_64/bzimage/blob.lds,-pie --no-dynamic-linker -e bzimage_blob --hash-style=sysv -z norelro,\
	$(call objects,blob,$(STAGE_BZIMAGE)) $(BUILD)/libbaton.a))
$(eval $(call flat,$(BUILD)/blob/blob.bin,$(BUILD)/blob/blob.elf,.text .data))

$(BUILD)/efi/stage/x86_64/image.o $(BUILD)/blob/stage/x86_64/image.o: \
	$(BUILD)/resident/resident.bin $(BUILD)/resident/resident-tdx.bin
$(BUILD)/efi/stage/x86_64/image.o $(BUILD)/blob/stage/x86_64/image.o: EXTRA_CFLAGS += -I$(BUILD)/resident

# arm64: what both forms share.
STAGE_ARM64 := stage/arm64/handover stage/arm64/map lib/arm64/mmu lib/arm64/cache stage/arm64/console stage/say \
	       lib/arm64/libc stage/arm64/devicetree lib/devicetree_cpus lib/devicetree lib/devices
STAGE_ARM64_LIB := lib/format lib/string $(AREA_ARM64) lib/acpi

$(eval $(call with_fdt,$(call objects,arm64,stage/arm64/devicetree lib/devicetree_cpus lib/devicetree lib/devices)))

# In front of an Image, which baton wrap does.
STAGE_IMAGE := stage/arm64/image/stage_head stage/arm64/image/stage $(STAGE_ARM64) lib/cmdline $(STAGE_ARM64_LIB)

$(eval $(call elf,$(BUILD)/arm64/stage.elf,stage/arm64/image/stage.lds,-pie --no-dynamic-linker -z norelro --hash-style=sysv -e stage_head_start,\
	$(call objects,arm64,$(STAGE_IMAGE)) $(FDT)))
$(eval $(call flat,$(BUILD)/arm64/stage.bin,$(BUILD)/arm64/stage.elf))

# In place of a Raspberry Pi's armstub8, with the resident for EL3.
STAGE_ARMSTUB := $(addprefix stage/arm64/armstub/,stub_head stub board) $(STAGE_ARM64) $(STAGE_ARM64_LIB)

$(eval $(call elf,$(BUILD)/arm64/armstub.elf,stage/arm64/armstub/armstub.lds,-z norelro -e stub_head_start,\
	$(call objects,arm64,$(STAGE_ARMSTUB)) $(FDT)))
$(eval $(call flat,$(BUILD)/baton-armstub8.bin,$(BUILD)/arm64/armstub.elf))

$(BUILD)/arm64/stage/arm64/image/stage_head.o: $(BUILD)/arm64/resident-el2.bin $(BUILD)/arm64/resident-spin.bin
$(BUILD)/arm64/stage/arm64/armstub/stub_head.o: $(BUILD)/arm64/resident-el3.bin
$(call objects,arm64,stage/arm64/image/stage_head stage/arm64/armstub/stub_head): EXTRA_CFLAGS += -I$(BUILD)/arm64
