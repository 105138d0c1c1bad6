/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Reason, position and hint from the verifier log, with logs of real kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "loader/explain/verifier_hint.h"
#include "loader/explain/verifier_log.h"

static const char packet[] =
	"; return ip->protocol == IPPROTO_UDP; @ v02.bpf.c:23\n"
	"8: (71) r1 = *(u8 *)(r1 +14)\n"
	"invalid access to packet, off=23 size=1, R1(id=0,off=23,r=14)\n"
	"R1 offset is outside of the packet\n"
	"processed 9 insns (limit 1000000) max_states_per_insn 0 total_states 0\n";

static void two_lines(void **state)
{
	char reason[128], little[20];
	(void)state;
	assert_true(verifier_log_reason(packet, reason, sizeof reason));
	assert_string_equal(reason,
		"invalid access to packet, off=23 size=1, R1(id=0,off=23,r=14); "
		"R1 offset is outside of the packet");
	struct verifier_hint hint;
	assert_true(verifier_hint_for(reason, &hint));
	assert_non_null(strstr(hint.cure, "data_end"));
	assert_true(verifier_log_reason(packet, little, sizeof little));
	assert_string_equal(little, "invalid access to p");
	/* Without the preceding line, or with another one. */
	assert_true(
		verifier_log_reason("R1 offset is outside of the packet\n", reason, sizeof reason));
	assert_string_equal(reason, "R1 offset is outside of the packet");
	assert_true(
		verifier_log_reason("7: (95) exit\nR1 is outside of it", reason, sizeof reason));
	assert_string_equal(reason, "R1 is outside of it");
	/* 6.13: what leaks is on the line before. */
	assert_true(verifier_log_reason(
		"12: (95) exit\nUnreleased reference id=2 alloc_insn=4\n"
		"BPF_EXIT instruction in main prog would lead to reference leak\n",
		reason, sizeof reason));
	assert_string_equal(reason,
		"Unreleased reference id=2 alloc_insn=4; "
		"BPF_EXIT instruction in main prog would lead to reference leak");
	/* The kernel does not end the line of the last instruction. */
	assert_true(verifier_log_reason("21: (2d) if r6 > r1 goto pc-14 BPF program is too large. "
					"Processed 1000001 insn\nprocessed 1000001 insns\n",
		reason, sizeof reason));
	assert_string_equal(reason, "BPF program is too large. Processed 1000001 insn");
	assert_true(
		verifier_log_reason("3: (85) call bpf_tail_call#12\nexpected prog array map for "
				    "tail callprocessed 3 insns (limit 1000000)\n",
			reason, sizeof reason));
	assert_string_equal(reason, "expected prog array map for tail call");
	/* Words of a later line are ignored. */
	assert_true(verifier_log_reason(
		"invalid access to x\nR0 !read_ok\nprocessed 1 is outside of \n", reason,
		sizeof reason));
	assert_string_equal(reason, "R0 !read_ok");
}

static void place(void **state)
{
	char line[64];
	uint32_t insn;
	(void)state;
	assert_true(verifier_log_insn(packet, &insn));
	assert_int_equal(insn, 8);
	assert_true(verifier_log_source(packet, line, sizeof line));
	assert_string_equal(line, "return ip->protocol == IPPROTO_UDP; @ v02.bpf.c:23");
	assert_false(verifier_log_insn("R0 !read_ok\n", &insn));
	assert_true(verifier_log_insn("back-edge from insn 16 to 5\nprocessed 0 insns\n", &insn));
	assert_int_equal(insn, 16);
	assert_true(
		verifier_log_insn("13: (85) call x\ninfinite loop detected at insn 14\n", &insn));
	assert_int_equal(insn, 14);
	assert_true(verifier_log_insn("; an insn 3 @ x.c:1\n4: (b7) r0 = 0\nR1 !read_ok\n", &insn));
	assert_int_equal(insn, 4);
	assert_false(verifier_log_insn("some insn too many\n", &insn));
	assert_false(verifier_log_source("R0 !read_ok\n", line, sizeof line));
	assert_false(verifier_log_reason("", line, sizeof line));
	assert_false(
		verifier_log_reason("processed 2 insns (limit 1000000)\n\n", line, sizeof line));
}

