/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of netlink and rtnetlink (include/uapi/linux/netlink.h, rtnetlink.h, if_link.h). Numbers
 * that one hook alone uses are in its file. */
#ifndef SONDE_NETLINK_ABI_H
#define SONDE_NETLINK_ABI_H

enum {
	NETLINK_ROUTE = 0,
	/* struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port */
	NLMSG_HEADER = 16,
	NLMSG_TYPE = 4, /* offsets */
	NLMSG_FLAGS = 6,
	NLMSG_SEQUENCE = 8,
	NLMSG_ERROR = 2, /* message types */
	NLMSG_DONE = 3,
	NLM_F_REQUEST = 0x1,
	NLM_F_ACK = 0x4,
	NLM_F_ECHO = 0x8,
	NLM_F_DUMP = 0x300,
	NLM_F_EXCL = 0x200,
	NLM_F_CREATE = 0x400,
	NLA_HEADER = 4,        /* struct nlattr: u16 length, u16 type */
	NLA_F_NESTED = 0x8000, /* ORed into the type of an attribute that contains others */
};

enum {
	RTM_GETLINK = 18, /* message types */
	RTM_SETLINK = 19,
	RTM_NEWROUTE = 24,
	RTM_DELROUTE = 25,
	RTM_GETROUTE = 26,
	RTM_NEWQDISC = 36,
	RTM_DELQDISC = 37,
	RTM_NEWTFILTER = 44,
	RTM_DELTFILTER = 45,
	RTM_GETTFILTER = 46,
	RTM_GETNEXTHOP = 106,
	IFINFO_SIZE = 16, /* struct ifinfomsg, which follows the header of RTM_GETLINK */
	IFINFO_INDEX = 4, /* offset of the interface's index in it */
	IFLA_LINK = 5,
	IFLA_MASTER = 10,
	IFLA_LINKINFO = 18,
	IFLA_INFO_KIND = 1, /* in it: a string */
	IFLA_LINK_NETNSID = 37,
	IFLA_ALT_IFNAME = 53, /* Linux 5.5 */
	IFLA_XDP = 43,
	IFLA_XDP_FD = 1,       /* attributes in IFLA_XDP */
	IFLA_XDP_ATTACHED = 2, /* u8: the mode */
	IFLA_XDP_FLAGS = 3,
	IFLA_XDP_PROG_ID = 4,     /* Linux 4.13 */
	IFLA_XDP_DRV_PROG_ID = 5, /* this and the following: 4.19 */
	IFLA_XDP_SKB_PROG_ID = 6,
	IFLA_XDP_HW_PROG_ID = 7,
};

/* struct tcmsg, which follows the header of messages about qdiscs and filters. */
enum {
	TCMSG_SIZE = 20,
	TCMSG_INDEX = 4,
	TCMSG_HANDLE = 8,
	TCMSG_PARENT = 12,
	TCA_KIND = 1, /* attributes */
	TCA_OPTIONS = 2,
};
#define TC_INGRESS 0xfffffff2u /* parents of the filters of clsact */
#define TC_EGRESS  0xfffffff3u

/* struct rtmsg, which follows the header of RTM_GETROUTE. */
enum {
	RTMSG_SIZE = 12,
	RTMSG_FAMILY = 0, /* offsets of bytes */
	RTMSG_DST_LEN = 1,
	RTMSG_TYPE = 7,
	RTN_UNICAST = 1, /* value of RTMSG_TYPE */
	RTA_DST = 1,     /* attributes */
	RTA_OIF = 4,
	RTA_GATEWAY = 5,
	RTA_MULTIPATH = 9,
	RTA_ENCAP_TYPE = 21,
	RTA_ENCAP = 22,
	RTA_NH_ID = 30, /* Linux 5.3 */
	RTNH_SIZE = 8,  /* struct rtnexthop: u16 length, u8 flags, u8 hops, u32 interface */
	RTNH_INDEX = 4,
};

/* struct nhmsg, which follows the header of RTM_GETNEXTHOP. */
enum {
	NHMSG_SIZE = 8,
	NHA_ID = 1, /* attributes */
	NHA_GROUP = 2,
	NHA_OIF = 5,
	NHGROUP_SIZE = 8, /* struct nexthop_grp: u32 id, ... */
};

#endif
