# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Tests and demo with stock kernels in virtual machines: see tests/vm/run.
# VM_TESTS names some of the tests, VM_FLAGS are further options, as --long.

VM_TESTS ?=
VM_FLAGS ?=

VM_GUEST := $(BUILD)/vm/batn $(BUILD)/vm/nmi $(BUILD)/vm/badfw.efi

# Packages come first: the compiler may be one of them.
vm-test:
	tools/packages build test
	$(MAKE) --no-print-directory $(BUILD)/baton.efi $(VM_GUEST) kernels
	tests/vm/run --build $(BUILD) --kernels $(CACHE) $(VM_FLAGS) $(VM_TESTS)

demo:
	tools/packages build demo
	$(MAKE) --no-print-directory $(BUILD)/baton.efi $(VM_GUEST) $(CACHE)/6.12/vmlinuz
	tools/demo --build $(BUILD) --kernels $(CACHE)

# Not every suite has a 6.1 (exit code 3); the tests then skip it.
.PHONY: kernels
kernels: $(CACHE)/6.12/vmlinuz
	tools/fetch-kernel 6.1 $(CACHE) || test $$? = 3

$(CACHE)/%/vmlinuz:
	tools/fetch-kernel $* $(CACHE)

$(BUILD)/vm/%: tests/vm/guest/%.c include/baton/table.h
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(CFLAGS) -static -o $@ $<

# Broken firmware, by way of a program that runs before baton.efi.
$(BUILD)/vm/badfw.efi: $(patsubst %,$(BUILD)/efi/%.o,tests/vm/badfw/badfw kernel/acpi \
			 stage/publish stage/string)
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ $^
