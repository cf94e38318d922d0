# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh
#
# What the tests in the guest share.  Output is TAP, one line at a time through
# /dev/kmsg, so that it stays whole and in order among the kernel's own lines.
# A test goes on in the next kernel: "hop" counts the kernels from 0, and
# "count" the checks so far; both travel on the kernel command line.

say() {
	echo "$*" >/dev/kmsg
}

diag() {
	say "# $*"
}

# The value of baton.NAME= on the kernel command line.
argument() {
	sed -n "s/^\\(.* \\)\\?baton\\.$1=\\([^ ]*\\).*/\\2/p" /proc/cmdline
}

# shellcheck disable=SC2034 # hop is for the tests
hop=$(argument hop)
count=$(argument count)
cpus=/sys/devices/system/cpu

# ok DESCRIPTION COMMAND...: the command succeeds.
ok() {
	description=$1
	shift
	count=$((count + 1))
	if "$@"; then
		say "ok $count - $description"
	else
		say "not ok $count - $description"
		diag "failed: $*"
		return 1
	fi
}

# is DESCRIPTION GOT WANTED
is() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		say "ok $count - $1"
	else
		say "not ok $count - $1"
		diag "got '$2', wanted '$3'"
		return 1
	fi
}

# host COMMAND...: ask the runner outside (see tests/vm/run) for something.
host() {
	say "@host $*"
}

# In a machine of KVM's in another (tests/vm/guest/nested), which counts exits to KVM.

# count_exits NAME SECONDS
count_exits() {
	say "@kvm count $1 $2"
	sleep $(($2 + 3))
}

# exits_at_most NAME PERCENT OTHER: the outer machine prints the result.
exits_at_most() {
	count=$((count + 1))
	say "@kvm atmost $count $1 $2 $3"
	sleep 1
}

# In a guest that has QEMU ("kvm: yes"): have a virtual machine run on this CPU.
run_machine_on() {
	for module in msr irqbypass kvm kvm-amd; do
		insmod /modules/$module.ko || return
	done
	taskset -c "$1" qemu-system-x86_64 -nodefaults -machine q35 -accel kvm -cpu host,xsave=off \
		-m 256 -display none -nic none -L /usr/share/seabios -L /usr/share/qemu \
		-kernel /boot/vmlinuz -append "console=ttyS0 panic=0" -serial file:/run/machine \
		>/dev/null 2>&1 </dev/null &
}

# svm_on CPU: it has SVM turned on, and so may be within a guest (EFER.SVME).
svm_on() {
	[ $(($(msr "$1" 0xc0000080) >> 12 & 1)) = 1 ]
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
	tries=$(($1 * 10))
	shift
	until "$@"; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		usleep 100000
	done
}

# kernel_is SERIES: the running kernel is of this series, or one of the user's that can do the
# same.  tests/rig/kernels.py decides about that; /kernels is what it has decided.
kernel_is() {
	grep -qxF "$(uname -r) $1" /kernels
}

# What loaders change nothing of in the header of a kernel (Linux,
# Documentation/arch/x86/boot.rst), of the file or of the boot parameters.
header_bytes() {
	for range in "500 4" "514 14" "556 4" "564 12" "584 8" "600 20"; do
		dd if="$1" bs=1 skip="${range% *}" count="${range#* }" 2>/dev/null | hexdump -C
	done
}

# header_is KERNEL: this kernel was told what the header of that file says.
header_is() {
	[ "$(header_bytes "$1")" = "$(header_bytes /sys/kernel/boot_params/data)" ] || {
		header_bytes /sys/kernel/boot_params/data | while read -r line; do
			diag "$line"
		done
		return 1
	}
}

# The kernel's own EFI stub has made the boot parameters, without the header of its file.
by_efi_stub() {
	[ "$(dd if=/sys/kernel/boot_params/data bs=1 skip=528 count=1 2>/dev/null |
		hexdump -e '1/1 "%02x"')" = 21 ]
}

