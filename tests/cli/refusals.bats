#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Bad input and rejections by the kernel: one line with file and cause, a hint if one is known, status 1,
# and nothing left behind. The error gives the cause, not the last step that failed.

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile_nothing
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	gone bad_
}

# bad FILE REASON-REGEX [HINT-REGEX]: run, plan and inspect reject the file with the same error.
bad() {
	local verb
	for verb in run plan inspect; do
		refused "$verb" "$1"
		says "$@"
	done
}

# says FILE REASON-REGEX [HINT-REGEX]
says() {
	[[ $reason == "sonde: $1: "* ]]
	[[ ${reason#"sonde: $1: "} =~ $2 ]]
	[[ ! ${3-} || $hint =~ $3 ]]
}

# not_run FILE REASON-REGEX [HINT-REGEX]: only run rejects it.
not_run() {
	needs_bpf
	refused run "$1"
	says "$@"
}

# with_log FILE REASON-REGEX [HINT-REGEX]: the end of the verifier's log is printed first.
with_log() {
	needs_bpf
	run --separate-stderr -1 timeout 600 "$sonde" run "$1"
	echo "$stderr"
	[[ ! $output ]]
	reason=$(grep '^sonde: ' <<<"$stderr")
	hint=$(grep '^hint: ' <<<"$stderr") || true
	says "$@"
	[[ ${stderr_lines[0]} == *"verifier log"*: ]]
	[[ $(grep -c '^  | ' <<<"$stderr") -ge 1 && $(grep -c '^  | ' <<<"$stderr") -le 12 ]]
	[[ $(grep -vcE '^(  \| |hint: )' <<<"$stderr") = 2 ]]
}

# Compiles a program whose body is on stdin.
program() {
	{
		echo 'SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx) {'
		cat
		echo '}'
	} >body
	compile "$1" <body
}

# ---- files ----

@test "missing file, directory, device" {
	bad missing.o '^ENOENT: '
	bad . '^a directory'
	bad /dev/null '^a device'
	mkfifo pipe
	bad pipe '^a device or pipe'
	bad /dev/null/x '^ENOTDIR: '
	run -1 "$sonde" run "$(printf 'x%.0s' {1..300})"
	[[ $output == *": ENAMETOOLONG: "* ]]
}

@test "unreadable file" {
	[[ $EUID = 0 ]] || skip "not root: nobody to be"
	folder=$(mktemp -d)
	cp "$sonde" "$progs/hello.bpf.o" "$folder"
	chmod 755 "$folder" "$folder/sonde"
	chmod 600 "$folder/hello.bpf.o"
	cd "$folder"
	run -1 setpriv --reuid 65534 --clear-groups ./sonde plan hello.bpf.o
	rm -r "$folder"
	[[ $output == "sonde: hello.bpf.o: EACCES: Permission denied" ]]
}

@test "empty file, text, script, archive" {
	: >empty.o
	bad empty.o '^the file is empty$'
	echo 'int main(void) { return 0; }' >text.o
	bad text.o '^not an ELF file'
	printf '\177EL' >start.o
	bad start.o '^(not an ELF file|truncated)'
	clang -flto -target bpf -c -x c - -o bitcode.o <<<'int f(void) { return 0; }'
	bad bitcode.o '^not an ELF file, but LLVM bitcode' 'without -flto'
	head -c 5000 /dev/urandom | sed '1s/^/x/' >noise.o
	bad noise.o '^not an ELF file'
	program fine.o <<<'return 0;'
	llvm-ar rc lib.a fine.o
	bad lib.a '^not an ELF file'
}

@test "truncated at every size" {
	object=$progs/opensnoop.bpf.o
	size=$(stat -c %s "$object")
	for n in 4 5 16 40 63 64 65 500 1000 2000 4096 $((size - 1000)) $((size - 1)); do
		head -c "$n" "$object" >short.o
		bad short.o '^(truncated|not an ELF file)'
	done
}

@test "objects for other machines" {
	gcc -c -x c - -o x86-64.o <<<'int f(void) { return 0; }'
	bad x86-64.o '^not a BPF object: .*x86' 'clang .*-target bpf'
	cp "$sonde" program
	bad program '^not a BPF object' 'clang .*-target bpf'
	# 32 bits: the same bytes with another class, and a real 32-bit object.
	program fine.o <<<'return 0;'
	cp fine.o class32.o
	printf '\001' | dd of=class32.o bs=1 seek=4 conv=notrunc status=none
	bad class32.o '32|truncated'
	clang --target=i386-linux-gnu -c -x c - -o i386.o <<<'int f(void) { return 0; }'
	bad i386.o '^(not a BPF object|.*32-bit)'
}

@test "the other byte order" {
	needs_bpf
	refused run "$progs/eb/hello.bpf.o"
	says "$progs/eb/hello.bpf.o" 'big-endian.*little-endian' '-target bpf'
	# It can still be inspected.
	run -0 "$sonde" inspect "$progs/eb/hello.bpf.o"
}

@test "without symbols, without types" {
	llvm-strip --strip-all "$progs/execcount.bpf.o" -o stripped.o
	bad stripped.o '^no symbol table' 'llvm-strip -g'
	llvm-objcopy --remove-section=.BTF --remove-section=.BTF.ext "$progs/execcount.bpf.o" no-btf.o
	bad no-btf.o "'.maps': .*no BTF" 'compile with -g'
	llvm-objcopy --remove-section=.BTF "$progs/opensnoop.bpf.o" half.o
	bad half.o "no BTF"
	# Without CO-RE and maps, neither is needed.
	needs_bpf
	llvm-objcopy --remove-section=.BTF --remove-section=.BTF.ext "$progs/smoke.bpf.o" fine.o
	run -0 "$sonde" plan fine.o
	program fine.o <<<'return 0;'
	llvm-objcopy --remove-section=.BTF --remove-section=.BTF.ext fine.o
	run -0 "$sonde" run fine.o --for 10ms
}

# ---- objects ----

@test "no programs, or none in a section" {
	compile none.o <<<'int x;'
	refused run none.o
	says none.o '^the object contains no program$' 'SEC\('
	run -0 "$sonde" plan none.o
	compile plain.o <<<'int plain(void *ctx) { return 0; }'
	refused run plain.o
	says plain.o '^the object contains no program$' "^hint: function 'plain' has no section name.*SEC\("
	# clang keeps nothing of a function whose behaviour is undefined.
	compile null.o <<<'SEC("tp/syscalls/sys_enter_getpgid") int gone(void *ctx) { int *p = 0; *p = 42; return 0; }'
	refused run null.o
	says null.o "^program 'gone' \(tp/syscalls/sys_enter_getpgid\) is empty$" 'undefined, such as .* NULL'
	# All of these can be loaded, as libbpf does: maps alone are of use for other programs.
	needs_bpf
	for object in none plain null; do
		run -0 "$sonde" load $object.o
		[[ $output == *"note: the object contains no program: "* ]]
	done
	compile maps.o <<<'struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, int); } bad_map SEC(".maps");'
	run -0 "$sonde" load maps.o
}

@test "section names" {
	local section want
	while read -r section want; do
		compile section.o <<<"SEC(\"$section\") int bad_prog(void *ctx) { return 0; }"
		refused plan section.o
		says section.o "^program 'bad_prog' \($section\): unknown section name '$section'$" "$want"
	done <<-'END'
		nosuch/thing sonde hooks.*--type PROG=SEC gives one, --type SEC .* all of them$
		tracepoints/syscalls/sys_enter_openat ^hint: did you mean 'tracepoint(\.s)?'
		krpobe/x ^hint: did you mean 'kprobe'
		fentry_s/x ^hint: did you mean 'fentry\.s'
		q/x sonde hooks
	END
	compile section.o <<<'SEC("tp/syscalls") int bad_prog(void *ctx) { return 0; }'
	refused plan section.o
	says section.o "^program 'bad_prog' \(tp/syscalls\): attach: 'syscalls' is not CATEGORY/NAME" 'SEC\('
}

@test "map attributes and types" {
	map() {
		compile map.o <<-END
			struct { $1 } bad_map SEC(".maps");
			SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx)
			{
				__u32 key = 0;
				return bpf_map_lookup_elem(&bad_map, &key) != 0;
			}
		END
	}
	map '__uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, int); __uint(colour, 3);'
	bad map.o "^map 'bad_map': unknown map attribute 'colour'" 'max_entries'
	map '__uint(type, 999); __uint(max_entries, 1); __type(key, int); __type(value, int);'
	not_run map.o "^map 'bad_map': create: .*EINVAL" 'map type 999'
	map '__uint(type, BPF_MAP_TYPE_HASH); __type(key, int); __type(value, int);'
	refused plan map.o
	says map.o "^map 'bad_map': max_entries is 0" '--entries bad_map=N'
	needs_bpf
	run -0 "$sonde" load map.o --entries bad_map=3
	map '__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 0x40000000); __type(key, int); __uint(value_size, 1 << 20);'
	not_run map.o "^map 'bad_map': create: .*(ENOMEM|E2BIG)" '1073741824 entries of'
	map '__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, long); __type(value, int);'
	refused plan map.o
	says map.o "^map 'bad_map': its keys have 8 bytes" 'type array have 4 bytes'
}

@test "licenses" {
	sed 1d <<-'END' >license.bpf.c

		#include "vmlinux.h"
		#include <bpf/bpf_helpers.h>
		SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx) { return bpf_printk("x"); }
		#ifdef LICENSE
		char text[] SEC("license") = LICENSE;
		#endif
	END
	build() {
		clang -O2 -g -target bpfel "-I$root/progs/include" "-I$root/build/include" "$@" \
			-c license.bpf.c -o license.o
	}
	build
	refused plan license.o
	says license.o "^program 'bad_prog' .*bpf_trace_printk.*GPL.*no license" 'SEC\("license"\)'
	build '-DLICENSE="MIT"'
	refused plan license.o
	says license.o "'MIT'" 'SEC\("license"\)'
	build '-DLICENSE="Dual MIT/GPL"'
	run -0 "$sonde" plan license.o
}

@test "undefined functions" {
	compile extern.o <<-'END'
		int nowhere(int);
		SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx) { return nowhere(1); }
	END
	refused plan extern.o
	says extern.o "'nowhere'" 'declare kernel functions'
	compile libc.o <<-'END'
		int printf(const char *, ...);
		SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx) { return printf("x"); }
	END
	refused plan libc.o
	says libc.o "'printf' is not defined" 'no C library: use bpf_printk\(\)$'
}

