# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# make help lists all targets.  Everything that is built goes to build/,
# everything that is fetched to cache/.

BUILD := build
CACHE := cache
VERSION := 0.1.0

.PHONY: all products
all:
	@tools/packages --check build
	@$(MAKE) --no-print-directory products

include mk/toolchains.mk
include mk/rules.mk

include area/area.mk
include resident/resident.mk
include libbaton/libbaton.mk
include stage/stage.mk
include probe/probe.mk
include cli/cli.mk
include tests/unit/unit.mk
include tests/cli/cli.mk
include tests/model/model.mk
include tests/proof/proof.mk
include tests/stress/stress.mk
include tests/weak/weak.mk
include tests/fuzz/fuzz.mk
include tests/firmware/firmware.mk
include tests/tdx/tdx.mk
include tests/vm/vm.mk
include tests/e2e/e2e.mk
include tests/tree/tree.mk
include bench/bench.mk
include package/package.mk
include mk/debian13.mk
include linux/linux.mk

products: $(BUILD)/baton.efi $(BUILD)/baton-armstub8.bin $(BUILD)/baton $(BUILD)/libbaton.a \
	  $(BUILD)/arm64/libbaton.a $(BUILD)/example.efi $(BUILD)/arm64/example.img \
	  $(BUILD)/probe.efi $(BUILD)/probe-arm64.img $(BUILD)/sizes

.PHONY: demo test lint clean distclean help

RESULTS := $(patsubst %,$(BUILD)/%/results,unit tree cli stress model proof weak fuzz tdx vm)

# Packages come first: the compiler may be one of them.  A failing test does not
# keep the others from running; the summary fails.
test:
	@tools/packages build test
	$(MAKE) --no-print-directory all
	@rm -f $(RESULTS)
	-$(MAKE) --no-print-directory unit-test
	-$(MAKE) --no-print-directory tree-test
	-$(MAKE) --no-print-directory cli-test
	-$(MAKE) --no-print-directory stress-test
	-$(MAKE) --no-print-directory model-test
	-$(MAKE) --no-print-directory proof-test
	-$(MAKE) --no-print-directory weak-test
	-$(MAKE) --no-print-directory fuzz-test
	-$(MAKE) --no-print-directory tdx-test
	-$(MAKE) --no-print-directory vm-test
	@tests/summary $(RESULTS)

