# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A TDX guest: a PC whose ROM simulates a TDX module, in front of an unchanged OVMF.

"make tdx" builds that ROM; tests/tdx/README.md tells what it does.  QEMU's -kernel, -initrd and
-append reach OVMF, and so does a disk.  The simulator's own messages are in tdx.log.

Used by vmtest.py and demo_machines.py.
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


def rom(build, firmware="tdx"):
    """QEMU's arguments for the simulator and the firmware: tdx, or ovmf for that of OVMF=PATH."""
    path = os.path.abspath(f"{build}/tdx/{firmware}.rom")
    if not os.path.exists(path):
        raise Unavailable(why_not(f"{build}/tdx/{firmware}.refusal", firmware))
    return ["-bios", path]


def why_not(refusal, firmware):
    """There is no such ROM."""
    if os.path.exists(refusal):
        with open(refusal, encoding="utf-8") as f:
            if text := f.read().strip():
                return text
    if firmware == "ovmf":
        return ("needs an OVMF with a wakeup mailbox of version 1, as 2026.08: "
                "make vm-test OVMF=/path/OVMF.fd")
    return "run \"make tdx\" first"


def programs(build):
    """What a guest of it has, besides what any PC's has."""
    return {"bin/exits": f"{build}/tdx/exits"}
