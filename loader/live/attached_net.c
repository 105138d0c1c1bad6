/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Network interfaces: XDP programs, tc filters and actions, tcx and netkit programs without links. */
#include "attached_impl.h"
#include "where.h"

#include "elf/base/netlink_abi.h"
#include "loader/kernel/interface.h"
#include "loader/kernel/netlink.h"
#include "loader/plan/abi.h"

enum {
	TCA_BPF_ID = 11,
	TCA_MATCHALL_ACT = 2,
	TCA_ACT_KIND = 1,
	TCA_ACT_OPTIONS = 2,
	TCA_ACT_BPF_ID = 9,
	ACTIONS = 32, /* of a filter */
};

struct filters {
	struct attached_list *a;
	uint32_t index;
	const char *direction;
	const char *where;
};

static bool is_bpf(struct span kind)
{
	return kind.n == 4 && !memcmp(kind.p, "bpf", 4);
}

static void add_filter(const struct filters *f, const char *type, struct span id)
{
	if (id.n == 4)
		attached_add(f->a, (struct attached){.prog = span_u32(id, 0),
					   .type = type,
					   .where = f->where,
					   .attach_type = *f->direction == 'i' ? BPF_TCX_INGRESS
		                                                               : BPF_TCX_EGRESS});
}

/* A filter of the kind bpf, or one with actions of this kind. */
static bool read_filter(void *ctx, struct span m)
{
	const struct filters *f = ctx;
	struct span kind = netlink_attribute(m, TCMSG_SIZE, TCA_KIND);
	struct span options = netlink_attribute(m, TCMSG_SIZE, TCA_OPTIONS);
	if (m.n < TCMSG_SIZE || span_u32(m, TCMSG_INDEX) != f->index)
		return true;
	if (is_bpf(kind)) {
		add_filter(f, *f->direction == 'i' ? "tc/ingress" : "tc/egress",
			netlink_attribute(options, 0, TCA_BPF_ID));
		return true;
	}
	struct span actions = netlink_attribute(options, 0, TCA_MATCHALL_ACT);
	for (unsigned i = 1; i <= ACTIONS; i++) {
		struct span action = netlink_attribute(actions, 0, (uint16_t)i);
		if (is_bpf(netlink_attribute(action, 0, TCA_ACT_KIND)))
			add_filter(f, "action",
				netlink_attribute(netlink_attribute(action, 0, TCA_ACT_OPTIONS), 0,
					TCA_ACT_BPF_ID));
	}
	return true;
}

static void add_filters(struct attached_list *a, uint32_t index, const char *where)
{
	static const struct {
		const char *name;
		uint32_t parent;
	} directions[] = {{"ingress", TC_INGRESS}, {"egress", TC_EGRESS}};
	for (size_t i = 0; i < sizeof directions / sizeof *directions; i++) {
		uint8_t header[NETLINK_DUMP_PAYLOAD] = {0};
		struct filters f = {a, index, directions[i].name, where};
		bytes_put(header + TCMSG_INDEX, 4, host_is_big(), index);
		bytes_put(header + TCMSG_PARENT, 4, host_is_big(), directions[i].parent);
		netlink_dump(RTM_GETTFILTER, header, read_filter, &f);
	}
}

static void add_xdp(struct attached_list *a, uint32_t index, struct span xdp, const char *where)
{
	for (size_t i = 0; i < INTERFACE_XDP_MODES; i++) {
		uint32_t id = interface_xdp_id(xdp, &interface_xdp_modes[i]);
		if (id)
			attached_add(a, (struct attached){.prog = id,
						.type = "xdp",
						.where = where,
						.link_type = BPF_LINK_TYPE_XDP,
						.attach_type = BPF_XDP,
						.place = index});
	}
}

/* Programs of tcx and netkit are queried by the index (6.6). */
static void add_chains(struct attached_list *a, uint32_t index, const char *where)
{
	static const struct {
		uint32_t link_type, attach_type;
	} chains[] = {{BPF_LINK_TYPE_TCX, BPF_TCX_INGRESS}, {BPF_LINK_TYPE_TCX, BPF_TCX_EGRESS},
		{BPF_LINK_TYPE_NETKIT, BPF_NETKIT_PRIMARY},
		{BPF_LINK_TYPE_NETKIT, BPF_NETKIT_PEER}};
	for (size_t i = 0; i < sizeof chains / sizeof *chains; i++)
		attached_query(a, index,
			(struct attached){.type = where_hook(chains[i].attach_type, 0),
				.where = where,
				.link_type = chains[i].link_type,
				.attach_type = chains[i].attach_type,
				.place = index});
}

static bool read_interface(void *ctx, struct span m)
{
	struct attached_list *a = ctx;
	char where[WHERE_MAX] = "";
	if (m.n < IFINFO_SIZE)
		return true;
	uint32_t index = span_u32(m, IFINFO_INDEX);
	where_interface(index, where, sizeof where);
	add_xdp(a, index, netlink_attribute(m, IFINFO_SIZE, IFLA_XDP), where);
	add_filters(a, index, where);
	add_chains(a, index, where);
	return true;
}

void attached_interfaces(struct attached_list *a)
{
	static const uint8_t all[NETLINK_DUMP_PAYLOAD] = {0};
	netlink_dump(RTM_GETLINK, all, read_interface, a);
}
