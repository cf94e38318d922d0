# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# One kernel after another; the argument names the next ones: s, as it is, or w,
# wrapped, one letter each.  The last line of one and the first of the next tell the
# time in between.  The kernels lie in memory that is no kernel's, 16 MiB apart, so that they
# are not in the root file system, which each kernel has to copy: baton.kernels is the address
# in MiB and the sizes in bytes.

say "@bench arrived $(tsc)"
what=$(argument arg)
rest=${what#?}
IFS=, read -r address stock wrapped <<END
$(argument kernels)
END
case ${what%"$rest"} in
s) size=$stock ;;
w) size=$wrapped address=$((address + 16)) ;;
*) size= ;;
esac
if [ -n "$size" ]; then
	next_initrd
	dd if=/dev/mem bs=1M skip="$address" count=16 2>/dev/null | head -c "$size" >/run/kernel
	kexec -s -l /run/kernel --initrd=/run/initrd \
		--command-line="$(next_command_line | sed "s/ baton.arg=[^ ]*/ baton.arg=$rest/")"
	say "@bench leaving $(tsc)"
	kexec -e
fi
