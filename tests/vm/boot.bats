#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde as the first process of a machine: its boot is recorded, across a change of the root, and goes on whatever
# fails. The TAP of the scripts in boot/ is checked here.

bats_require_minimum_version 1.8.0
load machine

# boots ARGUMENTS TARGET SCRIPT: with sonde as process 1.
boots() {
	prepare "$2"
	locked build/progs/boot.bpf.o
	proves tests/vm/run --timeout 1200 --append "rdinit=/sonde $1" "$2" "tests/vm/boot/$3" \
		tests/vm/guest/lib.sh tests/vm/boot/first.sh "$tmp"/{sonde,act} build/progs/boot.bpf.o
}

recorded() {
	boots 'sonde.obj=/boot.bpf.o sonde.opt="--size 4M" sonde.init=/first.sh -- one two' "$1" guest.sh
}

@test "x86-64, Linux 5.10" { recorded x86-5.10; }
@test "x86-64, the newest Linux" { recorded x86-new; }

@test "missing objects, a kernel that is locked down, a missing init: the boot goes on" {
	boots 'lockdown=confidentiality sonde.obj=/nope.bpf.o,/boot.bpf.o sonde.init=/no-init' x86-new failed.sh
}

@test "wrong options: the boot goes on" { extra && boots 'sonde.opt=--nope' x86-new failed.sh; }

@test "a packed file as the first process, which is not ready in time" {
	prepare x86-new
	locked build/progs/opensnoop.bpf.o
	"$tmp/sonde" pack --full build/progs/opensnoop.bpf.o -o "$tmp/packed"
	proves tests/vm/run --timeout 1200 --append 'rdinit=/packed sonde.opt=--wait=1ms -- single' x86-new \
		tests/vm/boot/late.sh tests/vm/guest/lib.sh "$tmp"/{packed,act}
}

# made_by TOOL: an initramfs of Debian's for a cloud kernel, with the hook that `make install-initramfs` installs.
made_by() {
	local status=0 said
	prepare x86-6.1
	locked install "DESTDIR=$tmp/there" PREFIX=/usr
	locked install-initramfs "DESTDIR=$tmp/there"
	said=$(tests/vm/boot/debian "$1" x86-6.1 "$tmp/there" "$tmp/initrd" 2>&1) || status=$?
	((status != 3)) || skip "${said##*$'\n'}"
	echo "$said"
	((!status))
	# The emulated processor has only a part of what that module requires.
	proves tests/vm/run --timeout 1200 --initrd "$tmp/initrd" --append "rdinit=/sonde module_blacklist=aesni_intel" x86-6.1 \
		tests/vm/boot/distribution.sh tests/vm/guest/lib.sh "$tmp"/{sonde,act}
}

@test "Debian's initramfs, made by initramfs-tools, up to its root" { made_by initramfs-tools; }
@test "Debian's initramfs, made by dracut" { extra && made_by dracut; }
