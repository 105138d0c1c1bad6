/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "planner_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/link/helpers.h"
#include "loader/plan/abi.h"
#include "loader/hook/hook.h"

#include <errno.h>

enum { LOG_SIZE = (1 << 24) - 1 }; /* the largest size that every kernel accepts */

/* Adds the patches for values that are only known when the plan runs. */
static void patch_ref(struct build *w, int16_t blob, const struct image_ref *ref)
{
	struct plan_patch patch = {.at = ref->insn * 8 + 4, .size = 4, .what = PATCH_SLOT};
	int16_t slot;
	switch (ref->kind) {
	case REF_MAP:
	case REF_VALUE:
		slot = w->p->maps[ref->index].slot;
		break;
	case REF_TABLE:
		slot = w->table_slots[ref->index];
		break;
	case REF_ADDRESS:
		slot = w->symbol_slots[ref->index];
		break;
	default: /* REF_MODULE */
		patch.at += 8;
		slot = planner_module_slot(w, ref->index);
	}
	if (ref->kind == REF_VALUE && w->o->maps[ref->index].globals_size && !w->b.failed) {
		uint8_t *off = w->p->blobs[blob].bytes + patch.at + 8;
		bytes_put(off, 4, w->p->big,
			bytes_get32(off, w->p->big) +
				planner_globals_offset(w, &w->o->maps[ref->index]));
	}
	patch.index = (uint16_t)slot;
	plan_add_patch(&w->b, blob, patch);
	if (ref->kind == REF_ADDRESS) {
		patch.at += 8;
		patch.what = PATCH_HIGH;
		plan_add_patch(&w->b, blob, patch);
	}
}

/* The map of a jump table, which must be filled and frozen before the program is loaded. */
static int16_t plan_table(struct build *w, const struct image_table *t)
{
	enum { VALUE = 16 }; /* struct bpf_insn_array_value; its first word is orig_off */
	struct plan_builder *b = &w->b;
	const char *name = plan_text(&w->b, arena_strdup(w->p->arena, t->name));
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "create",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "jump table '%s'", name))};
	int16_t slot = plan_add_slot(b, SLOT_MAP, name);
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_CREATE, slot, &like);
	attr_set(b, step, ATTR(map_type), BPF_MAP_TYPE_INSN_ARRAY);
	attr_set(b, step, ATTR(key_size), 4);
	attr_set(b, step, ATTR(value_size), VALUE);
	attr_set(b, step, ATTR(max_entries), t->n);
	attr_name(b, step, ATTR(map_name), ".jumptables");
	plan_add_hint(b, step, EINVAL,
		"jump tables require Linux 6.19: compile with -mcpu=v3 or without them");
	like.doing = "fill";
	for (uint32_t i = 0; i < t->n && !b->failed; i++) {
		uint8_t key[4], value[VALUE] = {0};
		bytes_put(key, 4, w->p->big, i);
		bytes_put(value, 4, w->p->big, t->insns[i]);
		step = plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, PLAN_NONE, &like);
		attr_slot(b, step, ATTR(map_fd), slot);
		attr_blob(b, step, ATTR(key), plan_add_blob(b, key, sizeof key, "key"));
		attr_blob(b, step, ATTR(value), plan_add_blob(b, value, sizeof value, "value"));
	}
	like.doing = "freeze";
	step = plan_add_step(b, STEP_BPF, BPF_MAP_FREEZE, PLAN_NONE, &like);
	attr_slot(b, step, ATTR(map_fd), slot);
	return slot;
}

/* Before 5.5 one helper read both kernel and user memory. On architectures where this works, it is
 * equivalent to its successors. */
