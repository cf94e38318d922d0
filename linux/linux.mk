# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# Kernels of our own: Debian's source of Linux 6.12, the patches of linux/ARCH, and a small
# configuration, linux/ARCH/config.  Tests with "kernel: patched" run them: docs/upstream.md.

LINUX_ARCHES := $(patsubst linux/%/config,%,$(wildcard linux/*/config))
LINUX_PATCHES := $(sort $(wildcard linux/*/*.patch))
LINUX_SOURCE := $(CACHE)/linux/source

.PHONY: linux linux-source $(addprefix linux-,$(LINUX_ARCHES))
linux: $(addprefix linux-,$(LINUX_ARCHES))

linux-source:
	@tools/packages build linux
	linux/unpack $(CACHE)/linux $(LINUX_PATCHES)

# One after the other: each takes all processors.
$(addprefix linux-,$(LINUX_ARCHES)): linux-%: linux-source
	linux/build $* $(LINUX_SOURCE) $(BUILD)/linux/$*

# What Linux's own tools say of the patches.
.PHONY: linux-check
linux-check: linux-source
	@tools/packages unit
	@mkdir -p $(BUILD)/linux
	LINUX_SOURCE=$(LINUX_SOURCE) tests/unit/run $(BUILD)/linux/results linux/check
