# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The demo: one machine, three stock kernels, and who had which CPU when.

What is the same on all machines; demo_machines.py has each of them, and tools/demo calls
it.  The table at the end, and the exit code, come from the counts that the resident keeps
(the BATN table), not from what the kernels believe.
"""

import os
import re
import time

from rig.kernels import Kernels
from rig.tap import NOISE, Tap, text_of

KERNELS = 3


class Demo:
    """One demo; run() returns the exit code."""

    cpus = ()  # those that the table is about, by their IDs
    id_name = ""
    limit = 300  # seconds, for each machine

    def __init__(self, options):
        self.options = options
        self.kernels = Kernels(options.kernels)
        self.start = time.monotonic()
        self.kernel = 0  # that runs, from 1
        self.release = {}  # kernel: its version
        self.batn = {}  # (kernel, "start" or "end"): {APIC ID: its record}
        self.tap, self.problems = Tap(), []

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
        self.follow(machine)
        self.check()
        self.table()
        return self.verdict(os.path.relpath(machine.folder))

    def follow(self, machine, name="the demo", is_over=lambda: False):
        """Take the machine's lines to their end, or to where it is over, and end it."""
        deadline = time.monotonic() + self.limit
        try:
            while not is_over() and (line := machine.read(deadline)) is not None:
                self.take(NOISE.sub("", line))
        except TimeoutError:
            self.problems.append(f"{name}: not at its end after {self.limit} s")
        finally:
            machine.stop()
        if not self.tap.is_complete():
            self.problems.append(f"{name}: the guest did not come to its end")

    def verdict(self, log):
        """Print it; the exit code."""
        print()
        if self.problems:
            for problem in self.problems:
                print(f"NOT PROVEN: {problem}")
            print(f"see {log}/serial.log")
            return 1
        print(f"All hand-overs of all CPUs are proven by BATN. "
              f"{time.monotonic() - self.start:.0f} s in all; {log}/serial.log has the details.")
        return 0

    def take(self, line):
        """Show what a line is about, and keep what it proves."""
        text = text_of(line)
        check = self.tap.take(text)
        if check and not check[1]:
            self.show(f"  {check[4] or ''}")
        elif match := re.match(r"@kernel (.*)", text):
            self.kernel += 1
            self.release[self.kernel] = match[1]
            self.show(f"kernel {self.kernel} runs: Linux {match[1]}")
        elif match := re.match(r"@batn (\w+) (.*)", text):
            record = dict(pair.split("=") for pair in match[2].split())
            step = self.batn.setdefault((self.kernel, match[1]), {})
            step[int(record["apic_id"])] = record
        elif check or text.startswith("Bail out!") or "Kernel panic" in text:
            self.problems.append(text)
            self.show(text)
        elif match := re.match(r"# (.*)", text):
            self.show(f"  {match[1]}")
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
        """Each count is what was to be."""
        for kernel in range(1, KERNELS + 1):
            for text, wanted, values in self.kernel_rows(kernel):
                if values != wanted:
                    self.problems.append(f"kernel {kernel}: {text}: {values}")

    def table(self):
        """Print the counts of all kernels."""
        for kernel in range(1, KERNELS + 1):
            release = self.release.get(kernel, "did not run")
            print(f"\nkernel {kernel}: {release}")
            print(f"  {f'CPU ({self.id_name})':36}" + "".join(f"{i:4}" for i in self.cpus))
            for text, _, values in self.kernel_rows(kernel):
                print(f"  {text:36}" + "".join(f"{'-' if value is None else value:>4}"
                                               for value in values))