static void use_old_helpers(struct build *w, int16_t blob)
{
	static const struct {
		int32_t now, before;
	} helpers[] = {
		{BPF_FUNC_probe_read_user, BPF_FUNC_probe_read},
		{BPF_FUNC_probe_read_kernel, BPF_FUNC_probe_read},
		{BPF_FUNC_probe_read_user_str, BPF_FUNC_probe_read_str},
		{BPF_FUNC_probe_read_kernel_str, BPF_FUNC_probe_read_str},
	};
	if (abi_parse_version(w->t->release) >= ABI_VERSION(5, 5) || w->b.failed)
		return;
	struct plan_blob *code = &w->p->blobs[blob];
	for (uint32_t at = 0; at + INSN_SIZE <= code->size; at += INSN_SIZE) {
		struct insn insn = insn_get(code->bytes + at, w->p->big);
		for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
			if (insn_calls_helper(insn) && insn.imm == helpers[i].now) {
				insn.imm = helpers[i].before;
				insn_put(code->bytes + at, w->p->big, insn);
				break;
			}
		at += insn_is_wide(insn) ? INSN_SIZE : 0;
	}
}

static int16_t plan_insns(struct build *w, const struct image_prog *prog)
{
	w->table_slots = arena_array(w->o->arena, prog->n_tables, sizeof *w->table_slots);
	if (!w->table_slots)
		plan_fail_memory(&w->b);
	for (size_t i = 0; i < prog->n_tables && !w->b.failed; i++)
		w->table_slots[i] = plan_table(w, &prog->tables[i]);
	int16_t blob = plan_add_blob(&w->b, prog->insns, (size_t)prog->n * 8, "insns");
	for (size_t i = 0; i < prog->n_refs && !w->b.failed; i++)
		patch_ref(w, blob, &prog->refs[i]);
	use_old_helpers(w, blob);
	return blob;
}

/* The fields of BPF_PROG_LOAD for one kind of records. */
struct info_fields {
	const char *what;
	struct attr_field rec_size, records, count;
};

static void set_info(
	struct build *w, int16_t step, const struct info_fields *f, const struct image_info *info)
{
	if (!info->count)
		return;
	attr_set(&w->b, step, f->rec_size, info->rec_size);
	attr_blob(&w->b, step, f->records,
		plan_add_blob(&w->b, info->bytes, (size_t)info->count * info->rec_size, f->what));
	attr_set(&w->b, step, f->count, info->count);
}

static void set_types(struct build *w, int16_t step, const struct image_prog *prog)
{
	static const struct info_fields funcs = {
		"func_info", ATTR(func_info_rec_size), ATTR(func_info), ATTR(func_info_cnt)};
	static const struct info_fields lines = {
		"line_info", ATTR(line_info_rec_size), ATTR(line_info), ATTR(line_info_cnt)};
	attr_slot(&w->b, step, ATTR(prog_btf_fd), w->btf_slot);
	set_info(w, step, &funcs, &prog->func_info);
	set_info(w, step, &lines, &prog->line_info);
}

/* The same call with a log, which is too expensive for programs that load without error. */
static void add_log(struct build *w, int16_t step)
{
	int16_t log = plan_add_fallback(
		&w->b, step, "again, for the verifier log", (uint16_t[PLAN_ERRS]){ERRS_ANY});
	attr_set(&w->b, log, ATTR(log_level), 1);
	attr_set(&w->b, log, ATTR(log_size), LOG_SIZE);
	attr_blob(&w->b, log, ATTR(log_buf), plan_add_output(&w->b, LOG_SIZE, "log"));
	struct plan_step *s = plan_step_at(&w->b, log);
	s->flags |= STEP_LOG;
}

static void drop_types(struct build *w, int16_t step)
{
	static const struct attr_field fields[] = {ATTR(line_info_cnt), ATTR(line_info),
		ATTR(line_info_rec_size), ATTR(func_info_cnt), ATTR(func_info),
		ATTR(func_info_rec_size), ATTR(prog_btf_fd)};
	attr_clear(&w->b, step, fields, sizeof fields / sizeof *fields);
}

/*
 * If the target of a program is missing, a plan for display lists the program with the reason and
 * goes on, to show the other programs. A single program is tolerated only without a file, since the
 * plan may be for another machine. A wrong target argument remains an error. before: the plan without
 * the steps for the target.
 */
