#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde init and timeline: usage, and recordings that are read again. tests/vm/boot.bats makes real ones.

load lib

setup_file() {
	prepare
	"$sonde" plan -t "$root/tests/golden/target-x86_64" -o "$BATS_FILE_TMPDIR/boot.plan" --skip executed \
		--skip module_loaded "$progs/boot.bpf.o" 2>/dev/null
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# record [END] <EVENTS: makes the recording boot.rec.
record() {
	python3 "$root/tests/cli/recording.py" "$BATS_FILE_TMPDIR/boot.plan" "$@" >boot.rec
}

sample() {
	record 0 <<-'END'
		1000 1 exec 0 init /init
		1010 1 open 3 init /etc/a<b>&"c
		1020 7 exec 0 modprobe /sbin/modprobe
		1030 7 module 0 modprobe virtio_blk
		1500 7 exit 0 modprobe -
		1040 9 exec 0 sh /bin/sh
		1600 9 exec 0 exe /bin/busybox
		1700 9 open -2 mount /x
		2000 9 exit 0 mount -
	END
}

# wrong REGEX ARGUMENT…: wrong usage of the verb.
wrong() {
	run --separate-stderr -2 "$sonde" "${@:2}"
	echo "$stderr"
	[[ ! $output && ${stderr_lines[0]} =~ $1 && ${stderr_lines[1]} == "hint: sonde $2 --help" ]]
}

# refused REGEX ARGUMENT…
refused() {
	run --separate-stderr -1 "$sonde" "${@:2}"
	echo "$stderr"
	[[ ! $output && ${stderr_lines[0]} =~ $1 ]]
	((${#stderr_lines[@]} == 1)) || [[ ${#stderr_lines[@]} = 2 && ${stderr_lines[1]} == "hint: "* ]]
}

@test "init: wrong usage" {
	wrong 'no command after --' init x.o --
	for size in 1K 63K 1G 0 x -1M 8MB 99999999999999999999; do
		wrong "^sonde init: --size expects 64K to 256M bytes, got '$size'" init x.o --size "$size"
	done
	wrong "^sonde init: --for expects a time" init x.o --for soon
	wrong "^sonde init: --wait expects a time" init x.o --wait soon
	wrong '--json requires --collect' init x.o --json
	wrong '--output requires --collect' init x.o --output x
	wrong '--collect: options of recording' init --collect --size 1M
	wrong '--collect: executes no INIT' init --collect -- /init
	wrong '--collect: more than one file' init --collect a b
	wrong '--output saves the whole recording' init --collect --json --output x
	wrong '--where: ' init --collect --where 'pid =='
}

@test "timeline: wrong usage" {
	wrong 'no file given' timeline
	wrong 'more than one file given' timeline a b
	for rows in 0 x -1 100001; do
		wrong "--rows expects 1 to 100000, got '$rows'" timeline a --rows "$rows"
	done
}

@test "init --collect FILE: records by time, as text and JSON" {
	sample
	run --separate-stderr -0 "$sonde" init --collect boot.rec
	[[ ! $stderr && ${#lines[@]} = 10 ]]
	[[ ${lines[0]} =~ ^TIME\ +PID\ +EVENT\ +RET\ +COMM\ +NAME$ ]]
	[[ ${lines[1]} =~ ^\+0\.999999\ +1\ +exec\ +0\ +init\ +/init$ || ${lines[1]} =~ ^\+1\.000000\ +1\ +exec ]]
	[[ ${lines[5]} =~ ^\+1\.0[34].*\ +9\ +exec\ +0\ +sh\ +/bin/sh$ ]]
	[[ ${lines[8]} =~ open\ +-2\ ENOENT\ +mount\ +/x$ ]]
	run --separate-stderr -0 "$sonde" init --collect boot.rec --where 'event == "module"' --json
	[[ $output == '{"map":"events","time":1030000000,"pid":7,"event":"module","ret":0,"comm":"modprobe","name":"virtio_blk"}' ]]
	"$sonde" init --collect boot.rec --json >lines
	python3 "$root/tests/cli/json_lines.py" "$root/docs/json.schema" init <lines
	refused "^sonde: --where: there is no member 'who'" init --collect boot.rec --where 'who == 1'
	[[ $stderr == *'hint: there are time, pid, event, ret, comm, name'* ]]
}

@test "init --collect FILE: what is missing is told" {
	record 3 <<<$'1 1 exec 0 init /init\n2 lost 7'
	run --separate-stderr -0 "$sonde" init --collect boot.rec
	[[ ${stderr_lines[0]} == "note: map 'events': 7 records were lost" ]]
	[[ ${stderr_lines[1]} == "note: the recording ends at 0.002 s: it was full (--size)" ]]
	"$sonde" init --collect boot.rec --json 2>/dev/null | grep -qx '{"lost":7,"of":"events"}'
	record <<<$'1 1 exec 0 init /init\n2 lost 0'
	run --separate-stderr -0 "$sonde" init --collect boot.rec
	[[ ${stderr_lines[0]} == "note: map 'events' was nearly full: records were probably lost" ]]
	[[ ${stderr_lines[1]} == "note: the recording is cut" ]]
}

@test "init --collect FILE: files that are no recordings, damaged ones, none" {
	refused '^sonde: none: ENOENT: ' init --collect none
	head -c 100 /dev/zero >zeros
	refused '^sonde: zeros: not a recording' init --collect zeros
	refused '^sonde: zeros: not a recording' timeline zeros
	sample
	{ head -c 16 boot.rec && printf 'abcd' && tail -c +21 boot.rec; } >order
	refused '^sonde: order: damaged: its byte order' init --collect order
	{ head -c 44 boot.rec && printf 'x' && tail -c +46 boot.rec; } >other-plan
	refused '^sonde: other-plan: saved by another version of sonde' init --collect other-plan
	# Cut anywhere, it is told, and what is before is shown.
	size=$(stat -c %s boot.rec)
	head -c $((size - 40)) boot.rec >cut.rec
	run --separate-stderr -0 "$sonde" init --collect cut.rec
	[[ ${stderr_lines[0]} == "note: the recording is cut" && ${#lines[@]} = 9 ]]
}

@test "control characters of names do not reach the terminal" {
	record 0 <<<$'1 1 exec 0 a\e[2J /x\e]0;y\a'
	for command in "init --collect" timeline; do
		# shellcheck disable=SC2086
		run --separate-stderr -0 "$sonde" $command boot.rec
		[[ $output != *$'\e'* && $output == *'[2J'* ]]
	done
	"$sonde" timeline boot.rec --svg x.svg
	run -1 grep $'\e' x.svg
}

@test "timeline: text in 80 columns, by start, the longest ones" {
	sample
	run --separate-stderr -0 "$sonde" timeline boot.rec
	echo "$output"
	[[ ! $stderr && ${#lines[@]} = 7 && $(widest <<<"$output") = 80 ]]
	[[ ${lines[1]} == *' 2 files opened |'* && ${lines[2]} == *' 1 modules loaded |#'* ]]
	[[ ${lines[3]} =~ ^\ +1\.000\ +-\ +1\ +init\ +\|={32}\|$ ]]
	[[ ${lines[4]} =~ ^\ +1\.020\ +480\ ms\ +7\ +modprobe\ +\|\#+\ +\|$ ]]
	[[ ${lines[5]} =~ ^\ +1\.040\ +560\ ms\ +9\ +sh\ +\|\ \#+\ +\|$ ]]
	[[ ${lines[6]} =~ ^\ +1\.600\ +400\ ms\ +9\ +mount\ +\|\ +\#+\|$ ]]
	run --separate-stderr -0 "$sonde" timeline boot.rec --rows 2
	[[ ${#lines[@]} = 6 && ${lines[5]} == "2 more programs took less time (--rows)" ]]
	[[ ${lines[3]} == *init* && ${lines[4]} == *sh* ]]
}

@test "timeline --svg: XML with all bars, replaced as a whole" {
	sample
	"$sonde" timeline boot.rec --svg x.svg
	python3 - <<-'END'
		import xml.dom.minidom
		svg = xml.dom.minidom.parse("x.svg").documentElement
		titles = [t.firstChild.data for t in svg.getElementsByTagName("title")]
		assert "module virtio_blk, 1.030 s" in titles, titles
		assert "/sbin/modprobe, pid 7, from 1.020 s, took 480 ms, opened 0 files" in titles, titles
		assert "/init, pid 1, from 1.000 s, opened 1 files" in titles, titles
		assert sum(", pid " in t for t in titles) == 4, titles
		width = int(svg.getAttribute("width"))
		for rect in svg.getElementsByTagName("rect")[1:]:
		    assert 0 <= int(rect.getAttribute("x")) <= int(rect.getAttribute("x")) + int(rect.getAttribute("width")) <= width
	END
	# Names are text, whatever they contain.
	record 0 <<<'1 1 exec 0 <b>&"c /<x>&'
	"$sonde" timeline boot.rec --svg x.svg
	python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("x.svg")'
	cp x.svg before
	echo >empty
	refused '^sonde: empty: not a recording' timeline empty --svg x.svg
	cmp x.svg before
	refused '/none/x.svg: ' timeline boot.rec --svg /none/x.svg
}

@test "timeline: recordings without such records" {
	record 0 </dev/null
	refused '^sonde: boot.rec: nothing to draw' timeline boot.rec
}
