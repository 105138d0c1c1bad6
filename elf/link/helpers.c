/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "helpers.h"

#include <string.h>

/* clang-format off */

/* In order of the numbers, from 1; each comment gives the number and the kernel of what follows. */
#define HELPERS(H) \
	/* 1: 3.19 */ \
	H(map_lookup_elem) H(map_update_elem) H(map_delete_elem) \
	/* 4: 4.1 */ \
	H(probe_read) H(ktime_get_ns) H(trace_printk) H(get_prandom_u32) H(get_smp_processor_id) \
	H(skb_store_bytes) H(l3_csum_replace) H(l4_csum_replace) \
	/* 12: 4.2 */ \
	H(tail_call) H(clone_redirect) H(get_current_pid_tgid) H(get_current_uid_gid) \
	H(get_current_comm) \
	/* 17: 4.3 */ \
	H(get_cgroup_classid) H(skb_vlan_push) H(skb_vlan_pop) H(skb_get_tunnel_key) \
	H(skb_set_tunnel_key) H(perf_event_read) \
	/* 23: 4.4 */ \
	H(redirect) H(get_route_realm) H(perf_event_output) \
	/* 26: 4.5 */ \
	H(skb_load_bytes) \
	/* 27: 4.6 */ \
	H(get_stackid) H(csum_diff) H(skb_get_tunnel_opt) H(skb_set_tunnel_opt) \
	/* 31: 4.8 */ \
	H(skb_change_proto) H(skb_change_type) H(skb_under_cgroup) H(get_hash_recalc) \
	H(get_current_task) H(probe_write_user) \
	/* 37: 4.9 */ \
	H(current_task_under_cgroup) H(skb_change_tail) H(skb_pull_data) H(csum_update) \
	H(set_hash_invalid) \
	/* 42: 4.10 */ \
	H(get_numa_node_id) H(skb_change_head) H(xdp_adjust_head) \
	/* 45: 4.11 */ \
	H(probe_read_str) \
	/* 46: 4.12 */ \
	H(get_socket_cookie) H(get_socket_uid) \
	/* 48: 4.13 */ \
	H(set_hash) H(setsockopt) H(skb_adjust_room) \
	/* 51: 4.14 */ \
	H(redirect_map) H(sk_redirect_map) H(sock_map_update) \
	/* 54: 4.15 */ \
	H(xdp_adjust_meta) H(perf_event_read_value) H(perf_prog_read_value) H(getsockopt) \
	/* 58: 4.16 */ \
	H(override_return) H(sock_ops_cb_flags_set) \
	/* 60: 4.17 */ \
	H(msg_redirect_map) H(msg_apply_bytes) H(msg_cork_bytes) H(msg_pull_data) H(bind) \
	/* 65: 4.18 */ \
	H(xdp_adjust_tail) H(skb_get_xfrm_state) H(get_stack) H(skb_load_bytes_relative) \
	H(fib_lookup) H(sock_hash_update) H(msg_redirect_hash) H(sk_redirect_hash) \
	H(lwt_push_encap) H(lwt_seg6_store_bytes) H(lwt_seg6_adjust_srh) H(lwt_seg6_action) \
	H(rc_repeat) H(rc_keydown) H(skb_cgroup_id) H(get_current_cgroup_id) \
	/* 81: 4.19 */ \
	H(get_local_storage) H(sk_select_reuseport) H(skb_ancestor_cgroup_id) \
	/* 84: 4.20 */ \
	H(sk_lookup_tcp) H(sk_lookup_udp) H(sk_release) H(map_push_elem) H(map_pop_elem) \
	H(map_peek_elem) H(msg_push_data) \
	/* 91: 5.0 */ \
	H(msg_pop_data) H(rc_pointer_rel) \
	/* 93: 5.1 */ \
	H(spin_lock) H(spin_unlock) H(sk_fullsock) H(tcp_sock) H(skb_ecn_set_ce) \
	H(get_listener_sock) \
	/* 99: 5.2 */ \
	H(skc_lookup_tcp) H(tcp_check_syncookie) H(sysctl_get_name) H(sysctl_get_current_value) \
	H(sysctl_get_new_value) H(sysctl_set_new_value) H(strtol) H(strtoul) H(sk_storage_get) \
	H(sk_storage_delete) \
	/* 109: 5.3 */ \
	H(send_signal) \
	/* 110: 5.4 */ \
	H(tcp_gen_syncookie) \
	/* 111: 5.5 */ \
	H(skb_output) H(probe_read_user) H(probe_read_kernel) H(probe_read_user_str) \
	H(probe_read_kernel_str) \
	/* 116: 5.6 */ \
	H(tcp_send_ack) H(send_signal_thread) H(jiffies64) \
	/* 119: 5.7 */ \
	H(read_branch_records) H(get_ns_current_pid_tgid) H(xdp_output) H(get_netns_cookie) \
	H(get_current_ancestor_cgroup_id) H(sk_assign) \
	/* 125: 5.8 */ \
	H(ktime_get_boot_ns) H(seq_printf) H(seq_write) H(sk_cgroup_id) H(sk_ancestor_cgroup_id) \
	H(ringbuf_output) H(ringbuf_reserve) H(ringbuf_submit) H(ringbuf_discard) \
	H(ringbuf_query) H(csum_level) \
	/* 136: 5.9 */ \
	H(skc_to_tcp6_sock) H(skc_to_tcp_sock) H(skc_to_tcp_timewait_sock) \
	H(skc_to_tcp_request_sock) H(skc_to_udp6_sock) H(get_task_stack) \
	/* 142: 5.10 */ \
	H(load_hdr_opt) H(store_hdr_opt) H(reserve_hdr_opt) H(inode_storage_get) \
	H(inode_storage_delete) H(d_path) H(copy_from_user) H(snprintf_btf) H(seq_printf_btf) \
	H(skb_cgroup_classid) H(redirect_neigh) H(per_cpu_ptr) H(this_cpu_ptr) H(redirect_peer) \
	/* 156: 5.11 */ \
	H(task_storage_get) H(task_storage_delete) H(get_current_task_btf) H(bprm_opts_set) \
	H(ktime_get_coarse_ns) H(ima_inode_hash) H(sock_from_file) \
	/* 163: 5.12 */ \
	H(check_mtu) \
	/* 164: 5.13 */ \
	H(for_each_map_elem) H(snprintf) \
	/* 166: 5.14 */ \
	H(sys_bpf) H(btf_find_by_name_kind) H(sys_close) \
	/* 169: 5.15 */ \
	H(timer_init) H(timer_set_callback) H(timer_start) H(timer_cancel) H(get_func_ip) \
	H(get_attach_cookie) H(task_pt_regs) \
	/* 176: 5.16 */ \
	H(get_branch_snapshot) H(trace_vprintk) H(skc_to_unix_sock) H(kallsyms_lookup_name) \
	/* 180: 5.17 */ \
	H(find_vma) H(loop) H(strncmp) H(get_func_arg) H(get_func_ret) H(get_func_arg_cnt) \
	/* 186: 5.18 */ \
	H(get_retval) H(set_retval) H(xdp_get_buff_len) H(xdp_load_bytes) H(xdp_store_bytes) \
	H(copy_from_user_task) H(skb_set_tstamp) H(ima_file_hash) \
	/* 194: 5.19 */ \
	H(kptr_xchg) H(map_lookup_percpu_elem) H(skc_to_mptcp_sock) H(dynptr_from_mem) \
	H(ringbuf_reserve_dynptr) H(ringbuf_submit_dynptr) H(ringbuf_discard_dynptr) \
	H(dynptr_read) H(dynptr_write) H(dynptr_data) \
	/* 204: 6.0 */ \
	H(tcp_raw_gen_syncookie_ipv4) H(tcp_raw_gen_syncookie_ipv6) \
	H(tcp_raw_check_syncookie_ipv4) H(tcp_raw_check_syncookie_ipv6) \
	/* 208: 6.1 */ \
	H(ktime_get_tai_ns) H(user_ringbuf_drain) \
	/* 210: 6.2 */ \
	H(cgrp_storage_get) H(cgrp_storage_delete)

