#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# make install, uninstall and deb: what they leave can be used, and goes again.

bats_require_minimum_version 1.5.0

root=$(readlink -f "$BATS_TEST_DIRNAME/..")

setup() {
	cd "$root" || return
	mkdir -p build/test
	there=$BATS_TEST_TMPDIR/there
}

locked_make() {
	flock build/test/lock make -s "$@"
}

# embeds PREFIX LIBDIR: docs/embed.c compiles with what pkg-config says, and a BPF program with the headers.
embeds() {
	local flags
	export PKG_CONFIG_PATH=$1$2/pkgconfig PKG_CONFIG_SYSROOT_DIR=$1
	flags=$(pkg-config --cflags --libs sonde)
	for compiler in musl-gcc gcc; do
		# shellcheck disable=SC2086
		"$compiler" -Wall -Werror docs/embed.c $flags -o "$BATS_TEST_TMPDIR/embed"
		run -1 "$BATS_TEST_TMPDIR/embed" missing.o
		[[ $output == "missing.o: ENOENT: "* ]]
	done
	clang -O2 -g -target bpf -Wall -Werror "-I$1${flags_of_programs#-I}" -c progs/03.1-opensnoop/opensnoop.bpf.c \
		-o "$BATS_TEST_TMPDIR/opensnoop.bpf.o"
	"$1/usr/bin/sonde" inspect "$BATS_TEST_TMPDIR/opensnoop.bpf.o" | grep -q '^  openat_enter '
}

@test "make install: program, manual pages, completion, library, headers; make uninstall leaves nothing" {
	locked_make install DESTDIR="$there" PREFIX=/usr
	locked_make install-initramfs DESTDIR="$there"
	[[ $("$there/usr/bin/sonde" --version) == "sonde $(sed -n 's/^Version: //p' "$there"/usr/lib/pkgconfig/sonde.pc)" ]]
	flags_of_programs=$(PKG_CONFIG_PATH=$there/usr/lib/pkgconfig pkg-config --variable=bpf_cflags sonde)
	embeds "$there" /usr/lib
	bash -n "$there/usr/share/bash-completion/completions/sonde"
	[[ $(find "$there/usr/share/man/man1" -name 'sonde*.1' | wc -l) = $((1 + $(build/sonde --help | grep -cE '^  [a-z]'))) ]]
	head -n 1 "$there/usr/share/zsh/site-functions/_sonde" | grep -qx '#compdef sonde'
	[[ ! $(find "$there" -type f ! -perm 644 ! -path '*/bin/sonde' ! -path '*/hooks/sonde' ! -path '*/90sonde/*') ]]
	cmp "$there/usr/lib/sonde/boot.bpf.o" build/progs/boot.bpf.o

	# Files of others stay.
	touch "$there/usr/share/man/man1/other.1"
	locked_make uninstall DESTDIR="$there" PREFIX=/usr
	[[ $(find "$there" ! -type d) == "$there/usr/share/man/man1/other.1" ]]
	[[ ! $(find "$there" -name '*sonde*') ]]
}

@test "make deb: packages without errors, the same each time" {
	[[ ${SONDE_ALL-} ]] || skip "downloads lintian: SONDE_ALL=1"
	tests/deps deb
	locked_make deb
	run -0 lintian --fail-on error build/deb/*_"$(dpkg --print-architecture)".deb
	[[ $output != *"E: "* ]]
	sha256sum build/deb/*.deb >"$BATS_TEST_TMPDIR/sums"
	locked_make deb
	sha256sum -c "$BATS_TEST_TMPDIR/sums"
	for package in build/deb/*_"$(dpkg --print-architecture)".deb; do dpkg-deb -x "$package" "$there"; done
	triplet=$(gcc -print-multiarch)
	flags_of_programs=$(PKG_CONFIG_PATH=$there/usr/lib/$triplet/pkgconfig pkg-config --variable=bpf_cflags sonde)
	embeds "$there" "/usr/lib/$triplet"
	gunzip "$there"/usr/share/man/man1/*.gz
	mandoc -T lint "$there"/usr/share/man/man1/*.1
}
