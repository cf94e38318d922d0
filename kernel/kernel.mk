# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# libbaton.a: what a kernel links to take and return CPUs.  Freestanding, position
# independent without relocations at run time, general registers only, no red
# zone (so it may be linked to code that has one, or not).
# libbaton-efi.lib is the same for programs in the format of UEFI.

LIBBATON := kernel/acpi kernel/reader kernel/find kernel/machine kernel/life kernel/mailbox kernel/wait kernel/stop kernel/report \
	    kernel/x86_64/cpu kernel/x86_64/start kernel/x86_64/exit kernel/x86_64/sipi \
	    kernel/x86_64/trampoline kernel/x86_64/trampoline_page kernel/x86_64/entry \
	    kernel/x86_64/leave
LIBBATON_CFLAGS := -target x86_64-unknown-none-elf $(CFLAGS) -ffreestanding -fpie -mno-red-zone \
		   -mgeneral-regs-only -fno-stack-protector -fcf-protection=branch \
		   -fno-asynchronous-unwind-tables -fno-jump-tables -Wa,--noexecstack
LIBBATON_HEADERS := $(wildcard include/baton/*.h include/baton/*/*.h kernel/*.h kernel/*/*.h)
LIBBATON_OBJECTS := $(LIBBATON:%=$(BUILD)/libbaton/%.o)

