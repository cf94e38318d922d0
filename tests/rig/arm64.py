# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Virtual machines for arm64: boards that start their CPUs by a spin-table."""

import gzip
import itertools
import os
import re
import shutil
import struct
import subprocess

from rig import machine as rig

# The kernel's own source of entropy measures the processor for long, which an emulator makes
# so much longer that the kernel takes it for a lockup.
COMMAND_LINE = "panic=-1 rdinit=/init printk.devkmsg=on initcall_blacklist=jent_mod_init"
FIRMWARE_SIZE = 0x200000  # tests/firmware/arm64/board.h
IMAGE_SIZE = 16  # offset in an Image's header


class Raspi3(rig.Machine):
    """A Raspberry Pi 3: 4 CPUs and 1 GiB, whatever else is asked for."""

    console = "console=ttyS1,115200"
    serials = ["-serial", "null", "-serial", "chardev:serial"]

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return ["qemu-system-aarch64", "-nodefaults", "-machine", "raspi3b",
                "-accel", "tcg,thread=single"]

    @staticmethod
    def boot(_build, _folder, image, dtbs):
        """QEMU's arguments to start this kernel as the board does."""
        return ["-kernel", image, "-dtb", f"{dtbs}/bcm2837-rpi-3-b.dtb"]


class Raspi3Stub(Raspi3):
    """The same as its firmware leaves it: all CPUs at EL3, in a stub at address 0.

    The rig does the firmware's part: what is in memory, what the device tree says of that,
    and where the stub finds both."""

    # As on the board: the stub says so to the kernel.
    clock = ["-global", "cortex-a53-arm-cpu.cntfrq=19200000"]
    memory = 0x3C000000  # the rest is the graphics processor's
    kernel, initrd, dtb = 0x200000, 0x08000000, 0x2E000000

    @classmethod
    def start(cls, build, folder, image, dtbs, initrd, command_line, edits):
        """QEMU's arguments to start a kernel by the stub."""
        tree = f"{folder}/board.dtb"
        shutil.copyfile(f"{dtbs}/bcm2837-rpi-3-b.dtb", tree)
        for edit in [["-t", "x", tree, "/memory@0", "reg", "0", f"{cls.memory:x}"],
                     ["-t", "s", tree, "/chosen", "bootargs", command_line],
                     *(edit.replace("%t", tree).split() for edit in edits)]:
            subprocess.run(["fdtput", *edit], check=True)
        files = [(image, cls.kernel), (tree, cls.dtb)]
        if initrd:
            end = cls.initrd + os.path.getsize(initrd)
            for name, address in (("start", cls.initrd), ("end", end)):
                subprocess.run(["fdtput", "-t", "x", tree, "/chosen", f"linux,initrd-{name}",
                                f"{address:x}"], check=True)
            files.append((initrd, cls.initrd))
        arguments = ["-kernel", stub_elf(f"{build}/baton-armstub8.bin", f"{folder}/stub.elf",
                                         cls.dtb, cls.kernel), *cls.clock]
        for path, address in files:
            arguments += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
        return arguments


class Virt(rig.Machine):
    """QEMU's own board, with QEMU's PSCI and the kernel at EL2.

    Without the ITS, which a kexec leaves writing into the next kernel's memory
    here, whoever has the CPUs."""

    console = "console=ttyAMA0"
    options = ",virtualization=on"
    # Nobody can turn it off but QEMU's PSCI, which is not always there.
    over = "reboot: Power"

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        # The other way to authenticate pointers costs much more; with addresses of
        # 52 bits, Linux 6.12 can't load another kernel, whoever has the CPUs.
        cpu = "max,pauth-impdef=on,lpa2=off" if cpu == "max" else cpu
        return ["qemu-system-aarch64", "-nodefaults",
                "-machine", f"virt,gic-version=3,its=off{self.options}",
                "-accel", "tcg,thread=single", "-cpu", cpu, "-m", str(memory), "-smp", smp,
                "-nic", "none"]

    @staticmethod
    def boot(_build, _folder, image, _dtbs):
        return ["-kernel", image]


class VirtEl1(Virt):
    """The same with nothing above the kernel."""

    options = ""


class VirtSpinTable(Virt):
    """The same with firmware in front that makes its CPUs those of a spin-table."""

    @staticmethod
    def boot(build, folder, image, _dtbs):
        return ["-kernel", with_firmware(image, f"{build}/vm/arm64/board.bin", f"{folder}/board")]


class VirtUBoot(Virt):
    """The same with U-Boot, which starts the kernel by "booti"."""

    @staticmethod
    def start(folder, image, firmware, initrd, command_line):
        if not os.path.exists(firmware):
            raise rig.Unavailable(f"needs {firmware}: tools/fetch-arm64")
        rig.esp(f"{folder}/disk.img", {
            "Image": image, "initrd.img": initrd, "extlinux/extlinux.conf": (
                "default linux\nlabel linux\nlinux /Image\ninitrd /initrd.img\n"
                f"append {command_line}\n").encode()})
        return ["-bios", firmware,
                "-drive", f"if=none,id=disk,format=raw,file={folder}/disk.img",
                "-device", "virtio-blk-device,drive=disk"]


