# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A machine: QEMU with its serial line and its monitor.

The kinds of machines are in pc.py and boards.py; each says how QEMU's command line begins.
Started and followed by vmtest.py, demo.py, tests/e2e/run, tests/vm/check-firmware and bench/.
"""

import json
import re
import shlex
import subprocess
import threading

from rig import host
from rig.monitor import Monitor
from rig.screen import read_picture
from rig.serial import SerialLog
from rig.stall import StalledCpu

live = set()  # the QEMU processes that run


def kill_all():
    """End all machines at once: the program was interrupted, or ends."""
    for process in list(live):
        process.kill()
        process.wait()


def qemu_version(program="qemu-system-x86_64"):
    """The first number of QEMU's version."""
    return int(re.search(r"version (\d+)", host.call(program, "--version")).group(1))


def disk(name, image, index):
    """QEMU's arguments for a disk, which is the firmware's choice number index."""
    return ["-drive", f"if=none,id={name},format=raw,cache=unsafe,file={image}",
            "-device", f"virtio-blk-pci,drive={name},bootindex={index}"]


class Machine:
    """QEMU, running from the start; stop() must be called.

    Its files are in the folder: serial.log, qemu.log, and qemu.sh, which starts it once more.
    """

    serials = ["-serial", "chardev:serial"]
    stalled = None  # a StalledCpu
    over = None  # what the guest writes last, if it can't end the machine
    since = 0  # the first version of QEMU that has it

    def __init__(self, folder, arguments, accel="tcg", cpu="max", memory=1024, smp="1",
                 secure_boot=False, reboot=False, bios=False):
        self.folder = folder
        self.monitor = Monitor(lambda reason: self.serial.put(f"@qemu {reason}"))
        self.serial = SerialLog(f"{folder}/serial.log", self.monitor.wait_for_end)
        command = self.command(accel, cpu, memory, smp, secure_boot, bios) + [
            "-display", "none", "-chardev", "stdio,id=serial,signal=off", *self.serials,
            "-chardev", f"socket,id=qmp,fd={self.monitor.theirs.fileno()}",
            "-mon", "chardev=qmp,mode=control",
            *([] if reboot else ["-no-reboot"]), *arguments]
        with open(f"{folder}/qemu.sh", "w", encoding="utf-8") as f:
            f.write(" \\\n\t".join(shlex.quote(word) for word in command) + "\n")
        self.process = self._start(command)
        self.serial.start()
        self.monitor.start()

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        """QEMU's command line, as far as the kind of machine decides about it."""
        raise NotImplementedError

    def _start(self, command):
        with open(f"{self.folder}/qemu.log", "wb") as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=self.serial.sink, stderr=errors,
                pass_fds=(self.monitor.theirs.fileno(),), start_new_session=True)
        live.add(process)
        return process

    def read(self, deadline):
        """The next line of the serial log; None at the end; TimeoutError when late."""
        return self.serial.read(deadline)

    def request(self, text):
        """Do what a guest asked for by "@host ...": see tests/vm/run --help."""
        command, _, rest = text.partition(" ")
        if command == "after":
            seconds, _, rest = rest.partition(" ")
            timer = threading.Timer(float(seconds), self.request, (rest,))
            timer.daemon = True
            timer.start()
            return {}
        if command == "hmp":
            return self.monitor.ask("human-monitor-command", **{"command-line": rest})
        if command == "plug-cpus":
            return self.plug_cpus()
        if command == "stall-cpu":
            cpu, address = rest.split()
            self.stalled = StalledCpu(self.monitor, f"{self.folder}/gdb", int(cpu), int(address, 0))
            return {}
        if command == "let-cpu-go":
            self.stalled.let_go()
            return {}
        return self.monitor.ask(command, **(json.loads(rest) if rest else {}))

    def plug_cpus(self):
        """Add the CPUs that the machine has sockets for but not yet; returns QEMU's answers."""
        return [self.monitor.ask("device_add", driver=cpu["type"], **cpu["props"])
                for cpu in reversed(self.monitor.ask("query-hotpluggable-cpus"))
                if "qom-path" not in cpu]

    def screen(self):
        """The lines that the probe has written on the screen."""
        picture = f"{self.folder}/screen.ppm"
        answer = self.monitor.ask("screendump", filename=picture)
        return read_picture(picture) if answer == {} else [answer]

    def stop(self):
        """End QEMU; returns its exit code, or None if it still ran."""
        try:
            code = self.process.wait(timeout=0.5 if self.serial.is_empty() else 0)
        except subprocess.TimeoutExpired:
            code = None
            self.process.kill()
            self.process.wait()
        live.discard(self.process)
        self.serial.close()
        self.monitor.close()
        return code
