# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""How a program of the rig ends: its exit code, its last line, and no machine left behind.

Called by tests/vm/run, tests/vm/check-firmware, tests/e2e/run, bench/run and tools/demo.
"""

import os
import signal
import sys

from rig import machine
from rig.errors import Broken, Misused, Unavailable

INTERRUPTED = 130


def interrupt(*_):
    raise KeyboardInterrupt


def run(name, main, trouble=1):
    """Call main, and exit with the code that it returns.

    name: begins the line that reports an error.  trouble: the exit code then.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        code = main()
    except (Broken, Misused, Unavailable) as error:
        print(f"{name}: {error}", file=sys.stderr)
        code = trouble
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        end_now(INTERRUPTED)
    finally:
        machine.kill_all()
    sys.exit(code)


def end_now(code):
    """End all machines, and this program without waiting for its threads."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    machine.kill_all()
    sys.stdout.flush()
    os._exit(code)
