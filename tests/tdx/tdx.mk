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

# The same for VM tests.  A firmware without TDX metadata is no error there: tests/rig/tdx.py
# skips them, with the reason.  OVMF: a further firmware, for the tests that need a mailbox of
# version 1.
OVMF ?=
TDX_PARTS := $(TDX_BUILD)/simulator.bin $(TDX_BUILD)/reset.bin

# tdx_try FIRMWARE,NAME
define tdx_try
	@rm -f $(TDX_BUILD)/$(2).rom
	@$(TDX_BUILD)/tdx-rom '$(1)' $(TDX_PARTS) $(TDX_BUILD)/$(2).rom 2>$(TDX_BUILD)/$(2).refusal || \
		cat $(TDX_BUILD)/$(2).refusal
endef

.PHONY: tdx-vm
tdx-vm: $(TDX_BUILD)/tdx-rom $(TDX_PARTS) $(TDX_BUILD)/exits
	$(call tdx_try,$(TDX_FIRMWARE),tdx)
	$(if $(OVMF),$(call tdx_try,$(OVMF),ovmf),@rm -f $(TDX_BUILD)/ovmf.*)

# For guests: how often each CPU leaves the TD.
$(eval $(call program,$(TDX_BUILD)/exits,guest,$(call objects,guest,$(TDX)/guest/exits),-static))

# The simulator's own test, as firmware.
$(eval $(call elf,$(TDX_BUILD)/selftest.elf,$(TDX)/guest/selftest.lds,-e selftest_image,\
	$(call objects,tdx,$(addprefix $(TDX)/guest/,selftest selftest_entry) $(TDX)/table lib/format lib/string)))
$(eval $(call flat,$(TDX_BUILD)/selftest.bin,$(TDX_BUILD)/selftest.elf,.text))

# $(call tdx_rom,TARGET,FIRMWARE)
define tdx_rom
$(1): $(TDX_BUILD)/tdx-rom $(2) $(TDX_PARTS)
	@echo "  ROM  $$@"
	@$(TDX_BUILD)/tdx-rom $(2) $(TDX_PARTS) $$@
endef
$(eval $(call tdx_rom,$(TDX_BUILD)/tdx.rom,$(TDX_FIRMWARE)))
$(eval $(call tdx_rom,$(TDX_BUILD)/selftest.rom,$(TDX_BUILD)/selftest.bin))

.PHONY: tdx-test
tdx-test: $(TDX_BUILD)/selftest.rom
	TDX_ROM=$< tests/unit/run $(TDX_BUILD)/results tests/tdx/selftest
