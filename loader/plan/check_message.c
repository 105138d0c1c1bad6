/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rules for the netlink messages of saved plans: those that add clsact, a filter, an XDP program or a
 * route with a program, and those that remove what an earlier step has added.
 */
#include "check_impl.h"

#include "elf/base/netlink_abi.h"

#include <string.h>

enum {
	INDEX_AT = NLMSG_HEADER + TCMSG_INDEX,   /* struct ifinfomsg, tcmsg: the interface */
	HANDLE_AT = NLMSG_HEADER + TCMSG_HANDLE, /* struct tcmsg */
	PARENT_AT =
		NLMSG_HEADER + TCMSG_PARENT, /* also of tcmsg, with the priority up to its end */
	ROUTE_AT = NLMSG_HEADER,             /* struct rtmsg: family and prefix length */
	ROUTE_KEY = 2,
	TABLE_AT = NLMSG_HEADER + 4,
	EXCLUSIVE = NLM_F_CREATE | NLM_F_EXCL,
	NO_TYPE = 0xffff,
};

/* What may be sent. A removal undoes a step with a message of type `added`. */
static const struct rule {
	uint16_t type, flags, payload; /* bytes of the structure before the attributes */
	uint16_t added;                /* NO_TYPE: it is no removal */
	uint8_t attributes[5];
} rules[] = {
	{RTM_NEWQDISC, EXCLUSIVE, TCMSG_SIZE, NO_TYPE, {TCA_KIND}},
	{RTM_NEWQDISC, 0, TCMSG_SIZE, NO_TYPE, {TCA_KIND}},
	{RTM_DELQDISC, 0, TCMSG_SIZE, RTM_NEWQDISC, {TCA_KIND}},
	{RTM_NEWTFILTER, EXCLUSIVE, TCMSG_SIZE, NO_TYPE, {TCA_KIND, TCA_OPTIONS}},
	{RTM_DELTFILTER, 0, TCMSG_SIZE, RTM_NEWTFILTER, {TCA_KIND}},
	{RTM_SETLINK, 0, IFINFO_SIZE, NO_TYPE, {IFLA_XDP}},
	{RTM_SETLINK, 0, IFINFO_SIZE, RTM_SETLINK, {IFLA_XDP}},
	{RTM_NEWROUTE, EXCLUSIVE, RTMSG_SIZE, NO_TYPE,
		{RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_ENCAP_TYPE, RTA_ENCAP}},
	{RTM_DELROUTE, 0, RTMSG_SIZE, RTM_NEWROUTE, {RTA_DST, RTA_OIF, RTA_GATEWAY}},
};

static const struct plan_blob *blob_of(const struct plan *p, const struct plan_step *s)
{
	return &p->blobs[s->args[0].blob];
}

static struct span message(const struct plan *p, const struct plan_step *s)
{
	return (struct span){blob_of(p, s)->bytes, blob_of(p, s)->size, p->big};
}

static bool same(const struct plan *p, const struct plan_step *a, const struct plan_step *b,
	uint64_t at, uint64_t n)
{
	return check_same(blob_of(p, a), blob_of(p, b), at, n);
}

/* Finds an attribute; its value begins after the header. */
static bool find(struct span m, uint64_t at, uint16_t type, uint64_t *start, uint64_t *n)
{
	while (span_has(m, at, NLA_HEADER)) {
		uint16_t size = span_u16(m, at);
		if (size < NLA_HEADER || !span_has(m, at, size))
			return false;
		*start = at + NLA_HEADER;
		*n = size - NLA_HEADER;
		if ((span_u16(m, at + 2) & ~NLA_F_NESTED) == type)
			return true;
		at += (size + 3u) & ~3u;
	}
	return false;
}

static bool attributes_ok(struct span m, const struct rule *r)
{
	uint64_t at = NLMSG_HEADER + r->payload;
	if (!span_has(m, 0, at))
		return false;
	while (at < m.n) {
		uint16_t size = span_u16(m, at),
			 type = span_u16(m, at + 2) & (uint16_t)~NLA_F_NESTED;
		if (!span_has(m, at, NLA_HEADER) || size < NLA_HEADER || !span_has(m, at, size) ||
			type > UINT8_MAX ||
			!memchr(r->attributes, (uint8_t)type, sizeof r->attributes))
			return false;
		at += (size + 3u) & ~3u;
	}
	return true;
}

static bool text_is(struct span m, uint64_t at, uint16_t type, const char *text)
{
	uint64_t start, n;
	return find(m, at, type, &start, &n) && n == strlen(text) + 1 &&
	       !memcmp(m.p + start, text, (size_t)n);
}

