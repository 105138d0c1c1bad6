/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "planner.h"

#include "../elf/btf_sanitise.h"
#include "abi.h"
#include "hook/hook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	ENOTSUPP = 524,           /* the kernel's own, which has no name in user space */
	LOG_SIZE = (1 << 24) - 1, /* the largest that every kernel takes */
	NAME_MAX_KERNEL = BPF_OBJ_NAME_LEN - 1,
};

struct build {
	struct planner b;
	struct plan *p;
	const struct image *image;
	const struct object *o;
	struct target *t;
	const struct plan_options *opt;
	int16_t btf_slot;
};

static char *text(struct build *w, char *s)
{
	if (!s && !w->b.failed) {
		w->b.failed = true;
		err_nomem(w->b.e);
	}
	return s;
}

/* ---- types ---- */

/* The types once more, as kernels before a given one take them. */
static int16_t plan_older_types(
	struct build *w, int16_t step, const struct btf *btf, enum btf_level level)
{
	struct planner *b = &w->b;
	struct span old = btf_sanitise(btf, level, w->p->arena, b->e);
	if (b->e->set)
		b->failed = true;
	int16_t other = plan_add_instead(b, step,
		text(w, arena_printf(w->p->arena, "without %s", btf_level_facts[level].drops)),
		(uint16_t[PLAN_ERRS]){EINVAL});
	attr_clear(b, other, "btf");
	attr_blob(b, other, "btf", plan_add_blob(b, old.p, old.n, "BTF"));
	attr_set(b, other, "btf_size", old.n);
	return other;
}

/*
 * The object's types go to the kernel first: maps, functions and lines refer to them. A kernel that
 * doesn't know a kind of type refuses all of them, so for each generation of kernels that matters
 * to these types a rewritten copy stands in. Without any of them a program still runs.
 */
static void plan_types(struct build *w)
{
	struct planner *b = &w->b;
	struct btf btf;
	if (!w->image->btf.n || b->failed)
		return;
	if (!btf_open(&btf, w->image->btf, NULL, w->p->arena, b->e)) {
		b->failed = true;
		return;
	}
	w->p->btf.p = arena_copy(w->p->arena, w->image->btf.p, w->image->btf.n);
	w->p->btf.n = w->image->btf.n;
	w->p->btf.big = w->image->btf.big;
	if (!w->p->btf.p) {
		b->failed = true;
		err_nomem(b->e);
		return;
	}
	struct plan_step like = {.who = "types", .doing = "load", .prog = PLAN_NONE};
	w->btf_slot = plan_add_slot(b, SLOT_BTF, "types");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_BTF_LOAD, w->btf_slot, &like);
	int16_t blob = plan_add_blob(b, w->p->btf.p, w->p->btf.n, "BTF");
	attr_blob(b, step, "btf", blob);
	attr_set(b, step, "btf_size", w->p->btf.n);
	struct plan_step *s = plan_step_at(b, step);
	if (s)
		s->flags |= STEP_OPTIONAL | STEP_MEMLOCK;
	uint32_t levels = btf_levels_of(&btf);
	for (int level = 0; level < BTF_LEVELS && !b->failed; level++)
		if (levels >> level & 1)
			step = plan_older_types(w, step, &btf, (enum btf_level)level);
}

/* ---- maps ---- */

/* Map types whose contents have no types that the kernel would want to know. */
static bool takes_types(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_STACK_TRACE:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_XSKMAP:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_SOCKHASH:
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_ARENA:
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_USER_RINGBUF:
		return false;
	default:
		return true;
	}
}

/* What a definition leaves to the machine. */
static uint32_t entries_of(struct build *w, const struct obj_map *m)
{
	uint64_t page = target_page_size(w->t), n = m->max_entries;
	if (m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !n)
		return target_possible_cpus(w->t);
	if (m->map_type != BPF_MAP_TYPE_RINGBUF && m->map_type != BPF_MAP_TYPE_USER_RINGBUF)
		return m->max_entries;
	/* Bytes: a power of two of at least a page. */
	uint64_t size = page;
	while (size < n && size < (uint64_t)1 << 31)
		size *= 2;
	return (uint32_t)size;
}

