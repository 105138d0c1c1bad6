/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "contents.h"
#include "records_impl.h"

#include "elf/base/text.h"
#include "elf/btf/btf_append.h"

enum {
	OTHERS_MAX = 16, /* alternatives per map */
	KINDS_MAX = 32,
	TAGGED_MAX = 1024,  /* calls up to which tags are searched */
	ITERATORS_MAX = 64, /* per object, whose records are shown */
};
#define TEXT UINT32_MAX /* instead of the size of records */

/* ---- candidates ---- */

static bool better(const struct record_candidate *x, const struct record_candidate *y)
{
	return x->rank != y->rank ? x->rank > y->rank : x->depth > y->depth;
}

static bool same_type(const struct record_candidate *x, const struct record_candidate *y)
{
	if (!*x->name || !*y->name)
		return x->die == y->die && x->type == y->type;
	return x->size == y->size && !strcmp(x->name, y->name);
}

bool records_is_iterator(const struct obj_func *f)
{
	return f->entry && (!strncmp(f->sec, "iter/", 5) || !strncmp(f->sec, "iter.s/", 7));
}

void records_add(struct record_candidates *list, struct record_candidate c)
{
	size_t i = 0;
	while (i < list->n && !same_type(&list->items[i], &c))
		i++;
	if (i < list->n) {
		if (!better(&c, &list->items[i]))
			return;
	} else if (i < CANDIDATES) {
		list->n++;
	} else {
		list->many = true;
		if (!better(&c, &list->items[--i]))
			return;
	}
	/* Moves up, from its old position or the end, behind those that are at least as good. */
	for (; i && better(&c, &list->items[i - 1]); i--)
		list->items[i] = list->items[i - 1];
	list->items[i] = c;
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && !strcmp(s + n - m, end);
}

const char *records_owner(const struct object *o, const struct record_call *c)
{
	return c->map < o->n_maps ? o->maps[c->map].name : c->func->name;
}

bool records_alike(const char *map, const char *type)
{
	static const char *const ends[] = {"event", "evt", "event_t", "evt_t"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends_in(type, ends[i]))
			return true;
	return (strlen(type) >= 3 && strstr(map, type)) || (strlen(map) >= 3 && strstr(type, map));
}

/* ---- candidates from BTF ---- */

static struct record_candidate btf_candidate(
	const struct finder *f, enum record_rank rank, uint32_t type)
{
	struct btf_type t;
	struct record_candidate c = {.rank = rank, .type = type, .word = "", .name = ""};
	int64_t size = btf_size(f->btf, type);
	c.size = size > 0 ? (uint64_t)size : 0;
	/* Qualifiers are ignored. */
	for (int i = 0; i < BTF_DEPTH && btf_type(f->btf, type, &t); i++) {
		c.type = type;
		c.name = btf_name(&t);
		if (t.kind != BTF_CONST && t.kind != BTF_VOLATILE && t.kind != BTF_RESTRICT)
			break;
		type = t.type;
	}
	if (t.kind == BTF_STRUCT)
		c.word = "struct ";
	else if (t.kind == BTF_UNION)
		c.word = "union ";
	else if (btf_is_enum(&t))
		c.word = "enum ";
	return c;
}

static bool is_record(const struct finder *f, uint32_t type)
{
	struct btf_type t;
	btf_skip(f->btf, type, &t);
	return btf_is_composite(&t);
}

/* The type of the variable at an offset of a data section, found by its symbol: offsets in BTF are
 * only valid after linking. */
static uint32_t variable_type(const struct finder *f, const struct obj_map *m, int64_t off)
{
	const struct elf *elf = &f->o->elf;
	struct btf_type sec, var;
	const char *name = NULL;
	for (size_t i = 0; i < elf->n_symbols && !name; i++) {
		const struct elf_symbol *s = &elf->symbols[i];
		if (s->section == m->section && s->type == ELF_OBJECT && s->value == (uint64_t)off)
			name = s->name;
	}
	if (!name || !m->value_type || !btf_type(f->btf, m->value_type, &sec))
		return 0;
	for (uint32_t i = 0; i < sec.vlen; i++)
		if (btf_type(f->btf, btf_secinfo(&sec, i).type, &var) && var.kind == BTF_VAR &&
			!strcmp(btf_name(&var), name))
			return var.type;
	return 0;
}

