# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The header of a test: the comments at the start of tests/vm/NAME.test.

KEYS is all that there is about them: what a test gets without one, and what
tests/vm/run --help prints.  Used by runner.py and vmtest.py.
"""

import collections
import re

from rig.errors import Misused

SEVERAL = []  # the default of a key that may stand several times

Key = collections.namedtuple("Key", "name default text")

KEYS = [
    Key("cpus", "4", "what -smp takes"),
    Key("kernel", "6.12",
        "series to run it on, one after another; 6.12 is also any newer kernel that "
        "VMLINUZ or IMAGE names, 6.1 any before 6.10 (tests/rig/kernels.py). "
        "6.12-wrapped is that kernel, wrapped by build/baton; 6.12-signed the same "
        "with a key that the firmware trusts; in 6.12-broken the stage runs into an exception. "
        "patched is the kernel of \"make linux\""),
    Key("next", "", "further kernels in the guest: 6.1 is /boot/vmlinuz-6.1; or \"probe\"; "
        "or \"same\", the series that runs, without what was made of it"),
    Key("boot", "baton",
        "or \"stock\", without baton; either may be followed by a boot loader: grub, "
        "grub-linuxefi (by the EFI handover protocol), systemd-boot, memtest; or by uki: the "
        "kernel is in a unified kernel image; or by probe, which "
        "prints TAP before a guest does, if it starts one; or, after stock, by probe-kernel: the "
        "same by -kernel"),
    Key("probe", "", "options of the probe; %s is the kernel command line"),
    Key("finding", SEVERAL, "the probe's check of this name fails"),
    Key("bios", "no",
        "\"yes\": the machine has a BIOS (SeaBIOS), not UEFI; boot is then \"stock\", "
        "\"stock grub\" or \"stock pxe\" (from the network)"),
    Key("append", "", "command line of the first kernel only"),
    Key("arg", "", "what $(argument arg) is in the script"),
    Key("machine", "pc",
        "or nested: a PC with one CPU, whose Linux runs the test in a virtual machine of its KVM; "
        "cpus, memory and qemu are that machine's, and boot is stock, with a BIOS; "
        "or tdx: a TDX guest of 3 GiB in tests/tdx's simulator, which \"make tdx\" builds; "
        "or an arm64 board: raspi3b; raspi3b-stub, started by baton-armstub8.bin at EL3; raspi4b "
        "and raspi4b-stub, the same of a Raspberry Pi 4 (QEMU 9); virt, "
        "with PSCI; virt-el1; virt-uboot, by U-Boot; virt-spin, with a spin-table. Boot is then "
        "baton (the kernel is wrapped) or stock, and may be followed by probe; by example, the "
        "kernel of docs/porting.md; by shared, tests/libbaton/arm64/shared.c; or by gzip, for "
        "which the Image is compressed before it is wrapped"),
    Key("ovmf", "tdx", "of a TDX guest: \"ovmf\" is the firmware that OVMF=PATH names, which has a "
        "mailbox of version 1"),
    Key("wrap", "", "options for \"baton wrap\", as --no-stage2"),
    Key("fdtput", SEVERAL,
        "a change of a Raspberry Pi's device tree, which is %t, by that command: -d %t /psci"),
    Key("cpu", "max", "QEMU's CPU, as max,la57=off"),
    Key("memory", "1024", "MiB"),
    Key("qemu", SEVERAL, "more arguments for QEMU"),
    Key("qemu-version", "0", "the oldest that will do"),
    Key("conf", SEVERAL,
        "a line of baton.conf, instead of what boot tells; %s is the kernel command line"),
    Key("command", "no", "\"yes\": the baton command is in the guest"),
    Key("systemd", "no", "\"yes\": systemd's program for the end of a shutdown is in the guest, "
        "and what baton has it run"),
    Key("kvm", "no", "\"yes\": the guest has QEMU, and the modules of KVM"),
    Key("modules", "", "modules of the kernel in the guest's /modules, as msr"),
    Key("file", SEVERAL,
        "PATH=SOURCE: a further file on the ESP; SOURCE is a file on the host, {build}/... or "
        "{kernel}; or text=... with %s and %n (new line); an empty one takes a file away"),
    Key("badfw", "", "firmware that is bad in this way: see tests/firmware/badfw.c"),
    Key("firmware", "",
        "firmware with a wakeup mailbox, and what is wrong with it: see tests/firmware/testfw.c; "
        "of virt-spin: see tests/firmware/arm64/board.c"),
    Key("fallback", "no",
        "\"yes\": a second disk boots the kernel without baton, if the first does not"),
    Key("secure-boot", "no",
        "\"signed\": Secure Boot is in force, and every program signed; \"unsigned\": all but "
        "the kernel of the first disk"),
    Key("timeout", "180", "seconds, for all kernels of the test together"),
    Key("expect", SEVERAL, "a regular expression: some line of the serial log matches"),
    Key("expect-not", SEVERAL, "the same: none does"),
    Key("until", "", "the same: ends the machine; the test is then no TAP, but \"expect\""),
    Key("screen", SEVERAL, "the same: a line that the probe has on the screen then"),
    Key("reboot", "no", "\"yes\": the machine may reset without the test being over"),
    Key("long", "no", "\"yes\": run with --long, or when it is named"),
]
OF_NAME = {key.name: key for key in KEYS}


def read_header(path):
    """The keys of a test and their values; lists for those that may stand several times."""
    header = {key.name: list(key.default) if key.default is SEVERAL else key.default
              for key in KEYS}
    seen = set()
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if not line.startswith("#"):
                break
            match = re.match(r"# ([a-z-]+): (.*)", line)
            if not match:
                continue
            name, value = match[1], match[2].strip()
            if name not in OF_NAME:
                raise Misused(f"{path}:{number}: no such key: {name}; "
                              f"there are {', '.join(OF_NAME)}")
            if OF_NAME[name].default is SEVERAL:
                header[name].append(value)
            elif name in seen:
                raise Misused(f"{path}:{number}: {name} may stand once only")
            else:
                header[name] = value
            seen.add(name)
    return header
