# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""Kernels wrapped by "baton wrap", and programs signed for Secure Boot.

Used by vmtest.py, pc_boot.py, boards.py and bench/.
"""

import re

from rig import host

SNAKEOIL = "/usr/share/ovmf/PkKek-1-snakeoil"

# mov $0x7ffffffff000, %rax; mov (%rax), %al
BAD_READ = b"\x48\xb8\x00\xf0\xff\xff\xff\x7f\x00\x00\x8a\x00"
SETUP_SECTS = 0x1F1  # in a bzImage: sectors before what it loads, less one


def wrap(kernel, out, build, key=None, options=()):
    """Wrap a kernel, and sign it if there is a key; returns where the result is."""
    signing = ["--sign", key, f"{SNAKEOIL}.pem"] if key else []
    host.call(f"{build}/baton", "wrap", "--verbose", kernel, "-o", out, *options, *signing)
    return out


def break_stage(wrapped, build):
    """Have the stage of a wrapped kernel read where no memory can be, with CPUs held already."""
    symbols = host.call("nm", f"{build}/blob/blob.elf")
    at = int(re.search(r"^([0-9a-f]+) . account$", symbols, re.M).group(1), 16)
    with open(wrapped, "r+b") as f:
        f.seek(SETUP_SECTS)
        f.seek((f.read(1)[0] + 1) * 512 + at)
        f.write(BAD_READ)
    return wrapped


def snakeoil_key(folder):
    """Write the key that OVMF's variables trust to a file in the folder; returns its path."""
    host.need_program("sbsign", "sbsigntool")
    secret = host.need_file(f"{SNAKEOIL}.key", "ovmf")
    key = f"{folder}/snakeoil.key"
    host.call("openssl", "rsa", "-in", secret, "-passin", "pass:snakeoil", "-out", key)
    return key


def sign(files, folder):
    """The files of an ESP, {path: file}, with every program signed by that key."""
    key = snakeoil_key(folder)
    signed = dict(files)
    for i, (path, source) in enumerate(files.items()):
        if path.lower().endswith(".efi") or path == "vmlinuz":
            signed[path] = f"{folder}/signed.{i}"
            host.call("sbsign", "--key", key, "--cert", f"{SNAKEOIL}.pem",
                      "--output", signed[path], source)
    return signed
