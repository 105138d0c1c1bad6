/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Overview.
 *
 * 1. Candidates for the root types of all relocations are found in one scan of the kernel's types
 *    (core_find.c).
 * 2. A relocation is parsed in local types and matched against each candidate of its root. All
 *    matches must agree on offset and value, otherwise the relocation is ambiguous. Candidates that
 *    do not match are dropped for later relocations of this root, unless there is no match at all.
 * 3. Without a match, the value of exists, matches, size and id is 0; other kinds poison.
 * 4. The value is written into the instruction.
 *
 * Programs read the same fields again and again: steps 2 and 3 are done once for each type, access
 * string and kind.
 */
#include "core_impl.h"

struct core_relo core_relo_get(struct span records, uint32_t rec_size, uint32_t i)
{
	uint64_t off = (uint64_t)i * rec_size;
	return (struct core_relo){
		.insn_off = span_u32(records, off),
		.type_id = span_u32(records, off + 4),
		.access_off = span_u32(records, off + 8),
		.kind = span_u32(records, off + 12),
	};
}

const char *core_kind_name(enum core_kind kind)
{
	static const char *const names[CORE_KINDS] = {
		[CORE_FIELD_OFFSET] = "field_offset",
		[CORE_FIELD_SIZE] = "field_size",
		[CORE_FIELD_EXISTS] = "field_exists",
		[CORE_FIELD_SIGNED] = "field_signed",
		[CORE_FIELD_LSHIFT] = "field_lshift",
		[CORE_FIELD_RSHIFT] = "field_rshift",
		[CORE_TYPE_ID_LOCAL] = "type_id_local",
		[CORE_TYPE_ID_TARGET] = "type_id_target",
		[CORE_TYPE_EXISTS] = "type_exists",
		[CORE_TYPE_SIZE] = "type_size",
		[CORE_ENUM_EXISTS] = "enum_exists",
		[CORE_ENUM_VALUE] = "enum_value",
		[CORE_TYPE_MATCHES] = "type_matches",
	};
	return (unsigned)kind < CORE_KINDS ? names[kind] : "unknown";
}

/* Memory for as many memos as there are relocations; of a large number, a part begins anew. */
static bool make_memos(struct core *c, const struct span *records, const uint32_t *rec_sizes,
	size_t n_records, struct err *e)
{
	uint32_t buckets = 8;
	c->memo_room = 1;
	for (size_t i = 0; i < n_records && c->memo_room < CORE_MEMOS; i++) {
		size_t n = rec_sizes[i] ? records[i].n / rec_sizes[i] : 0;
		c->memo_room += n < CORE_MEMOS ? (uint32_t)n : CORE_MEMOS;
	}
	while (buckets < c->memo_room)
		buckets *= 2;
	c->mask = buckets - 1;
	c->memos = arena_array(c->arena, c->memo_room, sizeof *c->memos);
	c->buckets = arena_array(c->arena, buckets, sizeof *c->buckets);
	return (c->memos && c->buckets) || err_nomem(e);
}

struct core *core_new(const struct btf *local, struct kernel_types *kernel,
	const struct span *records, const uint32_t *rec_sizes, size_t n_records, struct arena *a,
	struct err *e)
{
	struct core *c = arena_alloc(a, sizeof *c);
	if (!c) {
		err_nomem(e);
		return NULL;
	}
	*c = (struct core){.local = local, .kernel = kernel, .arena = a};
	if (!core_find_roots(c, records, rec_sizes, n_records, e) ||
		!make_memos(c, records, rec_sizes, n_records, e))
		return NULL;
	return c;
}

void core_describe_all(struct core *c)
{
	c->describe = true;
}

static bool ambiguous(const struct core *c, const struct core_found *first,
	const struct core_cand *cand, const struct core_value *v, struct err *e)
{
	char name[64];
	btf_spell(c->kernel->list[cand->target], cand->id, name, sizeof name);
	return err_set(e,
		"ambiguous: several types of the kernel match, %s is BTF type %u (value %llu) and "
		"%u (value %llu)",
		name, first->id, (unsigned long long)first->value.value, cand->id,
		(unsigned long long)v->value);
}

