# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# libbaton.a: what a kernel links to take and return CPUs.  libbaton-efi.lib is the same for
# programs in the format of UEFI.

LIBBATON := lib/acpi lib/reader libbaton/x86_64/find libbaton/machine libbaton/life \
	    libbaton/x86_64/mailbox libbaton/wait libbaton/stop libbaton/report \
	    libbaton/x86_64/cpu libbaton/x86_64/apic libbaton/x86_64/start libbaton/x86_64/exit \
	    libbaton/x86_64/sipi libbaton/x86_64/entry libbaton/x86_64/leave \
	    $(addprefix lib/x86_64/,trampoline trampoline_page hypervisor apic_id guest tdx tdx_call)

$(eval $(call archive,$(BUILD)/libbaton.a,$(call objects,libbaton,$(LIBBATON)),libbaton/check))
$(eval $(call archive,$(BUILD)/libbaton-efi.lib,$(call objects,efi,$(LIBBATON))))

# A CPU that comes from a mailbox has SSE turned off.
$(call objects,efi,$(LIBBATON)): EXTRA_CFLAGS += -mgeneral-regs-only

# For arm64.  The kernel that uses baton_find_devicetree() links libfdt, too.
ARM64_LIBBATON := lib/acpi lib/reader lib/devicetree libbaton/machine libbaton/life libbaton/wait \
		  libbaton/stop libbaton/report libbaton/arm64/find libbaton/arm64/cpu \
		  libbaton/arm64/start libbaton/arm64/psci libbaton/arm64/spin_table \
		  libbaton/arm64/idmap_page libbaton/arm64/entry libbaton/arm64/leave

$(eval $(call archive,$(BUILD)/arm64/libbaton.a,$(call objects,arm64-libbaton,$(ARM64_LIBBATON)),libbaton/check))
$(eval $(call with_fdt,$(call objects,arm64-libbaton,lib/devicetree)))

# The kernels of docs/porting.md, which must be those in the document.
EXAMPLES := $(addprefix libbaton/example/,x86_64/kernel.c arm64/kernel.c)
$(BUILD)/example.checked: libbaton/example/check docs/porting.md $(EXAMPLES)
	@mkdir -p $(@D)
	@libbaton/example/check docs/porting.md $(EXAMPLES)
	@touch $@

$(eval $(call efi,$(BUILD)/example.efi,$(call objects,efi,libbaton/example/x86_64/kernel lib/string) \
	$(BUILD)/libbaton-efi.lib $(BUILD)/example.checked))
$(BUILD)/efi/libbaton/example/x86_64/kernel.o: EXTRA_CFLAGS += -Wno-unused-parameter

# Likewise for arm64; with what libfdt wants of libc.
ARM64_EXAMPLE := $(addprefix libbaton/example/arm64/,kernel_head kernel mmu) $(addprefix lib/arm64/,mmu cache libc) \
		 lib/string

$(eval $(call elf,$(BUILD)/arm64/example.elf,libbaton/example/arm64/image.lds,-pie --no-dynamic-linker -z norelro --gc-sections -e kernel_head_start,\
	$(call objects,arm64,$(ARM64_EXAMPLE)) $(BUILD)/arm64/libbaton.a $(FDT) $(BUILD)/example.checked))
$(eval $(call flat,$(BUILD)/arm64/example.img,$(BUILD)/arm64/example.elf))
$(BUILD)/arm64/libbaton/example/arm64/kernel.o: EXTRA_CFLAGS += -Wno-unused-parameter -Wno-missing-prototypes

# The same with a kernel_main() of the tests: CPUs that share a release word.
$(eval $(call elf,$(BUILD)/arm64/shared.elf,libbaton/example/arm64/image.lds,-pie --no-dynamic-linker -z norelro --gc-sections -e kernel_head_start,\
	$(call objects,arm64,$(filter-out %/kernel,$(ARM64_EXAMPLE)) lib/identity_port lib/arm64/identity_port \
	tests/libbaton/arm64/shared) $(BUILD)/arm64/libbaton.a $(FDT)))
$(eval $(call flat,$(BUILD)/vm/arm64/shared.img,$(BUILD)/arm64/shared.elf))

# What unit tests can't run, in a virtual machine: tests/vm/libbaton*.test.
$(eval $(call efi,$(BUILD)/vm/libbaton.efi,$(call objects,efi,tests/libbaton/test tests/libbaton/nmi \
	lib/string lib/identity_port lib/x86_64/identity_port) $(BUILD)/libbaton-efi.lib))
$(BUILD)/efi/tests/libbaton/test.o: EXTRA_CFLAGS += -mgeneral-regs-only
