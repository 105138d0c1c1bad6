#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Downloads of Debian packages (vm/lib.sh), from an archive made up here: its index lists packages
# that its pool lacks, as a mirror does while it is being updated.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	root=$BATS_TEST_DIRNAME
	mkdir -p archive/pool
	export XDG_CACHE_HOME=$PWD/cache SONDE_DEBIAN=copy:$PWD/archive APT_CONFIG=$PWD/apt.conf
	# The archive is not signed.
	cat >apt.conf <<-'END'
		Acquire::AllowInsecureRepositories "true";
		APT::Get::AllowUnauthenticated "true";
	END
}

# package SUITE ARCH NAME VERSION FILE…: builds a package with these files, for the index.
package() {
	local suite=$1 arch=$2 name=$3 version=$4 index=archive/dists/$1/main/binary-$2 deb
	shift 4
	mkdir -p build/DEBIAN "$index"
	local file
	for file; do
		mkdir -p "build/$(dirname "$file")"
		echo "$file of $version" >"build/$file"
	done
	printf '%s\n' "Package: $name" "Version: $version" "Architecture: $arch" \
		"Maintainer: nobody <nobody@localhost>" "Description: test" >build/DEBIAN/control
	deb=pool/${name}_${version#*:}_$arch.deb
	dpkg-deb --root-owner-group -Znone -b build "archive/$deb" >/dev/null
	{
		cat build/DEBIAN/control
		echo "Filename: $deb"
		echo "Size: $(stat -c %s "archive/$deb")"
		echo "SHA256: $(sha256sum <"archive/$deb" | cut -d ' ' -f 1)"
		echo
	} >>"$index/Packages"
	rm -r build
	{
		printf '%s\n' "Suite: $suite" "Codename: $suite" "Architectures: $arch" "Components: main" SHA256:
		echo " $(sha256sum <"$index/Packages" | cut -d ' ' -f 1) $(stat -c %s "$index/Packages")" \
			"main/binary-$arch/Packages"
	} >"archive/dists/$suite/Release"
}

# kernel VERSION: the riscv64 kernel package of that version.
kernel() {
	local release=$1+deb13-riscv64
	package trixie riscv64 "linux-image-$release" "$1-1" "boot/vmlinuz-$release" "boot/config-$release" \
		"boot/System.map-$release" "lib/modules/$release/modules.order"
}

# lost NAME…: removes these from the pool.
lost() {
	local name
	for name; do rm archive/pool/"$name"_*; done
}

fetch() {
	run --separate-stderr "$root/vm/fetch" "$@"
	echo "$output" "$stderr"
}

@test "the newest package is used, and reported" {
	kernel 6.12.107
	kernel 6.12.117
	kernel 6.12.9
	fetch riscv64-6.12
	[ "$status" = 0 ]
	[ "$(cat "$output/release")" = 6.12.117+deb13-riscv64 ]
	[[ $stderr == *"kernels/riscv64-6.12: linux-image-6.12.117+deb13-riscv64 6.12.117-1 from Debian trixie (riscv64)"* ]]
}

@test "a package that cannot be downloaded: the next older one is used" {
	kernel 6.12.95
	kernel 6.12.107
	kernel 6.12.117
	lost linux-image-6.12.117+deb13-riscv64
	fetch riscv64-6.12
	[ "$status" = 0 ]
	[ "$(cat "$output/release")" = 6.12.107+deb13-riscv64 ]
	[[ $stderr == *"could not download or unpack linux-image-6.12.117+deb13-riscv64 6.12.117-1"* ]]
	[[ $stderr == *"linux-image-6.12.107+deb13-riscv64 6.12.107-1 from Debian trixie"* ]]
	# It is used without checking the archive again today.
	rm -r archive
	fetch riscv64-6.12
	[[ $status = 0 && $output == */linux-image-6.12.107+deb13-riscv64_6.12.107-1 && ! $stderr ]]
}

@test "a package with unexpected contents: the next older one is used" {
	kernel 6.12.107
	package trixie riscv64 linux-image-6.12.117+deb13-riscv64 6.12.117-1 lib/modules/6.12.117/modules.order
	fetch riscv64-6.12
	[ "$status" = 0 ]
	[ "$(cat "$output/release")" = 6.12.107+deb13-riscv64 ]
}

@test "the cached copy is preferred to an older package, and used without network" {
	kernel 6.12.107
	kernel 6.12.110
	fetch riscv64-6.12
	kernel 6.12.117
	lost linux-image-6.12.117+deb13-riscv64 linux-image-6.12.110+deb13-riscv64
	fetch --update riscv64-6.12
	[[ $status = 0 && $output == */linux-image-6.12.110+deb13-riscv64_6.12.110-1 ]]
	rm -r archive
	fetch --update riscv64-6.12
	[[ $status = 0 && $output == */linux-image-6.12.110+deb13-riscv64_6.12.110-1 ]]
}

@test "status 3 and the reason in one line: nothing can be downloaded, nothing matches, no archive" {
	kernel 6.12.107
	kernel 6.12.117
	lost linux-image-6.12.1{0,1}7+deb13-riscv64
	fetch riscv64-6.12
	[ "$status" = 3 ]
	[[ ${stderr_lines[-1]} == "fetch: Debian trixie (riscv64) lists linux-image-6.12.117+deb13-riscv64 6.12.117-1, \
linux-image-6.12.107+deb13-riscv64 6.12.107-1, but it can't be downloaded" ]]
	[ ! -e cache/sonde/kernels/riscv64-6.12/current ]
	fetch --all riscv64-6.12
	[[ $status = 3 && ! $output ]]

	rm -r cache archive/dists
	package trixie riscv64 linux-image-6.12.117-rt-riscv64 6.12.117-1 x
	fetch riscv64-6.12
	[ "$status" = 3 ]
	[[ ${stderr_lines[-1]} == "fetch: Debian trixie (riscv64) has no package like linux-image-6.12.*-riscv64" ]]

	rm -r cache archive
	fetch riscv64-6.12
	[ "$status" = 3 ]
	[[ ${#stderr_lines[@]} = 1 && $stderr == *"does not answer"* ]]
}

@test "a target that does not exist is an error, not an absent package" {
	fetch riscv64-0.1
	[ "$status" = 1 ]
	fetch --all riscv64-0.1
	[ "$status" = 1 ]
}

@test "busybox: an older version of the same suite, then another suite" {
	package trixie riscv64 busybox-static 1:1.37.0-6 bin/busybox
	package trixie riscv64 busybox-static 1:1.37.0-5 bin/busybox
	package bookworm riscv64 busybox-static 1:1.35.0-4 bin/busybox
	rm archive/pool/busybox-static_1.37.0-6_*
	fetch --busybox riscv64
	[ "$status" = 0 ]
	[ "$(cat "$output/busybox")" = "bin/busybox of 1:1.37.0-5" ]
	rm -r cache archive/pool/busybox-static_1.37.0-5_*
	fetch --busybox riscv64
	[ "$status" = 0 ]
	[ "$(cat "$output/busybox")" = "bin/busybox of 1:1.35.0-4" ]
	[[ $stderr == *"busybox/riscv64: busybox-static 1:1.35.0-4 from Debian bookworm (riscv64)"* ]]
}

@test "companion packages have the same version" {
	local name
	for name in 7.1.3 7.2.1; do
		package sid amd64 "linux-binary-unsigned-$name-cloud-amd64" "$name-1" \
			"lib/modules/$name/vmlinuz.unsigned"
		package sid amd64 "linux-base-$name-cloud-amd64" "$name-1" "boot/config-$name" "boot/System.map-$name"
		package sid amd64 "linux-modules-$name-cloud-amd64" "$name-1" "lib/modules/$name/modules.order"
	done
	lost linux-modules-7.2.1-cloud-amd64
	fetch x86-new
	[ "$status" = 0 ]
	[ "$(cat "$output/release")" = 7.1.3 ]
	[ "$(cat "$output/modules/modules.order")" = "lib/modules/7.1.3/modules.order of 7.1.3-1" ]
}

@test "a kernel's source: an older version, then another suite" {
	package trixie amd64 linux-source-6.12 6.12.117-1 x
	rm archive/pool/linux-source-6.12_6.12.117-1_*
	package bookworm-backports amd64 linux-source-6.12 6.12.95-1~bpo12+1 x
	# Its contents are not a kernel source: a package that cannot be arranged is not used, either.
	run --separate-stderr -3 "$root/conformance/fetch" source-6.12
	[[ $stderr == *"linux-source-6.12 6.12.117-1"*"linux-source-6.12 6.12.95-1~bpo12+1"* ]]
	[[ ${stderr_lines[-1]} == *"Debian trixie"*"; Debian bookworm-backports"* ]]
}

@test "a target that is not available skips the test; other failures do not" {
	kernel 6.12.117
	lost linux-image-6.12.117+deb13-riscv64
	mkdir tree
	sed 's/^\t*TEST/@test/' >tree/a.bats <<-END
		load $root/vm/machine
		TEST "x" { cd "$root/.." && available riscv64-6.12; }
		TEST "y" { cd "$root/.." && available riscv64-0.1; }
	END
	BATS_TEST_RETRIES=0 run -1 bats --tap tree/a.bats
	echo "$output"
	[[ $output == *"ok 1 x # skip"*"lists linux-image-6.12.117+deb13-riscv64 6.12.117-1, but it can't be downloaded"* ]]
	[[ $output == *"not ok 2 y"* ]]
}
