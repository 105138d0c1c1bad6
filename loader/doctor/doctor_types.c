/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What kinds of programs, maps, helpers and hooks there are, and what a plan uses of them. */
#include "doctor.h"

#include "elf/base/format.h"
#include "elf/base/insn_feature.h"
#include "elf/base/text.h"
#include "elf/link/helpers.h"
#include "loader/hook/hook.h"
#include "loader/plan/plan.h"

#include <string.h>

/* Why it is missing, and what helps: "CONFIG_FPROBE". */
static void explain(struct doctor *d, struct finding *one, struct offered o)
{
	char version[8];
	one->since = o.since;
	one->option = o.option;
	one->state = o.state == OFFER_THERE ? FINDING_OK : FINDING_MISSING;
	one->text = "";
	if (o.state == OFFER_OFF) {
		one->text = finding_text(&d->found, "this kernel is built without %s", o.option);
		one->cure = finding_text(&d->found, "a kernel with %s", o.option);
	} else if (o.state == OFFER_TOO_OLD && !o.since) {
		one->text = "not on this architecture";
	} else if (o.state == OFFER_TOO_OLD) {
		one->text = finding_text(&d->found, "since %s; this kernel is %s",
			abi_version(o.since, version), d->offer.kernel->release);
		one->cure =
			finding_text(&d->found, "Linux %s or newer", abi_version(o.since, version));
	}
}

static const char *nick(struct doctor *d, enum abi_set set, uint32_t number)
{
	char text[48];
	return finding_text(&d->found, "%s", abi_nick(set, number, text));
}

/* ---- all there is ---- */

enum { GROUPS = 24 }; /* reasons: kernels and options */

/* Members of an area: those that are there are one finding, those that are missing one for each reason. */
struct group {
	const char *area, *name;
	char there[900];
	struct {
		struct offered why;
		char names[300];
	} missing[GROUPS];
	unsigned n_there, n, n_missing;
};

static bool same_reason(struct offered a, struct offered b)
{
	return a.state == b.state &&
	       (a.state == OFFER_OFF ? !strcmp(a.option, b.option) : a.since == b.since);
}

static void group_add(struct group *g, const char *name, struct offered o)
{
	unsigned i = 0;
	g->n++;
	if (o.state == OFFER_THERE) {
		g->n_there++;
		text_list(g->there, sizeof g->there, "%s", name);
		return;
	}
	while (i < g->n_missing && !same_reason(g->missing[i].why, o))
		i++;
	if (i == GROUPS)
		return;
	if (i == g->n_missing)
		g->missing[g->n_missing++].why = o;
	text_list(g->missing[i].names, sizeof g->missing[i].names, "%s", name);
}

static void group_end(struct doctor *d, const struct group *g)
{
	char version[8];
	struct findings *f = &d->found;
	if (g->n_there)
		finding_add(f,
			(struct finding){FINDING_OK, g->area,
				g->name ? g->name : finding_text(f, "%u of %u", g->n_there, g->n),
				finding_text(f, "%s", g->there), NULL, NULL, 0});
	for (unsigned i = 0; i < g->n_missing; i++) {
		struct offered why = g->missing[i].why;
		struct finding one = {0};
		explain(d, &one, why);
		one.area = g->area;
		one.name = why.state == OFFER_OFF ? why.option
		           : why.since            ? finding_text(f, "since Linux %s",
							    abi_version(why.since, version))
		                                  : one.text;
		one.since = why.state == OFFER_OFF ? 0 : why.since;
		one.text = finding_text(f, "%s", g->missing[i].names);
		finding_add(f, one);
	}
}

static void add_set(struct doctor *d, enum abi_set set, const char *area)
{
	struct group g = {.area = area};
	struct abi_member m = {0};
	char text[48];
	for (unsigned i = 0; abi_next_member(set, i, &m); i++)
		group_add(
			&g, abi_nick(set, m.number, text), offer_member(&d->offer, set, m.number));
	group_end(d, &g);
}

/* The list of helpers is closed: with which kernel it ends tells all. */
static void add_helpers(struct doctor *d)
{
	unsigned n = 0, first = 0;
	char version[8];
	for (unsigned i = 1; i <= HELPER_MAX; i++) {
		bool there = offer_helper(&d->offer, i).state == OFFER_THERE;
		n += there;
		first = first || there ? first : i;
	}
	finding_add(&d->found,
		(struct finding){FINDING_OK, "helpers",
			finding_text(&d->found, "%u of %d%s", n, HELPER_MAX, first ? "," : ""),
			first ? finding_text(&d->found, "without bpf_%s (%s) and later ones",
					helper_name(first),
					abi_version(helper_since(first), version))
			      : "",
			NULL, NULL, 0});
}

