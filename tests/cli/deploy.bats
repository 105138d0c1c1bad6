#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What docs/deploy.md tells to write into files.

load lib

setup_file() {
	prepare
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	python3 "$root/tests/cli/deploy.py" block ini >sonde.service
}

# The value of a key of the unit.
unit() {
	sed -n "s/^$1=//p" sonde.service
}

@test "the unit is accepted by systemd, and leaves little exposed" {
	mkdir -p etc/systemd/system usr/bin
	cp sonde.service etc/systemd/system
	cp "$sonde" usr/bin/sonde
	# What any system has.
	for name in sysinit.target basic.target shutdown.target multi-user.target sys-kernel-tracing.mount; do
		echo '[Unit]' >etc/systemd/system/$name
	done
	printf '[Mount]\nWhat=tracefs\nWhere=/sys/kernel/tracing\n' >>etc/systemd/system/sys-kernel-tracing.mount
	run -0 systemd-analyze verify --root=. sonde.service
	[[ ! $output ]]
	# Tenths: 2.0 of 10.
	run -0 systemd-analyze security --offline=yes --root=. --threshold=20 sonde.service
}

@test "its capabilities are those that the hook needs, and those of the manifest" {
	unit CapabilityBoundingSet | tr ' ' '\n' | sed 's/^CAP_//' | sort >ours
	cmp <(unit CapabilityBoundingSet) <(unit AmbientCapabilities)
	# shellcheck disable=SC2016
	sed -n 's/^| `tp\/` | [^|]*| [^|]*| \([^|]*\) |.*/\1/p' "$root/docs/security.md" | sed 's/, /\n/g' | sort >theirs
	[[ $(wc -l <ours) -ge 3 ]]
	diff ours theirs
	# shellcheck disable=SC2046
	python3 "$root/tests/cli/deploy.py" manifest $(unit CapabilityBoundingSet)
}

@test "its filter allows every system call of a run, except for mounting tracefs" {
	needs_bpf
	strace -f -o trace "$sonde" run --json "$BATS_FILE_TMPDIR/nothing.o" --for 10ms >out
	run -0 python3 "$root/tests/cli/deploy.py" calls trace fsopen fsconfig fsmount < <(unit SystemCallFilter)
	[[ ! $output ]]
}

@test "the image is built from files that make has made" {
	python3 "$root/tests/cli/deploy.py" block dockerfile >Dockerfile
	sed -n 's/^COPY \(.*\) \/$/\1/p' Dockerfile | tr ' ' '\n' >files
	[[ $(wc -l <files) = 2 ]]
	while read -r file; do
		[[ -s $root/$file ]]
		grep -q "^ENTRYPOINT .*\"/${file##*/}\"" Dockerfile
	done <files
	[[ $(head -n 1 Dockerfile) == "FROM scratch" ]]
}
