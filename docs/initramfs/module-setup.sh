#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# A module of dracut: puts sonde, as /sonde, and the objects that it records boots with into the initramfs.
# rdinit=/sonde on the kernel's command line uses them; without it, nothing changes.
#
# shellcheck disable=SC2154 # dracutsysrootdir, initdir: dracut's

check() {
	require_binaries sonde
}

depends() {
	:
}

install() {
	local sonde object
	sonde=$(type -P sonde)
	inst "$sonde" /sonde
	for object in "${sonde%/bin/sonde}"/lib/sonde/*.bpf.o /etc/sonde/*.bpf.o; do
		[[ ! -e $object ]] || inst "$object" "/lib/sonde/${object##*/}"
	done
}
