/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "layouts.h"

#include "core.h"
#include "elf/base/arch.h"
#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/btf/event_format.h"

/* Types that are the same on all kernels. vmlinux.h makes accesses to them relocatable, too. */
static const char *const fixed[] = {"ethhdr", "iphdr", "ipv6hdr", "tcphdr", "udphdr", "icmphdr",
	"icmp6hdr", "arphdr", "vlan_hdr", "in_addr", "in6_addr", "sockaddr", "sockaddr_in",
	"sockaddr_in6", "sockaddr_un", "bpf_flow_keys", "bpf_perf_event_data", "xdp_md",
	"__sk_buff", "bpf_sock", "bpf_tcp_sock", "bpf_sock_ops", "bpf_sock_addr", "bpf_sock_tuple",
	"bpf_sk_lookup", "sk_msg_md", "sk_reuseport_md", "bpf_sysctl", "bpf_sockopt",
	"bpf_cgroup_dev_ctx", "bpf_raw_tracepoint_args", "bpf_fib_lookup", "bpf_tunnel_key",
	"bpf_redir_neigh", "bpf_pidns_info", "bpf_perf_event_value", "pt_regs", "user_pt_regs"};

static const char record[] = "trace_event_raw_", entry[] = "trace_entry",
		  syscall[] = "syscall_trace_";

/* Where the parts of l->list are. */
enum { RECORDS, FIXED };

/* A type that is looked for: the root of relocations, without its flavor. */
struct root {
	uint32_t id;
	const char *name;
	size_t len;
};

struct finder {
	struct layouts *l;
	const struct object *o;
	const struct kernel_facts *facts;
	unsigned word;
	struct btf_append to[2];
	uint32_t entry; /* struct trace_entry in RECORDS, or 0 */
	size_t room;
	struct err *e;
};

/* A place in the list of relocations. */
struct place {
	uint64_t pos;
	struct span records;
	uint32_t n, section; /* section: string offset of its name */
};

/* ---- names ---- */

static bool begins(const char *name, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);
	return len >= n && !memcmp(name, prefix, n);
}

static bool is_name(const char *name, size_t len, const char *of)
{
	return len == strlen(of) && !memcmp(name, of, len);
}

/* Whether tracefs tells what is in it. */
static bool is_record(const char *name, size_t len)
{
	return begins(name, len, record) || begins(name, len, syscall) || is_name(name, len, entry);
}

static bool is_complete(const struct kernel_types *k, const char *name, size_t len)
{
	return !k->unread && is_record(name, len);
}

static struct root root_of(const struct object *o, uint32_t id)
{
	struct btf_type t;
	btf_type(&o->btf, id, &t);
	const char *name = btf_name(&t);
	return (struct root){id, name, core_essential_len(name)};
}

static bool is_fixed(const struct object *o, uint32_t id)
{
	struct btf_type t;
	btf_skip(&o->btf, id, &t);
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (t.kind == BTF_STRUCT && !strcmp(btf_name(&t), fixed[i]))
			return true;
	return false;
}

/* ---- relocations ---- */

/* The next relocation of the object; *p begins as {0}. */
static bool next_relocation(const struct object *o, struct place *p, struct core_relo *r)
{
	uint32_t size = o->ext.rec_size[BTF_EXT_CORE];
	while ((uint64_t)p->n * size >= p->records.n) {
		p->n = 0;
		if (!btf_ext_next(&o->ext, BTF_EXT_CORE, &p->pos, &p->section, &p->records))
			return false;
	}
	*r = core_relo_get(p->records, size, p->n++);
	return true;
}

/* The same for those of types with the name of a root. */
static bool next_of(
	const struct object *o, const struct root *root, struct place *p, struct core_relo *r)
{
	while (next_relocation(o, p, r)) {
		struct root other = root_of(o, r->type_id);
		if (other.len == root->len && !memcmp(other.name, root->name, root->len))
			return true;
	}
	return false;
}

/* The member that the path of a relocation begins with, "" if there is none. */
static const char *first_member(const struct object *o, const struct core_relo *r)
{
	struct btf_type t;
	const char *colon = strchr(btf_str(&o->btf, r->access_off), ':');
	btf_skip(&o->btf, r->type_id, &t);
	return colon ? btf_member(&t, (uint32_t)text_ulong(colon + 1, NULL, 10)).name : "";
}

/* Whether the program tests for a member before it reads it. */
static bool is_tested(const struct object *o, const struct root *root, const char *member)
{
	struct place p = {0};
	struct core_relo r;
	while (next_of(o, root, &p, &r))
		if (r.kind == CORE_FIELD_EXISTS && !strcmp(first_member(o, &r), member))
			return true;
	return false;
}

/*
 * Whether a record can be the type of another name that programs read. If they test whether that type exists,
 * they have others to choose from, and it is the one that has all that they read.
 */
