/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * mysql: queries received by a MariaDB or MySQL server, with their duration. Based on lesson 21.2.1
 * of the course.
 *
 *	sonde run build/progs/mysql.bpf.o
 *	sonde run build/progs/mysql.bpf.o --set min_us=10000		slow queries only
 *
 * If the server is not at Debian's path: --on mysql_begin=/path/to/mysqld --on
 * mysql_end=/path/to/mysqld
 *
 * Demonstrates:
 * - The symbol of a C++ function contains its parameter types, _Z11mysql_parseP3THDPcj..., which
 *   differ between versions. uprobe.multi accepts a pattern that matches all of them.
 * - Text with a length is not NUL-terminated: the number of bytes to copy is the smaller of the
 *   length and the size of the buffer, and the verifier must be able to tell.
 * - The text may be gone when the call returns. It is copied at entry and kept in a map, keyed by
 *   thread.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

enum { TEXT = 256 };

struct query {
	pid_t tid;
	__u64 us;
	char text[TEXT];
};

const volatile __u64 min_us = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct query); /* us: start time */
} running SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct query);

SEC("uprobe.multi//usr/sbin/mariadbd:*mysql_parse*")
int BPF_UPROBE(mysql_begin, void *session, const char *text, __u32 length)
{
	__u64 thread = bpf_get_current_pid_tgid(), size = length;
	struct query query = {.tid = (pid_t)thread, .us = bpf_ktime_get_ns() / 1000};

	barrier_var(size); /* the value compared and the value used must be in one register */
	if (size > TEXT - 1)
		size = TEXT - 1;
	bpf_probe_read_user(query.text, size, text);
	bpf_map_update_elem(&running, &thread, &query, BPF_ANY);
	return 0;
}

SEC("uretprobe.multi//usr/sbin/mariadbd:*mysql_parse*")
int mysql_end(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct query *query = bpf_map_lookup_elem(&running, &thread);

	if (!query)
		return 0;
	query->us = bpf_ktime_get_ns() / 1000 - query->us;
	if (query->us >= min_us && bpf_ringbuf_output(&events, query, sizeof(*query), 0))
		count_lost();
	bpf_map_delete_elem(&running, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
