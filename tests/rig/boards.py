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

# What needs no initrd, by the last word of "boot".
BARE = {"probe": "probe-arm64.img", "example": "arm64/example.img",
        "shared": "vm/arm64/shared.img"}


class Kernel:
    """A kernel to start on a board, and all that it gets.

    boot: "baton" (it is wrapped first) or "stock", then perhaps gzip, or a name in BARE.
    kernels, series: where image and device tree come from (see kernels.py).
    wrap_options: of "baton wrap".  edits: of a Raspberry Pi's device tree, which is %t, each
    one call of fdtput.
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
    machine, dtb = "raspi3b", "bcm2837-rpi-3-b.dtb"
    edits = ()  # of the device tree, as those of a Kernel: takes out what QEMU does not have

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        return ["qemu-system-aarch64", "-nodefaults", "-machine", self.machine,
                "-accel", "tcg,thread=single"]

    @classmethod
    def boot(cls, kernel):
        """QEMU's arguments to start a Kernel as the board does."""
        return ["-kernel", kernel.prepared(), "-dtb", cls.tree(kernel), *kernel.by_qemu()]

    @classmethod
    def tree(cls, kernel, edits=()):
        """The board's device tree with its edits, the kernel's, and these."""
        edits = [*cls.edits, *kernel.edits, *edits]
        if not edits:
            return kernel.dtb(cls.dtb)
        tree = f"{kernel.folder}/board.dtb"
        shutil.copyfile(kernel.dtb(cls.dtb), tree)
        for edit in edits:
            words = edit.split() if isinstance(edit, str) else edit
            host.call("fdtput", *(tree if word == "%t" else word for word in words))
        return tree


class Raspi4(Raspi3):
    """A Raspberry Pi 4: 4 CPUs and 2 GiB.

    Stock Linux stops in drivers of devices that QEMU lacks, with or without baton."""

    since = 9
    console = ("console=ttyAMA0 cryptomgr.notests clk_ignore_unused initcall_blacklist="
               "brcmstb_l2_driver_init,brcmstb_i2c_driver_init,bcm2835_i2c_driver_init,"
               "bcm2835aux_serial_driver_init")
    serials = Machine.serials
    machine, dtb = "raspi4b", "bcm2711-rpi-4-b.dtb"
    edits = ("-r %t /soc/serial@7e201000/bluetooth",
             "-t s %t /chosen stdout-path serial0:115200n8")


class Stub:
    """A Raspberry Pi as its firmware leaves it: all CPUs at EL3, in a stub at address 0.

    The rig does the firmware's part: what is in memory, what the device tree says of that,
    and where the stub finds both."""

    image_at, initrd_at, dtb_at = 0x200000, 0x08000000, 0x2E000000

    @classmethod
    def boot(cls, kernel):
        files = [(kernel.image, cls.image_at), (cls.tree(kernel), cls.dtb_at)]
        if kernel.initrd:
            files.append((kernel.initrd, cls.initrd_at))
        stub = stub_elf(f"{kernel.build}/baton-armstub8.bin", f"{kernel.folder}/stub.elf",
                        cls.dtb_at, cls.image_at)
        arguments = ["-kernel", stub]
        for each in cls.settings:
            arguments += ["-global", each]
        for path, address in files:
            arguments += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
        return arguments

    @classmethod
    def tree(cls, kernel, edits=()):
        """With what the firmware writes to it."""
        edits = [*edits, f"-t x %t /memory@0 reg {cls.memory}",
                 ["-t", "s", "%t", "/chosen", "bootargs", kernel.command_line]]
        if kernel.initrd:
            end = cls.initrd_at + os.path.getsize(kernel.initrd)
            edits += [f"-t x %t /chosen linux,initrd-{name} {address:x}"
                      for name, address in (("start", cls.initrd_at), ("end", end))]
        return super().tree(kernel, edits)


class Raspi3Stub(Stub, Raspi3):
    """The rest of its memory is the graphics processor's."""

    settings = ["cortex-a53-arm-cpu.cntfrq=19200000"]  # as the stub tells the kernel
    memory = "0 3c000000"


class Raspi4Stub(Stub, Raspi4):
    """The rest of its first GiB is the graphics processor's."""

    # The board's GIC has the security extensions.  QEMU's has none, and then the kernel turns
    # off the group of interrupts that the stub has left it.
    settings = ["cortex-a72-arm-cpu.cntfrq=54000000", "arm_gic.has-security-extensions=on"]
    memory = "0 0 3c000000 0 40000000 40000000"
    # QEMU takes these out of a tree that it gives to a kernel itself.
    edits = (*Raspi4.edits, "-r %t /scb/pcie@7d500000", "-r %t /scb/ethernet@7d580000",
             "-r %t /soc/rng@7e104000", "-r %t /soc/avs-monitor@7d5d2000")


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


BOARDS = {"raspi3b": Raspi3, "raspi3b-stub": Raspi3Stub, "raspi4b": Raspi4,
          "raspi4b-stub": Raspi4Stub, "virt": Virt, "virt-el1": VirtEl1,
          "virt-spin": VirtSpinTable, "virt-uboot": VirtUBoot}
