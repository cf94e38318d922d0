# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The host: where the tree is, what is installed, and how its programs are called.

Every part of the rig uses this.
"""

import os
import shlex
import shutil
import subprocess

from rig.errors import Broken, Unavailable

ROOT = os.path.abspath(f"{os.path.dirname(__file__)}/../..")
VM = f"{ROOT}/tests/vm"  # the VM tests and, in guest/, what they share there


def call(*command, cwd=None, env=None, stdin=None):
    """Call a program, which must succeed; returns what it printed.

    stdin: text for it to read.  env: variables in addition to ours.
    """
    result = subprocess.run([str(word) for word in command], cwd=cwd, input=stdin or "",
                            env=dict(os.environ, **(env or {})), capture_output=True, text=True,
                            errors="replace", check=False)
    if result.returncode:
        told = (result.stderr or result.stdout).strip().splitlines()[-5:]
        raise Broken("\n    ".join([f"{command[0]} has failed, exit code {result.returncode}",
                                    *told, f"called as: {shlex.join(map(str, command))}"]))
    return result.stdout


def need_file(path, package):
    """Returns the path if it is there; otherwise the test is skipped."""
    if not os.path.exists(path):
        raise Unavailable(f"needs {path} of the package {package}")
    return path


def need_program(name, package):
    """Returns the path of a program; the test is skipped if it isn't installed."""
    path = shutil.which(name) or shutil.which(name, path="/sbin:/usr/sbin")
    if not path:
        raise Unavailable(f"needs {name} of the package {package}")
    return path


def empty_folder(path):
    """Make a folder, without what an earlier run has left there; returns its absolute path."""
    path = os.path.abspath(path)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path
