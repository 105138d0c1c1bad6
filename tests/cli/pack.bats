#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# sonde pack: files of both forms show what sonde run shows, tell what is inside, and are checked before
# anything is touched. Only processes of the test are observed.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing

	# A record with each kind of column that the runner has, and text that needs escapes.
	compile kinds.o <<-'END'
		const volatile pid_t only_pid = -1;
		enum mood { GOOD, BAD = 7 };
		struct kinds {
			pid_t pid;
			__u8 small;
			bool truth;
			__s16 negative;
			__u64 large;
			enum mood mood, unknown;
			__be32 ip;
			__be16 port;
			void *pointer;
			int ret;
			__u64 time_ns, spent_us;
		};
		struct texts {
			char plain[8], full[4], quote[4], strange[16], cut[6];
		};
		struct {
			__uint(type, BPF_MAP_TYPE_RINGBUF);
			__uint(max_entries, 4096);
		} ring SEC(".maps");
		static bool is_other(void)
		{
			return only_pid != (pid_t)(bpf_get_current_pid_tgid() >> 32);
		}
		SEC("tp/syscalls/sys_enter_openat")
		int enter(void *ctx)
		{
			struct kinds *r;
			if (is_other() || !(r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0)))
				return 0;
			*r = (struct kinds){.pid = 7, .small = 200, .truth = true, .negative = -300,
				.large = 1ull << 63, .mood = BAD, .unknown = 3, .ip = 0x0100007f,
				.port = 0x5000, .pointer = (void *)0xffff0000beef, .ret = -13,
				.spent_us = 1234567};
			bpf_ringbuf_submit(r, 0);
			return 0;
		}
		SEC("tp/syscalls/sys_exit_openat")
		int leave(void *ctx)
		{
			struct texts *r;
			if (is_other() || !(r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0)))
				return 0;
			*r = (struct texts){.plain = "abc", .quote = "\"a", .cut = "x",
				.strange = "a\n\t\\\x01\xff\xc3\xa9\xe2\x80\xae"};
			__builtin_memcpy(r->full, "wxyz", 4);
			bpf_ringbuf_submit(r, 0);
			return 0;
		}
	END

	compile print.o <<-'END'
		const volatile pid_t only_pid = -1;
		SEC("tp/syscalls/sys_enter_openat")
		int cli_print(void *ctx)
		{
			if (only_pid == (pid_t)(bpf_get_current_pid_tgid() >> 32))
				bpf_printk("50%% of %d\n", only_pid);
			return 0;
		}
	END
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# pack OBJECT ARGUMENT…: into ./packed.
pack() {
	"$sonde" pack "$@" -o packed 2>said
}

# planned, full: the form of ./packed, by its size.
planned() {
	[[ $(stat -c %s packed) -lt 32768 ]]
}
full() {
	[[ $(stat -c %s packed) -gt 200000 ]]
}

# show COMMAND…: runs it in the background until ./opener has opened its files, then ends it. Its output is in
# out and err, its status in $status.
show() {
	rm -f out err
	env --default-signal=INT,QUIT "$@" >out 2>err 3>&- &
	pid=$!
	until grep -q attached err 2>/dev/null || ! kill -0 "$pid"; do sleep 0.02; done
	let_open
	end
}

# like_run LINES OBJECT ARGUMENT…: the object, packed with these arguments, shows the same as sonde run.
like_run() {
	local lines=$1
	shift
	echo x >here
	opener here missing
	pack "$@" --set "only_pid=$opener"
	cat said
	show ./packed
	mv out packed.out
	sed 1d err >packed.err
	echo "status $status"
	[[ $status = 0 && $(head -n 1 err) == *" attached; Ctrl-C to stop" ]]
	opener here missing
	show "$sonde" run "$1" --set "only_pid=$opener"
	cat out packed.out
	[[ $(wc -l <out) = "$lines" ]]
	diff <(sed -E 's/\b[0-9]{3,}/N/' out) <(sed -E 's/\b[0-9]{3,}/N/' packed.out)
	[[ ! -s packed.err ]]
}

