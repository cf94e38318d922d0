#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""TAP from a serial log: what makes a test pass, and what does not."""

import sys

sys.dont_write_bytecode = True
sys.path[0] += "/.."
from rig.checks import main
from rig.tap import TROUBLE, Tap, text_of


def taken(*lines, findings=()):
    tap = Tap(findings)
    for line in lines:
        tap.take(line)
    return tap


def test_complete():
    """all that was announced was done"""
    assert taken("ok 1 - a", "ok 2 - b", "1..2").is_complete()
    for lines in ((), ("1..0",), ("ok 1 - a",), ("ok 1 - a", "1..2"), ("ok 1", "ok 2", "1..1")):
        assert not taken(*lines).is_complete(), lines


def test_failed():
    """a check that fails, and a number that is not the next one"""
    assert taken("not ok 1 - a").failed == ["not ok 1 - a"]
    assert taken("ok 1 - a", "ok 3 - c").failed == ["ok 3 - c"]
    assert taken("ok 1 - a", "ok 2 - b").failed == []


def test_finding():
    """a finding of the probe has to fail, and nothing else may"""
    tap = taken("not ok 1 - late: it came late", "not ok 2 - other: so", findings=("late", "gone"))
    assert tap.failed == ["not ok 2 - other: so"] and tap.findings == {"gone"}


def test_second():
    """the guest's checks begin anew after those of the probe, once these are complete"""
    tap = taken("ok 1 - a", "1..1", "ok 1 - b", "ok 2 - c")
    assert not tap.failed and tap.done == 2 and not tap.is_complete()
    assert taken("ok 1 - a", "1..2", "ok 1 - b").failed == ["ok 1 - b"]


def test_bailed():
    """the first reason to give up is kept: a panic, or "Bail out!\""""
    assert taken("Bail out! x", "Kernel panic - y").bailed == "Bail out! x"
    assert taken("Kernel panic - y").bailed == "Kernel panic - y"


def test_check():
    """a check has its whole text, with a name before a colon or without"""
    assert Tap().take("ok 1 - late: it came")[4] == "late: it came"
    assert Tap().take("ok 1")[4] is None
    assert Tap().take("1..2") is None


def test_lines():
    """kernels' time stamps go away; a kernel's bugs are seen"""
    assert text_of("[    1.234567][    T1] ok 1 - a") == "ok 1 - a"
    assert text_of("[   12.345678] ok 1 - a") == "ok 1 - a"
    assert text_of("ok 1 - a") == "ok 1 - a"
    assert TROUBLE.search("[ 1.0] WARNING: CPU: 1 PID: 2") and not TROUBLE.search("WARNING: x")


if __name__ == "__main__":
    main()
