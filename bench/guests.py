# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The machines that are measured.

Used by parts.py.
"""

import glob
import os
import re
import time

from rig import boards, host, pc
from rig.arm64_guest import arm64_programs
from rig.errors import Broken
from rig.initramfs import command_line, initramfs, pc_programs
from rig.kernels import ARM64, CURRENT, X86_64, Kernels
from rig.pc_boot import PcBoot

KERNEL = CURRENT
HERE = os.path.dirname(os.path.abspath(__file__))


def counted(shift, timer_us):
    """QEMU's arguments for a machine whose time is counted.

    Each instruction of any CPU takes 1 ns << shift, and while all CPUs sleep the time goes on at
    once.  A run repeats exactly, whatever else the host does.

    A CPU that gets INIT is taken to have used all that is left to the next timer (QEMU 7.2: the
    reset clears what is counted).  The timer of a network filter, on a network that nobody
    uses, keeps that below timer_us << shift.  Each time it costs the host changes of threads.
    """
    return ["-icount", f"shift={shift},sleep=off", "-rtc", "base=2026-01-01,clock=vm",
            "-seed", "1", "-netdev", "hubport,id=net,hubid=0",
            "-object", f"filter-buffer,id=filter,netdev=net,interval={timer_us << shift}"]


# For what ends with the stage: little to run, and little that waits.
COUNTED_STAGE = counted(0, 5)


def counted_kernel(cpus):
    """For whole kernels: their loops that wait go round all CPUs, and must be short with many."""
    return counted(0 if cpus <= 16 else 3, 50)


class Guest:
    """A machine that runs guest/NAME.sh, started as one of WAYS."""

    # What is booted, from which baton.efi, with which further line of baton.conf.
    WAYS = {
        "stock": ("stock", "", ""),
        "baton": ("baton", "", ""),
        "pause": ("baton", "", "wait pause"),
        "usual": ("baton", "/bench", "wait pause"),
    }

    def __init__(self, options, script, way, cpus, append="", arg="", more=()):
        boot, build, conf_line = self.WAYS[way]
        folder = new_folder(options, f"{script}-{way}-{cpus}")
        vmlinuz = Kernels(options.kernels).path(X86_64, KERNEL)
        initrd = make_initrd(folder, vmlinuz, pc_programs(options.build), script)
        line = command_line(pc.COMMAND_LINE, script, arg, every=append)
        conf = f"linux /vmlinuz\ninitrd /initrd.img\noptions {line}\n{conf_line}"
        # The file instead of the text, since that would become "verbose": it takes time.
        arguments = PcBoot(folder, options.build + build, boot, vmlinuz, line, initrd,
                           files={"EFI/BOOT/baton.conf": conf.encode()}
                           if boot == "baton" else {}).arguments()
        self.start(options, f"{script}, {way}, {cpus} CPUs", folder,
                   [*arguments, *more], cpus)

    def start(self, options, name, folder, arguments, cpus, bios=False):
        """Start the machine."""
        self.name = name
        self.machine = pc.Pc(folder, arguments, smp=str(cpus), bios=bios,
                             memory=2048 if cpus > 32 else 1024)
        self.timeout = options.timeout
        self.deadline = time.monotonic() + self.timeout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.machine.stop()

    def wait_for(self, regex):
        """The match of the next line that has one."""
        while True:
            try:
                line = self.machine.read(self.deadline)
            except TimeoutError:
                line = None
            if line is None:
                raise Broken(f"{self.name}: no line came that matches {regex}")
            if match := re.search(regex, line):
                return match

    def stage_us(self):
        """What the stage says that it took: to prepare, and to collect."""
        found = self.wait_for(r"(\d+) missing.*prepared in (\d+) us, collected in (\d+) us")
        if found[1] != "0":
            raise Broken(f"{self.name}: {found[0]}")
        return int(found[2]), int(found[3])

    def host_cpu(self):
        """Of each thread of the emulator, the seconds that it had a core and waited for one."""
        times = {}
        for path in glob.glob(f"/proc/{self.machine.process.pid}/task/*/schedstat"):
            with open(path, encoding="ascii") as f:
                times[path] = [int(ns) / 1e9 for ns in f.read().split()[:2]]
        if not times:
            raise Broken("the host's kernel has no /proc/PID/schedstat to measure by")
        return times


class Counted(Guest):
    """A BIOS machine whose time is counted, with a kernel by -kernel.

    run: tells machines apart that are otherwise the same.
    """

    KERNELS = 0x20000000  # where the kernels lie, 16 MiB each: see guest/kexec.sh
    # The delay loop's calibration is not what is measured, and much longer.
    COMMAND_LINE = f"{pc.COMMAND_LINE} nokaslr lpj=4000000 memmap=32M${KERNELS:#x}"

    def __init__(  # pylint: disable=super-init-not-called
            self, options, script, way, cpus, append="", arg="", run=1, clock=None):
        folder = new_folder(options, f"{script}-{way}-{cpus}-{append}-{arg}-{run}")
        vmlinuz = Kernels(options.kernels).path(X86_64, KERNEL)
        kernels = [vmlinuz, f"{folder}/vmlinuz-wrapped"]
        host.call(f"{options.build}/baton", "wrap", kernels[0], "-o", kernels[1])
        programs = {name: path for name, path in
                    pc_programs(options.build, command=arg == "proof").items()
                    if not path.startswith(f"{options.build}/vm/")}
        programs["bin/tsc"] = f"{options.build}/bench/tsc"
        sizes = [os.path.getsize(path) for path in kernels]
        line = command_line(self.COMMAND_LINE, script, arg, every=(
            f"baton.kernels={self.KERNELS >> 20},{sizes[0]},{sizes[1]} {append}").strip())
        arguments = [*(clock or counted_kernel(cpus)), "-kernel", kernels[way == "baton"],
                     "-append", line, "-initrd", make_initrd(folder, None, programs, script)]
        for i, path in enumerate(kernels):
            arguments += ["-device", f"loader,file={path},force-raw=on,"
                          f"addr={self.KERNELS + (i << 24):#x}"]
        self.start(options, f"{script}, {way}, {cpus} CPUs {append}", folder, arguments, cpus,
                   bios=True)

    def bring_up_ms(self, cpus):
        """What Linux says about how long it took to start its CPUs."""
        start = self.wait_for(r"\[ *([\d.]+)\] smp: Bringing up secondary CPUs")
        end = self.wait_for(rf"\[ *([\d.]+)\] smp: Brought up .* {cpus} CPUs")
        return (float(end[1]) - float(start[1])) * 1000

    def ticks(self, what):
        """The time-stamp counter in a line of the guest's: ns."""
        return int(self.wait_for(rf"@bench {what} (\d+)")[1])


