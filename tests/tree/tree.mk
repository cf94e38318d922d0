# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# Tests of the tree itself: what includes what, global names, and that no build goes stale.

TREE_BUILD := $(BUILD)/tree

# All objects that there are for the products and for the tests on the host.
TREE_OBJECTS = $(UNIT_PROGRAMS) $(STRESS_PROGRAMS) $(WEAK_PROGRAMS) $(FUZZ_PROGRAMS) $(CLI_TESTED) $(VM_GUEST)

.PHONY: tree-test
tree-test:
	@tools/packages build unit demo-arm64 fuzz
	@$(MAKE) --no-print-directory -j$$(nproc) all $(TREE_OBJECTS)
	@mkdir -p $(TREE_BUILD)
	BUILD=$(BUILD) TEST_TIMEOUT=600 tests/unit/run $(TREE_BUILD)/results \
		tests/tree/test_arrows tests/tree/test_names tests/tree/stale
