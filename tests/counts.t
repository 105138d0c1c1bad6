#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Instructions that `sonde plan -o` and `sonde inspect` execute in user space, counted by valgrind, do not exceed their
# budgets by more than 5 %. They hardly vary from run to run and machine to machine. Whoever makes sonde
# faster lowers a budget; raising one requires a reason.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit

# What is planned, for a kernel with 126,000 types or none, and the budget in thousands. See
# tests/bench/make-object; what has no number is a course program. "stripped" are records of which only the
# code tells.
budgets=(
	"hello none 328"
	"relocations:100 types 4872"
	"relocations:1000 types 11938"
	"relocations:10000 types 52600"
	"programs:100 none 9095"
	"programs:1000 none 90150"
	"sections:1000 none 106950"
	"records:25 none 111000"
	"stripped:100 none 510000"
	"inspect:800 none 19200"
	"maps:10 none 770"
	"maps:1000 none 44600"
)

if ! command -v valgrind >/dev/null; then
	echo "1..0 # SKIP no valgrind"
	exit
fi
echo "1..${#budgets[@]}"
make -s build/sonde build/progs/hello.bpf.o >&2 || exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kernel in none types; do
	mkdir "$work/$kernel"
	echo 6.18.0 >"$work/$kernel/release"
	echo x86_64 >"$work/$kernel/machine"
done
cc -O1 -Wall -Wextra -Werror tests/bench/kernel_types.c -o "$work/kernel_types" || exit
"$work/kernel_types" 126000 >"$work/types/btf" || exit

# count OBJECT KERNEL: prints the number of instructions, in thousands.
count() {
	local verb=(plan -o "$work/plan" -t "$work/$2")
	[[ $1 != */inspect* ]] || verb=(inspect)
	valgrind --tool=callgrind --callgrind-out-file=/dev/null build/sonde "${verb[@]}" "$1" \
		2>"$work/log" >"$work/out" && sed -n 's/^==.*Collected : \(.*\)...$/\1/p' "$work/log"
}

failed=0
number=0
for row in "${budgets[@]}"; do
	read -r what kernel budget <<<"$row"
	number=$((number + 1))
	object=build/progs/$what.bpf.o
	if [[ $what == *:* ]]; then
		object=$work/$what.bpf.o
		kind=${what%:*}
		case $kind in
		inspect) of=programs ;;
		stripped) of=records ;;
		*) of=$kind ;;
		esac
		tests/bench/make-object "$of" "${what#*:}" "$object" || exit
		[[ $kind != stripped ]] || llvm-strip -g "$object" || exit
	fi
	found=$(count "$object" "$kernel")
	ok='ok'
	if ((!found || found * 100 > budget * 105)); then
		ok='not ok'
		failed=1
	fi
	echo "$ok $number - $what: ${found:-$(tail -n 1 "$work/log")} thousand, budget $budget"
done
exit "$failed"
