# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""One CPU of a machine that stops at an address, while the others go on, by QEMU's gdb stub.

GDB's remote serial protocol: the GDB manual, "Packets". Used by machine.py.
"""

import re
import socket
import threading

ANSWER_S = 30


class StalledCpu:
    """CPU @cpu of QEMU's, from when it comes to @address until let_go()."""

    def __init__(self, monitor, path, cpu, address):
        self.thread, self.address = cpu + 1, address
        monitor.ask("human-monitor-command",
                    **{"command-line": f"gdbserver unix:{path},server=on,wait=off"})
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(ANSWER_S)
        self.socket.connect(path)
        self.buffer = b""
        self._receive()  # that the machine has stopped, for the one who connects
        self._ask("qSupported:multiprocess+;vContSupported+")
        self.threads = self._threads()
        self._ask(f"Z1,{address:x},1")
        self._send("vCont;c")
        self.follower = threading.Thread(target=self._follow, daemon=True)
        self.follower.start()

    def let_go(self):
        """The CPU goes on, and nobody stops any more."""
        self.follower.join(ANSWER_S)
        self.socket.settimeout(ANSWER_S)
        self.socket.sendall(b"\x03")
        self._receive()
        self._ask("D;1")
        self.socket.close()

    def _threads(self):
        """The numbers of all CPUs, from 1; QEMU lists them in several packets."""
        found, answer = [], self._ask("qfThreadInfo")
        while answer != "l":
            found += [int(number, 16) for number in re.findall(r"p\d+\.([0-9a-f]+)", answer)]
            answer = self._ask("qsThreadInfo")
        return found

    def _follow(self):
        """Until the CPU is there; others that come to the address step over it."""
        self.socket.settimeout(None)
        while True:
            stopped = int(re.match(r"T\d\dthread:p\d+\.([0-9a-f]+)", self._receive())[1], 16)
            self._ask(f"z1,{self.address:x},1")
            if stopped == self.thread:
                break
            self._send(f"vCont;s:p1.{stopped:x}")
            self._receive()
            self._ask(f"Z1,{self.address:x},1")
            self._send("vCont;c")
        self._send("vCont;" + ";".join(f"c:p1.{thread:x}" for thread in self.threads
                                       if thread != self.thread))

    def _ask(self, text):
        self._send(text)
        return self._receive()

    def _send(self, text):
        self.socket.sendall(f"${text}#{sum(text.encode()) % 256:02x}".encode())

    def _receive(self):
        """The next packet's text; acknowledged."""
        while True:
            match = re.search(rb"\$([^#]*)#..", self.buffer)
            if match:
                self.buffer = self.buffer[match.end():]
                self.socket.sendall(b"+")
                return match[1].decode()
            data = self.socket.recv(4096)
            if not data:
                raise OSError("QEMU has ended")
            self.buffer += data