/* Records that are map elements or global variables have a type in BTF. */
static void add_by_data(struct finder *f, size_t call)
{
	const struct record_call *c = &f->calls.items[call];
	struct value v = c->data;
	uint32_t type = 0;
	if (v.kind == VALUE_RESULT && v.id && !v.off)
		type = f->o->maps[v.id - 1].value_type;
	else if (v.kind == VALUE_DATA)
		type = variable_type(f, &f->o->maps[v.id], v.off);
	if (!type || !is_record(f, type))
		return;
	struct record_candidate found = btf_candidate(f, RANK_PLACE, type);
	if (found.size && found.size < c->size)
		found.rank = RANK_BEGINS;
	if (found.size && (!c->size || found.size <= c->size))
		records_add(&f->found[call], found);
}

static void add_by_size(struct finder *f, enum record_rank rank, uint32_t type)
{
	if (!is_record(f, type))
		return;
	struct record_candidate c = btf_candidate(f, rank, type);
	for (size_t i = 0; i < f->calls.n && *c.name; i++) {
		const char *map = records_owner(f->o, &f->calls.items[i]);
		bool alike = records_alike(map, c.name), open = true;
		for (size_t k = 0; k < f->found[i].n; k++)
			open &= f->found[i].items[k].rank <= RANK_SIZE_BTF_VAR;
		if (!open || f->calls.items[i].size != c.size)
			continue;
		/* A map value of the same size is too likely to be unrelated. */
		if (!alike && rank != RANK_SIZE_BTF_VAR)
			continue;
		c.depth = alike;
		records_add(&f->found[i], c);
	}
}

static bool has_unresolved_calls(const struct finder *f)
{
	for (size_t i = 0; i < f->calls.n; i++)
		if (!f->found[i].n && f->calls.items[i].size)
			return true;
	return false;
}

/* BTF types by size, for calls without a candidate. */
static void add_all_by_size(struct finder *f)
{
	struct btf_type t = {0}, ptr;
	if (!has_unresolved_calls(f))
		return;
	while (btf_next_in(f->btf, &t, 1u << BTF_VAR))
		if (btf_skip(f->btf, t.type, &ptr) && ptr.kind == BTF_PTR)
			add_by_size(f, RANK_SIZE_BTF_VAR, ptr.type);
	for (size_t i = 0; i < f->o->n_maps; i++)
		if (f->o->maps[i].kind == OBJ_MAP_DECLARED && f->o->maps[i].value_type)
			add_by_size(f, RANK_SIZE_BTF_VALUE, f->o->maps[i].value_type);
	t = (struct btf_type){0};
	while (btf_next_in(f->btf, &t, BTF_COMPOSITES | 1u << BTF_TYPEDEF)) {
		struct btf_type inner;
		btf_skip(f->btf, t.id, &inner);
		if (t.kind != BTF_TYPEDEF || !*btf_name(&inner))
			add_by_size(f, RANK_SIZE_BTF, t.id);
	}
}

/* ---- results ---- */

void records_set(
	struct finder *f, struct record_result *r, enum record_confidence confidence, uint32_t type)
{
	struct btf_type t;
	struct record_candidate c = btf_candidate(f, RANK_PLACE, type);
	btf_type(f->btf, c.type, &t);
	r->type = c.type;
	r->size = (uint32_t)c.size;
	r->confidence = confidence;
	r->origin = ORIGIN_BTF;
	r->name = arena_printf(f->arena, "%s%s", c.word, *c.name ? c.name : "{...}");
}

uint32_t records_convert(struct finder *f, uint64_t die)
{
	for (size_t i = 0; i < f->n_converted; i++)
		if (f->converted[i].die == die)
			return f->converted[i].id;
	uint32_t id = dwarf_to_btf(&f->dwarf, die, &f->append);
	struct converted *list = arena_grow(
		f->scratch, f->converted, f->n_converted, &f->converted_room, sizeof *list);
	if (!list)
		return 0;
	f->converted = list;
	list[f->n_converted++] = (struct converted){die, id};
	return id;
}

