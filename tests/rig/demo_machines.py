# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The machines of the demo: a PC, a Raspberry Pi 3, and a TDX guest.

x86_64: a virtual machine with OVMF and 8 CPUs starts a stock Debian kernel by
baton.efi.  demo.test, the script in the guest, puts every secondary CPU
offline and online, and goes on to the next kernel by kexec, twice.

arm64: a Raspberry Pi 3 does first what it can without baton (arm64-stock.test);
then, with the same kernel wrapped, demo-arm64.test puts all 4 CPUs offline and
online, the one that boots included, and goes on by kexec, twice.

tdx: a TDX guest, in the simulator of tests/tdx, does first what it can without baton
(tdx-stock.test); then the same firmware and kernel do all that the PC does.

Called by tools/demo.
"""

import argparse
import os
import re
import time

from rig import boards, host, pc, program, tdx
from rig.arm64_guest import arm64_programs
from rig.demo import KERNELS, Demo
from rig.initramfs import command_line, initramfs, pc_programs
from rig.kernels import ARM64, CURRENT, X86_64
from rig.machine import qemu_version
from rig.pc_boot import PcBoot
from rig.tap import Tap, text_of

KVM_TRIAL_S = 30


class PcDemo(Demo):
    """x86_64, UEFI, 8 CPUs; the table is about the 7 secondary ones."""

    cpus = range(1, 8)
    id_name = "APIC ID"

    def boot(self, folder, test, boot, accel, cpu):
        """Start a machine that runs a test."""
        folder = host.empty_folder(f"{self.options.build}/vm/{folder}")
        kernel, initrd = self.kernels.path(X86_64, CURRENT), f"{folder}/initrd.img"
        initramfs(initrd, kernel, pc_programs(self.options.build))
        arguments = PcBoot(folder, self.options.build, boot, kernel,
                           self.command_line(test), initrd).arguments()
        return pc.Pc(folder, arguments, accel=accel, cpu=cpu, smp=str(len(self.cpus) + 1))

    def command_line(self, test):
        """The kernel's, with the number of CPUs for the test."""
        return command_line(pc.COMMAND_LINE, test, str(len(self.cpus) + 1))

    def kvm_works(self):
        """A stock kernel, without baton, comes up and goes on by kexec under KVM."""
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            return False
        self.show("is KVM of use here? a stock kernel tries it")
        machine = self.boot("demo-kvm", "kvm", "stock", "kvm", "host")
        deadline = time.monotonic() + KVM_TRIAL_S
        try:
            while (line := machine.read(deadline)) is not None:
                if text_of(line) == "1..2":
                    return True
        except TimeoutError:
            pass
        finally:
            machine.stop()
        return False

    def start_machine(self):
        accel, cpu = "tcg", "max"
        if self.options.accel == "kvm" or self.options.accel == "auto" and self.kvm_works():
            accel, cpu = "kvm", "host"
        self.show(f"a machine with {len(self.cpus) + 1} CPUs, OVMF, QEMU {qemu_version()} "
                  f"({accel.upper()})")
        return self.boot("demo", "demo", "baton", accel, cpu)

    def kernel_rows(self, kernel):
        start, end, following = (kernel, "start"), (kernel, "end"), (kernel + 1, "start")
        once = [1] * len(self.cpus)
        if kernel == 1:
            yield "collected by baton, and held", once, self.records(1, "returns")
            yield "released to the kernel", once, self.records(1, "releases")
        else:
            before = (kernel - 1, "end")
            yield "returned by the last kernel, held", once, self.gains(before, start, "returns")
            yield "released to the kernel", once, self.gains(before, start, "releases")
        yield "offline: returned and held", once, self.gains(start, end, "returns")
        yield "offline: tested", once, self.gains(start, end, "tests")
        yield "online: released", once, self.gains(start, end, "releases")
        if kernel < KERNELS:
            yield "kexec: returned and held", once, self.gains(end, following, "returns")


