/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "packet.h"
#include "packet_layers.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/base/span.h"
#include "elf/base/suggest.h"
#include "elf/base/text.h"

#include <arpa/inet.h>

enum { LAYERS = 16, WORD = 512, NO_CUT = PACKET_MAX + 1 };

/* A layer of the packet that is being built. */
struct built {
	const struct packet_layer *layer;
	size_t at, header; /* bytes: where it begins, and its header with options */
	uint32_t given;    /* bit i: field i was given */
};

struct builder {
	struct packet *p;
	struct built layers[LAYERS];
	unsigned n;
	size_t end; /* of what lengths count: before the padding */
	size_t cut;
	struct err *e;
};

static const struct packet_layer *layer_named(const char *name, size_t n)
{
	for (const struct packet_layer *l = packet_layers_table; l->name; l++)
		if (strlen(l->name) == n && !strncmp(l->name, name, n))
			return l;
	return NULL;
}

bool packet_is_words(const char *text)
{
	text += strspn(text, " \t");
	return layer_named(text, strcspn(text, " \t/"));
}

char *packet_layers(char *buf, size_t size)
{
	*buf = 0;
	for (const struct packet_layer *l = packet_layers_table; l->name; l++)
		text_list(buf, size, "%s", l->name);
	return buf;
}

/* ---- bytes ---- */

static bool append(struct builder *b, const void *bytes, size_t n)
{
	if (n > PACKET_MAX - b->p->n)
		return err_set(b->e, "a packet has at most %d bytes", PACKET_MAX);
	if (bytes)
		memcpy(b->p->bytes + b->p->n, bytes, n);
	else
		memset(b->p->bytes + b->p->n, 0, n);
	b->p->n += n;
	return true;
}

static void put_bits(uint8_t *header, unsigned at, unsigned bits, uint64_t value)
{
	for (unsigned i = 0; i < bits; i++) {
		uint8_t *byte = header + (at + i) / 8, mask = (uint8_t)(0x80 >> (at + i) % 8);
		bool set = value >> (bits - 1 - i) & 1;
		*byte = (uint8_t)(set ? *byte | mask : *byte & ~mask);
	}
}

static uint64_t get_bits(const uint8_t *header, unsigned at, unsigned bits)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < bits; i++)
		value = value << 1 | (header[(at + i) / 8] >> (7 - (at + i) % 8) & 1);
	return value;
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

/* Appends pairs of digits, between which there may be separators. */
static bool append_hex(struct builder *b, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (strchr(" \t\r\n:", *p))
			continue;
		int high = digit(p[0]), low = high < 0 ? -1 : digit(p[1]);
		if (low < 0)
			return err_set(
				b->e, "expected pairs of hexadecimal digits, got '%.20s'", p);
		uint8_t byte = (uint8_t)(high << 4 | low);
		if (!append(b, &byte, 1))
			return false;
		p++;
	}
	return true;
}

/* ---- words ---- */

/* The next word of a layer, without its quotes; false at the end of the layer, or with e set. */
static bool next_word(struct builder *b, const char **text, char word[static WORD])
{
	const char *p = *text + strspn(*text, " \t");
	size_t n = 0;
	bool quoted = false, any = false;
	for (; *p && (quoted || !strchr(" \t/", *p)); p++) {
		any = true;
		if (*p == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && *p == '\\' && p[1])
			p++;
		if (n == WORD - 1)
			return err_set(b->e, "a word has at most %d characters", WORD - 1);
		word[n++] = *p;
	}
	word[n] = 0;
	*text = p;
	return quoted ? err_set(b->e, "the closing '\"' is missing") : any;
}

static int field_named(const struct packet_layer *l, const char *name, size_t n)
{
	for (int i = 0; l->fields && l->fields[i].name; i++)
		if (strlen(l->fields[i].name) == n && !strncmp(l->fields[i].name, name, n))
			return i;
	return -1;
}

