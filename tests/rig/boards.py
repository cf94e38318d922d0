# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The arm64 boards, and how each starts a kernel.

Started by vmtest.py, demo.py and bench/.
"""

import os
import shutil

from rig import host
from rig.arm64_image import compress, stub_elf, with_firmware
from rig.errors import Unavailable
from rig.esp import esp
from rig.kernels import ARM64
from rig.machine import Machine
from rig.wrap import wrap

# The kernel's own source of entropy measures the processor for long, which an emulator makes
# so much longer that the kernel takes it for a lockup.
COMMAND_LINE = "panic=-1 rdinit=/init printk.devkmsg=on initcall_blacklist=jent_mod_init"
PI_DTB = "bcm2837-rpi-3-b.dtb"

# What needs no initrd, by the last word of "boot".
BARE = {"probe": "probe-arm64.img", "example": "arm64/example.img"}


class Kernel:
    """A kernel to start on a board, and all that it gets.

    boot: "baton" (it is wrapped first) or "stock", then perhaps gzip, or a name in BARE.
    kernels, series: where image and device tree come from (see kernels.py).
    wrap_options: of "baton wrap".  edits: of the device tree, each one call of fdtput.
    """

    def __init__(self, folder, build, boot, kernels, series, command_line, initrd=None,
                 wrap_options=(), edits=()):
        self.folder, self.build = folder, build
        self.who, _, self.form = boot.partition(" ")
        self.kernels, self.series = kernels, series
        self.image = f"{build}/{BARE[self.form]}" if self.form in BARE else \
            kernels.path(ARM64, series)
        self.command_line, self.initrd = command_line, initrd
        self.wrap_options, self.edits = wrap_options, edits

    def dtb(self, name):
        """The board's device tree, a file."""
        return self.kernels.dtb(self.series, name)

    def prepared(self):
        """The file to start: compressed or wrapped, as boot has it."""
        image = self.image
        if self.form == "gzip":
            image = compress(image, f"{self.folder}/Image.gz")
        if self.who == "baton":
            name = self.form if self.form in BARE else "kernel8"
            image = wrap(image, f"{self.folder}/{name}.img", self.build, options=self.wrap_options)
        return image

    def by_qemu(self):
        """QEMU's arguments for what it gives to any kernel."""
        return [*(["-initrd", self.initrd] if self.initrd else []), "-append", self.command_line]


class Raspi3(Machine):
    """A Raspberry Pi 3: 4 CPUs and 1 GiB, whatever else is asked for."""

    console = "console=ttyS1,115200"
    serials = ["-serial", "null", "-serial", "chardev:serial"]

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return ["qemu-system-aarch64", "-nodefaults", "-machine", "raspi3b",
                "-accel", "tcg,thread=single"]

    @classmethod
    def boot(cls, kernel):
        """QEMU's arguments to start a Kernel as the board does."""
        return ["-kernel", kernel.prepared(), "-dtb", kernel.dtb(PI_DTB), *kernel.by_qemu()]


class Raspi3Stub(Raspi3):
    """The same as its firmware leaves it: all CPUs at EL3, in a stub at address 0.

    The rig does the firmware's part: what is in memory, what the device tree says of that,
    and where the stub finds both."""

    # As on the board: the stub says so to the kernel.
    clock = ["-global", "cortex-a53-arm-cpu.cntfrq=19200000"]
    memory = 0x3C000000  # the rest is the graphics processor's
    image_at, initrd_at, dtb_at = 0x200000, 0x08000000, 0x2E000000

    @classmethod
    def boot(cls, kernel):
        files = [(kernel.image, cls.image_at), (cls.tree(kernel), cls.dtb_at)]
        if kernel.initrd:
            files.append((kernel.initrd, cls.initrd_at))
        stub = stub_elf(f"{kernel.build}/baton-armstub8.bin", f"{kernel.folder}/stub.elf",
                        cls.dtb_at, cls.image_at)
        arguments = ["-kernel", stub, *cls.clock]
        for path, address in files:
            arguments += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
        return arguments

    @classmethod
    def tree(cls, kernel):
        """The board's device tree with what the firmware writes to it, and the test's edits."""
        tree = f"{kernel.folder}/board.dtb"
        shutil.copyfile(kernel.dtb(PI_DTB), tree)
        edits = [["-t", "x", tree, "/memory@0", "reg", "0", f"{cls.memory:x}"],
                 ["-t", "s", tree, "/chosen", "bootargs", kernel.command_line],
                 *(edit.replace("%t", tree).split() for edit in kernel.edits)]
        if kernel.initrd:
            end = cls.initrd_at + os.path.getsize(kernel.initrd)
            edits += [["-t", "x", tree, "/chosen", f"linux,initrd-{name}", f"{address:x}"]
                      for name, address in (("start", cls.initrd_at), ("end", end))]
        for edit in edits:
            host.call("fdtput", *edit)
        return tree


class Virt(Machine):
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

    @classmethod
    def boot(cls, kernel):
        return ["-kernel", cls.started(kernel), *kernel.by_qemu()]

    @classmethod
    def started(cls, kernel):
        """The file that QEMU starts."""
        return kernel.prepared()


class VirtEl1(Virt):
    """The same with nothing above the kernel."""

    options = ""


class VirtSpinTable(Virt):
    """The same with firmware in front that makes its CPUs those of a spin-table."""

    @classmethod
    def started(cls, kernel):
        return with_firmware(kernel.prepared(), f"{kernel.build}/vm/arm64/board.bin",
                             f"{kernel.folder}/board")


class VirtUBoot(Virt):
    """The same with U-Boot, which starts the kernel by "booti"."""

    @classmethod
    def boot(cls, kernel):
        image = kernel.prepared()
        firmware = f"{kernel.kernels.cache}/arm64/u-boot/u-boot.bin"
        if not os.path.exists(firmware):
            raise Unavailable(f"needs {firmware}: tools/fetch-arm64")
        esp(f"{kernel.folder}/disk.img", {
            "Image": image, "initrd.img": kernel.initrd, "extlinux/extlinux.conf": (
                "default linux\nlabel linux\nlinux /Image\ninitrd /initrd.img\n"
                f"append {kernel.command_line}\n").encode()})
        return ["-bios", firmware,
                "-drive", f"if=none,id=disk,format=raw,file={kernel.folder}/disk.img",
                "-device", "virtio-blk-device,drive=disk"]


BOARDS = {"raspi3b": Raspi3, "raspi3b-stub": Raspi3Stub, "virt": Virt, "virt-el1": VirtEl1,
          "virt-spin": VirtSpinTable, "virt-uboot": VirtUBoot}
