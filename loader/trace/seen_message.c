/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* rtnetlink requests that attach or detach BPF programs: XDP, clsact, filters, routes. */
#include "seen_impl.h"

#include "elf/base/format.h"

#include "elf/base/netlink_abi.h"
#include "elf/base/text.h"
#include "loader/kernel/netlink.h"

#include <string.h>

enum {
	RTM_NEWLINK = 16,
	TCA_BPF_FD = 6, /* attributes in TCA_OPTIONS */
	LWTUNNEL_ENCAP_BPF = 6,
	LWT_BPF_IN =
		1, /* attributes in RTA_ENCAP, up to LWT_BPF_XMIT; each has the descriptor in PROG_FD */
	LWT_BPF_XMIT = 3,
	PROG_FD = 1,
};

/* What a request is about. */
struct subject {
	const char *name;
	struct span fd; /* the attribute with the descriptor of the program, or empty */
};

static bool is_text(struct span s, const char *text)
{
	return s.n == strlen(text) + 1 && !memcmp(s.p, text, s.n);
}

static bool link_subject(struct span m, struct subject *s)
{
	struct span xdp = netlink_attribute(m, NLMSG_HEADER + IFINFO_SIZE, IFLA_XDP);
	s->fd = netlink_attribute(xdp, 0, IFLA_XDP_FD);
	s->name = span_s32(s->fd, 0) < 0 ? "xdp off" : "xdp";
	return xdp.n;
}

static bool qdisc_subject(struct span m, struct subject *s)
{
	struct span kind = netlink_attribute(m, NLMSG_HEADER + TCMSG_SIZE, TCA_KIND);
	s->name = is_text(kind, "clsact") ? "clsact" : "ingress";
	return is_text(kind, s->name);
}

static bool filter_subject(struct span m, struct subject *s)
{
	struct span kind = netlink_attribute(m, NLMSG_HEADER + TCMSG_SIZE, TCA_KIND);
	struct span options = netlink_attribute(m, NLMSG_HEADER + TCMSG_SIZE, TCA_OPTIONS);
	s->fd = netlink_attribute(options, 0, TCA_BPF_FD);
	s->name = "bpf";
	return is_text(kind, "bpf");
}

static bool route_subject(struct span m, struct subject *s)
{
	struct span type = netlink_attribute(m, NLMSG_HEADER + RTMSG_SIZE, RTA_ENCAP_TYPE);
	struct span encap = netlink_attribute(m, NLMSG_HEADER + RTMSG_SIZE, RTA_ENCAP);
	for (uint16_t i = LWT_BPF_IN; i <= LWT_BPF_XMIT && !s->fd.n; i++)
		s->fd = netlink_attribute(netlink_attribute(encap, 0, i), 0, PROG_FD);
	s->name = "bpf";
	return span_u16(type, 0) == LWTUNNEL_ENCAP_BPF;
}

static const struct request {
	uint16_t type;
	const char *name;
	bool (*subject)(struct span m, struct subject *s);
	bool has_index; /* the index of an interface */
} requests[] = {
	{RTM_SETLINK, "RTM_SETLINK", link_subject, true},
	{RTM_NEWLINK, "RTM_NEWLINK", link_subject, true},
	{RTM_NEWQDISC, "RTM_NEWQDISC", qdisc_subject, true},
	{RTM_DELQDISC, "RTM_DELQDISC", qdisc_subject, true},
	{RTM_NEWTFILTER, "RTM_NEWTFILTER", filter_subject, true},
	{RTM_DELTFILTER, "RTM_DELTFILTER", filter_subject, true},
	{RTM_NEWROUTE, "RTM_NEWROUTE", route_subject, false},
};

const char *seen_message(struct reading *r, struct span m, uint32_t *fd_at)
{
	char text[160];
	struct subject s = {0};
	struct descriptor d;
	const struct request *q = requests, *end = requests + sizeof requests / sizeof *requests;
	while (q < end && q->type != span_u16(m, NLMSG_TYPE))
		q++;
	m = span_sub(m, 0, span_u32(m, 0)); /* the first request of several */
	if (q == end || m.n < NLMSG_HEADER || !q->subject(m, &s))
		return NULL;
	text_print(text, sizeof text, "%s %s", q->name, s.name);
	if (q->has_index) /* at the same place in struct ifinfomsg and tcmsg */
		text_add(text, sizeof text, ", interface %u", span_u32(m, NLMSG_HEADER + 4));
	*fd_at = s.fd.n == 4 && span_s32(s.fd, 0) >= 0 ? (uint32_t)(s.fd.p - m.p) : 0;
	if (*fd_at) {
		int fd = span_s32(s.fd, 0);
		descriptor_read(r->seeing->kfs, r->call->pid, fd, &d);
		const char *name = seen_name(r, &d, fd);
		text_add(text, sizeof text, name ? ", fd %d (program '%s')" : ", fd %d", fd, name);
	}
	return arena_strdup(r->b->plan->arena, text);
}