# CPUs of this kernel, by its numbers.

online_count() {
	grep -c '^processor' /proc/cpuinfo
}

secondary_cpus() {
	for cpu in "$cpus"/cpu[0-9]*/online; do
		[ -e "$cpu" ] || continue
		cpu=${cpu%/online}
		[ "${cpu##*/cpu}" = 0 ] || echo "${cpu##*/cpu}"
	done | sort -n
}

online() {
	for cpu; do
		echo 1 >"$cpus/cpu$cpu/online" || return
	done
}

offline() {
	for cpu; do
		echo 0 >"$cpus/cpu$cpu/online" || return
	done
}

# CPU numbers are also APIC IDs in all of the machines that the tests use,
# unless a kernel was started by another CPU than the first.

# What the BATN table says; held, releases... see batn.c.

# batn_is DESCRIPTION [APIC-ID] NAME WANTED
batn_is() {
	if [ $# = 4 ]; then
		is "$1" "$(batn "$2" "$3")" "$4"
	else
		is "$1" "$(batn "$2")" "$3"
	fi
}

# field NAME: of each "cpu ..." line on stdin.
field() {
	sed -n "s/^cpu .*\\b$1=\\([^ ]*\\).*/\\1/p"
}

# How many CPUs have e.g. state=held.
batn_count() {
	batn | grep -c "^cpu .*\\b$1\\b"
}

# Every release of every CPU came after a return, and none is in between.
balanced() {
	batn >/run/batn || return
	awk '
	/^cpu / {
		for (i = 2; i <= NF; i++) {
			split($i, pair, "=")
			value[pair[1]] = pair[2]
		}
		owed = value["state"] == "held"
		if (value["state"] !~ /^(held|released)$/ ||
		    value["returns"] != value["releases"] + owed)
			bad = 1
	}
	END { exit bad }' /run/batn || {
		diag_batn
		return 1
	}
}

diag_batn() {
	batn | while read -r line; do
		diag "$line"
	done
}

# All @1 CPUs are up, were taken through the mailbox and nothing else, and the
# secondary ones for the @2nd time.
all_released() {
	is "$1 CPUs are online" "$(online_count)" "$1"
	batn_is "none is held" held 0
	batn_is "none is missing" missing 0
	batn_is "all secondary ones were collected" collected $(($1 - 1))
	is "each was returned $2 and released $2 times" "$(batn_count "state=released releases=$2 returns=$2")" \
		$(($1 - 1)) || diag_batn
}

# The next kernel.

# The command line for it: this kernel's up to baton.once, and what is new.
next_command_line() {
	sed 's/ baton\.once.*//' /proc/cmdline | tr ' ' '\n' |
		grep -v -e '^BOOT_IMAGE=' -e '^initrd=' -e '^baton.hop=' -e '^baton.count=' |
		tr '\n' ' '
	echo "baton.hop=$((hop + 1)) baton.count=$count baton.once $*"
}

# The root file system is all that the next kernel needs.
next_initrd() {
	[ -e /run/initrd ] || (cd / && find . -xdev | cpio -o -H newc >/run/initrd 2>/dev/null)
}

# load_kernel -s|-c|-ci [-k VERSION] [ARGUMENT...]: load it by kexec_file_load or kexec_load; i:
# its checksum is not looked at before it starts.
load_kernel() {
	call=$1
	shift
	kernel=/boot/vmlinuz
	if [ "$1" = -k ]; then
		kernel=/boot/vmlinuz-$2
		shift 2
	fi
	next_initrd
	kexec "$call" -l "$kernel" --initrd=/run/initrd --command-line="$(next_command_line "$@")"
}

# next_kernel, with the same arguments: load and start it. If that fails, the test does.
next_kernel() {
	if load_kernel "$@"; then
		diag "to the next kernel by kexec $1"
		kexec -e
	fi
	ok "kernel $hop: the next one starts" false
}