static bool tolerate_missing(struct build *w, const struct hook_use *use, struct plan_prog *pp,
	const struct plan *before)
{
	struct plan *p = w->p;
	bool others = w->image->n_progs > 1 || w->b.e->no == ENOENT;
	if (!w->b.failed || !w->opt->show || use->arg || !others || p->arena->full)
		return false;
	pp->why = arena_strdup(p->arena, w->b.e->text);
	if (!pp->why)
		return false;
	pp->link = PLAN_NONE;
	p->n_slots = before->n_slots;
	p->n_blobs = before->n_blobs;
	p->n_steps = before->n_steps;
	*w->b.e = (struct err){0};
	w->b.failed = false;
	return true;
}

/* Tells how to run the other programs. */
static void name_skip(struct build *w, const struct plan_prog *pp)
{
	struct err *e = w->b.e;
	size_t n = strlen(e->hint);
	if (w->image->n_progs > 1)
		text_print(e->hint + n, sizeof e->hint - n, "%s--skip %s leaves this program out",
			n ? "; " : "", pp->name);
}

/* Adds the steps that loading the program depends on. */
static void prepare_prog(struct build *w, struct hook_use *use, struct plan_prog *pp)
{
	const struct plan before = *w->p;
	if (!use->hook->prepare || w->b.failed)
		return;
	use->hook->prepare(&w->b, use);
	if (tolerate_missing(w, use, pp, &before)) {
		use->attach_btf.id = 0;
		use->attach_btf.number = use->attach_btf.program = use->attach_btf.module =
			PLAN_NONE;
	} else if (w->b.failed) {
		name_skip(w, pp);
	}
}

/* A note if the program loads, and the hint if the verifier rejects it. */
static void warn_of_context(
	struct build *w, const struct image_prog *prog, uint32_t prog_type, int16_t step)
{
	const char *note = planner_context_note(w, prog, prog_type);
	if (!note)
		return;
	plan_add_hint(&w->b, step, EACCES, note);
	struct plan_step *s = plan_step_at(&w->b, step);
	s->flags |= STEP_NOTICE;
	s->note = note;
}

static void load_prog(
	struct build *w, const struct image_prog *prog, struct hook_use *use, struct plan_prog *pp)
{
	struct plan_builder *b = &w->b;
	const struct hook *h = use->hook;
	bool types = w->btf_slot != PLAN_NONE && prog->func_info.count;
	struct plan_step like = use->like;
	like.doing = "load";
	prepare_prog(w, use, pp);
	int16_t license = plan_add_blob(b, w->o->license, strlen(w->o->license) + 1, "license");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_PROG_LOAD, pp->slot, &like);
	attr_set(b, step, ATTR(prog_type), h->prog_type);
	attr_set(b, step, ATTR(insn_cnt), prog->n);
	attr_blob(b, step, ATTR(insns), pp->insns);
	attr_blob(b, step, ATTR(license), license);
	/* Before 5.0 the kernel requires kprobe programs to name its exact version. */
	if (abi_parse_version(w->t->release) < ABI_VERSION(5, 0) &&
		h->prog_type == BPF_PROG_TYPE_KPROBE)
		attr_set(b, step, ATTR(kern_version), target_version_code(w->t));
	if (h->prog_flags)
		attr_set(b, step, ATTR(prog_flags), h->prog_flags);
	attr_name(b, step, ATTR(prog_name), prog->func->name);
	if (h->attach_type)
		attr_set(b, step, ATTR(expected_attach_type), h->attach_type);
	if (w->fd_array != PLAN_NONE && prog->calls_modules)
		attr_blob(b, step, ATTR(fd_array), w->fd_array);
	if (abi_parse_version(w->t->release) < h->since) {
		char since[8];
		plan_add_hint(b, step, EINVAL,
			plan_text(&w->b, arena_printf(w->p->arena, "SEC(\"%s\") requires Linux %s",
						 h->sec, abi_version(h->since, since))));
	}
	if (h->prog_type == BPF_PROG_TYPE_STRUCT_OPS)
		plan_struct_ops_prog(w, prog->func, step);
	if (h->load && !b->failed)
		h->load(b, use, step);
	warn_of_context(w, prog, h->prog_type, step);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_MEMLOCK;
	if (types) {
		set_types(w, step, prog);
		add_log(w, step);
		step = plan_add_fallback(b, step, "without types, which the kernel rejected",
			(uint16_t[PLAN_ERRS]){ERRS_SKIPPED, E2BIG});
		drop_types(w, step);
	}
	add_log(w, step);
	if (!planner_serves_before(w, ABI_VERSION(4, 15)))
		return;
	step = plan_add_fallback(
		b, step, "without a name: kernels before 4.15", (uint16_t[PLAN_ERRS]){E2BIG});
	static const struct attr_field names[] = {ATTR(expected_attach_type), ATTR(prog_name)};
	attr_clear(b, step, names, sizeof names / sizeof *names);
	add_log(w, step);
}