# ---- the kernel's types ----

@test "a field missing from this kernel" {
	program field.o <<-'END'
		struct task_struct___mine {
			int no_such_field;
		} __attribute__((preserve_access_index)) *task = (void *)bpf_get_current_task();
		return BPF_CORE_READ(task, no_such_field);
	END
	not_run field.o "^program 'bad_prog' .*task_struct.*no_such_field.*does not have" \
		'bpf_core_field_exists'
	# The log would only confuse; -v still shows it.
	[[ $stderr != *"195896080"* ]]
	run --separate-stderr -1 "$sonde" run -v field.o
	[[ $stderr == *"195896080"* ]]
}

@test "a type missing from this kernel" {
	program type.o <<-'END'
		struct no_such_struct {
			int field;
		} __attribute__((preserve_access_index)) *thing = (void *)bpf_get_current_task();
		return BPF_CORE_READ(thing, field);
	END
	not_run type.o "^program 'bad_prog' .*no struct no_such_struct" 'bpf_core_type_exists'
}

@test "guarded accesses do not fail" {
	needs_bpf
	program guarded.o <<-'END'
		struct task_struct___mine {
			int no_such_field;
		} __attribute__((preserve_access_index)) *task = (void *)bpf_get_current_task();
		if (bpf_core_field_exists(task->no_such_field))
			return BPF_CORE_READ(task, no_such_field);
		return 0;
	END
	run -0 "$sonde" run guarded.o --for 10ms
}

