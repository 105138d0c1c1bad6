#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Uprobes and USDT on real kernels, old and new, with SONDE_ALL=1 of both byte orders, which the course has in
# any case. Each kernel boots once and runs guest/uprobe.sh; the TAP is checked here and shown on failure.

bats_require_minimum_version 1.8.0
load machine

# A dynamically linked program needs its libraries at the same paths as here.
dynamic_programs() {
	local into=$1
	mkdir -p "$into"
	cat >"$into/ssl.c" <<-'END'
		int SSL_write(void *s, const void *text, int n) { return s || !text ? -1 : n; }
	END
	cat >"$into/use.c" <<-'END'
		#include <stdio.h>
		int SSL_write(void *, const void *, int);
		int main(void)
		{
			char text[] = "secret"; /* on the stack, so its page is resident */
			return getchar() == EOF || SSL_write(0, text, 6) != 6;
		}
	END
	cat >"$into/mallocs.c" <<-'END'
		#include <stdio.h>
		#include <stdlib.h>
		int main(void) { return getchar() == EOF || printf("%p\n", malloc(4242)) < 0; }
	END
	(
		cd "$into"
		gcc -O1 -shared -fPIC -Wl,-soname,libssl.so.3 ssl.c -o libssl.so.3
		gcc -O1 use.c ./libssl.so.3 -o ssl
		gcc -O1 mallocs.c -o mallocs
	)
	files+=("$into/ssl:/ssl" "$into/mallocs:/mallocs" "$into/libssl.so.3:/usr/lib/libssl.so.3"
		"build/course/c10_mallocwatch.bpf.o:/course/c10_mallocwatch.bpf.o"
		"/lib/x86_64-linux-gnu/libc.so.6:/lib/x86_64-linux-gnu/libc.so.6"
		"/lib64/ld-linux-x86-64.so.2:/lib64/ld-linux-x86-64.so.2")
	locked build/course/c10_mallocwatch.bpf.o
}

# machine TARGET: builds what the machine needs, boots it and checks its output.
machine() {
	local files=()
	prepare "$1"
	program tests/vm/guest/probed.c -O1 -no-pie
	if [[ $arch == x86 ]]; then
		gcc -std=c11 -D_GNU_SOURCE -O1 -static-pie tests/vm/guest/probed.c -o "$tmp/probed.pie"
		files+=("$tmp/probed.pie:/probed.pie")
		[[ $(uname -m) != x86_64 ]] || dynamic_programs "$tmp/dynamic"
	fi
	object tests/vm/guest/probes.bpf.c "$tmp/probes.bpf.o"
	proves tests/vm/run --bare --timeout 3600 "$1" tests/vm/guest/uprobe.sh tests/vm/guest/lib.sh \
		"$tmp"/{sonde,probed,act,probes.bpf.o} "${files[@]}"
}

@test "x86-64, Linux 5.10" { machine x86-5.10; }
@test "x86-64, Linux 6.1" { extra && machine x86-6.1; }
@test "x86-64, Linux 6.12" { extra && machine x86-6.12; }
@test "x86-64, the newest Linux" { machine x86-new; }
@test "arm64, Linux 6.12" { extra && machine arm64-6.12; }
@test "armhf, Linux 6.12: 32 bits, no types" { extra && machine armhf-6.12; }
@test "s390x, Linux 6.12: big-endian" { extra && machine s390x-6.12; }
@test "riscv64, Linux 6.12" { machine riscv64-6.12; }
