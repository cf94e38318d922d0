# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""An archive in cpio's "newc" format, which Linux unpacks as its first file system.

Used by initramfs.py, which says what is in it.
"""

import itertools

FOLDER, PROGRAM, TRAILER = 0o040755, 0o100755, 0


def entry(inode, name, mode, data):
    """One file: its header, its name and its contents, each filled up to 4 bytes."""
    name = name.encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def cpio(files):
    """The archive of files: {path: file on the host, or bytes}."""
    folders, out, inodes = set(), [], itertools.count(1)
    for path, source in sorted(files.items()):
        parts = path.split("/")[:-1]
        for i in range(1, len(parts) + 1):
            folder = "/".join(parts[:i])
            if folder not in folders:
                folders.add(folder)
                out.append(entry(next(inodes), folder, FOLDER, b""))
        out.append(entry(next(inodes), path, PROGRAM, contents(source)))
    out.append(entry(next(inodes), "TRAILER!!!", TRAILER, b""))
    return b"".join(out)


def contents(source):
    """The bytes of a file, or the bytes themselves."""
    if isinstance(source, bytes):
        return source
    with open(source, "rb") as f:
        return f.read()
