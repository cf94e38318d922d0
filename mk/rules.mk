# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# How things are built: each rule once.  The compiler writes down which files an object was made
# of (-MMD -MP), so that it is out of date when one of them changes.  What a product is made of
# is listed in its folder's .mk, with the functions below.

# objects TOOLCHAIN,SOURCES: the objects of sources, which are named without their ending.
objects = $(patsubst %,$(BUILD)/$(1)/%.o,$(2))

BUILD_RULES := Makefile mk/rules.mk mk/toolchains.mk
# What a product is made of is written in these.
BUILD_LISTS := $(BUILD_RULES) $(wildcard */*.mk tests/*/*.mk)

define toolchain
$(BUILD)/$(1)/%.o: %.c $(BUILD_RULES)
	@mkdir -p $$(@D)
	@echo "  CC   $$@"
	@$$(CC_$(1)) $$(CFLAGS_$(1)) $$(EXTRA_CFLAGS) -MMD -MP -c -o $$@ $$<

$(BUILD)/$(1)/%.o: %.S $(BUILD_RULES)
	@mkdir -p $$(@D)
	@echo "  AS   $$@"
	@$$(CC_$(1)) $$(ASFLAGS_$(1)) $$(EXTRA_CFLAGS) -MMD -MP -c -o $$@ $$<
endef
$(foreach name,$(TOOLCHAINS),$(eval $(call toolchain,$(name))))

# A linker script may include headers.
$(BUILD)/lds/%.lds: %.lds $(BUILD_RULES)
	@mkdir -p $(@D)
	@echo "  LDS  $@"
	@$(CLANG) -E -P -x assembler-with-cpp -Iinclude -I. -MMD -MP -MT $@ -MF $@.d -o $@ $<

# Not what else lies in $(BUILD): the Debian package's own tree has such files, too.
-include $(shell find $(addprefix $(BUILD)/,$(TOOLCHAINS) lds bench) -name '*.d' 2>/dev/null)

# $(call elf,TARGET,SCRIPT,FLAGS,OBJECTS): a bare program, laid out by a linker script.
define elf
$(1): $(BUILD)/lds/$(2) $(4) $(BUILD_LISTS)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	@$$(LLD) $(3) -z noexecstack -T $$(filter %.lds %.o %.a,$$^) -o $$@
endef

# $(call flat,TARGET,ELF,SECTIONS): its memory image; of all sections if none are named.
define flat
$(1): $(2)
	@mkdir -p $$(@D)
	@echo "  COPY $$@"
	@$$(OBJCOPY) -O binary $(addprefix -j ,$(3)) $$< $$@
endef

# $(call efi,TARGET,OBJECTS): a UEFI application.
define efi
$(1): $(2) $(BUILD_LISTS)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	@$$(LLD_LINK) -subsystem:efi_application -entry:efi_main -nodefaultlib -out:$$@ \
		$$(filter %.o %.lib,$$^)
endef

# $(call archive,TARGET,OBJECTS,CHECK): a library; it is there only if the program CHECK, if one
# is named, has found nothing wrong with it.
define archive
$(1): $(2) $(3) $(BUILD_LISTS)
	@mkdir -p $$(@D)
	@echo "  AR   $$@"
	@rm -f $$@ $$@.new
	@$$(LLVM_AR) rcs $$@.new $$(filter %.o,$$^)
	$(if $(3),@$(3) $$@.new)
	@mv $$@.new $$@
endef

# $(call program,TARGET,TOOLCHAIN,OBJECTS,LIBRARIES): a program for Linux.
define program
$(1): $(3) $(BUILD_LISTS)
	@mkdir -p $$(@D)
	@echo "  LINK $$@"
	@$$(CC_$(2)) $$(CFLAGS_$(2)) -o $$@ $$(filter %.o,$$^) $(4)
endef

# libfdt for programs without libc, and its headers, of the distribution's package for arm64.
FDT := $(CACHE)/arm64/libfdt/libfdt.a
FDT_CFLAGS := -Ilib/arm64/libc -isystem $(CACHE)/arm64/libfdt

$(FDT):
	tools/fetch-arm64 $(CACHE)/arm64 libfdt

# $(call with_fdt,OBJECTS): these include libfdt's headers.
define with_fdt
$(1): EXTRA_CFLAGS += $(FDT_CFLAGS)
$(1): $(FDT)
endef

# For tests/tree/stale.
.PHONY: toolchains
toolchains:
	@echo $(TOOLCHAINS)