static uint32_t type_of(struct finder *f, const struct record_candidate *c)
{
	return c->type ? c->type : records_convert(f, c->die);
}

static const char *name_of(struct finder *f, const struct record_candidate *c)
{
	const char *name =
		arena_printf(f->arena, "%s%.100s", c->word, *c->name ? c->name : "{...}");
	return name ? name : "";
}

/* Drops candidates that cannot be converted to BTF until the first one can. */
static void drop_invalid(struct finder *f, struct record_candidates *a)
{
	while (a->n && !type_of(f, &a->items[0])) {
		a->n--;
		memmove(a->items, a->items + 1, a->n * sizeof *a->items);
	}
}

static enum record_confidence confidence_of(
	const struct finder *f, const struct record_candidates *a)
{
	enum record_rank rank = a->items[0].rank;
	if (rank >= RANK_BEGINS)
		return RECORD_EXACT;
	if (rank == RANK_CODE)
		return RECORD_CODE;
	bool by_size = rank < RANK_FUNCTION;
	return a->n > 1 || a->many || (by_size && f->has_dwarf) || rank == RANK_SIZE_SOURCE
	               ? RECORD_GUESS
	               : RECORD_ONLY;
}

static void add_other(
	struct finder *f, struct record_result *r, const struct record_candidate *c, bool sent)
{
	const char *name = name_of(f, c);
	if (r->n_others == OTHERS_MAX || (r->size == c->size && !strcmp(r->name, name)))
		return;
	for (size_t i = 0; i < r->n_others; i++)
		if (r->others[i].size == c->size && !strcmp(r->others[i].name, name))
			return;
	r->others[r->n_others++] = (struct record_alternative){
		name, sent ? type_of(f, c) : 0, (uint32_t)c->size, sent, c->layout};
}

/* Whether a call sends records of the map, or those of the function, which may call others. */
static bool belongs(const struct finder *f, const struct record_call *c, size_t map)
{
	if (map < f->o->n_maps)
		return c->map == map;
	const struct obj_func *func = &f->o->funcs[map - f->o->n_maps];
	return c->map == f->o->n_maps && (c->func == func || !c->func->entry);
}

/* All types of records in a map, that of the result first. */
static bool list_kinds(struct finder *f, size_t map)
{
	struct record_result *r = &f->out[map];
	r->kinds = arena_array(f->arena, KINDS_MAX, sizeof *r->kinds);
	for (int pass = 0; r->kinds && r->n_others && pass < 2; pass++)
		for (size_t i = 0; i < f->calls.n && r->n_kinds < KINDS_MAX; i++) {
			if (!belongs(f, &f->calls.items[i], map) || !f->found[i].n)
				continue;
			const struct record_candidate *c = &f->found[i].items[0];
			struct record_kind new = {type_of(f, c), (uint32_t)c->size, f->tags[i]};
			bool known = (new.type == r->type) == pass || !new.type;
			for (size_t k = 0; k < r->n_kinds && !known; k++)
				known = r->kinds[k].type == new.type &&
				        r->kinds[k].tag.value == new.tag.value;
			if (!known)
				r->kinds[r->n_kinds++] = new;
		}
	if (r->n_kinds == 1)
		r->n_kinds = 0;
	return r->kinds != NULL;
}