# crash_kernel -s|-c [ARGUMENT...]: load one for the next crash.
crash_kernel() {
	call=$1
	shift
	next_initrd
	# The crash kernel goes on counting after the line that ok prints here.
	count=$((count + 1))
	line=$(next_command_line "$@")
	count=$((count - 1))
	ok "kernel $hop: crash kernel loaded" kexec "$call" -p /boot/vmlinuz \
		--initrd=/run/initrd --command-line="$line"
}

# crash CPU
crash() {
	diag "kernel $hop: crash on CPU $1"
	echo 1 >/proc/sys/kernel/sysrq
	taskset -c "$1" sh -c 'echo c >/proc/sysrq-trigger'
	ok "kernel $hop: it crashes" false
}

# The dump of the kernel before is there, and its first note can be read.
vmcore_readable() {
	[ "$(head -c 4 /proc/vmcore | tail -c 3)" = ELF ] &&
		dd if=/proc/vmcore of=/dev/null bs=65536 count=16 2>/dev/null
}

# reserved ADDRESS SIZE: is in the memory map, as memory that is not the kernel's.
reserved() {
	sed -n 's/^ *\([0-9a-f]*\)-\([0-9a-f]*\) : \(Reserved\|ACPI Non-volatile Storage\)$/\1 \2/p' /proc/iomem |
		while read -r first last; do
			if [ $((0x$first)) -le $(($1)) ] && [ $((0x$last)) -ge $(($1 + $2 - 1)) ]; then
				echo found
			fi
		done | grep -q found
}

# sleep_and_wake SECONDS: suspend to idle; a key wakes the machine up.
sleep_and_wake() {
	echo enabled >/sys/bus/serio/devices/serio0/power/wakeup &&
		echo s2idle >/sys/power/mem_sleep || return
	host "after $1 send-key" '{"keys": [{"type": "qcode", "data": "spc"}]}'
	echo mem >/sys/power/state
}

# cycle CPU: it goes offline, is proven held, and comes online again.
cycle() {
	was=$(batn "$1" returns)-$(batn "$1" releases)-$(batn "$1" tests)
	offline "$1" && [ "$(batn "$1" state)" = held ] && online "$1" &&
		[ "$(batn "$1" state)" = released ] || return
	[ "$was" = "$(($(batn "$1" returns) - 1))-$(($(batn "$1" releases) - 1))-$(($(batn "$1" tests) - 1))" ]
}

# cycle_in_tdx: of a TDX guest with so many CPUs (the test's argument) each but the first is
# cycled ten times.
cycle_in_tdx() {
	cycled=$(argument arg)
	all_released "$cycled" $((hop * 11 + 1)) || return
	for cpu in $(seq $((cycled - 1))); do
		for i in $(seq 10); do
			ok "kernel $hop: CPU $cpu goes offline, is held, and comes back: $i" cycle "$cpu" || return
		done
	done
	ok "kernel $hop: every hand-over is accounted for" balanced
	ok "kernel $hop: the area is kept" reserved "$(batn area)" "$(batn area_size)"
	diag_batn
}

# nmis APIC-ID...: one to each, which are held, and each counts it once.
nmis() {
	for cpu; do
		was=$(batn "$cpu" nmis)
		nmi "$cpu" && wait_for 5 eval "[ \$(batn $cpu nmis) = $((was + 1)) ]" || return
	done
}

# sleeping WAIT: 4 CPUs sleep that way (BATON_WAIT_... of baton/table.h), in the
# first kernel and in the one after a kexec; NMIs do not disturb it.
sleeping() {
	ok "all CPUs are online" [ "$(online_count)" = 4 ] || return
	batn_is "held CPUs sleep as asked for" wait "$1"
	for i in 1 2 3 1 3 2 2 3 1; do
		ok "CPU $i goes offline and comes back" cycle $i || return
	done
	ok "all go offline" offline 2 3 1
	batn_is "all are held" held 3
	sleep 3 # by then the listener sleeps too
	ok "each survives an NMI" nmis 1 2 3
	sleep 1
	batn_is "all are still held" held 3
	ok "one comes online" online 3
	ok "and goes, and the others come" eval 'offline 3 && online 1 2'
	ok "all come online" online 3
	batn_is "none is held" held 0
	batn_is "held CPUs sleep as before" wait "$1"
	ok "every hand-over is accounted for" balanced
	diag_batn
}

