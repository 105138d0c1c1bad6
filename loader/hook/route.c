/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Routes with a program (lightweight tunnels): packets received or sent by a route (4.10), and IPv6
 * segments that end on this machine (seg6local End.BPF, 4.18). The program is an attribute of its
 * route, and there are no links: sonde adds the route and deletes it on exit. A route to lo is in
 * table local, for addresses of this machine.
 *
 * Routes of sonde have a protocol number of its own, which identifies stale ones.
 */
#include "removal.h"
#include "rtnetlink.h"

#include "elf/base/ip_text.h"
#include "elf/base/number.h"
#include "loader/plan/abi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

enum {
	LWTUNNEL_ENCAP_BPF = 6,
	LWTUNNEL_ENCAP_SEG6_LOCAL = 7,
	LWT_BPF_IN = 1,
	LWT_BPF_OUT = 2,
	LWT_BPF_XMIT = 3,
	LWT_BPF_XMIT_HEADROOM = 4,
	SEG6_LOCAL_ACTION = 1,
	SEG6_LOCAL_BPF = 8,
	SEG6_LOCAL_ACTION_END_BPF = 15,
	PROG_FD = 1, /* of LWT_BPF_IN and the like, and of SEG6_LOCAL_BPF */
	PROG_NAME = 2,
	TABLE_MAIN = 254,
	TABLE_LOCAL = 255,
	SCOPE_UNIVERSE = 0,
	SCOPE_LINK = 253,
	SCOPE_HOST = 254,
	SCOPE_ANY = 255, /* of RTM_DELROUTE */
	TYPE_ANY = 0,    /* of RTM_DELROUTE */
	TYPE_UNICAST = 1,
	TYPE_LOCAL = 2,
	PROTOCOL = 211,     /* sonde's, not in /etc/iproute2/rt_protos */
	HEADROOM_MAX = 256, /* LWT_BPF_MAX_HEADROOM of the kernel */
	WARN_BITS = 4,      /* a shorter prefix may replace the default route */
};

/* The target argument: "10.0.1.0/24@eth0", "fc00::/16@fe80::1%eth0", "10.0.1.7@lo". */
struct route {
	const char *arg;
	const char *prefix;      /* as the user wrote it */
	int family;              /* AF_INET, AF_INET6 */
	uint8_t to[16], via[16]; /* addresses */
	unsigned size, bits;     /* bytes of an address; bits of the prefix */
	bool gateway;            /* via is set */
	uint32_t headroom;       /* bytes that the program adds to a packet */
	struct iface i;          /* name NULL: omitted, for removal only */
};

static const char syntax[] = "PREFIX@INTERFACE or PREFIX@GATEWAY%INTERFACE: 10.0.1.0/24@eth0, "
			     "fc00::1@fe80::2%eth0; @lo for a local address";

/* Is it a route of table local? */
static bool is_local(const struct route *r)
{
	return r->i.name && !r->gateway && !strcmp(r->i.name, "lo");
}

static bool invalid(struct plan_builder *b, const struct route *r)
{
	if (!b->failed)
		hook_fail(b, syntax, "'%s' is not a route", r->arg);
	return false;
}

/* Cuts "+BYTES" off the end. */
static bool parse_headroom(struct plan_builder *b, struct route *r, char *text)
{
	char *plus = strrchr(text, '+'), *end;
	if (!plus)
		return true;
	unsigned long n = text_ulong(plus + 1, &end, 10);
	if (plus[1] < '0' || plus[1] > '9' || *end || !n || n > HEADROOM_MAX) {
		hook_fail(b,
			PACKED("PREFIX@INTERFACE+BYTES: at most 256, which the program adds to a "
			       "packet"),
			"'%s' is not a number of bytes", plus + 1);
		return false;
	}
	r->headroom = (uint32_t)n;
	*plus = 0;
	return true;
}

