# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# probe.efi: a kernel that checks the firmware or resident below it.  One file for
# UEFI and for the Linux boot protocol; position-independent, relocates itself.

PROBE_CFLAGS := -target x86_64-unknown-none-elf $(CFLAGS) -ffreestanding -fpie \
		-fvisibility=hidden -fshort-wchar -mno-red-zone -mgeneral-regs-only \
		-fno-stack-protector -fno-asynchronous-unwind-tables -fno-jump-tables \
		-fcf-protection=none -DGNU_EFI_USE_MS_ABI \
		-isystem $(GNU_EFI_INCLUDE) -isystem $(GNU_EFI_INCLUDE)/x86_64
PROBE_HEADERS := $(wildcard include/baton/*.h include/baton/*/*.h probe/*.h probe/x86_64/*.h)
PROBE_SOURCES := $(wildcard probe/*.c probe/x86_64/*.c probe/x86_64/*.S)
PROBE_OBJECTS := $(patsubst probe/%,$(BUILD)/probe/%.o,$(basename $(PROBE_SOURCES))) \
		 $(BUILD)/probe/string.o

$(BUILD)/probe/%.o: probe/%.c $(PROBE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(PROBE_CFLAGS) -c -o $@ $<

$(BUILD)/probe/%.o: probe/%.S $(PROBE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(PROBE_CFLAGS) -c -o $@ $<

$(BUILD)/probe/string.o: stage/string.c $(PROBE_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(PROBE_CFLAGS) -fno-builtin -c -o $@ $<

$(BUILD)/probe.elf: probe/x86_64/probe.lds $(PROBE_OBJECTS) $(BUILD)/libbaton.a
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -e entry_32 --hash-style=sysv -z noexecstack -z norelro \
		-T $^ -o $@

$(BUILD)/probe.efi: $(BUILD)/probe.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary $< $@

# probe-arm64.img: the same for arm64, an Image.
ARM64_PROBE_HEADERS := $(wildcard probe/*.h probe/arm64/*.h)
ARM64_PROBE_SOURCES := $(wildcard probe/*.c probe/arm64/*.c probe/arm64/*.S)
ARM64_PROBE_OBJECTS := $(patsubst %,$(BUILD)/arm64/%.o,$(basename $(ARM64_PROBE_SOURCES)) \
			 stage/devicetree stage/string stage/arm64/libc)

$(filter $(BUILD)/arm64/probe/%,$(ARM64_PROBE_OBJECTS)): $(ARM64_PROBE_HEADERS)
$(BUILD)/arm64/probe/arm64/tree.o: ARM64_CFLAGS += -Istage/arm64/libc -isystem $(CACHE)/arm64/libfdt
$(BUILD)/arm64/probe/arm64/tree.o: $(CACHE)/arm64/libfdt/libfdt.a

$(BUILD)/arm64/probe.elf: probe/arm64/probe.lds $(ARM64_PROBE_OBJECTS) \
		$(BUILD)/arm64/libbaton.a $(CACHE)/arm64/libfdt/libfdt.a
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -z norelro --hash-style=sysv -z noexecstack -e probe_start \
		-T $^ -o $@

$(BUILD)/probe-arm64.img: $(BUILD)/arm64/probe.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary $< $@
