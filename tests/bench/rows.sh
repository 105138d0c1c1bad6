# shellcheck shell=bash disable=SC2154 # set in lib.sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Section 6: how fast records become lines, without a kernel: rows.c.

section_rows() {
	local what count name base suffix
	local -A found
	title "6. LINES a second: records of 64 bytes with 9 members, to /dev/null"
	while read -r what count; do found[$what]=$count; done < <(
		"$out/rows.glibc" | sed 's/^/glibc-/'
		"$out/rows"
	)
	printf '%-46s %12s %9s\n' "" "lines/s" "x sonde"
	for name in text json; do
		base=${found[$name]} suffix=
		[[ $name == text ]] || suffix=-json
		printf '%-46s %12d %9s\n' "sonde, $name" "$base" 1.00
		printf '%-46s %12d %9s\n' "  printf() of glibc" "${found[glibc-printf$suffix]}" \
			"$(ratio "${found[glibc-printf$suffix]}" "$base")"
		printf '%-46s %12d %9s\n' "  printf() of musl" "${found[printf$suffix]}" \
			"$(ratio "${found[printf$suffix]}" "$base")"
	done
	echo "goal: 8 M lines of text, 4 M of JSON, and twice as many as printf()"
}
