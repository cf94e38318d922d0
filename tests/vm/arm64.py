# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Virtual machines for arm64: boards that start their CPUs by a spin-table."""

import os
import re
import subprocess

import rig

COMMAND_LINE = "panic=-1 rdinit=/init printk.devkmsg=on iomem=relaxed"


class Raspi3(rig.Machine):
    """A Raspberry Pi 3: 4 CPUs and 1 GiB, whatever else is asked for."""

    console = "console=ttyS1,115200"
    serials = ["-serial", "null", "-serial", "chardev:serial"]
    dtb = "bcm2837-rpi-3-b.dtb"

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return ["qemu-system-aarch64", "-nodefaults", "-machine", "raspi3b",
                "-accel", "tcg,thread=single"]


MACHINES = {"raspi3b": Raspi3}


def libraries(program, root):
    """The program and all libraries that it needs, by their paths in the guest."""
    found, wanted = {}, [program]
    while wanted:
        path = wanted.pop()
        found[os.path.relpath(path, root)] = path
        listing = subprocess.run(["llvm-readelf", "-d", "-l", path], capture_output=True, text=True,
                                 check=True).stdout
        names = re.findall(r"NEEDED.*\[(.*)\]", listing)
        names += [os.path.basename(name) for name in re.findall(r"interpreter: (\S+)\]", listing)]
        for name in names:
            for folder in ("lib", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu"):
                path = f"{root}/{folder}/{name}"
                if os.path.exists(path) and f"{folder}/{name}" not in found:
                    wanted.append(path)
                    break
    return found


def find(root, *paths):
    for path in paths:
        if os.path.exists(f"{root}/{path}"):
            return f"{root}/{path}"
    raise rig.Unavailable(f"needs {root}/{paths[0]}: tools/fetch-arm64")


def programs(build, kernels):
    """What the guest is made of."""
    root = os.path.abspath(f"{kernels}/arm64/guest")
    kexec = find(root, "sbin/kexec", "usr/sbin/kexec")
    files = libraries(kexec, root)
    files["bin/busybox"] = find(root, "bin/busybox", "usr/bin/busybox")
    files["bin/batn"] = f"{build}/vm/arm64/batn"
    return files


def boot_arguments(folder, build, machine, boot, wrap, kernels, version, command_line, initrd):
    """QEMU's arguments to boot the stock kernel of a series, wrapped or not."""
    image = f"{kernels}/arm64/{version}/Image"
    if boot == "baton":
        image = rig.wrap(image, f"{folder}/kernel8.img", build, options=wrap)
    return ["-kernel", image, "-dtb", f"{kernels}/arm64/{version}/dtbs/{machine.dtb}",
            "-initrd", initrd, "-append", command_line]
