# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# make bench: baton measured, side by side with what there is without it.
# BENCH names some of the parts (quiet latency stage kexec return bring-up methods stage2), WRITE=1
# puts the tables into docs/measurements.md, BENCH_FLAGS are further options.

BENCH ?=
WRITE ?=
BENCH_FLAGS ?=

BENCH_BUILD := $(BUILD)/bench
USUAL_OBJECTS := $(patsubst $(BUILD)/resident/protocol.o,$(BENCH_BUILD)/usual.o,$(RESIDENT_OBJECTS))

.PHONY: bench
bench:
	@tools/packages build test
	@$(MAKE) --no-print-directory $(BUILD)/baton.efi $(BUILD)/baton $(VM_GUEST) $(BENCH_BUILD)/baton.efi \
		$(BENCH_BUILD)/latency $(BENCH_BUILD)/arm64/walk $(CACHE)/6.12/vmlinuz
	@tools/fetch-arm64 $(CACHE)/arm64 guest
	@tools/fetch-arm64 $(CACHE)/arm64 6.12
	@bench/run --build $(BUILD) --kernels $(CACHE) $(if $(WRITE),--write) $(BENCH_FLAGS) $(BENCH)

# The usual wait loop in the place of the protocol: a resident, and a baton.efi with it.
$(BENCH_BUILD)/usual.o: bench/usual.c bench/usual.h $(RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(RESIDENT_CFLAGS) -c -o $@ $<

$(BENCH_BUILD)/resident.elf: $(BUILD)/resident/resident.lds $(USUAL_OBJECTS)
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -e reset_vector --hash-style=sysv -z noexecstack -T $^ -o $@

$(BENCH_BUILD)/resident.bin: $(BENCH_BUILD)/resident.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary -j .text $< $@

$(BENCH_BUILD)/image.o: stage/image.S $(BENCH_BUILD)/resident.bin
	@echo "  CC   $@"
	@$(CLANG) $(STAGE_CFLAGS) -I$(BENCH_BUILD) -c -o $@ $<

$(BENCH_BUILD)/baton.efi: $(filter-out %/stage/image.o,$(STAGE_OBJECTS)) $(BENCH_BUILD)/image.o \
			  $(BUILD)/libbaton-efi.lib
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ $^

# The protocol with threads for CPUs, and the usual loop beside it.
LATENCY_SOURCES := bench/latency.c resident/protocol.c resident/mailbox.c resident/ledger.c

$(BENCH_BUILD)/latency: $(LATENCY_SOURCES) bench/usual.c bench/usual.h $(RESIDENT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(CFLAGS) -Dprotocol_hold=usual_hold -Dprotocol_mend=usual_mend \
		-Dprotocol_arrive=usual_arrive -Dprotocol_has_left=usual_has_left -c \
		-o $@.usual.o bench/usual.c
	@$(HOSTCC) $(CFLAGS) -pthread -o $@ $(LATENCY_SOURCES) $@.usual.o

$(BENCH_BUILD)/arm64/walk: bench/guest/walk.c
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(ARM64_HOSTCC) $(CFLAGS) -D_GNU_SOURCE -static -o $@ $<