/* Numbers rise with the kernels: the first number of each. */
#define V(major, minor) (major) << 8 | (minor)
static const struct {
	uint8_t first;
	uint16_t since;
} ages[] = {
	{1, V(3, 19)}, {4, V(4, 1)}, {12, V(4, 2)}, {17, V(4, 3)}, {23, V(4, 4)}, {26, V(4, 5)},
	{27, V(4, 6)}, {31, V(4, 8)}, {37, V(4, 9)}, {42, V(4, 10)}, {45, V(4, 11)},
	{46, V(4, 12)}, {48, V(4, 13)}, {51, V(4, 14)}, {54, V(4, 15)}, {58, V(4, 16)},
	{60, V(4, 17)}, {65, V(4, 18)}, {81, V(4, 19)}, {84, V(4, 20)}, {91, V(5, 0)},
	{93, V(5, 1)}, {99, V(5, 2)}, {109, V(5, 3)}, {110, V(5, 4)}, {111, V(5, 5)},
	{116, V(5, 6)}, {119, V(5, 7)}, {125, V(5, 8)}, {136, V(5, 9)}, {142, V(5, 10)},
	{156, V(5, 11)}, {163, V(5, 12)}, {164, V(5, 13)}, {166, V(5, 14)}, {169, V(5, 15)},
	{176, V(5, 16)}, {180, V(5, 17)}, {186, V(5, 18)}, {194, V(5, 19)}, {204, V(6, 0)},
	{208, V(6, 1)}, {210, V(6, 2)},
};

static const uint8_t gpl_only[] = {
	4, 6, 22, 25, 27, 35, 36, 45, 55, 56, 58, 67, 69, 77, 78, 92, 100, 110, 111, 112, 113,
	114, 115, 119, 121, 126, 127, 150, 158, 163, 165, 169, 170, 171, 172, 173, 175, 176,
	177, 191, 204, 205, 206, 207,
};

/* clang-format on */

#define TEXT(name) #name "\0"
#define ONE(name)  +1

static const char names[] = HELPERS(TEXT);
_Static_assert(0 HELPERS(ONE) == HELPER_MAX, "a helper is missing");

const char *helper_name(unsigned number)
{
	const char *name = names;
	if (number < 1 || number > HELPER_MAX)
		return NULL;
	while (--number)
		name += strlen(name) + 1;
	return name;
}

unsigned helper_number(const char *name)
{
	const char *known = names;
	if (strncmp(name, "bpf_", 4) == 0)
		name += 4;
	for (unsigned number = 1; number <= HELPER_MAX; number++) {
		if (strcmp(known, name) == 0)
			return number;
		known += strlen(known) + 1;
	}
	return 0;
}

uint16_t helper_since(unsigned number)
{
	uint16_t since = 0;
	if (number > HELPER_MAX)
		return 0;
	for (unsigned i = 0; i < sizeof ages / sizeof *ages && ages[i].first <= number; i++)
		since = ages[i].since;
	return since;
}

bool helper_gpl_only(unsigned number)
{
	return number <= HELPER_MAX && memchr(gpl_only, (int)number, sizeof gpl_only);
}
