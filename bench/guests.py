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


class Guest:
    """A machine that runs guest/NAME.sh, started as one of WAYS."""

    # What is booted, from which baton.efi, with which further line of baton.conf.
    WAYS = {
        "stock": ("stock", "", ""),
        "baton": ("baton", "", ""),
        "pause": ("baton", "", "wait pause"),
        "usual": ("baton", "/bench", "wait pause"),
    }

    def __init__(self, options, script, way, cpus, append="", arg=""):
        boot, build, conf_line = self.WAYS[way]
        folder = new_folder(options)
        vmlinuz = Kernels(options.kernels).path(X86_64, KERNEL)
        initrd = make_initrd(folder, vmlinuz, pc_programs(options.build, script == "prove"), script)
        line = command_line(pc.COMMAND_LINE, script, arg, every=append)
        conf = f"linux /vmlinuz\ninitrd /initrd.img\noptions {line}\n{conf_line}"
        # The file instead of the text, since that would become "verbose": it takes time.
        arguments = PcBoot(folder, options.build + build, boot, vmlinuz, line, initrd,
                           files={"EFI/BOOT/baton.conf": conf.encode()}
                           if boot == "baton" else {}).arguments()
        self.start(options, f"{script}, {way}, {cpus} CPUs", folder, arguments, cpus)

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

    def host_cpu(self):
        """Of each thread of the emulator, the seconds that it had a core and waited for one."""
        times = {}
        for path in glob.glob(f"/proc/{self.machine.process.pid}/task/*/schedstat"):
            with open(path, encoding="ascii") as f:
                times[path] = [int(ns) / 1e9 for ns in f.read().split()[:2]]
        if not times:
            raise Broken("the host's kernel has no /proc/PID/schedstat to measure by")
        return times


class Chain(Guest):
    """A BIOS machine that runs guest/kexec.sh: a stock kernel, and the others after it."""

    def __init__(self, options, cpus, kernels):  # pylint: disable=super-init-not-called
        folder = new_folder(options)
        vmlinuz = Kernels(options.kernels).path(X86_64, KERNEL)
        wrapped = f"{folder}/vmlinuz-wrapped"
        host.call(f"{options.build}/baton", "wrap", vmlinuz, "-o", wrapped)
        initrd = make_initrd(folder, vmlinuz, pc_programs(options.build), "kexec",
                             [("wrapped", wrapped)])
        line = command_line(pc.COMMAND_LINE, "kexec", kernels)
        self.start(options, f"kexec, {kernels}, {cpus} CPUs", folder,
                   ["-kernel", vmlinuz, "-initrd", initrd, "-append", line], cpus,
                   bios=True)

    def hop(self):
        """To the next kernel: ms from line to line, and the match of what its stage said."""
        self.deadline = time.monotonic() + self.timeout
        self.wait_for("@bench leaving")
        start = time.monotonic()
        found = self.wait_for(r"prepared in (\d+) us, collected in (\d+) us|@bench arrived")
        stage_us = found[1] and (int(found[1]), int(found[2]))
        if stage_us:
            self.wait_for("@bench arrived")
        return (time.monotonic() - start) * 1000, stage_us


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


def new_folder(options):
    """The folder of the next machine."""
    return host.empty_folder(f"{options.build}/bench/vm")


def make_initrd(folder, kernel, programs, script, more=()):
    """The initramfs with guest/SCRIPT.sh as the test; its path."""
    path = f"{folder}/initrd.img"
    initramfs(path, kernel, {**programs, "timed.sh": f"{HERE}/guest/timed.sh"}, more=more,
              scripts={script: f"{HERE}/guest/{script}.sh"})
    return path
