# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The disk of the end-to-end test: a Debian with a GPT, an ESP and ext4.

Called by tests/e2e/run.
"""

import glob
import os
import shutil

from rig import host
from rig.errors import Broken
from rig.esp import MIB, esp

HERE = os.path.dirname(os.path.abspath(__file__))
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
UNIT = """[Unit]
Description=baton, end to end
After=multi-user.target
[Service]
Type=idle
ExecStart=/usr/local/sbin/steps
[Install]
WantedBy=multi-user.target
"""
REPORT = "/var/lib/baton-e2e/report.html"


def write(path, text):
    """A file of the system, in place of what is there."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, 0o644)


def make_tree(folder, tree, deb):
    """Unpack the system, and set it up; its folder.  The kernel and its initrd stay in ours."""
    root = f"{folder}/root"
    os.makedirs(root)
    host.call("tar", "-C", root, "-xf", tree)
    write(f"{root}/etc/fstab", FSTAB)
    write(f"{root}/etc/hostname", "baton\n")
    write(f"{root}/etc/default/grub", GRUB)
    write(f"{root}/etc/systemd/system/steps.service", UNIT)
    write(f"{root}/etc/machine-id", "")
    os.makedirs(f"{root}/boot/efi", exist_ok=True)
    shutil.copy(f"{HERE}/guest/steps", f"{root}/usr/local/sbin/steps")
    wants = f"{root}/etc/systemd/system/multi-user.target.wants"
    os.makedirs(wants, exist_ok=True)
    os.symlink("../steps.service", f"{wants}/steps.service")
    shutil.copy(deb, f"{root}/root/baton.deb")
    for name in ("vmlinuz", "initrd.img"):
        shutil.copy(glob.glob(f"{root}/boot/{name}-*")[0], f"{folder}/{name}")
    return root


def make_disk(folder, tree, deb):
    """Write the disk; (its path, where its root file system begins)."""
    root, disk = make_tree(folder, tree, deb), f"{folder}/disk.img"
    parts = {name: f"{folder}/{name}.img" for name in ("esp", "root")}
    esp(parts["esp"], {"EFI/README": b"The EFI system partition.\n"})
    host.call("mke2fs", "-q", "-t", "ext4", "-L", "root", "-d", root, parts["root"],
              f"{ROOT_SIZE // MIB}M")
    shutil.rmtree(root)
    esp_mib = os.path.getsize(parts["esp"]) // MIB
    with open(disk, "wb") as f:
        f.truncate((1 + esp_mib + 1) * MIB + ROOT_SIZE)
    host.call("sfdisk", "-q", disk, stdin="label: gpt\n"
              f"start=1MiB, size={esp_mib}MiB, type=uefi\n"
              f"size={ROOT_SIZE // MIB}MiB, type=linux\n")
    for name, place in (("esp", 1), ("root", 1 + esp_mib)):
        host.call("dd", f"if={parts[name]}", f"of={disk}", "bs=1M", f"seek={place}",
                  "conv=notrunc,sparse", "status=none")
        os.unlink(parts[name])
    return disk, (1 + esp_mib) * MIB


def fetch_report(disk, root_at, out):
    """The page that "baton report" has made there, to be looked at, if it has come to that."""
    try:
        host.call("debugfs", "-R", f"dump {REPORT} {out}", f"{disk}?offset={root_at}")
    except Broken:
        pass
