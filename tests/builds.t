#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde builds without warnings with each compiler and for each architecture, and so does libsonde.a with
# the example for embedders.
cd "$(dirname "$(readlink -f "$0")")/.." || exit
export MAKEFLAGS=

number=0
status=0
try() { # TITLE FOLDER MAKE-ARGUMENT…
	local title=$1 folder=$2 log
	shift 2
	number=$((number + 1))
	if log=$(flock build/test/lock make -s -k -j2 "$@" "$folder/sonde" 2>&1) && [[ ! $log ]]; then
		echo "ok $number - $title"
	else
		printf '%s\n' "$log" | sed 's/^/# /'
		echo "not ok $number - $title"
		status=1
	fi
}

mkdir -p build/test
echo 1..8
try 'musl-gcc' build
try 'gcc' build/test/gcc CC=gcc OUT=build/test/gcc
try 'clang' build/test/clang CC=clang OUT=build/test/clang
for arch in arm64 armhf s390x riscv64; do
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
exit "$status"
