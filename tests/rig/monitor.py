# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""QEMU's monitor, which speaks QMP (JSON) over a socket.

Used by machine.py.
"""

import json
import queue
import socket
import threading

ANSWER_S = 30


class Monitor:
    """The host's end of the socket; @theirs is QEMU's until start()."""

    def __init__(self, on_shutdown):
        """on_shutdown: called with the reason when the machine ends."""
        self.ours, self.theirs = socket.socketpair()
        self.answers = queue.Queue()
        self.on_shutdown = on_shutdown
        self.thread = threading.Thread(target=self._follow, daemon=True)

    def start(self):
        """Called once QEMU has its end."""
        self.theirs.close()
        self.thread.start()
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        """Give a command to QEMU; returns its answer, or the text of the error."""
        request = {"execute": command, "arguments": arguments}
        try:
            self.ours.sendall(json.dumps(request).encode() + b"\n")
            answer = self.answers.get(timeout=ANSWER_S)
        except (OSError, queue.Empty):
            return "QEMU does not answer"
        return answer["error"]["desc"] if "error" in answer else answer["return"]

    def wait_for_end(self):
        """Until QEMU has closed the socket: all of its events are known then."""
        self.thread.join()

    def close(self):
        self.ours.close()

    def _follow(self):
        try:
            for line in self.ours.makefile("r", encoding="utf-8"):
                message = json.loads(line)
                if "return" in message or "error" in message:
                    self.answers.put(message)
                elif message.get("event") == "SHUTDOWN":
                    self.on_shutdown(message["data"]["reason"])
        except OSError:
            pass
        self.answers.put({"error": {"desc": "QEMU has ended"}})