@test "--btf with files that are not BTF" {
	refused plan --btf missing "$progs/opensnoop.bpf.o"
	[[ $reason == *"missing: ENOENT"* ]]
	echo text >text
	refused plan --btf text "$progs/opensnoop.bpf.o"
	[[ $reason == *": text: "*"BTF"* ]]
	cp "$progs/hello.bpf.o" untyped.o
	llvm-objcopy --remove-section .BTF --remove-section .BTF.ext untyped.o
	refused plan --btf untyped.o "$progs/opensnoop.bpf.o"
	[[ $reason == *"untyped.o: no section .BTF: "* ]]
	# An ELF file with types, such as vmlinux.
	compile types.o <<<'struct bad_type { int a, b; } variable;'
	program reads.o <<-'END'
		struct bad_type { int b; } __attribute__((preserve_access_index)) *p = ctx;
		return bpf_core_field_offset(p->b);
	END
	run -0 "$sonde" plan -vv reads.o --btf types.o
	[[ $output == *"r0 = 4"* ]]
	[[ -e /sys/kernel/btf/vmlinux ]] || return 0
	head -c 5000 /sys/kernel/btf/vmlinux >short
	refused plan --btf short "$progs/opensnoop.bpf.o"
	[[ $reason == *": short: "* ]]
}