C_SOURCES = $(sort $(shell git ls-files '*.[ch]'))
SHELL_SOURCES = $(sort $(shell git grep -lE '^#!/bin/(ba|busybox )?sh') $(wildcard tests/*/guest/*.sh bench/guest/*.sh))
PYTHON_SOURCES = $(sort $(shell git ls-files '*.py') $(shell git grep -lE '^#!/usr/bin/env python3'))

# What also compiles on the host, where unit tests run it.
HOST_SOURCES = $(sort $(foreach name,$(UNIT_TESTS),$(UNIT_$(name))))

# clang-tidy FLAGS,SOURCES: a file at a time, as many as there are processors.
tidy = printf '%s\n' $(2) | xargs -P $$(nproc) -I FILE clang-tidy --quiet FILE -- $(1) 2>&1 | \
	{ ! grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header-filter'; }
TIDY_HOST = $(filter cli/%.c tools/%.c tests/vm/guest/%.c,$(C_SOURCES))
TIDY_ARM64 = $(foreach file,$(filter-out cli/% tests/%,$(C_SOURCES)),$(if $(findstring /arm64/,$(file)),$(filter %.c,$(file))))
TIDY_X86_64 = $(filter-out cli/% tests/% bench/% tools/% $(TIDY_ARM64),$(filter %.c,$(C_SOURCES)))

lint:
	@tools/packages build lint unit
	@echo 'clang-format'; clang-format --dry-run -Werror $(C_SOURCES)
	@$(MAKE) --no-print-directory $(call objects,unit,$(HOST_SOURCES)) $(FDT)
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -Iinclude -I. \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppressions-list=tools/cppcheck-suppressions \
		lib area libbaton probe resident stage cli tests/unit tests/stress tests/weak tests/fuzz tests/firmware tests/tdx tools bench
	@echo 'clang-tidy (see .clang-tidy)'
	@$(call tidy,$(CFLAGS_host),$(TIDY_HOST))
	@$(call tidy,$(CFLAGS_arm64) $(FDT_CFLAGS),$(TIDY_ARM64))
	@$(call tidy,$(CFLAGS_probe) $(FDT_CFLAGS),$(TIDY_X86_64))
	@echo 'shellcheck'; shellcheck $(SHELL_SOURCES)
	@echo 'flake8'; flake8 $(PYTHON_SOURCES)
	@echo 'arrows'; tests/tree/arrows.py
	@grep -L 'SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later' \
		$$(git ls-files | grep -v -e '^LICENSES/' -e '^tests/fuzz/corpus/' -e '^docs/.*\.svg$$' -e '^package/debian/' -e '^linux/.*\.patch$$' -e '\.gitignore$$' -e '\.md$$') | \
		sed 's/$$/: no SPDX line/' | { ! grep .; }

clean:
	rm -rf $(BUILD)

distclean: clean
	rm -rf $(CACHE)

help:
	@echo 'make            build $(BUILD)/baton.efi, $(BUILD)/baton-armstub8.bin, the command $(BUILD)/baton,'
	@echo '                and $(BUILD)/libbaton.a'
	@echo 'make demo       a stock kernel takes its CPUs from baton, returns them, and hands them on'
	@echo 'make demo GUEST=tdx    the same in a TDX guest, in a simulator; first, what fails there without baton'
	@echo 'make demo ARCH=arm64   the same on a Raspberry Pi 3; first, what fails there without baton'
	@echo 'make test       all tests: on the host, and stock kernels in virtual machines'
	@echo 'make unit-test  unit tests, on the host'
	@echo 'make cli-test   tests of the command, on files that stand for a system'
	@echo 'make stress-test  the protocol of held CPUs, with threads as CPUs'
	@echo 'make model-test   the same, by an exhaustive search of its model'
	@echo 'make weak-test  the C of the protocols under weak memory; WEAK=long goes further'
	@echo 'make weak-mutants   the same with each memory order weakened: it must be found'
	@echo 'make prove      bounded proofs of the C, their mutants (docs/verification.md); as root it'
	@echo '                fetches CBMC where the system has none; make proof-test: the quick ones'
	@echo 'make fuzz-test  fuzz the parsers of hostile input, some seconds each; make fuzz: for long,'
	@echo '                FUZZ="NAME ..." selects some, FUZZ_SECONDS=N each'
	@echo 'make tdx-test   the self-test of the simulator of a TDX module (tests/tdx)'
	@echo 'make vm-test    tests in virtual machines; VM_TESTS="NAME ..." selects some,'
	@echo '                VM_FLAGS=--long adds the long ones (tests/vm/run --help)'
	@echo '                VMLINUZ=FILE, IMAGE=FILE (arm64): on a kernel of yours'
	@echo 'make tdx        the ROM that simulates a TDX module, for tests in TDX guests (tests/tdx/README.md)'
	@echo 'make test-long  longer tests: a Debian on a PC and on an arm64 board, long VM tests, demos'
	@echo 'make test-debian13   make demo and make test on a fresh Debian 13 in a chroot, as root;'
	@echo '                DEBIAN13_KEEP=1 uses the chroot of the last run'
	@echo 'make linux      build the patched kernels of linux/, for the long VM tests (docs/upstream.md)'
	@echo 'make check-firmware FIRMWARE=/path/OVMF.fd   run the probe on a firmware; CHECK_FLAGS=--help;'
	@echo '                GUEST=tdx: on a firmware for TDX guests, in a simulator'
	@echo 'make bench      measure the costs, side by side; WRITE=1 rewrites docs/measurements.md'
	@echo 'make install    install the command, baton.efi, baton-armstub8.bin, libbaton and the manual pages;'
	@echo '                DESTDIR, prefix; MACHINE=arm64: those of a board; make uninstall removes them'
	@echo 'make deb        the Debian packages baton and libbaton-dev, for amd64 and arm64, in $(BUILD)/deb'
	@echo 'make lint       formatting and static checks'
	@echo 'make clean      remove what was built; make distclean: also what was fetched'
