# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The residents' images: position-independent, checked by their linker scripts.

# Without the functions of a shared file that nobody calls.
RESIDENT_FLAGS := -pie --no-dynamic-linker --hash-style=sysv --gc-sections

# x86-64: behind the wakeup mailbox; for plain machines and guests, and for TDX guests.
RESIDENT_BOTH := resident/x86_64/reset resident/x86_64/traps resident/x86_64/hold \
		 resident/x86_64/port resident/x86_64/apic resident/x86_64/pace \
		 resident/x86_64/protocol \
		 area/x86_64/shared resident/x86_64/mailbox area/ledger \
		 lib/x86_64/hypervisor
RESIDENT_X86_64 := $(RESIDENT_BOTH) resident/x86_64/bare/entry resident/x86_64/bare/platform
RESIDENT_TDX := $(RESIDENT_BOTH) resident/x86_64/tdx/entry resident/x86_64/tdx/platform \
		lib/x86_64/tdx lib/x86_64/tdx_call lib/x86_64/tdx_ve

# $(call resident_x86_64,NAME,SOURCES)
define resident_x86_64
$(call elf,$(BUILD)/resident/$(1).elf,resident/x86_64/resident.lds,$(RESIDENT_FLAGS) -e reset_vector,\
	$(call objects,resident,$(2)))
$(call flat,$(BUILD)/resident/$(1).bin,$(BUILD)/resident/$(1).elf,.text)
endef
$(eval $(call resident_x86_64,resident,$(RESIDENT_X86_64)))
$(eval $(call resident_x86_64,resident-tdx,$(RESIDENT_TDX)))

# arm64: PSCI at EL2 and at EL3, and a spin-table that takes CPUs back, at EL2.
RESIDENT_PSCI := resident/arm64/el2_state resident/arm64/psci_held resident/arm64/record \
		 resident/arm64/call resident/arm64/power resident/arm64/psci area/ledger
RESIDENT_EL2 := resident/arm64/el2_entry resident/arm64/el2 $(RESIDENT_PSCI)
RESIDENT_EL3 := resident/arm64/el3_entry resident/arm64/el3 $(RESIDENT_PSCI)
RESIDENT_SPIN := resident/arm64/spin_entry resident/arm64/spin_held resident/arm64/el2_state \
		 resident/arm64/record resident/arm64/spintable area/ledger

# $(call resident_arm64,NAME,SOURCES)
define resident_arm64
$(call elf,$(BUILD)/arm64/resident-$(1).elf,resident/arm64/resident.lds,$(RESIDENT_FLAGS) -e entry_start,\
	$(call objects,arm64,$(2)))
$(call flat,$(BUILD)/arm64/resident-$(1).bin,$(BUILD)/arm64/resident-$(1).elf,.text)
endef
$(eval $(call resident_arm64,el2,$(RESIDENT_EL2)))
$(eval $(call resident_arm64,el3,$(RESIDENT_EL3)))
$(eval $(call resident_arm64,spin,$(RESIDENT_SPIN)))
