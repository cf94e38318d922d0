# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The Debian of the end-to-end test, before it is on a disk, and what it leaves there.

Used by on_pc.py and on_board.py.
"""

import glob
import os
import shutil

from rig import host
from rig.errors import Broken

HERE = os.path.dirname(os.path.abspath(__file__))
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


def make_tree(folder, tree, deb, steps, files):
    """Unpack the system, and set it up; its folder.  The kernel and its initrd stay in ours.

    steps: a file of guest/.  files: {path: text}, what else the machine needs."""
    root = f"{folder}/root"
    os.makedirs(root)
    host.call("tar", "-C", root, "-xf", tree)
    for path, text in files.items():
        write(f"{root}/{path}", text)
    write(f"{root}/etc/hostname", "baton\n")
    write(f"{root}/etc/systemd/system/steps.service", UNIT)
    write(f"{root}/etc/machine-id", "")
    shutil.copy(f"{HERE}/guest/{steps}", f"{root}/usr/local/sbin/steps")
    shutil.copy(f"{HERE}/guest/lib.sh", f"{root}/usr/local/lib/steps.sh")
    wants = f"{root}/etc/systemd/system/multi-user.target.wants"
    os.makedirs(wants, exist_ok=True)
    os.symlink("../steps.service", f"{wants}/steps.service")
    shutil.copy(deb, f"{root}/root/baton.deb")
    for name in ("vmlinuz", "initrd.img"):
        shutil.copy(glob.glob(f"{root}/boot/{name}-*")[0], f"{folder}/{name}")
    return root


def fetch_report(root, out):
    """The page that "baton report" has made there, to be looked at, if it has come to that.

    root: the file system, as debugfs takes it."""
    try:
        host.call("debugfs", "-R", f"dump {REPORT} {out}", root)
    except Broken:
        pass
