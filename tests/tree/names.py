#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""names.py BUILD: check the global names of all objects that stand in BUILD.

- A global name starts with its module: the stem of the file that defines it, or of the header
  that declares it (where each architecture or program has a definition of its own).  What is
  installed starts with baton_.
- A name that several files define is declared by one header, which they implement.
- A test may define what stands in for a function of the code that it tests.

Prints a line for each name that is wrong; exit code 1 if there is one.
"""
import collections
import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from files import TOP

FOLDERS = ("area", "cli", "lib", "libbaton", "probe", "resident", "stage", "tests", "bench")
# C's own, which compilers call, and those that a specification gives.
GIVEN = {"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "strnlen", "strchr",
         "strrchr", "__stack_chk_fail", "__stack_chk_guard", "efi_main", "main",
         "LLVMFuzzerTestOneInput"}
# What compilers make up: string constants and vectors in the format of UEFI.
MADE_UP = re.compile(r"\?\?_C@|__xmm@|__real@|\.refptr\.|_GLOBAL_OFFSET_TABLE_|"
                     r"_{2,3}(asan|odr_asan|ubsan|tsan)")


def definitions(build):
    """Global name -> the sources that define it, in whatever toolchain."""
    names = collections.defaultdict(set)
    # Not those of Linux: linux/build.
    objects = [path for path in glob.glob(f"{build}/**/*.o", recursive=True)
               if not path.startswith(f"{build}/linux/")]
    owners = {}
    for path in objects:
        parts = os.path.relpath(path, build).split("/")
        start = next((i for i, part in enumerate(parts[:-1]) if part in FOLDERS and i), None)
        if start is None:
            continue
        source = "/".join(parts[start:])[:-2]
        if any(os.path.exists(f"{TOP}/{source}{end}") for end in (".c", ".S")):
            owners[os.path.abspath(path)] = source
    for first in range(0, len(owners), 200):
        some = list(owners)[first:first + 200]
        out = subprocess.run(["llvm-nm", "--defined-only", "--extern-only", "--print-file-name",
                              "--format=just-symbols", *some], capture_output=True, text=True,
                             check=True).stdout
        for line in out.splitlines():
            path, _, name = line.rpartition(": ")
            path = path.rstrip(":")
            if name and not MADE_UP.match(name) and name not in GIVEN:
                names[name].add(owners[path])
    return names


def headers():
    """Name that a header mentions -> the headers."""
    mentions = collections.defaultdict(set)
    for folder in FOLDERS + ("include",):
        for path in glob.glob(f"{TOP}/{folder}/**/*.h", recursive=True):
            text = re.sub(r"/\*.*?\*/", "", open(path, encoding="utf-8").read(), flags=re.S)
            for word in set(re.findall(r"\b[A-Za-z_]\w*\b", text)):
                mentions[word].add(os.path.relpath(path, TOP))
    return mentions


def module(path):
    return os.path.basename(path).rsplit(".", 1)[0].replace("-", "_")


def is_of(name, stem):
    return name == stem or name.startswith(stem + "_")


def complaints(names, mentions):
    for name, defined_by in sorted(names.items()):
        if name.startswith("baton_"):
            continue
        real = {source for source in defined_by if not source.startswith("tests/")}
        sources = real or defined_by
        declaring = [path for path in mentions[name] if is_of(name, module(path))]
        if not declaring and not all(is_of(name, module(source)) for source in sources):
            yield f"{', '.join(sorted(sources))}: {name} does not start with its module's name"
        elif len(sources) > 1 and not declaring:
            yield (f"{', '.join(sorted(sources))}: {name} is defined more than once, "
                   "and not declared by one header")
        elif len(sources) > 1 and len(declaring) > 1:
            yield f"{name}: declared by {', '.join(sorted(declaring))}"


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: tests/tree/names.py BUILD")
    names = definitions(sys.argv[1])
    if not names:
        sys.exit(f"names: there are no objects in {sys.argv[1]}: make first")
    found = list(complaints(names, headers()))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
