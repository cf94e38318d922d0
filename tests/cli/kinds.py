# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Files that hold a kernel and can't be wrapped: how each starts, and what baton says of it.

Used by test_wrap and test_kexec.
"""
import struct


def uki(section=b".linux", machine=0x8664, mark=0):
    """A PE image with a section of this name, as systemd's ukify makes it."""
    header = struct.pack("<4sHHIIIHH", b"PE\0\0", machine, 2, 0, 0, 0, 240, 0x22)
    sections = b"".join(name.ljust(8, b"\0") + bytes(32) for name in (b".text", section))
    data = b"MZ" + bytes(0x36) + struct.pack("<II", mark, 0x40) + header + bytes(240) + sections
    return data.ljust(4096, b"\0")


ZBOOT = b"MZ\0\0zimg" + bytes(16) + b"gzip" + bytes(4000)
RISCV = b"MZ" + bytes(0x2e) + b"RISCV\0\0\0RSC\5" + bytes(4000)
LOONGARCH = uki(b".data", 0x6264, 0x818223cd)
ARM32 = bytes(0x24) + b"\x18\x28\x6f\x01" + bytes(4000)

KINDS = (
    (b"\xfd7zXZ\0", "xz -dc"),
    (b"\x28\xb5\x2f\xfd", "zstd -dc"),
    (b"\x04\x22\x4d\x18", "lz4 -dc"),
    (b"\x02\x21\x4c\x18", "lz4 -dc"),
    (b"\x89LZO\0\r\n\x1a\n", "lzop -dc"),
    (b"BZh9", "bzip2 -dc"),
    (b"\x5d\0\0\x80\0", "lzma"),
    (b"\x27\x05\x19\x56", "uImage"),
    (b"\xd0\x0d\xfe\xed", "FIT"),
    (b"ANDROID!", "Android boot image"),
    (ZBOOT, "EFI zboot"),
    (RISCV, "riscv64"),
    (LOONGARCH, "LoongArch"),
    (ARM32, "32-bit Arm"),
    (uki(), "unified kernel image (UKI): wrap the kernel in it"),
    (uki(), "or have baton.efi start the UKI: docs/use-pc.md"),
    (uki(machine=0xaa64), "for arm64, whose kernel has to be an EFI program"),
    (uki(machine=0x5064), "for another processor"),
)
