# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Tests of the command, build/cli/baton: every tests/cli/test_NAME is a program
# that prints TAP; see tests/rig/checks.py.  So are those of the rig.

CLI_TESTS := $(wildcard tests/cli/test_* tests/rig/test_*.py)
CLI_TESTED := $(CLI_BUILD)/baton $(BUILD)/baton $(BUILD)/baton.efi $(BUILD)/baton-armstub8.bin $(PAGES) \
	      $(BUILD)/vm/arm64/board.bin $(BUILD)/vm/arm64/shared.img

.PHONY: cli-test
cli-test:
	@tools/packages build unit demo cli deb
	@$(MAKE) --no-print-directory $(CLI_TESTED) kernels
	@ln -sfn ../baton.efi $(CLI_BUILD)/baton.efi
	@ln -sfn ../baton-armstub8.bin $(CLI_BUILD)/baton-armstub8.bin
	@ln -sfn ../hooks $(CLI_BUILD)/hooks
	BATON=$(CLI_BUILD)/baton BUILD=$(BUILD) CACHE=$(CACHE) TEST_TIMEOUT=1800 \
		tests/unit/run $(CLI_BUILD)/results $(CLI_TESTS)
