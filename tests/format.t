#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Source format: clang-format has nothing to change in C files (`make format`), and
# scripts give shellcheck no reason to complain.
cd "$(dirname "$(readlink -f "$0")")/.." || exit

number=0
status=0
report() { # TITLE OUTPUT: passed when there is none
	number=$((number + 1))
	if [[ $2 ]]; then
		printf '%s\n' "$2" | head -n 100 | sed 's/^/# /'
		echo "not ok $number - $1"
		status=1
	else
		echo "ok $number - $1"
	fi
}

ours() {
	find . -path ./build -prune -o -path ./.git -prune -o -type f "$@"
}

# Other versions of clang-format format differently.
c_files() {
	local version
	version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
	if [[ $version == 14 ]]; then
		report 'C files are formatted' "$(ours -name '*.[ch]' -print0 |
			xargs -0 clang-format --dry-run -Werror 2>&1 | grep error:)"
	else
		number=$((number + 1))
		echo "ok $number - C files are formatted # SKIP clang-format is ${version:-missing}, not 14"
	fi
}

scripts() {
	ours -print | while read -r file; do
		read -r -n 64 line <"$file"
		[[ $line != '#!'*$1 ]] || echo "$file"
	done 2>/dev/null
}

# bats sets variables that shellcheck knows nothing of, and stops where a command fails.
lint() {
	scripts sh | xargs shellcheck -x -f gcc
	scripts bats | xargs shellcheck -x -f gcc -e SC2154,SC2164
}

# A longer function has more than one purpose.
long_functions() {
	find elf loader -name '*.c' -print0 | xargs -0 awk '
		/^{/ { start = FNR }
		/^}/ && start {
			if (FNR - start - 1 > 80)
				printf "%s:%d: %d lines\n", FILENAME, start, FNR - start - 1
			start = 0
		}'
}

echo 1..3
c_files
report 'no function of the program is longer than 80 lines' "$(long_functions)"
report 'shellcheck has no complaint' "$(lint 2>&1)"
exit "$status"
