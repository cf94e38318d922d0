# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The end-to-end test on an arm64 board: QEMU's virt, with CPUs on a spin-table.

No boot loader runs there.  The test does the part of U-Boot, which starts kernels on such
boards: before each boot it reads /boot/extlinux/extlinux.conf on the disk, as u-boot-menu has
written it, and starts what it names behind the firmware of the tests.  As with U-Boot's own
spin-table, all CPUs have one release word.  Nobody can reset this board: its machine ends when
the kernel says that it does so.  Used by tests/e2e/run.
"""

import os
import shutil

from rig import boards, host, machine
from rig.errors import Broken
from rig.esp import MIB
from system import make_tree

ROOT_SIZE = 2048 * MIB
PARAMETERS = ("rw console=ttyAMA0 panic=-1 initcall_blacklist=jent_mod_init "
              "systemd.show_status=false firmware=shared")
FILES = {
    "etc/fstab": "LABEL=root / ext4 defaults 0 1\n",
    "etc/u-boot-menu/conf.d/board.conf": f'U_BOOT_PARAMETERS="{PARAMETERS}"\n',
}
CONFIGURATION = "/boot/extlinux/extlinux.conf"


def parse(text):
    """The entry that an extlinux.conf has for its default: {key: value}."""
    entries, default, entry = {}, None, {}
    for line in text.splitlines():
        key, _, value = line.strip().partition(" ")
        if key == "default":
            default = value.strip()
        elif key == "label":
            entry = entries.setdefault(value.strip(), {})
        else:
            entry[key] = value.strip()
    if default not in entries:
        raise Broken(f"{CONFIGURATION}: no entry is the default:\n{text}")
    return entries[default]


class Loaded:
    """What U-Boot would start: for boards.py, as its Kernel."""

    def __init__(self, folder, build, image, initrd, command_line):
        self.folder, self.build = folder, build
        self.image, self.initrd, self.command_line = image, initrd, command_line

    def prepared(self):
        return self.image

    def by_qemu(self):
        return ["-initrd", self.initrd, "-append", self.command_line]


class OnBoard:
    """The disk, and how it is booted."""

    boots = ("set-up", "stock", "wrapped", "stock-again")
    under_baton = (2, 3)  # these steps
    over = "reboot: "

    def __init__(self, folder, options):
        """Write the disk, which is one file system."""
        self.folder, self.build, self.cpus = folder, options.build, options.cpus
        self.root = self.disk = f"{folder}/disk.img"
        root = make_tree(folder, options.tree, options.deb, "steps-arm64", FILES)
        host.call("mke2fs", "-q", "-t", "ext4", "-L", "root", "-d", root, self.disk,
                  f"{ROOT_SIZE // MIB}M")
        shutil.rmtree(root)

    def start(self, name, folder):
        """The machine, running."""
        loaded = Loaded(folder, self.build, f"{self.folder}/vmlinuz", f"{self.folder}/initrd.img",
                        f"root=LABEL=root {PARAMETERS}") if name == "set-up" else self.load(folder)
        return boards.VirtSpinTable(
            folder, boards.VirtSpinTable.boot(loaded) + machine.disk("disk", self.disk, 1),
            cpu="cortex-a72", smp=str(self.cpus))

    def load(self, folder):
        """Do as U-Boot does by its configuration on the disk."""
        entry = parse(host.call("debugfs", "-R", f"cat {CONFIGURATION}", self.disk))
        files = [self.fetch(entry[key], f"{folder}/{key}") for key in ("linux", "initrd")]
        return Loaded(folder, self.build, *files, entry["append"])

    def fetch(self, path, out):
        """Copy a file of the disk to the host; where it is then."""
        host.call("debugfs", "-R", f"dump {path} {out}", self.disk)
        if not os.path.exists(out) or not os.path.getsize(out):
            raise Broken(f"{CONFIGURATION} names {path}, which is not there")
        return out

    def stopped(self, folder):
        """The machine has ended: what was loaded is not needed any more."""
        for name in ("linux", "initrd", "board"):
            if os.path.exists(f"{folder}/{name}"):
                os.unlink(f"{folder}/{name}")
