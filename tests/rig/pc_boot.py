# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What a PC with UEFI boots from: an ESP with baton, a boot loader, a kernel, as a test asks for.

Called by vmtest.py, demo.py and bench/.
"""

import os

from rig.esp import esp
from rig.host import need_file
from rig.loaders import LOADERS, loader_files
from rig.machine import disk
from rig.uki import PATH as UKI, uki
from rig.wrap import sign

FIRST = "EFI/BOOT/BOOTX64.EFI"  # what the firmware starts


class PcBoot:
    """One machine's way from the firmware to the kernel; arguments() makes its disks.

    boot: "baton" or "stock", then perhaps what is started before a kernel is: grub,
    grub-linuxefi, systemd-boot, memtest, probe or probe-kernel; or uki: all in one file.
    kernel, initrd: files, or None if the probe starts none.
    """

    def __init__(self, folder, build, boot, kernel, command_line, initrd, conf=None, files=None,
                 badfw="", fallback=False, secure_boot="no", firmware=""):
        """The rest is all for particular tests.

        conf, files: instead of the baton.conf that would do, and more for the ESP.
        badfw: what badfw.efi does before baton.efi is started (see tests/firmware/badfw.c).
        firmware: what testfw.efi does with the CPUs before anything else (testfw.c).
        fallback: a second disk boots the kernel, without baton, if the first does not.
        secure_boot: "signed" signs every program; "unsigned" all but the first disk's kernel.
        """
        self.folder, self.build = folder, build
        self.who, *loader = boot.split()
        self.loader = loader[0] if loader else None
        self.kernel, self.command_line, self.initrd = kernel, command_line, initrd
        self.conf, self.files = conf, files or {}
        self.badfw, self.firmware = badfw, firmware
        self.fallback, self.secure_boot = fallback, secure_boot

    def arguments(self):
        """Write the disks; returns QEMU's arguments for them."""
        if self.who == "stock" and self.loader in (None, "memtest") and not self.firmware:
            return self.direct()
        if self.loader == "probe-kernel":
            return ["-kernel", f"{self.build}/probe.efi", "-append", self.command_line,
                    "-initrd", self.kernel]
        esp(f"{self.folder}/esp.img", self.first_disk())
        arguments = disk("esp", f"{self.folder}/esp.img", 1)
        if self.fallback:
            esp(f"{self.folder}/fallback.img", self.second_disk())
            arguments += disk("fallback", f"{self.folder}/fallback.img", 2)
        return arguments

    def direct(self):
        """Without a disk: QEMU loads the kernel."""
        if self.loader:
            return ["-kernel", need_file(*LOADERS[self.loader]), "-append", self.command_line]
        return ["-kernel", self.kernel, "-append", self.command_line, "-initrd", self.initrd]

    def first_disk(self):
        """The files of the ESP."""
        start, options, files = self.started()
        if self.has_kernel():
            files.update({"vmlinuz": self.kernel, "initrd.img": self.initrd})
        if self.who == "stock":
            files[FIRST] = files[start]
        else:
            start, options = self.add_baton(files, start), ""
        if self.badfw:
            files[FIRST] = f"{self.build}/vm/badfw.efi"
            files["EFI/BOOT/badfw.conf"] = self.badfw.encode()
        if self.firmware:
            start = "\\" + start.replace("/", "\\")
            files[FIRST] = f"{self.build}/vm/testfw.efi"
            files["EFI/BOOT/testfw.conf"] = f"{self.firmware}\n{start}{options}\n".encode()
        files.update(self.files)
        files = self.signed({path: source for path, source in files.items() if source})
        if self.secure_boot == "unsigned":
            files["vmlinuz"] = self.kernel
        return files

    def started(self):
        """What is started last before the kernel is: (its path, its options, its files)."""
        if self.loader == "probe":
            return "EFI/probe.efi", f" {self.command_line}", {
                "EFI/probe.efi": f"{self.build}/probe.efi",
                "EFI/BOOT/probe.conf": self.command_line.encode()}
        if self.loader == "uki":
            return UKI, "", {UKI: uki(f"{self.folder}/uki.efi", self.kernel, self.initrd,
                                      self.command_line)}
        if self.loader:
            start, files = loader_files(self.loader, self.folder, self.command_line)
            return start, "", files
        return "vmlinuz", f" initrd=\\initrd.img {self.command_line}", {}

    def has_kernel(self):
        """Whether the kernel is a file on the ESP."""
        return self.loader not in ("memtest", "probe", "uki") or "linux=" in self.command_line

    def add_baton(self, files, start):
        """Put baton and its baton.conf in front of what was started; returns baton's path."""
        path = "EFI/baton/baton.efi" if self.badfw or self.firmware else FIRST
        conf = self.conf or self.usual_conf(start)
        files[path] = f"{self.build}/baton.efi"
        files[f"{os.path.dirname(path)}/baton.conf"] = f"{conf}\nverbose\n".encode()
        return path

    def usual_conf(self, start):
        """The baton.conf that starts this."""
        if not self.loader:
            return f"linux /vmlinuz\ninitrd /initrd.img\noptions {self.command_line}"
        options = self.loader in ("memtest", "probe")
        return f"efi /{start}" + (f"\noptions {self.command_line}" if options else "")

    def second_disk(self):
        """The files of the ESP that is tried when the first one did not boot."""
        start, files = loader_files("systemd-boot", self.folder, self.command_line)
        files.update({FIRST: files[start], "vmlinuz": self.kernel, "initrd.img": self.initrd})
        return self.signed(files)

    def signed(self, files):
        return files if self.secure_boot == "no" else sign(files, self.folder)