/* The kernel's name of a map: 15 characters; a data section has the object's name in front. */
static const char *kernel_name(struct build *w, const struct obj_map *m)
{
	if (m->kind != OBJ_MAP_DATA)
		return m->name;
	size_t sec = strlen(m->name), all = NAME_MAX_KERNEL;
	const char *dot = strchr(m->name + 1, '.');
	if (dot) /* .rodata.str1.1 is a name in itself */
		return m->name;
	size_t head = sec < all ? all - sec : 0;
	if (head < 7)
		head = 7;
	return text(w, arena_printf(w->p->arena, "%.*s%s", (int)head, w->o->name, m->name));
}

static void create_map(struct build *w, const struct obj_map *m, const struct plan_map *pm)
{
	struct planner *b = &w->b;
	const char *name = kernel_name(w, m);
	bool types = w->btf_slot != PLAN_NONE && takes_types(m->map_type) &&
	             (m->key_type || m->value_type);
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "create",
		.who = text(w, arena_printf(w->p->arena, "map '%s'", m->name))};
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_CREATE, pm->slot, &like);
	attr_set(b, step, "map_type", m->map_type);
	attr_set(b, step, "key_size", m->key_size);
	attr_set(b, step, "value_size", m->value_size);
	attr_set(b, step, "max_entries", pm->max_entries);
	attr_set(b, step, "map_flags", m->map_flags);
	if (m->map_flags & BPF_F_NUMA_NODE)
		attr_set(b, step, "numa_node", m->numa_node);
	if (!b->failed)
		attr_name(b, step, "map_name", name);
	if (m->map_extra)
		attr_set(b, step, "map_extra", m->map_extra);
	struct plan_step *s = plan_step_at(b, step);
	if (s)
		s->flags |= STEP_MEMLOCK;
	if (types) {
		attr_slot(b, step, "btf_fd", w->btf_slot);
		attr_set(b, step, "btf_key_type_id", m->key_type);
		attr_set(b, step, "btf_value_type_id", m->value_type);
		step = plan_add_instead(b, step, "without types: refused, or from before 4.18",
			(uint16_t[PLAN_ERRS]){EINVAL, E2BIG, ENOTSUPP, ERRS_SKIPPED});
		attr_clear(b, step, "btf_value_type_id");
		attr_clear(b, step, "btf_key_type_id");
		attr_clear(b, step, "btf_fd");
	}
	if (m->map_flags & BPF_F_MMAPABLE && m->kind == OBJ_MAP_DATA) {
		step = plan_add_instead(
			b, step, "not mappable: kernels before 5.5", (uint16_t[PLAN_ERRS]){EINVAL});
		attr_set(b, step, "map_flags", m->map_flags & ~(uint32_t)BPF_F_MMAPABLE);
	}
	step = plan_add_instead(
		b, step, "without a name: kernels before 4.15", (uint16_t[PLAN_ERRS]){E2BIG});
	attr_clear(b, step, "map_name");
}

/* A data section gets its bytes, and when it is read-only, is closed for good. */
static void fill_map(struct build *w, const struct obj_map *m, struct plan_map *pm)
{
	struct planner *b = &w->b;
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "fill",
		.who = text(w, arena_printf(w->p->arena, "map '%s'", m->name))};
	if (m->kind != OBJ_MAP_DATA)
		return;
	pm->init = plan_add_blob(b, m->init.n ? m->init.p : NULL, m->value_size, "value");
	uint32_t zero = 0;
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, PLAN_NONE, &like);
	attr_slot(b, step, "map_fd", pm->slot);
	attr_blob(b, step, "key", plan_add_blob(b, &zero, sizeof zero, "key"));
	attr_blob(b, step, "value", pm->init);
	attr_set(b, step, "flags", BPF_ANY);
	struct plan_step *s = plan_step_at(b, step);
	if (s) {
		s->flags |= STEP_UNLESS_ZERO;
		s->note = "passed over while all bytes are zero: a new map is that anyway";
	}
	if (m->read_only) {
		like.doing = "freeze";
		step = plan_add_step(b, STEP_BPF, BPF_MAP_FREEZE, PLAN_NONE, &like);
		attr_slot(b, step, "map_fd", pm->slot);
		s = plan_step_at(b, step);
		if (s) {
			s->flags |= STEP_OPTIONAL;
			s->note = "from now on the verifier takes these bytes for constants";
		}
	}
}

