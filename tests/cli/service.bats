#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde run as a service: numbers of maps for Prometheus, in a file and over HTTP; readiness; its log.

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	# Filled by the only process with the id of only_pid, when it sends the signal 0.
	compile filled.o <<-'END'
		#include <bpf/sonde_show.h>
		const volatile pid_t only_pid = -1;
		struct key { __u32 uid; char name[8]; };
		struct value { __u64 calls; __s64 balance; __u64 took SHOW_AS(us); __u64 last_seen; };
		struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8);
			__type(key, struct key); __type(value, struct value); } users SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 4);
			__type(key, __u32); __type(value, __u64); } sizes SEC(".maps");
		struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 27);
			__type(key, __u32); __type(value, __u64); } latency_us SHOW_AS(log2_us) SEC(".maps");
		__u64 depth;
		SEC("tp/syscalls/sys_enter_kill") int on_kill(void *ctx)
		{
			struct key first = {1000, "a\"b\\c"}, second = {.uid = 0, .name = "d\ne"};
			struct value v = {3, -5, 1500000, 77};
			__u64 n = 4;
			__u32 slot = 2;
			if (bpf_get_current_pid_tgid() >> 32 != only_pid)
				return 0;
			bpf_map_update_elem(&users, &first, &v, BPF_ANY);
			v.calls = 1;
			bpf_map_update_elem(&users, &second, &v, BPF_ANY);
			bpf_map_update_elem(&sizes, &slot, &n, BPF_ANY);
			bpf_map_update_elem(&latency_us, &slot, &n, BPF_ANY);
			depth = 9;
			return 0;
		}
	END
	# A record each time.
	compile many.o <<-'END'
		const volatile pid_t only_pid = -1;
		struct record { __u64 count; };
		struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 65536); } records SEC(".maps");
		static __u64 n;
		SEC("tp/syscalls/sys_enter_kill") int on_kill(void *ctx)
		{
			struct record r = {};
			if (bpf_get_current_pid_tgid() >> 32 != only_pid)
				return 0;
			r.count = ++n;
			bpf_ringbuf_output(&records, &r, sizeof r, 0);
			return 0;
		}
	END
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	server=
}

teardown() {
	[[ ! $server ]] || kill "$server" || true
}

@test "counters, gauges and histograms by the names and types of BTF" {
	run -0 "$sonde" run "$BATS_FILE_TMPDIR/filled.o" --pid-var only_pid --metrics page.prom -- bash -c 'kill -0 $$'
	run -0 cat page.prom
	echo "$output"
	[[ $output == *'# TYPE users_calls_total counter'* ]]
	[[ $output == *'users_calls_total{object="filled",uid="1000",name="a\"b\\\\c"} 3'* ]]
	[[ $output == *'users_calls_total{object="filled",uid="0",name="d\\ne"} 1'* ]]
	[[ $output == *'# TYPE users_balance gauge'*'users_balance{object="filled",uid="1000",'*'} -5'* ]]
	[[ $output == *'# TYPE users_last_seen gauge'* ]]
	[[ $output == *'users_took_seconds_total{object="filled",uid="1000",'*'} 1.500000'* ]]
	[[ $output == *'sizes_total{object="filled",index="2"} 4'* ]]
	[[ $output == *$'\ndepth{object="filled"} 9\n'* ]]
	[[ $output == *'sonde_lost_records_total{object="filled"} 0'* ]]
	run ! grep -E '^(only_pid|sizes_total.*index="1")' page.prom
	[ ! -e page.prom.new ]
}

@test "histograms have cumulative buckets in seconds" {
	run -0 "$sonde" run "$BATS_FILE_TMPDIR/filled.o" --pid-var only_pid --metrics page.prom -- bash -c 'kill -0 $$'
	run -0 grep latency page.prom
	[ "${lines[1]}" = "# TYPE latency_seconds histogram" ]
	[ "${lines[2]}" = 'latency_seconds_bucket{object="filled",le="0.000001"} 0' ]
	[ "${lines[3]}" = 'latency_seconds_bucket{object="filled",le="0.000003"} 0' ]
	[ "${lines[4]}" = 'latency_seconds_bucket{object="filled",le="0.000007"} 4' ]
	[ "${lines[5]}" = 'latency_seconds_bucket{object="filled",le="+Inf"} 4' ]
	[ "${lines[6]}" = 'latency_seconds_count{object="filled"} 4' ]
}

@test "promtool has no complaint" {
	local promtool status=0
	promtool=$("$root/tests/promtool" 2>errors) || status=$?
	((status != 3)) || skip "$(tail -n 1 errors)"
	run -0 "$sonde" run "$BATS_FILE_TMPDIR/filled.o" --pid-var only_pid --metrics page.prom -- bash -c 'kill -0 $$'
	run -0 "$promtool" check metrics <page.prom
	[ -z "$output" ]
	echo 'users_calls_total{' >>page.prom
	run ! "$promtool" check metrics <page.prom
}

# serve ARGUMENT…: in the background, until end.
serve() {
	mkfifo ready
	"$sonde" run "$progs/execcount.bpf.o" --ready-fd 9 "$@" 9>ready >out 2>errors 3>&- &
	server=$!
	read -r <ready
	rm ready
}