@test "common symbols have no place" {
	compile common.o -fcommon <<-'END'
		int bad_hits;
		SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx) { return bad_hits++; }
	END
	refused plan common.o
	says common.o "'bad_hits', a common symbol" 'fno-common, or initialise it: = 0$'
}

# ---- the kernel ----

@test "verifier: missing NULL check" {
	compile null.o <<-'END'
		struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__uint(max_entries, 8);
			__type(key, __u32);
			__type(value, __u64);
		} bad_map SEC(".maps");
		SEC("tp/syscalls/sys_enter_getpgid") int bad_prog(void *ctx)
		{
			__u32 key = 0;
			__u64 *value = bpf_map_lookup_elem(&bad_map, &key);
			*value += 1;
			return 0;
		}
	END
	with_log null.o "^program 'bad_prog' .*: load: rejected by the verifier \(EACCES\): R0 invalid mem access 'map_value_or_null'" \
		'returns NULL.*Test the pointer'
	# It contains the source line.
	[[ $reason == *'*value += 1'*null.bpf.c* ]]
	# -v: the whole log.
	run --separate-stderr -1 "$sonde" run -v null.o
	[[ $stderr == *"verifier log:"* && $stderr == *"  | 0: "* ]]
}

@test "verifier: infinite loop, unknown helper" {
	program loop.o <<<'volatile int i = 0; for (;;) i++; return i;'
	with_log loop.o 'infinite loop|back-edge|too large' 'loop'
	program helper.o <<<'return ((long (*)(void))9999)();'
	with_log helper.o '(invalid|unknown) func.*9999' 'does not have that helper'
}

@test "hooks missing from this kernel" {
	hook() {
		compile hook.o <<<"SEC(\"$1\") int bad_prog(void *ctx) { return 0; }"
	}
	hook tp/syscalls/sys_enter_nosuch
	not_run hook.o "^program 'bad_prog' \(tp/syscalls/sys_enter_nosuch\): attach: .*sys_enter_nosuch" \
		'no such tracepoint'
	hook tp/nosuch/nosuch
	not_run hook.o 'nosuch/nosuch' 'no such tracepoint'
	hook raw_tp/nosuch
	not_run hook.o ENOENT 'no such tracepoint'
	hook tp/sys_enter_getpgid
	not_run hook.o 'is not CATEGORY/NAME$' 'use SEC\("tp/syscalls/sys_enter_getpgid"\)$'
	hook tp/syscall/sys_enter_getpgid
	not_run hook.o 'ENOENT' 'similar names: syscalls/sys_enter_getpgid$'
	hook raw_tp/syscalls/sys_enter_openat
	not_run hook.o ENOENT 'raw tracepoints sys_enter and sys_exit$'
	hook tp_btf/sched/sched_swicth
	not_run hook.o 'no tracepoint' 'similar names: sched_switch$'
	hook fentry/sys_enter_getpgid
	not_run hook.o 'no kernel function' 'it is a tracepoint: SEC\("tp/syscalls/sys_enter_getpgid"\)$'
	hook kprobe/no_such_function
	not_run hook.o "^program 'bad_prog' \(kprobe/no_such_function\): attach: " \
		'no kprobes|no such function'
}

@test "if the second program is rejected, the first is unloaded" {
	needs_bpf
	compile two.o <<-'END'
		SEC("tp/syscalls/sys_enter_getpgid") int bad_first(void *ctx) { return 0; }
		SEC("tp/syscalls/sys_enter_nosuch") int bad_second(void *ctx) { return 0; }
	END
	refused run two.o
	[[ $reason == *"program 'bad_second'"* ]]
	gone bad_
	run -0 "$sonde" run two.o --only bad_first --for 10ms
}

