/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Packet headers. Their layout is the same everywhere, so CO-RE changes nothing, although these
 * types are relocatable like all others in a vmlinux.h.
 *
 * The layout of bit-fields depends on the byte order of the machine, so each group occurs twice.
 */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __BIG_FIRST 0
#else
#define __BIG_FIRST 1
#endif

struct ethhdr {
	unsigned char h_dest[6];
	unsigned char h_source[6];
	__be16 h_proto;
};

/* Follows ethhdr if its h_proto is ETH_P_8021Q or ETH_P_8021AD. */
struct vlan_hdr {
	__be16 h_vlan_TCI;
	__be16 h_vlan_encapsulated_proto;
};

struct arphdr {
	__be16 ar_hrd;
	__be16 ar_pro;
	unsigned char ar_hln;
	unsigned char ar_pln;
	__be16 ar_op;
};

struct iphdr {
#if __BIG_FIRST
	__u8 version : 4;
	__u8 ihl : 4;
#else
	__u8 ihl : 4; /* header length in units of 4 bytes */
	__u8 version : 4;
#endif
	__u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__sum16 check;
	union {
		struct {
			__be32 saddr;
			__be32 daddr;
		};
		struct {
			__be32 saddr;
			__be32 daddr;
		} addrs;
	};
};

struct in_addr {
	__be32 s_addr;
};

struct in6_addr {
	union {
		__u8 u6_addr8[16];
		__be16 u6_addr16[8];
		__be32 u6_addr32[4];
	} in6_u;
};

struct ipv6hdr {
#if __BIG_FIRST
	__u8 version : 4;
	__u8 priority : 4;
#else
	__u8 priority : 4;
	__u8 version : 4;
#endif
	__u8 flow_lbl[3];
	__be16 payload_len;
	__u8 nexthdr;
	__u8 hop_limit;
	union {
		struct {
			struct in6_addr saddr;
			struct in6_addr daddr;
		};
		struct {
			struct in6_addr saddr;
			struct in6_addr daddr;
		} addrs;
	};
};

struct tcphdr {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack_seq;
#if __BIG_FIRST
	__u16 doff : 4;
	__u16 res1 : 4;
	__u16 cwr : 1;
	__u16 ece : 1;
	__u16 urg : 1;
	__u16 ack : 1;
	__u16 psh : 1;
	__u16 rst : 1;
	__u16 syn : 1;
	__u16 fin : 1;
#else
	__u16 res1 : 4;
	__u16 doff : 4; /* header length in units of 4 bytes */
	__u16 fin : 1;
	__u16 syn : 1;
	__u16 rst : 1;
	__u16 psh : 1;
	__u16 ack : 1;
	__u16 urg : 1;
	__u16 ece : 1;
	__u16 cwr : 1;
#endif
	__be16 window;
	__sum16 check;
	__be16 urg_ptr;
};

struct udphdr {
	__be16 source;
	__be16 dest;
	__be16 len;
	__sum16 check;
};

struct icmphdr {
	__u8 type;
	__u8 code;
	__sum16 checksum;
	union {
		struct {
			__be16 id;
			__be16 sequence;
		} echo;
		__be32 gateway;
		struct {
			__be16 __unused;
			__be16 mtu;
		} frag;
		__u8 reserved[4];
	} un;
};

struct sockaddr {
	unsigned short sa_family;
	char sa_data[14];
};

struct sockaddr_in {
	unsigned short sin_family;
	__be16 sin_port;
	struct in_addr sin_addr;
	unsigned char __pad[8];
};

struct sockaddr_in6 {
	unsigned short sin6_family;
	__be16 sin6_port;
	__be32 sin6_flowinfo;
	struct in6_addr sin6_addr;
	__u32 sin6_scope_id;
};

struct sockaddr_un {
	unsigned short sun_family;
	char sun_path[108];
};

#undef __BIG_FIRST