end() {
	kill "$server"
	wait "$server"
	server=
}

# ask SOCKET [TEXT]: connects, sends the request and prints the answer.
ask() {
	python3 - "$@" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.connect(sys.argv[1])
		s.sendall((sys.argv[2] if len(sys.argv) > 2 else "GET /metrics HTTP/1.0\r\n\r\n").encode())
		answer = b""
		try:
		    while part := s.recv(65536):
		        answer += part
		except ConnectionResetError: # what it had sent was not read
		    pass
		sys.stdout.write(answer.decode())
	END
}

@test "requests over HTTP, also from a client that is slow, wrong or gone" {
	serve --metrics unix:socket --map exec_count
	run -0 ask socket
	[[ $output == "HTTP/1.0 200 OK"*"Content-Type: text/plain; version=0.0.4"* ]]
	[[ $output == *"# TYPE exec_count_total counter"* ]]
	run -0 ask socket $'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
	[[ $output == "HTTP/1.0 200 OK"* ]]
	run -0 ask socket $'GET /etc/passwd HTTP/1.0\r\n\r\n'
	[[ $output == "HTTP/1.0 404 Not Found"* ]]
	run -0 ask socket $'POST /metrics HTTP/1.0\r\n\r\n'
	[[ $output == "HTTP/1.0 405 Method Not Allowed"* ]]
	run -0 ask socket "$(head -c 5000 /dev/zero | tr '\0' x)"
	[ -z "$output" ]
	run -0 ask socket 'GET /metrics' # is not complete, and given up after a second
	[ -z "$output" ]
	run -0 ask socket
	[[ $output == "HTTP/1.0 200 OK"* ]]
	[ ! -s out ]
	end
	[ ! -e socket ]
	run ! grep -v attached errors
}

@test "addresses that are taken or wrong" {
	serve --metrics unix:socket
	run -1 "$sonde" run "$progs/execcount.bpf.o" --metrics unix:socket --for 1ms
	[[ $output == *"unix:socket: listen: EADDRINUSE"*"hint: another process listens there"* ]]
	kill -KILL "$server"
	wait "$server" || true
	server=
	[ -S socket ]
	run -0 "$sonde" run "$progs/execcount.bpf.o" --metrics unix:socket --for 1ms # it was left
	[ ! -e socket ]
	echo mine >socket
	run -1 "$sonde" run "$progs/execcount.bpf.o" --metrics unix:socket --for 1ms
	[ "$(cat socket)" = mine ]
	run -1 "$sonde" run "$progs/execcount.bpf.o" --metrics "unix:$(printf '%0200d' 1)" --for 1ms
	[[ $output == *"the path of a unix socket has 1 to 107 bytes"* ]]
	run -1 "$sonde" run "$progs/execcount.bpf.o" --metrics /nowhere/page.prom --for 1ms
	[[ $output == *"/nowhere/page.prom.new: ENOENT"* ]]
	run -2 "$sonde" run "$progs/execcount.bpf.o" --metrics page.prom --folded
}

@test "the service manager is told when all is attached, and of the end" {
	python3 - "$sonde" run "$progs/execcount.bpf.o" --for 200ms <<-'END' >told
		import os, socket, subprocess, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind("manager")
		subprocess.run(sys.argv[1:] + ["--", "sh", "-c", 'echo "socket=$NOTIFY_SOCKET"'],
		    env={**os.environ, "NOTIFY_SOCKET": os.path.abspath("manager")}, check=True)
		s.setblocking(False)
		print(s.recv(100).decode(), s.recv(100).decode())
	END
	[ "$(tail -n 1 told)" = "READY=1 STOPPING=1" ]
	grep -qx socket= told
	NOTIFY_SOCKET=$PWD/nobody run -0 "$sonde" run "$progs/execcount.bpf.o" --for 1ms
}

@test "--output, and a new file when it is too large" {
	run -0 "$sonde" run "$BATS_FILE_TMPDIR/many.o" --pid-var only_pid --output log --rotate 4K -- \
		bash -c 'for ((i = 0; i < 1200; i++)); do kill -0 $$; ((i % 20)) || sleep 0.01; done; echo mine'
	echo "$output"
	[[ $output == *mine* && $output != *COUNT* ]]
	(($(stat -c %s log) < 8192 && $(stat -c %s log.1) >= 4096 && $(stat -c %s log.1) < 8192))
	[ "$(head -n 1 log)" = "$(head -n 1 log.1)" ]
	[ "$(tail -n 1 log | tr -d " ")" = 1200 ]
	cp log before
	run -0 "$sonde" run "$progs/hello.bpf.o" --output log --for 1ms # is appended to
	cmp -n "$(stat -c %s before)" before log
	run -1 "$sonde" run "$progs/hello.bpf.o" --output /nowhere/log --for 1ms
	[[ $output == "sonde: --output /nowhere/log: ENOENT"* ]]
	run -2 "$sonde" run "$progs/hello.bpf.o" --rotate 1M
	run -2 "$sonde" run "$progs/hello.bpf.o" --output log --rotate 1T
}