/* Reason, a word of the explanation, and a word of the advice. */
static const char *const hints[][3] = {
	{"R0 invalid mem access 'map_value_or_null'", "bpf_map_lookup_elem", "Test the pointer"},
	{"R0 invalid mem access 'ringbuf_mem_or_null'", "buffer is full", "Test the pointer"},
	{"R1 unbounded memory access, make sure to bounds check any such access", "no upper bound",
		"mask"},
	{"R2 min value is negative, either use unsigned or 'var &= const'", "negative", "unsigned"},
	{"The sequence of 8193 jumps is too complex.", "more paths", "implify"},
	{"BPF program is too large. Processed 1000001 insn", "million", "bpf_loop"},
	{"combined stack size of 2 calls is 608. Too large", "512 bytes", "per-CPU map"},
	{"function calls are not allowed while holding a lock", "bpf_spin_unlock", "before"},
	{"function calls to other bpf functions are allowed for root only", "CAP_BPF",
		"__always_inline"},
	{"tail_calls are not allowed in non-JITed programs with bpf-to-bpf calls", "JIT", "sysctl"},
	{"mixing of tail_calls and bpf-to-bpf calls is not supported", "JIT", "sysctl"},
	{"tail_calls are not allowed when call stack of previous frames is 416 bytes. Too large",
		"256 bytes", "per-CPU map"},
	{"sleepable helper bpf_copy_from_user#148 in non-sleepable prog", "this program must not",
		"fentry.s"},
	{"sleepable helper bpf_copy_from_user#148 in rcu_read_lock region", "in this region",
		"before or after"},
	{"2 bpf_preempt_enables are missing", "bpf_preempt_enable()", "every return"},
	{"invalid indirect read from stack R2 off -8+4 size 8", "padding", "Initialise"},
	{"invalid read from stack R2 off -16+12 size 16", "padding", "Initialise"},
	{"R0 !read_ok", "without a value", "every path"},
	{"helper call is not allowed in probe", "in this hook", "newer"},
	{"program of this type cannot use helper bpf_d_path#147", "may not call", "hook"},
	{"Unreleased reference id=2 alloc_insn=5", "without releasing", "submit"},
	{"BPF_EXIT instruction in main prog would lead to reference leak", "without releasing",
		"submit"},
	{"BPF_EXIT instruction in main prog cannot be used inside bpf_spin_lock-ed region",
		"without releasing", "bpf_spin_unlock"},
	{"bpf_task_release() cannot be used inside bpf_rcu_read_lock-ed region",
		"bpf_rcu_read_unlock", "every return"},
	{"value -2147483648 makes map_value pointer be out of bounds", "far outside", "mask"},
	{"variable ctx access var_off=(0x0; 0x4) disallowed", "constant offsets", "by name"},
	{"the program is too large or too complex", "more paths", "bpf_loop"},
	{"R6 invalid mem access 'scalar'", "not a pointer", "BPF_CORE_READ"},
	{"R6 invalid mem access 'inv'", "not a pointer", "BPF_CORE_READ"},
	{"misaligned access off (0x0; 0xffffffffffffffff)+0 size 8", "not a pointer",
		"BPF_CORE_READ"},
	{"misaligned stack access off (0x0; 0x0)+-15+0 size 8", "multiple", "byte by byte"},
	{"R1 type=fp expected=map_ptr", "must be a map", ".maps"},
	{"R1 type=scalar expected=map_ptr", "must be a map", ".maps"},
	{"R2 type=scalar expected=fp, pkt, map_value", "a number", "address of a variable"},
	{"kernel subsystem misconfigured verifier", "prog_array", "PROG_ARRAY"},
	{"expected prog array map for tail call", "prog_array", "PROG_ARRAY"},
	{"R2 is not a known constant'", "constant", "bpf_ringbuf_output"},
	{"R2 unbounded size, use 'var &= const' or 'if (var < const)'", "no upper bound", "mask"},
	{"write into map forbidden, value_size=8 off=0 size=8", "only read", "const"},
	{"tracing progs cannot use bpf_spin_lock yet", "may not lock", "per-CPU"},
	{"BPF_ATOMIC stores into R1 ctx is not allowed", "maps and variables", "variable"},
	{"The function _printk with variable args is unsupported.", "variable arguments", "kprobe"},
	{"bpf_rcu_read_unlock is missing", "without bpf_rcu_read_unlock", "every return"},
	{"bpf_spin_unlock is missing", "without releasing", "bpf_spin_unlock"},
};

static void hints_for_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
		struct verifier_hint hint;
		assert_true(verifier_hint_for(hints[i][0], &hint));
		assert_non_null(strstr(hint.cause, hints[i][1]));
		assert_non_null(strstr(hint.cure, hints[i][2]));
	}
	struct verifier_hint none;
	assert_false(verifier_hint_for("something new", &none));
}

/* A record that is used after it has been submitted: the logs of 5.10, 6.12 and 7.2. */
static void released(void **state)
{
	static const char inv[] = "R6 invalid mem access 'inv'",
			  scalar[] = "R6 invalid mem access 'scalar'";
	static const char *const logs[] = {
		"9: R0_w=mem(id=0,ref_obj_id=2,off=0,imm=0) R6_w=mem(id=0,ref_obj_id=2,off=0,"
		"imm=0) R10=fp0 refs=2\n9: (85) call bpf_ringbuf_submit#132\n10: R6_w=inv(id=0)\n",
		"8: (bf) r6 = r0 ; R0_w=ringbuf_mem(ref_obj_id=2,sz=4) "
		"R6_w=ringbuf_mem(ref_obj_id=2,sz=4) refs=2\n9: (85) call bpf_ringbuf_submit#132 "
		";\n",
		"8: (bf) r6 = r0 ; R0=ringbuf_mem(id=2,sz=4) R6=ringbuf_mem(id=2,sz=4) refs=2\n"
		"9: (85) call bpf_ringbuf_discard#133 ;\n",
	};
	char log[400];
	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		assert_true(verifier_log_released(logs[i], i ? scalar : inv));
		assert_false(verifier_log_released(logs[i], "R7 invalid mem access 'scalar'"));
		assert_false(verifier_log_released(logs[i], "R6 !read_ok"));
		/* The register has another value since. */
		snprintf(log, sizeof log, "%s10: (79) r6 = *(u64 *)(r1 +0)\n", logs[i]);
		assert_false(verifier_log_released(log, scalar));
		/* Not released. */
		snprintf(log, sizeof log, "%s", logs[i]);
		*strstr(log, "call") = 0;
		assert_false(verifier_log_released(log, scalar));
	}
	assert_false(verifier_log_released("9: (85) call bpf_ringbuf_submit#132\n", scalar));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_lines),
		cmocka_unit_test(place),
		cmocka_unit_test(hints_for_reasons),
		cmocka_unit_test(released),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