static bool check_map(const struct obj_map *m, struct err *e)
{
	bool keyless =
		m->map_type == BPF_MAP_TYPE_RINGBUF || m->map_type == BPF_MAP_TYPE_USER_RINGBUF;
	if (keyless && (m->key_size || m->value_size)) {
		err_set(e, "map '%s': a ring buffer has neither key nor value", m->name);
		return err_hint(
			e, "tie its records to a type with SONDE_EVENT(%s, struct ...)", m->name);
	}
	return true;
}

static void plan_maps(struct build *w)
{
	struct plan *p = w->p;
	p->maps = arena_array(p->arena, w->o->n_maps, sizeof *p->maps);
	if (!p->maps) {
		w->b.failed = true;
		err_nomem(w->b.e);
		return;
	}
	for (size_t i = 0; i < w->o->n_maps && !w->b.failed; i++) {
		const struct obj_map *m = &w->o->maps[i];
		struct plan_map *pm = &p->maps[p->n_maps++];
		if (!check_map(m, w->b.e)) {
			w->b.failed = true;
			return;
		}
		*pm = (struct plan_map){
			.name = text(w, arena_strdup(p->arena, m->name)),

			.init = PLAN_NONE,
			.map_type = m->map_type,
			.key_size = m->key_size,
			.value_size = m->value_size,
			.max_entries = entries_of(w, m),
			.map_flags = m->map_flags,
			.key_type = m->key_type,
			.value_type = m->value_type,
			.event_type = m->event_type,
			.data = m->kind == OBJ_MAP_DATA,
			.frozen = m->read_only,
		};
		pm->slot = plan_add_slot(&w->b, SLOT_MAP, pm->name);
		create_map(w, m, pm);
		fill_map(w, m, pm);
	}
}

/* ---- programs ---- */

static int16_t plan_insns(struct build *w, const struct image_prog *prog)
{
	int16_t blob = plan_add_blob(&w->b, prog->insns, (size_t)prog->n * 8, "insns");
	for (size_t i = 0; i < prog->n_refs && !w->b.failed; i++)
		plan_add_patch(&w->b, blob,
			(struct plan_patch){.at = prog->refs[i].insn * 8 + 4,
				.size = 4,
				.what = PATCH_SLOT,
				.index = (uint16_t)w->p->maps[prog->refs[i].map].slot});
	return blob;
}

static void set_info(struct build *w, int16_t step, const char *what, const struct image_info *info)
{
	char field[32];
	if (!info->count)
		return;
	snprintf(field, sizeof field, "%s_rec_size", what);
	attr_set(&w->b, step, field, info->rec_size);
	snprintf(field, sizeof field, "%s", what);
	attr_blob(&w->b, step, field,
		plan_add_blob(&w->b, info->bytes, (size_t)info->count * info->rec_size, what));
	snprintf(field, sizeof field, "%s_cnt", what);
	attr_set(&w->b, step, field, info->count);
}

/* The same call with a log: only once the kernel has refused is it worth its price. */
static void add_log(struct build *w, int16_t step)
{
	int16_t log = plan_add_instead(
		&w->b, step, "again, to learn the reason", (uint16_t[PLAN_ERRS]){ERRS_ANY});
	attr_set(&w->b, log, "log_level", 1);
	attr_set(&w->b, log, "log_size", LOG_SIZE);
	attr_blob(&w->b, log, "log_buf", plan_add_output(&w->b, LOG_SIZE, "log"));
	struct plan_step *s = plan_step_at(&w->b, log);
	if (s)
		s->flags |= STEP_LOG;
}