static bool may_be(const struct object *o, const struct root *root, const struct event_format *f)
{
	struct place p = {0};
	struct core_relo r;
	bool fits = true, chosen = false;
	while (next_of(o, root, &p, &r)) {
		const char *member = first_member(o, &r);
		chosen |= r.kind == CORE_TYPE_EXISTS;
		if (r.kind <= CORE_FIELD_RSHIFT && r.kind != CORE_FIELD_EXISTS &&
			!event_format_has(f, member) && !is_tested(o, root, member))
			fits = false;
	}
	return fits || !chosen;
}

/* ---- tracepoints ---- */

/* "GROUP/EVENT" of a program, and in *event the second; NULL if it is not one of a tracepoint. */
static const char *tracepoint_of(const struct obj_func *f, const char **event)
{
	static const char *const prefixes[] = {"tp/", "tracepoint/"};
	for (size_t i = 0; f->entry && i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(f->sec, prefixes[i], strlen(prefixes[i]))) {
			const char *at = f->sec + strlen(prefixes[i]), *slash = strchr(at, '/');
			*event = slash ? slash + 1 : NULL;
			return slash ? at : NULL;
		}
	return NULL;
}

static bool add_source(struct finder *f, const char *type, const char *file)
{
	struct layouts *l = f->l;
	struct layout_source *list =
		arena_grow(f->o->arena, l->sources, l->n, &f->room, sizeof *list);
	if (!list || !type)
		return err_nomem(f->e);
	l->sources = list;
	list[l->n++] = (struct layout_source){type, file};
	return true;
}

/* Whether the format of an event was used for a type already. */
static bool is_known(const struct layouts *l, const char *type, const char *file)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->sources[i].file && !strcmp(l->sources[i].type, type) &&
			!strcmp(l->sources[i].file, file))
			return true;
	return false;
}

/* Reads the format of a tracepoint, whose group ends at the slash. False if there is none, or with f->e
 * set. */
static bool read_format(struct finder *f, const char *at, const char *event,
	struct event_format *format, const char **file)
{
	struct span text;
	struct err why = {0};
	const char *group = at ? arena_strndup(f->o->arena, at, (size_t)(event - 1 - at)) : NULL;
	if (at && !group)
		return err_nomem(f->e);
	if (!f->facts || !f->facts->event_format)
		return false;
	if (f->facts->event_format(f->facts->ctx, group, event, &text, file, &why))
		return event_format_read(format, text, f->word, f->o->arena, f->e) ||
		       err_where(f->e, "%s", *file);
	if (why.set && !f->l->types.unread) {
		f->l->types.unread = arena_strdup(f->o->arena, why.text);
		if (!f->l->types.unread)
			err_nomem(f->e);
	}
	return false;
}

/* Adds the record of a tracepoint, GROUP/EVENT at `at` or of any group if that is NULL, as the type of a root.
 * exact: it is known to be. Returns whether there is such a tracepoint. */
static bool add_record(
	struct finder *f, const struct root *root, const char *at, const char *event, bool exact)
{
	struct event_format format;
	struct btf_append *to = &f->to[RECORDS];
	const char *file, *name = arena_strndup(f->o->arena, root->name, root->len);
	if (!name)
		return err_nomem(f->e);
	if (!read_format(f, at, event, &format, &file) || is_known(f->l, name, file))
		return false;
	if (begins(name, root->len, syscall))
		event_format_syscall(&format, f->word);
	if (!exact && !may_be(f->o, root, &format))
		return true;
	if (!f->entry)
		f->entry = event_format_entry(&format, to);
	if (strcmp(name, entry) != 0)
		event_format_struct(&format, name, f->entry, f->word, to);
	f->l->of_kernel = true;
	return add_source(f, name, file);
}

/* Adds the records of the tracepoints that programs of a section are attached to; section NULL: all programs. */
static void add_of_section(struct finder *f, const struct root *root, const char *section)
{
	const struct object *o = f->o;
	const bool call = begins(root->name, root->len, syscall);
	const char *prefix =
		is_name(root->name, root->len, "syscall_trace_exit") ? "sys_exit_" : "sys_enter_";
	for (size_t i = 0; i < o->n_funcs && !f->e->set; i++) {
		const char *event, *at = tracepoint_of(&o->funcs[i], &event);
		const char *own = o->elf.sections[o->funcs[i].section].name;
		if (at && (!section || !strcmp(own, section)) &&
			(!call || begins(event, strlen(event), prefix)))
			add_record(f, root, at, event, false);
	}
}

/* The tracepoint of the same name as the type: in the group of a program, if it has one, else in any. */
static bool add_namesake(struct finder *f, const struct root *root)
{
	size_t prefix = sizeof record - 1;
	if (!begins(root->name, root->len, record))
		return false;
	const char *name = arena_strndup(f->o->arena, root->name + prefix, root->len - prefix);
	if (!name)
		return err_nomem(f->e);
	for (size_t i = 0; i < f->o->n_funcs; i++) {
		const char *event, *at = tracepoint_of(&f->o->funcs[i], &event);
		if (at && !strcmp(event, name))
			return add_record(f, root, at, event, true);
	}
	return add_record(f, root, NULL, name, true);
}

