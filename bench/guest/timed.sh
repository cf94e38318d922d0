# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh # sourced after lib.sh

# timed NAME COMMAND...: reports how long it takes, in hundredths of a second.
timed() {
	name=$1
	shift
	now
	start=$now
	"$@"
	now
	say "@bench $name $((now - start))"
}

now() {
	read -r now _ </proc/uptime
	now=${now%.*}${now#*.}
}