MACHINES = {"raspi3b": Raspi3, "raspi3b-stub": Raspi3Stub, "virt": Virt, "virt-el1": VirtEl1,
            "virt-spin": VirtSpinTable, "virt-uboot": VirtUBoot}


def stub_elf(stub, out, dtb, kernel):
    """A stub as an ELF file, which QEMU enters on all CPUs at EL3, filled in as by the firmware."""
    with open(stub, "rb") as f:
        code = bytearray(f.read())
    magic, = struct.unpack_from("<L", code, 0xF0)
    if magic != 0x5AFE570B:
        raise ValueError(f"{stub}: no stub")
    struct.pack_into("<QLL", code, 0xF0, 0, dtb, kernel)
    start = 0x1000  # in the file
    head = struct.pack("<16sHHLQQQLHHHHHH", b"\x7fELF\2\1\1", 2, 183, 1, 0, 64, 0, 0, 64, 56, 1,
                       0, 0, 0)
    head += struct.pack("<LLQQQQQQ", 1, 7, start, 0, 0, len(code), len(code), start)
    with open(out, "wb") as f:
        f.write(head.ljust(start, b"\0") + code)
    return out


def with_firmware(image, firmware, out):
    """Put the firmware, an Image of 2 MiB, in front of an Image; where the result is."""
    with open(firmware, "rb") as f:
        front = bytearray(f.read().ljust(FIRMWARE_SIZE, b"\0"))
    with open(image, "rb") as f:
        kernel = f.read()
    size = struct.unpack_from("<Q", kernel, IMAGE_SIZE)[0]
    struct.pack_into("<Q", front, IMAGE_SIZE, FIRMWARE_SIZE + size)
    with open(out, "wb") as f:
        f.write(front + kernel)
    return out


def libraries(program, roots):
    """All libraries that a program needs, by their paths in the guest."""
    found, wanted = {}, [program]
    while wanted:
        path = wanted.pop()
        listing = subprocess.run(["llvm-readelf", "-d", "-l", path], capture_output=True, text=True,
                                 check=True).stdout
        # The kernel looks for it where the program says; Debian 13 has it below usr/.
        for name in re.findall(r"interpreter: /(\S+)\]", listing):
            found[name] = find(roots[0], name, f"usr/{name}")
        for name, root, folder in itertools.product(
                re.findall(r"NEEDED.*\[(.*)\]", listing), roots,
                ("lib", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu")):
            path = f"{root}/{folder}/{name}"
            if os.path.exists(path) and f"{folder}/{name}" not in found:
                found[f"{folder}/{name}"] = path
                wanted.append(path)
    return found


def find(root, *paths):
    for path in paths:
        if os.path.exists(f"{root}/{path}"):
            return f"{root}/{path}"
    raise rig.Unavailable(f"needs {root}/{paths[0]}: tools/fetch-arm64")


def programs(build, kernels, command=False):
    """What the guest is made of; command: with the baton command."""
    root, more = (os.path.abspath(f"{kernels}/arm64/{name}") for name in ("guest", "cli"))
    kexec = find(root, "sbin/kexec", "usr/sbin/kexec")
    files = {**libraries(kexec, [root]), "sbin/kexec": kexec}
    if command:
        baton = f"{build}/arm64/baton"
        files.update(libraries(baton, [root, more]))
        files["bin/baton"] = baton
    files["bin/busybox"] = find(root, "bin/busybox", "usr/bin/busybox")
    files["bin/batn"] = f"{build}/vm/arm64/batn"
    return files


def compress(image, out):
    with open(image, "rb") as f, gzip.open(out, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(f, packed)
    return out


def boot_arguments(folder, build, machine, boot, wrap, kernels, version, command_line, initrd,
                   edits=()):
    """QEMU's arguments to boot the stock kernel of a series, wrapped or not."""
    image = f"{kernels}/arm64/{version}/Image"
    if machine is Raspi3Stub:
        return machine.start(build, folder, image, f"{kernels}/arm64/{version}/dtbs", initrd,
                             command_line, edits)
    who, _, packed = boot.partition(" ")
    if packed == "gzip":
        image = compress(image, f"{folder}/Image.gz")
    if who == "baton":
        image = rig.wrap(image, f"{folder}/kernel8.img", build, options=wrap)
    if machine is VirtUBoot:
        return machine.start(folder, image, f"{kernels}/arm64/u-boot/u-boot.bin", initrd,
                             command_line)
    return machine.boot(build, folder, image, f"{kernels}/arm64/{version}/dtbs") + [
        "-initrd", initrd, "-append", command_line]


# What needs no initrd, by the last word of "boot".
BARE = {"probe": "probe-arm64.img", "example": "arm64/example.img"}


def bare_arguments(folder, build, machine, boot, wrap, kernels, version, command_line):
    """The same to boot a kernel of our own."""
    who, name = boot.split()
    image = f"{build}/{BARE[name]}"
    if machine is Raspi3Stub:
        return machine.start(build, folder, image, f"{kernels}/arm64/{version}/dtbs", None,
                             command_line, [])
    if who == "baton":
        image = rig.wrap(image, f"{folder}/{name}.img", build, options=wrap)
    return machine.boot(build, folder, image, f"{kernels}/arm64/{version}/dtbs") + [
        "-append", command_line]
