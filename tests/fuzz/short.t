#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A short run of each fuzzer, the same one every time. `tests/fuzz/run SECONDS` looks for more.
cd "$(dirname "$(readlink -f "$0")")/../.." || exit

if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null; then
	echo '1..0 # SKIP clang has no libFuzzer here (Debian: libclang-rt-dev)'
	exit
fi
echo 1..5
number=0
status=0
for name in object btf plan elf inflate; do
	number=$((number + 1))
	if output=$(tests/fuzz/run --runs 20000 "$name" 2>&1); then
		echo "ok $number - $output"
	else
		printf '%s\n' "$output" | sed 's/^/# /'
		echo "not ok $number - fuzz $name"
		status=1
	fi
done
exit "$status"