/* Clears the bits after the prefix. True if some were set. */
static bool mask(uint8_t *address, unsigned size, unsigned bits)
{
	bool some = false;
	for (unsigned i = 0; i < size; i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t m = (uint8_t)(kept >= 8 ? 0xff : 0xff00 >> kept);
		some |= (address[i] & ~m) != 0;
		address[i] &= m;
	}
	return some;
}

/* "10.0.1.0/24"; without a length, a single address. */
static bool parse_prefix(struct plan_builder *b, struct route *r, char *text)
{
	char *slash = strchr(text, '/'), *end, right[IP_TEXT];
	r->prefix = plan_text(b, arena_strdup(b->plan->arena, text));
	if (slash)
		*slash = 0;
	r->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	r->size = r->family == AF_INET6 ? 16 : 4;
	r->bits = 8 * r->size;
	if (inet_pton(r->family, text, r->to) != 1)
		return invalid(b, r);
	if (slash) {
		unsigned long n = text_ulong(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end || n > r->bits)
			return invalid(b, r);
		r->bits = (unsigned)n;
	}
	if (!mask(r->to, r->size, r->bits))
		return !b->failed;
	ip_text(r->to, r->size, right);
	hook_fail(b,
		plan_text(b, arena_printf(b->plan->arena, "%s/%u, or %s for a single address",
				     right, r->bits, text)),
		"'%s' has bits set after the first %u", r->prefix, r->bits);
	return false;
}

/* "[GATEWAY%]INTERFACE" */
static bool parse_nexthop(
	struct plan_builder *b, const struct hook_use *use, struct route *r, char *text)
{
	char *percent = strrchr(text, '%');
	struct hook_use named = *use;
	if (percent) {
		*percent = 0;
		r->gateway = true;
		if (inet_pton(r->family, text, r->via) != 1)
			return invalid(b, r);
	}
	named.arg = plan_text(b, arena_strdup(b->plan->arena, percent ? percent + 1 : text));
	return iface_open(b, &named, NULL, &r->i);
}

static bool parse_route(struct plan_builder *b, const struct hook_use *use, struct route *r)
{
	char text[200];
	*r = (struct route){.arg = use->arg};
	if (strlen(use->arg) >= sizeof text)
		return invalid(b, r);
	strcpy(text, use->arg);
	if (!parse_headroom(b, r, text))
		return false;
	char *at = strchr(text, '@');
	if (at)
		*at = 0;
	return parse_prefix(b, r, text) && (!at || parse_nexthop(b, use, r, at + 1));
}

/* ---- messages ---- */

/* Starts a message: header, struct rtmsg, destination, interface and gateway. */
static void start(struct rtnl_message *m, struct plan_builder *b, uint16_t type, uint16_t flags,
	const struct route *r, uint8_t table)
{
	bool adds = type == RTM_NEWROUTE, local = table == TABLE_LOCAL;
	uint8_t scope = local ? SCOPE_HOST : r->gateway ? SCOPE_UNIVERSE : SCOPE_LINK;
	uint8_t kind = local ? TYPE_LOCAL : TYPE_UNICAST;
	const uint8_t head[12] = {(uint8_t)r->family, (uint8_t)r->bits, 0, 0, table, PROTOCOL,
		adds ? scope : SCOPE_ANY, adds ? kind : TYPE_ANY};
	rtnl_start(m, b, type, flags);
	rtnl_bytes(m, head, sizeof head);
	rtnl_attr(m, RTA_DST, r->to, r->size);
	if (r->i.name) {
		size_t out = rtnl_open(m, RTA_OIF);
		rtnl_iface(m, &r->i);
		rtnl_close(m, out);
	}
	if (r->gateway)
		rtnl_attr(m, RTA_GATEWAY, r->via, r->size);
}

/* The encapsulation attribute that holds the program of a type. */
struct encap {
	uint32_t prog_type;
	uint16_t type, attr;
	const char *name;    /* of the message */
	const char *missing; /* hint for EOPNOTSUPP */
};

