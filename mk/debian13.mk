# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The two commands of the README on a fresh Debian 13, in a chroot, from a clean clone of
# what is committed: see tests/e2e/debian13.  Needs root, and an hour or so.

.PHONY: test-debian13
test-debian13:
	@tools/packages debian13
	tests/e2e/debian13 --build $(BUILD) --cache $(CACHE)