static void drop_types(struct build *w, int16_t step)
{
	static const char *const fields[] = {"line_info_cnt", "line_info", "line_info_rec_size",
		"func_info_cnt", "func_info", "func_info_rec_size", "prog_btf_fd"};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		attr_clear(&w->b, step, fields[i]);
}

/* Before 5.0 the kernel wanted a kprobe to be compiled for exactly its version. */
static uint64_t version_code(const char *release)
{
	unsigned long part[3] = {0};
	for (int i = 0; i < 3; i++) {
		char *end;
		part[i] = strtoul(release, &end, 10);
		release = *end == '.' ? end + 1 : end;
	}
	return part[0] << 16 | part[1] << 8 | (part[2] > 255 ? 255 : part[2]);
}

static void load_prog(struct build *w, const struct image_prog *prog, const struct hook_use *use,
	const struct plan_prog *pp)
{
	struct planner *b = &w->b;
	const struct hook *h = use->hook;
	bool types = w->btf_slot != PLAN_NONE && prog->func_info.count;
	struct plan_step like = use->like;
	like.doing = "load";
	int16_t license = plan_add_blob(b, w->o->license, strlen(w->o->license) + 1, "license");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_PROG_LOAD, pp->slot, &like);
	attr_set(b, step, "prog_type", h->prog_type);
	attr_set(b, step, "insn_cnt", prog->n);
	attr_blob(b, step, "insns", pp->insns);
	attr_blob(b, step, "license", license);
	if (abi_parse_version(w->t->release) < ABI_VERSION(5, 0) &&
		h->prog_type == BPF_PROG_TYPE_KPROBE)
		attr_set(b, step, "kern_version", version_code(w->t->release));
	if (h->prog_flags)
		attr_set(b, step, "prog_flags", h->prog_flags);
	attr_name(b, step, "prog_name", prog->func->name);
	if (h->attach_type)
		attr_set(b, step, "expected_attach_type", h->attach_type);
	if (h->load && !b->failed)
		h->load(b, use, step);
	struct plan_step *s = plan_step_at(b, step);
	if (s)
		s->flags |= STEP_MEMLOCK;
	if (types) {
		attr_slot(b, step, "prog_btf_fd", w->btf_slot);
		set_info(w, step, "func_info", &prog->func_info);
		set_info(w, step, "line_info", &prog->line_info);
		add_log(w, step);
		step = plan_add_instead(b, step, "without types, which the kernel did not take",
			(uint16_t[PLAN_ERRS]){ERRS_SKIPPED, E2BIG});
		drop_types(w, step);
	}
	add_log(w, step);
	step = plan_add_instead(
		b, step, "without a name: kernels before 4.15", (uint16_t[PLAN_ERRS]){E2BIG});
	attr_clear(b, step, "expected_attach_type");
	attr_clear(b, step, "prog_name");
	add_log(w, step);
}

static bool check_license(const struct object *o, const struct image_prog *prog, struct err *e)
{
	if (!prog->gpl_only || license_is_gpl(o->license))
		return true;
	if (*o->license)
		err_set(e,
			"it calls bpf_%s, which only GPL-compatible programs may; the license is "
			"'%s'",
			prog->gpl_only, o->license);
	else
		err_set(e,
			"it calls bpf_%s, which only GPL-compatible programs may; the object has "
			"no license",
			prog->gpl_only);
	return err_hint(
		e, "char LICENSE[] SEC(\"license\") = \"GPL\"; or \"Dual BSD/GPL\" and the like");
}