/* Variables named bpf_metadata_* are shown by tools that list programs; no code refers to them. */
static bool has_metadata(const struct build *w, const struct obj_map *m)
{
	static const char prefix[] = "bpf_metadata_";
	struct btf_type sec, var;
	if (m->kind != OBJ_MAP_DATA || !m->read_only || !m->value_type ||
		!btf_type(&w->o->btf, m->value_type, &sec))
		return false;
	for (uint32_t i = 0; i < sec.vlen; i++)
		if (btf_type(&w->o->btf, btf_secinfo(&sec, i).type, &var) &&
			!strncmp(btf_name(&var), prefix, sizeof prefix - 1))
			return true;
	return false;
}

static void bind_metadata(struct build *w, const struct plan_prog *pp, const struct plan_step *like)
{
	struct plan_step bind = *like;
	bind.doing = "bind its metadata";
	for (size_t i = 0; i < w->o->n_maps && !w->b.failed; i++) {
		if (!has_metadata(w, &w->o->maps[i]))
			continue;
		int16_t step = plan_add_step(&w->b, STEP_BPF, BPF_PROG_BIND_MAP, PLAN_NONE, &bind);
		attr_slot(&w->b, step, ATTR(prog_bind_map.prog_fd), pp->slot);
		attr_slot(&w->b, step, ATTR(prog_bind_map.map_fd), w->p->maps[i].slot);
		struct plan_step *s = plan_step_at(&w->b, step);
		plan_tolerate(&w->b, step, (uint16_t[PLAN_ERRS]){EINVAL}); /* before 5.10 */
		s->note = "keeps the map as long as the program, although no code refers to it";
	}
}

static bool check_license(const struct object *o, const struct image_prog *prog, struct err *e)
{
	if (!prog->gpl_only || license_is_gpl(o->license))
		return true;
	if (*o->license)
		err_set(e,
			"it calls bpf_%s, which requires a GPL-compatible license; the license is "
			"'%s'",
			helper_name(prog->gpl_only), o->license);
	else
		err_set(e,
			"it calls bpf_%s, which requires a GPL-compatible license; the object has "
			"no license",
			helper_name(prog->gpl_only));
	return err_hint(e,
		"declare it: char LICENSE[] SEC(\"license\") = \"GPL\"; or \"Dual BSD/GPL\" etc.");
}

/* The records that an iterator writes. */
static void plan_record(struct build *w, size_t func, struct plan_prog *pp)
{
	const size_t result = w->o->n_maps + func;
	const struct record_result *r = w->events ? &w->events[result] : NULL;
	pp->event_note = planner_event_note(w, result, pp->name);
	if (r && r->iterator)
		pp->record = (struct plan_record_type){
			.type = r->type, .size = r->record ? r->record : r->size};
}

/* Copies the facts for display: printk formats and failed CO-RE relocations. */
static void describe(struct build *w, const struct image_prog *prog, struct plan_prog *pp)
{
	struct arena *a = w->p->arena;
	pp->prints = prog->n_formats || prog->unknown_format;
	pp->streams = prog->streams;
	pp->unknown_format = prog->unknown_format;
	pp->n_formats = prog->n_formats;
	pp->formats = arena_array(a, prog->n_formats, sizeof *pp->formats);
	pp->n_poison = prog->n_poison;
	pp->poison = arena_array(a, prog->n_poison, sizeof *pp->poison);
	if (!pp->formats || !pp->poison) {
		plan_fail_memory(&w->b);
		return;
	}
	for (size_t i = 0; i < prog->n_formats; i++)
		pp->formats[i] = plan_text(&w->b, arena_strdup(a, prog->formats[i]));
	for (size_t i = 0; i < prog->n_poison; i++)
		pp->poison[i] = (struct plan_poison){prog->poison[i].insn,
			plan_text(&w->b, arena_strdup(a, prog->poison[i].what)),
			plan_text(&w->b, arena_strdup(a, prog->poison[i].why))};
}

