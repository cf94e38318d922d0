# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# The toolchains: for each a name, a compiler (CC_NAME) and its flags (CFLAGS_NAME for C,
# ASFLAGS_NAME for assembly).  mk/rules.mk makes the rules: $(BUILD)/NAME/PATH.o comes from
# PATH.c or PATH.S.  EXTRA_CFLAGS is for single objects.

# One freestanding toolchain for whatever runs without an operating system,
# the host's compiler for tools and unit tests.
CLANG ?= clang
LLD ?= ld.lld
LLD_LINK ?= lld-link
OBJCOPY ?= llvm-objcopy
LLVM_AR ?= llvm-ar
HOSTCC ?= cc
ARM64_HOSTCC ?= aarch64-linux-gnu-gcc
GNU_EFI_INCLUDE ?= /usr/include/efi

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	    -Wundef -Wvla
CFLAGS := -std=c11 -O2 -g $(WARNINGS) -Iinclude -I.
HOST_CFLAGS := $(CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover=all

TOOLCHAINS := resident efi blob libbaton probe tdx arm64 arm64-libbaton host sanitized host-arm64 \
	      unit stress stress-tsan weak fuzz guest guest-arm64

EFI_HEADERS := -isystem $(GNU_EFI_INCLUDE) -isystem $(GNU_EFI_INCLUDE)/x86_64
X86_64_ELF := -target x86_64-unknown-none-elf $(CFLAGS)
ARM64_ELF := -target aarch64-unknown-none-elf $(CFLAGS) -ffreestanding -fpie -mgeneral-regs-only \
	     -mstrict-align -mno-outline-atomics -fno-stack-protector \
	     -fno-asynchronous-unwind-tables

# The resident of x86-64: small, and without a large stack frame.
CC_resident = $(CLANG)
CFLAGS_resident := $(X86_64_ELF) -Os -ffreestanding -fpie \
		   -fvisibility=hidden -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
		   -fcf-protection=none -fno-asynchronous-unwind-tables -ffunction-sections -fomit-frame-pointer \
		   -Wframe-larger-than=128
ASFLAGS_resident := $(CFLAGS_resident)

# Programs in the format of UEFI, by its calling convention.
CC_efi = $(CLANG)
CFLAGS_efi := -target x86_64-unknown-windows $(CFLAGS) -ffreestanding -fno-builtin \
	      -fshort-wchar -mno-red-zone -mno-stack-arg-probe -fno-stack-protector $(EFI_HEADERS)
ASFLAGS_efi = $(CFLAGS_efi)

# The stage in front of a bzImage.
CC_blob = $(CLANG)
CFLAGS_blob := $(X86_64_ELF) -ffreestanding -fno-builtin -fpie \
	       -fvisibility=hidden -mno-red-zone -mgeneral-regs-only -fno-stack-protector \
	       -fcf-protection=none -fno-asynchronous-unwind-tables -fshort-wchar \
	       -DGNU_EFI_USE_MS_ABI -include lib/x86_64/hidden.h $(EFI_HEADERS)
ASFLAGS_blob := $(X86_64_ELF)

# libbaton: freestanding, position independent without relocations at run time, general
# registers only, no red zone (so it may be linked to code that has one, or not).
CC_libbaton = $(CLANG)
CFLAGS_libbaton := $(X86_64_ELF) -ffreestanding -fpie -mno-red-zone \
		   -mgeneral-regs-only -fno-stack-protector -fcf-protection=branch \
		   -fno-asynchronous-unwind-tables -fno-jump-tables -Wa,--noexecstack
ASFLAGS_libbaton := $(CFLAGS_libbaton)

CC_arm64-libbaton = $(CLANG)
CFLAGS_arm64-libbaton := $(ARM64_ELF) -mbranch-protection=bti -fno-jump-tables -Wa,--noexecstack
ASFLAGS_arm64-libbaton := $(CFLAGS_arm64-libbaton)

# The probe of x86-64: one file for UEFI and the Linux boot protocol.
CC_probe = $(CLANG)
CFLAGS_probe := $(X86_64_ELF) -ffreestanding -fpie \
		-fvisibility=hidden -fshort-wchar -mno-red-zone -mgeneral-regs-only \
		-fno-stack-protector -fno-asynchronous-unwind-tables -fno-jump-tables \
		-fcf-protection=none -DGNU_EFI_USE_MS_ABI $(EFI_HEADERS)
ASFLAGS_probe := $(CFLAGS_probe)

# The simulator of a TDX module: a program of its own, at the address where it is linked.
CC_tdx = $(CLANG)
CFLAGS_tdx := $(X86_64_ELF) -ffreestanding -fno-builtin -fpie -fvisibility=hidden -mno-red-zone \
	      -mgeneral-regs-only -fno-stack-protector -fno-asynchronous-unwind-tables \
	      -fcf-protection=none -include lib/x86_64/hidden.h
ASFLAGS_tdx := $(X86_64_ELF)

# All else that runs bare on arm64.
CC_arm64 = $(CLANG)
CFLAGS_arm64 := $(ARM64_ELF) -Os -fvisibility=hidden
ASFLAGS_arm64 := $(CFLAGS_arm64)

# The command; with the sanitizers, for the tests; and for arm64, with the distribution's
# libraries of that architecture.
HOST_CPPFLAGS := -D_GNU_SOURCE -DBATON_VERSION='"$(VERSION)"'
HOST_ARM64 := $(CACHE)/arm64/command
CC_host = $(HOSTCC)
CFLAGS_host := $(CFLAGS) $(HOST_CPPFLAGS) -pthread
ASFLAGS_host := -I.
CC_sanitized = $(HOSTCC)
CFLAGS_sanitized := $(HOST_CFLAGS) $(HOST_CPPFLAGS)
ASFLAGS_sanitized := -I.
CC_host-arm64 = $(ARM64_HOSTCC)
CFLAGS_host-arm64 := $(CFLAGS) $(HOST_CPPFLAGS) -isystem $(HOST_ARM64)/usr/include
ASFLAGS_host-arm64 := -I.

# Small static programs for guests.
CC_guest = $(HOSTCC)
CFLAGS_guest := $(CFLAGS) -D_GNU_SOURCE
CC_guest-arm64 = $(ARM64_HOSTCC)
CFLAGS_guest-arm64 := $(CFLAGS_guest)

# Tests on the host.
CC_unit = $(HOSTCC)
CFLAGS_unit := $(HOST_CFLAGS) -pthread -Itests/unit -Wa,--noexecstack \
	       -DUNIT_BUILD='"$(BUILD)/unit"' -DUNIT_SOURCE='"tests/unit"'
ASFLAGS_unit := $(CFLAGS_unit)
CC_stress = $(HOSTCC)
CFLAGS_stress := $(CFLAGS) -include tests/stress/stalls.h -pthread
CC_stress-tsan = $(HOSTCC)
CFLAGS_stress-tsan := $(CFLAGS_stress) -fsanitize=thread -DHANDOVERS=200000
# The explorer of weak memory takes the place of the library of ThreadSanitizer.
CC_weak = $(HOSTCC)
CFLAGS_weak := $(CFLAGS) -O1 -fsanitize=thread -fno-store-merging -Wno-tsan -D_GNU_SOURCE
CC_fuzz = $(CLANG)
CFLAGS_fuzz := $(CFLAGS) -Wno-missing-field-initializers $(HOST_CPPFLAGS) \
	       -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
ASFLAGS_fuzz := -I.
