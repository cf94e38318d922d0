# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The end-to-end test on a PC: a disk with a GPT, an ESP and ext4, GRUB and UEFI.

The first boot is by QEMU's own loader: it installs GRUB and the package.  Everything after
that is booted from the disk by the firmware.  Used by tests/e2e/run.
"""

import os
import shutil

from rig import host, machine, pc
from rig.esp import MIB, esp
from system import make_tree

ROOT_SIZE = 1536 * MIB
COMMAND_LINE = ("root=LABEL=root rw console=ttyS0 no_timer_check panic=-1 "
                "systemd.show_status=false")
FSTAB = """LABEL=root / ext4 defaults 0 1
LABEL=ESP /boot/efi vfat umask=0077 0 2
"""
GRUB = f"""GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX="{COMMAND_LINE}"
GRUB_TERMINAL=console
GRUB_DISABLE_LINUX_UUID=true
"""


class OnPc:
    """The disk, and how it is booted."""

    boots = ("set-up", "disk")
    under_baton = (2, 3, 5)  # these steps
    over = None

    def __init__(self, folder, options):
        """Write the disk."""
        self.folder, self.cpus, self.disk = folder, options.cpus, f"{folder}/disk.img"
        root = make_tree(folder, options.tree, options.deb, "steps-x86_64",
                         {"etc/fstab": FSTAB, "etc/default/grub": GRUB})
        os.makedirs(f"{root}/boot/efi", exist_ok=True)
        parts = {name: f"{folder}/{name}.img" for name in ("esp", "root")}
        esp(parts["esp"], {"EFI/README": b"The EFI system partition.\n"})
        host.call("mke2fs", "-q", "-t", "ext4", "-L", "root", "-d", root, parts["root"],
                  f"{ROOT_SIZE // MIB}M")
        shutil.rmtree(root)
        esp_mib = os.path.getsize(parts["esp"]) // MIB
        with open(self.disk, "wb") as f:
            f.truncate((1 + esp_mib + 1) * MIB + ROOT_SIZE)
        host.call("sfdisk", "-q", self.disk, stdin="label: gpt\n"
                  f"start=1MiB, size={esp_mib}MiB, type=uefi\n"
                  f"size={ROOT_SIZE // MIB}MiB, type=linux\n")
        for name, place in (("esp", 1), ("root", 1 + esp_mib)):
            host.call("dd", f"if={parts[name]}", f"of={self.disk}", "bs=1M", f"seek={place}",
                      "conv=notrunc,sparse", "status=none")
            os.unlink(parts[name])
        self.root = f"{self.disk}?offset={(1 + esp_mib) * MIB}"  # as debugfs takes it
        shutil.copyfile(f"{pc.OVMF}/{pc.PLAIN[1]}", f"{folder}/vars.fd")

    def start(self, name, folder):
        """The machine, running."""
        shutil.copyfile(f"{self.folder}/vars.fd", f"{folder}/vars.fd")
        direct = ["-kernel", f"{self.folder}/vmlinuz", "-initrd", f"{self.folder}/initrd.img",
                  "-append", COMMAND_LINE] if name == "set-up" else []
        return pc.Pc(folder, direct + machine.disk("disk", self.disk, 1), smp=str(self.cpus),
                     reboot=True)

    def stopped(self, folder):
        """The machine has ended: the firmware's variables are those of the next one."""
        shutil.copyfile(f"{folder}/vars.fd", f"{self.folder}/vars.fd")
