# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The test rig: machines in QEMU, what they boot from, and what their tests report.

The programs that use it: tests/vm/run, tests/vm/check-firmware, tests/e2e/run, bench/run,
tools/demo and tests/cli/test_*.  They put tests/ on Python's path and import what they need.
"""
