# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Unit tests: programs that run on the host, with the address and
# undefined-behaviour sanitizers.  Every tests/unit/test_NAME.c becomes one;
# what it tests is said at the end of this file.

UNIT_BUILD := $(BUILD)/unit
UNIT_TESTS := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_PROGRAMS := $(addprefix $(UNIT_BUILD)/test_,$(UNIT_TESTS))
UNIT_HEADERS := $(wildcard tests/unit/*.h include/baton/*.h include/baton/*/*.h resident/*.h resident/*/*.h \
			   kernel/*.h kernel/*/*.h stage/*.h)
UNIT_CFLAGS := $(HOST_CFLAGS) -Iresident -Istage -Itests/unit \
	       -DUNIT_BUILD='"$(UNIT_BUILD)"' -DUNIT_SOURCE='"tests/unit"'

.PHONY: unit-test
unit-test:
	@tools/packages unit
	@$(MAKE) --no-print-directory -j$$(nproc) $(UNIT_PROGRAMS)
	tests/unit/run $(UNIT_BUILD)/results $(UNIT_PROGRAMS)

$(UNIT_PROGRAMS): $(UNIT_BUILD)/test_%: tests/unit/test_%.c $(UNIT_HEADERS)
	@mkdir -p $(@D)
	@echo "  CC   $@"
	@$(HOSTCC) $(UNIT_CFLAGS) -o $@ $(filter-out $(UNIT_INCLUDED),$(filter %.c %.S,$^)) -lcmocka $(UNIT_LIBS)

# The sources that each program tests, linked into it.
$(UNIT_BUILD)/test_acpi: kernel/acpi.c
$(UNIT_BUILD)/test_publish: stage/publish.c kernel/acpi.c
$(UNIT_BUILD)/test_conf: stage/conf.c
$(UNIT_BUILD)/test_mailbox: resident/mailbox.c
$(UNIT_BUILD)/test_protocol: resident/protocol.c resident/mailbox.c
$(UNIT_BUILD)/test_ledger: resident/ledger.c
$(UNIT_BUILD)/test_install: resident/x86_64/install.c resident/x86_64/compare.c kernel/acpi.c
$(UNIT_BUILD)/test_format: stage/format.c
$(UNIT_BUILD)/test_reader: kernel/reader.c kernel/acpi.c resident/ledger.c
$(UNIT_BUILD)/test_adopt: stage/adopt.c resident/x86_64/compare.c resident/x86_64/install.c \
			  kernel/reader.c kernel/acpi.c
$(UNIT_BUILD)/test_wrap: cli/bzimage.c cli/pe.c cli/wrapped.c stage/bzimage/payload.c
$(UNIT_BUILD)/test_wrap: UNIT_LIBS := -lz
$(UNIT_BUILD)/test_psci: resident/psci.c
$(UNIT_BUILD)/test_spintable: resident/spintable.c
$(UNIT_BUILD)/test_board: stage/armstub/board.c stage/armstub/board.h
$(UNIT_BUILD)/test_devicetree: stage/devicetree.c kernel/devicetree.c
$(UNIT_BUILD)/test_devicetree: UNIT_LIBS := -lfdt
$(UNIT_BUILD)/test_arm64: resident/arm64/install.c cli/arm64.c kernel/acpi.c kernel/reader.c
$(UNIT_BUILD)/test_arm64: UNIT_LIBS := -lz
$(UNIT_BUILD)/test_e820: stage/bzimage/e820.c
$(UNIT_BUILD)/test_bootparams: stage/bzimage/bootparams.c stage/bzimage/cmdline.c stage/cmdline.c \
			       stage/bzimage/rsdp.c stage/bzimage/e820.c
$(UNIT_BUILD)/test_identity: stage/bzimage/identity.c
$(UNIT_BUILD)/test_identity: UNIT_INCLUDED := stage/bzimage/identity.c
