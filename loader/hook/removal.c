/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "removal.h"

void removal_mark(struct planner *b, int16_t step, const char *note)
{
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_OPTIONAL | STEP_NOTICE;
	s->note = plan_text(b, note);
}
