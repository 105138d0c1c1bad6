/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "interface.h"

#include "elf/base/arena.h"
#include "elf/base/bpf_abi.h"
#include "elf/base/netlink_abi.h"
#include "netlink.h"

#include <errno.h>
#include <sys/socket.h>

enum {
	WIDE_IPV4 = 1, /* prefix lengths that count as a default route */
	WIDE_IPV6 = 3, /* 2000::/3 is all global addresses */
	XDP_ATTACHED_SKB = 2,
	NEXTHOP_MAX = 4096, /* enough for a group of 256, the most that the kernel allows */
};

struct link {
	uint32_t index, master, below; /* below: of a VLAN etc., 0 if it has none */
};

struct scan {
	struct arena arena;
	struct link *links;
	size_t n_links, links_room;
	uint32_t *found; /* interfaces that packets to a default route pass through */
	size_t n_found, found_room;
};

static bool has(const struct scan *s, uint32_t index)
{
	for (size_t i = 0; i < s->n_found; i++)
		if (s->found[i] == index)
			return true;
	return false;
}

/* False if memory is exhausted. */
static bool add(struct scan *s, uint32_t index)
{
	if (!index || has(s, index))
		return true;
	uint32_t *grown =
		arena_grow(&s->arena, s->found, s->n_found, &s->found_room, sizeof *grown);
	if (!grown)
		return false;
	s->found = grown;
	grown[s->n_found++] = index;
	return true;
}

static uint32_t number(struct span attribute)
{
	return attribute.n >= 4 ? span_u32(attribute, 0) : 0;
}

/* Adds the interfaces of a next hop that routes refer to by its id, or of a group of such. A dump of
 * routes has them, too, unless net.ipv4.nexthop_compat_mode is 0. */
static bool add_nexthop(struct scan *s, uint32_t id, bool group)
{
	enum { ATTRIBUTES = NLMSG_HEADER + NHMSG_SIZE };
	uint8_t get[ATTRIBUTES + NLA_HEADER + 4] = {0}, reply[NEXTHOP_MAX];
	bytes_put(get + NLMSG_TYPE, 2, host_is_big(), RTM_GETNEXTHOP);
	bytes_put(get + ATTRIBUTES, 2, host_is_big(), NLA_HEADER + 4);
	bytes_put(get + ATTRIBUTES + 2, 2, host_is_big(), NHA_ID);
	bytes_put(get + ATTRIBUTES + NLA_HEADER, 4, host_is_big(), id);
	int64_t n = id ? netlink_get(get, sizeof get, NETLINK_ROUTE, reply, sizeof reply) : 0;
	struct span m = {reply, n < 0 ? 0 : (size_t)n, host_is_big()};
	bool ok = add(s, number(netlink_attribute(m, ATTRIBUTES, NHA_OIF)));
	struct span members = netlink_attribute(m, ATTRIBUTES, NHA_GROUP);
	for (uint64_t at = 0; ok && group && span_has(members, at, NHGROUP_SIZE);
		at += NHGROUP_SIZE)
		ok = add_nexthop(s, span_u32(members, at), false);
	return ok;
}

static bool read_route(void *ctx, struct span m)
{
	struct scan *s = ctx;
	unsigned wide = span_u8(m, RTMSG_FAMILY) == AF_INET6 ? WIDE_IPV6 : WIDE_IPV4;
	if (m.n < RTMSG_SIZE || span_u8(m, RTMSG_TYPE) != RTN_UNICAST ||
		span_u8(m, RTMSG_DST_LEN) > wide)
		return true;
	bool ok = add(s, number(netlink_attribute(m, RTMSG_SIZE, RTA_OIF)));
	ok = ok && add_nexthop(s, number(netlink_attribute(m, RTMSG_SIZE, RTA_NH_ID)), true);
	struct span hops = netlink_attribute(m, RTMSG_SIZE, RTA_MULTIPATH);
	for (uint64_t at = 0; span_has(hops, at, RTNH_SIZE);) {
		uint16_t n = span_u16(hops, at);
		ok = ok && add(s, span_u32(hops, at + RTNH_INDEX));
		if (n < RTNH_SIZE)
			break;
		at += (n + 3u) & ~3u;
	}
	return ok;
}

static bool read_link(void *ctx, struct span m)
{
	struct scan *s = ctx;
	struct link *grown =
		arena_grow(&s->arena, s->links, s->n_links, &s->links_room, sizeof *grown);
	if (!grown)
		return false;
	bool elsewhere = netlink_attribute(m, IFINFO_SIZE, IFLA_LINK_NETNSID).n;
	s->links = grown;
	grown[s->n_links++] = (struct link){
		.index = m.n < IFINFO_SIZE ? 0 : span_u32(m, IFINFO_INDEX),
		.master = number(netlink_attribute(m, IFINFO_SIZE, IFLA_MASTER)),
		.below = elsewhere ? 0 : number(netlink_attribute(m, IFINFO_SIZE, IFLA_LINK)),
	};
	return true;
}

/* Adds the ports and lower interfaces of those found, until there are no more. */
static bool add_lower(struct scan *s)
{
	bool ok = true;
	for (size_t before = 0; ok && before != s->n_found;) {
		before = s->n_found;
		for (size_t i = 0; i < s->n_links && ok; i++) {
			const struct link *l = &s->links[i];
			if (l->master && has(s, l->master))
				ok = add(s, l->index);
			if (has(s, l->index))
				ok = ok && add(s, l->below);
		}
	}
	return ok;
}

