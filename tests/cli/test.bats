#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde test: packets, files of cases, verdicts. On other kernels: tests/vm/doctor.bats.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
	compile edit.o <<-'END'
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8);
			__type(key, __u32); __type(value, __u64); } lengths SEC(".maps");
		SEC("xdp") int swap(struct xdp_md *ctx)
		{
			unsigned char *p = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
			__u32 length = end - p;
			__u64 one = 1;
			if (p + 14 > end)
				return XDP_ABORTED;
			bpf_map_update_elem(&lengths, &length, &one, 0);
			for (int i = 0; i < 6; i++) {
				unsigned char c = p[i];
				p[i] = p[6 + i];
				p[6 + i] = c;
			}
			return XDP_TX;
		}
		SEC("xdp") int push(struct xdp_md *ctx)
		{
			if (bpf_xdp_adjust_head(ctx, -4))
				return XDP_ABORTED;
			unsigned char *p = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
			if (p + 4 > end)
				return XDP_ABORTED;
			p[0] = p[1] = p[2] = p[3] = 0xee;
			return XDP_PASS;
		}
		SEC("sk_lookup") int port(struct bpf_sk_lookup *ctx)
		{
			return ctx->local_port == 53 && ctx->family == 2 && ctx->protocol == 17 &&
				ctx->remote_ip4 == 0x0100000a ? SK_DROP : SK_PASS;
		}
		SEC("syscall") int add(int *ctx) { return ctx[0] + ctx[1]; }
		SEC("raw_tp/sched_switch") int raw(__u64 *ctx) { return (int)ctx[0]; }
	END
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	needs_bpf
}