static void find_record(struct finder *f, const struct root *root)
{
	struct place p = {0};
	struct core_relo r;
	size_t before = f->l->n;
	uint32_t section = 0;
	if (add_namesake(f, root))
		return;
	while (!f->e->set && next_of(f->o, root, &p, &r)) {
		if (p.section != section)
			add_of_section(f, root, btf_str(&f->o->btf, p.section));
		section = p.section;
	}
	if (f->l->n == before && !f->e->set) /* read in subprograms only */
		add_of_section(f, root, NULL);
}

/* ---- registers ---- */

struct regs {
	const struct btf *btf;
	uint32_t type;
};

/* Whether a struct has a member of this name, also within others. No registers have more than *budget members. */
static bool has_member(
	const struct btf *b, uint32_t type, const char *name, unsigned depth, unsigned *budget)
{
	enum { NESTED = 4 };
	struct btf_type t;
	btf_skip(b, type, &t);
	for (uint32_t i = 0; btf_is_composite(&t) && i < t.vlen && depth < NESTED && *budget; i++) {
		struct btf_member m = btf_member(&t, i);
		--*budget;
		if (!strcmp(m.name, name) || has_member(b, m.type, name, depth + 1, budget))
			return true;
	}
	return false;
}

static bool has_reg(const void *ctx, const char *name)
{
	const struct regs *regs = ctx;
	unsigned budget = 1 << 12;
	return has_member(regs->btf, regs->type, name, 0, &budget);
}

/* Registers of another architecture would be read at wrong places: they are not known then, with a reason. */
static bool is_foreign(struct finder *f, const struct root *root)
{
	const struct regs regs = {&f->o->btf, root->id};
	const char *machine = f->facts ? f->facts->machine : NULL, *arch = NULL;
	char text[100];
	if (machine && is_name(root->name, root->len, "pt_regs"))
		arch = arch_foreign_regs(machine, has_reg, &regs);
	if (!arch)
		return false;
	text_print(text, sizeof text, "the struct pt_regs of the object is that of %s", arch);
	f->l->types.unread = arena_strdup(f->o->arena, text);
	return f->l->types.unread || !err_nomem(f->e);
}

/* ---- the list ---- */

static void find_root(struct finder *f, const struct root *root)
{
	for (size_t i = 0; i < f->l->n; i++) /* with another flavor */
		if (is_name(root->name, root->len, f->l->sources[i].type) && f->l->sources[i].file)
			return;
	if (is_record(root->name, root->len))
		find_record(f, root);
	else if (is_fixed(f->o, root->id) && !is_foreign(f, root) &&
		 btf_append_copy(&f->to[FIXED], &f->o->btf, root->id))
		add_source(f, root->name, NULL);
}

/* BTF to which types are added; its pointers have the size of the INT `long`. */
static bool begin(struct finder *f, int part, unsigned word)
{
	struct btf *base = arena_alloc(f->o->arena, sizeof *base);
	if (!base || !btf_open(base, btf_empty(f->o->btf.data.big), NULL, f->o->arena, f->e))
		return err_nomem(f->e);
	btf_append_begin(&f->to[part], base, f->o->arena);
	btf_append_int(&f->to[part], "long", word, BTF_INT_SIGNED);
	return true;
}

static bool end(struct finder *f, int part)
{
	struct layouts *l = f->l;
	struct span bytes = btf_append_end(&f->to[part], f->o->arena, f->e);
	l->list[part] = &l->btf[part];
	return bytes.n && btf_open(&l->btf[part], bytes, NULL, f->o->arena, f->e);
}

bool layouts_find(
	struct layouts *l, const struct object *o, const struct kernel_facts *facts, struct err *e)
{
	struct place p = {0};
	struct core_relo r;
	struct finder f = {.l = l,
		.o = o,
		.facts = facts,
		.word = facts && facts->machine ? arch_word(facts->machine) : 8,
		.e = e};
	uint8_t *seen = arena_array(o->arena, o->btf.end / 8 + 1, 1);
	*l = (struct layouts){0};
	if (!seen)
		return err_nomem(e);
	if (!begin(&f, RECORDS, f.word) || !begin(&f, FIXED, o->btf.ptr_size))
		return false;
	while (!e->set && next_relocation(o, &p, &r)) {
		uint8_t *bits = r.type_id < o->btf.end ? &seen[r.type_id / 8] : NULL;
		if (!bits || *bits >> r.type_id % 8 & 1 || r.kind == CORE_TYPE_ID_LOCAL)
			continue;
		struct root root = root_of(o, r.type_id);
		*bits |= (uint8_t)(1u << r.type_id % 8);
		find_root(&f, &root);
	}
	l->types.list = l->list;
	l->types.n = 2;
	l->types.complete = is_complete;
	l->types.extends_sign = facts && facts->extends_sign;
	return !e->set && end(&f, RECORDS) && end(&f, FIXED);
}