@test "planned: every kind of column" {
	needs_bpf
	# Two openat(2) with a record of each type, and headings when the type changes.
	like_run 8 "$BATS_FILE_TMPDIR/kinds.o"
	planned
	grep -q '200 .*true .*-300 .*9223372036854775808 .*BAD .*127.0.0.1 .*80 .*0xffff0000beef .*-13 ' packed.out
	grep -q '^abc .*"wxyz" ' packed.out
	grep -qF 'a\n\t\\\x01\xffé\u202e' packed.out
}

@test "planned: lines of bpf_printk, without those of others" {
	needs_bpf
	echo x >here
	opener here here
	pack "$BATS_FILE_TMPDIR/print.o" --set "only_pid=$opener"
	[[ $(stat -c %s packed) -lt 16384 ]]
	show ./packed
	[[ $status = 0 && ! $(sed 1d err) ]]
	printf 'PID    COMM             MESSAGE\n' >expected
	for _ in 1 2; do printf '%-6s act              50%% of %s\n' "$opener" "$opener" >>expected; done
	diff expected out
}

@test "planned: opensnoop for this kernel, in 32 KB" {
	needs_bpf
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "no types"
	like_run 3 "$progs/opensnoop.bpf.o" --here
	planned
	grep -qE ' act +-2 ENOENT +missing$' packed.out
}

