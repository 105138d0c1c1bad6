# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# Where programs attach on this kernel: functions by pattern, interfaces by all of their names.
# shellcheck source=/dev/null
. /cable.sh

object=/attach.bpf.o

# calls COMMAND ARGUMENT…: how often the program ran while the command did. The arguments are those
# of `sonde run`.
calls() {
	command=$1
	shift
	begin $object --map .bss --every 1h "$@" >/dev/null
	$command >/dev/null
	end
	sed -n 's/^ *calls *= //p' /tmp/out | tail -n 1
}

# ---- functions by pattern ----

read_a_file() {
	cat /proc/uptime
}
ping_there() {
	soon answers 10.1.0.2
}

all_functions() {
	[ "$(calls read_a_file --only all)" -gt 100 ]
}

functions_of_the_kernel() {
	[ "$(calls read_a_file --only vfs)" -gt 0 ]
}

functions_of_a_module() {
	[ "$(calls ping_there --only veth)" -gt 0 ]
	[ "$(calls ping_there --only of_veth)" -gt 0 ]
}

# Several functions have this name: the kernel itself would take none of them by it.
ambiguous_names() {
	[ "$(grep -c '^[^ ]* [tT] t_next$' /proc/kallsyms)" -gt 1 ]
	begin $object --only ambiguous
	end
}

hidden_addresses() {
	echo 2 >/proc/sys/kernel/kptr_restrict
	functions_of_the_kernel
	echo 0 >/proc/sys/kernel/kptr_restrict
}

typed_functions() {
	[ "$(calls read_a_file --only typed_vfs)" -gt 0 ]
	[ "$(calls ping_there --only typed_veth)" -gt 0 ]
}

if has CONFIG_FPROBE; then
	proof "kprobe.multi: 40,000 functions" all_functions
	proof "kprobe.multi: functions of the kernel" functions_of_the_kernel
	proof "kprobe.multi: functions of a module" functions_of_a_module
	proof "kprobe.multi: an ambiguous name" ambiguous_names
	proof "kprobe.multi: the kernel hides addresses" hidden_addresses
fi
if since 7.2; then
	proof "fentry.multi: functions of the kernel and of a module" typed_functions
fi

kill $there
echo "1..$number"