static const char no_bpf[] = "this kernel has no routes with programs (CONFIG_LWTUNNEL_BPF)";
static const struct encap encaps[] = {
	{BPF_PROG_TYPE_LWT_IN, LWTUNNEL_ENCAP_BPF, LWT_BPF_IN, "RTM_NEWROUTE bpf in", no_bpf},
	{BPF_PROG_TYPE_LWT_OUT, LWTUNNEL_ENCAP_BPF, LWT_BPF_OUT, "RTM_NEWROUTE bpf out", no_bpf},
	{BPF_PROG_TYPE_LWT_XMIT, LWTUNNEL_ENCAP_BPF, LWT_BPF_XMIT, "RTM_NEWROUTE bpf xmit", no_bpf},
	{BPF_PROG_TYPE_LWT_SEG6LOCAL, LWTUNNEL_ENCAP_SEG6_LOCAL, SEG6_LOCAL_BPF,
		"RTM_NEWROUTE seg6local End.BPF",
		"this kernel has no IPv6 segments with programs (CONFIG_IPV6_SEG6_LWTUNNEL, "
		"CONFIG_IPV6_SEG6_BPF), or no IPv6"},
};

static const struct encap *encap_of(const struct hook_use *use)
{
	size_t i = 0;
	while (encaps[i].prog_type != use->hook->prog_type)
		i++;
	return &encaps[i];
}

static void add_encap(struct rtnl_message *m, const struct hook_use *use, const struct route *r)
{
	const struct encap *encap = encap_of(use);
	uint8_t type[2];
	bytes_put(type, sizeof type, m->b->plan->big, encap->type);
	rtnl_attr(m, RTA_ENCAP_TYPE, type, sizeof type);
	size_t start_of_encap = rtnl_open(m, RTA_ENCAP);
	if (encap->type == LWTUNNEL_ENCAP_SEG6_LOCAL)
		rtnl_attr_u32(m, SEG6_LOCAL_ACTION, SEG6_LOCAL_ACTION_END_BPF);
	size_t start_of_prog = rtnl_open(m, encap->attr);
	rtnl_attr_slot(m, PROG_FD, use->prog_slot);
	rtnl_attr_prog_name(m, PROG_NAME, use);
	rtnl_close(m, start_of_prog);
	if (r->headroom)
		rtnl_attr_u32(m, LWT_BPF_XMIT_HEADROOM, r->headroom);
	rtnl_close(m, start_of_encap);
}

static void hints(
	struct plan_builder *b, const struct hook_use *use, int16_t step, const struct route *r)
{
	struct arena *a = b->plan->arena;
	bool six = r->family == AF_INET6;
	plan_add_hint(b, step, EEXIST,
		plan_text(b, arena_printf(a,
				     "a route to %s exists already (ip%s route show %s%s); if a "
				     "killed sonde has left it: sonde detach %s",
				     r->prefix, six ? " -6" : "", is_local(r) ? "table local " : "",
				     r->prefix, r->arg)));
	plan_add_hint(b, step, EOPNOTSUPP, encap_of(use)->missing);
	plan_add_hint(b, step, ENETDOWN,
		plan_text(b, arena_printf(a, "the interface is down: ip link set dev %s up",
				     r->i.name)));
	plan_add_hint(b, step, six ? EHOSTUNREACH : ENETUNREACH,
		plan_text(b, arena_printf(a, "the gateway is not a neighbour on %s", r->i.name)));
}

