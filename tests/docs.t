#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Pages that are made of the program say what it says.
# shellcheck disable=SC2016
set -uo pipefail
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

# What stands in backticks in the third column of a trap, if it is some words, is in the program, word
# for word. One or two are names of things.
unsaid() {
	local words known
	known=$(strings -n 4 build/sonde)
	sed -nE 's/^\| P[0-9]+ \|[^|]*\|([^|]*)\|.*/\1/p' docs/errors.md |
		awk -F '`' '{ for (i = 2; i <= NF; i += 2) print $i }' | grep ' .* ' |
		while IFS= read -r words; do
			grep -qF -- "$words" <<<"$known" || echo "the program never says: $words"
		done
}

echo 1..3
diff <(docs/make-hooks) docs/hooks.md | sed 's/^/# /'
result $? "docs/hooks.md is current (docs/make-hooks >docs/hooks.md)"
diff <(docs/make-errors) docs/errors.md | sed 's/^/# /'
result $? "docs/errors.md is current (docs/make-errors)"
said=$(unsaid)
[[ ! $said ]]
result $? "what docs/errors.md quotes is what the program says"
[[ ! $said ]] || echo "# ${said//$'\n'/$'\n'# }"
exit $failed
