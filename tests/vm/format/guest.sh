# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2119
#
# Facts that objects obtain from the kernel, compared with the kernel's own files. If the kernel is
# too old for a feature or has no BTF, the error must say so.
# shellcheck source=../guest/lib.sh source-path=SCRIPTDIR
. /lib.sh

config=/boot/config-$(uname -r)
has() {
	grep -q "^$1=y" "$config"
}

# Kfunc calls and fentry need JIT-compiled programs, which the emulated s390x does not have.
native=
[ "$(uname -m)" != x86_64 ] || native=1

# since MAJOR MINOR: whether this kernel is at least that version.
since() {
	uname -r | {
		IFS=.- read -r major minor _
		[ "$major" -gt "$1" ] || { [ "$major" = "$1" ] && [ "$minor" -ge "$2" ]; }
	}
}

# said TEXT: the error contains TEXT. hinted TEXT: the hint does.
said() {
	grep '^sonde: ' /tmp/err | grep -qFe "$1"
}

hinted() {
	grep '^hint: ' /tmp/err | grep -qFe "$1"
}

# until_seen REGEX ARGUMENT…: runs `sonde run ARGUMENT…`, executes a program as user 12345 and waits
# until a line matches.
until_seen() {
	pattern=$1
	shift
	begin "$@"
	/act exec 12345 1 /bin/true
	soon grep -qE "$pattern" /tmp/out
	end
}

# ---- kconfig ----

# value NAME: the value in the config file, without quotes.
value() {
	sed -n "s/^$1=//p" "$config" | tr -d '"'
}

tristate() {
	case $(value "$1") in
	y) echo 1 ;;
	m) echo 2 ;;
	*) echo 0 ;;
	esac
}

# The version in LINUX_VERSION_CODE. On Debian it is in `uname -v`; the release has another number.
version_code() {
	number=$(uname -v | sed -n 's/.* Debian \([0-9.]*\).*/\1/p')
	echo "${number:-$(uname -r)}" | {
		IFS=.- read -r major minor patch _
		[ "$patch" -le 255 ] || patch=255
		printf '%x\n' $((major << 16 | minor << 8 | patch))
	}
}

configuration() {
	wrapper=0 cookie=0
	! grep -qE ' __(x64|s390x)_sys_bpf$' /proc/kallsyms || wrapper=1
	! since 5 15 || cookie=1
	compiler=$(value CONFIG_CC_VERSION_TEXT | cut -c 1-7)
	until_seen ' net ' /o/facts.bpf.o
	grep -q " version $(version_code) wrapper $wrapper cookie $cookie$" /tmp/out
	grep -q " hz $(value CONFIG_HZ) bpf 1 tun $(tristate CONFIG_TUN)$" /tmp/out
	grep -q ' host (none)$' /tmp/out
	grep -q " cc $compiler$" /tmp/out
	grep -q " net $(printf %d "'y") missing 0$" /tmp/out
}

configuration_missing() {
	refused /sonde load /o/unset.bpf.o
	said "extern 'CONFIG_NO_SUCH_THING': not set in the kernel configuration"
	hinted __weak
	mv "$config" /boot/elsewhere
	refused /sonde load /o/unset.bpf.o || status=9
	/sonde plan /o/facts.bpf.o >/tmp/plan 2>/tmp/why && status=8
	mv /boot/elsewhere "$config"
	[ $status = 1 ]
	said "neither in /proc/config.gz nor in $config"
	/sonde plan --kconfig "$config" /o/facts.bpf.o | grep -q "map '.kconfig'"
}

proof "kconfig values are the kernel's" configuration
proof "a missing kconfig option is named" configuration_missing

# ---- ksyms and kfuncs ----