@test "a packet: verdict, changes, maps" {
	run --separate-stderr -0 "$sonde" test "$progs/noping.bpf.o" 'eth/ip/icmp echo'
	[[ $output == "noping (xdp): XDP_DROP (1); packet of 42 bytes unchanged" && ! $stderr ]]
	run --separate-stderr -0 "$sonde" test "$BATS_FILE_TMPDIR/edit.o" --prog swap eth/ip
	[[ ${lines[0]} == "swap (xdp): XDP_TX (3); packet of 34 bytes, now 34:" ]]
	[[ ${lines[1]} == "- 0000  02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 00  ..............E." ]]
	[[ ${lines[2]} == "+ 0000  02 00 00 00 00 01 02 00 00 00 00 02 08 00 45 00  ..............E." ]]
	[[ $output == *"lengths: 1 entry"* ]]
	run --separate-stderr -0 "$sonde" test "$BATS_FILE_TMPDIR/edit.o" --prog push --no-maps eth
	[[ ${lines[0]} == *"packet of 14 bytes, now 18:" && ${lines[1]} == "+ 0000  ee ee ee ee "* &&
		${#lines[@]} = 2 ]]
	run --separate-stderr -0 "$sonde" test --json "$BATS_FILE_TMPDIR/edit.o" --prog push eth
	jq -e '.verdict == "XDP_PASS" and .data_out == "eeeeeeee" + .data_in' <<<"$output"
}

@test "contexts: sk_lookup from a packet, syscall, raw tracepoints" {
	object=$BATS_FILE_TMPDIR/edit.o
	"$sonde" test "$object" --prog port 'eth/ip/udp dport=53' --expect SK_DROP
	"$sonde" test "$object" --prog port 'eth/ip/udp dport=54' --expect pass
	"$sonde" test "$object" --prog port 'eth/ip6/udp dport=53' --expect 1
	run --separate-stderr -1 "$sonde" test "$object" --prog port 'eth/arp'
	[[ $stderr == *"expects a packet of TCP or UDP, or --ctx"* ]]
	[[ $("$sonde" test "$object" --prog add --ctx '05000000 07000000') == "add (syscall): returned 12" ]]
	printf '\x2a\0\0\0\0\0\0\0' >arguments
	[[ $("$sonde" test "$object" --prog raw --ctx arguments) == "raw (raw_tracepoint): returned 42" ]]
}

@test "--repeat measures, --expect decides the status, --data reads files" {
	run --separate-stderr -0 "$sonde" test "$progs/xdppass.bpf.o" --repeat 1000 eth/ip
	[[ ${lines[0]} =~ ^xdppass\ \(xdp\):\ XDP_PASS\ \(2\),\ [0-9]+\ ns\ per\ run\ \(1000\ runs\) ]]
	[[ $output == *1000* ]]
	"$sonde" test "$progs/noping.bpf.o" 'eth/ip/icmp echo' --expect drop
	run --separate-stderr -1 "$sonde" test "$progs/noping.bpf.o" 'eth/ip/icmp echo' --expect pass
	[[ $stderr == "sonde: program 'noping': expected pass, got XDP_DROP" ]]
	hex=$("$sonde" test "$progs/noping.bpf.o" 'eth/ip/icmp echo' --json | jq -r .data_in)
	"$sonde" test "$progs/noping.bpf.o" --data "$hex" --expect drop
	xxd -r -p <<<"$hex" >packet || python3 -c "import sys; sys.stdout.buffer.write(bytes.fromhex('$hex'))" >packet
	"$sonde" test "$progs/noping.bpf.o" --data packet --expect drop
	{
		printf '\xa1\xb2\xc3\xd4\0\2\0\4\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0\0\1'
		printf '\0\0\0\0\0\0\0\0\0\0\0\x2a\0\0\0\x2a'
		cat packet
	} >capture.pcap
	"$sonde" test "$progs/noping.bpf.o" --data capture.pcap --expect drop
}

@test "files of cases: TAP, fresh maps for each, status" {
	for cases in "$root"/progs/*/*.test; do
		name=$(basename "$cases" .test)
		run --separate-stderr -0 "$sonde" test "$progs/$name.bpf.o" --cases "$cases"
		[[ ! $stderr && ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
	done
	cp "$progs/noping.bpf.o" .
	printf '%s\n' 'right: eth/ip/icmp -> drop' 'wrong: eth/ip/udp -> XDP_DROP' 'broken: eht -> pass' \
		'other: eth -> XDP_PASS = eth/arp' 'no verdict: eth -> XDP_PSAS' >noping.test
	run --separate-stderr -1 "$sonde" test noping.bpf.o
	[[ ${lines[0]} == "ok 1 - right" && ${lines[1]} == "not ok 2 - wrong" ]]
	[[ ${lines[2]} == "# line 2: expected XDP_DROP, got XDP_PASS" && ${lines[-1]} == "1..5" ]]
	[[ $output == *"unknown layer 'eht'"*"(-: expected)"*"XDP_PASS"* && $(grep -c '^not ok' <<<"$output") = 4 ]]
	[[ $(grep -vc -e '^ok' -e '^not ok' -e '^# ' -e '^1\.\.' <<<"$output") = 0 ]]
	run --separate-stderr -1 "$sonde" test noping.bpf.o --json
	[[ $(jq -r .ok <<<"$output" | tr '\n' ' ') == "true false false false false " ]]
	# a packet on the command line takes precedence
	run --separate-stderr -0 "$sonde" test noping.bpf.o eth
	[[ $output == "noping (xdp): XDP_PASS"* ]]
}

@test "entries of maps before and after a case" {
	printf '%s\n' 'prog swap' 'x: eth/ip -> XDP_TX' 'map lengths[34] = 1' 'y: eth -> XDP_TX' \
		'map lengths[34] = none' 'put lengths[9] = 7' 'z: eth -> XDP_TX' 'map lengths[9] = 7' >x.test
	"$sonde" test "$BATS_FILE_TMPDIR/edit.o" --cases x.test
	printf '%s\n' 'prog swap' 'x: eth/ip -> XDP_TX' 'map lengths[34] = 2' 'y: eth -> XDP_TX' \
		'map lengths[34] = 1' 'z: eth -> XDP_TX' 'map lengths[14] = none' 'a: eth -> XDP_TX' \
		'map nope[1] = 1' 'b: eth -> XDP_TX' 'map lengths[x] = 1' 'c: eth -> XDP_TX' \
		'map lengths[14] = {a = 1}' 'put lengths[14] = x' 'd: eth -> XDP_TX' >x.test
	run --separate-stderr -1 "$sonde" test "$BATS_FILE_TMPDIR/edit.o" --cases x.test
	[[ $(grep -c '^not ok' <<<"$output") = 7 ]]
	[[ $output == *"entry 34 is not 2"*"has no entry 34"*"has an entry 14"*"there is no map 'nope'"* ]]
}

@test "several programs: one has to be named" {
	printf 'x: eth/ip -> XDP_TX\n' >x.test
	run --separate-stderr -1 "$sonde" test "$BATS_FILE_TMPDIR/edit.o" --cases x.test
	[[ $output == *"several programs can be run"*"prog NAME"* ]]
	"$sonde" test "$BATS_FILE_TMPDIR/edit.o" --cases x.test --prog swap
	printf 'prog swap\nx: eth/ip -> XDP_TX\nprog push\ny: eth/ip -> pass\n' >x.test
	"$sonde" test "$BATS_FILE_TMPDIR/edit.o" --cases x.test
}

@test "what cannot be run, and wrong input" {
	object=$progs/noping.bpf.o
	refused test "$BATS_FILE_TMPDIR/nothing.o" eth
	[[ $reason == *"the kernel has no test runs of its programs" ]]
	refused test "$BATS_FILE_TMPDIR/nothing.o" --prog nothing eth
	[[ $reason == *"has no test runs of tracepoint programs" ]]
	refused test "$object" --prog nope eth
	[[ $reason == *"there is no program 'nope'" && $hint == *noping* ]]
	refused test "$object" 'eth/ipp'
	refused test "$object" 'eth/ip ttl=256'
	refused test "$object" eth/cut
	refused test "$object" ''
	refused test "$object" 'hex 0102'
	[[ $hint == *"requires an Ethernet header"* ]]
	refused test "$object" --data nowhere
	refused test "$object" --data ''
	refused test "$object" --ctx 0g eth
	refused test "$object" --expect XDP_DORP eth/ip
	refused test "$object" --cases nowhere
	printf 'no case' >wrong
	refused test "$object" --cases wrong
	[[ $reason == *"wrong: line 1: expected NAME: PACKET -> VERDICT" ]]
	printf '\0' >wrong
	refused test "$object" --cases wrong
	refused test nowhere eth
	for wrong in '--repeat 0' '--repeat x' '--repeat -1' 'a b c' '--data 00 eth' '--cases x --expect drop'; do
		# shellcheck disable=SC2086
		run --separate-stderr -2 "$sonde" test "$object" $wrong
		[[ ! $output && ${#stderr_lines[@]} = 2 ]]
	done
	run --separate-stderr -2 "$sonde" test
}

@test "prog run: a loaded program, in the words of bpftool" {
	[[ $(id -u) = 0 ]] || skip "requires pins"
	dir=/sys/fs/bpf/sonde-test-$$
	"$sonde" load "$progs/noping.bpf.o" --pin "$dir"
	ran=("$sonde" prog run pinned "$dir/prog/noping")
	hex=$("$sonde" test "$progs/noping.bpf.o" 'eth/ip/icmp echo' --json | jq -r .data_in)
	printed=$("${ran[@]}" data_in "$hex" data_out left repeat 3)
	json=$("${ran[@]}" --json data_in left)
	wrong=$("${ran[@]}" data_in left nope 1 2>&1) || status=$?
	short=$("${ran[@]}" data_in 00 2>&1) || true
	"$sonde" unload "$dir"
	[[ $printed == "Return value: 1, duration (average): "*"ns (XDP_DROP)" ]]
	[[ $(wc -c <left) = 42 && $status = 1 ]]
	jq -e '.retval == 1 and .verdict == "XDP_DROP"' <<<"$json"
	[[ $wrong == *"unknown word 'nope'"* && $short == *"requires an Ethernet header"* ]]
}

@test "nothing stays, and nothing is attached" {
	"$sonde" test "$BATS_FILE_TMPDIR/edit.o" --prog swap --repeat 10 eth/ip >/dev/null
	gone lengths
	gone swap
}
