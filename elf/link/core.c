/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Overview.
 *
 * 1. The root types of all relocations are collected, and their essential names stored in a hash
 *    table. One scan of the kernel's types finds all types with the same kind and essential name:
 *    the candidates. Most types are skipped by their kind, most of the others by a Bloom filter of
 *    the first characters of names; only the remaining names are compared. The scan follows types,
 *    not the string section, because strings may share suffixes. Modules are only scanned for roots
 *    without a candidate in vmlinux.
 * 2. A relocation is parsed in local types and matched against each candidate of its root. All
 *    matches must agree on offset and value, otherwise the relocation is ambiguous. Candidates that
 *    do not match are dropped for later relocations of this root, unless there is no match at all.
 * 3. Without a match, the value of exists, matches, size and id is 0; other kinds poison.
 * 4. The value is written into the instruction.
 */
#include "core_impl.h"

#include "elf/base/text.h"

#include <stdlib.h>

enum { BLOOM = 4096, HEAD = 4 }; /* bits; length of the prefix that selects one */

struct scan {
	struct core *core;
	const struct core_root
		*only;           /* scan for this root, or all roots without candidates if NULL */
	uint32_t *buckets, mask; /* index of the first root of each hash chain + 1 */
	uint32_t kinds;          /* kinds of the roots */
	uint8_t bloom[BLOOM / 8];
};

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

static uint32_t hash(const char *name, size_t len)
{
	uint32_t h = TEXT_HASH;
	for (size_t i = 0; i < len; i++)
		h = text_hash(h, name[i]);
	return h;
}

/* The bit of the Bloom filter for a name's prefix; shorter names are padded. */
static uint32_t head(const char *name, size_t len, char pad)
{
	uint32_t h = 0;
	for (size_t i = 0; i < HEAD; i++)
		h = h * 67 + (uint8_t)(i < len ? name[i] : pad);
	return (h ^ h >> 12) % BLOOM;
}

static void set_bit(struct scan *s, uint32_t bit)
{
	s->bloom[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* Whether a scan of target t looks for candidates of this root. */
static bool is_wanted(const struct scan *s, const struct core_root *root)
{
	return root->len && (!s->only || s->only == root) && !root->n_cands;
}

static bool scan_prepare(struct scan *s, struct err *e)
{
	struct core *c = s->core;
	bool any = false;
	uint32_t buckets = 16;
	while (buckets < c->n_roots)
		buckets *= 2;
	s->mask = buckets - 1;
	s->buckets = arena_array(c->arena, buckets, sizeof *s->buckets);
	if (!s->buckets)
		return err_nomem(e);
	for (size_t i = 0; i < c->n_roots; i++) {
		struct core_root *root = &c->roots[i];
		if (!is_wanted(s, root))
			continue;
		uint32_t *bucket = &s->buckets[hash(root->name, root->len) & s->mask];
		root->next = *bucket;
		*bucket = (uint32_t)i + 1;
		s->kinds |= core_kind_set(root->kind);
		set_bit(s, head(root->name, root->len, 0));
		set_bit(s, head(root->name, root->len, '_')); /* followed by a flavor */
		any = true;
	}
	return any;
}

static bool add_cand(
	struct core *c, struct core_root *root, uint32_t target, uint32_t id, struct err *e)
{
	void *p = arena_grow(c->arena, root->cands, root->n_cands, &root->cap, sizeof *root->cands);
	if (!p)
		return err_nomem(e);
	root->cands = p;
	root->cands[root->n_cands++] = (struct core_cand){target, id};
	return true;
}

static bool scan_target(struct scan *s, uint32_t target, struct err *e)
{
	struct core *c = s->core;
	for (struct btf_type t = {0}; btf_next_in(c->kernel->list[target], &t, s->kinds);) {
		const char *name = btf_name(&t);
		uint32_t bit = head(name, strnlen(name, HEAD), 0);
		if (!(s->bloom[bit / 8] >> bit % 8 & 1))
			continue;
		size_t len = core_essential_len(name);
		uint32_t next = s->buckets[hash(name, len) & s->mask];
		for (struct core_root *root; next; next = root->next) {
			root = &c->roots[next - 1];
			if (root->len == len && core_same_kind(root->kind, t.kind) &&
				!memcmp(root->name, name, len) &&
				!add_cand(c, root, target, t.id, e))
				return false;
		}
	}
	return true;
}

/* Finds the candidates of one root, or of all: in vmlinux, then in modules if it has none. */
static bool find_candidates(struct core *c, const struct core_root *only, struct err *e)
{
	struct scan s = {.core = c, .only = only};
	if (c->kernel->n && scan_prepare(&s, e) && !scan_target(&s, 0, e))
		return false;
	s = (struct scan){.core = c, .only = only};
	if (c->kernel->n && !e->set && scan_prepare(&s, e) && kernel_types_all(c->kernel, e))
		for (uint32_t i = 1; i < c->kernel->n; i++)
			if (!scan_target(&s, i, e))
				return false;
	return !e->set;
}

static struct core_root new_root(const struct btf *local, uint32_t id)
{
	struct btf_type t;
	btf_type(local, id, &t);
	const char *name = btf_name(&t);
	return (struct core_root){
		.id = id,
		.name = name,
		.len = t.kind && t.kind < BTF_KINDS ? (uint32_t)core_essential_len(name) : 0,
		.kind = t.kind,
	};
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct core_root *)a)->id, y = ((const struct core_root *)b)->id;
	return (x > y) - (x < y);
}