/* What people are told about a program: its formats and what its poison means. */
static void describe(struct build *w, const struct image_prog *prog, struct plan_prog *pp)
{
	struct arena *a = w->p->arena;
	pp->prints = prog->n_formats || prog->unknown_format;
	pp->unknown_format = prog->unknown_format;
	pp->n_formats = prog->n_formats;
	pp->formats = arena_array(a, prog->n_formats, sizeof *pp->formats);
	pp->n_poison = prog->n_poison;
	pp->poison = arena_array(a, prog->n_poison, sizeof *pp->poison);
	if (!pp->formats || !pp->poison) {
		w->b.failed = true;
		err_nomem(w->b.e);
		return;
	}
	for (size_t i = 0; i < prog->n_formats; i++)
		pp->formats[i] = text(w, arena_strdup(a, prog->formats[i]));
	for (size_t i = 0; i < prog->n_poison; i++)
		pp->poison[i] = (struct plan_poison){prog->poison[i].insn,
			text(w, arena_strdup(a, prog->poison[i].what)),
			text(w, arena_strdup(a, prog->poison[i].why))};
}

/* "--on PROG=TARGET" is for one program, "--on TARGET" for all that ask for one. */
static const char *said_on(struct build *w, const char *prog)
{
	size_t n = strlen(prog);
	const char *all = NULL;
	for (size_t i = 0; i < w->opt->n_on; i++) {
		const char *on = w->opt->on[i];
		if (!strncmp(on, prog, n) && on[n] == '=')
			return text(w, arena_strdup(w->p->arena, on + n + 1));
		if (!strchr(on, '='))
			all = on;
	}
	return all ? text(w, arena_strdup(w->p->arena, all)) : NULL;
}

static bool plan_prog(struct build *w, const struct image_prog *prog, struct hook_use *use)
{
	struct plan *p = w->p;
	struct plan_prog *pp = &p->progs[p->n_progs];
	const struct obj_func *f = prog->func;
	const char *target;
	if (!check_license(w->o, prog, w->b.e))
		return false;
	use->hook = hook_find(f->sec, &target, w->b.e);
	if (!use->hook)
		return false;
	use->target = text(w, arena_strdup(p->arena, target));
	use->kernel = w->t;
	use->on = said_on(w, f->name);
	*pp = (struct plan_prog){
		.name = text(w, arena_strdup(p->arena, f->name)),
		.sec = text(w, arena_strdup(p->arena, f->sec)),
		.prog_type = use->hook->prog_type,
		.attach_type = use->hook->attach_type,
		.link = PLAN_NONE,
		.insns = plan_insns(w, prog),
	};
	pp->slot = plan_add_slot(&w->b, SLOT_PROG, pp->name);
	use->prog_slot = pp->slot;
	use->like = (struct plan_step){.prog = (int16_t)p->n_progs++,
		.doing = "attach",
		.who = text(w, arena_printf(p->arena, "program '%s' (%s)", f->name, f->sec))};
	describe(w, prog, pp);
	load_prog(w, prog, use, pp);
	return !w->b.failed;
}

/* A program whose section says where attaches there; some have to be told by the user. */
static void attach_prog(struct build *w, struct hook_use *use, struct plan_prog *pp)
{
	const struct hook *h = use->hook;
	bool says = *use->target || h->target == TARGET_NONE;
	if (!h->attach || (!says && !use->on))
		return;
	if (h->asks && !use->on)
		hook_fail(&w->b,
			text(w, arena_printf(w->p->arena, "say it with --on %s=...", pp->name)),
			"it needs %s to attach to", h->asks);
	use->link_slot = pp->link = plan_add_slot(&w->b, SLOT_LINK, pp->name);
	if (!w->b.failed)
		h->attach(&w->b, use);
	if (w->b.failed)
		err_where(w->b.e, "%s: attach", use->like.who);
}