@test "without privileges, the missing capabilities are named" {
	[[ $EUID = 0 ]] || skip "not root: nobody to be"
	folder=$(mktemp -d)
	cp "$sonde" "$BATS_FILE_TMPDIR/nothing.o" "$folder"
	chmod -R a+rX "$folder"
	cd "$folder"
	run -1 setpriv --reuid 65534 --clear-groups --bounding-set=-all ./sonde run nothing.o
	rm -r "$folder"
	echo "$output"
	[[ ${#lines[@]} = 2 && ${lines[0]} == "sonde: nothing.o: "*EPERM* ]]
	[[ ${lines[1]} == "hint: "*CAP_BPF*CAP_PERFMON* ]]
}

@test "on a terminal, long messages wrap between words" {
	compile section.o <<<'SEC("nosuch/thing") int bad_prog(void *ctx) { return 0; }'
	refused plan section.o
	[[ $(widest <<<"$stderr") -gt 80 ]]
	script -qec "'$sonde' plan section.o" /dev/null </dev/null | tr -d '\r' >typescript
	cat typescript
	[[ $(widest <typescript) -le 80 ]]
	# The text is the same.
	tr -s ' \n' '\n' <typescript | cmp - <(tr -s ' \n' '\n' <<<"$stderr")
}

# shellcheck disable=SC2016
@test "too few descriptors: the soft limit is raised, the hard limit is reported" {
	needs_bpf
	object=$progs/opensnoop.bpf.o
	run --separate-stderr -0 bash -c 'ulimit -Sn 8; "$0" run "$1" --for 100ms' "$sonde" "$object"
	run --separate-stderr -1 bash -c 'ulimit -n 8; "$0" run "$1" --for 100ms' "$sonde" "$progs/execcount.bpf.o"
	echo "$stderr"
	[[ $stderr == *EMFILE* && $stderr == *"hint: the limit is 8 descriptors"*"--only"* ]]
}

@test "more programs than a tracepoint takes" {
	for i in {1..65}; do
		echo "SEC(\"tp/syscalls/sys_enter_getpgid\") int bad_$i(void *ctx) { return 0; }"
	done | compile many.o
	not_run many.o "attach: .*E2BIG" 'at most 64 programs attach to one tracepoint'
}

# They load, and read other fields than they name; if the verifier rejects one, that is the reason.
@test "programs with another context than they declare" {
	compile context.o -D__TARGET_ARCH_x86 <<-'END'
		SEC("?kprobe") int two(int fd, const char *name) { return fd; }
		SEC("?xdp") int packet(struct __sk_buff *skb) { return skb->len ? XDP_DROP : XDP_PASS; }
		SEC("?tp/syscalls/sys_enter_openat") int regs(struct pt_regs *ctx) { return 0; }
		SEC("?tc") int class(struct xdp_md *ctx) { return *(volatile char *)(long)ctx->data; }
		SEC("?tc") int right(struct __sk_buff *skb) { return skb->len != 0; }
		SEC("?perf_event") int sample(struct pt_regs *ctx) { return 0; }
		SEC("?raw_tp/sys_enter") int raw(struct bpf_raw_tracepoint_args *ctx) { return 0; }
		struct own { long common, n; };
		SEC("?tp/syscalls/sys_enter_openat") int own(struct own *ctx) { return ctx->n; }
	END
	needs_bpf
	local name
	context() {
		run --separate-stderr -0 "$sonde" load context.o --only "$1"
		[[ ${stderr_lines[0]} =~ ^"note: program '$1' ".*$2 ]]
	}
	context two 'has 2 parameters.*: declare it as int BPF_KPROBE\(\.\.\.\)'
	context packet 'declared as struct __sk_buff, but is struct xdp_md'
	context regs 'declared as struct pt_regs, but is the record of the tracepoint'
	for name in right sample raw own; do
		run --separate-stderr -0 "$sonde" load context.o --only "$name"
		[[ ! $stderr =~ note: ]]
	done
	run --separate-stderr -1 "$sonde" load context.o --only class
	[[ $stderr == *$'\n'"hint: its context is declared as struct xdp_md, but is struct __sk_buff"* ]]
}
