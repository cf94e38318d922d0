# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What arm64 boards start, put together as their firmware would: Images and stubs.

Used by boards.py.
"""

import gzip
import shutil
import struct

FIRMWARE_SIZE = 0x200000  # tests/firmware/arm64/board.h
IMAGE_SIZE = 16  # offset in an Image's header
STUB_FIELDS, STUB_MAGIC = 0xF0, 0x5AFE570B
ELF_START = 0x1000  # of the stub, in the file


def stub_elf(stub, out, dtb, kernel):
    """A stub as an ELF file, which QEMU enters on all CPUs at EL3, filled in as by the firmware."""
    with open(stub, "rb") as f:
        code = bytearray(f.read())
    magic, = struct.unpack_from("<L", code, STUB_FIELDS)
    if magic != STUB_MAGIC:
        raise ValueError(f"{stub}: no stub: {magic:#x} at {STUB_FIELDS:#x}, not {STUB_MAGIC:#x}")
    struct.pack_into("<QLL", code, STUB_FIELDS, 0, dtb, kernel)
    head = struct.pack("<16sHHLQQQLHHHHHH", b"\x7fELF\2\1\1", 2, 183, 1, 0, 64, 0, 0, 64, 56, 1,
                       0, 0, 0)
    head += struct.pack("<LLQQQQQQ", 1, 7, ELF_START, 0, 0, len(code), len(code), ELF_START)
    with open(out, "wb") as f:
        f.write(head.ljust(ELF_START, b"\0") + code)
    return out


def with_firmware(image, firmware, out):
    """Put the firmware, an Image of 2 MiB, in front of an Image; returns where the result is."""
    with open(firmware, "rb") as f:
        front = bytearray(f.read().ljust(FIRMWARE_SIZE, b"\0"))
    with open(image, "rb") as f:
        kernel = f.read()
    size = struct.unpack_from("<Q", kernel, IMAGE_SIZE)[0]
    struct.pack_into("<Q", front, IMAGE_SIZE, FIRMWARE_SIZE + size)
    with open(out, "wb") as f:
        f.write(front + kernel)
    return out


def compress(image, out):
    """Write the Image with gzip; returns where the result is."""
    with open(image, "rb") as f, gzip.open(out, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(f, packed)
    return out
