/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "helpers.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/texts.h"

#include <string.h>

/* clang-format off */

/* The first helper of each kernel: numbers rise with the versions. */
#define V(helper, major, minor) {BPF_FUNC_##helper, ABI_VERSION(major, minor)}
static const struct {
	uint8_t first;
	uint16_t since;
} ages[] = {
	V(map_lookup_elem, 3, 19),
	V(probe_read, 4, 1),
	V(tail_call, 4, 2),
	V(get_cgroup_classid, 4, 3),
	V(redirect, 4, 4),
	V(skb_load_bytes, 4, 5),
	V(get_stackid, 4, 6),
	V(skb_change_proto, 4, 8),
	V(current_task_under_cgroup, 4, 9),
	V(get_numa_node_id, 4, 10),
	V(probe_read_str, 4, 11),
	V(get_socket_cookie, 4, 12),
	V(set_hash, 4, 13),
	V(redirect_map, 4, 14),
	V(xdp_adjust_meta, 4, 15),
	V(override_return, 4, 16),
	V(msg_redirect_map, 4, 17),
	V(xdp_adjust_tail, 4, 18),
	V(get_local_storage, 4, 19),
	V(sk_lookup_tcp, 4, 20),
	V(msg_pop_data, 5, 0),
	V(spin_lock, 5, 1),
	V(skc_lookup_tcp, 5, 2),
	V(send_signal, 5, 3),
	V(tcp_gen_syncookie, 5, 4),
	V(skb_output, 5, 5),
	V(tcp_send_ack, 5, 6),
	V(read_branch_records, 5, 7),
	V(ktime_get_boot_ns, 5, 8),
	V(skc_to_tcp6_sock, 5, 9),
	V(load_hdr_opt, 5, 10),
	V(task_storage_get, 5, 11),
	V(check_mtu, 5, 12),
	V(for_each_map_elem, 5, 13),
	V(sys_bpf, 5, 14),
	V(timer_init, 5, 15),
	V(get_branch_snapshot, 5, 16),
	V(find_vma, 5, 17),
	V(get_retval, 5, 18),
	V(kptr_xchg, 5, 19),
	V(tcp_raw_gen_syncookie_ipv4, 6, 0),
	V(ktime_get_tai_ns, 6, 1),
	V(cgrp_storage_get, 6, 2),
};

#define G(helper) BPF_FUNC_##helper
static const uint8_t gpl_only[] = {
	G(probe_read), G(trace_printk), G(perf_event_read), G(perf_event_output), G(get_stackid),
	G(get_current_task), G(probe_write_user), G(probe_read_str), G(perf_event_read_value),
	G(perf_prog_read_value), G(override_return), G(get_stack), G(fib_lookup), G(rc_repeat),
	G(rc_keydown), G(rc_pointer_rel), G(tcp_check_syncookie), G(tcp_gen_syncookie),
	G(skb_output), G(probe_read_user), G(probe_read_kernel), G(probe_read_user_str),
	G(probe_read_kernel_str), G(read_branch_records), G(xdp_output), G(seq_printf),
	G(seq_write), G(seq_printf_btf), G(get_current_task_btf), G(check_mtu), G(snprintf),
	G(timer_init), G(timer_set_callback), G(timer_start), G(timer_cancel), G(get_func_ip),
	G(task_pt_regs), G(get_branch_snapshot), G(trace_vprintk), G(copy_from_user_task),
	G(tcp_raw_gen_syncookie_ipv4), G(tcp_raw_gen_syncookie_ipv6),
	G(tcp_raw_check_syncookie_ipv4), G(tcp_raw_check_syncookie_ipv6),
};

/* clang-format on */

#define TEXT(name) #name "\0"

static const char names[] PACKED_SECTION = BPF_FUNCS(TEXT);
_Static_assert(BPF_FUNC_MAX_ID == HELPER_MAX + 1, "HELPER_MAX is the last number");

const char *helper_name(unsigned number)
{
	const char *name = text_ready(names);
	if (number < 1 || number > HELPER_MAX)
		return NULL;
	while (--number)
		name += strlen(name) + 1;
	return name;
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