# The ledger is right: it has what it has room for, in order and whole; the time of
# each CPU only rises; each CPU is returned, tested, released, and so on; a
# release has a vector: the kernel's trampoline, below 1 MiB; what a stage writes
# when it has collected a CPU has 1 to 3 there; nothing else has any.
ledger_right() {
	batn ledger >/run/ledger || return
	entries=$(batn entries) size=$(batn ledger_size)
	awk -v first=$((entries > size ? entries - size + 1 : 1)) -v last="$entries" '
	{
		delete value
		for (i = 2; i <= NF; i++) {
			split($i, pair, "=")
			value[pair[1]] = pair[2]
		}
		cpu = value["apic_id"]
		event = value["event"]
		if (value["sequence"] != first + NR - 1)
			bad = bad " sequence:" $0
		if (cpu in time && value["time"] + 0 <= time[cpu])
			bad = bad " time:" $0
		if (event !~ /^(return|test|collected|release)$/ ||
		    cpu in before && (event == "return") != (before[cpu] == "release"))
			bad = bad " event:" $0
		if (event == "release" ? value["vector"] !~ /^0x[1-9a-f][0-9a-f]?[0-9a-f]?[0-9a-f]?[0-9a-f]?$/ :
		    event == "collected" ? value["vector"] !~ /^0x[123]$/ : value["vector"] != "0x0")
			bad = bad " vector:" $0
		time[cpu] = value["time"] + 0
		before[cpu] = event
	}
	END {
		if (NR != last - first + 1)
			bad = bad " " NR " entries"
		if (bad)
			print bad
		exit bad != ""
	}' /run/ledger >/run/wrong || {
		diag "$(cut -c -500 /run/wrong)"
		return 1
	}
}

# ledger_events [APIC-ID]: what it says, in order, of one CPU or of all.
ledger_events() {
	batn ledger | sed -n "s/.* apic_id=${1:-[0-9]*} event=\\([a-z]*\\) .*/\\1/p" | tr '\n' ' '
}

# The machine is as without baton: 4 CPUs by INIT/SIPI, which can be cycled.
plain_boot() {
	is "4 CPUs are online" "$(online_count)" 4
	ok "there is no BATN table" test ! -e /sys/firmware/acpi/tables/BATN
	ok "no wakeup mailbox is in use" eval '! dmesg | grep -q acpi_wakeup_cpu'
	ok "CPU 3 goes offline" offline 3
	ok "CPU 3 comes online" online 3
}

# Boards whose CPUs a resident offers by PSCI; the numbers of CPUs and the IDs in
# the BATN table need not be the same there.

# cycle_all: each of the $online CPUs, the first included, goes offline, is held, and comes back.
cycle_all() {
	cpu=0
	while [ "$cpu" -lt "$online" ]; do
		if ! { offline "$cpu" && [ "$(batn held)" = 1 ] && online "$cpu" && [ "$(batn held)" = 0 ]; }; then
			diag "CPU $cpu"
			return 1
		fi
		cpu=$((cpu + 1))
	done
}

# all_but N: the numbers of all CPUs but N.
all_but() {
	seq 0 $((online - 1)) | grep -v -x "$1"
}

