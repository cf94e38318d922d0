# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The end-to-end tests: a Debian on a disk in a virtual machine, a PC or an arm64 board.  They
# need root, as debootstrap does, and some minutes.

E2E_TREE := $(CACHE)/debian.tar
E2E_TREE_ARM64 := $(CACHE)/debian-arm64.tar

E2E_DEBS = $(DEB_BUILD)/baton_$(VERSION)_amd64.deb $(DEB_BUILD)/libbaton-dev_$(VERSION)_amd64.deb

E2E_DEB_ARM64 = $(DEB_BUILD)/baton_$(VERSION)_arm64.deb

E2E_RESULTS := $(BUILD)/chroot.results $(BUILD)/e2e/results
E2E_RESULTS_ARM64 := $(BUILD)/e2e-arm64/results

.PHONY: e2e-test e2e-test-arm64 test-long
e2e-test:
	@tools/packages build e2e
	@rm -f $(E2E_RESULTS)
	$(MAKE) --no-print-directory deb $(E2E_TREE)
	-TREE=$(E2E_TREE) DEBS="$(E2E_DEBS)" TEST_TIMEOUT=600 \
		tests/unit/run $(BUILD)/chroot.results tests/e2e/chroot
	-tests/e2e/run --build $(BUILD) --tree $(E2E_TREE) --deb $(firstword $(E2E_DEBS))
	@tests/summary $(E2E_RESULTS)

# Without root it is skipped.
e2e-test-arm64:
	@rm -f $(E2E_RESULTS_ARM64)
	@if [ "$$(id -u)" = 0 ]; then \
		$(MAKE) --no-print-directory e2e-run-arm64; \
	else \
		echo 'e2e-test-arm64: skipped: needs root, as debootstrap does'; \
		mkdir -p $(dir $(E2E_RESULTS_ARM64)) && echo 0 0 1 >$(E2E_RESULTS_ARM64); \
	fi

.PHONY: e2e-run-arm64
e2e-run-arm64:
	@tools/packages build e2e-arm64
	$(MAKE) --no-print-directory deb $(BUILD)/vm/arm64/board.bin $(E2E_TREE_ARM64)
	-tests/e2e/run --arch arm64 --build $(BUILD) --tree $(E2E_TREE_ARM64) --deb $(E2E_DEB_ARM64)
	@tests/summary $(E2E_RESULTS_ARM64)

# What takes too long for every day, and is not in make test.  As with make test, a failure does not keep the
# other parts from running; the summary fails.
LONG_RESULTS := $(BUILD)/weak/results $(BUILD)/weak/mutants/results \
		$(E2E_RESULTS) $(E2E_RESULTS_ARM64) $(BUILD)/linux/results $(BUILD)/vm/results \
		$(BUILD)/debian13/results \
		$(BUILD)/demo.results $(BUILD)/demo-arm64.results

test-long:
	@tools/packages build test e2e
	@rm -f $(LONG_RESULTS)
	-$(MAKE) --no-print-directory weak-test WEAK=long
	-$(MAKE) --no-print-directory weak-mutants
	-$(MAKE) --no-print-directory e2e-test
	-$(MAKE) --no-print-directory e2e-test-arm64
	-$(MAKE) --no-print-directory linux
	-$(MAKE) --no-print-directory linux-check
	-$(MAKE) --no-print-directory tdx
	-$(MAKE) --no-print-directory vm-test VM_FLAGS=--only-long
	-$(MAKE) --no-print-directory test-debian13
	-$(MAKE) --no-print-directory demo && echo 1 0 0 >$(BUILD)/demo.results
	-$(MAKE) --no-print-directory demo ARCH=arm64 && echo 1 0 0 >$(BUILD)/demo-arm64.results
	@tests/summary $(LONG_RESULTS)

$(E2E_TREE): tests/e2e/tree $(CACHE)/6.12/vmlinuz
	tests/e2e/tree $(CACHE)/6.12 $@

$(E2E_TREE_ARM64): tests/e2e/tree-arm64 tests/e2e/guest/second-stage
	tools/fetch-arm64 $(CACHE)/arm64 guest
	tools/fetch-arm64 $(CACHE)/arm64 debian
	tests/e2e/tree-arm64 $(CACHE) $@
