/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The table of helpers, compared with the system's header and the running kernel. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

#include <linux/bpf.h>
#include <linux/version.h>

#include "elf/link/helpers.h"

static const struct {
	unsigned number;
	const char *name;
} header[] = {
#define FN(name)                                                                                   \
	{                                                                                          \
		BPF_FUNC_##name, #name                                                             \
	}
	__BPF_FUNC_MAPPER(FN)
#undef FN
};

static void names_of_header(void **state)
{
	(void)state;
	unsigned count = sizeof header / sizeof *header;
	uint16_t version = LINUX_VERSION_CODE >> 8 & 0xffff;
	assert_true(count > 150);
	for (unsigned i = 1; i < count; i++) { /* 0 is unspec */
		assert_string_equal(helper_name(header[i].number), header[i].name);
		assert_true(helper_since(header[i].number) <= version);
	}
	for (unsigned n = count; n <= HELPER_MAX; n++)
		assert_true(helper_since(n) > version);
	if (count <= HELPER_MAX)
		print_message("# %u helpers are newer than the installed headers\n",
			HELPER_MAX + 1 - count);
}

static unsigned number_of(const char *name)
{
	unsigned n = 1;
	while (n <= HELPER_MAX && strcmp(helper_name(n), name))
		n++;
	return n;
}

static void names_and_numbers(void **state)
{
	(void)state;
	assert_string_equal(helper_name(1), "map_lookup_elem");
	assert_string_equal(helper_name(HELPER_MAX), "cgrp_storage_delete");
	assert_null(helper_name(0));
	assert_null(helper_name(HELPER_MAX + 1));
	assert_null(helper_name(195896080));
	assert_string_equal(helper_name(130), "ringbuf_output");
	for (unsigned n = 1; n <= HELPER_MAX; n++)
		assert_int_equal(number_of(helper_name(n)), n);
}

static void versions(void **state)
{
	(void)state;
	/* The first and the last helper of each kernel, by name. */
	static const struct {
		const char *first, *last;
		uint16_t since;
	} ages[] = {
		{"map_lookup_elem", "map_delete_elem", 0x0313},
		{"probe_read", "l4_csum_replace", 0x0401},
		{"tail_call", "get_current_comm", 0x0402},
		{"get_cgroup_classid", "perf_event_read", 0x0403},
		{"redirect", "perf_event_output", 0x0404},
		{"skb_load_bytes", "skb_load_bytes", 0x0405},
		{"get_stackid", "skb_set_tunnel_opt", 0x0406},
		{"skb_change_proto", "probe_write_user", 0x0408},
		{"current_task_under_cgroup", "set_hash_invalid", 0x0409},
		{"get_numa_node_id", "xdp_adjust_head", 0x040a},
		{"probe_read_str", "probe_read_str", 0x040b},
		{"get_socket_cookie", "get_socket_uid", 0x040c},
		{"set_hash", "skb_adjust_room", 0x040d},
		{"redirect_map", "sock_map_update", 0x040e},
		{"xdp_adjust_meta", "getsockopt", 0x040f},
		{"override_return", "sock_ops_cb_flags_set", 0x0410},
		{"msg_redirect_map", "bind", 0x0411},
		{"xdp_adjust_tail", "get_current_cgroup_id", 0x0412},
		{"get_local_storage", "skb_ancestor_cgroup_id", 0x0413},
		{"sk_lookup_tcp", "msg_push_data", 0x0414},
		{"msg_pop_data", "rc_pointer_rel", 0x0500},
		{"spin_lock", "get_listener_sock", 0x0501},
		{"skc_lookup_tcp", "sk_storage_delete", 0x0502},
		{"send_signal", "send_signal", 0x0503},
		{"tcp_gen_syncookie", "tcp_gen_syncookie", 0x0504},
		{"skb_output", "probe_read_kernel_str", 0x0505},
		{"tcp_send_ack", "jiffies64", 0x0506},
		{"read_branch_records", "sk_assign", 0x0507},
		{"ktime_get_boot_ns", "csum_level", 0x0508},
		{"skc_to_tcp6_sock", "get_task_stack", 0x0509},
		{"load_hdr_opt", "redirect_peer", 0x050a},
		{"task_storage_get", "sock_from_file", 0x050b},
		{"check_mtu", "check_mtu", 0x050c},
		{"for_each_map_elem", "snprintf", 0x050d},
		{"sys_bpf", "sys_close", 0x050e},
		{"timer_init", "task_pt_regs", 0x050f},
		{"get_branch_snapshot", "kallsyms_lookup_name", 0x0510},
		{"find_vma", "get_func_arg_cnt", 0x0511},
		{"get_retval", "ima_file_hash", 0x0512},
		{"kptr_xchg", "dynptr_data", 0x0513},
		{"tcp_raw_gen_syncookie_ipv4", "tcp_raw_check_syncookie_ipv6", 0x0600},
		{"ktime_get_tai_ns", "user_ringbuf_drain", 0x0601},
		{"cgrp_storage_get", "cgrp_storage_delete", 0x0602},
	};
	unsigned next = 1;
	for (unsigned i = 0; i < sizeof ages / sizeof *ages; i++) {
		unsigned first = number_of(ages[i].first), last = number_of(ages[i].last);
		assert_int_equal(first, next);
		for (unsigned n = first; n <= last; n++)
			assert_int_equal(helper_since(n), ages[i].since);
		next = last + 1;
	}
	assert_int_equal(next, HELPER_MAX + 1);
	assert_int_equal(helper_since(0), 0);
	assert_int_equal(helper_since(HELPER_MAX + 1), 0);
}

