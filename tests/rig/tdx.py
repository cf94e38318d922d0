# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A TDX guest: a PC whose ROM simulates a TDX module, in front of an unchanged OVMF.

"make tdx" builds that ROM; tests/tdx/README.md tells what it does.  QEMU's -kernel, -initrd and
-append reach OVMF.  The simulator's own messages are in tdx.log.

Used by vmtest.py.
"""

import os

from rig.errors import Unavailable
from rig.pc import Pc

MEMORY = "3G"  # what the simulator is linked for


class Tdx(Pc):
    """The machine; the memory of a test's header is not used."""

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return ["qemu-system-x86_64", "-nodefaults", "-machine", "q35",
                "-accel", "tcg,thread=single", "-cpu", cpu, "-m", MEMORY, "-smp", smp,
                "-nic", "none", "-debugcon", f"file:{self.folder}/tdx.log"]


def boot(build, kernel, initrd, command_line):
    """QEMU's arguments for what it boots from."""
    rom = os.path.abspath(f"{build}/tdx/tdx.rom")
    if not os.path.exists(rom):
        raise Unavailable(f"{rom} is not there: run \"make tdx\"")
    return ["-bios", rom, "-kernel", kernel, "-initrd", initrd, "-append", command_line]


def programs(build):
    """What a guest of it has, besides what any PC's has."""
    return {"bin/exits": f"{build}/tdx/exits"}
