#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde plan and sonde inspect: their output, target kernels, and that they need no privileges.
#
# shellcheck disable=SC2094

load lib

setup_file() {
	prepare
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# kernel RELEASE MACHINE [BTF]: a directory that describes a kernel.
kernel() {
	mkdir -p kernel
	echo "$1" >kernel/release
	echo "$2" >kernel/machine
	[[ ! ${3-} ]] || cp "$3" kernel/btf
}

@test "the plan goes to stdout, nothing to stderr" {
	for object in "$progs"/{smoke,hello,execcount,opensnoop}.bpf.o; do
		run --separate-stderr -0 "$sonde" plan "$object"
		name=$(basename "$object" .bpf.o)
		[[ $output == "$name: "*" steps"* && ! $stderr ]]
		[[ $output == *"BPF_PROG_LOAD"* && $output == *$'\n     attach: '* ]]
	done
}

@test "plans fit the terminal" {
	for object in $(every 4 "$progs"/*.bpf.o "$root"/build/course/*.bpf.o); do
		[[ -e $object ]] || continue
		"$sonde" plan "$object" >plan 2>why || continue
		echo "$object: $(widest <plan)"
		[[ $(widest <plan) -le 80 ]]
	done
	for form in -v "--why 5" "--for 4.14 --for 5.10 --for 6.12"; do
		# shellcheck disable=SC2086
		[[ $("$sonde" plan $form "$progs/ssl.bpf.o" | widest) -le 80 ]]
	done
}

@test "hello fits a screen of 24 lines and a prompt; fallbacks are counted" {
	"$sonde" plan "$progs/hello.bpf.o" >plan
	[[ $(wc -l <plan) -le 23 ]]
	# All steps but fallbacks, and all fallbacks in the counts.
	"$sonde" plan -v "$progs/hello.bpf.o" >full
	grep -oE '^[0-9]+\. ' full | tr -d ' ' | cmp - <(grep -oE '^ *[0-9]+\. ' plan | tr -d ' ')
	counted=$(grep -oE '\+[0-9]+ fallback' plan | tr -dc '0-9\n' | paste -sd+ | bc)
	[[ $counted = "$(grep -cE '^ +[0-9]+\. ' full)" ]]
	[[ $(head -n 1 plan) == "hello: "*", $counted fallbacks (-v shows them)" ]]
	# A step says what it is for.
	[[ $(grep -A1 BPF_MAP_FREEZE plan) == *"freeze: from now on the verifier treats these bytes as constants" ]]
	[[ $(grep -A1 BPF_BTF_LOAD plan) == *"load: types of maps, "* ]]
}

@test "steps are numbered consecutively from 1, and JSON has the same steps" {
	"$sonde" plan -v "$progs/opensnoop.bpf.o" >text
	"$sonde" plan --json "$progs/opensnoop.bpf.o" >json
	grep -oE '^ *[0-9]+\. ' text | tr -d ' .' >numbers
	seq "$(wc -l <numbers)" | cmp - numbers
	is_json <json
	python3 - <<-'END' >of-json
		import json
		for line in open("json"):
		    step = json.loads(line)
		    assert step["who"] and step["doing"] and step["call"], step
		    assert ("instead_of" in step) == ("after" in step), step
		    print(step["step"])
	END
	cmp numbers of-json
}

@test "-vv adds instructions and bytes" {
	"$sonde" plan -v "$progs/hello.bpf.o" >short
	"$sonde" plan -vv "$progs/hello.bpf.o" >long
	[[ $(wc -l <long) -gt $(wc -l <short) ]]
	grep -q 'call bpf_get_current_pid_tgid' long
	run ! grep -q 'call bpf_get_current_pid_tgid' short
	# The long form contains all lines of the short one in the same order.
	diff short long >differences || true
	run ! grep -q '^<' differences
}

@test "colour only on a terminal" {
	"$sonde" plan "$progs/hello.bpf.o" >plan
	run ! grep -q $'\033' plan
	script -qec "'$sonde' plan '$progs/hello.bpf.o'" /dev/null >typescript
	tr -d '\r' <typescript | sed $'s/\033\\[[0-9;]*m//g' | cmp - plan
}

@test "planning needs no privileges and gives the same plan without them" {
	[[ $EUID = 0 ]] || skip "not root: nobody to compare with"
	folder=$(mktemp -d)
	cp "$sonde" "$progs"/*.bpf.o "$folder"
	chmod -R a+rX "$folder"
	cd "$folder"
	for object in $(every 8 ./*.bpf.o); do
		for option in "" -vv --json; do
			# shellcheck disable=SC2086
			./sonde plan $option "$object" >"$BATS_TEST_TMPDIR/root"
			# shellcheck disable=SC2086
			setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all \
				./sonde plan $option "$object" >"$BATS_TEST_TMPDIR/nobody"
			cmp "$BATS_TEST_TMPDIR/root" "$BATS_TEST_TMPDIR/nobody"
		done
	done
	rm -r "$folder"
}

@test "planning calls no bpf(2), mounts nothing and opens no perf event" {
	for object in $(every 7 "$progs"/*.bpf.o); do
		for verb in plan inspect; do
			strace -f -o calls -e \
				trace=bpf,perf_event_open,mount,fsopen,fsmount,unshare,setrlimit,prlimit64 \
				"$sonde" "$verb" "$object" >/dev/null
			cat calls
			run ! grep -q '(' calls
		done
	done
}

@test "--only leaves out other programs; an unknown name is an error" {
	run -0 "$sonde" plan --only openat_exit "$progs/opensnoop.bpf.o"
	[[ ${lines[0]} == "opensnoop: 1 program, "* ]]
	[[ $output == *openat_exit* && $output != *openat_enter* ]]
	run -0 "$sonde" plan --only openat_exit --only openat_enter "$progs/opensnoop.bpf.o"
	[[ ${lines[0]} == "opensnoop: 2 programs, "* ]]
	refused plan --only nope "$progs/opensnoop.bpf.o"
	[[ $reason == *"there is no program 'nope'" ]]
	[[ $hint == "hint: its programs are: openat_enter, openat_exit" ]]
}

@test "-o saves a plan that shows the same plan again" {
	for object in "$progs"/{smoke,hello,execcount,opensnoop}.bpf.o; do
		"$sonde" plan -vv "$object" >from-object
		run --separate-stderr -0 "$sonde" plan -o saved "$object"
		[[ ! $output && ! $stderr ]]
		"$sonde" plan -vv saved >from-plan
		cmp from-object from-plan
		"$sonde" plan -o again saved
		"$sonde" plan -vv again >from-again
		cmp from-object from-again
	done
}

@test "--set changes the plan, and a saved plan can be changed again" {
	"$sonde" plan -o saved --set only_pid=0x01020304 "$progs/opensnoop.bpf.o"
	"$sonde" plan -v saved | grep -q 'value  *&16909060'
	"$sonde" plan -v --set only_pid=84281096 saved >anew
	grep -q 'value  *&84281096' anew
	run ! grep -q 16909060 anew
	refused plan --only openat_exit saved
	[[ $reason == *"a saved plan is run as a whole"* ]]
}

@test "errors while saving a plan" {
	refused plan -o /nonexistent/plan "$progs/hello.bpf.o"
	[[ $reason == "sonde: /nonexistent/plan: ENOENT: "* ]]
	refused plan -o . "$progs/hello.bpf.o"
	[[ $reason == "sonde: .: EISDIR: "* ]]
	# The previous file is kept, and no partial file remains.
	echo before >saved
	(
		ulimit -f 1
		trap '' XFSZ
		"$sonde" plan -o saved "$progs/opensnoop.bpf.o" 2>why && exit 1
		grep -q '^sonde: saved: EFBIG' why
	)
	[[ $(cat saved) == before && $(echo saved*) == saved ]]
}

@test "-o writes to special files" {
	"$sonde" plan -o saved "$progs/hello.bpf.o"
	ln -s /dev/stdout stdout # not by its own name: a mistake could replace it
	"$sonde" plan -o stdout "$progs/hello.bpf.o" | cmp - saved
	ln -s target link
	touch target
	"$sonde" plan -o link "$progs/hello.bpf.o"
	[[ -L link ]]
	cmp target saved
	mkfifo pipe
	"$sonde" plan -o pipe "$progs/hello.bpf.o" &
	cmp pipe saved
	[[ -p pipe ]]
}

@test "a damaged plan is rejected with one line, or still valid" {
	"$sonde" plan -o saved "$progs/opensnoop.bpf.o"
	size=$(stat -c %s saved)
	for n in 1 2 3 4 8 15 16 17 64 100 $((size / 2)) $((size - 1)); do
		head -c "$n" saved >short
		refused plan short
		[[ $reason == "sonde: short: "* ]]
	done
	{
		cat saved
		echo more
	} >longer
	refused plan longer
	python3 - "$sonde" $((${SONDE_ALL:+1} + 0 ? 400 : 50)) <<-'END'
		import random, subprocess, sys
		random.seed(7)
		good = open("saved", "rb").read()
		for i in range(int(sys.argv[2])):
		    bad = bytearray(good)
		    for _ in range(random.choice((1, 1, 2, 5))):
		        bad[random.randrange(len(bad))] = random.choice((0, 1, 0x7f, 0x80, 0xff))
		    open("bad", "wb").write(bad)
		    p = subprocess.run([sys.argv[1], "plan", "bad"], capture_output=True)
		    assert p.returncode in (0, 1), (i, p)
		    assert p.returncode == 0 or p.stderr.startswith(b"sonde: bad: "), (i, p)
	END
}

@test "--target plans for another kernel" {
	refused plan --target nowhere "$progs/hello.bpf.o"
	[[ $reason == *"nowhere: no file 'release'"* && $hint == *"uname -r"* ]]
	kernel 4.19.0 x86_64
	"$sonde" plan --target kernel "$progs/hello.bpf.o" >plan
	# Without types, it fits any kernel.
	run ! grep -q 'linked against' plan
	# A kprobe on a kernel before 5.0 must specify the kernel version.
	"$sonde" plan -v --target kernel "$progs/smoke.bpf.o" | grep -q 'kern_version  *267008'
	kernel 6.1.0 aarch64
	"$sonde" plan -v --target kernel "$progs/smoke.bpf.o" | grep -q '"__arm64_sys_clone"'
}

@test "--target with types, and objects of the other byte order" {
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "this kernel has no BTF"
	kernel 9.9.9-other x86_64 /sys/kernel/btf/vmlinux
	"$sonde" plan --target kernel "$progs/opensnoop.bpf.o" | grep -q '^linked against .* Linux 9.9.9-other'
	"$sonde" plan --target kernel -o saved "$progs/opensnoop.bpf.o"
	refused run saved
	[[ $reason == *"made for Linux 9.9.9-other, this is $(uname -r)" ]]
	kernel 6.12.0 s390x
	rm kernel/btf
	"$sonde" plan --target kernel "$progs/eb/execcount.bpf.o" | grep -q BPF_PROG_LOAD
	refused plan --target kernel "$progs/opensnoop.bpf.o"
	[[ $reason == *openat_enter*"no BTF"* && $hint == *"--btf FILE"* ]]
}

@test "inspect shows the contents of an object" {
	run --separate-stderr -0 "$sonde" inspect "$progs/opensnoop.bpf.o"
	[[ ! $stderr ]]
	for word in openat_enter openat_exit opening events lost .rodata only_pid \
		'license "Dual BSD/GPL"' little-endian; do
		[[ $output == *"$word"* ]]
	done
	run -0 "$sonde" inspect "$progs/eb/opensnoop.bpf.o"
	[[ $output == *big-endian* ]]
	"$sonde" inspect --json "$progs/opensnoop.bpf.o" >json
	is_json <json
	python3 - <<-'END'
		import json
		things = [json.loads(line) for line in open("json")]
		def names(what):
		    return [t["name"] for t in things if t["what"] == what]
		assert names("program") == ["openat_enter", "openat_exit"], things
		assert names("map") == ["opening", "events", "lost", ".rodata"], things
		assert names("variable") == ["only_pid"], things
	END
}

@test "inspect: sections, code, one program" {
	"$sonde" inspect -S "$progs/opensnoop.bpf.o" | grep -q '\.BTF\.ext'
	run -0 "$sonde" inspect -c "$progs/opensnoop.bpf.o"
	[[ $output == *"call bpf_ringbuf_reserve"* ]]
	run -0 "$sonde" inspect --only openat_enter "$progs/opensnoop.bpf.o"
	[[ $output != *"call bpf_ringbuf_reserve"* && $output == *"call bpf_map_update_elem"* ]]
}

@test "--entries overrides the size of a map" {
	run -0 "$sonde" plan -v --entries exec_count=5 "$progs/execcount.bpf.o"
	grep -E '^ +max_entries +5( |$)' <<<"$output"
	run --separate-stderr -1 "$sonde" plan --entries exec_coun=5 "$progs/execcount.bpf.o"
	[[ $stderr == *"--entries: there is no map 'exec_coun'"*"its maps are: exec_count"* ]]
	for wrong in exec_count exec_count= exec_count=x exec_count=1x exec_count=4294967296; do
		run --separate-stderr -1 "$sonde" plan --entries "$wrong" "$progs/execcount.bpf.o"
		[[ ! $output && $stderr == *"--entries expects MAP=NUMBER, got '$wrong'"* ]]
	done
}

@test "one name has one value for each option" {
	object=$progs/opensnoop.bpf.o
	for words in "--set only_pid=1 --set only_pid=1" "--entries opening=5 --entries opening=6" \
		"--event events=open_event --event events=open_event" \
		"--arg openat_exit=a --arg openat_exit=b"; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 "$sonde" plan "$object" $words
		echo "$words: $stderr"
		[[ ! $output && ${stderr_lines[0]} == "sonde: --"*": two values for "* ]]
		[[ ${stderr_lines[1]} == "hint: "*" and "*": leave one out" ]]
	done
}

@test "an option that has no effect is reported" {
	run --separate-stderr -0 "$sonde" plan "$progs/execcount.bpf.o" --kconfig /etc/hostname \
		--btf /etc/hostname
	[[ $stderr == *"note: --btf was not used"*"note: --kconfig was not used"* ]]
	run --separate-stderr -0 "$sonde" inspect "$progs/execcount.bpf.o" --btf /etc/hostname
	[[ $stderr == "note: --btf was not used"* ]]
	object=$progs/opensnoop.bpf.o
	for words in "--skip openat_exit" "--on openat_exit=tp/a/b" "--type openat_exit=tp/a/b"; do
		# shellcheck disable=SC2086
		run --separate-stderr -0 "$sonde" plan "$object" --only openat_enter $words
		[[ $stderr == "note: ${words%=*}"*" has no effect: "* ]]
	done
	run --separate-stderr -1 "$sonde" inspect "$object" --only openat
	[[ ! $output && $stderr == *": there is no program 'openat'"*"its programs are: openat_enter, openat_exit" ]]
	run --separate-stderr -1 "$sonde" plan "$progs/itertask.bpf.o" --event itertask=task_struct
	[[ $stderr == *": --event has no effect: program 'itertask' writes text, not records" ]]
	run --separate-stderr -0 "$sonde" btf list --base "$object" "$object"
	[[ $stderr == "note: --base was not used: "* ]]
}

@test "a saved plan is complete" {
	"$sonde" plan "$progs/execcount.bpf.o" -o saved
	for words in "--on lo" "--type xdp" "--arg count=1" "--entries exec_count=5" "--token /sys"; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 "$sonde" plan saved $words
		[[ ! $output && ${stderr_lines[0]} == "sonde: saved: ${words% *} has no effect on a saved plan" ]]
		[[ ${stderr_lines[1]} == "hint: give it to \`sonde plan\`, or run the object" ]]
	done
	run --separate-stderr -1 "$sonde" load --pin /sys/fs/bpf/plan_bats saved
	[[ ${stderr_lines[0]} == "sonde: saved: --pin has no effect on a saved plan" ]]
}

@test "--why: which part of the object asked for a step, and what uses it" {
	"$sonde" plan --json "$progs/opensnoop.bpf.o" >json
	step() { # WHO DOING: its number
		jq -r "select(.who == \"$1\" and .doing == \"$2\" and .instead_of == null) | .step" json |
			head -n 1
	}
	run --separate-stderr -0 "$sonde" plan --why "$(step "map 'opening'" create)" "$progs/opensnoop.bpf.o"
	[[ $output == *"step "*": map 'opening': create"* && ! $stderr ]]
	grep -q "^asked by     the definition of map 'opening'" <<<"$output"
	grep -q "^used by      program 'openat_enter', instruction [0-9]*: r1 = map\[opening\]" <<<"$output"
	grep -qF "bpf_map_update_elem(&opening, &thread, &name, BPF_ANY); @" <<<"$output"
	grep -q "^ *opensnoop.bpf.c:[0-9]*$" <<<"$output"
	grep -q "^needs        step 1$" <<<"$output"
	grep -q "^if it fails  EINVAL, .*: step [0-9]*, without types" <<<"$output"
	load=$(step "program 'openat_enter' (tp/syscalls/sys_enter_openat)" load)
	run -0 "$sonde" plan -w "$load" "$progs/opensnoop.bpf.o"
	[[ $output == *"SEC(\"tp/syscalls/sys_enter_openat\")"*opensnoop.bpf.c:* ]]
	grep -q "^needed by    step [0-9]*$" <<<"$output"
	# A fallback says when it runs.
	run -0 "$sonde" plan --why 2 "$progs/opensnoop.bpf.o"
	[[ $output == *"runs         only if step 1 fails or is skipped (EINVAL)"* ]]
	# A saved plan has all of it.
	"$sonde" plan -o saved "$progs/opensnoop.bpf.o"
	"$sonde" plan --why "$load" saved | cmp - <("$sonde" plan --why "$load" "$progs/opensnoop.bpf.o")
	for wrong in 0 99999 x 1x "" -1; do
		refused plan "--why=$wrong" "$progs/opensnoop.bpf.o"
		[[ $reason == *": --why expects the number of a step, 1 to "*", got '$wrong'" ]]
	done
}

@test "--for: which fallbacks kernels would take, and what they lack" {
	run --separate-stderr -0 "$sonde" plan --for 4.14 --for 4.18 --for 5.5 --for 5.10 --for 6.12 \
		-t "$root/tests/golden/target-x86_64" "$progs/opensnoop.bpf.o"
	[[ ! $stderr ]]
	row() { # TEXT: the cells
		grep -m 1 -F "$1" <<<"$output" | grep -oE '( +(ok|fails|[a-z]|-)){5}$' | tr -s ' '
	}
	[[ ${lines[0]} == *" 4.14"*" 4.18"*" 5.5"*" 5.10"*" 6.12" ]]
	[[ $(row "load, BPF_BTF_LOAD") == " - a b ok ok" ]]
	[[ $(row "load, BPF_PROG_LOAD") == " fails fails ok ok ok" ]]
	[[ $(row "attach, BPF_LINK_CREATE") == " d d d d ok" ]]
	grep -q '^b      without global functions (5.6)' <<<"$output"
	grep -q '^d      kernels before 5.15 have no perf event links' <<<"$output"
	[[ $(row "create, BPF_MAP_CREATE") == " c ok ok ok ok" ]]
	# Ring buffers have no older form.
	[[ $(grep -c "^fails  [0-9.]*: map 'events': create: BPF_MAP_TYPE_RINGBUF requires Linux 5.8" <<<"$output") = 3 ]]
}

@test "--for and --target: directories side by side, each with its types" {
	kernel 5.10.0 x86_64 "$root/tests/golden/target-x86_64/btf"
	mv kernel old
	kernel 6.12.0 x86_64 "$root/tests/golden/target-x86_64/btf"
	"$sonde" plan -t old -t kernel "$progs/opensnoop.bpf.o" >of-targets
	"$sonde" plan --for ./old --for ./kernel "$progs/opensnoop.bpf.o" | cmp - of-targets
	grep -q '^ .* 5.10.0 6.12.0$' of-targets
	refused plan --for ./nowhere "$progs/opensnoop.bpf.o"
	[[ $reason == *"./nowhere: no file 'release'"* ]]
}

@test "--diff: what differs between two plans, and nothing else" {
	run --separate-stderr -0 "$sonde" plan --diff "$progs/hello.bpf.o" "$progs/hello.bpf.o"
	[[ ${#lines[@]} = 1 && ! $stderr ]]
	[[ $output =~ ^[0-9]+\ steps\ are\ the\ same,\ 0\ differ,\ 0\ only\ in\ the\ first ]]
	"$sonde" plan -o saved --set only_pid=7 --entries opening=5 "$progs/opensnoop.bpf.o"
	run -0 "$sonde" plan --diff "$progs/opensnoop.bpf.o" saved
	[[ $output == *"- "*"max_entries=1024"*"+ "*"max_entries=5"* ]]
	[[ $output == *"-     value=&0"*"+     value=&7"* ]]
	[[ $output == *", 0 only in the first, 0 only in the second"* ]]
	"$sonde" plan -o one --only openat_enter "$progs/opensnoop.bpf.o"
	run -0 "$sonde" plan --diff one "$progs/opensnoop.bpf.o"
	grep -q "^+ BPF_PROG_LOAD: program 'openat_exit' .*: load" <<<"$output"
	run ! grep -q "openat_enter" <<<"$output"
	# Instructions one by one.
	for n in 1 2; do
		clang -O2 -g -target bpf -c -x c -o "$n.o" - <<-END
			__attribute__((section("xdp"))) int gate(void *c) { return $n; }
			char LICENSE[] __attribute__((section("license"))) = "GPL";
		END
	done
	run -0 "$sonde" plan --diff 1.o 2.o
	[[ $output == *"-          0: r0 = 1"*"+          0: r0 = 2"* ]]
}

@test "--dot: programs, maps and hooks, in the language of graphviz" {
	"$sonde" plan --dot "$progs/opensnoop.bpf.o" >graph
	for words in 'label="openat_enter\ntracepoint' 'label="opening\nhash, 1024 entries"' \
		'label="tp/syscalls/sys_enter_openat"' 'label="BPF_LINK_CREATE"'; do
		grep -qF "$words" graph
	done
	# Every line is a statement, and edges lead to nodes that exist.
	python3 - <<-'END'
		import re
		lines = open("graph").read().splitlines()
		text = r'"(?:[^"\\]|\\.)*"'
		attrs = r'\[\w+=(?:\w+|%s)(?:, \w+=(?:\w+|%s))*\]' % (text, text)
		assert re.fullmatch(r'digraph %s \{' % text, lines[0]) and lines[-1] == "}", lines
		nodes, ends = set(), set()
		for line in lines[1:-1]:
		    edge = re.fullmatch(r'\t(\w+) -> (\w+) %s;' % attrs, line)
		    node = re.fullmatch(r'\t(\w+) %s;' % attrs, line)
		    assert edge or node or line == "\trankdir=LR;", line
		    if edge:
		        ends |= set(edge.groups())
		    elif node:
		        nodes.add(node[1])
		assert ends and ends <= nodes, ends - nodes
		assert len(ends) == 2 + 2 + 4, ends
	END
}
