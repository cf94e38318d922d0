# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# How long all CPUs take to go offline and to come online again, one after another; then
# single ones, each after a while of quiet.  Where baton holds them, also how long its
# command takes to have them offline, with the proof of each, before a kexec.

# shellcheck source=bench/guest/timed.sh
. /timed.sh

# As Linux's files alone do it: a command for each would take more time than the CPU.
set_online() {
	value=$1
	shift
	for cpu; do
		echo "$value" >"$cpus/cpu$cpu/online"
	done
}

secondary=$(secondary_cpus)
# Once before, for what Linux does at the first time.
# shellcheck disable=SC2086
set_online 0 $secondary
# shellcheck disable=SC2086
set_online 1 $secondary
for _ in 1 2 3; do
	# shellcheck disable=SC2086 # one CPU a word
	timed offline set_online 0 $secondary
	# shellcheck disable=SC2086
	timed online set_online 1 $secondary
done
for cpu in 1 2 3; do
	sleep 1.3
	timed late-offline set_online 0 "$cpu"
	set_online 1 "$cpu"
done
if [ "$(argument arg)" = proof ]; then
	baton kexec --at-shutdown >/dev/null # once, for what is loaded at first
	# shellcheck disable=SC2086
	set_online 1 $secondary
	timed proof baton kexec --at-shutdown >/dev/null
fi
say "@bench end 0"
