# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""An EFI system partition: a FAT32 file system without a partition table.

Used by pc_boot.py, boards.py, tests/e2e/run and tests/vm/check-firmware.
"""

import os
import shutil

from rig import host

MIB = 1 << 20
LEAST, SPARE = 40 * MIB, 8 * MIB  # FAT32 has 33 MB at least


def esp(out, files):
    """Write the disk image with files: {path: file on the host, or bytes}."""
    texts = f"{out}.files"
    sources = as_files(files, texts)
    size = sum(os.path.getsize(source) for source in sources.values())
    with open(out, "wb") as f:
        f.truncate(max(size + SPARE, LEAST) // MIB * MIB)
    mtools("mformat", "-i", out, "-F", "-c", "1", "-v", "ESP", "::")
    for folder in folders_of(sources):
        mtools("mmd", "-i", out, f"::{folder}")
    for path, source in sources.items():
        mtools("mcopy", "-i", out, source, f"::{path}")
    shutil.rmtree(texts)


def as_files(files, folder):
    """The same files with all bytes written to files in the folder."""
    os.makedirs(folder, exist_ok=True)
    sources = dict(files)
    for i, (path, source) in enumerate(files.items()):
        if isinstance(source, bytes):
            sources[path] = f"{folder}/{i}"
            with open(sources[path], "wb") as f:
                f.write(source)
    return sources


def folders_of(paths):
    """The folders that these paths lie in, each after the one that it is in itself."""
    folders = set()
    for path in paths:
        parts = path.split("/")[:-1]
        folders.update("/".join(parts[:i + 1]) for i in range(len(parts)))
    return sorted(folders)


def mtools(*command):
    host.call(*command, env={"MTOOLS_SKIP_CHECK": "1"})
