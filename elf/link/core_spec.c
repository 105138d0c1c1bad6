/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Paths and values.
 *
 * An access string is a list of numbers. In "0:1:2" for a struct pointer p, 0 is p[0], and each
 * following number is the index of a member (or an array element) of the type reached so far, without
 * typedefs and qualifiers. With
 *
 *     struct a { int x; union { long y; struct b z[4]; }; };    struct b { char c, d; };
 *
 * "0:1:1:3:1" is p[0], the anonymous union, z, element 3, d. The path is that of the source code,
 * ->z[3].d: the anonymous step is omitted, because z may be elsewhere in another kernel.
 *
 * The access string of an enumerator is its index, that of a type is "0".
 */
#include "core_impl.h"

enum { OFFSET_MAX = INT32_MAX }; /* bytes; no type is larger */

bool core_is_field(enum core_kind kind)
{
	return kind <= CORE_FIELD_RSHIFT;
}

bool core_is_enum(enum core_kind kind)
{
	return kind == CORE_ENUM_EXISTS || kind == CORE_ENUM_VALUE;
}

bool core_same_kind(unsigned a, unsigned b)
{
	return a == b || (btf_kind_in(a, BTF_ENUMS) && btf_kind_in(b, BTF_ENUMS));
}

uint32_t core_kind_set(unsigned kind)
{
	return btf_kind_in(kind, BTF_ENUMS) ? BTF_ENUMS : 1u << kind;
}

size_t core_essential_len(const char *name)
{
	size_t n = strlen(name);
	for (size_t end = n; end >= 5; end--) {
		const char *s = name + end - 5;
		if (s[0] != '_' && s[1] == '_' && s[2] == '_' && s[3] == '_' && s[4] != '_')
			return end - 4;
	}
	return n;
}

bool core_same_name(const char *a, const char *b)
{
	size_t n = core_essential_len(a);
	return n == core_essential_len(b) && !memcmp(a, b, n);
}

/* Parses a number of an access string and the colon that follows. */
static bool next_number(const char **s, uint32_t *number)
{
	uint64_t n = 0;
	const char *p = *s;
	for (; *p >= '0' && *p <= '9' && n <= INT32_MAX; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == *s || n > INT32_MAX || (*p && *p != ':') || (*p == ':' && !p[1]))
		return false;
	*s = *p ? p + 1 : p;
	*number = (uint32_t)n;
	return true;
}

bool core_spec_index(struct core_spec *s, uint32_t idx, const struct btf_type *t, struct err *e)
{
	int64_t size = btf_size_of(t);
	if (size < 0)
		return err_set(e, "BTF type %u has no size, it cannot be indexed", t->id);
	if (idx && size > OFFSET_MAX / (int64_t)idx)
		return err_set(
			e, "element %u of %lld bytes each is beyond 2 GB", idx, (long long)size);
	s->bit_off += (uint64_t)size * idx * 8;
	return true;
}

static struct core_step *push(struct core_spec *s, const char *name, uint32_t type, uint32_t idx)
{
	struct core_step *step = &s->step[s->n++];
	*step = (struct core_step){name, type, idx};
	return step;
}

bool core_is_flex(const struct core_spec *s, const struct btf_type *t)
{
	const struct core_step *last = &s->step[s->n - 1];
	struct btf_type owner;
	if (btf_array_len(t) || !last->name || !btf_type(s->btf, last->type, &owner))
		return false;
	return last->idx == owner.vlen - 1;
}

static bool parse_enumerator(struct core_spec *s, uint32_t idx, struct err *e)
{
	struct btf_type t;
	uint32_t id = btf_skip(s->btf, s->root, &t);
	if (!btf_is_enum(&t))
		return err_set(
			e, "BTF type %u is a %s, not an enum", s->root, btf_kind_name(t.kind));
	if (idx >= t.vlen)
		return err_set(e, "enum '%s' has %u enumerators, index %u is out of range",
			btf_name(&t), t.vlen, idx);
	push(s, btf_enumerator(&t, idx).name, id, idx);
	return true;
}

