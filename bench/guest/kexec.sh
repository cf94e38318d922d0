# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# One kernel after another; the argument names the next ones: s, as it is, or w,
# wrapped, one letter each.  The last line of one and the first of the next tell the
# time in between.

say "@bench arrived"
what=$(argument arg)
rest=${what#?}
case ${what%"$rest"} in
s) kernel=/boot/vmlinuz ;;
w) kernel=/boot/vmlinuz-wrapped ;;
esac
if [ -n "$kernel" ]; then
	next_initrd
	kexec -s -l "$kernel" --initrd=/run/initrd \
		--command-line="$(next_command_line | sed "s/ baton.arg=[^ ]*/ baton.arg=$rest/")"
	sleep 1
	say "@bench leaving"
	kexec -e
fi