class PiDemo(Demo):
    """arm64, a Raspberry Pi 3: 4 CPUs, of which the first goes on to the next kernel itself."""

    cpus = range(4)
    id_name = "MPIDR"

    def boot(self, folder, test, boot):
        """Start a board that runs a test."""
        folder = host.empty_folder(f"{self.options.build}/vm/{folder}")
        initrd = f"{folder}/initrd.img"
        initramfs(initrd, self.kernels.path(ARM64, CURRENT),
                  arm64_programs(self.options.build, self.kernels.cache))
        line = command_line(f"{boards.COMMAND_LINE} {boards.Raspi3.console}", test)
        return boards.Raspi3(folder, boards.Raspi3.boot(boards.Kernel(
            folder, self.options.build, boot, self.kernels, CURRENT, line, initrd)))

    def try_stock(self):
        """What the board can't do without baton."""
        self.show("the stock kernel, without baton")
        machine = self.boot("demo-arm64-stock", "arm64-stock", "stock")
        self.follow(machine, "without baton", lambda: self.tap.planned is not None)
        self.tap = Tap()

    def start_machine(self):
        self.show("a Raspberry Pi 3 with Debian's device tree, "
                  f"QEMU {qemu_version('qemu-system-aarch64')} (TCG)")
        self.try_stock()
        self.show("the same kernel, by \"baton wrap\"")
        return self.boot("demo-arm64", "demo-arm64", "baton")

    def kernel_rows(self, kernel):
        start, end, following = (kernel, "start"), (kernel, "end"), (kernel + 1, "start")
        once, secondary = [1, 1, 1, 1], [0, 1, 1, 1]
        if kernel == 1:
            yield "collected by baton, and held", secondary, self.records(1, "returns")
            yield "released to the kernel", secondary, self.records(1, "releases")
        else:
            before = (kernel - 1, "end")
            yield ("returned by the last kernel, held", secondary,
                   self.gains(before, start, "returns"))
            yield "released to the kernel", secondary, self.gains(before, start, "releases")
        yield "offline: returned and held", once, self.gains(start, end, "returns")
        yield "online: released", once, self.gains(start, end, "releases")
        if kernel < KERNELS:
            yield "kexec: returned and held", secondary, self.gains(end, following, "returns")


class TdxDemo(PcDemo):
    """x86_64, a TDX guest with 4 CPUs; the table is about the 3 secondary ones."""

    cpus = range(1, 4)
    limit = 1200
    # A kernel's own words, on a machine that is slow and otherwise silent.
    news = re.compile(r"Linux version \S+|tdx: Guest detected|"
                      r"Memory Encryption Features active: .*|No MADT mailbox: .*|"
                      r"smp: Brought up .*|smpboot: CPU \d+ is now offline")

    def boot(self, folder, test, boot, accel, cpu):
        folder = host.empty_folder(f"{self.options.build}/vm/{folder}")
        kernel, initrd = self.kernels.path(X86_64, CURRENT), f"{folder}/initrd.img"
        initramfs(initrd, kernel, {**pc_programs(self.options.build, command=True),
                                   **tdx.programs(self.options.build)})
        arguments = PcBoot(folder, self.options.build, boot, kernel,
                           self.command_line(test), initrd).arguments()
        return tdx.Tdx(folder, tdx.rom(self.options.build) + arguments, accel=accel, cpu=cpu,
                       smp=str(len(self.cpus) + 1))

    def take(self, line):
        super().take(line)
        if match := self.news.search(text_of(line)):
            self.show(f"    {match[0]}")

    def try_stock(self):
        """What the guest can't do without baton."""
        self.show("without baton; until the kernel's first word it takes a minute or more")
        machine = self.boot("demo-tdx-stock", "tdx-stock", "stock", "tcg", "max")
        self.follow(machine, "without baton", lambda: self.tap.planned is not None)
        self.tap = Tap()

    def start_machine(self):
        self.show(f"a TDX guest with {len(self.cpus) + 1} CPUs, in a simulator of the TDX module, "
                  f"QEMU {qemu_version()} (TCG); some minutes in all")
        self.try_stock()
        self.show("the same firmware and kernel, by baton.efi")
        return self.boot("demo-tdx", "demo", "baton", "tcg", "max")


MACHINES = {X86_64: PcDemo, ARM64: PiDemo, "tdx": TdxDemo}


def main():
    parser = argparse.ArgumentParser(
        prog="tools/demo", description="Three stock kernels, and who had which CPU when.")
    parser.add_argument("--arch", default=X86_64, choices=(X86_64, ARM64))
    parser.add_argument("--guest", choices=("tdx",), help="instead of a machine")
    parser.add_argument("--build", default="build")
    parser.add_argument("--kernels", default="cache")
    parser.add_argument("--accel", default="auto", choices=("auto", "kvm", "tcg"))
    options = parser.parse_args()
    return MACHINES[options.guest or options.arch](options).run()


if __name__ == "__main__":
    program.run("demo", main)
