# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What a PC with a BIOS boots from: GRUB on a disk, or the network.

Called by vmtest.py for tests with "bios: yes".
"""

import os
import shutil
import struct

from rig import host
from rig.errors import Unavailable
from rig.esp import esp
from rig.machine import disk

SECTOR = 512
GRUB_PC = "/usr/lib/grub/i386-pc"
GAP = 1 << 20  # before the first partition: boot sector and GRUB's core image
CODE_SIZE = 446  # of the boot sector; the partition table follows
FAT32_LBA, ACTIVE, NO_CHS = 0x0C, 0x80, b"\xfe\xff\xff"


def bios_grub(folder, kernel, initrd, command_line):
    """QEMU's arguments for a disk from which a BIOS starts GRUB, and that the kernel."""
    host.need_program("grub-mkimage", "grub-common")
    host.need_file(f"{GRUB_PC}/boot.img", "grub-pc-bin")
    partition, image = f"{folder}/esp.img", f"{folder}/disk.img"
    esp(partition, {"vmlinuz": kernel, "initrd.img": initrd})
    core = grub_core(folder, command_line)
    with open(image, "wb") as out, open(partition, "rb") as contents, \
            open(f"{GRUB_PC}/boot.img", "rb") as boot:
        entry = struct.pack("<B3sB3sII", ACTIVE, NO_CHS, FAT32_LBA, NO_CHS, GAP // SECTOR,
                            os.path.getsize(partition) // SECTOR)
        out.write(boot.read(CODE_SIZE) + entry + bytes(48) + b"\x55\xaa" + core)
        out.seek(GAP)
        shutil.copyfileobj(contents, out)
    os.unlink(partition)
    return disk("disk", image, 1)


def grub_core(folder, command_line):
    """The image that the boot sector loads, with the commands to run."""
    config, core = f"{folder}/grub.cfg", f"{folder}/core.img"
    with open(config, "w", encoding="ascii") as f:
        f.write(f"set root=(hd0,msdos1)\nlinux /vmlinuz {command_line}\n"
                "initrd /initrd.img\nboot\n")
    host.call("grub-mkimage", "-O", "i386-pc", "-d", GRUB_PC, "-p", "(hd0,msdos1)/", "-c", config,
              "-o", core, "biosdisk", "part_msdos", "fat", "linux", "normal", "boot")
    with open(core, "rb") as f:
        data = f.read()
    if len(data) > GAP - SECTOR:
        raise Unavailable(f"GRUB's core image is too large: {len(data)} bytes")
    return data


def bios_pxe(folder, kernel, initrd, command_line):
    """QEMU's arguments for a machine whose network card (iPXE) loads the kernel by TFTP."""
    host.need_file("/usr/lib/ipxe/qemu/pxe-virtio.rom", "ipxe-qemu")
    with open(f"{folder}/boot.ipxe", "w", encoding="ascii") as f:
        f.write(f"#!ipxe\nkernel vmlinuz {command_line}\ninitrd {os.path.basename(initrd)}\nboot\n")
    os.symlink(kernel, f"{folder}/vmlinuz")
    return ["-netdev", f"user,id=net,tftp={folder},bootfile=boot.ipxe",
            "-device", "virtio-net-pci,netdev=net,bootindex=1"]