static struct core_root *root_of(struct core *c, uint32_t id)
{
	struct core_root key = {.id = id};
	return c->n_roots ? bsearch(&key, c->roots, c->n_roots, sizeof key, by_id) : NULL;
}

/* Adds id to the set of type ids seen so far; false if it was in the set. */
static bool is_new(uint8_t *seen, uint32_t n, uint32_t id)
{
	if (id >= n || seen[id / 8] >> id % 8 & 1)
		return false;
	seen[id / 8] |= (uint8_t)(1u << id % 8);
	return true;
}

static bool collect_roots(struct core *c, const struct span *records, const uint32_t *rec_sizes,
	size_t n_records, struct err *e)
{
	uint8_t *seen = arena_array(c->arena, c->local->end / 8 + 1, 1);
	size_t cap = 0;
	if (!seen)
		return err_nomem(e);
	for (size_t i = 0; i < n_records; i++) {
		uint32_t n = rec_sizes[i] ? (uint32_t)(records[i].n / rec_sizes[i]) : 0;
		for (uint32_t k = 0; k < n; k++) {
			uint32_t id = core_relo_get(records[i], rec_sizes[i], k).type_id;
			if (!is_new(seen, c->local->end, id))
				continue;
			void *p =
				arena_grow(c->arena, c->roots, c->n_roots, &cap, sizeof *c->roots);
			if (!p)
				return err_nomem(e);
			c->roots = p;
			c->roots[c->n_roots++] = new_root(c->local, id);
		}
	}
	if (c->n_roots)
		qsort(c->roots, c->n_roots, sizeof *c->roots, by_id);
	return true;
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
	if (!collect_roots(c, records, rec_sizes, n_records, e) || !find_candidates(c, NULL, e))
		return NULL;
	return c;
}

/* Adds a root that was not in the records of core_new(), which requires a separate scan. */
static struct core_root *add_root(struct core *c, uint32_t id, struct err *e)
{
	struct core_root *roots = arena_array(c->arena, c->n_roots + 1, sizeof *roots);
	if (!roots) {
		err_nomem(e);
		return NULL;
	}
	if (c->n_roots)
		memcpy(roots, c->roots, c->n_roots * sizeof *roots);
	roots[c->n_roots++] = new_root(c->local, id);
	qsort(roots, c->n_roots, sizeof *roots, by_id);
	c->roots = roots;
	struct core_root *root = root_of(c, id);
	return find_candidates(c, root, e) ? root : NULL;
}

/* The agreed result of all matching candidates. */
struct resolution {
	struct core_value value;
	const struct btf *btf; /* NULL: no match */
	uint64_t bit_off;
	uint32_t target, id;
};

