# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A machine's serial line: kept in a file, and given line by line to whoever waits for it.

Used by machine.py.
"""

import fcntl
import os
import queue
import threading
import time

PIPE_SIZE = 1 << 20
LONGEST = 4096


class SerialLog:
    """The host's end of the line; @sink is QEMU's until start()."""

    def __init__(self, path, before_end):
        """before_end: called when QEMU has closed the line, before the reader sees its end."""
        self.file = open(path, "wb")
        self.lines = queue.Queue()
        self.before_end = before_end
        # QEMU drops what a slow reader leaves no room for; a socket has room for
        # a few hundred single bytes only.
        self.source, self.sink = os.pipe()
        fcntl.fcntl(self.sink, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        self.thread = threading.Thread(target=self._follow, daemon=True)

    def start(self):
        """Called once QEMU has the sink."""
        os.close(self.sink)
        self.thread.start()

    def note(self, text):
        """Write a line of the rig's own to the file, but not to the reader."""
        self.file.write(f"{text}\n".encode())

    def put(self, line):
        """Give a line to the reader, as if the machine had written it."""
        self.lines.put(line)

    def read(self, deadline):
        """The next line; None at the end; TimeoutError when none comes until the deadline."""
        try:
            return self.lines.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None

    def is_empty(self):
        """The reader has all that has come."""
        return self.lines.empty()

    def close(self):
        """Called when QEMU has ended."""
        self.thread.join()
        os.close(self.source)
        self.file.close()

    def _follow(self):
        rest = b""
        while data := os.read(self.source, 65536):
            self.file.write(data)
            self.file.flush()
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self.put(line.decode(errors="replace").rstrip("\r"))
            # What is drawn on a screen may have no line ends for long.
            if len(rest) > LONGEST:
                self.put(rest.decode(errors="replace"))
                rest = b""
        if rest:
            self.put(rest.decode(errors="replace"))
        self.before_end()
        self.lines.put(None)
