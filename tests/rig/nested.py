# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A PC whose Linux runs a virtual machine of its own: KVM's code, without hardware for it.

QEMU emulates a processor with SVM (TCG); the stock kernel on it loads KVM and starts
a QEMU, which runs the test.  One CPU outside: with two, the machine inside hangs (docs/tested.md).
The serial line inside goes out as it is: see tests/vm/guest/nested.

Used by vmtest.py.
"""

import lzma
import os
import shlex

from rig import host
from rig.cpio import cpio
from rig.errors import Unavailable
from rig.initramfs import with_libraries
from rig.kernels import CURRENT, X86_64
from rig.pc import Pc

OUTER_MEMORY = 1536  # MiB, for the file system in memory and for QEMU
COMMAND_LINE = ("console=ttyS0 no_timer_check panic=-1 rdinit=/init quiet tsc=reliable "
                "mitigations=off nopti")
CPU = "host,xsave=off"  # Linux warns of the sizes that an emulated KVM states for XSAVE
QEMU = "qemu-system-x86_64"
FOLDERS = ("/usr/share/seabios", "/usr/share/qemu")
FIRMWARE = {"bios-256k.bin": "seabios", "kvmvapic.bin": "qemu-system-data",
            "linuxboot_dma.bin": "qemu-system-data"}


class Nested(Pc):
    """The machine outside; the memory is that of the one inside."""

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return super().command(accel, cpu, int(memory) + OUTER_MEMORY, "1", False, True)


def boot(folder, kernels, kernel, initrd, command_line, arguments):
    """Write what the machine outside boots from; returns QEMU's arguments for it.

    kernel, initrd, command_line, arguments: of the machine inside.
    """
    image = f"{folder}/outer.img"
    inner = ["-nodefaults", "-no-user-config", "-machine", "q35", "-accel", "kvm", "-cpu", CPU,
             "-display", "none", "-nic", "none", "-no-reboot",
             *(word for each in FOLDERS for word in ("-L", each)),
             "-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial",
             "-kernel", "/kernel", "-initrd", "/initrd", "-append", command_line, *arguments]
    files = {"init": f"{host.VM}/guest/nested", "kernel": kernel, "initrd": initrd,
             "arguments": shlex.join(inner).encode(),
             "bin/busybox": host.need_program("busybox", "busybox-static"),
             **modules(kernels, "irqbypass", "kvm", "kvm-amd"), **qemu_files()}
    with open(image, "wb") as f:
        f.write(cpio(files))
    return ["-kernel", kernels.path(X86_64, CURRENT), "-initrd", image, "-append", COMMAND_LINE]


def programs(kernels):
    """What a guest that is no nested machine needs to run one itself."""
    return {**qemu_files(), **modules(kernels, "irqbypass", "kvm", "kvm-amd", "msr")}


def qemu_files():
    """QEMU, its libraries, and the firmware that it loads."""
    program = host.need_program(QEMU, "qemu-system-x86")
    files = with_libraries(program)
    files[f"bin/{QEMU}"] = files.pop(program.lstrip("/"))
    for name, package in FIRMWARE.items():
        path = next((f"{folder}/{name}" for folder in FOLDERS
                     if os.path.exists(f"{folder}/{name}")), None)
        path = host.need_file(path or f"{FOLDERS[0]}/{name}", package)
        files[path.lstrip("/")] = path
    return files


def modules(kernels, *names):
    """The kernel's modules, by their paths in a guest."""
    folder = f"{os.path.dirname(kernels.path(X86_64, CURRENT))}/modules"
    return {f"modules/{name}.ko": module(folder, name) for name in names}


def module(folder, name):
    """The module, unpacked."""
    plain = f"{folder}/{name}.ko"
    if os.path.exists(plain):
        return plain
    if not os.path.exists(f"{plain}.xz"):
        raise Unavailable(f"needs {plain} of the kernel's package: tools/fetch-kernel")
    with lzma.open(f"{plain}.xz") as f:
        return f.read()
