#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The host's programs and files: what an error says; folders, archives, command lines."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path[0] += "/.."
from rig import host
from rig.checks import Skip, has, main
from rig.cpio import cpio
from rig.errors import Broken, Unavailable
from rig.initramfs import command_line


def refused(kind, function, *words):
    try:
        function(*words)
    except kind as error:
        return str(error)
    raise AssertionError(f"not refused: {words}")


def test_call():
    """a program's output is returned; one that fails is reported with what it printed"""
    assert host.call("cat", stdin="text\n") == "text\n"
    assert host.call("sh", "-c", "echo $RIG", env={"RIG": "set"}) == "set\n"
    has(refused(Broken, host.call, "sh", "-c", "echo 'no room' >&2; exit 3"),
        "sh has failed, exit code 3", "no room", "called as: sh -c")
    has(refused(Broken, host.call, "sh", "-c", "echo $((40 + 2)); exit 1"), "\n    42\n")


def test_need(folder):
    """what is not installed is named with its package"""
    has(refused(Unavailable, host.need_file, f"{folder}/x", "some-package"), "/x", "some-package")
    has(refused(Unavailable, host.need_program, "no-such-x", "some-package"), "no-such-x",
        "some-package")
    assert host.need_file(folder, "none") == folder
    assert os.path.isabs(host.need_program("sh", "dash"))


def test_empty_folder(folder):
    """nothing is left of an earlier run"""
    path = f"{folder}/a/b"
    os.makedirs(f"{path}/old")
    assert host.empty_folder(path) == path and os.listdir(path) == []


def test_cpio(folder):
    """an archive of files and bytes, with their folders, that cpio unpacks"""
    with open(f"{folder}/source", "w", encoding="ascii") as f:
        f.write("12345")
    archive = cpio({"a/b/file": f"{folder}/source", "a/text": b"6"})
    try:
        subprocess.run(["busybox", "cpio", "-i", "-d"], input=archive, cwd=folder, check=True,
                       capture_output=True)
    except FileNotFoundError:
        raise Skip("needs busybox") from None
    for path, wanted in (("a/b/file", "12345"), ("a/text", "6")):
        with open(f"{folder}/{path}", encoding="ascii") as f:
            assert f.read() == wanted, path


def test_command_line():
    """what every kernel of a test gets stands before baton.once, what the first gets behind"""
    line = command_line("console=x", "some", arg="7", every="quiet", append="maxcpus=1")
    before, after = line.split(" baton.once ")
    has(f"{before} ", "console=x ", " baton.test=some ", " baton.arg=7 ", " quiet ")
    assert after == "maxcpus=1"
    assert command_line("x", "some").endswith(" baton.once")


if __name__ == "__main__":
    main()
