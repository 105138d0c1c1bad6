/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "value.h"

#include "elf/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { HINT_NAMES = 360, PART_MAX = 256 };

/* Whether the type is __be16, __be32 or __be64, which are stored in network byte order. */
static bool is_network(const struct value *at)
{
	struct btf_type t;
	for (uint32_t id = at->type; btf_type(at->btf, id, &t); id = t.type) {
		const char *name = btf_name(&t) + strspn(btf_name(&t), "_");
		if (t.kind == BTF_TYPEDEF &&
			(!strcmp(name, "be16") || !strcmp(name, "be32") || !strcmp(name, "be64")))
			return true;
		if (t.kind != BTF_TYPEDEF && t.kind != BTF_CONST && t.kind != BTF_VOLATILE)
			break;
	}
	return false;
}

static bool store(const struct value *at, unsigned size, uint64_t value, struct err *e)
{
	if (size > at->room)
		return err_set(e, "%s exceeds its section", at->who);
	bytes_put(at->to, size, at->big || is_network(at), value);
	return true;
}

/* "10.0.0.2"; the first part becomes the most significant byte. */
static bool set_address(const struct value *at, const char *text, struct err *e)
{
	uint64_t value = 0;
	const char *p = text;
	for (int i = 0; i < 4; i++) {
		char *end = (char *)(uintptr_t)p;
		unsigned long part = *p >= '0' && *p <= '9' ? strtoul(p, &end, 10) : 0;
		if (end == p || part > 255 || *end != (i < 3 ? '.' : 0))
			return err_set(e,
				"%s expects an IPv4 address of four numbers from 0 to 255, "
				"got '%s'",
				at->who, text);
		value = value << 8 | part;
		p = end + 1;
	}
	return store(at, 4, value, e);
}

static bool set_int(
	const struct value *at, const struct btf_type *t, const char *text, struct err *e)
{
	bool sign = btf_int_encoding(t) & BTF_INT_SIGNED;
	bool truth = btf_int_encoding(t) & BTF_INT_BOOL;
	unsigned bits = t->size < 8 ? t->size * 8 : 64;
	char *end;
	if (t->size > 8)
		return err_set(
			e, "%s: integers of %" PRIu32 " bytes cannot be set", at->who, t->size);
	const char *dot = strchr(text, '.');
	if (t->size == 4 && dot && strchr(dot + 1, '.'))
		return set_address(at, text, e);
	if (truth && (!strcmp(text, "true") || !strcmp(text, "false")))
		return store(at, t->size, *text == 't', e);
	errno = 0;
	bool negative = *text == '-';
	uint64_t v = negative ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
	if (end == text || *end || *text == ' ')
		return err_set(e, "%s expects a number, got '%s'", at->who, text);
	int64_t low = sign ? (int64_t)(UINT64_MAX << (bits - 1)) : 0;
	uint64_t high = truth  ? 1
	                : sign ? ((uint64_t)1 << (bits - 1)) - 1
	                       : UINT64_MAX >> (64 - bits);
	if (errno || (negative ? (int64_t)v < low : v > high))
		return err_set(e, "%s: %s is out of range (%" PRId64 " to %" PRIu64 ")", at->who,
			text, low, high);
	return store(at, t->size, v, e);
}

static bool set_enum(
	const struct value *at, const struct btf_type *t, const char *text, struct err *e)
{
	char *end;
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct btf_enumerator en = btf_enumerator(t, i);
		if (!strcmp(en.name, text))
			return store(at, t->size, (uint64_t)en.value, e);
	}
	uint64_t v = strtoull(text, &end, 0);
	if (end == text || *end)
		return err_set(e, "%s: enum %s has no '%s'", at->who, btf_name(t), text);
	return store(at, t->size, v, e);
}

static bool set_text(
	const struct value *at, const struct btf_type *array, const char *text, struct err *e)
{
	struct btf_type element;
	uint32_t room = btf_array_len(array);
	size_t n = strlen(text);
	btf_skip(at->btf, array->type, &element);
	if (element.kind != BTF_INT || element.size != 1)
		return err_set(e, "%s: arrays of numbers cannot be set", at->who);
	if (n + 1 > room)
		return err_set(e, "%s: '%s' is too long (at most %" PRIu32 " characters)", at->who,
			text, room ? room - 1 : 0);
	if (room > at->room)
		return err_set(e, "%s exceeds its section", at->who);
	memset(at->to, 0, room);
	memcpy(at->to, text, n);
	return true;
}

/* "a=1,b=2": sets members by name; others keep their values. */
static bool set_members(
	const struct value *at, const struct btf_type *t, const char *text, struct err *e)
{
	char names[HINT_NAMES] = "", part[PART_MAX];
	while (*text) {
		size_t n = strcspn(text, ",");
		char *equals;
		uint32_t i = 0;
		snprintf(part, sizeof part, "%.*s", n < sizeof part ? (int)n : 0, text);
		equals = strchr(part, '=');
		if (equals)
			*equals = 0;
		while (equals && i < t->vlen && strcmp(btf_member(t, i).name, part))
			i++;
		if (!equals || i == t->vlen) {
			for (i = 0; i < t->vlen && strlen(names) < sizeof names - 1; i++)
				text_list(names, sizeof names, "%s", btf_member(t, i).name);
			err_set(e, "%s is a struct and expects MEMBER=VALUE,..., got '%s'", at->who,
				part);
			return err_hint(e, "its members are: %s", names);
		}
		struct btf_member member = btf_member(t, i);
		struct value field = *at;
		uint32_t off = member.bit_off / 8;
		if (member.bit_size || off > at->room)
			return err_set(e, "%s: member '%s' cannot be set", at->who, part);
		field.type = member.type;
		field.to += off;
		field.room -= off;
		if (!value_put(&field, equals + 1, e))
			return err_where(e, "member '%s'", part);
		text += strcspn(text, ",");
		text += *text == ',';
	}
	return true;
}

/* Without a type: a number if the size is 1, 2, 4 or 8, else the bytes in hexadecimal. */
static bool set_untyped(const struct value *at, const char *text, struct err *e)
{
	size_t n = strlen(text), size = at->room;
	char *end;
	if (size == 1 || size == 2 || size == 4 || size == 8) {
		uint64_t v = strtoull(text, &end, 0);
		if (end != text && !*end && (size == 8 || v >> size * 8 == 0)) {
			bytes_put(at->to, (unsigned)size, at->big, v);
			return true;
		}
		return err_set(e, "%s: '%s' is not a number of %zu bytes", at->who, text, size);
	}
	if (n != size * 2 || strspn(text, "0123456789abcdefABCDEF") != n)
		return err_set(
			e, "%s has no type: write its %zu bytes in hexadecimal", at->who, size);
	for (size_t i = 0; i < size; i++) {
		char byte[3] = {text[i * 2], text[i * 2 + 1], 0};
		at->to[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return true;
}

bool value_put(const struct value *at, const char *text, struct err *e)
{
	struct btf_type t;
	if (!at->btf || !at->type)
		return set_untyped(at, text, e);
	btf_skip(at->btf, at->type, &t);
	switch (t.kind) {
	case BTF_INT:
		return set_int(at, &t, text, e);
	case BTF_ENUM:
	case BTF_ENUM64:
		return set_enum(at, &t, text, e);
	case BTF_ARRAY:
		return set_text(at, &t, text, e);
	case BTF_STRUCT:
		return set_members(at, &t, text, e);
	default:
		return err_set(
			e, "%s: values of kind %s cannot be set", at->who, btf_kind_name(t.kind));
	}
}