/* The program in an XDP attribute: a patch, which also demands that no other is replaced; or -1. */
static bool xdp_ok(const struct plan *p, const struct plan_step *s, bool removes)
{
	struct span m = message(p, s);
	uint64_t xdp, n, fd, flags;
	if (!find(m, NLMSG_HEADER + IFINFO_SIZE, IFLA_XDP, &xdp, &n))
		return false;
	struct span inner = {m.p, (size_t)(xdp + n), m.big};
	if (!find(inner, xdp, IFLA_XDP_FD, &fd, &n) || n != 4)
		return false;
	if (removes)
		return span_u32(m, fd) == UINT32_MAX && !check_patch_at(blob_of(p, s), fd);
	return check_patch_at(blob_of(p, s), fd) && find(inner, xdp, IFLA_XDP_FLAGS, &flags, &n) &&
	       n == 4 && span_u32(m, flags) & XDP_FLAGS_UPDATE_IF_NOEXIST;
}

/* Whether the removal is that of what `made` has added. */
static bool removes(const struct plan *p, const struct plan_step *s, const struct plan_step *made)
{
	struct span m = message(p, s);
	uint64_t a, b, n, k;
	const struct plan_patch *handle = check_patch_at(blob_of(p, s), HANDLE_AT);
	switch (span_u16(m, NLMSG_TYPE)) {
	case RTM_DELQDISC: /* clsact, by its parent */
		return same(p, s, made, INDEX_AT, TCMSG_SIZE - 4) &&
		       span_u16(message(p, made), NLMSG_FLAGS) == EXCLUSIVE;
	case RTM_DELTFILTER: /* by the handle that the kernel has chosen */
		return same(p, s, made, INDEX_AT, 4) && same(p, s, made, PARENT_AT, 8) && handle &&
		       made->slot != PLAN_NONE && handle->index == made->slot;
	case RTM_SETLINK:
		return s->op == STEP_XDP_OFF && same(p, s, made, INDEX_AT, 4) && xdp_ok(p, s, true);
	default: /* a route, by its prefix */
		return same(p, s, made, ROUTE_AT, ROUTE_KEY) && same(p, s, made, TABLE_AT, 2) &&
		       find(m, NLMSG_HEADER + RTMSG_SIZE, RTA_DST, &a, &n) &&
		       find(message(p, made), NLMSG_HEADER + RTMSG_SIZE, RTA_DST, &b, &k) &&
		       a == b && n == k && same(p, s, made, a, n);
	}
}

static bool adds(const struct plan *p, const struct plan_step *s)
{
	struct span m = message(p, s);
	uint64_t start, n, attributes = NLMSG_HEADER + TCMSG_SIZE;
	uint32_t parent = span_u32(m, PARENT_AT);
	switch (span_u16(m, NLMSG_TYPE)) {
	case RTM_NEWQDISC:
		return text_is(m, attributes, TCA_KIND, "clsact");
	case RTM_NEWTFILTER:
		return parent == TC_INGRESS || parent == TC_EGRESS;
	case RTM_SETLINK:
		return xdp_ok(p, s, false);
	default:
		return find(m, NLMSG_HEADER + RTMSG_SIZE, RTA_ENCAP, &start, &n);
	}
}

static bool is_message(const struct plan_step *s)
{
	return s->op == STEP_NETLINK || s->op == STEP_DELQDISC || s->op == STEP_XDP_OFF;
}

bool step_sends_own(const struct plan *p, const struct plan_step *s)
{
	struct span m = message(p, s);
	const struct plan_step *made = s->undoes == PLAN_NONE ? NULL : &p->steps[s->undoes];
	bool echo = s->args[2].value == HANDLE_AT;
	if (s->op == STEP_NETLINK &&
		(s->args[1].value != NETLINK_ROUTE || s->args[1].slot != PLAN_NONE ||
			s->args[2].slot != PLAN_NONE || (s->args[2].value && !echo)))
		return false;
	if (made && !is_message(made))
		return false;
	uint16_t added = made ? span_u16(message(p, made), NLMSG_TYPE) : NO_TYPE;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const struct rule *r = &rules[i];
		if (span_u16(m, NLMSG_TYPE) != r->type || span_u16(m, NLMSG_FLAGS) != r->flags ||
			r->added != added || !attributes_ok(m, r))
			continue;
		return (!echo || r->type == RTM_NEWTFILTER) &&
		       (made ? removes(p, s, made) : adds(p, s));
	}
	return false;
}