@test "planned: --for, of the file and when it is packed; wrong usage" {
	needs_bpf
	pack "$BATS_FILE_TMPDIR/print.o" --for 100ms
	run --separate-stderr -0 timeout 600 ./packed
	[[ $stderr == "print: 1 program attached; Ctrl-C to stop" ]]
	pack "$BATS_FILE_TMPDIR/print.o"
	for words in "--for 50ms" --for=50ms -f50ms; do
		# shellcheck disable=SC2086
		run -0 timeout 600 ./packed $words
	done
	for words in --for "--for 0" --json run; do
		# shellcheck disable=SC2086
		run --separate-stderr -2 ./packed $words
		[[ ! $output && ${stderr_lines[0]} == "packed: expects --for TIME"* ]]
		[[ ${stderr_lines[1]} == "hint: packed --help" && ${#stderr_lines[@]} = 2 ]]
	done
}

@test "both forms: --help tells what is inside, and strip(1) changes nothing" {
	for form in "" --full; do
		# shellcheck disable=SC2086
		pack "$progs/hello.bpf.o" $form
		for word in --help -h; do
			run --separate-stderr -0 ./packed "$word"
			[[ $output == "usage: FILE "*"hello.bpf.o"* && ! $stderr ]]
			[[ $(widest <<<"$output") -le 80 ]]
		done
		strip -o stripped packed
		[[ $(./stripped --help) == "$output" ]]
		llvm-strip -o stripped packed
		[[ $(./stripped --help) == "$output" ]]
	done
}

@test "full: run, plan, inspect and other verbs, with the options that were packed" {
	pack "$progs/opensnoop.bpf.o" --full --set only_pid=77 --for 10ms
	full
	[[ $(./packed inspect) == "$("$sonde" inspect "$progs/opensnoop.bpf.o" | sed "s|$progs/||")" ]]
	./packed inspect | grep -q 'opensnoop.bpf.o: BPF object'
	./packed hooks xdp | cmp - <("$sonde" hooks xdp)
	[[ $(./packed --version) == "$("$sonde" --version)" ]]
	needs_bpf
	[[ -e /sys/kernel/btf/vmlinux ]] || skip "no types"
	./packed plan >of-packed
	"$sonde" plan "$progs/opensnoop.bpf.o" --set only_pid=77 | cmp - of-packed
	run --separate-stderr -0 timeout 600 ./packed
	[[ $stderr == "opensnoop: 2 programs attached; Ctrl-C to stop"* ]]
	run --separate-stderr -3 ./packed --for 1h --json -- sh -c 'exit 3'
}

@test "full: without /proc, and the object without its debug information" {
	pack "$BATS_FILE_TMPDIR/print.o" --full
	[[ $(stat -c %s packed) -lt $(($(stat -c %s "$sonde") + $(stat -c %s "$BATS_FILE_TMPDIR/print.o"))) ]]
	[[ ! -s said || $(cat said) == "packed: "*" bytes, sonde and the object" ]]
	mkdir root
	cp packed root
	[[ $(id -u) = 0 ]] || skip "not root"
	diff <(chroot root /packed inspect) <("$sonde" inspect "$BATS_FILE_TMPDIR/print.o" | sed "s|$BATS_FILE_TMPDIR/||")
	chroot root /packed --help | grep -q print.o
}

@test "what the runner cannot do is packed with sonde, and a line says why" {
	while IFS='|' read -r words reason; do
		# shellcheck disable=SC2086
		run --separate-stderr -0 "$sonde" pack $words -o packed
		echo "$words: $stderr"
		[[ $stderr == "note: packed with sonde itself: the runner $reason"* ]]
		full
	done <<-END
		$progs/execcount.bpf.o|shows no maps, such as 'exec_count'
		$progs/hello.bpf.o --json|has no option --json
		$progs/hello.bpf.o -v|has no option --verbose
		$progs/hello.bpf.o --map .rodata|has no option --map
		$progs/cpuprof.bpf.o|shows no maps
		$progs/opensnoop.bpf.o|has no types of kernels, which opensnoop.bpf.o depends on
	END
}

@test "several kernels in one file: by release and machine; others are told which there are" {
	for release in 5.10.0-1 6.12.0-2 "$(uname -r)"; do
		mkdir "$release"
		echo "$release" >"$release/release"
		uname -m >"$release/machine"
		cp /sys/kernel/btf/vmlinux "$release/btf" 2>/dev/null || skip "no types"
	done
	pack "$progs/opensnoop.bpf.o" --target 5.10.0-1
	one=$(stat -c %s packed)
	run --separate-stderr -1 timeout 600 ./packed
	echo "$stderr"
	[[ ! $output && ${#stderr_lines[@]} = 2 && ${stderr_lines[1]} == "hint: "* ]]
	[[ ${stderr_lines[0]} == "packed: packed for Linux 5.10.0-1 ($(uname -m)); this is $(uname -r) ($(uname -m))" ]]
	pack "$progs/opensnoop.bpf.o" --target 5.10.0-1 --target 6.12.0-2
	# The same types, so nearly the same plan.
	[[ $(stat -c %s packed) -lt $((one + 1500)) ]]
	run --separate-stderr -1 timeout 600 ./packed
	[[ $stderr == *"for Linux 5.10.0-1 ($(uname -m)), 6.12.0-2 ($(uname -m)); this is"* ]]
	pack "$progs/hello.bpf.o" --target 5.10.0-1
	run --separate-stderr -1 timeout 600 ./packed
	[[ $stderr == "packed: packed for Linux 5.10.0-1 "* ]]
	needs_bpf
	pack "$progs/opensnoop.bpf.o" --target 5.10.0-1 --target "$(uname -r)" --for 10ms
	run --separate-stderr -0 timeout 600 ./packed
	[[ $stderr == "opensnoop: 2 programs attached"* ]]
	sed -i "s/.*/m68k/" "$(uname -r)/machine"
	refused pack "$progs/opensnoop.bpf.o" --target "$(uname -r)" -o out
	[[ $stderr == *"the plans are for m68k, the runner is for "*"--runner"* && ! -e out ]]
}

# damaged: ./broken prints one line and a hint, and fails.
damaged() {
	run --separate-stderr -1 timeout 60 ./broken "$@"
	echo "$stderr"
	[[ ! $output && ${#stderr_lines[@]} = 2 ]]
	[[ ${stderr_lines[0]} == *": damaged: "* && ${stderr_lines[1]} == "hint: "* ]]
}

@test "a file that is cut or has a wrong byte: one line, nothing is touched" {
	for form in "" --full; do
		# shellcheck disable=SC2086
		pack "$progs/hello.bpf.o" $form
		read -r at size < <(readelf -SW packed |
			sed -nE 's/.* pack +PROGBITS +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) .*/0x\1 0x\2/p')
		for cut in $((at)) $((at + size / 2)) $((at + size - 1)); do
			head -c "$cut" packed >broken
			chmod +x broken
			damaged --help
		done
		for byte in 0 8 16 20 64 $((size / 2)); do
			python3 - "$((at + byte))" <<-'END'
				import sys
				data = bytearray(open("packed", "rb").read())
				data[int(sys.argv[1])] ^= 0x10
				open("broken", "wb").write(data)
			END
			damaged
		done
	done
}

@test "refused while packing: nothing is written" {
	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086
		refused pack $words
		[[ $stderr == *"$text"* ]]
		[[ ! -e out ]]
	done <<-END
		missing.o -o out|missing.o: ENOENT
		$progs/hello.bpf.o --target missing -o out|missing
		$progs/hello.bpf.o --full --set nothing=1 -o out|there is no variable 'nothing'
		/bin/true --full -o out|/bin/true
		$progs/hello.bpf.o --full --sonde /bin/true -o out|/bin/true: not a static sonde
		$progs/hello.bpf.o --runner /bin/true -o out|runner
		$progs/hello.bpf.o --runner /dev/null -o out|/dev/null
		$progs/hello.bpf.o -o /missing/out|/missing/out
	END
	run --separate-stderr -1 "$sonde" pack "$progs/opensnoop.bpf.o" --full --kconfig x -o out
	[[ $stderr == *"kconfig: a file that a full form cannot contain"*"hint: "* && ! -e out ]]
	cp "$progs/hello.bpf.o" same.o
	refused pack same.o -o ./same.o
	cmp same.o "$progs/hello.bpf.o"
	pack "$progs/hello.bpf.o" --full
	run --separate-stderr -1 "$sonde" pack "$progs/hello.bpf.o" --full --sonde packed -o out
	[[ $stderr == *"packed already"* && ! -e out ]]
	while IFS='|' read -r words text; do
		# shellcheck disable=SC2086
		run --separate-stderr -2 "$sonde" pack $words
		[[ ! $output && ${stderr_lines[0]} == "sonde pack: $text"* && ${#stderr_lines[@]} = 2 ]]
	done <<-END
		$progs/hello.bpf.o|--output FILE is missing
		-o out|no file given
		a b -o out|more than one file given
		- -o out|the object must be a file
		a -o out --full --here|--full plans where it runs
		a -o out --for x|--for expects a time
	END
}

@test "planned: closed standard descriptors, and a reader that goes away" {
	needs_bpf
	pack "$progs/hello.bpf.o" --for 20ms
	./packed <&- >&- 2>&- || [[ $? = 1 ]]
	pack "$progs/hello.bpf.o"
	run -0 timeout 600 bash -c './packed 2>/dev/null | head -n 1'
	[[ $output == "PID    COMM             MESSAGE" ]]
}

@test "full: the file of --btf goes with it" {
	local types=$root/tests/golden/target-x86_64/btf
	"$sonde" btf archive "$progs/opensnoop.bpf.o" -b "$(uname -r):$(uname -m)=$types" -b "5.10:s390x=$types" \
		-o kernels 2>err
	"$sonde" plan -vv --btf kernels "$progs/opensnoop.bpf.o" >expected
	"$sonde" pack --full --btf kernels "$progs/opensnoop.bpf.o" -o out 2>err
	rm kernels
	./out plan -vv | cmp - expected
	./out --help | grep -qx 'packed with: --btf=kernels'
	run --separate-stderr -1 ./out plan --btf missing
	[[ $stderr == *"types of the kernel: missing: ENOENT"* ]]
}
