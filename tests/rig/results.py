# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The totals of a test program, as tests/summary adds them up."""


def write(path, passed, failed, skipped):
    """Called at the end by tests/vm/run and tests/e2e/run."""
    with open(path, "w", encoding="ascii") as f:
        print(passed, failed, skipped, file=f)
