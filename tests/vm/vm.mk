# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Tests and demo with stock kernels in virtual machines: see tests/vm/run.
# VM_TESTS names some of the tests, VM_FLAGS are further options, as --long.
# VMLINUZ and IMAGE (with DTBS) are kernels to test instead of the stock ones, for x86-64 and
# for arm64: files, or folders into which a Debian package was unpacked.

VM_TESTS ?=
VM_FLAGS ?=
VMLINUZ ?=
IMAGE ?=
DTBS ?=
VM_KERNELS = $(if $(VMLINUZ),--vmlinuz '$(VMLINUZ)') $(if $(IMAGE),--image '$(IMAGE)') \
	     $(if $(DTBS),--dtbs '$(DTBS)')

# Of the demo: x86_64 or arm64.  GUEST=tdx: a TDX guest, of x86_64.
ARCH := x86_64
GUEST :=

# The demo does without a compiler for another kind of machine.
DEMO_GUEST := $(BUILD)/vm/batn $(BUILD)/vm/load $(BUILD)/vm/msr $(BUILD)/vm/nmi $(BUILD)/vm/phys
VM_GUEST := $(DEMO_GUEST) $(BUILD)/vm/badfw.efi \
	    $(BUILD)/vm/testfw.efi $(BUILD)/vm/libbaton.efi $(BUILD)/probe.efi $(BUILD)/vm/arm64/batn \
	    $(BUILD)/vm/arm64/board.bin $(BUILD)/vm/arm64/shared.img \
	    $(BUILD)/arm64/baton

# Packages come first: the compiler may be one of them.
vm-test:
	tools/packages build test
	$(MAKE) --no-print-directory $(BUILD)/baton.efi $(BUILD)/baton $(VM_GUEST) tdx-vm kernels
	tests/vm/run --build $(BUILD) --kernels $(CACHE) $(VM_KERNELS) $(VM_FLAGS) $(VM_TESTS)

demo:
	@[ "$(filter x86_64 arm64,$(ARCH))" ] || { \
		echo 'make demo: ARCH=$(ARCH): no demo for that; there are x86_64 and arm64' >&2; exit 2; }
	@[ -z "$(GUEST)" ] || [ "$(GUEST)" = tdx ] || { \
		echo 'make demo: GUEST=$(GUEST): no demo for that; there is tdx' >&2; exit 2; }
	@[ -z "$(GUEST)" ] || [ "$(ARCH)" = x86_64 ] || { \
		echo 'make demo: GUEST=$(GUEST) is for ARCH=x86_64' >&2; exit 2; }
	@$(MAKE) --no-print-directory demo-$(or $(GUEST),$(ARCH))

.PHONY: demo-x86_64 demo-arm64 demo-tdx
demo-x86_64:
	tools/packages build demo
	$(MAKE) --no-print-directory $(BUILD)/baton.efi $(DEMO_GUEST) $(CACHE)/6.12/vmlinuz
	tools/demo --build $(BUILD) --kernels $(CACHE)

demo-arm64:
	tools/packages build demo-arm64
	$(MAKE) --no-print-directory $(BUILD)/baton $(BUILD)/vm/arm64/batn
	tools/fetch-arm64 $(CACHE)/arm64 guest
	tools/fetch-arm64 $(CACHE)/arm64 6.12
	tools/demo --arch arm64 --build $(BUILD) --kernels $(CACHE)

demo-tdx:
	tools/packages build demo
	$(MAKE) --no-print-directory tdx $(BUILD)/baton.efi $(BUILD)/baton $(DEMO_GUEST) $(CACHE)/6.12/vmlinuz
	tools/demo --guest tdx --build $(BUILD) --kernels $(CACHE)

# The probe on any firmware that QEMU can run; CHECK_FLAGS: tests/vm/check-firmware --help.
# GUEST=tdx: on one for TDX guests, in the simulator of one.
CHECK_NEEDS_tdx := $(addprefix $(BUILD)/tdx/,tdx-rom simulator.bin reset.bin)

.PHONY: check-firmware
check-firmware:
	@[ -z "$(GUEST)" ] || [ "$(GUEST)" = tdx ] || { \
		echo 'make check-firmware: GUEST=$(GUEST): there is only tdx' >&2; exit 2; }
	@[ -n "$(FIRMWARE)" ] || { \
		echo 'make check-firmware FIRMWARE=/path/OVMF.fd [CHECK_FLAGS="--cpus 8"]' >&2; exit 2; }
	@tools/packages build demo
	@$(MAKE) --no-print-directory $(BUILD)/probe.efi $(CHECK_NEEDS_$(GUEST))
	tests/vm/check-firmware --build $(BUILD) $(if $(GUEST),--guest $(GUEST)) $(CHECK_FLAGS) $(FIRMWARE)

# Not every suite has a 6.1 (exit code 3); the tests then skip it.
.PHONY: kernels
kernels:
	tools/fetch-kernel 6.12 $(CACHE)
	tools/fetch-kernel 6.1 $(CACHE) || test $$? = 3
	tools/fetch-arm64 $(CACHE)/arm64 guest
	tools/fetch-arm64 $(CACHE)/arm64 6.12
	tools/fetch-arm64 $(CACHE)/arm64 u-boot
	tools/fetch-arm64 $(CACHE)/arm64 6.1 || test $$? = 3

$(CACHE)/%/vmlinuz:
	tools/fetch-kernel $* $(CACHE)

# Programs of the guests, for either kind of machine.
GUEST_batn := lib/reader lib/acpi cli/machine/reserved

# guest_program NAME,FOLDER,TOOLCHAIN
guest_program = $(eval $(call program,$(BUILD)/vm/$(2)$(1),$(3),$(call objects,$(3),tests/vm/guest/$(1) $(GUEST_$(1))),-static))
$(foreach name,batn load msr nmi phys,$(call guest_program,$(name),,guest))
$(call guest_program,batn,arm64/,guest-arm64)
