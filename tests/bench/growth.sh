# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 8: how the cost of loading grows with an object, in instructions, and what a dump of a map
# costs. gnuplot draws the curves: docs/bench-KIND.svg.

# growth_types: writes the types of a kernel to $work/types/btf, once.
growth_types() {
	[[ ! -e $work/types/btf ]] || return 0
	mkdir -p "$work/types"
	cc -O1 tests/bench/kernel_types.c -o "$work/kernel_types"
	"$work/kernel_types" 126000 >"$work/types/btf"
}

# growth_object KIND N
growth_object() {
	[[ -e $work/$1-$2.bpf.o ]] || tests/bench/make-object "$1" "$2" "$work/$1-$2.bpf.o"
}

# growth_rows KIND N…: a row for each N, also to $work/KIND.data
growth_rows() {
	local kind=$1 n object sonde theirs options types
	shift
	for n; do
		growth_object "$kind" "$n"
		object=$work/$kind-$n.bpf.o options=() types=()
		if [[ $kind == relocations ]]; then
			options=(--btf "$work/types/btf")
			types=("$work/types/btf")
		fi
		sonde=$(instructions "$stage/sonde" load "$object" "${options[@]}" | tr -d ,)
		theirs=$(instructions "$peer" "$object" load "${types[@]}" | tr -d ,)
		echo "$n $sonde $theirs" >>"$work/$kind.data"
		printf '%-28s %14s %14s %9s\n' "$n $kind" "$sonde" "$theirs" "$(ratio "$theirs" "$sonde")"
	done
}

# growth_plot KIND
growth_plot() {
	command -v gnuplot >/dev/null || return 0
	gnuplot <<-END
		set terminal svg size 640,400 dynamic font "sans-serif,13" background "white"
		set output "docs/bench-$1.svg"
		set logscale xy
		set format y "10^{%L}"
		set xlabel "$1"
		set ylabel "instructions in user space"
		set key top left
		set grid
		plot "$work/$1.data" using 1:2 with linespoints lw 2 title "sonde", \
			"$work/$1.data" using 1:3 with linespoints lw 2 title "libbpf"
	END
}

section_growth() {
	title "8. GROWTH: instructions in user space to load an object"
	if ! can_load || [[ ! $peer ]] || ! command -v valgrind >/dev/null; then
		not_measured growth "needs root, libbpf and valgrind"
		return
	fi
	growth_types
	printf '%-28s %14s %14s %9s\n' "" sonde "libbpf, musl" "fewer x"
	growth_rows programs 1 10 100 1000
	growth_rows relocations 10 100 1000 10000
	growth_rows maps 1 10 100 1000
	[[ ! ${page-} ]] || for kind in programs relocations maps; do growth_plot "$kind"; done
	section_dump
}

# dump_row WHAT COMMAND…
dump_row() {
	local what=$1
	shift
	/usr/bin/time -f '%U %S %e %M' -o "$work/time" "$@" >/dev/null 2>"$work/err" || {
		not_measured "$what" "$(tail -n 1 "$work/err")"
		return
	}
	awk -v what="$what" '{ printf "%-28s %9.2f %9.2f %12d\n", what, $1 + $2, $3, $4 }' "$work/time"
}

section_dump() {
	title "9. DUMP of a map with 1,000,000 entries: CPU seconds, seconds, peak of memory in KB"
	"$out/fill" 1000000 >"$work/filled" 2>"$work/err" &
	pid=$!
	until [[ -s $work/filled ]] || ! kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
	local id
	id=$(cat "$work/filled")
	dump_row "sonde" "$stage/sonde" map dump "$id"
	dump_row "sonde --json" "$stage/sonde" map dump "$id" --json
	if [[ $bpftool ]]; then
		dump_row "bpftool" "$bpftool" map dump id "$id"
		dump_row "bpftool -j" "$bpftool" map dump id "$id" -j
	fi
	end
}