static bool check(struct plan_builder *b, const struct hook_use *use, const struct route *r)
{
	bool segment = use->hook->prog_type == BPF_PROG_TYPE_LWT_SEG6LOCAL;
	if (!r->i.name)
		hook_fail(b, syntax, "'%s' names no interface", r->arg);
	else if (segment && r->family != AF_INET6)
		hook_fail(b, PACKED("segments are IPv6 addresses: fc00::1@eth0"),
			"'%s' is not IPv6", r->prefix);
	else if (segment && is_local(r))
		hook_fail(b, PACKED("fc00::1@INTERFACE: any interface that is up except lo"),
			"the interface of a segment cannot be lo");
	else if (use->hook->prog_type != BPF_PROG_TYPE_LWT_XMIT && r->headroom)
		hook_fail(b, PACKED("only lwt_xmit programs can add bytes to a packet"),
			"'+%u' is not valid for %s", (unsigned)r->headroom, use->hook->sec);
	return !b->failed;
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	struct route r;
	struct rtnl_message m;
	if (!parse_route(b, use, &r) || !check(b, use, &r))
		return;
	uint8_t table = is_local(&r) ? TABLE_LOCAL : TABLE_MAIN;
	if (r.bits < WARN_BITS)
		iface_warn(b, use, &r.i);
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, use->link_slot, &use->like);
	start(&m, b, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &r, table);
	add_encap(&m, use, &r);
	rtnl_send(&m, step, encap_of(use)->name);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	s->note = plan_text(
		b, arena_printf(b->plan->arena,
			   "routes have no links: if sonde is killed by SIGKILL, its route "
			   "stays (sonde detach %s removes it)",
			   r.arg));
	hints(b, use, step, &r);
	int16_t undo = plan_add_undo(b, STEP_NETLINK, 0, step);
	start(&m, b, RTM_DELROUTE, 0, &r, table);
	rtnl_send(&m, undo, "RTM_DELROUTE");
	iface_close(b, use, &r.i);
}

/* ---- stale routes ---- */

static void remove_from(
	struct plan_builder *b, const struct hook_use *use, const struct route *r, uint8_t table)
{
	struct rtnl_message m;
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, PLAN_NONE, &use->like);
	start(&m, b, RTM_DELROUTE, 0, r, table);
	rtnl_send(&m, step, "RTM_DELROUTE");
	removal_mark(b, step,
		arena_printf(b->plan->arena, "removed the route%s (proto %u)",
			table == TABLE_LOCAL ? " of table local" : "", (unsigned)PROTOCOL));
}

void removal_route(struct plan_builder *b, const struct hook_use *use)
{
	struct route r;
	if (!parse_route(b, use, &r))
		return;
	if (!is_local(&r))
		remove_from(b, use, &r, TABLE_MAIN);
	if (is_local(&r) || !r.i.name)
		remove_from(b, use, &r, TABLE_LOCAL);
}

bool removal_is_route(const char *text)
{
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	size_t n = strcspn(text, "/@+");
	if (n >= sizeof address)
		return false;
	memcpy(address, text, n);
	address[n] = 0;
	return inet_pton(AF_INET, address, bytes) == 1 || inet_pton(AF_INET6, address, bytes) == 1;
}

static const struct hook_method methods[] = {{0, "RTM_NEWROUTE"}, {0}};

#define ROUTE(name, type, minor, more, text)                                                       \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_##type,             \
		.since = ABI_VERSION(4, minor), .arg_syntax = "PREFIX@[GATEWAY%]INTERFACE" more,   \
		.what = text, .needs = "a route", .methods = methods, .attach = attach             \
	}

static const struct hook hooks[] = {
	ROUTE("lwt_in", LWT_IN, 10, "", "packet received by a route"),
	ROUTE("lwt_out", LWT_OUT, 10, "", "packet sent by a route"),
	ROUTE("lwt_xmit", LWT_XMIT, 10, "[+BYTES]",
		"packet sent by a route, which the program may change"),
	{
		.sec = "lwt_seg6local",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_LWT_SEG6LOCAL,
		.since = ABI_VERSION(4, 18),
		.arg_syntax = "PREFIX@[GATEWAY%]INTERFACE",
		.what = "IPv6 packet whose active segment is local (End.BPF)",
		.needs = "a route",
		.methods = methods,
		.attach = attach,
	},
};

const struct hook_family route_family = {"route", hooks, sizeof hooks / sizeof *hooks};