/* Step idx from type *id, which is updated. */
static bool parse_step(struct core_spec *s, uint32_t *id, uint32_t idx, struct err *e)
{
	struct btf_type t;
	*id = btf_skip(s->btf, *id, &t);
	if (btf_is_composite(&t)) {
		if (idx >= t.vlen)
			return err_set(e, "%s '%s' has %u members, index %u is out of range",
				btf_kind_name(t.kind), btf_name(&t), t.vlen, idx);
		struct btf_member m = btf_member(&t, idx);
		s->bit_off += m.bit_off;
		if (*m.name)
			push(s, m.name, *id, idx);
		*id = m.type;
		return true;
	}
	if (t.kind != BTF_ARRAY)
		return err_set(e, "%s (BTF type %u) has no members", btf_kind_name(t.kind), *id);
	if (idx >= btf_array_len(&t) && !core_is_flex(s, &t))
		return err_set(e, "array (BTF type %u) has %u elements, index %u is out of range",
			*id, btf_array_len(&t), idx);
	*id = btf_skip(s->btf, t.type, &t);
	push(s, NULL, *id, idx);
	return core_spec_index(s, idx, &t, e);
}

void core_spec_begin(struct core_spec *s, const struct btf *b, uint32_t root, enum core_kind kind)
{
	s->btf = b;
	s->root = root;
	s->kind = kind;
	s->bit_off = 0;
	s->raw = s->n = 0;
}

bool core_spec_parse(struct core_spec *s, const struct btf *b, uint32_t root, const char *access,
	enum core_kind kind, struct err *e)
{
	struct btf_type t;
	core_spec_begin(s, b, root, kind);
	const char *p = access;
	uint32_t idx, id = root;
	if (!root || !btf_type(b, root, &t))
		return err_set(e, "there is no BTF type %u", root);
	if (!next_number(&p, &idx))
		return err_set(e, "malformed access string '%.40s'", access);
	s->raw = 1;
	if (!core_is_field(kind) && (*p || (!core_is_enum(kind) && idx)))
		return err_set(e, "access string '%.40s' is invalid for kind %s", access,
			core_kind_name(kind));
	if (core_is_enum(kind))
		return parse_enumerator(s, idx, e);
	if (!core_is_field(kind))
		return true;
	id = btf_skip(b, id, &t);
	push(s, NULL, id, idx);
	if (!core_spec_index(s, idx, &t, e))
		return false;
	while (*p) {
		if (!next_number(&p, &idx))
			return err_set(e, "malformed access string '%.40s'", access);
		if (s->raw++ == CORE_LEVELS)
			return err_set(e, "access string '%.40s...' has more than %d levels",
				access, CORE_LEVELS);
		if (!parse_step(s, &id, idx, e))
			return false;
	}
	return true;
}

/*
 * The storage of a field: the bytes that a program loads to read it.
 *
 * A bit-field of `bits` at bit_off is read through a unit that has the size of the declared type, is
 * aligned to its own size, and is doubled, up to 8 bytes, until it contains the whole field.
 * Compilers choose units differently: only signedness and width are compared with the instruction.
 */
struct storage {
	uint32_t off, size; /* bytes */
	uint32_t bits;
	bool bitfield;
	struct btf_type type; /* without typedefs */
};

static bool storage_of(const struct core_spec *s, struct storage *st, struct err *e)
{
	const struct core_step *last = &s->step[s->n - 1];
	struct btf_type owner;
	btf_type(s->btf, last->type, &owner);
	struct btf_member m = btf_member(&owner, last->idx);
	btf_skip(s->btf, m.type, &st->type);
	st->bitfield = m.bit_size > 0;
	if (!st->bitfield) {
		int64_t size = btf_size_of(&st->type);
		if (size < 0)
			return err_set(e, "field '%s' has no size", last->name);
		st->off = (uint32_t)(s->bit_off / 8);
		st->size = (uint32_t)size;
		st->bits = st->size * 8;
		return true;
	}
	uint64_t unit = st->type.size, end = s->bit_off + m.bit_size;
	for (; unit && unit <= 8; unit *= 2) {
		uint64_t off = s->bit_off / 8 / unit * unit;
		if (end > (off + unit) * 8)
			continue;
		st->off = (uint32_t)off;
		st->size = (uint32_t)unit;
		st->bits = m.bit_size;
		return true;
	}
	return err_set(e, "bit-field '%s' is not within 8 aligned bytes", last->name);
}

