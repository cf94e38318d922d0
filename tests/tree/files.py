# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The files of the tree, and how the results of its tests are printed."""
import os
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def listed(*patterns):
    """The files that git tracks, or does not ignore, and that are there."""
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard",
                          *patterns], cwd=TOP, capture_output=True, text=True, check=True).stdout
    return [path for path in out.splitlines() if os.path.exists(f"{TOP}/{path}")]


def report(results):
    """Print TAP: for each (name, complaints) whether there are none; returns the exit code."""
    print(f"1..{len(results)}")
    for number, (name, complaints) in enumerate(results, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return 1 if any(complaints for _, complaints in results) else 0
