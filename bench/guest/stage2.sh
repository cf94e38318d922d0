# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh
#
# What finds its pages in no TLB, and what makes and forgets address spaces: the time of a
# read in ns, by the size of the memory in MiB; that of 50 processes, the least of 5, in ms.

walk 1 16 128 | while read -r size ns; do
	say "@bench walk-$size $ns"
done
for _ in 1 2 3 4 5; do
	start=$(cut -d ' ' -f 1 /proc/uptime | tr -d .)
	for _ in $(seq 50); do
		/bin/busybox true
	done
	end=$(cut -d ' ' -f 1 /proc/uptime | tr -d .)
	echo $(((end - start) * 10))
done | sort -n | head -n 1 | while read -r ms; do
	say "@bench processes $ms"
done
say "@bench end"
