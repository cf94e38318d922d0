# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The lines of a serial log: what a kernel puts before them, and the TAP among them.

Used by vmtest.py, demo.py and tests/e2e/run.
"""

import re

KERNEL_LINE = re.compile(r"^\[ *\d+\.\d+\](?:\[[^]]*\])? ?")
NOISE = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]")
CHECK = re.compile(r"(not )?ok (\d+)\b(?: - (?=(?:([a-z0-9-]+):)?)(.*))?")
PLAN = re.compile(r"1\.\.(\d+)$")
# What a kernel reports of itself.
TROUBLE = re.compile(r"\bOops: |kernel BUG at|BUG: unable|\bWARNING: CPU: |BUG: soft lockup")


def text_of(line):
    """The line without the kernel's time stamp."""
    return KERNEL_LINE.sub("", line)


class Tap:
    """The results that a guest, or the probe, prints."""

    def __init__(self, findings=()):
        """findings: names of checks that shall fail."""
        self.wanted = set(findings)
        self.findings = set(findings)  # that have not failed yet
        self.done, self.planned = 0, None
        self.failed, self.bailed = [], None
        self.last = "none"

    def take(self, text):
        """Look at a line; returns the match of CHECK if it is the result of a check."""
        if check := CHECK.match(text):
            self._take_check(check, text)
            return check
        if plan := PLAN.match(text):
            self.planned = int(plan[1])
        elif text.startswith("Bail out!"):
            self.bailed = text
        elif "Kernel panic" in text and not self.bailed:
            self.bailed = text
        return None

    def _take_check(self, check, text):
        self.last = text
        number, name = int(check[2]), check[3]
        if number == 1 and self.planned == self.done:
            self.done, self.planned = 0, None  # the guest's, after the probe's
        self.done += 1
        found = check[1] and name in self.wanted
        if found:
            self.findings.discard(name)
        if check[1] and not found or number != self.done:
            self.failed.append(text)

    def is_complete(self):
        """All checks that were announced were done, and there were some."""
        return bool(self.planned) and self.planned == self.done
