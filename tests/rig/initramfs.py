# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A guest's first file system, and how its command line names the test to run there.

The guest's own part is tests/vm/guest: init, and lib.sh.  Used by vmtest.py, demo.py and
bench/.
"""

import os
import re

from rig import host
from rig.cpio import cpio
from rig.errors import Unavailable


def command_line(first, test, arg="", every="", append=""):
    """The command line on which the guest's init runs a test.

    first: the machine's own.  every: for each kernel of the test; append: for the first
    one only, as the guest hands on what stands before baton.once.
    """
    words = [first, f"baton.test={test}", f"baton.arg={arg}", every,
             "baton.hop=0 baton.count=0 baton.once", append]
    return " ".join(word for word in words if word)


def initramfs(out, kernel, programs, kernel_list=b"", more=(), scripts=None):
    """Write the initramfs.

    kernel: the one that /boot/vmlinuz is, if there is to be one; more: (version, kernel) pairs,
    /boot/vmlinuz-VERSION.
    programs: {path: file on the host}; see pc_programs, and arm64_guest.py.
    kernel_list: what Kernels.guest_list returns.
    scripts: {name: file} of further tests; those of tests/vm are there anyway.
    """
    files = {**programs, "init": f"{host.VM}/guest/init", "lib.sh": f"{host.VM}/guest/lib.sh",
             "kernels": kernel_list}
    if kernel:
        files["boot/vmlinuz"] = kernel
    files.update({f"boot/vmlinuz-{version}": path for version, path in more})
    files.update({f"tests/{name}": f"{host.VM}/{name}"
                  for name in os.listdir(host.VM) if name.endswith(".test")})
    files.update({f"tests/{name}.test": path for name, path in (scripts or {}).items()})
    with open(out, "wb") as f:
        f.write(cpio(files))


def pc_programs(build, command=False):
    """What a guest of the host's kind is made of; command: with the baton command."""
    files = {
        "bin/busybox": host.need_program("busybox", "busybox-static"),
        **{f"bin/{name}": f"{build}/vm/{name}" for name in ("batn", "load", "msr", "nmi", "phys")},
        **with_libraries(host.need_program("kexec", "kexec-tools")),
    }
    if command:
        files.update(with_libraries(f"{build}/baton"))
        files["bin/baton"] = files.pop(f"{build}/baton".lstrip("/"))
    return files


def systemd_programs():
    """What systemd is at the end of a shutdown, and baton's file for it as it is in the tree."""
    program = "/usr/lib/systemd/systemd-shutdown"
    if not os.path.exists(program):
        raise Unavailable(f"needs {program} of the package systemd")
    return {**with_libraries(program),
            "baton.shutdown.in": f"{host.ROOT}/package/baton.shutdown.in"}


def with_libraries(program):
    """The program and the libraries it needs, by their paths in the guest."""
    paths = [program] + re.findall(r"(/\S+) \(0x", host.call("ldd", program))
    return {path.lstrip("/"): path for path in paths}
