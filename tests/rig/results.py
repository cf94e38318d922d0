# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The totals of a test program, as tests/summary adds them up, and what it repeats."""


def write(path, passed, failed, skipped, failures=()):
    """Called at the end by tests/vm/run and tests/e2e/run.

    failures: lines about the tests that failed.
    """
    with open(path, "w", encoding="utf-8") as f:
        print(passed, failed, skipped, file=f)
        f.writelines(f"{line}\n" for line in failures)
