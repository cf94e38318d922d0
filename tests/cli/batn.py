# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""BATN tables made by hand: docs/contract.md, section 9, written down once more."""

import struct

MISSING, COLLECTING, HELD, RELEASED, FAILED = range(5)
RETURN, RELEASE, KEPT, TEST, FAIL, COLLECTED = range(1, 7)
AREA = 0x3f72a000
MASK = (1 << 64) - 1


def count(value):
    return value | (~value & 0xffffffff) << 32


def check(sequence, time, vector, what):
    spread = 0x9e3779b97f4a7c15
    total = sequence * spread & MASK
    total = (total ^ time) * spread & MASK
    total = (total ^ total >> 32 ^ vector) * spread & MASK
    total = (total ^ total >> 32 ^ what) * spread & MASK
    return total >> 32


def entry(sequence, time, cpu, event, vector=0, nmis=0, machine_checks=0):
    what = cpu | event << 32 | nmis << 40 | machine_checks << 52
    return struct.pack("<8Q", count(sequence), time, ~time & MASK, vector, ~vector & MASK, what,
                       ~what & MASK, count(check(sequence, time, vector, what)))


EMPTY = struct.pack("<8Q", count(0), 0, MASK, 0, MASK, 0, MASK, count(0))


class Batn:
    """A machine with CPUs 0 to @cpus - 1, of which 0 ran the stage; TSC at 1000 per us."""

    def __init__(self, cpus, room=None, tsc_per_us=1000, record_size=128,
                 mailbox=AREA + 0x1000):
        self.cpus, self.room = cpus, room or 64 + 4 * cpus
        self.tsc_per_us, self.record_size = tsc_per_us, record_size
        self.mailbox = mailbox  # 0: PSCI
        self.state = [RELEASED] + [COLLECTING] * (cpus - 1)
        self.returns, self.releases, self.tests = [0] * cpus, [0] * cpus, [0] * cpus
        self.events, self.now = [], 5_000_000

    def add(self, event, cpu, after_us=10, vector=None, **more):
        self.now += after_us * 1000
        if event == RELEASE:
            self.state[cpu], vector = RELEASED, 0x9a100 if vector is None else vector
            self.releases[cpu] += 1
        elif event == RETURN:
            self.state[cpu] = HELD
            self.returns[cpu] += 1
        elif event == TEST:
            self.tests[cpu] += 1
        elif event == FAIL:
            self.state[cpu] = FAILED
        self.events.append((self.now, cpu, event, vector or 0, more))
        return self

    # What happens to a machine, in words.

    def collect(self, cpus=None):
        cpus = list(cpus or range(1, self.cpus))
        for event, vector in ((RETURN, 0), (TEST, 0), (COLLECTED, 1)):
            for cpu in cpus:
                self.add(event, cpu, vector=vector)
        return self

    def boot(self, cpus=None, after_us=800_000, vector=0x9a100):
        for cpu in cpus or range(1, self.cpus):
            self.add(RELEASE, cpu, after_us, vector)
            after_us = 1500
        return self

    def offline(self, cpu, after_us=300_000):
        return self.add(RETURN, cpu, after_us).add(TEST, cpu, 200)

    def online(self, cpu, after_us=50_000):
        return self.add(RELEASE, cpu, after_us)

    def leave(self, cpus=None, late=None):
        """What Linux does for kexec: all go, and nobody asks."""
        after_us = 2_000_000
        for cpu in cpus or [c for c in range(1, self.cpus) if self.state[c] == RELEASED]:
            self.add(RETURN, cpu, 9000 if cpu == late else after_us)
            after_us = 60
        return self

    def bytes(self, torn=(), lost=(), checksum=0):
        """The table; the entries with these sequences are torn, or another's."""
        ledger = [EMPTY] * self.room
        for i, (time, cpu, event, vector, more) in enumerate(self.events):
            one = entry(i + 1, time, cpu, event, vector, **more)
            if i + 1 in torn:
                one = one[:20] + bytes(8) + one[28:]
            if i + 1 in lost:
                one = entry(i + 1 + self.room, time, cpu, event, vector, **more)
            ledger[i % self.room] = one
        records = b""
        for cpu in range(self.cpus):
            counts = [self.state[cpu], self.releases[cpu], self.returns[cpu], self.tests[cpu],
                      0, 0, 0, 0, 0, self.tsc_per_us, 1 if cpu else 0]
            counts += [0] * ((self.record_size - 8) // 8 - len(counts))
            records += struct.pack("<II", cpu, cpu) + b"".join(
                struct.pack("<Q", count(value)) for value in counts)
        body = records + b"".join(ledger)
        header = struct.pack(
            "<4sIBB6s8sI4sI", b"BATN", 128 + len(body), 1, 0, b"BATON ", b"RESIDENT", 1, b"BATN", 1)
        fixed = struct.pack(
            "<HHQIIIIQIIIIQQQQQ", 1, self.record_size, AREA, 0x11000, self.cpus, 0, 2,
            count(self.state.count(HELD)), self.cpus - 1, 0, 6000, 2000, self.mailbox,
            AREA + 0x2000, 1 << 32, count(2), count(len(self.events)))
        data = bytearray(header + fixed + body)
        data[9] = (checksum - sum(data)) & 255
        return bytes(data)