/* The result for a map is that of the call with the best candidate; of equal ones the first. */
static bool select_type(struct finder *f, size_t map)
{
	struct record_result *r = &f->out[map];
	const struct record_candidates *best = NULL;
	bool any = false;
	for (size_t i = 0; i < f->calls.n; i++) {
		struct record_candidates *a = &f->found[i];
		if (!belongs(f, &f->calls.items[i], map))
			continue;
		any = true;
		drop_invalid(f, a);
		bool wins = a->n && (!best || a->items[0].rank > best->items[0].rank);
		if (wins)
			best = a;
		if (wins || !r->record)
			r->record = f->calls.items[i].size;
	}
	if (any && (!best || best->items[0].rank < RANK_FUNCTION))
		r->problem = f->dwarf.problem;
	if (!best)
		return true;
	r->others = arena_array(f->arena, OTHERS_MAX, sizeof *r->others);
	if (!r->others)
		return false;
	r->type = type_of(f, &best->items[0]);
	r->size = (uint32_t)best->items[0].size;
	r->confidence = confidence_of(f, best);
	r->layout = best->items[0].layout;
	r->origin = r->layout ? ORIGIN_CODE : best->items[0].type ? ORIGIN_BTF : ORIGIN_DWARF;
	r->file = r->origin == ORIGIN_DWARF && f->from->twin ? f->from->twin->path : NULL;
	r->name = name_of(f, &best->items[0]);
	for (size_t i = 0; i < f->calls.n; i++)
		if (belongs(f, &f->calls.items[i], map) && f->found[i].n)
			add_other(f, r, &f->found[i].items[0], true);
	for (size_t i = 1; i < best->n && r->confidence < RECORD_EXACT; i++)
		add_other(f, r, &best->items[i], false);
	return list_kinds(f, map);
}

/* ---- from the code ---- */

/* Whether a call has no type but that of a size at most. */
static bool is_open(const struct finder *f, size_t call)
{
	return !f->found[call].n || f->found[call].items[0].rank < RANK_CODE;
}

/* Whether two calls send records to the same map, or write those of one function. */
static bool same_sender(
	const struct finder *f, const struct record_call *a, const struct record_call *b)
{
	return a->map == b->map && (a->map < f->o->n_maps || a->func == b->func);
}

/* Replaces candidates that contradict the code. */
static void add_layout(
	struct finder *f, size_t call, const struct layout *l, const char *name, uint32_t type)
{
	struct record_candidates *found = &f->found[call];
	const struct record_candidate *best = &found->items[0];
	if (found->n && (!best->type || layout_fits(l, f->btf, best->type)))
		return;
	*found = (struct record_candidates){0};
	records_add(found, (struct record_candidate){.rank = RANK_CODE,
				   .word = "",
				   .name = name,
				   .type = type,
				   .size = l->size,
				   .layout = l});
}

/* The only struct in BTF that has the fields of a layout, with their names; 0: none, or several. */
static uint32_t type_with_names(const struct finder *f, const struct layout *l)
{
	struct btf_type t = {0};
	uint32_t found = 0;
	while (l->size && btf_next_in(f->btf, &t, 1u << BTF_STRUCT | 1u << BTF_TYPEDEF)) {
		struct btf_type inner;
		uint32_t id = btf_skip(f->btf, t.id, &inner);
		if (inner.kind != BTF_STRUCT || inner.size != l->size ||
			(t.kind == BTF_TYPEDEF && *btf_name(&inner)) || !*btf_name(&t) ||
			!layout_is(l, f->btf, id))
			continue;
		if (found)
			return 0;
		found = t.id;
	}
	return found;
}

/* The calls, from `call` on, that send records of its size to its map; open: whose type is. */
static const struct record_call **like(struct finder *f, size_t call, bool open, size_t *n)
{
	const struct record_call *c = &f->calls.items[call], **list = NULL;
	size_t room = 0;
	*n = 0;
	for (size_t i = call; i < f->calls.n; i++) {
		const struct record_call *x = &f->calls.items[i];
		if (!same_sender(f, x, c) || x->size != c->size || (open && !is_open(f, i)))
			continue;
		list = arena_grow(f->scratch, list, *n, &room, sizeof *list);
		if (!list)
			return NULL;
		list[(*n)++] = x;
	}
	return list;
}

/* Fills f->tags of these calls. */
static void tag(struct finder *f, const struct record_call **calls, size_t n)
{
	struct record_tag *tags = arena_array(f->scratch, n, sizeof *tags);
	if (!tags || n < 2 || !tags_find(f->writes, calls, n, f->o->elf.file.big, f->scratch, tags))
		return;
	for (size_t i = 0; i < n; i++)
		f->tags[calls[i] - f->calls.items] = tags[i];
}

