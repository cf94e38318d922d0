# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# make help tells the targets.  Everything that is built goes to build/,
# everything that is fetched to cache/.

BUILD := build
CACHE := cache

# One freestanding toolchain for whatever runs without an operating system,
# the host's compiler for tools and unit tests.
CLANG ?= clang
LLD ?= ld.lld
LLD_LINK ?= lld-link
OBJCOPY ?= llvm-objcopy
HOSTCC ?= cc

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	    -Wundef -Wvla
CFLAGS := -std=c11 -O2 -g $(WARNINGS) -Iinclude
HOST_CFLAGS := $(CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: all
all:
	@tools/packages build
	@$(MAKE) --no-print-directory $(BUILD)/baton.efi $(BUILD)/sizes

include resident/resident.mk
include stage/stage.mk
include tests/unit/unit.mk
include tests/model/model.mk
include tests/stress/stress.mk
include tests/vm/vm.mk
include bench/bench.mk

.PHONY: demo test lint clean distclean help

RESULTS := $(patsubst %,$(BUILD)/%/results,unit stress model vm)

# Packages come first: the compiler may be one of them.  A failing test does not
# keep the others from running; the summary fails.
test:
	@tools/packages build test
	$(MAKE) --no-print-directory all
	@rm -f $(RESULTS)
	-$(MAKE) --no-print-directory unit-test
	-$(MAKE) --no-print-directory stress-test
	-$(MAKE) --no-print-directory model-test
	-$(MAKE) --no-print-directory vm-test
	@tests/summary $(RESULTS)

C_SOURCES := $(sort $(shell find include kernel resident stage tests tools bench -name '*.[ch]'))
SHELL_SOURCES := $(sort .ci/run tests/summary tests/unit/run tests/model/run tools/packages tools/fetch-kernel \
		   $(wildcard tests/vm/guest/init tests/vm/guest/*.sh bench/guest/*.sh))

lint:
	@tools/packages build lint
	clang-format --dry-run -Werror $(C_SOURCES)
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -Iinclude \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem kernel resident stage tests/unit tests/stress tools bench
	shellcheck $(SHELL_SOURCES)
	@grep -L 'SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later' \
		$$(git ls-files | grep -v -e '^LICENSES/' -e '\.gitignore$$' -e '\.md$$') | \
		sed 's/$$/: no SPDX line/' | { ! grep .; }

clean:
	rm -rf $(BUILD)

distclean: clean
	rm -rf $(CACHE)

help:
	@echo 'make            build $(BUILD)/baton.efi'
	@echo 'make demo       a stock kernel takes its CPUs from baton, returns them, hands them on'
	@echo 'make test       all tests: on the host, and stock kernels in virtual machines'
	@echo 'make unit-test  those on the host alone'
	@echo 'make stress-test  the protocol of held CPUs, with threads for CPUs'
	@echo 'make model-test   the same, by an exhaustive search of its model'
	@echo 'make vm-test    those in virtual machines alone; VM_TESTS="NAME ..." names some,'
	@echo '                VM_FLAGS=--long adds the long ones (tests/vm/run --help)'
	@echo 'make bench      what it costs, side by side; WRITE=1 rewrites docs/measurements.md'
	@echo 'make lint       formatting and static checks'
	@echo 'make clean      remove what was built; make distclean, what was fetched too'