/* --on PROG=TARGET applies to one program, --on TARGET to all that need a target and have none of their
 * own. An empty target is none. Several may be given: this is the nth from 0, or NULL. */
static const char *target_arg(struct build *w, const char *prog, bool needs, size_t nth)
{
	const struct plan_options *opt = w->opt;
	size_t n = strlen(prog);
	bool named = planner_value_for(opt->target_args, opt->n_target_args, prog);
	for (size_t i = 0; i < opt->n_target_args; i++) {
		const char *arg = opt->target_args[i];
		bool own = !strncmp(arg, prog, n) && arg[n] == '=';
		if ((named ? own : needs && !strchr(arg, '=')) && !nth--) {
			arg += named ? n + 1 : 0;
			return *arg ? plan_text(&w->b, arena_strdup(w->p->arena, arg)) : NULL;
		}
	}
	return NULL;
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
	use->target = plan_text(&w->b, arena_strdup(p->arena, target));
	use->kernel = w->t;
	use->show = w->opt->show;
	use->device.wanted = prog->calls_device;
	use->arg = target_arg(w, f->name, use->hook->needs != NULL, 0);
	if (use->hook->prog_type != BPF_PROG_TYPE_SYSCALL &&
		planner_value_for(w->opt->args, w->opt->n_args, f->name))
		return err_set(w->b.e, "--arg is for programs that are called: SEC(\"syscall\")");
	*pp = (struct plan_prog){
		.name = plan_text(&w->b, arena_strdup(p->arena, f->name)),
		.sec = plan_text(&w->b, arena_strdup(p->arena, f->sec)),
		.prog_type = use->hook->prog_type,
		.attach_type = use->hook->attach_type,
		.link = PLAN_NONE,
		.insns = plan_insns(w, prog),
	};
	pp->slot = plan_add_slot(&w->b, SLOT_PROG, pp->name);
	use->prog_slot = pp->slot;
	use->like = (struct plan_step){.prog = (int16_t)p->n_progs++,
		.doing = "attach",
		.who = plan_text(
			&w->b, arena_printf(p->arena, "program '%s' (%s)", f->name, f->sec))};
	describe(w, prog, pp);
	plan_record(w, (size_t)(f - w->o->funcs), pp);
	load_prog(w, prog, use, pp);
	bind_metadata(w, pp, &use->like);
	return !w->b.failed;
}

int16_t planner_prog_slot(const struct build *w, const struct obj_func *f)
{
	for (size_t i = 0; i < w->image->n_progs; i++)
		if (w->image->progs[i].func == f && i < w->p->n_progs)
			return w->p->progs[i].slot;
	return PLAN_NONE;
}

/* Attaches a program to its further targets. Some are loaded for one target. */
static void attach_elsewhere(struct build *w, struct hook_use *use, const struct plan_prog *pp)
{
	const struct hook *h = use->hook;
	bool bound = h->prepare &&
	             (h->prog_type == BPF_PROG_TYPE_XDP ? use->device.wanted
							: h->attach_type != BPF_LSM_CGROUP);
	const char *arg;
	for (size_t nth = 1; !w->b.failed; nth++) {
		if (!(arg = target_arg(w, pp->name, h->needs != NULL, nth)))
			return;
		if (bound) {
			hook_fail(&w->b, "leave one --on out", "it is loaded for one target");
			return;
		}
		use->arg = arg;
		use->link_slot = plan_add_slot(&w->b, SLOT_LINK, pp->name);
		if (sonde_pins)
			sonde_pins->old_pins(w, use);
		if (!w->b.failed)
			h->attach(&w->b, use);
	}
}

