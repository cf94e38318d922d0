#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The serial line: which lines the reader gets, and when it ends."""

import os
import sys
import time

sys.dont_write_bytecode = True
sys.path[0] += "/.."
from rig.checks import main
from rig.serial import LONGEST, SerialLog

WAIT_S = 20


def lines_of(folder, data, before_end=lambda log: None):
    """All lines of a machine that writes this; the last one is None."""
    log = SerialLog(f"{folder}/log", lambda: before_end(log))
    qemu = os.dup(log.sink)
    log.start()
    os.write(qemu, data)
    os.close(qemu)
    lines = []
    while not lines or lines[-1] is not None:
        lines.append(log.read(time.monotonic() + WAIT_S))
    log.note("@rig was here")
    log.close()
    return lines


def test_lines(folder):
    """lines without their ends, the last one even if it has none"""
    assert lines_of(folder, b"one\r\n\r\ntwo\nthr\xffee") == ["one", "", "two", "thr\ufffdee", None]


def test_file(folder):
    """the file has each byte, and the rig's own lines"""
    lines_of(folder, b"\r\none\xff\r\n")
    with open(f"{folder}/log", "rb") as f:
        assert f.read() == b"\r\none\xff\r\n@rig was here\n"


def test_long(folder):
    """what has no line ends for long is not waited for"""
    log = SerialLog(f"{folder}/log", lambda: None)
    qemu = os.dup(log.sink)
    log.start()
    os.write(qemu, b"x" * (LONGEST + 1))
    assert log.read(time.monotonic() + WAIT_S) == "x" * (LONGEST + 1)
    os.close(qemu)
    log.close()


def test_end(folder):
    """what the monitor reports at the end comes before the end"""
    assert lines_of(folder, b"one\n", lambda log: log.put("@qemu guest-reset")) == \
        ["one", "@qemu guest-reset", None]


def test_late(folder):
    """no line until the deadline"""
    log = SerialLog(f"{folder}/log", lambda: None)
    qemu = os.dup(log.sink)
    log.start()
    start = time.monotonic()
    try:
        log.read(time.monotonic() + 0.1)
        raise AssertionError("there was a line")
    except TimeoutError:
        assert time.monotonic() - start < WAIT_S
    os.close(qemu)
    log.close()


if __name__ == "__main__":
    main()