static void add_hooks(struct doctor *d)
{
	struct group all = {.area = "hooks"};
	for (size_t f = 0; f < hook_family_count; f++) {
		const struct hook_family *family = hook_families[f];
		struct group g = {.area = "hooks", .name = family->name};
		for (size_t i = 0; i < family->n; i++) {
			struct offered o = offer_hook(&d->offer, &family->hooks[i]);
			group_add(o.state == OFFER_THERE ? &g : &all, family->hooks[i].sec, o);
		}
		group_end(d, &g);
	}
	group_end(d, &all);
}

void doctor_types(struct doctor *d)
{
	add_set(d, ABI_PROG_TYPES, "program types");
	add_set(d, ABI_MAP_TYPES, "map types");
	add_helpers(d);
	add_hooks(d);
}

/* ---- what a plan needs ---- */

/* Whether that is in the list already. */
static bool is_known(const struct doctor *d, const char *area, const char *name)
{
	for (size_t i = 0; i < d->found.n; i++)
		if (!strcmp(d->found.list[i].area, area) && !strcmp(d->found.list[i].name, name))
			return true;
	return false;
}

static void need(struct doctor *d, const char *area, const char *name, struct offered o)
{
	struct finding one = {.area = area, .name = name};
	explain(d, &one, o);
	if (!is_known(d, area, name))
		finding_add(&d->found, one);
}

static void need_kfunc(struct doctor *d, struct insn i)
{
	struct btf_type t;
	if (i.off) /* of a module */
		return;
	if (d->offer.types && btf_type(d->offer.types, (uint32_t)i.imm, &t) && t.kind == BTF_FUNC)
		need(d, "kfunc", finding_text(&d->found, "%s", btf_name(&t)),
			(struct offered){OFFER_THERE, 0, NULL});
}

static void need_insn(struct doctor *d, struct insn i)
{
	const struct insn_feature *f = insn_feature(i);
	if (f && f->since != INSN_NEVER)
		need(d, "instruction", f->what,
			(struct offered){d->offer.version >= f->since ? OFFER_THERE : OFFER_TOO_OLD,
				f->since, NULL});
	if (insn_calls_helper(i) && helper_name((unsigned)i.imm))
		need(d, "helper", finding_text(&d->found, "bpf_%s", helper_name((unsigned)i.imm)),
			offer_helper(&d->offer, (unsigned)i.imm));
	if (i.code == (BPF_JMP | BPF_CALL) && i.src == BPF_PSEUDO_KFUNC_CALL)
		need_kfunc(d, i);
}

static void need_code(struct doctor *d, const struct plan *p, int16_t blob)
{
	const struct plan_blob *code = blob == PLAN_NONE ? NULL : &p->blobs[blob];
	for (uint32_t at = 0; code && code->bytes && at + INSN_SIZE <= code->size;
		at += INSN_SIZE) {
		struct insn i = insn_get(code->bytes + at, p->big);
		need_insn(d, i);
		at += insn_is_wide(i) ? INSN_SIZE : 0;
	}
}

static void need_program(struct doctor *d, const struct plan *p, const struct plan_prog *prog)
{
	const char *target;
	struct err ignored = {0};
	const struct hook *h = hook_find(prog->sec, &target, &ignored);
	need(d, "program type", nick(d, ABI_PROG_TYPES, prog->prog_type),
		offer_member(&d->offer, ABI_PROG_TYPES, prog->prog_type));
	if (h && prog->link != PLAN_NONE)
		need(d, "hook", prog->sec, offer_hook(&d->offer, h));
	need_code(d, p, prog->insns);
	for (size_t i = 0; i < prog->n_poison; i++)
		if (!is_known(d, "type", prog->poison[i].what))
			finding_add(&d->found,
				(struct finding){FINDING_MISSING, "type", prog->poison[i].what,
					prog->poison[i].why, NULL, NULL, 0});
}

void doctor_needs(struct doctor *d, const struct plan *p)
{
	for (size_t i = 0; i < p->n_progs; i++)
		need_program(d, p, &p->progs[i]);
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].slot != PLAN_NONE)
			need(d, "map type", nick(d, ABI_MAP_TYPES, p->maps[i].map_type),
				offer_member(&d->offer, ABI_MAP_TYPES, p->maps[i].map_type));
	if (*p->release)
		finding_add(&d->found,
			(struct finding){d->offer.types ? FINDING_OK : FINDING_MISSING, "types",
				"BTF of the kernel",
				d->offer.types ? d->offer.kernel->btf_from : "there is none",
				d->offer.types ? NULL : "a kernel with CONFIG_DEBUG_INFO_BTF=y",
				d->offer.types ? NULL : "CONFIG_DEBUG_INFO_BTF", 0});
}
