#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# What is generated from the help texts: completion, tried in interactive shells, and manual pages.

load lib

setup_file() {
	prepare
	made=$BATS_FILE_TMPDIR/made
	mkdir "$made"
	"$root/docs/make-completion" bash "$sonde" >"$made/sonde"
	"$root/docs/make-completion" zsh "$sonde" >"$made/_sonde"
	"$root/docs/make-man" "$sonde" "$made/man"
}

setup() {
	made=$BATS_FILE_TMPDIR/made
	cd "$BATS_TEST_TMPDIR" || return
	cp "$progs"/{opensnoop,xdpgate}.bpf.o .
	touch notes.txt
	mkdir opened
}

# shell WORD…: what it makes of the lines on the left of "->" is on the right.
shell() {
	cat >lines <<-'END'
		sonde insp -> sonde inspect
		sonde help unl -> sonde help unload
		sonde run --pid- -> sonde run --pid-var
		sonde run opens -> sonde run opensnoop.bpf.o
		sonde run --btf no -> sonde run --btf notes.txt
		sonde unload opene -> sonde unload opened
		sonde plan opensnoop.bpf.o --only openat_en -> sonde plan opensnoop.bpf.o --only openat_enter
		sonde plan opensnoop.bpf.o --only=openat_ex -> sonde plan opensnoop.bpf.o --only=openat_exit
		sonde run opensnoop.bpf.o --set onl -> sonde run opensnoop.bpf.o --set only_pid=
		sonde run opensnoop.bpf.o --pid-var onl -> sonde run opensnoop.bpf.o --pid-var only_pid
		sonde run opensnoop.bpf.o --map eve -> sonde run opensnoop.bpf.o --map events
		sonde run xdpgate.bpf.o --on xdpg -> sonde run xdpgate.bpf.o --on xdpgate=
		sonde run xdpgate.bpf.o --on xdpgate=l -> sonde run xdpgate.bpf.o --on xdpgate=lo
		sonde plan --type xdpgate=sk_look -> sonde plan --type xdpgate=sk_lookup
		sonde map du -> sonde map dump
		sonde prog dump j -> sonde prog dump jited
		sonde hooks kprobe.mul -> sonde hooks kprobe.multi
		sonde calls -- truncat -> sonde calls -- truncate
		sonde calls -- nothing-like -> sonde calls -- nothing-like
	END
	sed 's/ -> .*//' lines | PATH=${sonde%/*}:$PATH python3 "$root/tests/cli/complete.py" "$@" | sed 's,/$,,' >completed
	paste -d '\n' <(sed 's/ -> .*//; s/^/# /' lines) completed
	diff <(sed 's/.* -> //' lines) completed
}

@test "bash completes verbs, actions, options and their values" {
	shell ". $made/sonde" bash --norc --noprofile -i
	# As it is loaded by bash-completion, and by a shell that has never loaded it.
	bash -n "$made/sonde"
	shellcheck "$made/sonde"
}

@test "zsh completes the same" {
	command -v zsh || skip "zsh is not installed"
	shell "fpath=($made \$fpath); autoload -Uz compinit; compinit -u -D" zsh -f -i
}

@test "every verb and option of the help is in the completion and in a manual page" {
	"$sonde" --help | sed -n 's/^  \([a-z][a-z0-9-]*\) .*/\1/p' >verbs
	[[ $(wc -l <verbs) -ge 10 ]]
	count=0
	while read -r verb; do
		grep -qE "verbs\]='(.*\|)?$verb(\||')" "$made/sonde"
		grep -qF "\\fB${verb//-/\\-}\\fR" "$made/man/sonde.1"
		row=$(grep -F "[options $verb]=" "$made/sonde" || grep -F "['options $verb']=" "$made/sonde")
		page=$(<"$made/man/sonde-$verb.1")
		while read -r option; do
			[[ $row =~ "|$option"[=\|\'] ]]
			[[ $page == *"${option//-/\\-}"* ]]
			count=$((count + 1))
		done < <("$sonde" "$verb" --help | grep -oE '^ +(-[a-zA-Z], +)?--[a-z-]+' | sed 's/.*--/--/')
	done <verbs
	[[ $count -ge 60 ]]
}

@test "manual pages contain the words of the help, and are well-formed" {
	mandoc -T lint "$made"/man/*.1
	for verb in run map calls detach; do
		MANWIDTH=200 mandoc -T utf8 "$made/man/sonde-$verb.1" | sed 's/.\x08//g' >page
		# Without punctuation, and words that were hyphenated: nothing but the headings is added.
		"$sonde" "$verb" --help | grep -oE '[a-zA-Z_]{3,}' | sort -u >words
		grep -oE '[a-zA-Z_]{3,}' page | sort -u >there
		comm -23 words there >missing
		cat missing
		[[ $(grep -vcxE 'usage|examples?' missing) = 0 ]]
	done
}
