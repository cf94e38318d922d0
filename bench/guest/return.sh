# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# How long CPUs take to go offline and to come online again, in hundredths of a
# second: all one after another; then single ones, each after a while of quiet.

# shellcheck source=bench/guest/timed.sh
. /timed.sh

secondary=$(secondary_cpus)
for _ in 1 2 3; do
	# shellcheck disable=SC2086 # one CPU a word
	timed offline offline $secondary
	# shellcheck disable=SC2086
	timed online online $secondary
done
for cpu in $secondary; do
	sleep 1.3
	timed late-offline offline "$cpu"
done
say "@bench end"