/* All programs are loaded before the first is attached: nothing runs unless everything can. */
static void plan_progs(struct build *w)
{
	struct plan *p = w->p;
	size_t n = w->image->n_progs;
	struct hook_use *uses = arena_array(p->arena, n, sizeof *uses);
	p->progs = arena_array(p->arena, n, sizeof *p->progs);
	if (!p->progs || !uses) {
		w->b.failed = true;
		err_nomem(w->b.e);
		return;
	}
	for (size_t i = 0; i < n && !w->b.failed; i++)
		if (!plan_prog(w, &w->image->progs[i], &uses[i])) {
			w->b.failed = true;
			err_where(w->b.e, "program '%s' (%s)", w->image->progs[i].func->name,
				w->image->progs[i].func->sec);
		}
	for (size_t i = 0; i < n && !w->b.failed; i++)
		attach_prog(w, &uses[i], &p->progs[i]);
}

bool plan_build(struct plan *p, const struct image *image, const struct plan_options *opt,
	struct target *t, struct arena *a, struct err *e)
{
	struct build w = {.p = p,
		.image = image,
		.o = image->object,
		.t = t,
		.opt = opt,
		.btf_slot = PLAN_NONE,
		.b = {.plan = p, .e = e}};
	*p = (struct plan){
		.arena = a,
		.path = text(&w, arena_strdup(a, image->object->path)),
		.name = text(&w, arena_strdup(a, image->object->name)),
		.release = image->used_target ? text(&w, arena_strdup(a, t->release)) : "",
		.machine = text(&w, arena_strdup(a, t->machine)),
		.big = image->object->elf.file.big,
	};
	plan_types(&w);
	plan_maps(&w);
	plan_progs(&w);
	if (t->btf_found)
		p->release =
			text(&w, arena_strdup(a, t->release)); /* ids in there are of that kernel */
	if (w.b.failed)
		return err_where(e, "%s", image->object->path);
	return plan_check(p, e);
}

/* ---- object to plan ---- */

struct wanted {
	const char *const *only;
	size_t n;
};

static bool is_wanted(void *ctx, const struct obj_func *f)
{
	const struct wanted *w = ctx;
	if (!w->n)
		return !f->optional;
	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->only[i], f->name))
			return true;
	return false;
}

static bool check_wanted(const struct object *o, const struct wanted *w, struct err *e)
{
	char names[400] = "";
	size_t n = 0;
	for (size_t i = 0; i < o->n_funcs && n < sizeof names; i++)
		if (o->funcs[i].entry)
			n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "",
				o->funcs[i].name);
	for (size_t k = 0; k < w->n; k++) {
		bool found = false;
		for (size_t i = 0; i < o->n_funcs; i++)
			found |= o->funcs[i].entry && !strcmp(o->funcs[i].name, w->only[k]);
		if (!found) {
			err_set(e, "%s: there is no program '%s'", o->path, w->only[k]);
			return err_hint(e, "its programs are: %s", names);
		}
	}
	if (!n)
		return err_set(e, "%s: there is no program in it", o->path);
	return true;
}

static bool asks_target(const struct object *o)
{
	return o->has_ext && o->ext.rec_size[BTF_EXT_CORE] && o->ext.list[BTF_EXT_CORE].n;
}

/* Everything of the object and the image lives in scratch; the plan keeps nothing of them. */
static bool link_and_plan(struct plan *p, const char *path, struct span bytes, struct wanted *w,
	const struct plan_options *opt, struct target *t, struct arena *a, struct arena *scratch,
	struct err *e)
{
	struct object o;
	struct image image;
	if (!object_open(&o, path, bytes, scratch, e) || !check_wanted(&o, w, e))
		return false;
	const struct btf *kernel = asks_target(&o) ? target_btf(t, e) : NULL;
	if (e->set)
		return err_where(e, "%s", path);
	struct link_options link = {.wanted = is_wanted,
		.ctx = w,
		.targets = &kernel,
		.n_targets = kernel != NULL,
		.watch = opt->watch};
	bool ok = image_link(&image, &o, &link, e) && plan_build(p, &image, opt, t, a, e);
	target_close(t);
	return ok;
}

bool plan_object(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e)
{
	struct arena scratch = {0};
	struct wanted w = {opt->only, opt->n_only};
	bool ok = link_and_plan(p, path, bytes, &w, opt, t, a, &scratch, e);
	arena_free(&scratch);
	return ok;
}
