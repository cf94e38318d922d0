# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The kernels that the tests run on: stock ones in cache/, or one that the user has.

Tests name two series, which differ in what the kernel can do.  On x86-64, Linux before 6.10
keeps the CPUs that it got by the mailbox: there is no way back.  A kernel of the user's takes
the place of the series that it can do the same as; stands_for() decides, by its version, and
nobody else does.  The guest gets the decisions as the file /kernels: see
kernel_is in tests/vm/guest/lib.sh.  A third, "patched", is what "make linux" has built.

Used by runner.py, vmtest.py, demo.py and bench/.
"""

import glob
import os
import re
import struct

from rig.errors import Misused, Unavailable

CURRENT, OLD, PATCHED = "6.12", "6.1", "patched"
FIRST_WITH_WAY_BACK = (6, 10)

X86_64, ARM64 = "x86_64", "arm64"
OPTION = {X86_64: "VMLINUZ", ARM64: "IMAGE"}  # of make vm-test
BUILT = {X86_64: "linux/x86/arch/x86/boot/bzImage", ARM64: "linux/arm64/arch/arm64/boot/Image"}

VERSION_POINTER = 0x20E  # in a bzImage, less 0x200; 0 if there is none
BZIMAGE_MAGIC, ARM64_MAGIC = (0x202, b"HdrS"), (0x38, b"ARM\x64")


def stands_for(release):
    """The series whose tests are for a kernel, by its release, as "uname -r" prints it."""
    return CURRENT if version_of(release) >= FIRST_WITH_WAY_BACK else OLD


def version_of(release):
    """The first two numbers of a release."""
    match = re.match(r"(\d+)\.(\d+)", release)
    if not match:
        raise Misused(f"a kernel's release begins with two numbers, as 6.12; this is {release!r}")
    return int(match[1]), int(match[2])


def release_of(path, arch):
    """The release of the kernel in a file: a bzImage or, for arm64, an Image."""
    with open(path, "rb") as f:
        data = f.read()
    offset, magic = BZIMAGE_MAGIC if arch == X86_64 else ARM64_MAGIC
    if data[offset:offset + len(magic)] != magic:
        wanted = "a bzImage" if arch == X86_64 else "an Image (if it is compressed, unpack it)"
        raise Misused(f"{path}: no kernel for {arch}: {OPTION[arch]} has to be {wanted}")
    if arch == X86_64:
        at = struct.unpack_from("<H", data, VERSION_POINTER)[0]
        found = re.match(rb"[!-~]+", data[at + 0x200:]) if at else None
    else:
        found = re.search(rb"Linux version ([!-~]+) ", data)
    if not found:
        raise Misused(f"{path}: this kernel doesn't tell its version")
    return found[found.lastindex or 0].decode("ascii")


def find_kernel(path):
    """The kernel that the user means: a file, or the only one in an unpacked Debian package.

    Packages have it as /boot/vmlinuz-V or, newer ones, as /usr/lib/modules/V/vmlinuz.
    """
    if not os.path.isdir(path):
        return existing(path)
    found = [file for pattern in ("boot/vmlinuz-*", "usr/lib/modules/*/vmlinuz",
                                  "lib/modules/*/vmlinuz")
             for file in glob.glob(f"{glob.escape(path)}/{pattern}")]
    if len({os.path.realpath(file) for file in found}) != 1:
        names = ", ".join(found) or "none"
        raise Misused(f"{path}: has to have one kernel, /boot/vmlinuz-V or "
                      f"/usr/lib/modules/V/vmlinuz; there are: {names}")
    return os.path.abspath(found[0])


def find_dtbs(kernel, release):
    """The device trees beside an arm64 kernel in an unpacked Debian package; None without."""
    folder = os.path.dirname(kernel)
    for path in (f"{folder}/../usr/lib/linux-image-{release}", f"{folder}/dtb", f"{folder}/dtbs"):
        if os.path.isdir(path):
            return os.path.abspath(path)
    return None


def existing(path):
    """The absolute path of a file or folder that the user names."""
    if not os.path.exists(path):
        raise Misused(f"{path}: no such file")
    return os.path.abspath(path)


class Kernels:
    """All kernels of one run of the tests."""

    def __init__(self, cache, vmlinuz=None, image=None, dtbs=None, build="build"):
        """cache: where tools/fetch-kernel puts stock ones; the others are the user's, or None.
        build: where "make linux" puts the patched ones."""
        self.cache, self.build = os.path.abspath(cache), os.path.abspath(build)
        self.given = {arch: find_kernel(path)
                      for arch, path in ((X86_64, vmlinuz), (ARM64, image)) if path}
        self.releases = {}
        if dtbs and not image:
            raise Misused("DTBS are for a kernel of yours: needs IMAGE, too")
        self.given_dtbs = dtbs and existing(dtbs)
        if ARM64 in self.given and not dtbs:
            self.given_dtbs = find_dtbs(self.given[ARM64], self.given_release(ARM64))

    def given_release(self, arch):
        return self.release(self.given[arch], arch)

    def release(self, path, arch):
        """The same as release_of, read once."""
        if path not in self.releases:
            self.releases[path] = release_of(path, arch)
        return self.releases[path]

    def is_given(self, arch, series):
        """The user's kernel takes the place of this series."""
        return arch in self.given and stands_for(self.given_release(arch)) == series

    def label(self, arch, version):
        """What a test's name has behind the @: the series, or the version of the user's."""
        series, _, made = version.partition("-")
        if not self.is_given(arch, series):
            return version
        number = re.match(r"[\d.]+", self.given_release(arch))[0].rstrip(".")
        return f"{number}-{made}" if made else number

    def why_not(self, arch, series):
        """Why a test for this series does not run; None if it does."""
        if not self.given or self.is_given(arch, series):
            return None
        if series == PATCHED:
            return "is for the kernels of \"make linux\""
        if arch not in self.given:
            return f"is for {arch}, and {OPTION[arch]} names no kernel"
        first = ".".join(map(str, FIRST_WITH_WAY_BACK))
        wanted = f"older than {first}" if series == OLD else f"{first} or newer"
        return f"is for Linux {wanted}; {OPTION[arch]} names {self.given_release(arch)}"

    def path(self, arch, series):
        """The file of the kernel that is this series, or takes its place."""
        if self.is_given(arch, series):
            return self.given[arch]
        if series == PATCHED:
            return self.patched(arch)
        stock = f"{series}/vmlinuz" if arch == X86_64 else f"{ARM64}/{series}/Image"
        path = f"{self.cache}/{stock}"
        if not os.path.exists(path):
            raise Unavailable(f"the configured suites have no kernel {series} for {arch}")
        return path

    def patched(self, arch):
        """The file of the kernel that "make linux" has built."""
        path = f"{self.build}/{BUILT[arch]}"
        if not os.path.exists(path):
            raise Unavailable("needs the patched kernel: make linux first")
        return path

    def dtb(self, series, name):
        """A device tree for the arm64 kernel; those of the stock one serve the patched one."""
        given = self.is_given(ARM64, series)
        stock = CURRENT if series == PATCHED else series
        folder = self.given_dtbs if given else f"{self.cache}/{ARM64}/{stock}/dtbs"
        for path in (f"{folder}/{name}", f"{folder}/broadcom/{name}"):
            if folder and os.path.exists(path):
                return path
        raise Unavailable(f"needs {name}: DTBS names the folder that has it" if given
                          else f"needs {folder}/{name}: tools/fetch-arm64")

    def guest_list(self, arch, series):
        """The file /kernels of a guest with these series: "RELEASE SERIES" lines."""
        return "".join(f"{self.release(self.path(arch, each), arch)} {each}\n"
                       for each in sorted(set(series))).encode()
