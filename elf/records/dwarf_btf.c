/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Converts types from DWARF to BTF. Each BTF kind corresponds to a tag, with these differences:
 *
 *   DWARF                                       BTF
 *   array_type with a subrange per dimension    ARRAY of ARRAY
 *   no type                                     type 0, void
 *   bit_offset from the top of a storage unit   offset from the start of the struct
 *   (before version 4)
 *   enumeration_type                            ENUM, or ENUM64 if it has 8 bytes
 *   variant_part (a Rust enum with data)        an enum `variant` and a UNION of the variants
 *
 * A type is written after the types that it contains. Types that it points to are only declared,
 * which keeps the result small and acyclic: a type that contains itself is malformed.
 */
#include "elf/btf/btf_append.h"
#include "dwarf.h"

enum {
	DW_ATE_boolean = 2,
	DW_ATE_complex_float = 3,
	DW_ATE_float = 4,
	DW_ATE_signed = 5,
	DW_ATE_signed_char = 6,
	DW_OP_constu = 0x10,
	DW_OP_plus_uconst = 0x23,
	DEPTH_MAX = 32,   /* of nested types, and of chains of references */
	TYPES_MAX = 4096, /* in one record */
	PARTS_MAX = 0xffff,
	DIMS_MAX = 8,
	NESTED_MAX = 8, /* arrays of typedefs of arrays */
};

/* A type that was converted, or is being converted. */
struct seen {
	uint64_t off;
	bool by_ptr; /* only referred to by a pointer */
	bool busy;
	uint32_t id;
};

struct conversion {
	struct dwarf *d;
	struct btf_append *out;
	struct seen *seen;
	size_t n, room;
	unsigned depth;
};

struct part {
	const char *name;
	uint32_t type;
	uint64_t off;  /* bits; for an enumerator the value */
	uint64_t bits; /* size of a bit-field, else 0 */
};

struct parts {
	struct part *items;
	size_t n, room;
};

/* ---- shapes ---- */

