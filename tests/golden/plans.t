#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The plans of objects, as text with instructions, equal the expected ones (see README.md).
cd "$(dirname "$(readlink -f "$0")")/../.." || exit
make=tests/golden/make

version=$(clang -dumpversion 2>/dev/null)
version=${version%%.*}
if [[ $version != 14 ]]; then
	echo "1..0 # SKIP the expected plans are for objects compiled by clang 14, not ${version:-none}"
	exit
fi

mapfile -t cases < <("$make" list)
echo "1..$((${#cases[@]} + 1))"
number=0
status=0
expected=()
for case in "${cases[@]}"; do
	read -r machine object <<<"$case"
	number=$((number + 1))
	file=tests/golden/$machine/$(basename "$object" .bpf.o).txt
	expected+=("$file")
	if difference=$(diff -u "$file" <("$make" show "$machine" "$object") 2>&1); then
		echo "ok $number - $machine $object"
	else
		printf '%s\n' "$difference" | head -n 60 | sed 's/^/# /'
		echo "not ok $number - $machine $object"
		status=1
	fi
done

left=$(comm -3 <(printf '%s\n' "${expected[@]}" | sort) <(ls tests/golden/*/*.txt))
number=$((number + 1))
if [[ $left ]]; then
	printf '%s\n' "$left" | sed 's/^/# /'
	echo "not ok $number - every file has an object"
	status=1
else
	echo "ok $number - every file has an object"
fi
((!status)) || echo "# to accept all changes: tests/golden/make plans, then review git diff tests/golden"
exit "$status"
