# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The programs of an arm64 guest, which the host can't run: from packages in cache/arm64.

Used as pc_programs of initramfs.py is, by vmtest.py, demo.py and bench/.
"""

import itertools
import os
import re

from rig import host
from rig.errors import Unavailable

LIBRARY_FOLDERS = ("lib", "lib/aarch64-linux-gnu", "usr/lib/aarch64-linux-gnu")


def arm64_programs(build, cache, command=False):
    """What the guest is made of; command: with the baton command."""
    root, more = (os.path.abspath(f"{cache}/arm64/{name}") for name in ("guest", "command"))
    kexec = find(root, "sbin/kexec", "usr/sbin/kexec")
    files = {**libraries(kexec, [root]), "sbin/kexec": kexec}
    if command:
        baton = f"{build}/arm64/baton"
        files.update(libraries(baton, [root, more]))
        files["bin/baton"] = baton
    files["bin/busybox"] = find(root, "bin/busybox", "usr/bin/busybox")
    files["bin/batn"] = f"{build}/vm/arm64/batn"
    return files


def libraries(program, roots):
    """All libraries that a program needs, by their paths in the guest."""
    found, wanted = {}, [program]
    while wanted:
        listing = host.call("llvm-readelf", "-d", "-l", wanted.pop())
        # The kernel looks for it where the program says; Debian 13 has it below usr/.
        for name in re.findall(r"interpreter: /(\S+)\]", listing):
            found[name] = find(roots[0], name, f"usr/{name}")
        for name, root, folder in itertools.product(
                re.findall(r"NEEDED.*\[(.*)\]", listing), roots, LIBRARY_FOLDERS):
            path = f"{root}/{folder}/{name}"
            if os.path.exists(path) and f"{folder}/{name}" not in found:
                found[f"{folder}/{name}"] = path
                wanted.append(path)
    return found


def find(root, *paths):
    """The first of these paths that is there."""
    for path in paths:
        if os.path.exists(f"{root}/{path}"):
            return f"{root}/{path}"
    raise Unavailable(f"needs {root}/{paths[0]}: tools/fetch-arm64")
