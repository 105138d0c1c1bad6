/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Facts about a network interface, in the network namespace of this process. */
#ifndef SONDE_INTERFACE_H
#define SONDE_INTERFACE_H

#include "elf/base/span.h"

#include <stdint.h>

enum { INTERFACE_REPLY_MAX = 16384 /* enough for an interface with many virtual functions */ };

/*
 * Whether packets to the default route pass through an interface: it is one of the interfaces of a
 * default route (IPv4 or IPv6, in any table), a port of such a bridge or bond, or below such a VLAN.
 * Routes to halves of all addresses, which VPNs add, count as default routes. Returns 0 if so,
 * -ENOENT if not, or -errno.
 */
int64_t interface_has_default_route(uint32_t index);

/* Reads the XDP attributes of an interface (IFLA_XDP_...) into reply. Returns 0 or -errno. */
int64_t interface_xdp(
	uint32_t index, uint8_t reply[static INTERFACE_REPLY_MAX], struct span *attributes);

/* The modes of XDP, each of which may have a program. */
enum { INTERFACE_XDP_MODES = 3 };
extern const struct interface_xdp_mode {
	const char *hook; /* for display: "xdp, driver" */
	uint8_t attached; /* IFLA_XDP_ATTACHED if only this mode is in use */
	uint16_t id;      /* the attribute with the program's id */
	uint32_t flag;    /* XDP_FLAGS_*_MODE */
} interface_xdp_modes[INTERFACE_XDP_MODES];

/* The id of the program attached in a mode, 0 for none. xdp: the attributes, from a reply. */
uint32_t interface_xdp_id(struct span xdp, const struct interface_xdp_mode *m);

/* Whether its XDP program runs in generic mode. Returns 0 if so, -ENOENT if not, or -errno. */
int64_t interface_has_generic_xdp(uint32_t index);

/* Whether it has an XDP program with this id, in any mode, or one whose id the kernel does not tell
 * (before 4.13). Returns 0 if so, -ENOENT if not, or -errno. */
int64_t interface_has_xdp(uint32_t index, uint32_t id);

/* Whether an interface is of a kind: "netkit", "veth". Returns 0 if so, -ENOENT if not, or -errno. */
int64_t interface_is_kind(uint32_t index, const char *kind);

/* Whether the qdisc clsact of an interface has filters. Returns 0 if so, -ENOENT if not, or -errno. */
int64_t interface_has_filters(uint32_t index);

#endif