/* A load of an array moves one element, the innermost. */
static void load_size(struct btf_type t, struct core_value *v)
{
	for (int depth = 0; depth < BTF_DEPTH && t.kind == BTF_ARRAY; depth++)
		btf_skip(t.btf, t.type, &t);
	int64_t size = btf_size_of(&t);
	v->type = t.id;
	v->size = size > 0 ? (uint32_t)size : 0;
}

static bool is_signed(const struct btf_type *t)
{
	return btf_is_enum(t) ? t->kflag : btf_int_encoding(t) & BTF_INT_SIGNED;
}

/* Array elements are not members: they have no bit-field properties and no signedness. */
static bool element_value(
	const struct core_spec *s, enum core_kind kind, struct core_value *v, struct err *e)
{
	uint32_t type = s->step[s->n - 1].type;
	int64_t size = btf_size(s->btf, type);
	if (kind == CORE_FIELD_OFFSET) {
		v->value = s->bit_off / 8;
		v->type = type;
		v->size = size > 0 ? (uint32_t)size : 0;
		return true;
	}
	if (kind == CORE_FIELD_SIZE && size >= 0) {
		v->value = (uint64_t)size;
		return true;
	}
	return err_set(e, "array elements only have offset, size and existence");
}

static bool field_value(const struct core_spec *s, enum core_kind kind, bool big,
	struct core_value *v, struct err *e)
{
	if (!s->step[s->n - 1].name)
		return element_value(s, kind, v, e);
	struct storage st;
	if (!storage_of(s, &st, e))
		return false;
	v->checked = !st.bitfield;
	switch (kind) {
	case CORE_FIELD_OFFSET:
		v->value = st.off;
		if (!st.bitfield)
			load_size(st.type, v);
		return true;
	case CORE_FIELD_SIZE:
		v->value = st.size;
		return true;
	case CORE_FIELD_SIGNED:
		v->checked = true;
		v->value = is_signed(&st.type);
		return true;
	default:
		break;
	}
	/* The shifts move the field to the top of a 64-bit register and back down. */
	if (st.size > 8)
		return err_set(e, "the field has %u bytes, more than a register", st.size);
	uint64_t below = s->bit_off - (uint64_t)st.off * 8; /* bits of the unit before the field */
	if (kind == CORE_FIELD_RSHIFT) {
		v->checked = true;
		v->value = 64 - st.bits;
	} else if (big) {
		v->value = (8 - st.size) * 8 + below;
	} else {
		v->value = 64 - (below + st.bits);
	}
	return true;
}

bool core_value(const struct core_spec *s, enum core_kind kind, bool big, struct core_value *v,
	struct err *e)
{
	*v = (struct core_value){.checked = true};
	struct btf_type t;
	int64_t size;
	switch (kind) {
	case CORE_FIELD_EXISTS:
	case CORE_TYPE_EXISTS:
	case CORE_TYPE_MATCHES:
	case CORE_ENUM_EXISTS:
		v->value = s != NULL;
		return true;
	case CORE_TYPE_ID_LOCAL:
	case CORE_TYPE_ID_TARGET:
		v->value = s ? s->root : 0;
		v->checked = false; /* linkers renumber types without updating instructions */
		return true;
	case CORE_TYPE_SIZE:
		size = s ? btf_size(s->btf, s->root) : 0;
		v->value = (uint64_t)size;
		return size >= 0 || err_set(e, "BTF type %u has no size", s->root);
	case CORE_ENUM_VALUE:
		v->poison = !s;
		if (s && btf_type(s->btf, s->step[0].type, &t))
			v->value = (uint64_t)btf_enumerator(&t, s->step[0].idx).value;
		return true;
	default:
		v->poison = !s;
		return !s || field_value(s, kind, big, v, e);
	}
}
