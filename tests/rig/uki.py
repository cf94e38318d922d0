# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A unified kernel image (UKI): systemd's stub with a kernel, its initrd and its command line.

Used by pc_boot.py.  Made as systemd-stub(7) describes it, for releases that have no ukify.
"""

import os
import re

from rig import host

PATH = "EFI/Linux/debian.efi"  # on the ESP, where boot loaders look for them
STUB = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub"
PAGE = 4096


def uki(out, kernel, initrd, command_line):
    """Write the image; returns its path."""
    stub = host.need_file(STUB, "systemd-boot-efi")
    host.need_program("objcopy", "binutils")
    line = f"{out}.cmdline"
    with open(line, "w", encoding="ascii") as f:
        f.write(command_line)
    options, address = [], end_of_sections(stub)
    for name, path in ((".cmdline", line), (".initrd", initrd), (".linux", kernel)):
        address = -(-address // PAGE) * PAGE
        options += ["--add-section", f"{name}={path}",
                    "--change-section-vma", f"{name}={address:#x}"]
        address += os.path.getsize(path)
    host.call("objcopy", *options, stub, out)
    os.unlink(line)
    return out


def end_of_sections(image):
    """The address behind the last section of a PE image."""
    rows = re.findall(r"^ +\d+ \S+ +([0-9a-f]+) +([0-9a-f]+) ", host.call("objdump", "-h", image),
                      re.M)
    return max(int(size, 16) + int(address, 16) for size, address in rows)
