#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Correct and wrong usage: exit status, stdout and stderr.
#
# shellcheck disable=SC2016

load lib

setup_file() {
	prepare
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

verbs() {
	"$sonde" --help | sed -n 's/^  \([a-z][a-z0-9-]*\) .*/\1/p'
}

# The long options in the usage text of a verb: "--for TIME", "--json".
options() {
	"$sonde" "$1" --help | grep -oE '^ +(-[a-zA-Z], +)?--[a-z-]+( [A-Z=]+)?' |
		sed 's/.*--/--/'
}

# wrong STDERR-REGEX ARGUMENT…: wrong usage; the last line refers to the help.
wrong() {
	local regex=$1
	shift
	run --separate-stderr -2 timeout 600 "$sonde" "$@"
	echo "$stderr"
	[[ ! $output ]]
	[[ ${stderr_lines[0]} =~ $regex ]]
	[[ ${#stderr_lines[@]} = 2 && ${stderr_lines[1]} == "hint: "* ]]
	[[ $(widest <<<"$stderr") -le 100 ]]
}

@test "without a verb: usage on stderr, status 2" {
	run --separate-stderr -2 "$sonde"
	[[ ! $output && $stderr == *"usage: sonde VERB"* ]]
}

@test "--help, -h and help: usage on stdout, status 0" {
	for word in --help -h help; do
		run --separate-stderr -0 "$sonde" "$word"
		[[ $output == *"usage: sonde VERB"* && ! $stderr ]]
	done
	for verb in run load plan inspect map trace; do
		verbs | grep -qx "$verb"
	done
}

@test "--version prints one line with name and version" {
	for word in --version -V; do
		run --separate-stderr -0 "$sonde" "$word"
		[[ $output =~ ^sonde\ [0-9]+\.[0-9]+\.[0-9]+$ && ! $stderr ]]
	done
}

@test "--help VERB prints the help of the verb; for hooks, their table" {
	"$sonde" map --help >own
	for ask in --help help -h; do
		"$sonde" "$ask" map | cmp - own
		"$sonde" "$ask" hooks | cmp - <("$sonde" hooks)
	done
}

@test "hooks: by family or word, with details" {
	run --separate-stderr -0 "$sonde" hooks -v xdp
	[[ $(grep -c '^  xdp' <<<"$output") = 6 && $(widest <<<"$output") -le 80 ]]
	grep -qx '      BPF_PROG_TYPE_XDP, BPF_XDP; BPF_LINK_CREATE (5.9), RTM_SETLINK (4.8)' <<<"$output"
	[[ $(widest <<<"$("$sonde" hooks -v)") -le 80 ]]
	[[ $("$sonde" hooks cgroup/bind | grep -c '^  cgroup/bind[46] ') = 2 ]]
	[[ $("$sonde" hooks --json | wc -l) = $("$sonde" hooks | grep -c '^  [a-z].* [3-7]\.[0-9]') ]]
	"$sonde" hooks --json xdp | tail -n 1 | jq -e '.methods == [
		{"how": "BPF_LINK_CREATE", "since": "5.9"}, {"how": "RTM_SETLINK", "since": "4.8"}]'
	run --separate-stderr -1 "$sonde" hooks xdpp
	[[ ! $output && $stderr == *"unknown hook 'xdpp'"*"hint: "* ]]
}

@test "each verb has its own help that fits the terminal" {
	[[ $("$sonde" --help | widest) -le 80 ]]
	for verb in $(verbs); do
		run --separate-stderr -0 "$sonde" "$verb" --help
		[[ $output == "usage: sonde $verb"* && ! $stderr ]]
		[[ $(widest <<<"$output") -le 80 ]]
		first=$output
		run --separate-stderr -0 "$sonde" "$verb" -h
		[[ $output == "$first" ]]
	done
}

@test "every option in a help text is accepted, with a value where documented" {
	count=0
	for verb in run load plan emit-c inspect map trace calls pack doctor test init timeline; do
		while read -r option value; do
			# Verbs without a file would begin to work.
			if [[ $value ]]; then
				run --separate-stderr "$sonde" "$verb" "$option"
			else
				run --separate-stderr "$sonde" "$verb" "$option" no-such-file a-second
			fi
			echo "$verb $option: $stderr"
			[[ $stderr != *unrecognized* ]]
			if [[ $value ]]; then
				[[ $stderr == "sonde $verb: "*"requires an argument"* ]]
			else
				[[ $stderr != *"requires an argument"* ]]
			fi
			count=$((count + 1))
		done < <(options "$verb" | grep -v -e --help)
	done
	[[ $count -ge 20 ]]
}

@test "short and long options are equivalent" {
	for pair in "-j --json" "-p=openat_exit --only=openat_exit" "-s=only_pid=7 --set=only_pid=7"; do
		read -r short long <<<"$pair"
		"$sonde" plan "${short/=/}" "$progs/opensnoop.bpf.o" >by-short
		"$sonde" plan "$long" "$progs/opensnoop.bpf.o" >by-long
		cmp by-short by-long
	done
}

@test "wrong usage: status 2, nothing on stdout, two lines on stderr" {
	wrong "^sonde: unknown verb 'nonsense'" nonsense
	wrong "^sonde: unknown verb '-x'" -x
	wrong "^sonde: unknown verb ''" ''
	for verb in run plan; do
		wrong "^sonde $verb: no file given" "$verb"
		wrong "^sonde $verb: more than one file given" "$verb" a b
	done
	wrong "^sonde inspect: no object given" inspect
	wrong "^sonde inspect: more than one object" inspect a b
	wrong "^sonde trace: unexpected argument 'x'" trace x
	wrong "^sonde calls: expects a command, or --pid" calls
	wrong "^sonde calls: either a command or --pid, not both" calls -p 1 true
	for id in x '' 0 -1 1x 4294967297; do
		wrong "^sonde calls: --pid expects a process id, got '$id'" calls -p "$id"
	done
	wrong "^sonde detach: no place given" detach
	wrong "^sonde detach: more than one place" detach a 1 2
	for id in x '' 0 1x 4294967296 99999999999999999999; do
		wrong "^sonde detach: '$id' is not a program id" detach a "$id"
	done
	for verb in run load unload list plan inspect trace calls detach prog link ps top net cgroup pack hooks doctor test init timeline; do
		wrong "^sonde $verb: .*nope" "$verb" --nope
		wrong "^sonde $verb: .*Z" "$verb" -Z
	done
	wrong "^sonde prog: unknown action 'x': expected list, show, dump, pin" prog x
	wrong "^sonde prog: dump: expected xlated or jited" prog dump 3
	wrong "^sonde prog: dump: nothing to select it by was given" prog dump xlated
	wrong "^sonde prog: show: id expects a number, got 'x'" prog show id x
	wrong "^sonde prog: show: tag expects 16 hexadecimal digits, got 'abc'" prog show tag abc
	wrong "^sonde prog: show: too many arguments" prog show id 1 2
	wrong "^sonde prog: pin: no path given" prog pin 1
	wrong "^sonde link: detach: nothing to select it by" link detach
	wrong "^sonde link: detach: has no option --json" link detach 1 --json
	wrong "^sonde ps: unexpected argument 'x'" ps x
	wrong "^sonde top: --every expects a time such as 2s, got 'x'" top --every x
	wrong "^sonde run: .*for" run --for
	wrong "^sonde plan: --set expects VAR=VALUE, got 'x'" plan --set x y
	wrong "^sonde run: --set expects VAR=VALUE, got 'x'" run --set x y
}

@test "options that exclude each other, or have no effect" {
	wrong "^sonde run: --folded has no effect with --json" run --folded -j x
	wrong "^sonde run: --every has no effect with --folded" run --folded --every 1s x
	wrong "^sonde plan: --json has no effect with --output" plan -o out --json x
	wrong "^sonde plan: -v has no effect with --output" plan -v -o out x
	wrong "^sonde plan: --json has no effect with --why, which has a form of its own" plan --why 1 --json x
	wrong "^sonde plan: --dot has no effect with --for" plan --dot --for 5.10 x
	wrong "^sonde plan: -v has no effect with --diff" plan --diff -v x y
	wrong "^sonde emit-c: no file given" emit-c
	wrong "^sonde emit-c: more than one file given" emit-c x y
	wrong "^sonde emit-c: unrecognized option: json" emit-c --json x
	wrong "^sonde plan: --diff expects two files" plan --diff x
	wrong "^sonde plan: more than one file given" plan x y
	wrong "^sonde plan: at most 8 kernels fit side by side" plan x --for=5.{1,2,3,4,5,6,7,8,9}
	wrong "^sonde calls: -v has no effect with --json" calls -vj x
	wrong "^sonde calls: --diff has a form of its own" calls --diff x -v y
	for verb in run plan inspect "map dump"; do
		# shellcheck disable=SC2086
		wrong "^sonde ${verb% *}: --types has no effect without --event" $verb --types x y
	done
	for option in --event --types --debug; do
		wrong "^sonde load: unrecognized option: ${option#--}\$" load "$option" x y
	done
	wrong "^sonde map: list: has no option -v" map list -v
	wrong "^sonde btf: c: has no option --json" btf c --json
	wrong "^sonde btf: show: has no option --name" btf show --name x y
	wrong "^sonde btf: c: has no option --kind" btf c --kind struct
}

# Both ways: what is accepted is in the help.
@test "options about records are in the help of every verb that takes them" {
	for verb in $(verbs); do
		for option in --event --types --debug; do
			run --separate-stderr "$sonde" "$verb" "$option"
			if [[ $stderr == *unrecognized* ]]; then
				[[ $(options "$verb") != *"$option"* ]]
			else
				[[ $(options "$verb") == *"$option"* ]]
			fi
		done
	done
}

@test "words of the command line cannot control the terminal" {
	evil=$'x\e[2J\n\xc2\x9b\xff'
	wrong "^sonde: unknown verb 'x\\?\\[2J\\?\\?\\?'\$" "$evil"
	wrong "^sonde run: unrecognized option: x\\?\\[2J\\?\\?\\?\$" run "--$evil"
	wrong "^sonde run: unrecognized option: \\?\$" run $'-\e'
	wrong "^sonde run: option does not take an argument: json\$" run "--json=$evil"
	wrong "^sonde run: option is ambiguous: s=x" run "--s=$evil"
	wrong "^sonde map: unrecognized option: x" map "--$evil"
	wrong "^sonde map: unknown action 'x\\?\\[2J\\?" map "$evil"
	wrong "^sonde run: --for expects .* 'x\\?\\[2J\\?" run --for "$evil"
	wrong "^sonde plan: --set expects .* 'x\\?\\[2J\\?" plan --set "$evil" y
	refused run "$evil"
	[[ $stderr != *$'\e'* && $reason == *'x?[2J?'* ]]
}

@test "times, and invalid ones" {
	for time in 1h30m 2m1.5s 1h1m1s1ms 10 500ms; do
		run --separate-stderr -1 "$sonde" run --for "$time" no-such-file
		run --separate-stderr -1 "$sonde" run --every "$time" no-such-file
	done
	for time in 0 0s -1 x 1x 1s2 1h30 30m1 1hm 596h99999m '' ' ' 99999999h .5 1e3 0.0001 1,5s; do
		wrong "^sonde run: --for expects a time such as 10s, got '$time'" run --for "$time" x
		wrong "^sonde run: --every expects a time such as 2s, got '$time'" run --every "$time" x
		wrong "^sonde trace: --for expects a time such as 10s, got '$time'" trace --for "$time"
	done
}

@test "invalid file descriptors" {
	for fd in 99 -1 x '' 3x 70000 4294967297; do
		wrong "^sonde run: --ready-fd expects an open descriptor, got '$fd'" run --ready-fd "$fd" x
	done
}

@test "too many repetitions of an option" {
	many=()
	for _ in $(seq 65); do many+=(--only x); done
	wrong "^sonde plan: more than 64 times" plan "${many[@]}" x
	wrong "^sonde run: more than 64 times" run "${many[@]}" x
	wrong "^sonde inspect: more than 64 times the same option" inspect "${many[@]}" x
}

@test "full device or closed stdout: status 1 and an error" {
	object=$progs/opensnoop.bpf.o
	ln -s /dev/full full # not by its own name: a mistake could replace it
	for words in --help --version "run --help" "plan $object" "plan --json $object" \
		"inspect $object" "inspect -S -c $object" "plan -o full $object"; do
		# shellcheck disable=SC2086
		run -1 bash -c '"$0" "$@" 2>&1 >/dev/full' "$sonde" $words
		echo "$words: $output"
		[[ $output == "sonde: "*"No space left on device" ]]
		[[ $words != *-o* ]] || continue
		# shellcheck disable=SC2086
		run -1 bash -c '"$0" "$@" 2>&1 >&-' "$sonde" $words
		echo "$words: $output"
		[[ $output == "sonde: write to stdout: EBADF: Bad file descriptor" ]]
	done
	[[ -L full ]]
}

@test "a closed pipe is not an error" {
	for words in --help "plan -v $progs/opensnoop.bpf.o" "inspect -S -c $progs/opensnoop.bpf.o"; do
		# shellcheck disable=SC2086
		run --separate-stderr -0 bash -c '"$0" "$@" | :; exit ${PIPESTATUS[0]}' "$sonde" $words
		[[ ! $stderr ]]
	done
}

@test "a closed stderr does not redirect messages into other files" {
	"$sonde" plan "$progs/hello.bpf.o" -o plan 2>&-
	"$sonde" plan plan >/dev/null
	run -1 bash -c '"$0" plan missing.o -o out 2>&-' "$sonde"
	[[ ! $output && ! -e out ]]
}
