/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Packets in words, from the outermost layer on:
 *
 *     eth/ip src=10.0.0.1/tcp dport=80 syn
 *     eth/vlan id=7/ip6 dst=fd00::5/udp dport=53/data "query"
 *     eth/arp request sip=10.0.0.1 tip=10.0.0.2
 *     eth/ip/tcp/cut 40
 *     hex 0002 86dd
 *
 * Layers are separated by '/'. A word is FIELD=VALUE, or a name that stands for one (syn, df, reply); text in
 * double quotes is one word. What is not given has a default: addresses, ports, and what follows from the
 * rest: the types of the next layers, lengths, checksums. A given value is taken as it is, right or wrong.
 */
#ifndef SONDE_PACKET_H
#define SONDE_PACKET_H

#include "elf/base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { PACKET_MAX = 65535 };

struct packet {
	size_t n;
	uint8_t bytes[PACKET_MAX];
};

/* Parses text, which is untrusted. False with e set, which begins with the layer. */
bool packet_parse(struct packet *p, const char *text, struct err *e);

/* Bytes in hexadecimal, with blanks between them; and what separates them otherwise: ':' and line feeds. */
bool packet_parse_hex(struct packet *p, const char *text, struct err *e);

/* Whether a text is a packet in words: it begins with the name of a layer. */
bool packet_is_words(const char *text);

/* The first packet of a file of libpcap (pcap, either byte order, µs or ns; not pcapng). bytes: untrusted;
 * false without e set if it is no such file. */
bool packet_parse_pcap(struct packet *p, const uint8_t *bytes, size_t n, struct err *e);

/* The layers that there are, as "arp, eth, ...". Returns buf. */
char *packet_layers(char *buf, size_t size);

#endif
