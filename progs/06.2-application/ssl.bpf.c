/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ssl: plain text that programs send and receive through TLS. Based on lesson 21.6.2 of the course.
 *
 *	sonde run build/progs/ssl.bpf.o
 *	curl https://...					meanwhile
 *
 * Demonstrates:
 * - On the network the data is encrypted, but the library gets it *before* encryption and returns
 *   it *after* decryption. One uprobe in the library covers all programs.
 * - The data of SSL_read() is in the buffer only when it returns; the address of the buffer must be
 *   saved at entry.
 *
 * For other functions with the same first arguments: --on ssl_write=libssl.so.3:SSL_write_ex
 * (Python). Programs with another TLS implementation (Go, Firefox, static ones) are not traced. Use
 * it on your own data only: it reads passwords.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

enum { TEXT = 128 };

enum direction { SENT, RECEIVED };

struct message {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	enum direction direction;
	__u32 size;
	char text[TEXT]; /* the beginning */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} buffers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct message);

static __always_inline void tell(enum direction direction, const void *text, __u32 size)
{
	struct message *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	__u64 part = size;

	if (!event)
		return count_lost();
	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->direction = direction;
	event->size = size;
	__builtin_memset(event->text, 0, sizeof(event->text));
	barrier_var(part); /* the value compared and the value used must be in one register */
	if (part > TEXT - 1)
		part = TEXT - 1;
	bpf_probe_read_user(event->text, part, text);
	bpf_ringbuf_submit(event, 0);
}

SEC("uprobe/libssl.so.3:SSL_write")
int BPF_UPROBE(ssl_write, void *ssl, const void *text, int size)
{
	if (size > 0)
		tell(SENT, text, size);
	return 0;
}

SEC("uprobe/libssl.so.3:SSL_read")
int BPF_UPROBE(ssl_read, void *ssl, void *buffer)
{
	__u64 thread = bpf_get_current_pid_tgid(), address = (__u64)buffer;

	bpf_map_update_elem(&buffers, &thread, &address, BPF_ANY);
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_read")
int BPF_URETPROBE(ssl_read_end, int size)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *buffer = bpf_map_lookup_elem(&buffers, &thread);

	if (buffer && size > 0)
		tell(RECEIVED, (const void *)*buffer, size);
	bpf_map_delete_elem(&buffers, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