static bool has_conflict(const struct layout *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->fields[i].problem)
			return true;
	return false;
}

/* One layout for all of these calls, which have the same tag as the first one. */
static bool infer_one(
	struct finder *f, const struct record_call **calls, size_t n, struct layout **out)
{
	struct write_list list = {0};
	struct layout *l = *out = arena_alloc(f->arena, sizeof *l);
	const struct record_tag *t = &f->tags[calls[0] - f->calls.items];
	for (size_t i = 0; l && i < n; i++)
		if (f->tags[calls[i] - f->calls.items].value == t->value &&
			!writes_to_record(f->writes, calls[i], &list))
			return false;
	return l && layout_make(f->o, &list, calls[0]->size, f->arena, l);
}

static bool add_layouts(
	struct finder *f, const struct record_call **calls, size_t n, const struct layout *l)
{
	const char *map = records_owner(f->o, calls[0]);
	const struct record_tag *t = &f->tags[calls[0] - f->calls.items];
	uint64_t value = t->value;
	uint32_t known = type_with_names(f, l), type = known;
	const char *name =
		t->size ? arena_printf(f->arena, "%s.%llu~", map, (unsigned long long)value)
			: arena_printf(f->arena, "%s~", map);
	if (!known)
		type = name ? layout_to_btf(l, name, &f->append) : 0;
	for (size_t i = 0; type && i < n; i++) {
		size_t call = (size_t)(calls[i] - f->calls.items);
		if (f->tags[call].value != value || !is_open(f, call))
			continue;
		if (!known) {
			add_layout(f, call, l, name, type);
			continue;
		}
		f->found[call] = (struct record_candidates){0};
		records_add(&f->found[call], btf_candidate(f, RANK_PLACE, known));
	}
	return type != 0;
}

/* The layout of the records that a call, and others like it, send; or several, by their tags, if they
 * contradict each other. done: by call. */
static bool infer(struct finder *f, size_t call, bool *done)
{
	size_t n;
	struct layout *l;
	const struct record_call **calls = like(f, call, true, &n);
	if (!calls || !infer_one(f, calls, n, &l))
		return false;
	if (has_conflict(l))
		tag(f, calls, n);
	for (size_t i = 0; i < n; i++) {
		if (done[calls[i] - f->calls.items])
			continue;
		if (f->tags[call].size && !infer_one(f, &calls[i], n - i, &l))
			return false;
		for (size_t k = i; k < n; k++)
			done[calls[k] - f->calls.items] |=
				f->tags[calls[k] - f->calls.items].value ==
				f->tags[calls[i] - f->calls.items].value;
		if (l->n_known && !add_layouts(f, &calls[i], n - i, l))
			return false;
	}
	return true;
}

/* Calls that send records of one size and different types, which something else has told. */
static bool tag_known(struct finder *f)
{
	for (size_t i = 0; i < f->calls.n && f->calls.n <= TAGGED_MAX; i++) {
		size_t n;
		bool differ = false;
		if (is_open(f, i) || f->tags[i].size)
			continue;
		for (size_t k = 0; k < f->calls.n && !(k >= i && differ); k++) {
			const struct record_call *x = &f->calls.items[i], *y = &f->calls.items[k];
			if (!same_sender(f, x, y) || x->size != y->size || is_open(f, k))
				continue;
			if (k < i) /* the first one has looked at all */
				break;
			differ = !same_type(&f->found[i].items[0], &f->found[k].items[0]);
		}
		if (!differ)
			continue;
		const struct record_call **calls = like(f, i, false, &n);
		if (!calls)
			return false;
		tag(f, calls, n);
	}
	return true;
}

/* Whether the records of a call are of unknown size, but others of the same map are not. */
static bool is_vague(const struct finder *f, size_t call)
{
	const struct record_call *c = &f->calls.items[call];
	bool vague = false;
	for (size_t i = 0; i < f->calls.n && !c->size && !vague; i++)
		vague = f->calls.items[i].map == c->map && f->calls.items[i].size;
	return vague;
}

