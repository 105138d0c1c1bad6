# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash
#
# What lives in this kernel, as sonde shows it, while programs of all kinds are attached.
# shellcheck source=/dev/null
. /cable.sh

PATH=$PATH:/ # bpftool, jq
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/a/b
libc=/lib/x86_64-linux-gnu/libc.so.6

# /early has started one, for 2 seconds.
while pidof sonde >/dev/null; do usleep 100000; done
(cd /progs && . /pages)

# hold TYPE NAME WHERE OBJECT ARGUMENT…: attaches OBJECT until the end. ps has to show its program NAME
# as TYPE at WHERE (regular expressions), held by that process.
hold() {
	expected="\"type\":\"$1\",\"name\":\"$2\",\"where\":\"$3\",\"by\":\[{\"pid\":"
	shift 3
	mkfifo /tmp/ready
	/sonde run "/progs/$@" --every 1h --ready-fd 3 >/dev/null 2>&1 3>/tmp/ready &
	sonde=$!
	held="${held-} $sonde"
	read -r _ </tmp/ready
	rm /tmp/ready
	echo "$expected$sonde,\"comm\":\"sonde\"}\]" >>/tmp/expected
}

# The kernel reports the functions of links since 5.13.
target() {
	! since 5.13 || echo "$1"
}

hold tracepoint openat_enter sys_enter_openat opensnoop.bpf.o

hold fentry send_entry "$(target tcp_sendmsg)" c09_tcpfent.bpf.o
hold xdp plain v0 xdp.bpf.o --only plain --on plain=v0
gate=$sonde
type=tc/ingress
! since 6.6 || type=tcx/ingress
hold $type in v0 tc.bpf.o --only in --on in=v0
hold action act v0 tc.bpf.o --only act --on act=v0
hold cgroup_skb/egress watch /a/b attach.bpf.o --only watch --on watch=/sys/fs/cgroup/a/b
hold uprobe mallocsize "$libc:0x[0-9a-f]*" mallocsize.bpf.o
hold iter itertask task itertask.bpf.o
light=$held held=''
hold kprobe vfstime_entry vfs_read vfstime.bpf.o
hold perf_event sample '[a-z_ 0-9]*' sampling.bpf.o
! since 6.6 || hold kprobe.multi vfs 'vfs_[a-z_]* and [0-9]* more' attach.bpf.o --only vfs
heavy=$held held=$light # they slow down everything, and end early
hold struct_ops ours 'tcp_congestion_ops, map [0-9]*' ops.bpf.o
! since 6.4 || hold netfilter drop 'ipv4 forward -5' misc.bpf.o --only drop --on drop=ipv4:forward:-5

# ---- everything that is attached ----

everything() {
	/sonde ps --json >/tmp/out
	while read -r line; do
		grep -q "$line" /tmp/out
	done </tmp/expected
	# Nothing twice: all programs but those of struct_ops, and the map of these.
	jq -e -s 'length == (map([.prog, .map]) | unique | length)' /tmp/out
	/sonde ps >/tmp/out
	[ "$(awk 'length > 80' /tmp/out | wc -l)" = 0 ]
}

# The programs that are not attached are those of struct_ops.
every_program() {
	/sonde ps --json | jq .prog | sort -u >/tmp/attached
	bpftool -j prog | jq '.[] | select(.type != "struct_ops") | .id' | sort -u >/tmp/loaded
	[ "$(grep -vxFf /tmp/attached /tmp/loaded | wc -l)" = 0 ]
}

counted() {
	/sonde ps --stats --json >/tmp/out &
	counter=$!
	soon grep -q sonde /proc/$counter/comm
	cat /proc/*/comm >/dev/null 2>&1
	usleep 300000
	cat /proc/*/comm >/dev/null 2>&1
	wait $counter
	grep '"name":"openat_enter"' /tmp/out | grep -q '"runs_per_s":[1-9][0-9]*,"ns_per_run":[1-9]'
	/sonde top --every 100ms --for 100ms --json >/tmp/out
	[ "$(wc -l </tmp/out)" -ge "$(wc -l </tmp/expected)" ]
}

# ---- against bpftool ----

id_of() {
	bpftool -j prog show name "$1" | jq 'if type == "array" then .[0] else . end | .id'
}

slow_ones_end() {
	# shellcheck disable=SC2086
	kill -INT $heavy
	# shellcheck disable=SC2086
	wait $heavy || true
	heavy_gone() {
		! /sonde ps --json | grep -q '"name":"sample"'
	}
	soon heavy_gone
}

same() {
	cmp /tmp/theirs /tmp/ours || diff /tmp/theirs /tmp/ours
}