address() {
	until_seen ' fops ' /o/ksyms.bpf.o --only address
	address=$(sed -n 's/^\([0-9a-f]*\) . bpf_map_fops$/\1/p' /proc/kallsyms)
	[ ${#address} -gt 4 ]
	grep -q " fops $(echo "$address" | sed 's/^0*//') missing 0$" /tmp/out
}

# Whether BTF describes variables depends on the version of pahole.
variable() {
	if grep -q runqueues /sys/kernel/btf/vmlinux; then
		until_seen ' cpu 0 online 1 missing 0$' /o/ksyms.bpf.o --only variable
	else
		refused /sonde load /o/ksyms.bpf.o --only variable
		said "extern 'runqueues': this kernel has no variable with this name"
	fi
}

kfunc_weak() {
	word=missing
	! since 6 2 || word=here
	until_seen " kfunc $word$" /o/kfunc.bpf.o --only asks
}

kfunc_unasked() {
	if since 6 2; then
		/sonde load /o/kfunc.bpf.o --only trusts
	else
		refused /sonde load /o/kfunc.bpf.o --only trusts
		grep -q 'kfunc bpf_rcu_read_lock' /tmp/err
	fi
}

# NAME and NAME_impl, whichever the kernel has.
kfunc_implicit() {
	if since 6 2; then
		/sonde load /o/kfunc.bpf.o --only new --only new_impl
	fi
	if since 6 17; then
		for name in stream stream_old stream_impl; do
			/sonde run /o/kfunc.bpf.o --only $name --for 1ms 2>/tmp/err
			grep -q "^note: program '$name' (syscall): it returned 0$" /tmp/err
		done
	elif since 5 14; then
		refused /sonde load /o/kfunc.bpf.o --only stream
		said "kfunc bpf_stream_vprintk"
	fi
}

# What a program writes, and what the kernel reports about one.
streams() {
	mount -t bpf bpf /sys/fs/bpf
	/sonde load /o/tags.bpf.o --only of_xdp --pin /sys/fs/bpf/streams
	if ! since 6 17; then
		refused /sonde stream pinned /sys/fs/bpf/streams/prog/of_xdp
		said "read its streams: EINVAL"
		/sonde unload /sys/fs/bpf/streams
		umount /sys/fs/bpf
		return
	fi
	/sonde stream pinned /sys/fs/bpf/streams/prog/of_xdp >/tmp/out 2>&1
	[ ! -s /tmp/out ]
	/sonde unload /sys/fs/bpf/streams
	umount /sys/fs/bpf
	/sonde run /o/kfunc.bpf.o --only stream --for 1ms >/tmp/out 2>/dev/null
	grep -qx 'stream          stdout  number 42' /tmp/out
	/sonde run /o/kfunc.bpf.o --only stream --for 1ms --json >/tmp/out 2>/dev/null
	grep -qx '{"program":"stream","stream":"stdout","text":"number 42"}' /tmp/out
	[ "$(uname -m)" = x86_64 ] || return 0
	/sonde run /o/kfunc.bpf.o --only endless --for 1ms >/tmp/out 2>/tmp/err
	grep -q "^note: program 'endless': the kernel reports:$" /tmp/err
	grep -q '^  | .*may_goto' /tmp/err
}

kfunc_missing() {
	refused /sonde load /o/kfunc.bpf.o --only wants
	said "extern 'sonde_no_such_kfunc': this kernel has no function with this name"
}

without_types() {
	refused /sonde load "$@"
	said BTF
}

if has CONFIG_DEBUG_INFO_BTF; then
	types=1
	proof "the address of a symbol" address
	proof "a typed kernel variable" variable
	if [ $native ]; then
		proof "a weak kfunc" kfunc_weak
		proof "a weak kfunc called without a check" kfunc_unasked
		proof "kfuncs with an implicit argument, under either name" kfunc_implicit
		proof "streams of programs" streams
	fi
	proof "a missing kfunc" kfunc_missing
else
	types=
	proof "kernel variables need BTF" without_types /o/ksyms.bpf.o --only variable
	proof "kfuncs need BTF" without_types /o/kfunc.bpf.o --only asks
fi

# ---- global functions ----

# Kernels before 6.8 accept it only if it is made static; newer ones must receive it unchanged.
tagged() {
	for type in kprobe tracepoint raw_tracepoint perf_event xdp tc; do
		/sonde load /o/tags.bpf.o --only "of_$type"
	done
}

proof "a global function for every context type" tagged

# ---- Rust ----

# Both forms of maps, helpers called by pointer, functions in separate sections. The kernel accepts
# the types despite their names, and they describe the records.
rust() {
	begin /o/rust.bpf.o --json --only execs --only records -v
	/act exec 12345 1 /bin/true
	soon grep -q '"map":"OPENED"' /tmp/out
	soon grep -q '"map":"RECORDS"' /tmp/out
	end
	grep -q '^bpf(BPF_BTF_LOAD, .* = [0-9]' /tmp/err
	grep '"map":"OPENED"' /tmp/out >/tmp/opened
	grep -q '"flag":true,"pid":[0-9]*,"at":1234,' /tmp/opened
	grep -q '"pair":{"first":9,"second":10},"tuple":{"__0":4,"__1":5}' /tmp/opened
	grep -q '"peer":{"variant":"Four","Four":{"__0":11},"Six":' /tmp/opened
	grep -q '"verdict":"Pass","maybe":{"variant":"Some","Some":{"__0":77}}' /tmp/opened
	grep -q '"small":3,"kind":{"variant":"Six",.*"addr":\[1,1,.*"letter":120,"next":{"variant":"None"' /tmp/out
	/sonde load /o/rust.bpf.o --only gate
}

[ ! -e /o/rust.bpf.o ] || proof "Rust programs, their types and records" rust

# ---- modules ----

module_traced() {
	begin /o/module.bpf.o --only opened --only left
	: </dev/net/tun
	soon grep -q ' tun returned 0$' /tmp/out
	grep -q ' tun opened by 0$' /tmp/out
	end
}

module_elsewhere() {
	refused /sonde load /o/module.bpf.o --only elsewhere
	said "no kernel function 'veth:tun_chr_open'"
}

module_kfunc() {
	begin /o/module.bpf.o --only lookup --on lookup=lo
	ping -c 1 127.0.0.1
	soon grep -q ' lookup -2$' /tmp/out
	end
}

module_without_types() {
	refused /sonde load /o/module.bpf.o --only opened
	said "no kernel function 'tun:tun_chr_open'"
	refused /sonde load /o/module.bpf.o --only lookup
	said "extern 'bpf_xdp_ct_lookup': this kernel has no function with this name"
}

if has CONFIG_DEBUG_INFO_BTF_MODULES; then
	[ ! $native ] || proof "fentry and fexit on a module function" module_traced
	proof "a function that is not in the named module" module_elsewhere
	! grep -q nf_conntrack /proc/modules || proof "a module kfunc" module_kfunc
elif [ $types ]; then
	proof "modules without BTF" module_without_types
else
	proof "module functions need BTF" without_types /o/module.bpf.o --only opened
fi

# ---- newer tracing hooks ----

twice() {
	[ "$(lines /tmp/out ' session$')" = 2 ]
}

session() {
	if since 7 0; then
		begin /o/session.bpf.o --only session
		/act exec 12345 1 /bin/true
		soon twice
		end
	else
		/sonde run /o/session.bpf.o --only session --for 1s 2>/tmp/err && return 1
		hinted 'requires Linux 7.0'
	fi
}

multi() {
	if since 7 2; then
		until_seen ' multi$' /o/session.bpf.o --only multi
		refused /sonde run /o/session.bpf.o --only nothing --for 1s
		said "no traceable function matches 'no_such_*_function'"
	else
		/sonde run /o/session.bpf.o --only multi --for 1s 2>/tmp/err && return 1
		hinted 'requires Linux 7.2'
	fi
}

if [ $native ]; then
	proof "a session: entry and return by one program" session
	proof "all matching functions by one link" multi
fi

# ---- struct_ops ----

available() {
	grep -qw bpf_sonde /proc/sys/net/ipv4/tcp_available_congestion_control
}

# The kernel may release a link some time after its descriptor was closed.
unregistered() {
	tries=500
	while available && [ $((tries -= 1)) -gt 0 ]; do usleep 20000; done
	! available
}

registered() {
	begin "$1"
	available
	# Its name is taken.
	refused /sonde run "$1" --for 1s
	hinted "another one of that name is registered"
	end
	unregistered
}

ops_linked() {
	if since 6 4; then
		registered /o/ops-link.bpf.o
	else
		refused /sonde run /o/ops-link.bpf.o --for 1s
		hinted 'Linux 6.4'
	fi
}

ops_members() {
	registered /o/ops-zero.bpf.o
	begin /o/ops.bpf.o --set sonde_ops.name=other_sonde
	grep -qw other_sonde /proc/sys/net/ipv4/tcp_available_congestion_control
	end
	refused /sonde run /o/ops-more.bpf.o --for 1s
	said "struct_ops 'sonde_ops': the kernel's struct has no member 'more'"
}

# Without a link, a struct_ops map remains registered after SIGKILL.
ops_killed() {
	begin /o/ops.bpf.o
	grep -q '^note: .*SIGKILL.*sonde detach struct_ops' /tmp/err
	end KILL || [ $? = 137 ]
	available
	/sonde detach struct_ops >/tmp/said 2>/tmp/hint
	id=$(sed -n 's/^ *\([0-9]*\)  struct_ops  sonde_ops$/\1/p' /tmp/said)
	grep -q '^hint: .*sonde detach struct_ops ID$' /tmp/hint
	refused /sonde detach struct_ops $((id + 1000))
	available
	[ "$(/sonde detach struct_ops "$id")" = "struct_ops: removed map $id (struct_ops)" ]
	unregistered
	[ "$(/sonde detach struct_ops)" = "struct_ops: no stale attachment of sonde's" ]
	if since 6 4; then
		begin /o/ops-link.bpf.o
		[ "$(/sonde detach struct_ops)" = "struct_ops: no stale attachment of sonde's" ]
		available
		end
	fi
}

if [ $native ]; then
	proof "struct_ops: registered and unregistered" registered /o/ops.bpf.o
	proof "struct_ops: stale after SIGKILL" ops_killed
	proof "struct_ops with a link" ops_linked
	proof "struct_ops: a member unknown to the kernel must be 0" ops_members
elif [ ! $types ]; then
	proof "struct_ops needs BTF" without_types /o/ops.bpf.o
fi

# ---- programs that attach to programs ----

pings() {
	ping -c 1 -W 1 127.0.0.1 >/dev/null
}

id_of() {
	/act bpf | sed -n "s/^prog \([0-9]*\) $1$/\1/p"
}

# beside ARGUMENT…: starts a second `sonde run` next to that of begin; beside_ends ends it.
beside() {
	rm -f /tmp/ready2
	mkfifo /tmp/ready2
	/sonde run "$@" --ready-fd 3 >/tmp/out2 2>/tmp/err2 3>/tmp/ready2 &
	other=$!
	read -r _ </tmp/ready2
}

beside_ends() {
	kill -TERM "$other"
	wait "$other"
}

replaced() {
	begin /o/replace.bpf.o --only gate --on gate=lo
	pings
	beside /o/replace.bpf.o --only closed --on "closed=$(id_of gate)"
	pings && return 1
	beside_ends
	pings
	end
}

looked_on() {
	begin /o/replace.bpf.o --only gate --on gate=lo
	beside /o/replace.bpf.o --only seen --on "seen=$(id_of gate)"
	pings
	soon grep -q ' verdict 2$' /tmp/out2
	beside_ends
	end
}

no_target() {
	refused /sonde load /o/replace.bpf.o --only closed --on closed=999999
	hinted 'there is no such program'
	refused /sonde load /o/replace.bpf.o --only closed --on closed=gate
	said "'gate' is not a program"
	refused /sonde load /o/replace.bpf.o --only closed
	hinted '--on PROG=ID'
	/sonde load /o/replace.bpf.o --only gate --pin /sys/fs/bpf/gate
	/sonde load /o/replace.bpf.o --only closed --on closed=/sys/fs/bpf/gate/prog/gate
	refused /sonde load /o/replace.bpf.o --only nobody --on nobody=/sys/fs/bpf/gate/prog/gate
	hinted 'no function of that name'
	rm -r /sys/fs/bpf/gate
}

# ---- pins ----

files() {
	find /sys/fs/bpf -mindepth 1 | sort
}

# sonde mounts the bpf file system if necessary.
mounts() {
	grep -q ' /sys/fs/bpf ' /proc/mounts && return 1
	/sonde load /o/facts.bpf.o --pin /sys/fs/bpf/sonde
	grep -q ' /sys/fs/bpf bpf ' /proc/mounts
	[ "$(files)" = "/sys/fs/bpf/sonde
/sys/fs/bpf/sonde/map
/sys/fs/bpf/sonde/map/_kconfig
/sys/fs/bpf/sonde/map/_rodata
/sys/fs/bpf/sonde/prog
/sys/fs/bpf/sonde/prog/facts
/sys/fs/bpf/sonde/record" ]
	[ "$(/act bpf | grep -c '^prog [0-9]* facts$')" = 1 ]
	# A second time fails, since the path exists, and changes nothing.
	refused /sonde load /o/facts.bpf.o --pin /sys/fs/bpf/sonde
	hinted 'sonde unload can remove it'
	[ "$(files | wc -l)" = 7 ]
	rm -r /sys/fs/bpf/sonde
	umount /sys/fs/bpf
}

# A failed plan removes everything it created, and nothing else.
pins_fail() {
	for dir in /sys/fs/bpf/sonde /tmp/nowhere; do
		refused /sonde load /o/facts.bpf.o --pin $dir/deeper/still
		[ "$(files)" = '' ]
		[ ! -e /tmp/nowhere ]
	done
	refused /sonde load /o/facts.bpf.o --pin /tmp/nowhere
	hinted 'a bpf file system'
	[ ! -e /tmp/nowhere ]
	mkdir /sys/fs/bpf/sonde
	mkdir /sys/fs/bpf/sonde/map
	/sonde load /o/unset.bpf.o --pin /sys/fs/bpf/sonde && return 1
	/sonde load /o/pinned-broken.bpf.o --pin /sys/fs/bpf/sonde && return 1
	[ "$(files)" = "/sys/fs/bpf/sonde
/sys/fs/bpf/sonde/map" ]
	rm -r /sys/fs/bpf/sonde
}

by_name() {
	until_seen ' count 1 others 1$' /o/pinned.bpf.o
	grep -q "pinned at /sys/fs/bpf/sonde_count" /tmp/err
	[ "$(files)" = /sys/fs/bpf/sonde_count ]
	until_seen ' count 2 others 1$' /o/pinned.bpf.o
	[ "$(files)" = /sys/fs/bpf/sonde_count ]
	# A map with different attributes is not reused.
	refused /sonde run /o/pinned-size.bpf.o --for 1s
	said "map 'sonde_count'"
	hinted 'rm /sys/fs/bpf/sonde_count'
	# A failed plan does not remove an existing pin.
	/sonde load /o/pinned-broken.bpf.o && return 1
	until_seen ' count 3 others 1$' /o/pinned.bpf.o
	rm /sys/fs/bpf/sonde_count
	until_seen ' count 1 others 1$' /o/pinned.bpf.o
	rm /sys/fs/bpf/sonde_count
}

# Programs stay attached without a process, or nothing stays.
left() {
	dir=/sys/fs/bpf/gate
	/sonde load /o/replace.bpf.o --only gate --on gate=lo --attach --pin $dir 2>/tmp/err
	[ "$(files | grep -c .)" = 8 ] && [ -e $dir/link/gate ]
	refused /sonde load /o/replace.bpf.o --only gate --on gate=lo --attach --pin /sys/fs/bpf/other
	[ ! -e /sys/fs/bpf/other ]
	refused /sonde unload /tmp
	said '/tmp: not in a bpf file system'
	/sonde unload $dir 2>/tmp/err
	grep -q '^/sys/fs/bpf/gate: 1 link, 1 program and 1 map removed$' /tmp/err
	[ "$(files)" = '' ]
	soon [ -z "$(id_of gate)" ]
	refused /sonde unload $dir
	# Another entry stays, and so does the folder.
	/sonde load /o/replace.bpf.o --only gate --on gate=lo --attach --pin $dir 2>/tmp/err
	mkdir $dir/own
	/sonde unload $dir 2>/tmp/err
	grep -q 'other entries stay' /tmp/err
	[ "$(files)" = "$dir
$dir/own" ]
	rm -r $dir
	case $(uname -r) in
	5.10.*)
		refused /sonde load /o/facts.bpf.o --attach --pin $dir
		hinted 'attaches it without a link'
		;;
	*)
		/sonde load /o/facts.bpf.o --attach --pin $dir 2>/tmp/err
		[ -e $dir/link/facts ]
		/sonde unload $dir
		;;
	esac
	[ "$(files)" = '' ]
}

proof "sonde load --pin leaves exactly the pins it reports" mounts
mount -t bpf bpf /sys/fs/bpf
proof "a failed plan leaves no pins" pins_fail
proof "sonde load --attach leaves programs attached, sonde unload removes them" left
proof "a map pinned by name is reused" by_name
# shellcheck source=leave.sh source-path=SCRIPTDIR
. /leave.sh
proof "--replace loses no event" replacing
proof "--replace changes nothing if it fails" refused_replacement
proof "sonde list names what is pinned and by whom" listed
proof "the directory of pins is complete or missing" ended

if [ $native ]; then
	proof "freplace replaces a function of a program" replaced
	proof "fexit on another program" looked_on
	proof "errors of programs that attach to programs" no_target
fi

# ---- arenas ----

arena() {
	begin /o/arena.bpf.o --set zero=5
	/act exec 12345 2 /bin/true
	soon grep -q ' outside 8$' /tmp/out
	end
	grep -q ' first 42 last 599 zero 5$' /tmp/out
	grep -q ' first 43 last 599 zero 6$' /tmp/out
	grep -q ' outside 7$' /tmp/out
}

too_old_for_arenas() {
	refused /sonde run /o/arena.bpf.o --for 1s
	said arena
}

if [ $native ] && since 6 9; then
	proof "variables in an arena" arena
elif [ $native ]; then
	proof "arenas need a newer kernel" too_old_for_arenas
fi

echo "1..$number"
