# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The demo: one machine, three stock kernels, and who had which CPU when.

A virtual machine with OVMF and 8 CPUs starts a stock Debian kernel by
baton.efi.  demo.test, the script in the guest, puts every secondary CPU
offline and online, and goes on to the next kernel by kexec, twice.  The table
at the end, and the exit code, come from the counts that the resident keeps
(the BATN table), not from what the kernels believe.
"""

import argparse
import os
import re
import shutil
import signal
import sys
import time

sys.dont_write_bytecode = True
import rig  # noqa: E402

CPUS = 8
KERNELS = 3
LIMIT = 300
NOISE = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]")
KERNEL_LINE = re.compile(r"^\[ *\d+\.\d+\](?:\[[^]]*\])? ?")
COUNTS = ("returns", "tests", "releases")


class Demo:
    def __init__(self, options):
        self.options = options
        self.start = time.monotonic()
        self.kernel = 0  # that runs, from 1
        self.release = {}  # kernel: its version
        self.batn = {}  # (kernel, "start" or "end"): {APIC ID: its record}
        self.done, self.planned, self.problems = 0, None, []

    def show(self, text):
        print(f"{time.monotonic() - self.start:6.1f} s  {text}", flush=True)

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
        return rig.Machine(folder, arguments, accel=accel, cpu=cpu, smp=str(CPUS))

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

    def run(self):
        accel, cpu = "tcg", "max"
        if self.options.accel == "kvm" or self.options.accel == "auto" and self.kvm_works():
            accel, cpu = "kvm", "host"
        self.show(f"a machine with {CPUS} CPUs, OVMF, QEMU {rig.qemu_version()} "
                  f"({accel.upper()})")
        machine = self.boot("demo", "demo", "baton", accel, cpu)
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

    def secondary(self):
        return range(1, CPUS)

    def rows(self, kernel):
        """What a kernel did with each CPU: (text, wanted, values)."""
        start, end, following = (kernel, "start"), (kernel, "end"), (kernel + 1, "start")

        def row(text, first, last, count):
            return text, 1, [self.gain(i, first, last, count) for i in self.secondary()]

        def records(count):
            return [int(self.batn.get(start, {}).get(i, {}).get(count, -1))
                    for i in self.secondary()]

        if kernel == 1:
            yield "collected by baton, and held", 1, records("returns")
            yield "released to the kernel", 1, records("releases")
        else:
            yield row("returned by the last kernel, held", (kernel - 1, "end"), start, "returns")
            yield row("released to the kernel", (kernel - 1, "end"), start, "releases")
        yield row("offline: returned and held", start, end, "returns")
        yield row("offline: tested", start, end, "tests")
        yield row("online: released", start, end, "releases")
        if kernel < KERNELS:
            yield row("kexec: returned and held", end, following, "returns")

    def check(self):
        if not self.planned or self.planned != self.done:
            self.problems.append("the guest did not come to its end")
        for kernel in range(1, KERNELS + 1):
            for text, wanted, values in self.rows(kernel):
                if any(value != wanted for value in values):
                    self.problems.append(f"kernel {kernel}: {text}: {values}")

    def table(self):
        for kernel in range(1, KERNELS + 1):
            release = self.release.get(kernel, "did not run")
            print(f"\nkernel {kernel}: {release}")
            print(f"  {'CPU (APIC ID)':36}" + "".join(f"{i:4}" for i in self.secondary()))
            for text, _, values in self.rows(kernel):
                print(f"  {text:36}" + "".join(f"{'-' if value is None else value:>4}"
                                               for value in values))


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--kernels", default="cache")
    parser.add_argument("--accel", default="auto", choices=("auto", "kvm", "tcg"))
    signal.signal(signal.SIGTERM, interrupted)
    try:
        return Demo(parser.parse_args()).run()
    except rig.Unavailable as error:
        sys.exit(f"demo: {error}")
    except KeyboardInterrupt:
        rig.kill_all()
        return 130


if __name__ == "__main__":
    sys.exit(main())
