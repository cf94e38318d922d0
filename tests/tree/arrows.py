#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""arrows.py: check every #include against the table of docs/architecture.md, and find circles.

The table says, folder by folder, whose headers a folder may include.  Beyond it:
- a folder of one architecture never includes another architecture's,
- a folder that has architectures includes none of them from its neutral part,
- no header includes itself by way of others.

Prints a line for each include that is wrong; exit code 1 if there is one.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
from files import TOP, listed

ARCHITECTURES = ("x86_64", "arm64")
# These serve both architectures at once: they read either machine's files, or test either.
NEUTRAL_MAY_CHOOSE = ("cli", "tests", "bench", "tools")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"([^"]+)"|<(baton/[^>]+)>)', re.M)
ROW = re.compile(r"^\| `(\w+)/` \| (.*) \|$")


def read_table(path=os.path.join(TOP, "docs", "architecture.md")):
    """The rows below the heading "Arrows": folder -> folders whose headers it may include."""
    allowed = {}
    text = open(path, encoding="utf-8").read()
    if "\n## Arrows\n" not in text:
        sys.exit(f"{path}: there is no section \"Arrows\"")
    for line in text.split("\n## Arrows\n", 1)[1].split("\n## ", 1)[0].splitlines():
        row = ROW.match(line)
        if row:
            allowed[row[1]] = set(re.findall(r"`(\w+)/`", row[2])) | {row[1]}
    if not allowed:
        sys.exit(f"{path}: the section \"Arrows\" has no table")
    return allowed


def find(name, includer, known):
    """The file that an include names: beside the includer, or from the top of the tree."""
    if name.startswith("baton/"):
        return "include/" + name
    beside = os.path.normpath(os.path.join(os.path.dirname(includer), name))
    return beside if beside in known else name


def architecture_of(path):
    """Of the folders of a path, not of its file name."""
    return next((part for part in path.split("/")[:-1] if part in ARCHITECTURES), None)


def complaint(path, target, allowed):
    folder, other = path.split("/")[0], target.split("/")[0]
    if folder not in allowed:
        return f"docs/architecture.md, \"Arrows\", has no row for {folder}/"
    if other not in allowed[folder]:
        return f"{folder}/ may not include {other}/"
    here, there = architecture_of(path), architecture_of(target)
    if folder in NEUTRAL_MAY_CHOOSE and not here:
        return None
    if there and here and here != there:
        return f"{here} may not include {there}"
    if there and not here:
        return f"the neutral part of {folder}/ may not include an architecture's"
    return None


def circles(graph):
    """The circles of a graph, each once: by a walk that remembers its path."""
    done, found = set(), []

    def walk(node, path):
        if node in path:
            found.append(path[path.index(node):] + [node])
            return
        if node in done:
            return
        for following in graph.get(node, ()):
            walk(following, path + [node])
        done.add(node)

    for node in sorted(graph):
        walk(node, [])
    return found


def check(allowed, files):
    """The complaints about @files: path -> text."""
    graph, complaints = {}, []
    for path, text in files.items():
        for match in INCLUDE.finditer(text):
            target = find(match[1] or match[2], path, files)
            if target not in files:
                continue  # made by the build, or a system's
            graph.setdefault(path, []).append(target)
            line = text.count("\n", 0, match.start()) + 1
            wrong = complaint(path, target, allowed)
            if wrong:
                complaints.append(f"{path}:{line}: includes {target}: {wrong}")
    return complaints + [" -> ".join(circle) + ": a circle" for circle in circles(graph)]


def tree():
    """The complaints about the tree as it is."""
    return check(read_table(), {path: open(os.path.join(TOP, path), encoding="utf-8").read()
                                for path in listed("*.c", "*.h", "*.S", "*.lds")})


def main():
    complaints = tree()
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
