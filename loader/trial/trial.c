/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "trial.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/span.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <sys/socket.h>

enum { GROWTH = 4096, ETH_HEADER = 14, LOOKUP_SIZE = 64, KEYS = 256, TCP = 6, UDP = 17 };

enum trial_takes trial_takes(uint32_t prog_type)
{
	switch (prog_type) {
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
	case BPF_PROG_TYPE_NETFILTER:
		return TRIAL_PACKET;
	case BPF_PROG_TYPE_SK_LOOKUP:
		return TRIAL_LOOKUP;
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_SYSCALL:
	case BPF_PROG_TYPE_TRACING:
		return TRIAL_CONTEXT;
	default:
		return TRIAL_NOTHING;
	}
}

/* ---- the context of sk_lookup ---- */

/* Offsets in struct bpf_sk_lookup. */
enum {
	LOOKUP_FAMILY = 8,
	LOOKUP_PROTOCOL = 12,
	LOOKUP_REMOTE_IP4 = 16,
	LOOKUP_REMOTE_IP6 = 20,
	LOOKUP_REMOTE_PORT = 36, /* in network order */
	LOOKUP_LOCAL_IP4 = 40,
	LOOKUP_LOCAL_IP6 = 44,
	LOOKUP_LOCAL_PORT = 60, /* in host order */
};

/* A lookup for the socket that would receive the packet: its source is remote. False if it has no IP header,
 * TCP or UDP. */
static bool make_lookup(const struct packet *p, uint8_t ctx[static LOOKUP_SIZE])
{
	struct span s = {p->bytes, p->n, true};
	uint16_t type = span_u16(s, ETH_HEADER - 2);
	bool six = type == 0x86dd;
	uint64_t at = ETH_HEADER, size = six ? 40 : (span_u8(s, at) & 15) * UINT64_C(4);
	uint8_t protocol = span_u8(s, at + (six ? 6 : 9));
	if ((type != 0x0800 && !six) || !span_has(s, at, size + 4) ||
		(protocol != TCP && protocol != UDP))
		return false;
	bool big = host_is_big();
	unsigned n = six ? 16 : 4;
	memset(ctx, 0, LOOKUP_SIZE);
	bytes_put(ctx + LOOKUP_FAMILY, 4, big, six ? AF_INET6 : AF_INET);
	bytes_put(ctx + LOOKUP_PROTOCOL, 4, big, protocol);
	memcpy(ctx + (six ? LOOKUP_REMOTE_IP6 : LOOKUP_REMOTE_IP4), s.p + at + (six ? 8 : 12), n);
	memcpy(ctx + (six ? LOOKUP_LOCAL_IP6 : LOOKUP_LOCAL_IP4), s.p + at + (six ? 24 : 16), n);
	memcpy(ctx + LOOKUP_REMOTE_PORT, s.p + at + size, 2);
	bytes_put(ctx + LOOKUP_LOCAL_PORT, 4, big, span_u16(s, at + size + 2));
	return true;
}

/* ---- the call ---- */

bool trial_explain(const struct trial *t, uint32_t size, uint32_t ctx_size, long no, struct err *e)
{
	char nick[48];
	bool packet = trial_takes(t->prog_type) == TRIAL_PACKET;
	err_sys(e, (int)-no, "program '%s': test run", t->prog);
	if (no == -ENOTSUPP_KERNEL || no == -EOPNOTSUPP || no == -ENOTSUP)
		err_hint(e, "this kernel has no test runs of %s programs",
			abi_nick(ABI_PROG_TYPES, t->prog_type, nick));
	else if (no == -EINVAL && packet && size < ETH_HEADER)
		err_hint(e, "the packet has %u bytes; the kernel requires an Ethernet header, %d",
			size, ETH_HEADER);
	else if (no == -EINVAL && packet && size > 3000)
		err_hint(e, "the packet has %u bytes: it must fit into a page with its headroom",
			size);
	else if (no == -EINVAL && ctx_size)
		err_hint(e,
			"the context has %u bytes: is it that of a %s program, with members "
			"that it may not set left at 0?",
			ctx_size, abi_nick(ABI_PROG_TYPES, t->prog_type, nick));
	else if (no == -EINVAL)
		err_hint(e, "this kernel may not run such a program, or requires a context: --ctx");
	return false;
}

