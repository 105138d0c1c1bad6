/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A deflate stream is a sequence of blocks: stored bytes, or symbols in a Huffman code that is
 * either fixed or precedes the block (itself Huffman-coded). A symbol is a byte, the end of the
 * block, or a length followed by a distance: copy that many bytes from that far back in the output.
 *
 * A Huffman code is defined by the code length of each symbol: the codes of one length are
 * consecutive numbers in symbol order, and follow the codes of shorter lengths.
 */
#include "inflate.h"

enum {
	BITS_MAX = 15,
	SYMBOLS = 288,
	DISTANCES = 30,
	END = 256,
	LENGTH_FIRST = 257,
	LENGTHS = 29,
	ORDER = 19,
};

struct code {
	uint16_t count[BITS_MAX + 1]; /* codes of each length */
	uint16_t symbol[SYMBOLS];     /* in the order of their codes */
};

struct stream {
	struct span in;
	size_t at;     /* next byte */
	uint32_t bits; /* read but not yet consumed */
	unsigned n_bits;
	uint8_t *out;
	size_t n, room;
	bool damaged;
};

static unsigned take(struct stream *s, unsigned n)
{
	while (s->n_bits < n) {
		s->damaged |= s->at >= s->in.n;
		s->bits |= (uint32_t)span_u8(s->in, s->at++) << s->n_bits;
		s->n_bits += 8;
	}
	unsigned value = s->bits & ((1u << n) - 1);
	s->bits >>= n;
	s->n_bits -= n;
	return value;
}

/* False if the lengths are over-subscribed: more codes than bits can represent. */
static bool make_code(struct code *c, const uint8_t *lengths, unsigned n)
{
	uint16_t start[BITS_MAX + 2] = {0};
	int left = 1;
	*c = (struct code){0};
	for (unsigned i = 0; i < n; i++)
		c->count[lengths[i]]++;
	c->count[0] = 0;
	for (unsigned len = 1; len <= BITS_MAX; len++) {
		left = left * 2 - c->count[len];
		if (left < 0)
			return false;
		start[len + 1] = (uint16_t)(start[len] + c->count[len]);
	}
	for (unsigned i = 0; i < n; i++)
		if (lengths[i])
			c->symbol[start[lengths[i]]++] = (uint16_t)i;
	return true;
}

static unsigned decode(struct stream *s, const struct code *c)
{
	unsigned value = 0, first = 0, index = 0;
	for (unsigned len = 1; len <= BITS_MAX; len++) {
		if (!s->n_bits) { /* as take(s, 1), but this is most of the work */
			s->damaged |= s->at >= s->in.n;
			s->bits = span_u8(s->in, s->at++);
			s->n_bits = 8;
		}
		value |= s->bits & 1;
		s->bits >>= 1;
		s->n_bits--;
		if (value - first < c->count[len])
			return s->damaged ? END : c->symbol[index + value - first];
		index += c->count[len];
		first = (first + c->count[len]) * 2;
		value *= 2;
	}
	s->damaged = true;
	return END;
}

static void emit(struct stream *s, uint8_t byte)
{
	if (s->n == s->room)
		s->damaged = true;
	else
		s->out[s->n++] = byte;
}

static void stored_block(struct stream *s)
{
	take(s, s->n_bits % 8);
	unsigned n = take(s, 16), inverse = take(s, 16);
	s->damaged |= (n ^ inverse) != 0xffff;
	for (; n && !s->damaged; n--)
		emit(s, (uint8_t)take(s, 8));
}

/* Decodes length or distance symbol i. Its base value and number of extra bits follow from how many
 * symbols share a number of bits: `each`, from the second group on. */
static unsigned scaled(struct stream *s, unsigned i, unsigned each, unsigned first)
{
	if (i < 2 * each)
		return first + i;
	unsigned bits = i / each - 1;
	return first + (each << bits) + ((i % each) << bits) + take(s, bits);
}

static void copy_back(struct stream *s, unsigned symbol, const struct code *distances)
{
	unsigned i = symbol - LENGTH_FIRST, n, distance;
	if (i >= LENGTHS) {
		s->damaged = true;
		return;
	}
	n = i == LENGTHS - 1 ? 258 : scaled(s, i, 4, 3);
	symbol = decode(s, distances);
	distance = symbol < DISTANCES ? scaled(s, symbol, 2, 1) : 0;
	if (!distance || distance > s->n)
		s->damaged = true;
	for (; n && !s->damaged; n--)
		emit(s, s->out[s->n - distance]);
}

static void coded_block(struct stream *s, const struct code *symbols, const struct code *distances)
{
	for (unsigned symbol; !s->damaged && (symbol = decode(s, symbols)) != END;)
		if (symbol < END)
			emit(s, (uint8_t)symbol);
		else
			copy_back(s, symbol, distances);
}

static void fixed_block(struct stream *s)
{
	uint8_t lengths[SYMBOLS];
	struct code symbols, distances;
	for (unsigned i = 0; i < SYMBOLS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	make_code(&symbols, lengths, SYMBOLS);
	memset(lengths, 5, DISTANCES);
	make_code(&distances, lengths, DISTANCES);
	coded_block(s, &symbols, &distances);
}

/* The code lengths of both codes, one after the other, are Huffman-coded themselves: 16 repeats the
 * last length, 17 and 18 are runs of zeroes. */
static void read_lengths(struct stream *s, const struct code *c, uint8_t *lengths, unsigned all)
{
	for (unsigned i = 0; i < all && !s->damaged;) {
		unsigned symbol = decode(s, c), repeat = 1;
		uint8_t length = symbol < 16 ? (uint8_t)symbol : 0;
		if (symbol == 16) {
			s->damaged |= !i;
			length = i ? lengths[i - 1] : 0;
			repeat = 3 + take(s, 2);
		} else if (symbol > 16) {
			repeat = symbol == 17 ? 3 + take(s, 3) : 11 + take(s, 7);
		}
		s->damaged |= repeat > all - i;
		for (; repeat && !s->damaged; repeat--)
			lengths[i++] = length;
	}
}

static void dynamic_block(struct stream *s)
{
	static const uint8_t order[ORDER] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	uint8_t lengths[SYMBOLS + 32] = {0}, small[ORDER] = {0};
	struct code lengths_code, symbols, distances;
	unsigned n_symbols = take(s, 5) + 257, n_distances = take(s, 5) + 1, n = take(s, 4) + 4;
	for (unsigned i = 0; i < n; i++)
		small[order[i]] = (uint8_t)take(s, 3);
	s->damaged |= n_symbols > 286 || n_distances > DISTANCES ||
	              !make_code(&lengths_code, small, ORDER);
	if (s->damaged)
		return;
	read_lengths(s, &lengths_code, lengths, n_symbols + n_distances);
	s->damaged |= !lengths[END] || !make_code(&symbols, lengths, n_symbols) ||
	              !make_code(&distances, lengths + n_symbols, n_distances);
	if (!s->damaged)
		coded_block(s, &symbols, &distances);
}

bool inflate(struct span packed, uint8_t *out, size_t *n)
{
	struct stream s = {.in = packed, .out = out, .room = *n};
	for (bool last = false; !last && !s.damaged;) {
		last = take(&s, 1);
		switch (take(&s, 2)) {
		case 0:
			stored_block(&s);
			break;
		case 1:
			fixed_block(&s);
			break;
		case 2:
			dynamic_block(&s);
			break;
		default:
			s.damaged = true;
		}
	}
	*n = s.n;
	return !s.damaged;
}
