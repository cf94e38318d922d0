# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The test rig: machines in QEMU, what they boot from, and what their tests report.

The programs that use it are tests/vm/run, tests/vm/check-firmware, tests/e2e/run, bench/run,
tools/demo and tests/cli/test_*.  They put tests/ on Python's path and import what they need.
Where to read on:

  a machine       machine.py, with serial.py, monitor.py and screen.py; its kinds: pc.py, boards.py
  what it boots   pc_boot.py with loaders.py, bios_boot.py, arm64_image.py; wrap.py, esp.py
  what runs there initramfs.py with cpio.py, arm64_guest.py; kernels.py
  a VM test       header.py, vmtest.py, tap.py; all of them: runner.py, results.py
  the demo        demo.py, demo_machines.py
  the command     command.py; test programs: checks.py; the rig's own: test_*.py
  the rest        host.py, errors.py, program.py
"""