class Board(Guest):
    """A Raspberry Pi 3 that runs guest/NAME.sh, with or without baton in front."""

    WAYS = {"stock": ("stock", ()), "baton": ("baton", ()),
            "no-stage2": ("baton", ("--no-stage2",))}

    def __init__(self, options, script, way):  # pylint: disable=super-init-not-called
        boot, wrap = self.WAYS[way]
        folder, kernels = new_folder(options), Kernels(options.kernels)
        initrd = make_initrd(folder, kernels.path(ARM64, KERNEL), {
            **arm64_programs(options.build, kernels.cache),
            "bin/walk": f"{options.build}/bench/arm64/walk"}, script)
        line = command_line(f"{boards.COMMAND_LINE} {boards.Raspi3.console}", script)
        self.name = f"{script}, {way}"
        self.machine = boards.Raspi3(folder, boards.Raspi3.boot(boards.Kernel(
            folder, options.build, boot, kernels, KERNEL, line, initrd, wrap)))
        self.timeout = options.timeout
        self.deadline = time.monotonic() + self.timeout


class Probe(Guest):
    """A machine that runs the probe on baton, in its mode for measuring."""

    def __init__(self, options, cpus):  # pylint: disable=super-init-not-called
        folder = new_folder(options)
        arguments = PcBoot(folder, options.build, "baton probe", None, "end=reset mode=bench",
                           None).arguments()
        self.start(options, f"probe, {cpus} CPUs", folder, arguments, cpus)


def new_folder(options, name="machine"):
    """The folder of the next machine of that name."""
    return host.empty_folder(f"{options.build}/bench/vm/{name.strip('-')}")


def make_initrd(folder, kernel, programs, script):
    """The initramfs with guest/SCRIPT.sh as the test; its path."""
    path = f"{folder}/initrd.img"
    initramfs(path, kernel, {**programs, "timed.sh": f"{HERE}/guest/timed.sh"},
              scripts={script: f"{HERE}/guest/{script}.sh"})
    return path
