/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "points.h"

#include "elf/base/arch.h"
#include "elf/base/format.h"
#include "elf/base/glob.h"
#include "elf/object/notes.h"
#include "loader/hook/attach_btf.h"
#include "loader/hook/event_names.h"
#include "loader/kernel/kallsyms.h"
#include "loader/kernel/netlink.h"
#include "loader/show/json.h"
#include "loader/show/print.h"
#include "loader/symbols/binary_path.h"
#include "loader/symbols/symbols.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char traceable[] = "available_filter_functions";
static const char struct_ops[] = "bpf_struct_ops_";
enum { CGROUP_DEPTH = 16, POINT_MAX = 512 };

static void add(struct points *p, const char *name)
{
	const char **list = arena_grow(p->kernel->arena, p->list, p->n, &p->room, sizeof *list);
	const char *copy = arena_strdup(p->kernel->arena, name);
	if (!list || !copy)
		return;
	p->list = list;
	list[p->n++] = copy;
}

/* The pattern is for the whole, or for what follows a module or a category. */
static void consider(struct points *p, const char *name)
{
	const char *end = strpbrk(name, ":/");
	if (!p->pattern || glob_match(p->pattern, name) || (end && glob_match(p->pattern, end + 1)))
		add(p, name);
}

static void consider_in(struct points *p, const char *module, const char *name)
{
	char whole[POINT_MAX];
	text_print(whole, sizeof whole, "%s%s%s", module, *module ? ":" : "", name);
	consider(p, whole);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(struct points *p)
{
	size_t n = 0;
	if (p->n)
		qsort(p->list, p->n, sizeof *p->list, compare);
	for (size_t i = 0; i < p->n; i++)
		if (!n || strcmp(p->list[i], p->list[n - 1]) != 0)
			p->list[n++] = p->list[i];
	p->n = n;
}

/* ---- functions of the kernel ---- */

static bool add_function(void *ctx, const struct kallsym *sym)
{
	consider_in(ctx, sym->module, sym->name);
	return true;
}

/* Any user can read the list of all functions; it does not tell which can be traced. */
static bool find_functions(struct points *p, struct err *e)
{
	struct kfs *k = p->kernel->kfs;
	long r = kallsyms_each_traceable(k, traceable, false, add_function, p);
	p->unsure = r < 0;
	if (r < 0)
		r = kallsyms_each(k, true, add_function, p);
	return r >= 0 || kfs_explain(k, KFS_PROC, "kallsyms", (int)r, e);
}

struct calls {
	struct points *p;
	const char *prefix; /* "__x64_sys_" */
};

static bool add_call(void *ctx, const struct kallsym *sym)
{
	struct calls *c = ctx;
	size_t n = strlen(c->prefix);
	if (!*sym->module && !strncmp(sym->name, c->prefix, n))
		consider(c->p, sym->name + n);
	return true;
}

static bool find_calls(struct points *p, struct err *e)
{
	char prefix[32];
	const struct arch *a = arch_of_machine(p->kernel->machine);
	text_print(
		prefix, sizeof prefix, "%ssys_", a && a->syscall_prefix ? a->syscall_prefix : "");
	struct calls c = {p, prefix};
	long r = kallsyms_each(p->kernel->kfs, true, add_call, &c);
	return r >= 0 || kfs_explain(p->kernel->kfs, KFS_PROC, "kallsyms", (int)r, e);
}

/* ---- events ---- */

static bool add_event(void *ctx, const char *event)
{
	consider(ctx, event);
	return true;
}

static bool find_events(struct points *p, struct err *e)
{
	int dir = kfs_dir(p->kernel->kfs, KFS_TRACE);
	if (dir < 0)
		return kfs_explain(p->kernel->kfs, KFS_TRACE, NULL, dir, e);
	events_each(p->kernel->kfs, add_event, p);
	return true;
}

/* ---- types ---- */

static void add_typed(void *ctx, size_t where, const char *name)
{
	struct points *p = ctx;
	consider_in(p, where ? p->kernel->modules[where] : "", name);
}

static struct kernel_types *all_types(struct points *p, struct err *e)
{
	struct kernel_types *types = target_types(p->kernel, e);
	if (!types->n && !e->set)
		err_set(e, "this kernel shows no types (BTF), which tell what can be attached to");
	return types->n && kernel_types_all(types, e) ? types : NULL;
}

/* Those of the first list that the second one has, too. */
static void intersect(struct points *p, struct points *with)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++)
		if (bsearch(&p->list[i], with->list, with->n, sizeof *with->list, compare))
			p->list[n++] = p->list[i];
	p->n = n;
}

