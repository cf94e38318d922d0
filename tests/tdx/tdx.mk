# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The simulator of a TDX module: README.md.  make tdx builds QEMU's -bios file, from a firmware
# with TDX metadata.

TDX := tests/tdx
TDX_BUILD := $(BUILD)/tdx
TDX_FIRMWARE ?= /usr/share/ovmf/OVMF.fd

TDX_SIMULATOR := $(addprefix $(TDX)/,entry world main svm vcpu exits table control cpuid msr tdapic ve \
		 tdcall vmcall memory mmio decode sha384 tdvf hob options console count misbehave slice) \
		 lib/format lib/string lib/cmdline \
		 $(addprefix lib/x86_64/,serial clock trampoline trampoline_page)

$(eval $(call elf,$(TDX_BUILD)/simulator.elf,$(TDX)/simulator.lds,-e entry_boot_cpu,\
	$(call objects,tdx,$(TDX_SIMULATOR))))
$(eval $(call flat,$(TDX_BUILD)/simulator.bin,$(TDX_BUILD)/simulator.elf,.text))
$(eval $(call elf,$(TDX_BUILD)/reset.elf,$(TDX)/reset.lds,-e reset_start,$(call objects,tdx,$(TDX)/reset)))
$(eval $(call flat,$(TDX_BUILD)/reset.bin,$(TDX_BUILD)/reset.elf,.text))
$(eval $(call program,$(TDX_BUILD)/tdx-rom,host,$(call objects,host,$(TDX)/rom $(TDX)/tdvf)))

.PHONY: tdx
tdx: $(TDX_BUILD)/tdx.rom $(TDX_BUILD)/exits

# For guests: how often each CPU leaves the TD.
$(eval $(call program,$(TDX_BUILD)/exits,guest,$(call objects,guest,$(TDX)/guest/exits),-static))

# The simulator's own test, as firmware.
$(eval $(call elf,$(TDX_BUILD)/selftest.elf,$(TDX)/guest/selftest.lds,-e selftest_image,\
	$(call objects,tdx,$(addprefix $(TDX)/guest/,selftest selftest_entry) $(TDX)/table lib/format lib/string)))
$(eval $(call flat,$(TDX_BUILD)/selftest.bin,$(TDX_BUILD)/selftest.elf,.text))

# $(call tdx_rom,TARGET,FIRMWARE)
define tdx_rom
$(1): $(TDX_BUILD)/tdx-rom $(2) $(TDX_BUILD)/simulator.bin $(TDX_BUILD)/reset.bin
	@echo "  ROM  $$@"
	@$(TDX_BUILD)/tdx-rom $(2) $(TDX_BUILD)/simulator.bin $(TDX_BUILD)/reset.bin $$@
endef
$(eval $(call tdx_rom,$(TDX_BUILD)/tdx.rom,$(TDX_FIRMWARE)))
$(eval $(call tdx_rom,$(TDX_BUILD)/selftest.rom,$(TDX_BUILD)/selftest.bin))

.PHONY: tdx-test
tdx-test: $(TDX_BUILD)/selftest.rom
	TDX_ROM=$< tests/unit/run $(TDX_BUILD)/results tests/tdx/selftest
