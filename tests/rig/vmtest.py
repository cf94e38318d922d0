# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""One VM test on one kernel: what its machine boots from, what it prints, whether it passes.

Made and run by runner.py.
"""

import os
import re
import shlex
import time

from rig import host, nested, pc, tdx
from rig.arm64_guest import arm64_programs
from rig.bios_boot import bios_grub, bios_pxe
from rig.boards import BARE, BOARDS, COMMAND_LINE, Kernel
from rig.errors import Unavailable
from rig.initramfs import command_line, initramfs, pc_programs, systemd_programs
from rig.kernels import ARM64, X86_64
from rig.machine import qemu_version
from rig.pc_boot import PcBoot
from rig.tap import TROUBLE, Tap, text_of
from rig.wrap import break_stage, snakeoil_key, wrap

OK, FAILED, SKIPPED = "ok", "FAILED", "skipped"
GDB = ["-gdb", "tcp:localhost:1234", "-S"]  # all CPUs stopped until gdb lets them go
QEMU = {X86_64: "qemu-system-x86_64", ARM64: "qemu-system-aarch64"}
NO_KERNEL = "probe"  # a "next" that is no Linux


class VmTest:
    """A test; after run(), result is OK, FAILED or SKIPPED, and why has the reasons."""

    def __init__(self, name, kernel, header, options):
        """kernel: a series of the header; options: of tests/vm/run, with kernels (Kernels)."""
        self.arch = X86_64 if header["machine"] in ("pc", "nested", "tdx") else ARM64
        self.name = f"{name}@{options.kernels.label(self.arch, kernel)}"
        self.test, self.kernel, self.header, self.options = name, kernel, header, options
        self.folder = os.path.abspath(f"{options.build}/vm/{self.name}")
        self.boot = header["boot"].replace("baton", "stock") if options.stock else header["boot"]
        self.result, self.why, self.seconds = "", "", 0
        self.made = {}  # version: the kernel's file
        self.tap = Tap(header["finding"])
        self.last_line, self.seen_until = "none", False
        self.missing = set(header["expect"])
        self.unwanted = []

    def run(self):
        """Run it; skipped if something is not here."""
        start = time.monotonic()
        try:
            machine = self.start()
        except Unavailable as error:
            self.result, self.why = SKIPPED, str(error)
            return
        try:
            late = self.follow(machine)
        finally:
            code = machine.stop()
        self.seconds = time.monotonic() - start
        self.judge(late, code)
        if self.result == OK and not self.options.keep:
            self.remove_images()

    # What the machine boots from.

    def start(self):
        """Write all that the machine needs, and start it."""
        if reason := self.options.kernels.why_not(self.arch, self.kernel.partition("-")[0]):
            raise Unavailable(reason)
        self.check_qemu()
        host.empty_folder(self.folder)
        arguments = self.arguments() + (GDB if self.options.gdb else [])
        return self.kind()(
            self.folder, arguments, accel=self.options.accel, cpu=self.header["cpu"],
            memory=self.header["memory"], smp=self.header["cpus"],
            secure_boot=self.header["secure-boot"] != "no", bios=self.is_bios(),
            reboot=self.header["reboot"] == "yes")

    def check_qemu(self):
        """Is it new enough?"""
        wanted = max(int(self.header["qemu-version"]), self.kind().since)
        found = qemu_version(QEMU[self.arch])
        if found < wanted:
            raise Unavailable(f"needs QEMU {wanted} or newer; this is {found}")

    def kind(self):
        """The class of the machine."""
        if self.is_nested():
            return nested.Nested
        if self.is_tdx():
            return tdx.Tdx
        return BOARDS[self.header["machine"]] if self.arch == ARM64 else pc.Pc

    def arguments(self):
        """QEMU's arguments for what it boots from."""
        if self.arch == ARM64:
            return self.board_arguments() + self.more_arguments()
        if self.is_nested():
            return nested.boot(
                self.folder, self.options.kernels, self.vmlinuz(self.kernel),
                self.make_initrd(self.programs), self.command_line(),
                ["-smp", self.header["cpus"], "-m", self.header["memory"],
                 *self.more_arguments()])
        if self.is_tdx():
            return [*tdx.rom(self.options.build, self.header["ovmf"]), *self.pc_arguments(),
                    *self.more_arguments()]
        if self.is_bios() and self.boot in ("stock grub", "stock pxe"):
            make = bios_grub if self.boot == "stock grub" else bios_pxe
            return make(self.folder, self.vmlinuz(self.kernel), self.make_initrd(self.programs),
                        self.command_line())
        return self.pc_arguments() + self.more_arguments()

    def pc_arguments(self):
        """The same for a PC with UEFI, or one that QEMU loads the kernel for."""
        kernel, line, header = self.vmlinuz(self.kernel), self.command_line(), self.header
        if "probe" in self.boot:
            options = f"end=reset {header['probe']}"
        else:
            options = line
        return PcBoot(
            self.folder, self.options.build, self.boot, kernel, self.filled(options, line),
            self.make_initrd(self.programs),
            conf=self.filled("\n".join(header["conf"]), self.filled(options, line)),
            files=dict(self.esp_file(each, kernel, line) for each in header["file"]),
            badfw=self.filled(header["badfw"].replace("%n", "\n"), self.filled(options, line)),
            fallback=header["fallback"] == "yes", secure_boot=header["secure-boot"],
            firmware=header["firmware"]).arguments()

    def board_arguments(self):
        """The same for an arm64 board."""
        bare = self.boot.split()[-1] in BARE
        line = self.header["probe"] if bare else self.board_command_line()
        return self.kind().boot(Kernel(
            self.folder, self.options.build, self.boot, self.options.kernels, self.kernel, line,
            initrd=None if bare else self.make_initrd(arm64_programs, self.options.kernels.cache),
            wrap_options=self.header["wrap"].split(), edits=self.header["fdtput"]))

    def command_line(self):
        """The kernel's command line on a PC."""
        if self.boot in ("stock memtest", "baton memtest"):
            return "console=ttyS0,115200"
        return command_line(pc.COMMAND_LINE, self.test, self.header["arg"],
                            append=self.header["append"])

    def board_command_line(self):
        """The kernel's command line on a board, which its firmware reads, too."""
        firmware = [f"firmware={word}" for word in self.header["firmware"].split()]
        return command_line(f"{COMMAND_LINE} {self.kind().console}", self.test,
                            self.header["arg"],
                            append=" ".join([*firmware, self.header["append"]]).strip())

    def more_arguments(self):
        return [word for line in self.header["qemu"] for word in shlex.split(line)]

    def programs(self, build, command):
        """What a PC's guest is made of."""
        files = pc_programs(build, command=command)
        files.update(nested.modules(self.options.kernels, *self.header["modules"].split()))
        if self.is_tdx():
            files.update(tdx.programs(build))
        if self.header["kvm"] == "yes":
            files.update(nested.programs(self.options.kernels))
        if self.header["systemd"] == "yes":
            files.update(systemd_programs())
        return files

    def is_nested(self):
        return self.header["machine"] == "nested"

    def is_tdx(self):
        return self.header["machine"] == "tdx"

    def is_bios(self):
        return self.header["bios"] == "yes"

    def vmlinuz(self, version):
        """The file of a kernel, or of what is made of it, once."""
        if version not in self.made:
            self.made[version] = self.make_kernel(version)
        return self.made[version]

    def make_kernel(self, version):
        """The same each time."""
        if version == NO_KERNEL:
            return os.path.abspath(f"{self.options.build}/probe.efi")
        series, _, made = version.partition("-")
        path = self.options.kernels.path(self.arch, series)
        if not made:
            return path
        key = snakeoil_key(self.folder) if made == "signed" else None
        wrapped = wrap(path, f"{self.folder}/vmlinuz-{self.arch}-{version}", self.options.build,
                       key)
        return break_stage(wrapped, self.options.build) if made == "broken" else wrapped

    def next_kernels(self):
        """The further kernels of the guest."""
        return self.header["next"].replace("same", self.kernel.partition("-")[0]).split()

    def make_initrd(self, programs, *where):
        """Write the initramfs with all kernels of the test; returns its path."""
        path, versions = f"{self.folder}/initrd.img", self.next_kernels()
        series = [version.partition("-")[0] for version in [self.kernel, *versions]
                  if version != NO_KERNEL]
        initramfs(path, self.vmlinuz(self.kernel),
                  programs(self.options.build, *where, command=self.header["command"] == "yes"),
                  self.options.kernels.guest_list(self.arch, series),
                  [(version, self.vmlinuz(version)) for version in versions])
        return path

    def esp_file(self, line, kernel, kernel_line):
        """A "file" of the header: its path on the ESP, and a file on the host, or bytes."""
        path, source = line.split("=", 1)
        source = source.replace("{build}", self.options.build).replace("{kernel}", kernel)
        if source.startswith("text="):
            source = self.filled(source[5:].replace("%n", "\n"), kernel_line).encode()
        return path, source

    @staticmethod
    def filled(text, kernel_line):
        return text.replace("%s", kernel_line)

    # What it prints.

    def follow(self, machine):
        """Read the serial log to its end; the time-out in seconds if it struck."""
        seconds = float(self.header["timeout"]) * self.options.slow
        deadline = time.monotonic() + seconds
        try:
            while (line := machine.read(deadline)) is not None:
                self.take(machine, line)
                if self.seen_until and not self.missing:
                    self.look_at_screen(machine)
                    break
                if self.is_last(machine, line):
                    break
        except TimeoutError:
            return seconds
        return None

    def take(self, machine, line):
        """Look at one line of the serial log."""
        if self.options.verbose:
            print(f"{self.name}: {line}", flush=True)
        if line.strip():
            self.last_line = line
        self.missing = {regex for regex in self.missing if not re.search(regex, line)}
        self.unwanted += [regex for regex in self.header["expect-not"] if re.search(regex, line)]
        if TROUBLE.search(line):
            self.unwanted.append(line)
        until = self.header["until"]
        self.seen_until |= bool(until and re.search(until, line))
        text = text_of(line)
        if text.startswith("@host "):
            answer = machine.request(text[6:])
            if answer not in ({}, ""):
                machine.serial.note(f"@guest {answer}")
        else:
            self.tap.take(text)

    def is_last(self, machine, line):
        """The guest has ended, and nobody switches the board off for it."""
        alone = self.header["boot"] == "stock" or "--spin-table" in self.header["wrap"]
        return machine.over and machine.over in line or alone and "System halted" in line

    def look_at_screen(self, machine):
        """The header's lines have to be on the screen when the machine is ended."""
        lines = machine.screen() if self.header["screen"] else []
        for line in lines:
            machine.serial.note(f"@screen {line}")
        self.missing |= {f"on the screen: {regex}" for regex in self.header["screen"]
                         if not any(re.search(regex, line) for line in lines)}

    # Whether it passes.

    def judge(self, late, code):
        """late: the time-out, if it struck; code: QEMU's exit code."""
        problems = list(self.tap.failed)
        if late:
            problems.append(f"timed out after {late:g} s")
        if code:
            problems.append(f"QEMU ended with exit code {code}: see qemu.log")
        complete = self.tap.is_complete()
        if not (self.header["until"] or complete or self.header["finding"] and self.tap.bailed):
            problems.append(self.tap.bailed or "the test did not come to its end")
            problems.append(f"last result: {self.tap.last}")
            problems.append(f"last line: {self.last_line}")
        problems += [f"not found by the probe: {name}" for name in self.tap.findings]
        problems += [f"not seen: {regex}" for regex in self.missing]
        problems += [f"seen: {regex}" for regex in self.unwanted]
        self.result = FAILED if problems else OK
        self.why = "\n    ".join(problems)

    def remove_images(self):
        """Leave the logs alone in the folder."""
        for name in os.listdir(self.folder):
            if not name.endswith((".log", ".sh")):
                os.unlink(f"{self.folder}/{name}")