static bool match_candidates(struct core *c, struct core_root *root, const struct core_spec *local,
	bool big, struct core_found *found, struct err *e)
{
	size_t kept = 0;
	*found = (struct core_found){0};
	for (size_t i = 0; i < root->n_cands; i++) {
		struct core_cand cand = root->cands[i];
		const struct btf *b = c->kernel->list[cand.target];
		struct core_spec s;
		struct core_match m;
		struct core_value v;
		if (!core_match(local, b, cand.id, &s, &m, e))
			return false;
		if (m.misfit != CORE_FITS)
			continue;
		if (!core_value(&s, local->kind, big, &v, e))
			return err_where(e, "in the kernel's types");
		if (!found->btf)
			*found = (struct core_found){v, b, s.bit_off, cand.target, cand.id};
		else if (s.bit_off != found->bit_off || v.value != found->value.value ||
			 v.poison != found->value.poison)
			return ambiguous(c, found, &cand, &v, e);
		root->cands[kept++] = cand;
	}
	if (kept)
		root->n_cands = kept;
	if (!found->btf)
		return core_value(NULL, local->kind, big, &found->value, e);
	return true;
}

/*
 * The values of a plain ENUM have 32 bits, and older compilers and kernels (before 6.0) do not record
 * whether they are signed. If the instruction contains the sign-extended value, the compiler treated
 * them as signed, and the kernel's value is sign-extended as well.
 */
static void settle_sign(const struct core *c, struct core_memo *m, const uint8_t *insns, size_t n,
	size_t idx, bool big)
{
	uint64_t has;
	struct btf_type t;
	if (m->kind != CORE_ENUM_VALUE || !core_wide_get(insns, n, idx, big, &has))
		return;
	btf_type(c->local, m->type, &t);
	bool is_signed = t.kflag;
	if (t.kind == BTF_ENUM && !t.kflag && has == (uint64_t)(int32_t)(uint32_t)m->local.value) {
		is_signed = true;
		m->local.value = has;
	}
	if (!is_signed || !m->found.btf)
		return;
	btf_skip(m->found.btf, m->found.id, &t);
	if (t.kind == BTF_ENUM && !t.kflag)
		m->found.value.value = (uint64_t)(int32_t)(uint32_t)m->found.value.value;
}

static bool no_kernel_btf(const struct core *c, struct err *e)
{
	const char *unread = c->kernel->unread;
	err_hint(e,
		"kernels with CONFIG_DEBUG_INFO_BTF=y provide /sys/kernel/btf/vmlinux; for others "
		"specify BTF of this kernel with --btf FILE (pahole --btf_encode_detached=FILE "
		"vmlinux)");
	return err_set(
		e, "this kernel has no BTF%s%s", unread ? ", and " : "", unread ? unread : "");
}

/* Whether the list tells what the kernel has: of a kernel without types only layouts are known. */
static bool is_answered(const struct core *c, const struct core_root *root, enum core_kind kind)
{
	const struct kernel_types *k = c->kernel;
	if (!k->complete)
		return true;
	return (core_is_field(kind) || kind == CORE_TYPE_EXISTS || kind == CORE_TYPE_SIZE) &&
	       (root->n_cands || k->complete(k, root->name, root->len));
}

/* Whether candidates are looked for. */
static bool has_root(const struct core *c, const struct core_memo *m)
{
	return m->kind != CORE_TYPE_ID_LOCAL && c->kernel->n;
}

/* Determines the values of a relocation; m has its key. */
static bool resolve(struct core *c, struct core_memo *m, bool big, struct err *e)
{
	struct core_spec local;
	if (!core_spec_parse(&local, c->local, m->type_id, btf_str(c->local, m->access_off),
		    (enum core_kind)m->kind, e))
		return false;
	if (!core_value(&local, local.kind, big, &m->local, e))
		return err_where(e, "in the object's own types");
	m->type = local.n ? local.step[0].type : 0;
	m->found = (struct core_found){.value = m->local};
	if (!has_root(c, m))
		return local.kind == CORE_TYPE_ID_LOCAL || no_kernel_btf(c, e);
	struct core_root *root = core_root_of(c, m->type_id);
	if (!root && !(root = core_add_root(c, m->type_id, e)))
		return false;
	if (!root->len)
		return err_set(e, "unnamed types cannot be found in the kernel");
	if (!is_answered(c, root, local.kind))
		return no_kernel_btf(c, e);
	bool ok = match_candidates(c, root, &local, big, &m->found, e);
	m->n_cands = root->n_cands;
	return ok;
}

