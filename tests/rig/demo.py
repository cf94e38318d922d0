# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The demo: one machine, three stock kernels, and who had which CPU when.

x86_64: a virtual machine with OVMF and 8 CPUs starts a stock Debian kernel by
baton.efi.  demo.test, the script in the guest, puts every secondary CPU
offline and online, and goes on to the next kernel by kexec, twice.

arm64: a Raspberry Pi 3 does first what it can without baton (arm64-stock.test);
then, with the same kernel wrapped, demo-arm64.test puts all 4 CPUs offline and
online, the one that boots included, and goes on by kexec, twice.

The table at the end, and the exit code, come from the counts that the resident
keeps (the BATN table), not from what the kernels believe.
"""

import argparse
import os
import re
import shutil
import signal
import sys
import time

from rig import arm64, machine as rig

KERNELS = 3
LIMIT = 300
NOISE = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]")
KERNEL_LINE = re.compile(r"^\[ *\d+\.\d+\](?:\[[^]]*\])? ?")


class Demo:
    """What is the same on all machines; each of them says the rest."""

    cpus = ()  # those that the table is about, by their IDs
    id_name = ""

    def __init__(self, options):
        self.options = options
        self.start = time.monotonic()
        self.kernel = 0  # that runs, from 1
        self.release = {}  # kernel: its version
        self.batn = {}  # (kernel, "start" or "end"): {APIC ID: its record}
        self.done, self.planned, self.problems = 0, None, []

    def show(self, text):
        print(f"{time.monotonic() - self.start:6.1f} s  {text}", flush=True)

    def start_machine(self):
        """Show which one, and start it."""
        raise NotImplementedError

    def kernel_rows(self, kernel):
        """What a kernel did with each CPU: (text, wanted, values), the latter one for each."""
        raise NotImplementedError

    def run(self):
        machine = self.start_machine()
        deadline = time.monotonic() + LIMIT
        try:
            while (line := machine.read(deadline)) is not None:
                self.take(NOISE.sub("", line))
        except TimeoutError:
            self.problems.append(f"not at its end after {LIMIT} s")
        finally:
            machine.stop()
        self.check()
        self.table()
        print()
        log = os.path.relpath(machine.folder)
        if self.problems:
            for problem in self.problems:
                print(f"NOT PROVEN: {problem}")
            print(f"see {log}/serial.log")
            return 1
        print(f"All hand-overs of all CPUs are proven by BATN. "
              f"{time.monotonic() - self.start:.0f} s in all; {log}/serial.log has the details.")
        return 0

    def take(self, line):
        text = KERNEL_LINE.sub("", line)
        if match := re.match(r"@kernel (.*)", text):
            self.kernel += 1
            self.release[self.kernel] = match.group(1)
            self.show(f"kernel {self.kernel} runs: Linux {match.group(1)}")
        elif match := re.match(r"@batn (\w+) (.*)", text):
            record = dict(pair.split("=") for pair in match.group(2).split())
            step = self.batn.setdefault((self.kernel, match.group(1)), {})
            step[int(record["apic_id"])] = record
        elif re.match(r"not ok|Bail out!", text) or "Kernel panic" in text:
            self.problems.append(text)
            self.show(text)
        elif match := re.match(r"ok \d+ - (.*)", text):
            self.done += 1
            self.show(f"  {match.group(1)}")
        elif match := re.match(r"1\.\.(\d+)$", text):
            self.planned = int(match.group(1))
        elif match := re.match(r"# (.*)", text):
            self.show(f"  {match.group(1)}")
        elif text.startswith("baton"):
            self.show(text)

    def gain(self, apic_id, first, last, count):
        """By how much a count grew between two steps, (kernel, "start" or "end")."""
        try:
            return int(self.batn[last][apic_id][count]) - int(self.batn[first][apic_id][count])
        except KeyError:
            return None

    def gains(self, first, last, count):
        return [self.gain(i, first, last, count) for i in self.cpus]

    def records(self, kernel, count):
        """A count when that kernel has just started."""
        step = self.batn.get((kernel, "start"), {})
        return [int(step.get(i, {}).get(count, -1)) for i in self.cpus]

    def check(self):
        if not self.planned or self.planned != self.done:
            self.problems.append("the guest did not come to its end")
        for kernel in range(1, KERNELS + 1):
            for text, wanted, values in self.kernel_rows(kernel):
                if values != wanted:
                    self.problems.append(f"kernel {kernel}: {text}: {values}")

    def table(self):
        for kernel in range(1, KERNELS + 1):
            release = self.release.get(kernel, "did not run")
            print(f"\nkernel {kernel}: {release}")
            print(f"  {f'CPU ({self.id_name})':36}" + "".join(f"{i:4}" for i in self.cpus))
            for text, _, values in self.kernel_rows(kernel):
                print(f"  {text:36}" + "".join(f"{'-' if value is None else value:>4}"
                                               for value in values))


class Pc(Demo):
    """x86_64, UEFI, 8 CPUs; the table is about the 7 secondary ones."""

    cpus = range(1, 8)
    id_name = "APIC ID"

    def boot(self, folder, test, boot, accel, cpu):
        """Start a machine that runs a test."""
        folder = os.path.abspath(f"{self.options.build}/vm/{folder}")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        kernel = os.path.abspath(f"{self.options.kernels}/6.12/vmlinuz")
        initrd = f"{folder}/initrd.img"
        rig.initramfs(initrd, self.options.build, kernel)
        line = f"{rig.COMMAND_LINE} baton.test={test} baton.hop=0 baton.count=0 baton.once"
        arguments = rig.boot_arguments(folder, self.options.build, boot, kernel, line, initrd)
        return rig.Machine(folder, arguments, accel=accel, cpu=cpu, smp=str(len(self.cpus) + 1))

    def kvm_works(self):
        """A stock kernel, without baton, comes up and goes on by kexec under KVM."""
        if not os.access("/dev/kvm", os.R_OK | os.W_OK):
            return False
        self.show("is KVM of use here? a stock kernel tries it")
        machine = self.boot("demo-kvm", "kvm", "stock", "kvm", "host")
        deadline = time.monotonic() + 30
        try:
            while (line := machine.read(deadline)) is not None:
                if KERNEL_LINE.sub("", line) == "1..2":
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
        self.show(f"a machine with {len(self.cpus) + 1} CPUs, OVMF, QEMU {rig.qemu_version()} "
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


class Pi(Demo):
    """arm64, a Raspberry Pi 3: 4 CPUs, of which the first goes on to the next kernel itself."""

    cpus = range(4)
    id_name = "MPIDR"

    def boot(self, folder, test, boot):
        folder = os.path.abspath(f"{self.options.build}/vm/{folder}")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        kernels = os.path.abspath(self.options.kernels)
        initrd = f"{folder}/initrd.img"
        rig.initramfs(initrd, self.options.build, f"{kernels}/arm64/6.12/Image",
                      programs=arm64.programs(self.options.build, kernels))
        line = (f"{arm64.COMMAND_LINE} {arm64.Raspi3.console} baton.test={test} baton.hop=0 "
                "baton.count=0 baton.once")
        return arm64.Raspi3(folder, arm64.boot_arguments(
            folder, self.options.build, arm64.Raspi3, boot, (), kernels, "6.12", line, initrd))

    def try_stock(self):
        """What the board can't do without baton."""
        self.show("the stock kernel, without baton")
        machine = self.boot("demo-arm64-stock", "arm64-stock", "stock")
        deadline = time.monotonic() + LIMIT
        try:
            while self.planned is None and (line := machine.read(deadline)) is not None:
                self.take(NOISE.sub("", line))
        except TimeoutError:
            self.problems.append(f"without baton: not at its end after {LIMIT} s")
        finally:
            machine.stop()
        if self.planned is None or self.planned != self.done:
            self.problems.append("without baton: the guest did not come to its end")
        self.done, self.planned = 0, None

    def start_machine(self):
        self.show("a Raspberry Pi 3 with Debian's device tree, "
                  f"QEMU {rig.qemu_version('qemu-system-aarch64')} (TCG)")
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


MACHINES = {"x86_64": Pc, "arm64": Pi}


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--arch", default="x86_64", choices=MACHINES)
    parser.add_argument("--build", default="build")
    parser.add_argument("--kernels", default="cache")
    parser.add_argument("--accel", default="auto", choices=("auto", "kvm", "tcg"))
    signal.signal(signal.SIGTERM, interrupted)
    try:
        options = parser.parse_args()
        return MACHINES[options.arch](options).run()
    except rig.Unavailable as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        rig.kill_all()
        return 130


if __name__ == "__main__":
    sys.exit(main())