/* Records whose type nothing else tells. */
static bool infer_all(struct finder *f)
{
	bool *done = arena_array(f->scratch, f->calls.n, sizeof *done);
	bool ok = done != NULL;
	for (size_t i = 0; ok && i < f->calls.n; i++)
		if (!done[i] && is_open(f, i) && !is_vague(f, i))
			ok = infer(f, i, done);
	return ok && tag_known(f);
}

/* ---- all together ---- */

static bool needs_dwarf(const struct finder *f)
{
	for (size_t i = 0; i < f->from->n_choices; i++)
		if (f->wishes[i].name)
			return true;
	for (size_t i = 0; i < f->calls.n; i++)
		if (!f->found[i].n || f->found[i].items[0].rank != RANK_PLACE)
			return true;
	return false;
}

/* Sets the sizes of records of iterators, and drops the calls of those that write text. */
static bool drop_text(struct finder *f)
{
	const struct object *o = f->o;
	uint32_t *sizes = arena_array(f->scratch, o->n_funcs + 1, sizeof *sizes); /* by function */
	if (!sizes)
		return false;
	uint32_t *shared = &sizes[o->n_funcs]; /* by all others */
	size_t kept = 0;
	for (size_t i = 0; i < f->calls.n; i++) {
		const struct record_call *c = &f->calls.items[i];
		uint32_t *size = c->func->entry ? &sizes[c->func - o->funcs] : shared;
		bool constant = c->data.kind == VALUE_DATA && o->maps[c->data.id].read_only;
		if (c->map == o->n_maps)
			*size = constant || !c->size || (*size && *size != c->size) ? TEXT
			                                                            : c->size;
	}
	for (size_t i = 0; i < o->n_funcs; i++) {
		bool differ = sizes[i] && *shared && sizes[i] != *shared;
		uint32_t size = differ ? TEXT : sizes[i] | *shared;
		f->out[o->n_maps + i].record =
			f->out[o->n_maps + i].iterator && size != TEXT ? size : 0;
	}
	for (size_t i = 0; i < f->calls.n; i++) {
		const struct record_call *c = &f->calls.items[i];
		bool text = c->func->entry
		                    ? !f->out[o->n_maps + (size_t)(c->func - o->funcs)].record
		                    : *shared == TEXT;
		if (c->map < o->n_maps || !text)
			f->calls.items[kept++] = *c;
	}
	f->calls.n = kept;
	return true;
}

static bool read_code(struct finder *f)
{
	bool any = false, *all = arena_array(f->scratch, f->o->n_maps + 1, sizeof *all);
	for (size_t i = 0; all && i <= f->o->n_maps; i++) {
		all[i] = f->wanted[i] || (i < f->o->n_maps && records_in(&f->o->maps[i]));
		any |= all[i];
	}
	struct flow_visitor visitor;
	if (!all || !calls_visitor(all, f->scratch, &f->calls, &visitor))
		return false;
	/* What they send is looked for at the same time. */
	if (any && calls_are_in(f->o) && !(f->writes = writes_read(f->o, &visitor, f->scratch)))
		return false;
	if (f->wanted[f->o->n_maps] && !drop_text(f))
		return false;
	f->found = arena_array(f->scratch, f->calls.n, sizeof *f->found);
	f->tags = arena_array(f->scratch, f->calls.n, sizeof *f->tags);
	if (!f->found || !f->tags)
		return false;
	for (size_t i = 0; i < f->calls.n; i++) { /* declared, or chosen */
		size_t map = f->calls.items[i].map;
		if (map < f->o->n_maps && !f->wanted[map])
			records_add(&f->found[i], (struct record_candidate){.rank = RANK_PLACE,
							  .word = "",
							  .name = "",
							  .type = f->out[map].type});
	}
	return true;
}

static bool search_dwarf(struct finder *f)
{
	const struct object *twin = f->from->twin, *o = twin ? twin : f->o;
	struct record_calls calls = f->calls;
	if (twin && !records_calls_in_twin(f, &calls))
		return false;
	f->has_dwarf = needs_dwarf(f) && dwarf_open(&f->dwarf, &o->elf, f->scratch);
	return !f->has_dwarf ||
	       records_search(&f->dwarf, o, &calls, f->found, f->wishes, f->from->n_choices) ||
	       err_nomem(f->e);
}

