# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 1: file sizes, and the distribution of sonde's bytes.

size_budget=245760     # everything
smallest_budget=65536  # a program on libsonde.a that attaches tracepoints

bytes_of() {
	stat -L -c %s "$1"
}

# libraries_of PROGRAM [FOLDER]: total size of all shared libraries it needs.
libraries_of() {
	local file sum=0
	while read -r file; do
		sum=$((sum + $(bytes_of "$file")))
	done < <(LD_LIBRARY_PATH=${2-} ldd "$1" 2>/dev/null |
		awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && $2 ~ /^\(/ { print $1 }')
	echo "$sum"
}

# size_row WHAT FILE [FOLDER]: FOLDER contains libraries that are not installed.
size_row() {
	local own libraries=0
	own=$(bytes_of "$2")
	[[ $(file -bL "$2") != *dynamically* ]] || libraries=$(libraries_of "$2" "${3-}")
	printf '%-44s %9d %11d %8s\n' "$1" "$own" $((own + libraries)) \
		"$(ratio $((own + libraries)) "$sonde_bytes")"
}

size_of_peers() {
	local arch libbpf
	libbpf="loader with libbpf $(version_of libbpf-dev), static"
	size_row "sonde, static, musl" "$stage/sonde"
	for arch in arm64 armhf i386 ppc64le riscv64 s390x; do
		if attempt "sonde for $arch" locked make -s "ARCH=$arch" "build/$arch/sonde"; then
			size_row "  $arch" "build/$arch/sonde"
		else
			not_measured "  $arch" "run tests/deps cross"
		fi
	done
	size_row "tracepoints only, with libsonde.a" "$out/smallest"
	size_row "an empty program, static, musl" "$out/empty"
	if [[ -e $stage/peer-load.musl ]]; then
		size_row "$libbpf, musl" "$stage/peer-load.musl"
	else
		not_measured "$libbpf, musl" "no sources"
	fi
	size_row "$libbpf, glibc" "$stage/peer-load.glibc"
	if [[ $bpftool ]]; then
		size_row "$(bpftool_name)" "$bpftool"
	else
		not_measured bpftool "not available"
	fi
	if [[ $ply ]]; then
		size_row "ply (a tracer with its own language)" "$ply/usr/sbin/ply" \
			"$(echo "$ply"/usr/lib/*)"
	else
		not_measured ply "not available"
	fi
	if command -v bpftrace >/dev/null; then
		size_row "bpftrace" "$(command -v bpftrace)"
	else
		not_measured bpftrace "not installed"
	fi
}

# Built without link-time optimisation, which would merge code of different files.
size_by_file() {
	local folder=$out/size
	locked make -s "OUT=$folder" "EXTRA_LDFLAGS=-Wl,-Map=$folder/map" \
		'SMALL=-fno-pie -fno-asynchronous-unwind-tables -fno-unwind-tables' \
		"$folder/sonde"
	awk -f tests/bench/map.awk "$folder/map" |
		sed "s, $folder/obj/, ,; s, /[^ ]*/libc\.a(\(.*\)\.lo)$, libc:\1," \
			>"$work/files"
}

size_by_folder() {
	awk '{
		name = "start files and libgcc"
		if ($4 ~ /^libc:/)
			name = "libc (musl)"
		else if (match($4, /^(elf|loader)\/.*\//) || match($4, /^(elf|loader)\//))
			name = substr($4, 1, RLENGTH)
		code[name] += $1
		constants[name] += $2
		data[name] += $3
		total[name] += $1 + $2 + $3
	}
	END {
		for (name in code)
			print total[name] "\t" name "\t" code[name] "\t" constants[name] "\t" data[name]
	}' "$work/files" | sort -nr | awk -F '\t' '
		{ line($2, $3, $4, $5); a += $3; b += $4; c += $5 }
		END { line("all", a, b, c) }
		function line(name, code, constants, data) {
			printf "%-40s %8d %10d %6d %9d\n", name, code, constants, data,
				code + constants + data
		}'
}

# size_largest PATTERN COUNT
size_largest() {
	grep -E " $1" "$work/files" | awk '{ print $1 + $2 + $3, $0 }' | sort -nr | head -n "$2" |
		awk '{ printf "  %-38s %8d %10d %6d %9d\n", $5, $2, $3, $4, $1 }'
}

section_size() {
	sonde_bytes=$(bytes_of "$stage/sonde")
	title "1. SIZE, bytes of stripped files"
	printf '%-44s %9s %11s %8s\n' "" file "+libraries" "x sonde"
	size_of_peers
	echo "budget: sonde under $size_budget; it is $sonde_bytes:" \
		"$(within "$sonde_bytes" "$size_budget")"
	smallest=$(bytes_of "$out/smallest")
	echo "budget: the program with libsonde.a under $smallest_budget; it is $smallest:" \
		"$(within "$smallest" "$smallest_budget")"
	size_by_file
	echo
	printf '%-40s %8s %10s %6s %9s\n' "sonde without link-time optimisation" code constants \
		data all
	size_by_folder
	echo "the largest files:"
	size_largest '(elf|loader)/' 10
	echo "the largest parts of libc:"
	size_largest 'libc:' 6
}

# within VALUE BUDGET
within() {
	if (($1 <= $2)); then echo "met"; else echo "OVER by $(($1 - $2))"; fi
}
