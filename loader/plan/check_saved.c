/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* In a file of its own: programs that load no saved plans are linked without the rules for them. */
#include "check.h"
#include "check_impl.h"

#include "step_op.h"

/* For steps with each operation; NULL: the types of the arguments suffice. */
static bool (*const rules[STEP_OPS])(const struct plan *p, const struct plan_step *s) = {
#define STEP(op, name, text, cmd, args, has_result, run, allowed) [STEP_##op] = allowed,
#include "step_ops.def"
#undef STEP
};

/* Viewers read and write as many bytes as the plan says that the map has. */
static bool map_ok(const struct plan *p, const struct plan_map *m)
{
	struct check_shape shape;
	if (m->slot == PLAN_NONE)
		return true;
	if (!check_map_shape(p, m->slot, p->n_steps, &shape) || shape.map_type != m->map_type)
		return false;
	return m->map_type == BPF_MAP_TYPE_STRUCT_OPS || /* never shown */
	       (shape.key_size == m->key_size && shape.value_size == m->value_size &&
		       shape.max_entries == m->max_entries);
}

static bool check_rules(const struct plan *p, struct err *e)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		if (!check_result(p, s) || (rules[s->op] && !rules[s->op](p, s)))
			return err_set(e, "step %zu is not one that sonde would plan", i + 1);
	}
	for (size_t i = 0; i < p->n_maps; i++)
		if (!map_ok(p, &p->maps[i]))
			return err_set(e, "map %zu differs from what its steps create", i);
	return true;
}

bool plan_check_saved(const struct plan *p, struct err *e)
{
	return plan_check(p, e) && (check_rules(p, e) || err_where(e, "%s: damaged plan", p->path));
}
