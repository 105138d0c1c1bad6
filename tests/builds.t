#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde builds without warnings with each compiler and for each architecture, and so does libsonde.a with
# the example for embedders. Each binary is hardened (docs/security.md), and not larger than it was.
cd "$(dirname "$(readlink -f "$0")")/.." || exit
export MAKEFLAGS=

number=0
status=0

# hardened BINARY: prints what it lacks. $BINARY.debug has its symbols.
hardened() {
	local segments dynamic address guards
	segments=$(readelf -lW "$1") || return
	dynamic=$(readelf -dW "$1") || return
	grep -q 'FLAGS_1.* PIE' <<<"$dynamic" || echo "$1: it is no PIE"
	! grep -q TEXTREL <<<"$dynamic" || echo "$1: relocations of code"
	grep -q 'FLAGS_1.* NOW' <<<"$dynamic" || echo "$1: not BIND_NOW"
	grep -q ' GNU_RELRO ' <<<"$segments" || echo "$1: no RELRO"
	grep -q ' GNU_STACK .* RW ' <<<"$segments" || echo "$1: an executable stack"
	# The numbers of executable and of writable segments, from the first table, and the sections
	# of each, from the second one.
	awk -v file="$1" '
		/^  Type / { number = -1 }
		/^  [A-Z_]+ +0x/ { number++ }
		/^  LOAD / { flags[number] = substr($0, index($0, $6) + length($6)) }
		/^   [0-9][0-9] / && flags[$1 + 0] ~ /E/ {
			code = 1
			if (flags[$1 + 0] ~ /W/)
				print file ": a segment is writable and executable"
			if (/ \.(rodata|data)/)
				print file ": data is executable:" $0
		}
		END { if (!code) print file ": no code found" }' <<<"$segments"
	# Calls of a static __stack_chk_fail, by name or by address.
	address=$(nm "$1.debug" | sed -n 's/^0*\([0-9a-f]*\) T __stack_chk_fail$/\1/p')
	guards=$(llvm-objdump -d "$1.debug" | grep -cE "[ x]$address\$|__stack_chk_fail")
	((guards > 50)) || nm "$1.debug" | grep -q 'U __stack_chk_fail' ||
		echo "$1: only $guards calls of __stack_chk_fail"
}

try() { # TITLE FOLDER MAKE-ARGUMENT…
	local title=$1 folder=$2 log
	shift 2
	number=$((number + 1))
	if log=$(flock build/test/lock make -s -k -j2 "$@" "$folder/sonde" 2>&1) && [[ ! $log ]] &&
		log=$(hardened "$folder/sonde" 2>&1) && [[ ! $log ]]; then
		echo "ok $number - $title"
	else
		printf '%s\n' "$log" | sed 's/^/# /'
		echo "not ok $number - $title"
		status=1
	fi
}

mkdir -p build/test
# What differs only in a few lines is compiled when all is asked for.
arches=(arm64 armhf s390x riscv64)
[[ ! ${SONDE_ALL-} ]] || arches+=(i386 ppc64le)
echo 1..$((6 + ${#arches[@]}))
try 'musl-gcc' build
try 'gcc' build/test/gcc CC=gcc OPT=-O1 OUT=build/test/gcc
try 'clang' build/test/clang CC=clang OPT=-O0 OUT=build/test/clang
for arch in "${arches[@]}"; do
	if compiler=$(tests/sysroot "$arch" 2>build/test/sysroot.log); then
		try "musl-gcc for $arch" "build/$arch" ARCH="$arch" CC="$compiler"
	elif (($? == 3)); then
		number=$((number + 1))
		echo "ok $number - musl-gcc for $arch # SKIP $(tail -n 1 build/test/sysroot.log)"
	else
		number=$((number + 1))
		status=1
		sed 's/^/# /' build/test/sysroot.log
		echo "not ok $number - musl-gcc for $arch"
	fi
done

number=$((number + 1))
if log=$(flock build/test/lock make -s -k -j2 lib 2>&1 && musl-gcc -std=c11 -Wall -Wextra -Werror -static \
	-Iloader docs/embed.c build/libsonde.a -o build/test/embed.static 2>&1) && [[ ! $log ]] &&
	[[ $(build/test/embed.static missing.o 2>&1) == "missing.o: ENOENT: "* ]]; then
	echo "ok $number - libsonde.a, and docs/embed.c with it"
else
	printf '%s\n' "$log" | sed 's/^/# /'
	echo "not ok $number - libsonde.a, and docs/embed.c with it"
	status=1
fi

# Without what it does not name, a program on libsonde.a is smaller.
number=$((number + 1))
if log=$(musl-gcc -std=c11 -Wall -Wextra -Werror -Os -static -s -Wl,--gc-sections,-z,noseparate-code \
	-Iloader tests/bench/smallest.c build/libsonde.a -o build/test/smallest 2>&1) && [[ ! $log ]]; then
	echo "ok $number - a program that attaches tracepoints only"
else
	printf '%s\n' "$log" | sed 's/^/# /'
	echo "not ok $number - a program that attaches tracepoints only"
	status=1
fi

# Bytes, with a margin of 5 % for what is added until somebody looks after it again.
number=$((number + 1))
log=
while read -r file budget; do
	size=$(stat -c %s "$file") || size=0
	echo "# $file: $size bytes of $budget"
	((size && size * 100 <= budget * 105)) || log=1
done <<-END
	build/sonde 955000
	build/test/smallest 197800
END
if [[ ! $log ]]; then
	echo "ok $number - sizes"
else
	echo "not ok $number - sizes"
	status=1
fi
exit "$status"