/* Runs a program that takes no packet. */
static bool run_context(
	const struct trial *t, const struct trial_input *in, struct trial_result *r, struct err *e)
{
	uint8_t lookup[LOOKUP_SIZE];
	struct prog_run run = {.ctx = in->ctx, .ctx_n = in->ctx_n};
	if (trial_takes(t->prog_type) == TRIAL_LOOKUP) {
		run.repeat = in->repeat;
		if (!in->ctx && (!in->packet || !make_lookup(in->packet, lookup)))
			return err_set(e, "program '%s': expects a packet of TCP or UDP, or --ctx",
				t->prog);
		if (!in->ctx) {
			run.ctx = lookup;
			run.ctx_n = sizeof lookup;
		}
	}
	long no = prog_run(t->watch, t->fd, &run);
	r->retval = run.retval;
	r->duration_ns = run.duration_ns;
	return !no || trial_explain(t, in->packet ? (uint32_t)in->packet->n : 0, in->ctx_n, no, e);
}

/* Programs that get no Ethernet header leave zeros in its place. */
static bool sees_ethernet(uint32_t prog_type)
{
	return prog_type == BPF_PROG_TYPE_XDP || prog_type == BPF_PROG_TYPE_SCHED_CLS ||
	       prog_type == BPF_PROG_TYPE_SCHED_ACT || prog_type == BPF_PROG_TYPE_FLOW_DISSECTOR;
}

static bool run_packet(
	const struct trial *t, const struct trial_input *in, struct trial_result *r, struct err *e)
{
	bool flow = t->prog_type == BPF_PROG_TYPE_FLOW_DISSECTOR;
	uint32_t room = flow ? KEYS : (uint32_t)in->packet->n + GROWTH;
	uint8_t *out = arena_alloc(t->arena, room);
	if (!out)
		return err_nomem(e);
	struct prog_run run = {.data = in->packet->bytes,
		.n = (uint32_t)in->packet->n,
		.ctx = in->ctx,
		.ctx_n = in->ctx_n,
		.repeat = in->repeat,
		.out = t->prog_type == BPF_PROG_TYPE_NETFILTER ? NULL : out,
		.out_n = room};
	long no = prog_run(t->watch, t->fd, &run);
	if (no && no != -ENOSPC)
		return trial_explain(t, in->packet ? (uint32_t)in->packet->n : 0, in->ctx_n, no, e);
	/* Before 6.1, flow dissectors returned whether they succeeded; no program returns 1 since. */
	if (flow && run.retval == 1)
		run.retval = 0;
	*r = (struct trial_result){
		run.retval, run.duration_ns, run.out, run.out_n > room ? room : run.out_n};
	if (!sees_ethernet(t->prog_type) && r->out && r->out_n >= ETH_HEADER)
		memcpy(out, in->packet->bytes, ETH_HEADER);
	return true;
}

bool trial_run(
	const struct trial *t, const struct trial_input *in, struct trial_result *r, struct err *e)
{
	char nick[48];
	*r = (struct trial_result){0};
	switch (trial_takes(t->prog_type)) {
	case TRIAL_PACKET:
		return run_packet(t, in, r, e);
	case TRIAL_LOOKUP:
	case TRIAL_CONTEXT:
		return run_context(t, in, r, e);
	default:
		return err_set(e, "program '%s': the kernel has no test runs of %s programs",
			t->prog, abi_nick(ABI_PROG_TYPES, t->prog_type, nick));
	}
}
