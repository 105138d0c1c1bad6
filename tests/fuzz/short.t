#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A short run of each fuzzer with a fixed number of inputs, the same ones every time, and of the inputs
# that once failed. `make fuzz` runs them longer.
cd "$(dirname "$(readlink -f "$0")")/../.." || exit

if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null; then
	echo '1..0 # SKIP clang has no libFuzzer here (Debian: libclang-rt-dev)'
	exit
fi
# Those with another number of inputs take longer for each.
fuzzers=(object:150 btf:300 plan exec hook elf inflate show:80 text user value:150 recording:200)
echo "1..$((${#fuzzers[@]} + 3))"
output=$(tests/fuzz/run --runs 600 "${fuzzers[@]}" 2>&1)
number=0
status=0
for name in "${fuzzers[@]%:*}"; do
	number=$((number + 1))
	if line=$(grep "^fuzz $name: .* inputs" <<<"$output"); then
		echo "ok $number - $line"
	else
		((status)) || printf '%s\n' "$output" | sed 's/^/# /'
		echo "not ok $number - fuzz $name"
		status=1
	fi
done
# The limits of harness.c. $1: which one, $2: what is said.
limit() {
	number=$((number + 1))
	if BREAK=$1 build/fuzz/fuzz_inflate tests/fuzz/short.t 2>&1 | grep -q "$2"; then
		echo "ok $number - limit: $1"
	else
		echo "not ok $number - limit: $1"
		status=1
	fi
}
limit time '^[5-9]\.[0-9] s for one input'
limit piece '^67108865 bytes of memory in one piece'
limit arena '^68[0-9]* bytes of memory for one input'
exit "$status"