# cycle_and_kexec ROUNDS: offline and online of all, and three more kernels: after a kexec
# with all CPUs, one with all but a few offline, and one by the last CPU alone.
cycle_and_kexec() {
	online=$(argument arg)
	is "kernel $hop: all CPUs are online" "$(online_count)" "$online"
	batn_is "kernel $hop: none is held" held 0
	batn_is "kernel $hop: none is missing" missing 0
	batn_is "kernel $hop: all but the first were collected" collected $((online - 1))
	case $hop in
	0)
		for round in $(seq "$1"); do
			ok "round $round: every CPU goes offline and comes back" cycle_all
		done
		ok "all CPUs but the last go offline" eval "offline \$(all_but $((online - 1)))"
		batn_is "they are held" held $((online - 1))
		ok "and come back" eval "online \$(all_but $((online - 1)))"
		;;
	1)
		ok "some CPUs go offline" offline 1 2 $((online - 1))
		batn_is "they are held" held 3
		;;
	2)
		ok "all CPUs but the last go offline" eval "offline \$(all_but $((online - 1)))"
		batn_is "they are held" held $((online - 1))
		;;
	3)
		ok "every CPU goes offline and comes back" cycle_all
		ok "every hand-over is accounted for" eval 'batn ledger >/run/ledger && ! grep -q -e torn -e lost /run/ledger'
		diag_batn
		return
		;;
	esac
	# Without checksums: an emulator takes more than a minute for them.
	next_kernel -ci
}

# plain_board N: this kernel got the device tree as it was, of CPUs that it can't put offline.
plain_board() {
	is "$1 CPUs are online" "$(online_count)" "$1"
	ok "no CPU can go offline" test ! -e "$cpus/cpu0/online"
	ok "nothing is reserved for a resident" eval '! ls /proc/device-tree/reserved-memory/baton@* 2>/dev/null'
	ok "the kernel has EL2" eval 'dmesg | grep -q "CPU: All CPU(s) started at EL2"'
}

# stuck_board N: as the firmware's spin-table leaves stock Linux; its CPUs can't leave it.
stuck_board() {
	is "$1 CPUs are online" "$(online_count)" "$1"
	ok "no CPU can go offline" test ! -e "$cpus/cpu1/online"
	next_initrd
	kexec -c -l /boot/vmlinuz --initrd=/run/initrd --reuse-cmdline >/run/kexec 2>&1
	ok "kexec is refused" grep -q 'resource busy' /run/kexec
	diag "$(dmesg | sed -n "s/^\\[[^]]*\\] //; /Can't kexec/{p;q}")"
	ok "since the CPUs can't leave" eval "dmesg | grep -q \"Can't kexec: CPUs are stuck in the kernel\""
}

# board_crash CPU: it crashes with one CPU offline; the crash kernel boots on it, with all CPUs.
board_crash() {
	is "kernel $hop: 4 CPUs are online" "$(online_count)" 4
	if [ "$hop" = 0 ]; then
		ok "CPU 1 goes offline before the crash" offline 1
		crash_kernel -c && crash "$1"
		return
	fi
	ok "it was CPU $1 that booted" eval "dmesg | grep -q 'Booting Linux on physical CPU 0x000000000$1'"
	batn_is "none is held" held 0
	ok "/proc/vmcore can be read" vmcore_readable
	diag_batn
}

# board_commands: inspect, status and ledger on this board, in this kernel.
board_commands() {
	ok "kernel $hop: inspect finds the area, and no problem" inspect_finds_area
	ok "kernel $hop: status" eval "baton status | grep -q 'in force: $(online_count) CPUs, 0 of them held, 0 missing'"
	is "kernel $hop: ledger has all that it has room for" \
		"$(baton ledger | grep -c ' return\| release')" "$(ledger_length)"
}

inspect_finds_area() {
	baton inspect >/run/said 2>&1 && grep -q "in force: area at $(batn area)" /run/said &&
		! grep "^problem" /run/said
}

# How many entries the ledger has: the oldest make room for new ones.
ledger_length() {
	printf '%s\n' "$(batn entries)" "$(batn ledger_size)" | sort -n | head -n 1
}
