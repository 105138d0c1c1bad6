# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 10: what objects need of the types of kernels (sonde btf min, sonde btf archive).

declare -A types_machines=([x86]=x86_64 [arm64]=aarch64 [riscv64]=riscv64 [s390x]=s390x)

# types_of_kernels: the BTF of the kernels for virtual machines, each "RELEASE:MACHINE=FILE" in
# types_kernels. Those that have none, or cannot be downloaded, are left out.
types_of_kernels() {
	local target kernel machine
	types_kernels=()
	for target in $(tests/vm/fetch --list); do
		machine=${types_machines[${target%%-*}]-}
		[[ $machine ]] || continue
		kernel=$(tests/vm/fetch "$target" 2>/dev/null) || continue
		tests/bench/kernel-btf "$kernel/vmlinuz" "$work/$target.btf" 2>/dev/null || continue
		types_kernels+=("$(cat "$kernel/release"):$machine=$work/$target.btf")
	done
}

# types_row WHAT COMMAND…: the command writes $work/types for the objects that follow.
types_row() {
	local what=$1 one=- all=-
	shift
	"$@" "$stage/opensnoop.bpf.o" >/dev/null 2>&1 && one=$(bytes_of "$work/types")
	"$@" build/progs/*.bpf.o >/dev/null 2>&1 && all=$(bytes_of "$work/types")
	printf '%-44s %9s %9s\n' "$what" "$one" "$all"
}

types_by_bpftool() {
	"$bpftool" gen min_core_btf "${types_kernels[0]#*=}" "$work/types" "$@"
}

section_types() {
	local first total
	types_of_kernels
	title "10. TYPES that objects need of kernels, bytes"
	if ((!${#types_kernels[@]})); then
		not_measured "types" "no kernel with BTF can be downloaded"
		return
	fi
	first=${types_kernels[0]}
	total=$(cat "${types_kernels[@]#*=}" | wc -c)
	printf '%-44s %9s %9s\n' "" opensnoop "progs/*"
	types_row "sonde btf min, of $(bytes_of "${first#*=}")" \
		"$stage/sonde" btf min -o "$work/types" --btf "${first#*=}"
	[[ ! $bpftool ]] || types_row "bpftool gen min_core_btf" types_by_bpftool
	types_row "sonde btf archive, ${#types_kernels[@]} kernels with $total" \
		"$stage/sonde" btf archive -o "$work/types" "${types_kernels[@]/#/--btf=}"
}
