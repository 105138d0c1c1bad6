/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types without typedefs and qualifiers, and their parts. */
#include "typed_shape_impl.h"

#include <string.h>

const char *typed_unit_name(enum typed_unit unit)
{
	static const char *const names[] = {
		[UNIT_NONE] = "",
		[UNIT_NS] = "ns",
		[UNIT_US] = "us",
		[UNIT_MS] = "ms",
		[UNIT_BYTES] = "bytes",
	};
	return names[unit];
}

const char *typed_shape_meaning(const struct typed_shape *s)
{
	static const char *const texts[] = {
		[TYPED_IP4] = "IPv4 address",
		[TYPED_IP6] = "IPv6 address",
		[TYPED_IP] = "IP address",
		[TYPED_NET] = "number in network byte order",
		[TYPED_HEX] = "hexadecimal number",
		[TYPED_DEV] = "device number",
		[TYPED_ERRNO] = "result of a call",
		[TYPED_CGROUP] = "cgroup",
		[TYPED_KADDR] = "kernel address",
		[TYPED_UADDR] = "user address",
		[TYPED_KSTACK] = "kernel stack, by id",
		[TYPED_USTACK] = "user stack, by id",
		[TYPED_STACK] = "stack, by id",
		[TYPED_KTRACE] = "kernel stack",
		[TYPED_UTRACE] = "user stack",
		[TYPED_LOG2] = "distribution",
	};
	static const char *const durations[] = {[UNIT_NS] = "duration in ns",
		[UNIT_US] = "duration in us",
		[UNIT_MS] = "duration in ms"};
	switch (s->kind) {
	case TYPED_INSTANT:
		return s->unit == TYPED_BOOTTIME ? "time since boot" : "time";
	case TYPED_TIME:
		return durations[s->unit];
	case TYPED_INT:
		return s->unit == UNIT_BYTES ? "bytes" : NULL;
	case TYPED_ENUM:
		return typed_is_flags(s) ? "flags" : NULL;
	default:
		return s->kind < sizeof texts / sizeof *texts ? texts[s->kind] : NULL;
	}
}

static enum typed_kind int_kind(const struct btf_type *t)
{
	uint8_t encoding = btf_int_encoding(t);
	if (encoding & BTF_INT_BOOL)
		return TYPED_BOOL;
	/* Compilers encode char as SIGNED, if at all: recognise it by name. */
	if (t->size == 1 && (encoding & BTF_INT_CHAR || !strcmp(btf_name(t), "char")))
		return TYPED_CHAR;
	return TYPED_INT;
}

static enum typed_kind array_kind(const struct btf *b, const struct btf_type *t)
{
	struct btf_type element;
	btf_skip(b, t->type, &element);
	if (element.kind != BTF_INT || element.size != 1)
		return TYPED_ARRAY;
	switch (int_kind(&element)) {
	case TYPED_CHAR:
		return TYPED_STRING;
	case TYPED_INT:
		return btf_int_encoding(&element) & BTF_INT_SIGNED ? TYPED_ARRAY : TYPED_BYTES;
	default:
		return TYPED_ARRAY;
	}
}

static void shape_kind(struct typed_shape *s, const struct btf *b)
{
	static const uint8_t kinds[BTF_KINDS] = {
		[BTF_PTR] = TYPED_PTR,
		[BTF_STRUCT] = TYPED_STRUCT,
		[BTF_UNION] = TYPED_UNION,
		[BTF_ENUM] = TYPED_ENUM,
		[BTF_ENUM64] = TYPED_ENUM,
		[BTF_FLOAT] = TYPED_FLOAT,
		[BTF_DATASEC] = TYPED_SECTION,
	};
	s->kind = s->t.kind < BTF_KINDS ? kinds[s->t.kind] : TYPED_NONE;
	if (s->t.kind == BTF_INT) {
		s->kind = int_kind(&s->t);
		s->is_signed = btf_int_encoding(&s->t) & BTF_INT_SIGNED;
	} else if (s->t.kind == BTF_ARRAY) {
		s->kind = array_kind(b, &s->t);
	} else if (s->kind == TYPED_ENUM) {
		s->is_signed = s->t.kflag;
	}
}

struct typed_shape typed_shape(const struct btf *b, uint32_t type)
{
	return typed_field_shape(b, (struct typed_field){.type = type});
}

struct typed_shape typed_field_shape(const struct btf *b, struct typed_field f)
{
	struct typed_shape s = {.id = f.type};
	uint8_t means = 0;
	for (unsigned depth = 0; b && depth < BTF_DEPTH; depth++) {
		if (!btf_type(b, s.id, &s.t))
			break;
		if (!means && (s.t.kind == BTF_TYPEDEF || s.t.kind == BTF_STRUCT))
			means = typed_meaning(btf_name(&s.t));
		if (!means && b->meanings && s.t.kind == BTF_TYPEDEF)
			means = typed_tag_meaning(b, s.id, -1);
		if (btf_kind_in(s.t.kind, BTF_MODIFIERS | 1u << BTF_VAR)) {
			s.id = s.t.type;
			continue;
		}
		int64_t size = btf_size(b, s.id);
		s.size = size > 0 ? (uint64_t)size : 0;
		shape_kind(&s, b);
		typed_give_meaning(&s, typed_stronger_meaning(f.means, means));
		return s;
	}
	return (struct typed_shape){.kind = TYPED_NONE};
}

bool typed_part(const struct typed_shape *s, struct typed_field f, uint32_t i, const char **name,
	struct typed_field *part)
{
	if (i >= s->t.vlen)
		return false;
	if (s->t.kind == BTF_DATASEC) {
		struct btf_secinfo v = btf_secinfo(&s->t, i);
		struct btf_type var;
		btf_type(s->t.btf, v.type, &var);
		*name = btf_name(&var);
		*part = (struct typed_field){
			.type = v.type, .bit_off = f.bit_off + v.offset * UINT64_C(8)};
		return true;
	}
	if (!btf_is_composite(&s->t))
		return false;
	struct btf_member m = btf_member(&s->t, i);
	bool last = i + 1 == s->t.vlen || s->t.kind == BTF_UNION;
	*name = m.name;
	*part = (struct typed_field){m.type, f.bit_off + m.bit_off, m.bit_size, f.open && last, 0};
	const struct btf *b = s->t.btf;
	/* Source and destination: no address. */
	if (b && strstr(m.name, "port") && typed_shape(b, m.type).kind == TYPED_IP4)
		part->means = typed_meaning("sonde:ports");
	if (b && b->meanings && !part->means) {
		part->means = typed_tag_meaning(b, s->id, (int32_t)i);
		if (!part->means && b->meanings->names && *m.name) {
			int64_t size = btf_size(b, m.type);
			part->means = typed_member_meaning(m.name, size > 0 ? (uint64_t)size : 0);
		}
	}
	return true;
}

const char *typed_meaning_from(const struct typed_shape *s, uint32_t i)
{
	struct typed_field part;
	const char *name;
	if (!typed_part(s, (struct typed_field){0}, i, &name, &part))
		return "";
	const struct typed_shape type = typed_shape(s->t.btf, part.type);
	bool of_record = typed_is_of_record(part.means);
	if (!part.means || (of_record && typed_shape_meaning(&type)))
		return "type";
	if (of_record)
		return typed_is_named(part.means) ? "name" : "code";
	return typed_tag_meaning(s->t.btf, s->id, (int32_t)i) ? "tag" : "name";
}
