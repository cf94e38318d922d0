# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What the tests of the command share: calling it, and printing TAP.

A test is a function whose name begins with test_ in a program test_NAME; its
docstring, or its name, is what TAP shows.  It passes unless it raises.  The
command is that with the sanitizers: $BATON, by default build/cli/baton.
"""

import inspect
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

BATON = os.path.abspath(os.environ.get("BATON", "build/cli/baton"))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))


class Skip(Exception):
    """What the test needs is not here; the text says what."""


def baton(*words, code=0, env=None, stdin=None, folder=None):
    """Call the command, which must end with this exit code; what it printed."""
    result = subprocess.run(
        [BATON, *words], capture_output=True, text=True, timeout=60, input=stdin or "",
        cwd=folder, env=dict(os.environ, LC_ALL="C", **(env or {})), check=False)
    told = f"baton {' '.join(words)}: exit code {result.returncode}, not {code}\n" \
           f"stdout: {result.stdout}\nstderr: {result.stderr}"
    assert result.returncode == code, told
    assert "runtime error" not in result.stderr and "Sanitizer" not in result.stderr, told
    return result


def has(text, *parts):
    """All of the parts are in the text."""
    for part in parts:
        assert part in text, f"{part!r} is not in:\n{text}"


def has_not(text, *parts):
    for part in parts:
        assert part not in text, f"{part!r} is in:\n{text}"


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


def main():
    """Run the tests of the program that calls this, each with a folder of its own if it
    takes one."""
    space = sys.modules["__main__"].__dict__
    tests = [value for name, value in space.items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    for number, test in enumerate(tests, 1):
        name = (test.__doc__ or test.__name__[5:].replace("_", " ")).split("\n")[0].rstrip(".")
        folder = tempfile.mkdtemp(prefix="baton-test.")
        try:
            test(*[folder][:len(inspect.signature(test).parameters)])
            print(f"ok {number} - {name}")
        except Skip as skip:
            print(f"ok {number} - {name} # SKIP {skip}")
        except Exception:  # whatever it is, this test has failed and the others go on
            failed = True
            print(f"not ok {number} - {name}")
            print("\n".join("# " + line for line in traceback.format_exc().splitlines()))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.flush()
    sys.exit(failed)