static bool no_such_word(struct builder *b, const struct packet_layer *l, const char *word)
{
	char names[300] = "";
	struct suggestion s = suggest_for(word);
	size_t n = strcspn(word, "=");
	char name[WORD];
	text_print(name, sizeof name, "%.*s", (int)n, word);
	s.wanted = name;
	for (int i = 0; l->fields && l->fields[i].name; i++) {
		suggest_consider(&s, l->fields[i].name);
		text_list(names, sizeof names, "%s=", l->fields[i].name);
	}
	for (int i = 0; l->words && l->words[i].name; i++) {
		suggest_consider(&s, l->words[i].name);
		text_list(names, sizeof names, "%s", l->words[i].name);
	}
	if (l->options)
		text_list(names, sizeof names, "options=HEX");
	err_set(b->e, "unknown word '%.40s'", word);
	return *names ? suggest_hint(&s, "its words are", names, b->e) : false;
}

static bool put_number(
	struct builder *b, const struct packet_field *f, uint8_t *header, const char *text)
{
	char *end;
	uint64_t value = text_u64(text, &end, 0);
	bool number = *text >= '0' && *text <= '9' && !*end;
	if (!number || value >> f->bits)
		return err_set(b->e, "%s expects a number of %u bits, got '%.40s'", f->name,
			f->bits, text);
	put_bits(header, f->at, f->bits, value);
	return true;
}

