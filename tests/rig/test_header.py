#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The header of a test: what is read, and what is refused."""

import glob
import sys

sys.dont_write_bytecode = True
sys.path[0] += "/.."
from rig import host
from rig.checks import has, main
from rig.errors import Misused
from rig.header import KEYS, SEVERAL, read_header


def header(folder, *lines):
    path = f"{folder}/some.test"
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
    return read_header(path)


def refused(folder, *lines):
    try:
        header(folder, *lines)
    except Misused as error:
        return str(error)
    raise AssertionError(f"not refused: {lines}")


def test_defaults(folder):
    """a test without keys gets the defaults, and text is no key"""
    got = header(folder, "# Some text: more text.", "#", "echo")
    assert got == {key.name: [] if key.default is SEVERAL else key.default for key in KEYS}, got


def test_values(folder):
    """values, with what looks like another key in them"""
    got = header(folder, "# cpus: 3,maxcpus=4", "# boot:   stock grub ", "# append: a: b")
    assert (got["cpus"], got["boot"], got["append"]) == ("3,maxcpus=4", "stock grub", "a: b")


def test_several(folder):
    """a key that stands several times keeps all values in their order"""
    assert header(folder, "# expect: b", "# expect: a")["expect"] == ["b", "a"]
    assert header(folder)["expect"] == [], "one test's values are in another's"


def test_end(folder):
    """the header ends at the first line that is no comment"""
    assert header(folder, "# cpus: 2", "", "# cpus: 3")["cpus"] == "2"


def test_refused(folder):
    """a wrong key, and one that stands twice, are refused, with file and line"""
    has(refused(folder, "# SPDX-License-Identifier: X", "# cpu-s: 2"), "some.test:2", "cpu-s")
    has(refused(folder, "# cpus: 2", "# cpus: 3"), "some.test:2", "cpus", "once")


def test_all():
    """every test in the tree has a header that can be read"""
    paths = glob.glob(f"{host.VM}/*.test")
    assert len(paths) > 200
    for path in paths:
        read_header(path)


if __name__ == "__main__":
    main()
