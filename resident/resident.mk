# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The residents' images: position-independent, checked by their linker scripts.

RESIDENT_FLAGS := -pie --no-dynamic-linker --hash-style=sysv

# x86-64: behind the wakeup mailbox.
RESIDENT_X86_64 := resident/x86_64/reset resident/x86_64/traps resident/x86_64/hold \
		   resident/x86_64/port resident/x86_64/apic resident/x86_64/pace \
		   resident/x86_64/protocol \
		   area/x86_64/shared resident/x86_64/mailbox area/ledger \
		   lib/x86_64/hypervisor

$(eval $(call elf,$(BUILD)/resident/resident.elf,resident/x86_64/resident.lds,$(RESIDENT_FLAGS) -e reset_vector,\
	$(call objects,resident,$(RESIDENT_X86_64))))
$(eval $(call flat,$(BUILD)/resident/resident.bin,$(BUILD)/resident/resident.elf,.text))

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
