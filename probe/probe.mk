# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The probe: a kernel that checks the firmware or resident below it.

# One file for UEFI and for the Linux boot protocol; position-independent, relocates itself.
PROBE_X86_64 := $(basename $(wildcard probe/*.c probe/x86_64/*.c probe/x86_64/*.S)) \
		$(addprefix lib/,string format identity_port) \
		$(addprefix lib/x86_64/,identity_port serial clock tdx_ve)

$(eval $(call elf,$(BUILD)/probe.elf,probe/x86_64/probe.lds,-pie --no-dynamic-linker -e entry_32 --hash-style=sysv -z norelro,\
	$(call objects,probe,$(PROBE_X86_64)) $(BUILD)/libbaton.a))
$(eval $(call flat,$(BUILD)/probe.efi,$(BUILD)/probe.elf))
$(BUILD)/probe/lib/string.o: EXTRA_CFLAGS += -fno-builtin

# The same for arm64, an Image.
PROBE_ARM64 := $(basename $(wildcard probe/*.c probe/arm64/*.c probe/arm64/*.S)) \
	       $(addprefix lib/,string format devices identity_port) \
	       $(addprefix lib/arm64/,libc mmu cache identity_port)

$(eval $(call elf,$(BUILD)/arm64/probe.elf,probe/arm64/probe.lds,-pie --no-dynamic-linker -z norelro --hash-style=sysv -e head_start,\
	$(call objects,arm64,$(PROBE_ARM64)) $(BUILD)/arm64/libbaton.a $(FDT)))
$(eval $(call flat,$(BUILD)/probe-arm64.img,$(BUILD)/arm64/probe.elf))
$(eval $(call with_fdt,$(BUILD)/arm64/probe/arm64/tree.o))
