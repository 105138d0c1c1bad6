#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Uprobes and USDT on real kernels, old and new, of both byte orders. Each kernel boots once and
# proves all in guest/uprobe.sh; its TAP is checked here, and shown when something is not ok.

bats_require_minimum_version 1.8.0
load machine

root=$BATS_TEST_DIRNAME/../..

setup_file() {
	cd "$root"
	tests/deps test
	mkdir -p build/test
	locked all
}

locked() {
	flock build/test/lock make -s "$@"
}

# A program with glibc needs its libraries: put where they are here.
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
			char text[] = "secret"; /* on the stack: a page that is there */
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

# machine TARGET BPF_ARCH: builds what it needs, boots it, and checks what it printed.
machine() {
	local target=$1 bpf_arch=$2 arch=${1%-*} compiler=musl-gcc out=build order=el files=()
	cd "$root"
	if [[ $arch != x86 ]]; then
		tests/deps cross
		compiler=$(tests/sysroot "$arch")
		out=build/$arch
		locked ARCH="$arch" "$out/sonde"
	elif [[ $(uname -m) == x86_64 ]]; then
		dynamic_programs "$BATS_TEST_TMPDIR/dynamic"
	fi
	[[ $arch != s390x ]] || order=eb
	local flags=(-std=c11 -D_GNU_SOURCE -O1)
	# The kernel has no uprobes in Thumb code.
	[[ $arch != armhf ]] || flags+=(-marm)
	"$compiler" "${flags[@]}" -static -no-pie tests/vm/guest/probed.c -o "$BATS_TEST_TMPDIR/probed"
	if [[ $arch == x86 ]]; then
		gcc "${flags[@]}" -static-pie tests/vm/guest/probed.c -o "$BATS_TEST_TMPDIR/probed.pie"
		files+=("$BATS_TEST_TMPDIR/probed.pie:/probed.pie")
	fi
	"$compiler" "${flags[@]}" -static tests/vm/guest/act.c -o "$BATS_TEST_TMPDIR/act"
	clang -target "bpf$order" -O2 -g -mcpu=v2 -Wall -D"__TARGET_ARCH_$bpf_arch" -Iprogs/include \
		-Ibuild/include -c tests/vm/guest/probes.bpf.c -o "$BATS_TEST_TMPDIR/probes.bpf.o"

	run tests/vm/run --bare --timeout 300 "$target" tests/vm/guest/uprobe.sh \
		tests/vm/guest/lib.sh "$out/sonde" "$BATS_TEST_TMPDIR/probed" "$BATS_TEST_TMPDIR/act" \
		"$BATS_TEST_TMPDIR/probes.bpf.o" "${files[@]}"
	echo "$output"
	[ "$status" = 0 ]
	! grep -q '^not ok' <<<"$output"
	# All of them were done.
	[[ ${lines[-1]} == "1..$(grep -c '^ok' <<<"$output")" ]]
}

@test "x86-64, Linux 5.10" { machine x86-5.10 x86; }
@test "x86-64, Linux 6.1" { machine x86-6.1 x86; }
@test "x86-64, Linux 6.12" { machine x86-6.12 x86; }
@test "x86-64, the newest Linux" { machine x86-new x86; }
@test "arm64, Linux 6.12" { machine arm64-6.12 arm64; }
@test "armhf, Linux 6.12: 32 bits, no types" { machine armhf-6.12 arm; }
@test "s390x, Linux 6.12: big-endian" { machine s390x-6.12 s390; }
@test "riscv64, Linux 6.12" { machine riscv64-6.12 riscv; }
