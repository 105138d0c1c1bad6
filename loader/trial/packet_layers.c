/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "packet_layers.h"

#define NUMBER(name, at, bits)                                                                     \
	{                                                                                          \
		name, FIELD_NUMBER, MAKES_NOTHING, at, bits                                        \
	}
#define MADE(name, makes, at, bits)                                                                \
	{                                                                                          \
		name, FIELD_NUMBER, MAKES_##makes, at, bits                                        \
	}
#define ADDRESS(name, kind, at, bits)                                                              \
	{                                                                                          \
		name, FIELD_##kind, MAKES_NOTHING, at, bits                                        \
	}
#define END                                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

static const struct packet_field eth[] = {
	ADDRESS("dst", MAC, 0, 48), ADDRESS("src", MAC, 48, 48), MADE("type", TYPE, 96, 16), END};

static const struct packet_field vlan[] = {NUMBER("prio", 0, 3), NUMBER("dei", 3, 1),
	NUMBER("id", 4, 12), MADE("type", TYPE, 16, 16), END};

static const struct packet_field arp[] = {NUMBER("htype", 0, 16), NUMBER("ptype", 16, 16),
	NUMBER("hlen", 32, 8), NUMBER("plen", 40, 8), NUMBER("op", 48, 16),
	ADDRESS("sha", MAC, 64, 48), ADDRESS("sip", IP4, 112, 32), ADDRESS("tha", MAC, 144, 48),
	ADDRESS("tip", IP4, 192, 32), END};
static const struct packet_word arp_words[] = {{"request", "op", 1}, {"reply", "op", 2}, {0}};

static const struct packet_field ip[] = {NUMBER("version", 0, 4), MADE("ihl", WORDS, 4, 4),
	NUMBER("tos", 8, 8), MADE("len", LENGTH, 16, 16), NUMBER("id", 32, 16),
	NUMBER("flags", 48, 3), NUMBER("frag", 51, 13), NUMBER("ttl", 64, 8),
	MADE("proto", TYPE, 72, 8), MADE("csum", SUM, 80, 16), ADDRESS("src", IP4, 96, 32),
	ADDRESS("dst", IP4, 128, 32), END};
static const struct packet_word ip_words[] = {{"df", "flags", 2}, {"mf", "flags", 1}, {0}};

static const struct packet_field ip6[] = {NUMBER("version", 0, 4), NUMBER("class", 4, 8),
	NUMBER("flow", 12, 20), MADE("len", PAYLOAD, 32, 16), MADE("next", TYPE, 48, 8),
	NUMBER("hop", 56, 8), ADDRESS("src", IP6, 64, 128), ADDRESS("dst", IP6, 192, 128), END};

static const struct packet_field tcp[] = {NUMBER("sport", 0, 16), NUMBER("dport", 16, 16),
	NUMBER("seq", 32, 32), NUMBER("ack", 64, 32), MADE("off", WORDS, 96, 4),
	NUMBER("flags", 104, 8), NUMBER("win", 112, 16), MADE("csum", SUM_IP, 128, 16),
	NUMBER("urg", 144, 16), END};
static const struct packet_word tcp_words[] = {{"fin", "flags", 1}, {"syn", "flags", 2},
	{"rst", "flags", 4}, {"psh", "flags", 8}, {"ack", "flags", 16}, {"urg", "flags", 32},
	{"ece", "flags", 64}, {"cwr", "flags", 128}, {0}};

static const struct packet_field udp[] = {NUMBER("sport", 0, 16), NUMBER("dport", 16, 16),
	MADE("len", LENGTH, 32, 16), MADE("csum", SUM_IP, 48, 16), END};

static const struct packet_field icmp[] = {NUMBER("type", 0, 8), NUMBER("code", 8, 8),
	MADE("csum", SUM_ALL, 16, 16), NUMBER("id", 32, 16), NUMBER("seq", 48, 16), END};
static const struct packet_word icmp_words[] = {{"echo", "type", 8}, {"reply", "type", 0},
	{"unreachable", "type", 3}, {"exceeded", "type", 11}, {0}};

static const struct packet_field icmp6[] = {NUMBER("type", 0, 8), NUMBER("code", 8, 8),
	MADE("csum", SUM_IP, 16, 16), NUMBER("id", 32, 16), NUMBER("seq", 48, 16), END};
static const struct packet_word icmp6_words[] = {{"echo", "type", 128}, {"reply", "type", 129},
	{"unreachable", "type", 1}, {"exceeded", "type", 3}, {"solicit", "type", 135},
	{"advert", "type", 136}, {0}};

static const struct packet_field gre[] = {NUMBER("flags", 0, 16), MADE("type", TYPE, 16, 16), END};

static const char vlan_defaults[] = "id=1", ports[] = "sport=40000 dport=80";

const struct packet_layer packet_layers_table[] = {
	/* 0x6558: Ethernet in GRE */
	{"eth", 14, 0x6558, 0, eth, 0, "src=02:00:00:00:00:01 dst=02:00:00:00:00:02", false},
	{"vlan", 4, 0x8100, 0, vlan, 0, vlan_defaults, false},
	{"qinq", 4, 0x88a8, 0, vlan, 0, vlan_defaults, false},
	{"arp", 28, 0x0806, 0, arp, arp_words,
		"htype=1 ptype=0x800 hlen=6 plen=4 op=1 sha=02:00:00:00:00:01 sip=10.0.0.1 "
		"tip=10.0.0.2",
		false},
	{"ip", 20, 0x0800, 4, ip, ip_words, "version=4 ttl=64 src=10.0.0.1 dst=10.0.0.2", true},
	{"ip6", 40, 0x86dd, 41, ip6, 0, "version=6 hop=64 src=fd00::1 dst=fd00::2", false},
	{"tcp", 20, 0, 6, tcp, tcp_words, "sport=40000 dport=80 win=65535", true},
	{"udp", 8, 0, 17, udp, 0, ports, false},
	{"icmp", 8, 0, 1, icmp, icmp_words, "type=8", false},
	{"icmp6", 8, 0, 58, icmp6, icmp6_words, "type=128", false},
	{"gre", 4, 0, 47, gre, 0, "", false},
	{"data", 0, 0, 0, 0, 0, "", false},
	{"hex", 0, 0, 0, 0, 0, "", false},
	{"pad", 0, 0, 0, 0, 0, "", false},
	{"cut", 0, 0, 0, 0, 0, "", false},
	{0},
};
