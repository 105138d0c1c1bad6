/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Saved plans as a source. Programs that embed libsonde.a may do without them (SONDE_NO_SAVED_PLANS): what
 * only they need is referenced from here alone. */
#include "plan_source.h"

#include "elf/records/records.h"
#include "loader/plan/abi.h"
#include "loader/plan/save.h"

#include <string.h>

/* The code contains structure offsets of one kernel, which may be wrong on another. */
static bool check_release(const struct plan *p, const struct target *t, struct err *e)
{
	if (!*p->release || !strcmp(p->release, t->release))
		return true;
	err_set(e, "%s: made for Linux %s, this is %s", p->path, p->release, t->release);
	return err_hint(e,
		"its programs depend on the types of that kernel: make the plan again from the "
		"object");
}

/* Whether a step loads a program, or puts one into a map for tail calls. */
static bool prepares_programs(const struct plan *p, const struct plan_step *s)
{
	if (s->op != STEP_BPF || s->cmd != BPF_MAP_UPDATE_ELEM)
		return s->op == STEP_BPF && s->cmd == BPF_PROG_LOAD;
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++)
		for (size_t k = 0; k < p->n_maps; k++)
			if (attr->patches[i].what == PATCH_SLOT &&
				attr->patches[i].index == p->maps[k].slot &&
				p->maps[k].map_type == BPF_MAP_TYPE_PROG_ARRAY)
				return true;
	return false;
}

/* Leaves out the steps that attach, which follow all those that load. */
static void only_load(struct plan *p)
{
	while (p->n_steps && !prepares_programs(p, &p->steps[p->n_steps - 1]))
		p->n_steps--;
	for (size_t i = 0; i < p->n_progs; i++)
		p->progs[i].link = PLAN_NONE;
}

static bool load_saved(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e)
{
	if (!plan_load(p, path, bytes, a, e))
		return false;
	if (opt->n_only || opt->n_skip)
		return err_set(e,
			"%s: a saved plan is run as a whole; choose programs when planning", path);
	if (opt->from && (opt->from->n_choices || opt->from->twin))
		return err_set(e,
			"%s: a saved plan contains its record types; choose them when planning",
			path);
	if (opt->load_only && p->n_progs)
		only_load(p);
	return check_release(p, t, e);
}

static const struct sonde_part part = {plan_is_saved, load_saved};
const struct sonde_part *const sonde_saved_plans = &part;
