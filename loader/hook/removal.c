/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "removal.h"

void removal_mark(struct plan_builder *b, int16_t step, const char *note)
{
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	/* loader/detach reports every failure that does not mean "there is none". */
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){ERRS_ANY});
	s->note = plan_text(b, note);
}
