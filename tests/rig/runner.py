# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""All VM tests that were asked for: chosen by name, run side by side, added up.

Called by tests/vm/run.
"""

import concurrent.futures
import fnmatch
import glob
import os
import threading

from rig import host, results
from rig.errors import Misused
from rig.header import read_header
from rig.vmtest import FAILED, OK, SKIPPED, VmTest

FOR_A_PERSON = 10000  # factor on every time-out
LAST_LINES = 8  # of the serial log of a test that failed


def select(options):
    """The tests that the command line means, by their names or NAME@KERNEL."""
    tests = [test for path in sorted(glob.glob(f"{host.VM}/*.test"))
             for test in tests_of(path, options) if is_wanted(test, options)]
    if not tests:
        raise Misused(f"no such test: {' '.join(options.tests)}; --list names all")
    return tests


def tests_of(path, options):
    """A test file, once for each kernel that it names."""
    name, header = os.path.basename(path)[:-5], read_header(path)
    return [VmTest(name, kernel, header, options) for kernel in header["kernel"].split()]


def is_wanted(test, options):
    is_long = test.header["long"] == "yes"
    if not options.tests:
        return is_long if options.only_long else options.long or not is_long
    names = test.test, f"{test.test}@{test.kernel}", test.name
    return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in options.tests)


def wait_for_gdb(tests, options):
    """Have the one test start with its CPUs stopped, its kernel where it is linked."""
    if len(tests) != 1:
        raise Misused(f"--gdb takes one test on one kernel, not {len(tests)}: NAME@KERNEL")
    options.slow = FOR_A_PERSON
    tests[0].header["append"] += " nokaslr"
    print(f"{tests[0].name} waits; in gdb: target remote localhost:1234", flush=True)


def run_all(tests, options):
    """Run them, and write the totals; returns the exit code."""
    os.makedirs(f"{options.build}/vm", exist_ok=True)
    report = Report(len(tests))

    def one(test):
        try:
            test.run()
        except Exception as error:  # a broken rig must not look like a passed test
            test.result, test.why = FAILED, f"{type(error).__name__}: {error}"
        report.show(test)

    # The longest first, so that the last ones end together.
    tests.sort(key=lambda test: -float(test.header["timeout"]))
    pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
    try:
        for future in [pool.submit(one, test) for test in tests]:
            future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    numbers = [sum(test.result == result for test in tests) for result in (OK, FAILED, SKIPPED)]
    failures = [line for test in tests if test.result == FAILED for line in failure(test)]
    results.write(f"{options.build}/vm/results", *numbers, failures)
    print("{} passed, {} failed, {} skipped".format(*numbers))
    return 1 if numbers[1] else 0


def failure(test):
    """What is known of a test that failed: lines, the serial log's last ones among them."""
    lines = [f"failed: {test.name}", *(f"    {line.strip()}" for line in test.why.splitlines())]
    log = f"{test.folder}/serial.log"
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as f:
            last = [line.rstrip() for line in f if line.strip()][-LAST_LINES:]
        lines += [f"    {os.path.relpath(log)} ends:",
                  *(f"    | {''.join(c for c in line if c.isprintable())}" for line in last)]
    return lines


class Report:
    """One line for each test that has ended; called by several threads."""

    def __init__(self, count):
        self.count, self.finished, self.lock = count, 0, threading.Lock()

    def show(self, test):
        with self.lock:
            self.finished += 1
            line = f"[{self.finished:2}/{self.count}] {test.result:7} {test.name:32}"
            line += f" {test.why}" if test.result == SKIPPED else f" {test.seconds:6.1f} s"
            if test.result == FAILED:
                line += f"\n    {test.why}\n    see {os.path.relpath(test.folder)}/serial.log"
            print(line, flush=True)
