/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * bpfcalls: bpf(2) calls by process and command. Based on lesson 21.6.3 of the course, which traces
 * sys_enter_bpf with bpftrace.
 *
 * Demonstrates an enum as key, which is shown by the names in BTF. (The program does not see the
 * calls that load it, but those that read its map.)
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* The kernel's enum of that name, as of 6.18. */
enum command {
	MAP_CREATE,
	MAP_LOOKUP_ELEM,
	MAP_UPDATE_ELEM,
	MAP_DELETE_ELEM,
	MAP_GET_NEXT_KEY,
	PROG_LOAD,
	OBJ_PIN,
	OBJ_GET,
	PROG_ATTACH,
	PROG_DETACH,
	PROG_TEST_RUN,
	PROG_GET_NEXT_ID,
	MAP_GET_NEXT_ID,
	PROG_GET_FD_BY_ID,
	MAP_GET_FD_BY_ID,
	OBJ_GET_INFO_BY_FD,
	PROG_QUERY,
	RAW_TRACEPOINT_OPEN,
	BTF_LOAD,
	BTF_GET_FD_BY_ID,
	TASK_FD_QUERY,
	MAP_LOOKUP_AND_DELETE_ELEM,
	MAP_FREEZE,
	BTF_GET_NEXT_ID,
	MAP_LOOKUP_BATCH,
	MAP_LOOKUP_AND_DELETE_BATCH,
	MAP_UPDATE_BATCH,
	MAP_DELETE_BATCH,
	LINK_CREATE,
	LINK_UPDATE,
	LINK_GET_FD_BY_ID,
	LINK_GET_NEXT_ID,
	ENABLE_STATS,
	ITER_CREATE,
	LINK_DETACH,
	PROG_BIND_MAP,
	TOKEN_CREATE,
};

struct call {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	enum command cmd;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct call);
	__type(value, __u64);
} calls SEC(".maps");

SEC("tp/syscalls/sys_enter_bpf")
int bpfcalls(struct trace_event_raw_sys_enter *ctx)
{
	struct call call = {.pid = bpf_get_current_pid_tgid() >> 32, .cmd = ctx->args[0]};
	__u64 zero = 0, *count;

	bpf_get_current_comm(call.comm, sizeof(call.comm));
	bpf_map_update_elem(&calls, &call, &zero, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&calls, &call);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