static bool read_mac(const char *text, uint8_t out[static 6])
{
	for (int i = 0; i < 6; i++, text += 3) {
		int high = digit(text[0]), low = high < 0 ? -1 : digit(text[1]);
		if (low < 0 || text[2] != (i < 5 ? ':' : 0))
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool put_field(
	struct builder *b, const struct packet_field *f, uint8_t *header, const char *text)
{
	uint8_t *to = header + f->at / 8;
	switch (f->kind) {
	case FIELD_MAC:
		return read_mac(text, to) ||
		       err_set(b->e, "%s expects an address such as 02:00:00:00:00:01, got '%.40s'",
			       f->name, text);
	case FIELD_IP4:
		return inet_pton(AF_INET, text, to) == 1 ||
		       err_set(b->e, "%s expects an IPv4 address, got '%.40s'", f->name, text);
	case FIELD_IP6:
		return inet_pton(AF_INET6, text, to) == 1 ||
		       err_set(b->e, "%s expects an IPv6 address, got '%.40s'", f->name, text);
	default:
		return put_number(b, f, header, text);
	}
}

/* Options follow the header, in words of 4 bytes. */
static bool put_options(struct builder *b, struct built *l, const char *text)
{
	size_t before = b->p->n;
	if (!append_hex(b, text))
		return false;
	l->header += (b->p->n - before + 3) & ~(size_t)3;
	if (l->header > 60)
		return err_set(b->e, "options have at most 40 bytes");
	return append(b, NULL, l->at + l->header - b->p->n);
}

static bool put_word(struct builder *b, struct built *l, const char *word, bool given)
{
	const struct packet_layer *layer = l->layer;
	uint8_t *header = b->p->bytes + l->at;
	size_t n = strcspn(word, "=");
	if (layer->options && !strncmp(word, "options=", 8))
		return l->header > layer->size ? err_set(b->e, "options are given twice")
		                               : put_options(b, l, word + 8);
	for (int i = 0; !word[n] && layer->words && layer->words[i].name; i++)
		if (!strcmp(layer->words[i].name, word)) {
			int field = field_named(
				layer, layer->words[i].field, strlen(layer->words[i].field));
			const struct packet_field *f = &layer->fields[field];
			/* flags are added to each other; a type replaces the default */
			uint64_t before =
				!strcmp(f->name, "flags") ? get_bits(header, f->at, f->bits) : 0;
			put_bits(header, f->at, f->bits, before | layer->words[i].value);
			return true;
		}
	int field = word[n] ? field_named(layer, word, n) : -1;
	if (field < 0)
		return no_such_word(b, layer, word);
	if (given)
		l->given |= 1u << field;
	return put_field(b, &layer->fields[field], header, word + n + 1);
}

/* ---- layers without a header ---- */

static bool read_count(struct builder *b, const char *word, size_t *n)
{
	char *end;
	uint64_t value = text_u64(word, &end, 0);
	if (*word < '0' || *word > '9' || *end || value > PACKET_MAX)
		return err_set(
			b->e, "expected a number of bytes up to %d, got '%.40s'", PACKET_MAX, word);
	*n = (size_t)value;
	return true;
}

/* len=N: zeros; hex=...; anything else: its characters. */
static bool put_data(struct builder *b, const char *word, bool hex)
{
	size_t n;
	if (hex)
		return append_hex(b, word);
	if (!strncmp(word, "len=", 4))
		return read_count(b, word + 4, &n) && append(b, NULL, n);
	if (!strncmp(word, "hex=", 4))
		return append_hex(b, word + 4);
	return append(b, word, strlen(word));
}

static bool put_size(struct builder *b, const char *word, bool pad)
{
	size_t n;
	if (!read_count(b, word, &n))
		return false;
	if (!pad) {
		b->cut = n;
		return true;
	}
	return n <= b->p->n || append(b, NULL, n - b->p->n);
}

static bool put_plain(struct builder *b, const struct packet_layer *l, const char **text)
{
	char word[WORD];
	unsigned n = 0;
	bool size = *l->name == 'p' || *l->name == 'c';
	if (b->cut != NO_CUT || (b->end != b->p->n && *l->name != 'c'))
		return err_set(b->e, "nothing follows pad and cut");
	for (; next_word(b, text, word); n++)
		if (size && n  ? !err_set(b->e, "expects one number")
			: size ? !put_size(b, word, *l->name == 'p')
			       : !put_data(b, word, *l->name == 'h'))
			return false;
	if (b->e->set)
		return false;
	if (!n && size)
		return err_set(b->e, "expects a number of bytes");
	if (!n)
		return err_set(b->e, "expects some data");
	if (!size)
		b->end = b->p->n;
	return true;
}

/* ---- layers with a header ---- */

static bool put_layer(struct builder *b, const struct packet_layer *l, const char **text)
{
	char word[WORD];
	const char *defaults = l->defaults;
	struct built *one = &b->layers[b->n];
	if (b->n == LAYERS)
		return err_set(b->e, "a packet has at most %d layers", LAYERS);
	if (b->end != b->p->n || b->cut != NO_CUT)
		return err_set(b->e, "nothing follows pad and cut");
	*one = (struct built){.layer = l, .at = b->p->n, .header = l->size};
	if (!append(b, NULL, l->size))
		return false;
	b->n++;
	while (next_word(b, &defaults, word))
		if (!put_word(b, one, word, false))
			return false;
	while (next_word(b, text, word))
		if (!put_word(b, one, word, true))
			return false;
	b->end = b->p->n;
	return !b->e->set;
}

/* ---- what follows from the rest ---- */

static uint32_t add_words(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += (uint32_t)p[i] << (i & 1 ? 0 : 8);
	return (sum & 0xffff) + (sum >> 16);
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The sum of the pseudo-header: addresses, length, protocol. */
static uint32_t pseudo_sum(const struct builder *b, unsigned i)
{
	for (unsigned k = i; k-- > 0;) {
		const uint8_t *header = b->p->bytes + b->layers[k].at;
		bool four = b->layers[k].layer->prot == 4, six = b->layers[k].layer->prot == 41;
		if (!four && !six)
			continue;
		return (four ? add_words(0, header + 12, 8) : add_words(0, header + 8, 32)) +
		       (uint32_t)(b->end - b->layers[i].at) + b->layers[i].layer->prot;
	}
	return 0;
}

static void make_sum(struct builder *b, unsigned i, const struct packet_field *f)
{
	const struct built *l = &b->layers[i];
	uint8_t *header = b->p->bytes + l->at;
	put_bits(header, f->at, f->bits, 0);
	uint16_t sum = f->makes == MAKES_SUM ? fold(add_words(0, header, l->header))
	               : f->makes == MAKES_SUM_ALL
	                       ? fold(add_words(0, header, b->end - l->at))
	                       : fold(add_words(pseudo_sum(b, i), header, b->end - l->at));
	if (!sum && l->layer->prot == 17) /* 0: no checksum */
		sum = 0xffff;
	put_bits(header, f->at, f->bits, sum);
}

static void make_type(struct builder *b, unsigned i, const struct packet_field *f)
{
	const struct packet_layer *next = i + 1 < b->n ? b->layers[i + 1].layer : NULL;
	uint16_t type = !next ? 0 : f->bits == 16 ? next->ether : next->prot;
	if (type)
		put_bits(b->p->bytes + b->layers[i].at, f->at, f->bits, type);
}

static bool make_length(struct builder *b, unsigned i, const struct packet_field *f)
{
	const struct built *l = &b->layers[i];
	size_t n = f->makes == MAKES_WORDS    ? l->header / 4
	           : f->makes == MAKES_LENGTH ? b->end - l->at
	                                      : b->end - l->at - l->header;
	if (n >> f->bits)
		return err_set(b->e, "%s: the layer is too long for %s", l->layer->name, f->name);
	put_bits(b->p->bytes + l->at, f->at, f->bits, n);
	return true;
}

static bool make_field(struct builder *b, unsigned i, const struct packet_field *f)
{
	switch (f->makes) {
	case MAKES_TYPE:
		make_type(b, i, f);
		return true;
	case MAKES_WORDS:
	case MAKES_LENGTH:
	case MAKES_PAYLOAD:
		return make_length(b, i, f);
	default:
		make_sum(b, i, f);
		return true;
	}
}

static bool makes_sum(const struct packet_field *f)
{
	return f->makes == MAKES_SUM || f->makes == MAKES_SUM_ALL || f->makes == MAKES_SUM_IP;
}

/* Checksums come last, the innermost first, since they cover the others. */
static bool make_fields(struct builder *b)
{
	for (int sums = 0; sums < 2; sums++)
		for (unsigned i = b->n; i-- > 0;)
			for (int k = 0; b->layers[i].layer->fields[k].name; k++) {
				const struct packet_field *f = &b->layers[i].layer->fields[k];
				if (f->makes && makes_sum(f) == sums &&
					!(b->layers[i].given >> k & 1) && !make_field(b, i, f))
					return false;
			}
	return true;
}

/* ---- all of it ---- */

static bool no_such_layer(const char *text, size_t n, struct err *e)
{
	char name[WORD], names[200];
	text_print(name, sizeof name, "%.*s", n < 40 ? (int)n : 40, text);
	struct suggestion s = suggest_for(name);
	for (const struct packet_layer *l = packet_layers_table; l->name; l++)
		suggest_consider(&s, l->name);
	err_set(e, "unknown layer '%s'", name);
	return suggest_hint(&s, "layers are", packet_layers(names, sizeof names), e);
}

bool packet_parse(struct packet *p, const char *text, struct err *e)
{
	struct builder b = {.p = p, .cut = NO_CUT, .e = e};
	p->n = 0;
	for (bool more = true; more;) {
		text += strspn(text, " \t");
		size_t n = strcspn(text, " \t/");
		const struct packet_layer *l = layer_named(text, n);
		if (!l)
			return no_such_layer(text, n, e);
		text += n;
		if (l->size ? !put_layer(&b, l, &text) : !put_plain(&b, l, &text))
			return err_where(e, "%s", l->name);
		more = *text == '/';
		text += more;
	}
	if (!make_fields(&b))
		return false;
	p->n = b.cut < p->n ? b.cut : p->n;
	return true;
}

bool packet_parse_hex(struct packet *p, const char *text, struct err *e)
{
	struct builder b = {.p = p, .e = e};
	p->n = 0;
	return append_hex(&b, text) && (p->n || err_set(e, "there are no bytes"));
}

bool packet_parse_pcap(struct packet *p, const uint8_t *bytes, size_t n, struct err *e)
{
	enum { HEADER = 24, RECORD = 16, AT_SIZE = 8 };
	struct span s = {bytes, n, false};
	bool found = false;
	for (int big = 0; big < 2 && !found; big++) {
		s.big = big;
		uint32_t magic = span_u32(s, 0);
		found = magic == 0xa1b2c3d4 || magic == 0xa1b23c4d;
	}
	if (!found)
		return false;
	uint32_t size = span_u32(s, HEADER + AT_SIZE);
	struct span packet = span_sub(s, HEADER + RECORD, size);
	if (!packet.n || size > PACKET_MAX)
		return err_set(e, "the capture has no complete packet");
	p->n = size;
	memcpy(p->bytes, packet.p, size);
	return true;
}
