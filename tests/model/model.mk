# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# The proof by model: see mailbox.pml and run.

.PHONY: model-test
model-test:
	@tools/packages unit
	tests/model/run $(BUILD)/model