programs() {
	bpftool -j prog | jq -c '.[]' >/tmp/theirs
	/sonde prog --json >/tmp/ours
	keys='[.id, .name, .tag, .gpl_compatible, .uid, .bytes_xlated, .jited, .bytes_jited, .bytes_memlock,
		.map_ids // [], .btf_id]'
	# It writes the number of a type that it does not know, and rounds times differently.
	jq -c -n --slurpfile theirs /tmp/theirs --slurpfile ours /tmp/ours "[\$theirs[], \$ours[]] |
		group_by(.id)[] | select((map($keys) | unique | length) != 1 or length != 2 or
			(.[0].loaded_at - .[1].loaded_at | . > 1 or . < -1) or
			(all(.[]; .type | type == \"string\") and .[0].type != .[1].type))" >/tmp/differ
	cat /tmp/differ
	[ -s /tmp/ours ] && [ ! -s /tmp/differ ]
}

maps() {
	keys='{id, type, name, flags, bytes_key, bytes_value, max_entries, bytes_memlock, frozen}'
	bpftool -j map | jq -c -S ".[] | select(.type | type == \"string\") | $keys" | head -n 8 >/tmp/theirs
	for id in $(jq .id </tmp/theirs); do
		/sonde map show id "$id" --json
	done | jq -c -S "$keys" >/tmp/ours
	same
	[ -s /tmp/ours ]
}

links() {
	bpftool -j link | jq -c '.[]' >/tmp/theirs
	/sonde link --json >/tmp/ours
	jq -c -n --slurpfile theirs /tmp/theirs --slurpfile ours /tmp/ours '[$theirs[], $ours[]] |
		group_by(.id)[] | select(length != 2 or .[0].prog_id != .[1].prog_id or
			.[0].cgroup_id != .[1].cgroup_id or
			((.[0].attach_type | type) == "string" and .[0].attach_type != .[1].attach_type) or
			((.[0].tp_name // .[0].target_name // .[1].where) != .[1].where))' >/tmp/differ
	cat /tmp/differ
	[ -s /tmp/ours ] && [ ! -s /tmp/differ ]
}

btf() {
	keys='{id, size, prog_ids: (.prog_ids // [] | sort), map_ids: (.map_ids // [] | sort)}'
	bpftool -j btf list | jq -c -S ".[] | $keys" >/tmp/theirs
	/sonde btf objects --json | jq -c -S "$keys" >/tmp/ours
	same
	[ -s /tmp/ours ]
}

# It lists neither tcx nor netfilter.
places() {
	bpftool -j net | jq '.. | objects | .id // empty' >/tmp/theirs
	/sonde net --json | tee /tmp/out | jq .prog >/tmp/ours
	[ -s /tmp/theirs ]
	[ "$(grep -vxFf /tmp/ours /tmp/theirs | wc -l)" = 0 ]
	for name in plain in act; do
		grep -q "\"name\":\"$name\",\"where\":\"v0\"" /tmp/out
	done
	! since 6.4 || grep -q '"where":"ipv4 forward -5"' /tmp/out
	[ "$(grep -cE 'openat|"type":"cgroup' /tmp/out)" = 0 ]
	# Its query of programs fails on these kernels.
	bpftool -j cgroup tree | jq -r '.[].cgroup' | sed "s,/sys/fs/cgroup\(.*\),\1 $(id_of watch)," >/tmp/theirs
	/sonde cgroup tree --json | jq -r '"\(.where) \(.prog)"' >/tmp/ours
	same
	[ -s /tmp/ours ]
}

instructions() {
	bpftool -j prog dump xlated name openat_exit | jq -r '.[].disasm' | sed -E 's/^\([0-9a-f]+\) //
		s/goto pc/goto /; s/#.*//; s/^call pc/call /; s/ 0xffffffff / -1 /' >/tmp/theirs
	/sonde prog dump xlated name openat_exit --json >/tmp/out
	jq -r .disasm </tmp/out | sed -E 's/^(call [-+][0-9]+) .*/\1/
		s/map\[([0-9]+)[^]]*\](\+[0-9]+) ll/map[id:\1][0]\2/; s/map\[([0-9]+)[^]]*\] ll/map[id:\1]/
		s/(0x[0-9a-f]+) ll/\1/; s/&\(void __percpu \*\)\((r[0-9])\)/\1/' >/tmp/ours
	same
	[ "$(wc -l </tmp/ours)" -gt 50 ]
	grep -q '"source":"if (!name) @ opensnoop.bpf.c:[0-9]*"' /tmp/out
}

machine_code() {
	/sonde prog dump jited name openat_exit >/tmp/out
	grep -q '^; bpf_map_delete_elem(&opening, &thread); @ ' /tmp/out
	grep -q ' call htab_map_delete_elem$' /tmp/out
	! grep -E '^ *[0-9a-f]+:( [0-9a-f]{2})+$' /tmp/out # every instruction is known
	# It begins with the frame pointer and ends with a return.
	sed -n 's/^ *[0-9a-f]*: //p' /tmp/out | sed 's/  .*//' | tr -s ' \n' '\n\n' >/tmp/bytes
	[ "$(wc -l </tmp/bytes)" = "$(bpftool -j prog show name openat_exit | jq .bytes_jited)" ]
	tr '\n' ' ' </tmp/bytes | grep -qE '55 48 89 e5 .* c9 (c3|c3 cc|e9 .. .. .. ..) $'
}

hidden() {
	echo 2 >/proc/sys/kernel/kptr_restrict
	/sonde prog dump xlated name openat_exit >/tmp/out
	grep -q 'call (hidden)$' /tmp/out
	grep -qx '; if (!name) @ opensnoop.bpf.c:[0-9]*' /tmp/out
	refused /sonde prog dump jited name openat_exit
	grep -q '^hint: .*kernel.kptr_restrict' /tmp/err
	echo 0 >/proc/sys/kernel/kptr_restrict
}

# ---- selecting, pins, rights ----

selected() {
	id=$(id_of plain)
	tag=$(bpftool -j prog show id "$id" | jq -r .tag)
	/sonde prog pin name plain /sys/fs/bpf/plain
	for words in "$id" "id $id" "name plain" plain "tag $tag" /sys/fs/bpf/plain \
		"pinned /sys/fs/bpf/plain"; do
		# shellcheck disable=SC2086
		/sonde prog show $words --json | grep -q "\"id\":$id,"
	done
	refused /sonde link show pinned /sys/fs/bpf/plain
	grep -q 'is not the pin of a link, but of a program$' /tmp/err
	rm /sys/fs/bpf/plain
	refused /sonde prog show 4000000
	grep -q 'there is no program with the id 4000000$' /tmp/err
	refused /sonde prog pin name plain /tmp/nowhere
	grep -q '^hint: the directory must be in a bpf file system' /tmp/err
}

# A pin keeps a link when its process has gone; nothing is left once it is unpinned.
pinned_link() {
	link=$(/sonde link --json | jq 'select(.prog_name == "plain") | .id')
	/sonde link pin "$link" /sys/fs/bpf/gate
	/sonde ps --json | grep '"name":"plain"' | grep -qF "{\"pid\":$gate,\"comm\":\"sonde\"},{\"pin\":\"/sys/fs/bpf/gate\"}"
	/sonde link detach pinned /sys/fs/bpf/gate
	/sonde ps --json | grep '"name":"plain"' | grep -q '"where":"removed"'
	rm /sys/fs/bpf/gate
}

struct_ops() {
	bpftool -j struct_ops list | jq -r '.[] | "\(.id) \(.name)"' >/tmp/theirs
	/sonde struct_ops --json | tee /tmp/out | jq -r '"\(.id) \(.name)"' >/tmp/ours
	same
	[ "$(jq .registered /tmp/out)" = true ]
	/sonde struct_ops | grep -q '^ *[0-9]*  ours  tcp_congestion_ops  \(yes\|link [0-9]*\)$'
}

# The link stays, with another program, and then with its own again.
updated_link() {
	link=$(/sonde link --json | jq 'select(.prog_name == "plain") | .id')
	own=$(/sonde link show "$link" --json | jq .prog_id)
	/sonde load /progs/xdp.bpf.o --only plain --pin /sys/fs/bpf/second
	/sonde link update "$link" pinned /sys/fs/bpf/second/prog/plain
	[ "$(/sonde link show "$link" --json | jq .prog_id)" = \
		"$(/sonde prog show /sys/fs/bpf/second/prog/plain --json | jq .id)" ]
	refused /sonde link update "$link" name execve_count_or_none
	refused /sonde link update "$link" name act
	grep -q "link $link: update to program act: " /tmp/err
	/sonde link update "$link" id "$own"
	/sonde unload /sys/fs/bpf/second
}

rights() {
	for words in ps top prog link "prog show 1" "link show id 1" "prog dump xlated 1"; do
		# shellcheck disable=SC2086
		refused /act as 1000 0 /sonde $words
		grep -q 'EPERM' /tmp/err
		grep -q '^hint: ' /tmp/err
	done
}

proof "ps: every attachment, where and by whom" everything
proof "ps --stats, top: runs and time" counted
(slow_ones_end) >/dev/null 2>&1
proof "ps: every program that is loaded" every_program
proof "prog: as bpftool" programs
proof "map show: as bpftool" maps
proof "link: as bpftool" links
proof "btf objects: as bpftool" btf
proof "net, cgroup: as bpftool" places
proof "prog dump xlated: as bpftool" instructions
proof "prog dump jited: instructions under their source lines" machine_code
proof "prog dump: addresses are hidden" hidden
proof "bpftool's ways to select, pins" selected
proof "struct_ops: as bpftool" struct_ops
proof "link: its program is replaced" updated_link
proof "link: pin, detach" pinned_link
proof "errors without rights" rights

# ---- nothing is left ----

gone() {
	[ "$(/sonde ps | wc -l)" = 0 ]
	[ "$(/sonde link | wc -l)" = 0 ]
}

all_end() {
	# shellcheck disable=SC2086
	kill -INT $held || true
	soon gone
}

nothing_left() {
	true
}
proof "ps: nothing is attached any more" all_end

echo "1..$number"