/* The memo of a relocation, NULL with e set on failure. */
static const struct core_memo *memo_of(
	struct core *c, const struct core_relo *r, bool big, struct err *e)
{
	struct core_memo fresh = {
		.type_id = r->type_id, .access_off = r->access_off, .kind = r->kind};
	uint32_t hash = (r->type_id * 31 + r->access_off) * 31 + r->kind;
	uint32_t *bucket = &c->buckets[(hash ^ hash >> 12) & c->mask];
	struct core_memo *m = NULL;
	for (uint32_t i = *bucket; i && !m; i = c->memos[i - 1].next)
		if (c->memos[i - 1].type_id == r->type_id &&
			c->memos[i - 1].access_off == r->access_off &&
			c->memos[i - 1].kind == r->kind)
			m = &c->memos[i - 1];
	if (m && (!has_root(c, m) || core_root_of(c, r->type_id)->n_cands == m->n_cands))
		return m;
	if (!resolve(c, &fresh, big, e))
		return NULL;
	if (m) { /* candidates were dropped */
		fresh.next = m->next;
		*m = fresh;
		return m;
	}
	if (c->n_memos == c->memo_room) {
		memset(c->buckets, 0, (c->mask + (size_t)1) * sizeof *c->buckets);
		c->n_memos = 0;
	}
	m = &c->memos[c->n_memos++];
	fresh.next = *bucket;
	*bucket = c->n_memos;
	*m = fresh;
	return m;
}

/* Writes what the relocation refers to. */
static void describe(const struct core *c, const struct core_relo *r, struct core_result *result)
{
	struct core_spec local;
	struct err ignored = {0};
	if (core_spec_parse(&local, c->local, r->type_id, btf_str(c->local, r->access_off),
		    result->kind, &ignored))
		core_describe(&local, result->what, sizeof result->what);
	else
		btf_spell(c->local, r->type_id, result->what, sizeof result->what);
}

/* Writes why there is no match. */
static void explain(struct core *c, const struct core_relo *r, const struct core_memo *m,
	bool resized, struct core_result *result)
{
	struct core_root *root = core_root_of(c, r->type_id);
	struct core_spec local;
	struct err ignored = {0};
	if (resized)
		core_explain_resized(c->local, &m->local, m->found.btf, &m->found.value, result);
	else if (root && result->kind != CORE_TYPE_ID_LOCAL && !m->found.btf &&
		 core_spec_parse(&local, c->local, r->type_id, btf_str(c->local, r->access_off),
			 result->kind, &ignored))
		core_explain_absent(c, root, &local, result->poison, result);
}

bool core_apply(struct core *c, const struct core_relo *r, uint8_t *insns, size_t n, size_t idx,
	bool big, struct core_result *result, struct err *e)
{
	bool resized;
	result->what[0] = result->why[0] = 0;
	if (r->kind >= CORE_KINDS)
		return err_set(e, "CO-RE: unknown relocation kind %u, expected 0 to %d", r->kind,
			CORE_KINDS - 1);
	result->kind = (enum core_kind)r->kind;
	const struct core_memo *memo = memo_of(c, r, big, e);
	struct core_memo m = memo ? *memo : (struct core_memo){0};
	if (memo)
		settle_sign(c, &m, insns, n, idx, big);
	if (!memo || !core_patch(&m.local, &m.found.value, c->local,
			     m.found.btf ? m.found.btf : c->local, insns, n, idx, big,
			     c->kernel->extends_sign, &resized, e)) {
		describe(c, r, result);
		return err_where(e, "CO-RE: %s of %s", core_kind_name(result->kind), result->what);
	}
	result->local = m.local.value;
	result->target = m.found.value.value;
	result->target_id = m.found.id;
	result->target_no = m.found.target;
	result->poison = m.found.value.poison || resized;
	if (result->poison || c->describe) {
		describe(c, r, result);
		explain(c, r, &m, resized, result);
	}
	return true;
}