static bool find_typed(struct points *p, const struct hook *h, struct err *e)
{
	struct points traced = {.kernel = p->kernel, .pattern = p->pattern};
	/* Raw tracepoints are those with types. */
	uint32_t type = h->prog_type == BPF_PROG_TYPE_TRACING || h->prog_type == BPF_PROG_TYPE_LSM
	                        ? h->attach_type
	                        : BPF_TRACE_RAW_TP;
	bool functions = type != BPF_TRACE_RAW_TP && type != BPF_TRACE_ITER &&
	                 h->prog_type != BPF_PROG_TYPE_LSM;
	struct kernel_types *types = all_types(p, e);
	if (!types)
		return false;
	if (!attach_btf_each(types, type, add_typed, p))
		return err_set(e, "SEC(\"%s\") has no list of what it attaches to", h->sec);
	if (!functions)
		return true;
	if (!find_functions(&traced, e))
		return false;
	p->unsure = traced.unsure;
	sort(&traced);
	intersect(p, &traced);
	return true;
}

/* A struct that programs can implement, and its members that are functions. */
static void add_members(struct points *p, const struct btf *b, const char *name)
{
	char text[POINT_MAX];
	struct btf_type t, to;
	uint32_t id = btf_find(b, BTF_STRUCT, name);
	for (uint32_t i = 0; btf_type(b, id, &t) && i < t.vlen; i++) {
		struct btf_member m = btf_member(&t, i);
		bool function = btf_skip(b, m.type, &to) && to.kind == BTF_PTR &&
		                btf_skip(b, to.type, &to) && to.kind == BTF_FUNC_PROTO;
		text_print(text, sizeof text, "%s/%s", name, m.name);
		if (function)
			consider(p, text);
	}
}

static bool find_struct_ops(struct points *p, struct err *e)
{
	struct kernel_types *types = all_types(p, e);
	for (size_t i = 0; types && i < types->n; i++)
		for (struct btf_type t = {0}; btf_next_in(types->list[i], &t, 1u << BTF_STRUCT);)
			if (!strncmp(btf_name(&t), struct_ops, sizeof struct_ops - 1))
				add_members(
					p, types->list[i], btf_name(&t) + sizeof struct_ops - 1);
	return types;
}

/* ---- files ---- */

static void find_probes(struct points *p, const struct elf *elf)
{
	char text[POINT_MAX];
	struct notes_probe probe;
	uint32_t section = elf_find(elf, NOTES_STAPSDT);
	const struct elf_section *s = &elf->sections[section];
	for (uint64_t at = 0; section && notes_next_probe(elf, s, &at, &probe);) {
		text_print(text, sizeof text, "%s:%s", probe.provider, probe.name);
		consider(p, text);
	}
}

static bool find_in_file(struct points *p, bool probes, const char *file, struct err *e)
{
	struct binary_path found;
	struct symbols s;
	size_t n = 0;
	if (!binary_path_find(&found, file, p->kernel->machine, 0, p->kernel->arena, e) ||
		!symbols_open(&s, found.path, p->kernel->arena, e))
		return false;
	if (probes)
		find_probes(p, &s.elf);
	const struct symbols_place *list =
		probes ? NULL : symbols_functions(&s, p->kernel->arena, &n);
	for (size_t i = 0; i < n; i++)
		if (*list[i].name && (!p->pattern || glob_match(p->pattern, list[i].name)))
			add(p, list[i].name);
	symbols_close(&s);
	return true;
}

/* ---- places ---- */

static void find_interfaces(struct points *p)
{
	char names[4096], *rest = names, *name;
	netlink_interfaces(names, sizeof names);
	while ((name = strsep(&rest, ",")) != NULL)
		if (*(name += strspn(name, " ")))
			consider(p, name);
}

