# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 3: resident memory with everything attached, and its peak. If the kernel's BTF can be
# mapped (since 6.16), its pages are charged to no process and not counted.

mapped_budget=300
read_budget=1024 # in addition to the kernel's BTF, of which a copy is needed for a moment

memory_table() {
	printf '%-10s %-13s %8s %8s  %7s %7s %6s %6s %6s\n' "" "" resident peak binary heap stack \
		ring rest
	awk '{
		name = $2 == "sonde" ? $2 : $2 ~ /musl/ ? "libbpf, musl" : "libbpf, glibc"
		printf "%-10s %-13s %8s %8s  %7s %7s %6s %6s %6s\n", $1 == last ? "" : $1, name, $3,
			$4, $5, $6, $7, $8, $9
		last = $1
	}' "$1"
}

# memory_of FILE OBJECT COLUMN
memory_of() {
	awk -v object="$2" -v column="$3" '$1 == object && $2 == "sonde" { print $column + 0 }' "$1"
}

memory_here() {
	local value
	if ! can_load; then
		not_measured "memory on this kernel" "needs root"
		return
	fi
	sh tests/bench/resident "$stage" >"$work/memory"
	echo "on this kernel:"
	memory_table "$work/memory"
	value=$(memory_of "$work/memory" core 3)
	echo "budget: core resident under $mapped_budget where BTF can be mapped; it is $value:" \
		"$(within "$value" $mapped_budget)"
}

memory_in_machine() {
	local btf value target=x86-6.1
	# shellcheck disable=SC2016 # expanded in the machine
	if ! printf '%s\n' 'mount -t tracefs none /sys/kernel/tracing' \
		'echo btf $(wc -c </sys/kernel/btf/vmlinux)' 'sh /bench/resident /bench/stage' |
		tests/vm/run --timeout 300 $target - "tests/bench/resident:/bench/resident" \
			"$stage:/bench/stage" >"$work/machine" 2>"$work/log"; then
		tail -n 3 "$work/log" >&2
		not_measured "memory on Linux 6.1" "no virtual machine"
		return
	fi
	grep -v '^btf' "$work/machine" >"$work/memory"
	btf=$(sed -n 's/^btf //p' "$work/machine")
	btf=$((btf / 1024))
	echo
	echo "on Linux 6.1 ($target), where BTF ($btf KiB) is read, not mapped:"
	memory_table "$work/memory"
	value=$(memory_of "$work/memory" core 4)
	echo "budget: core's peak under $read_budget + BTF = $((read_budget + btf)) where BTF is" \
		"read; it is $value: $(within "$value" $((read_budget + btf)))"
}

section_memory() {
	title "3. MEMORY with everything attached, KiB"
	memory_here
	memory_in_machine
}