static bool find(struct finder *f)
{
	if (!records_read_choices(f))
		return false;
	if (!read_code(f))
		return err_nomem(f->e);
	if (!records_check_choices(f))
		return false;
	for (size_t i = 0; i < f->calls.n; i++)
		add_by_data(f, i);
	if (!search_dwarf(f))
		return false;
	add_all_by_size(f);
	if (!infer_all(f))
		return err_nomem(f->e);
	for (size_t i = 0; i < f->o->n_maps + f->o->n_funcs; i++) {
		bool wanted = i < f->o->n_maps ? f->wanted[i] : f->out[i].record != 0;
		if (wanted && !f->out[i].confidence && !select_type(f, i))
			return err_nomem(f->e);
	}
	return records_resolve_choices(f) && (!f->scratch->full || err_nomem(f->e));
}

/* ---- contents ---- */

/* The calls that send records of a type, which is one of those of the result. */
static const struct record_call **senders(
	const struct finder *f, size_t map, uint32_t type, size_t *n)
{
	const struct record_call **list = arena_array(f->scratch, f->calls.n, sizeof *list);
	const struct record_result *r = &f->out[map];
	*n = 0;
	for (size_t i = 0; list && i < f->calls.n; i++) {
		const struct record_call *c = &f->calls.items[i];
		const struct record_candidate *is = &f->found[i].items[0];
		if (!belongs(f, c, map))
			continue;
		bool fixed = r->confidence >= RECORD_CHOSEN && (!c->size || c->size >= r->size);
		bool same = f->found[i].n && type && is->type == type;
		for (size_t k = 0; k < f->n_converted && !same; k++)
			same = f->found[i].n && !is->type && f->converted[k].die == is->die &&
			       f->converted[k].id == type;
		if (fixed || same)
			list[(*n)++] = c;
	}
	return list;
}

static void tag_result(struct finder *f, struct contents *c, size_t map)
{
	struct record_result *r = &f->out[map];
	for (size_t i = 0; i <= r->n_kinds; i++) {
		uint32_t type = i ? r->kinds[i - 1].type : r->type, tagged = 0;
		size_t n;
		const struct record_call **calls = senders(f, map, type, &n);
		if (calls && type < c->types->end) /* else tagged before */
			tagged = contents_tag(c, calls, n, type);
		if (!tagged || tagged == type)
			continue;
		r->type = r->type == type ? tagged : r->type;
		for (size_t k = 0; k < r->n_kinds; k++)
			if (r->kinds[k].type == type)
				r->kinds[k].type = tagged;
		for (size_t k = 0; k < r->n_others; k++)
			if (r->others[k].type == type)
				r->others[k].type = tagged;
	}
}

/* Adds what the code tells about the contents of records to *display. */
static bool tag_contents(struct finder *f, struct span *display)
{
	struct btf types;
	struct btf_append append;
	if (!f->calls.n)
		return true;
	if (!btf_open(&types, *display, NULL, f->scratch, f->e))
		return false;
	btf_append_begin(&append, &types, f->scratch);
	struct contents c = {f->o, &types, &append, f->writes, f->scratch, CONTENTS_STEPS};
	for (size_t i = 0; i < f->o->n_maps + f->o->n_funcs; i++)
		if (f->out[i].type)
			tag_result(f, &c, i);
	*display = btf_append_end(&append, f->arena, f->e);
	return !f->e->set && (!f->scratch->full || err_nomem(f->e));
}

/* By SONDE_EVENT, or as the type of the map's values, which the kernel does not accept for such maps. */
static uint32_t declared_type(const struct finder *f, const struct obj_map *m)
{
	if (m->event_type)
		return m->event_type;
	return records_in(m) && m->value_type && is_record(f, m->value_type) ? m->value_type : 0;
}

