# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# How long all CPUs take to go offline, one after another, in hundredths of a second: by writing to
# Linux's files alone, and as "baton kexec --at-shutdown" does it, with the proof of each.

# shellcheck source=bench/guest/timed.sh
. /timed.sh

secondary=$(secondary_cpus)
baton kexec --at-shutdown >/dev/null # once, for what is loaded at first
# shellcheck disable=SC2086 # one CPU a word
online $secondary
for _ in 1 2 3; do
	# shellcheck disable=SC2086
	timed offline offline $secondary
	# shellcheck disable=SC2086
	online $secondary
	timed proof baton kexec --at-shutdown >/dev/null
	# shellcheck disable=SC2086
	online $secondary
done
say "@bench end"
