# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# What the steps of both machines share: checks, in TAP on the serial line, and where they are
# in the system.  $step is the number of this boot, from 0 on.
state=/var/lib/baton-e2e
step=$(cat $state/step 2>/dev/null || echo 0)
count=$(cat $state/count 2>/dev/null || echo 0)
mkdir -p $state
echo $((step + 1)) >$state/step
exec >/dev/console 2>&1

ok() { # ok NAME COMMAND...: the command does not fail
	name=$1
	shift
	count=$((count + 1))
	echo $count >$state/count
	if "$@" >$state/out 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
	fi
	sed 's/^/#   /' $state/out
}

fails() {
	! "$@"
}

says() { # says TEXT COMMAND...: what it prints has TEXT in it
	text=$1
	shift
	"$@" 2>&1 | tee $state/said
	grep -q -e "$text" $state/said
}

wrapped() { # the kernel that is booted next is a wrapped one
	baton unwrap "/boot/vmlinuz-$(uname -r)" -o /dev/null
}

kernel_is_stock() { # it is that of its package
	(cd / && grep " boot/vmlinuz-" "/var/lib/dpkg/info/linux-image-$(uname -r).md5sums" | md5sum -c)
}

held() { # held N: so many CPUs are held, within a while
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		baton status | grep -q "$1 of them held" && return
		sleep 1
	done
	return 1
}

every_cpu() { # every_cpu 0|1: put all but the first one offline or online
	for cpu in /sys/devices/system/cpu/cpu[1-9]*; do
		echo "$1" >"$cpu/online" || return 1
	done
}

end() { # end COMMAND...: which ends this kernel, or the machine is switched off
	sync
	"$@" || systemctl poweroff
	exec sleep 600
}

all=$(getconf _NPROCESSORS_CONF)
# shellcheck disable=SC2034 # the steps use it
others=$((all - 1))
echo "@step $step: $(uname -r), $all CPUs"