int64_t interface_has_default_route(uint32_t index)
{
	static const uint8_t ipv4[NETLINK_DUMP_PAYLOAD] = {AF_INET},
			     all[NETLINK_DUMP_PAYLOAD] = {0},
			     ipv6[NETLINK_DUMP_PAYLOAD] = {AF_INET6};
	struct scan s = {0};
	int64_t r = netlink_dump(RTM_GETROUTE, ipv4, read_route, &s);
	int64_t r6 = r ? r : netlink_dump(RTM_GETROUTE, ipv6, read_route, &s);
	r = r6 == -EOPNOTSUPP || r6 == -EAFNOSUPPORT ? 0 : r6; /* a kernel without IPv6 */
	if (!r)
		r = netlink_dump(RTM_GETLINK, all, read_link, &s);
	if (!r)
		r = !add_lower(&s) ? -ENOMEM : has(&s, index) ? 0 : -ENOENT;
	arena_free(&s.arena);
	return r;
}

/* Reads an attribute of an interface into reply. Returns 0 or -errno. */
static int64_t read_attribute(uint32_t index, uint16_t type,
	uint8_t reply[static INTERFACE_REPLY_MAX], struct span *attribute)
{
	uint8_t get[NLMSG_HEADER + IFINFO_SIZE] = {0};
	bytes_put(get + NLMSG_TYPE, 2, host_is_big(), RTM_GETLINK);
	bytes_put(get + NLMSG_HEADER + IFINFO_INDEX, 4, host_is_big(), index);
	int64_t n = netlink_get(get, sizeof get, NETLINK_ROUTE, reply, INTERFACE_REPLY_MAX);
	if (n < 0)
		return n;
	struct span all = {reply, (size_t)n, host_is_big()};
	*attribute = netlink_attribute(all, NLMSG_HEADER + IFINFO_SIZE, type);
	return 0;
}

int64_t interface_xdp(
	uint32_t index, uint8_t reply[static INTERFACE_REPLY_MAX], struct span *attributes)
{
	return read_attribute(index, IFLA_XDP, reply, attributes);
}

int64_t interface_is_kind(uint32_t index, const char *kind)
{
	uint8_t reply[INTERFACE_REPLY_MAX];
	struct span info;
	int64_t r = read_attribute(index, IFLA_LINKINFO, reply, &info);
	const char *name = r ? NULL : span_str(netlink_attribute(info, 0, IFLA_INFO_KIND), 0);
	return r ? r : name && !strcmp(name, kind) ? 0 : -ENOENT;
}

const struct interface_xdp_mode interface_xdp_modes[] = {
	{"xdp, driver", 1, IFLA_XDP_DRV_PROG_ID, XDP_FLAGS_DRV_MODE},
	{"xdp, generic", XDP_ATTACHED_SKB, IFLA_XDP_SKB_PROG_ID, XDP_FLAGS_SKB_MODE},
	{"xdp, hardware", 3, IFLA_XDP_HW_PROG_ID, XDP_FLAGS_HW_MODE},
};

/* Before 4.19 only one mode at a time can be used. */
uint32_t interface_xdp_id(struct span xdp, const struct interface_xdp_mode *m)
{
	struct span id = netlink_attribute(xdp, 0, m->id),
		    mode = netlink_attribute(xdp, 0, IFLA_XDP_ATTACHED);
	if (!id.n && mode.n == 1 && mode.p[0] == m->attached)
		id = netlink_attribute(xdp, 0, IFLA_XDP_PROG_ID);
	return number(id);
}

int64_t interface_has_generic_xdp(uint32_t index)
{
	uint8_t reply[INTERFACE_REPLY_MAX];
	struct span xdp;
	int64_t r = interface_xdp(index, reply, &xdp);
	if (r < 0)
		return r;
	struct span mode = netlink_attribute(xdp, 0, IFLA_XDP_ATTACHED);
	return mode.n && mode.p[0] == XDP_ATTACHED_SKB ? 0 : -ENOENT;
}

int64_t interface_has_xdp(uint32_t index, uint32_t id)
{
	static const uint16_t kinds[] = {
		IFLA_XDP_PROG_ID, IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID, IFLA_XDP_HW_PROG_ID};
	uint8_t reply[INTERFACE_REPLY_MAX];
	struct span xdp;
	int64_t r = interface_xdp(index, reply, &xdp);
	bool told = false;
	for (size_t i = 0; !r && i < sizeof kinds / sizeof *kinds; i++) {
		struct span found = netlink_attribute(xdp, 0, kinds[i]);
		told |= found.n == 4;
		if (found.n == 4 && span_u32(found, 0) == id)
			return 0;
	}
	struct span mode = r ? xdp : netlink_attribute(xdp, 0, IFLA_XDP_ATTACHED);
	return r ? r : told || !mode.n || !span_u8(mode, 0) ? -ENOENT : 0;
}

static bool note_filter(void *ctx, struct span m)
{
	(void)m;
	*(bool *)ctx = true;
	return true;
}

int64_t interface_has_filters(uint32_t index)
{
	static const uint32_t parents[] = {TC_INGRESS, TC_EGRESS};
	bool found = false;
	for (size_t i = 0; i < sizeof parents / sizeof *parents; i++) {
		uint8_t header[NETLINK_DUMP_PAYLOAD] = {0};
		bytes_put(header + TCMSG_INDEX, 4, host_is_big(), index);
		bytes_put(header + TCMSG_PARENT, 4, host_is_big(), parents[i]);
		int64_t r = netlink_dump(RTM_GETTFILTER, header, note_filter, &found);
		if (r || found)
			return r;
	}
	return -ENOENT;
}

const char interfaces_are_executed = 1; /* HOOK_NEEDS */