static bool ambiguous(const struct core *c, const struct resolution *first,
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
	bool big, struct resolution *found, struct err *e)
{
	size_t kept = 0;
	*found = (struct resolution){0};
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
			*found = (struct resolution){v, b, s.bit_off, cand.target, cand.id};
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
static void settle_sign(const struct core_spec *local, struct resolution *found,
	struct core_value *value, const uint8_t *insns, size_t n, size_t idx, bool big)
{
	uint64_t has;
	struct btf_type t;
	if (local->kind != CORE_ENUM_VALUE || !core_wide_get(insns, n, idx, big, &has))
		return;
	btf_type(local->btf, local->step[0].type, &t);
	bool is_signed = t.kflag;
	if (t.kind == BTF_ENUM && !t.kflag && has == (uint64_t)(int32_t)(uint32_t)value->value) {
		is_signed = true;
		value->value = has;
	}
	if (!is_signed || !found->btf)
		return;
	btf_skip(found->btf, found->id, &t);
	if (t.kind == BTF_ENUM && !t.kflag)
		found->value.value = (uint64_t)(int32_t)(uint32_t)found->value.value;
}

static bool no_kernel_btf(struct err *e)
{
	err_hint(e,
		"kernels with CONFIG_DEBUG_INFO_BTF=y provide /sys/kernel/btf/vmlinux; for others "
		"specify BTF of this kernel with --btf FILE (pahole --btf_encode_detached=FILE "
		"vmlinux)");
	return err_set(e, "this kernel has no BTF");
}

/*
 * Types that are the same on all kernels: network headers, and the contexts and registers that are
 * part of the user space ABI. vmlinux.h makes accesses to them relocatable, too; without kernel BTF
 * the local value is correct. Enumerators and all other types may differ.
 */
static bool is_fixed(const struct core_spec *local)
{
	static const char *const names[] = {"ethhdr", "iphdr", "ipv6hdr", "tcphdr", "udphdr",
		"icmphdr", "icmp6hdr", "arphdr", "vlan_hdr", "in_addr", "in6_addr", "sockaddr_in",
		"sockaddr_in6", "bpf_flow_keys", "bpf_perf_event_data", "xdp_md", "__sk_buff",
		"bpf_sock", "bpf_sock_ops", "bpf_sock_addr", "bpf_sock_tuple", "bpf_sk_lookup",
		"sk_msg_md", "sk_reuseport_md", "bpf_sysctl", "bpf_sockopt", "bpf_cgroup_dev_ctx",
		"pt_regs", "user_pt_regs"};
	struct btf_type t;
	btf_skip(local->btf, local->root, &t);
	if (local->kind > CORE_FIELD_RSHIFT && local->kind != CORE_TYPE_EXISTS &&
		local->kind != CORE_TYPE_SIZE)
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (t.kind == BTF_STRUCT && !strcmp(btf_name(&t), names[i]))
			return true;
	return false;
}

static bool apply(struct core *c, const struct core_relo *r, const struct core_spec *local,
	uint8_t *insns, size_t n, size_t idx, bool big, struct core_result *result, struct err *e)
{
	struct core_root *root = root_of(c, r->type_id);
	struct resolution found = {0};
	struct core_value value;
	bool resized;
	if (!core_value(local, local->kind, big, &value, e))
		return err_where(e, "in the object's own types");
	result->local = value.value;
	if (local->kind == CORE_TYPE_ID_LOCAL) {
		found.value = value;
	} else if (!c->kernel->n && is_fixed(local)) {
		found.value = value;
	} else if (!c->kernel->n) {
		return no_kernel_btf(e);
	} else {
		if (!root && !(root = add_root(c, r->type_id, e)))
			return false;
		if (!root->len)
			return err_set(e, "unnamed types cannot be found in the kernel");
		if (!match_candidates(c, root, local, big, &found, e))
			return false;
		settle_sign(local, &found, &value, insns, n, idx, big);
	}
	result->local = value.value;
	result->target = found.value.value;
	result->target_id = found.id;
	result->target_no = found.target;
	result->poison = found.value.poison;
	if (!core_patch(&value, &found.value, c->local, found.btf ? found.btf : c->local, insns, n,
		    idx, big, &resized, e))
		return false;
	if (resized) {
		result->poison = true;
		core_explain_resized(c->local, &value, found.btf, &found.value, result);
	} else if (local->kind != CORE_TYPE_ID_LOCAL && !found.btf) {
		core_explain_absent(c, root, local, result->poison, result);
	}
	return true;
}

bool core_apply(struct core *c, const struct core_relo *r, uint8_t *insns, size_t n, size_t idx,
	bool big, struct core_result *result, struct err *e)
{
	struct core_spec local;
	*result = (struct core_result){0};
	if (r->kind >= CORE_KINDS)
		return err_set(e, "CO-RE: unknown relocation kind %u, expected 0 to %d", r->kind,
			CORE_KINDS - 1);
	result->kind = (enum core_kind)r->kind;
	if (core_spec_parse(&local, c->local, r->type_id, btf_str(c->local, r->access_off),
		    result->kind, e)) {
		core_describe(&local, result->what, sizeof result->what);
		if (apply(c, r, &local, insns, n, idx, big, result, e))
			return true;
	} else {
		btf_spell(c->local, r->type_id, result->what, sizeof result->what);
	}
	err_where(e, "CO-RE: %s of %s", core_kind_name(result->kind), result->what);
	return false;
}