/* Attaches a program to the target in its section name, or to the one given with --on. */
static void attach_prog(
	struct build *w, struct hook_use *use, struct plan_prog *pp, const struct obj_func *f)
{
	const struct hook *h = use->hook;
	if (pp->why || (f->no_autoload && !planner_named(w->opt, f)))
		return; /* its target is missing, or it is loaded for tail calls only */
	bool has_target = *use->target || h->target == TARGET_NONE;
	if (!h->attach || (!has_target && !use->arg) || (h->needs && !use->arg && w->opt->show))
		return;
	if (h->needs && !use->arg)
		hook_fail(&w->b,
			plan_text(&w->b, arena_printf(w->p->arena, "use --on %s=%s", pp->name,
						 h->arg_syntax ? h->arg_syntax : "...")),
			"requires %s to attach to", h->needs);
	if (h->prog_type == BPF_PROG_TYPE_SYSCALL && !plan_context(w, use, pp)) {
		if (w->b.failed)
			err_where(w->b.e, "%s", use->like.who);
		return;
	}
	const struct plan before = *w->p;
	use->link_slot = pp->link = plan_add_slot(&w->b, SLOT_LINK, pp->name);
	if (sonde_pins)
		sonde_pins->old_pins(w, use);
	if (!w->b.failed)
		h->attach(&w->b, use);
	attach_elsewhere(w, use, pp);
	if (w->b.failed && !tolerate_missing(w, use, pp, &before)) {
		name_skip(w, pp);
		err_where(w->b.e, "%s: attach", use->like.who);
	}
}

/* Whether the program would attach if its target were known. */
static bool lacks_target(
	const struct build *w, const struct hook_use *use, const struct obj_func *f)
{
	return use->hook->attach && use->hook->target != TARGET_NONE && !*use->target &&
	       !use->arg && (!f->no_autoload || planner_named(w->opt, f));
}

/* A run that attaches nothing, although some program only lacks a target, is a mistake. */
static void check_attached(struct build *w, const struct hook_use *uses)
{
	const struct plan *p = w->p;
	const struct hook_use *bare = NULL;
	for (size_t i = 0; i < p->n_progs; i++) {
		if (p->progs[i].link != PLAN_NONE ||
			p->progs[i].prog_type == BPF_PROG_TYPE_STRUCT_OPS)
			return;
		if (!bare && lacks_target(w, &uses[i], w->image->progs[i].func))
			bare = &uses[i];
	}
	if (!bare)
		return;
	hook_fail(&w->b,
		plan_text(
			&w->b, arena_printf(p->arena, "use SEC(\"%s/%s\") or --on %s=%s",
				       bare->hook->sec, bare->hook->target_syntax,
				       p->progs[bare->like.prog].name, bare->hook->target_syntax)),
		"requires a target to attach to");
	err_where(w->b.e, "%s: attach", bare->like.who);
}

/* All programs are loaded before the first is attached, so that none runs unless all can. */
void plan_progs(struct build *w)
{
	struct plan *p = w->p;
	size_t n = w->image->n_progs;
	struct hook_use *uses = arena_array(p->arena, n, sizeof *uses);
	p->progs = arena_array(p->arena, n, sizeof *p->progs);
	if (!p->progs || !uses) {
		plan_fail_memory(&w->b);
		return;
	}
	for (size_t i = 0; i < n && !w->b.failed; i++)
		if (!plan_prog(w, &w->image->progs[i], &uses[i])) {
			w->b.failed = true;
			err_where(w->b.e, "program '%s' (%s)", w->image->progs[i].func->name,
				w->image->progs[i].func->sec);
		}
	plan_map_slots(w, true);
	for (size_t i = 0; i < n && !w->b.failed && !w->opt->load_only; i++)
		attach_prog(w, &uses[i], &p->progs[i], w->image->progs[i].func);
	/* A scheduler may rely on probes of its own registration. */
	if (!w->opt->load_only && plan_struct_ops_attach)
		plan_struct_ops_attach(w);
	if (!w->b.failed && !w->opt->load_only && !w->opt->show)
		check_attached(w, uses);
}
