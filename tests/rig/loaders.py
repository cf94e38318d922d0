# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Boot loaders for UEFI that a PC can have between its firmware, or baton, and the kernel.

Used by pc_boot.py.
"""

import os

from rig import host
from rig.errors import Unavailable

# Of Debian: the program, and the package that has it.
LOADERS = {
    "systemd-boot": ("/usr/lib/systemd/boot/efi/systemd-bootx64.efi", "systemd-boot-efi"),
    "memtest": ("/boot/memtest86+x64.efi", "memtest86+"),
}
GRUB_FOLDER = "/usr/lib/grub/x86_64-efi"
GRUB_MODULES = "part_gpt fat search search_fs_file configfile linux normal echo test acpi"
GRUB_START = "search --file /EFI/debian/grub.cfg --set root\nconfigfile /EFI/debian/grub.cfg\n"


def loader_files(loader, folder, command_line):
    """What the boot loader is: its path on the ESP, and all of its files there."""
    if loader in ("grub", "grub-linuxefi"):
        return grub_files(loader, folder, command_line)
    path = f"EFI/{loader}.efi"
    files = {path: host.need_file(*LOADERS[loader])}
    if loader == "systemd-boot":
        files["loader/loader.conf"] = b"timeout 0\ndefault debian.conf\n"
        files["loader/entries/debian.conf"] = (
            "title Debian\nlinux /vmlinuz\ninitrd /initrd.img\n"
            f"options {command_line}\n".encode())
    return path, files


def grub_files(loader, folder, command_line):
    """The same for GRUB."""
    efi = loader.partition("linux")[2]  # the commands of the EFI handover protocol
    config = f"linux{efi} /vmlinuz {command_line}\ninitrd{efi} /initrd.img\nboot\n"
    return "EFI/debian/grubx64.efi", {
        "EFI/debian/grubx64.efi": grub(f"{folder}/grubx64.efi", bool(efi)),
        "EFI/debian/grub.cfg": config.encode(),
    }


def grub(out, handover):
    """Write GRUB as one image, which reads \\EFI\\debian\\grub.cfg; returns its path.

    handover: it must know the EFI handover protocol, which 2.12 left out.
    """
    host.need_program("grub-mkstandalone", "grub-common")
    host.need_file(GRUB_FOLDER, "grub-efi-amd64-bin")
    modules = GRUB_MODULES
    if os.path.exists(f"{GRUB_FOLDER}/linuxefi.mod"):
        modules += " linuxefi"
    elif handover:
        raise Unavailable("this GRUB has no linuxefi, the EFI handover protocol: "
                          "2.12 left it out")
    config = f"{out}.cfg"
    with open(config, "w", encoding="ascii") as f:
        f.write(GRUB_START)
    host.call("grub-mkstandalone", "-O", "x86_64-efi", f"--install-modules={modules}",
              "--locales=", "--fonts=", "--themes=", "-o", out, f"boot/grub/grub.cfg={config}")
    os.unlink(config)
    return out