static bool passes_through(uint16_t tag)
{
	return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
	       tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

static bool has_members(uint16_t tag)
{
	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type || tag == DW_TAG_class_type;
}

/* The number of elements of one dimension; 0 for a flexible array. False if die is not a dimension, or
 * too large for BTF. */
static bool dimension(struct dwarf *d, const struct dwarf_die *die, uint32_t *n)
{
	uint64_t v = 0;
	if (die->tag != DW_TAG_subrange_type)
		return false;
	if (!dwarf_uint(d, die, DWARF_COUNT, &v) && dwarf_uint(d, die, DWARF_UPPER_BOUND, &v))
		v++;
	*n = (uint32_t)v;
	return v <= UINT32_MAX;
}

/* The dimensions, the outermost first. Returns their number, 0 if malformed or too many. */
static unsigned dimensions(
	struct dwarf *d, const struct dwarf_die *array, uint32_t dims[static DIMS_MAX])
{
	struct dwarf_die die;
	unsigned n = 0;
	for (bool more = dwarf_child(d, array, &die); more; more = dwarf_next(d, &die)) {
		if (n == DIMS_MAX || !dimension(d, &die, &dims[n]))
			return 0;
		n++;
	}
	return n;
}

static struct dwarf_shape shape(struct dwarf *d, uint64_t type, unsigned nested);

/* Sets size and pointee. */
static void measure(
	struct dwarf *d, const struct dwarf_die *die, struct dwarf_shape *s, unsigned nested)
{
	uint32_t dims[DIMS_MAX];
	uint64_t element;
	dwarf_uint(d, die, DWARF_BYTE_SIZE, &s->size);
	if (die->tag == DW_TAG_pointer_type) {
		s->size = die->unit->addr_size;
		dwarf_ref(d, die, DWARF_TYPE, &s->pointee);
	} else if (die->tag == DW_TAG_array_type && !s->size) {
		unsigned n = dimensions(d, die, dims);
		if (!n || nested == NESTED_MAX || !dwarf_ref(d, die, DWARF_TYPE, &element))
			return;
		uint64_t size = shape(d, element, nested + 1).size;
		for (unsigned i = 0; i < n; i++)
			size = size > UINT32_MAX ? 0 : size * dims[i];
		s->size = size;
	}
}

static struct dwarf_shape shape(struct dwarf *d, uint64_t type, unsigned nested)
{
	struct dwarf_shape s = {.name = ""};
	struct dwarf_die die;
	for (unsigned i = 0; i < DEPTH_MAX && dwarf_at(d, type, &die); i++) {
		const char *name = dwarf_str(d, &die, DWARF_NAME);
		bool through = passes_through(die.tag);
		bool tagged = has_members(die.tag) || die.tag == DW_TAG_enumeration_type;
		if ((die.tag == DW_TAG_typedef && !s.named) ||
			(!through && (!s.named || (tagged && *name)))) {
			s.named = type;
			s.name = name;
		}
		if (!through) {
			s.off = type;
			s.tag = die.tag;
			measure(d, &die, &s, nested);
			return s;
		}
		if (!dwarf_ref(d, &die, DWARF_TYPE, &type))
			break;
	}
	return (struct dwarf_shape){.name = ""};
}

struct dwarf_shape dwarf_shape(struct dwarf *d, uint64_t type)
{
	return shape(d, type, 0);
}

bool dwarf_has_flexible_array(struct dwarf *d, uint64_t type)
{
	struct dwarf_die die, part;
	struct dwarf_shape s = dwarf_shape(d, type);
	uint32_t dims[DIMS_MAX];
	uint64_t last = 0;
	if (s.tag != DW_TAG_structure_type || !dwarf_at(d, s.off, &die))
		return false;
	for (bool more = dwarf_child(d, &die, &part); more; more = dwarf_next(d, &part))
		if (part.tag == DW_TAG_member && !dwarf_ref(d, &part, DWARF_TYPE, &last))
			last = 0;
	s = dwarf_shape(d, last);
	return s.tag == DW_TAG_array_type && dwarf_at(d, s.off, &die) &&
	       dimensions(d, &die, dims) && !dims[0];
}

/* ---- conversion ---- */

static bool convert(struct conversion *c, uint64_t off, bool by_ptr, uint32_t *id);

/* Converts the type that an entry refers to; no type means void. */
static bool convert_ref(
	struct conversion *c, const struct dwarf_die *die, bool by_ptr, uint32_t *id)
{
	uint64_t off;
	*id = 0;
	return !dwarf_has(die, DWARF_TYPE) ||
	       (dwarf_ref(c->d, die, DWARF_TYPE, &off) && convert(c, off, by_ptr, id));
}

static bool known(
	struct conversion *c, enum btf_kind kind, const char *name, uint64_t size, uint32_t *id)
{
	*id = dwarf_spend(c->d, c->out->base->end / 8) ? btf_append_find(c->out, kind, name, size)
	                                               : 0;
	return *id != 0;
}

static bool convert_base(struct conversion *c, const struct dwarf_die *die, uint32_t *id)
{
	uint64_t size = 0, encoding = 0;
	const char *name = dwarf_str(c->d, die, DWARF_NAME);
	dwarf_uint(c->d, die, DWARF_BYTE_SIZE, &size);
	dwarf_uint(c->d, die, DWARF_ENCODING, &encoding);
	enum btf_kind kind = encoding == DW_ATE_float ? BTF_FLOAT : BTF_INT;
	if (!size || size > 16 || size & (size - 1) || encoding == DW_ATE_complex_float)
		return false;
	if (known(c, kind, name, size, id))
		return true;
	if (kind == BTF_FLOAT) {
		*id = btf_append_type(c->out, BTF_FLOAT, name, 0, false, (uint32_t)size);
		return true;
	}
	unsigned bits = encoding == DW_ATE_boolean ? BTF_INT_BOOL : 0;
	if (encoding == DW_ATE_signed || encoding == DW_ATE_signed_char)
		bits = BTF_INT_SIGNED;
	*id = btf_append_int(c->out, name, (uint32_t)size, bits);
	return true;
}

static bool convert_modifier(
	struct conversion *c, const struct dwarf_die *die, bool by_ptr, uint32_t *id)
{
	enum btf_kind kind = die->tag == DW_TAG_const_type      ? BTF_CONST
	                     : die->tag == DW_TAG_volatile_type ? BTF_VOLATILE
	                                                        : BTF_RESTRICT;
	uint32_t type;
	if (!convert_ref(c, die, by_ptr, &type))
		return false;
	*id = die->tag == DW_TAG_atomic_type ? type
	                                     : btf_append_type(c->out, kind, "", 0, false, type);
	return true;
}

static bool convert_typedef(
	struct conversion *c, const struct dwarf_die *die, bool by_ptr, uint32_t *id)
{
	const char *name = dwarf_str(c->d, die, DWARF_NAME);
	uint32_t type;
	if (known(c, BTF_TYPEDEF, name, dwarf_shape(c->d, die->off).size, id))
		return true;
	if (!convert_ref(c, die, by_ptr, &type))
		return false;
	*id = *name ? btf_append_type(c->out, BTF_TYPEDEF, name, 0, false, type) : type;
	return true;
}

static bool convert_array(struct conversion *c, const struct dwarf_die *die, uint32_t *id)
{
	uint32_t dims[DIMS_MAX];
	unsigned n = dimensions(c->d, die, dims);
	if (!n || !convert_ref(c, die, false, id) || !*id)
		return false;
	while (n--)
		*id = btf_append_array(c->out, *id, dims[n]);
	return true;
}

static struct part *add_part(struct conversion *c, struct parts *list)
{
	struct part *p = arena_grow(c->out->arena, list->items, list->n, &list->room, sizeof *p);
	if (!p || list->n == PARTS_MAX)
		return NULL;
	list->items = p;
	p += list->n++;
	*p = (struct part){.name = ""};
	return p;
}

/* The offset in bytes: a number, or before version 4 an expression. */
static bool member_offset(struct dwarf *d, const struct dwarf_die *die, uint64_t *off)
{
	*off = 0;
	if (!dwarf_has(die, DWARF_DATA_MEMBER_LOCATION) ||
		dwarf_uint(d, die, DWARF_DATA_MEMBER_LOCATION, off))
		return true;
	struct span expr = dwarf_block(d, die, DWARF_DATA_MEMBER_LOCATION);
	uint64_t pos = 1;
	uint8_t op = span_u8(expr, 0);
	*off = dwarf_uleb(expr, &pos);
	return expr.n > 1 && (op == DW_OP_plus_uconst || op == DW_OP_constu);
}

static bool member_place(struct dwarf *d, const struct dwarf_die *die, struct part *p)
{
	uint64_t bytes, from_top, unit = 0, type;
	if (!member_offset(d, die, &bytes) || bytes > UINT32_MAX)
		return false;
	p->off = bytes * 8;
	if (!dwarf_uint(d, die, DWARF_BIT_SIZE, &p->bits))
		return true;
	if (dwarf_uint(d, die, DWARF_DATA_BIT_OFFSET, &p->off))
		return p->bits && p->bits < 256;
	if (!dwarf_uint(d, die, DWARF_BIT_OFFSET, &from_top))
		return p->bits && p->bits < 256;
	if (!dwarf_uint(d, die, DWARF_BYTE_SIZE, &unit) && dwarf_ref(d, die, DWARF_TYPE, &type))
		unit = dwarf_shape(d, type).size;
	unit *= 8;
	if (!p->bits || p->bits > 128 || unit > 128)
		return false;
	/* On big-endian targets the top of the unit is its first bit. A packed bit-field may start
	 * before the unit. */
	p->off += d->big ? from_top : unit - from_top - p->bits;
	return p->off <= UINT32_MAX;
}

static bool has_child(struct dwarf *d, const struct dwarf_die *die, uint16_t tag)
{
	struct dwarf_die child;
	bool more = dwarf_child(d, die, &child);
	while (more && child.tag != tag)
		more = dwarf_next(d, &child);
	return more;
}

/* Whether a type is a struct with members. */
static bool has_parts(struct dwarf *d, uint64_t type)
{
	struct dwarf_die die;
	return dwarf_at(d, type, &die) &&
	       (has_child(d, &die, DW_TAG_member) || has_child(d, &die, DW_TAG_variant_part));
}

/* Whether a member is a Rust (), which has size 0. */
static bool is_nothing(struct dwarf *d, const struct dwarf_die *member)
{
	uint64_t type;
	if (!dwarf_ref(d, member, DWARF_TYPE, &type))
		return false;
	struct dwarf_shape s = dwarf_shape(d, type);
	return s.tag == DW_TAG_base_type && !s.size;
}

static bool read_member(struct conversion *c, const struct dwarf_die *member, struct parts *list)
{
	struct part p = {.name = dwarf_str(c->d, member, DWARF_NAME)};
	if (!member_place(c->d, member, &p) || !convert_ref(c, member, false, &p.type) || !p.type)
		return false;
	struct part *slot = add_part(c, list);
	if (slot)
		*slot = p;
	return slot != NULL;
}

static bool put_struct(struct conversion *c, enum btf_kind kind, const char *name, uint64_t size,
	const struct parts *list, uint32_t *id)
{
	bool bits = false;
	for (size_t i = 0; i < list->n; i++)
		bits |= list->items[i].bits != 0;
	*id = btf_append_type(c->out, kind, name, (uint32_t)list->n, bits, (uint32_t)size);
	for (size_t i = 0; i < list->n; i++) {
		const struct part *p = &list->items[i];
		if (p->off > (bits ? 0xffffff : UINT32_MAX) || p->off > size * 8)
			return false;
		btf_append_member(
			c->out, p->name, p->type, (uint32_t)p->off | (uint32_t)p->bits << 24);
	}
	return true;
}

/* ---- enums with data (Rust) ---- */

/* An enum of `size` bytes with an enumerator for each variant that has a discriminant. */
static uint32_t discriminant_type(struct conversion *c, const struct dwarf_die *part, uint64_t size)
{
	struct dwarf_die variant, member;
	struct parts list = {0};
	for (bool more = dwarf_child(c->d, part, &variant); more;
		more = dwarf_next(c->d, &variant)) {
		uint64_t value;
		if (variant.tag != DW_TAG_variant ||
			!dwarf_uint(c->d, &variant, DWARF_DISCR_VALUE, &value) ||
			!dwarf_child(c->d, &variant, &member))
			continue;
		struct part *p = add_part(c, &list);
		if (!p)
			return 0;
		p->name = dwarf_str(c->d, &member, DWARF_NAME);
		p->off = size < 8 ? value & (((uint64_t)1 << size * 8) - 1) : value;
	}
	uint32_t id = btf_append_type(c->out, size == 8 ? BTF_ENUM64 : BTF_ENUM, "",
		(uint32_t)list.n, false, (uint32_t)size);
	for (size_t i = 0; i < list.n; i++)
		btf_append_enumerator(c->out, list.items[i].name, list.items[i].off, size == 8);
	return id;
}

/* The discriminant, as a member `variant`. */
static bool read_discriminant(
	struct conversion *c, const struct dwarf_die *part, struct parts *list)
{
	struct dwarf_die member;
	uint64_t off, type, size;
	if (!dwarf_ref(c->d, part, DWARF_DISCR, &off))
		return true; /* there is only one variant */
	if (!dwarf_at(c->d, off, &member) || !dwarf_ref(c->d, &member, DWARF_TYPE, &type))
		return false;
	size = dwarf_shape(c->d, type).size;
	if (!size || size > 8 || size & (size - 1))
		return true;
	struct part p = {.name = "variant"};
	p.type = discriminant_type(c, part, size);
	struct part *slot = add_part(c, list);
	if (!slot || !p.type || !member_place(c->d, &member, &p))
		return false;
	*slot = p;
	return true;
}

/* The variants with data become a union of structs. size: of the enum. */
static bool read_variants(
	struct conversion *c, const struct dwarf_die *part, uint64_t size, struct parts *list)
{
	struct dwarf_die variant, member;
	struct parts all = {0};
	uint64_t type;
	if (!read_discriminant(c, part, list))
		return false;
	for (bool more = dwarf_child(c->d, part, &variant); more; more = dwarf_next(c->d, &variant))
		if (variant.tag == DW_TAG_variant && dwarf_child(c->d, &variant, &member) &&
			dwarf_ref(c->d, &member, DWARF_TYPE, &type) && has_parts(c->d, type) &&
			!read_member(c, &member, &all))
			return false;
	if (!all.n)
		return true;
	struct part *slot = add_part(c, list);
	return slot && put_struct(c, BTF_UNION, "", size, &all, &slot->type);
}

/* Converts all members. size: of the struct. */
static bool read_members(
	struct conversion *c, const struct dwarf_die *die, uint64_t size, struct parts *list)
{
	struct dwarf_die child;
	uint32_t errors = c->d->errors;
	for (bool more = dwarf_child(c->d, die, &child); more; more = dwarf_next(c->d, &child)) {
		if (child.tag == DW_TAG_variant_part && !read_variants(c, &child, size, list))
			return false;
		if (child.tag == DW_TAG_member && !dwarf_has(&child, DWARF_DECLARATION) &&
			!is_nothing(c->d, &child) && !read_member(c, &child, list))
			return false;
	}
	return c->d->errors == errors;
}

static bool convert_struct(
	struct conversion *c, const struct dwarf_die *die, bool by_ptr, uint32_t *id)
{
	bool is_union = die->tag == DW_TAG_union_type;
	enum btf_kind kind = is_union ? BTF_UNION : BTF_STRUCT;
	const char *name = dwarf_str(c->d, die, DWARF_NAME);
	uint64_t size = 0;
	bool complete =
		!dwarf_has(die, DWARF_DECLARATION) && dwarf_uint(c->d, die, DWARF_BYTE_SIZE, &size);
	/* Existing BTF lacks the discriminants of variants. */
	bool better = !by_ptr && has_child(c->d, die, DW_TAG_variant_part);
	if (complete && !better && known(c, kind, name, size, id))
		return true;
	if (by_ptr) {
		if (*name && !known(c, BTF_FWD, name, 0, id))
			*id = btf_append_type(c->out, BTF_FWD, name, 0, is_union, 0);
		return true;
	}
	struct parts list = {0};
	return complete && size <= UINT32_MAX && read_members(c, die, size, &list) &&
	       put_struct(c, kind, name, size, &list, id);
}

static bool convert_enum(struct conversion *c, const struct dwarf_die *die, uint32_t *id)
{
	struct dwarf_die child;
	struct parts list = {0};
	const char *name = dwarf_str(c->d, die, DWARF_NAME);
	bool negative = false;
	uint64_t size = 0;
	dwarf_uint(c->d, die, DWARF_BYTE_SIZE, &size);
	enum btf_kind kind = size == 8 ? BTF_ENUM64 : BTF_ENUM;
	if (!size || size > 8 || size & (size - 1))
		return false;
	if (known(c, kind, name, size, id))
		return true;
	for (bool more = dwarf_child(c->d, die, &child); more; more = dwarf_next(c->d, &child)) {
		if (child.tag != DW_TAG_enumerator)
			continue;
		struct part *p = add_part(c, &list);
		if (!p)
			return false;
		p->name = dwarf_str(c->d, &child, DWARF_NAME);
		dwarf_uint(c->d, &child, DWARF_CONST_VALUE, &p->off);
		negative |= dwarf_is_signed(&child, DWARF_CONST_VALUE) && (int64_t)p->off < 0;
	}
	*id = btf_append_type(c->out, kind, name, (uint32_t)list.n, negative, (uint32_t)size);
	for (size_t i = 0; i < list.n; i++)
		btf_append_enumerator(
			c->out, list.items[i].name, list.items[i].off, kind == BTF_ENUM64);
	return true;
}

/* Types without an equivalent in BTF become void if only pointers refer to them, else they are errors. */
static bool convert_die(
	struct conversion *c, const struct dwarf_die *die, bool by_ptr, uint32_t *id)
{
	uint32_t type;
	*id = 0;
	switch (die->tag) {
	case DW_TAG_base_type:
		return convert_base(c, die, id);
	case DW_TAG_pointer_type:
		if (!convert_ref(c, die, true, &type))
			return false;
		*id = btf_append_type(c->out, BTF_PTR, "", 0, false, type);
		return true;
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		return convert_modifier(c, die, by_ptr, id);
	case DW_TAG_typedef:
		return convert_typedef(c, die, by_ptr, id);
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return convert_struct(c, die, by_ptr, id);
	case DW_TAG_enumeration_type:
		return convert_enum(c, die, id);
	case DW_TAG_array_type:
		return by_ptr || convert_array(c, die, id);
	default:
		return by_ptr;
	}
}

static bool convert(struct conversion *c, uint64_t off, bool by_ptr, uint32_t *id)
{
	struct dwarf_die die;
	if (!dwarf_spend(c->d, c->n / 16 + 1))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (c->seen[i].off == off && c->seen[i].by_ptr == by_ptr) {
			*id = c->seen[i].id;
			return !c->seen[i].busy;
		}
	if (c->n == TYPES_MAX || c->depth == DEPTH_MAX || !dwarf_at(c->d, off, &die))
		return false;
	struct seen *list = arena_grow(c->d->arena, c->seen, c->n, &c->room, sizeof *list);
	if (!list)
		return false;
	size_t slot = c->n++;
	c->seen = list;
	list[slot] = (struct seen){off, by_ptr, true, 0};
	c->depth++;
	bool ok = convert_die(c, &die, by_ptr, id);
	c->depth--;
	c->seen[slot].busy = false;
	c->seen[slot].id = *id;
	return ok && !c->out->failed;
}

uint32_t dwarf_to_btf(struct dwarf *d, uint64_t type, struct btf_append *out)
{
	struct conversion c = {.d = d, .out = out};
	struct btf_append_mark mark = btf_append_mark(out);
	uint32_t id = 0;
	if (!convert(&c, type, false, &id) || !id) {
		btf_append_undo(out, mark);
		return 0;
	}
	return id;
}
