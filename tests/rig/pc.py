# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The PC: OVMF or SeaBIOS, and QEMU's q35.

Started by vmtest.py, demo.py, tests/e2e/run, tests/vm/check-firmware and bench/; what it
boots from is made by pc_boot.py and bios_boot.py.
"""

import os
import shutil

from rig import host
from rig.machine import Machine

# Several emulated CPUs are steadier, and faster, in one thread; the timer
# check then fails for lack of time.
COMMAND_LINE = (
    "console=ttyS0 no_timer_check panic=-1 rdinit=/init printk.devkmsg=on iomem=relaxed"
)

OVMF = "/usr/share/OVMF"
PLAIN = ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd")
SECURE_BOOT = ("OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.snakeoil.fd")
SECURE_MACHINE = ["-machine", "q35,smm=on",
                  "-global", "driver=cfi.pflash01,property=secure,value=on",
                  "-global", "ICH9-LPC.disable_s3=1"]


class Pc(Machine):
    """A PC with this many CPUs and this much memory."""

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return ["qemu-system-x86_64", "-nodefaults",
                *(SECURE_MACHINE if secure_boot else ["-machine", "q35"]),
                "-accel", "tcg,thread=single" if accel == "tcg" else accel,
                "-cpu", cpu, "-m", str(memory), "-smp", smp, "-nic", "none",
                *([] if bios else self.flash(*(SECURE_BOOT if secure_boot else PLAIN)))]

    def flash(self, code, variables):
        """QEMU's arguments for UEFI: its code, and its variables in a file of this machine."""
        for name in (code, variables):
            host.need_file(f"{OVMF}/{name}", "ovmf")
        if not os.path.exists(f"{self.folder}/vars.fd"):  # else they are of an earlier run
            shutil.copyfile(f"{OVMF}/{variables}", f"{self.folder}/vars.fd")
        return ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF}/{code}",
                "-drive", f"if=pflash,format=raw,file={self.folder}/vars.fd"]