bool records_find(const struct object *o, const struct btf *btf, const struct record_sources *from,
	struct arena *a, struct record_result *out, struct span *display, struct err *e)
{
	const struct record_sources alone = {0};
	struct arena scratch = {0};
	struct finder f = {.o = o,
		.from = from ? from : &alone,
		.btf = btf,
		.arena = a,
		.scratch = &scratch,
		.out = out,
		.e = e};
	bool any = f.from->n_choices || f.from->twin;
	*display = btf->data;
	f.wanted = arena_array(&scratch, o->n_maps + 1, sizeof *f.wanted);
	for (size_t i = 0; i < o->n_maps && f.wanted; i++) {
		uint32_t type = declared_type(&f, &o->maps[i]);
		out[i] = (struct record_result){.name = ""};
		if (type) {
			records_set(&f, &out[i], RECORD_DECLARED, type);
			out[i].type = type;
		}
		f.wanted[i] = records_in(&o->maps[i]) && !type;
		any |= records_in(&o->maps[i]);
	}
	size_t iterators = 0;
	for (size_t i = 0; i < o->n_funcs; i++) {
		bool iterator = records_is_iterator(&o->funcs[i]) && iterators++ < ITERATORS_MAX;
		out[o->n_maps + i] = (struct record_result){.name = "", .iterator = iterator};
		any |= iterator;
		if (f.wanted)
			f.wanted[o->n_maps] |= iterator;
	}
	bool ok = f.wanted || err_nomem(e);
	if (ok && any) {
		btf_append_begin(&f.append, btf, &scratch);
		ok = find(&f);
		if (f.from->twin_told && f.n_converted)
			*f.from->twin_told = true;
		if (ok)
			*display = btf_append_end(&f.append, a, e);
		ok = ok && !e->set && tag_contents(&f, display);
	}
	arena_free(&scratch);
	return ok && (!a->full || err_nomem(e));
}

/* ---- messages ---- */

static const char *list(const struct record_result *r, bool sent, const char *head, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < r->n_others && text; i++) {
		const struct record_alternative *x = &r->others[i];
		if (x->sent != sent)
			continue;
		text = arena_printf(a, "%s%s%s", text, *text ? ", " : head, x->name);
	}
	return text ? text : "";
}

/* Whether the types of records in one map can be distinguished by size or tag. */
static bool kinds_differ(const struct record_result *r)
{
	for (size_t i = 0; i < r->n_kinds; i++)
		for (size_t k = 0; k < i; k++)
			if (r->kinds[k].size == r->kinds[i].size && !r->kinds[i].tag.size)
				return false;
	return r->n_kinds > 0;
}

const char *records_describe(const char *map, const struct record_result *r, struct arena *a)
{
	const char *word = r->iterator ? "program" : "map";
	if (r->confidence == RECORD_NONE)
		return r->problem ? arena_printf(a, "%s '%s': unknown record type: %s", word, map,
					    r->problem)
		                  : NULL;
	if (r->confidence >= RECORD_CHOSEN)
		return NULL;
	if (r->layout)
		return arena_printf(a,
			"map '%s': record type inferred from the code (%zu of %zu fields certain)",
			map, r->layout->n_known, layout_fields(r->layout));
	const char *sent = list(r, true, "; also sent: ", a);
	const char *fits = list(r, false, "also matches: ", a);
	const char *why = r->confidence == RECORD_GUESS  ? ", guessed by size"
	                  : r->confidence == RECORD_ONLY ? ", by size"
	                                                 : "";
	if (r->confidence == RECORD_EXACT && (!*sent || kinds_differ(r)))
		return NULL;
	uint16_t tag;
	const char *example = "NAME";
	for (size_t i = r->n_others; i--;)
		if (!r->others[i].sent)
			example = records_split(r->others[i].name, &tag);
	if (r->confidence == RECORD_GUESS)
		fits = arena_printf(a, " (%s%sselect with --event %s=%s)", fits, *fits ? "; " : "",
			map, example);
	return arena_printf(a, "%s '%s': records shown as %s%s%s%s", word, map, r->name, why,
		fits ? fits : "", sent);
}

const struct record_finder record_finder = {records_find, records_describe};
