#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# rooms.t detects every violation of its rules.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	check=$(dirname "$(readlink -f "$BATS_TEST_FILENAME")")/rooms.t
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p docs elf/base elf/btf loader/cmd
	cat >docs/architecture.md <<-'END'
		## Rooms and arrows

		| room | uses |
		| --- | --- |
		| `loader/cmd` | `elf/btf` (types.h) |
		| `elf/btf` | `elf/base` |
		| `elf/base` | nothing |
	END
	touch elf/base/span.h elf/btf/names.h
	echo '#include "elf/base/span.h"' >elf/btf/types.h
	echo '#include "elf/btf/types.h"' >loader/cmd/main.c
}

# broken TITLE LINE: only this rule fails, for this reason.
broken() {
	run -1 "$check" .
	echo "$output"
	[[ $(grep -c '^not ok' <<<"$output") = 1 ]]
	grep -q "^not ok [0-9]* - $1" <<<"$output"
	grep -qxF "# $2" <<<"$output"
}

@test "a tree that conforms to its table passes" {
	run -0 "$check" .
	[[ $output != *"not ok"* ]]
}

@test "an arrow that is not in the table" {
	echo '#include "elf/base/span.h"' >>loader/cmd/main.c
	broken 'includes follow' 'loader/cmd/main.c includes elf/base/span.h: no arrow loader/cmd -> elf/base'
}

@test "a header that the arrow does not name" {
	echo '#include "elf/btf/names.h"' >>loader/cmd/main.c
	broken 'includes follow' 'loader/cmd/main.c includes elf/btf/names.h: only types.h'
}

@test "a room without a row, and an unused arrow" {
	mkdir elf/link
	touch elf/link/core.h
	broken 'the table of arrows' 'elf/link has no row in docs/architecture.md'
	rm -r elf/link loader/cmd/main.c
	touch loader/cmd/main.c
	broken 'the table of arrows' 'docs/architecture.md: loader/cmd does not use elf/btf'
}

@test "the C library's formatting" {
	echo 'snprintf(buf, 9, "%d", 1); /* sprintf(x) */ text_print(buf, 9, "a %s");' >elf/base/span.h
	broken 'text and numbers' 'elf/base/span.h calls snprintf(): see format.h and number.h of elf/base'
	echo 'text_print(buf, 9, "a %s %-5.2f", 1);' >elf/base/span.h
	broken 'text and numbers' 'elf/base/span.h: format.h has no %-5.2f'
}

@test "two rooms that depend on each other" {
	sed -i 's,nothing,`elf/btf`,' docs/architecture.md
	echo '#include "elf/btf/names.h"' >elf/base/other.h
	broken 'no cycle between rooms' 'elf/base -> elf/btf -> elf/base'
}

@test "two modules that depend on each other, also through their source files" {
	echo '#include "names.h"' >elf/btf/types.c
	echo '#include "types.h"' >elf/btf/names.c
	broken 'no cycle between modules' 'elf/btf/names -> elf/btf/types -> elf/btf/names'
}

@test "files of one module are not a cycle" {
	echo '#include "types.h"' >elf/btf/types_impl.h
	echo '#include "types_impl.h"' >elf/btf/types.c
	echo '#include "types_impl.h"' >elf/btf/types_more.c
	run -0 "$check" .
}

@test "two files with the same name, and an included file that does not exist" {
	touch elf/base/names.h
	broken 'no two files' 'elf/base/names.h and elf/btf/names.h share a name'
	rm elf/base/names.h
	echo '#include "missing.h"' >elf/base/names.c
	rm elf/btf/names.h
	broken 'included files exist' 'elf/base/names.c includes missing.h, which does not exist'
}
