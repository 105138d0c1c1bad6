#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde emit-c: what it writes compiles with three compilers, and it refuses what it cannot write.
# tests/vm/programs.bats runs such programs.
#
# shellcheck disable=SC2154

load lib

setup_file() {
	prepare
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# The compilers, with all warnings; musl's has no kernel headers of its own.
headers=(-idirafter /usr/include -idirafter "/usr/include/$(gcc -dumpmachine)")

# compiles FILE.c: with each compiler, without a warning.
compiles() {
	local compiler
	for compiler in gcc clang "musl-gcc ${headers[*]}"; do
		# shellcheck disable=SC2086
		$compiler -O1 -Wall -Wextra -Werror -std=c11 -c "$1" -o "${1%.c}.o" || return
	done
}

@test "programs of the course compile with gcc, clang and musl-gcc" {
	names=(hello execcount opensnoop xdpgate tcpconn bpfcalls)
	if [[ ${SONDE_ALL-} ]]; then
		mapfile -t names < <(basename -s .bpf.o "$progs"/*.bpf.o)
	fi
	count=0
	for name in "${names[@]}"; do
		on=lo
		[[ $name != cg* ]] || on=/
		"$sonde" emit-c --on $on "$progs/$name.bpf.o" -o "$name.c" 2>why || {
			# With a reason, and nothing is left.
			cat why
			[[ $(head -n 1 why) == "sonde: "* && ! -e $name.c ]]
			continue
		}
		echo "$name"
		compiles "$name.c"
		count=$((count + 1))
	done
	[[ $count -ge 6 ]]
}

@test "words, not bytes: fields, constants, instructions, source lines, types" {
	"$sonde" emit-c "$progs/execcount.bpf.o" >out.c
	for words in '.map_type = BPF_MAP_TYPE_HASH,' '.map_name = "exec_count",' \
		'.prog_type = BPF_PROG_TYPE_TRACEPOINT,' '.license = ptr("Dual BSD/GPL"),' \
		'.link_create.attach_type = BPF_PERF_EVENT,' '"/sys/kernel/tracing/events/syscalls/sys_enter_execve/id"' \
		'{BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_get_current_uid_gid},' '/* 0: call bpf_get_current_uid_gid#15 */' \
		'bpf_map_lookup_elem(&exec_count, &uid); @ execcount.bpf.c:' 'if (err[16] == EINVAL' \
		'ioctl(fd_perf_event, PERF_EVENT_IOC_SET_BPF, prog_execcount)' '"exec_count\000"'; do
		grep -qF -- "$words" out.c || {
			echo "not there: $words"
			false
		}
	done
	# The instructions are those of the plan.
	"$sonde" plan -vv "$progs/execcount.bpf.o" | sed -n 's/^ *\([0-9]*: [a-z*].*\)$/\1/p' | sort -u >planned
	sed -n 's,.*/\* \([0-9]*: .*\) \*/$,\1,p' out.c | sort -u >written
	[[ -s planned ]]
	cmp planned written
	# The same for a saved plan, and for stdout and -o.
	"$sonde" plan -o saved "$progs/execcount.bpf.o"
	"$sonde" emit-c saved -o again.c
	cmp out.c again.c
}

@test "an error ends the program unless a fallback has what it needs" {
	"$sonde" emit-c -t "$root/tests/golden/target-x86_64" --on lo "$progs/tcok.bpf.o" >out.c
	# Without the qdisc, there is no filter.
	qdisc=$(grep -n 'add the qdisc clsact", NULL' out.c | tail -n 1 | cut -d: -f1)
	sed -n "$((qdisc - 1))p" out.c | grep -qxE $'\tif \\(err\\[[0-9]+\\] > 0\\)'
	# The last form of a call has no other.
	[[ $(grep -c 'err\[[0-9]*\] > 0)$' out.c) -ge 5 ]]
}

@test "a program with offsets of one kernel checks its release" {
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "this kernel has no BTF"
	"$sonde" emit-c "$progs/hello.bpf.o" >any.c
	run ! grep -q 'kernel.release' any.c
	mkdir other
	echo 9.9.9-other >other/release
	uname -m >other/machine
	cp "$root/tests/golden/target-x86_64/btf" other/btf
	"$sonde" emit-c -t other "$progs/opensnoop.bpf.o" >one.c
	gcc -std=c11 one.c -o one
	run --separate-stderr -1 ./one
	[[ ! $output && $stderr == *"Linux 9.9.9-other only: write it again for this kernel"* ]]
}

@test "what C cannot express is refused, and nothing is written" {
	for case in "memleak map 'stacks': stacks" "runqlat map 'microseconds': distributions" \
		"lifofifo map 'youngest_first': queues"; do
		read -r name words <<<"$case"
		refused emit-c "$progs/$name.bpf.o" -o out.c
		[[ $reason == *": $words can't be shown by the C program" ]]
		[[ $hint == *"--silent"* && ! -e out.c ]]
		# What it loads can be.
		"$sonde" emit-c --silent "$progs/$name.bpf.o" >silent.c
		gcc -Wall -Wextra -Werror -std=c11 -c silent.c
	done
	refused emit-c "$progs/bycaller.bpf.o"
	[[ $reason == *"program 'bycaller' "*"find the functions: this step can't be written as C" ]]
	refused emit-c nowhere.o
	[[ $reason == *"nowhere.o: ENOENT"* ]]
	refused emit-c -o /nowhere/out.c "$progs/hello.bpf.o"
	[[ $reason == *"/nowhere/out.c: ENOENT"* ]]
	refused emit-c -t "$root/tests/golden/target-s390x" "$progs/eb/hello.bpf.o"
	[[ $reason == *"byte order"* ]]
}

@test "hostile names can end neither a comment nor a string" {
	cat >evil.c <<-'END'
		struct event { int a; };
		int evil(void *c) __asm__("evil*/ abort(); /*");
		__attribute__((section("tp/a*/b\"c\\/d\x1b??/"))) int evil(void *c) { return 0; }
		char LICENSE[] __attribute__((section("license"))) = "G\"P*/L\\?" "?/";
	END
	clang -O2 -g -target bpf -c evil.c -o evil.o
	"$sonde" emit-c evil.o >out.c
	compiles out.c
	run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f-\xff]' out.c
}
