# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# A kernel that does nothing.  With the argument "spin" the held CPUs, which
# run bench/usual.c, do without PAUSE after that many seconds.

say "@bench idle"
if [ -n "$(argument arg)" ]; then
	sleep "$(argument arg)"
	say "@bench idle"
	devmem $(($(batn mailbox) + 2048)) 8 1
fi
sleep 1000
