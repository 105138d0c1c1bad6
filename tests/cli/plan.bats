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
		[[ $output == *"BPF_PROG_LOAD"* && $output == *"): attach"* ]]
	done
}

@test "plans fit the terminal" {
	for object in $(every 4 "$progs"/*.bpf.o "$root"/build/course/*.bpf.o); do
		[[ -e $object ]] || continue
		"$sonde" plan "$object" >plan 2>why || continue
		echo "$object: $(widest <plan)"
		[[ $(widest <plan) -le 80 ]]
	done
}

@test "steps are numbered consecutively from 1, and JSON has the same steps" {
	"$sonde" plan "$progs/opensnoop.bpf.o" >text
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

@test "-v adds instructions and bytes" {
	"$sonde" plan "$progs/hello.bpf.o" >short
	"$sonde" plan -v "$progs/hello.bpf.o" >long
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
		for option in "" -v --json; do
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
		"$sonde" plan -v "$object" >from-object
		run --separate-stderr -0 "$sonde" plan -o saved "$object"
		[[ ! $output && ! $stderr ]]
		"$sonde" plan -v saved >from-plan
		cmp from-object from-plan
		"$sonde" plan -o again saved
		"$sonde" plan -v again >from-again
		cmp from-object from-again
	done
}

@test "--set changes the plan, and a saved plan can be changed again" {
	"$sonde" plan -o saved --set only_pid=0x01020304 "$progs/opensnoop.bpf.o"
	"$sonde" plan saved | grep -q 'value  *&16909060'
	"$sonde" plan --set only_pid=84281096 saved >anew
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
	"$sonde" plan --target kernel "$progs/smoke.bpf.o" | grep -q 'kern_version  *267008'
	kernel 6.1.0 aarch64
	"$sonde" plan --target kernel "$progs/smoke.bpf.o" | grep -q '"__arm64_sys_clone"'
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
	run -0 "$sonde" plan --entries exec_count=5 "$progs/execcount.bpf.o"
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
