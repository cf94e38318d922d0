# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh # sourced after lib.sh

# timed NAME COMMAND...: reports how long it takes, in ticks of the time-stamp counter.
timed() {
	name=$1
	shift
	start=$(tsc)
	"$@"
	say "@bench $name $(($(tsc) - start))"
}
