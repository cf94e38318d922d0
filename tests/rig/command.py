# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The command that the tests call: that with the sanitizers.

$BATON, by default build/cli/baton.  Used by tests/cli/test_*; see checks.py.
"""

import os
import subprocess

BATON = os.path.abspath(os.environ.get("BATON", "build/cli/baton"))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))


def baton(*words, code=0, env=None, stdin=None, folder=None, program=BATON):
    """Call the command, which must end with this exit code; what it printed."""
    result = subprocess.run(
        [program, *words], capture_output=True, text=True, timeout=60, input=stdin or "",
        cwd=folder, env=dict(os.environ, LC_ALL="C", **(env or {})), check=False)
    told = f"baton {' '.join(words)}: exit code {result.returncode}, not {code}\n" \
           f"stdout: {result.stdout}\nstderr: {result.stderr}"
    assert result.returncode == code, told
    assert "runtime error" not in result.stderr and "Sanitizer" not in result.stderr, told
    return result


def tree(folder):
    """All files below a folder: {path: contents, None for a folder}."""
    found = {}
    for path, folders, files in os.walk(folder):
        for name in folders:
            found[os.path.relpath(f"{path}/{name}", folder)] = None
        for name in files:
            full = f"{path}/{name}"
            if os.path.islink(full):
                found[os.path.relpath(full, folder)] = os.readlink(full)
            else:
                with open(full, "rb") as f:
                    found[os.path.relpath(full, folder)] = f.read()
    return found
