#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Kernels: their versions, what they stand for, and where they are found."""

import os
import sys

sys.dont_write_bytecode = True
sys.path[0] += "/.."
from rig.checks import has, main
from rig.errors import Misused, Unavailable
from rig.kernels import ARM64, X86_64, Kernels, find_kernel, release_of, stands_for


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    return path


def bzimage(release):
    data = bytearray(0x400)
    data[0x202:0x206] = b"HdrS"
    data[0x20E:0x210] = (0x100).to_bytes(2, "little")
    return bytes(data[:0x300]) + release.encode() + b" (builder@host) #1 SMP\0"


def image(release):
    head = bytearray(64)
    head[0x38:0x3C] = b"ARM\x64"
    return bytes(head) + b"\0\0Linux version " + release.encode() + b" (builder@host) #1\0"


def refused(kind, function, *words):
    try:
        function(*words)
    except kind as error:
        return str(error)
    raise AssertionError(f"not refused: {words}")


def test_stands_for():
    """from 6.10 on kernels return their CPUs; no version is compared as text"""
    for release in ("6.10.0", "6.12.117+deb12-cloud-amd64", "7.0-rc1", "10.1.2"):
        assert stands_for(release) == "6.12", release
    for release in ("6.1.0-47-amd64", "6.9.12", "5.10.0-8-amd64"):
        assert stands_for(release) == "6.1", release
    has(refused(Misused, stands_for, "next-20260101"), "next-20260101")


def test_releases(folder):
    """the release in a bzImage, and in an arm64 Image"""
    assert release_of(write(f"{folder}/a", bzimage("7.3.4+deb13-amd64")), X86_64) == \
        "7.3.4+deb13-amd64"
    assert release_of(write(f"{folder}/b", image("6.18.5-arm64")), ARM64) == "6.18.5-arm64"


def test_no_kernel(folder):
    """a file that is no kernel, or another machine's, is refused by name"""
    other = write(f"{folder}/Image", image("7.0.0"))
    has(refused(Misused, release_of, other, X86_64), other, "VMLINUZ", "bzImage")
    packed = write(f"{folder}/Image.gz", b"\x1f\x8b" + bytes(100))
    has(refused(Misused, release_of, packed, ARM64), packed, "IMAGE", "unpack")
    mute = write(f"{folder}/mute", image("")[:70])
    has(refused(Misused, release_of, mute, ARM64), mute, "version")


def test_layouts(folder):
    """the kernel of an unpacked package, in both layouts, and a file as it is"""
    old = write(f"{folder}/old/boot/vmlinuz-6.12.1-amd64", b"")
    new = write(f"{folder}/new/usr/lib/modules/7.3.4-amd64/vmlinuz", b"")
    merged = write(f"{folder}/merged/usr/lib/modules/7.3.4-amd64/vmlinuz", b"")
    os.symlink("usr/lib", f"{folder}/merged/lib")
    assert find_kernel(f"{folder}/old") == old
    assert find_kernel(f"{folder}/new") == new
    assert find_kernel(f"{folder}/merged") == merged
    assert find_kernel(old) == old


def test_no_choice(folder):
    """no kernel, or two, are refused, and named"""
    has(refused(Misused, find_kernel, f"{folder}/none"), "none", "no such file")
    has(refused(Misused, find_kernel, folder), folder, "none")
    paths = [write(f"{folder}/boot/vmlinuz-{n}", b"") for n in "12"]
    has(refused(Misused, find_kernel, folder), *paths)


def test_place(folder):
    """a kernel takes the place of the series that it can do the same as"""
    write(f"{folder}/cache/6.1/vmlinuz", bzimage("6.1.0"))
    new = write(f"{folder}/new", bzimage("7.3.4+deb13-amd64"))
    kernels = Kernels(f"{folder}/cache", vmlinuz=new)
    assert kernels.path(X86_64, "6.12") == new
    assert kernels.label(X86_64, "6.12-wrapped") == "7.3.4-wrapped"
    assert kernels.path(X86_64, "6.1") == f"{folder}/cache/6.1/vmlinuz"
    assert kernels.guest_list(X86_64, ["6.12", "6.1"]) == b"6.1.0 6.1\n7.3.4+deb13-amd64 6.12\n"


def test_skipped(folder):
    """tests for other kernels than the user's are skipped, and it is said why"""
    new = Kernels(folder, vmlinuz=write(f"{folder}/new", bzimage("7.3.4")))
    assert new.why_not(X86_64, "6.12") is None
    has(new.why_not(X86_64, "6.1"), "older", "7.3.4")
    has(new.why_not(ARM64, "6.12"), "IMAGE")
    old = Kernels(folder, vmlinuz=write(f"{folder}/old", bzimage("6.1.0-47")))
    assert old.why_not(X86_64, "6.1") is None
    has(old.why_not(X86_64, "6.12"), "6.10 or newer", "6.1.0-47")
    assert Kernels(folder).why_not(X86_64, "6.1") is None
    has(refused(Unavailable, Kernels(folder).path, X86_64, "6.1"), "6.1")


def test_patched(folder):
    """the kernels of "make linux": skipped if they are not built, or the user wants another"""
    kernels = Kernels(f"{folder}/cache", build=f"{folder}/build")
    has(refused(Unavailable, kernels.path, ARM64, "patched"), "make linux first")
    built = write(f"{folder}/build/linux/arm64/arch/arm64/boot/Image", image("6.12.1-baton"))
    tree = write(f"{folder}/cache/arm64/6.12/dtbs/broadcom/some.dtb", b"")
    assert kernels.path(ARM64, "patched") == built
    assert kernels.dtb("patched", "some.dtb") == tree
    assert kernels.why_not(ARM64, "patched") is None
    assert kernels.label(ARM64, "patched") == "patched"
    mine = Kernels(folder, image=write(f"{folder}/mine", image("7.3.4")))
    has(mine.why_not(ARM64, "patched"), "make linux")


def test_dtbs(folder):
    """device trees are found beside the kernel in both layouts, or where the user says"""
    name = "some.dtb"
    old = write(f"{folder}/old/boot/vmlinuz-6.12.1-arm64", image("6.12.1-arm64"))
    write(f"{folder}/old/usr/lib/linux-image-6.12.1-arm64/broadcom/{name}", b"")
    new = write(f"{folder}/new/usr/lib/modules/7.3.4-arm64/vmlinuz", image("7.3.4-arm64"))
    beside = write(f"{folder}/new/usr/lib/modules/7.3.4-arm64/dtb/broadcom/{name}", b"")
    elsewhere = write(f"{folder}/dtbs/{name}", b"")
    assert os.path.exists(Kernels(folder, image=old).dtb("6.12", name))
    assert Kernels(folder, image=new).dtb("6.12", name) == beside
    assert Kernels(folder, image=new, dtbs=f"{folder}/dtbs").dtb("6.12", name) == elsewhere
    alone = write(f"{folder}/alone/Image", image("7.3.4-arm64"))
    has(refused(Unavailable, Kernels(folder, image=alone).dtb, "6.12", name), name, "DTBS")
    has(refused(Misused, Kernels, folder, None, None, folder), "IMAGE")


if __name__ == "__main__":
    main()
