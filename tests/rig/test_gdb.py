#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""tests/vm/run --gdb: which tests it takes, and what it changes about them."""

import contextlib
import io
import sys
from types import SimpleNamespace

sys.dont_write_bytecode = True
sys.path[0] += "/.."
from rig import runner
from rig.checks import has, main
from rig.errors import Misused


def prepare(*names):
    """What the tests are like, the options, and what is printed."""
    tests = [SimpleNamespace(name=name, header={"append": "quiet"}) for name in names]
    options = SimpleNamespace(slow=1)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        runner.wait_for_gdb(tests, options)
    return tests, options, printed.getvalue()


def test_one():
    """one test gets hours, a kernel that is not moved, and a line for the person"""
    (test,), options, printed = prepare("boot-4@6.12")
    assert test.header["append"].split() == ["quiet", "nokaslr"], test.header
    assert options.slow >= 1000, options.slow
    has(printed, "boot-4@6.12", "target remote localhost:1234")


def test_several():
    """several tests are refused: they would wait at the same port"""
    try:
        prepare("boot-2@6.12", "boot-2@6.1")
    except Misused as error:
        has(str(error), "--gdb", "not 2", "NAME@KERNEL")
    else:
        raise AssertionError("not refused")


if __name__ == "__main__":
    main()
