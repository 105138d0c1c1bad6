/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The layers of packets in words: their headers, as a table. */
#ifndef SONDE_PACKET_LAYERS_H
#define SONDE_PACKET_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

enum field_kind { FIELD_END, FIELD_NUMBER, FIELD_MAC, FIELD_IP4, FIELD_IP6 };

/* What a field becomes unless it is given. */
enum field_makes {
	MAKES_NOTHING,
	MAKES_TYPE,    /* the EtherType or IP protocol of the next layer */
	MAKES_SUM,     /* the checksum of the header */
	MAKES_SUM_ALL, /* of everything from this layer on */
	MAKES_SUM_IP,  /* with the pseudo-header of the IP layer before */
	MAKES_LENGTH,  /* bytes from this layer to the end */
	MAKES_PAYLOAD, /* bytes after the header */
	MAKES_WORDS,   /* size of the header in words of 4 bytes */
};

struct packet_field {
	const char *name;
	uint8_t kind, makes;
	uint16_t at; /* bit */
	uint8_t bits;
};

/* A word that sets a field: its bits are added to those of other words. */
struct packet_word {
	const char *name; /* NULL ends a list */
	const char *field;
	uint32_t value;
};

struct packet_layer {
	const char *name;
	uint8_t size;         /* of the header; 0: the layer has rules of its own */
	uint16_t ether, prot; /* its EtherType and IP protocol; 0: none */
	const struct packet_field *fields;
	const struct packet_word *words;
	const char *defaults; /* "ttl=64 src=10.0.0.1" */
	bool options;         /* options=HEX follow the header */
};

/* Ends with an empty row. */
extern const struct packet_layer packet_layers_table[];

#endif