static void walk_cgroups(struct points *p, const char *path, int depth)
{
	char below[POINT_MAX];
	struct dirent *d;
	DIR *dir = depth ? kfs_list(p->kernel->kfs, KFS_CGROUP2, *path ? path : ".") : NULL;
	if (!p->pattern || glob_match(p->pattern, path) || !*path)
		add(p, *path ? path : "/");
	while (dir && (d = readdir(dir))) {
		if (d->d_type != DT_DIR || *d->d_name == '.')
			continue;
		text_print(below, sizeof below, "%s%s%s", path, *path ? "/" : "", d->d_name);
		walk_cgroups(p, below, depth - 1);
	}
	if (dir)
		closedir(dir);
}

static bool find_cgroups(struct points *p, struct err *e)
{
	int dir = kfs_dir(p->kernel->kfs, KFS_CGROUP2);
	if (dir < 0)
		return kfs_explain(p->kernel->kfs, KFS_CGROUP2, NULL, dir, e);
	walk_cgroups(p, "", CGROUP_DEPTH);
	return true;
}

/* ---- by hook ---- */

enum source { FUNCTIONS, CALLS, EVENTS, TYPED, OPS, SYMBOLS, PROBES, INTERFACES, CGROUPS, NOWHERE };

/* By the beginning of the section name; the first that fits. */
static const struct {
	const char *sec;
	enum source source;
} sources[] = {
	{"ksyscall", CALLS},
	{"kretsyscall", CALLS},
	{"kprobe", FUNCTIONS},
	{"kretprobe", FUNCTIONS},
	{"raw_t", TYPED},
	{"tp_btf", TYPED},
	{"tp", EVENTS},
	{"tracepoint", EVENTS},
	{"fentry", TYPED},
	{"fexit", TYPED},
	{"fsession", TYPED},
	{"lsm", TYPED},
	{"iter", TYPED},
	{"struct_ops", OPS},
	{"uprobe", SYMBOLS},
	{"uretprobe", SYMBOLS},
	{"usdt", PROBES},
	{"xdp", INTERFACES},
	{"tc", INTERFACES},
	{"classifier", INTERFACES},
	{"action", INTERFACES},
	{"netkit", INTERFACES},
	{"cgroup", CGROUPS},
	{"sockops", CGROUPS},
};

static enum source source_of(const struct hook *h)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (!strncmp(h->sec, sources[i].sec, strlen(sources[i].sec)))
			return sources[i].source;
	return NOWHERE;
}

bool points_of_file(const struct hook *h)
{
	enum source s = source_of(h);
	return s == SYMBOLS || s == PROBES;
}

static bool find(struct points *p, const struct hook *h, const char *file, struct err *e)
{
	switch (source_of(h)) {
	case FUNCTIONS:
		return find_functions(p, e);
	case CALLS:
		return find_calls(p, e);
	case EVENTS:
		return find_events(p, e);
	case TYPED:
		return find_typed(p, h, e);
	case OPS:
		return find_struct_ops(p, e);
	case SYMBOLS:
		return find_in_file(p, false, file, e);
	case PROBES:
		return find_in_file(p, true, file, e);
	case INTERFACES:
		find_interfaces(p);
		return true;
	case CGROUPS:
		return find_cgroups(p, e);
	case NOWHERE:
		break;
	}
	return err_set(e, "SEC(\"%s\") has no list of what it attaches to", h->sec);
}

bool points_find(struct points *p, const struct hook *h, const char *file, struct err *e)
{
	if (!find(p, h, file, e))
		return false;
	sort(p);
	return p->n || err_set(e, "nothing here for SEC(\"%s\") matches '%s'", h->sec,
			       p->pattern ? p->pattern : "*");
}

void points_print(const struct points *p, const struct hook *h, bool json, FILE *out)
{
	for (size_t i = 0; i < p->n; i++) {
		if (!json) {
			print(out, "%s\n", p->list[i]);
			continue;
		}
		struct json j = json_start(out);
		json_open(&j, '{');
		json_member_str(&j, "what", "hook_point");
		json_member_str(&j, "hook", h->sec);
		json_member_str(&j, "target", p->list[i]);
		json_close(&j);
		json_line(&j);
	}
}
