/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * httptap: HTTP requests on an interface, with status and latency. Based on lesson 21.6.2 of the
 * course.
 *
 *	sonde run build/progs/httptap.bpf.o --on httptap=lo
 *
 * Demonstrates:
 * - Parsing from the outside in: IP header, TCP header, payload. A request starts with its method,
 *   "GET /index.html HTTP/1.1", a response with "HTTP/1.1 200".
 * - A request is kept in a map, keyed by its connection, until the response arrives.
 *
 * Pitfalls avoided:
 * - bpf_skb_load_bytes_relative() does not reach the fragments of a packet, which often hold the
 *   payload: here all offsets count from the link header. Ethernet and lo have one.
 * - A socket filter has 512 bytes of stack and cannot read the packet in place: copies go to a
 *   per-CPU array.
 * - On lo each packet is seen twice, outgoing and incoming. The second copy of a request is already
 *   in the map, the second copy of a response finds no request.
 *
 * Limited to IPv4, to unencrypted traffic (see ssl), and to messages that start at the beginning of
 * a packet.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

enum {
	LINE = 128,
	START = 12, /* "HTTP/1.1 200", or a method and a path */
};

struct connection {
	struct in_addr client, server;
	__be16 client_port, server_port;
};

struct asked {
	__u64 ns;
	char line[LINE];
};

struct answer {
	struct in_addr client, server;
	__be16 server_port;
	__u16 status;
	__u32 us;
	char request[LINE];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct connection);
	__type(value, struct asked);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct asked);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct answer);

/* The TCP payload. */
struct text {
	__u32 at;
	__u64 size;
};

/* from: the connection as seen by the sender. */
static __always_inline bool find_text(
	struct __sk_buff *skb, struct connection *from, struct text *text)
{
	struct iphdr ip;
	struct tcphdr tcp;

	if (skb->protocol != bpf_htons(ETH_P_IP) ||
		bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
		return false;
	if (ip.protocol != IPPROTO_TCP ||
		bpf_skb_load_bytes_relative(skb, ip.ihl * 4, &tcp, sizeof(tcp), BPF_HDR_START_NET))
		return false;
	from->client.s_addr = ip.saddr;
	from->server.s_addr = ip.daddr;
	from->client_port = tcp.source;
	from->server_port = tcp.dest;
	text->at = ETH_HLEN + ip.ihl * 4 + tcp.doff * 4;
	text->size = ETH_HLEN + bpf_ntohs(ip.tot_len) - text->at;
	return true;
}

static __always_inline bool is_request(const char *s)
{
	return (s[0] == 'G' && s[1] == 'E' && s[2] == 'T' && s[3] == ' ') ||
	       (s[0] == 'H' && s[1] == 'E' && s[2] == 'A' && s[3] == 'D') ||
	       (s[0] == 'P' && s[1] == 'O' && s[2] == 'S' && s[3] == 'T') ||
	       (s[0] == 'P' && s[1] == 'U' && s[2] == 'T' && s[3] == ' ') ||
	       (s[0] == 'D' && s[1] == 'E' && s[2] == 'L' && s[3] == 'E');
}

/* The first line, or its beginning. */
static __always_inline void keep_request(
	struct __sk_buff *skb, const struct text *text, const struct connection *connection)
{
	__u32 slot = 0;
	__u64 size = text->size;
	struct asked *asked = bpf_map_lookup_elem(&scratch, &slot);

	if (!asked)
		return;
	__builtin_memset(asked->line, 0, sizeof(asked->line));
	barrier_var(size); /* the value compared and the value used must be in one register */
	if (size > LINE - 1)
		size = LINE - 1;
	if (size < START || bpf_skb_load_bytes(skb, text->at, asked->line, size))
		return;
	for (int i = 0; i < LINE; i++)
		if (asked->line[i] == '\r' || asked->line[i] == '\n') {
			asked->line[i] = 0;
			break;
		}
	asked->ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&requests, connection, asked, BPF_NOEXIST);
}

static __always_inline void tell(const struct connection *connection, const char *status)
{
	struct asked *asked = bpf_map_lookup_elem(&requests, connection);
	struct answer *answer;

	if (!asked)
		return;
	answer = bpf_ringbuf_reserve(&events, sizeof(*answer), 0);
	if (answer) {
		answer->client = connection->client;
		answer->server = connection->server;
		answer->server_port = connection->server_port;
		answer->status =
			(status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
		answer->us = (bpf_ktime_get_ns() - asked->ns) / 1000;
		__builtin_memcpy(answer->request, asked->line, sizeof(answer->request));
		bpf_ringbuf_submit(answer, 0);
	} else {
		count_lost();
	}
	bpf_map_delete_elem(&requests, connection);
}

SEC("socket")
int httptap(struct __sk_buff *skb)
{
	struct connection from = {}, turned;
	struct text text;
	char start[START];

	if (!find_text(skb, &from, &text) || bpf_skb_load_bytes(skb, text.at, start, sizeof(start)))
		return 0;
	if (is_request(start)) {
		keep_request(skb, &text, &from);
	} else if (start[0] == 'H' && start[1] == 'T' && start[2] == 'T' && start[3] == 'P') {
		turned = (struct connection){
			from.server, from.client, from.server_port, from.client_port};
		tell(&turned, start + 9);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