$(BUILD)/libbaton/%.o: %.c $(LIBBATON_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(LIBBATON_CFLAGS) -c -o $@ $<

$(BUILD)/libbaton/%.o: %.S $(LIBBATON_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(LIBBATON_CFLAGS) -c -o $@ $<

$(BUILD)/libbaton.a: $(LIBBATON_OBJECTS) kernel/check
	@echo "  AR   $@"
	@rm -f $@ $@.new
	@$(LLVM_AR) rcs $@.new $(LIBBATON_OBJECTS)
	@kernel/check $@.new
	@mv $@.new $@

$(BUILD)/libbaton-efi.lib: $(LIBBATON:%=$(BUILD)/efi/%.o)
	@echo "  AR   $@"
	@rm -f $@
	@$(LLVM_AR) rcs $@ $^

# For arm64.  The kernel that uses baton_find_devicetree() links libfdt, too.
ARM64_LIBBATON := kernel/acpi kernel/reader kernel/devicetree kernel/machine kernel/life kernel/wait \
		  kernel/stop kernel/report kernel/arm64/find kernel/arm64/cpu kernel/arm64/start \
		  kernel/arm64/psci kernel/arm64/spin_table kernel/arm64/trampoline_page \
		  kernel/arm64/entry kernel/arm64/leave
ARM64_LIBBATON_CFLAGS := -target aarch64-unknown-none-elf $(CFLAGS) -ffreestanding -fpie \
			 -mgeneral-regs-only -mstrict-align -mno-outline-atomics \
			 -mbranch-protection=bti -fno-stack-protector \
			 -fno-asynchronous-unwind-tables -fno-jump-tables -Wa,--noexecstack
ARM64_LIBBATON_OBJECTS := $(ARM64_LIBBATON:%=$(BUILD)/arm64/libbaton/%.o)

$(BUILD)/arm64/libbaton/%.o: %.c $(LIBBATON_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(ARM64_LIBBATON_CFLAGS) -c -o $@ $<

$(BUILD)/arm64/libbaton/%.o: %.S $(LIBBATON_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(CLANG) $(ARM64_LIBBATON_CFLAGS) -c -o $@ $<

$(BUILD)/arm64/libbaton/kernel/devicetree.o: ARM64_LIBBATON_CFLAGS += -Istage/arm64/libc \
									-isystem $(CACHE)/arm64/libfdt
$(BUILD)/arm64/libbaton/kernel/devicetree.o: $(CACHE)/arm64/libfdt/libfdt.a

$(BUILD)/arm64/libbaton.a: $(ARM64_LIBBATON_OBJECTS) kernel/check
	@echo "  AR   $@"
	@rm -f $@ $@.new
	@$(LLVM_AR) rcs $@.new $(ARM64_LIBBATON_OBJECTS)
	@kernel/check $@.new
	@mv $@.new $@

# The kernel of docs/porting.md, which must be that in the document.
$(BUILD)/example.efi: $(BUILD)/efi/kernel/example/kernel.o $(BUILD)/efi/stage/string.o \
		      $(BUILD)/libbaton-efi.lib docs/porting.md kernel/example/check kernel/example/arm64/kernel.c
	@kernel/example/check docs/porting.md kernel/example/kernel.c kernel/example/arm64/kernel.c
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ \
		$(filter %.o %.lib,$^)

$(BUILD)/efi/kernel/example/kernel.o: STAGE_CFLAGS += -Wno-unused-parameter

# Likewise for arm64; with what libfdt wants of libc.
ARM64_EXAMPLE_OBJECTS := $(patsubst %,$(BUILD)/arm64/%.o,\
			   kernel/example/arm64/head kernel/example/arm64/kernel \
			   kernel/example/arm64/mmu stage/arm64/libc stage/string)

$(BUILD)/arm64/example.elf: kernel/example/arm64/image.lds $(ARM64_EXAMPLE_OBJECTS) \
			    $(BUILD)/arm64/libbaton.a $(CACHE)/arm64/libfdt/libfdt.a
	@echo "  LINK $@"
	@$(LLD) -pie --no-dynamic-linker -z norelro -z noexecstack --gc-sections -e kernel_start -T $^ -o $@

$(BUILD)/arm64/example.img: $(BUILD)/arm64/example.elf
	@echo "  COPY $@"
	@$(OBJCOPY) -O binary $< $@

$(BUILD)/arm64/kernel/example/arm64/kernel.o: ARM64_CFLAGS += -Wno-unused-parameter -Wno-missing-prototypes

# A CPU that comes from a mailbox has SSE turned off.
$(LIBBATON:%=$(BUILD)/efi/%.o): STAGE_CFLAGS += -mgeneral-regs-only

# Unit tests run all of it but the privileged instructions, on tests/unit/fake.c.
LIBBATON_TESTS := $(addprefix $(BUILD)/unit/test_,find life stop start)
$(LIBBATON_TESTS): tests/unit/fake.c kernel/acpi.c kernel/find.c kernel/machine.c kernel/life.c kernel/mailbox.c \
		   kernel/wait.c kernel/stop.c kernel/report.c kernel/x86_64/start.c kernel/x86_64/exit.c \
		   kernel/x86_64/sipi.c kernel/x86_64/trampoline.c kernel/x86_64/trampoline_page.S \
		   kernel/x86_64/entry.S kernel/x86_64/leave.S
$(LIBBATON_TESTS): UNIT_CFLAGS += -Wa,--noexecstack
$(BUILD)/unit/test_racing: kernel/life.c kernel/mailbox.c kernel/wait.c kernel/report.c resident/mailbox.c
$(BUILD)/unit/test_racing: UNIT_CFLAGS += -pthread

# Likewise for arm64, on tests/unit/board.c.
ARM64_LIBBATON_TESTS := $(addprefix $(BUILD)/unit/test_,find_devicetree life_arm64)
$(ARM64_LIBBATON_TESTS): tests/unit/board.c kernel/devicetree.c kernel/machine.c kernel/life.c \
			 kernel/wait.c kernel/stop.c kernel/report.c kernel/arm64/find.c \
			 kernel/arm64/start.c kernel/arm64/psci.c kernel/arm64/spin_table.c
$(ARM64_LIBBATON_TESTS): UNIT_LIBS := -lfdt
$(BUILD)/unit/test_racing_arm64: kernel/life.c kernel/wait.c kernel/report.c kernel/arm64/psci.c \
				 kernel/arm64/spin_table.c resident/psci.c resident/spintable.c
$(BUILD)/unit/test_racing_arm64: UNIT_CFLAGS += -pthread

# What unit tests can't run, in a virtual machine: tests/vm/libbaton*.test.
$(BUILD)/vm/libbaton.efi: $(patsubst %,$(BUILD)/efi/%.o,tests/kernel/test tests/kernel/nmi \
			    stage/string) $(BUILD)/libbaton-efi.lib
	@mkdir -p $(@D)
	@echo "  LINK $@"
	@$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$@ $^

$(BUILD)/efi/tests/kernel/test.o: STAGE_CFLAGS += -mgeneral-regs-only