static void licenses(void **state)
{
	(void)state;
	assert_true(helper_gpl_only(BPF_FUNC_probe_read_kernel));
	assert_true(helper_gpl_only(BPF_FUNC_trace_printk));
	assert_true(helper_gpl_only(BPF_FUNC_perf_event_output));
	assert_false(helper_gpl_only(BPF_FUNC_ringbuf_output));
	assert_false(helper_gpl_only(BPF_FUNC_map_lookup_elem));
	assert_false(helper_gpl_only(BPF_FUNC_ktime_get_ns));
	assert_false(helper_gpl_only(0));
	assert_false(helper_gpl_only(256 + BPF_FUNC_probe_read));
}

enum answer { UNKNOWN, FREE, GPL, REFUSED };

/* The verifier's message for a call from a non-GPL program of this type. The program is invalid for
 * most helpers; only the first message matters. */
static enum answer ask_kernel(unsigned type, unsigned attach, int helper)
{
	static char log[1 << 16];
	struct bpf_insn insns[] = {{.code = 0x85, .imm = helper}, {.code = 0x95}};
	union bpf_attr attr;
	memset(&attr, 0, sizeof attr);
	attr.prog_type = type;
	attr.expected_attach_type = attach;
	attr.insns = (uintptr_t)insns;
	attr.insn_cnt = 2;
	attr.license = (uintptr_t) "Proprietary";
	attr.log_level = 1;
	attr.log_buf = (uintptr_t)log;
	attr.log_size = sizeof log;
	log[0] = 0;
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
	if (fd >= 0) {
		close((int)fd);
		return FREE;
	}
	if (!log[0])
		return REFUSED;
	if (strstr(log, "GPL"))
		return GPL;
	if (strstr(log, "unknown func") || strstr(log, "cannot use helper") ||
		strstr(log, "invalid func"))
		return UNKNOWN;
	return FREE;
}

static void running_kernel_agrees(void **state)
{
	(void)state;
	static const struct {
		unsigned type, attach;
	} types[] = {
		{BPF_PROG_TYPE_TRACEPOINT, 0},
		{BPF_PROG_TYPE_RAW_TRACEPOINT, 0},
		{BPF_PROG_TYPE_SOCKET_FILTER, 0},
		{BPF_PROG_TYPE_SCHED_CLS, 0},
		{BPF_PROG_TYPE_XDP, 0},
		{BPF_PROG_TYPE_SOCK_OPS, 0},
		{BPF_PROG_TYPE_SK_MSG, 0},
		{BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT},
		{BPF_PROG_TYPE_LWT_XMIT, 0},
	};
	unsigned asked = 0, gpl = 0;
	if (ask_kernel(BPF_PROG_TYPE_TRACEPOINT, 0, BPF_FUNC_map_lookup_elem) == REFUSED)
		skip();
	for (int n = 1; n <= HELPER_MAX; n++) {
		for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
			enum answer a = ask_kernel(types[i].type, types[i].attach, n);
			if (a != FREE && a != GPL)
				continue;
			if ((a == GPL) != helper_gpl_only((unsigned)n))
				fail_msg("helper %d (%s), program type %u", n,
					helper_name((unsigned)n), types[i].type);
			asked++;
			gpl += a == GPL;
		}
	}
	/* The kernel must not know the next number, either. */
	assert_int_equal(ask_kernel(BPF_PROG_TYPE_TRACEPOINT, 0, HELPER_MAX + 1), UNKNOWN);
	print_message("# %u answers, %u of them GPL\n", asked, gpl);
	assert_true(asked > 100 && gpl > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_header),
		cmocka_unit_test(names_and_numbers),
		cmocka_unit_test(versions),
		cmocka_unit_test(licenses),
		cmocka_unit_test(running_kernel_agrees),
	};
	return cmocka_run_group_tests_name("helpers", tests, NULL, NULL);
}
