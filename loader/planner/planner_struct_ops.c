/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * struct_ops: converts the object's struct T to the kernel's struct T, member by member.
 *
 * For each T that programs may implement, the kernel has a struct bpf_struct_ops_T: the value of a
 * map with one element, which contains some private words followed by T. Programs are loaded for T
 * (attach_btf_id) and one of its members (expected_attach_type is the member's number). Writing the
 * element, with program fds in place of function pointers, registers it; with BPF_F_LINK a link
 * does that.
 *
 * Members are matched by name, ignoring flavor suffixes ("tcp_congestion_ops___old"). A member that
 * the kernel does not have must be zero. Sizes must agree, and pointers other than functions must be
 * NULL.
 */
#include "planner_impl.h"

#include "elf/btf/btf_append.h"
#include "elf/base/insn.h"
#include "loader/plan/abi.h"

#include <errno.h>

/* The kernel's types for a struct_ops map. */
struct ops {
	const struct btf *btf;       /* the BTF with both types */
	uint32_t target;             /* its index in target.types */
	struct btf_type type, value; /* struct T, struct bpf_struct_ops_T */
	uint32_t value_type;         /* id of value */
	uint32_t data;               /* offset of T in value, in bytes */
};

static const char *type_name(struct build *w, const struct obj_map *m)
{
	struct btf_type t;
	btf_type(&w->o->btf, m->struct_type, &t);
	const char *name = btf_name(&t);
	return plan_text(&w->b, arena_strndup(w->p->arena, name, core_essential_len(name)));
}

static bool fail(struct build *w, const char *hint)
{
	w->b.failed = true;
	if (hint)
		err_hint(w->b.e, "%s", hint);
	return false;
}

static bool find_value(
	struct build *w, struct kernel_types *types, const char *name, struct ops *ops)
{
	for (uint32_t i = 0; i < types->n; i++) {
		ops->value_type = btf_find(types->list[i], BTF_STRUCT, name);
		ops->target = i;
		ops->btf = types->list[i];
		if (ops->value_type)
			return true;
		if (!i && !kernel_types_all(types, w->b.e))
			return false;
	}
	return false;
}

/* Fails the planner if a type is missing. */
static bool find_ops(struct build *w, const struct obj_map *m, struct ops *ops)
{
	struct kernel_types *types = target_types(w->t, w->b.e);
	const char *name = type_name(w, m);
	const char *value = plan_text(&w->b, arena_printf(w->p->arena, "bpf_struct_ops_%s", name));
	if (w->b.failed || w->b.e->set)
		return fail(w, NULL);
	if (!types->n) {
		err_set(w->b.e,
			"struct_ops '%s' requires the types of the kernel (BTF), but this "
			"kernel has none",
			m->name);
		return fail(w, NULL);
	}
	if (!find_value(w, types, value, ops)) {
		err_set(w->b.e,
			"struct_ops '%s': this kernel has no struct %s that programs can "
			"implement",
			m->name, name);
		return fail(
			w, strcmp(name, "sched_ext_ops")
				   ? "it may be newer than this kernel, or in a module that is "
				     "not loaded"
				   : "schedulers require Linux 6.12 with CONFIG_SCHED_CLASS_EXT");
	}
	uint32_t id = btf_find(ops->btf, BTF_STRUCT, name);
	btf_type(ops->btf, id, &ops->type);
	btf_type(ops->btf, ops->value_type, &ops->value);
	for (uint32_t i = 0; i < ops->value.vlen; i++) {
		struct btf_member member = btf_member(&ops->value, i);
		if (id && member.type == id) {
			ops->data = member.bit_off / 8;
			if (ops->data + ops->type.size <= ops->value.size)
				return true;
		}
	}
	err_set(w->b.e, "struct_ops '%s': the kernel's struct %s does not contain a struct %s",
		m->name, value, name);
	return fail(w, NULL);
}

/* The kernel's types for a map, cached after the first call; NULL after a failure. */
static const struct ops *kernel_ops(struct build *w, const struct obj_map *m)
{
	struct arena *a = w->o->arena;
	size_t i = (size_t)(m - w->o->maps);
	if (!w->ops)
		w->ops = arena_array(a, w->o->n_maps, sizeof *w->ops);
	if (!w->ops) {
		plan_fail_memory(&w->b);
		return NULL;
	}
	if (w->b.failed || w->ops[i])
		return w->b.failed ? NULL : w->ops[i];
	struct ops *ops = arena_alloc(a, sizeof *ops);
	if (!ops)
		plan_fail_memory(&w->b);
	else if (find_ops(w, m, ops))
		w->ops[i] = ops;
	return w->ops[i];
}

/* The number of the member with that name in the kernel's struct, vlen if there is none. */
static uint32_t member_number(const struct ops *ops, const char *name)
{
	uint32_t i = 0;
	size_t n = core_essential_len(name);
	while (i < ops->type.vlen) {
		const char *other = btf_member(&ops->type, i).name;
		if (!strncmp(other, name, n) && !other[n])
			break;
		i++;
	}
	return i;
}

void plan_struct_ops_prepare(struct build *w, const struct obj_map *m)
{
	const struct ops *ops = kernel_ops(w, m);
	if (ops && ops->target)
		planner_module_slot(w, ops->target);
}

/* ---- the map ---- */

/* Kernels such as 5.10 read their own types when the first program is loaded, and know no struct_ops
 * until then. */
static void retry_with_types(struct build *w, int16_t step)
{
	static const struct insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	struct plan_builder *b = &w->b;
	uint8_t insns[sizeof code / sizeof *code * INSN_SIZE];
	for (size_t i = 0; i < sizeof code / sizeof *code; i++)
		insn_put(insns + i * INSN_SIZE, w->p->big, code[i]);
	struct plan_step like = *plan_step_at(b, step);
	like.doing = "load any program";
	int16_t slot = plan_add_slot(b, SLOT_PROG, "none");
	int16_t load = plan_add_step(b, STEP_BPF, BPF_PROG_LOAD, slot, &like);
	attr_set(b, load, ATTR(prog_type), BPF_PROG_TYPE_SOCKET_FILTER);
	attr_set(b, load, ATTR(insn_cnt), sizeof insns / INSN_SIZE);
	attr_blob(b, load, ATTR(insns), plan_add_blob(b, insns, sizeof insns, "insns"));
	attr_blob(b, load, ATTR(license), plan_add_blob(b, "", 1, "license"));
	struct plan_step *s = plan_step_at(b, load);
	s->fallback_for = step;
	s->errs[0] = ENOTSUPP_KERNEL;
	s->note = "then old kernels read their own types";
	plan_add_fallback(
		b, step, "the kernel has its types now", (uint16_t[PLAN_ERRS]){ENOTSUPP_KERNEL});
}

void plan_struct_ops_map(struct build *w, const struct obj_map *m, int16_t step)
{
	struct plan_builder *b = &w->b;
	const struct ops *ops = kernel_ops(w, m);
	if (!ops)
		return;
	attr_set(b, step, ATTR(value_size), ops->value.size);
	attr_slot(b, step, ATTR(btf_fd), w->btf_slot);
	attr_set(b, step, ATTR(btf_vmlinux_value_type_id), ops->value_type);
	if (m->map_flags & BPF_F_LINK)
		plan_add_hint(b, step, EINVAL,
			"struct_ops links require Linux 6.4; SEC(\".struct_ops\") registers it "
			"without a link");
	if (ops->target) {
		attr_set(b, step, ATTR(map_flags), m->map_flags | BPF_F_VTYPE_BTF_OBJ_FD);
		attr_slot(
			b, step, ATTR(value_type_btf_obj_fd), planner_module_slot(w, ops->target));
	}
	retry_with_types(w, step);
}

/* ---- the programs ---- */

/* The map that a program is a member of, and the offset of the member. */
static const struct obj_map *map_of(const struct build *w, const struct obj_func *f, uint32_t *off)
{
	for (size_t i = 0; i < w->o->n_maps; i++) {
		const struct obj_map *m = &w->o->maps[i];
		for (size_t k = 0; m->kind == OBJ_MAP_STRUCT_OPS && k < m->n_slots; k++)
			if (m->slots[k].func == f) {
				*off = m->slots[k].index;
				return m;
			}
	}
	return NULL;
}

static struct btf_member member_at(const struct build *w, const struct obj_map *m, uint32_t off)
{
	struct btf_type t;
	btf_type(&w->o->btf, m->struct_type, &t);
	for (uint32_t i = 0; i < t.vlen; i++)
		if (btf_member(&t, i).bit_off == (uint64_t)off * 8)
			return btf_member(&t, i);
	return btf_member(&t, t.vlen);
}

void plan_struct_ops_prog(struct build *w, const struct obj_func *f, int16_t step)
{
	struct plan_builder *b = &w->b;
	uint32_t off = 0;
	const struct obj_map *m = map_of(w, f, &off);
	if (!m) {
		err_set(b->e, "no struct in a section .struct_ops points to it");
		fail(w, NULL);
		return;
	}
	const struct ops *ops = kernel_ops(w, m);
	if (!ops)
		return;
	const char *name = member_at(w, m, off).name;
	uint32_t number = member_number(ops, name);
	if (number == ops->type.vlen) {
		err_set(b->e, "struct %s of this kernel has no member '%s'", type_name(w, m), name);
		fail(w, NULL);
		return;
	}
	attr_set(b, step, ATTR(attach_btf_id), ops->type.id);
	attr_set(b, step, ATTR(expected_attach_type), number);
	if (ops->target)
		attr_slot(b, step, ATTR(attach_btf_obj_fd), planner_module_slot(w, ops->target));
}

/* ---- the value ---- */

static bool all_zero(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

static bool is_pointer(const struct btf *b, uint32_t type)
{
	struct btf_type t;
	btf_skip(b, type, &t);
	return t.kind == BTF_PTR;
}

static const struct obj_func *program_at(const struct obj_map *m, uint32_t off)
{
	for (size_t i = 0; i < m->n_slots; i++)
		if (m->slots[i].index == off)
			return m->slots[i].func;
	return NULL;
}

/* Copies one member to the kernel's struct, which is at offset ops->data of the blob. */
static bool put_member(struct build *w, const struct obj_map *m, const struct ops *ops,
	const struct btf_member *mine, int16_t blob)
{
	uint32_t off = mine->bit_off / 8, number = member_number(ops, mine->name);
	int64_t size = btf_size(&w->o->btf, mine->type);
	struct span bytes = span_sub(m->init, off, size > 0 ? (uint64_t)size : 0);
	const struct obj_func *f = program_at(m, off);
	struct btf_member theirs = btf_member(&ops->type, number);
	if (number == ops->type.vlen || !*mine->name)
		return (all_zero(bytes) && !f) ||
		       err_set(w->b.e, "struct_ops '%s': the kernel's struct has no member '%s'",
			       m->name, mine->name);
	uint32_t at = ops->data + theirs.bit_off / 8;
	if (f) {
		int16_t slot = planner_prog_slot(w, f);
		uint8_t word = ops->btf->ptr_size;
		if (slot == PLAN_NONE)
			return true;
		plan_add_patch(
			&w->b, blob, (struct plan_patch){at, word, PATCH_SLOT, (uint16_t)slot, 0});
		return true;
	}
	if (is_pointer(&w->o->btf, mine->type))
		return all_zero(bytes) ||
		       err_set(w->b.e, "struct_ops '%s': pointer '%s' must be NULL", m->name,
			       mine->name);
	if (mine->bit_size || theirs.bit_size)
		return all_zero(bytes) ||
		       err_set(w->b.e, "struct_ops '%s': bit-field '%s' must be 0", m->name,
			       mine->name);
	if (size != btf_size(ops->btf, theirs.type))
		return all_zero(bytes) ||
		       err_set(w->b.e,
			       "struct_ops '%s': member '%s' has %lld bytes, but %lld in this "
			       "kernel",
			       m->name, mine->name, (long long)size,
			       (long long)btf_size(ops->btf, theirs.type));
	if (bytes.n && (uint64_t)at + bytes.n <= ops->value.size && !w->b.failed)
		memcpy(w->p->blobs[blob].bytes + at, bytes.p, bytes.n);
	return true;
}

static int16_t plan_value(struct build *w, const struct obj_map *m)
{
	const struct ops *ops = kernel_ops(w, m);
	struct btf_type mine;
	if (!ops)
		return PLAN_NONE;
	int16_t blob = plan_add_blob(&w->b, NULL, ops->value.size, "value");
	btf_type(&w->o->btf, m->struct_type, &mine);
	for (uint32_t i = 0; i < mine.vlen && !w->b.failed; i++) {
		struct btf_member member = btf_member(&mine, i);
		if (!put_member(w, m, ops, &member, blob))
			w->b.failed = true;
	}
	return blob;
}

/* Registering the map attaches its programs. */
static void set_links(struct build *w, const struct obj_map *m, int16_t slot)
{
	for (size_t i = 0; i < w->image->n_progs && i < w->p->n_progs; i++)
		for (size_t k = 0; k < m->n_slots; k++)
			if (w->image->progs[i].func == m->slots[k].func)
				w->p->progs[i].link = slot;
}

/* Can a value of the object's member be copied to the kernel's? */
static bool is_plain(struct build *w, const struct ops *ops, const struct btf_member *mine,
	const struct btf_member *theirs)
{
	return *mine->name && *theirs->name && !mine->bit_size && !theirs->bit_size &&
	       !is_pointer(&w->o->btf, mine->type) &&
	       btf_size(&w->o->btf, mine->type) == btf_size(ops->btf, theirs->type);
}

/*
 * Describes the value in the types for display, so that members can be set: the object's members at
 * the kernel's offsets.
 */
static void describe_value(
	struct build *w, const struct obj_map *m, struct plan_map *pm, int16_t blob)
{
	const struct ops *ops = kernel_ops(w, m);
	struct btf_append types;
	struct btf_type mine;
	struct btf shown;
	uint32_t n = 0;
	if (w->b.failed)
		return;
	if (!btf_open(&shown, w->p->btf, NULL, w->o->arena, w->b.e)) {
		w->b.failed = true;
		return;
	}
	btf_type(&w->o->btf, m->struct_type, &mine);
	for (int counted = 0; counted < 2; counted++) {
		if (counted) {
			btf_append_begin(&types, &shown, w->o->arena);
			pm->value_type = btf_append_type(
				&types, BTF_STRUCT, type_name(w, m), n, false, ops->value.size);
		}
		for (uint32_t i = 0; i < mine.vlen; i++) {
			struct btf_member member = btf_member(&mine, i);
			struct btf_member theirs =
				btf_member(&ops->type, member_number(ops, member.name));
			if (!is_plain(w, ops, &member, &theirs))
				continue;
			if (counted)
				btf_append_member(&types, member.name, member.type,
					ops->data * 8 + theirs.bit_off);
			n++;
		}
	}
	struct span all = btf_append_end(&types, w->p->arena, w->b.e);
	if (!all.n) {
		w->b.failed = true;
		return;
	}
	w->p->btf = all;
	pm->init = blob;
}

/* What the subsystem of a struct_ops means by these errnos. */
static void explain_registration(struct plan_builder *b, int16_t step)
{
	plan_add_hint(b, step, EEXIST, "another one of that name is registered: rename this one");
	plan_add_hint(b, step, EBUSY,
		"only one can be registered at a time, and there is another: stop its owner first");
	plan_add_hint(b, step, EINVAL,
		"the kernel rejects its values: a required function is missing, or a name or flag "
		"is invalid (the kernel log may say which)");
}

/* The link that is pinned gets the new map. */
static void exchange_map(struct build *w, const struct obj_map *m, const struct plan_map *pm,
	int16_t slot, const struct plan_step *like)
{
	int16_t before = plan_add_slot(&w->b, SLOT_FILE, "struct_ops of before");
	hook_old_pin(&w->b, like, planner_pin_path(w, w->folder, "map", m->name), before);
	hook_old_pin(&w->b, like,
		planner_pin_path(w, w->folder, "link", planner_link_name(w, slot)), slot);
	hook_exchange(&w->b, like, slot, ATTR(link_update.new_map_fd), pm->slot, before);
}

static void plan_register(struct build *w, const struct obj_map *m, struct plan_map *pm)
{
	struct plan_builder *b = &w->b;
	bool link = m->map_flags & BPF_F_LINK;
	uint32_t key = 0;
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = link ? "fill" : "attach",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "struct_ops '%s'", m->name))};
	int16_t value = plan_value(w, m), key_blob = plan_add_blob(b, &key, sizeof key, "key");
	describe_value(w, m, pm, value);
	int16_t slot = plan_add_slot(b, SLOT_LINK, pm->name);
	int16_t step =
		plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, link ? PLAN_NONE : slot, &like);
	attr_slot(b, step, ATTR(map_fd), pm->slot);
	attr_blob(b, step, ATTR(key), key_blob);
	attr_blob(b, step, ATTR(value), value);
	explain_registration(b, step);
	set_links(w, m, slot);
	if (link) {
		like.doing = "attach";
		if (w->opt->replace && w->opt->leave)
			exchange_map(w, m, pm, slot, &like);
		step = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, slot, &like);
		attr_slot(b, step, ATTR(link_create.map_fd), pm->slot);
		attr_set(b, step, ATTR(link_create.attach_type), BPF_STRUCT_OPS);
		explain_registration(b, step);
		return;
	}
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	s->note = "SEC(\".struct_ops\") has no link, unlike SEC(\".struct_ops.link\"): it "
		  "remains registered if sonde is killed by SIGKILL (sonde detach struct_ops "
		  "lists and removes it)";
	step = plan_add_undo(b, STEP_BPF, BPF_MAP_DELETE_ELEM, step);
	attr_slot(b, step, ATTR(map_fd), pm->slot);
	attr_blob(b, step, ATTR(key), key_blob);
}

void plan_struct_ops_attach(struct build *w)
{
	for (size_t i = 0; i < w->o->n_maps && !w->b.failed; i++)
		if (w->o->maps[i].kind == OBJ_MAP_STRUCT_OPS && w->p->maps[i].slot != PLAN_NONE)
			plan_register(w, &w->o->maps[i], &w->p->maps[i]);
}

const char struct_ops_are_planned = 1; /* HOOK_NEEDS */
