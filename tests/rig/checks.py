# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A test program: functions whose results it prints as TAP.

A test is a function whose name begins with test_, in a program that calls main(); its
docstring, or its name, is what TAP shows.  It passes unless it raises.

Used by tests/cli/test_* and tests/rig/test_*.py, which tests/unit/run runs.
"""

import inspect
import shutil
import sys
import tempfile
import traceback


class Skip(Exception):
    """What the test needs is not here; the text says what."""


def has(text, *parts):
    """All of the parts are in the text."""
    for part in parts:
        assert part in text, f"{part!r} is not in:\n{text}"


def has_not(text, *parts):
    for part in parts:
        assert part not in text, f"{part!r} is in:\n{text}"


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
