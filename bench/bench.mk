# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# make bench: baton measured, side by side with what there is without it.
# BENCH names some of the parts (stage kexec bring-up return quiet latency methods stage2), or is
# quick: a part of what repeats exactly.  WRITE=1 puts the tables into docs/measurements.md,
# BENCH_FLAGS are further options.

BENCH ?=
WRITE ?=
BENCH_FLAGS ?=

BENCH_BUILD := $(BUILD)/bench
.PHONY: bench
bench:
	@tools/packages build test
	@$(MAKE) --no-print-directory $(BUILD)/baton.efi $(BUILD)/baton $(VM_GUEST) $(BENCH_BUILD)/baton.efi \
		$(BENCH_BUILD)/latency $(BENCH_BUILD)/tsc $(BENCH_BUILD)/arm64/walk $(CACHE)/6.12/vmlinuz
	@tools/fetch-arm64 $(CACHE)/arm64 guest
	@tools/fetch-arm64 $(CACHE)/arm64 6.12
	@bench/run --build $(BUILD) --kernels $(CACHE) $(if $(WRITE),--write) $(BENCH_FLAGS) $(BENCH)

# The usual wait loop in the place of the protocol: a resident, and a baton.efi with it.
$(eval $(call elf,$(BENCH_BUILD)/resident.elf,resident/x86_64/resident.lds,$(RESIDENT_FLAGS) -e reset_vector,\
	$(call objects,resident,$(patsubst resident/x86_64/protocol,bench/usual,$(RESIDENT_X86_64)))))
$(eval $(call flat,$(BENCH_BUILD)/resident.bin,$(BENCH_BUILD)/resident.elf,.text))

BENCH_IMAGE := $(BENCH_BUILD)/stage/x86_64/image.o
$(BENCH_IMAGE): stage/x86_64/image.S $(BENCH_BUILD)/resident.bin $(BUILD)/resident/resident-tdx.bin
	@mkdir -p $(@D)
	@echo "  AS   $@"
	@$(CC_efi) $(ASFLAGS_efi) -I$(BENCH_BUILD) -I$(BUILD)/resident -MMD -MP -c -o $@ $<

$(eval $(call efi,$(BENCH_BUILD)/baton.efi,$(filter-out %/image.o,$(call objects,efi,$(STAGE_UEFI))) \
	$(BENCH_IMAGE) $(BUILD)/libbaton-efi.lib))

# The protocol with threads for CPUs, and the usual loop beside it.
$(eval $(call program,$(BENCH_BUILD)/latency,host,$(call objects,host,bench/latency \
	resident/x86_64/protocol resident/x86_64/mailbox area/x86_64/shared area/ledger bench/usual)))
$(BUILD)/host/bench/usual.o: EXTRA_CFLAGS += -Dprotocol_hold=usual_hold -Dprotocol_recover=usual_recover \
	-Dprotocol_arrive=usual_arrive -Dprotocol_has_left=usual_has_left

$(eval $(call program,$(BENCH_BUILD)/tsc,guest,$(call objects,guest,bench/guest/tsc),-static))
$(eval $(call program,$(BENCH_BUILD)/arm64/walk,guest-arm64,$(call objects,guest-arm64,bench/guest/walk),-static))
