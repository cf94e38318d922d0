# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Unit tests: programs that run on the host, with the address and undefined-behaviour
# sanitizers.  Every tests/unit/test_NAME.c becomes one.

UNIT_BUILD := $(BUILD)/unit
UNIT_TESTS := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
UNIT_PROGRAMS := $(addprefix $(UNIT_BUILD)/test_,$(UNIT_TESTS))

.PHONY: unit-test
unit-test:
	@tools/packages unit
	@$(MAKE) --no-print-directory -j$$(nproc) $(UNIT_PROGRAMS)
	tests/unit/run $(UNIT_BUILD)/results $(UNIT_PROGRAMS)

# The sources that each program tests, linked into it, and the libraries that they want.
UNIT_acpi := lib/acpi
UNIT_publish := stage/x86_64/publish lib/acpi
UNIT_conf := lib/conf
UNIT_version := cli/kernel/version
UNIT_reserved := cli/machine/reserved
UNIT_prove := cli/kexec/prove cli/cli cli/machine/batn cli/machine/reserved lib/reader lib/acpi
UNIT_timeline := cli/report/timeline cli/cli area/ledger lib/reader lib/acpi
UNIT_mailbox := resident/x86_64/mailbox
UNIT_protocol := resident/x86_64/protocol resident/x86_64/mailbox area/x86_64/shared
UNIT_ledger := area/ledger
UNIT_install := area/x86_64/install area/x86_64/layout area/x86_64/compare lib/acpi
UNIT_tdx := lib/x86_64/tdx
UNIT_tdx_entry := tests/unit/fake_tdx_entry
UNIT_tdx_table := tests/tdx/table
UNIT_tdx_firmware := $(addprefix tests/tdx/,tdvf hob sha384)
UNIT_format := lib/format
UNIT_reader := lib/reader lib/acpi area/ledger
UNIT_adopt := stage/x86_64/adopt area/x86_64/compare area/x86_64/install area/x86_64/layout lib/reader lib/acpi
UNIT_wrap := cli/kernel/bzimage cli/kernel/kind cli/kernel/pe stage/x86_64/bzimage/payload
UNIT_LIBS_wrap := -lz
UNIT_psci := resident/arm64/psci
UNIT_spintable := resident/arm64/spintable
UNIT_board := stage/arm64/armstub/board
UNIT_devicetree := stage/arm64/devicetree lib/devicetree_cpus lib/devicetree lib/devices
UNIT_LIBS_devicetree := -lfdt
UNIT_arm64 := area/arm64/install cli/kernel/arm64 cli/kernel/gzip lib/acpi lib/reader
UNIT_LIBS_arm64 := -lz
UNIT_e820 := stage/x86_64/bzimage/e820
UNIT_bootparams := $(addprefix stage/x86_64/bzimage/,bootparams cmdline rsdp e820) lib/cmdline
UNIT_pace := resident/x86_64/pace
UNIT_port := resident/x86_64/port resident/x86_64/pace area/ledger
# These are included by their tests: identity.c; apic.c, tdx/platform.c, hypervisor.c and
# clock.c, with a processor that is not there.
UNIT_identity :=
UNIT_tdx_platform :=
UNIT_apic :=
UNIT_hypervisor :=
UNIT_clock :=
UNIT_apic_id := tests/unit/fake_apic_id tests/tdx/table
# Likewise machine.c and owner.c; collect.c and wake.c.
UNIT_machine := stage/x86_64/adopt area/x86_64/compare area/x86_64/install area/x86_64/layout \
		lib/x86_64/cpulist lib/acpi lib/reader
UNIT_collect := area/x86_64/install area/x86_64/layout area/x86_64/shared area/ledger lib/acpi \
		lib/identity_port

# All of libbaton but the privileged instructions, on tests/unit/fake.c.
UNIT_find := tests/unit/fake lib/acpi lib/x86_64/trampoline lib/x86_64/trampoline_page \
	     $(addprefix libbaton/,machine life wait stop report) \
	     $(addprefix libbaton/x86_64/,find mailbox start exit sipi entry leave)
UNIT_life := $(UNIT_find)
UNIT_stop := $(UNIT_find)
UNIT_start := $(UNIT_find)
UNIT_local_apic := libbaton/x86_64/apic
UNIT_racing := libbaton/life libbaton/x86_64/mailbox libbaton/wait libbaton/report \
	       resident/x86_64/mailbox

# Likewise for arm64, on tests/unit/fake_arm64.c.
UNIT_find_devicetree := tests/unit/fake_arm64 lib/devicetree \
			$(addprefix libbaton/,machine life wait stop report) \
			$(addprefix libbaton/arm64/,find start psci spin_table)
UNIT_LIBS_find_devicetree := -lfdt
UNIT_life_arm64 := $(UNIT_find_devicetree)
UNIT_LIBS_life_arm64 := -lfdt
UNIT_racing_arm64 := libbaton/life libbaton/wait libbaton/report libbaton/arm64/psci \
		     libbaton/arm64/spin_table resident/arm64/psci resident/arm64/spintable

$(foreach name,$(UNIT_TESTS),$(eval $(call program,$(UNIT_BUILD)/test_$(name),unit,\
	$(call objects,unit,tests/unit/test_$(name) $(UNIT_$(name))),-lcmocka $(UNIT_LIBS_$(name)))))

# Parts of the command, which is no strict C.
$(call objects,unit,cli/kernel/version tests/unit/test_reserved tests/unit/test_prove $(filter cli/%,$(UNIT_prove) $(UNIT_timeline))): EXTRA_CFLAGS += $(HOST_CPPFLAGS)
