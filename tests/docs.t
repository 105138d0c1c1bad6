#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Generated pages are current, and everything that pages quote or name exists.
# shellcheck disable=SC2016,SC2317
set -uo pipefail
shopt -s extglob
cd "$(dirname "$(readlink -f "$0")")/.." || exit
make -s build/sonde >&2 || exit
failed=0
number=0

# result STATUS TITLE
result() {
	number=$((number + 1))
	if (($1)); then
		failed=1
		echo "not ok $number - $2"
	else
		echo "ok $number - $2"
	fi
}

# Quotations in the third column of the table of pitfalls that the program does not contain. Code with
# two spaces or more is a quotation; otherwise it is a name.
unsaid() {
	local words known
	known=$(strings -n 4 build/sonde.debug)
	sed -nE 's/^\| P[0-9]+ \|[^|]*\|([^|]*)\|.*/\1/p' docs/errors.md |
		awk -F '`' '{ for (i = 2; i <= NF; i += 2) print $i }' | grep ' .* ' |
		while IFS= read -r words; do
			grep -qF -- "$words" <<<"$known" || echo "not in the program: $words"
		done
}

# Lines of the plan in README.md, "..." aside, that are not in the plan.
stale_plan() {
	make -s build/progs/execcount.bpf.o >&2
	sed -n '/^\$ build\/sonde plan /,/^```/p' README.md | sed '1d;$d' | grep -vx '\.\.\.' |
		grep -vxFf <(build/sonde plan build/progs/execcount.bpf.o)
}

# defines FILE FUNCTION: the file contains the definition, not just a prototype.
defines() {
	awk -v name="$2" '
		/^[a-z]/ && $0 ~ "[ *]" name "\\(" { head = 1 }
		head && /;$/ { head = 0 }
		head && /^\{/ { found = 1 }
		END { exit !found }' "$1"
}

# Stations of the walk in docs/architecture.md that do not exist.
lost_stations() {
	local file function stations=0
	while read -r file function; do
		stations=$((stations + 1))
		if [[ ! -f $file ]]; then
			echo "there is no $file"
		elif ! defines "$file" "$function"; then
			echo "$file does not define $function()"
		fi
	done < <(sed -nE 's/^[0-9]+\. `([^`]+)`: `(\w+)\(\)` - .*/\1 \2/p' docs/architecture.md)
	((stations >= 15)) || echo "docs/architecture.md: only $stations stations are in the checked format"
}

# Files and functions named by the pages that do not exist. A path may be a pattern; NAME and FAMILY
# stand for any.
lost_names() {
	local name
	grep -ohE '`(elf|loader|progs|tests|docs)/[^` ]+`' "${pages[@]}" | tr -d '`' | sort -u |
		while IFS= read -r name; do
			compgen -G "${name//@(NAME|FAMILY)/*}" >/dev/null || echo "there is no $name"
		done
	for page in "${pages[@]}"; do
		grep -ohE '\]\([^)#:]+\)' "$page" | sed 's/^](//; s/)$//' | while IFS= read -r name; do
			[[ -e ${page%/*}/$name ]] || echo "$page links to $name"
		done
	done
	grep -ohE '`\w+\(\)`' "${pages_of_functions[@]}" | tr -d '`()' | sort -u |
		while IFS= read -r name; do
			grep -rqE "(^|[ *])$name\(" elf loader progs/include tests || echo "there is no $name()"
		done
}

# check TITLE COMMAND…: passes if the command prints nothing.
check() {
	local wrong
	wrong=$("${@:2}")
	[[ ! $wrong ]]
	result $? "$1"
	[[ ! $wrong ]] || echo "# ${wrong//$'\n'/$'\n'# }"
}

pages=(./README.md ./README.fr.md ./CONTRIBUTING.md docs/*.md progs/README.md)
pages_of_functions=(docs/architecture.md CONTRIBUTING.md)
echo 1..8
diff <(docs/make-hooks) docs/hooks.md | sed 's/^/# /'
result $? "docs/hooks.md is current (docs/make-hooks >docs/hooks.md)"
diff <(docs/make-errors) docs/errors.md | sed 's/^/# /'
result $? "docs/errors.md is current (docs/make-errors)"
check "what docs/errors.md quotes is what the program says" unsaid
check "the plan in README.md is what the program prints" stale_plan
check "every station of the walk in docs/architecture.md exists" lost_stations
check "files and functions that the pages name exist" lost_names
make -s progs >&2
check "blocks of the pages that need no rights are what the programs print" tests/pages here
check "verbs and options in the text of the pages exist" tests/pages names
exit $failed
