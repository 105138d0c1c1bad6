/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "value_impl.h"

#include <arpa/inet.h>

bool value_ip4(const char *text, uint8_t out[static 4])
{
	return inet_pton(AF_INET, text, out) == 1;
}

bool value_ip6(const char *text, uint8_t out[static 16])
{
	return inet_pton(AF_INET6, text, out) == 1;
}

static bool is_dotted(const char *text)
{
	const char *dot = strchr(text, '.');
	return dot && strchr(dot + 1, '.');
}

static bool no_ip4(const struct value_parser *p, const char *text)
{
	return value_fail(
		p, " expects an IPv4 address of four numbers from 0 to 255, got '%s'", text);
}

/* 4 bytes: the first part is the most significant byte, in the byte order of the type. */
static bool put_ip4(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	char text[VALUE_WORD];
	uint8_t ip[IP4_BYTES];
	value_word_text(p, text);
	if (!is_dotted(text))
		return value_put_number(p, s, f);
	if (f.bit_size || !value_ip4(text, ip))
		return no_ip4(p, text);
	return value_store_number(p, s, f, bytes_get(ip, sizeof ip, true));
}

bool value_put_address(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[VALUE_WORD];
	uint8_t ip[IP6_BYTES];
	if (s->size == IP4_BYTES)
		return put_ip4(p, s, f);
	value_word_text(p, text);
	memcpy(ip, mapped, sizeof mapped);
	if (!(s->kind == TYPED_IP && value_ip4(text, ip + sizeof mapped)) && !value_ip6(text, ip))
		return value_fail(p, " expects an %s address, got '%s'",
			s->kind == TYPED_IP ? "IPv4 or IPv6" : "IPv6", text);
	return value_store(p, f, ip, sizeof ip);
}

bool value_put_prefix(const struct value *at, const char *text, struct err *e)
{
	struct value_number bits = {0};
	size_t n = strcspn(text, "/"), len = at->room - PREFIX_BITS;
	char address[VALUE_WORD];
	bool large = false;
	if (n >= sizeof address)
		n = sizeof address - 1;
	memcpy(address, text, n);
	address[n] = 0;
	bool ok = len == IP4_BYTES ? value_ip4(address, at->to + PREFIX_BITS)
	                           : value_ip6(address, at->to + PREFIX_BITS);
	if (!ok)
		return err_set(e, "%s expects an %s prefix, ADDRESS/LENGTH, got '%s'", at->who,
			len == IP4_BYTES ? "IPv4" : "IPv6", text);
	bits.low = len * 8;
	if (text[n] && (!value_number(text + n + 1, strlen(text + n + 1), &bits, &large) || large ||
			       bits.high || bits.negative || bits.low > len * 8))
		return err_set(e, "%s: the length of prefix '%s' is not a number from 0 to %zu",
			at->who, text, len * 8);
	bytes_put(at->to, PREFIX_BITS, at->big, bits.low);
	return true;
}
