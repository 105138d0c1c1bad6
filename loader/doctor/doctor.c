/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "doctor.h"

#include "loader/explain/kernel_error.h"
#include "rehearsal.h"

#include <string.h>

void doctor_open(struct doctor *d, struct target *t)
{
	*d = (struct doctor){.kfs = t->kfs, .found = {.arena = t->arena}};
	offer_open(&d->offer, t);
}

void doctor_error(struct doctor *d, const char *name, const struct err *e)
{
	struct findings *f = &d->found;
	finding_add(
		f, (struct finding){FINDING_FAILS, "result", name, finding_text(f, "%s", e->text),
			   *e->hint ? finding_text(f, "%s", e->hint) : NULL, NULL, 0});
}

/* Steps that stood in for others, by their notes. */
static void add_fallbacks(struct doctor *d, const struct exec *x)
{
	struct findings *f = &d->found;
	const struct plan *p = x->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		bool told = false;
		if (s->fallback_for == PLAN_NONE || x->outcomes[i] != OUTCOME_OK || !*s->note)
			continue;
		for (size_t k = 0; k < i && !told; k++)
			told = x->outcomes[k] == OUTCOME_OK &&
			       p->steps[k].fallback_for != PLAN_NONE &&
			       !strcmp(p->steps[k].note, s->note);
		if (!told)
			finding_add(f, (struct finding){.state = FINDING_NOTE,
					       .area = "fallback",
					       .name = s->doing,
					       .text = s->note});
	}
}

void doctor_rehearse(struct doctor *d, struct plan *p, const struct exec_report *report)
{
	struct rehearsal r;
	struct exec x = {0};
	struct err e = {0};
	const char *log;
	struct exec_report own = *report;
	struct findings *f = &d->found;
	rehearsal_open(&r, &d->offer, d->offer.kernel->watch);
	own.calls = &r.calls;
	own.explain = kernel_error_explain;
	bool ok = exec_run(&x, p, f->arena, d->kfs, &r.watch, &own, &log, &e);
	if (r.not_loaded)
		finding_add(f,
			(struct finding){.state = FINDING_NOTE,
				.area = "not tried",
				.name = "loading",
				.text = finding_text(f,
					"a program calls bpf_%s, of which the kernel's log tells",
					r.not_loaded)});
	/* What it runs without was not needed. */
	for (size_t i = 0; ok && i < f->n; i++)
		if (f->list[i].state == FINDING_MISSING) {
			f->list[i].state = FINDING_NOTE;
			f->list[i].cure = NULL;
		}
	if (ok)
		add_fallbacks(d, &x);
	if (ok)
		finding_add(f, (struct finding){FINDING_OK, "result", "run",
				       "would succeed; nothing was attached", NULL, NULL, 0});
	else
		doctor_error(d, "run", &e);
	exec_close(&x, &e);
}
